"""The Terraform front end: root modules in HCL and JSON, plans.

`syntax` reads files into blocks; `evaluation` gives them values, module by module; `functions` are
Terraform's own; `vocabulary` translates the provider's names into canonical ones; `plan` reads a plan instead
of files.
"""
