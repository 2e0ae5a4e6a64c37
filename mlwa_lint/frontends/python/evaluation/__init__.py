"""Evaluates Python's statements and expressions before they run, where that is possible.

`evaluator` puts the parts together on `core` (budget, journal, conditions): `statements` change names,
`expressions` give values, `calls` follows functions of the project and looks up others in tables. What is not
known stays unknown, with its reason; a branch that it decides becomes a scenario (docs/decisions/0041).
"""
