"""What is created before what: dependencies that are written down, and those that references imply."""

from collections.abc import Sequence
from functools import partial

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.iam import managed, policies
from mlwa_lint.graph.iam.evaluate import AccessRequest, applies
from mlwa_lint.graph.kinds import ROLE
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries.permissions import Need
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import Answer, some, undecided
from mlwa_lint.model.resources import NAMED_ITSELF, Resource
from mlwa_lint.model.values import ListValue, known_text, references_in
from mlwa_lint.startup.records import NamedTuple

# What lets time pass before what depends on it is created.
_PAUSE = "time_sleep."
_ATTACHMENTS = ("aws_iam_role_policy_attachment.", "aws_iam_policy_attachment.")


def waits_for(resource: ResourceView, address: str, graph: GraphView) -> bool:
    """Whether a resource is created after what an address names, by whatever chain of dependencies."""
    return any(_is_part_of(address, each) for each in _before(resource.address, graph))


def pauses_after(resource: ResourceView, address: str, graph: GraphView) -> bool:
    """Whether a pause lies between what an address names and the creation of a resource."""
    return any(
        _PAUSE in each and any(_is_part_of(address, other) for other in _before(each, graph))
        for each in _before(resource.address, graph)
    )


def _is_part_of(address: str, waited_for: str) -> bool:
    """Whether an address is one that is waited for: an instance of it, or a part of a module."""
    return address == waited_for or address.startswith((f"{waited_for}[", f"{waited_for}."))


@remembered
def _before(address: str, graph: GraphView) -> frozenset[str]:
    """The addresses of all that is created before a resource."""
    found: set[str] = set()
    waiting = [address]
    by_part = _by_folded_address(graph)
    while waiting:
        current = waiting.pop()
        resource = graph.graph.by_address.get(current)
        if resource is None:
            # A dependency on a whole counts for its instances, one on a folded part for its place.
            waiting += by_part.get(current, ())
            continue
        for other in _named_by(resource):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return frozenset(found)


@remembered
def _by_folded_address(graph: GraphView) -> dict[str, tuple[str, ...]]:
    """Instances by the address without their keys."""
    found: dict[str, tuple[str, ...]] = {}
    for address in graph.graph.by_address:
        if address.endswith("]"):
            whole = address.rpartition("[")[0]
            found[whole] = (*found.get(whole, ()), address)
    return found


def _named_by(resource: Resource) -> set[str]:
    own = resource.attributes.entries.get(NAMED_ITSELF)
    if own is not None and isinstance(own.value, ListValue):
        # What is folded into a resource is created after it, and waits for what it names itself.
        found = {text for item in own.value.items if (text := known_text(item))}
    else:
        found = {reference.address for reference, _ in references_in(resource.properties)}
    stated = resource.attributes.entries.get("DependsOn")
    if stated is not None:
        items = stated.value.items if isinstance(stated.value, ListValue) else (stated.value,)
        found |= {text for item in items if (text := known_text(item))}
    if resource.vocabulary.language == "cloudformation":
        found |= {stack for other in found if (stack := _stack_finished_before(resource.address, other))}
    return found


def _stack_finished_before(address: str, named: str) -> str | None:
    """The nested stack that is whole before a resource of another stack gets an output of it."""
    own, other = address.split(".")[:-1], named.split(".")[:-1]
    for position, stack in enumerate(other):
        if own[position : position + 1] != [stack]:
            return ".".join(other[: position + 1])
    return None


# -- permissions that come later


class Grant(NamedTuple):
    """What gives a role permissions apart from the role: a policy, or the attachment of one."""

    address: str
    holder: ResourceView
    needed: Answer


def separate_grants(
    role: ResourceView, services: tuple[str, ...], graph: GraphView, objects: Sequence[Need] = ()
) -> list[Grant]:
    """The policies and attachments that give a role permissions for some services, and whether each does.

    objects: all that is read from S3, where that is known; permissions for other objects do not count.
    """
    permits = partial(_permits, services=services, objects=objects, graph=graph)
    found: list[Grant] = []
    attached = graph.sources(role, EdgeKind.GRANTS, *policies.ATTACHED_TYPES)
    graph.leave_undecided(attached.unknown)
    for related in attached.related:
        holder = related.resource
        if related.edge.path[-1:] in (("Roles",), ("RoleName",), ("Role",)) and holder.type != ROLE:
            found.append(Grant(holder.address, holder, policies.of_policy(holder).any(permits)))
    own = [each for each in role.resource.folded if _is_attachment(each)]
    if own:
        referred = graph.targets(role, EdgeKind.REFERS_TO, policies.MANAGED_POLICY)
        holders = [each.resource for each in referred.related if "ManagedPolicyArns" in each.edge.path]
        of_aws, unknown = managed.attached(role, graph)
        needed = some(
            [
                *(policies.of_policy(each).any(permits) for each in holders),
                *map(permits, of_aws),
                *map(undecided, unknown),
            ]
        )
        found += [Grant(each, role, needed) for each in own]
    return found


def may_be_granted_to(resource: ResourceView, graph: GraphView) -> bool:
    """Whether the project may give permissions to a role of a resource that is not known.

    Attachments of Terraform whose role is not known are no resources of the graph, so that they may always.
    """
    return resource.language == "terraform" or bool(graph.of_type(*policies.ATTACHED_TYPES))


def _is_attachment(address: str) -> bool:
    return any(kind in address for kind in _ATTACHMENTS)


def _permits(
    statement: policies.Statement, services: tuple[str, ...], objects: Sequence[Need], graph: GraphView
) -> Answer:
    """Whether a statement allows an action of some services, or every action."""
    named = services if not objects else tuple(each for each in services if each != "s3")
    permitted = statement["Action"].any_item(
        lambda each: each.test(lambda text: text == "*" or text.partition(":")[0].lower() in named)
    )
    return statement.allows() & (permitted | some(_reads(statement, each, graph) for each in objects))


def _reads(statement: policies.Statement, need: Need, graph: GraphView) -> Answer:
    places = [need.on] if need.instead is None else [need.on, need.instead]
    return some(applies(statement, AccessRequest(need.action, each), graph) for each in places)
