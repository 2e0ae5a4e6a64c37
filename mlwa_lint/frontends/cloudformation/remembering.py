"""Remembers the resources of a template, for the next evaluation after an edit.

A resource is what it was before if its own text is, and if nothing is different that its evaluation looked
at. That is the rest of the template, which must be the same tree, and names of other resources, which are
noted. What reads more (conditions, stacks, other resources' properties) is evaluated each time.
"""

from collections.abc import Callable, Mapping

from mlwa_lint.files.keeping import continued
from mlwa_lint.frontends.cloudformation.scope import ANYTHING, TemplateScope
from mlwa_lint.frontends.cloudformation.syntax.again import RESOURCES, Revision
from mlwa_lint.frontends.cloudformation.syntax.nodes import MapNode, TextNode
from mlwa_lint.model.budget import Budget, budget
from mlwa_lint.model.resources import Resource
from mlwa_lint.model.shifting import ImmovableError, Shift
from mlwa_lint.startup.records import NamedTuple


class Surroundings(NamedTuple):
    """What all evaluations of a template's resources rest on.

    nodes: those of the other sections, the same objects where they are the same. stated: all else, as text.
    names: what other resources are called, by their logical ids. first: whether what resources refer to
    precedes them.
    """

    nodes: tuple[object, ...]
    stated: str
    types: Mapping[str, str]
    names: Mapping[str, object]
    first: bool

    def alike(self, other: "Surroundings") -> bool:
        """Whether only names may be different."""
        return (
            len(self.nodes) == len(other.nodes)
            and all(one is another for one, another in zip(self.nodes, other.nodes, strict=True))
            and self.stated == other.stated
            and self.types == other.types
        )


class _Known(NamedTuple):
    key: TextNode
    body: MapNode
    resource: Resource
    dependencies: frozenset[str]
    spent: Mapping[str, int]


class TemplateEvaluation:
    """What the resources of one template came to, as of the last evaluation."""

    def __init__(self) -> None:
        self._number = 0
        self._surroundings: Surroundings | None = None
        self._known: dict[str, _Known] = {}
        self._next: dict[str, _Known] = {}
        self._shift: Shift | None = None
        self._changed: frozenset[str] = frozenset()

    def begin(
        self, step: Revision, surroundings: Surroundings, bodies: Mapping[str, tuple[TextNode, MapNode]]
    ) -> None:
        """Begins with the next tree; what can no longer hold is forgotten.

        bodies: the resources' nodes, by logical ids.
        """
        before, known = self._surroundings, self._next
        shift = None
        if step.number == self._number:
            shift = Shift("", 0, 0)
        elif step.number == self._number + 1:
            shift = step.shift
        self._shift, self._number, self._surroundings = shift, step.number, surroundings
        self._known, self._next = {}, {}
        if shift is None or before is None or not surroundings.alike(before):
            return
        self._known = {
            name: each
            for name, each in known.items()
            if (now := bodies.get(name)) is not None and now[0] is each.key and now[1] is each.body
        }
        names = {**before.names, **surroundings.names}
        renamed = (each for each in names if before.names.get(each) != surroundings.names.get(each))
        self._changed = frozenset((ANYTHING, *renamed, *(each for each in bodies if each not in self._known)))

    def resource(
        self, key: TextNode, body: MapNode, evaluate: Callable[[set[str]], Resource | None]
    ) -> Resource | None:
        """A resource: what it was, at its new place, or what evaluating it gives."""
        own = budget()
        known = self._known.get(key.text)
        found = self._taken(known, own) if known is not None else None
        if known is None or found is None:
            dependencies: set[str] = set()
            before = own.spent
            found = evaluate(dependencies)
            if found is None:
                return None
            after = own.spent
            spent = {each: after[each] - before[each] for each in after}
            known = _Known(key, body, found, frozenset(dependencies), spent)
        self._next[key.text] = known._replace(resource=found)
        return found

    def _taken(self, known: _Known, own: Budget) -> Resource | None:
        assert self._shift is not None
        if not known.dependencies.isdisjoint(self._changed) or own.refusals:
            return None
        if not own.is_ample:
            return None  # what is evaluated first pays for others, which may be another one now
        assert self._surroundings is not None
        try:
            found = _moved(known.resource, self._shift, self._surroundings.first)
        except ImmovableError:
            return None
        own.take(known.spent)
        continued(known.resource, found, self._shift)
        return found


def surroundings(root: MapNode, stated: str, scope: TemplateScope) -> Surroundings:
    """What the resources of a template rest on. stated: what decides about it beside its text."""
    others = [(key, value) for key, value in root.entries if key.text != RESOURCES]
    below = next(key.span.line for key, _ in root.entries if key.text == RESOURCES)
    names: dict[str, dict[str, object]] = {}
    for (name, key), value in scope.names.items():
        names.setdefault(name, {})[key] = (value.data, value.assumed)
    return Surroundings(
        nodes=tuple(node for entry in others for node in entry),
        stated=stated,
        types=dict(scope.types),
        names=names,
        first=all(key.span.line < below or key.text == "Outputs" for key, _ in others),
    )


def _moved(resource: Resource, shift: Shift, first: bool) -> Resource:
    if not shift.by or (first and resource.attributes.span.end_line < shift.start):
        return resource  # nor has anything moved that it refers to
    return resource._replace(
        properties=shift.of(resource.properties),
        span=shift.of(resource.span),
        attributes=shift.of(resource.attributes),
        guards=shift.of(resource.guards),
    )
