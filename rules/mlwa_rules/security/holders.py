"""Whom policies serve, how messages name them, and what their roles may do with other roles."""

from collections.abc import Callable, Iterator

from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import FUNCTION, ROLE
from mlwa_lint.graph.linking.naming import outline
from mlwa_lint.graph.queries import (
    documents,
    identity,
    mentions,
    observed,
    purposes,
    requests,
    roles,
    trusted,
)
from mlwa_lint.graph.queries.acting import in_short, user_of_all
from mlwa_lint.graph.queries.identity import is_ml_role
from mlwa_lint.model.purpose import FOR_LEARNING
from mlwa_lint.model.resources import DELETED, EXAMPLE
from mlwa_lint.model.values import Unknown
from mlwa_lint.rule import NO, Answer, EdgeKind, GraphView, ResourceView, View, answer, certainly, possibly
from mlwa_rules.security.breadth import ESCALATING

POLICIES = (ROLE, *policies.ATTACHED_TYPES)
ML_ROLE = "an ML execution role"
_ONLY_SETS_UP = "only custom resources of the project call the function that acts with it"
_BEDROCK = "AWS::Bedrock::"
_GLUE = "AWS::Glue::"
_CHANGING_ROLES = (*ESCALATING, "iam:CreateRole")


def is_for_ml(policy: ResourceView, graph: GraphView) -> Answer:
    """Whether a policy, or the role itself, serves an ML role."""
    return policies.roles_of(policy, graph).any(lambda role: is_ml_role(role, graph))


def whom(policy: ResourceView, graph: GraphView) -> str:
    """Who acts with what a policy allows, as messages call it."""
    ml_roles = [each for each in policies.roles_of(policy, graph) if possibly(is_ml_role(each, graph))]
    if not ml_roles:
        program = next(filter(None, _programs(policy, graph)), None)
        if program is not None or serves_functions_elsewhere(policy, graph):
            return program or "a function"
        holder = next(trusted_with(policy, graph), None)
        if holder is not None:
            return holder.name
    return user_of_all(ml_roles, graph) or ML_ROLE


def is_for_program(policy: ResourceView, graph: GraphView) -> Answer:
    """Whether a task, a service or an instance of the project acts with what a policy allows."""
    return policies.roles_of(policy, graph).any(
        lambda role: answer(observed.program_of(role, graph) is not None)
    )


def _programs(policy: ResourceView, graph: GraphView) -> Iterator[str | None]:
    return (observed.program_of(role, graph) for role in policies.roles_of(policy, graph))


def trusted_with(policy: ResourceView, graph: GraphView) -> Iterator[trusted.Holder]:
    """Whom the trust policies of a policy's roles let act with it, beside ML services and functions."""
    found = (trusted.holder_of(role, graph) for role in policies.roles_of(policy, graph))
    return filter(None, found)


def may(policy: ResourceView, user: str, what: str) -> str:
    """What a policy allows its user, in words that do not name a role as if it were another one."""
    if policy.type == ROLE and user == ML_ROLE:
        return f"{policy}, {ML_ROLE}, may {what}"
    return f"{policy} lets {user} {what}"


def narrower(place: View, what: str) -> str:
    """What a statement on every resource should do instead."""
    last = place.label.rpartition(".")[2]
    if last.startswith(("Not", "not_")):
        return f"it should name {what} in Resource instead of {place}"
    return f"{place} should name {what}"


def serves_functions_elsewhere(policy: ResourceView, graph: GraphView) -> bool:
    """Whether a policy is for a role that Lambda assumes and no function of the project acts with."""
    return any(identity.serves_functions_elsewhere(role, graph) for role in policies.roles_of(policy, graph))


def serves_ml_elsewhere(policy: ResourceView, graph: GraphView) -> Answer:
    """Whether the functions elsewhere that a policy is for work for ML, by what else their role allows.

    The name of the role may show it as well.
    """
    return policies.roles_of(policy, graph).any(
        lambda role: (
            answer(identity.is_named_for_work_elsewhere(role, graph))
            | identity.lets_work_elsewhere(role, graph)
        )
    )


def all_roles(policy: ResourceView, graph: GraphView, question: Callable[[ResourceView], bool]) -> bool:
    """Whether a policy has roles, and a predicate accepts each of them."""
    holders = list(policies.roles_of(policy, graph))
    return bool(holders) and all(map(question, holders))


def whose_code_calls_none(policy: ResourceView, graph: GraphView, service: str, kind: str) -> str:
    """The functions that alone act with a policy, whose code calls a service nowhere; empty for others.

    service: as IAM calls it; kind: of what its calls are, `BEDROCK` or `ENDPOINTS`.
    """
    holders = policies.roles_of(policy, graph)
    functions = list(
        dict.fromkeys(each for role in holders for each in graph.sources(role, EdgeKind.ASSUMES))
    )
    if holders.unknown or not functions or any(each.type != FUNCTION for each in functions):
        return ""
    for role in holders:
        if not certainly(policies.trust(role).all(lambda each: each.for_services_only("lambda"))):
            return ""
    if not all(requests.never_calls(each, graph, service, kind) for each in functions):
        return ""
    return in_short([*map(str, functions)], "functions")


def not_to_stay(policy: ResourceView, graph: GraphView) -> str:
    """What shows that a policy or its roles are not made to stay; empty where nothing does.

    MLS502 weighs less there as well (docs/decisions/0237).
    """
    made = (policy, *policies.roles_of(policy, graph))
    if any(certainly(each.attributes[DELETED].is_present()) for each in made):
        return "the program deletes it again"
    if policy.span.path.endswith(".ipynb"):
        return "it is made in a notebook"
    return "it is an example" if certainly(policy.attributes[EXAMPLE].is_present()) else ""


def why_deleted_again(role: ResourceView, graph: GraphView) -> str:
    """What shows that a role is deleted again; empty where nothing does."""
    if certainly(role.attributes[DELETED].is_present()):
        return "the program deletes it again"
    example = certainly(role.attributes[EXAMPLE].is_present())
    if example:
        return FOR_LEARNING if graph.graph.project.taught else "a program of an example makes it"
    return purposes.why_for_learning(graph)


def is_administrators(policy: ResourceView, graph: GraphView) -> bool:
    """Whether all roles of a policy certainly are administrators, which MLS502 reports."""
    return all_roles(
        policy,
        graph,
        lambda role: (
            certainly(is_ml_role(role, graph))
            and any(
                certainly(roles.is_aws_policy(arn, "AdministratorAccess"))
                for arn in policies.managed_policy_arns(role)
            )
        ),
    )


def serves_glue(policy: ResourceView, graph: GraphView) -> bool:
    """Whether all roles of a policy have the policy of AWS for the service role of Glue as well."""
    return all_roles(
        policy,
        graph,
        lambda role: any(
            "AWSGlueServiceRole" in outline(arn.value) for arn in policies.managed_policy_arns(role)
        ),
    )


def serves_glue_alone(policy: ResourceView, graph: GraphView) -> bool:
    """Whether the roles of a policy certainly trust Glue alone, and nothing else acts with them."""
    return all_roles(
        policy,
        graph,
        lambda role: (
            certainly(policies.assumed_by(role, "glue"))
            and certainly(policies.trust(role).all(lambda each: each.for_services_only("glue")))
            and all(each.type.startswith(_GLUE) for each in graph.sources(role, EdgeKind.ASSUMES))
        ),
    )


def serves_code_alone(policy: ResourceView, graph: GraphView) -> bool:
    """Whether only functions and resources of Bedrock are known to act with the roles of a policy."""

    def only_code(role: ResourceView) -> bool:
        actors = [each.type for each in graph.sources(role, EdgeKind.ASSUMES)]
        return bool(actors) and all(each == FUNCTION or each.startswith(_BEDROCK) for each in actors)

    return all_roles(policy, graph, only_code)


def serves_bases_alone(policy: ResourceView, graph: GraphView) -> bool:
    """Whether Bedrock alone may assume the roles of a policy, and only knowledge bases act with them."""
    return all_roles(policy, graph, lambda role: documents.serves_bases_alone(role, graph))


def changes_of_roles(policy: ResourceView, graph: GraphView) -> list[str]:
    """What lets a role of a policy certainly make or change a role; what passes any is MLS504's."""
    stated = [
        each for role in policies.roles_of(policy, graph) for each in policies.of_role(role, graph).known
    ]
    return [
        action
        for action in _CHANGING_ROLES
        if any(certainly(each.allows() & each.covers_action(action)) for each in stated)
    ]


def passes_to_any_service(statement: policies.Statement) -> Answer:
    """Whether a statement allows passing roles, and no condition limits the services."""
    return passes_roles(statement) & ~statement.narrowed_by("iam:PassedToService")


def passes_roles(statement: policies.Statement) -> Answer:
    """Whether a statement allows passing roles."""
    return statement.allows() & statement.covers_action("iam:PassRole")


def on_any_role(statement: policies.Statement, graph: GraphView) -> Answer:
    """Whether a statement is about every role of the account."""
    found = statement.on_any_resource() | roles.is_any_role(statement.resources)
    listed = statement["Resource"]
    items = [listed] if isinstance(listed.value, Unknown) else listed.known_items()
    if not found.reasons or (listed not in items and listed.why_more()):
        return found
    unknown = [each for each in items if isinstance(each.value, Unknown)]
    one_each = bool(unknown) and all(mentions.names_one(each, graph) for each in unknown)
    return NO if one_each else found


def why_only_sets_up(policy: ResourceView, graph: GraphView) -> str:
    """Why only those who deploy a stack send anything to what acts with a policy's roles; else empty.

    That is functions that custom resources alone call, beside others that nothing in the project calls.
    """
    actors = [graph.sources(role, EdgeKind.ASSUMES) for role in policies.roles_of(policy, graph)]
    if not actors or any(each.unknown or not each.related for each in actors):
        return ""
    functions = [actor for each in actors for actor in each]
    if any(each.type != FUNCTION for each in functions):
        return ""
    called = [each for each in functions if identity.is_called(each, graph)]
    return _ONLY_SETS_UP if called and all(identity.only_sets_up(each, graph) for each in called) else ""
