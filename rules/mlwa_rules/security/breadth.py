"""How much a role may do: whether it is certainly limited, and whether it may administer the account."""

from mlwa_lint.graph.iam import managed, policies
from mlwa_lint.graph.queries import roles
from mlwa_lint.rule import YES, Answer, GraphView, ResourceView, certainly, possibly, some
from mlwa_rules.security.wildcards import ADMINISTRATION, BROAD_POLICIES, grants_wildcard_actions

_WRITING = ("s3:PutObject", "s3:DeleteObject", "s3:PutBucketPolicy")
_READING_IAM = ("iam:get", "iam:list", "iam:passrole", "iam:simulate", "iam:generate")


def is_limited(role: ResourceView, graph: GraphView) -> bool:
    """Whether all that a role may do is known, and none of it is broad."""
    stated = policies.of_role(role, graph)
    of_aws, unknown = managed.attached(role, graph)
    if stated.unknown or unknown or _has_policy(role, *ADMINISTRATION, *BROAD_POLICIES):
        return False
    return not any(possibly(_is_broad(each)) for each in (*stated.known, *of_aws))


def is_administrative(role: ResourceView, graph: GraphView) -> Answer:
    """Whether a role may do everything, or change what roles and users may do."""
    if _has_policy(role, *ADMINISTRATION):
        return YES
    return some(_is_administrative(each) for each in policies.of_role(role, graph).known)


def _has_policy(role: ResourceView, *names: str) -> bool:
    """Whether one of some policies of AWS is certainly attached to a role."""
    attached = role["ManagedPolicyArns"].known_items()
    return any(certainly(roles.is_aws_policy(arn, name)) for arn in attached for name in names)


def _is_broad(statement: policies.Statement) -> Answer:
    everywhere = statement.on_any_resource()
    writes = statement.covers_any_action(*_WRITING) & everywhere
    passes = statement.covers_action("iam:PassRole") & ~statement.narrowed_by("iam:PassedToService")
    any_role = everywhere | roles.is_any_role(statement.resources)
    rest = grants_wildcard_actions(statement) | _changes_iam(statement)
    return statement.allows() & (writes | (passes & any_role) | rest)


def _is_administrative(statement: policies.Statement) -> Answer:
    everything = statement.covers_service("iam") & statement.on_any_resource()
    return statement.allows() & (everything | _changes_iam(statement))


def _changes_iam(statement: policies.Statement) -> Answer:
    return statement.any_action(
        lambda text: text.lower().startswith("iam:") and not text.lower().startswith(_READING_IAM)
    )
