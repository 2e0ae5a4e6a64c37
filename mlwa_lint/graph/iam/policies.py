"""IAM policies as typed statements, in one place for all rules.

    for statement in policies.of_role(role, graph):
        yield Claim(
            statement.allows() & statement.covers_action("iam:PassRole") & statement.on_any_resource(), …
        )

Policies that could not be analysed leave the rule undecided.
"""

from collections.abc import Callable, Iterable
from typing import Literal

from mlwa_lint.graph.edges import Edge, EdgeKind
from mlwa_lint.graph.iam.statements import NARROWING_KEYS, OpenTo, Statement, Statements, read, statements
from mlwa_lint.graph.kinds import BUCKET_POLICY, ROLE
from mlwa_lint.graph.relations import GraphView, Links, Related, Unread
from mlwa_lint.graph.views import ResourceView, View, why_unknown
from mlwa_lint.graph.worlds import World
from mlwa_lint.model.answers import NO, Answer, answer, certainly, some
from mlwa_lint.model.values import ListValue, Reference, Unknown
from mlwa_lint.startup.records import NamedTuple

__all__ = [
    "NARROWING_KEYS",
    "PolicyDocument",
    "Statement",
    "Statements",
    "assumed_by",
    "documents_of",
    "is_boundary",
    "managed_policy_arns",
    "of_bucket",
    "of_policy",
    "of_role",
    "own_documents",
    "roles_of",
    "statements",
    "statements_in",
    "trust",
]

POLICY = "AWS::IAM::Policy"
ROLE_POLICY = "AWS::IAM::RolePolicy"
MANAGED_POLICY = "AWS::IAM::ManagedPolicy"
# Properties that name the roles which a policy is attached to.
ATTACHING = (("Roles",), ("RoleName",), ("Role",))
# Properties that are a document, of what is no role.
_DOCUMENTS = ("PolicyDocument", "KeyPolicy", "Policy")
ATTACHED_TYPES = (POLICY, ROLE_POLICY, MANAGED_POLICY)


class PolicyDocument(NamedTuple):
    """A policy document and the resource that states it."""

    holder: ResourceView
    view: View


def statements_in(documents: Iterable[PolicyDocument], unknown: Iterable[str], world: World) -> Statements:
    """The statements of several documents."""
    known: list[Statement] = []
    reasons = list(unknown)
    for document in documents:
        found, why = read(document.view)
        known += found
        reasons += why
    return Statements(known, reasons, world)


# -- which documents apply to a role, a bucket, a key


def own_documents(resource: ResourceView) -> list[PolicyDocument]:
    """The documents that a resource states itself: inline policies, its policy, its key policy."""
    found: list[PolicyDocument] = []
    inline = resource["Policies"]
    if resource.type == ROLE or isinstance(inline.value, ListValue):
        found += [PolicyDocument(resource, each["PolicyDocument"]) for each in inline.known_items()]
    for key in _DOCUMENTS if resource.type != ROLE else ():
        view = resource[key]
        if not certainly(view.is_absent()):
            found.append(PolicyDocument(resource, view))
    return found


def of_policy(policy: ResourceView) -> Statements:
    """The statements that a resource states itself (not those of policies attached to it)."""
    unknown = []
    if policy.type == ROLE and isinstance(policy["Policies"].value, (Unknown, Reference)):
        unknown.append(why_unknown(policy["Policies"].value))
    return statements_in(own_documents(policy), unknown, policy.world)


def documents_of(role: ResourceView, graph: GraphView) -> tuple[list[PolicyDocument], tuple[str, ...]]:
    """Every document that grants a role something, and why there may be more of them."""
    found = own_documents(role)
    unknown = [*role["Policies"].why_more()]
    # A role that a document names gets none of its permissions by that.
    attached = graph.sources(role, EdgeKind.GRANTS, *ATTACHED_TYPES, at=ATTACHING)
    holders = [each.resource for each in attached.related if _attaches(each)]
    unknown += attached.unknown
    referred = graph.targets(role, EdgeKind.REFERS_TO, MANAGED_POLICY)
    holders += [each.resource for each in referred.related if each.edge.path[-1:] == ("ManagedPolicyArns",)]
    for holder in dict.fromkeys(holders):
        found += own_documents(holder)
    return found, tuple(unknown)


def of_role(role: ResourceView, graph: GraphView) -> Statements:
    """Every statement that grants a role something: inline, attached and managed policies of the project."""
    if graph.world.splits:
        return _unread(role, graph)
    documents, unknown = documents_of(role, graph)
    found = statements_in(documents, unknown, role.world)
    attached = graph.sources(role, EdgeKind.GRANTS, *ATTACHED_TYPES, at=ATTACHING) if unknown else None
    return (
        found if attached is None else Statements(found.known, found.unknown, role.world, _beside(attached))
    )


def _beside(attached: Links) -> tuple[tuple[str, ...], OpenTo]:
    """The policies of which it is not known what they are attached to: what they state is known."""

    def evaluate(question: Callable[[Statement], Answer], settled: Literal["yes", "no"]) -> list[Answer]:
        def answered(policy: ResourceView) -> Answer:
            stated = of_policy(policy)
            return stated.any(question) if settled == "no" else stated.all(question)

        return attached.open_to(answered, settled)

    return attached.unknown, evaluate


def _unread(role: ResourceView, graph: GraphView) -> Statements:
    """The same, with the guards of policies unread."""
    from mlwa_lint.graph.iam.unread import UnreadStatements

    attached = graph.sources(role, EdgeKind.GRANTS, *ATTACHED_TYPES, at=ATTACHING)
    referred = graph.targets(role, EdgeKind.REFERS_TO, MANAGED_POLICY)
    assert isinstance(attached, Unread)
    assert isinstance(referred, Unread)
    ends = [each for each in attached.edges if each[0].path[-1:] in ATTACHING]
    ends += [each for each in referred.edges if each[0].path[-1:] == ("ManagedPolicyArns",)]
    holders = [(holder, (*edge.guards, *holder.guards)) for edge, holder in ends]
    unknown = (*role["Policies"].why_more(), *attached.unknown)

    def stated(holder: ResourceView) -> Statements:
        return statements_in(own_documents(holder), (), holder.world)

    return UnreadStatements(role, holders, unknown, stated, _beside(attached))


def trust(role: ResourceView) -> Statements:
    """The statements about who may assume a role."""
    return statements(role["AssumeRolePolicyDocument"])


def assumed_by(role: ResourceView, *services: str) -> Answer:
    """Whether one of some services (`sagemaker`, `bedrock`) may assume a role."""
    return trust(role).any(lambda statement: statement.allows() & statement.for_service(*services))


def managed_policy_arns(role: ResourceView) -> list[View]:
    """The managed policies attached to a role, each a literal ARN, a reference or unknown."""
    return role["ManagedPolicyArns"].items()


def roles_of(policy: ResourceView, graph: GraphView) -> Links:
    """The roles that a policy is attached to, from either side; a role with inline policies is its own."""
    if policy.type == ROLE:
        return Links(
            (Related(policy, Edge(policy.address, policy.address, EdgeKind.GRANTS, (), policy.span, ())),), ()
        )
    attached = graph.targets(policy, EdgeKind.GRANTS, ROLE)
    related = [each for each in attached.related if _attaches(each)]
    referring = graph.sources(policy, EdgeKind.REFERS_TO, ROLE)
    related += [each for each in referring.related if each.edge.path[-1:] == ("ManagedPolicyArns",)]
    # The document may name roles as well; only those that it is attached to get its permissions.
    ends = graph.graph.open_ends_of(policy.address, EdgeKind.GRANTS)
    unknown = [
        f"{end.source}: {end.reason}"
        for end in ends
        if end.path[-1:] in ATTACHING and graph.world.admits(end.guards)
    ]
    unknown += referring.unknown if policy.type == MANAGED_POLICY else ()
    return Links(tuple(related), tuple(dict.fromkeys(unknown)))


def is_boundary(policy: ResourceView, graph: GraphView) -> Answer:
    """Whether a policy only limits what roles and users may be granted, and is attached to none of them."""
    if policy.type != MANAGED_POLICY:
        return NO
    mentions = [each.edge.path[-1:] for each in graph.sources(policy, EdgeKind.REFERS_TO).related]
    bounds = ("PermissionsBoundary",) in mentions and ("ManagedPolicyArns",) not in mentions
    return answer(bounds and not roles_of(policy, graph).related)


def of_bucket(bucket: ResourceView, graph: GraphView) -> Statements:
    """The statements of a bucket's policies."""
    links = graph.sources(bucket, EdgeKind.GRANTS, BUCKET_POLICY)
    holders = dict.fromkeys(each.resource for each in links.related if each.edge.path[-1:] == ("Bucket",))
    documents = [document for holder in holders for document in own_documents(holder)]
    return statements_in([*own_documents(bucket), *documents], links.unknown, bucket.world)


def _attaches(related: Related) -> bool:
    """Whether an edge comes from the list of roles rather than from the document's text."""
    return related.edge.path[-1:] in ATTACHING


def has_managed(role: ResourceView, starts: tuple[str, ...]) -> Answer:
    """Whether a policy that AWS manages, of one of some names, is attached to a role."""
    attached = role["ManagedPolicyArns"].known_items()
    return some(
        view.tail("/", lambda name: name.startswith(starts))
        for view in attached
        if not isinstance(view.value, Reference)
    )
