"""The file itself: what its policy allows, what is embedded, and what is built into it."""

import json
import re
import shutil
import signal
import subprocess
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.filters.result import Result
from mlwa_lint.model.findings import Checked, Finding, Instance
from mlwa_lint.model.spans import Span
from mlwa_lint.reporters import FORMATS, renderer
from mlwa_lint.reporters.html.page import asset, embedded, page_of
from mlwa_lint.reporters.summary import ReportStyle
from mlwa_lint.rule import Remedy, Rule
from mlwa_lint.run import evaluation
from tests.support.pages import parsed
from tests.support.workspace import Workspace

ROOT = Path(__file__).parent.parent.parent.parent
ASSETS = ROOT / "mlwa_lint" / "reporters" / "html" / "assets"
BUNDLED = ("cytoscape", "elkjs")


def data_of(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(parsed(text).data)
    return found


def finding(**changes: Any) -> Finding:
    span = Span("t.yaml", 1, 1, 1, 5)
    made = Finding(
        code="TSS101",
        name="test-rule",
        severity="high",
        pillar="security",
        practices=("MLSEC02-BP01",),
        message="It is wrong",
        span=span,
        address="A",
        resource_type="AWS::S3::Bucket",
        resource_span=span,
        help="https://example.com/rule",
        several=(Instance("A", "t.yaml", None),),
    )
    return made._replace(**changes)


def rule(code: str, *practices: str) -> Rule:
    return Rule(
        code=code,
        name="test-rule",
        severity="high",
        practices=practices,
        remedy=Remedy("Set it.", "Set it."),
        on=("AWS::S3::Bucket",),
        check=lambda resource, graph: iter(()),
        documentation="It is wrong.",
    )


def practice(data: dict[str, Any], name: str) -> dict[str, Any]:
    lens = data["lenses"][0]
    found = [each for question in lens["questions"] for each in question["practices"] if each["id"] == name]
    return dict(found[0])


def test_the_policy_names_the_one_script_and_the_one_style() -> None:
    page = parsed(renderer("html")(Result(), ReportStyle()))
    (policy,) = (
        value
        for tag, name, value in page.attributes
        if (tag, name) == ("meta", "content") and "-src" in value
    )
    stated = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert stated["default-src"] == "'none'"
    for kind, texts in (("script-src", page.scripts), ("style-src", page.styles)):
        (text,) = texts
        assert stated[kind] == f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
    assert set(stated) == {"default-src", "script-src", "style-src", "base-uri", "form-action"}


def test_nothing_in_the_frame_leads_elsewhere() -> None:
    page = parsed(renderer("html")(Result(), ReportStyle()))
    assert [value for _, name, value in page.attributes if name in ("src", "href", "action")] == ["#main"]
    assert not [name for _, name, _ in page.attributes if name.startswith("on") or name == "style"]
    assert not re.search(r"url\(|@import", asset("page.css"))


def test_the_same_input_gives_the_same_bytes() -> None:
    result = Result(findings=(finding(),))
    assert renderer("html")(result, ReportStyle()) == renderer("html")(result, ReportStyle())


@pytest.mark.parametrize(
    "text", ["</script>", "<!--<script>", "\u2028\u2029", "&lt;", "]]>", "\u202e", "\ud800"]
)
def test_embedded_data_stays_in_its_element(text: str) -> None:
    stated = embedded({"x": [text], text: 1})
    assert not re.search("[<>&\u2028\u2029\u202e\ud800]", stated)
    assert len(json.loads(stated)) == 2


def test_a_title_is_text() -> None:
    page = parsed(page_of({"kind": "graph", "title": "<b>&"}))
    assert "b" not in page.tags


def test_the_licences_of_what_is_bundled_are_kept() -> None:
    lock = json.loads((ROOT / "page" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    licences = asset("LICENSES.txt")
    for name in BUNDLED:
        version = lock[f"node_modules/{name}"]["version"]
        assert f"{name} {version} (" in licences
        assert f"{name} {version} (" in asset("page.js").partition("*/")[0]
    for words in ("Permission is hereby granted", "Eclipse Public License - v 2.0"):
        assert words in licences
        assert words in asset("page.js").partition("\n */")[0]


def test_what_is_bundled_is_what_the_lock_names_and_comes_from_nowhere_in_particular() -> None:
    package = json.loads((ROOT / "page" / "package.json").read_text(encoding="utf-8"))
    assert set(package["devDependencies"]) == {*BUNDLED, "esbuild", "typescript"}
    lock = (ROOT / "page" / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock


def test_the_asset_is_what_the_sources_make() -> None:
    node = shutil.which("node")
    if node is None or not (ROOT / "page" / "node_modules").is_dir():
        pytest.skip("node, or what `npm ci` in page/ installs, is missing")
    done = subprocess.run(
        [node, "build.mjs", "--check"], cwd=ROOT / "page", capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_findings_of_every_state_are_embedded() -> None:
    result = Result(
        findings=(finding(),),
        suppressed=(finding(suppressed="on purpose"),),
        baselined=(finding(address="B"),),
    )
    data = data_of(renderer("html")(result, ReportStyle()))
    assert [each["state"] for each in data["findings"]] == ["open", "suppressed", "baseline"]
    assert data["findings"][1]["suppressed"] == "on purpose"
    assert data["summary"]["findings"]["high"] == 1
    assert data["rules"]["TSS101"]["practices"] == ["MLSEC02-BP01"]


def test_a_secret_is_starred_out_of_the_excerpt(workspace: Workspace) -> None:
    secret = "hunter2-and-more"
    workspace.write("s.yaml", f"Resources:\n  A:\n    Password: {secret}\n")
    place = finding(span=Span("s.yaml", 3, 5, 3, 13))
    report = renderer("html")(Result(findings=(place,)), ReportStyle())
    assert secret not in report
    (rows,) = (each["excerpt"] for each in data_of(report)["findings"])
    assert rows == [["2", "  A:"], ["3", f"    Password: {'*' * len(secret)}"], ["", "    ^^^^^^^^"]]


def test_a_fix_is_shown_as_the_lines_that_it_changes(workspace: Workspace) -> None:
    notebook = (
        "Resources:\n  Notebook:\n    Type: AWS::SageMaker::NotebookInstance\n    Properties:\n"
        "      InstanceType: ml.t3.medium\n      RoleArn: arn:aws:iam::111122223333:role/notebook\n"
        "      RootAccess: Enabled\n"
    )
    workspace.write("notebook.yaml", notebook)
    workspace.run("check", "notebook.yaml", "--select", "MLS402", "--format", "html:report.html")
    data = data_of((workspace.folder / "report.html").read_text(encoding="utf-8"))
    (found,) = data["findings"]
    assert found["change"][0].startswith("Suggested change")
    assert found["change"][1:] == ["-      RootAccess: Enabled", "+      RootAccess: Disabled"]


@pytest.mark.parametrize(
    ("result", "state"),
    [
        (Result(findings=(finding(),), checked=(Checked("TSS101", 0, 1, 0),)), "failed"),
        (Result(baselined=(finding(),), checked=(Checked("TSS101", 0, 1, 0),)), "failed"),
        (Result(milder=(finding(severity="low"),), checked=(Checked("TSS101", 0, 1, 0),)), "failed"),
        (Result(suppressed=(finding(suppressed="x"),), checked=(Checked("TSS101", 0, 1, 0),)), "undecided"),
        (Result(checked=(Checked("TSS101", 3, 0, 0),)), "met"),
        (Result(), "not-seen"),
    ],
)
def test_the_heat_map_shows_the_state_of_each_practice(result: Result, state: str) -> None:
    data = data_of(renderer("html")(result._replace(rules=(rule("TSS101", "MLSEC02-BP01"),)), ReportStyle()))
    assert practice(data, "MLSEC02-BP01")["state"] == state


def test_practices_that_rules_can_decide_are_not_left_to_people() -> None:
    (lens,) = data_of(renderer("html")(Result(rules=(rule("TSS101", "MLSEC02-BP01"),)), ReportStyle()))[
        "lenses"
    ]
    states = {each["id"]: each["state"] for q in lens["questions"] for each in q["practices"]}
    by_rules = {each for known in load_rules().rules for each in known.practices}
    assert states.pop("MLSEC02-BP01") == "not-seen"
    assert {each for each, state in states.items() if state == "unchecked"} == by_rules & states.keys()
    assert "open" in states.values()


def test_every_practice_of_the_lens_has_a_cell() -> None:
    (lens,) = data_of(renderer("html")(Result(), ReportStyle()))["lenses"]
    pillars = {each["id"] for each in lens["pillars"]}
    assert (len(pillars), len(lens["phases"])) == (6, 6)
    assert all(each["pillar"] in pillars and each["phase"] in lens["phases"] for each in lens["questions"])
    assert sum(len(each["practices"]) for each in lens["questions"]) == 105


def test_lenses_without_phases_have_one_column() -> None:
    rules = (rule("TSS101", "GENSEC01-BP01"),)
    lenses = data_of(renderer("html")(Result(rules=rules), ReportStyle()))["lenses"]
    assert [each["name"] for each in lenses] == ["generative-ai"]
    assert lenses[0]["phases"] == ["All practices"]


def test_the_page_draws_the_graph_of_what_was_linted(workspace: Workspace) -> None:
    for jobs in ("1", "2"):
        run = workspace.check("--format", "html:report.html", "--jobs", jobs)
        assert run.code == 1
        data = data_of((workspace.folder / "report.html").read_text(encoding="utf-8"))
        (project,) = data["graph"]["projects"]
        assert [node[0] for node in project["nodes"]] == ["Bare", "Keyed", "Open"]
        assert {node[4] for node in project["nodes"]} == {"ml"}


def test_a_kept_result_has_the_graph_only_where_it_was_requested(workspace: Workspace) -> None:
    workspace.check("--format", "json:first.json")
    for _ in range(2):
        workspace.check("--format", "html:report.html")
        data = data_of((workspace.folder / "report.html").read_text(encoding="utf-8"))
        assert len(data["graph"]["projects"]) == 1


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no interval timers here")
def test_a_graph_that_takes_too_long_is_drawn_without_what_is_tied(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never_ends(resource: object, graph: object) -> str:
        while True:
            pass

    monkeypatch.setattr(evaluation, "RULE_SECONDS", 0.05)
    monkeypatch.setattr("mlwa_lint.graph.outline.part_of", never_ends)
    run = workspace.check("--format", "html:report.html", "--no-cache")
    data = data_of((workspace.folder / "report.html").read_text(encoding="utf-8"))
    assert run.code == 1
    assert "ties to ML are not drawn" in run.err
    assert len(data["graph"]["projects"][0]["nodes"]) == 3


def test_other_formats_leave_the_page_alone(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    asset.cache_clear()
    for form in FORMATS:
        if form != "html":
            workspace.check("--format", f"{form}:report.{form}")
    assert asset.cache_info().currsize == 0
    workspace.check("--format", "html:report.html")
    assert asset.cache_info().currsize == 2


def test_the_page_is_not_too_large() -> None:
    assert ASSETS.joinpath("page.js").stat().st_size < 2_200_000


def test_what_is_embedded_means_the_same_with_nothing_hidden_in_it() -> None:
    data = {"a\nb": ["c\td\x00e\r", "\\n", '"', "é\u202e\ud800", 1, None, ("</script>", {})]}
    text = embedded(data)
    assert json.loads(text) == {
        "a b": ["c d\ufffde\ufffd", "\\n", '"', "é\ufffd\ufffd", 1, None, ["</script>", {}]]
    }
    assert "<" not in text
