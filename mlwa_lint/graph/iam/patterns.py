"""Patterns of policies, under the name by which rules import them; linking needs them as well."""

from mlwa_lint.graph.patterns import (
    ACCOUNT,
    ANYTHING,
    REGION,
    WHY,
    Hole,
    Text,
    Wild,
    arn,
    covers,
    folded,
    pattern,
    text,
)

__all__ = [
    "ACCOUNT",
    "ANYTHING",
    "REGION",
    "WHY",
    "Hole",
    "Text",
    "Wild",
    "arn",
    "covers",
    "folded",
    "pattern",
    "text",
]
