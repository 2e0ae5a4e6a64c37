"""The best practices of the four AWS Well-Architected lenses that rules refer to."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from mlwa_lint.startup.records import NamedTuple

_FOLDER = Path(__file__).parent / "lenses"
_ADDRESS = "https://docs.aws.amazon.com/wellarchitected/latest/{name}-lens/"


class Lens(NamedTuple):
    """A lens: its name on the command line, its title, and what the ids of its practices begin with."""

    name: str
    title: str
    start: str

    @property
    def address(self) -> str:
        """Where AWS publishes it."""
        return _ADDRESS.format(name=self.name)


LENSES = (
    Lens("machine-learning", "Machine Learning Lens", "ML"),
    Lens("generative-ai", "Generative AI Lens", "GEN"),
    Lens("agentic-ai", "Agentic AI Lens", "AGENT"),
    Lens("responsible-ai", "Responsible AI Lens", "RAI"),
)


class Practice(NamedTuple):
    """One best practice: its id, the risk if it is not followed, and its title.

    topic: what it is about: the phase of the ML lifecycle, or the question that it answers.
    """

    id: str
    topic: str
    risk: str
    title: str


@cache
def practices(lens: str = "") -> Mapping[str, Practice]:
    """All best practices by id, of one lens if it is named."""
    if not lens:
        return {name: each for one in LENSES for name, each in practices(one.name).items()}
    import tomllib

    entries = tomllib.loads((_FOLDER / f"{lens}.toml").read_text(encoding="utf-8"))["practice"]
    return {
        entry["id"]: Practice(
            entry["id"], entry.get("phase") or entry["question"], entry["risk"], entry["title"]
        )
        for entry in entries
    }


def lens_of(practice: str) -> Lens | None:
    """The lens that a practice belongs to, by its id."""
    return next((each for each in LENSES if practice.startswith(each.start)), None)


def is_about(rule_practices: tuple[str, ...], lenses: tuple[str, ...]) -> bool:
    """Whether one of a rule's practices belongs to one of some lenses."""
    starts = tuple(each.start for each in LENSES if each.name in lenses)
    return any(practice.startswith(starts) for practice in rule_practices)
