"""Versions of Glue and platforms of notebook instances, and until when AWS supports them."""

import datetime
from functools import cache

from mlwa_lint.facts.tables import table
from mlwa_lint.startup.records import NamedTuple


class Version(NamedTuple):
    """A version or platform; a date that AWS has not announced is None.

    ends:         nothing of it can be created or started any more.
    support_ends: it gets no more patches.
    """

    name: str
    support_ends: datetime.date | None = None
    ends: datetime.date | None = None
    successor: str = ""


@cache
def glue_versions() -> tuple[Version, ...]:
    """Glue's versions, oldest first."""
    return tuple(
        Version(each["version"], each.get("support_ends"), each.get("ends"))
        for each in table("versions")["glue"]
    )


def glue_version(name: str) -> Version | None:
    """A version of Glue; None for one that the table does not know."""
    return next((each for each in glue_versions() if each.name == name), None)


def newest_glue() -> str:
    """The newest version of Glue."""
    return glue_versions()[-1].name


@cache
def notebook_platforms() -> tuple[Version, ...]:
    """The platforms of notebook instances, oldest first."""
    return tuple(
        Version(each["platform"], None, each.get("ends"), each.get("successor", ""))
        for each in table("versions")["notebook"]
    )


def notebook_platform(name: str) -> Version | None:
    """A platform of notebook instances; None for one that the table does not know."""
    return next((each for each in notebook_platforms() if each.name == name), None)
