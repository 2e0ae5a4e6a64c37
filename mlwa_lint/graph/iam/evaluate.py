"""What a role may do, decided from all policies that apply to it, and which statement decides.

    wanted = Request("s3:GetObject", arns.of_objects(bucket, graph, (ANYTHING,)))
    decision = role_may(role, wanted, graph, bucket)
    if certainly(~decision.answer): …  # no policy allows it, or decision.statement denies it

A Deny overrides every Allow. What the role's policies or the resource's policy allow the role counts within
its permissions boundary. A key is open only to whom its policy names, or to whom it leaves to IAM.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal, TypeAlias

from mlwa_lint.graph import patterns
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.iam import arns, conditions, managed, policies
from mlwa_lint.graph.iam.statements import Statement, Statements, read
from mlwa_lint.graph.iam.wildcards import any_text, is_star
from mlwa_lint.graph.kinds import KEY
from mlwa_lint.graph.linking.naming import outline
from mlwa_lint.graph.patterns import PatternText
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View, why_unknown
from mlwa_lint.model.answers import NO, YES, Answer, certainly, possibly, some, undecided
from mlwa_lint.model.values import Absent, MapValue, Reference, Unknown
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

By: TypeAlias = Literal["allow", "deny", "boundary", "nothing", "unknown"]

# Where types of resources state the policy that applies to them.
_OWN_POLICIES = {
    KEY: "KeyPolicy",
    "AWS::ECR::Repository": "RepositoryPolicyText",
    "AWS::OpenSearchService::Domain": "AccessPolicies",
}
# Types whose policies are resources of their own, and the property that holds the document.
_SEPARATE_POLICIES = {
    "AWS::S3Vectors::VectorBucket": ("AWS::S3Vectors::VectorBucketPolicy", "Policy"),
    "AWS::SecretsManager::Secret": ("AWS::SecretsManager::ResourcePolicy", "ResourcePolicy"),
}
_ROOT = lazy(r"(?:arn:[^:]*:iam::)?(\d{12}|\0)(?::root)?$")


class AccessRequest(NamedTuple):
    """A requested action on a resource; `context` has the condition keys whose values are known."""

    action: str
    resource: PatternText
    context: Mapping[str, str] = {}


class Decision(NamedTuple):
    """Whether a request is allowed.

    statement: the one that decides, or the first that may; None where none matches the request.
    by:        what decides: an Allow, a Deny, the permissions boundary, no statement, or what is unknown.
    """

    answer: Answer
    statement: Statement | None
    by: By


class Ruling(NamedTuple):
    """The answer of some statements to a request, and the first statement of each effect that may apply."""

    allowed: Answer
    denied: Answer
    allow: Statement | None = None
    deny: Statement | None = None


_NOTHING = Ruling(NO, NO)
_EVERYTHING = Ruling(YES, NO)


# -- one set of statements


def applies(statement: Statement, request: AccessRequest, graph: GraphView) -> Answer:
    """Whether a statement matches a request, whatever its effect and principal."""
    action = statement.covers_action(request.action)
    if not possibly(action):
        return NO
    resource = covers_resource(statement, request.resource, graph)
    if not possibly(resource):
        return NO
    return action & resource & conditions.hold(statement, request.context, graph)


def covers_resource(statement: Statement, resource: PatternText, graph: GraphView) -> Answer:
    """Whether a statement is about a resource, whatever its actions and conditions."""

    def covers(view: View) -> Answer:
        return patterns.covers(arns.pattern_of(view, graph), resource)

    others = statement["NotResource"]
    if not isinstance(others.value, Absent):
        return ~any_text(others, covers)
    listed = statement["Resource"]
    return YES if isinstance(listed.value, Absent) else any_text(listed, covers)


def ruling(
    statements: Iterable[Statement],
    unknown: Iterable[str],
    request: AccessRequest,
    graph: GraphView,
    concerns: Callable[[Statement], Answer] = lambda statement: YES,
) -> Ruling:
    """The answer of some statements to a request; `unknown` is why there may be more of them."""
    found: dict[bool, list[tuple[Answer, Statement]]] = {True: [], False: []}
    for statement in statements:
        applicable = applies(statement, request, graph)
        if not possibly(applicable):
            continue
        applicable = applicable & concerns(statement)
        for allows, effect in ((True, statement.allows()), (False, statement.denies())):
            if possibly(applicable & effect):
                found[allows].append((applicable & effect, statement))
    others = [*map(undecided, dict.fromkeys(unknown))]
    return Ruling(
        some([*(answer for answer, _ in found[True]), *others]),
        some([*(answer for answer, _ in found[False]), *others]),
        _first(found[True]),
        _first(found[False]),
    )


def _first(found: list[tuple[Answer, Statement]]) -> Statement | None:
    """The first statement that certainly applies, else the first that may."""
    sure = (statement for answer, statement in found if certainly(answer))
    return next(sure, found[0][1] if found else None)


# -- a role


def role_may(
    role: ResourceView, request: AccessRequest, graph: GraphView, target: ResourceView | None = None
) -> Decision:
    """Whether a role may do something; `target` is the resource of the project that it is about, if any."""
    own = identity(role, graph)
    mine = ruling(own.known, own.unknown, request, graph)
    boundary = _boundary(role, request, graph)
    stated = policy_of(target, graph) if target is not None else None
    if stated is None:
        return _decided(mine, boundary, _NOTHING, YES, NO)

    def concerns(statement: Statement) -> Answer:
        return _names(statement, role, graph)

    def open_to_all(statement: Statement) -> Answer:
        return statement.any_principal()

    theirs = ruling(stated.known, stated.unknown, request, graph, concerns)
    everyone = ruling(stated.known, (), request, graph, open_to_all).allowed
    left = YES
    if target is not None and target.type == KEY:
        left = some(
            [
                *(
                    statement.allows() & applies(statement, request, graph) & _names_account(statement)
                    for statement in stated.known
                ),
                *map(undecided, stated.unknown),
            ]
        )
    return _decided(mine, boundary, theirs, left, everyone)


def _decided(mine: Ruling, boundary: Ruling, theirs: Ruling, left: Answer, everyone: Answer) -> Decision:
    """The answer of all policies together.

    left:      whether the resource leaves it to the role's own policies.
    everyone: whether the resource's policy allows it to everyone, which no boundary limits.
    """
    granted = theirs.allowed | (mine.allowed & left)
    denied = mine.denied | boundary.denied | theirs.denied
    answer = ((boundary.allowed & granted) | everyone) & ~denied
    denying = next((each.deny for each in (mine, boundary, theirs) if certainly(each.denied)), None)
    if certainly(denied):
        return Decision(answer, denying, "deny")
    allowing = theirs.allow if certainly(theirs.allowed) else mine.allow or theirs.allow
    if certainly(answer):
        return Decision(answer, allowing, "allow")
    if not possibly(answer):
        return Decision(answer, None, "nothing" if not possibly(granted) else "boundary")
    doubtful = next((each.deny for each in (mine, boundary, theirs) if each.deny is not None), None)
    return Decision(answer, doubtful or allowing, "unknown")


def identity(role: ResourceView, graph: GraphView) -> Statements:
    """Every statement of the policies that a role has: its own, the project's, and those that AWS manages."""
    documents, unknown = policies.documents_of(role, graph)
    project = policies.statements_in(documents, unknown, role.world)
    of_aws, missing = managed.attached(role, graph)
    return Statements([*project.known, *of_aws], [*project.unknown, *missing], role.world)


def _boundary(role: ResourceView, request: AccessRequest, graph: GraphView) -> Ruling:
    """The answer of the permissions boundary; everything is allowed where a role has none."""
    view = role["PermissionsBoundary"]
    value = view.value
    if isinstance(value, Absent):
        return _EVERYTHING
    holder = graph.graph.by_address.get(value.address) if isinstance(value, Reference) else None
    if holder is None:
        known, reason = managed.of_arn(view, role, graph)
        return ruling(known, [reason] if reason else [], request, graph)
    documents = policies.own_documents(ResourceView(holder, graph.world))
    stated = policies.statements_in(documents, (), role.world)
    return ruling(stated.known, stated.unknown, request, graph)


# -- the resource's policy


def policy_of(target: ResourceView, graph: GraphView) -> Statements | None:
    """The statements of the policy of a resource; None where the project states none for it."""
    if target.type == "AWS::S3::Bucket":
        return policies.of_bucket(target, graph)
    own = _OWN_POLICIES.get(target.type)
    if own is not None:
        view = target[own]
        return None if isinstance(view.value, Absent) else _statements([view], (), target)
    separate = _SEPARATE_POLICIES.get(target.type)
    if separate is None:
        return None
    holders = graph.sources(target, EdgeKind.REFERS_TO, separate[0])
    return _statements([each[separate[1]] for each in holders], holders.unknown, target)


def _statements(views: list[View], unknown: tuple[str, ...], target: ResourceView) -> Statements:
    known: list[Statement] = []
    reasons = list(unknown)
    for view in views:
        found, why = read(view)
        known += found
        reasons += why
    return Statements(known, reasons, target.world)


def _names(statement: Statement, role: ResourceView, graph: GraphView) -> Answer:
    """Whether a statement of a resource's policy concerns a role.

    An Allow does that by the role's ARN or for everyone; a Deny for the whole account as well.
    """
    others = statement["NotPrincipal"]
    excepted = not isinstance(others.value, Absent)
    view = others if excepted else statement["Principal"]
    listed = view["AWS"] if isinstance(view.value, MapValue) else view
    whole_account = certainly(statement.denies()) and not excepted
    arn = arns.of_resource(role, graph)

    def matches(each: View) -> Answer:
        if each.text == "*":
            return YES
        found = patterns.covers(arns.text_of(each, graph), arn)
        return found | _is_own_account(each) if whole_account else found

    named = any_text(listed, matches)
    return ~named if excepted else named


def _names_account(statement: Statement) -> Answer:
    """Whether a statement leaves its permissions to the account's IAM policies."""
    view = statement["Principal"]
    listed = view["AWS"] if isinstance(view.value, MapValue) else view
    return any_text(listed, lambda each: is_star(each) | _is_own_account(each))


def _is_own_account(view: View) -> Answer:
    """Whether a principal is the account that the project is deployed to.

    A literal number may be that of another one.
    """
    value = view.value
    match = _ROOT.match(outline(value))
    if match is None:
        return NO
    if isinstance(value, Unknown):
        parts = value.parts or (value,)
        own = any(isinstance(each, Unknown) and arns.is_account(each) for each in parts)
        return YES if own else undecided(why_unknown(value))
    return undecided(f"{match.group(1)} may be another account")
