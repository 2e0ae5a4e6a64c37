"""What rules would change, in the user's names: as JSON from the resource downwards."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlwa_lint.engine.intents import intent_of
from mlwa_lint.frontends.cloudformation.vocabulary import VOCABULARY as TEMPLATES
from mlwa_lint.frontends.terraform.vocabulary.labels import vocabulary_of
from mlwa_lint.graph.changes import (
    Change,
    add_resource,
    append_to,
    remove,
    set_attributes,
    set_to,
    use_key,
)
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.intents import Data, Intent
from tests.support.small_graphs import KEY, endpoint_config, view_of
from tests.support.small_values import HERE


def view(language: str = "cloudformation") -> ResourceView:
    vocabulary = (
        TEMPLATES if language == "cloudformation" else vocabulary_of("aws_sagemaker_endpoint_configuration")
    )
    return view_of(endpoint_config()._replace(vocabulary=vocabulary))


def wanted(intent: Intent) -> object:
    return json.loads(intent.wanted)


def test_a_property_is_set_where_it_stands() -> None:
    config = view()
    intent = intent_of(set_to(config["KmsKeyId"], "b", risk="a risk"))
    assert intent._replace(wanted="") == Intent("set", "", ("KmsKeyId",), KEY, "a risk")
    assert wanted(intent) == {"KmsKeyId": "b"}


def test_a_property_that_is_absent_is_set_at_the_resource() -> None:
    intent = intent_of(set_to(view()["DataCaptureConfig"]["KmsKeyId"], "b"))
    assert (intent.anchor, intent.properties) == (HERE, ("DataCaptureConfig.KmsKeyId",))
    assert wanted(intent) == {"DataCaptureConfig": {"KmsKeyId": "b"}}


@pytest.mark.parametrize(
    ("value", "properties"),
    [
        ({"A": 1, "B": {"C": 2}}, ("D.A", "D.B.C")),
        ({}, ("D",)),
        ([], ("D",)),
        ([{"A": 1}, {"A": 2, "B": 3}], ("D.A", "D.B")),
        ([{"A": 1}, 2], ("D",)),
        ([1, 2], ("D",)),
        ({"A": [{"B": 1}]}, ("D.A.B",)),
    ],
)
def test_the_properties_that_get_a_value(value: object, properties: tuple[str, ...]) -> None:
    intent = intent_of(Change("set", view()["D"], value))  # type: ignore[arg-type]
    assert intent.properties == properties
    assert wanted(intent) == {"D": value}


@pytest.mark.parametrize(
    ("change", "kind", "value"),
    [
        (
            append_to(view()["Tags"], {"Key": "a", "Value": "b"}),
            "append",
            {"Tags": [{"Key": "a", "Value": "b"}]},
        ),
        (remove(view()["KmsKeyId"]), "remove", {"KmsKeyId": True}),
        (use_key(view()["KmsKeyId"]), "set", {"KmsKeyId": "${kms-key}"}),
        (set_attributes(view(), {"DeletionPolicy": "Retain"}), "attribute", {"DeletionPolicy": "Retain"}),
    ],
)
def test_each_kind_of_change(change: Change, kind: str, value: object) -> None:
    intent = intent_of(change)
    assert intent.kind == kind
    assert wanted(intent) == value


def test_attributes_are_set_at_the_resource_and_concern_no_property() -> None:
    intent = intent_of(set_attributes(view(), {"DeletionPolicy": "Retain"}, risk="r"))
    assert (intent.properties, intent.anchor, intent.risk) == ((), HERE, "r")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("cloudformation", {"type": "AWS::A::B", "properties": {"C": 1}}),
        ("terraform", {"type": "aws_a_b", "properties": {"c": 1}}),
    ],
)
def test_a_resource_is_added_in_the_users_language(language: str, expected: object) -> None:
    change = add_resource(view(language), ("AWS::A::B", {"C": 1}), ("aws_a_b", {"c": 1}), risk="r")
    intent = intent_of(change)
    assert intent._replace(wanted="") == Intent("add", "", (), HERE, "r")
    assert wanted(intent) == expected


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("KmsKeyId",), "b", {"kms_key_arn": "b"}),
        (
            ("DataCaptureConfig",),
            {"EnableCapture": True, "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}]},
            {
                "data_capture_config": {
                    "enable_capture": True,
                    "capture_options": [{"capture_mode": "Input"}, {"capture_mode": "Output"}],
                }
            },
        ),
        (("DataCaptureConfig", "KmsKeyId"), "b", {"data_capture_config": {"kms_key_id": "b"}}),
        (("ProductionVariants",), [], {"production_variants": []}),
    ],
)
def test_terraform_has_its_own_names(path: tuple[str, ...], value: object, expected: object) -> None:
    at = view("terraform")[path[0]]
    for name in path[1:]:
        at = at[name]
    intent = intent_of(Change("set", at, value))  # type: ignore[arg-type]
    assert wanted(intent) == expected


_DATA = st.recursive(
    st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(_DATA)
def test_what_is_wanted_is_written_as_json_writes_it(value: Data) -> None:
    intent = intent_of(set_to(view()["KmsKeyId"], value))
    assert intent.wanted == json.dumps({"KmsKeyId": value})
