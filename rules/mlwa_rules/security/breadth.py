"""How much a role certainly may do, in words: whether it administers the account, or all of a service."""

from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.queries import roles
from mlwa_lint.rule import Answer, GraphView, ResourceView, certainly
from mlwa_rules.security.wildcards import ADMINISTRATION, BROAD_ACTIONS, grants_wildcard_actions

# What lets its holder give itself, or another role, all other permissions.
ESCALATING = (
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:CreateAccessKey",
    "iam:CreatePolicyVersion",
    "iam:PutRolePolicy",
    "iam:PutUserPolicy",
    "iam:SetDefaultPolicyVersion",
    "iam:UpdateAssumeRolePolicy",
)
# Those with which notebooks act as production, or on everyone's data.
_FULL_ACCESS = ("AmazonSageMakerFullAccess", "AmazonS3FullAccess")


def how_it_administers(role: ResourceView, graph: GraphView) -> str:
    """What shows that a role may do everything, or give out permissions; empty where nothing does."""
    named = _policy_of(role, *ADMINISTRATION)
    if named:
        return f"has {named}"
    stated = policies.of_role(role, graph).known
    if any(certainly(each.allows() & _covers_everything(each)) for each in stated):
        return "may do everything"
    return "may change IAM" if any(certainly(_changes_iam(each)) for each in stated) else ""


def how_it_is_broad(role: ResourceView, graph: GraphView) -> str:
    """What shows that a role may do all of a service, or pass any role; empty where nothing does."""
    named = _policy_of(role, *_FULL_ACCESS)
    if named:
        return f"has {named}"
    stated = policies.of_role(role, graph).known
    for statement in stated:
        if certainly(grants_wildcard_actions(statement)):
            listed = statement.actions_matching(lambda text: text.lower() in BROAD_ACTIONS)
            return f"allows {listed[0].words if listed else 'all but a few actions'} on every resource"
    return "may pass any role" if any(certainly(_passes_any_role(each)) for each in stated) else ""


def _policy_of(role: ResourceView, *names: str) -> str:
    """The first of some policies of AWS that is certainly attached to a role."""
    attached = role["ManagedPolicyArns"].known_items()
    return next((name for arn in attached for name in names if certainly(roles.is_aws_policy(arn, name))), "")


def _covers_everything(statement: policies.Statement) -> Answer:
    return statement.lists_action("*", "*:*") & statement.on_any_resource()


def _changes_iam(statement: policies.Statement) -> Answer:
    allowed = statement.allows() & statement.covers_any_action(*ESCALATING)
    return allowed & (statement.on_any_resource() | roles.is_any_role(statement.resources))


def _passes_any_role(statement: policies.Statement) -> Answer:
    passes = statement.allows() & statement.covers_action("iam:PassRole")
    anyone = statement.on_any_resource() | roles.is_any_role(statement.resources)
    return passes & anyone & ~statement.narrowed_by("iam:PassedToService")
