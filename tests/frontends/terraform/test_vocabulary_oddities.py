"""Whatever an argument holds, translating it neither fails nor makes something unknown known."""

from collections.abc import Callable
from typing import Any

import pytest

from mlwa_lint.frontends.terraform.raw import RawResource
from mlwa_lint.frontends.terraform.vocabulary import normalise
from mlwa_lint.model.conditions import Condition
from mlwa_lint.model.spans import start_of
from mlwa_lint.model.values import (
    Absent,
    Choice,
    Entry,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
)
from tests.frontends.terraform.test_vocabulary_tables import _TABLES, _arguments, _inner
from tests.support.bundles import bundled

_SPAN = start_of("main.tf")
_OPEN = Unknown("variable v has no default", _SPAN, identity="variable v")
_CONDITION = Condition("c", "var.c")


def _block(given: Any, leaf: Callable[[], Value], depth: int = 0) -> Value:
    """A nested block whose innermost arguments are all alike."""
    kind, content = _inner(given)
    if kind not in ("one", "many") or depth > 6:
        return leaf()
    entries = {name: Entry(_SPAN, _block(inner, leaf, depth + 1), name) for name, inner in content.items()}
    return ListValue((MapValue(entries, _SPAN),), _SPAN)


def _raw(name: str, value: Callable[[Any], Value], **more: Any) -> RawResource:
    entries = {
        argument: Entry(_SPAN, value(given), argument) for argument, given in _arguments()[name].items()
    }
    body = MapValue(entries, _SPAN, more.pop("rest", None))
    return RawResource(f"{name}.x", name, body, _SPAN, MapValue({}, _SPAN), **more)


_ODD: dict[str, Callable[[Any], Value]] = {
    "unknown": lambda given: _OPEN,
    "unknown inside": lambda given: _block(given, lambda: _OPEN),
    "a reference": lambda given: Reference("aws_kms_key.k", "arn", _SPAN),
    "absent": lambda given: Absent(_SPAN),
    "absent inside": lambda given: _block(given, lambda: Absent(_SPAN)),
    "text": lambda given: Scalar("x", _SPAN),
    "text inside": lambda given: _block(given, lambda: Scalar("x", _SPAN)),
    "a number": lambda given: Scalar(1, _SPAN),
    "truth": lambda given: Scalar(True, _SPAN),
    "an empty list": lambda given: ListValue((), _SPAN),
    "an open list": lambda given: ListValue((), _SPAN, _OPEN),
    "an empty map": lambda given: MapValue({}, _SPAN),
    "an open map": lambda given: MapValue({}, _SPAN, _OPEN),
    "a list of all sorts": lambda given: ListValue(
        (Scalar("x", _SPAN), _OPEN, MapValue({}, _SPAN), Absent(_SPAN), ListValue((), _SPAN)), _SPAN
    ),
    "a choice": lambda given: Choice(_CONDITION, _block(given, lambda: _OPEN), Absent(_SPAN), _SPAN),
    "a choice of kinds": lambda given: Choice(
        _CONDITION, Scalar("x", _SPAN), MapValue({"a": Entry(_SPAN, _OPEN, "a")}, _SPAN), _SPAN
    ),
}


@pytest.mark.parametrize("odd", sorted(_ODD))
def test_no_value_breaks_the_translation(odd: str) -> None:
    raw = [_raw(name, _ODD[odd]) for name in sorted(_TABLES)]
    found = normalise(raw)
    kept = {each.address for each in found} | {address for each in found for address in each.folded}
    assert {each.address for each in raw if _TABLES[each.type].fold is None} <= kept


def _known(value: Value) -> bool:
    """Whether anything in a value is a known text, number or truth value."""
    if isinstance(value, Scalar):
        return True
    if isinstance(value, ListValue):
        return any(map(_known, value.items))
    if isinstance(value, MapValue):
        return any(_known(entry.value) for entry in value.entries.values())
    if isinstance(value, Choice):
        return _known(value.yes) or _known(value.no)
    return False


@bundled(sorted(name for name, table in _TABLES.items() if table.fold is None))
def test_what_is_unknown_stays_unknown(name: str) -> None:
    (resource, *_) = normalise([_raw(name, lambda given: _OPEN)])
    known = {key for key, entry in resource.properties.entries.items() if _known(entry.value)}
    # The stream's type follows from the block that names its source, whatever is in it.
    assert known <= {"DeliveryStreamType"}


@bundled(sorted(_TABLES))
def test_a_body_with_more_than_is_known_stays_open(name: str) -> None:
    into = _TABLES[name].fold
    if into is not None:
        return
    (resource,) = normalise([_raw(name, lambda given: Absent(_SPAN), rest=_OPEN)])
    assert resource.properties.rest is not None


def test_resources_of_unknown_types_are_kept() -> None:
    body = MapValue({"some_thing": Entry(_SPAN, Scalar("x", _SPAN), "some_thing")}, _SPAN)
    raw = RawResource("other_thing.x", "other_thing", body, _SPAN, MapValue({}, _SPAN))
    (resource,) = normalise([raw])
    assert (resource.type, list(resource.properties.entries)) == ("other_thing", ["SomeThing"])


@pytest.mark.parametrize("literal", [True, False])
def test_many_resources_of_one_type_find_their_own(literal: bool) -> None:
    raw = []
    for number in range(3000):
        name: Value = Scalar(f"b{number}", _SPAN)
        body = MapValue({"bucket": Entry(_SPAN, name, "bucket")}, _SPAN)
        raw.append(RawResource(f"aws_s3_bucket.b{number}", "aws_s3_bucket", body, _SPAN, MapValue({}, _SPAN)))
        owner = name if literal else Reference(f"aws_s3_bucket.b{number}", "id", _SPAN)
        split = MapValue({"bucket": Entry(_SPAN, owner, "bucket")}, _SPAN)
        address, kind = f"aws_s3_bucket_public_access_block.b{number}", "aws_s3_bucket_public_access_block"
        raw.append(RawResource(address, kind, split, _SPAN, MapValue({}, _SPAN)))
    found = normalise(raw)
    assert len(found) == 3000
    assert all(len(each.folded) == 1 for each in found)
