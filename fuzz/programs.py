"""Mutates programs: their statements and expressions are cut, repeated, wrapped, and swapped with others'."""

import ast
import copy
import json
import random
from collections.abc import Sequence

_WRAPPERS = (
    "if unknown():\n    pass\nelse:\n    pass",
    "for item in range(3):\n    pass",
    "while unknown():\n    pass",
    "try:\n    pass\nexcept Exception:\n    pass\nfinally:\n    pass",
    "with open('x.json') as file:\n    pass",
    "def inner(a=1, *b, **c):\n    pass",
    "class Inner(dict):\n    pass",
    "async def later():\n    pass",
)
_EXPRESSIONS = (
    *(
        "None",
        "-1",
        "'\\x00'",
        "[]",
        "{}",
        "{**unknown()}",
        "[*unknown()]",
        "lambda *a, **k: a[0]",
        "...",
        "1e999",
    ),
    *("x if unknown() else y", "[each for each in unknown()]", "f'{unknown():>{9}}'", "b'\\xff'", "(yield)"),
    *(
        "self",
        "'a' * 10**9",
        "[0] * 10**9",
        "'%d' % 'a'",
        "'{0.x[1]}'.format(1)",
        "await unknown()",
        "1 << 99999",
    ),
)


def mutated_program(text: str, others: Sequence[str], dice: random.Random) -> str:
    """A program with a few changes; some are programs no more."""
    tree = ast.parse(text)
    for _ in range(dice.randint(1, 6)):
        _change(tree, others, dice)
    try:
        return ast.unparse(ast.fix_missing_locations(tree))
    except (ValueError, RecursionError, AttributeError, TypeError):
        return text[: dice.randrange(len(text) + 1)]


def as_notebook(text: str, dice: random.Random) -> str:
    """A program cut into cells."""
    lines = text.splitlines(keepends=True)
    cuts = sorted(dice.sample(range(len(lines) + 1), min(4, len(lines) + 1)))
    pieces = [lines[start:end] for start, end in zip([0, *cuts], [*cuts, len(lines)], strict=True)]
    magic = dice.choice(("%%time\n", "!pip install sagemaker\n", "%%writefile a.py\n", ""))
    cells = [
        {"cell_type": "code", "source": [magic, *piece], "metadata": {}, "outputs": []} for piece in pieces
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def _change(tree: ast.Module, others: Sequence[str], dice: random.Random) -> None:
    bodies = [each for node in ast.walk(tree) for each in _bodies(node)]
    places = [(node, field) for node in ast.walk(tree) for field in _expressions(node)]
    if bodies and dice.random() < 0.5:
        _change_statements(dice.choice(bodies), others, dice)
    elif places:
        node, field = dice.choice(places)
        other = ast.parse(dice.choice(others))
        spare = [each for each in ast.walk(other) if isinstance(each, ast.expr) and not _is_target(each)]
        planted = ast.parse(dice.choice(_EXPRESSIONS), mode="eval").body
        setattr(node, field, copy.deepcopy(dice.choice(spare)) if spare and dice.random() < 0.5 else planted)


def _change_statements(body: list[ast.stmt], others: Sequence[str], dice: random.Random) -> None:
    index = dice.randrange(len(body))
    kind = dice.randrange(4)
    if kind == 0 and len(body) > 1:
        del body[index]
    elif kind == 1:
        body.insert(index, copy.deepcopy(dice.choice(body)))
    elif kind == 2:
        body.insert(index, dice.choice(ast.parse(dice.choice(others)).body))
    else:
        wrapper = ast.parse(dice.choice(_WRAPPERS)).body[0]
        dice.choice(list(_bodies(wrapper)))[:] = [body[index]]
        body[index] = wrapper


def _bodies(node: ast.AST) -> list[list[ast.stmt]]:
    held = (getattr(node, field, None) for field in ("body", "orelse", "finalbody"))
    return [each for each in held if isinstance(each, list) and each and isinstance(each[0], ast.stmt)]


def _expressions(node: ast.AST) -> list[str]:
    """The fields of a node that hold a value."""
    fields = ("value", "test", "iter", "func", "left", "right", "operand", "elt", "slice")
    return [field for field in fields if isinstance(getattr(node, field, None), ast.expr)]


def _is_target(node: ast.expr) -> bool:
    return isinstance(getattr(node, "ctx", ast.Load()), (ast.Store, ast.Del))
