"""The same architecture gives the same findings as CloudFormation, HCL, `.tf.json` and as a plan.

The plans under `tests/data/plans` were recorded by `scripts/record_plans.py`.
"""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from mlwa_lint.engine.check import Outcome
from tests.support import architectures
from tests.support.architectures import ARCHITECTURES, NAMES, logical

PLANS = Path(__file__).parent.parent / "data" / "plans"
VERSIONS = ("good", "careless")
# A plan shows no lifecycle blocks: these rules are undecided there.
NOT_IN_PLANS = {"MLR115", "MLR302"}
# The lens's architectures use services that AWS has closed to new customers since: a fact, not a mistake.
UNAVOIDABLE = "MLO602"
# The provider has no bias and explainability jobs; CloudFormation has no logging of model invocations.
ONLY_IN_CLOUDFORMATION = {("MLO602", "BiasDefinition"), ("MLO602", "ExplainabilityDefinition")}
ONLY_IN_TERRAFORM = {("MLO603", "Assistant"), ("MLO603", "Manuals")}
# The provider that the plans are recorded with knows neither model cards nor AgentCore's memory.
NOT_RECORDED = {"AssistantMemory"}
WITHOUT_CARDS = {("MLO511", "Model"), ("MLO511", "ReviewModel")}

# The provider that the plans are recorded with does not have AgentCore.
RECORDED = tuple(each for each in NAMES if each != "agent-assistant")

every_architecture = pytest.mark.parametrize("name", NAMES)
every_recorded = pytest.mark.parametrize("name", RECORDED)
every_version = pytest.mark.parametrize("version", VERSIONS)


@every_architecture
@every_version
def test_cloudformation_and_terraform_give_the_same_findings(name: str, version: str) -> None:
    template = architectures.outcome_of(ARCHITECTURES / name / f"{version}.yaml")
    folder = architectures.outcome_of(ARCHITECTURES / name / version)
    in_template = Counter(architectures.codes_by_resource(template))
    in_folder = Counter(architectures.codes_by_resource(folder))
    assert set(in_template - in_folder) <= ONLY_IN_CLOUDFORMATION
    assert set(in_folder - in_template) <= ONLY_IN_TERRAFORM


@every_architecture
@every_version
def test_terraform_in_json_gives_the_same_findings(name: str, version: str, tmp_path: Path) -> None:
    folder = ARCHITECTURES / name / version
    in_json = architectures.outcome_of(_in_json(folder, tmp_path / "project"))
    in_hcl = architectures.outcome_of(folder)
    assert _exactly(in_json) == _exactly(in_hcl)
    assert _open(in_json) == _open(in_hcl)


@every_recorded
@every_version
def test_a_plan_gives_the_same_findings(name: str, version: str) -> None:
    folder = architectures.outcome_of(ARCHITECTURES / name / version)
    plan = architectures.outcome_of(PLANS / f"{name}-{version}.json")
    stated = [
        (code, name)
        for code, name in architectures.codes_by_resource(folder)
        if code not in NOT_IN_PLANS and name not in NOT_RECORDED
    ]
    planned = Counter(architectures.codes_by_resource(plan))
    assert not Counter(stated) - planned
    # A plan knows values that the configuration alone leaves open.
    left_open = {(each.code, logical(each.address)) for each in folder.undecided}
    assert set(planned - Counter(stated)) <= left_open | (WITHOUT_CARDS if version == "good" else set())


@every_recorded
def test_the_first_plan_of_a_good_architecture_gives_no_finding(name: str) -> None:
    # Nothing exists yet, and much is known after apply only: that must not look like a mistake.
    found = architectures.codes_by_resource(architectures.outcome_of(PLANS / f"{name}-good-new.json"))
    assert [each for each in found if each[0] != UNAVOIDABLE and each not in WITHOUT_CARDS] == []


# Nothing in the careless image analysis lacks a lifecycle block.
@pytest.mark.parametrize("name", [each for each in RECORDED if each != "image-analysis"])
def test_what_a_plan_does_not_show_is_undecided(name: str) -> None:
    folder = architectures.outcome_of(ARCHITECTURES / name / "careless")
    plan = architectures.outcome_of(PLANS / f"{name}-careless.json")
    hidden = {(each.code, each.address) for each in folder.findings if each.code in NOT_IN_PLANS}
    assert hidden
    assert hidden <= {(each.code, each.address) for each in plan.undecided}


def _exactly(outcome: Outcome) -> list[tuple[str, str, str]]:
    return sorted((each.code, each.address, each.message) for each in outcome.findings)


def _open(outcome: Outcome) -> list[tuple[str, str]]:
    return sorted((each.code, each.address) for each in outcome.undecided)


# -- HCL as JSON, by way of python-hcl2


def _in_json(source: Path, target: Path) -> Path:
    """A copy of a Terraform folder in JSON syntax."""
    for path in sorted(source.rglob("*")):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".tf":
            text = json.dumps(_converted(path.read_text("utf-8")), indent=2)
            copy.with_suffix(".tf.json").write_text(text, "utf-8")
        elif path.is_file():
            copy.write_text(path.read_text("utf-8"), "utf-8")
    return target


def _converted(text: str) -> Any:
    hcl2 = pytest.importorskip("hcl2")
    options = hcl2.utils.SerializationOptions(with_comments=False, preserve_heredocs=False)
    return _json(hcl2.loads(text, serialization_options=options))


def _json(value: Any) -> Any:
    """python-hcl2's dictionaries as Terraform's JSON syntax: no marks, no quotes, no escapes of HCL."""
    if isinstance(value, dict):
        return {_plain(key): _typed(key, inner) for key, inner in value.items() if key != "__is_block__"}
    if isinstance(value, list):
        return [_json(each) for each in value]
    return _plain(value) if isinstance(value, str) else value


def _typed(key: str, value: Any) -> Any:
    """A type is written in JSON as in HCL, and not as a template."""
    if key == "type" and isinstance(value, str) and re.match(r"\$\{(list|set|map|object|tuple)\(", value):
        return value.removeprefix("${").removesuffix("}")
    return _json(value)


def _plain(text: str) -> str:
    if not (text.startswith('"') and text.endswith('"')):
        return text
    return re.sub(r"\\(.)", lambda match: {"n": "\n", "t": "\t"}.get(match[1], match[1]), text[1:-1])
