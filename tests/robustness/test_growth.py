"""Families of inputs at three sizes: the work that they make grows with them and with nothing else.

Work is counted in calls, so that a busy machine makes no difference. What doubles with each step of its input
must stay below a bound whatever its size; all else must grow hardly faster than its input.
"""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.discovery.target import Target
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.report import Report
from mlwa_lint.run.pipeline import lint_target
from mlwa_lint.run.settings import RunSettings
from tests.support.work import calls_of

RULES = load_rules().rules
EXPONENT = 1.25
# Calls that an input may make whose size says nothing about what it asks for: some four seconds.
BOUND = 8_000_000
NOTEBOOK = "AWS::SageMaker::NotebookInstance"
ANY = {"Ref": "AWS::NoValue"}
Resources = dict[str, Any]


def of(kind: str, **properties: Any) -> Resources:
    return {"Type": kind, "Properties": properties}


def template(resources: Resources, **sections: Any) -> str:
    return json.dumps({"Resources": resources, **sections})


def machine(levels: int, branches: int = 3) -> Resources:
    job = "arn:aws:states:::sagemaker:createTrainingJob.sync"
    if not levels:
        task = {"Type": "Task", "Resource": job, "Parameters": {"TrainingJobName": "x"}, "End": True}
        return {"StartAt": "T", "States": {"T": task}}
    inner = [machine(levels - 1, branches)] * branches
    return {"StartAt": "P", "States": {"P": {"Type": "Parallel", "Branches": inner, "End": True}}}


def parallel_text(branches: int) -> str:
    definition = json.dumps(machine(2, branches))
    return template({"S": of("AWS::StepFunctions::StateMachine", DefinitionString=definition)})


def parallel_object(branches: int) -> str:
    return template({"S": of("AWS::StepFunctions::StateMachine", Definition=machine(2, branches))})


def chain_of_states(size: int) -> str:
    states: Resources = {f"S{n}": {"Type": "Pass", "Next": f"S{n + 1}"} for n in range(size)}
    states[f"S{size}"] = {"Type": "Succeed"}
    definition = {"StartAt": "S0", "States": states}
    return template({"S": of("AWS::StepFunctions::StateMachine", Definition=definition)})


def secrets_on_one_line(size: int) -> str:
    variables = {f"PASSWORD_{n}": f"hunter{n}xyz!Q" for n in range(size)}
    return template({"F": of("AWS::Lambda::Function", Environment={"Variables": variables})})


def open_loops(size: int) -> str:
    loops = {
        f"Fn::ForEach::L{n}": ["I", {"Ref": "P"}, {f"B{n}${{I}}": {"Type": NOTEBOOK}}] for n in range(size)
    }
    parameters = {"P": {"Type": "CommaDelimitedList"}}
    return template(loops, Transform="AWS::LanguageExtensions", Parameters=parameters)


def mappings(size: int) -> str:
    names = {f"k{n}": {"a": f"v{n}"} for n in range(size)}
    found = {"Fn::FindInMap": ["M", {"Ref": "P"}, "a"]}
    parameters = {"P": {"Type": "String"}}
    return template({"N": of(NOTEBOOK, InstanceType=found)}, Mappings={"M": names}, Parameters=parameters)


def allowed_values(size: int) -> str:
    parameters = {"P": {"Type": "String", "AllowedValues": [f"v{n}" for n in range(size)]}}
    conditions = {"C": {"Fn::Equals": [{"Ref": "P"}, "v1"]}}
    resources = {"N": {**of(NOTEBOOK, InstanceType={"Ref": "P"}), "Condition": "C"}}
    return template(resources, Parameters=parameters, Conditions=conditions)


def macros(size: int) -> str:
    resources = {f"N{n}": of(NOTEBOOK) for n in range(size)}
    return template(resources, Transform=[f"M{n}" for n in range(size)])


def queues_of_one_key(size: int) -> str:
    queues = {f"Q{n}": of("AWS::SQS::Queue", KmsMasterKeyId={"Ref": "K"}) for n in range(size)}
    return template({"K": of("AWS::KMS::Key"), **queues})


def functions_of_one_role(size: int) -> str:
    statement = {"Effect": "Allow", "Action": ["bedrock:InvokeModel", "s3:*"], "Resource": "*"}
    policy = {"PolicyName": "p", "PolicyDocument": {"Statement": [statement]}}
    functions = {f"F{n}": of("AWS::Lambda::Function", Role={"Fn::GetAtt": ["R", "Arn"]}) for n in range(size)}
    return template({"R": of("AWS::IAM::Role", Policies=[policy]), **functions})


def exports(size: int) -> str:
    outputs = {f"O{n}": {"Value": {"Ref": "B"}, "Export": {"Name": f"e{n}"}} for n in range(size)}
    return template({"B": of("AWS::S3::Bucket")}, Outputs=outputs)


def names_of_buckets(size: int) -> str:
    return "".join(
        f'resource "aws_s3_bucket" "b{n}" {{\n  bucket = "n"\n}}\n'
        f'resource "aws_s3_bucket_versioning" "v{n}" {{\n  bucket = "n"\n}}\n'
        for n in range(size)
    )


def attributes(size: int) -> str:
    return 'resource "aws_s3_bucket" "b" {\n' + "".join(f"  a{n} = {n}\n" for n in range(size)) + "}\n"


def heredoc(size: int) -> str:
    lines = "".join(f"  ${{1 + {n}}}\n" for n in range(size))
    return f'resource "aws_s3_bucket" "b" {{\n  bucket = <<-EOT\n{lines}EOT\n}}\n'


LINEAR: dict[str, tuple[Callable[[int], str], int, str]] = {
    "branches of text": (parallel_text, 6, "t.json"),
    "branches": (parallel_object, 6, "t.json"),
    "states": (chain_of_states, 100, "t.json"),
    "secrets on one line": (secrets_on_one_line, 100, "t.json"),
    "loops over what is not known": (open_loops, 100, "t.json"),
    "mappings": (mappings, 500, "t.json"),
    "allowed values": (allowed_values, 1000, "t.json"),
    "macros and resources": (macros, 50, "t.json"),
    "queues of one key": (queues_of_one_key, 100, "t.json"),
    "functions of one role": (functions_of_one_role, 50, "t.json"),
    "exports": (exports, 100, "t.json"),
    "buckets of one name": (names_of_buckets, 100, "main.tf"),
    "attributes": (attributes, 500, "main.tf"),
    "a heredoc": (heredoc, 200, "main.tf"),
}
# What the size of an input means where it is not one more of the same: branches multiply.
POWERS = {"branches of text": 2, "branches": 2}


def work(folder: Path, name: str, content: str) -> tuple[int, Report]:
    (folder / name).write_text(content, encoding="utf-8")
    target = (
        Target("terraform", str(folder))
        if name == "main.tf"
        else Target("cloudformation", str(folder / name))
    )
    settings = RunSettings(RULES, LoadOptions(root=folder), scope="all")
    reports = []
    count = calls_of(lambda: reports.append(lint_target(target, settings)))
    return count, reports[0]


@pytest.mark.parametrize("family", LINEAR)
def test_work_grows_with_the_input(tmp_path: Path, family: str) -> None:
    make, size, name = LINEAR[family]
    work(tmp_path, name, make(2))  # what is imported and compiled once
    start, _ = work(tmp_path, name, make(2))
    counts = []
    for factor in (1, 2, 4):
        count, report = work(tmp_path, name, make(size * factor))
        assert (report.errors, [each for each in report.problems if each.fatal]) == ((), [])
        counts.append(max(count - start, 1))
    exponent = math.log(counts[2] / counts[0]) / math.log(4 ** POWERS.get(family, 1))
    assert exponent < EXPONENT, counts


def nested_substitutions(depth: int) -> str:
    value: Any = "x" * 100
    for _ in range(depth):
        value = {"Fn::Sub": ["${a}${a}", {"a": value}]}
    return template({"B": of("AWS::S3::Bucket", BucketName=value)})


def parallel_levels(levels: int) -> str:
    definition = json.dumps(machine(levels))
    return template({"S": of("AWS::StepFunctions::StateMachine", DefinitionString=definition)})


def substitutions_of_definitions(size: int) -> str:
    values = {f"A{n}": f"${{A{n - 1}}}${{A{n - 1}}}" for n in range(1, size)} | {"A0": "x" * 1000}
    text = f'{{"StartAt": "${{A{size - 1}}}", "States": {{}}}}'
    properties = {"DefinitionString": text, "DefinitionSubstitutions": values}
    return template({"S": of("AWS::StepFunctions::StateMachine", **properties)})


def lists_of_conditions(size: int) -> str:
    parameters = {f"P{n}": {"Type": "String"} for n in range(size)}
    conditions = {f"C{n}": {"Fn::Equals": [{"Ref": f"P{n}"}, "x"]} for n in range(size)}
    items = [{"Fn::If": [f"C{n}", f"a{n}", ANY]} for n in range(size)]
    resources = {"R": of("AWS::IAM::Role", ManagedPolicyArns=items)}
    return template(resources, Parameters=parameters, Conditions=conditions)


def nested_loops(size: int) -> str:
    body: Resources = {"B${I0}${I1}${I2}": {"Type": "AWS::S3::Bucket"}}
    for level in range(size):
        body = {f"Fn::ForEach::L{level}": [f"I{level}", [str(n) for n in range(30)], body]}
    return template(body, Transform="AWS::LanguageExtensions")


def conditional_resources(size: int) -> str:
    parameters = {f"P{n}": {"Type": "String"} for n in range(size)}
    conditions = {f"C{n}": {"Fn::Equals": [{"Ref": f"P{n}"}, "x"]} for n in range(size)}
    resources = {f"N{n}": {**of(NOTEBOOK), "Condition": f"C{n}"} for n in range(size)}
    return template(resources, Parameters=parameters, Conditions=conditions)


def bucket(expression: str) -> str:
    return f'resource "aws_s3_bucket" "b" {{\n  bucket = {expression}\n}}\n'


def doubling_locals(size: int) -> str:
    lines = [f'  a{n} = "${{local.a{n - 1}}}${{local.a{n - 1}}}"' for n in range(1, size)]
    return "\n".join(("locals {", '  a0 = "xx"', *lines, "}", bucket(f"local.a{size - 1}")))


def trees_of_locals(size: int) -> str:
    lines = [f"  a{n} = {{ l = local.a{n - 1}, r = local.a{n - 1} }}" for n in range(1, size)]
    return "\n".join(("locals {", "  a0 = {}", *lines, "}", bucket(f"jsonencode(local.a{size - 1})")))


def loops_in_loops(size: int) -> str:
    numbers = f"range({size})"
    inner = f"[for c in {numbers} : [for d in {numbers} : [for e in {numbers} : c]]]"
    return bucket(f"length(flatten([for a in {numbers} : [for b in {numbers} : {inner}]]))")


def dynamic_blocks(levels: int) -> str:
    content = "content { days = 1 }"
    for _ in range(levels):
        content = f'content {{\ndynamic "rule" {{\nfor_each = range(20)\n{content}\n}}\n}}'
    rules = f'dynamic "rule" {{\nfor_each = range(20)\n{content}\n}}'
    return f'resource "aws_s3_bucket_lifecycle_configuration" "b" {{\nbucket = "x"\n{rules}\n}}\n'


def policies_that_include_twice(size: int) -> str:
    first = (
        'data "aws_iam_policy_document" "d0" {\n  statement {\n    actions = ["s3:*"]\n'
        '    resources = ["*"]\n  }\n}\n'
    )
    included = [f"data.aws_iam_policy_document.d{n - 1}.json" for n in range(1, size)]
    others = "".join(
        f'data "aws_iam_policy_document" "d{n}" {{\n  source_policy_documents = [{each}, {each}]\n}}\n'
        for n, each in enumerate(included, 1)
    )
    return first + others + 'resource "aws_iam_policy" "p" {\n  policy = ' + f"{included[-1]}\n}}\n"


BOUNDED: dict[str, tuple[Callable[[int], str], tuple[int, int, int], str]] = {
    "nested substitutions": (nested_substitutions, (10, 20, 28), "t.json"),
    "parallel branches": (parallel_levels, (2, 4, 6), "t.json"),
    "substitutions of definitions": (substitutions_of_definitions, (10, 20, 40), "t.json"),
    "lists of conditions": (lists_of_conditions, (5, 10, 20), "t.json"),
    "loops": (nested_loops, (1, 2, 3), "t.json"),
    "conditional resources": (conditional_resources, (20, 80, 160), "t.json"),
    "texts that double": (doubling_locals, (10, 20, 60), "main.tf"),
    "maps that double": (trees_of_locals, (5, 15, 40), "main.tf"),
    "loops in loops": (loops_in_loops, (5, 20, 60), "main.tf"),
    "dynamic blocks": (dynamic_blocks, (2, 4, 8), "main.tf"),
    "policies that include twice": (policies_that_include_twice, (5, 20, 60), "main.tf"),
}


@pytest.mark.parametrize("family", BOUNDED)
def test_work_is_bounded_where_an_input_asks_for_ever_more(tmp_path: Path, family: str) -> None:
    make, sizes, name = BOUNDED[family]
    for size in sizes:
        count, report = work(tmp_path, name, make(size))
        assert report.errors == ()
        assert count < BOUND, (size, count)


def test_a_rule_that_asks_about_thousands_of_conditions_is_undecided(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text(conditional_resources(1200), encoding="utf-8")
    rules = tuple(rule for rule in RULES if rule.code == "MLC502")
    settings = RunSettings(rules, LoadOptions(root=tmp_path), scope="all")
    report = lint_target(Target("cloudformation", str(tmp_path / "t.json")), settings)
    assert report.errors == ()
    assert [each.code for each in report.undecided] == ["MLC502"]
    assert report.undecided[0].reasons == ("more combinations of conditions than are looked at",)
