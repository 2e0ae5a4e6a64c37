"""Charts as SVG: bars of findings by severity over scans, and small lines beside rows of tables.

Colours are the style's, by class, so that they follow light and dark. What a chart shows is in its title and
description, in the bars' own titles, and again in a table of the page.
"""

from collections.abc import Mapping, Sequence
from math import ceil, floor, log10
from typing import Any

from mlwa_lint.fleet.page.text import escaped

SEVERITIES = ("high", "medium", "low", "info")
_WIDTH, _HEIGHT = 960, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 8, 12, 34
_SPARK_WIDTH, _SPARK_HEIGHT, _SPARK_EDGE = 120, 24, 3
_TICKS = 4
_WIDEST_BAR = 72
# Of a scan's id, 2026-11-28T21-00-00Z.
_DAY, _TIME = slice(10), slice(11, 19)
_STEPS = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)


def severity_bars(trend: Sequence[Mapping[str, Any]]) -> str:
    """Stacked bars, one a scan, oldest first; the most severe findings lie at the bottom."""
    totals = [sum(row[name] for name in SEVERITIES) for row in trend]
    top = nice_top(max([*totals, 1]))
    inner = _WIDTH - _LEFT - _RIGHT
    step = inner / max(len(trend), 1)
    width = min(step * 0.72, _WIDEST_BAR)
    parts = [_grid(top)]
    one_day = len({str(row["scan"])[_DAY] for row in trend}) == 1
    for number, row in enumerate(trend):
        left = _LEFT + step * number + (step - width) / 2
        parts.append(_bar(row, left, width, top))
        if _is_labelled(number, len(trend)):
            label = escaped(str(row["scan"])[_TIME if one_day else _DAY])
            place = f'x="{left + width / 2:.1f}" y="{_HEIGHT - 12}" text-anchor="middle"'
            parts.append(f'<text class="tick" {place}>{label}</text>')
    caption = f"{len(trend)} scans; the latest has {totals[-1] if totals else 0} open findings."
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-labelledby="bars-title bars-caption">'
        f'<title id="bars-title">Open findings by severity, scan by scan</title>'
        f'<desc id="bars-caption">{caption}</desc>{"".join(parts)}</svg>'
    )


def _bar(row: Mapping[str, Any], left: float, width: float, top: int) -> str:
    bottom = float(_HEIGHT - _BOTTOM)
    scale = (_HEIGHT - _BOTTOM - _TOP) / top
    parts = []
    for severity in SEVERITIES:
        height = row[severity] * scale
        if not height:
            continue
        bottom -= height
        parts.append(
            f'<rect class="fill-{severity}" x="{left:.1f}" y="{bottom:.1f}" width="{width:.1f}" '
            f'height="{max(height - 1, 0.5):.1f}"/>'
        )
    counts = ", ".join(f"{row[severity]} {severity}" for severity in SEVERITIES if row[severity]) or "none"
    return f"<g><title>{escaped(str(row['scan']))}: {counts}</title>{''.join(parts)}</g>"


def _grid(top: int) -> str:
    parts = []
    for number in range(_TICKS + 1):
        y = _HEIGHT - _BOTTOM - (_HEIGHT - _BOTTOM - _TOP) * number / _TICKS
        value = top * number / _TICKS
        parts.append(
            f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text class="tick" x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:,.6g}</text>'
        )
    return "".join(parts)


def _is_labelled(number: int, scans: int) -> bool:
    """Whether a scan's day is written below its bar: as many as there is room for, the latest among them."""
    return (scans - 1 - number) % ceil(scans / 10) == 0


def nice_top(most: int) -> int:
    """The end of an axis of four steps: the least round number that holds everything."""
    least = max(most, _TICKS) / _TICKS
    power = 10 ** floor(log10(least))
    step = next(each * power for each in _STEPS if each * power >= least and each * power % 1 == 0)
    return int(step * _TICKS)


def spark(values: Sequence[int], what: str) -> str:
    """A small line of how a number went from scan to scan."""
    if len(values) < 2:
        return ""
    most = max([*values, 1])
    step = (_SPARK_WIDTH - 2 * _SPARK_EDGE) / (len(values) - 1)
    inner = _SPARK_HEIGHT - 2 * _SPARK_EDGE
    points = [
        (_SPARK_EDGE + step * number, _SPARK_HEIGHT - _SPARK_EDGE - inner * value / most)
        for number, value in enumerate(values)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    x, y = points[-1]
    caption = f"{what}: {values[0]} at first, {values[-1]} now"
    size = f'viewBox="0 0 {_SPARK_WIDTH} {_SPARK_HEIGHT}"'
    drawn = f'<polyline points="{line}"/><circle cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>'
    return (
        f'<svg class="spark" {size} role="img" aria-label="{escaped(caption)}">'
        f"<title>{escaped(caption)}</title>{drawn}</svg>"
    )
