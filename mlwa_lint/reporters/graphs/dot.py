"""Graphviz."""

from collections.abc import Iterator, Sequence

from mlwa_lint.graph.selection import ends
from mlwa_lint.model.outlines import Outline
from mlwa_lint.reporters.escaping import visible
from mlwa_lint.reporters.graphs.styles import FILLS, label, lines, stroke


def render(outlines: Sequence[Outline]) -> str:
    """One digraph, with a cluster for each project."""
    return "".join(f"{line}\n" for line in _lines(outlines))


def _lines(outlines: Sequence[Outline]) -> Iterator[str]:
    yield "digraph resources {"
    yield "  rankdir=LR;"
    yield '  node [shape=box, fontname="Helvetica"];'
    yield '  edge [fontname="Helvetica"];'
    for position, outline in enumerate(outlines):
        names: dict[str, str] = {}
        yield f"  subgraph cluster_{position} {{"
        yield f"    label={_text(outline.root)};"
        for number, node in enumerate(outline.nodes):
            name = names.setdefault(node.address, f"r{position}_{number}")
            fill, border = FILLS[node.part]
            style = "filled,dashed" if node.when else "filled"
            text = _text("\n".join(lines(node)))
            yield f'    {name} [label={text}, style="{style}", fillcolor="{fill}", color="{border}"];'
        yield "  }"
        for relation in outline.relations:
            left, right = (names[each] for each in ends(relation))
            style = ", style=dashed" if relation.when else ""
            color = stroke(relation).color
            yield f'  {left} -> {right} [label={_text(label(relation))}, color="{color}"{style}];'
    yield "}"


def _text(text: str) -> str:
    shown = [visible(line).replace("\\", "\\\\").replace('"', '\\"') for line in text.split("\n")]
    return '"' + "\\n".join(shown) + '"'
