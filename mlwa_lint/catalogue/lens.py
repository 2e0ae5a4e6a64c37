"""The best practices of the AWS Well-Architected Machine Learning Lens that rules refer to."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from mlwa_lint.startup.records import NamedTuple

_FILE = Path(__file__).with_name("lens.toml")


class Practice(NamedTuple):
    """One best practice: its id, the phase of the ML lifecycle, the risk if it is not followed, its title."""

    id: str
    phase: str
    risk: str
    title: str


@cache
def practices() -> Mapping[str, Practice]:
    """All best practices of the lens by id (2025 edition)."""
    entries = tomllib.loads(_FILE.read_text(encoding="utf-8"))["practice"]
    return {
        entry["id"]: Practice(entry["id"], entry["phase"], entry["risk"], entry["title"]) for entry in entries
    }
