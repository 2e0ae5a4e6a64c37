"""What AWS does where a template sets nothing."""

import datetime
from typing import Literal, TypeAlias

from mlwa_lint.facts.tables import table
from mlwa_lint.startup.records import NamedTuple

Subject: TypeAlias = Literal["aurora_encryption", "s3_encryption", "s3_public_access", "ecr_scanning"]


class Default(NamedTuple):
    """A default of AWS, since when it holds, and where AWS documents it."""

    since: datetime.date
    statement: str
    source: str


def default(subject: Subject) -> Default:
    """The default about a subject."""
    data = table("defaults")[subject]
    return Default(data["since"], data["says"], data["source"])


def is_encrypted_by_default(engine: str) -> bool:
    """Whether clusters of a database engine are encrypted at rest where their template sets nothing."""
    return engine in table("defaults")["aurora_encryption"]["engines"]


def registry_scanning_types() -> tuple[str, ...]:
    """The canonical types that configure image scanning for a whole registry."""
    return tuple(table("defaults")["ecr_scanning"]["registry_types"])
