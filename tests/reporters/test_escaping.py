"""Text of linted files in every format: it is shown, and does nothing to whoever reads or renders it."""

import csv
import io
import json
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as Xml

import networkx
import pytest

from mlwa_lint.filters.result import Result
from mlwa_lint.model.findings import Finding, Instance, RelatedLocation, Undecided
from mlwa_lint.model.resources import Problem
from mlwa_lint.model.spans import Span
from mlwa_lint.reporters import FORMATS, renderer
from mlwa_lint.reporters.escaping import visible, xml_text
from mlwa_lint.reporters.graphs import FORMATS as GRAPHS
from mlwa_lint.reporters.graphs import render as render_graphs
from mlwa_lint.reporters.summary import ReportStyle
from tests.support.bundles import bundled
from tests.support.pages import parsed
from tests.support.workspace import TEMPLATE, Workspace

HOSTILE = {
    "a terminal's control sequence": "\x1b]0;owned\x07\x1b[2J",
    "a control character of eight bits": "\x9b31m",
    "text from right to left": "a\u202eb\u2066c",
    "invisible characters": "a\u200bb\u2060c\ufeffd\u061c",
    "a command of GitHub": "\n::error file=x::owned\r\n::stop-commands::x",
    "a command of GitHub, escaped": "%0A::error::owned",
    "a tag of HTML": "<img src=x onerror=alert(1)><!--",
    "a link of Markdown": "[x](https://evil.example) <https://evil.example> www.evil.example",
    "a picture of Markdown": "![x](https://evil.example/p.png)",
    "a cell of a table": "a | b |\n|---|",
    "a name that would be notified": "@everyone",
    "an entity": "&lt;b&gt;&#64;x",
    "back-ticks": "`` a ``` b `",
    "a formula": "=HYPERLINK(A1)",
    "a formula behind a sign": "@SUM(A1)",
    "a label of Graphviz": 'x"]; evil [label="',
    "a label of Mermaid": 'x"] --> evil["#quot;',
    "a part of XML": "]]></failure><testcase name='x'/>",
    "a character that XML cannot hold": "a\x00b\x0bc\uffffd",
    "half a character": "a\ud800b",
}
HIDING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def result(text: str) -> Result:
    """A result in which a text is wherever a file could have put it."""
    span = Span(f"{text}.yaml", 3, 1, 3, 9)
    finding = Finding(
        code="TSS101",
        name="test-rule",
        severity="high",
        pillar="security",
        practices=(),
        message=text,
        span=span,
        address=text,
        resource_type="AWS::S3::Bucket",
        resource_span=span,
        help="https://example.com/rule",
        related=(RelatedLocation(span, text),),
        condition=f"when {text} is true",
        remedy=text,
        suppressed=None,
        several=(Instance(text, text, None), Instance(f"{text}2", text, None)),
    )
    hidden = finding._replace(suppressed=text)
    return Result(
        findings=(finding,),
        suppressed=(hidden,),
        undecided=(Undecided("TSS101", "test-rule", text, span, (text,)),),
        problems=(Problem(f"{text}.yaml", 1, text), Problem(f"{text}.yml", 1, text, fatal=False)),
    )


def strings(document: Any) -> list[str]:
    """All texts in a JSON document."""
    if isinstance(document, dict):
        return [each for key, value in document.items() for each in (key, *strings(value))]
    if isinstance(document, list):
        return [each for value in document for each in strings(value)]
    return [document] if isinstance(document, str) else []


def check_json(report: str, text: str) -> None:
    assert any(text == each for each in strings(json.loads(report))), "it means what was written"


def check_sarif(report: str, text: str) -> None:
    run = json.loads(report)["runs"][0]
    messages = [each["message"]["text"] for each in run["results"]]
    own = re.compile(
        r"(?<!\\)\[(?:\\.|[^\\\[\]])*(?<!\\)\]\([0-9]+\)"
    )  # to a related location, by its number
    rest = [own.sub("", message) for message in messages]
    assert not any(re.search(r"(?<!\\)\[", message) for message in rest), "no link is made of it"


def check_lines(report: str, text: str) -> None:
    assert all(line.startswith("::") for line in report.splitlines())
    commands = [line.split(" ")[0] for line in report.splitlines()]
    assert commands == ["::error", "::error", "::warning"], "nothing of it is a command"
    assert "owned" not in text or "%25" in report or "%0A" in report or "%0D" in report


def check_markdown(report: str, text: str) -> None:
    outside = re.sub(r"(`+) ?.*? ?\1(?!`)", "", report.replace("https://example.com/rule", ""))
    assert "<" not in outside.replace("\\<", "")
    assert "@" not in outside
    assert "://" not in outside
    assert "www." not in outside
    assert not re.search(r"(?<!\\)\]\([^)]*evil", outside)
    rows = [line for line in report.splitlines() if line.startswith("| high")]
    assert [len(re.findall(r"(?<!\\)\|", row)) for row in rows] == [6, 6], "the table has its cells"


def check_comment(report: str, text: str) -> None:
    own = r"</?(?:details|summary|b|code)>|<!-- mlwa-lint: [0-9]+ -->|https://example.com/rule"
    outside = re.sub(r"(`+) ?.*? ?\1(?!`)", "", re.sub(own, "", report))
    assert "<" not in outside.replace("\\<", "")
    assert "@" not in outside
    assert "://" not in outside
    assert "www." not in outside
    assert not re.search(r"(?<!\\)\]\([^)]*evil", outside)
    assert report.count("<details>") == report.count("</details>") == 1


def check_csv(report: str, text: str) -> None:
    rows = list(csv.reader(io.StringIO(report)))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row)


def check_xml(report: str, text: str) -> None:
    root = Xml.fromstring(report)
    assert len(root.findall(".//testcase")) == 3


def check_text(report: str, text: str) -> None:
    assert len(report.splitlines()) < 80


def check_html(report: str, text: str) -> None:
    page = parsed(report)
    assert page.tags == parsed(renderer("html")(Result(), ReportStyle())).tags, "no element is made of it"
    data = json.loads(page.data)
    shown = visible(text)
    assert data["findings"][0]["remedy"] == shown
    assert not any(HIDING.search(each) for each in strings(data)), "nor is anything hidden once it is read"


CHECKS: dict[str, Callable[[str, str], None]] = {
    "text": check_text,
    "json": check_json,
    "sarif": check_sarif,
    "junit": check_xml,
    "github": check_lines,
    "gitlab": check_json,
    "markdown": check_markdown,
    "comment": check_comment,
    "csv": check_csv,
    "html": check_html,
}


@pytest.fixture(autouse=True)
def no_summary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)


@bundled([(form, text) for form in FORMATS for text in HOSTILE.values()], repr, len(HOSTILE))
def test_text_of_linted_files_does_nothing(case: tuple[str, str]) -> None:
    form, text = case
    view = ReportStyle(show_suppressed=True, show_undecided=True, verbose=True)
    report = renderer(form)(result(text), view)
    assert not HIDING.search(report.replace("\r\n", "\n")), "nothing is hidden in it"
    check = CHECKS.get(form)
    assert check is not None, f"the table has no check of {form}"
    check(report, text)


@bundled([(form, text) for form in GRAPHS for text in HOSTILE.values()], repr, len(HOSTILE))
def test_text_of_linted_files_does_nothing_in_graphs(case: tuple[str, str]) -> None:
    from mlwa_lint.graph.linking.link import link
    from mlwa_lint.graph.outline import outline
    from mlwa_lint.model.conditions import AnyScenario
    from mlwa_lint.model.resources import Project
    from mlwa_lint.testing import project_of

    form, text = case
    made = next(iter(project_of_template(project_of).resources))
    project = Project(text, (made._replace(address=text),), AnyScenario())
    report = render_graphs([outline(link(project))], form)
    assert not HIDING.search(report)
    if form == "mermaid":
        assert all(line.count('"') in (0, 2) for line in report.splitlines())
        assert "<img" not in report
    elif form == "dot":
        assert all(len(re.findall(r'(?<!\\)"', line)) % 2 == 0 for line in report.splitlines())
        assert "evil [" not in re.sub(r'"(?:[^"\\]|\\.)*"', "", report)
    elif form == "json":
        assert text in strings(json.loads(report))
    elif form == "html":
        assert parsed(report).tags == parsed(render_graphs([], form)).tags
    elif form == "svg":
        drawing = Xml.fromstring(report)
        names = {each.tag.rpartition("}")[2] for each in drawing.iter()}
        assert names <= {"svg", "title", "style", "defs", "marker", "path", "rect", "g", "text"}
    else:
        graph = networkx.parse_graphml(report)
        assert [data["label"] for _, data in graph.nodes(data=True)] == [xml_text(text)]


def project_of_template(project_of: Any) -> Any:
    from pathlib import Path

    return project_of(Path("fixtures/rules/MLS101/fail.yaml").resolve())


def test_a_dash_is_standard_output(workspace: Workspace) -> None:
    run = workspace.check("--format", "json:-", "--format", "sarif:out.sarif")
    assert json.loads(run.out)["version"] == 1
    assert not (workspace.folder / "-").exists()
    twice = workspace.check("--format", "json:-", "--format", "text")
    assert (twice.code, "both go to standard output" in twice.err) == (2, True)


def test_a_report_is_never_written_over_a_linted_file(workspace: Workspace) -> None:
    for command in (
        ("check", "--format", "json:template.yaml"),
        ("check", "--format", "text:./template.yaml", "template.yaml"),
        ("baseline", "--output", "template.yaml"),
        ("graph", "--output", "template.yaml"),
    ):
        run = workspace.run(*command, "--rules", "my_rules.py")
        assert run.code == 2, command
        assert (workspace.folder / "template.yaml").read_text(encoding="utf-8") == TEMPLATE, command
    (workspace.folder / "link.json").symlink_to("template.yaml")
    assert workspace.check("--format", "json:link.json").code == 2
    assert (workspace.folder / "template.yaml").read_text(encoding="utf-8") == TEMPLATE
