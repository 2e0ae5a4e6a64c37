"""`mlwa-lint check`: exit codes, streams, selection, outputs."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

import pytest

from mlwa_lint.cli.options import INPUT, LINT, RULES, command_line_of
from tests.support.workspace import TEMPLATE, Workspace


def test_findings_make_exit_code_1_and_go_to_standard_output(workspace: Workspace) -> None:
    run = workspace.check("template.yaml")
    assert run.code == 1
    assert "template.yaml:5:3: high TSS101 test-key-missing" in run.out
    assert run.out.splitlines()[-1].startswith("2 findings (1 high, 1 low) in 1 file, 3 resources")
    assert run.err == ""


def test_a_clean_run_exits_0_and_still_reports_what_it_read(workspace: Workspace) -> None:
    run = workspace.check("template.yaml", "--select", "MLO901")
    assert run.code == 1
    run = workspace.run("check", "template.yaml", "--rules", "my_rules.py", "--select", "MLO901")
    assert run.code == 0
    assert run.out == "No findings in 1 file, 3 resources\n"


@pytest.mark.parametrize(
    ("threshold", "code"), [("high", 1), ("medium", 1), ("low", 1), ("info", 1), ("never", 0)]
)
def test_fail_on_sets_the_threshold(workspace: Workspace, threshold: str, code: int) -> None:
    assert workspace.check("--fail-on", threshold, "template.yaml").code == code


def test_fail_on_high_passes_when_only_milder_findings_are_left(workspace: Workspace) -> None:
    assert workspace.check("--ignore", "TSS101", "--fail-on", "high", "template.yaml").code == 0


def test_severity_hides_milder_findings(workspace: Workspace) -> None:
    run = workspace.check("--severity", "high", "template.yaml", "-q")
    assert [line.split()[2] for line in run.out.splitlines()] == ["TSS101"]


def test_a_file_of_variables_gives_their_values(workspace: Workspace) -> None:
    Path("main.tf").write_text(
        'variable "access" { type = string }\n'
        'resource "aws_sagemaker_notebook_instance" "n" {\n'
        '  name = "n"\n  root_access = var.access\n}\n'
    )
    Path("values.tfvars").write_text('access = "Enabled"\n')
    chosen = ("check", "--no-cache", "--select", "MLS402", "-q", "main.tf")
    assert workspace.run(*chosen).code == 0
    run = workspace.run(*chosen, "--var-file", "values.tfvars")
    assert (run.code, run.out.split()[2]) == (1, "MLS402")


def test_every_option_of_linting_is_read_by_its_name() -> None:
    given: dict[str, Any] = {}
    for option in (*RULES, *INPUT, *LINT):
        given[option.name] = (__file__,) if option.multiple else None
    given |= {"variables": ("a=b",), "lenses": ("agentic-ai",)}
    read = command_line_of(given)
    assert all(getattr(read, name) for name in given if isinstance(given[name], tuple))


def test_exit_zero_forgives_findings_but_not_unreadable_input(workspace: Workspace) -> None:
    assert workspace.check("--exit-zero", "template.yaml").code == 0
    assert workspace.check("--exit-zero", "template.yaml", "missing.yaml").code == 2


def test_unreadable_input_exits_2_and_the_rest_is_still_linted(workspace: Workspace) -> None:
    workspace.write("broken.yaml", "AWSTemplateFormatVersion: '2010-09-09'\nResources: [\n")
    run = workspace.check("broken.yaml", "missing.yaml", "template.yaml")
    assert run.code == 2
    assert "TSS101" in run.out
    assert "broken.yaml:" in run.err
    assert "missing.yaml: error: does not exist" in run.err.splitlines()
    assert "2 inputs not read" in run.out
    assert "Traceback" not in run.err


def test_a_failing_rule_exits_3_is_named_with_the_file_and_the_others_still_report(
    workspace: Workspace,
) -> None:
    source = (workspace.folder / "my_rules.py").read_text(encoding="utf-8")
    workspace.write("my_rules.py", source.replace('tags = config["Tags"]', "tags = 1 / 0"))
    run = workspace.check("template.yaml")
    assert run.code == 3
    assert "TSS101" in run.out
    assert (
        "template.yaml: error: rule TSS102 of my_rules.py failed (ZeroDivisionError: division by zero)"
        in run.err
    )
    assert json.loads(workspace.check("template.yaml", "--format", "json").out)["errors"]


def test_a_name_for_standard_input_that_is_not_read_is_refused(workspace: Workspace) -> None:
    run = workspace.check("template.yaml", "--stdin-filename", "infra/given.yaml")
    assert (run.code, run.out) == (2, "")
    assert run.err == (
        "mlwa-lint: error: --stdin-filename: nothing is read from standard input; add - to the paths\n"
    )


def test_standard_input_is_linted_under_the_name_given(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(TEMPLATE.encode()))
    monkeypatch.setattr(sys, "stdin", stdin)
    run = workspace.check("-", "--stdin-filename", "infra/given.yaml")
    assert run.code == 1
    assert "infra/given.yaml:5:3: high TSS101" in run.out
    assert "5 |   Bare:" in run.out


HCL = 'resource "aws_sagemaker_notebook_instance" "n" {\n  name = "n"\n}\n'
PROGRAM = """\
import boto3

boto3.client("sagemaker").create_notebook_instance(NotebookInstanceName="n", InstanceType="ml.t3.medium")
"""
NOTEBOOK = json.dumps({"cells": [{"cell_type": "code", "source": PROGRAM}], "metadata": {}, "nbformat": 4})


@pytest.mark.parametrize(
    ("text", "given", "place"),
    [
        (HCL, "", "stdin.tf:1:1"),
        (HCL, "infra/main.tf", "infra/main.tf:1:1"),
        (HCL, "main.tf", "main.tf:1:1"),
        (PROGRAM, "", "stdin.py:3:1"),
        (PROGRAM, "train.py", "train.py:3:1"),
        (NOTEBOOK, "", "stdin.ipynb:"),
        ("Resources:\n  N:\n    Type: AWS::SageMaker::NotebookInstance\n", "", "stdin.yaml:2:3"),
    ],
)
def test_standard_input_may_be_terraform_and_python(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, text: str, given: str, place: str
) -> None:
    workspace.write("variables.tf", 'resource "aws_sagemaker_notebook_instance" "other" {\n}\n')
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    names = ("--stdin-filename", given) if given else ()
    run = workspace.run("check", "-", "--select", "MLS402", "--severity", "info", "-q", *names)
    assert run.err == ""
    lines = run.out.splitlines()
    assert lines[0].startswith(place)
    # A file is linted with its module; a text without a name is one of its own.
    assert [each.split(":")[0] for each in lines[1:]] == (["variables.tf"] if given == "main.tf" else [])


def test_standard_input_takes_the_place_of_the_file(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.write("main.tf", "locals {\n  root = 1\n}\n")
    workspace.write("values.tf", 'variable "access" {\n  default = "Enabled"\n}\n')
    text = HCL.replace('name = "n"', "root_access = var.access")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    run = workspace.run("check", "-", "--select", "MLS402", "--stdin-filename", "main.tf")
    assert "main.tf:2:3: medium MLS402" in run.out
    assert "2 |   root_access = var.access" in run.out


def test_the_working_folder_is_linted_without_paths(workspace: Workspace) -> None:
    assert "template.yaml:5:3" in workspace.check().out


def test_equal_warnings_are_reported_in_one_line(workspace: Workspace) -> None:
    names = [f"other{number}.yaml" for number in range(5)]
    for name in names:
        workspace.write(name, "on: push\n")
    run = workspace.check(*names, "template.yaml")
    assert run.code == 1
    (line,) = run.err.splitlines()
    assert line.endswith("other0.yaml, other1.yaml, other2.yaml and 2 more")
    assert len(workspace.check(*names[:3], "template.yaml").err.splitlines()) == 3


def test_nothing_to_lint_is_reported(workspace: Workspace) -> None:
    (workspace.folder / "empty").mkdir()
    run = workspace.check("empty")
    assert run.code == 0
    assert "nothing to lint" in run.err


@pytest.mark.parametrize(
    ("arguments", "stated"),
    [
        (("check", "--nonsense"), "No such option"),
        (("chek",), "did you mean 'check'?"),
        (("template.yaml",), "to lint template.yaml, write `mlwa-lint check template.yaml`"),
        (("check", "--fail-on", "severe"), "'severe' is not one of"),
        (("check", "--select", "XYZ999"), "no rule is called 'XYZ999'"),
        (("check", "--format", "sarf"), "did you mean 'sarif'?"),
        (("check", "--format", "json:"), "the file is missing"),
        (("check", "--format", "json", "--format", "csv"), "both go to standard output"),
        (("check", "--format", "json:a", "--format", "csv:./a"), "the same file"),
        (("check", "--config", "none.toml"), "--config none.toml: no such file"),
        (("check", "--parameters", "none.json"), "--parameters none.json: no such file"),
        (("check", "--var", "name"), "write --var NAME=VALUE"),
        (("check", "--baseline", "none.json"), "no such baseline"),
        (("check", "-", "--since", "HEAD"), "git knows nothing of standard input"),
        (("check", "--rules", "no_such_module_anywhere"), "neither a folder, nor a Python file"),
        (("rule",), "give a rule's code or name, or --all"),
        (("rule", "TSS1O1"), "no rule is called"),
    ],
)
def test_wrong_usage_exits_2_with_one_helpful_line(
    workspace: Workspace, arguments: tuple[str, ...], stated: str
) -> None:
    run = workspace.run(*arguments)
    assert run.code == 2
    assert stated in run.err
    assert "Traceback" not in run.err
    assert run.out == ""


def test_a_bug_exits_3_without_a_traceback(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("mlwa_lint.cli.check.lint", explode)
    run = workspace.check("template.yaml")
    assert run.code == 3
    assert "internal error: RuntimeError: boom (test_check.py:" in run.err
    assert "please report it" in run.err
    assert "Traceback" not in run.err


def test_several_reports_at_once_go_to_files_and_standard_output(workspace: Workspace) -> None:
    run = workspace.check(
        "template.yaml", "--format", "text", "--format", "json:out.json", "--format", "csv:out.csv"
    )
    assert run.code == 1
    assert "TSS101" in run.out
    assert json.loads((workspace.folder / "out.json").read_text(encoding="utf-8"))["version"] == 1
    assert (workspace.folder / "out.csv").read_text(encoding="utf-8").startswith("path,line")
    assert sorted(path.name for path in workspace.folder.iterdir() if "out" in path.name) == [
        "out.csv",
        "out.json",
    ]


def test_a_report_that_cannot_be_written_exits_2_and_leaves_the_old_one(workspace: Workspace) -> None:
    run = workspace.check("template.yaml", "--format", "json:nowhere/out.json", "--format", "text")
    assert run.code == 2
    assert "cannot write nowhere/out.json" in run.err
    assert "create the directory first" in run.err
    assert "TSS101" in run.out


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_reported_in_one_line(workspace: Workspace) -> None:
    run = workspace.check("template.yaml", "--format", "json:/dev/full")
    assert run.code == 2
    assert "cannot write /dev/full: No space left on device" in run.err
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = _process(workspace, "check", "template.yaml", stdout=full)
    assert done.returncode == 2
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_closed_pipe_ends_the_run_quietly(workspace: Workspace) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as pipe:
        done = _process(workspace, "check", "template.yaml", stdout=pipe)
    assert done.returncode == 1
    assert done.stderr == ""


def test_json_to_standard_output_is_all_that_is_written_there(workspace: Workspace) -> None:
    workspace.write("broken.yaml", "AWSTemplateFormatVersion: '2010-09-09'\nResources: [\n")
    report = json.loads(workspace.check("--format", "json").out)
    assert [error["path"] for error in report["errors"]] == ["broken.yaml"]


def test_variables_and_parameters_decide_what_was_open(workspace: Workspace) -> None:
    run = workspace.check("template.yaml", "--show-undecided")
    assert "template.yaml:13:3: undecided Open" in run.out
    assert "because parameter Key has no default (TSS101)" in run.out
    workspace.write("values.json", '[{"ParameterKey": "Key", "ParameterValue": "alias/mine"}]')
    run = workspace.check("template.yaml", "--show-undecided", "--parameters", "values.json")
    assert "undecided" not in run.out


def test_statistics_count_findings_per_rule(workspace: Workspace) -> None:
    assert "1  TSS101  test-key-missing   high" in workspace.check("template.yaml", "--statistics").out


def test_verbose_prints_the_configuration_on_standard_error(workspace: Workspace) -> None:
    run = workspace.check("template.yaml", "-v")
    assert "configuration: none, the defaults hold" in run.err
    assert "help: https://rules.example.org/TSS101" in run.out


def test_the_same_input_gives_the_same_bytes(workspace: Workspace) -> None:
    assert workspace.check("--format", "json") == workspace.check("--format", "json")


def test_a_minimal_run_loads_nothing_heavy(workspace: Workspace) -> None:
    program = (
        "import sys; from mlwa_lint.cli.app import invoke;"
        "invoke(['check', 'template.yaml', '--select', 'MLO901']);"
        "heavy = {'rich', 'networkx', 'cfnlint', 'hcl2', 'asyncio', 'difflib'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=workspace.folder, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def _process(workspace: Workspace, *arguments: str, stdout: IO[str]) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "mlwa_lint", *arguments, "--rules", "my_rules.py", "--select", "TSS"]
    return subprocess.run(
        command, stdout=stdout, stderr=subprocess.PIPE, text=True, cwd=workspace.folder, check=False
    )


def test_names_that_are_no_text_are_shown_and_reported(workspace: Workspace) -> None:
    name = os.fsdecode(b"odd-\xff\x1b[2J.yaml")
    try:
        (workspace.folder / name).write_text(TEMPLATE, encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes only text as names")
    for form in ("text", "json", "sarif", "junit", "github", "gitlab", "markdown", "csv"):
        run = workspace.check("--format", form, name)
        assert run.code == 1
        assert run.err == ""
        assert form == "csv" or "\x1b" not in run.out
    assert "\x1b" not in workspace.check(name + "missing").err


def test_a_working_folder_that_is_gone_is_reported(workspace: Workspace) -> None:
    gone = workspace.folder / "gone"
    gone.mkdir()
    program = f"cd {gone} && rmdir {gone} && exec {sys.executable} -m mlwa_lint check"
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_modules_and_nested_templates_beside_the_folder_are_read(workspace: Workspace) -> None:
    workspace.write("envs/dev/main.tf", 'module "hosting" {\n  source = "../../modules/hosting"\n}\n')
    workspace.write(
        "modules/hosting/main.tf",
        'resource "aws_sagemaker_endpoint_configuration" "e" {\n  tags = { owner = "me" }\n}\n',
    )
    workspace.write(
        "stacks/app/main.yaml",
        "Resources:\n  S:\n    Type: AWS::CloudFormation::Stack\n"
        "    Properties: {TemplateURL: ../shared/hosting.yaml}\n",
    )
    workspace.write(
        "stacks/shared/hosting.yaml",
        "Resources:\n  E:\n    Type: AWS::SageMaker::EndpointConfig\n"
        "    Properties: {Tags: [{Key: a, Value: b}]}\n",
    )
    run = workspace.check("envs/dev", "stacks/app")
    assert run.err == ""
    places = [line.split()[0] for line in run.out.splitlines() if "TSS101" in line]
    assert places == ["modules/hosting/main.tf:1:1:", "stacks/shared/hosting.yaml:2:3:"]


def test_a_module_outside_the_project_is_reported(workspace: Workspace) -> None:
    (workspace.folder / ".git").mkdir()
    workspace.write("main.tf", 'module "m" {\n  source = "../elsewhere"\n}\n')
    run = workspace.check("main.tf")
    assert run.code == 0
    assert "main.tf:1: warning: module m is not read: ../elsewhere is outside of" in run.err


def test_a_named_folder_is_read_as_one_project_from_everywhere(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.write("repo/modules/hosting/main.tf", "resource aws_sagemaker_endpoint_configuration c {}\n")
    module = 'module "m" {\n  source = "../../%s"\n}\n'
    workspace.write("repo/envs/dev/main.tf", module % "modules/hosting")
    workspace.write("repo/envs/odd/main.tf", module % "../elsewhere")
    workspace.write("elsewhere/main.tf", "resource aws_sagemaker_endpoint_configuration secret {}\n")
    rules = str(workspace.folder / "my_rules.py")
    away = workspace.folder / "away"
    away.mkdir()
    monkeypatch.chdir(away)
    run = workspace.run("check", "--rules", rules, "--select", "TSS101", "../repo")
    assert "TSS101" in run.out
    assert "secret" not in run.out
    unread = "module m is not read: ../../../elsewhere is outside of ../repo"
    assert run.err.splitlines()[0] == f"../repo/envs/odd/main.tf:1: warning: {unread}"
    assert run.err.count("is outside of") == 1
    drawn = workspace.run("graph", "--format", "json", "../repo/envs/dev", "../repo")
    assert "module.m.aws_sagemaker_endpoint_configuration.c" in drawn.out


def test_projects_side_by_side_read_each_its_own_files(workspace: Workspace) -> None:
    parent = (
        "Parameters: {Bucket: {Type: String}}\nResources:\n  Nested:\n    Type: AWS::CloudFormation::Stack\n"
        "    Properties: {TemplateURL: !Sub 'https://${Bucket}.s3.amazonaws.com/hosting.yaml'}\n"
    )
    nested = "Resources:\n  %s:\n    Type: AWS::SageMaker::EndpointConfig\n"
    for name in ("one", "other"):
        workspace.write(f"all/{name}/main.yaml", parent)
        workspace.write(f"all/{name}/deployment/hosting.yaml", nested % name.title())
    run = workspace.check("all", "-v")
    assert [line.split()[0] for line in run.out.splitlines() if " TSS101 " in line] == [
        "all/one/deployment/hosting.yaml:2:3:",
        "all/other/deployment/hosting.yaml:2:3:",
    ]
    assert "Nested.One " in run.out
    assert "Nested.Other " in run.out
    assert "hosting.yaml is read from all/other/deployment/hosting.yaml, the file of the project" in run.err


def test_parameters_for_a_folder_may_be_for_some_of_its_templates(workspace: Workspace) -> None:
    workspace.write("stacks/a.yaml", "Resources:\n  T:\n    Type: AWS::SNS::Topic\n")
    workspace.write("values.json", '{"Unheard": "1"}')
    assert workspace.check("stacks", "--parameters", "values.json").err == ""
    run = workspace.check("stacks/a.yaml", "--parameters", "values.json")
    assert run.err == "stacks/a.yaml:1: warning: parameters are given that it does not declare: Unheard\n"


TWO_VARIABLES = """Parameters: {Topic: {Type: String}}
Resources:
  Job:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/flow
      Definition:
        StartAt: Train
        States:
          Train:
            Type: Task
            Resource: arn:aws:states:::sagemaker:createTrainingJob.sync
            End: true
            Parameters:
              Environment: {API_TOKEN: 9f8a7b6c5d4e3f2a1b0c, DB_PASSWORD: !Ref Topic}
"""


def test_what_a_rule_has_a_finding_for_is_not_listed_as_undecided(workspace: Workspace) -> None:
    workspace.write("flow.yaml", TWO_VARIABLES)
    run = workspace.check("flow.yaml", "--select", "MLS106", "--format", "json")
    report = json.loads(run.out)
    assert [each["resource"]["address"] for each in report["findings"]] == ["Job/Train"]
    assert report["undecided"] == []
    assert report["checked"]["MLS106"] == {"passed": 0, "failed": 1, "undecided": 0}
