"""Rounds of fixes: what overlaps waits, what does not prove good is dropped, and nothing is written."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import pytest

from mlwa_lint.fixes import Edit, Fix, compatible, edited, place_of
from mlwa_lint.fixes.propose import Choices, propose
from mlwa_lint.fixes.rounds import settle
from mlwa_lint.model.findings import Finding
from mlwa_lint.run.pipeline import lint
from tests.support.fixing import any_edit, fixed, session_of

NOTEBOOK = """Resources:
  Lab:
    Type: AWS::SageMaker::NotebookInstance
    Properties: {}
"""


def test_fixes_of_one_resource_come_together(tmp_path: Path) -> None:
    path = tmp_path / "lab.yaml"
    path.write_text(NOTEBOOK.replace("{}", "\n      InstanceType: ml.t3.medium"), encoding="utf-8")
    settled = fixed(tmp_path, "MLS401", "MLS402", "MLS405").settled
    (text,) = settled.texts.values()
    assert {fix.code for fix in settled.made} == {"MLS401", "MLS402", "MLS405"}
    assert text.count("KmsKeyId:") == text.count("RootAccess: Disabled") == 1
    assert settled.linted.result.findings == ()
    assert path.read_text("utf-8") != text


def test_what_overlaps_waits_for_the_next_round(tmp_path: Path) -> None:
    (tmp_path / "lab.yaml").write_text(NOTEBOOK, encoding="utf-8")
    result = fixed(tmp_path, "MLS401", "MLS402", "MLS405")
    assert len(compatible(fix for fix in result.proposed if fix.edits).now) == 1
    assert {fix.code for fix in result.settled.made} == {"MLS401", "MLS402", "MLS405"}


def test_two_properties_below_one_that_is_not_there_yet(tmp_path: Path) -> None:
    text = """Resources:
  Features:
    Type: AWS::SageMaker::ProcessingJob
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/features
      ProcessingResources:
        ClusterConfig: {InstanceType: ml.m5.xlarge, InstanceCount: 2, VolumeSizeInGB: 10}
"""
    (tmp_path / "job.yaml").write_text(text, encoding="utf-8")
    settled = fixed(tmp_path, "MLS201", "MLS204", "MLS205").settled
    (new,) = settled.texts.values()
    assert new.count("NetworkConfig:") == 1
    assert settled.dropped == ()
    assert {fix.code for fix in settled.made} == {"MLS201", "MLS204", "MLS205"}


def test_the_same_place_found_from_two_roots_is_edited_once(tmp_path: Path) -> None:
    module = tmp_path / "modules" / "lab"
    module.mkdir(parents=True)
    (module / "main.tf").write_text(
        'resource "aws_sagemaker_notebook_instance" "lab" {\n}\n', encoding="utf-8"
    )
    for name in ("a", "b"):
        root = tmp_path / name
        root.mkdir()
        call = 'module "lab" {\n  source = "../modules/lab"\n}\n'
        (root / "main.tf").write_text(call, encoding="utf-8")
    settled = fixed(tmp_path, "MLS402").settled
    (text,) = settled.texts.values()
    assert text.count("root_access") == 1
    assert settled.linted.result.findings == ()


class Bad:
    """Proposes one good fix for each finding, and beside it what must not be made."""

    def __init__(self, spoil: Edit) -> None:
        self.spoil = spoil

    def __call__(self, findings: Sequence[Finding], choices: Choices, texts: Mapping[str, str]) -> list[Fix]:
        made = propose(findings, choices, texts)
        return [
            fix._replace(edits=(self.spoil._replace(path=fix.edits[0].path),))
            if fix.code == "MLS402"
            else fix
            for fix in made
            if fix.edits
        ]


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (Edit("", 0, 0, "# nothing\n"), "the finding would stay"),
        (Edit("", 0, 9, "Resources"), "the finding would stay"),
        (Edit("", 0, 10, "["), "the file could not be read as before"),
        (Edit("", 20, 20, "x: {"), "the file could not be read as before"),
    ],
)
def test_what_does_not_prove_good_is_dropped_and_the_rest_is_made(
    tmp_path: Path, spoil: Edit, reason: str
) -> None:
    text = NOTEBOOK.replace("{}", "\n      InstanceType: ml.t3.medium")
    (tmp_path / "lab.yaml").write_text(text, encoding="utf-8")
    session = session_of(tmp_path, "MLS401", "MLS402")
    before = lint(session, [str(tmp_path)], "")
    settled = settle(session, [str(tmp_path)], before, any_edit, Bad(spoil))
    assert [fix.code for fix in settled.made] == ["MLS401"]
    assert [each.fix.code for each in settled.dropped] == ["MLS402"]
    assert settled.dropped[0].reason.startswith(reason)
    assert "KmsKeyId" in next(iter(settled.texts.values()))


def test_a_fix_that_brings_another_finding_is_dropped(tmp_path: Path) -> None:
    text = """Resources:
  Spam:
    Type: AWS::SageMaker::Endpoint
    Properties:
      EndpointConfigName: spam-2026-05
"""
    (tmp_path / "endpoint.yaml").write_text(text, encoding="utf-8")
    settled = fixed(tmp_path, "MLR106", "MLR107", "MLR109").settled
    assert settled.texts == {}
    assert [each.reason for each in settled.dropped] == ["it would bring MLR106 for Spam"]


def test_edits_of_one_text() -> None:
    text = "one two three"
    assert (
        edited(text, [Edit("a", 4, 7, "2"), Edit("a", 0, 0, ">"), Edit("a", 13, 13, "!")]) == ">one 2 three!"
    )
    with pytest.raises(ValueError, match="overlap"):
        edited(text, [Edit("a", 0, 7, ""), Edit("a", 4, 7, "")])


def test_places_count_lines_and_columns_from_one_and_no_mark() -> None:
    text = "\ufeffone\r\ntwö\n"
    assert place_of(Edit("a", 1, 4, ""), text)[1:] == (1, 1, 1, 4)
    assert place_of(Edit("a", 8, 9, ""), text)[1:] == (2, 3, 2, 4)
    assert place_of(Edit("a", 10, 10, ""), text)[1:] == (3, 1, 3, 1)


def test_what_is_found_at_several_resources_at_once_is_fixed_at_each(tmp_path: Path) -> None:
    text = "Resources:\n" + "".join(
        f"""  {name}:
    Type: AWS::Glue::Job
    Properties:
      Role: arn:aws:iam::111122223333:role/features
      Command: {{Name: glueetl, ScriptLocation: s3://acme-ml/features.py}}
"""
        for name in ("One", "Two", "Three")
    )
    (tmp_path / "jobs.yaml").write_text(text, encoding="utf-8")
    result = fixed(tmp_path, "MLU201")
    (proposed,) = result.proposed
    (text,) = result.settled.texts.values()
    assert len(proposed.edits) == text.count("--enable-auto-scaling") == 3
    assert result.settled.linted.result.findings == ()


def test_edits_that_touch_others_wait_wherever_they_are() -> None:
    finding = cast(Finding, None)
    taken = [(10, 10, "a"), (20, 30, "b"), (40, 40, "name: x"), (40, 40, "other: x"), (50, 60, "c")]
    kept = [Fix("A", "safe", (Edit("a.yaml", *each),), "", finding) for each in taken]
    assert compatible(reversed(kept)).later == ()
    touching = [(9, 11), (20, 20), (25, 25), (30, 30), (19, 31), (5, 70), (40, 45), (55, 56), (59, 70)]
    beside = [(0, 9), (11, 19), (31, 39), (41, 49), (61, 90), (19, 19)]
    for place in touching + beside:
        fix = Fix("B", "safe", (Edit("a.yaml", *place, "text"),), "", finding)
        assert (compatible([*kept, fix]).later == (fix,)) is (place in touching), place
    elsewhere = Fix("B", "safe", (Edit("b.yaml", 20, 30, "text"),), "", finding)
    assert compatible([*kept, elsewhere, *kept]).later == ()
