"""Buckets of documents that knowledge bases retrieve from, as the roles of knowledge bases show them."""

from collections.abc import Iterator

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import KNOWLEDGE_BASE, ROLE
from mlwa_lint.graph.linking.leaves import leaves
from mlwa_lint.graph.linking.naming import outline
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import Answer, answer, certainly
from mlwa_lint.model.resources import Resource
from mlwa_lint.startup.patterns import lazy

_BASES = ":knowledge-base/"
_NAMED = lazy(r"(?i:knowledge[-_]?bases?)|(?<![A-Za-z])(?:kb|Kb|KB)(?![a-z])|(?<=[a-z])K[Bb](?![a-z])")
_SOURCES = ("AWS::Bedrock::DataSource", "AWS::Kendra::DataSource", "AWS::QBusiness::DataSource")
_ALL = ("*", "arn:aws:s3:::*")


@remembered
def serves_bases_alone(role: ResourceView, graph: GraphView) -> bool:
    """Whether Bedrock alone may assume a role, and only knowledge bases act with it."""
    actors = {each.type for each in graph.sources(role, EdgeKind.ASSUMES)}
    trust = policies.trust(role)
    services = trust.all(lambda each: each.for_services_only("bedrock"))
    named = actors == {KNOWLEDGE_BASE} or (not actors and all(map(_is_for_bases, trust)))
    return named and not trust.is_empty() and certainly(services)


def _is_for_bases(statement: policies.Statement) -> bool:
    """Whether a condition of a trust policy admits knowledge bases as the source, and nothing else."""
    sources = [wanted for _, key, wanted in statement.conditions() if key.lower() == "aws:sourcearn"]
    texts = [outline(each.value) for view in sources for each in (view.known_items() or [view])]
    return bool(texts) and all(_BASES in text for text in texts)


@remembered
def reads_without_name(graph: GraphView) -> bool:
    """Whether a role of knowledge bases may read every bucket, and data sources are made elsewhere."""
    if any(graph.graph.by_type.get(each) for each in _SOURCES):
        return False
    return any(
        serves_bases(role, graph) and certainly(policies.of_role(role, graph).any(_reads_every_bucket))
        for role in _roles_for_bases(graph)
    )


def _roles_for_bases(graph: GraphView) -> Iterator[ResourceView]:
    """The roles that may serve knowledge bases; the conditions of all others need not be read."""
    declared = bool(graph.graph.by_type.get(KNOWLEDGE_BASE))
    for role in graph.graph.by_type.get(ROLE, ()):
        if (declared or _mentions_bases(role)) and graph.world.admits(role.guards):
            yield ResourceView(role, graph.world)


def _mentions_bases(role: Resource) -> bool:
    """Whether the name of a role, or something in its trust policy, is after knowledge bases."""
    stated = [
        outline(leaf.value)
        for leaf in leaves(role.properties, role.span, ())
        if leaf.path[:1] in (("RoleName",), ("AssumeRolePolicyDocument",))
    ]
    texts = (role.address.rpartition(".")[2], *stated)
    return any(_BASES in text or _NAMED.search(text) is not None for text in texts)


@remembered
def serves_bases(role: ResourceView, graph: GraphView) -> bool:
    """Whether a role serves knowledge bases alone, or one of Bedrock alone is called after them."""
    if serves_bases_alone(role, graph):
        return True
    if _NAMED.search(f"{role.address.rpartition('.')[2]} {outline(role['RoleName'].value)}") is None:
        return False
    trust = policies.trust(role)
    alone = trust.all(lambda each: each.for_services_only("bedrock"))
    return not trust.is_empty() and certainly(alone) and not graph.sources(role, EdgeKind.ASSUMES).related


def _reads_every_bucket(statement: policies.Statement) -> Answer:
    everywhere = statement.resources.any_item(lambda each: answer(outline(each.value) in _ALL))
    return statement.allows() & statement.covers_action("s3:GetObject") & everywhere
