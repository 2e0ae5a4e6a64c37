"""Functions that other programs of the project call: what they make is checked there, with the arguments."""

from functools import partial

from mlwa_lint.files.texts import PROGRAM_MARKS, is_test
from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.values import FunctionObj
from mlwa_lint.frontends.python.ledger import Created
from mlwa_lint.frontends.python.uses.project import PYTHON, Uses
from mlwa_lint.frontends.python.uses.reasons import change_reasons
from mlwa_lint.frontends.python.uses.taking import GIVEN_BY_ALL
from mlwa_lint.model.values import JUDGED_WHERE_CALLED


def settle_called(created: list[Created], core: Core, uses: Uses) -> None:
    """Marks what only callers know, and removes jobs that are configured here and started by callers."""
    known: dict[FunctionObj, bool] = {}
    kept: list[Created] = []
    for each in created:
        function = core.entered.get(each.entry)
        if function is not None and function not in known:
            known[function] = _is_called(function, uses)
        if function is None or not known[function]:
            kept.append(each)
        elif not each.pending:
            kept.append(each)
            call = f"{function.name}()"
            ends = (f" is a parameter of {call}", f" in {call} is given", f" in {call}{GIVEN_BY_ALL}")
            change_reasons(each, partial(_settled, ends=ends))
    created[:] = kept


def _settled(reason: str, ends: tuple[str, ...]) -> str:
    return f"{reason}{JUDGED_WHERE_CALLED}" if reason.endswith(ends) else reason


def _is_called(function: FunctionObj, uses: Uses) -> bool:
    """Whether another program of the project calls a function; one of a class, if it uses the class."""
    steps = uses.steps_of(function.frame.source.path)
    if steps is None:
        return False
    return any(_calls(each, function, uses) for each in uses.all_importers(steps))


def _calls(importer: tuple[str, ...], function: FunctionObj, uses: Uses) -> bool:
    if is_test(importer) or not importer[-1].endswith(PYTHON):
        return False
    names = [function.name] if function.owner is None else [function.owner.name]
    if function.owner is not None and function.name != "__init__":
        names.append(function.name)
    content = uses.texts[importer]
    if not any(mark in content for mark in PROGRAM_MARKS):
        return False  # it is not a program that is checked
    return all(name.encode() in content and uses.mentions(importer).calls_of(name) for name in names)
