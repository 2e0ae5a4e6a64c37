"""Answers to conditions, as clauses of a sentence."""

import pytest

from mlwa_lint.engine.answered import answered


@pytest.mark.parametrize(
    ("text", "yes", "no"),
    [
        ("IsProd", "IsProd is true", "IsProd is false"),
        ("Stack.IsProd", "Stack.IsProd is true", "Stack.IsProd is false"),
        ("var.on", "var.on is true", "var.on is false"),
        ('var.stage == "prod"', 'var.stage is "prod"', 'var.stage is not "prod"'),
        ('terraform.workspace != "a b"', 'terraform.workspace is not "a b"', 'terraform.workspace is "a b"'),
        ('var.sizes["a"] == null', 'var.sizes["a"] is null', 'var.sizes["a"] is not null'),
        ("not args.fast", "args.fast is false", "args.fast is true"),
        ("not (not args.fast)", "args.fast is true", "args.fast is false"),
        ("not key is None", "key is not None", "key is None"),
        ("key is not None", "key is not None", "key is None"),
        ("stage in ('a', 'b')", "stage is in ('a', 'b')", "stage is not in ('a', 'b')"),
        ("len(names) > 2", "len(names) > 2", "len(names) <= 2"),
        ("0 < count < 3", "0 < count < 3 is true", "0 < count < 3 is false"),
        (
            "stage == 'prod' and (not dry)",
            "stage is 'prod' and dry is false",
            "either stage is not 'prod' or dry is true",
        ),
        ("a or b or a", "either a is true or b is true", "a is false and b is false"),
        ("bool(a) or bool(a)", "bool(a) is true", "bool(a) is false"),
        ("a and what_is_c\u2026", "a and what_is_c\u2026 is true", "a and what_is_c\u2026 is false"),
        ("is prod", "is prod is true", "is prod is false"),
    ],
)  # fmt: skip
def test_an_answer_is_a_clause(text: str, yes: str, no: str) -> None:
    assert (answered(text, True), answered(text, False)) == (yes, no)
