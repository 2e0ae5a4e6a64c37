"""The page: figures, the chart by severity, tables by owner and rule, what is new, fixed and not scanned."""

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from mlwa_lint import __version__
from mlwa_lint.fleet.dataset import Dataset
from mlwa_lint.fleet.page.charts import SEVERITIES, severity_bars, spark
from mlwa_lint.fleet.page.data import PageData, page_data
from mlwa_lint.fleet.page.text import escaped

_STYLE = Path(__file__).parent / "page.css"
_LISTED = 50
_NO_OWNER = "no owner"

CellRenderer = Callable[[Mapping[str, Any]], str]


def page(dataset: Dataset, scan: str | None = None) -> str:
    """The page about a scan, the latest by default, and those before it. Raises UserError."""
    return rendered(page_data(dataset, scan))


def rendered(data: PageData) -> str:
    """The page as one file that loads nothing and runs nothing; its policy makes browsers enforce it."""
    style = _STYLE.read_text(encoding="utf-8")
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    title = f"Fleet, scan {escaped(data.scan)}"
    sections = "".join((_severities(data), _owners(data), _rules(data), _changes(data), _failures(data)))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="mlwa-lint {__version__}">
<title>{title} · mlwa-lint</title>
<style>{style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="bar"><p class="brand">mlwa-lint</p><h1>{title}</h1></header>
<main id="main">
{_figures(data)}{sections}</main>
<footer>mlwa-lint {__version__}. This file is complete in itself and loads nothing.</footer>
</body>
</html>
"""


def _figures(data: PageData) -> str:
    """The figures on top, each with its change since the scan before."""
    now = data.trend[-1]
    before = data.trend[-2] if len(data.trend) > 1 else None
    shown = [
        ("repositories", now["repositories"] - now["failed"], "scanned", None),
        ("failed", now["failed"], "not scanned", before and before["failed"]),
        *((name, now[name], f"{name} severity", before and before[name]) for name in SEVERITIES[:3]),
        ("new", now["new"] + now["reopened"], "new or reopened", None),
        ("fixed", now["fixed"], "fixed", None),
        ("oldest", data.oldest_high, "days, the oldest high finding", None),
    ]
    items = "".join(
        f'<div class="figure {name}"><dt>{escaped(label)}</dt>'
        f"<dd>{value:,}{'' if old is None else _change(value - old)}</dd></div>"
        for name, value, label, old in shown
    )
    return f'<dl class="figures" aria-label="The latest scan">{items}</dl>\n'


def _change(difference: int) -> str:
    if not difference:
        return ' <small class="same">as before</small>'
    kind, sign = ("worse", "+") if difference > 0 else ("better", "\N{MINUS SIGN}")
    return f' <small class="{kind}">{sign}{abs(difference):,}</small>'


def _severities(data: PageData) -> str:
    legend = "".join(f'<li><span class="swatch {name}"></span>{name}</li>' for name in SEVERITIES)
    names = ("repositories", "failed", *SEVERITIES, "new", "reopened", "fixed")
    columns: list[tuple[str, CellRenderer]] = [("Scan", lambda row: f"<code>{escaped(row['scan'])}</code>")]
    columns += [(name.capitalize(), _number(name)) for name in names]
    table = _table("Every scan", columns, list(reversed(data.trend)))
    caption = f'<figcaption><ul class="legend">{legend}</ul></figcaption>'
    return _section(
        "Findings by severity",
        f"<figure>{caption}{severity_bars(data.trend)}</figure>"
        f"<details><summary>The numbers</summary>{table}</details>",
    )


def _owners(data: PageData) -> str:
    columns: list[tuple[str, CellRenderer]] = [
        ("Owner", lambda row: escaped(row["owner"] or _NO_OWNER)),
        ("Over time", lambda row: spark(data.of_owners.get(row["owner"], []), row["owner"] or _NO_OWNER)),
        ("Repositories", _number("repositories")),
        *((name.capitalize(), _number(name)) for name in SEVERITIES[:3]),
        ("Per repository", lambda row: f"{row['per_repository']:g}"),
        ("Not scanned", _number("failed")),
    ]
    return _section("Owners", _table("Open findings of each owner, worst first", columns, data.owners))


def _rules(data: PageData) -> str:
    columns: list[tuple[str, CellRenderer]] = [
        ("Rule", lambda row: f"<code>{escaped(row['code'])}</code> {escaped(row['name'])}"),
        ("Severity", lambda row: _severity(row["severity"])),
        ("Over time", lambda row: spark(data.of_rules.get(row["code"], []), row["code"])),
        ("Findings", _number("findings")),
        ("Repositories", _number("repositories")),
    ]
    return _section("Rules", _table("Open findings of each rule, most severe first", columns, data.rules))


def _changes(data: PageData) -> str:
    columns: list[tuple[str, CellRenderer]] = [
        ("Severity", lambda row: _severity(row["severity"])),
        ("Repository", lambda row: escaped(row["repository"])),
        ("Owner", lambda row: escaped(row["owner"] or "")),
        ("Finding", lambda row: f"<code>{escaped(row['code'])}</code> {escaped(row['message'])}"),
        ("Place", lambda row: f"<code>{escaped(row['path'])}:{row['line']}</code>"),
    ]
    state: tuple[str, CellRenderer] = (
        "State",
        lambda row: f'<span class="state">{escaped(row["state"])}</span>',
    )
    days: tuple[str, CellRenderer] = ("Days", _number("days"))
    new = _table("New or reopened in this scan", [state, *columns], data.new[:_LISTED])
    fixed = _table("Fixed since the scan before", [*columns, days], data.fixed[:_LISTED])
    return _section("New", new + _more(data.new)) + _section("Fixed", fixed + _more(data.fixed))


def _failures(data: PageData) -> str:
    columns: list[tuple[str, CellRenderer]] = [
        ("Repository", lambda row: escaped(row["repository"])),
        ("Owner", lambda row: escaped(row["owner"] or "")),
        ("Status", lambda row: escaped(row["status"])),
        ("What", lambda row: escaped(row["failure"] or "")),
        ("Why", lambda row: escaped(row["message"] or "")),
    ]
    table = _table("Repositories that were not scanned, or not wholly", columns, data.failures[:_LISTED])
    return _section("Not scanned", table + _more(data.failures))


def _more(rows: Sequence[object]) -> str:
    left = len(rows) - _LISTED
    return (
        f'<p class="more">{left:,} more; <code>mlwa-lint fleet report</code> lists all.</p>'
        if left > 0
        else ""
    )


def _section(title: str, content: str) -> str:
    name = title.lower().replace(" ", "-")
    return f'<section aria-labelledby="{name}"><h2 id="{name}">{title}</h2>{content}</section>\n'


def _table(
    caption: str, columns: Sequence[tuple[str, CellRenderer]], rows: Iterable[Mapping[str, Any]]
) -> str:
    found = list(rows)
    if not found:
        return '<p class="none">None.</p>'
    head = "".join(f'<th scope="col">{title}</th>' for title, _ in columns)
    body = "".join(f"<tr>{''.join(f'<td>{cell(row)}</td>' for _, cell in columns)}</tr>" for row in found)
    return (
        f'<div class="scroll" role="region" aria-label="{caption}" tabindex="0"><table>'
        f"<caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _number(name: str) -> CellRenderer:
    return lambda row: f'<span class="number">{row[name]:,}</span>'


def _severity(name: str) -> str:
    return f'<span class="severity {escaped(name)}">{escaped(name)}</span>'
