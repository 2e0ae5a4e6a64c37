"""SVG: a drawing that needs neither Graphviz nor a browser's script."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from mlwa_lint.graph.phrases import FAMILIES, phrase
from mlwa_lint.graph.selection import ends
from mlwa_lint.model.outlines import Outline, OutlineNode, Relation
from mlwa_lint.reporters.escaping import xml_text
from mlwa_lint.reporters.graphs.layout import HEIGHT, WIDTH, Placed, Point, place
from mlwa_lint.reporters.graphs.styles import FILLS, STROKES, label, stroke

_MARGIN = 24
_HEADING = 30
_LEGEND = 22
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
_STYLE = f"""
  text {{ font-family: {_FONT}; fill: #16191f }}
  .root {{ font-size: 14px; font-weight: 600 }}
  .address {{ font-size: 12px; font-weight: 600 }}
  .type {{ font-size: 11px; fill: #414d5c }}
  .label {{ font-size: 10px; fill: #414d5c; paint-order: stroke; stroke: #fff; stroke-width: 3px }}
  .edge {{ fill: none; stroke-width: 1.4 }}
"""
_LETTERS = 29
_TYPE_LETTERS = 36


def render(outlines: Sequence[Outline]) -> str:
    """All projects below one another, with a legend of what occurs."""
    placed = [(each, place(each)) for each in outlines]
    families = [name for name in FAMILIES if any(_has(each, name) for each in outlines)]
    width = max([*(each.width for _, each in placed), 640.0]) + 2 * _MARGIN
    legend = _LEGEND * (2 + (len(families) - 1) // 5) + _MARGIN
    height = sum(each.height + _HEADING + _MARGIN for _, each in placed) + legend + _MARGIN
    lines = [
        _opening(width, height),
        '<title id="title">Resource graph</title>',
        f"<style>{_STYLE}</style>",
        "<defs>",
        *(_arrow(name) for name in families),
        "</defs>",
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#fff"/>',
        *_legend(families),
    ]
    top = float(legend)
    for outline, at in placed:
        lines.append(f'<g transform="translate({_MARGIN} {top:.0f})">')
        lines.append(f'<text class="root" y="14">{_text(outline.root)}</text>')
        lines.append(f'<g transform="translate(0 {_HEADING})">')
        lines += _edges(outline, at)
        lines += [_node(each, at.corners[each.address]) for each in outline.nodes]
        lines += ["</g>", "</g>"]
        top += at.height + _HEADING + _MARGIN
    return "\n".join([*lines, "</svg>"]) + "\n"


def _opening(width: float, height: float) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-labelledby="title">'
    )


def _has(outline: Outline, family: str) -> bool:
    return any(phrase(each.kind).family == family for each in outline.relations)


def _arrow(family: str) -> str:
    color = next(each.color for name, each in STROKES.items() if name == family)
    return (
        f'<marker id="{family}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        f'orient="auto"><path d="M0 0 8 4 0 8z" fill="{color}"/></marker>'
    )


def _legend(families: Sequence[str]) -> Iterator[str]:
    x, y = float(_MARGIN), 22.0
    for part, text in (("ml", "Machine learning"), ("tied", "Tied to machine learning"), ("", "Other")):
        fill, border = FILLS[part]
        wide = 2 if part == "ml" else 1
        dashes = ' stroke-dasharray="4 2"' if part == "tied" else ""
        yield (
            f'<rect x="{x:.0f}" y="{y - 10:.0f}" width="18" height="12" rx="2" fill="{fill}" '
            f'stroke="{border}" stroke-width="{wide}"{dashes}/>'
        )
        yield f'<text class="type" x="{x + 24:.0f}" y="{y:.0f}">{text}</text>'
        x += 24 + 7 * len(text) + 16
    x, y = float(_MARGIN), y + _LEGEND
    for number, (family, text) in enumerate((f, s) for f, s in FAMILIES.items() if f in families):
        if number and number % 5 == 0:
            x, y = float(_MARGIN), y + _LEGEND
        yield _line(
            f"M{x:.0f} {y - 4:.0f} H{x + 30:.0f}", family, STROKES[family].color, STROKES[family].dashes
        )
        yield f'<text class="type" x="{x + 38:.0f}" y="{y:.0f}">{text}</text>'
        x += 38 + 7 * len(text) + 16


def _edges(outline: Outline, at: Placed) -> Iterator[str]:
    for relation, bends in zip(outline.relations, at.bends, strict=True):
        left, right = ends(relation)
        path, middle = _path(at.corners[left], at.corners[right], bends)
        family = phrase(relation.kind).family
        yield f"<g><title>{_text(_sentence(relation))}</title>"
        yield _line(path, family, stroke(relation).color, stroke(relation).dashes)
        text = _text(_shortened(label(relation), 26))
        at_middle = f'x="{middle.x:.1f}" y="{middle.y - 3:.1f}" text-anchor="middle"'
        yield f'<text class="label" {at_middle}>{text}</text></g>'


def _line(path: str, family: str, color: str, dashes: str) -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path class="edge" d="{path}" stroke="{color}"{dashed} marker-end="url(#{family})"/>'


def _path(left: Point, right: Point, bends: Sequence[Point]) -> tuple[str, Point]:
    """A smooth line from a box's right side to another's left side, and the place of its label."""
    start = Point(left.x + WIDTH, left.y + HEIGHT / 2)
    if right.x <= left.x:  # in the same layer, or back: around the right side
        end = Point(right.x + WIDTH, right.y + HEIGHT / 2 + (6 if left == right else 0))
        out = max(start.x, end.x) + 46
        curve = f"M{start.x:.1f} {start.y:.1f} C{out:.1f} {start.y - (14 if left == right else 0):.1f} "
        curve += f"{out:.1f} {end.y + (14 if left == right else 0):.1f} {end.x:.1f} {end.y:.1f}"
        return curve, Point(out - 8, (start.y + end.y) / 2)
    end = Point(right.x, right.y + HEIGHT / 2)
    points = [start]
    for bend in bends:
        points += [Point(bend.x - WIDTH / 2, bend.y), Point(bend.x + WIDTH / 2, bend.y)]
    points.append(end)
    path = f"M{start.x:.1f} {start.y:.1f}"
    for number, (one, two) in enumerate(pairwise(points)):
        if number % 2:
            path += f" L{two.x:.1f} {two.y:.1f}"
        else:
            half = (two.x - one.x) / 2
            path += f" C{one.x + half:.1f} {one.y:.1f} {two.x - half:.1f} {two.y:.1f} {two.x:.1f} {two.y:.1f}"
    return path, Point((points[0].x + points[1].x) / 2, (points[0].y + points[1].y) / 2)


def _node(node: OutlineNode, at: Point) -> str:
    fill, border = FILLS[node.part]
    wide = 2 if node.part == "ml" else 1
    dashes = ' stroke-dasharray="4 2"' if node.part == "tied" else ""
    second = node.short_type if not node.deployment else f"{node.short_type}: {', '.join(node.deployment)}"
    place_of = f"{node.path}:{node.line}" + (f", if {node.when}" if node.when else "")
    return (
        f'<g transform="translate({at.x:.1f} {at.y:.1f})"><title>{_text(node.address)}, '
        f"{_text(node.type)}, {_text(place_of)}</title>"
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="4" fill="{fill}" stroke="{border}" '
        f'stroke-width="{wide}"{dashes}/>'
        f'<text class="address" x="10" y="18">{_text(_shortened(node.address, _LETTERS))}</text>'
        f'<text class="type" x="10" y="34">{_text(_shortened(second, _TYPE_LETTERS))}</text></g>'
    )


def _sentence(relation: Relation) -> str:
    left, right = ends(relation)
    return f"{left} {label(relation)} {right}" if not relation.when else f"{left}, {right}: {label(relation)}"


def _shortened(text: str, letters: int) -> str:
    """A text that fits: its middle is left out, since addresses differ at their ends."""
    if len(text) <= letters:
        return text
    head = (letters - 1) // 2
    return f"{text[:head]}\N{HORIZONTAL ELLIPSIS}{text[len(text) - (letters - 1 - head) :]}"


def _text(text: str) -> str:
    """Text in an element, or in an attribute in double quotes."""
    shown = xml_text(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return shown.replace('"', "&quot;")
