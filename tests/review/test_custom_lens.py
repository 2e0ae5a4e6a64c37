"""A lens in the tool's format for custom lenses: within its limits, and the same risks as ours."""

import itertools
import json
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import botocore.session
import jsonschema
import pytest

from mlwa_lint.catalogue.lens import LENSES, Lens, practices
from mlwa_lint.review.questions import questions, wording
from mlwa_lint.review.risk import Weighed, risk_of
from mlwa_lint.review.wellarchitected import limits
from mlwa_lint.review.wellarchitected.custom_lens import (
    NONE_OF_THESE,
    choice_id,
    custom_lens,
    none_id,
    practice_id,
)
from mlwa_lint.review.wellarchitected.limits import LENS_BYTES

_RISKS = {"HIGH": "HIGH_RISK", "MEDIUM": "MEDIUM_RISK", "NONE": "NO_RISK"}


def _schema() -> Any:
    path = files("mlwa_lint").joinpath("schema/custom-lens-2021-11-01.schema.json")
    schema = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return schema


@pytest.fixture(params=LENSES, ids=lambda lens: lens.name)
def lens(request: pytest.FixtureRequest) -> Lens:
    found: Lens = request.param
    return found


def test_a_lens_is_within_the_format(lens: Lens) -> None:
    text = custom_lens(lens)
    jsonschema.validate(json.loads(text), _schema(), cls=jsonschema.Draft202012Validator)
    assert len(text.encode()) <= LENS_BYTES
    assert text == custom_lens(lens)


def practices_of(document: Any) -> Iterator[tuple[str, str]]:
    """Id and title of every practice in an exported lens."""
    for pillar in document["pillars"]:
        for question in pillar["questions"]:
            for choice in question["choices"]:
                if not choice["id"].endswith(NONE_OF_THESE):
                    yield practice_id(choice["id"]), choice["title"]


def test_a_lens_reads_again_with_all_its_practices(lens: Lens) -> None:
    found = list(practices_of(json.loads(custom_lens(lens))))
    assert dict(found) == {each.id: each.title for each in practices(lens.name).values()}
    assert (
        len(found)
        == {"machine-learning": 105, "generative-ai": 51, "agentic-ai": 150, "responsible-ai": 98}[lens.name]
    )


def test_ids_are_unique_and_lead_back() -> None:
    every = list(practices())
    assert len({choice_id(each) for each in every}) == len(every)
    assert [practice_id(choice_id(each)) for each in every] == every


def test_ids_are_unique_among_siblings(lens: Lens) -> None:
    document = json.loads(custom_lens(lens))
    pillars = document["pillars"]
    requested = [question for pillar in pillars for question in pillar["questions"]]
    for group in (pillars, requested, *(question["choices"] for question in requested)):
        ids = [each["id"] for each in group]
        assert len(set(ids)) == len(ids)


def _tool_risk(rules: list[dict[str, str]], selected: set[str]) -> str:
    """The risk as the tool decides it: the first condition that holds."""
    for rule in rules:
        if rule["condition"] == "default" or all(
            each.strip() in selected for each in rule["condition"].split("&&")
        ):
            return rule["risk"]
    raise AssertionError("no default rule")


def test_the_tool_decides_the_same_risk_as_the_review(lens: Lens) -> None:
    document = json.loads(custom_lens(lens))
    rules = {q["id"]: q["riskRules"] for pillar in document["pillars"] for q in pillar["questions"]}
    for question in questions(lens):
        assert rules[question.id][-1]["condition"] == "default"
        for number in range(len(question.practices) + 1):
            for chosen in itertools.islice(itertools.combinations(question.practices, number), 20):
                weighed = [
                    Weighed("followed" if each in chosen else "not-followed", each.risk)
                    for each in question.practices
                ]
                selected = {choice_id(each.id) for each in chosen} or {none_id(question.id)}
                assert _tool_risk(rules[question.id], selected) == _RISKS[risk_of(weighed)]


_EDGES: list[tuple[str, Any, Any]] = [
    # Where in the document, what the format still takes, what it no longer takes.
    ("name", "x" * 128, "x" * 129),
    ("description", "x" * 2048, "x" * 2049),
    ("pillars.0.id", "x" * 128, "x" * 129),
    ("pillars.0.id", "abc", "ab"),
    ("pillars.0.id", "a_1", "a-1"),
    ("pillars.0.name", "x" * 128, "x" * 129),
    ("pillars.0.questions.0.title", "x" * 128, "x" * 129),
    ("pillars.0.questions.0.choices.0.title", "x" * 128, "x" * 129),
    ("pillars.0.questions.0.choices.0.id", "x" * 128, "x" * 129),
    ("pillars.0.questions.0.choices.0.helpfulResource.displayText", "x" * 2048, "x" * 2049),
    ("pillars.0.questions.0.choices.0.improvementPlan.displayText", "x" * 2048, "x" * 2049),
    ("pillars.0.questions.0.choices.0.improvementPlan.url", "https://a.b", "ftp://a.b"),
    ("pillars.0.questions.0.riskRules.0.risk", "NO_RISK", "NONE"),
    ("schemaVersion", "2021-11-01", "2022-01-01"),
]


@pytest.mark.parametrize(("place", "taken", "refused"), _EDGES, ids=lambda value: str(value)[:40])
def test_the_schema_has_the_documented_edges(place: str, taken: Any, refused: Any) -> None:
    validator = jsonschema.Draft202012Validator(_schema())
    for value, valid in ((taken, True), (refused, False)):
        document = json.loads(custom_lens(LENSES[0]))
        at: Any = document
        *path, last = [int(each) if each.isdigit() else each for each in place.split(".")]
        for each in path:
            at = at[each]
        at[last] = value
        assert validator.is_valid(document) is valid


def test_a_lens_is_also_within_what_the_api_hands_out(lens: Lens) -> None:
    document = json.loads(custom_lens(lens))
    assert len(document["description"]) <= limits.LENS_DESCRIPTION
    assert len(document["pillars"]) <= limits.PILLARS
    for pillar in document["pillars"]:
        assert len(pillar["questions"]) <= limits.QUESTIONS
        for question in pillar["questions"]:
            assert len(question["choices"]) <= limits.CHOICES
            for named in (pillar, question, *question["choices"]):
                assert len(named["id"]) in limits.ID
            resources = [
                each[key]
                for each in question["choices"]
                for key in ("helpfulResource", "improvementPlan")
                if key in each
            ]
            assert resources
            assert all(len(each["displayText"]) <= limits.DISPLAY_TEXT for each in resources)
            assert all(len(each["url"]) <= limits.ADDRESS for each in resources)


def test_the_limits_of_the_api_are_those_of_its_model() -> None:
    model = botocore.session.get_session().get_service_model("wellarchitected")
    longest = {
        name: model.shape_for(name).metadata["max"]
        for name in (
            "LensName",
            "LensDescription",
            "LensJSON",
            "PillarId",
            "ChoiceId",
            "ChoiceContentDisplayText",
            "ChoiceContentUrl",
            "Notes",
            "ChoiceNotes",
        )
    }
    assert longest == {
        "LensName": limits.LENS_NAME,
        "LensDescription": limits.LENS_DESCRIPTION,
        "LensJSON": limits.LENS_BYTES,
        "PillarId": limits.ID[-1],
        "ChoiceId": limits.ID[-1],
        "ChoiceContentDisplayText": limits.DISPLAY_TEXT,
        "ChoiceContentUrl": limits.ADDRESS,
        "Notes": limits.NOTES,
        "ChoiceNotes": limits.CHOICE_NOTES,
    }


@pytest.mark.parametrize(("key", "most"), [("pillars", 10), ("questions", 20), ("choices", 15)])
def test_the_schema_has_the_documented_numbers(key: str, most: int) -> None:
    validator = jsonschema.Draft202012Validator(_schema())
    for number, valid in ((most, True), (most + 1, False)):
        document = json.loads(custom_lens(LENSES[0]))
        at: Any = document
        while key not in at:
            at = at["pillars" if "pillars" in at else "questions"][0]
        at[key] = [at[key][0]] * number
        assert validator.is_valid(document) is valid


def test_every_rule_of_risk_needs_one_default() -> None:
    document = json.loads(custom_lens(LENSES[0]))
    rules = document["pillars"][0]["questions"][0]["riskRules"]
    rules[:] = rules[:-1]
    assert not jsonschema.Draft202012Validator(_schema()).is_valid(document)


def test_only_none_of_these_goes_without_a_plan() -> None:
    document = json.loads(custom_lens(LENSES[0]))
    choices = document["pillars"][0]["questions"][0]["choices"]
    assert "improvementPlan" not in choices[-1]
    del choices[0]["improvementPlan"]
    assert not jsonschema.Draft202012Validator(_schema()).is_valid(document)


def test_every_practice_of_the_first_lens_has_a_plain_question() -> None:
    for practice in practices("machine-learning").values():
        requested = wording(LENSES[0], practice)
        assert re.fullmatch(r"[A-Z].*\?", requested.ask), practice.id
        assert practice.title not in requested.ask
        assert not requested.evidence.endswith(".")
