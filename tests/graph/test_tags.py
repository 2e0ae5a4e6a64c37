"""Tags: lists of keys and values, maps, and types that take none."""

import pytest

from mlwa_lint.frontends.terraform.vocabulary.labels import VOCABULARY as TERRAFORM
from mlwa_lint.graph.queries import tags
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import NO, YES, Answer, undecided
from mlwa_lint.model.values import Absent, MapValue, Scalar, Unknown, Value
from tests.support.small_graphs import ENDPOINT, resource, view_of
from tests.support.small_values import HERE, listed, map_of

UNDECIDED = undecided("why")
OPEN = Unknown("why", HERE)


def tag(key: Value) -> MapValue:
    return map_of(Key=key, Value=Scalar("x", HERE))


OWNER = Scalar("owner", HERE)


@pytest.mark.parametrize(
    ("value", "has", "begins"),
    [
        (listed(tag(OWNER)), YES, YES),
        (listed(tag(Scalar("team", HERE)), tag(OWNER)), YES, YES),
        (listed(tag(Scalar("own", HERE))), NO, YES),
        (listed(tag(Scalar("Owner", HERE))), NO, NO),
        (listed(), NO, NO),
        (Absent(), NO, NO),
        (listed(tag(OPEN)), UNDECIDED, UNDECIDED),
        (listed(rest=OPEN), UNDECIDED, UNDECIDED),
        (listed(tag(OWNER), rest=OPEN), YES, YES),
        (map_of(owner=OPEN), YES, YES),
        (map_of(own=OPEN), NO, YES),
        (map_of(team=OWNER), NO, NO),
        (map_of(OPEN, team=OWNER), UNDECIDED, UNDECIDED),
        (map_of(OPEN, owner=OWNER), YES, YES),
        (map_of(), NO, NO),
        (OPEN, UNDECIDED, UNDECIDED),
    ],
)
def test_keys_among_tags(value: Value, has: Answer, begins: Answer) -> None:
    view = view_of(resource("R", ENDPOINT, Tags=value))["Tags"]
    assert tags.has_key(view, "owner") == has
    assert tags.any_key(view, ("own", "cost")) == begins


def of_type(kind: str, language: str = "cloudformation") -> ResourceView:
    one = resource("R", kind)
    if language == "terraform":
        one = one._replace(vocabulary=TERRAFORM)
    return view_of(one)


@pytest.mark.parametrize("kind", sorted(tags._UNTAGGED))
def test_types_without_tags(kind: str) -> None:
    assert not tags.is_taggable(of_type(kind))
    assert not tags.is_taggable(of_type(kind, "terraform"))


@pytest.mark.parametrize("kind", sorted(tags._FREE))
def test_types_that_cost_nothing_themselves(kind: str) -> None:
    assert not tags.is_billed(of_type(kind))
    assert tags.is_taggable(of_type(kind)) is (kind not in tags._UNTAGGED)


def test_devices_take_tags_in_templates_alone() -> None:
    device = "AWS::SageMaker::Device"
    assert tags.is_taggable(of_type(device))
    assert not tags.is_taggable(of_type(device, "terraform"))
    assert tags.is_taggable(of_type(ENDPOINT, "terraform"))
    assert tags.is_billed(of_type(ENDPOINT))
