"""What every part of the evaluator works with: budget, journal, conditions, identities of results."""

import ast
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from mlwa_lint.frontends.python.evaluation.defaulted import Defaulted
from mlwa_lint.frontends.python.evaluation.flows import Flow
from mlwa_lint.frontends.python.evaluation.forks import fork, is_empty
from mlwa_lint.frontends.python.evaluation.given import RunWith
from mlwa_lint.frontends.python.evaluation.stops import Stops
from mlwa_lint.frontends.python.evaluation.values import (
    CONDITION_KEY,
    ITEMS,
    REST,
    Cells,
    Entries,
    Frame,
    FunctionObj,
    Handle,
    Item,
    Items,
    Locals,
    Obj,
    PathObj,
    PythonModule,
    PyValue,
    Site,
    options,
)
from mlwa_lint.frontends.python.limits import BRANCH_STEPS, DEPTH_LIMIT, STEPS_LIMIT
from mlwa_lint.frontends.python.sdk_defaults import SdkDefaults
from mlwa_lint.frontends.python.syntax.source import yields
from mlwa_lint.model.conditions import Condition, Guard
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import NO_ASSUMPTIONS, Absent, Assumptions, Scalar, Unknown

_MISSING: Any = object()
_TEXT = 60
# Where a node keeps its text, as conditions name it: functions are followed many times.
_WRITTEN = "\0written"
# How the condition starts under which a handler of errors runs.
AN_ERROR = "an error in line"
# How the identity of what a client's call gives starts.
ANSWER = "answer "


class OutOfBudgetError(Exception):
    """The program is too large, or runs in too many circles, to be followed to its end."""


class Core:
    """The state of one evaluation. What it does with syntax is filled in by `Evaluator`."""

    def __init__(self) -> None:
        self.steps = 0
        self.depth = 0
        self.guards: tuple[Guard, ...] = ()
        self.called: set[int] = set()
        # The functions that are followed, each with how many conditions its call depends on.
        self.active: list[tuple[int, int]] = []
        self.recording = True
        # Which of the program's starting points runs: its statements are the first.
        self.entry = 0
        # What commands of the project run the program with.
        self.run_with = RunWith()
        # What a file of SageMaker defaults gives; None where there is no such file.
        self.sdk_defaults: SdkDefaults | None = None
        self.defaults: dict[str, tuple[bool, Assumptions]] = {}
        # Whose defaults assumptions are about, and the functions that starting points are.
        self.defaulted: dict[str, set[Defaulted]] = {}
        # Of assumptions about defaults, whether the default is nothing, so that it only offers a setting.
        self.offered: dict[str, bool] = {}
        # Their texts, where they have one.
        self.stated: dict[str, str] = {}
        self.entered: dict[int, FunctionObj] = {}
        # The defaults of a pipeline's parameters by name; None of those that have several.
        self.parameters: dict[str, PyValue | None] = {}
        # The values that open conditions are about the truth of.
        self.tested: dict[str, PyValue] = {}
        # How the program first names a value whose truth it tests: by its identity, truth and place.
        self.named: dict[tuple[str, str, Span | None], ast.Name | ast.Attribute] = {}
        # Whether what open conditions test is passed on where they hold, or where they do not.
        self.handed: dict[str, bool] = {}
        # Open conditions of `a and b` that only check whether something is given.
        self.checking: set[str] = set()
        # What branches changed that left the loops around: it holds where these end.
        self.left_loop: list[tuple[Guard, Changes]] = []
        self.stops = Stops()
        self._number = 0
        self._generators: dict[int, bool] = {}
        self._journal: list[tuple[Cells, str, Any]] | None = None
        # Attempts are numbered: the one that runs now, and the last one.
        self._attempt = self._attempts = 0

    # -- filled in by the evaluator

    def evaluate(self, node: ast.expr, frame: Frame) -> PyValue:
        """The value of an expression."""
        raise NotImplementedError

    def run(self, body: Sequence[ast.stmt], frame: Frame) -> Flow | None:
        """Runs statements; None when they came to their end."""
        raise NotImplementedError

    def call(self, callee: PyValue, site: Site) -> PyValue:
        """The result of a call."""
        raise NotImplementedError

    def call_function(self, function: FunctionObj, site: Site, receiver: PyValue | None) -> PyValue:
        """The result of a function of the project."""
        raise NotImplementedError

    def call_method(self, base: PyValue, name: str, site: Site) -> PyValue:
        """The result of a method."""
        raise NotImplementedError

    def attribute(self, base: PyValue, name: str, site: Site) -> PyValue:
        """The value of an attribute."""
        raise NotImplementedError

    def of_path(self, base: PathObj, name: str, site: Site) -> PyValue | None:
        """The result of a method of a file's path."""
        raise NotImplementedError

    def project_text(self, name: str) -> str | None:
        """The text of a file of the project, by the path that a program gives; None where it is not there."""
        return None

    def project_file(self, name: PyValue) -> Path | None:
        """The file of the project that a program names; None where it is not there."""
        return None

    def external(self, path: str, site: Site) -> PyValue | None:
        """The result of a call of something outside of the project; None when no table knows it."""
        raise NotImplementedError

    def reads(self, name: str, path: str) -> bool:
        """Whether a followed file uses what it calls by a name; others may."""
        return True

    def imported(self, name: str, level: int, frame: Frame) -> PythonModule | None:
        """A module of the project; None when it is none of them."""
        raise NotImplementedError

    # -- budget

    def step(self, number: int = 1) -> None:
        """Counts steps."""
        self.steps += number
        if self.steps > STEPS_LIMIT:
            raise OutOfBudgetError

    @property
    def is_deep(self) -> bool:
        """Whether nesting has reached its limit."""
        return self.depth > DEPTH_LIMIT

    def is_generator(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        """Whether a function yields its values one by one."""
        known = self._generators.get(id(node))
        if known is None:
            known = self._generators[id(node)] = yields(node)
        return known

    # -- what is not known

    def unknown(self, reason: str, span: Span, present: bool = False) -> Unknown:
        """Something not known, which is the same as itself wherever it is used."""
        return Unknown(reason, span, identity=self.number(), present=present)

    def number(self) -> str:
        """A new identity."""
        self._number += 1
        return f"#{self._number}"

    def condition(
        self,
        node: ast.AST,
        key: str,
        default: bool | None = None,
        assumed: Assumptions = NO_ASSUMPTIONS,
        prompted: bool = False,
    ) -> Condition:
        """An open condition, named as the user wrote it; `default` is its truth under some assumptions.

        prompted: whether a person answers it while the program runs.
        """
        text = node.__dict__.get(_WRITTEN)
        if text is None:
            text = " ".join(ast.unparse(node).split())
            if len(text) > _TEXT:
                text = text[: _TEXT - 1] + "\N{HORIZONTAL ELLIPSIS}"
            node.__dict__[_WRITTEN] = text
        name = f"{text}{CONDITION_KEY}{key}"
        if default is not None:
            self.defaults[name] = (default, assumed)
        return Condition(name, text, default, prompted=prompted)

    def by_default(self, what: str, value: PyValue, whose: Defaulted | None = None) -> Assumptions:
        """The assumption that nothing else is given than a default, which has a value."""
        if whose is not None:
            self.defaulted.setdefault(what, set()).add(whose)
        self.offered[what] = self.offered.get(what, True) and _states_nothing(value)
        if isinstance(value, Scalar) and isinstance(value.data, str):
            self.stated[what] = value.data
        return frozenset({what})

    def opaque(self, what: str) -> Condition:
        """A condition that the author did not write."""
        return Condition(f"{what} {self.number()}", what, None, opaque=True)

    # -- what can change

    def store(self, cells: Cells, key: str, value: Any) -> None:
        """Writes a place, so that it can be taken back."""
        if self._journal is not None and not self._is_new(cells):
            self._journal.append((cells, key, cells.get(key, _MISSING)))
        cells[key] = value

    def remove(self, cells: Cells, key: str) -> None:
        """Empties a place."""
        if key in cells:
            if self._journal is not None and not self._is_new(cells):
                self._journal.append((cells, key, cells[key]))
            del cells[key]

    def new_locals(self) -> Locals:
        """The names of a call that is made now."""
        made = Locals()
        made.attempt = self._attempt
        return made

    def _is_new(self, cells: Cells) -> bool:
        """Whether all that sees some names is made in this attempt, and goes when it is taken back."""
        return isinstance(cells, Locals) and cells.attempt == self._attempt

    def attempt(self, action: Callable[[], Any], guard: Guard | None = None) -> tuple[Any, "Changes"]:
        """Runs an action and takes back all that it changed; gives its result and the changes."""
        self.step(BRANCH_STEPS)
        outer, self._journal = self._journal, []
        before, self._attempt = self._attempt, self._attempts + 1
        self._attempts += 1
        guards = self.guards
        if guard is not None and guard not in guards:
            self.guards = (*guards, guard)
        try:
            result = action()
        finally:
            mine, self._journal = self._journal, outer
            self._attempt = before
            self.guards = guards
        changes: Changes = {}
        for cells, key, _ in mine:
            changes[id(cells), key] = (cells, key, cells.get(key, _MISSING))
        for cells, key, old in reversed(mine):
            if old is _MISSING:
                cells.pop(key, None)
            else:
                cells[key] = old
        return result, changes

    def apply(self, changes: "Changes") -> None:
        """Makes changes that were taken back."""
        for cells, key, new in changes.values():
            if new is _MISSING:
                self.remove(cells, key)
            else:
                self.store(cells, key, new)

    def merge(self, condition: Condition, yes: "Changes", no: "Changes", span: Span) -> None:
        """Makes what two branches changed, each value under its condition."""
        for place in dict.fromkeys((*yes, *no)):
            cells, key, _ = (yes.get(place) or no.get(place)) or _never()
            now = cells.get(key, _MISSING)
            left = yes[place][2] if place in yes else now
            right = no[place][2] if place in no else now
            merged = self._merged(cells, condition, left, right, span, key)
            if merged is _MISSING:
                self.remove(cells, key)
            else:
                self.store(cells, key, merged)

    def _merged(self, cells: Cells, condition: Condition, left: Any, right: Any, span: Span, key: str) -> Any:
        if left is right:
            return left
        if isinstance(cells, Entries) and key != REST:
            given = left if left is not _MISSING else right
            yes = left.value if left is not _MISSING else Absent(span)
            no = right.value if right is not _MISSING else Absent(span)
            return Item(given.key_span, self.fork(condition, yes, no, span))
        if isinstance(cells, Items) and key == ITEMS:
            return self._merged_items(condition, left, right, span)
        if left is _MISSING or right is _MISSING:
            # A name that only one branch gives is used only where that branch was taken.
            return right if left is _MISSING else left
        if key == REST:
            return left or right
        return self.fork(condition, left, right, span)

    def _merged_items(
        self, condition: Condition, left: tuple[PyValue, ...], right: tuple[PyValue, ...], span: Span
    ) -> tuple[PyValue, ...]:
        merged = []
        for position in range(max(len(left), len(right))):
            yes = left[position] if position < len(left) else Absent(span)
            no = right[position] if position < len(right) else Absent(span)
            merged.append(yes if yes is no else fork(condition, yes, no, span))
        return tuple(merged)

    def split(
        self, condition: Condition, yes: Callable[[], PyValue], no: Callable[[], PyValue], span: Span
    ) -> PyValue:
        """The results of two actions, each in its own branch."""
        left, left_changes = self.attempt(yes, Guard(condition, True))
        right, right_changes = self.attempt(no, Guard(condition, False))
        self.merge(condition, left_changes, right_changes, span)
        return self.fork(condition, left, right, span)

    def fork(self, condition: Condition, yes: PyValue, no: PyValue, span: Span) -> PyValue:
        """One of two values, as a condition has it."""
        tested = self.tested.get(condition.name)
        # Of several values some may certainly be nothing: then the condition shows what is missing where.
        open_ = tested is None or all(self._is_open(each, guards) for each, guards in options(tested))
        handed = self.handed.get(condition.name) if open_ else None
        return fork(condition, yes, no, span, tested, handed)

    def _is_open(self, value: PyValue, guards: tuple[Guard, ...]) -> bool:
        """Whether a value is not known, or is what `a and b` gives where `a` may not have been given."""
        stopped = isinstance(value, Scalar) and value.data is False
        return isinstance(value, Unknown) or (
            stopped and bool(guards) and all(each.condition.name in self.checking for each in guards)
        )

    @contextmanager
    def under(self, guard: Guard) -> Iterator[None]:
        """What happens inside happens under a guard."""
        before = self.guards
        if guard not in before:
            self.guards = (*before, guard)
        try:
            yield
        finally:
            self.guards = before

    @contextmanager
    def watched(self) -> Iterator[list[Cells]]:
        """Collects the places that are written inside."""
        outer, self._journal = self._journal, []
        written: list[Cells] = []
        try:
            yield written
        finally:
            mine, self._journal = self._journal, outer
            if outer is not None:
                outer += mine
            written += {id(cells): cells for cells, _, _ in mine}.values()


Changes = dict[tuple[int, str], tuple[Cells, str, Any]]


def _states_nothing(value: PyValue) -> bool:
    """Whether a value is None, False, or empty."""
    if isinstance(value, Scalar):
        return value.data is False or value.data == ""
    return is_empty(value)


def _never() -> NoReturn:
    raise AssertionError


def reason_of(value: PyValue, otherwise: str = "it is known only when the program runs") -> str:
    """Why a value is not known, as a phrase."""
    if isinstance(value, Unknown):
        return value.reason
    if isinstance(value, Obj):
        return value.described()
    return otherwise


__all__ = [
    "Changes",
    "Core",
    "Handle",
    "OutOfBudgetError",
    "reason_of",
]
