"""The reader and the machine of regular expressions, against Python's own on what both mean the same by."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlwa_lint.frontends.re2.machine import Machine, TooMuchError
from mlwa_lint.frontends.re2.program import read_pattern
from mlwa_lint.frontends.re2.syntax import PatternError

_ATOMS = st.sampled_from(["a", "b", "c", ".", "[ab]", "[^a]", r"\d", r"\w", "^", "$", r"\b", "1", "-"])
_MARKS = st.sampled_from(["*", "+", "?", "{1,2}", "{2}", "*?", "+?", "??"])
_REPEATED = st.builds(lambda atom, mark: atom + mark, st.sampled_from(["a", "b", "[ab]", "."]), _MARKS)


def _joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds(lambda x, y: x + y, inner, inner),
        st.builds(lambda x, y: f"({x}|{y})", inner, inner),
        st.builds(lambda x: f"(?:{x})", inner),
        st.builds(lambda x: f"({x}x)?", inner),
    )


_PATTERNS = st.recursive(st.one_of(_ATOMS, _REPEATED), _joined, max_leaves=6)


@given(pattern=_PATTERNS, text=st.text("abc1-x\n", max_size=8))
@settings(max_examples=400, deadline=None)
def test_a_search_finds_what_python_finds(pattern: str, text: str) -> None:
    # Python's $ also matches before a last newline.
    found = Machine(read_pattern(pattern), text).search(0)
    wanted = re.compile(pattern.replace("$", r"\Z"), re.ASCII).search(text)
    if wanted is None:
        assert found is None
    else:
        assert found is not None
        groups = range(wanted.re.groups + 1)
        assert [found[2 * n : 2 * n + 2] for n in groups] == [wanted.span(n) for n in groups]


@given(text=st.text("ab(|)*+?{1,}[]^$\\dpx:<P>-&é", max_size=14))
@settings(max_examples=400, deadline=None)
def test_any_text_is_a_pattern_or_refused(text: str) -> None:
    try:
        pattern = read_pattern(text)
    except PatternError:
        return
    assert Machine(pattern, "abab").search_all() is not None


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a|aa)+$", "(.*)*x", "(a*)*b", ".*.*.*.*.*=", "(a?){40}a{40}"]
)
def test_a_hostile_pattern_takes_no_exponential_time(pattern: str) -> None:
    try:
        found = Machine(read_pattern(pattern), "a" * 39 + "!").search(0)
    except TooMuchError:
        found = None
    assert found is None


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("(?i)[^a]", "aAb", "b"),
        ("(?i)[^a-c]+", "ABcd", "d"),
        (r"(?i)\P{Lu}+", "ABc1", "1"),
        (r"(?i)[^\p{Lu}]+", "ABc1", "1"),
        ("(?i)[[:^alpha:]]+", "aB-", "-"),
        (r"(?i)[^\W]+", "-aB", "aB"),
        ("(?i)[k]", "\u212a", "\u212a"),
        ("(?i)s", "\u017f", "\u017f"),
        ("(?i)[S-s]", "\u00df_", "_"),
        ("(?i)[^S-s]+", "_\u00df_", "\u00df"),
        (r"\Qa.b\E+", "a.bbb", "a.bbb"),
        (r"\Qa.\E{2}b", "a..b", "a..b"),
    ],
)
def test_case_is_folded_before_a_class_is_negated(pattern: str, text: str, expected: str) -> None:
    slots = Machine(read_pattern(pattern), text).search(0)
    assert slots is not None
    assert text[slots[0] : slots[1]] == expected


def test_a_recorded_sample_matches_as_in_re2() -> None:
    sample = json.loads((Path(__file__).parents[2] / "data" / "re2.json").read_text("utf-8"))
    assert len(sample) >= 400
    for pattern, text, expected in sample:
        try:
            slots = Machine(read_pattern(pattern), text).search(0)
        except PatternError:
            assert expected == "invalid", pattern
            continue
        found = None if slots is None else [list(slots[at : at + 2]) for at in range(0, len(slots), 2)]
        assert found == expected, (pattern, text)
