"""Patterns as in `.gitignore` name what git names, and never take long to say so."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from mlwa_lint.files.globs import spec_of

_PIECES = st.sampled_from(["a", "b", "ab", "*", "?", "[ab]", "[!a]", "*a*", "a*b", ".", "\\*", "+", "("])
_NAMES = st.lists(_PIECES, min_size=1, max_size=5).map("".join)
_LINES = st.lists(st.just("**") | _NAMES, min_size=1, max_size=6).map("/".join)
_PATHS = st.lists(st.text("ab.*(+", min_size=1, max_size=6), min_size=1, max_size=7).map("/".join)


@given(st.sampled_from(["", "/", "!"]), _LINES, st.sampled_from(["", "/"]), st.lists(_PATHS, min_size=5))
@example("", "**/a/**/b/**/a", "", ["a/b/ab/a", "ab/a/b/a", "a/b", "x/a/x/b/x/a"])
@example("", "*a*b*a", "", ["aba", "abba/a", "ab", "aabbaab", "xaxbxa"])
def test_they_match_as_pathspec_matches(sign: str, line: str, end: str, paths: list[str]) -> None:
    line = sign + line + end
    try:
        meant = GitIgnoreSpec.from_lines(("a*", line))
    except ValueError:
        return
    spec = spec_of(("a*", line))
    assert [spec.match_file(path) for path in paths] == [meant.match_file(path) for path in paths]


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("*a" * 30 + "*b", "a" * 250),
        ("*[ab]?" * 20 + "*c", "ab" * 120),
        ("**/a/" * 12 + "b", "a/" * 200 + "c"),
        ("x/" + "**/a*a*/" * 12 + "b", "x/" + "aaaa/" * 200 + "c"),
        ("**/" + "*a" * 20 + "/**/" + "*a" * 20 + "/**/b", ("a" * 60 + "/") * 20),
    ],
)
def test_many_wildcards_are_no_work(line: str, path: str) -> None:
    # Each way to match them was tried: more than the age of the universe.
    assert not spec_of((line,)).match_file(path)
