"""Structure-aware mutation of Python programs: their syntax trees are cut, repeated, swapped and wrapped."""

import ast
import copy
import json
import random
from collections.abc import Sequence

# A placeholder for an expression that no one would write.
EXPRESSIONS = (
    *("None", "...", "10 ** 10 ** 3", "-1", "1e999", "'' * 10 ** 9", "[0] * 10 ** 8", "range(10 ** 12)"),
    *("'\\ud800'", "'\\0'", "'${a}' + '{b}'", "f'{x!r:>{10 ** 9}}'", "'%0999999999d' % 1", "b''"),
    *("[[]] * 3", "{}", "{**a, **a}", "(yield)", "lambda *a, **k: a", "__import__('os')", "globals()"),
    *("boto3.client('sagemaker')", "sagemaker.Session()", "locals", "x[::-1]", "x[10 ** 30]", "super()"),
    *("[f(f) for f in [f]]", "{k: k for k in range(10 ** 6)}", "sorted([1, 'a'])", "int('9' * 5000)"),
    *("open('/dev/zero').read()", "json.loads('[' * 5000)", "eval('1')", "'a'.join(['b'] * 10 ** 7)"),
)
STATEMENTS = (
    "while True:\n    pass",
    "while x:\n    x = x + x",
    "for i in range(10 ** 9):\n    a.append(a)",
    "for i in range(100):\n    for j in range(100):\n        for k in range(100):\n            a[k] = [i, j]",
    "def f(n):\n    return f(n) + f(n)\nx = f(1)",
    "x = x, x",
    "a = []\na.append(a)\nb = a == a",
    "class A(A):\n    x = property(lambda s: s.x)\nA().x",
    "import x.y as x, mlwa_lint\nfrom . import *\nfrom __future__ import braces",
    "try:\n    raise x\nexcept* x as e:\n    raise",
    "with a as b, b as a:\n    del a",
    "match x:\n    case [*_, {'a': y, **z}] if y:\n        x = z",
    "global x\nx: int = (x := x)",
    "async def g():\n    async for i in g():\n        await i",
    "text = 'a'\nfor _ in range(60):\n    text += text",
    "if a and b or not c:\n    x = 1\nelif d:\n    x = 2\nelse:\n    del x",
    "return 5",
    "%%bash\nls",
)


def parsed(texts: Sequence[str]) -> list[ast.Module]:
    """The syntax trees of those programs that can be parsed."""
    found = []
    for text in texts:
        try:
            found.append(ast.parse(text))
        except (SyntaxError, ValueError):
            continue
    return found


def mutated_program(tree: ast.Module, others: Sequence[ast.Module], dice: random.Random) -> str:
    """A program with a few changes, as text."""
    tree = copy.deepcopy(tree)
    lines: list[str] = []
    for _ in range(dice.randint(1, 4)):
        if dice.random() < 0.5:
            _change_expression(tree, others, dice)
        else:
            lines += _change_block(tree, others, dice)
    try:
        text = ast.unparse(ast.fix_missing_locations(tree))
    except (ValueError, TypeError, AttributeError, RecursionError):
        text = ""  # the tree means nothing: only what is planted is left
    return "\n".join((*lines, text, ""))


def notebook(text: str, dice: random.Random) -> str:
    """A program as a notebook of a few cells, some of them hostile."""
    pieces = text.split("\n")
    cells = []
    while pieces:
        take = dice.randint(1, 12)
        lines = [f"{line}\n" for line in pieces[:take]]
        pieces = pieces[take:]
        sources: list[object] = [lines, lines, lines, "".join(lines), None, [3], {}]
        source = dice.choice(sources)
        kind = dice.choice(["code", "code", "code", "markdown", "raw", 5])
        outputs = dice.choice([[], [{"data": {"image/png": "x" * 9000}}], None])
        cells.append({"cell_type": kind, "source": source, "outputs": outputs, "metadata": {}})
    whole: dict[str, object] = {"cells": cells, "nbformat": dice.choice([4, 3, "4", None]), "metadata": {}}
    return json.dumps(whole)


def _change_expression(tree: ast.Module, others: Sequence[ast.Module], dice: random.Random) -> None:
    places = [
        (node, name, position)
        for node in ast.walk(tree)
        for name, value in ast.iter_fields(node)
        for position, each in enumerate(value if isinstance(value, list) else [value])
        if isinstance(each, ast.expr)
    ]
    if not places:
        return
    node, name, position = dice.choice(places)
    held = getattr(node, name)
    old = held[position] if isinstance(held, list) else held
    kind = dice.randrange(4)
    if kind == 0:
        new: ast.expr = ast.parse(dice.choice(EXPRESSIONS).replace("(yield)", "x"), mode="eval").body
    elif kind == 1:
        other = [each for each in ast.walk(dice.choice(others)) if isinstance(each, ast.expr)]
        new = copy.deepcopy(dice.choice(other)) if other else old
    elif kind == 2:
        new = ast.Call(func=copy.deepcopy(old), args=[copy.deepcopy(old)], keywords=[])
    else:
        new = dice.choice(
            [
                ast.List(elts=[copy.deepcopy(old), copy.deepcopy(old)], ctx=ast.Load()),
                ast.BinOp(left=copy.deepcopy(old), op=ast.Add(), right=copy.deepcopy(old)),
                ast.Subscript(value=copy.deepcopy(old), slice=copy.deepcopy(old), ctx=ast.Load()),
                ast.Lambda(args=ast.parse("lambda: 0", mode="eval").body.args, body=old),  # type: ignore[attr-defined]
                ast.Starred(value=old, ctx=ast.Load()),
            ]
        )
    if isinstance(held, list):
        held[position] = new
    else:
        setattr(node, name, new)


def _change_block(tree: ast.Module, others: Sequence[ast.Module], dice: random.Random) -> list[str]:
    """Changes a list of statements; what cannot be parsed is returned as text."""
    blocks = _blocks(tree)
    block = dice.choice(blocks)
    at = dice.randrange(len(block))
    kind = dice.randrange(5)
    if kind == 0 and len(block) > 1:
        del block[at]
    elif kind == 1:
        other = dice.choice(_blocks(dice.choice(others)) or [block])
        block[at:at] = copy.deepcopy(other[:6])
    elif kind == 2:
        block[at:at] = copy.deepcopy(block[max(at - 3, 0) : at + 3])
    elif kind == 3:
        wrapped = ast.parse(dice.choice(["while x:\n    pass", "for x in y:\n    pass", "if x:\n    pass"]))
        outer = wrapped.body[0]
        outer.body = [block[at]]  # type: ignore[attr-defined]
        block[at] = outer
    else:
        planted = dice.choice(STATEMENTS)
        try:
            block[at:at] = ast.parse(planted).body
        except SyntaxError:
            return [planted]
    return []


def _blocks(tree: ast.Module) -> list[list[ast.stmt]]:
    """The lists of statements in a program that are not empty."""
    found = []
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            held = getattr(node, name, None)
            if isinstance(held, list) and held:
                found.append(held)
    return found or [tree.body or [ast.Pass()]]
