"""Configurations of one model each that are alike: on the same type of instance, with the same image."""

import json
from pathlib import Path
from typing import Any

import pytest

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.graph.queries import single_models
from mlwa_lint.graph.queries.single_models import _Single, alike, instance_type_of
from mlwa_lint.graph.views import Resolved
from mlwa_lint.model.answers import YES, Answer, undecided
from mlwa_lint.model.values import Absent, Reference, Scalar, Unknown
from tests.support.graphs import linked
from tests.support.small_values import HERE

KIND, IMAGE = Scalar("ml.m5.large", HERE), Scalar("a", HERE)
PARAMETER = {"Ref": "P"}


@pytest.mark.parametrize(
    ("kind", "image", "served", "is_certain"),
    [
        (KIND, IMAGE, YES, True),
        (KIND, IMAGE, undecided("why"), False),
        (KIND, IMAGE, Answer("yes", (), frozenset({"x"})), True),
        (KIND._replace(assumed=frozenset({"x"})), IMAGE, YES, True),
        (KIND, Reference("R", "Uri", HERE), YES, True),
        (KIND, Unknown("w", HERE, (), "parameter P"), YES, True),
        (KIND, Unknown("w", HERE), YES, False),
        (KIND, Absent(), YES, True),
    ],
)
def test_what_is_the_same_for_those_that_are_alike(
    kind: Resolved, image: Resolved, served: Answer, is_certain: bool
) -> None:
    one, other = (_Single(name, kind, image, served, HERE).outline for name in ("C", "D"))
    assert one.is_certain is is_certain
    assert (one == other) is not (isinstance(image, Unknown) and not image.identity)


def config(number: int, kind: Any = "ml.m5.large", image: Any = "a:1", served: Any = True) -> dict[str, Any]:
    variant = {
        "VariantName": "v",
        "ModelName": {"Fn::GetAtt": [f"M{number}", "ModelName"]},
        "InstanceType": kind,
    }
    found: dict[str, Any] = {
        f"M{number}": {"Type": "AWS::SageMaker::Model", "Properties": {"PrimaryContainer": {"Image": image}}},
        f"C{number}": {
            "Type": "AWS::SageMaker::EndpointConfig",
            "Properties": {"ProductionVariants": [variant]},
        },
    }
    if served:
        name = {"Fn::GetAtt": [f"C{number}", "EndpointConfigName"]}
        found[f"E{number}"] = {"Type": "AWS::SageMaker::Endpoint", "Properties": {"EndpointConfigName": name}}
    return found


def companions(*configs: dict[str, Any], of: str = "C0") -> tuple[Answer, list[str]] | None:
    resources = {name: each for one in configs for name, each in one.items()}
    template = {"Parameters": {"P": {"Type": "String"}}, "Resources": resources}
    project = load(Path("t.json"), LoadOptions(), json.dumps(template))
    graph = linked(project)
    found = alike(graph.resource(of), graph)
    return None if found is None else (found.many, [each.address for each in found.others])


def test_three_that_are_alike_are_many() -> None:
    assert companions(*(config(number) for number in range(3))) == (YES, ["C1", "C2"])
    assert companions(*(config(number) for number in range(2))) is None
    assert companions(*(config(number) for number in range(4)), of="C2") == (YES, ["C0", "C1", "C3"])


@pytest.mark.parametrize(
    "other",
    [config(2, kind="ml.m5.xlarge"), config(2, image="b:1"), config(2, served=False)],
)
def test_one_that_differs_does_not_count(other: dict[str, Any]) -> None:
    assert companions(config(0), config(1), other) is None
    assert companions(config(0), config(1), config(3), other) == (YES, ["C1", "C3"])


def test_one_that_may_be_alike_leaves_it_undecided() -> None:
    found = companions(config(0), config(1), config(2, kind=PARAMETER))
    assert found == (undecided("why"), ["C1"])
    assert companions(config(0), config(1, kind=PARAMETER), config(2, image=PARAMETER)) == (
        undecided("why"),
        [],
    )


def test_those_that_share_what_is_not_known_are_alike() -> None:
    assert companions(*(config(number, kind=PARAMETER) for number in range(3))) == (YES, ["C1", "C2"])


def test_what_runs_no_single_model_has_no_companions() -> None:
    several = config(0)
    properties = several["C0"]["Properties"]
    properties["ProductionVariants"] = properties["ProductionVariants"] * 2
    assert companions(several, config(1), config(2)) is None
    unknown = config(0)
    unknown["C0"]["Properties"]["ProductionVariants"] = PARAMETER
    assert companions(unknown, config(1), config(2)) is None
    serverless = config(0)
    del serverless["C0"]["Properties"]["ProductionVariants"][0]["InstanceType"]
    assert companions(serverless, config(1), config(2)) is None


def test_where_a_configuration_states_its_type() -> None:
    project = load(Path("t.json"), LoadOptions(), json.dumps({"Resources": config(0)}))
    graph = linked(project)
    assert instance_type_of(graph.resource("C0")).text == "ml.m5.large"


@pytest.mark.parametrize("image", ["a:1", {"Ref": "P"}, {"Fn::GetAtt": ["R", "Uri"]}])
def test_those_with_other_images_are_not_compared_in_pairs(
    image: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[_Single, _Single]] = []
    are_alike = single_models._are_alike

    def counted(one: _Single, other: _Single) -> Answer:
        compared.append((one, other))
        return are_alike(one, other)

    monkeypatch.setattr(single_models, "_are_alike", counted)
    references = [config(number, image={"Fn::GetAtt": [f"R{number}", "Uri"]}) for number in range(1, 40)]
    texts = [config(number, image=f"b:{number}") for number in range(41, 80)]
    assert companions(config(0, image=image), config(99, image=image), *references, *texts) is not None
    assert len(compared) < 5


def test_a_default_of_a_parameter_makes_no_difference_to_how_many_are_compared() -> None:
    template = {
        "Parameters": {"T": {"Type": "String", "Default": "ml.m5.large"}},
        "Resources": {name: each for n in range(3) for name, each in config(n, kind={"Ref": "T"}).items()},
    }
    graph = linked(load(Path("t.json"), LoadOptions(), json.dumps(template)))
    found = alike(graph.resource("C1"), graph)
    assert found is not None
    assert [each.address for each in found.others] == ["C0", "C2"]
