"""A lens in the Well-Architected Tool's format for custom lenses (schemaVersion 2021-11-01).

Its ids may hold letters, digits and underscores: MLOPS01-BP02 is the choice MLOPS01_BP02 of MLOPS01.
mlwa_lint/schema/custom-lens-2021-11-01.schema.json is the format, as AWS documents it.
"""

import json
from collections.abc import Iterator
from typing import Any

from mlwa_lint.catalogue.lens import Lens, Practice
from mlwa_lint.review.questions import Question, questions, wording
from mlwa_lint.review.risk import is_high
from mlwa_lint.review.wellarchitected.limits import (
    DISPLAY_TEXT,
    LENS_BYTES,
    LENS_DESCRIPTION,
    LENS_NAME,
    TITLE,
    cut,
)

SCHEMA_VERSION = "2021-11-01"
NONE_OF_THESE = "_no"


def choice_id(practice: str) -> str:
    """The id of a practice as the tool takes it."""
    return practice.replace("-", "_")


def practice_id(choice: str) -> str:
    """The practice of a choice of an exported lens."""
    return choice.replace("_", "-")


def none_id(question: str) -> str:
    """The choice for "none of a question's practices is followed"."""
    return question + NONE_OF_THESE


def lens_name(lens: Lens) -> str:
    """The name of an exported lens, to distinguish it from AWS's own."""
    return cut(f"{lens.title} (mlwa-lint)", LENS_NAME)


def custom_lens(lens: Lens) -> str:
    """A lens as the text of a file that the tool imports."""
    text = json.dumps(_document(lens), indent=1, ensure_ascii=False) + "\n"
    assert len(text.encode()) <= LENS_BYTES
    return text


def _document(lens: Lens) -> dict[str, Any]:
    tool_questions = questions(lens)
    description = (
        f"The practices of the AWS Well-Architected {lens.title} as mlwa-lint reviews them; "
        f"ids and titles are those of {lens.address}"
    )
    return {
        "schemaVersion": SCHEMA_VERSION,
        "name": lens_name(lens),
        "description": cut(description, LENS_DESCRIPTION),
        "pillars": [
            {
                "id": pillar.id,
                "name": pillar.name,
                "questions": [_question(each, lens) for each in tool_questions if each.pillar == pillar],
            }
            for pillar in dict.fromkeys(each.pillar for each in tool_questions)
        ],
    }


def _question(question: Question, lens: Lens) -> dict[str, Any]:
    return {
        "id": question.id,
        "title": cut(question.title, TITLE),
        "choices": [
            *(_choice(each, lens) for each in question.practices),
            {"id": none_id(question.id), "title": "None of these"},
        ],
        "riskRules": list(_risk_rules(question)),
    }


def _choice(practice: Practice, lens: Lens) -> dict[str, Any]:
    tool_questions = wording(lens, practice)
    help_text = f"{tool_questions.ask} Evidence: {tool_questions.evidence}."
    return {
        "id": choice_id(practice.id),
        "title": cut(practice.title, TITLE),
        "helpfulResource": {"displayText": cut(help_text, DISPLAY_TEXT), "url": lens.address},
        "improvementPlan": {"displayText": f"{practice.id} of the {lens.title}", "url": lens.address},
    }


def _risk_rules(question: Question) -> Iterator[dict[str, str]]:
    """The rules of `risk_of` for a question without open practices: the first that holds decides."""
    every = [choice_id(each.id) for each in question.practices]
    high = [choice_id(each.id) for each in question.practices if is_high(each.risk)]
    yield {"condition": " && ".join(every), "risk": "NO_RISK"}
    if high and len(high) < len(every):
        yield {"condition": " && ".join(high), "risk": "MEDIUM_RISK"}
    yield {"condition": "default", "risk": "HIGH_RISK" if high else "MEDIUM_RISK"}
