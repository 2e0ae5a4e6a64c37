"""The page in a browser: it works without network, by mouse and by keys, and text stays text."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from mlwa_lint.filters.result import Result
from mlwa_lint.model.findings import Finding, Instance
from mlwa_lint.model.outlines import Outline, OutlineNode, Relation
from mlwa_lint.model.spans import Span
from mlwa_lint.reporters import renderer
from mlwa_lint.reporters.summary import ReportStyle
from tests.support.browser import Browsing, browsing, needs_chromium
from tests.support.workspace import Workspace

pytestmark = needs_chromium
EVIL = "</script><img src=x onerror=alert(1)>"
TEMPLATE = """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: sagemaker.amazonaws.com}, Action: "sts:AssumeRole"}]
  Model:
    Type: AWS::SageMaker::Model
    Properties:
      ExecutionRoleArn: !GetAtt Role.Arn
      PrimaryContainer: {Image: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/model:latest"}
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      ProductionVariants:
        - VariantName: v
          ModelName: !GetAtt Model.ModelName
          InstanceType: ml.m5.large
          InitialInstanceCount: 1
  Endpoint:
    Type: AWS::SageMaker::Endpoint
    Properties: {EndpointConfigName: !GetAtt Config.EndpointConfigName}
  Notebook:
    Type: AWS::SageMaker::NotebookInstance
    Properties:
      RoleArn: !GetAtt Role.Arn
      InstanceType: !Ref Size
      RootAccess: Enabled # mlwa: ignore[MLS402] -- for the demonstration
  Dashboard:
    Type: AWS::CloudWatch::Dashboard
    Properties: {DashboardBody: "{}"}
Parameters:
  Size: {Type: String}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browsing]:
    yield from browsing()


@pytest.fixture
def report(workspace: Workspace) -> Path:
    """The page about a small template."""
    workspace.write("model.yaml", TEMPLATE)
    run = workspace.run("check", "model.yaml", "--format", "html:report.html")
    assert (run.code, run.err) == (1, "")
    return workspace.folder / "report.html"


def finding(address: str, root: str = "t.yaml", severity: str = "high") -> Finding:
    span = Span(f"{root}/{address}", 1, 1, 1, 2)
    return Finding(
        code="TSS101",
        name="test-rule",
        severity=severity,  # type: ignore[arg-type]
        pillar="security",
        practices=("MLSEC02-BP01",),
        message=f"{address} has no key",
        span=span,
        address=address,
        resource_type="AWS::S3::Bucket",
        resource_span=span,
        help="https://example.com/rule",
        reason=address,
        remedy=f"Set `Key` of {address}.",
        root=root,
        several=(Instance(address, root, None),),
    )


def outline(root: str, number: int) -> Outline:
    """Chains of five resources, each with a finding or none, and a role that all of them share."""
    nodes = [OutlineNode(f"R{each}", "AWS::S3::Bucket", "t.yaml", each + 1) for each in range(number)]
    relations = [
        Relation(f"R{each}", f"R{each + 1}", "writes", "", "t.yaml", 1)
        for each in range(number - 1)
        if each % 5 != 4
    ]
    relations += [Relation(f"R{each}", "R0", "assumes", "", "t.yaml", 1) for each in range(5, number, 5)]
    return Outline(root, tuple(nodes), tuple(relations))


def written(folder: Path, result: Result) -> Path:
    path = folder / "report.html"
    path.write_text(renderer("html")(result, ReportStyle()), encoding="utf-8")
    return path


def test_views_are_shown_without_an_error_or_a_request(report: Path, browser: Browsing) -> None:
    with browser() as opened:
        page = opened.show(report)
        expect(page.get_by_role("heading", name="Summary")).to_be_visible()
        assert page.locator(".heat tbody button.cell").count() > 20
        for view in ("Findings", "Undecided"):
            page.get_by_role("navigation").get_by_role("link", name=view).click()
            expect(page.get_by_role("heading", name=view, exact=True)).to_be_visible()
            assert page.locator(".group").count() > 0
        page.get_by_role("navigation").get_by_role("link", name="Graph").click()
        assert opened.drawn() == 6


def test_a_page_that_requested_something_would_be_noticed(tmp_path: Path, browser: Browsing) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        "<img src='https://example.com/x.png'><script>console.error('x')</script>", encoding="utf-8"
    )
    with pytest.raises(AssertionError, match=r"request: https://example\.com"), browser() as opened:
        opened.show(path).wait_for_timeout(200)


def test_the_policy_stops_what_would_get_in(report: Path, tmp_path: Path, browser: Browsing) -> None:
    text = report.read_text(encoding="utf-8")
    broken = text.replace("</main>", "<script>document.title = 'owned'</script><img src='x.png'></main>", 1)
    other = tmp_path / "broken.html"
    other.write_text(broken, encoding="utf-8")
    titles = []
    with pytest.raises(AssertionError, match="Content Security Policy"), browser() as opened:
        titles.append(opened.show(other).title())
    assert titles
    assert "owned" not in titles[0]


def test_a_finding_has_place_reason_and_fix(report: Path, browser: Browsing) -> None:
    with browser() as opened:
        page = opened.show(report, "#view=findings")
        row = page.locator("details.finding", has_text="MLS103").first
        row.locator("summary").click()
        body = row.locator(".body")
        expect(body.locator("dt", has_text="Why")).to_be_visible()
        expect(body.locator("dt", has_text="Fix")).to_be_visible()
        expect(body.locator("pre.excerpt mark")).to_have_text("Model")
        assert (body.get_by_role("link").get_attribute("href") or "").startswith("https://")


def test_filters_stay_in_the_address(report: Path, browser: Browsing) -> None:
    with browser() as opened:
        page = opened.show(report, "#view=findings")
        before = page.locator("details.finding").count()
        page.get_by_role("group", name="Severity").get_by_role("button", name="Low").click()
        page.get_by_role("group", name="Group findings by").get_by_role("button", name="Rule").click()
        page.get_by_role("searchbox").fill("Endpoint")
        expect(page).to_have_url(re.compile("q=Endpoint"))
        address = page.evaluate("location.hash")
        assert {"view=findings", "severity=low", "group=rule"} <= set(address[1:].split("&"))
        shown = page.locator("details.finding").all_inner_texts()
        assert 0 < len(shown) < before
        assert all("Endpoint" in each for each in shown)
        page = opened.show(report, address)
        assert page.locator("details.finding").all_inner_texts() == shown
        assert page.get_by_role("searchbox").input_value() == "Endpoint"
        page.get_by_role("button", name="Clear filters").click()
        assert page.locator("details.finding").count() == before


def test_going_back_leads_to_the_view_before(report: Path, browser: Browsing) -> None:
    with browser() as opened:
        page = opened.show(report)
        page.get_by_role("navigation").get_by_role("link", name="Findings").click()
        expect(page.locator(".group").first).to_be_visible()
        page.go_back()
        expect(page.get_by_role("heading", name="Summary")).to_be_visible()


def test_suppressed_findings_are_shown_on_demand(report: Path, browser: Browsing) -> None:
    with browser() as opened:
        page = opened.show(report, "#view=findings")
        assert page.locator("details.finding", has_text="MLS402").count() == 0
        page.get_by_role("group", name="Status").get_by_role("button", name="Suppressed").click()
        row = page.locator("details.finding", has_text="MLS402")
        row.locator("summary").click()
        expect(row).to_contain_text("for the demonstration")


def test_undecided_checks_have_a_reason(report: Path, browser: Browsing) -> None:
    with browser() as opened:
        page = opened.show(report, "#view=undecided")
        expect(page.locator(".group", has_text="Notebook")).to_contain_text("parameter Size")


def test_a_cell_of_the_heat_map_filters_and_arrow_keys_move(report: Path, browser: Browsing) -> None:
    with browser() as opened:
        page = opened.show(report)
        cells = page.locator(".heat tbody button.cell")
        assert page.locator(".heat tbody button.cell[tabindex='0']").count() == 1
        cells.first.focus()
        first = page.evaluate("document.activeElement.ariaLabel")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowDown")
        second = page.evaluate("document.activeElement.ariaLabel")
        assert first != second
        assert second.startswith("Security, ")
        page.keyboard.press("Enter")
        assert page.evaluate("location.hash").startswith("#pillar=security&phase=")
        assert page.evaluate("document.activeElement.ariaLabel") == second, "the focus stays"
        assert page.evaluate("document.activeElement.ariaPressed") == "true"
        page.get_by_role("button", name="Show these findings").click()
        assert "Security" in page.locator(".chips").inner_text()


def test_everything_is_reached_by_keys(report: Path, browser: Browsing) -> None:
    with browser() as opened:
        page = opened.show(report, "#view=findings")
        seen = []
        for _ in range(30):
            page.keyboard.press("Tab")
            seen.append(
                page.evaluate("(document.activeElement.innerText || document.activeElement.id).trim()")
            )
        assert seen[0] == "Skip to content"
        assert "q" in seen, "the search"
        assert any("MLS" in each for each in seen), "a finding"
        page.locator("details.finding summary").first.focus()
        page.keyboard.press("Enter")
        assert page.locator("details.finding[open]").count() == 1


def test_parts_of_the_page_have_names(report: Path, browser: Browsing) -> None:
    with browser() as opened:
        page = opened.show(report, "#view=graph")
        opened.drawn()
        for landmark in ("banner", "navigation", "main", "contentinfo", "search", "complementary"):
            expect(page.get_by_role(landmark)).to_have_count(1)
        nameless = page.evaluate(
            """[...document.querySelectorAll('button, a, input, select')].filter(each =>
              !(each.innerText || each.ariaLabel || each.labels?.length)).map(each => each.outerHTML)"""
        )
        assert nameless == []
        assert page.locator("#live[aria-live='polite']").count() == 1


def test_the_graph_is_walked_by_keys_and_described_in_words(report: Path, browser: Browsing) -> None:
    with browser() as opened:
        page = opened.show(report, "#view=graph")
        opened.drawn()
        page.get_by_role("button", name="Endpoint SageMaker::Endpoint").click()
        panel = page.get_by_role("complementary")
        expect(panel).to_contain_text("uses Config")
        panel.get_by_role("button", name="Config", exact=True).click()
        expect(panel).to_contain_text("is used by Endpoint")
        expect(panel).to_contain_text("hosts Model")
        page.locator("#graph").focus()
        page.keyboard.press("ArrowRight")
        assert "resource=0%3AEndpoint" in page.evaluate("location.hash")
        expect(page.locator("#live")).to_contain_text("Endpoint, SageMaker::Endpoint")
        page.keyboard.press("Enter")
        assert "around=0%3AEndpoint" in page.evaluate("location.hash")
        expect(page.locator("#graph")).to_have_attribute("data-ready", "3")
        page.keyboard.press("Escape")
        expect(page.locator("#graph")).to_have_attribute("data-ready", "6")


def test_a_finding_leads_to_its_place_in_the_graph(report: Path, browser: Browsing) -> None:
    with browser() as opened:
        page = opened.show(report, "#view=findings")
        row = page.locator("details.finding", has_text="MLS103").first
        row.locator("summary").click()
        row.get_by_role("button", name="Show in the graph").click()
        assert 1 < opened.drawn() < 6
        expect(page.get_by_role("complementary").locator("h3")).to_have_text("Model")


def test_kinds_of_relations_and_other_parts_are_hidden_on_demand(report: Path, browser: Browsing) -> None:
    with browser() as opened:
        page = opened.show(report, "#view=graph")
        opened.drawn()
        page.get_by_label("Machine learning only").check()
        expect(page.locator("#graph")).to_have_attribute("data-ready", "5")
        page.get_by_label("Model serving").uncheck()
        assert "families=mention%2Cserving" in page.evaluate("location.hash")


def test_text_that_looks_like_markup_stays_text(tmp_path: Path, browser: Browsing) -> None:
    found = finding(EVIL, EVIL)
    nodes = (
        OutlineNode(EVIL, f"AWS::{EVIL}", EVIL, 1, EVIL, "ml", (EVIL,)),
        OutlineNode("B", "AWS::S3::Bucket", "t", 2),
    )
    drawn = Outline(EVIL, nodes, (Relation(EVIL, "B", "reads", EVIL, EVIL, 1, EVIL),))
    hidden = found._replace(suppressed=EVIL)
    with browser() as opened:
        path = written(tmp_path, Result(findings=(found,), suppressed=(hidden,), outlines=(drawn,)))
        page = opened.show(path, "#view=findings")
        expect(page.locator(".group h3")).to_contain_text(EVIL)
        page.locator("details.finding summary").click()
        expect(page.locator(".body")).to_contain_text(EVIL)
        page.get_by_role("button", name="Show in the graph").click()
        opened.drawn()
        expect(page.get_by_role("complementary")).to_contain_text(EVIL)
        assert page.locator("img").count() == 0
        assert page.locator("script").count() == 2


def test_five_hundred_resources_are_laid_out_within_two_seconds(tmp_path: Path, browser: Browsing) -> None:
    outlines = (outline("t.yaml", 500),)
    findings = tuple(finding(f"R{each}") for each in range(0, 500, 3))
    path = written(tmp_path, Result(findings=findings, resources=500, outlines=outlines))
    # Seconds of a machine that does the yardstick in one: others, and busy ones, take longer for both.
    assert min(_drawing_by_yardstick(path, browser) for _ in range(2)) < 2


# Work like that of a layout: small objects, a map, and sorting.
YARDSTICK = """() => {
    const nodes = Array.from({ length: 300_000 }, (_, id) => ({ id, at: Math.sin(id) }));
    for (let round = 0; round < 2; round++) {
        const places = new Map(nodes.map((node) => [node.id, node.at]));
        nodes.sort((one, other) => places.get(one.id) - places.get(other.id));
        for (const node of nodes) node.at = Math.cos(node.at * node.id);
    }
}"""


def _drawing_by_yardstick(path: Path, browser: Browsing) -> float:
    with browser() as opened:
        page = opened.show(path)
        session = page.context.new_cdp_session(page)
        # Of the page's own thread, so that other programs make little difference.
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        before = _processor_seconds(session)
        page.get_by_role("navigation").get_by_role("link", name="Graph").click()
        assert opened.drawn() == 500
        drawn = _processor_seconds(session)
        page.evaluate(YARDSTICK)
        return (drawn - before) / (_processor_seconds(session) - drawn)


def _processor_seconds(session: Any) -> float:
    metrics = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    return float(metrics["TaskDuration"])


def test_a_large_estate_opens_by_project_and_by_neighbourhood(tmp_path: Path, browser: Browsing) -> None:
    outlines = (outline("small", 40), outline("large", 700))
    findings = (finding("R3", "small", "low"), finding("R600", "large"))
    path = written(tmp_path, Result(findings=findings, resources=740, outlines=outlines))
    with browser() as opened:
        page = opened.show(path, "#view=graph")
        assert opened.drawn() == 40, "of the projects that can be drawn, the one with the worst finding"
        expect(page.locator(".note")).to_contain_text("740 resources are too many to draw at once")
        page.get_by_label("Project").select_option("large")
        expect(page.locator(".note")).to_contain_text("the neighbourhood of R600")
        assert 1 < opened.drawn() < 200
        page.get_by_role("searchbox").fill("R657")
        page.get_by_role("button", name="R657 S3::Bucket").click()
        expect(page).to_have_url(re.compile("around=1%3AR657"))
        opened.drawn()
        expect(page.get_by_role("complementary").locator("h3")).to_have_text("R657")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark(report: Path, scheme: str, browser: Browsing) -> None:
    with browser(color_scheme=scheme) as opened:
        page = opened.show(report)
        other = "dark" if scheme == "light" else "light"
        assert _brightness(page) == scheme
        page.get_by_role("button", name=f"{other.capitalize()} mode").click()
        assert _brightness(page) == other
        page.reload()
        assert _brightness(page) == other, "the choice stays in the address"


def _brightness(page: Page) -> str:
    color = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    red = int(color.removeprefix("rgb(").partition(",")[0])
    return "light" if red > 127 else "dark"


_CONTRAST = """() => {
  const channel = (v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const parts = (c) => c.match(/[\\d.]+/g).map(Number);
  const light = (c) => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]);
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = parts(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const e of document.querySelectorAll("body *")) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
    if (!e.checkVisibility() || e.closest(".unseen, .skip, script, style")) continue;
    const [a, b] = [light(parts(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const name = `${e.className || e.tagName} ${e.textContent.slice(0, 30)}`;
    if (ratio < 4.5) poor.push(`${name}: ${ratio.toFixed(2)}`);
  }
  return [...new Set(poor)];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", ["overview", "findings", "undecided", "graph"])
def test_text_has_contrast(report: Path, scheme: str, view: str, browser: Browsing) -> None:
    with browser(color_scheme=scheme) as opened:
        page = opened.show(report, f"#view={view}&severity={'low' if view == 'findings' else ''}")
        if view == "graph":
            opened.drawn()
        else:
            page.locator("details summary, .group").first.click()
        page.mouse.move(0, 0)
        page.wait_for_timeout(200)
        assert page.evaluate(_CONTRAST) == []


def test_a_narrow_window_needs_no_scrolling_sideways(report: Path, browser: Browsing) -> None:
    with browser() as opened:
        opened.page.set_viewport_size({"width": 400, "height": 800})
        for view in ("findings", "undecided", "graph"):
            page = opened.show(report, f"#view={view}")
            expect(page.get_by_role("main")).to_be_visible()
            assert page.evaluate("document.documentElement.scrollWidth") <= 400, view


def test_all_views_are_printed_on_white_with_findings_opened(report: Path, browser: Browsing) -> None:
    with browser(color_scheme="dark") as opened:
        page = opened.show(report, "#view=findings")
        page.emulate_media(media="print")
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert _brightness(page) == "light"
        for heading in ("Summary", "Findings", "Undecided"):
            expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        expect(page.get_by_role("navigation")).to_be_hidden()
        findings = page.locator("details.finding")
        assert findings.count() == page.locator("details.finding[open]").count() > 5
        assert page.pdf(format="A4").startswith(b"%PDF")
        page.emulate_media(media="screen")
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert _brightness(page) == "dark"
        expect(page.get_by_role("heading", name="Summary")).to_have_count(0)


def test_a_review_shows_risks_answers_and_contradictions(workspace: Workspace, browser: Browsing) -> None:
    workspace.write("model.yaml", TEMPLATE)
    workspace.folder.joinpath(".mlwa").mkdir()
    workspace.write(
        ".mlwa/review.yaml",
        "version: 1\nanswers:\n"
        "  MLOPS01-BP01: {status: followed, reason: Board of 2026, owner: Platform team}\n"
        "  MLSEC02-BP01: {status: followed, reason: We think so}\n",
    )
    run = workspace.run("review", "model.yaml", "--format", "html:review.html")
    assert run.code == 1, "a contradiction"
    with browser() as opened:
        page = opened.show(workspace.folder / "review.html")
        expect(page.get_by_role("heading", name="Risks of the questions")).to_be_visible()
        expect(page.locator(".alert.high")).to_contain_text("MLSEC02-BP01")
        row = page.locator("details.practice", has_text="MLOPS01-BP01")
        row.locator("summary").click()
        expect(row).to_contain_text("Platform team")
        page.get_by_role("navigation").get_by_role("link", name="Graph").click()
        assert opened.drawn() == 6


def test_the_graph_alone_has_a_page(workspace: Workspace, browser: Browsing) -> None:
    workspace.write("model.yaml", TEMPLATE)
    assert workspace.run("graph", "model.yaml", "--format", "html", "--output", "g.html").code == 0
    with browser() as opened:
        page = opened.show(workspace.folder / "g.html")
        assert opened.drawn() == 6
        expect(page.get_by_role("navigation", include_hidden=True)).to_be_hidden()
        data = json.loads(page.locator("#data").text_content() or "")
        assert data["kind"] == "graph"
