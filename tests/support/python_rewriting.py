# ruff: noqa: N815 - the names of ast's visitors
"""Other ways to write a program that come to the same: each gives the rewritten program as files, by name."""

import ast
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from textwrap import indent
from typing import TypeAlias

# A program's name and text, as files; None where there is nothing to rewrite.
Rewriting: TypeAlias = Callable[[str, str], "Mapping[str, str] | None"]
_Literal: TypeAlias = str | int | float | bool
# Calls whose texts say what is meant, and are written out in every program.
_NAMING = ("client", "resource", "open", "Path", "getenv", "environ.get", "add_argument", "ArgumentParser")


# -- literals


class _Literals(ast.NodeTransformer):
    """Replaces the literals among arguments and values by an expression made of their number."""

    def __init__(self, written: str, accepted: tuple[type, ...]) -> None:
        self.written, self.accepted = written, accepted
        self.values: list[_Literal] = []

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        value = node.value
        if type(value) not in self.accepted or not isinstance(value, (str, int, float)):
            return node
        self.values.append(value)
        text = self.written.replace("#", str(len(self.values) - 1)).replace("LITERAL", repr(value))
        return ast.parse(text, mode="eval").body

    def visit_Call(self, node: ast.Call) -> ast.expr:
        node.func = self.visit(node.func)
        if not ast.unparse(node.func).endswith(_NAMING):
            node.args = [self.visit(each) for each in node.args]
            for each in node.keywords:
                each.value = self.visit(each.value)
        return node

    def visit_Dict(self, node: ast.Dict) -> ast.expr:
        node.values = [self.visit(each) for each in node.values]
        return node

    def _value_alone(self, node: ast.Subscript | ast.AnnAssign) -> ast.AST:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    visit_Subscript = visit_AnnAssign = _value_alone

    def _statements(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> ast.AST:
        node.body = [self.visit(each) for each in node.body]
        return node

    visit_FunctionDef = visit_ClassDef = visit_AsyncFunctionDef = _statements

    def _as_it_is(self, node: ast.AST) -> ast.AST:
        return node

    visit_JoinedStr = visit_Compare = visit_MatchValue = _as_it_is


def literals(
    written: str,
    first: str = "",
    each: str = "",
    last: str = "",
    accepted: tuple[type, ...] = (str, int, float, bool),
    beside: Callable[[Sequence[_Literal]], Mapping[str, str]] | None = None,
) -> Rewriting:
    """Literals as something else: `#` is the number of each, `LITERAL` and `TYPE` its value and type.

    first, each, last: what precedes the program: once, for each literal, and once.
    """

    def rewrite(name: str, text: str) -> Mapping[str, str] | None:
        found = _Literals(written, accepted)
        tree = found.visit(ast.parse(text))
        if not found.values:
            return None
        lines = [first, *(_filled(each, n, value) for n, value in enumerate(found.values)), last]
        files = beside(found.values) if beside is not None else {}
        return {name: _behind_imports(tree, "\n".join(lines)), **files}

    return rewrite


def _filled(form: str, number: int, value: _Literal) -> str:
    kind = type(value).__name__
    return form.replace("#", str(number)).replace("TYPE", kind).replace("LITERAL", repr(value))


def _behind_imports(tree: ast.Module, text: str) -> str:
    """A program with some statements behind the imports that it starts with."""
    place = 0
    while isinstance(tree.body[place], (ast.Import, ast.ImportFrom)):
        place += 1
    tree.body[place:place] = ast.parse(text).body
    return f"{ast.unparse(ast.fix_missing_locations(tree))}\n"


def _as_module(values: Sequence[_Literal]) -> Mapping[str, str]:
    return {"values.py": "".join(f"V{n} = {value!r}\n" for n, value in enumerate(values))}


def _as_json(values: Sequence[_Literal]) -> Mapping[str, str]:
    return {"values.json": json.dumps({f"v{n}": value for n, value in enumerate(values)})}


_VALUES = "V# = LITERAL"
_TEXTS = (str,)
LITERALS: dict[str, Rewriting] = {
    "constants": literals("V#", each=_VALUES),
    "texts in texts": literals("f'{V#}'", each=_VALUES, accepted=_TEXTS),
    "texts by percent": literals("'%s' % V#", each=_VALUES, accepted=_TEXTS),
    "texts by format": literals("'{x}'.format(x=V#)", each=_VALUES, accepted=_TEXTS),
    "texts by templates": literals(
        "Template('$x').substitute(x=V#)", "from string import Template", _VALUES, accepted=_TEXTS
    ),
    "a dictionary": literals("VALUES['v#']", "VALUES = {}", "VALUES['v#'] = LITERAL"),
    "data classes": literals(
        "values#.v",
        "from dataclasses import dataclass",
        "@dataclass\nclass V#:\n    v: TYPE = LITERAL\nvalues# = V#()",
    ),
    "settings": literals(
        "values#.v",
        "from pydantic_settings import BaseSettings",
        "class V#(BaseSettings):\n    v: TYPE = LITERAL\nvalues# = V#()",
    ),
    "named tuples": literals(
        "values#.v",
        "from typing import NamedTuple",
        "class V#(NamedTuple):\n    v: TYPE\nvalues# = V#(LITERAL)",
    ),
    "enums": literals("V#.V.value", "from enum import Enum", "class V#(Enum):\n    V = LITERAL"),
    "attributes of classes": literals("V#.V", each="class V#:\n    V = LITERAL"),
    "attributes of objects": literals(
        "values.v#", "class Values:\n    pass\nvalues = Values()", "values.v# = LITERAL"
    ),
    "results of functions": literals("same(LITERAL)", "def same(value):\n    return value"),
    "casts": literals("cast('object', LITERAL)", "from typing import cast"),
    "choices": literals("(LITERAL if True else None)"),
    "variables that are set": literals(
        "os.environ['V#']", "import os", "os.environ['V#'] = LITERAL", accepted=_TEXTS
    ),
    "an imported module": literals("values.V#", "import values", beside=_as_module),
    "imported names": literals("V#", "from values import *", beside=_as_module),
    "a file of JSON": literals(
        "VALUES['v#']",
        "import json\nwith open('values.json') as file:\n    VALUES = json.load(file)",
        beside=_as_json,
    ),
}


# -- calls


def calls(written: str, first: str = "", before: str = "") -> Rewriting:
    """Calls with arguments by name as something else: `#` is the number of each, `CALLED` what is called,
    `GIVEN` its arguments, `REQUEST` the same as a dictionary, `FIRST` and `OTHERS` one of them and the rest.

    first, before: what precedes the program, and each call's statement.
    """

    def rewrite(name: str, text: str) -> Mapping[str, str] | None:
        tree = ast.parse(text)
        number = 0
        for body in _bodies(tree):
            for position, statement in reversed(list(enumerate(body))):
                call = _called_by(statement)
                if call is None:
                    continue
                number += 1
                preceding = ast.parse(_with_call(before, number, call)).body
                made = ast.parse(_with_call(written, number, call), mode="eval").body
                _put(statement, made)
                body[position:position] = preceding
        return {name: _behind_imports(tree, first)} if number else None

    return rewrite


def _bodies(tree: ast.AST) -> Iterator[list[ast.stmt]]:
    for node in list(ast.walk(tree)):
        found = (getattr(node, field, None) for field in ("body", "orelse", "finalbody"))
        yield from (each for each in found if isinstance(each, list))


def _called_by(statement: ast.stmt) -> ast.Call | None:
    """The call of a client or of the SDK that a statement is, whose arguments all have a name."""
    value = statement.value if isinstance(statement, (ast.Expr, ast.Assign)) else None
    while isinstance(value, ast.Subscript):
        value = value.value
    if not isinstance(value, ast.Call) or value.args or not value.keywords:
        return None
    function = value.func
    plain = isinstance(function, (ast.Attribute, ast.Name)) and not ast.unparse(function).endswith(_NAMING)
    return value if plain and all(each.arg for each in value.keywords) else None


def _put(statement: ast.stmt, made: ast.expr) -> None:
    assert isinstance(statement, (ast.Expr, ast.Assign))
    holder: ast.Expr | ast.Assign | ast.Subscript = statement
    while isinstance(holder.value, ast.Subscript):
        holder = holder.value
    holder.value = made


def _with_call(form: str, number: int, call: ast.Call) -> str:
    given = [(each.arg, ast.unparse(each.value)) for each in call.keywords]
    pairs = [f"{key!r}: {value}" for key, value in given]
    parts = {
        "CALLED": ast.unparse(call.func),
        "GIVEN": ", ".join(f"{key}={value}" for key, value in given),
        "REQUEST": f"{{{', '.join(pairs)}}}",
        "FIRST": f"{{{pairs[0]}}}",
        "OTHERS": f"{{{', '.join(pairs[1:])}}}",
        "#": str(number),
    }
    return re.sub("|".join(parts), lambda match: parts[match[0]], form)


CALLS: dict[str, Rewriting] = {
    "a request": calls("CALLED(**request#)", before="request# = REQUEST"),
    "a request that is added to": calls(
        "CALLED(**request#)", before="request# = FIRST\nrequest#.update(OTHERS)"
    ),
    "a request of two": calls("CALLED(**request#)", before="request# = FIRST\nrequest# |= OTHERS"),
    "a request that a function makes": calls("CALLED(**make#())", before="def make#():\n    return REQUEST"),
    "a request by its keys": calls("CALLED(**dict(GIVEN))"),
    "a request without what is None": calls(
        "CALLED(**{key: value for key, value in request#.items() if value is not None})",
        before="request# = REQUEST",
    ),
    "a function of its own": calls("call#(GIVEN)", before="def call#(**given):\n    return CALLED(**given)"),
    "a call with retries": calls(
        "call#()",
        "import time",
        "def call#():\n    for attempt in range(3):\n        try:\n            return CALLED(GIVEN)\n"
        "        except RuntimeError:\n            time.sleep(1)",
    ),
    "a function with some arguments": calls(
        "partial(CALLED, **FIRST)(**OTHERS)", "from functools import partial"
    ),
    "a pool": calls(
        "pool.submit(CALLED, GIVEN).result()",
        "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor()",
    ),
    "a step of a loop": calls(
        "result#", before="for called, request in [(CALLED, REQUEST)]:\n    result# = called(**request)"
    ),
    "a choice by name": calls("{'call': CALLED}['call'](GIVEN)"),
}


# -- clients


class _Clients(ast.NodeTransformer):
    def __init__(self, written: str) -> None:
        self.written = written

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if ast.unparse(node.func) != "boto3.client" or len(node.args) != 1 or node.keywords:
            return node
        return ast.parse(self.written.replace("SERVICE", ast.unparse(node.args[0])), mode="eval").body


def clients(written: str, first: str = "") -> Rewriting:
    """Clients made in another way: `SERVICE` is the name of each one's service."""

    def rewrite(name: str, text: str) -> Mapping[str, str] | None:
        if "boto3.client(" not in text:
            return None
        return {name: _behind_imports(_Clients(written).visit(ast.parse(text)), first)}

    return rewrite


CLIENTS: dict[str, Rewriting] = {
    "sessions": clients("boto3.session.Session().client(SERVICE)"),
    "a session of the SDK": clients(
        "session.boto_session.client(SERVICE)", "import sagemaker\nsession = sagemaker.Session()"
    ),
    "imported functions": clients("client(SERVICE)", "from boto3 import client"),
    "a function that keeps them": clients(
        "client_of(SERVICE)",
        "import boto3\nfrom functools import cache\n"
        "@cache\ndef client_of(name):\n    return boto3.client(name)",
    ),
    "a dictionary that keeps them": clients(
        "client_of(SERVICE)",
        "import boto3\nheld = {}\ndef client_of(name):\n    if name not in held:\n"
        "        held[name] = boto3.client(name)\n    return held[name]",
    ),
    "methods of a class": clients(
        "Clients().of(SERVICE)",
        "import boto3\nclass Clients:\n    def __init__(self):\n        self.session = boto3.Session()\n"
        "    def of(self, name):\n        return self.session.client(name)",
    ),
    "closed at the end": clients("closing(boto3.client(SERVICE))", "from contextlib import closing"),
}


# -- structure


def around(before: str, after: str = "", depth: int = 1) -> Rewriting:
    """A program's statements inside of something; functions and classes among them as well."""

    def rewrite(name: str, text: str) -> Mapping[str, str] | None:
        tree = ast.parse(text)
        imports = [each for each in tree.body if isinstance(each, (ast.Import, ast.ImportFrom))]
        others = [each for each in tree.body if each not in imports]
        inner = indent("\n".join(map(ast.unparse, others)), "    " * depth)
        return {name: "\n".join([*map(ast.unparse, imports), before, inner, after, ""])} if others else None

    return rewrite


def _in_two_modules(name: str, text: str) -> Mapping[str, str] | None:
    made = around("def deploy():")(name, text)
    if made is None:
        return None
    return {"steps.py": made[name], name: "import sagemaker\nfrom steps import deploy\n\ndeploy()\n"}


def _as_text(change: Callable[[str], str]) -> Rewriting:
    return lambda name, text: {name: change(text)}


STRUCTURES: dict[str, Rewriting] = {
    "a main function": around("def main():", "if __name__ == '__main__':\n    main()"),
    "a main function of a command": around(
        "import click\n@click.command()\ndef main():", "if __name__ == '__main__':\n    main()"
    ),
    "a handler": around("def lambda_handler(event, context):"),
    "a coroutine": around("import asyncio\nasync def main():", "asyncio.run(main())"),
    "a method": around("class Deployment:\n    def run(self):", "Deployment().run()", 2),
    "a try statement": around("try:", "except RuntimeError as error:\n    print(error)\n    raise"),
    "a context": around("import mlflow\nwith mlflow.start_run():"),
    "a loop of one turn": around("for turn in ['once']:"),
    "a branch that is taken": around("if True:"),
    "a case that fits": around("match 'this':\n    case 'this':", "    case _:\n        pass", 2),
    "two modules": _in_two_modules,
    "other line ends": _as_text(lambda text: text.replace("\n", "\r\n")),
    "a byte order mark": _as_text("\ufeff{}".format),
    "no comments": _as_text(lambda text: ast.unparse(ast.parse(text))),
    "cells of an editor": _as_text(
        lambda text: "\n".join(f"# %%\n{ast.unparse(each)}\n" for each in ast.parse(text).body)
    ),
}
REWRITINGS: dict[str, Rewriting] = {
    **{f"literals as {name}": each for name, each in LITERALS.items()},
    **{f"calls by {name}": each for name, each in CALLS.items()},
    **{f"clients as {name}": each for name, each in CLIENTS.items()},
    **{f"all in {name}": each for name, each in STRUCTURES.items()},
}
