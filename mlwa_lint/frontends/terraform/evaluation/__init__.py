"""Gives meaning to the modules of a Terraform project.

`loader` starts at the root module and follows its `calls`; `module` evaluates blocks on demand, in a `scope`
of names; `instances` expands `count` and `for_each`; `resource` and `bodies` make what `vocabulary`
translates.
"""
