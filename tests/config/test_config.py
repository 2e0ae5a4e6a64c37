"""Configuration: where it is found, what it may contain, and what applies to a path."""

import json
import os
from pathlib import Path

import pytest

from mlwa_lint.config.lookup import Configurations
from mlwa_lint.errors import UserError
from mlwa_lint.scaffold.new_rule import CONFIGURATION
from tests.support.workspace import TEMPLATE, Workspace


def _codes(workspace: Workspace, *arguments: str) -> list[tuple[str, str, str]]:
    report = json.loads(workspace.run("check", "--rules", "my_rules.py", "--format", "json", *arguments).out)
    found = [(f["path"], f["code"], f["severity"]) for f in report["findings"]]
    return [each for each in found if each[1].startswith("TSS")]


def test_without_a_configuration_the_defaults_hold(workspace: Workspace) -> None:
    configuration = Configurations().of_run()
    assert configuration.path is None
    assert configuration.settings.fail_on == "low"
    assert configuration.settings.severity == "low"


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (".mlwa-lint.toml", 'ignore = ["TSS101"]'),
        ("pyproject.toml", '[tool.mlwa-lint]\nignore = ["TSS101"]'),
    ],
)
def test_both_files_are_read(workspace: Workspace, file: str, text: str) -> None:
    workspace.write(file, text)
    assert _codes(workspace) == [("template.yaml", "TSS102", "low")]


def test_the_nearest_file_upwards_wins(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace.write(".mlwa-lint.toml", 'ignore = ["TSS101"]')
    workspace.write("sub/pyproject.toml", '[tool.mlwa-lint]\nignore = ["TSS102"]')
    workspace.write("sub/deep/template.yaml", TEMPLATE)
    assert _codes(workspace) == [
        ("sub/deep/template.yaml", "TSS101", "high"),
        ("template.yaml", "TSS102", "low"),
    ]
    monkeypatch.chdir(workspace.folder / "sub" / "deep")
    found = Configurations().of_run()
    assert found.path is not None
    assert os.path.relpath(found.path) == "../pyproject.toml"


def test_a_pyproject_without_our_table_is_passed_over(workspace: Workspace) -> None:
    workspace.write(".mlwa-lint.toml", 'ignore = ["TSS101"]')
    workspace.write("sub/pyproject.toml", '[project]\nname = "x"  # mlwa-lint is mentioned\n')
    workspace.write("sub/broken/pyproject.toml", "this = is not [TOML")
    for folder in ("sub", "sub/broken"):
        assert Configurations().of(folder).settings.ignore == ("TSS101",)


def test_a_path_with_dots_is_looked_up_where_it_leads(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.write("here/.mlwa-lint.toml", 'ignore = ["TSS101"]')
    workspace.write("there/.mlwa-lint.toml", 'ignore = ["TSS102"]')
    monkeypatch.chdir(workspace.folder / "here")
    assert Configurations().of("../there").settings.ignore == ("TSS102",)
    assert Configurations().of("..").settings.ignore == ("TSS101",)  # the run's own, for lack of a nearer one


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root can read everything")
def test_an_unreadable_pyproject_without_our_table_is_passed_over(workspace: Workspace) -> None:
    workspace.write("pyproject.toml", "").chmod(0)
    assert Configurations().of_run().path is None


def test_a_given_file_replaces_every_other(workspace: Workspace) -> None:
    workspace.write(".mlwa-lint.toml", 'ignore = ["TSS101"]')
    workspace.write("other.toml", 'ignore = ["TSS102"]')
    assert _codes(workspace, "--config", "other.toml") == [("template.yaml", "TSS101", "high")]


def test_the_command_line_goes_before_the_configuration(workspace: Workspace) -> None:
    workspace.write(".mlwa-lint.toml", 'select = ["TSS102"]\nignore = ["TSS101"]\nfail-on = "never"')
    assert _codes(workspace, "--select", "TSS101") == [("template.yaml", "TSS101", "high")]
    assert workspace.check("--fail-on", "high").code == 1
    assert workspace.check().code == 0


def test_overrides_hold_for_their_paths(workspace: Workspace) -> None:
    workspace.write("legacy/old.yaml", TEMPLATE)
    workspace.write(
        ".mlwa-lint.toml",
        """
        ignore = ["TSS102"]
        [[overrides]]
        paths = ["legacy/**"]
        select = ["TSS102", "TSS101"]
        severities = { TSS = "medium", TSS101 = "low" }
        [[overrides]]
        paths = ["*.yml"]
        ignore = ["ALL"]
        """,
    )
    assert _codes(workspace) == [("legacy/old.yaml", "TSS101", "low"), ("template.yaml", "TSS101", "high")]


def test_an_override_can_select_what_the_rest_leaves_out(workspace: Workspace) -> None:
    workspace.write("strict/new.yaml", TEMPLATE)
    text = 'select = ["TSS101"]\n[[overrides]]\npaths = ["strict/"]\nselect = ["TSS"]\n'
    workspace.write(".mlwa-lint.toml", text)
    assert [each[:2] for each in _codes(workspace)] == [
        ("strict/new.yaml", "TSS101"),
        ("strict/new.yaml", "TSS102"),
        ("template.yaml", "TSS101"),
    ]


def test_fail_on_can_differ_per_path(workspace: Workspace) -> None:
    workspace.write("lab/new.yaml", TEMPLATE)
    (workspace.folder / "template.yaml").unlink()
    workspace.write(".mlwa-lint.toml", '[[overrides]]\npaths = ["lab/**"]\nfail-on = "never"\n')
    assert workspace.check().code == 0
    workspace.write(".mlwa-lint.toml", '[[overrides]]\npaths = ["elsewhere/**"]\nfail-on = "never"\n')
    assert workspace.check().code == 1


def test_severity_hides_and_severities_change(workspace: Workspace) -> None:
    workspace.write(".mlwa-lint.toml", 'severity = "medium"\n[severities]\ntest-tags-missing = "medium"\n')
    assert [each[1:] for each in _codes(workspace)] == [("TSS101", "high"), ("TSS102", "medium")]


def test_parameters_hold_per_path_and_are_found_from_the_files_folder(workspace: Workspace) -> None:
    workspace.write("infra/values.yaml", "Key: alias/mine\n")
    workspace.write("infra/template.yaml", TEMPLATE)
    workspace.write("infra/.mlwa-lint.toml", 'parameters = ["values.yaml"]')
    run = workspace.check("--show-undecided")
    assert run.out.splitlines()[-3:-1] == [
        "template.yaml:13:3: undecided Open",
        "  because parameter Key has no default (TSS101)",
    ]
    assert "infra/template.yaml:13:3: undecided" not in run.out


def test_what_holds_for_the_run_is_not_taken_from_a_subfolder(workspace: Workspace) -> None:
    workspace.write("vendor/evil.py", "raise SystemExit('this code was run')\n")
    workspace.write("vendor/.mlwa-lint.toml", 'rules = ["evil.py"]\nbaseline = "none.json"\n')
    workspace.write("vendor/template.yaml", TEMPLATE)
    run = workspace.check()
    assert run.code == 1
    warning = "rules, baseline are only read from the working directory's configuration"
    assert f"vendor/.mlwa-lint.toml: warning: {warning}\n" in run.err


def test_rules_and_formats_of_the_working_folder_are_used(workspace: Workspace) -> None:
    workspace.write(".mlwa-lint.toml", 'rules = ["my_rules.py"]\nformat = ["csv:out.csv"]\nselect = ["TSS"]')
    run = workspace.run("check")
    assert (run.code, run.out) == (1, "")
    assert "TSS101" in (workspace.folder / "out.csv").read_text(encoding="utf-8")


def test_rules_that_are_named_twice_are_loaded_once(workspace: Workspace) -> None:
    workspace.write(".mlwa-lint.toml", 'rules = ["my_rules.py"]\n')
    assert workspace.check("--rules", "./my_rules.py", "template.yaml").code == 1


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ('selct = ["MLS"]', ".mlwa-lint.toml:1: unknown key 'selct'; did you mean 'select'?"),
        ("\nzebra = 1", ".mlwa-lint.toml:2: unknown key 'zebra'; known keys: select, ignore"),
        ('select = "MLS"', ".mlwa-lint.toml:1: select must be a list of texts, not 'MLS'"),
        ('fail-on = "severe"', "fail-on must be one of high, medium, low, info, never, not 'severe'"),
        ('severities = ["MLS"]', "severities must be a table"),
        ('[severities]\nMLS101 = "bad"', ".mlwa-lint.toml:2: MLS101 must be one of high"),
        ("jobs = 0", "jobs must be a number above zero"),
        ("jobs = true", "jobs must be a number above zero"),
        ('environment-variables = "yes"', "must be true or false"),
        ("baseline = 3", "baseline must be a path"),
        ("vars = []", "vars must be a table of values by name"),
        ("vars = { since = 2026-01-31 }", "vars must be values that Terraform knows; a date is a text there"),
        ("vars = { at = [{ time = 07:32:00 }] }", "vars must be values that Terraform knows"),
        (f"jobs = {'9' * 5_000}", "a number has too many digits"),
        ("overrides = {}", "overrides must be a list of tables"),
        ('[[overrides]]\nselect = ["MLS"]', "an override names no paths"),
        ('[[overrides]]\npaths = ["a"]\nformat = ["csv"]', "unknown key 'format'"),
        ("a = [", ".mlwa-lint.toml: not valid TOML"),
        ('select = ["XYZ"]', "no rule is called 'XYZ'"),
    ],
)
def test_a_mistake_exits_2_with_its_place_and_description(
    workspace: Workspace, text: str, stated: str
) -> None:
    workspace.write(".mlwa-lint.toml", text)
    run = workspace.run("check")
    assert run.code == 2
    assert stated in run.err
    assert "Traceback" not in run.err


def test_a_given_pyproject_without_our_table_is_an_error(workspace: Workspace) -> None:
    workspace.write("pyproject.toml", "[project]\n")
    run = workspace.check("--config", "pyproject.toml")
    assert run.code == 2
    assert "has no [tool.mlwa-lint] table" in run.err


def test_a_file_that_is_no_text_is_an_error(workspace: Workspace) -> None:
    (workspace.folder / ".mlwa-lint.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match="is not UTF-8 text"):
        Configurations().of_run()


def test_init_writes_a_file_that_changes_nothing(workspace: Workspace) -> None:
    before = workspace.check("template.yaml").out
    assert workspace.run("init").code == 0
    assert workspace.check("template.yaml").out == before
    again = workspace.run("init")
    assert again.code == 2
    assert ".mlwa-lint.toml: already exists; --force overwrites it" in again.err
    assert workspace.run("init", "--force").code == 0


def test_every_line_that_init_comments_out_is_valid(workspace: Workspace) -> None:
    from mlwa_lint.config.file import parse

    lines = CONFIGURATION.splitlines()
    keys = [line.removeprefix("# ") for line in lines if line.startswith(("# [", "# ")) and _is_toml(line)]
    found = parse(Path(".mlwa-lint.toml"), "\n".join(keys), lambda path: "")
    assert found is not None
    assert found.settings.required_tags == ("owner", "cost-center")
    assert found.settings.variables == {"environment": "prod"}
    assert found.overrides[0].fail_on == "high"
    assert found.jobs == 1


def _is_toml(line: str) -> bool:
    import re

    return re.fullmatch(r"# (\[+[a-z]+\]+|[\w-]+ = .*)", line) is not None


def test_config_shows_what_applies_and_from_where(workspace: Workspace) -> None:
    text = 'ignore = ["MLU"]\n[[overrides]]\npaths = ["lab/**"]\nignore = ["MLR"]\n'
    workspace.write(".mlwa-lint.toml", text)
    (workspace.folder / "lab").mkdir()
    out = workspace.run("config", "lab", "--fail-on", "high").out
    assert out.splitlines()[0] == "lab: configuration .mlwa-lint.toml"
    assert '  ignore = ["MLU", "MLR"]  (.mlwa-lint.toml, then .mlwa-lint.toml, override for lab/**)' in out
    assert '  fail-on = "high"  (command line)' in out
    assert '  severity = "low"  (default)' in out


def test_config_as_json(workspace: Workspace) -> None:
    workspace.write(".mlwa-lint.toml", 'parameters = ["values.json"]\n')
    (document,) = json.loads(workspace.run("config", "template.yaml", "--format", "json").out)
    assert document["configuration"] == ".mlwa-lint.toml"
    assert document["settings"]["parameters"] == {"value": ["values.json"], "origin": [".mlwa-lint.toml"]}
