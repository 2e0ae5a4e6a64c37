"""The answers file: what is read from it, and what is wrong with it."""

import datetime
import json
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mlwa_lint.catalogue.lens import practices
from mlwa_lint.errors import UserError
from mlwa_lint.review.answer_file import new_file, with_answer, with_questions, with_workload
from mlwa_lint.review.answers import (
    STATUSES,
    AnswerFile,
    PracticeAnswer,
    Workload,
    parse_answers,
    read_answers,
)

FULL = """\
version: 1
answers:
  # ours
  MLOPS01-BP01:
    status: followed
    reason: everyone has been trained
    notes: |
      Two lines
      of notes.
    evidence:
      - docs/roles.md:12
      - https://example.com/plan
    owner: platform
    reviewed: 2026-01-31
    expires: 2027-01-31  # yearly

  GENSEC01-BP01:
    status: not-applicable
    reason: no generative AI
  MLOPS01-BP02:
    status:
"""


def _schema() -> dict[str, object]:
    path = files("mlwa_lint").joinpath("schema/review-answers-1.schema.json")
    found: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(found)
    return found


def _valid(text: str) -> bool:
    class Loader(yaml.SafeLoader):
        """Leaves dates as texts, as a schema's readers do."""

    Loader.yaml_implicit_resolvers = {
        key: [each for each in found if each[0] != "tag:yaml.org,2002:timestamp"]
        for key, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return jsonschema.Draft202012Validator(_schema()).is_valid(yaml.load(text, Loader))


def test_all_fields_of_an_answer() -> None:
    answers = parse_answers(FULL)
    assert answers.by_practice["MLOPS01-BP01"] == PracticeAnswer(
        "followed",
        "everyone has been trained",
        "Two lines\nof notes.",
        ("docs/roles.md:12", "https://example.com/plan"),
        "platform",
        datetime.date(2026, 1, 31),
        datetime.date(2027, 1, 31),
        4,
    )
    assert answers.by_practice["GENSEC01-BP01"].status == "not-applicable"
    assert answers.by_practice["MLOPS01-BP02"].status is None
    assert _valid(FULL)


@pytest.mark.parametrize("text", ["", "# nothing\n", "version: 1\n", "version: 1\nanswers:\n"])
def test_a_file_without_answers(text: str) -> None:
    assert parse_answers(text).by_practice == {}


def test_no_file_is_no_answers(tmp_path: Path) -> None:
    assert read_answers(str(tmp_path / "none.yaml")).by_practice == {}


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ("version: 2\n", 1, "version: 1", ""),
        ("answers:\n  MLOPS01-BP01:\n    status: followed\n", 1, "version: 1", ""),
        ("version: 1\nanswer: {}\n", 2, "unknown key 'answer'", "'answers'"),
        ("version: 1\nanswers:\n  MLOPS1-BP01: {}\n", 3, "unknown practice 'MLOPS1-BP01'", "'MLOPS01-BP01'"),
        (
            "version: 1\nanswers:\n  MLOPS01-BP01:\n    state: followed\n",
            4,
            "unknown key 'state'",
            "'status'",
        ),
        ("version: 1\nanswers:\n  MLOPS01-BP01:\n    xyz: 1\n", 4, "unknown key 'xyz'", "known keys: status"),
        ("version: 1\nanswers:\n  MLOPS01-BP01:\n    status: follow\n", 4, "status 'follow'", "'followed'"),
        ("version: 1\nanswers:\n  MLOPS01-BP01:\n    status: yes\n", 4, "status 'yes'", "one of followed"),
        (
            "version: 1\nanswers:\n  MLOPS01-BP01:\n    status: not-applicable\n",
            3,
            "without a reason",
            "`reason`",
        ),
        (
            "version: 1\nanswers:\n  MLOPS01-BP01:\n    expires: soon\n",
            4,
            "'soon' is not a date",
            "2027-03-31",
        ),
        (
            "version: 1\nanswers:\n  MLOPS01-BP01:\n    evidence: a.md\n",
            4,
            "a list of paths",
            "- docs/roles.md",
        ),
        ("version: 1\nanswers:\n  MLOPS01-BP01:\n    owner: [a]\n", 4, "a text is expected", ""),
        ("version: 1\nanswers:\n  MLOPS01-BP01: followed\n", 3, "a mapping is expected", ""),
        ("version: 1\nanswers: [MLOPS01-BP01]\n", 2, "a mapping is expected", ""),
        ("version: 1\nanswers:\n  MLOPS01-BP01: {}\n  MLOPS01-BP01: {}\n", 4, "occurs twice", ""),
        ("version: 1\nanswers: {\n", 3, "not valid YAML", ""),
        ("- 1\n", 1, "a mapping is expected", ""),
    ],
)
def test_mistakes_are_named_at_their_line(text: str, line: int, message: str, hint: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_answers(text, "answers.yaml")
    assert caught.value.message.startswith(f"answers.yaml:{line}: ")
    assert message in caught.value.message
    assert hint in caught.value.hint
    if "occurs twice" not in message and "YAML" not in message and "unknown practice" not in message:
        assert not _valid(text)


def test_an_answer_expires_on_its_day() -> None:
    answer = PracticeAnswer("followed", expires=datetime.date(2027, 3, 31))
    assert not answer.has_expired(datetime.date(2027, 3, 30))
    assert answer.has_expired(datetime.date(2027, 3, 31))
    assert not PracticeAnswer(None, expires=datetime.date(2027, 3, 31)).has_expired(datetime.date(2028, 1, 1))


def test_evidence_that_does_not_exist_is_named(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "there.md").write_text("x", encoding="utf-8")
    evidence = ("docs/there.md:3-4", "docs/gone.md:3", "gone.md", "https://a.b/c", "asked in person")
    answers = AnswerFile(
        str(tmp_path / ".mlwa" / "review.yaml"),
        {"MLOPS01-BP01": PracticeAnswer("followed", evidence=evidence)},
    )
    assert [path for _, _, path in answers.missing_evidence()] == ["docs/gone.md", "gone.md"]


def test_a_new_file_has_every_question_and_can_be_read_again() -> None:
    requested = list(practices("machine-learning").values())
    text = new_file(requested)
    assert list(parse_answers(text).by_practice) == [each.id for each in requested]
    assert all(each.status is None for each in parse_answers(text).by_practice.values())
    assert _valid(text)
    assert "# Did you compare machine learning with a simpler solution" in text
    assert "# Evidence: a decision record with the baseline's result beside the model's" in text
    assert max(map(len, text.splitlines())) <= 110
    assert parse_answers(new_file(())).by_practice == {}


def test_one_answer_changes_only_its_own_lines() -> None:
    answer = PracticeAnswer("not-followed", "later: 2027", "", ("a: b.md",), "", datetime.date(2026, 5, 1))
    text = with_answer(FULL, "MLOPS01-BP02", answer, "x")
    assert text.startswith(FULL.removesuffix("  MLOPS01-BP02:\n    status:\n"))
    assert parse_answers(text).by_practice["MLOPS01-BP02"]._replace(line=0) == answer
    changed = with_answer(text, "MLOPS01-BP01", PracticeAnswer("followed", notes="a\n\n  b: c"), "x")
    assert changed.splitlines()[:4] == FULL.splitlines()[:4]
    assert "GENSEC01-BP01:\n    status: not-applicable\n    reason: no generative AI\n" in changed
    assert parse_answers(changed).by_practice["MLOPS01-BP01"].notes == "a\n\n  b: c"
    assert parse_answers(changed).by_practice["MLOPS01-BP02"]._replace(line=0) == answer
    assert _valid(changed)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "version: 1\n",
        "version: 1\nanswers: {}\n",
        "version: 1\nanswers:\n",
        "version: 1",
        FULL,
        FULL.rstrip(),
    ],
)
def test_an_answer_is_added_to_any_file(text: str) -> None:
    written = with_answer(text, "MLSEC02-BP01", PracticeAnswer("followed", "yes"), "x")
    before = dict(parse_answers(text).by_practice)
    after = dict(parse_answers(written).by_practice)
    assert after.pop("MLSEC02-BP01").reason == "yes"
    assert {key: each._replace(line=0) for key, each in after.items()} == {
        key: each._replace(line=0) for key, each in before.items()
    }
    assert "# Data" not in written
    assert "# Design data encryption and obfuscation" in written


def test_questions_are_added_below_the_answers() -> None:
    requested = [practices()["MLSEC02-BP01"], practices()["MLSEC03-BP01"]]
    text = with_questions(FULL, requested, "x")
    assert text.startswith(FULL)
    assert list(parse_answers(text).by_practice)[-2:] == ["MLSEC02-BP01", "MLSEC03-BP01"]


def test_answers_in_one_line_are_not_torn_apart() -> None:
    text = "version: 1\nanswers: {MLOPS01-BP01: {status: followed}}\n"
    with pytest.raises(UserError, match="in one line"):
        with_answer(text, "MLOPS01-BP02", PracticeAnswer("followed"), "x")


@pytest.mark.parametrize(
    "word",
    ["yes", "12", "2026-01-01", "a: b", "- a", "#x", "'", '"', "a # b", "null", "@x", "é🙂", "x:", "{a}"],
)
def test_any_text_is_written_so_that_it_reads_again(word: str) -> None:
    answer = PracticeAnswer("followed", word, f"{word}\n{word}", (word,), word)
    text = with_answer(FULL, "MLSEC02-BP01", answer, "x")
    assert parse_answers(text).by_practice["MLSEC02-BP01"]._replace(line=0) == answer


def test_the_workload_is_kept_once() -> None:
    text = with_workload(FULL, Workload("0" * 32, "arn:aws:wellarchitected::1:lens/x", "IN_PROGRESS"), "x")
    assert parse_answers(text).workload == Workload(
        "0" * 32, "arn:aws:wellarchitected::1:lens/x", "IN_PROGRESS"
    )
    again = with_workload(text, Workload("0" * 32, "b", "COMPLETE"), "x")
    assert again.count("workload:") == 1
    assert parse_answers(again).workload.improvement_status == "COMPLETE"
    assert parse_answers(again).by_practice.keys() == parse_answers(FULL).by_practice.keys()
    assert _valid(again)


_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12).map(str.strip)
_DAYS = st.none() | st.dates(datetime.date(2020, 1, 1), datetime.date(2100, 1, 1))
_ANSWERS = st.builds(
    PracticeAnswer,
    st.sampled_from([None, *STATUSES]),
    _TEXTS.filter(bool),
    _TEXTS,
    st.lists(_TEXTS.filter(bool), max_size=2).map(tuple),
    _TEXTS,
    _DAYS,
    _DAYS,
)


@given(st.lists(st.tuples(st.sampled_from(sorted(practices("machine-learning"))[:6]), _ANSWERS), max_size=6))
def test_writing_one_answer_never_changes_another(edits: list[tuple[str, PracticeAnswer]]) -> None:
    text = new_file([practices()["MLOPS01-BP01"], practices()["MLSEC02-BP01"]])
    expected = dict(parse_answers(text).by_practice)
    for practice, answer in edits:
        text = with_answer(text, practice, answer, "x")
        expected[practice] = answer
    found = parse_answers(text).by_practice
    assert {key: each._replace(line=0) for key, each in found.items()} == {
        key: each._replace(line=0) for key, each in expected.items()
    }
