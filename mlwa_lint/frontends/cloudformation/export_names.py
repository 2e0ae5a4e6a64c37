"""Names of exports of which only the end is known: `${AWS::StackName}-VpcId`, `${NetworkStack}-VpcId`."""

from collections.abc import Collection

from mlwa_lint.model.values import Unknown, Value

# Separates an unknown name from its known end, in the identity of an import.
ENDING = " that ends in "
# A placeholder for what is not known at the start of a name.
OPEN = "*"
# A shorter end fits too much.
_SHORTEST = 3


def open_name(tail: str) -> str:
    """The name of which only the end is known; empty where that is too little."""
    return f"{OPEN}{tail}" if len(tail) >= _SHORTEST else ""


def end_of(name: Value) -> str:
    """What is known of the end of a name that is not known."""
    last = name.parts[-1] if isinstance(name, Unknown) and name.parts else ""
    return last if isinstance(last, str) else ""


def fitting(taken: str, given: Collection[str]) -> list[str]:
    """The names that may be the one that is taken: itself, or those that end as it does.

    One with the same end takes precedence over those with a longer one.
    """
    if not taken:
        return []
    if taken in given:
        return [taken]
    if not taken.startswith(OPEN):
        ends = [
            each for each in given if each.startswith(OPEN) and taken.endswith(each[1:]) and taken != each[1:]
        ]
        longest = max(map(len, ends), default=0)
        return [each for each in ends if len(each) == longest]
    return [each for each in given if each.endswith(taken[1:])]
