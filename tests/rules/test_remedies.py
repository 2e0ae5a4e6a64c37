"""Every remedy names what exists: arguments of the Terraform provider, properties of cfn-lint's schemas.

Remedies are read from the rules and from what their modules define beside them: a claim may bring its own.
"""

import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from mlwa_lint.frontends.terraform.vocabulary.index import table_of
from mlwa_lint.rule import Remedy, Rule
from tests.support import rule_examples as harness

ARGUMENTS = Path(__file__).parent.parent / "data" / "terraform_provider" / "arguments.json"
# Arguments of the data source that writes policies, and words of the language itself.
OF_POLICIES = {"actions", "condition", "identifiers", "principals", "resources", "statement"}
OF_TERRAFORM = {
    "count",
    "create_before_destroy",
    "default_tags",
    "depends_on",
    "for_each",
    "lifecycle",
    "prevent_destroy",
    "replace_triggered_by",
    "self",
}
# Keys of documents and attributes of templates, which no schema of a resource's properties has.
OF_TEMPLATES = {"DeletionPolicy", "DependsOn", "Properties", "Type", "UpdateReplacePolicy"}
# What jobs have in the request that a workflow makes, and states of a workflow.
OF_WORKFLOWS = {
    "AlgorithmSpecification",
    "CheckpointConfig",
    "Choice",
    "CompletionCriteria",
    "EnableManagedSpotTraining",
    "ErrorEquals",
    "ExceptionType",
    "MaxAttempts",
    "MaxAutoMLJobRuntimeInSeconds",
    "MaxWaitTimeInSeconds",
    "MetricDefinitions",
    "Name",
    "QualityCheck",
    "Regex",
    "Retry",
    "RetryPolicies",
}
OF_METRICS = {"ApproximateBacklogSizePerInstance", "Invocation5XXErrors"}
# Types that a remedy refers to without their names.
COMPANIONS = {
    r"(?i)alarm": ("AWS::CloudWatch::Alarm",),
    r"(?i)scal|capacity": ("AWS::ApplicationAutoScaling::ScalableTarget",),
    r"(?i)resource_?id": ("AWS::ApplicationAutoScaling::ScalableTarget",),
    r"(?i)variant|capture": ("AWS::SageMaker::EndpointConfig",),
    r"(?i)model|image": ("AWS::SageMaker::Model",),
    r"(?i)endpoints?\b": ("AWS::EC2::VPCEndpoint",),
    r"(?i)log group": ("AWS::Logs::LogGroup",),
    r"(?i)tracing|function": ("AWS::Lambda::Function",),
}
OF_DOCUMENTS = {
    "Action",
    "Condition",
    "Effect",
    "Principal",
    "Resource",
    "Service",
    "Statement",
    "Bool",
    "IpAddress",
    "StringEquals",
    "AWSOwnedKey",
    "AllowFromPublic",
    "KmsARN",
    "SourceServices",
}
_SNIPPET = re.compile(r"`([^`]+)`")
_ASSIGNED = re.compile(r"(?<![\w.\"])([a-z][a-z0-9_]*) (?:= |\{)|^([a-z][a-z0-9]*(?:_[a-z0-9]+)+)$")
_PROPERTY = re.compile(r"(?<![\w:.\"-])([A-Z]+[a-z]\w*)(?=: )|^([A-Z]+[a-z]\w*(?:\.[A-Z]\w+)*)$")
_NAMED_TYPE = re.compile(r"AWS::\w+::\w+|\baws_[a-z0-9_]+\b(?!\.)")


class Case(NamedTuple):
    """One remedy of a rule."""

    rule: Rule
    remedy: Remedy

    def __str__(self) -> str:
        return f"{self.rule.code}: {self.remedy.cloudformation[:40]}"


def _remedies_in(value: object) -> Iterator[Remedy]:
    if isinstance(value, Remedy):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _remedies_in(each)


def _cases() -> Iterator[Case]:
    for rule in harness.all_rules():
        yield Case(rule, rule.remedy)
        module = sys.modules[(rule.check or rule.project_check).__module__]
        # What a module defines beside its rules belongs to one of them: its arguments may be of any.
        codes = [each for each in vars(module).values() if isinstance(each, Rule)]
        if rule == codes[0]:
            merged = rule._replace(on=tuple(dict.fromkeys(kind for each in codes for kind in each.on)))
            for value in vars(module).values():
                if not isinstance(value, Rule):
                    yield from (Case(merged, each) for each in _remedies_in(value))


CASES = list(_cases())


@cache
def _terraform() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ARGUMENTS.read_text("utf-8"))["types"]
    return found


def _names(arguments: Any) -> Iterator[str]:
    if isinstance(arguments, dict):
        for name, inner in arguments.items():
            yield name
            yield from _names(inner)


@cache
def _arguments_of(kind: str) -> frozenset[str]:
    """The arguments of all Terraform types that become a canonical type, at any depth."""
    found: set[str] = set()
    for name, arguments in _terraform().items():
        table = table_of(name)
        if name == kind or (table is not None and table.type == kind):
            found |= set(_names(arguments))
    return frozenset(found)


@cache
def _properties_of(kind: str) -> frozenset[str]:
    """The properties of a CloudFormation type in cfn-lint's schemas, at any depth."""
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER as SCHEMAS

    if kind not in _cloudformation_types():
        return frozenset()
    return frozenset(_keys(SCHEMAS.get_resource_schema("us-east-1", kind).schema))


@cache
def _cloudformation_types() -> frozenset[str]:
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER as SCHEMAS

    return frozenset(SCHEMAS.get_resource_types("us-east-1"))


def _keys(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for inner in schema.values():
            yield from _keys(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _keys(inner)


def _kinds(case: Case, text: str) -> set[str]:
    """The types that a remedy can be about: those of the rule, and those that it names."""
    listed = {kind for kind in case.rule.on if not kind.endswith("*")}
    patterns = tuple(kind[:-1] for kind in case.rule.on if kind.endswith("*"))
    if patterns:
        listed |= {kind for kind in _cloudformation_types() if kind.startswith(patterns)}
    mentioned = {kind for word, kinds in COMPANIONS.items() if re.search(word, text) for kind in kinds}
    return listed | mentioned | set(_NAMED_TYPE.findall(text))


def _words(pattern: re.Pattern[str], text: str) -> set[str]:
    return {
        word
        for snippet in _SNIPPET.findall(text)
        for found in pattern.findall(snippet)
        for name in found
        if name
        for word in name.split(".")
    }


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_remedy_names_arguments_that_the_provider_has(case: Case) -> None:
    text = case.remedy.terraform
    kinds = _kinds(case, text)
    allowed = OF_POLICIES | OF_TERRAFORM | kinds
    known = [arguments for kind in kinds if (arguments := _arguments_of(kind))]
    if not known or "awscc_" in text:
        return  # the AWS provider has none of these types
    for arguments in known:
        allowed |= arguments
    assert _words(_ASSIGNED, text) <= allowed


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_remedy_names_properties_that_cloudformation_has(case: Case) -> None:
    text = case.remedy.cloudformation
    kinds = _kinds(case, text)
    known = [properties for kind in kinds if (properties := _properties_of(kind))]
    if not known:
        return  # CloudFormation has none of these types: steps of workflows, or Terraform alone
    allowed = OF_TEMPLATES | OF_DOCUMENTS | OF_WORKFLOWS | OF_METRICS
    for properties in known:
        allowed = allowed | properties
    assert _words(_PROPERTY, text) <= allowed


def test_names_that_do_not_exist_are_found() -> None:
    rule = harness.rule_of("MLS402")
    wrong = Remedy("Set `RootAcess: Disabled`.", 'Set `root_acess = "Disabled"`.')
    with pytest.raises(AssertionError, match="root_acess"):
        test_a_remedy_names_arguments_that_the_provider_has(Case(rule, wrong))
    with pytest.raises(AssertionError, match="RootAcess"):
        test_a_remedy_names_properties_that_cloudformation_has(Case(rule, wrong))
