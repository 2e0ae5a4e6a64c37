"""Names of exports of which only the end is known: `${AWS::StackName}-VpcId`, `${NetworkStack}-VpcId`."""

from collections.abc import Collection
from pathlib import PurePosixPath

from mlwa_lint.model.values import Unknown, Value

# Separates an unknown name from its known end, in the identity of an import.
ENDING = " that ends in "
# A placeholder for what is not known at the start of a name.
OPEN = "*"
# A shorter end fits too much.
_SHORTEST = 3
# What templates are called that have their names from their folders.
_USUAL_NAMES = frozenset({"cfn", "cloudformation", "main", "sam", "stack", "template"})


def open_name(tail: str) -> str:
    """The name of which only the end is known; empty where that is too little."""
    return f"{OPEN}{tail}" if len(tail) >= _SHORTEST else ""


def end_of(name: Value) -> str:
    """What is known of the end of a name that is not known."""
    last = name.parts[-1] if isinstance(name, Unknown) and name.parts else ""
    return last if isinstance(last, str) else ""


def stack_of(taken: str, given: str) -> str:
    """The name of the stack that has an export with a known name: RoleGlue for `RoleGlue-Arn`, by `*-Arn`."""
    known = not taken.startswith(OPEN) and given.startswith(OPEN)
    return taken.removesuffix(given.removeprefix(OPEN)) if known else ""


def is_called(path: str, stack: str) -> bool:
    """Whether a template has the name of a stack: `role-glue.yaml` that of RoleGlue."""
    file = PurePosixPath(path)
    stem = file.name.partition(".")[0]
    names = (stem, file.parent.name) if stem.lower() in _USUAL_NAMES else (stem,)
    return _plain(stack) in map(_plain, names)


def _plain(name: str) -> str:
    return "".join(each for each in name.lower() if each.isalnum())


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
