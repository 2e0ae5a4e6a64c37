"""Functions on what is only partly known: what is kept, what becomes open, and that nothing raises."""

from importlib import import_module
from pathlib import Path
from random import Random
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlwa_lint.frontends.failures import failure, is_failure
from mlwa_lint.frontends.terraform import functions
from mlwa_lint.frontends.terraform.functions import NAMES, FunctionContext, call
from mlwa_lint.frontends.terraform.functions.kinds import PlainFunction
from mlwa_lint.frontends.texts import text_of
from mlwa_lint.model.conditions import Condition
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Absent,
    Choice,
    Entry,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    known_text,
    references_in,
)
from tests.support.bundles import bundled

SPAN = Span("main.tf", 3, 5, 3, 9)
CALL = Span("main.tf", 7, 1, 7, 20)
OPEN = Unknown("variable x has no default", SPAN, identity="variable x")
FILLED = Unknown("variable y has no default", SPAN, identity="variable y", present=True)
BUCKET = Reference("aws_s3_bucket.b", "arn", SPAN)
NAMED = Reference("aws_s3_bucket.b", "bucket", SPAN, "data")
BROKEN = failure("no attribute z", SPAN)
HERE = FunctionContext(Path(__file__).parent, Path(__file__).parent)


def s(data: str | float | bool, *assumed: str) -> Scalar:
    return Scalar(data, SPAN, frozenset(assumed))


def items(*values: Value, rest: Unknown | None = None) -> ListValue:
    return ListValue(values, SPAN, rest)


def table(rest: Unknown | None = None, **values: Value) -> MapValue:
    return MapValue({key: Entry(SPAN, value, key) for key, value in values.items()}, SPAN, rest)


def run(name: str, *arguments: Value, context: FunctionContext = HERE) -> Value:
    return call(name, arguments, CALL, context)


def opened(value: Value) -> Unknown:
    assert isinstance(value, Unknown), value
    assert not is_failure(value), value
    return value


def listed(value: Value) -> ListValue:
    assert isinstance(value, ListValue), value
    return value


def mapped(value: Value) -> MapValue:
    assert isinstance(value, MapValue), value
    return value


# -- whatever the arguments are

_CHOICE = Choice(Condition("c", "c"), s("a"), OPEN, SPAN)
_SCALARS: list[Value] = [s("a"), s(""), s("1"), s(3), s(-1), s(0.5), s(True), s("%s"), s("/a/"), s("UTF-8")]
_LEAVES: list[Value] = [*_SCALARS, OPEN, FILLED, BUCKET, NAMED, BROKEN, Absent(SPAN)]
_PARTLY: list[Value] = [Unknown("part", SPAN, ("a-", OPEN)), Unknown("part", SPAN, (BUCKET, "/*"))]


def _drawn(chance: Random, depth: int = 2) -> Value:
    """Any value: a leaf, or a list or map of some; a choice only within another, as functions get them."""
    kind = chance.choice(("leaf", "list", "map")) if depth else "leaf"
    if kind == "leaf":
        return chance.choice([*_LEAVES, *_PARTLY, *([_CHOICE] if depth < 2 else [])])
    rest = chance.choice([None, OPEN])
    if kind == "list":
        return items(*(_drawn(chance, depth - 1) for _ in range(chance.randrange(4))), rest=rest)
    return table(
        rest, **{key: _drawn(chance, depth - 1) for key in chance.sample("abc", chance.randrange(4))}
    )


def _count(name: str, chance: Random) -> int:
    """A number of arguments, mostly a right one."""
    topic = functions._TOPIC_OF.get(name)
    if topic is None:
        return 1
    function = import_module(f"{functions.__name__}.{topic}").FUNCTIONS[name]
    if isinstance(function, PlainFunction):
        right = len(function.parameters)
        return chance.randint(right, right + (2 if function.more else 0))
    return chance.randint(function.least, min(function.most or 4, 4))


@pytest.mark.parametrize("name", sorted(NAMES))
@given(seed=st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_no_function_raises_whatever_it_is_given(name: str, seed: int) -> None:
    chance = Random(seed)
    value = run(name, *(_drawn(chance) for _ in range(_count(name, chance))))
    assert isinstance(value, get_args(Value))
    assert value.assumed == frozenset()


@bundled(sorted(NAMES - {"try", "can"}))
def test_an_argument_that_is_an_error_makes_the_result_no_known_value(name: str) -> None:
    value = run(name, BROKEN)
    assert isinstance(value, Unknown)


def test_an_unknown_function_and_a_providers_function_are_open() -> None:
    assert opened(run("nope", s(1))).reason == "function nope is not known"
    assert "provider" in opened(run("provider::aws::arn_parse", s("x"))).reason
    assert run("core::upper", s("a")) == Scalar("A", CALL)


@pytest.mark.parametrize("name", ["timestamp", "uuid", "bcrypt", "plantimestamp", "rsadecrypt"])
def test_what_every_run_decides_anew_is_open(name: str) -> None:
    assert opened(run(name)).present


# -- errors


@pytest.mark.parametrize(
    ("name", "arguments", "reason"),
    [
        ("tonumber", [s("x")], "tonumber cannot take 'x' as a number"),
        ("upper", [Absent(SPAN)], "upper cannot work on null"),
        ("upper", [], "upper cannot be called with 0 arguments"),
        ("element", [items(), s(0)], "element cannot take an item of an empty list"),
        ("file", [s("nope.txt")], "file cannot find the file nope.txt"),
    ],
)
def test_an_error_states_what_cannot_be_done(name: str, arguments: list[Value], reason: str) -> None:
    value = run(name, *arguments)
    assert is_failure(value)
    assert isinstance(value, Unknown)
    assert value.reason == reason


def test_try_skips_errors_and_takes_what_is_not_known() -> None:
    assert run("try", BROKEN, s("b")) == s("b")
    assert run("try", items(BROKEN), s("b")) == s("b")
    assert run("try", Unknown("text", SPAN, ("a", BROKEN)), s("b")) == s("b")
    assert run("try", OPEN, s("b")) == OPEN
    assert run("try", BUCKET, s("b")) == BUCKET
    assert run("try", Absent(SPAN), s("b")) == Absent(SPAN)
    assert is_failure(run("try", BROKEN, BROKEN))


def test_can_is_open_where_the_argument_is() -> None:
    assert run("can", BROKEN) == Scalar(False, CALL)
    assert run("can", BUCKET) == Scalar(True, CALL)
    opened(run("can", OPEN))


# -- what is not known flows on


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("length", [OPEN]),
        ("length", [items(s(1), rest=OPEN)]),
        ("lower", [OPEN]),
        ("max", [s(1), OPEN]),
        ("element", [items(s(1), rest=OPEN), s(0)]),
        ("contains", [items(s("a"), OPEN), s("b")]),
        ("contains", [items(s("a"), rest=OPEN), s("b")]),
        ("lookup", [table(OPEN, a=s(1)), s("b"), s(2)]),
        ("alltrue", [items(s(True), OPEN)]),
        ("one", [items(s(1), rest=OPEN)]),
        ("index", [items(OPEN, s("b")), s("b")]),
    ],
)
def test_the_reason_is_kept(name: str, arguments: list[Value]) -> None:
    assert opened(run(name, *arguments)).reason == OPEN.reason


def test_equal_calls_on_equal_values_have_equal_identities() -> None:
    first, second = opened(run("lower", OPEN)), opened(run("lower", OPEN))
    assert first.identity == second.identity != ""
    assert first.identity != opened(run("upper", OPEN)).identity


@pytest.mark.parametrize("name", ["lower", "substr", "replace"])
def test_equal_calls_are_the_same_within_longer_texts(name: str) -> None:
    more = {"substr": [s(0), s(8)], "replace": [s("-"), s("_")]}.get(name, [])
    first, second = (text_of([s("churn-"), run(name, BUCKET, *more)], CALL) for _ in range(2))
    assert opened(first).identity == opened(second).identity != ""
    other = text_of([s("churn-"), run("upper", BUCKET)], CALL)
    assert opened(other).identity != opened(first).identity


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("format", [s("%.4s"), OPEN]),
        ("coalesce", [OPEN, s("a")]),
        ("sha256", [run("jsonencode", table(a=OPEN, b=BUCKET))]),
        ("join", [s("-"), items(s("a"), rest=OPEN)]),
        ("merge", [OPEN, table(a=s("b"))]),
    ],
)
def test_what_is_made_of_lists_and_maps_is_the_same_as_well(name: str, arguments: list[Value]) -> None:
    first, second = run(name, *arguments), run(name, *arguments)
    if isinstance(first, MapValue):
        first, second = first.value("c"), second.value("c")  # type: ignore[union-attr]
    texts = [opened(text_of([s("data-"), each], SPAN)) for each in (first, second)]
    assert texts[0].identity == texts[1].identity != ""


def test_what_decides_is_enough() -> None:
    assert run("contains", items(s("a"), OPEN), s("a")) == Scalar(True, CALL)
    assert run("alltrue", items(s(False), OPEN)) == Scalar(False, CALL)
    assert run("anytrue", items(OPEN, s(True))) == Scalar(True, CALL)
    assert run("startswith", Unknown("p", SPAN, ("arn:", OPEN)), s("arn:")) == Scalar(True, CALL)
    assert run("startswith", Unknown("p", SPAN, ("arn:", OPEN)), s("s3")) == Scalar(False, CALL)
    assert run("endswith", Unknown("p", SPAN, (OPEN, "-x")), s("-x")) == Scalar(True, CALL)
    assert run("strcontains", Unknown("p", SPAN, (OPEN, "-x-")), s("x")) == Scalar(True, CALL)


def test_a_known_name_of_a_resource_acts_as_text() -> None:
    assert run("upper", NAMED) == Scalar("DATA", CALL)
    assert known_text(run("format", s("%s-x"), NAMED)) is not None


def test_secrets_stay_secret() -> None:
    secret = OPEN._replace(secret=True)
    assert opened(run("base64encode", secret)).secret
    assert opened(run("length", secret)).secret


# -- text


def test_text_keeps_its_known_parts() -> None:
    assert opened(run("format", s("%s-%d"), OPEN, s(3))).parts == (OPEN, "-3")
    assert opened(run("join", s(","), items(s("a"), OPEN))).parts == ("a,", OPEN)
    assert run("trimsuffix", Unknown("p", SPAN, (BUCKET, "/*")), s("/*")) == BUCKET._replace(span=CALL)
    found = listed(run("split", s("/"), Unknown("p", SPAN, ("a/b-", OPEN))))
    assert found.items == (Scalar("a", CALL),)
    assert found.rest is not None


def test_a_resource_inside_a_changed_text_is_not_lost() -> None:
    value = run("replace", BUCKET, s("-"), s("_"))
    assert [reference.address for reference, _ in references_in(value)] == ["aws_s3_bucket.b"]
    assert known_text(value) is None
    assert opened(run("lower", BUCKET)).present
    for made in (run("join", s(","), items(BUCKET, rest=OPEN)), run("base64gzip", BUCKET)):
        assert [reference.address for reference, _ in references_in(made)] == ["aws_s3_bucket.b"]
        assert opened(made).present


def test_formatlist_over_an_open_list_is_open() -> None:
    opened(run("formatlist", s("%s"), OPEN))
    assert listed(run("formatlist", s("%s-x"), items(OPEN, s("a")))).items[1] == Scalar("a-x", CALL)


# -- lists, maps and sets


def test_merge_keeps_what_comes_after_the_unknown() -> None:
    value = mapped(run("merge", table(a=s(1)), OPEN, table(b=s(2))))
    assert opened(value.entries["a"].value).reason == OPEN.reason
    assert value.entries["b"].value == s(2)
    assert value.rest is not None


def test_merge_of_an_open_map_leaves_open_only_what_it_may_replace() -> None:
    value = mapped(run("merge", table(a=s(1), b=s(1)), table(OPEN, b=s(2))))
    opened(value.entries["a"].value)
    assert value.entries["b"].value == s(2)


def test_merge_keeps_places_and_assumptions() -> None:
    left = table(a=s(1, "A"))
    right = table(b=s(2))._replace(assumed=frozenset("B"))
    value = mapped(run("merge", left, right))
    assert value.entries["a"].value == s(1, "A", "B")
    assert value.entries["b"].value == s(2, "B")
    assert value.span == CALL


def test_a_map_with_one_unknown_value_keeps_the_others() -> None:
    partly = table(a=s(1), b=OPEN)
    assert run("lookup", partly, s("a"), s(9)) == s(1)
    assert run("lookup", partly, s("b")) == OPEN
    assert [known_text(key) for key in listed(run("keys", partly)).items] == ["a", "b"]
    assert listed(run("values", partly)).items == (s(1), OPEN)
    assert run("length", partly) == Scalar(2, CALL)
    assert mapped(run("tomap", partly)).entries["b"].value == OPEN


def test_concat_and_flatten_keep_known_items() -> None:
    value = listed(run("concat", items(s("a")), OPEN, items(BUCKET)))
    assert value.items == (s("a"), BUCKET)
    assert value.rest is not None
    value = listed(run("flatten", items(items(s("a")), OPEN, items(BUCKET))))
    assert value.items == (s("a"), BUCKET)
    assert value.rest is not None


def test_compact_and_distinct_know_what_may_vanish() -> None:
    value = listed(run("compact", items(s("a"), s(""), OPEN, FILLED, BUCKET, Absent(SPAN))))
    assert value.items == (s("a"), FILLED, BUCKET)
    assert value.rest is not None
    value = listed(run("distinct", items(s("a"), OPEN, OPEN, s("a"))))
    assert value.items == (s("a"),)
    assert value.rest is not None
    assert listed(run("toset", items(BUCKET, s("b"), s("a")))).items == (s("a"), s("b"), BUCKET)


def test_coalesce_takes_what_is_certainly_there() -> None:
    assert run("coalesce", Absent(SPAN), s(""), BUCKET) == BUCKET
    assert run("coalesce", FILLED, s("x")) == FILLED
    value = opened(run("coalesce", OPEN, s("x")))
    assert value.present
    assert not opened(run("coalesce", OPEN, OPEN)).present
    opened(run("coalescelist", items(rest=OPEN), items(s(1))))
    assert run("coalescelist", items(s(1), rest=OPEN)) == items(s(1), rest=OPEN)


def test_zipmap_with_an_unknown_key_has_a_rest() -> None:
    value = mapped(run("zipmap", items(s("a"), OPEN), items(s(1), s(2))))
    assert set(value.entries) == {"a"}
    assert value.rest is not None


def test_set_operations_leave_open_what_may_be_equal() -> None:
    value = listed(run("setsubtract", items(s("a"), s("b")), items(s("b"), OPEN)))
    assert value.items == ()
    assert value.rest is not None
    value = listed(run("setintersection", items(s("a"), s("b")), items(s("b"), OPEN)))
    assert value.items == (s("b"),)
    assert value.rest is not None


def test_a_result_rests_on_the_assumptions_of_its_arguments() -> None:
    assert run("upper", s("a", "A")) == Scalar("A", CALL, frozenset("A"))
    assert run("join", s("-"), items(s("a", "A"), s("b", "B"))) == Scalar("a-b", CALL, frozenset("AB"))
    assert run("try", BROKEN, s("b", "B"), s("c", "C")) == s("b", "B")
    assert run("length", items(s("a", "A"))) == Scalar(1, CALL)


# -- structures for their text


def test_encoded_structures_stay_structures_until_text_is_needed() -> None:
    policy = table(Version=s("2012-10-17"), Resource=BUCKET)
    encoded = run("jsonencode", policy)
    assert mapped(encoded).entries == policy.entries
    assert type(run("jsondecode", encoded)) is MapValue
    assert run("length", run("jsonencode", table(a=s(1)))) == Scalar(7, CALL)
    assert run("base64encode", run("jsonencode", items(s(1)))) == Scalar("WzFd", CALL)
    assert [r.address for r, _ in references_in(run("base64encode", encoded))] == ["aws_s3_bucket.b"]
    assert run("jsonencode", run("jsonencode", items())) == Scalar('"[]"', CALL)


def test_an_encoded_structure_inside_text_is_a_partly_known_text() -> None:
    encoded = run("jsonencode", table(b=BUCKET, a=items(s(1), FILLED)))
    value = opened(text_of([s("x="), encoded], CALL))
    assert value.parts[0] == 'x={"a":[1,'
    assert value.parts[2:] == ('],"b":"', BUCKET, '"}')
    assert opened(value.parts[1] if isinstance(value.parts[1], Unknown) else s("")).reason == FILLED.reason
    nested = run("jsonencode", table(a=run("jsonencode", table(b=BUCKET))))
    assert opened(text_of([s("x="), nested], CALL)).parts == ('x={"a":"{\\"b\\":\\"', BUCKET, '\\"}"}')


def test_json_text_with_unknown_pieces_is_decoded_around_them() -> None:
    text = Unknown("part", SPAN, ('{"Resource": "', BUCKET, '/*", "N": 1}'))
    value = mapped(run("jsondecode", text))
    assert opened(value.entries["Resource"].value).parts == (BUCKET, "/*")
    assert known_text(value.entries["N"].value) == "1"
    opened(run("jsondecode", Unknown("part", SPAN, ('{"N": ', OPEN, "}"))))


def test_a_yaml_text_that_repeats_itself_without_end_is_refused() -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x]\n"
    for now, before in zip("bcdefgh", "abcdefg", strict=True):
        bomb += f"{now}: &{now} [{', '.join([f'*{before}'] * 8)}]\n"
    assert "20000" in opened(run("yamldecode", s(bomb))).reason
    assert is_failure(run("yamldecode", s("&a [*a]")))


@pytest.mark.parametrize(
    ("name", "arguments", "bounds"),
    [
        ("max", [OPEN, s(2)], (2.0, None)),
        ("max", [OPEN._replace(least=3.0, most=9.0), s(2)], (3.0, 9.0)),
        ("max", [OPEN._replace(most=9.0), OPEN, s(2)], (2.0, None)),
        ("min", [s(4), OPEN, s(7)], (None, 4.0)),
        ("min", [OPEN._replace(least=1.0), s(4)], (1.0, 4.0)),
    ],
)
def test_the_known_numbers_bound_the_smallest_and_the_greatest(
    name: str, arguments: list[Value], bounds: tuple[float | None, float | None]
) -> None:
    found = opened(run(name, *arguments))
    assert (found.least, found.most) == bounds
    assert found.reason == OPEN.reason
