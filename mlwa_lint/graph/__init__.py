"""The resource graph: linking, and the queries that rules use.

`linking` makes a `graph` of a project's resources: typed `edges`, and open ends where a name leads elsewhere.
Rules see it through `views` and `relations`, in one of the possible `worlds`; `queries` has what several
rules need, `iam` what policies allow, `jobs` and `workflows` views of what is declared in many ways.
"""
