"""Facts about instance types, against the generated table of what SageMaker offers."""

import re
from typing import get_args

import pytest

from mlwa_lint.graph.machines import instances
from mlwa_lint.graph.machines.instances import Use


@pytest.mark.parametrize("use", get_args(Use))
def test_every_use_has_instance_types(use: Use) -> None:
    offered = instances.offered(use)
    assert len(offered) > 50
    assert all(re.fullmatch(r"ml\.[a-z0-9-]+\.[0-9a-z]+", each) for each in offered)


@pytest.mark.parametrize(
    ("instance_type", "use", "offered"),
    [
        ("ml.m5.xlarge", "hosting", True),
        ("ml.m5.xlarge", "notebook", True),
        ("ml.m5.huge", "hosting", False),
        ("m5.xlarge", "hosting", False),
        ("ml.inf2.xlarge", "hosting", True),
        ("ml.inf2.xlarge", "training", False),
        ("ml.trn1.32xlarge", "training", True),
    ],
)
def test_what_is_offered_for_what(instance_type: str, use: Use, offered: bool) -> None:
    assert instances.is_offered(instance_type, use) is offered


def test_every_graviton_counterpart_is_offered_for_hosting() -> None:
    for each in instances.offered("hosting"):
        other = instances.graviton_for_hosting(each)
        assert other is None or other in instances.offered("hosting")
    assert instances.graviton_for_hosting("ml.m5.xlarge") == "ml.m8g.xlarge"
    assert instances.graviton_for_hosting("ml.c7i.xlarge") == "ml.c8g.xlarge"
    assert instances.graviton_for_hosting("ml.r6i.xlarge") == "ml.r8g.xlarge"
    assert instances.graviton_for_hosting("ml.r5d.xlarge") == "ml.r7gd.xlarge"
    assert instances.graviton_for_hosting("ml.c6g.xlarge") is None
    assert instances.graviton_for_hosting("ml.g5.xlarge") is None
    assert instances.graviton_for_hosting("ml.c5.18xlarge") is None


def test_accelerated_families_of_sagemaker_are_known() -> None:
    """Every family that SageMaker offers and whose name shows an accelerator has one in our table."""
    offered = {instances.family(each) for use in get_args(Use) for each in instances.offered(use)}
    named = {each for each in offered if re.match(r"(p\d|g\d|gr\d|inf|trn|dl\d)", each)}
    assert {each for each in named if instances.accelerator(f"ml.{each}.xlarge") is None} == set()


def test_generations_sizes_and_credits() -> None:
    assert instances.successor("ml.p3.2xlarge") == "p4d"
    assert instances.successor("ml.m5.large") is None
    assert instances.is_burstable("ml.t3.medium")
    assert not instances.is_burstable("ml.m5.large")
    assert instances.xlarge_units("ml.m5.4xlarge") == 4
    assert instances.xlarge_units("ml.m5.large") == 0.5
    assert instances.xlarge_units("nonsense") == 0
    assert instances.family("nonsense") == ""


@pytest.mark.parametrize(
    ("instance_type", "local"),
    [
        ("ml.g5.xlarge", True),
        ("ml.r7gd.large", True),
        ("ml.c7gd.large", True),
        ("ml.m5dn.large", True),
        ("ml.m5.large", False),
        ("ml.c6in.large", False),
        ("ml.inf2.xlarge", False),
    ],
)
def test_families_with_local_disks_are_known_also_before_the_service_offers_them(
    instance_type: str, local: bool
) -> None:
    assert instances.has_local_storage(instance_type) is local
