"""Readers of infrastructure as code: text in, resources in the canonical vocabulary out.

One package for each language (`cloudformation`, `terraform`, `python`), with the same parts: its syntax into
expressions, an evaluation that gives them values, and a vocabulary that names types and properties as
CloudFormation does. They share the expression tree (`expressions`) and its evaluation (`evaluator`);
`documents` expands workflows inside of values, and `code` reads what functions run.
"""
