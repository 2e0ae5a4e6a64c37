"""Expressions that are tried only where a word is: they find what the expressions themselves find."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mlwa_lint
from mlwa_lint.startup.patterns import _Folded, _Leading, _Worded, folded, leading, whole, worded

_parser: Any = importlib.import_module("re._parser")
Kind = TypeVar("Kind")
_PARTS = ("alpha", "Alpha", "ALPHA", "beta", "-", "_", "1", " ", "\n", "İ", "ſ")
TEXTS = st.lists(st.sampled_from(_PARTS), max_size=12).map("".join)
ALPHA = r"(?i)(?<![a-z])(?:alpha|beta)s?[_-](\d)?"


def _all_of(kind: type[Kind]) -> Iterator[Kind]:
    """The expressions of one kind in all modules."""
    for module in pkgutil.walk_packages(mlwa_lint.__path__, "mlwa_lint."):
        if not module.name.endswith("__main__"):
            for value in vars(importlib.import_module(module.name)).values():
                held = value.values() if type(value) is dict else value
                for each in held if type(value) in (dict, tuple) else (value,):
                    if isinstance(each, kind):
                        yield each


@given(TEXTS)
def test_a_leading_word_changes_nothing(text: str) -> None:
    found = [match.span() for match in leading(ALPHA, "alpha", "beta").finditer(text)]
    assert found == [match.span() for match in re.finditer(ALPHA, text)]
    first = leading(ALPHA, "alpha", "beta").search(text)
    assert (first and first.span()) == (found[0] if found else None)


@given(TEXTS)
def test_a_word_inside_changes_nothing(text: str) -> None:
    source = r"\d?_?beta\d|-alpha"
    pattern = worded(source, "beta", "alpha")
    assert pattern.findall(text) == re.findall(source, text)
    assert [each.span() for each in pattern.finditer(text)] == [
        each.span() for each in re.finditer(source, text)
    ]
    assert bool(pattern.search(text)) == bool(re.search(source, text))


def test_overlapping_places_are_taken_once() -> None:
    assert [each.group() for each in leading(r"aa\w?", "a").finditer("aaaaa")] == ["aaa", "aa"]


@given(TEXTS)
def test_small_letters_find_what_any_letters_do(text: str) -> None:
    source = r"alpha(?!-)|bet[ab]\s"
    plain = re.search(f"(?ia){source}", text)
    assert (folded(source).search(text) is None) == (plain is None)


@given(TEXTS)
def test_whole_texts_have_no_word_before_them(text: str) -> None:
    assert (re.search(whole("beta"), text) is None) == (re.search(r"\bbeta", text) is None)


@pytest.mark.parametrize("source", sorted(str(each._source) for each in _all_of(_Folded)))
def test_folded_expressions_are_written_in_small_letters(source: str) -> None:
    written = re.sub(r"\\.", "", source)
    assert written == written.lower()


def _all() -> list[tuple[str, _Worded]]:
    return sorted({str(each._source): each for each in _all_of(_Worded)}.items())


def _texts(parsed: Any, small: bool) -> Iterator[str]:
    """What an expression matches, in words: a letter for what stands for several, for each alternative."""
    texts = [""]
    for operator, argument in parsed:
        name = str(operator)
        if name == "LITERAL":
            options = [chr(argument).lower() if small else chr(argument)]
        elif name == "BRANCH":
            options = [text for branch in argument[1] for text in _texts(branch, small)]
        elif name == "SUBPATTERN":
            options = list(_texts(argument[-1], small))
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            options = ["" if argument[0] == 0 else "".join(next(_texts(argument[2], small)))]
            if argument[:2] == (0, 1):
                options += list(_texts(argument[2], small))
        elif name == "IN":
            choices = [chr(each[1]) for each in argument if str(each[0]) == "LITERAL"]
            options = choices if len(choices) == len(argument) else ["\0"]
        elif name in ("AT", "ASSERT", "ASSERT_NOT"):
            options = [""]
        else:
            options = ["\0"]
        texts = [text + option for text in texts for option in options]
        assert len(texts) < 10_000
    yield from texts


@pytest.mark.parametrize("pattern", [pytest.param(each, id=source[:60]) for source, each in _all()])
def test_every_alternative_has_one_of_the_words(pattern: _Worded) -> None:
    source, words = pattern._source, pattern.words
    if isinstance(source, bytes):
        source, words = source.decode(), tuple(word.decode() for word in words)
    assert all(word == word.lower() for word in words) or not pattern._folds
    for text in _texts(_parser.parse(source), pattern._folds):
        if isinstance(pattern, _Leading):
            assert text.startswith(words), text
        else:
            assert any(word in text for word in words), text


def test_there_are_such_expressions() -> None:
    kinds = [type(each) for _, each in _all()]
    assert kinds.count(_Leading) >= 5
    assert kinds.count(_Worded) >= 5
