"""Reasons why values of a program are not known, completed with what the rest of its project shows."""

import re
from collections.abc import Callable, Sequence

from mlwa_lint.files.texts import PathSteps, is_test
from mlwa_lint.frontends.python.evaluation.values import REST
from mlwa_lint.frontends.python.ledger import Created
from mlwa_lint.frontends.python.uses.project import DOCUMENTS, PYTHON, Uses
from mlwa_lint.frontends.texts import changed
from mlwa_lint.model.values import Unknown, Value

_VARIABLE = re.compile(r"environment variable (\w+) is set outside")


def name_what_sets_variables(created: Sequence[Created], uses: Uses) -> None:
    """Adds the file of the project that names an environment variable which the program reads."""
    naming: dict[str, str] = {}

    def completed(reason: str) -> str:
        found = _VARIABLE.fullmatch(reason)
        if found is None:
            return reason
        name = found[1]
        if name not in naming:
            naming[name] = next(iter(sorted(_file(each) for each in _naming(name, uses))), "")
        return f"environment variable {name} is given in {naming[name]}" if naming[name] else reason

    for each in created:
        change_reasons(each, completed)


def _naming(name: str, uses: Uses) -> Sequence[PathSteps]:
    """The templates, configurations and scripts that have a name as a key: `NAME: value`, `NAME=value`."""
    given = re.compile(rf"(?<![\w-]){re.escape(name)}[\"']?[ \t]*[:=]".encode())
    return [
        each
        for each in uses.containing(name)
        if not each[-1].endswith((*PYTHON, *DOCUMENTS))
        and not is_test(each)
        and given.search(uses.texts[each])
    ]


def _file(steps: PathSteps) -> str:
    return "/".join(steps)


def change_reasons(made: Created, change: Callable[[str], str]) -> None:
    """Changes the reasons of everything that is not known of a resource."""

    def with_reason(value: Value) -> Value | None:
        if not isinstance(value, Unknown):
            return None
        parts = tuple(
            part._replace(reason=change(part.reason)) if isinstance(part, Unknown) else part
            for part in value.parts
        )
        return value._replace(reason=change(value.reason), parts=parts)

    for key, item in made.cells.items():
        if key != REST:
            made.cells[key] = item._replace(value=changed(item.value, with_reason))
