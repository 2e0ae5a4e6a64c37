"""Databases that programs reach by their secrets, which hold the address or the password of one."""

from collections.abc import Iterator

from mlwa_lint.graph.edges import Edge, EdgeKind
from mlwa_lint.graph.kinds import FUNCTION
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries.programs import variables_of
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView

SECRET = "AWS::SecretsManager::Secret"
# What writes the address of a database into a secret, and where it names the secret.
_WRITING = ("AWS::SecretsManager::SecretTargetAttachment", "aws_secretsmanager_secret_version")
_SECRET_ID = ("SecretId",)


def secrets_of(database: ResourceView, graph: GraphView) -> list[ResourceView]:
    """The secrets that hold the address or the password of a database, as far as is known."""
    found: dict[ResourceView, None] = {}
    for edge in graph.graph.edges_into(database.address):
        source = _existing(edge, edge.source, graph)
        if source is not None and source.type == SECRET:
            found[source] = None
        elif source is not None and source.type in _WRITING:
            found.update(dict.fromkeys(graph.targets(source, EdgeKind.REFERS_TO, SECRET)))
    for edge in graph.graph.edges_from(database.address):
        target = _existing(edge, edge.target, graph)
        if target is not None and target.type == SECRET:
            found[target] = None
    return list(found)


def readers_of(secret: ResourceView, graph: GraphView) -> Iterator[ResourceView]:
    """What names a secret, or has a variable with its name: functions, tasks, policies."""
    for edge in graph.graph.edges_into(secret.address):
        source = _existing(edge, edge.source, graph)
        if source is not None:
            yield source
    name = secret["Name"].text
    for address in _by_variables(graph).get(name, ()) if name else ():
        yield graph.resource(address)


def _existing(edge: Edge, address: str, graph: GraphView) -> ResourceView | None:
    other = graph.resource(address)
    exists = graph.world.admits(edge.guards) and graph.world.admits(other.resource.guards)
    return other if exists else None


@remembered
def _by_variables(graph: GraphView) -> dict[str, tuple[str, ...]]:
    """The functions by the texts of their variables: one may be the name of a secret."""
    found: dict[str, tuple[str, ...]] = {}
    for function in graph.of_type(FUNCTION):
        for _, value in variables_of(function):
            text = value.text
            if text and function.address not in found.get(text, ()):
                found[text] = (*found.get(text, ()), function.address)
    return found
