"""The way into the Well-Architected Tool and back, against the service's own model."""

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("boto3", reason="the extra `aws` is not installed")

from botocore.exceptions import ParamValidationError
from botocore.stub import Stubber

from mlwa_lint.catalogue.lens import LENSES
from mlwa_lint.errors import UserError
from mlwa_lint.review.answers import read_answers
from mlwa_lint.review.questions import questions
from mlwa_lint.review.wellarchitected import client as client_module
from mlwa_lint.review.wellarchitected.client import LensReview, milestone_name
from mlwa_lint.review.wellarchitected.custom_lens import choice_id, none_id
from mlwa_lint.review.wellarchitected.limits import (
    CHOICE_NOTES,
    LENS_BYTES,
    MILESTONE_NAME,
    MILESTONES,
    NOTES,
    PAGE,
    cut,
    length,
)
from mlwa_lint.review.wellarchitected.tool import ToolQuestion, matched, normalised
from tests.review.test_command import KEYED, RULES, TEMPLATE
from tests.support.tool import WORKLOAD, Tool, beyond, client
from tests.support.workspace import Run, Workspace

LENS = LENSES[0]
EXPORTED = {
    each.id: {**{choice_id(p.id): p.title for p in each.practices}, none_id(each.id): "None of these"}
    for each in questions(LENS)
}
# As a lens of AWS: ids without meaning, titles with labels and in other letters.
OFFICIAL = {
    f"q{number}": {
        **{f"q{number}_c{n}": f"[{p.id}]  {p.title.upper()}." for n, p in enumerate(each.practices)},
        f"q{number}_no": "None of these",
    }
    for number, each in enumerate(questions(LENS))
}


def _push(workspace: Workspace, tool: Tool, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Run:
    monkeypatch.setattr(client_module, "connect", lambda profile, region: tool.client)
    options = ("--workload-id", WORKLOAD, "--rules", "my_rules.py", "--select", "TSS")
    return workspace.run("review", "push", *options, *arguments)


def _pull(workspace: Workspace, tool: Tool, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Run:
    monkeypatch.setattr(client_module, "connect", lambda profile, region: tool.client)
    return workspace.run("review", "pull", "--workload-id", WORKLOAD, *arguments)


@pytest.fixture
def scratch(workspace: Workspace) -> Workspace:
    workspace.write("my_rules.py", RULES)
    workspace.write("template.yaml", TEMPLATE)
    workspace.write(
        ".mlwa/review.yaml",
        "version: 1\nanswers:\n"
        "  MLOPS01-BP01: {status: followed, reason: trained, owner: us, evidence: [https://a.b]}\n"
        "  MLOPS01-BP02: {status: not-followed}\n"
        "  MLOPS01-BP03: {status: not-applicable, reason: out of scope}\n"
        "  MLCOST02-BP01: {status: not-applicable, reason: Business priorities.}\n"
        "  MLCOST02-BP02: {status: not-applicable, reason: business-priorities}\n"
        "  MLCOST01-BP01: {status: not-followed}\n"
        "  MLCOST01-BP02: {status: not-followed, reason: too dear}\n",
    )
    return workspace


@pytest.fixture(params=[EXPORTED, OFFICIAL], ids=["exported", "official"])
def tool(request: pytest.FixtureRequest) -> Tool:
    return Tool(request.param, "Machine Learning Lens")


def _of(tool: Tool, practice: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The answer to a practice's question, and that to its choice."""
    title = next(p.title for q in questions(LENS) for p in q.practices if p.id == practice)
    for question, choices in tool.questions.items():
        for choice, stated in choices.items():
            if normalised(stated) == normalised(title):
                return tool.answers[question], tool.answers[question]["ChoiceAnswers"].get(choice, {})
    raise AssertionError(practice)


def test_push_is_a_dry_run_by_default(
    scratch: Workspace, tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = _push(scratch, tool, monkeypatch)
    assert run.code == 0
    assert "MLOPS01-BP01: unselected -> selected" in run.err
    assert "would be sent; --yes sends them" in run.err
    assert tool.written == []
    assert tool.milestones == []


def test_push_sends_what_is_known(scratch: Workspace, tool: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    run = _push(scratch, tool, monkeypatch, "--yes", "--milestone", "2026-Q3")
    assert run.code == 0, run.err
    answer, choice = _of(tool, "MLOPS01-BP01")
    assert choice == {"Status": "SELECTED", "Reason": "NONE", "Notes": "trained; https://a.b; owner: us"}
    assert len(answer["SelectedChoices"]) == 1
    assert _of(tool, "MLOPS01-BP02")[1]["Status"] == "UNSELECTED"
    assert _of(tool, "MLOPS01-BP03")[1]["Status"] == "NOT_APPLICABLE"
    assert _of(tool, "MLOPS01-BP03")[1]["Reason"] == "OUT_OF_SCOPE"
    nothing, _ = _of(tool, "MLCOST02-BP01")
    assert (nothing["IsApplicable"], nothing["Reason"]) == (False, "BUSINESS_PRIORITIES")
    none, _ = _of(tool, "MLCOST01-BP01")
    assert len(none["SelectedChoices"]) == 1
    assert none["SelectedChoices"][0].endswith("_no")
    failed = _of(tool, "MLSEC02-BP01")[1]
    assert failed["Status"] == "UNSELECTED"
    assert failed["Notes"].startswith("mlwa-lint: TSS101 template.yaml:4")
    assert answer["Notes"].startswith("mlwa-lint: 3 practices reviewed\nMLOPS01-BP01 followed: trained")
    assert tool.milestones == ["2026-Q3"]
    assert len(tool.written) == len(set(tool.written))


def test_push_is_safe_to_repeat(scratch: Workspace, tool: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    _push(scratch, tool, monkeypatch, "--yes")
    before, milestones = list(tool.written), list(tool.milestones)
    run = _push(scratch, tool, monkeypatch, "--yes")
    assert "nothing to send" in run.err
    assert (tool.written, tool.milestones) == (before, milestones)
    scratch.write("template.yaml", KEYED)
    again = _push(scratch, tool, monkeypatch, "--yes")
    assert "MLSEC02-BP01: unselected -> selected" in again.err
    assert len(tool.milestones) == 2
    assert tool.milestones[1] == f"{tool.milestones[0]} (2)"


def test_a_push_that_broke_off_is_finished_by_the_next(
    scratch: Workspace, tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = tool.UpdateAnswer

    def failing(**given: Any) -> dict[str, Any]:
        if len(tool.written) == 2:
            raise OSError("the line is dead")
        return write(**given)

    monkeypatch.setattr(tool, "UpdateAnswer", failing)
    _push(scratch, tool, monkeypatch, "--yes", "--milestone", "2026-Q3")
    assert len(tool.written) == 2
    assert tool.milestones == []
    monkeypatch.setattr(tool, "UpdateAnswer", write)
    assert _push(scratch, tool, monkeypatch, "--yes", "--milestone", "2026-Q3").code == 0
    assert len(tool.written) == len(set(tool.written)), "what was sent is not sent again"
    assert tool.milestones == ["2026-Q3"]


def test_push_leaves_undecided_questions_alone(
    scratch: Workspace, tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch.write(".mlwa/review.yaml", "version: 1\nanswers:\n  MLOPS02-BP01: {status: followed}\n")
    answer, _ = _of(tool, "MLOPS02-BP03")
    question = next(key for key, each in tool.answers.items() if each is answer)
    other = list(tool.questions[question])[2]
    answer["SelectedChoices"] = [other]
    answer["ChoiceAnswers"] = {other: {"Status": "SELECTED", "Notes": "as we said", "Reason": "NONE"}}
    answer["Notes"] = "a person's"
    untouched, _ = _of(tool, "MLSUS01-BP01")
    before = json.dumps(untouched)
    assert _push(scratch, tool, monkeypatch, "--yes").code == 0
    assert set(answer["SelectedChoices"]) == {other, next(iter(tool.questions[question]))}
    assert answer["ChoiceAnswers"][other]["Notes"] == "as we said"
    assert answer["Notes"] == "a person's"
    assert json.dumps(untouched) == before


def test_a_round_trip_changes_nothing(
    scratch: Workspace, tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    _push(scratch, tool, monkeypatch, "--yes")
    before = read_answers(".mlwa/review.yaml").by_practice
    run = _pull(scratch, tool, monkeypatch)
    assert run.code == 0, run.err
    after = read_answers(".mlwa/review.yaml")
    assert {key: each._replace(line=0) for key, each in after.by_practice.items()} == {
        key: each._replace(line=0) for key, each in before.items()
    }
    assert after.workload.id == WORKLOAD
    assert after.workload.improvement_status == "NOT_STARTED"
    assert "nothing to write" in _pull(scratch, tool, monkeypatch).err


def test_pull_brings_what_people_answered_there(
    scratch: Workspace, tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    _push(scratch, tool, monkeypatch, "--yes")
    answer, choice = _of(tool, "MLOPS01-BP02")
    choice.update({"Status": "SELECTED", "Notes": "done in May"})
    _, other = _of(tool, "MLSEC02-BP01")
    other.update({"Status": "NOT_APPLICABLE", "Reason": "ARCHITECTURE_CONSTRAINTS", "Notes": ""})
    tool.improvement = "IN_PROGRESS"
    text = Path(".mlwa/review.yaml").read_text(encoding="utf-8")
    dry = _pull(scratch, tool, monkeypatch, "--dry-run")
    assert "MLOPS01-BP02: not-followed -> followed" in dry.err
    assert Path(".mlwa/review.yaml").read_text(encoding="utf-8") == text
    run = _pull(scratch, tool, monkeypatch)
    assert "2 answers changed" in run.err
    answers = read_answers(".mlwa/review.yaml")
    assert answers.by_practice["MLOPS01-BP02"].status == "followed"
    assert answers.by_practice["MLOPS01-BP02"].notes == "done in May"
    assert answers.by_practice["MLSEC02-BP01"].status == "not-applicable"
    assert answers.by_practice["MLSEC02-BP01"].reason == "architecture constraints"
    assert answers.by_practice["MLOPS01-BP01"].owner == "us"
    assert answers.workload.improvement_status == "IN_PROGRESS"
    assert answer["IsApplicable"]


def test_an_untouched_question_imports_nothing(
    workspace: Workspace, tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _pull(workspace, tool, monkeypatch).code == 0
    assert read_answers(".mlwa/review.yaml").by_practice == {}
    answer, _ = _of(tool, "MLOPS01-BP01")
    question = next(key for key, each in tool.answers.items() if each is answer)
    answer["SelectedChoices"] = [next(iter(tool.questions[question]))]
    _pull(workspace, tool, monkeypatch)
    found = {key: each.status for key, each in read_answers(".mlwa/review.yaml").by_practice.items()}
    assert found == {
        "MLOPS01-BP01": "followed",
        "MLOPS01-BP02": "not-followed",
        "MLOPS01-BP03": "not-followed",
    }


def test_what_does_not_match_is_listed_and_never_guessed(
    scratch: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    choices = {key: dict(each) for key, each in OFFICIAL.items()}
    choices["q0"]["q0_c0"] = "Develop nearly the right skills"
    choices["q0"]["q0_c2"] = choices["q0"]["q0_c1"]
    tool = Tool(choices, LENS.title)
    run = _push(scratch, tool, monkeypatch, "--yes")
    assert run.code == 0
    assert "3 practices without a choice in the tool, left out:" in run.err
    assert "MLOPS01-BP01 Develop the right skills with accountability and empowerment (no choice" in run.err
    assert "MLOPS01-BP02 Discuss and agree on the level of model explainability (several choices" in run.err
    assert "1 choice of the tool without a practice, left as they are:" in run.err
    assert "q0" not in tool.written


def test_the_lens_is_found_by_its_name(scratch: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Tool(EXPORTED, "Machine Learning Lens (mlwa-lint)")
    assert _push(scratch, ours, monkeypatch).code == 0
    other = _push(scratch, Tool(EXPORTED, "Serverless Lens"), monkeypatch)
    assert other.code == 2
    assert "no lens called Machine Learning Lens" in other.err
    assert "the-lens (Serverless Lens)" in other.err
    named = _push(scratch, Tool(EXPORTED, "Serverless Lens"), monkeypatch, "--lens-alias", "the-lens")
    assert named.code == 0


def test_choices_are_read_page_by_page() -> None:
    for page in (1, 7, 50):
        tool = Tool(EXPORTED, LENS.title, page)
        found = LensReview(tool.client, WORKLOAD, "the-lens").questions()
        assert [each.id for each in found] == list(EXPORTED)
        assert all(each.none == none_id(each.id) for each in found)


def test_errors_of_aws_are_reported_without_a_traceback(
    scratch: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    stubbed = client()
    monkeypatch.setattr(client_module, "connect", lambda profile, region: stubbed)
    with Stubber(stubbed) as stubber:
        stubber.add_client_error("list_lens_reviews", "AccessDeniedException", "You may not")
        run = scratch.run("review", "pull", "--workload-id", WORKLOAD)
    assert run.code == 2
    assert "mlwa-lint: error: AWS: " in run.err
    assert "You may not" in run.err


def test_credentials_and_region_are_required(scratch: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    run = scratch.run("review", "pull", "--workload-id", WORKLOAD)
    assert (run.code, "give --region" in run.err) == (2, True)
    run = scratch.run("review", "pull", "--workload-id", WORKLOAD, "--region", "eu-west-1")
    assert (run.code, "give --profile" in run.err) == (2, True)
    run = scratch.run("review", "pull", "--workload-id", WORKLOAD, "--profile", "nobody")
    assert (run.code, "nobody" in run.err) == (2, True)


def test_a_workload_id_has_its_form(scratch: Workspace) -> None:
    for wrong in ("x", WORKLOAD[:-1], WORKLOAD + "0", WORKLOAD.upper()):
        run = scratch.run("review", "push", "--workload-id", wrong)
        assert run.code == 2
        assert "32 hexadecimal digits" in run.err


# The limits of the service's model.


@pytest.mark.parametrize("limit", [CHOICE_NOTES, NOTES])
@pytest.mark.parametrize("letter", ["x", "é", "🙂", "x🙂"])
def test_notes_are_cut_with_a_word(limit: int, letter: str) -> None:
    whole = letter * (limit // length(letter))
    assert cut(whole, limit) == whole
    shortened = cut(whole + "xxx", limit)
    assert limit - 2 <= length(shortened) <= limit
    assert shortened.endswith(" … (shortened)")


def _update(**arguments: Any) -> dict[str, Any]:
    return {"WorkloadId": WORKLOAD, "LensAlias": "a", "QuestionId": "q", **arguments}


_UPDATES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("workload", {"WorkloadId": WORKLOAD}, {"WorkloadId": WORKLOAD[:-1]}),
    ("lens", {"LensAlias": "x" * 128}, {"LensAlias": "x" * 129}),
    ("lens empty", {"LensAlias": "x"}, {"LensAlias": ""}),
    ("question", {"QuestionId": "x" * 128}, {"QuestionId": "x" * 129}),
    ("selected", {"SelectedChoices": ["x" * 64]}, {"SelectedChoices": ["x" * 65]}),
    ("notes", {"Notes": cut("x" * 3000, NOTES)}, {"Notes": "x" * (NOTES + 1)}),
    ("reason", {"Reason": "OUT_OF_SCOPE"}, {"Reason": "out of scope"}),
    (
        "choice",
        {"ChoiceUpdates": {"x" * 64: {"Status": "SELECTED"}}},
        {"ChoiceUpdates": {"x" * 65: {"Status": "SELECTED"}}},
    ),
    (
        "status",
        {"ChoiceUpdates": {"x": {"Status": "UNSELECTED"}}},
        {"ChoiceUpdates": {"x": {"Status": "NONE"}}},
    ),
    (
        "choice notes",
        {"ChoiceUpdates": {"x": {"Status": "SELECTED", "Notes": cut("x" * 300, CHOICE_NOTES)}}},
        {"ChoiceUpdates": {"x": {"Status": "SELECTED", "Notes": "x" * (CHOICE_NOTES + 1)}}},
    ),
]


@pytest.mark.parametrize(
    ("taken", "refused"), [each[1:] for each in _UPDATES], ids=[each[0] for each in _UPDATES]
)
def test_the_edges_of_an_update(taken: dict[str, Any], refused: dict[str, Any]) -> None:
    found = client()
    shape = found.meta.service_model.operation_model("UpdateAnswer").input_shape
    with Stubber(found) as stubber:
        stubber.add_response("update_answer", {}, _update(**taken))
        found.update_answer(**_update(**taken))
        stubber.assert_no_pending_responses()
    assert beyond(shape, _update(**taken)) == []
    assert beyond(shape, _update(**refused)) != []


def test_botocore_refuses_what_is_missing() -> None:
    found = client()
    with Stubber(found) as stubber:
        stubber.add_response("update_answer", {})
        with pytest.raises(ParamValidationError):
            found.update_answer(WorkloadId=WORKLOAD, LensAlias="a")


def test_our_limits_are_those_of_the_model() -> None:
    model = client().meta.service_model
    assert model.shape_for("UpdateAnswerInput").members["Notes"].metadata["max"] == NOTES
    assert model.shape_for("ChoiceUpdate").members["Notes"].metadata["max"] == CHOICE_NOTES
    name = model.shape_for("CreateMilestoneInput").members["MilestoneName"].metadata
    assert (name["min"], name["max"]) == (MILESTONE_NAME[0], MILESTONE_NAME[-1])
    assert model.shape_for("ListAnswersInput").members["MaxResults"].metadata["max"] == PAGE
    number = model.shape_for("GetAnswerInput").members["MilestoneNumber"].metadata
    assert number["max"] == MILESTONES
    import_lens = model.shape_for("ImportLensInput").members["JSONString"].metadata
    assert import_lens["max"] == LENS_BYTES


@pytest.mark.parametrize(
    ("name", "fits"), [("ab", False), ("abc", True), ("x" * 100, True), ("x" * 101, False)]
)
def test_a_milestone_has_a_name_of_the_right_length(name: str, fits: bool) -> None:
    if fits:
        assert milestone_name(name, []) == name
        second = milestone_name(name, [name])
        assert second != name
        assert len(second) <= 100
        found = client()
        with Stubber(found) as stubber:
            stubber.add_response("create_milestone", {"MilestoneNumber": 1})
            LensReview(found, WORKLOAD, "a").save_milestone(second)
            stubber.assert_no_pending_responses()
    else:
        with pytest.raises(UserError, match="3 to 100 characters"):
            milestone_name(name, [])


def test_a_workload_has_a_hundred_milestones_at_most() -> None:
    assert milestone_name("next", ["x"] * 99) == "next"
    with pytest.raises(UserError, match="100 milestones"):
        milestone_name("next", ["x"] * 100)


def test_long_answers_stay_within_the_limits(
    scratch: Workspace, tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    practices = [each for question in questions(LENS) for each in question.practices]
    entries = "".join(
        f"  {each.id}: {{status: followed, reason: '{'long 🙂 ' * 400}'}}\n" for each in practices
    )
    scratch.write("template.yaml", KEYED)
    scratch.write(".mlwa/review.yaml", f"version: 1\nanswers:\n{entries}")
    run = _push(scratch, tool, monkeypatch, "--yes")
    assert run.code == 0, run.err
    answer, choice = _of(tool, "MLCOST04-BP01")
    assert choice["Notes"].endswith(" … (shortened)")
    assert answer["Notes"].endswith(" … (shortened)")
    assert len(tool.written) == 35
    assert "nothing to send" in _push(scratch, tool, monkeypatch, "--yes").err


# Export.


def test_the_answers_are_written_as_calls(scratch: Workspace) -> None:
    options = ("--rules", "my_rules.py", "--select", "TSS")
    run = scratch.run("review", "export", "--workload", *options)
    calls = json.loads(run.out)["updateAnswer"]
    shape = client().meta.service_model.operation_model("UpdateAnswer").input_shape
    for call in calls:
        assert beyond(shape, {"WorkloadId": WORKLOAD, "LensAlias": "a", **call}) == []
    first = next(each for each in calls if each["QuestionId"] == "MLOPS01")
    assert first["SelectedChoices"] == ["MLOPS01_BP01"]
    assert first["ChoiceUpdates"]["MLOPS01_BP03"]["Reason"] == "OUT_OF_SCOPE"
    named = scratch.run(
        "review", "export", "--workload", *options, "--workload-id", WORKLOAD, "--lens-alias", "arn:x"
    )
    for call in json.loads(named.out)["updateAnswer"]:
        found = client()
        with Stubber(found) as stubber:
            stubber.add_response("update_answer", {}, call)
            found.update_answer(**call)


def test_the_export_reports_what_it_writes(scratch: Workspace) -> None:
    assert scratch.run("review", "export").code == 2
    assert scratch.run("review", "export", "--workload", "--custom-lens").code == 2
    assert scratch.run("review", "export", "--custom-lens", "--output", "lens.json").code == 0
    assert json.loads(Path("lens.json").read_text(encoding="utf-8"))["schemaVersion"] == "2021-11-01"


def test_titles_are_compared_without_labels_case_and_punctuation() -> None:
    assert (
        normalised("[MLOPS01-BP01]  Use Managed   services, to reduce (TCO).")
        == "use managed services to reduce tco"
    )
    assert normalised("MLOPS01-BP01: Use it") == normalised("mlops01 bp01 - use IT")


def test_an_id_of_an_exported_lens_counts_only_in_its_own_question() -> None:
    requested = [ToolQuestion("other", "x", {"MLOPS01_BP01": "Something else"})]
    found = matched(LENS, requested)
    assert found.practices == {}
    assert found.without_practice == (("other", "Something else"),)
