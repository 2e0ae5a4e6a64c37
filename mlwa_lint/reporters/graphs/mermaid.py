"""Mermaid flowcharts."""

from collections.abc import Iterator, Sequence

from mlwa_lint.graph.selection import ends
from mlwa_lint.model.outlines import Outline
from mlwa_lint.reporters.graphs.styles import FILLS, label, lines, stroke

_MENTION = "refers to"


def render(outlines: Sequence[Outline]) -> str:
    """One flowchart, with a subgraph for each project."""
    return "".join(f"{line}\n" for line in _lines(outlines))


def _lines(outlines: Sequence[Outline]) -> Iterator[str]:
    yield "flowchart LR"
    strokes: list[str] = []
    parts: list[str] = []
    for position, outline in enumerate(outlines):
        names: dict[str, str] = {}
        yield f'  subgraph p{position}["{_text(outline.root)}"]'
        for number, node in enumerate(outline.nodes):
            names.setdefault(node.address, f"r{position}_{number}")
            shown = "<br/>".join(map(_text, lines(node)))
            yield f'    {names[node.address]}["{shown}"]'
            if node.part in ("ml", "tied"):
                parts.append(f"  class {names[node.address]} {node.part}")
        yield "  end"
        for relation in outline.relations:
            left, right = (names[each] for each in ends(relation))
            dashed = bool(relation.when) or relation.kind == _MENTION
            arrow, end = ("-.", ".->") if dashed else ("--", "-->")
            yield f'  {left} {arrow} "{_text(label(relation))}" {end} {right}'
            strokes.append(f"  linkStyle {len(strokes)} stroke:{stroke(relation).color}")
    yield from strokes
    if parts:
        for part in ("ml", "tied"):
            fill, border = FILLS[part]
            yield f"  classDef {part} fill:{fill},stroke:{border},color:#16191f"
        yield from parts


def _text(text: str) -> str:
    """Text that ends no label: Mermaid writes special characters as entities."""
    special = {'"': "#quot;", "<": "#lt;", ">": "#gt;", "#": "#35;", "`": "#96;"}
    return "".join(special.get(character, character) for character in text if character.isprintable())
