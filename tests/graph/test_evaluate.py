"""What a role may do: compared with another evaluator, by properties, and on projects known in part."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.terraform.project import load as load_terraform
from mlwa_lint.graph import patterns
from mlwa_lint.graph.iam import arns
from mlwa_lint.graph.iam.evaluate import AccessRequest, Decision, role_may
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.model.answers import NO, YES, Answer
from mlwa_lint.model.resources import Project
from tests.support.bundles import bundled
from tests.support.graphs import linked

UNDECIDED = Answer("undecided")
_RECORD = Path(__file__).parents[1] / "data" / "iam" / "decisions.json"


def view_of(project: Project) -> GraphView:
    assert not project.problems
    return linked(project)


def graph_of(resources: Mapping[str, Any]) -> GraphView:
    template = {"Parameters": {"P": {"Type": "String"}}, "Resources": resources}
    return view_of(load(Path("t.json"), LoadOptions(), json.dumps(template)))


def role(*statements: Any, **further: Any) -> dict[str, Any]:
    policies = [{"PolicyName": "own", "PolicyDocument": {"Statement": list(statements)}}]
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {"RoleName": "worker", "Policies": policies if statements else [], **further},
    }


def allow(action: Any, resource: Any = "*", **further: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **further}


def deny(action: Any, resource: Any = "*", **further: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **further}


def requested(
    resources: Mapping[str, Any],
    action: str,
    arn: str = "",
    target: str = "",
    context: Mapping[str, str] | None = None,
) -> Decision:
    """What role `R` may do: with an ARN, or with a resource of the template (objects of a bucket)."""
    graph = graph_of(resources)
    resource = graph.resource(target) if target else None
    if resource is None:
        text = patterns.arn(patterns.text(arn))
    elif resource.type == "AWS::S3::Bucket":
        text = arns.of_objects(resource, graph, (patterns.ANYTHING,))
    else:
        text = arns.of_resource(resource, graph)
    return role_may(graph.resource("R"), AccessRequest(action, text, context or {}), graph, resource)


# -- another evaluator


@cache
def _recorded() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(_RECORD.read_text("utf-8"))
    return found


def _with_account(data: Any) -> Any:
    """`${AWS::AccountId}` as CloudFormation writes it."""
    if isinstance(data, dict):
        return {key: _with_account(each) for key, each in data.items()}
    if isinstance(data, list):
        return [_with_account(each) for each in data]
    return {"Fn::Sub": data} if isinstance(data, str) and "${" in data else data


def _decided(case: Mapping[str, Any]) -> Decision:
    resources: dict[str, Any] = {"R": role(*_with_account(case["identity"]))}
    if "boundary" in case:
        document = {"Statement": _with_account(case["boundary"])}
        resources["B"] = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}}
        resources["R"]["Properties"]["PermissionsBoundary"] = {"Ref": "B"}
    policy = {"Statement": _with_account(case.get("policy", []))}
    if case["about"] == "bucket":
        resources["T"] = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "data"}}
        if "policy" in case:
            properties = {"Bucket": {"Ref": "T"}, "PolicyDocument": policy}
            resources["BP"] = {"Type": "AWS::S3::BucketPolicy", "Properties": properties}
    if case["about"] == "key":
        resources["T"] = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": policy}}
    graph = graph_of(resources)
    target = graph.resource("T") if "T" in resources else None
    text = patterns.arn(patterns.text(case["resource"].replace("us-east-1:111122223333", "\0")))
    if case["about"] == "key":
        assert target is not None
        text = arns.of_resource(target, graph)
    elif "sagemaker" in case["resource"]:
        text = patterns.text("arn:aws:sagemaker:", patterns.REGION, ":", patterns.ACCOUNT, ":endpoint/score")
    context = {"aws:PrincipalTag/team": case["team"]}
    return role_may(graph.resource("R"), AccessRequest(case["action"], text, context), graph, target)


@bundled(_recorded(), json.dumps)
def test_another_evaluator_agrees(case: dict[str, Any]) -> None:
    answer = _decided(case).answer
    # The Region of a key is not known to a template that names one.
    named = "arn:aws:kms:us-east-1" in json.dumps([case["identity"], case.get("boundary")])
    if not named:
        assert answer != UNDECIDED, answer.reasons
    assert answer in (UNDECIDED, YES if case["allowed"] else NO)


# -- properties

_ACTIONS = ["s3:GetObject", "s3:*", "s3:Put*", "kms:Decrypt", "*"]
_ARNS = ["*", "arn:aws:s3:::data/*", "arn:aws:s3:::data/in/*", {"Fn::Sub": "arn:aws:s3:::${P}/*"}]
_CONDITIONS = [
    None,
    {"StringEquals": {"aws:PrincipalTag/team": "ml"}},
    {"Bool": {"aws:SecureTransport": "false"}},
]
_statements = st.builds(
    lambda effect, action, arn, condition: {
        "Effect": effect,
        "Action": action,
        "Resource": arn,
        **({"Condition": condition} if condition else {}),
    },
    st.sampled_from(["Allow", "Deny"]),
    st.sampled_from(_ACTIONS),
    st.sampled_from(_ARNS),
    st.sampled_from(_CONDITIONS),
)
_RANK = {"no": 0, "undecided": 1, "yes": 2}


def _answer(statements: list[Any]) -> Answer:
    return requested({"R": role(*statements)}, "s3:GetObject", "arn:aws:s3:::data/in/a.csv").answer


@given(st.lists(_statements, min_size=1, max_size=4), _statements)
def test_a_further_deny_never_allows_more(statements: list[Any], further: dict[str, Any]) -> None:
    more = [*statements, {**further, "Effect": "Deny"}]
    assert _RANK[_answer(more).verdict] <= _RANK[_answer(statements).verdict]


@given(st.lists(_statements, min_size=1, max_size=4), _statements)
def test_a_further_allow_never_allows_less(statements: list[Any], further: dict[str, Any]) -> None:
    more = [*statements, {**further, "Effect": "Allow"}]
    assert _RANK[_answer(more).verdict] >= _RANK[_answer(statements).verdict]


@given(
    st.lists(_statements, min_size=2, max_size=5).flatmap(
        lambda each: st.tuples(st.just(each), st.permutations(each))
    )
)
def test_the_order_of_statements_does_not_matter(both: tuple[list[Any], list[Any]]) -> None:
    assert _answer(both[0]) == _answer(both[1])


# -- which statement decides


def test_the_statement_that_decides_is_named() -> None:
    statements = (allow("s3:*", Sid="Wide"), deny("s3:GetObject", "arn:aws:s3:::data/*", Sid="No"))
    decision = requested({"R": role(*statements)}, "s3:GetObject", "arn:aws:s3:::data/a")
    assert (decision.answer, decision.by, str(decision.statement)) == (NO, "deny", "statement No")
    decision = requested({"R": role(*statements)}, "s3:GetObject", "arn:aws:s3:::other/a")
    assert (decision.answer, decision.by, str(decision.statement)) == (YES, "allow", "statement Wide")
    decision = requested({"R": role(*statements)}, "kms:Decrypt", "arn:aws:kms:::key/a")
    assert (decision.answer, decision.by, decision.statement) == (NO, "nothing", None)


# -- references, conditions, boundaries


def test_resources_are_compared_by_what_their_references_stand_for() -> None:
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {}}
    objects = {"Fn::Sub": "${Data.Arn}/*"}
    by_name = {"Fn::Sub": "arn:${AWS::Partition}:s3:::${Data}/*"}
    for arn, target, expected in (
        (objects, "Data", YES),
        (by_name, "Data", YES),
        (objects, "Other", NO),
        ({"Fn::Sub": "arn:aws:s3:::${P}/*"}, "Data", UNDECIDED),
        ("arn:aws:s3:::somebody-elses/*", "Data", UNDECIDED),
    ):
        resources = {"Data": bucket, "Other": bucket, "R": role(allow("s3:GetObject", arn))}
        assert requested(resources, "s3:GetObject", target=target).answer == expected


def test_a_condition_on_the_service_decides_pass_role() -> None:
    condition = {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
    resources = {"R": role(allow("iam:PassRole", Condition=condition))}
    arn = "arn:aws:iam::111122223333:role/jobs"
    for service, expected in (("sagemaker.amazonaws.com", YES), ("glue.amazonaws.com", NO)):
        context = {"iam:PassedToService": service}
        assert requested(resources, "iam:PassRole", arn, context=context).answer == expected
    assert requested(resources, "iam:PassRole", arn).answer == UNDECIDED


def test_a_boundary_of_aws_limits_a_role() -> None:
    boundary = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    resources = {"R": role(allow("*"), PermissionsBoundary=boundary)}
    assert requested(resources, "s3:GetObject", "arn:aws:s3:::data/a").answer == YES
    decision = requested(resources, "s3:PutObject", "arn:aws:s3:::data/a")
    assert (decision.answer, decision.by) == (NO, "boundary")


def test_a_boundary_that_is_not_known_leaves_it_undecided() -> None:
    resources = {"R": role(allow("*"), PermissionsBoundary={"Ref": "P"})}
    assert requested(resources, "s3:GetObject", "arn:aws:s3:::data/a").answer == UNDECIDED


# -- managed policies


@pytest.mark.parametrize(
    ("arn", "action", "expected"),
    [
        ("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", "s3:GetObject", YES),
        ("arn:aws-us-gov:iam::aws:policy/AmazonS3ReadOnlyAccess", "s3:GetObject", YES),
        ({"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AmazonS3ReadOnlyAccess"}, "s3:GetObject", YES),
        ("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", "s3:PutObject", NO),
        ("arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole", "s3:ListAllMyBuckets", YES),
        ("arn:aws:iam::aws:policy/AmazonSageMakerFullAccess", "sagemaker:CreateModel", YES),
        ("arn:aws:iam::aws:policy/SomethingNewFullAccess", "s3:GetObject", UNDECIDED),
        ("arn:aws:iam::111122223333:policy/of-the-account", "s3:GetObject", UNDECIDED),
        ({"Ref": "P"}, "s3:GetObject", UNDECIDED),
    ],
)
def test_policies_that_aws_manages(arn: Any, action: str, expected: Answer) -> None:
    resource = "arn:aws:sagemaker:eu-west-1:1:model/m" if "sagemaker" in action else "arn:aws:s3:::data/a"
    assert requested({"R": role(ManagedPolicyArns=[arn])}, action, resource).answer == expected


def test_a_policy_of_another_stack_is_the_reason_and_not_the_account() -> None:
    arn = {"Fn::Sub": "arn:aws:iam::${Account}:policy/service-role/of-the-account"}
    found = requested({"R": role(ManagedPolicyArns=[arn])}, "s3:GetObject", "arn:aws:s3:::data/a")
    assert found.answer.reasons == ("the policy service-role/of-the-account is not part of the project",)


def test_a_policy_of_the_project_is_found_by_its_path() -> None:
    document = {"Statement": [allow("s3:GetObject")]}
    properties = {"ManagedPolicyName": "everything", "Path": "/ml/", "PolicyDocument": document}
    policy = {"Type": "AWS::IAM::ManagedPolicy", "Properties": properties}
    arn = {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:policy/ml/everything"}
    resources = {"M": policy, "R": role(ManagedPolicyArns=[arn])}
    assert requested(resources, "s3:GetObject", "arn:aws:s3:::data/a").answer == YES
    assert requested(resources, "s3:PutObject", "arn:aws:s3:::data/a").answer == NO


# -- policies of resources


def _bucket(*statements: Any) -> dict[str, Any]:
    properties = {"Bucket": {"Ref": "Data"}, "PolicyDocument": {"Statement": list(statements)}}
    return {
        "Data": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "data"}},
        "Policy": {"Type": "AWS::S3::BucketPolicy", "Properties": properties},
    }


def test_a_bucket_that_denies_plain_http_denies_nothing_else() -> None:
    tls = {"Bool": {"aws:SecureTransport": "false"}}
    closed = deny("s3:*", "arn:aws:s3:::data/*", Principal="*", Condition=tls)
    resources = {**_bucket(closed), "R": role(allow("s3:GetObject"))}
    assert requested(resources, "s3:GetObject", target="Data").answer == YES


def test_a_bucket_may_deny_and_allow_by_itself() -> None:
    arn = {"Fn::GetAtt": ["R", "Arn"]}
    for principal, expected in ((arn, YES), ("arn:aws:iam::111122223333:role/other", NO)):
        granting = allow("s3:GetObject", "arn:aws:s3:::data/*", Principal={"AWS": principal})
        assert requested({**_bucket(granting), "R": role()}, "s3:GetObject", target="Data").answer == expected
    others = deny("s3:*", "arn:aws:s3:::data/*", NotPrincipal={"AWS": arn})
    resources = {**_bucket(others), "R": role(allow("s3:GetObject"))}
    assert requested(resources, "s3:GetObject", target="Data").answer == YES


@pytest.mark.parametrize(
    ("principal", "own", "expected"),
    [
        ({"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}, True, YES),
        ({"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}, False, NO),
        ({"Fn::GetAtt": ["R", "Arn"]}, False, YES),
        ({"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/admin"}, True, NO),
        ("arn:aws:iam::111122223333:root", True, UNDECIDED),
    ],
)
def test_a_key_is_open_to_whom_its_policy_names(principal: Any, own: bool, expected: Answer) -> None:
    document = {"Statement": [allow("kms:*", Principal={"AWS": principal})]}
    key = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": document}}
    resources = {"Key": key, "R": role(allow("kms:Decrypt")) if own else role()}
    assert requested(resources, "kms:Decrypt", target="Key").answer == expected


def test_terraform_reads_alike(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        """
        data "aws_caller_identity" "me" {}
        data "aws_partition" "here" {}
        resource "aws_s3_bucket" "data" { bucket_prefix = "data" }
        resource "aws_s3_bucket" "logs" { bucket_prefix = "logs" }
        resource "aws_ecr_repository" "images" { name = "ml/images" }
        resource "aws_iam_role" "r" {
          name               = "worker"
          assume_role_policy = jsonencode({})
        }
        resource "aws_iam_role_policy" "p" {
          role   = aws_iam_role.r.id
          policy = jsonencode({ Statement = [
            { Effect = "Allow", Action = "s3:GetObject", Resource = "${aws_s3_bucket.data.arn}/*" },
            { Effect = "Allow", Action = ["ecr:BatchGetImage"], Resource = aws_ecr_repository.images.arn },
          ] })
        }
        """,
        "utf-8",
    )
    graph = view_of(load_terraform(tmp_path, LoadOptions()))
    worker = graph.resource("aws_iam_role.r")

    def answer(action: str, address: str) -> Answer:
        target = graph.resource(address)
        is_bucket = target.type == "AWS::S3::Bucket"
        text = (
            arns.of_objects(target, graph, (patterns.ANYTHING,))
            if is_bucket
            else arns.of_resource(target, graph)
        )
        return role_may(worker, AccessRequest(action, text), graph, target).answer

    assert answer("s3:GetObject", "aws_s3_bucket.data") == YES
    assert answer("s3:GetObject", "aws_s3_bucket.logs") == NO
    assert answer("s3:PutObject", "aws_s3_bucket.data") == NO
    assert answer("ecr:BatchGetImage", "aws_ecr_repository.images") == YES
