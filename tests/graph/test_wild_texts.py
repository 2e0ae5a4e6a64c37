"""Texts of policies: lists or single texts, known or not, in which `*` and `?` match anything."""

import pytest

from mlwa_lint.graph.iam import wildcards
from mlwa_lint.graph.views import View
from mlwa_lint.graph.worlds import World
from mlwa_lint.model.answers import NO, YES, Answer, undecided
from mlwa_lint.model.conditions import AnyScenario
from mlwa_lint.model.values import Absent, ListValue, MapValue, Reference, Scalar, Unknown, Value
from tests.support.small_graphs import resource
from tests.support.small_values import HERE, partly, text

UNDECIDED = undecided("why")
ASSUMED = frozenset({"the default of X"})
OPEN = Unknown("why", HERE)
ACCOUNT = Unknown("why", HERE, (), "AWS::AccountId")
CALLER = Unknown("why", HERE, (), "module.m.data.aws_caller_identity.me.account_id")
ROLE = Reference("Role", "Arn", HERE)
BALANCERS = Unknown("why", HERE, (), "data.aws_elb_service_account.main.arn")
LOOKED_UP = Unknown("why", HERE, (), "module.m.data.aws_iam_role.reader.arn")


def view(value: Value) -> View:
    return View(resource("R", "AWS::X::Y"), World(AnyScenario(), {}), value, ("P",), HERE)


def texts(*data: str) -> ListValue:
    return ListValue(tuple(text(each) for each in data), HERE)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (texts("a", "b"), ("a", "b")),
        (ListValue((), HERE), ()),
        (text("a"), ("a",)),
        (text(3), ("3",)),
        (Absent(), ()),
        (Absent(HERE, ASSUMED), None),
        (Scalar("a", HERE, ASSUMED), None),
        (ListValue((Scalar("a", HERE, ASSUMED),), HERE), None),
        (ListValue((text("a"),), HERE, None, ASSUMED), None),
        (ListValue((text("a"),), HERE, OPEN), None),
        (ListValue((text("a"), OPEN), HERE), None),
        (OPEN, None),
        (ROLE, None),
        (MapValue({}, HERE), None),
    ],
)
def test_plain_texts_are_known_and_rest_on_nothing(value: Value, expected: object) -> None:
    assert wildcards.plain_texts(view(value)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (text("*"), YES),
        (text("**"), YES),
        (text(""), NO),
        (text("?"), NO),
        (text("a*"), NO),
        (text("arn:aws:s3:::*"), YES),
        (text("arn:aws:s3:*:*:*"), YES),
        (text("arn:*:*:*:*:**"), YES),
        (text("arn:aws:s3:::a*"), NO),
        (text("arn:aws:s3:eu-west-1:*:*"), NO),
        (ROLE, NO),
        (Reference("Role", "", HERE, "*"), YES),
        (OPEN, UNDECIDED),
        (partly("arn:aws:s3:::", OPEN), UNDECIDED),
        (partly("arn:aws:s3:::a", OPEN), NO),
        (partly("arn:aws:s3:::", ROLE), NO),
        (partly("arn:aws:s3:::", ACCOUNT), NO),
        (partly("arn:", OPEN, ":s3:::*"), YES),
        (partly("arn:", CALLER, ":s3:::*"), YES),
    ],
)
def test_a_resource_of_nothing_but_wildcards(value: Value, expected: Answer) -> None:
    assert wildcards.is_any(view(value)) == expected
    assert wildcards.any_wildcard(view(ListValue((text("a"), value), HERE))) == expected


def test_answers_about_wildcards_rest_on_what_the_text_rests_on() -> None:
    for value in (partly("a", OPEN), partly("arn:", OPEN, ":s3:::*"), ROLE):
        assert wildcards.is_any(view(value._replace(assumed=ASSUMED))).assumed == ASSUMED


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (text("*"), YES),
        (text("a"), NO),
        (text("**"), NO),
        (OPEN, UNDECIDED),
        (ACCOUNT, NO),
        (CALLER, NO),
        (ROLE, NO),
        (partly("a", OPEN), NO),
        (partly("*", OPEN), UNDECIDED),
        (partly(":", OPEN, "/"), NO),
        (partly("", ROLE), NO),
        (partly("", OPEN), UNDECIDED),
        (BALANCERS, NO),
        (LOOKED_UP, NO),
        (Unknown("why", HERE, (), "data.aws_iam_roles.all.arns"), UNDECIDED),
    ],
)
def test_a_star_alone(value: Value, expected: Answer) -> None:
    assert wildcards.is_star(view(value)) == expected
    assert wildcards.any_star(view(ListValue((text("a"), value), HERE))) == expected
    assert wildcards.any_star(view(texts("a", "b"))) == NO


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (text("*"), YES),
        (text("0.0.0.0/0"), YES),
        (text("::/0"), YES),
        (text("10.0.0.0/8"), NO),
        (OPEN, UNDECIDED),
        (partly("10.", OPEN), NO),
        (ROLE, NO),
    ],
)
def test_a_condition_that_excludes_no_principal(value: Value, expected: Answer) -> None:
    assert wildcards.admits_all(view(value)) == expected


@pytest.mark.parametrize(
    ("value", "name", "any_case", "expected"),
    [
        (texts("s3:Get*"), "s3:GetObject", False, YES),
        (texts("a", "s3:Get?bject"), "s3:GetObject", False, YES),
        (texts("s3:get*"), "s3:GetObject", False, NO),
        (texts("s3:GET*"), "s3:getObject", True, YES),
        (texts("s3:Put*"), "s3:GetObject", True, NO),
        (texts(), "s3:GetObject", False, NO),
        (texts("s3:${*}"), "s3:GetObject", False, NO),
        (texts("s3:${aws:username}"), "s3:GetObject", False, NO),
        (OPEN, "s3:GetObject", False, UNDECIDED),
        (ListValue((OPEN,), HERE), "s3:GetObject", False, UNDECIDED),
        (ListValue((OPEN, text("s3:*")), HERE), "s3:GetObject", False, YES),
        (partly("s3:", OPEN), "s3:GetObject", False, UNDECIDED),
        (partly("ec2:", OPEN), "s3:GetObject", False, NO),
        (partly("S3:", OPEN), "s3:GetObject", True, UNDECIDED),
        (partly("s3:*", OPEN), "s3:GetObject", False, UNDECIDED),
        (Reference("R", "", HERE, "s3:*"), "s3:GetObject", False, YES),
        (Scalar("s3:*", HERE, ASSUMED), "s3:GetObject", False, YES),
    ],
)
def test_which_patterns_cover_a_name(value: Value, name: str, any_case: bool, expected: Answer) -> None:
    assert wildcards.any_match(view(value), (name,), any_case) == expected


def test_a_pattern_that_is_assumed_covers_by_that_assumption() -> None:
    found = wildcards.any_match(view(Scalar("s3:*", HERE, ASSUMED)), ("s3:GetObject",), any_case=False)
    assert (found, found.assumed) == (YES, ASSUMED)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (text("sagemaker.amazonaws.com"), YES),
        (text("ec2.amazonaws.com"), NO),
        (text("sagemaker"), YES),
        (partly("sagemaker.", OPEN), YES),
        (partly("ec2.", OPEN), NO),
        (partly("sage", OPEN), UNDECIDED),
        (partly(OPEN, ".amazonaws.com"), UNDECIDED),
        (OPEN, UNDECIDED),
    ],
)
def test_services_are_known_by_their_first_part(value: Value, expected: Answer) -> None:
    assert wildcards.is_service(view(value), ("sagemaker", "bedrock")) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (text("aws:SourceArn"), YES),
        (text("AWS:sourceArn"), YES),
        (text("kms:ViaService"), NO),
        (partly("aws:Source", OPEN), YES),
        (partly("kms:", OPEN), NO),
        (partly("aws:so", OPEN), UNDECIDED),
        (partly("k", OPEN), NO),
        (partly("aws:source", OPEN), YES),
        (partly(OPEN, "x"), UNDECIDED),
        (OPEN, UNDECIDED),
    ],
)
def test_a_text_begins_with_a_prefix_whatever_its_case(value: Value, expected: Answer) -> None:
    assert wildcards.begins(view(value), "aws:source") == expected


def test_the_single_text_of_a_list_is_evaluated_alone() -> None:
    def is_a(each: View) -> Answer:
        return each.equals("a")

    assert wildcards.any_text(view(text("a")), is_a) == YES
    assert wildcards.any_text(view(texts("b", "a")), is_a) == YES
    assert wildcards.any_text(view(texts("b")), is_a) == NO
    assert wildcards.any_text(view(partly("b", OPEN)), lambda each: NO) == NO
    assert wildcards.any_text(view(ACCOUNT), lambda each: NO) == NO
    assert wildcards.any_text(view(ROLE), lambda each: NO) == NO
    assert wildcards.any_text(view(OPEN), lambda each: NO) == UNDECIDED
    assert wildcards.any_known(view(texts("b", "a")), lambda each: each == "a") == YES
    assert wildcards.any_known(view(texts("b")), lambda each: each == "a") == NO
