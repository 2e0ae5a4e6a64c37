"""Where places lie to one another."""

import pytest

from mlwa_lint.model.spans import Span


@pytest.mark.parametrize(
    ("inner", "is_within"),
    [
        (Span("a.tf", 3, 5, 4, 9), True),
        (Span("a.tf", 2, 5, 6, 1), True),
        (Span("a.tf", 2, 4, 4, 9), False),
        (Span("a.tf", 3, 5, 6, 2), False),
        (Span("a.tf", 1, 9, 3, 1), False),
        (Span("b.tf", 3, 5, 4, 9), False),
    ],
)
def test_a_range_lies_within_another_of_its_file(inner: Span, is_within: bool) -> None:
    assert inner.within(Span("a.tf", 2, 5, 6, 1)) is is_within
