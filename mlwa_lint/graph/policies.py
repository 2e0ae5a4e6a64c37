"""IAM policies as typed statements, in one place for all rules.

    for statement in policies.of_role(role, graph):
        yield Mistake(
            statement.allows() & statement.covers_action("iam:PassRole") & statement.on_any_resource(), …
        )

What could not be looked into leaves the rule undecided.
"""

import fnmatch
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from mlwa_lint.graph.edges import Edge, EdgeKind
from mlwa_lint.graph.kinds import ROLE
from mlwa_lint.graph.relations import GraphView, Links, Related
from mlwa_lint.graph.views import ResourceView, View, why_unknown
from mlwa_lint.jsontext import structure
from mlwa_lint.model.answers import NO, Answer, answer, certainly, every, some, undecided
from mlwa_lint.model.values import (
    Absent,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    known_text,
)
from mlwa_lint.worlds import World

POLICY = "AWS::IAM::Policy"
ROLE_POLICY = "AWS::IAM::RolePolicy"
MANAGED_POLICY = "AWS::IAM::ManagedPolicy"
ATTACHED_TYPES = (POLICY, ROLE_POLICY, MANAGED_POLICY)

# Condition keys that keep strangers out although the principal is `*`.
NARROWING_KEYS = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceip",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "aws:vpcsourceip",
        "kms:calleraccount",
        "kms:viaservice",
        "lambda:functionurlauthtype",
        "s3:dataaccesspointaccount",
        "sns:endpoint",
        "sts:externalid",
    }
)
_NEGATED = re.compile(r"not", re.IGNORECASE)
_ANY_ARN = re.compile(r"arn:[^:]+:[^:]+:\*?:\*?:\*+")
_EVERYBODY = ("*", "0.0.0.0/0", "::/0")


class Statement:
    """One statement of a policy in one world; `view` is where to report it."""

    __slots__ = ("view",)

    def __init__(self, view: View) -> None:
        self.view = view

    def __getitem__(self, key: str) -> View:
        return self.view[key]

    def __str__(self) -> str:
        sid = self.view["Sid"].text
        return f"statement {sid}" if sid else "a statement"

    # -- effect and actions

    def allows(self) -> Answer:
        """Whether it grants something."""
        return self.view["Effect"].equals("Allow")

    def denies(self) -> Answer:
        """Whether it forbids something."""
        return self.view["Effect"].equals("Deny")

    @property
    def actions(self) -> View:
        """Action; report a statement about actions here."""
        return self.view["Action"]

    def covers_action(self, action: str) -> Answer:
        """Whether it speaks about an action, `sagemaker:InvokeEndpoint`, by name or by wildcard."""
        return self._covers("Action", lambda view: _matches(view, action, re.IGNORECASE))

    def covers_any_action(self, *actions: str) -> Answer:
        """Whether it speaks about at least one of some actions."""
        return some(self.covers_action(action) for action in actions)

    def covers_service(self, service: str) -> Answer:
        """Whether it speaks about all actions of a service: `sagemaker:*`, `*`, or a NotAction of others."""
        whole = (f"{service}:*".lower(), "*", "*:*")
        listed = self.view["Action"].any_item(lambda view: view.test(lambda text: text.lower() in whole))
        others = self.view["NotAction"]
        touched = others.any_item(
            lambda view: view.test(lambda text: fnmatch.fnmatchcase(service, text.lower().partition(":")[0]))
        )
        return listed | (others.is_present() & ~touched)

    def lists_action(self, *patterns: str) -> Answer:
        """Whether an item of Action is written like one of these, wildcards included: `s3:*`, `*`."""
        wanted = {pattern.lower() for pattern in patterns}
        return self.view["Action"].any_item(lambda view: view.test(lambda text: text.lower() in wanted))

    def actions_matching(self, question: Callable[[str], bool]) -> list[View]:
        """The items of Action whose known text answers a question, for messages and places."""
        return [
            view
            for view in self.view["Action"].known_items()
            if view.text is not None and question(view.text)
        ]

    def _covers(self, key: str, question: Callable[[View], Answer]) -> Answer:
        listed = self.view[key].any_item(question)
        others = self.view[f"Not{key}"]
        return listed | (others.is_present() & ~others.any_item(question))

    # -- resources

    @property
    def resources(self) -> View:
        """Resource; report a statement about resources here."""
        return self.view["Resource"]

    def on_any_resource(self) -> Answer:
        """Whether it holds for every resource: `*`, an ARN of nothing but wildcards, or NotResource."""
        listed = self.view["Resource"].any_item(lambda view: view.test(_is_any))
        return listed | self.view["NotResource"].is_present()

    def covers_resource(self, arn: str) -> Answer:
        """Whether it speaks about a resource, by name or by wildcard."""
        return self._covers("Resource", lambda view: _matches(view, arn, 0))

    # -- principals

    def principals(self, kind: str) -> list[View]:
        """The principals of a kind (`AWS`, `Service`, `Federated`) as far as they are known."""
        return self.view["Principal"][kind].known_items() if self._has_kinds() else []

    def _has_kinds(self) -> bool:
        return isinstance(self.view["Principal"].value, MapValue)

    def any_principal(self) -> Answer:
        """Whether it speaks about everybody: `*`, `{AWS: *}`, or an Allow for NotPrincipal."""
        principal = self.view["Principal"]
        excepted = self.view["NotPrincipal"].is_present() & self.allows()
        if not self._has_kinds():
            return principal.any_item(lambda view: view.equals("*")) | excepted
        everybody = (principal[kind].any_item(lambda view: view.equals("*")) for kind in ("AWS", "*"))
        return some([*everybody, excepted])

    def for_service(self, *services: str) -> Answer:
        """Whether it speaks about a service principal: `sagemaker` for sagemaker.amazonaws.com."""
        if not self._has_kinds():
            value = self.view["Principal"].value
            return undecided(why_unknown(value)) if isinstance(value, (Unknown, Reference)) else NO
        return self.view["Principal"]["Service"].any_item(
            lambda view: view.test(lambda text: text.split(".")[0] in services)
        )

    # -- conditions

    def has_condition(self) -> Answer:
        """Whether any condition is given."""
        return self.view["Condition"].is_present()

    def conditions(self) -> Iterator[tuple[str, str, View]]:
        """Operator, key and wanted values of each condition."""
        for operator, keys in self.view["Condition"].entries():
            for key, wanted in keys.entries():
                yield operator, key, wanted

    def condition_keys(self) -> list[str]:
        """The keys that its conditions ask about, in lower case."""
        return [key.lower() for _, key, _ in self.conditions()]

    def narrowed_by(self, *keys: str) -> Answer:
        """Whether a condition on one of these keys (a trailing `*` is a wildcard) limits whom it concerns.

        Negated operators, and values that admit everybody, do not limit.
        """
        view = self.view["Condition"]
        if isinstance(view.value, (Unknown, Reference)):
            return undecided(why_unknown(view.value))
        patterns = [key.lower() for key in keys]
        found: list[Answer] = []
        for operator, key, wanted in self.conditions():
            if any(fnmatch.fnmatchcase(key.lower(), pattern) for pattern in patterns):
                base = operator.partition(":")[2] or operator
                found.append(NO if _NEGATED.search(base) else ~wanted.any_item(_admits_all))
        if isinstance(view.value, MapValue) and view.value.rest is not None:
            found.append(undecided(view.value.rest.reason))
        return some(found)

    def narrowed(self) -> Answer:
        """Whether a condition keeps strangers out: source VPC, IP, organisation, account …"""
        return self.narrowed_by(*NARROWING_KEYS, "saml:*", "token.actions.githubusercontent.com:*")

    def open_to_anyone(self) -> Answer:
        """Whether it allows something to everybody, without a condition that keeps strangers out."""
        return self.allows() & self.any_principal() & ~self.narrowed()


class Statements:
    """The statements of some documents, and why there may be more of them."""

    def __init__(self, known: Iterable[Statement], unknown: Iterable[str], world: World) -> None:
        self.known = tuple(known)
        self.unknown = tuple(dict.fromkeys(unknown))
        self._world = world

    def __iter__(self) -> Iterator[Statement]:
        """The known statements; unknown ones leave the rule undecided."""
        self._world.undecided.extend(self.unknown)
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)

    def any(self, question: Callable[[Statement], Answer]) -> Answer:
        """Whether a question is answered YES for some statement."""
        return some([*map(question, self.known), *map(undecided, self.unknown)])

    def all(self, question: Callable[[Statement], Answer]) -> Answer:
        """Whether a question is answered YES for all statements (YES for none)."""
        return every([*map(question, self.known), *map(undecided, self.unknown)])


class Document(NamedTuple):
    """A policy document and the resource that states it."""

    holder: ResourceView
    view: View


def statements(document: View) -> Statements:
    """The statements of a policy document: a map, a list of statements, or a text of JSON."""
    known, unknown = _read(document)
    return Statements(known, unknown, document.world)


def _read(document: View) -> tuple[list[Statement], list[str]]:
    value = document.value
    if isinstance(value, (Scalar, Unknown)):
        parsed = structure(value, document.span)
        if parsed is None:
            return [], [value.reason if isinstance(value, Unknown) else "a policy is no valid JSON"]
        document = View(document.resource, document.world, parsed, document.path, document.span)
        value = document.value
    if isinstance(value, Absent):
        return [], []
    if isinstance(value, ListValue):
        return _listed(document)
    if isinstance(value, MapValue):
        listed = document["Statement"]
        if isinstance(listed.value, Absent) and value.rest is not None:
            return [], [value.rest.reason]
        return _listed(listed)
    return [], [why_unknown(value)]


def _listed(view: View) -> tuple[list[Statement], list[str]]:
    value = view.value
    if isinstance(value, (Unknown, Reference)):
        return [], [why_unknown(value)]
    known: list[Statement] = []
    unknown = [value.rest.reason] if isinstance(value, ListValue) and value.rest is not None else []
    for item in view.known_items():
        if isinstance(item.value, MapValue):
            known.append(Statement(item))
        else:
            unknown.append(why_unknown(item.value))
    return known, unknown


def statements_in(documents: Iterable[Document], unknown: Iterable[str], world: World) -> Statements:
    """The statements of several documents."""
    known: list[Statement] = []
    reasons = list(unknown)
    for document in documents:
        found, why = _read(document.view)
        known += found
        reasons += why
    return Statements(known, reasons, world)


# -- which documents speak for a role, a bucket, a key


def own_documents(resource: ResourceView) -> list[Document]:
    """The documents that a resource states itself: inline policies, its policy, its key policy."""
    found: list[Document] = []
    if resource.type == ROLE or isinstance(resource["Policies"].value, ListValue):
        found += [Document(resource, each["PolicyDocument"]) for each in resource["Policies"].known_items()]
    for key in ("PolicyDocument", "KeyPolicy", "Policy"):
        view = resource[key]
        if not certainly(view.is_absent()) and resource.type != ROLE:
            found.append(Document(resource, view))
    return found


def of_policy(policy: ResourceView) -> Statements:
    """The statements that a resource states itself (not those of policies attached to it)."""
    unknown = []
    if policy.type == ROLE and isinstance(policy["Policies"].value, (Unknown, Reference)):
        unknown.append(why_unknown(policy["Policies"].value))
    return statements_in(own_documents(policy), unknown, policy.world)


def documents_of(role: ResourceView, graph: GraphView) -> tuple[list[Document], tuple[str, ...]]:
    """Every document that grants a role something, and why there may be more of them."""
    found = own_documents(role)
    unknown: list[str] = []
    policies = role["Policies"].value
    if isinstance(policies, (Unknown, Reference)):
        unknown.append(why_unknown(policies))
    elif isinstance(policies, ListValue) and policies.rest is not None:
        unknown.append(policies.rest.reason)
    attached = graph.sources(role, EdgeKind.GRANTS, *ATTACHED_TYPES)
    holders = [each.resource for each in attached.related if _attaches(each)]
    unknown += attached.unknown
    referred = graph.targets(role, EdgeKind.REFERS_TO, MANAGED_POLICY)
    holders += [each.resource for each in referred.related if each.edge.path[-1:] == ("ManagedPolicyArns",)]
    for holder in dict.fromkeys(holders):
        found += own_documents(holder)
    return found, tuple(unknown)


def of_role(role: ResourceView, graph: GraphView) -> Statements:
    """Every statement that grants a role something: inline, attached and managed policies of the project."""
    documents, unknown = documents_of(role, graph)
    return statements_in(documents, unknown, role.world)


def trust(role: ResourceView) -> Statements:
    """The statements that say who may assume a role."""
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
    unknown = attached.unknown + (referring.unknown if policy.type == MANAGED_POLICY else ())
    return Links(tuple(related), tuple(dict.fromkeys(unknown)))


def of_bucket(bucket: ResourceView, graph: GraphView) -> Statements:
    """The statements of a bucket's policies."""
    links = graph.sources(bucket, EdgeKind.GRANTS, "AWS::S3::BucketPolicy")
    holders = dict.fromkeys(each.resource for each in links.related if each.edge.path[-1:] == ("Bucket",))
    documents = [document for holder in holders for document in own_documents(holder)]
    return statements_in([*own_documents(bucket), *documents], links.unknown, bucket.world)


def _attaches(related: Related) -> bool:
    """Whether an edge comes from the list of roles rather than from the document's text."""
    return related.edge.path[-1:] in (("Roles",), ("RoleName",), ("Role",))


# -- texts with wildcards


def _matches(pattern: View, name: str, flags: int) -> Answer:
    """Whether a pattern of a policy covers a name; a partly known pattern can still be ruled out."""
    value = pattern.value
    text = known_text(value)
    if text is not None:
        return answer(_expression(text, flags).fullmatch(name) is not None, value.assumed)
    if isinstance(value, Unknown) and value.parts:
        loose = "".join(part if isinstance(part, str) else "*" for part in value.parts)
        if _expression(loose, flags).fullmatch(name) is None:
            return answer(False, value.assumed)
    return pattern.test(lambda text: False)


def _expression(pattern: str, flags: int) -> re.Pattern[str]:
    translated = "".join(".*" if sign == "*" else "." if sign == "?" else re.escape(sign) for sign in pattern)
    return re.compile(translated, flags | re.DOTALL)


def _is_any(text: str) -> bool:
    return text.strip("*") == "" or _ANY_ARN.fullmatch(text) is not None


def _admits_all(view: View) -> Answer:
    return view.one_of(_EVERYBODY)
