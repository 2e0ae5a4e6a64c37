"""What one configuration hands to another: its resources' addresses and open values keep whose they are."""

from collections.abc import Collection

from mlwa_lint.frontends.terraform.evaluation.objects import Attributes
from mlwa_lint.frontends.terraform.evaluation.open_conditions import WORKSPACE
from mlwa_lint.frontends.terraform.raw import RawResource
from mlwa_lint.model.conditions import Condition, Guard
from mlwa_lint.model.resources import Gap
from mlwa_lint.model.values import Choice, ListValue, MapValue, Reference, TextPart, Unknown, Value

_DEPTH_LIMIT = 60
_SEPARATOR = ": "


class Handed:
    """A configuration's values as the configurations beside it see them.

    name:  what distinguishes it from the others.
    names: of all that are linted together, this one's among them: a name that is taken already is left out.
    taken: the resources (`aws_s3_bucket.x`) and modules (`module.m`) that another one declares too.
    """

    def __init__(self, name: str, names: Collection[str], taken: Collection[str]) -> None:
        self.mark = f"{name}{_SEPARATOR}"
        self._name = name
        # The workspace is the same wherever it is read.
        self._kept = (WORKSPACE, *(f"{each}{_SEPARATOR}" for each in names))
        self._taken = frozenset(taken)

    def address(self, address: str) -> str:
        """An address; one that another configuration has too gets this one's name in front."""
        first, _, rest = address.partition(".")
        own = f"{first}.{rest.partition('.')[0].partition('[')[0]}"
        return f"{self._name}.{address}" if own in self._taken else address

    def raw(self, resource: RawResource) -> RawResource:
        """A resource under its address, with all its content."""
        body, lifecycle = self.value(resource.body), self.value(resource.lifecycle)
        tags = None if resource.default_tags is None else self.value(resource.default_tags)
        assert isinstance(body, MapValue)
        assert isinstance(lifecycle, MapValue)
        assert tags is None or isinstance(tags, MapValue)
        return resource._replace(
            address=self.address(resource.address),
            body=body,
            lifecycle=lifecycle,
            depends_on=tuple(map(self.address, resource.depends_on)),
            default_tags=tags,
            guards=tuple(Guard(self._condition(guard.condition), guard.holds) for guard in resource.guards),
        )

    def gap(self, gap: Gap) -> Gap:
        """A part that is not expanded, with its inputs."""
        return gap if gap.inputs is None else gap._replace(inputs=tuple(map(self.value, gap.inputs)))

    def value(self, value: Value, depth: int = 0) -> Value:
        """A value with all that it consists of."""
        if depth > _DEPTH_LIMIT:
            return value
        if isinstance(value, Reference):
            return value._replace(address=self.address(value.address))
        if isinstance(value, Unknown):
            return self._unknown(value, depth)
        if isinstance(value, MapValue):
            rest = None if value.rest is None else self._unknown(value.rest, depth)
            if isinstance(value.entries, Attributes):
                address = value.entries.address and self.address(value.entries.address)
                return value._replace(entries=value.entries.changed(address, self.value), rest=rest)
            entries = {
                key: entry._replace(value=self.value(entry.value, depth + 1))
                for key, entry in value.entries.items()
            }
            return value._replace(entries=entries, rest=rest)
        if isinstance(value, ListValue):
            rest = None if value.rest is None else self._unknown(value.rest, depth)
            return value._replace(items=tuple(self.value(item, depth + 1) for item in value.items), rest=rest)
        if isinstance(value, Choice):
            yes, no = self.value(value.yes, depth + 1), self.value(value.no, depth + 1)
            return value._replace(condition=self._condition(value.condition), yes=yes, no=no)
        return value

    def _unknown(self, value: Unknown, depth: int) -> Unknown:
        parts: list[TextPart] = []
        for part in value.parts:
            changed = part if isinstance(part, str) else self.value(part, depth + 1)
            assert isinstance(changed, (str, Unknown, Reference))
            parts.append(changed)
        return value._replace(parts=tuple(parts), identity=self._own(value.identity))

    def _condition(self, condition: Condition) -> Condition:
        return condition._replace(name=self._own(condition.name))

    def _own(self, name: str) -> str:
        if not name or name.startswith(self._kept):
            return name
        return self.mark + name
