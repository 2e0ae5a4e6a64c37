"""What a value is not where a program goes on: None, after `if value is None: raise …`."""

from pathlib import Path
from textwrap import dedent

import pytest

from tests.frontends.python.programs import value_of

# Gives nothing under two conditions, and a text otherwise.
_START = """
import argparse
import os
import sys

def lookup(name):
    if not os.path.exists(name):
        return None
    if os.path.islink(name):
        return None
    return "a key"

def fail(message):
    print(message)
    sys.exit(1)

class Command:
    def fail(self, message):
        raise SystemExit(message)

command = Command()
parser = argparse.ArgumentParser()
x = lookup("a")
other = lookup("b")
"""
_ALL = "(os.path.exists(name) ? (os.path.islink(name) ? - : 'a key') : -)"


def _value(folder: Path, text: str) -> str:
    return value_of(folder, _START + dedent(text))


@pytest.mark.parametrize(
    "text",
    [
        "if x is None:\n    raise RuntimeError('no key')",
        "if x == None:\n    raise SystemExit(2)",
        "if not x:\n    print('no key')\n    sys.exit(1)",
        "if not x:\n    os._exit(1)",
        "if x is None:\n    fail('no key')",
        "if x is None:\n    command.fail('no key')",
        "if x is None:\n    parser.error('no key')",
        "if x is not None:\n    print(x)\nelse:\n    fail('no key')",
        "if x is None or other is None:\n    raise RuntimeError('no key')",
        "if not (x and other):\n    raise RuntimeError('no key')",
        "if not all([x, other]):\n    raise RuntimeError('no key')",
        "if any([x is None, other is None]):\n    raise RuntimeError('no key')",
        "if None in (x, other):\n    raise RuntimeError('no key')",
        "if x in (None, ''):\n    raise RuntimeError('no key')",
        "if not isinstance(x, str):\n    raise TypeError('no key')",
        "if (x := lookup('a')) is None:\n    raise RuntimeError('no key')",
        "assert x is not None",
        "assert x, 'no key'",
        "x = x or sys.exit('no key')",
        "x = x or fail('no key')",
        "x = x if x else fail('no key')",
        "def given(a):\n    y = lookup(a)\n    if not y:\n        exit(1)\n    return y\nx = given('a')",
        "for name in ['a']:\n    x = lookup(name)\n    if not x:\n        continue",
        "try:\n    if x is None:\n        raise ValueError('no key')\nexcept ValueError:\n    sys.exit(1)",
    ],
)
def test_what_ends_the_program_is_not_carried_on(tmp_path: Path, text: str) -> None:
    assert _value(tmp_path, text) == "'a key'"


@pytest.mark.parametrize(
    "text",
    [
        "if x is None:\n    print('no key')",
        "if x is None and other is None:\n    raise RuntimeError('no key')",
        "if any([x, other]):\n    raise RuntimeError('a key')",
        "if other is None:\n    raise RuntimeError('no key')",
        "if x is not None:\n    print(x)\nelse:\n    print('no key')",
        "if not isinstance(other, str):\n    raise TypeError('no key')",
        "if x == 1:\n    raise RuntimeError('no key')",
        "x = x or None",
        "for name in ['a']:\n    x = lookup(name)\n    if not x:\n        break",
    ],
)
def test_what_goes_on_keeps_its_alternatives(tmp_path: Path, text: str) -> None:
    assert "-" in _value(tmp_path, text)


def test_a_text_that_is_refused_is_not_carried_on(tmp_path: Path) -> None:
    text = "x = 'a' if os.path.exists('a') else ''\nif x == '':\n    raise ValueError(x)"
    assert _value(tmp_path, text) == "'a'"
    assert _value(tmp_path, "") == _ALL


def test_what_ends_the_program_happens_under_its_condition(tmp_path: Path) -> None:
    text = "def stop():\n    sm.create_model(ModelName='stopped')\n    sys.exit(1)\nx = x or stop()"
    with pytest.raises(ValueError, match="too many values"):
        _value(tmp_path, text)
