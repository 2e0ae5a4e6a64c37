"""What names an alias of a KMS key is encrypted with the key that the alias stands for."""

from collections.abc import Iterable, Iterator

from mlwa_lint.graph import kinds
from mlwa_lint.graph.edges import Edge, EdgeKind
from mlwa_lint.model.resources import Project


def behind_aliases(project: Project, edges: Iterable[Edge]) -> Iterator[Edge]:
    """Edges from what names an alias to the key that the alias stands for."""
    types = {each.address: each.type for each in project.resources}
    keys: dict[str, list[Edge]] = {}
    users: list[Edge] = []
    known: set[tuple[str, str]] = set()
    for edge in edges:
        if edge.kind is EdgeKind.ENCRYPTS_WITH:
            known.add((edge.source, edge.target))
            if types[edge.target] == kinds.KEY_ALIAS:
                users.append(edge)
        elif types[edge.source] == kinds.KEY_ALIAS and types[edge.target] == kinds.KEY:
            keys.setdefault(edge.source, []).append(edge)
    for user in users:
        for stated in keys.get(user.target, ()):
            if (user.source, stated.target) not in known:
                guards = tuple(dict.fromkeys((*user.guards, *stated.guards)))
                yield user._replace(target=stated.target, guards=guards)
