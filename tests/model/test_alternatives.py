"""Texts of which pieces are known."""

import pytest

from mlwa_lint.model.alternatives import consists_of


@pytest.mark.parametrize(
    ("pieces", "text", "least", "expected"),
    [
        (["a"], "a", 0, True),
        (["a"], "ab", 0, False),
        (["a", ""], "ab", 0, True),
        (["", "b"], "ab", 1, True),
        (["a", "b"], "ab", 0, True),
        (["a", "b"], "ab", 1, False),
        (["a", "b"], "axb", 1, True),
        (["ab", "ba"], "aba", 0, False),
        (["a", "x", "b"], "axxb", 1, False),
        (["a", "x", "b"], "axxxb", 1, True),
        (["a", "x", "x"], "ax", 0, False),
        (["", "", ""], "", 0, True),
        (["", "", ""], "a", 1, False),
        (["a"] * 200 + ["b"], "a" * 10_000, 1, False),
    ],
)
def test_what_consists_of_pieces(pieces: list[str], text: str, least: int, expected: bool) -> None:
    assert consists_of(pieces, text, least) is expected
