"""A lens as in the Well-Architected Tool: pillars, and questions whose choices are the practices."""

import re
from functools import cache
from pathlib import Path

from mlwa_lint.catalogue.lens import LENSES, Lens, Practice, practices
from mlwa_lint.startup.records import NamedTuple

_WORDING = Path(__file__).parent / "wording"
_ID = re.compile(r"(?P<question>(?P<start>[A-Z]+)\d+)-BP\d+")


class Pillar(NamedTuple):
    """A pillar, by the id that custom lenses use for it, or a focus area of the Responsible AI Lens."""

    id: str
    name: str


_PILLARS = {
    "OPS": Pillar("operationalExcellence", "Operational excellence"),
    "SEC": Pillar("security", "Security"),
    "REL": Pillar("reliability", "Reliability"),
    "PERF": Pillar("performance", "Performance efficiency"),
    "COST": Pillar("costOptimization", "Cost optimization"),
    "SUS": Pillar("sustainability", "Sustainability"),
    "UC": Pillar("useCase", "Use case"),
    "BR": Pillar("benefitsAndRisks", "Benefits and risks"),
    "RC": Pillar("releaseCriteria", "Release criteria"),
    "DP": Pillar("datasetPlanning", "Dataset planning"),
    "SP": Pillar("systemPlanning", "System planning"),
    "ER": Pillar("evaluationAndRelease", "Evaluation and release"),
    "GT": Pillar("guidanceAndTransparency", "Guidance and transparency"),
    "MON": Pillar("monitoring", "Monitoring"),
}
# The phases of the ML lifecycle, in order; only the Machine Learning Lens has them.
PHASES = (
    "Business goal identification",
    "ML problem framing",
    "Data processing",
    "Model development",
    "Deployment",
    "Monitoring",
)


class Question(NamedTuple):
    """One question: the practices whose ids begin with its own.

    phase: of the ML lifecycle; empty in lenses that have none.
    """

    id: str
    pillar: Pillar
    phase: str
    title: str
    practices: tuple[Practice, ...]


class Wording(NamedTuple):
    """The question to a person about a practice, and what would count as evidence."""

    ask: str
    evidence: str


_ANY_EVIDENCE = "a document, decision record, ticket, test or dashboard that shows it"


def lens_named(name: str) -> Lens:
    """A lens by its name on the command line."""
    return next(each for each in LENSES if each.name == name)


@cache
def questions(lens: Lens) -> tuple[Question, ...]:
    """The questions of a lens, in the order of its pillars."""
    grouped: dict[str, list[Practice]] = {}
    for practice in practices(lens.name).values():
        grouped.setdefault(question_of(practice.id), []).append(practice)
    order = list(_PILLARS.values())
    found = [_question(lens, name, tuple(each)) for name, each in grouped.items()]
    return tuple(sorted(found, key=lambda each: (order.index(each.pillar), each.id)))


def question_of(practice: str) -> str:
    """The id of the question that a practice belongs to: `MLOPS01` of `MLOPS01-BP02`."""
    match = _ID.fullmatch(practice)
    assert match is not None, practice
    return match["question"]


def _question(lens: Lens, name: str, found: tuple[Practice, ...]) -> Question:
    pillar = _PILLARS[name.removeprefix(lens.start).rstrip("0123456789")]
    topic = found[0].topic
    if topic not in PHASES:
        return Question(name, pillar, "", topic, found)
    phase = topic if topic.startswith("ML ") else topic[0].lower() + topic[1:]
    return Question(name, pillar, topic, f"{pillar.name} in {phase}", found)


@cache
def _wordings(lens: str) -> dict[str, Wording]:
    import tomllib

    path = _WORDING / f"{lens}.toml"
    if not path.is_file():
        return {}
    return {key: Wording(**each) for key, each in tomllib.loads(path.read_text(encoding="utf-8")).items()}


def wording(lens: Lens, practice: Practice) -> Wording:
    """The questions to people about a practice."""
    plain = Wording(f"Do you follow this practice: {practice.title}?", _ANY_EVIDENCE)
    return _wordings(lens.name).get(practice.id, plain)
