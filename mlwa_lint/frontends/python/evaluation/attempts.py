"""What a `try` statement looks up or updates, and what its handlers do where that fails."""

import ast
import re
from collections.abc import Iterator, Sequence
from typing import Any

from mlwa_lint.frontends.python.evaluation.core import Changes
from mlwa_lint.frontends.python.evaluation.forks import by_variable
from mlwa_lint.frontends.python.evaluation.values import Cells, Handle, Item
from mlwa_lint.frontends.python.syntax.source import last_name
from mlwa_lint.model.values import ENVIRONMENT, Absent, Reference, Scalar, Unknown

_READS = re.compile(r"(?:describe|get|head|list|lookup|update)_\w+")
_LISTS = re.compile(r"_?(?:describe|list)_(?:all_)?(?P<things>\w+)")
_CREATES = re.compile(r"(?:create|put|register)_\w+")
_ACTION = re.compile(r"^[a-z]+_")
# What does nothing to resources: output, logging, texts and dictionaries, settings, waiting.
_ASIDE = frozenset(
    {
        *("append", "cast", "debug", "dict", "dumps", "error", "exception", "format", "get"),
        *("getattr", "getenv", "info", "int", "items", "join", "len", "list"),
        *("loads", "print", "sleep", "split", "str", "strip", "time", "tuple", "wait", "warning"),
    }
)


def creating(node: ast.Try) -> ast.ExceptHandler | None:
    """The handler that creates what the statement looks up or updates, whatever the error is: it exists then,
    created by this run of the program or by an earlier one.

    `try: arn = iam.get_role(…) except NoSuchEntityException: arn = iam.create_role(…)`
    """
    if not _looked_up(node):
        return None
    found = [each for each in node.handlers if _created(each.body)]
    return found[0] if len(found) == 1 else None


def is_created_below(node: ast.Try, following: Sequence[ast.stmt]) -> bool:
    """Whether a statement returns what it looks up, and what follows creates the same where that fails.

    `try: return iam.get_role(…) except ClientError: pass` before `return iam.create_role(…)`
    """
    if not isinstance(node.body[-1], ast.Return) or node.orelse or node.finalbody:
        return False
    if any(isinstance(each.body[-1], (ast.Return, ast.Continue, ast.Break)) for each in node.handlers):
        return False
    wanted = {_ACTION.sub("", each) for each in _looked_up(node)}
    return any(_ACTION.sub("", each) in wanted for each in _created(following))


def is_created_unless_listed(node: ast.stmt, following: Sequence[ast.stmt]) -> bool:
    """Whether a loop returns one of what it lists, and what follows creates it where there is none.

    `for base in agent.list_knowledge_bases()["knowledgeBaseSummaries"]: if base["name"] == name: return …`
    before `agent.create_knowledge_base(name=name, …)`: it exists then, by this run or by an earlier one.
    """
    found = [_LISTS.fullmatch(text) for each in ast.walk(node) if (text := _name_or_text(each))]
    listed = [_singular(each["things"]) for each in found if each is not None]
    created = [_ACTION.sub("", each) for each in _created(following)] if listed else []
    return any(each == thing or each.endswith(f"_{thing}") for each in listed for thing in created)


def _name_or_text(node: ast.AST) -> str:
    """What is called, or named by a text: `get_paginator("list_agents")`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Name):
        return node.id
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _singular(things: str) -> str:
    return f"{things[:-3]}y" if things.endswith("ies") else things.removesuffix("s")


def _looked_up(node: ast.Try) -> list[str]:
    """What a statement calls to look something up or update it; empty if it does anything else."""
    names = [last_name(each.func) for each in _calls(node.body)]
    found = [each for each in names if _READS.fullmatch(each)]
    return found if all(each in _ASIDE or each in found for each in names) else []


def without_known(changes: Changes) -> Changes:
    """What a handler of errors changes, without the texts and resources that are known where nothing fails.

    A program is followed as it runs when its calls succeed. A flag (`exists = False`) is a switch, of which
    both sides are followed. So is nothing in place of what is certainly given a way out of a failed run.
    """
    return {place: change for place, change in changes.items() if not _is_known(change)}


def defaults_of(changes: Changes) -> Changes:
    """`try: size = os.environ["SIZE"] except KeyError: size = 1`: what the handler gives is the default."""
    found: Changes = {}
    for place, (cells, key, instead) in changes.items():
        now = cells.get(key)
        name = now.identity.removeprefix(ENVIRONMENT) if isinstance(now, Unknown) else ""
        default = by_variable(name, instead) if isinstance(now, Unknown) and name != now.identity else None
        if default is not None:
            found[place] = (cells, key, default)
    return found


def _is_known(change: tuple[Cells, str, Any]) -> bool:
    cells, key, instead = change
    now, instead = (each.value if isinstance(each, Item) else each for each in (cells.get(key), instead))
    if isinstance(now, Unknown):
        return now.present and _is_nothing(instead)
    if isinstance(now, Scalar):
        return not isinstance(now.data, bool)
    return isinstance(now, Reference) or (isinstance(now, Handle) and now.is_created())


def _is_nothing(value: object) -> bool:
    return isinstance(value, Absent) or (isinstance(value, Scalar) and value.data == "")


def only_leaves(body: Sequence[ast.stmt]) -> bool:
    """Whether a handler of errors ends the run or its turn of a loop, or does nothing."""
    return all(isinstance(each, (ast.Raise, ast.Pass, ast.Continue, ast.Break)) for each in body)


def _created(body: Sequence[ast.stmt]) -> list[str]:
    """What some statements call to create something without a condition."""
    plain = [each for each in body if isinstance(each, (ast.Expr, ast.Assign, ast.AnnAssign, ast.Return))]
    names = [last_name(each.func) for each in _calls(plain)]
    return [each for each in names if _CREATES.fullmatch(each)]


def _calls(body: Sequence[ast.stmt]) -> Iterator[ast.Call]:
    """The calls of statements, without those that only work out what is looked up."""
    pending: list[ast.AST] = [*body]
    while pending:
        node = pending.pop(0)
        if isinstance(node, ast.Call):
            yield node
            if _READS.fullmatch(last_name(node.func)):
                pending.append(node.func)
                continue
        pending += ast.iter_child_nodes(node)
