"""What handlers of functions return, as far as their programs write it out."""

import pytest

from mlwa_lint.frontends.python.handler_results import returned
from mlwa_lint.model.spans import start_of
from mlwa_lint.model.values import MapValue, Scalar, Value

_VARIABLES: dict[str, Value] = {"IMAGE": Scalar("churn:1", start_of("t.yaml"))}


def _plain(value: Value) -> object:
    if isinstance(value, MapValue):
        return {key: _plain(entry.value) for key, entry in value.entries.items()}
    return value.data if isinstance(value, Scalar) else value


def _result(program: str) -> object:
    found = returned(program, "handler", "index.py", _VARIABLES)
    return None if found is None else _plain(found)


_HANDLER = "import os\nSIZE = 'ml.m5.large'\nTWICE = 1\nTWICE = 2\ndef handler(event, context):\n    "


@pytest.mark.parametrize(
    ("body", "result"),
    [
        ("return {'job': {'count': 2, 'name': event['n']}}", {"job": {"count": 2}}),
        ("return {'type': SIZE, 'twice': TWICE}", {"type": "ml.m5.large"}),
        ("c = dict(event)\n    c['job'] = {'n': 1}\n    print(c)\n    return c", {"job": {"n": 1}}),
        ("event['type'] = SIZE\n    return event", None),
        ("c = {'a': 1}\n    c['a'] = event['a']\n    return c", {}),
        ("c = {'a': 1, 'b': 2}\n    if event:\n        c['a'] = 2\n    return c", {"b": 2}),
        ("c = {'a': 1}\n    if event:\n        c = {}\n    return c", None),
        ("c = {'a': 1}\n    c.update(event)\n    return c", None),
        ("c = {'a': 1}\n    fill(c)\n    return c", None),
        ("c = {'a': 1}\n    d = c\n    d['a'] = 2\n    return c", None),
        ("c = {'a': 1}\n    for key in event:\n        c[key] = 2\n    return c", None),
        ("c = {'a': {'b': 1}}\n    c['a']['b'] = 2\n    return c", None),
        ("c = {'a': 1}\n    c['b'] = fill(c)\n    return c", None),
        ("if event:\n        return {}\n    return {'a': 1}", None),
        ("return {'a': 1, **event, 'b': 2}", {"b": 2}),
        ("return {'a': os.environ['IMAGE'], 'b': os.environ.get('OTHER')}", {"a": "churn:1"}),
        ("return fill(event)", None),
    ],
)  # fmt: skip
def test_what_a_handler_returns(body: str, result: object) -> None:
    assert _result(_HANDLER + body) == result


@pytest.mark.parametrize("program", ["def handler(:", "def other(event, context):\n    return {}", ""])
def test_programs_without_such_a_handler(program: str) -> None:
    assert _result(program) is None
