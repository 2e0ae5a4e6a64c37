"""`mlwa-lint fleet query`, `report` and `diff`."""

from typing import TYPE_CHECKING, Any

import click

from mlwa_lint.cli.outcome import EXIT_FINDINGS, print_message
from mlwa_lint.cli.writing import write_file, write_stdout
from mlwa_lint.errors import UserError
from mlwa_lint.model.findings import SEVERITIES

if TYPE_CHECKING:
    from mlwa_lint.fleet.queries import QueryResult

_FORMATS = ("table", "csv", "json")
_REPORTS = ("worst-rules", "owners", "trend", "new", "fixed", "coverage", "failures", "html")
DATASET = click.option(
    "--dataset",
    envvar="MLWA_LINT_FLEET",
    default="fleet",
    show_default=True,
    metavar="DATASET",
    help="Dataset to read, a directory or URL; MLWA_LINT_FLEET sets it, too.",
)
SCAN = click.option("--scan", metavar="SCAN", help="A scan's id, or a prefix of it; the latest by default.")
FORMAT = click.option("--format", "form", type=click.Choice(_FORMATS), default="table", show_default=True)
WIDE = click.option("--wide", is_flag=True, help="Do not cut long texts in tables.")
OUTPUT = click.option("--output", metavar="FILE", help="Write to a file instead of standard output.")


@click.command()
@click.argument("sql")
@DATASET
@FORMAT
@WIDE
@OUTPUT
def query(sql: str, dataset: str, form: str, wide: bool, output: str | None) -> int:
    """Query the dataset in SQL, in DuckDB's dialect.

    Tables: findings, undecided, resources, repositories, attempts, scans; states has a row for each finding
    (new, open, reopened or fixed, and since when), history one for each finding and scan. Nothing is written.
    """
    from mlwa_lint.fleet.dataset import Dataset
    from mlwa_lint.fleet.queries import Database

    database = Database(Dataset(dataset))
    try:
        _show(database.query(sql), form, wide, output)
    finally:
        database.close()
    return 0


@click.command()
@click.argument("name", metavar="REPORT", type=click.Choice(_REPORTS))
@DATASET
@SCAN
@FORMAT
@WIDE
@OUTPUT
def report(name: str, dataset: str, scan: str | None, form: str, wide: bool, output: str | None) -> int:
    """Show a ready report about a scan.

    \b
    worst-rules  rules by how much they find
    owners       findings of each owner, worst first
    trend        findings from scan to scan
    new          findings that were not there before, or are there again
    fixed        findings that are gone, and for how many days they were there
    coverage     what was scanned, and how much of it could be decided
    failures     repositories that could not be scanned, or not wholly, and why
    html         trends on one page: by severity, owner and rule
    """
    from mlwa_lint.fleet.dataset import Dataset
    from mlwa_lint.fleet.reports import report as found

    opened = Dataset(dataset)
    if name != "html":
        _show(found(opened, name, scan), form, wide, output)
        return 0
    from mlwa_lint.fleet.page import page

    if form != "table":
        raise UserError(f"--format {form}: the page is HTML")
    _write(page(opened, scan), output)
    return 0


@click.command()
@click.argument("before")
@click.argument("after")
@DATASET
@FORMAT
@WIDE
@OUTPUT
@click.option(
    "--fail-on",
    type=click.Choice((*SEVERITIES, "never")),
    default="never",
    show_default=True,
    help="Exit 1 for new or reopened findings of at least this severity.",
)
def diff(before: str, after: str, dataset: str, fail_on: str, **options: Any) -> int:
    """Show what is new, reopened and fixed from one scan to another.

    BEFORE and AFTER are ids of scans, or prefixes of ids; `mlwa-lint fleet report trend` lists them.
    """
    from mlwa_lint.fleet.dataset import Dataset
    from mlwa_lint.fleet.reports import difference

    answer, missing = difference(Dataset(dataset), before, after)
    _show(answer, options["form"], options["wide"], options["output"])
    if missing:
        print_message(
            f"{missing} repositor{'y was' if missing == 1 else 'ies were'} not scanned in both, and left out"
        )
    return EXIT_FINDINGS if _fails(answer, fail_on) else 0


def _fails(answer: "QueryResult", threshold: str) -> bool:
    if threshold == "never":
        return False
    change, severity = answer.columns.index("change"), answer.columns.index("severity")
    reached = SEVERITIES[: SEVERITIES.index(threshold) + 1]
    return any(row[change] != "fixed" and row[severity] in reached for row in answer.rows)


def _show(answer: "QueryResult", form: str, wide: bool, output: str | None) -> None:
    from mlwa_lint.fleet.output import rendered

    _write(rendered(answer, form, wide), output)


def _write(text: str, output: str | None) -> None:
    if output is None:
        write_stdout(text)
    else:
        write_file(output, text)
