"""The awscc provider: CloudFormation's own types and properties, written in snake case."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from mlwa_lint.frontends.terraform.vocabulary.converters import document
from mlwa_lint.frontends.terraform.vocabulary.spec import pascal
from mlwa_lint.model.values import Choice, Entry, ListValue, MapValue, Value
from mlwa_lint.startup.records import NamedTuple

PREFIX = "awscc_"
_DATA = Path(__file__).parent / "awscc.json"
# Rules know it by its later name, as in templates.
_RENAMED = {"AWS::Elasticsearch::Domain": "AWS::OpenSearchService::Domain"}


class AwsccType(NamedTuple):
    """A type of the provider.

    type:  its canonical type.
    names: attributes for which the mechanical rule does not hold.
    free:  attributes in which the keys are the user's own.
    """

    type: str
    names: Mapping[str, str]
    free: frozenset[str]


def kind_of(terraform_type: str) -> AwsccType | None:
    """A type of the provider; None for one that no rule reads."""
    return _kinds().get(terraform_type) if terraform_type.startswith(PREFIX) else None


@cache
def _kinds() -> Mapping[str, AwsccType]:
    data = json.loads(_DATA.read_text(encoding="utf-8"))
    return {
        name: AwsccType(_RENAMED.get(each["type"], each["type"]), each["names"], frozenset(each["free"]))
        for name, each in data.items()
    }


def translated(body: MapValue, kind: AwsccType) -> MapValue:
    """The canonical map of a resource's arguments."""
    entries: dict[str, Entry] = {}
    for key, entry in body.entries.items():
        # The provider takes documents as texts of JSON.
        value = document(entry.value) if key in kind.free else _inside(entry.value, kind)
        name = kind.names.get(key) or pascal(key)
        entries[name] = Entry(entry.key_span, value, entry.label or key)
    return body._replace(entries=entries)


def _inside(value: Value, kind: AwsccType) -> Value:
    if isinstance(value, Choice):
        return value._replace(yes=_inside(value.yes, kind), no=_inside(value.no, kind))
    if isinstance(value, ListValue):
        return value._replace(items=tuple(_inside(item, kind) for item in value.items))
    return translated(value, kind) if type(value) is MapValue else value
