"""Makes a graph of a project's resources.

`leaves` lists the values in which a resource may name another one, `naming` finds whose name it is, and
`link` makes the edges; `permissions`, `returned` and `wildcards` add what names alone do not show.
"""
