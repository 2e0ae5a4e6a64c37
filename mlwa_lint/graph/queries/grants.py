"""Permissions that a role gets apart from itself: what grants them, and whether creation waits for that."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.iam import managed, policies
from mlwa_lint.graph.iam.evaluate import AccessRequest, applies
from mlwa_lint.graph.iam.statements import Statement
from mlwa_lint.graph.kinds import ROLE
from mlwa_lint.graph.queries import dependencies
from mlwa_lint.graph.queries.permissions import Need
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View, same_value
from mlwa_lint.model.answers import YES, Answer, answer, certainly, every, some, undecided
from mlwa_lint.model.values import Absent, ListValue, Reference
from mlwa_lint.startup.records import NamedTuple

_ATTACHMENTS = ("aws_iam_role_policy_attachment.", "aws_iam_policy_attachment.")
# What attaches several policies at once, so that it is not known which is whose.
_SEVERAL = "_attachments_exclusive."


class Wanted(NamedTuple):
    """What creation of a resource needs of its role.

    actions: actions (`ecr:BatchGetImage`), or services of which any action may be needed (`glue`).
    objects: all that is read from a service (S3, ECR), where that is known; permissions for other objects of
        the same service do not count.
    """

    actions: tuple[str, ...]
    objects: Sequence[Need] = ()


class Grant(NamedTuple):
    """What gives a role permissions apart from the role: a policy, or the attachment of one.

    needed: whether creation needs it. waits: what the grant itself waits for, as far as that is known.
    statements: what it states; open where there may be more.
    """

    address: str
    holder: ResourceView
    needed: Answer
    waits: frozenset[str]
    statements: Sequence[Statement] = ()
    open: bool = False


class _Source(NamedTuple):
    address: str
    holder: ResourceView
    statements: tuple[Statement, ...]
    unknown: tuple[str, ...]
    waits: frozenset[str]


def late_grants(resource: ResourceView, role: ResourceView, wanted: Wanted, graph: GraphView) -> list[Grant]:
    """What gives a role permissions and is not waited for by a resource that is created with the role.

    What an awaited policy, or the role itself, grants as well is not needed a second time.
    """
    sources = _separate(role, graph)
    late = [each for each in sources if not _is_before(resource, each.address, graph)]
    if not late:
        return []
    early = [each for source in sources if source not in late for each in source.statements]
    early += _own(role, graph)
    return [
        Grant(
            each.address,
            each.holder,
            _is_needed(each, early, wanted, graph),
            each.waits,
            each.statements,
            bool(each.unknown),
        )
        for each in late
    ]


def late_openings(resource: ResourceView, opened: Iterable[ResourceView], graph: GraphView) -> list[Grant]:
    """The policies of a store that let a role in and are not waited for by the resource."""
    return [
        Grant(each.address, each, YES, dependencies.before(each.address, graph))
        for each in opened
        if not _is_before(resource, each.address, graph)
    ]


def _is_before(resource: ResourceView, address: str, graph: GraphView) -> bool:
    """Whether a resource waits for another one, or that is of another stack, which is deployed by itself."""
    stacks = graph.graph.project.roots
    if stacks.get(resource.address) != stacks.get(address):
        return True
    return dependencies.waits_for(resource, address, graph)


def _is_needed(source: _Source, early: Sequence[Statement], wanted: Wanted, graph: GraphView) -> Answer:
    found = [
        permits(each) & ~some(permits(other) & _at_same_place(each, other) for other in early)
        for permits in _questions(wanted, graph)
        for each in source.statements
    ]
    if source.unknown:
        enough = every(some(map(permits, early)) for permits in _questions(wanted, graph))
        found += [~enough & undecided(each) for each in source.unknown]
    return some(found)


def _questions(wanted: Wanted, graph: GraphView) -> "list[partial[Answer]]":
    """Whether a statement permits it, for each thing that is needed."""
    known = {need.action.partition(":")[0] for need in wanted.objects}
    named = [each for each in wanted.actions if each.partition(":")[0] not in known]
    found = [partial(_permits, action=each) for each in named]
    return [*found, *(partial(_reads, need=each, graph=graph) for each in wanted.objects)]


def _permits(statement: Statement, action: str) -> Answer:
    """Whether a statement allows an action, or some action of a service, or every action."""
    if ":" in action:
        return statement.allows() & statement.covers_action(action)
    return statement.allows() & statement.any_action(
        lambda text: text == "*" or text.partition(":")[0].lower() == action
    )


def _reads(statement: Statement, need: Need, graph: GraphView) -> Answer:
    places = [need.on] if need.instead is None else [need.on, need.instead]
    applying = some(applies(statement, AccessRequest(need.action, each), graph) for each in places)
    return statement.allows() & applying


def _at_same_place(statement: Statement, other: Statement) -> Answer:
    """Whether what a statement allows on its resources is what another allows on its own.

    A policy for every resource is not about one of them; what names some is what the work needs.
    """
    listed = other["Resource"].known_items()
    # What is written differently is not taken for the same.
    same = any(
        certainly(same_value(mine.value, theirs.value))
        for mine in statement["Resource"].known_items()
        for theirs in listed
    )
    return statement.on_any_resource() | other.on_any_resource() | answer(same)


def may_be_granted_to(resource: ResourceView, graph: GraphView) -> bool:
    """Whether the project may give permissions to a role of a resource that is not known.

    Attachments of Terraform whose role is not known are no resources of the graph, so that they may always.
    """
    return resource.language == "terraform" or bool(graph.of_type(*policies.ATTACHED_TYPES))


# -- where the permissions of a role are


def _own(role: ResourceView, graph: GraphView) -> list[Statement]:
    """What the role itself states, and the policies that it names itself."""
    listed = _listed(role)
    own = listed[: len(listed) - len(_attachments(role))] if _is_in_order(role, listed) else []
    found = list(policies.of_policy(role).known)
    return [*found, *(each for arn in own for each in _of_arn(arn, role, graph)[0])]


def _separate(role: ResourceView, graph: GraphView) -> list[_Source]:
    """The policies and attachments of a role that are resources of their own."""
    found: list[_Source] = []
    attached = graph.sources(role, EdgeKind.GRANTS, *policies.ATTACHED_TYPES, at=policies.ATTACHING)
    graph.leave_undecided(attached.unknown)
    for related in attached.related:
        holder = related.resource
        if related.edge.path[-1:] in policies.ATTACHING and holder.type != ROLE:
            stated = policies.of_policy(holder)
            waits = dependencies.before(holder.address, graph)
            found.append(_Source(holder.address, holder, stated.known, stated.unknown, waits))
    return [*found, *_attached(role, graph)]


def _attached(role: ResourceView, graph: GraphView) -> Iterator[_Source]:
    """The attachments of a role, each with what its policy states.

    What is folded into a role is appended to its own list, in order. Where it is not known which is whose,
    each attachment may attach all of them.
    """
    attachments, listed = _attachments(role), _listed(role)
    in_order = _is_in_order(role, listed)
    waits = dependencies.before(role.address, graph) | {role.address}
    unknown = () if in_order else role["ManagedPolicyArns"].why_more()
    for position, address in enumerate(attachments):
        arns = [listed[position - len(attachments)]] if in_order else listed
        present = [each for each in arns if not isinstance(each.value, Absent)]
        if in_order and not present:
            continue  # it is not there under these conditions
        stated = [_of_arn(each, role, graph) for each in present]
        statements = tuple(each for known, _ in stated for each in known)
        reasons = (*unknown, *(each for _, why in stated for each in why))
        named = {each.value.address for each in present if isinstance(each.value, Reference)}
        further = frozenset(named).union(*(dependencies.before(each, graph) for each in named))
        yield _Source(address, role, statements, reasons, waits | further)


def _attachments(role: ResourceView) -> list[str]:
    folded = role.resource.folded
    single = [each for each in folded if any(kind in each for kind in _ATTACHMENTS)]
    # What owns all attachments makes those that nothing else makes.
    return single or [each for each in folded if _SEVERAL in each]


def _listed(role: ResourceView) -> list[View]:
    """The policies that a role lists, also those that are not there under the conditions of a world."""
    listed = role["ManagedPolicyArns"]
    value = listed.value
    if not isinstance(value, ListValue):
        return listed.known_items()
    return [
        View(role.resource, role.world, item, listed.path, item.span or listed.span) for item in value.items
    ]


def _is_in_order(role: ResourceView, listed: Sequence[View]) -> bool:
    value = role["ManagedPolicyArns"].value
    known = isinstance(value, ListValue) and value.rest is None
    exclusive = any(_SEVERAL in each for each in role.resource.folded)
    return known and not exclusive and len(listed) >= len(_attachments(role))


def _of_arn(arn: View, role: ResourceView, graph: GraphView) -> tuple[list[Statement], list[str]]:
    """The statements of an attached policy, of the project or of AWS, and why there may be others."""
    target = arn.value.address if isinstance(arn.value, Reference) else ""
    holder = graph.graph.by_address.get(target)
    if holder is not None and holder.type == policies.MANAGED_POLICY:
        stated = policies.of_policy(ResourceView(holder, graph.world))
        return list(stated.known), list(stated.unknown)
    of_aws, why = managed.of_arn(arn, role, graph)
    return of_aws, [why] if why else []
