"""The text report: layout, width, colour, and what linted files cannot do to a terminal."""

import re
import subprocess
import sys

import pytest

from tests.support.workspace import TEMPLATE, Workspace

EXPECTED = """\
template.yaml:5:3: high TSS101 test-key-missing
  EndpointConfig Bare has no KmsKeyId
  4 | Resources:
  5 |   Bare:
    |   ^^^^
  see:  template.yaml:8:7: its tags
  why:  Anybody may read it.
  fix: Set `KmsKeyId`.

template.yaml:9:3: low TSS102 test-tags-missing
  EndpointConfig Keyed has no Tags
  8 |       Tags: [{Key: owner, Value: me}]
  9 |   Keyed:
    |   ^^^^^
  why:  Nobody knows whose it is.
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


def test_suppressed_findings_show_their_reason_when_asked(workspace: Workspace) -> None:
    workspace.write("template.yaml", TEMPLATE.replace("  Bare:", "  Bare:  # mlwa: ignore[TSS101] -- a demo"))
    assert "1 suppressed" in workspace.check("template.yaml").out
    assert "a demo" not in workspace.check("template.yaml").out.replace("ignore[TSS101] -- a demo", "")
    shown = workspace.check("template.yaml", "--show-suppressed").out
    assert "template.yaml:5:3: high TSS101 test-key-missing (suppressed)" in shown
    assert "  suppressed: a demo" in shown
