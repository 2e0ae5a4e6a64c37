"""Whatever a template holds, reading it ends, with resources or with problems, and never raises."""

import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlwa_lint.frontends.cloudformation.stacks.exports import link_exports
from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.resources import Project
from mlwa_lint.model.values import alternatives, references_in

FUNCTIONS = [
    "Condition",
    "Fn::And",
    "Fn::Base64",
    "Fn::Cidr",
    "Fn::Contains",
    "Fn::Equals",
    "Fn::FindInMap",
    "Fn::ForEach::Loop",
    "Fn::GetAZs",
    "Fn::GetAtt",
    "Fn::If",
    "Fn::ImportValue",
    "Fn::Join",
    "Fn::Length",
    "Fn::Not",
    "Fn::Or",
    "Fn::Select",
    "Fn::Split",
    "Fn::Sub",
    "Fn::ToJsonString",
    "Fn::Transform",
    "Ref",
]
WORDS = st.sampled_from(
    [
        "A",
        "B",
        "C",
        "P",
        "L",
        "M",
        "k",
        "AWS::Region",
        "AWS::NoValue",
        "A.Arn",
        "a${P}b",
        "${C}",
        "",
        ",",
        "0",
        "x,y",
        "{{resolve:ssm:/a}}",
        "${!P}",
        "S.Outputs.O",
        "true",
    ]
)
nodes = st.recursive(
    st.one_of(WORDS, st.integers(-2, 300), st.booleans(), st.none()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.one_of(WORDS, st.sampled_from(["Type", "Properties", "DefaultValue"])), inner, max_size=3
        ),
        st.builds(lambda name, argument: {name: argument}, st.sampled_from(FUNCTIONS), inner),
    ),
    max_leaves=12,
)
TYPES = st.sampled_from(
    [
        "AWS::S3::Bucket",
        "AWS::CloudFormation::Stack",
        "AWS::Serverless::Function",
        "AWS::Serverless::Api",
        "X::Y::Z::MODULE",
    ]
)
bodies = st.fixed_dictionaries(
    {"Type": TYPES},
    optional={"Properties": nodes, "Condition": WORDS, "Metadata": nodes, "DeletionPolicy": nodes},
)
templates = st.fixed_dictionaries(
    {
        "Resources": st.dictionaries(
            st.sampled_from(["A", "B", "S", "Fn::ForEach::R", "Fn::Transform"]),
            st.one_of(bodies, nodes),
            max_size=3,
        )
    },
    optional={
        "Transform": st.one_of(st.just("AWS::Serverless-2016-10-31"), nodes),
        "Parameters": st.dictionaries(
            st.sampled_from("PL"),
            st.one_of(
                nodes,
                st.fixed_dictionaries(
                    {"Type": st.sampled_from(["String", "CommaDelimitedList"])},
                    optional={"Default": WORDS, "AllowedValues": st.lists(WORDS, max_size=3)},
                ),
            ),
            max_size=2,
        ),
        "Conditions": st.one_of(nodes, st.dictionaries(st.sampled_from("ABC"), nodes, max_size=3)),
        "Mappings": st.one_of(nodes, st.just({"M": {"k": {"x": 1}, "A": {"x": 2}}})),
        "Rules": st.one_of(
            nodes, st.just({"R": {"Assertions": [{"Assert": {"Fn::Contains": [["x"], {"Ref": "P"}]}}]}})
        ),
        "Outputs": st.one_of(
            nodes, st.builds(lambda n, v: {"O": {"Value": v, "Export": {"Name": n}}}, nodes, nodes)
        ),
        "Globals": nodes,
    },
)


def looked_at(project: Project) -> int:
    """Does what later stages do with a project, and counts the resources."""
    for resource in project.resources:
        references_in(resource.properties)
        references_in(resource.attributes)
        for entry in resource.properties.entries.values():
            alternatives(entry.value)
        project.scenarios.possible({guard.condition.name: guard.holds for guard in resource.guards})
    return len(project.resources)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    templates,
    st.dictionaries(st.sampled_from("PLQ"), st.one_of(WORDS, st.lists(WORDS, max_size=2)), max_size=2),
)
def test_any_structure_is_read(template: dict[str, Any], parameters: dict[str, Any]) -> None:
    text = json.dumps(template)
    project = load(Path("template.json"), LoadOptions(parameters=parameters), text)
    assert looked_at(project) or project.problems or project.gaps
    assert project == load(Path("template.json"), LoadOptions(parameters=parameters), text)._replace(
        scenarios=project.scenarios
    )
    assert len(link_exports([project, project._replace(root="b", exports={})])) in (1, 2)


TEXT = """AWSTemplateFormatVersion: 2010-09-09
Parameters: {P: {Type: String, Default: a}}
Conditions:
  C: !Equals [!Ref P, "a"]
Resources:
  A: &anchor
    Type: AWS::S3::Bucket
    Properties:
      Name: !Sub '${P}-x'   # a comment
      Long: |
        one
        two
      List: [1, !If [C, 2, !Ref AWS::NoValue]]
  B: *anchor
"""


@settings(max_examples=300, deadline=None)
@given(
    st.integers(0, len(TEXT)),
    st.integers(0, 40),
    st.text("{}[]:-!&*\t\n '\"#|>,%@`a\u2028\u00e9\U0001f600", max_size=6),
)
def test_any_damage_to_a_text_is_a_problem_or_none(position: int, length: int, inserted: str) -> None:
    text = TEXT[:position] + inserted + TEXT[position + length :]
    project = load(Path("template.yaml"), LoadOptions(), text)
    assert looked_at(project) or project.problems or project.gaps
    for problem in project.problems:
        assert 1 <= problem.line <= text.count("\n") + 2
