"""Vector stores: the policies of OpenSearch Serverless, and the collections that knowledge bases use."""

import fnmatch
from collections.abc import Iterator

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View, same_value, why_unknown
from mlwa_lint.model.answers import NO, Answer, answer, some, undecided
from mlwa_lint.model.partial_json import structure
from mlwa_lint.model.values import Scalar, Unknown, known_text

COLLECTION = "AWS::OpenSearchServerless::Collection"
SECURITY_POLICY = "AWS::OpenSearchServerless::SecurityPolicy"
KNOWLEDGE_BASE = "AWS::Bedrock::KnowledgeBase"
_PREFIX = "collection/"


def documents_of(policy: ResourceView) -> Iterator[View]:
    """The documents of a security policy: one of an encryption policy, several of a network policy."""
    view = policy["Policy"]
    value = view.value
    if isinstance(value, (Scalar, Unknown)):
        parsed = structure(value)
        if parsed is None:
            policy.world.undecided.append(why_unknown(value) if isinstance(value, Unknown) else "no JSON")
            return
        view = View(policy.resource, policy.world, parsed, view.path, view.span)
    yield from view.items()


def covers_knowledge_base(document: View, graph: GraphView) -> Answer:
    """Whether a document speaks about a collection that a knowledge base of the project uses."""
    return some(
        _covers(document, collection) & _is_used(collection, graph)
        for collection in graph.of_type(COLLECTION)
    )


def _is_used(collection: ResourceView, graph: GraphView) -> Answer:
    return graph.sources(collection, EdgeKind.REFERS_TO, KNOWLEDGE_BASE).exist()


def _covers(document: View, collection: ResourceView) -> Answer:
    def covers(rule: View) -> Answer:
        kind = rule["ResourceType"]
        named = rule["Resource"].any_item(lambda item: _names(item, collection["Name"]))
        return (kind.is_absent() | kind.equals("collection")) & named

    return document["Rules"].any_item(covers)


def _names(pattern: View, name: View) -> Answer:
    """Whether `collection/NAME`, with wildcards, is a collection's name."""
    value = pattern.value
    text = known_text(value)
    if text is not None:
        wanted = text.removeprefix(_PREFIX)
        if wanted == "*":
            return answer(text.startswith(_PREFIX), value.assumed)
        return name.test(lambda known: fnmatch.fnmatchcase(known, wanted))
    if isinstance(value, Unknown) and len(value.parts) == 2 and value.parts[0] == _PREFIX:
        part = value.parts[1]
        return NO if isinstance(part, str) else same_value(part, name.value)
    return undecided(why_unknown(value))
