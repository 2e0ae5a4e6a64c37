"""`mlwa-lint review`: evidence, answers and risks together, as users see them."""

import io
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from mlwa_lint.review.answers import read_answers
from tests.support.workspace import Workspace

RULES = '''\
from mlwa_lint.rule import Claim, Remedy, rule


def _make(code, name, severity, practices, key, on):
    def check(resource, graph):
        """Something is missing.

        It matters.
        """
        view = resource[key]
        yield Claim(view.is_absent(), view, f"{resource} has no {view.label}")

    remedy = Remedy("Set it.", "Set it.")
    return rule(code, name, severity, practices=practices, on=(on,), remedy=remedy)(check)


CONFIG = "AWS::SageMaker::EndpointConfig"
one = _make("TSS101", "one", "high", ("MLSEC02-BP01",), "KmsKeyId", CONFIG)
two = _make("TSS102", "two", "medium", ("MLOPS02-BP02", "MLSEC02-BP01"), "Tags", CONFIG)
three = _make("TSS103", "three", "info", ("MLSUS05-BP02",), "Tags", CONFIG)
four = _make("TSS104", "four", "low", ("MLREL05-BP01",), "Tags", "AWS::SageMaker::Model")
'''
TEMPLATE = """\
Parameters:
  Key: {Type: String}
Resources:
  Bare:
    Type: AWS::SageMaker::EndpointConfig
    Properties: {}
"""
KEYED = TEMPLATE.replace("{}\n", "{KmsKeyId: alias/mine, Tags: [{Key: a, Value: b}]}\n")


class Reviewed:
    """A scratch folder whose few rules give evidence for a few practices."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        workspace.write("my_rules.py", RULES)
        self.template(TEMPLATE)

    def template(self, text: str) -> None:
        self.workspace.write("template.yaml", text)

    def answers(self, text: str) -> None:
        self.workspace.write(".mlwa/review.yaml", f"version: 1\nanswers:\n{text}")

    def run(self, *arguments: str) -> Any:
        return self.workspace.run("review", "--rules", "my_rules.py", "--select", "TSS", *arguments)

    def document(self, *arguments: str) -> Any:
        return json.loads(self.run("--format", "json", *arguments).out)

    def practice(self, name: str, *arguments: str) -> Any:
        questions = self.document(*arguments)["questions"]
        return next(each for question in questions for each in question["practices"] if each["id"] == name)

    def risk(self, name: str) -> Any:
        return next(each["risk"] for each in self.document()["questions"] if each["id"] == name)


@pytest.fixture
def reviewed(workspace: Workspace) -> Reviewed:
    return Reviewed(workspace)


def test_a_practice_fails_by_its_findings(reviewed: Reviewed) -> None:
    practice = reviewed.practice("MLSEC02-BP01")
    assert (practice["state"], practice["verdict"]) == ("failed", "not-followed")
    assert [(each["code"], each["severity"], each["line"]) for each in practice["evidence"]["findings"]] == [
        ("TSS101", "high", 4),
        ("TSS102", "medium", 4),
    ]
    assert practice["evidence"]["checked"] == {"passed": 0, "failed": 2, "undecided": 0}
    assert reviewed.risk("MLSEC02") == "HIGH"


def test_a_practice_is_met_when_rules_ran_and_none_failed(reviewed: Reviewed) -> None:
    reviewed.template(KEYED)
    practice = reviewed.practice("MLSEC02-BP01")
    assert (practice["state"], practice["verdict"]) == ("met", "followed")
    assert practice["evidence"]["checked"] == {"passed": 2, "failed": 0, "undecided": 0}
    assert reviewed.risk("MLSEC02") == "NONE"


def test_what_only_deployment_decides_is_neither_failed_nor_met(reviewed: Reviewed) -> None:
    reviewed.template(TEMPLATE.replace("{}\n", "\n      Fn::Transform: {Name: Unknown}\n"))
    practice = reviewed.practice("MLSEC02-BP01")
    assert (practice["state"], practice["verdict"]) == ("undecided", "open")
    assert {each["code"] for each in practice["evidence"]["reasons"]} == {"TSS101", "TSS102"}
    assert all(each["reason"] and each["line"] == 4 for each in practice["evidence"]["reasons"])


def test_a_finding_of_severity_info_is_a_question_to_people(reviewed: Reviewed) -> None:
    practice = reviewed.practice("MLSUS05-BP02")
    assert (practice["state"], practice["verdict"]) == ("undecided", "open")
    assert [each["code"] for each in practice["evidence"]["hints"]] == ["TSS103"]
    assert practice["evidence"]["findings"] == []


def test_a_practice_without_resources_is_not_seen(reviewed: Reviewed) -> None:
    assert reviewed.practice("MLREL05-BP01")["state"] == "not-seen"


def test_a_practice_without_rules_is_open(reviewed: Reviewed) -> None:
    practice = reviewed.practice("MLCOST02-BP01")
    assert (practice["state"], practice["evidence"]["kind"]) == ("open", "no-rule")


def test_a_suppressed_finding_leaves_the_question_to_people(reviewed: Reviewed) -> None:
    reviewed.template(TEMPLATE.replace("Bare:", "Bare: # mlwa: ignore[TSS101, TSS102] -- for a test"))
    practice = reviewed.practice("MLSEC02-BP01")
    assert (practice["state"], practice["verdict"]) == ("undecided", "open")
    assert {each["reason"] for each in practice["evidence"]["reasons"]} == {"suppressed: for a test"}
    assert len(practice["evidence"]["suppressed"]) == 2


def test_a_baseline_does_not_hide_evidence(reviewed: Reviewed) -> None:
    reviewed.workspace.run("baseline", "--rules", "my_rules.py", "--select", "TSS")
    reviewed.workspace.write(".mlwa-lint.toml", 'baseline = "mlwa-lint-baseline.json"\n')
    assert reviewed.practice("MLSEC02-BP01")["state"] == "failed"


def test_an_answer_decides_what_is_open(reviewed: Reviewed) -> None:
    before = reviewed.run()
    reviewed.answers("  MLCOST02-BP01: {status: not-followed, reason: nobody asked, owner: me}\n")
    practice = reviewed.practice("MLCOST02-BP01")
    assert (practice["state"], practice["verdict"]) == ("answered", "not-followed")
    assert practice["answer"]["owner"] == "me"
    assert reviewed.risk("MLCOST02") == "HIGH"
    assert before.code == reviewed.run().code == 0


def test_a_practice_that_does_not_apply_may_have_findings(reviewed: Reviewed) -> None:
    reviewed.answers("  MLSEC02-BP01: {status: not-applicable, reason: public data}\n")
    assert reviewed.risk("MLSEC02") == "NOT_APPLICABLE"
    assert reviewed.run().code == 0


def test_a_contradiction_is_shown_and_fails(reviewed: Reviewed) -> None:
    reviewed.answers("  MLSEC02-BP01: {status: followed}\n")
    run = reviewed.run()
    assert run.code == 1
    assert "Contradictions\n" in run.out
    assert "MLSEC02-BP01 answered followed, but failed: 1 high, 1 medium (Design data encr" in run.out
    assert "template.yaml:4 high TSS101" in run.out
    practice = reviewed.practice("MLSEC02-BP01")
    assert practice["contradicted"]
    assert practice["verdict"] == "not-followed"
    assert reviewed.document()["summary"]["contradictions"] == ["MLSEC02-BP01"]
    assert "### Contradictions" in reviewed.run("--format", "markdown").out
    reviewed.template(KEYED)
    assert reviewed.run().code == 0


def test_an_expired_answer_counts_as_open_is_named_and_fails(reviewed: Reviewed) -> None:
    reviewed.answers("  MLCOST02-BP01: {status: followed, expires: 2020-01-01}\n")
    run = reviewed.run()
    assert run.code == 1
    assert "Expired answers\n" in run.out
    assert "open; the answer expired on 2020-01-01" in run.out
    practice = reviewed.practice("MLCOST02-BP01")
    assert (practice["state"], practice["verdict"], practice["expired"]) == ("open", "open", True)
    assert "### Expired answers" in reviewed.run("--format", "markdown").out
    reviewed.answers("  MLCOST02-BP01: {status: followed, expires: 2999-01-01}\n")
    assert reviewed.run().code == 0
    assert reviewed.practice("MLCOST02-BP01")["verdict"] == "followed"


def test_a_gate_fails_on_risks(reviewed: Reviewed) -> None:
    assert reviewed.run("--fail-on", "high-risk").code == 1
    reviewed.template(KEYED)
    assert reviewed.run("--fail-on", "high-risk").code == 0
    assert reviewed.run("--fail-on", "medium-risk").code == 0
    assert reviewed.run("--fail-on", "unanswered").code == 1


def test_unreadable_input_goes_before_risks(reviewed: Reviewed) -> None:
    reviewed.workspace.write("broken.yaml", "Resources:\n  A: {Type: AWS::SageMaker::Model\n")
    assert reviewed.run("--fail-on", "high-risk").code == 2


def test_missing_evidence_is_a_warning(reviewed: Reviewed) -> None:
    reviewed.answers("  MLCOST02-BP01: {status: followed, evidence: [docs/gone.md]}\n")
    run = reviewed.run()
    assert run.code == 0
    assert ".mlwa/review.yaml:3: warning: MLCOST02-BP01 names docs/gone.md as evidence" in run.err
    assert reviewed.document()["notices"][0]["line"] == 3


def test_wrong_answers_end_the_run(reviewed: Reviewed) -> None:
    reviewed.answers("  MLCOST02-BP1: {status: followed}\n")
    run = reviewed.run()
    assert run.code == 2
    assert "did you mean 'MLCOST02-BP01'?" in run.err


def test_answers_that_are_not_there_end_the_run(reviewed: Reviewed) -> None:
    run = reviewed.run("--answers", "awnsers.yaml")
    assert (run.code, run.out) == (2, "")
    assert "--answers awnsers.yaml: no such file; --init writes it" in run.err
    assert reviewed.run("--answers", "awnsers.yaml", "--init").code == 0
    assert reviewed.run("--answers", "awnsers.yaml").code == 0


@pytest.mark.parametrize(
    "unused",
    [("--format", "json"), ("--fail-on", "high-risk"), ("--save-milestone", "2026"), ("--interview",)],
)
def test_init_refuses_options_without_effect(reviewed: Reviewed, unused: tuple[str, ...]) -> None:
    run = reviewed.run("--init", *unused)
    assert run.code == 2
    assert f"--init and {unused[0]}: only one at a time" in run.err
    assert not Path(".mlwa").exists()


def test_init_writes_questions_that_code_cannot_decide(reviewed: Reviewed) -> None:
    run = reviewed.run("--init")
    assert run.code == 0
    text = Path(".mlwa/review.yaml").read_text(encoding="utf-8")
    requested = read_answers(".mlwa/review.yaml").by_practice
    assert "MLSEC02-BP01" not in requested
    assert len(requested) == 105 - 2
    assert f"{len(requested)} practices to answer" in run.err
    before = text.replace("    status:\n", "    status: followed\n", 1)
    reviewed.workspace.write(".mlwa/review.yaml", before)
    assert reviewed.run("--init").code == 0
    assert Path(".mlwa/review.yaml").read_text(encoding="utf-8") == before
    added = reviewed.run("--init", "--lens", "generative-ai")
    assert "51 practices to answer" in added.err
    assert len(read_answers(".mlwa/review.yaml").by_practice) == 103 + 51


def test_the_interview_saves_after_each_answer(reviewed: Reviewed, monkeypatch: pytest.MonkeyPatch) -> None:
    stated = "s\nf\ndocs/a.md, https://b.example\nplatform\na\n\nno such data\n\n\nn\n\n\n\nq\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(stated))
    run = reviewed.run("--interview")
    assert run.code == 0
    assert "3 answers saved; 100 practices still open" in run.err
    given = {key: each for key, each in read_answers(".mlwa/review.yaml").by_practice.items() if each.status}
    assert [each.status for each in given.values()] == ["followed", "not-applicable", "not-followed"]
    first, second, _ = given.values()
    assert first.evidence == ("docs/a.md", "https://b.example")
    assert first.owner == "platform"
    assert first.reviewed is not None
    assert second.reason == "no such data"
    assert "MLOPS01-BP01" not in given, "it was skipped"


def test_an_interrupted_interview_keeps_its_answers(
    reviewed: Reviewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("f\n\n\nf\n"))
    assert reviewed.run("--interview").code == 130
    assert [each.status for each in read_answers(".mlwa/review.yaml").by_practice.values()] == ["followed"]


def test_a_milestone_and_what_has_changed_since(reviewed: Reviewed) -> None:
    assert (
        "wrote .mlwa/milestones/machine-learning/2026-Q3.json"
        in reviewed.run("--save-milestone", "2026-Q3").err
    )
    reviewed.template(KEYED)
    reviewed.answers("  MLCOST02-BP01: {status: not-followed}\n")
    run = reviewed.run("--compare", "2026-Q3")
    assert "1 high risk closed, 1 high risk new, 1 more question answered since 2026-Q3" in run.out
    assert reviewed.document("--compare", "2026-Q3")["difference"]["changes"] == [
        {"question": "MLSEC02", "before": "HIGH", "after": "NONE"},
        {"question": "MLCOST02", "before": "UNANSWERED", "after": "HIGH"},
    ]
    assert (
        "**1 high risk closed, 1 high risk new, 1 more question answered since 2026-Q3**"
        in reviewed.run("--compare", "2026-Q3", "--format", "markdown").out
    )
    again = reviewed.run("--save-milestone", "2026-Q3")
    assert again.code == 2
    assert "this milestone exists" in again.err
    missing = reviewed.run("--compare", "2026-Q4")
    assert missing.code == 2
    assert "did you mean '2026-Q3'?" in missing.err
    assert reviewed.run("--save-milestone", "../x").code == 2
    assert reviewed.run("--compare", "2026-Q3", "--lens", "generative-ai").code == 2


def test_the_json_report_validates(reviewed: Reviewed) -> None:
    schema = json.loads(
        files("mlwa_lint").joinpath("schema/review-1.schema.json").read_text(encoding="utf-8")
    )
    jsonschema.Draft202012Validator.check_schema(schema)
    reviewed.answers("  MLSEC02-BP01: {status: followed, expires: 2999-01-01}\n")
    reviewed.run("--save-milestone", "2026-Q3")
    for lens in ("machine-learning", "generative-ai", "agentic-ai", "responsible-ai"):
        document = reviewed.document("--lens", lens)
        jsonschema.validate(document, schema, cls=jsonschema.Draft202012Validator)
    compared = reviewed.document("--compare", "2026-Q3")
    jsonschema.validate(compared, schema, cls=jsonschema.Draft202012Validator)
    del compared["questions"][0]["risk"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(compared, schema, cls=jsonschema.Draft202012Validator)


@pytest.mark.parametrize(
    ("lens", "questions", "practices"),
    [
        ("machine-learning", 35, 105),
        ("generative-ai", 29, 51),
        ("agentic-ai", 41, 150),
        ("responsible-ai", 28, 98),
    ],
)
def test_totals_add_up(reviewed: Reviewed, lens: str, questions: int, practices: int) -> None:
    document = reviewed.document("--lens", lens)
    summary = document["summary"]
    assert (summary["questions"], summary["practices"]) == (questions, practices)
    assert sum(summary["risks"].values()) == questions
    assert sum(summary["states"].values()) == practices
    totals = [document["pillars"], *([document["phases"]] if lens == "machine-learning" else [])]
    for total in totals:
        for risk, number in summary["risks"].items():
            assert sum(each["risks"][risk] for each in total) == number
    assert len(document["phases"]) == (6 if lens == "machine-learning" else 0)


def test_the_same_input_gives_the_same_bytes(reviewed: Reviewed) -> None:
    for form in ("text", "markdown", "json"):
        assert reviewed.run("--format", form) == reviewed.run("--format", form, "--no-cache")


def test_the_text_fits_one_screen(reviewed: Reviewed) -> None:
    lines = reviewed.run().out.splitlines()
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 100
    everything = reviewed.run("--verbose").out
    assert everything.count("\n    ML") >= 105


def test_reports_go_to_files_too(reviewed: Reviewed) -> None:
    run = reviewed.run("--format", "text", "--format", "markdown:out.md", "--format", "json:out.json")
    assert run.out.startswith("Machine Learning Lens: 35 questions")
    assert Path("out.md").read_text(encoding="utf-8").startswith("## Well-Architected review")
    assert json.loads(Path("out.json").read_text(encoding="utf-8"))["version"] == 1
    kept = reviewed.run("--format", "markdown:template.yaml")
    assert kept.code == 2
    assert "is one of the files that were linted" in kept.err
    wrong = reviewed.run("--format", "markdwon")
    assert wrong.code == 2
    assert "did you mean 'markdown'?" in wrong.err


def test_markdown_cannot_be_broken_by_a_name(reviewed: Reviewed) -> None:
    reviewed.answers('  MLCOST02-BP01: {status: not-followed, reason: "a | <script> `x` **b**"}\n')
    text = reviewed.run("--format", "markdown").out
    assert "<script>" not in text
    assert "a \\| \\<script\\>" in text


def test_help_names_the_subcommands(workspace: Workspace) -> None:
    text = workspace.run("review", "--help").out
    assert all(f"  {name} " in text for name in ("export", "push", "pull"))
    assert "Usage: mlwa-lint review export" in workspace.run("review", "export", "--help").out


def test_a_folder_that_is_called_like_a_subcommand_can_be_named(reviewed: Reviewed) -> None:
    reviewed.workspace.write("export/template.yaml", KEYED)
    assert reviewed.document("./export")["summary"]["resources"] == 1
