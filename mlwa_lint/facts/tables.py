"""The tables, and when each was checked."""

from functools import cache
from typing import TYPE_CHECKING, Any

from mlwa_lint.facts.content import TABLES
from mlwa_lint.startup.records import NamedTuple

if TYPE_CHECKING:
    import datetime


class Provenance(NamedTuple):
    """Where a table's facts come from, and the day on which they were last compared."""

    source: str
    date: "datetime.date"


@cache
def table(name: str) -> dict[str, Any]:
    """The content of a table."""
    return TABLES[name]()


def checked(name: str) -> Provenance:
    """Source and date of a table."""
    data = table(name)
    return Provenance(data["source"], data["checked"])


def names() -> tuple[str, ...]:
    """The names of all tables."""
    return tuple(sorted(TABLES))
