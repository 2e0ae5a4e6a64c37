"""What other tools call the mistakes of rules, by which their suppressions count here."""

from functools import cache

from mlwa_lint.facts.tables import table
from mlwa_lint.startup.records import NamedTuple


class Counterpart(NamedTuple):
    """A rule that covers what another tool's check does.

    property: the only property, by its canonical path, of which that is so; empty where it is all of them.
    """

    code: str
    property: str = ""


@cache
def counterparts(tool: str, check: str) -> tuple[Counterpart, ...]:
    """The rules for a check of a tool (`cfn_nag`, `trivy`); none where it is another control."""
    name = check.lower().removeprefix("avd-") if tool == "trivy" else check
    return tuple(Counterpart(*each.split(":")) for each in table("suppressions")[tool].get(name, ()))


@cache
def listed() -> frozenset[str]:
    """The rules whose finding about a whole lists each resource with the mistake as a further place."""
    return frozenset(table("suppressions")["listed"])
