"""Reads the tables, and says when each was checked."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlwa_lint.startup.records import NamedTuple

if TYPE_CHECKING:
    import datetime

_HERE = Path(__file__).parent


class Provenance(NamedTuple):
    """Where a table's facts come from, and the day on which somebody last compared them."""

    source: str
    date: "datetime.date"


@cache
def table(name: str) -> dict[str, Any]:
    """The content of a table."""
    import tomllib

    return tomllib.loads((_HERE / f"{name}.toml").read_text("utf-8"))


def checked(name: str) -> Provenance:
    """Source and date of a table."""
    data = table(name)
    return Provenance(data["source"], data["checked"])


def names() -> tuple[str, ...]:
    """The names of all tables."""
    return tuple(sorted(path.stem for path in _HERE.glob("*.toml")))
