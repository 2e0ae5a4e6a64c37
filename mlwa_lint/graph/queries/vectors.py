"""Vector stores: the policies of OpenSearch Serverless, and the collections that knowledge bases use."""

import fnmatch
from collections.abc import Iterator

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.linking.naming import GAP, outline
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries.collection_names import (
    COLLECTION_PREFIX,
    INDEX_PREFIX,
    MeaningPolicies,
    NamedCollections,
    NamePatterns,
    RolesInTexts,
    plain_text,
)
from mlwa_lint.graph.queries.identity import has_ml
from mlwa_lint.graph.queries.roles import account_in, is_foreign_account
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View, same_value, why_unknown
from mlwa_lint.model.alternatives import consists_of
from mlwa_lint.model.answers import NO, YES, Answer, answer, certainly, possibly, some, undecided
from mlwa_lint.model.partial_json import structure
from mlwa_lint.model.resources import MAKES_INDEXES, NAMED_ACCOUNTS
from mlwa_lint.model.values import Reference, Scalar, Unknown, known_text
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

COLLECTION = "AWS::OpenSearchServerless::Collection"
SECURITY_POLICY = "AWS::OpenSearchServerless::SecurityPolicy"
ACCESS_POLICY = "AWS::OpenSearchServerless::AccessPolicy"
KNOWLEDGE_BASE = "AWS::Bedrock::KnowledgeBase"
_INDEX = "opensearch_index"
_NETWORKS = ("AWS::EC2::VPC", "AWS::EC2::VPCEndpoint", "AWS::OpenSearchServerless::VpcEndpoint")
_BY_PROVIDER = "Terraform's opensearch provider creates the index from outside of a VPC"
_NAMED = "the data access policies of the project name who has access"
# All sessions of one role are that role.
_SESSIONS_OF_ROLE = lazy(r":assumed-role/[^/*]+/\*$")
_NONE = "no data access policy admits anyone, not even its knowledge base: every request is refused"
_IN_ACCOUNT = "the data access policies of the project admit the identities of its own account alone"


def documents_of(policy: ResourceView) -> Iterator[View]:
    """The documents of a security policy: one of an encryption policy, several of a network policy."""
    view = _parsed(policy)
    if view is None:
        policy.world.undecided.append(_why_unparsed(policy))
        return
    yield from view.items()


def _parsed(policy: ResourceView) -> View | None:
    """The documents of a policy, from its text where it is one; None where that is not known."""
    view = policy["Policy"]
    value = view.value
    if not isinstance(value, (Scalar, Unknown)):
        return view
    parsed = structure(value)
    return None if parsed is None else View(policy.resource, policy.world, parsed, view.path, view.span)


def _why_unparsed(policy: ResourceView) -> str:
    value = policy["Policy"].value
    return why_unknown(value) if isinstance(value, Unknown) else "no JSON"


def opens_collection(policy: ResourceView, collection: ResourceView) -> Answer:
    """Whether a rule of a data access policy is for a collection or for indexes of it."""
    view = _parsed(policy)
    if view is None:
        return undecided(_why_unparsed(policy))
    name = collection["Name"]

    def opens(resource: View) -> Answer:
        return _names(resource, name) | _names(resource, name, INDEX_PREFIX)

    return view.any_item(
        lambda document: document["Rules"].any_item(lambda rule: rule["Resource"].any_item(opens))
    )


def covers_knowledge_base(document: View, graph: GraphView) -> Answer:
    """Whether a document covers a collection that a knowledge base of the project uses."""
    named = some(
        _covers(document, collection) & _is_used(collection, graph)
        for collection in _meant_by(document, graph)
    )
    if certainly(named):
        return named
    # Every collection of the account is also the one of a knowledge base, whichever that is.
    return named | (document["Rules"].any_item(_covers_all) & _stores(graph))


@remembered
def _stores(graph: GraphView) -> Answer:
    """Whether a knowledge base of the project has its vectors in a collection."""
    return some(
        base["StorageConfiguration.OpensearchServerlessConfiguration"].is_present()
        for base in graph.of_type(KNOWLEDGE_BASE)
    )


def _meant_by(document: View, graph: GraphView) -> Iterator[ResourceView]:
    """The collections that a document may mean: of all others it certainly means none."""
    addresses, names = _collections(graph)
    for number in names.meant_by(NamePatterns().add(document)):
        yield graph.resource(addresses[number])


@remembered
def _collections(graph: GraphView) -> tuple[tuple[str, ...], NamedCollections]:
    found = graph.of_type(COLLECTION)
    return tuple(each.address for each in found), NamedCollections(each["Name"] for each in found)


def covers_vectors(document: View, graph: GraphView) -> Answer:
    """Whether a document covers a collection for vectors, in a project that belongs to machine learning."""
    named = some(
        _covers(document, collection) & collection["Type"].equals("VECTORSEARCH")
        for collection in _meant_by(document, graph)
    )
    return named & has_ml(graph) if possibly(named) else named


@remembered
def why_few_have_access(graph: GraphView) -> str:
    """Why requests from the internet are refused nevertheless; empty where nothing shows it.

    Data access policies admit identities alone, in no case unsigned requests: the roles and users that they
    name, or those of a whole account. Who gives a parameter names them as well.
    """
    if not graph.graph.by_type.get(ACCESS_POLICY):
        return _NONE if any(_lacks_access(base, graph) for base in graph.of_type(KNOWLEDGE_BASE)) else ""
    policies = (ResourceView(each, graph.world) for each in graph.graph.by_type.get(ACCESS_POLICY, ()))
    found = [each for policy in policies for each in documents_of(policy)]
    principals = [each for document in found for each in document["Principal"].known_items()]
    wide = [each for each in principals if certainly(_is_wide(each))]
    if not found or not all(_is_own_account(each, graph) for each in wide):
        return ""
    return _IN_ACCOUNT if wide else _NAMED


def why_reached_from_outside(policy: ResourceView, graph: GraphView) -> str:
    """What creates the index of a collection from outside of a VPC; empty where nothing shows it."""
    made_by = policy.attributes[MAKES_INDEXES].text
    if made_by:
        return f"{made_by} creates the index from the computer that it runs on"
    by_type = graph.graph.by_type
    provided = _INDEX in by_type and not graph.graph.project.reusable
    return _BY_PROVIDER if provided and by_type.keys().isdisjoint(_NETWORKS) else ""


def _lacks_access(base: ResourceView, graph: GraphView) -> bool:
    """Whether not even a knowledge base of the project can be admitted to its collection.

    A program that does not create a policy usually relies on an existing one.
    """
    from mlwa_lint.graph.queries import permissions

    roles = permissions.known_roles_of(base, graph)
    stored = collection_of(base, graph) is not None and base.language != "python"
    return stored and bool(roles) and all(certainly(~has_data_access(base, each, graph)) for each in roles)


def collection_of(base: ResourceView, graph: GraphView) -> ResourceView | None:
    """The collection of the project that a knowledge base stores its vectors in."""
    value = base["StorageConfiguration.OpensearchServerlessConfiguration.CollectionArn"].value
    found = graph.graph.by_address.get(value.address) if isinstance(value, Reference) else None
    if found is None or found.type != COLLECTION or not graph.world.admits(found.guards):
        return None
    return ResourceView(found, graph.world)


def has_data_access(base: ResourceView, role: ResourceView, graph: GraphView) -> Answer:
    """Whether a data access policy lets a role use the collection of a knowledge base."""
    found = graph.declared_of(_policies_for(base, role, graph), ACCESS_POLICY)
    return found.any(lambda policy: _opens(policy, base, role, graph))


def names_another_collection(base: ResourceView, role: ResourceView, graph: GraphView) -> bool:
    """Whether a data access policy names a role, but not the collection of its knowledge base."""
    policies = map(graph.resource, _policies_naming(role, graph))
    return any(
        certainly(_names_role(each, role, graph) & ~_opens(each, base, role, graph)) for each in policies
    )


def data_access_of(base: ResourceView, role: ResourceView, graph: GraphView) -> list[ResourceView]:
    """The data access policies that let the role of a knowledge base use its collection."""
    if collection_of(base, graph) is None:
        return []
    found = _policies_for(base, role, graph)
    return [each for each in found if certainly(_opens(each, base, role, graph))]


def _policies_for(base: ResourceView, role: ResourceView, graph: GraphView) -> list[ResourceView]:
    """The data access policies that may let a role use the collection of a knowledge base."""
    collection = collection_of(base, graph)
    found = _policies_naming(role, graph)
    if collection is not None:
        found = min(found, _policies_meaning(collection, graph), key=len)
    return list(map(graph.resource, found))


def _policies_naming(role: ResourceView, graph: GraphView) -> list[str]:
    """The addresses of the data access policies that may name a role."""
    policies = _access_policies(graph)
    found = {*policies.open, *policies.leading_to.get(role.address, ())}
    name = outline(role["RoleName"].value)
    if name.strip(GAP):
        found.update(policies.roles.with_name(name))
    return [policies.addresses[number] for number in sorted(found)]


def _policies_meaning(collection: ResourceView, graph: GraphView) -> list[str]:
    """The addresses of the data access policies that may be for a collection."""
    policies = _access_policies(graph)
    return [policies.addresses[number] for number in policies.meaning.of(plain_text(collection["Name"]))]


class _AccessPolicies(NamedTuple):
    """The data access policies of a project, by the roles and the collections that they name.

    open: the positions of those that may name any role.
    """

    addresses: tuple[str, ...]
    leading_to: dict[str, list[int]]
    open: tuple[int, ...]
    roles: RolesInTexts
    meaning: MeaningPolicies


@remembered
def _access_policies(graph: GraphView) -> _AccessPolicies:
    found = graph.of_type(ACCESS_POLICY)
    leading_to: dict[str, list[int]] = {}
    for number, policy in enumerate(found):
        for edge in graph.graph.edges_from(policy.address):
            leading_to.setdefault(edge.target, []).append(number)
    texts = list(map(_text_of, found))
    open_ones = [n for n, text in enumerate(texts) if text is None or ":root" in text]
    return _AccessPolicies(
        tuple(each.address for each in found),
        leading_to,
        tuple(open_ones),
        RolesInTexts(text or "" for text in texts),
        MeaningPolicies(map(_patterns_of, found)),
    )


def _text_of(policy: ResourceView) -> str | None:
    """The known pieces of a data access policy; None where nothing of it is known."""
    value = policy["Policy"].value
    if isinstance(value, Unknown) and not value.parts:
        return None
    return outline(value) if isinstance(value, (Scalar, Unknown)) else str(value)


def _patterns_of(policy: ResourceView) -> NamePatterns:
    patterns, view = NamePatterns(), _parsed(policy)
    if view is None or view.value.assumed or view.why_more():
        patterns.is_open = True
        return patterns
    for document in view.known_items():
        patterns.add(document)
    return patterns


def _opens(policy: ResourceView, base: ResourceView, role: ResourceView, graph: GraphView) -> Answer:
    named, collection = _names_role(policy, role, graph), collection_of(base, graph)
    if collection is None or not possibly(named):
        return named
    return named & opens_collection(policy, collection)


def _names_role(policy: ResourceView, role: ResourceView, graph: GraphView) -> Answer:
    if any(edge.target == role.address for edge in graph.graph.edges_from(policy.address)):
        return YES
    text = _text_of(policy)
    if text is None:
        return undecided(why_unknown(policy["Policy"].value))
    name = outline(role["RoleName"].value)
    if name.strip(GAP) and f"role/{name}" in text:
        return YES
    # AWS documents roles, users and identities of SAML; accounts have been seen to work as well.
    return undecided("the data access policy names the account as a whole") if ":root" in text else NO


def _is_wide(principal: View) -> Answer:
    """Whether a principal is everyone of an account; what the project declares or names is not."""
    text = outline(principal.value)
    if _SESSIONS_OF_ROLE.search(text):
        return NO
    return answer(text.endswith((":root", "/*", ":*")) or text == "*")


def _is_own_account(principal: View, graph: GraphView) -> bool:
    """Whether a principal for a whole account may be that of the project's own.

    It is where a file of the repository names a resource of the account, by an ARN with its Region.
    """
    if not outline(principal.value).endswith(":root"):
        return False
    named = (principal.resource.attributes.entries.get(NAMED_ACCOUNTS),)
    texts = (known_text(each.value) or "" for each in named if each is not None)
    if account_in(principal) in " ".join(texts).split():
        return True
    return not certainly(is_foreign_account(principal, graph))


def _is_used(collection: ResourceView, graph: GraphView) -> Answer:
    return graph.sources(collection, EdgeKind.REFERS_TO, KNOWLEDGE_BASE).exist()


def _covers_all(rule: View) -> Answer:
    kind = rule["ResourceType"]
    every = rule["Resource"].any_item(lambda item: item.equals(f"{COLLECTION_PREFIX}*"))
    return (kind.is_absent() | kind.equals("collection")) & every


def _covers(document: View, collection: ResourceView) -> Answer:
    def covers(rule: View) -> Answer:
        kind = rule["ResourceType"]
        named = rule["Resource"].any_item(lambda item: _names(item, collection["Name"]))
        return (kind.is_absent() | kind.equals("collection")) & named

    return document["Rules"].any_item(covers)


def _names(pattern: View, name: View, prefix: str = COLLECTION_PREFIX) -> Answer:
    """Whether `collection/NAME` or `index/NAME/INDEX`, with wildcards, is about a collection's name."""
    value = pattern.value
    text = outline(value)
    if not text.startswith((prefix, GAP)):
        return answer(False, value.assumed)
    wanted = text.removeprefix(prefix)
    if prefix == INDEX_PREFIX:
        wanted = wanted.partition("/")[0]
    if known_text(value) is not None:
        if fnmatch.fnmatchcase(outline(name.value), wanted):
            return answer(True, value.assumed | name.value.assumed)  # whatever a wildcard stands for
        named = name.test(lambda known: fnmatch.fnmatchcase(known, wanted))
        if certainly(named):
            return named & answer(True, value.assumed)
        return named | answer(False, value.assumed)
    if isinstance(value, Unknown) and wanted == GAP and value.parts[:1] == (prefix,):
        part = value.parts[1]
        if isinstance(part, Reference) and (part.address, part.attribute) == (name.resource.address, "Name"):
            return YES
        return NO if isinstance(part, str) else same_value(part, name.value)
    if isinstance(value, Unknown) and isinstance(name.value, Unknown) and name.value.identity:
        named_by = value.identity.split("*")
        if consists_of(named_by, f"{prefix}{name.value.identity}"):
            return YES
    possible = wanted.replace(GAP, "*").split("*")
    if certainly(name.test(lambda known: not consists_of(possible, known))):
        return answer(False, value.assumed | name.value.assumed)
    return undecided(why_unknown(value))
