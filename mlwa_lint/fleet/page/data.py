"""What the page shows, as the dataset has it."""

from collections.abc import Sequence
from typing import Any

from mlwa_lint.fleet.dataset import Dataset
from mlwa_lint.fleet.queries import Database, QueryResult
from mlwa_lint.fleet.reports import REPORTS
from mlwa_lint.startup.records import NamedTuple

# How many scans a chart has room for; the latest are shown.
SCANS = 40
_SERIES = """
SELECT {key} AS key, scan, count(*) FROM findings WHERE status = 'open' GROUP BY key, scan
"""
_OPEN_DAYS = """
SELECT count(*), coalesce(max(days), 0) FROM history
WHERE scan = $scan AND state IN ('new', 'open', 'reopened') AND status = 'open' AND severity = 'high'
"""


class PageData(NamedTuple):
    """What the page shows.

    trend:   the rows of that report, oldest scan first. series: open findings in each scan of the trend, by
    owner and by rule; None for an owner that is not known.
    """

    scan: str
    trend: list[dict[str, Any]]
    owners: list[dict[str, Any]]
    rules: list[dict[str, Any]]
    new: list[dict[str, Any]]
    fixed: list[dict[str, Any]]
    failures: list[dict[str, Any]]
    of_owners: dict[str | None, list[int]]
    of_rules: dict[str | None, list[int]]
    oldest_high: int


def page_data(dataset: Dataset, scan: str | None) -> PageData:
    """The data of the page about a scan and those before it. Raises UserError."""
    database = Database(dataset)
    wanted = dataset.wanted(scan)
    try:
        found = {name: _rows(database.query(sql, {"scan": wanted})) for name, (_, sql) in REPORTS.items()}
        trend = found["trend"][-SCANS:]
        scans = [row["scan"] for row in trend]
        ((_, oldest),) = database.query(_OPEN_DAYS, {"scan": wanted}).rows
        return PageData(
            wanted,
            trend,
            found["owners"],
            found["worst-rules"],
            found["new"],
            found["fixed"],
            found["failures"],
            _series(database.query(_SERIES.format(key="owner")), scans),
            _series(database.query(_SERIES.format(key="code")), scans),
            oldest,
        )
    finally:
        database.close()


def _rows(answer: QueryResult) -> list[dict[str, Any]]:
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


def _series(answer: QueryResult, scans: Sequence[str]) -> dict[str | None, list[int]]:
    positions = {scan: number for number, scan in enumerate(scans)}
    found: dict[str | None, list[int]] = {}
    for key, scan, number in answer.rows:
        if scan in positions:
            found.setdefault(key, [0] * len(scans))[positions[scan]] = number
    return found
