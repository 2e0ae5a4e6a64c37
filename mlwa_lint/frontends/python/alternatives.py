"""Whether code asks another model where a call fails: one of several attempts, each of which may fail."""

import ast
from collections.abc import Iterable, Iterator

from mlwa_lint.facts import models
from mlwa_lint.facts.today import today
from mlwa_lint.frontends.python.syntax.parse import shared
from mlwa_lint.frontends.python.syntax.source import PythonSyntaxError
from mlwa_lint.model.resources import MODEL_ARGUMENTS

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def has_alternative(text: str, node: ast.AST) -> bool:
    """Whether a call is made again with another model where it fails, or is what is done there.

    So it is where the function around the call is called in both places. text: of the program. A model that
    has ended is no alternative.
    """
    if "except" not in text or not isinstance(node, ast.Call):
        return False
    try:
        body = shared(text)
    except PythonSyntaxError:
        return False
    every = [each for statement in body for each in ast.walk(statement)]
    around = {each.name for each in every if isinstance(each, _FUNCTIONS) and _contains([each], node)}
    constants = dict(_constants(body))
    for attempt in every:
        if isinstance(attempt, ast.Try):
            handling = [statement for handler in attempt.handlers for statement in handler.body]
            names = around | {_name_of(node)} if _contains([attempt], node) else around
            if _differ(_calls(attempt.body, names), _calls(handling, names), constants):
                return True
    return False


def _differ(tried: list[ast.Call], handled: list[ast.Call], constants: dict[str, str]) -> bool:
    """Whether two of the calls name different models, one of which may still be there."""
    for one in tried:
        for other in handled:
            models_of_both = [_given(one), _given(other)]
            if _name_of(one) == _name_of(other) and models_of_both[0] != models_of_both[1]:
                ids = [_ids(each, constants) for each in (one, other)]
                if not all(each and all(map(_has_ended, each)) for each in ids):
                    return True
    return False


def _has_ended(name: str) -> bool:
    day = models.end_of_life(name)
    return models.has_ended_some_day(name) or (day is not None and day <= today())


def _given(call: ast.Call) -> list[str]:
    """What names the model, or whatever a function is called with that hands it on."""
    named = [each.value for each in call.keywords if each.arg in MODEL_ARGUMENTS]
    given = named or [*call.args, *(each.value for each in call.keywords)]
    return [ast.dump(each) for each in given]


def _ids(call: ast.Call, constants: dict[str, str]) -> list[str]:
    """The texts among what a call is given that may be ids of models."""
    found = []
    for each in (*call.args, *(keyword.value for keyword in call.keywords)):
        text = each.value if isinstance(each, ast.Constant) else None
        text = constants.get(each.id) if isinstance(each, ast.Name) else text
        if isinstance(text, str) and "." in text:
            found.append(text)
    return found


def _constants(body: Iterable[ast.stmt]) -> Iterator[tuple[str, str]]:
    for statement in body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
            for target in statement.targets:
                if isinstance(target, ast.Name) and isinstance(statement.value.value, str):
                    yield target.id, statement.value.value


def _calls(body: Iterable[ast.stmt], names: set[str]) -> list[ast.Call]:
    return [
        each
        for statement in body
        for each in ast.walk(statement)
        if isinstance(each, ast.Call) and _name_of(each) in names
    ]


def _name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _contains(statements: Iterable[ast.stmt], node: ast.Call) -> bool:
    return any(each.lineno <= node.lineno <= (each.end_lineno or each.lineno) for each in statements)
