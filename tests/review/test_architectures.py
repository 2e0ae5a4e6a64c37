"""The data-lake architecture under review: the good one with its answers, the careless one with its risks."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.architectures import ARCHITECTURES
from tests.support.workspace import Workspace

FOLDER = ARCHITECTURES / "data-lake-endpoint"


@pytest.fixture
def architecture(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.chdir(FOLDER)
    return workspace


def _document(workspace: Workspace, *arguments: str) -> Any:
    return json.loads(workspace.run("review", "--format", "json", *arguments).out)


@pytest.mark.parametrize("name", ["good", "good.yaml"])
def test_the_good_one_with_answers_has_no_high_risk(architecture: Workspace, name: str) -> None:
    run = architecture.run("review", name, "--answers", "review.yaml", "--fail-on", "high-risk")
    assert run.code == 0, run.out
    assert "warning" not in run.err
    summary = _document(architecture, name, "--answers", "review.yaml")["summary"]
    assert summary["risks"]["HIGH"] == 0
    assert summary["risks"]["UNANSWERED"] == 0
    assert summary["states"]["open"] == 0
    assert summary["contradictions"] == summary["expired"] == []


@pytest.mark.parametrize("name", ["good", "good.yaml"])
def test_without_answers_the_good_one_has_open_questions(architecture: Workspace, name: str) -> None:
    summary = _document(architecture, name)["summary"]
    assert summary["risks"]["HIGH"] == 0
    assert summary["risks"]["UNANSWERED"] >= 15


@pytest.mark.parametrize("name", ["careless", "careless.yaml"])
def test_the_evidence_of_the_careless_one_leads_to_its_findings(architecture: Workspace, name: str) -> None:
    document = _document(architecture, name)
    report = json.loads(architecture.run("check", name, "--format", "json").out)
    places = {(each["code"], each["path"], each["line"]) for each in report["findings"]}
    named = {each["code"]: set(each["practices"]) for each in report["findings"]}
    led = set()
    for question in document["questions"]:
        for practice in question["practices"]:
            found = practice["evidence"]["findings"]
            assert bool(found) is (practice["state"] == "failed")
            for each in found:
                assert (each["code"], each["path"], each["line"]) in places
                assert practice["id"] in named[each["code"]]
                assert Path(each["path"]).exists()
                led.add((each["code"], each["path"], each["line"]))
    of_the_lens = {
        (each["code"], each["path"], each["line"])
        for each in report["findings"]
        if any(practice.startswith("ML") for practice in each["practices"])
    }
    assert led == of_the_lens
    assert document["summary"]["risks"]["HIGH"] >= 15


@pytest.mark.parametrize("name", ["careless", "careless.yaml"])
def test_answers_of_the_good_one_contradict_the_careless_one(architecture: Workspace, name: str) -> None:
    run = architecture.run("review", name, "--answers", "review.yaml")
    assert run.code == 1
    assert "Contradictions" in run.out
    assert "High risks" in run.out
    assert len(run.out.splitlines()) <= 45
