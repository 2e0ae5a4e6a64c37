"""The commands that query a dataset: read only, guarded, and plain about what is missing."""

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from mlwa_lint.fleet.dataset import Dataset
from mlwa_lint.fleet.page import page
from mlwa_lint.fleet.page.charts import nice_top
from tests.support.fleets import make_fleet, put_scan
from tests.support.workspace import Workspace

A = ("MLS402", "a.yaml", "Notebook")
HOSTILE = ("MLS402", "=cmd.yaml", "<script>alert(1)</script>\u202e")


@pytest.fixture
def dataset(workspace: Workspace) -> Path:
    """Two scans in the folder `fleet`, where commands look for a dataset."""
    put_scan(workspace.folder / "fleet", 1, {"api": [A], "web": None})
    put_scan(workspace.folder / "fleet", 2, {"api": [], "web": [A, HOSTILE]})
    return workspace.folder / "fleet"


def test_a_query_answers_as_table_csv_and_json(workspace: Workspace, dataset: Path) -> None:
    sql = "SELECT repository, count(*) AS n, max(owner) AS who FROM findings GROUP BY 1 ORDER BY 1"
    assert workspace.run("fleet", "query", sql).out == (
        "repository  n  who\n----------  -  ------\napi         1  team-a\nweb         2  team-w\n"
    )
    assert workspace.run("fleet", "query", sql, "--format", "csv").out == (
        "repository,n,who\r\napi,1,team-a\r\nweb,2,team-w\r\n"
    )
    assert json.loads(workspace.run("fleet", "query", sql, "--format", "json").out) == [
        {"repository": "api", "n": 1, "who": "team-a"},
        {"repository": "web", "n": 2, "who": "team-w"},
    ]


def test_cells_of_csv_are_no_formulas_and_tables_do_not_steer(workspace: Workspace, dataset: Path) -> None:
    sql = "SELECT path, address FROM findings WHERE path LIKE '=%'"
    assert "'=cmd.yaml" in workspace.run("fleet", "query", sql, "--format", "csv").out
    for form in ("table", "csv", "json"):
        assert "\u202e" not in workspace.run("fleet", "query", sql, "--format", form).out
    named = workspace.run("fleet", "query", 'SELECT 1 AS "=1+1"', "--format", "csv")
    assert named.out.splitlines()[0] == "'=1+1"


@pytest.mark.parametrize(
    "sql",
    [
        "COPY findings TO 'stolen.csv'",
        "CREATE TABLE x AS SELECT 1",
        "DROP VIEW findings",
        "ATTACH 'x.db'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SELECT 1; SELECT 2",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM nowhere",
        "SELEC 1",
        "",
    ],
)
def test_queries_read_the_dataset_and_nothing_else(sql: str, workspace: Workspace, dataset: Path) -> None:
    before = sorted(workspace.folder.rglob("*"))
    done = workspace.run("fleet", "query", sql)
    assert done.code == 2
    assert done.out == ""
    assert done.err.startswith("mlwa-lint: error: the query ")
    assert sorted(workspace.folder.rglob("*")) == before


def test_every_report_is_shown(workspace: Workspace, dataset: Path) -> None:
    for name in ("worst-rules", "owners", "trend", "new", "fixed", "coverage", "failures"):
        done = workspace.run("fleet", "report", name)
        assert (done.code, done.err) == (0, ""), name
    assert "fixed" not in workspace.run("fleet", "report", "new").out
    first = workspace.run("fleet", "report", "failures", "--scan", "2026-07-01", "--format", "json").out
    assert [row["failure"] for row in json.loads(first)] == ["time"]


def test_the_difference_can_gate(workspace: Workspace, dataset: Path) -> None:
    done = workspace.run("fleet", "diff", "2026-07-01", "2026-07-02")
    assert done.code == 0
    assert "1 repository was not scanned in both" in done.err
    put_scan(dataset, 3, {"api": [A], "web": [A]})
    assert workspace.run("fleet", "diff", "2026-07-02", "2026-07-03", "--fail-on", "high").code == 1
    assert workspace.run("fleet", "diff", "2026-07-03", "2026-07-03").code == 2


def test_scans_are_named_by_their_beginning(workspace: Workspace, dataset: Path) -> None:
    several = workspace.run("fleet", "report", "new", "--scan", "2026-07")
    assert (several.code, "several scans begin with 2026-07" in several.err) == (2, True)
    none = workspace.run("fleet", "report", "new", "--scan", "2027")
    assert (none.code, "no scan begins with 2027" in none.err) == (2, True)


def test_a_missing_dataset_is_reported(workspace: Workspace) -> None:
    done = workspace.run("fleet", "report", "trend")
    assert done.code == 2
    assert done.err == "mlwa-lint: error: fleet: no scans; `mlwa-lint fleet scan` makes one\n"


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_page_loads_and_runs_nothing(workspace: Workspace, dataset: Path) -> None:
    assert workspace.run("fleet", "report", "html", "--output", "page.html").code == 0
    text = (workspace.folder / "page.html").read_text("utf-8")
    elements = _Elements()
    elements.feed(text)
    tags = [tag for tag, _ in elements.tags]
    assert "script" not in tags
    assert "&lt;script&gt;alert(1)" in text
    assert "\u202e" not in text
    attributes = [name for _, found in elements.tags for name in found]
    assert not {"src", "style", "onclick", "onload"} & set(attributes)
    assert all((found["href"] or "").startswith("#") for tag, found in elements.tags if "href" in found)
    (policy,) = (found["content"] for tag, found in elements.tags if found.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")


def test_the_page_describes_its_charts_in_words(workspace: Workspace, dataset: Path) -> None:
    elements = _Elements()
    text = page(Dataset(str(dataset)))
    elements.feed(text)
    drawings = [found for tag, found in elements.tags if tag == "svg"]
    assert drawings
    assert all(found.get("role") == "img" for found in drawings)
    assert all("aria-label" in found or "aria-labelledby" in found for found in drawings)
    assert "2 scans; the latest has 2 open findings." in text
    names = [name for tag, found in elements.tags if tag != "svg" and (name := found.get("id"))]
    assert len(names) == len(set(names))
    referred = re.findall(r'aria-labelledby="([^"]+)"', text)
    assert all(
        word in text.split('id="') or f'id="{word}"' in text for each in referred for word in each.split()
    )


@pytest.mark.parametrize(
    ("most", "top"), [(0, 4), (1, 4), (4, 4), (5, 8), (43, 60), (204, 240), (999, 1000), (12_345, 16_000)]
)
def test_axes_end_at_round_numbers(most: int, top: int) -> None:
    assert nice_top(most) == top


def test_a_rule_that_fails_in_a_scan_exits_3(workspace: Workspace) -> None:
    make_fleet(workspace.folder / "checkouts", ["api"])
    source = (workspace.folder / "my_rules.py").read_text(encoding="utf-8")
    source = source.replace("AWS::SageMaker::EndpointConfig", "AWS::SageMaker::NotebookInstance")
    workspace.write("my_rules.py", source.replace('tags = config["Tags"]', "tags = 1 / 0"))
    scan = ("fleet", "scan", "checkouts", "--rules", "my_rules.py", "--select", "TSS", "--jobs", "1")
    assert workspace.run(*scan).code == 3
    rows = workspace.run("fleet", "query", "SELECT status, failure FROM repositories", "--format", "json")
    assert json.loads(rows.out) == [{"status": "partial", "failure": "internal"}]


def test_scan_and_try_on_the_command_line(workspace: Workspace) -> None:
    make_fleet(workspace.folder / "checkouts", ["api", "web"])
    done = workspace.run("fleet", "scan", "checkouts", "--select", "MLS402", "--jobs", "1")
    assert done.code == 0
    assert re.fullmatch(r"scan \S+Z: 2 repositories, 2 findings\n", done.err)
    (workspace.folder / "checkouts" / "web" / "template.yaml").unlink()
    (workspace.folder / "checkouts" / "web").rmdir()
    tried = workspace.run("fleet", "try", "MLS401", "--jobs", "1", "--format", "json")
    assert tried.code == 2, "a repository that is gone was not tried"
    assert "web: not scanned (missing)" in tried.err
    ((row),) = json.loads(tried.out)
    assert (row["code"], row["findings"], row["repositories"]) == ("MLS401", 1, 1)
    assert len(Dataset("fleet").scans) == 1, "trying a rule is no scan"


@pytest.mark.parametrize(
    ("arguments", "stated"),
    [
        (("scan", "x", "--select", "MLS999"), "no rule is called 'MLS999'"),
        (("scan", "nowhere"), "no such folder, archive or list"),
        (("scan", ".", "--scheduler", "tcp://x:1"), "--scheduler is for --engine dask"),
        (("scan", ".", "--engine", "ray", "--address", "auto", "--jobs", "2"), "--jobs does not go with"),
        (("scan", ".", "--config", "own.toml"), "parameters cannot be used for a fleet"),
        (("try", "nowhere.py"), "nowhere.py"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], stated: str, workspace: Workspace) -> None:
    workspace.write("own.toml", 'parameters = ["values.json"]\n')
    make_fleet(workspace.folder / "checkouts", ["api"])
    put_scan(workspace.folder / "fleet", 1, {"api": [A]})
    done = workspace.run("fleet", *arguments)
    assert done.code == 2
    assert stated in done.err


@pytest.mark.parametrize(
    ("missing", "arguments", "extra"),
    [
        ("pyarrow", ("report", "trend"), "fleet"),
        ("duckdb", ("query", "SELECT 1"), "fleet"),
        ("fsspec", ("query", "SELECT 1"), "fleet"),
        ("distributed", ("scan", "checkouts", "--engine", "dask"), "dask"),
        ("ray", ("scan", "checkouts", "--engine", "ray"), "ray"),
    ],
)
def test_a_missing_extra_is_named_in_one_line(
    missing: str,
    arguments: tuple[str, ...],
    extra: str,
    workspace: Workspace,
    dataset: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_fleet(workspace.folder / "checkouts", ["api"])

    def without(name: str) -> ModuleType:
        if name.partition(".")[0] == missing:
            raise ModuleNotFoundError(f"No module named {missing!r}", name=missing)
        return import_module(name)

    monkeypatch.setattr("mlwa_lint.fleet.extras.import_module", without)
    done = workspace.run("fleet", *arguments)
    assert done.code == 2
    assert done.err == (
        f"mlwa-lint: error: {missing} is not installed; install it with `pip install 'mlwa-lint[{extra}]'`\n"
    )


def test_help_needs_no_extra() -> None:
    code = (
        "import sys\n"
        "from mlwa_lint.cli.app import invoke\n"
        "for command in ('', 'scan', 'report', 'query', 'diff', 'try'):\n"
        "    invoke(['fleet', *command.split(), '--help'])\n"
        "found = {'pyarrow', 'duckdb', 'fsspec', 'distributed', 'ray'} & set(sys.modules)\n"
        "sys.exit(1 if found else 0)\n"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=False).returncode == 0
    )
