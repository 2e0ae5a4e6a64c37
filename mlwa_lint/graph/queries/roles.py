"""Roles and accounts: which roles are the same, who develops with them, which accounts are foreign."""

import re
from collections.abc import Iterator

from mlwa_lint.files import PROGRAMS
from mlwa_lint.graph import jobs
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.kinds import NOTEBOOK, PIPELINE, ROLE, STUDIO_DOMAIN, USER_PROFILE
from mlwa_lint.graph.linking.naming import GAP, outline
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries.same_roles import ByRole, is_same
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View, why_unknown
from mlwa_lint.model.answers import NO, Answer, answer, certainly, possibly, undecided
from mlwa_lint.model.resources import NAMED_BY
from mlwa_lint.model.values import (
    ENVIRONMENT,
    Absent,
    Reference,
    Scalar,
    Unknown,
    alternatives,
    known_text,
    references_in,
)
from mlwa_lint.startup.patterns import lazy

_OFFERED = "nothing in the repository is known to act with the role"
_DEVELOPING = ("training", "tuning", "automl")
# Types that people run code in, with the role that they name.
INTERACTIVE = (NOTEBOOK, STUDIO_DOMAIN, USER_PROFILE)
# Where the types that people and pipelines develop with name their execution roles.
_ROLE_PROPERTIES = {
    NOTEBOOK: ("RoleArn",),
    PIPELINE: ("RoleArn",),
    STUDIO_DOMAIN: ("DefaultUserSettings.ExecutionRole", "DefaultSpaceSettings.ExecutionRole"),
    USER_PROFILE: ("UserSettings.ExecutionRole",),
}
_ACCOUNT = lazy(r"(?:arn:[^:]*:iam::)?([^:]+)(?::root)?")
_ANY_ROLE = lazy(r"arn:[^:]+:iam::[^:]*:role/\*+")
_ROLE_ARN = lazy(r"arn:[^:]+:iam::([0-9]{12}):role/")
_OWN_ACCOUNT = lazy(r"AWS::AccountId$|(?:^|\.)data\.aws_caller_identity\.")


def why_only_offered(role: ResourceView, graph: GraphView) -> str:
    """Why a role hardly matters yet: nothing in the repository acts with it, but with others something does.

    Empty where a resource uses it, another file names it or other stacks can import it, and in modules, whose
    callers use it. What declares roles alone does so for what is deployed elsewhere.
    """
    project = graph.graph.project
    if project.reusable or role.span.path.endswith(PROGRAMS) or not _are_used(graph):
        return ""
    if certainly(role.attributes[NAMED_BY].is_present()):
        return ""
    if any(edge.kind is not EdgeKind.GRANTS for edge in graph.graph.edges_into(role.address)):
        return ""
    exported = (each for value in project.exports.values() for each, _ in references_in(value))
    return "" if any(each.address == role.address for each in exported) else _OFFERED


@remembered
def _are_used(graph: GraphView) -> bool:
    """Whether something in a project acts with a role that it declares."""
    roles = graph.graph.by_type.get(ROLE, ())
    return any(graph.graph.edges_into(each.address, EdgeKind.ASSUMES) for each in roles)


# -- which roles are the same


def same_of_development(own: View, graph: GraphView) -> Iterator[tuple[View, Answer]]:
    """The execution roles of training, pipelines, notebooks and Studio that may be the same as one."""
    places = _places_of_development(graph)
    for number in _by_role_of_development(graph).like(own, graph):
        role = _view_at(places[number], graph)
        yield role, is_same(own, role, graph)
    for role in _trained_in_other_runs(own, graph):
        yield role, _same_in_runs(own, role, graph)


def _trained_in_other_runs(own: View, graph: GraphView) -> list[View]:
    """The roles of what the same program trains in other branches."""
    holder = own.holder
    if holder.language != "python" or not holder.resource.guards:
        return []
    apart = [
        ResourceView(resource, graph.world)
        for kind in jobs.JOB_TYPES
        for resource in graph.graph.by_type.get(kind, ())
        if resource.span.path == holder.span.path and not graph.world.admits(resource.guards)
    ]
    trained = [job for view in apart for job in jobs.of(view) if job.kind in _DEVELOPING]
    return [job.role for job in trained if job.role is not None]


def _same_in_runs(one: View, other: View, graph: GraphView) -> Answer:
    """Whether two branches name the same role, where each of them may be called with another one."""
    found = is_same(one, other, graph)
    open_ones = [each.value for each in (one, other) if not _is_fixed(each)]
    return undecided(why_unknown(open_ones[0])) if open_ones and possibly(found) else found


def _is_fixed(role: View) -> bool:
    """Whether a program names one role whatever it is called with: literally, or from its environment."""
    value = role.value
    from_environment = isinstance(value, Unknown) and value.identity.startswith(ENVIRONMENT)
    return from_environment or isinstance(value, (Scalar, Absent))


@remembered
def _places_of_development(graph: GraphView) -> tuple[tuple[str, int | str], ...]:
    """The resources that people develop with, each with the number of its job or the path of its role."""
    jobs_of = (
        (view.address, number)
        for view in graph.of_type(*jobs.JOB_TYPES)
        for number, job in enumerate(jobs.of(view))
        if job.kind in _DEVELOPING and job.role is not None
    )
    stated = (
        (view.address, path)
        for kind, paths in _ROLE_PROPERTIES.items()
        for view in graph.of_type(kind)
        for path in paths
    )
    return (*jobs_of, *stated)


def _view_at(place: tuple[str, int | str], graph: GraphView) -> View:
    address, part = place
    resource = graph.resource(address)
    if isinstance(part, str):
        return resource[part]
    return jobs.of(resource)[part]["RoleArn"]


@remembered
def _by_role_of_development(graph: GraphView) -> ByRole:
    return ByRole((_view_at(place, graph) for place in _places_of_development(graph)), graph)


# -- policies of AWS


def is_aws_policy(arn: View, name: str) -> Answer:
    """Whether a managed policy is one of AWS's, by its name; `${AWS::Partition}` need not be known."""
    value = arn.value
    if isinstance(value, Reference) and value.known is None:
        return NO  # a policy of the project
    text = outline(value)
    prefix, found, rest = text.partition(":iam::aws:policy/")
    if found and GAP not in rest:
        return answer(rest.rpartition("/")[2] == name, value.assumed)
    if isinstance(value, Unknown) and text.startswith(GAP) and text.endswith(f"/{name}"):
        return undecided(value.reason)  # found by its name: AWS's, or one of the account's
    if isinstance(value, Unknown) and not found and prefix.strip(GAP):
        # A policy of an account, by its known pieces.
        of_account = f":iam::{GAP}:policy/" in text
        return undecided(value.reason) if text.endswith(GAP) and not of_account else NO
    return arn.is_open()


def is_any_role(resources: View) -> Answer:
    """Whether the resources of a statement are all roles of an account: `arn:aws:iam::*:role/*`."""
    value = resources.value
    is_one = isinstance(value, Reference) or (isinstance(value, Unknown) and value.parts)
    return _is_any_role(resources) if is_one else resources.any_item(_is_any_role)


def _is_any_role(view: View) -> Answer:
    value = view.value
    if isinstance(value, Reference) and value.known is None:
        return NO
    text = outline(value)
    last = value.parts[-1] if isinstance(value, Unknown) and value.parts else None
    if text.endswith(GAP) and not isinstance(last, Reference):  # what a role is called is never a wildcard
        return view.is_open()
    return answer(_ANY_ROLE.fullmatch(text) is not None, value.assumed)


# -- accounts


def account_in(principal: View) -> str:
    """The number of a principal's account, where it is known."""
    found = re.search(r"[0-9]{12}", outline(principal.value))
    return found.group() if found else ""


def is_foreign_account(principal: View, graph: GraphView) -> Answer:
    """Whether a principal is a whole account, and not the one that the project is deployed to.

    A literal account is foreign unless resources of the project act with roles of it.
    """
    value = principal.value
    if isinstance(value, Reference):
        return NO
    text = outline(value)
    match = _ACCOUNT.fullmatch(text)
    if match is None:
        # A role or a user, unless what follows the account is not known.
        return undecided(why_unknown(value)) if re.fullmatch(r"arn:.*:\0", text) else NO
    account = match.group(1)
    if account.isdigit():
        return answer(account not in _own_accounts(graph), value.assumed)
    parts = value.parts if isinstance(value, Unknown) and value.parts else (value,)
    if any(isinstance(part, Unknown) and _OWN_ACCOUNT.search(part.identity) for part in parts):
        return NO
    return undecided(why_unknown(value)) if GAP in account else NO


@remembered
def _own_accounts(graph: GraphView) -> frozenset[str]:
    """The accounts of roles that resources act with: a service takes roles of its own account only."""
    found = set()
    for resource in graph.graph.project.resources:
        for key in ("RoleArn", "ExecutionRoleArn", "Role", "ServiceRole"):
            entry = resource.properties.entries.get(key)
            for each in alternatives(entry.value) if entry is not None else ():
                match = _ROLE_ARN.match(known_text(each.value) or "")
                if match is not None:
                    found.add(match.group(1))
    return frozenset(found)
