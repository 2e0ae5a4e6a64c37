"""Patterns over texts that are known in part: whatever the unknown pieces turn out to be."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlwa_lint.graph import patterns
from mlwa_lint.graph.patterns import ACCOUNT, ANYTHING, REGION, Hole, PatternText, Wild, covers, pattern, text
from mlwa_lint.model.answers import NO, YES, Answer, undecided
from mlwa_lint.model.budget import Budget, for_target

UNDECIDED = Answer("undecided")
NAME = Hole("Bucket#name", False)
OTHER = Hole("Other#name", False)
PREFIX = Hole("parameter Prefix", True)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (("arn:aws:s3:::acme-ml-*/*",), ("arn:aws:s3:::acme-ml-data/in/a",), YES),
        (("arn:aws:s3:::acme-ml-*/*",), ("arn:aws:s3:::acme-ml-data",), NO),
        (("arn:aws:s3:::acme-ml-*/*",), ("arn:aws:s3:::", NAME, "/in/a"), UNDECIDED),
        (("arn:aws:s3:::acme-ml-*/*",), ("arn:aws:s3:::acme-ml-", ACCOUNT, "/in/a"), YES),
        (("arn:aws:s3:::acme-ml-*/*",), ("arn:aws:s3:::web-", ACCOUNT, "/in/a"), NO),
        (("arn:aws:s3:::", NAME, "/*"), ("arn:aws:s3:::", NAME, "/", ANYTHING), YES),
        (("arn:aws:s3:::", NAME, "/*"), ("arn:aws:s3:::", OTHER, "/", ANYTHING), NO),
        (("arn:aws:s3:::", NAME, "/in/*"), ("arn:aws:s3:::", NAME, "/", ANYTHING), UNDECIDED),
        (("arn:aws:s3:::", NAME), ("arn:aws:s3:::", NAME, "/", ANYTHING), NO),
        (("arn:aws:s3:::", PREFIX, "-data/*"), ("arn:aws:s3:::", PREFIX, "-data/a"), YES),
        (("arn:aws:s3:::", PREFIX, "-data/*"), ("arn:aws:s3:::acme-data/a",), UNDECIDED),
        (("arn:aws:s3:::", PREFIX, "-data/*"), ("arn:aws:s3:::acme-logs/a",), NO),
        (("arn:aws:iam::*:role/*",), ("arn:aws:iam::", ACCOUNT, ":role/ml/worker"), YES),
        (("arn:aws:iam::", ACCOUNT, ":role/worker"), ("arn:aws:iam::", ACCOUNT, ":role/worker"), YES),
        (("arn:aws:iam::111122223333:role/w",), ("arn:aws:iam::", ACCOUNT, ":role/w"), UNDECIDED),
        (("arn:aws:kms:", REGION, ":", ACCOUNT, ":key/*"), ("arn:aws:sqs:", REGION, ":1:q"), NO),
        ((PREFIX,), ("arn:aws:s3:::data",), UNDECIDED),
        (("*",), (PREFIX,), YES),
        (("arn:aws:s3:::home/${aws:username}/*",), ("arn:aws:s3:::home/ann/a",), UNDECIDED),
        (("arn:aws:s3:::home/${aws:username}/*",), ("arn:aws:s3:::data/a",), NO),
        (("arn:aws:s3:::a${*}b",), ("arn:aws:s3:::a*b",), YES),
        (("arn:aws:s3:::a${*}b",), ("arn:aws:s3:::axb",), NO),
        (("s3:?etObject",), ("s3:GetObject",), YES),
        (("s3:?etObject",), ("s3:GetObjectAcl",), NO),
    ],
)
def test_covers(pattern: tuple[str | Hole, ...], text: tuple[str | Hole, ...], expected: Answer) -> None:
    assert patterns.covers(patterns.pattern(*pattern), patterns.text(*text)) == expected


def test_partitions_are_not_distinguished() -> None:
    partition = Hole("partition", False)
    one = patterns.arn(patterns.pattern("arn:", partition, ":s3:::data/*"))
    other = patterns.arn(patterns.text("arn:aws-cn:s3:::data/a"))
    assert patterns.covers(one, other) == YES
    assert patterns.arn(patterns.text("data")) == patterns.text("data")


# -- properties: an answer holds for everything that the unknown pieces may be

_signs = st.sampled_from(["a", "b", "/", ":", Wild.ANY, Wild.ONE])
_holes = st.sampled_from([Hole("x", True), Hole("y", True), Hole("n", False), Hole("m", False)])
_patterns = st.lists(st.one_of(_signs, _holes), max_size=7).map(tuple)
_texts = st.lists(st.one_of(st.sampled_from(["a", "b", "/", ":"]), _holes), max_size=7).map(tuple)
_fillings = st.fixed_dictionaries(
    {
        "x": st.text("ab/:", max_size=3),
        "y": st.text("ab/:", max_size=3),
        "n": st.text("a", min_size=1, max_size=2),
        "m": st.text("b", min_size=1, max_size=2),
    }
)


def _filled(tokens: PatternText, filling: dict[str, str]) -> PatternText:
    return tuple(
        sign for token in tokens for sign in (filling[token.key] if isinstance(token, Hole) else (token,))
    )


def _matches(pattern: PatternText, text: PatternText) -> bool:
    """What IAM does with a pattern and a text that are known."""
    signs = {Wild.ANY: ".*", Wild.ONE: "."}
    expression = "".join(signs[each] if isinstance(each, Wild) else re.escape(str(each)) for each in pattern)
    return re.fullmatch(expression, "".join(map(str, text)), re.DOTALL) is not None


@given(pattern=_patterns, text=_texts, filling=_fillings)
def test_an_answer_holds_whatever_the_unknown_pieces_are(
    pattern: PatternText, text: PatternText, filling: dict[str, str]
) -> None:
    answer = patterns.covers(pattern, text)
    if answer != UNDECIDED:
        assert _matches(_filled(pattern, filling), _filled(text, filling)) is (answer == YES)


@given(pattern=_patterns, text=_texts, filling=_fillings)
def test_knowing_more_never_turns_an_answer_round(
    pattern: PatternText, text: PatternText, filling: dict[str, str]
) -> None:
    before = patterns.covers(pattern, text)
    after = patterns.covers(_filled(pattern, filling), _filled(text, filling))
    assert before in (UNDECIDED, after)


# -- cost


@given(st.text("ab*?", max_size=12), st.text("ab", max_size=12))
def test_a_known_pattern_covers_what_the_expression_of_it_matches(one: str, other: str) -> None:
    expression = re.escape(one).replace(r"\*", ".*").replace(r"\?", ".")
    expected = YES if re.fullmatch(expression, other) else NO
    assert covers(pattern(one), text(other)) == expected


@pytest.mark.parametrize("size", [500, 1_000, 2_000])
def test_a_pattern_of_many_wildcards_never_goes_back(size: int) -> None:
    """An expression with as many `.*` would try all ways to share the text between them."""
    name = text("a" * size)
    assert covers(pattern("*a" * (size // 2) + "b"), name) == NO
    assert covers(pattern("*a" * (size // 2)), name) == YES
    assert covers(pattern("*" + "?" * size), name) == YES
    assert covers(pattern("*" + "?" * (size + 1)), name) == NO


def test_a_comparison_of_partly_known_texts_counts_on_the_budget() -> None:
    pieces: list[str | Hole] = ["a", Hole("x", True)]
    name = text(*pieces * 100)
    with for_target(Budget(work=5_000)) as spent:
        found = covers(pattern("*a" * 100 + "b"), name)
    assert found == undecided("the sources take more than 5,000 steps")
    assert list(spent.refusals) == ["the sources take more than 5,000 steps"]
