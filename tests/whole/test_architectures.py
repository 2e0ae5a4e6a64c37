"""The architectures that users start from: the good version is silent, the careless one is not."""

import pytest

from tests.support import architectures
from tests.support.architectures import ARCHITECTURES, NAMES
from tests.support.rule_examples import all_rules

BOTH = ("good", "careless")
# The lens's architectures use services that AWS has closed to new customers since: a fact, not a mistake.
UNAVOIDABLE = ("MLO602",)
# Greengrass components, which the aws provider does not have: both languages must give the same findings.
NOT_IN_THE_ARCHITECTURES = {"MLP6"}
# What stays open in the good versions, and why; nothing else may be undecided.
OPEN = {
    # The images are in a repository of the project, whose address is known after deployment.
    "MLP103": 4,
    # Locations that the input of a workflow names.
    "MLR504": 2,
    # Hyperparameters that tuning finds.
    "MLS106": 1,
    # The provider has no bias and explainability jobs; their definitions' names are variables.
    "MLO110": 1,
    "MLO112": 1,
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", ["good.yaml", "good"])
def test_no_rule_fires_on_a_good_architecture(name: str, form: str) -> None:
    found = architectures.findings_of(ARCHITECTURES / name / form, ARCHITECTURES / name)
    assert [each for each in found if each.split()[1] not in UNAVOIDABLE] == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", ["good.yaml", "good"])
def test_hardly_anything_is_undecided_in_a_good_architecture(name: str, form: str) -> None:
    undecided = [each.code for each in architectures.outcome_of(ARCHITECTURES / name / form).undecided]
    for code in set(undecided):
        assert undecided.count(code) <= OPEN.get(code, 0), code


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", ["careless.yaml", "careless"])
def test_a_careless_architecture_gives_exactly_the_expected_findings(name: str, form: str) -> None:
    base = ARCHITECTURES / name
    assert architectures.findings_of(base / form, base) == architectures.expected(base, form)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("version", BOTH)
def test_an_architecture_has_the_same_kinds_of_ml_resources_in_both_languages(
    name: str, version: str
) -> None:
    base = ARCHITECTURES / name
    template = (base / f"{version}.yaml").read_text("utf-8")
    folder = "".join(each.read_text("utf-8") for each in sorted((base / version).rglob("*.tf")))
    assert template.count("AWS::SageMaker::Endpoint\n") == folder.count('"aws_sagemaker_endpoint"')
    assert template.count("AWS::SageMaker::Model\n") == folder.count('"aws_sagemaker_model"')
    assert template.count("AWS::Bedrock::Agent\n") == folder.count('"aws_bedrockagent_agent"')


def test_every_topic_has_a_finding_in_a_careless_architecture() -> None:
    topics = {
        line.split()[1][:4]
        for name in NAMES
        for line in (ARCHITECTURES / name / "expected.txt").read_text("utf-8").splitlines()
    }
    catalogue = {rule.code[:4] for rule in all_rules()}
    assert catalogue - topics == NOT_IN_THE_ARCHITECTURES
