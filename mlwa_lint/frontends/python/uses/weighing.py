"""What a program makes, seen with all of its project: what only defaults say, and what nobody uses."""

from collections.abc import Mapping, Sequence
from typing import cast

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.values import FunctionObj, Item
from mlwa_lint.frontends.python.ledger import Created
from mlwa_lint.frontends.python.uses.callers import (
    is_definition_unused,
    is_file_left_over,
    is_helper_of_examples,
)
from mlwa_lint.frontends.python.uses.defaults import is_given
from mlwa_lint.frontends.python.uses.project import Uses, uses_in
from mlwa_lint.model.resources import EXAMPLE, UNUSED
from mlwa_lint.model.spans import start_of
from mlwa_lint.model.values import (
    Absent,
    Assumptions,
    Choice,
    Entry,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    known_text,
)

_OF_EXAMPLES = "only examples and tests use it"


def weigh_by_uses(created: Sequence[Created], core: Core, files: ProjectFiles, program: str) -> None:
    """Takes away what no caller leaves to a default, and notes what nobody uses, or examples alone.

    program: the file that is followed.
    """
    uses = uses_in(files) if created else None
    if uses is None:
        return
    _take_away(created, core, uses)
    unused: dict[FunctionObj, bool] = {}
    left_over: dict[str, bool] = {}
    helping: dict[str, bool] = {}
    for each in created:
        path, function = each.span.path, core.entered.get(each.entry)
        because = ""
        if function is not None:
            if function not in unused:
                unused[function] = is_definition_unused(function, uses)
            because = f"nothing in the project calls {function.name}()" if unused[function] else ""
        if path not in left_over:
            left_over[path] = is_file_left_over(path, uses)
            helping[path] = is_helper_of_examples(path, program, uses)
        if left_over[path]:
            because = "nothing in the project runs this copy of the file"
        if because:
            each.attributes[UNUSED] = Entry(each.span, Scalar(because, each.span))
        if helping[path]:
            each.attributes[EXAMPLE] = Entry(each.span, Scalar(_OF_EXAMPLES, each.span))


def _take_away(created: Sequence[Created], core: Core, uses: Uses) -> None:
    resting = _Resting(core)
    for each in created:
        for item in each.cells.values():
            if isinstance(item, Item):
                resting.collect(cast(Value, item.value))
    if not resting.found:
        return
    given = frozenset(each for each in sorted(resting.found) if is_given(core.defaulted[each], uses))
    if not given:
        return
    for each in created:
        for key, item in each.cells.items():
            if isinstance(item, Item):
                each.cells[key] = item._replace(value=_without(cast(Value, item.value), given, core.defaults))


class _Resting:
    """The defaults that values rest on."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self.found: set[str] = set()

    def collect(self, value: Value) -> None:
        self._note(value.assumed)
        if isinstance(value, Choice):
            self._note(self._core.defaults.get(value.condition.name, (False, frozenset()))[1])
            self.collect(value.yes)
            self.collect(value.no)
        elif isinstance(value, ListValue):
            for each in value.items:
                self.collect(each)
        elif isinstance(value, MapValue):
            for entry in value.entries.values():
                self.collect(entry.value)

    def _note(self, assumed: Assumptions) -> None:
        self.found.update(each for each in assumed if each in self._core.defaulted)


def _without(value: Value, given: Assumptions, defaults: Mapping[str, tuple[bool, Assumptions]]) -> Value:
    """A value without those alternatives that defaults lead to which nobody leaves."""
    if isinstance(value, (Scalar, Absent, Unknown, Reference)):
        taken = value.assumed & given
        return _something(value, taken) if taken else value
    if isinstance(value, Choice):
        yes, no = (_without(each, given, defaults) for each in (value.yes, value.no))
        default, assumed = defaults.get(value.condition.name, (False, frozenset()))
        taken = assumed & given
        if taken:
            other = _something(Absent(value.span), taken)
            yes, no = (other, no) if default else (yes, other)
        return value._replace(yes=yes, no=no, assumed=value.assumed - given)
    if isinstance(value, ListValue):
        items = tuple(_without(each, given, defaults) for each in value.items)
        return value._replace(items=items, assumed=value.assumed - given)
    if not isinstance(value, MapValue):
        return value
    entries = {
        key: entry._replace(value=_without(entry.value, given, defaults))
        for key, entry in value.entries.items()
    }
    return value._replace(entries=entries, assumed=value.assumed - given)


def _something(value: Scalar | Absent | Unknown | Reference, taken: Assumptions) -> Value:
    """What stands where a default is never taken: the same wherever the default would be the same."""
    if isinstance(value, Reference):
        return value._replace(assumed=value.assumed - taken)
    what = " and ".join(sorted(taken)).replace("the default of ", "")
    reason = f"{what} is given by all that is known to use it"
    identity = value.identity if isinstance(value, Unknown) else f"{what} {known_text(value) or ''}"
    return Unknown(reason, value.span or start_of(""), identity=identity)
