"""Values without the defaults that no caller in the project uses."""

from collections.abc import Mapping, Sequence
from typing import cast

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.values import Entries, Item
from mlwa_lint.frontends.python.ledger import Created
from mlwa_lint.frontends.texts import text_of
from mlwa_lint.model.spans import start_of
from mlwa_lint.model.values import (
    Absent,
    Assumptions,
    Choice,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    assume,
    known_text,
)
from mlwa_lint.startup.patterns import lazy

# How the reason ends of what replaces a default that no known caller leaves.
GIVEN_BY_ALL = " is given by all that is known to use it"
# A comparison of something with one text or number, alone.
_COMPARED = lazy(r"^[\w.]+ ([!=]=) (?:'[^']*'|\"[^\"]*\"|-?\d+(?:\.\d+)?)$")
# A shorter text may stand in another one by chance.
_LEAST = 4


def defaults_in(created: Sequence[Created], core: Core) -> frozenset[str]:
    """The defaults that what a program makes rests on, as assumptions."""
    resting = _Resting(core)
    for _, _, item in _items(created):
        resting.collect(cast(Value, item.value))
    return frozenset(resting.found)


def change_defaults(
    created: Sequence[Created],
    core: Core,
    given: Assumptions,
    offered: Assumptions,
    values: Mapping[str, Mapping[str, str]],
) -> None:
    """Makes unknown what rests on defaults that no known caller leaves.

    offered: those that leave a setting to its user. What is given nowhere rests on them.
    values:  the texts that are given in place of some defaults, each with a file that gives it.
    """
    if given or offered:
        changing = _Changing(core, given, offered, values)
        for cells, key, item in _items(created):
            cells[key] = item._replace(value=changing.of(cast(Value, item.value)))


def _items(created: Sequence[Created]) -> list[tuple[Entries, str, Item]]:
    return [
        (each.cells, key, item)
        for each in created
        for key, item in each.cells.items()
        if isinstance(item, Item)
    ]


class _Resting:
    """The defaults that values rest on; parts that several values share are visited once."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self.found: set[str] = set()
        self._seen: dict[int, Value] = {}

    def collect(self, value: Value) -> None:
        """Notes what a value rests on."""
        if id(value) in self._seen:
            return
        self._seen[id(value)] = value
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
        self.found.update(each for each in assumed if each in self._core.offered)


class _Changing:
    """Values as they are with what is known of defaults."""

    def __init__(
        self, core: Core, given: Assumptions, offered: Assumptions, values: Mapping[str, Mapping[str, str]]
    ) -> None:
        self._core = core
        self._given = given
        self._offered = offered
        self._values = values
        self._made: dict[int, tuple[Value, Value]] = {}

    def of(self, value: Value) -> Value:
        """A value without those alternatives to which only a default leads that is never taken."""
        made = self._made.get(id(value))
        if made is None:
            made = self._made[id(value)] = (value, self._changed(value))
        return made[1]

    def _changed(self, value: Value) -> Value:
        left = value.assumed - self._given
        if isinstance(value, Choice):
            yes, no = self.of(value.yes), self.of(value.no)
            default, assumed = self._core.defaults.get(value.condition.name, (False, frozenset()))
            if assumed & self._given and not _leads_there_anyway(value.condition.text, default):
                other = _something(Absent(value.span), assumed & self._given)
                yes, no = (other, no) if default else (yes, other)
            elif assumed & self._offered:
                usual = _resting_on(yes if default else no, assumed & self._offered)
                yes, no = (usual, no) if default else (yes, usual)
            return value._replace(yes=yes, no=no, assumed=left)
        if isinstance(value, ListValue):
            return value._replace(items=tuple(map(self.of, value.items)), assumed=left)
        if isinstance(value, MapValue):
            entries = {
                key: entry._replace(value=self.of(entry.value)) for key, entry in value.entries.items()
            }
            return value._replace(entries=entries, assumed=left)
        if left == value.assumed:
            return value
        return self._as_given(value, value.assumed & self._given)

    def _as_given(self, value: Scalar | Absent | Unknown | Reference, taken: Assumptions) -> Value:
        """What replaces a default: the texts that are given, or the default itself where these are it."""
        what = next(iter(taken))
        default = self._core.stated.get(what, "") if len(taken) == 1 else ""
        texts = self._values.get(what, {})
        if not default or isinstance(value, Reference):
            return _something(value, taken)
        if set(texts) == {default}:
            return value
        open_part = _something(Scalar(default, value.span or start_of("")), taken)
        assert isinstance(open_part, Unknown)
        files = sorted({*texts.values()})
        named = what.replace("the default of ", "")
        assumed = frozenset(f"{named} as in {file}" for file in files[:1])
        open_part = open_part._replace(present=True)
        if isinstance(value, Scalar) and value.data == default:
            return open_part._replace(one_of=tuple(sorted(texts)), assumed=assumed)
        return _around(value, default, open_part, value.assumed - taken) or _something(value, taken)


def _leads_there_anyway(condition: str, default: bool) -> bool:
    """Whether other values have the answer of the default, too: all but one are not `== "CUSTOM"`."""
    compared = _COMPARED.search(condition)
    return compared is not None and default is (compared[1] == "!=")


def _around(
    value: Scalar | Absent | Unknown, default: str, part: Unknown, assumed: Assumptions
) -> Value | None:
    """A text with something else where it has a default; None where the default is not found in it."""
    pieces = value.parts if isinstance(value, Unknown) else (known_text(value) or "",)
    found: list[Value] = []
    span = value.span or start_of("")
    for each in pieces:
        if not isinstance(each, str):
            found.append(each)
            continue
        for position, text in enumerate(each.split(default)):
            found += [part, Scalar(text, span)] if position else [Scalar(text, span)]
    if len(default) < _LEAST or part not in found:
        return None
    return assume(text_of(found, span), assumed)


def _something(value: Scalar | Absent | Unknown | Reference, taken: Assumptions) -> Value:
    """What replaces a default that is never taken: the same wherever the default would be the same."""
    if isinstance(value, Reference):
        return value._replace(assumed=value.assumed - taken)
    what = " and ".join(sorted(taken)).replace("the default of ", "")
    reason = f"{what}{GIVEN_BY_ALL}"
    identity = value.identity if isinstance(value, Unknown) else f"{what} {known_text(value) or ''}"
    return Unknown(reason, value.span or start_of(""), identity=identity)


def _resting_on(value: Value, assumed: Assumptions) -> Value:
    """What is not given, because a setting that the program offers is not."""
    return value._replace(assumed=value.assumed | assumed) if isinstance(value, Absent) else value
