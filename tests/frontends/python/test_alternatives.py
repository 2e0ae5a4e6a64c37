"""Calls of models after which others are made where they fail."""

import ast

import pytest

from mlwa_lint.frontends.python.alternatives import has_alternative

OLD, NEW, ENDED = "'anthropic.claude-v2'", "'eu.amazon.nova-lite-v1:0'", "'anthropic.claude-instant-v1'"
TRYING = "try:\n    client.converse(modelId={})\nexcept Exception:\n    client.converse(modelId={})\n"
THROUGH = "def call(model):\n    client.converse(modelId=model)\n" + TRYING.replace(
    "client.converse(modelId=", "call("
)


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        (TRYING.format(OLD, NEW), True),
        (TRYING.format(NEW, OLD), True),
        (TRYING.format(OLD, "given"), True),
        (THROUGH.format(OLD, NEW), True),
        # The same again, none that is still there, or something else.
        (TRYING.format(OLD, OLD), False),
        (TRYING.format(OLD, ENDED), False),
        (f"OLD = {OLD}\nENDED = {ENDED}\n" + TRYING.format("OLD", "ENDED"), False),
        (THROUGH.format(OLD, ENDED), False),
        (f"try:\n    client.converse(modelId={OLD})\nexcept Exception:\n    print()\n", False),
        (f"client.converse(modelId={OLD})\nclient.converse(modelId={NEW})\n", False),
    ],
)
def test_another_model_is_called_where_a_call_fails(program: str, expected: bool) -> None:
    calls = (each for each in ast.walk(ast.parse(program)) if isinstance(each, ast.Call))
    first = next(each for each in calls if isinstance(each.func, ast.Attribute))
    assert has_alternative(program, first) is expected
