"""Policies of buckets that allow something to everyone: one claim for all such statements of a policy."""

from collections.abc import Iterator, Sequence

from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.iam.statements import Statement
from mlwa_lint.graph.kinds import BUCKET
from mlwa_lint.graph.queries import buckets, data, opened
from mlwa_lint.graph.queries.safeguards import is_place_of_models
from mlwa_lint.model.findings import SEVERITIES, Severity
from mlwa_lint.rule import Answer, Claim, EdgeKind, GraphView, ResourceView, View, certainly, some

_FOR_POLICIES = ("BlockPublicPolicy", "RestrictPublicBuckets")
_NAMED = 3
_WORST: Severity = "high"


def claims_of_policy(policy: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """What a policy of a bucket allows to everyone: at the statement of most weight, with the others."""
    owners = graph.targets(policy, EdgeKind.GRANTS, BUCKET).related
    owned = [each.resource for each in owners if each.edge.path == ("Bucket",)]
    site = some(buckets.serves_website(each, graph) for each in owned)
    other = some(~data.is_ml_bucket(each, graph) for each in owned)
    unblocking = tuple(what_unblocks(owned, _FOR_POLICIES))
    found: list[tuple[Severity | None, Statement, Answer]] = []
    for statement in policies.of_policy(policy):
        severity: Severity | None = "low" if certainly(opened.reads_only(statement) & site) else None
        if certainly(opened.reads_objects_only(statement)):
            severity = "info" if certainly(site) else "medium" if certainly(other) else None
        if severity == "medium" and (statement.excepts() or any(map(is_place_of_models, owned))):
            severity = None  # no one means that to be public
        is_open = statement.open_to_anyone()
        if certainly(is_open):
            found.append((severity, statement, is_open))
        else:
            yield Claim(is_open, statement.principal, _message(policy, [statement]), severity, unblocking)
    if found:
        found.sort(key=lambda each: SEVERITIES.index(each[0] or _WORST))
        statements = [statement for _, statement, _ in found]
        related = (*_others(statements), *unblocking)
        worst, first, _ = found[0]
        answered = some(is_open for _, _, is_open in found)
        yield Claim(answered, first.principal, _message(policy, statements), worst, related)


def what_unblocks(owned: list[ResourceView], settings: tuple[str, ...]) -> Iterator[tuple[View, str]]:
    """Where buckets switch off what would block a policy, or a list, for everyone."""
    for bucket in owned:
        for key in settings:
            setting = bucket["PublicAccessBlockConfiguration"][key]
            if certainly(setting.is_false()):
                yield setting, "is false, so that S3 does not stop it"


def _others(statements: Sequence[Statement]) -> Iterator[tuple[View, str]]:
    for each in statements[1:]:
        yield each.principal, f"everyone is allowed {_actions(each)} here"


def _message(policy: ResourceView, statements: Sequence[Statement]) -> str:
    first = statements[0]
    if len(statements) == 1 and (condition := first.excepts()):
        message = (
            f"{policy} is open to anyone: {first} allows {_actions(first)} to everyone but those that its"
        )
        return f"{message} condition {condition} names"
    named = [f"{each} allows {_actions(each)}" for each in statements[:_NAMED]]
    more = len(statements) - len(named)
    what = ", ".join(named) + f" and {more} more allow something" * bool(more)
    if not more and len(named) > 1:
        what = " and ".join((", ".join(named[:-1]), named[-1]))
    return f"{policy} is open to anyone: {what} to everyone, without a condition on the source or the account"


def _actions(statement: Statement) -> str:
    """What a statement allows, for messages: its first actions."""
    named = [each.text or "" for each in statement.actions_matching(bool)] or ["access"]
    return ", ".join(named[:3]) + (f" and {len(named) - 3} more" if len(named) > 3 else "")
