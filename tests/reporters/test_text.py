"""The text report: layout, width, colour, and what linted files cannot do to a terminal."""

import re
import subprocess
import sys

import pytest

from mlwa_lint.cli.app import invoke
from tests.support.architectures import ROOT
from tests.support.workspace import TEMPLATE, Workspace

EXPECTED = """\
template.yaml:5:3: high TSS101 test-key-missing
  EndpointConfig Bare has no KmsKeyId
  4 | Resources:
  5 |   Bare:
    |   ^^^^
  see:  template.yaml:8:7: its tags
  why: Anybody may read it.
  fix: Set `KmsKeyId`.

template.yaml:9:3: low TSS102 test-tags-missing
  EndpointConfig Keyed has no Tags
  8 |       Tags: [{Key: owner, Value: me}]
  9 |   Keyed:
    |   ^^^^^
  why: Nobody knows whose it is.
  fix: Set `Tags`.

2 findings (1 high, 1 low) in 1 file, 3 resources; 1 undecided (--show-undecided)
"""


def test_the_text_report_reads_as_documented(workspace: Workspace) -> None:
    assert workspace.check("template.yaml").out == EXPECTED


def test_quiet_is_one_line_per_finding(workspace: Workspace) -> None:
    assert workspace.check("template.yaml", "-q").out.splitlines() == [
        "template.yaml:5:3: high TSS101 test-key-missing: EndpointConfig Bare has no KmsKeyId",
        "template.yaml:9:3: low TSS102 test-tags-missing: EndpointConfig Keyed has no Tags",
    ]


def test_piped_output_has_no_colour(workspace: Workspace) -> None:
    assert "\x1b" not in workspace.check("template.yaml").out


@pytest.mark.parametrize(
    ("variables", "option", "coloured"),
    [
        ({"FORCE_COLOR": "1"}, "auto", True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, "auto", False),
        ({"NO_COLOR": "1"}, "always", True),
        ({"FORCE_COLOR": "1"}, "never", False),
        ({"NO_COLOR": ""}, "auto", False),
    ],
)
def test_colour_follows_the_option_and_the_environment(
    workspace: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    option: str,
    coloured: bool,
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in workspace.check("template.yaml", "--color", option).out) is coloured


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_terminal_gets_colour_and_its_own_width(workspace: Workspace) -> None:
    command = f"stty cols 60; exec {sys.executable} -m mlwa_lint check --rules my_rules.py --select TSS"
    done = subprocess.run(
        [sys.executable, "-c", f"import pty, sys; sys.exit(pty.spawn(['sh', '-c', {command!r}]) >> 8)"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "\x1b[1;31mhigh" in done.stdout
    plain = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)
    assert max(map(len, plain.splitlines()[:-1])) <= 60


def test_colour_changes_nothing_but_colour(workspace: Workspace) -> None:
    coloured = workspace.check("template.yaml", "--color", "always").out
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == EXPECTED


def test_lines_stay_within_80_columns(workspace: Workspace) -> None:
    long = TEMPLATE.replace("  Bare:", "  " + "Bare" * 20 + ":").replace("owner", "o" * 200)
    workspace.write("template.yaml", long)
    lines = workspace.check("template.yaml").out.splitlines()
    prose = [line for line in lines if "BareBare" not in line]
    assert max(map(len, prose)) <= 82  # the summary names everything that it counts
    assert all(len(line) <= 80 for line in prose if " | " in line)


def test_a_place_far_to_the_right_is_shown(workspace: Workspace) -> None:
    flow = '{"Resources": {"Filler": {"Type": "AWS::SNS::Topic"}, ' + " " * 200
    workspace.write("flow.json", flow + '"Bare": {"Type": "AWS::SageMaker::EndpointConfig"}}}')
    lines = workspace.check("flow.json").out.splitlines()
    source = next(line for line in lines if line.startswith("  1 | "))
    marks = lines[lines.index(source) + 1]
    start = marks.index("^")
    assert source[start : start + 6] == '"Bare"'
    assert len(source) <= 80


def test_wide_characters_and_tabs_keep_the_underline_in_place(workspace: Workspace) -> None:
    workspace.write("wide.json", '{"Resources": {"日本語":\t{"Type": "AWS::SageMaker::EndpointConfig"}}}')
    lines = workspace.check("wide.json").out.splitlines()
    source = next(line for line in lines if line.startswith("  1 | "))
    marks = lines[lines.index(source) + 1]
    assert marks.index("^") == source.index('"日本語"')
    assert marks.count("^") == 8  # two quotes, and three characters that are two columns wide


def test_text_from_files_cannot_steer_the_terminal(workspace: Workspace) -> None:
    workspace.write(
        "evil.yaml", TEMPLATE.replace("  Bare:", '  "Ba\\e[2Jre":').replace("Keyed", "Ke\u202eyed")
    )
    out = workspace.check("evil.yaml").out
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_suppressed_findings_show_their_reason_on_request(workspace: Workspace) -> None:
    workspace.write("template.yaml", TEMPLATE.replace("  Bare:", "  Bare:  # mlwa: ignore[TSS101] -- a demo"))
    assert "1 suppressed" in workspace.check("template.yaml").out
    assert "a demo" not in workspace.check("template.yaml").out.replace("ignore[TSS101] -- a demo", "")
    shown = workspace.check("template.yaml", "--show-suppressed").out
    assert "template.yaml:5:3: high TSS101 test-key-missing (suppressed)" in shown
    assert "  suppressed: a demo" in shown


def _many(workspace: Workspace, number: int) -> None:
    bare = "  R{0}:\n    Type: AWS::SageMaker::EndpointConfig\n"
    workspace.write("template.yaml", "Resources:\n" + "".join(bare.format(each) for each in range(number)))


def test_the_worst_comes_first_and_the_text_of_a_rule_once(workspace: Workspace) -> None:
    _many(workspace, 3)
    out = workspace.check("template.yaml").out
    heads = re.findall(r"^template.yaml:(\d+):3: (\w+) (\w+)", out, re.MULTILINE)
    assert heads == [
        *(("2", "high", "TSS101"), ("4", "high", "TSS101"), ("6", "high", "TSS101")),
        *(("2", "low", "TSS102"), ("4", "low", "TSS102"), ("6", "low", "TSS102")),
    ]
    assert (out.count("why:"), out.count("fix:")) == (2, 2)


def test_findings_of_severity_info_are_counted_and_not_shown(workspace: Workspace) -> None:
    workspace.write(".mlwa-lint.toml", 'severities = { TSS102 = "info" }\n')
    run = workspace.check("template.yaml")
    assert "TSS102" not in run.out
    assert "1 finding (1 high) in 1 file, 3 resources; 1 info not shown (--severity info)," in run.out
    shown = workspace.check("template.yaml", "--severity", "info").out
    assert "template.yaml:9:3: info TSS102" in shown
    assert "TSS102" in workspace.check("template.yaml", "--fail-on", "info").out, "what fails is shown"


@pytest.mark.parametrize(
    ("group", "headings"),
    [
        ("rule", ["TSS101 test-key-missing (2 findings)", "TSS102 test-tags-missing (2 findings)"]),
        ("resource", ["R0, template.yaml (2 findings)", "R1, template.yaml (2 findings)"]),
        ("file", ["template.yaml (4 findings)"]),
    ],
)
def test_findings_can_be_grouped(workspace: Workspace, group: str, headings: list[str]) -> None:
    _many(workspace, 2)
    lines = workspace.check("template.yaml", "--group", group).out.splitlines()
    assert [line for line in lines if line.endswith("findings)")] == headings


def test_many_findings_are_an_overview_with_first_steps(workspace: Workspace) -> None:
    _many(workspace, 25)
    assert "Where to begin" not in workspace.check("template.yaml").out
    _many(workspace, 26)
    assert workspace.check("template.yaml").out.splitlines() == [
        "high    TSS101 test-key-missing  26 findings",
        "        template.yaml:2:3: EndpointConfig R0 has no KmsKeyId",
        "low     TSS102 test-tags-missing  26 findings",
        "        template.yaml:2:3: EndpointConfig R0 has no Tags",
        "",
        "Where to begin",
        "  --severity high     shows only what is worst (26)",
        "  --full              shows every finding with its excerpt, the reason and the fix",
        "  --statistics        counts the findings of each rule",
        "  --select CODE       shows one rule; `mlwa-lint rule CODE` explains it",
        "  mlwa-lint baseline  accepts today's findings, so that later runs report only new ones",
        "",
        "52 findings (26 high, 26 low) in 1 file, 26 resources",
    ]


@pytest.mark.parametrize(
    "option",
    ["--full", "--quiet", "--verbose", "--group=file", "--show-suppressed", "--format=text:report.txt"],
)
def test_every_finding_is_listed_on_request(workspace: Workspace, option: str) -> None:
    _many(workspace, 26)
    out = workspace.check("template.yaml", option).out
    report = workspace.folder / "report.txt"
    if report.exists():
        out = report.read_text(encoding="utf-8")
    assert out.count("TSS101 test-key-missing") >= 26
    assert "Where to begin" not in out


def test_an_overview_is_one_screen_and_its_long_sentences_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "80")
    invoke(["check", "fixtures/architectures", "--no-cache"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) < 60
    assert lines[0].startswith("high ")
    rules = [line.split()[1] for line in lines if line.startswith(("high ", "medium ", "low "))]
    assert len(rules) == len(set(rules)) >= 10
    left = next(line for line in lines if line.startswith("… and "))
    assert " more rules" in left
    assert all(
        len(line) <= 80 for line in lines[: lines.index(left)] if not line.strip().startswith("fixtures/")
    )


def test_statistics_alone_list_no_findings(workspace: Workspace) -> None:
    lines = workspace.check("template.yaml", "--statistics").out.splitlines()
    assert lines == [
        "1  TSS101  test-key-missing   high",
        "1  TSS102  test-tags-missing  low",
        "",
        "2 findings (1 high, 1 low) in 1 file, 3 resources; 1 undecided (--show-undecided)",
    ]
    both = workspace.check("template.yaml", "--statistics", "--format", "text").out
    assert "template.yaml:5:3: high TSS101" in both
    assert "1  TSS101" in both


def test_one_cause_is_counted_once_for_a_resource(workspace: Workspace) -> None:
    source = (workspace.folder / "my_rules.py").read_text(encoding="utf-8")
    workspace.write("my_rules.py", source.replace('tags = config["Tags"]', 'tags = config["KmsKeyId"]'))
    run = workspace.check("template.yaml", "--show-undecided")
    assert (
        "template.yaml:13:3: undecided Open\n  because parameter Key has no default (TSS101, TSS102)\n"
        in run.out
    )
    assert "; 1 undecided\n" in run.out


def test_a_cause_is_listed_with_the_resources_that_depend_on_its_own(workspace: Workspace) -> None:
    program = """\
import boto3, requests
given = requests.get("https://example.com").json()
boto3.client("sagemaker").create_endpoint_config(**given)
boto3.client("sagemaker").create_endpoint(EndpointName="e", EndpointConfigName=given["config"])
"""
    workspace.write("open.py", program)
    rules = ("--ignore", "TSS", "--select", "MLR102,MLO109", "--severity", "info")
    run = workspace.check("open.py", "--show-undecided", "-q", *rules)
    reason = "requests.get() is known only when the program runs"
    assert run.out.splitlines()[-2:] == [
        f"open.py:3:1: undecided create_endpoint_config: {reason} (MLR102)",
        f"open.py:4:1: undecided e: 'config' of {reason} (MLO109; MLR102 of create_endpoint_config)",
    ]


def test_notices_are_in_the_report_and_in_its_last_line(workspace: Workspace) -> None:
    workspace.write("values.json", "[1]")
    run = workspace.check("template.yaml", "--from-hook", "values.json", "--format", "text:out.txt")
    report = (workspace.folder / "out.txt").read_text(encoding="utf-8")
    notice = "values.json:1: warning: is not a CloudFormation template and not a Terraform plan"
    assert notice in run.err
    assert notice in report.replace("\n ", "")
    assert report.splitlines()[-1].endswith("1 undecided (--show-undecided), 1 notice")


def test_values_that_lie_at_hand_are_offered_beside_what_is_undecided(workspace: Workspace) -> None:
    workspace.write("config/values-config.json", '{"Parameters": {"Key": "a"}}')
    last = workspace.check("template.yaml").out.splitlines()[-1]
    offer = "--parameters config/values-config.json may decide some"
    assert last.endswith(f"1 undecided (--show-undecided; {offer})")
    last = workspace.check("template.yaml", "--show-undecided").out.splitlines()[-1]
    assert last.endswith(f"1 undecided ({offer})")
