"""The commands beside `check`."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import networkx
import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.cli import watch
from mlwa_lint.cli.app import invoke
from tests.support.workspace import Workspace

LINKED = """\
Conditions:
  Prod: !Equals [!Ref AWS::Region, eu-west-1]
Resources:
  Model:
    Type: AWS::SageMaker::Model
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      ProductionVariants: [{VariantName: a, ModelName: !GetAtt Model.ModelName}]
  Endpoint:
    Type: AWS::SageMaker::Endpoint
    Condition: Prod
    Properties:
      EndpointConfigName: !GetAtt Config.EndpointConfigName
"""


def _rules(workspace: Workspace, *arguments: str) -> list[str]:
    run = workspace.run("rules", "--rules", "my_rules.py", "--select", "TSS,MLO901", *arguments)
    assert run.code == 0
    return [line.split()[0] for line in run.out.splitlines()]


def test_rules_lists_codes_severities_names_and_pillars(workspace: Workspace) -> None:
    run = workspace.run("rules", "--rules", "my_rules.py", "--select", "TSS")
    assert run.out.splitlines() == [
        "TSS101  high    test-key-missing   security",
        "TSS102  low     test-tags-missing  security",
    ]


def test_rules_can_be_filtered_by_pillar_and_practice(workspace: Workspace) -> None:
    assert _rules(workspace, "--pillar", "operational") == ["MLO901"]
    assert _rules(workspace, "--pillar", "security", "--practice", "MLSEC02") == ["TSS101"]
    run = workspace.run("rules", "--pillar", "securty")
    assert run.code == 2
    assert "did you mean 'security'?" in run.err


def test_a_rule_is_explained_by_code_or_name(workspace: Workspace) -> None:
    by_code = workspace.run("rule", "TSS101", "--rules", "my_rules.py").out
    assert by_code == workspace.run("rule", "test-key-missing", "--rules", "my_rules.py").out
    assert "Anybody may read it." in by_code
    assert "Set `kms_key_arn`." in by_code
    assert "MLSEC02-BP01" in by_code


def test_a_rule_is_explained_as_markdown_and_json(workspace: Workspace) -> None:
    text = workspace.run("rule", "TSS101", "--rules", "my_rules.py", "--format", "markdown").out
    assert text.startswith("# TSS101 test-key-missing\n")
    facts = json.loads(workspace.run("rule", "TSS101", "--rules", "my_rules.py", "--format", "json").out)
    assert facts["severity"] == "high"
    assert facts["types"] == ["AWS::SageMaker::EndpointConfig"]


def test_all_rules_are_explained(workspace: Workspace) -> None:
    run = workspace.run("rule", "--all", "--rules", "my_rules.py", "--format", "json")
    assert (run.code, run.err) == (0, "")
    facts = json.loads(run.out)
    assert {"TSS101", "TSS102", "MLO901"} <= {fact["code"] for fact in facts}


def test_the_graph_as_mermaid(workspace: Workspace) -> None:
    workspace.write("template.yaml", LINKED)
    out = workspace.run("graph", "template.yaml").out
    assert out.startswith("flowchart LR\n")
    assert 'r0_1["Config<br/>SageMaker::EndpointConfig"]' in out
    assert 'r0_2["Endpoint<br/>SageMaker::Endpoint<br/>standard' in out
    assert 'r0_0 -- "is hosted by" --> r0_1' in out
    assert 'r0_1 -. "is used by if Prod" .-> r0_2' in out


def test_the_graph_as_dot_is_read_by_graphviz(workspace: Workspace) -> None:
    workspace.write("template.yaml", LINKED)
    out = workspace.run("graph", "template.yaml", "--format", "dot").out
    assert out.startswith("digraph resources {")
    assert 'r0_2 [label="Endpoint\\nSageMaker::Endpoint\\nstandard' in out
    assert "style=dashed" in out
    if shutil.which("dot"):
        done = subprocess.run(["dot", "-Tsvg"], input=out, capture_output=True, text=True, check=True)
        assert "<svg" in done.stdout


def test_the_graph_as_json_is_read_by_networkx(workspace: Workspace) -> None:
    workspace.write("template.yaml", LINKED)
    document = json.loads(workspace.run("graph", "template.yaml", "--format", "json").out)
    graph = networkx.node_link_graph(document["projects"][0], edges="edges")
    assert set(graph.nodes) == {"Model", "Config", "Endpoint"}
    assert graph.nodes["Endpoint"]["when"] == "Prod"
    assert graph.nodes["Endpoint"]["deployment"][0].startswith("standard")
    assert {data["kind"] for _, _, data in graph.edges(data=True)} >= {"hosts", "configures"}


def test_an_unreadable_file_is_reported_and_the_graph_of_the_rest_is_printed(workspace: Workspace) -> None:
    run = workspace.run("graph", "template.yaml", "missing.yaml")
    assert run.code == 2
    assert run.err == "mlwa-lint: error: missing.yaml: does not exist\n"
    assert "Bare" in run.out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_call_the_program(workspace: Workspace, shell: str) -> None:
    run = workspace.run("completion", shell)
    assert run.code == 0
    assert f"_MLWA_LINT_COMPLETE={shell}_complete" in run.out
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=run.out, text=True, check=True)


def test_completion_is_what_the_program_prints_for_a_shell() -> None:
    words = {"_MLWA_LINT_COMPLETE": "bash_complete", "COMP_WORDS": "mlwa-lint ch", "COMP_CWORD": "1"}
    command = [sys.executable, "-c", "from mlwa_lint.cli import main; main()"]
    done = subprocess.run(command, env={**os.environ, **words}, capture_output=True, text=True, check=False)
    assert "plain,check" in done.stdout


def test_completion_knows_commands_and_options(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def completed(words: str, position: int) -> str:
        monkeypatch.setenv("_MLWA_LINT_COMPLETE", "bash_complete")
        monkeypatch.setenv("COMP_WORDS", words)
        monkeypatch.setenv("COMP_CWORD", str(position))
        with pytest.raises(SystemExit):
            invoke([])
        return capsys.readouterr().out

    assert "plain,check" in completed("mlwa-lint ch", 1)
    assert "plain,--fail-on" in completed("mlwa-lint check --fail", 2)
    assert "plain,sarif" in completed("mlwa-lint check --format sa", 3)
    assert "plain,html" in completed("mlwa-lint check --format ht", 3)
    assert "plain,html" in completed("mlwa-lint review --format ht", 3)
    assert "plain,sarif" not in completed("mlwa-lint review --format s", 3)
    assert "plain,graphml" in completed("mlwa-lint graph --format gra", 3)
    assert "plain,MLS402" in completed("mlwa-lint check --select MLS4", 3)
    assert "plain,MLS101,MLS402" in completed("mlwa-lint check --select MLS101,MLS4", 3)
    assert "plain,notebook-root-access" in completed("mlwa-lint rule notebook-roo", 2)
    assert "plain,comment" in completed("mlwa-lint check --format com", 3)
    assert "plain,MLSEC02-BP01" in completed("mlwa-lint rules --practice mlsec02", 3)
    assert "plain,agentic-ai" in completed("mlwa-lint rules --lens ag", 3)
    assert "plain,security" in completed("mlwa-lint rules --pillar s", 3)
    assert "plain,reliability" in completed("mlwa-lint new-rule --pillar r", 3)
    assert "plain,medium" in completed("mlwa-lint baseline --severity m", 3)
    assert "plain,schema" in completed("mlwa-lint config sch", 2)
    assert "plain,export" in completed("mlwa-lint review ex", 2)
    assert "plain,--lens" in completed("mlwa-lint review export --le", 3)
    assert "plain,clear" in completed("mlwa-lint cache c", 2)
    assert completed("mlwa-lint check infr", 2) == "file,infr\n", "the shell knows files"


def test_misspelt_selectors_and_practices_are_refused_everywhere_with_the_nearest(
    workspace: Workspace,
) -> None:
    for command in ("check", "rules", "files", "graph", "baseline", "config", "review"):
        for option in ("--select", "--ignore"):
            run = workspace.run(command, option, "MLS4O2")
            assert (run.code, run.out) == (2, ""), command
            assert "'MLS4O2'; did you mean 'MLS402'?" in run.err, command
    workspace.write(".mlwa-lint.toml", 'select = ["notebok-root-access"]\n')
    for command in ("check", "rules", "files", "graph", "baseline", "config", "review"):
        run = workspace.run(command)
        assert run.code == 2, command
        assert "did you mean 'notebook-root-access'?" in run.err, command
    (workspace.folder / ".mlwa-lint.toml").unlink()
    run = workspace.run("rules", "--practice", "MLSEC02-BP0l")
    assert (run.code, run.out) == (2, "")
    assert "--practice MLSEC02-BP0l: no lens has it; did you mean 'MLSEC02-BP0" in run.err
    assert workspace.run("rules", "--practice", "mlsec02").code == 0


def test_a_depth_around_nothing_is_refused(workspace: Workspace) -> None:
    run = workspace.run("graph", "template.yaml", "--depth", "2")
    assert (run.code, run.out) == (2, "")
    assert "--depth: around which resource is not given; add --around ADDRESS" in run.err


def test_the_schema_takes_no_paths(workspace: Workspace) -> None:
    run = workspace.run("config", "schema", "template.yaml")
    assert run.code == 2
    assert "config schema: it takes no paths" in run.err


def test_config_requires_paths_that_exist(workspace: Workspace) -> None:
    run = workspace.run("config", "schem")
    assert (run.code, run.out) == (2, "")
    assert "schem: does not exist; did you mean 'schema'?" in run.err


def test_help_shows_every_command_without_loading_it(workspace: Workspace) -> None:
    out = workspace.run("--help").out
    for command in (
        "check",
        "rules",
        "rule",
        "graph",
        "baseline",
        "init",
        "config",
        "new-rule",
        "completion",
    ):
        assert f"\n  {command} " in out
    assert "Exit codes" in out


def test_every_command_has_help(workspace: Workspace) -> None:
    for command in (
        "check",
        "rules",
        "rule",
        "graph",
        "baseline",
        "init",
        "config",
        "new-rule",
        "completion",
    ):
        run = workspace.run(command, "--help")
        assert run.code == 0
        assert run.out.startswith(f"Usage: mlwa-lint {command}")


def test_the_version_is_printed(workspace: Workspace) -> None:
    from mlwa_lint import __version__

    assert workspace.run("--version").out == f"mlwa-lint, version {__version__}\n"


def test_watching_lints_again_when_a_file_changes_and_ends_on_interrupt(workspace: Workspace) -> None:
    template = workspace.folder / "template.yaml"
    codes = iter([1, 0])
    rests = []

    def rest() -> None:
        rests.append(1)
        if len(rests) == 1:
            template.write_text("Resources: {}\n", encoding="utf-8")
        elif len(rests) > 2:
            raise KeyboardInterrupt

    assert watch.watch(lambda: (next(codes), ()), ["."], rest) == 0
    assert len(rests) == 3


def test_watching_notices_new_and_deleted_files(workspace: Workspace) -> None:
    before = watch.snapshot(["."], ())
    workspace.write("sub/new.tf", "")
    during = watch.snapshot(["."], ())
    (workspace.folder / "sub" / "new.tf").unlink()
    assert set(during) - set(before) == {"./sub/new.tf"}
    assert watch.snapshot(["."], ()) == before


def test_a_progress_bar_waits_a_moment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from mlwa_lint.cli import progress

    bar = progress.ProgressLine()
    bar(1, 10)
    assert bar._bar is None
    monkeypatch.setattr(progress, "PATIENCE", 0)
    bar(2, 10)
    assert bar._bar is not None
    bar.close()
    assert capsys.readouterr().out == ""


def test_a_new_rule_passes_its_test_as_written(workspace: Workspace) -> None:
    run = workspace.run("new-rule", "notebook-without-lifecycle", "--folder", "mine")
    assert run.code == 0
    test = Path("mine/test_notebook_without_lifecycle.py")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "10 passed" in done.stdout
    listed = workspace.run("rules", "--rules", "mine/notebook_without_lifecycle.py", "--select", "MYS701")
    assert "notebook-without-lifecycle" in listed.out
    explained = workspace.run("rule", "MYS701", "--rules", "mine/notebook_without_lifecycle.py")
    assert "MLCOST04-BP08" in explained.out


@pytest.mark.parametrize(
    ("arguments", "stated"),
    [
        (("Bad Name",), "is not a name for a rule"),
        (("a-name", "--code", "XX1"), "not a rule code"),
        (("a-name", "--code", "MLX101"), "the third letter is the pillar"),
        (("a-name", "--pillar", "safety"), "no such pillar"),
    ],
)
def test_a_new_rule_needs_a_proper_name_and_code(
    workspace: Workspace, arguments: tuple[str, ...], stated: str
) -> None:
    run = workspace.run("new-rule", *arguments)
    assert run.code == 2
    assert stated in run.err


def test_a_new_rule_takes_no_name_or_code_of_another(workspace: Workspace) -> None:
    (first, *_) = (rule for rule in load_rules().rules)
    for arguments in ((first.name,), ("some-mistake", "--code", first.code)):
        run = workspace.run("new-rule", *arguments)
        assert run.code == 2
        assert f"{first.code} {first.name} already exists" in run.err


def test_a_new_rule_overwrites_nothing(workspace: Workspace) -> None:
    assert workspace.run("new-rule", "some-mistake", "--code", "MYS701").code == 0
    again = workspace.run("new-rule", "some-mistake", "--code", "MYS701")
    assert again.code == 2
    assert "some_mistake.py: already exists" in again.err


def test_a_new_rule_in_a_checkout_joins_the_built_in_ones(workspace: Workspace) -> None:
    (workspace.folder / "rules" / "mlwa_rules").mkdir(parents=True)
    catalogue = workspace.write("tests/data/catalogue.toml", '[[rule]]\ncode = "MLS101"\n')
    run = workspace.run("new-rule", "some-mistake", "--pillar", "cost")
    assert run.code == 0
    assert tomllib.loads(catalogue.read_text(encoding="utf-8"))["rule"][1]["name"] == "some-mistake"
    assert Path("rules/mlwa_rules/cost/some_mistake.py").is_file()
    (folder,) = Path("fixtures/rules").iterdir()
    assert folder.name.startswith("MLC7")
    assert "python -m pytest tests/rules" in run.out
    assert ", and the last two in tests/data/catalogue.toml as well" in run.err + run.out


def test_a_rule_is_explained_with_its_examples(workspace: Workspace) -> None:
    workspace.write("fixtures/rules/TSS101/fail.yaml", "Resources: {}  # fails\n")
    workspace.write("fixtures/rules/TSS101/fail-longer.yaml", "Resources: {}  # fails at greater length\n")
    workspace.write("fixtures/rules/TSS101/pass.tf", 'resource "a" "b" {}\n')
    run = workspace.run("rule", "TSS101", "--rules", "my_rules.py")
    assert "Example that fails (fail.yaml):\n\n    Resources: {}  # fails\n" in run.out
    assert 'Example that passes (pass.tf):\n\n    resource "a" "b" {}\n' in run.out
    markdown = workspace.run("rule", "TSS101", "--rules", "my_rules.py", "--format", "markdown").out
    assert '```hcl\nresource "a" "b" {}\n```' in markdown
    facts = json.loads(workspace.run("rule", "TSS101", "--rules", "my_rules.py", "--format", "json").out)
    assert [(each["kind"], each["language"]) for each in facts["examples"]] == [
        ("fail", "cloudformation"),
        ("pass", "terraform"),
    ]


def test_built_in_rules_show_their_examples(workspace: Workspace) -> None:
    assert "Example that fails (" in workspace.run("rule", "MLS402").out
