"""Security of permissions by which a role obtains others: passing roles, and changing what they may do."""

import fnmatch
from collections.abc import Iterator

from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import CODE_BUILD, FUNCTION
from mlwa_lint.graph.queries import build_roles, purposes
from mlwa_lint.graph.queries.ml_permissions import lets_give_roles
from mlwa_lint.rule import (
    NO,
    YES,
    Answer,
    Claim,
    EdgeKind,
    GraphView,
    Remedy,
    ResourceView,
    View,
    certainly,
    every,
    possibly,
    rule,
    some,
)
from mlwa_lint.startup.records import NamedTuple
from mlwa_rules.security.breadth import ESCALATING
from mlwa_rules.security.holders import (
    POLICIES,
    changes_of_roles,
    is_administrators,
    is_for_ml,
    may,
    not_to_stay,
    on_any_role,
    passes_roles,
    passes_to_any_service,
    whom,
    why_only_sets_up,
)
from mlwa_rules.security.wildcards import grants_wildcard_actions

_DEPLOYS_ROLES = "it deploys roles, and so may give itself permissions in any case"


class _Granted(NamedTuple):
    """What a statement grants: whether passing any role, and which actions that change one.

    answered: whether that is to be reported.
    passes: how it passes any role, as it is written; empty where it does not.
    may_give: whether it may grant any of these actions at all.
    """

    answered: Answer
    place: View
    passes: str
    changes: tuple[str, ...]
    may_give: bool


_SERVICE_KEY = "iam:passedtoservice"
# How many of those that share a role a message names.
_LISTED = 2


@rule(
    "MLS504",
    "pass-role-on-any-resource",
    "high",
    practices=("MLSEC03-BP01",),
    on=POLICIES,
    remedy=Remedy(
        "Name the roles in `Resource`, or add "
        "`Condition: {StringEquals: {iam:PassedToService: sagemaker.amazonaws.com}}`.",
        "Name the roles in `resources`, or add a `condition` on `iam:PassedToService`.",
    ),
)
def pass_role_on_any_resource(policy: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An ML execution role may pass any role to a service, or change the permissions of any role.

    Anyone who can run code with it can start something with a more powerful role, an administrator's for
    example, in a service that this role trusts and that they may use, and so obtain all of its permissions;
    with `iam:AttachRolePolicy`, `iam:PutRolePolicy` or another permission of the kind, they give these to
    the role itself. The message names the action, the resources and the conditions as they are written.
    Several such statements of one policy are one finding.

    `role/*` of an account is any role as well.

    The role of a function that may give a role to a notebook instance, or to a Studio domain or user profile,
    counts as well: whoever works there acts with it. So does the role of a build that may start SageMaker
    jobs or create models, where it may pass any role: whoever pushes to the repository starts a job with it.
    Builds are those of CodeBuild, and of GitHub, GitLab and others whose runners a federated role trusts.

    The severity is medium for roles that a notebook or an example program makes, or that the program deletes
    again, and in workshops and tutorials, as that of IAMFullAccess is (MLS502). It is medium as well for
    builds that deploy roles themselves, and for functions that only custom resources of the project call,
    beside others that nothing calls, and that cannot change permissions themselves: only those who deploy the
    stack send them anything.

    Exceptions: Not reported when a condition on `iam:PassedToService` limits the services that roles can be
    passed to, or one on `iam:PermissionsBoundary` what permissions can be given; for policies and roles a
    statement of which allows `*` or `iam:*`, which MLS501 reports, and for policies of roles that have
    AdministratorAccess as well, which MLS502 reports.

    See [Grant a user permissions to pass a role to an AWS
    service](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html).
    """
    passing = policies.of_policy(policy).candidates(
        lambda each: passes_roles(each) | _gives_permissions(each)
    )
    if passing.is_empty() or is_administrators(policy, graph):
        return
    for_ml = is_for_ml(policy, graph) | _gives_roles_to_people(policy, graph)
    for_builds = _serves_builds(policy, graph)
    if not possibly(for_ml | for_builds):
        return
    everything = _is_reported_for_iam(policy, graph)
    milder = not_to_stay(policy, graph) or purposes.why_for_learning(graph)
    deploying = _DEPLOYS_ROLES if not possibly(for_ml) and changes_of_roles(policy, graph) else ""
    setting_up = "" if milder else why_only_sets_up(policy, graph)
    joined: list[_Granted] = []
    for statement in passing:
        found = _granted_by(statement, for_ml & ~everything, for_builds, graph)
        if certainly(found.answered):
            joined.append(found)
        else:
            weight = milder or deploying or ("" if found.may_give else setting_up)
            yield Claim(found.answered, found.place, _granted(policy, [found], graph), milder=weight)
    if joined:
        gives_any = any(each.may_give for each in joined)
        yield Claim(
            every(each.answered for each in joined),
            joined[0].place,
            _granted(policy, joined, graph),
            related=tuple((each.place, f"may {' and '.join(_what([each]))}") for each in joined[1:]),
            milder=milder or deploying or ("" if gives_any else setting_up),
        )


def _granted_by(
    statement: policies.Statement, for_ml: Answer, for_builds: Answer, graph: GraphView
) -> _Granted:
    """What a statement grants to an ML execution role, or to a build, which can only pass roles."""
    anyone = on_any_role(statement, graph)
    passes = passes_to_any_service(statement)
    gives = _gives_permissions(statement) & ~statement.narrowed_by("iam:PermissionsBoundary")
    certain = certainly(gives & anyone)
    passes_any = certainly(passes & anyone) or (possibly(passes) and not certain)
    changes: tuple[str, ...] = ()
    if certain or not passes_any:
        named = dict.fromkeys(each.words for each in statement.actions_matching(_is_escalating))
        changes = (*named,) or ("all but a few actions",)
    answered = ((for_ml & (passes | gives)) | (for_builds & passes)) & anyone
    passing = _as_written(statement) if passes_any else ""
    return _Granted(answered, statement.resources_or_others, passing, changes, possibly(gives))


def _as_written(statement: policies.Statement) -> str:
    """The action that passes roles, what it is allowed on, and its conditions, as a statement has them."""
    listed = statement.actions_matching(_passes)
    on = statement.resources_or_others
    named = [each.words for each in on.known_items()[:_LISTED]] or ([on.words] if on.words else [])
    what = listed[0].words if listed else "all but a few actions"
    where = f" on {' and '.join(named)}" if named and not on.path[-1].startswith("Not") else ""
    # One on the service, which would be the limit, admits every service here.
    keys = dict.fromkeys(key for _, key, _ in statement.conditions() if key.lower() != _SERVICE_KEY)
    condition = f", with a condition on {', '.join(keys)}" if keys else ""
    return f"{what}{where}{condition}"


def _passes(action: str) -> bool:
    return fnmatch.fnmatchcase("iam:passrole", action.lower())


def _granted(policy: ResourceView, found: list[_Granted], graph: GraphView) -> str:
    """What statements of a policy grant, in words, and what to do instead."""
    advice = (
        "name the roles, and require iam:PermissionsBoundary"
        if any(each.changes for each in found)
        else "name the roles, or limit iam:PassedToService"
    )
    return f"{may(policy, _passer(policy, graph), ' and '.join(_what(found)))}: {advice}"


def _what(found: list[_Granted]) -> list[str]:
    passing = next((each.passes for each in found if each.passes), "")
    what = [f"pass any role, with no limit on the service ({passing})"] if passing else []
    if changes := dict.fromkeys(name for each in found for name in each.changes):
        what.append(f"change the permissions of any role ({', '.join(changes)})")
    return what


def _is_escalating(action: str) -> bool:
    """Whether an action, or a pattern of actions, lets its holder change what roles may do."""
    pattern = action.lower()
    return pattern.startswith("iam:") and any(
        fnmatch.fnmatchcase(each.lower(), pattern) for each in ESCALATING
    )


def _gives_permissions(statement: policies.Statement) -> Answer:
    return statement.allows() & statement.covers_any_action(*ESCALATING)


def _is_reported_for_iam(policy: ResourceView, graph: GraphView) -> Answer:
    """Whether MLS501 reports what allows all of IAM, of which passing roles is a part.

    That is another statement of the policy, or of another policy of each of its roles.
    """
    own = some(_allows_all_of_iam(each) for each in policies.of_policy(policy))
    of_roles = [
        some(_allows_all_of_iam(each) for each in policies.of_role(role, graph).known)
        for role in policies.roles_of(policy, graph)
    ]
    return own | every(of_roles) if of_roles else own


def _gives_roles_to_people(policy: ResourceView, graph: GraphView) -> Answer:
    """Whether a function acts with a policy's role that lets it choose the role of notebooks or Studio."""
    found = [
        lets_give_roles(role, graph)
        for role in policies.roles_of(policy, graph)
        if graph.sources(role, EdgeKind.ASSUMES, FUNCTION).related
    ]
    return YES if any(certainly(each) for each in found) else NO


def _serves_builds(policy: ResourceView, graph: GraphView) -> Answer:
    """Whether builds that may start ML work act with a policy's role."""
    return policies.roles_of(policy, graph).any(lambda role: build_roles.lets_builds_start_work(role, graph))


def _passer(policy: ResourceView, graph: GraphView) -> str:
    """Who can pass roles, in words."""
    if possibly(is_for_ml(policy, graph)):
        return whom(policy, graph)
    kinds = (FUNCTION, CODE_BUILD)
    actors = (graph.sources(each, EdgeKind.ASSUMES, *kinds) for each in policies.roles_of(policy, graph))
    other = "a build" if possibly(_serves_builds(policy, graph)) else whom(policy, graph)
    named = [str(each) for some_of_one in actors for each in some_of_one]
    if len(named) > _LISTED:
        return f"{', '.join(named[:_LISTED])} and {len(named) - _LISTED} more"
    return " and ".join(named) or other


def _allows_all_of_iam(statement: policies.Statement) -> Answer:
    """Whether MLS501 reports a statement for a wildcard that passing roles is only a part of."""
    everything = statement.any_action(lambda text: text.lower() in ("*", "*:*", "iam:*"))
    return grants_wildcard_actions(statement) & (everything | statement["NotAction"].is_present())
