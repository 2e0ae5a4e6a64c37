"""The statements of an IAM policy document, with three-valued questions to each of them."""

import fnmatch
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Literal, TypeAlias

from mlwa_lint.graph.iam.wildcards import (
    admits_all,
    any_known,
    any_match,
    any_star,
    any_text,
    any_wildcard,
    begins,
    is_service,
    plain_texts,
)
from mlwa_lint.graph.views import View, why_unknown
from mlwa_lint.graph.worlds import World
from mlwa_lint.model.answers import NO, YES, Answer, every, possibly, some, undecided
from mlwa_lint.model.values import (
    Absent,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
)
from mlwa_lint.startup.patterns import lazy

# Condition keys that exclude other accounts and anonymous callers although the principal is `*`.
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
        "s3:dataaccesspointarn",
        "sns:endpoint",
        "sts:externalid",
    }
)
# What only principals of an account have: no request of a service fulfils a condition on it.
_OF_PRINCIPALS = ("aws:principaltag/*", "aws:principalorgid", "aws:principalorgpaths")
_EXCEPTING = ("notipaddress", "stringnot", "arnnot")
_NEGATED = lazy(r"not", re.IGNORECASE)
_LENIENT = lazy(r"^forallvalues:|ifexists$", re.IGNORECASE)


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

    def any_action(self, question: Callable[[str], bool]) -> Answer:
        """Whether the text of an item of Action answers a question with yes."""
        texts = plain_texts(self.view["Action"])
        if texts is not None:
            return YES if any(map(question, texts)) else NO
        return self.view["Action"].any_item(lambda action: action.test(question))

    def covers_action(self, action: str) -> Answer:
        """Whether it matches an action, `sagemaker:InvokeEndpoint`, by name or by wildcard."""
        listed = any_match(self.view["Action"], (action,), any_case=True)
        if self.view.lacks("NotAction"):
            return listed
        others = self.view["NotAction"]
        return listed | (others.is_present() & ~any_match(others, (action,), any_case=True))

    def covers_any_action(self, *actions: str) -> Answer:
        """Whether it matches at least one of some actions."""
        if self.view.lacks("NotAction"):
            return any_match(self.view["Action"], actions, any_case=True)
        return some(self.covers_action(action) for action in actions)

    def covers_service(self, service: str) -> Answer:
        """Whether it matches all actions of a service: `sagemaker:*`, `*`, or a NotAction of others."""
        whole = (f"{service}:*".lower(), "*", "*:*")
        listed = any_known(self.view["Action"], lambda text: text.lower() in whole)
        if self.view.lacks("NotAction"):
            return listed
        others = self.view["NotAction"]
        touched = any_known(others, lambda text: fnmatch.fnmatchcase(service, text.lower().partition(":")[0]))
        return listed | (others.is_present() & ~touched)

    def names_service(self, service: str) -> Answer:
        """Whether an item of Action begins with a service's name, so that it is meant: `sagemaker:*`."""
        start = f"{service}:"
        return any_text(
            self.view["Action"],
            lambda view: begins(view, start),
            lambda text: text.lower().startswith(start),
        )

    def lists_action(self, *patterns: str) -> Answer:
        """Whether an item of Action is written like one of these, wildcards included: `s3:*`, `*`."""
        wanted = {pattern.lower() for pattern in patterns}
        return any_known(self.view["Action"], lambda text: text.lower() in wanted)

    def actions_matching(self, question: Callable[[str], bool]) -> list[View]:
        """The items of Action whose known texts answer a question, for messages and places."""
        items = self.view["Action"].known_items()
        return [view for view in items if view.texts and all(map(question, view.texts))]

    # -- resources

    @property
    def resources(self) -> View:
        """Resource; report a statement about resources here."""
        return self.view["Resource"]

    @property
    def resources_or_others(self) -> View:
        """Resource, or NotResource where that is given instead."""
        others = self.view["NotResource"]
        return self.view["Resource"] if isinstance(others.value, Absent) else others

    def on_some_resource(self, question: Callable[[View], Answer]) -> Answer:
        """Whether an item of Resource answers a question with YES."""
        return any_text(self.view["Resource"], question)

    def allows_on(self, question: Callable[[View], Answer], *actions: str) -> Answer:
        """Whether it allows one of some actions, and an item of Resource answers a question with YES.

        The question, which costs the most, is not put where nothing of the kind is allowed.
        """
        allowed = self.allows() & self.covers_any_action(*actions)
        return allowed & self.on_some_resource(question) if possibly(allowed) else NO

    def on_any_resource(self) -> Answer:
        """Whether it holds for every resource: `*`, an ARN of nothing but wildcards, or NotResource."""
        listed = any_wildcard(self.view["Resource"])
        return listed if self.view.lacks("NotResource") else listed | self.view["NotResource"].is_present()

    def excludes_resource(self, arn: str) -> Answer:
        """Whether NotResource leaves a resource out."""
        return any_match(self.view["NotResource"], (arn,), any_case=False)

    # -- principals

    @property
    def principal(self) -> View:
        """Principal, or NotPrincipal where that is given instead; report whom it concerns here."""
        others = self.view["NotPrincipal"]
        return self.view["Principal"] if isinstance(others.value, Absent) else others

    def principals(self, kind: str) -> list[View]:
        """The known principals of a kind (`AWS`, `Service`, `Federated`)."""
        listed = self.view["Principal"][kind]
        if isinstance(listed.value, Unknown) and listed.value.parts:
            return [listed]
        return listed.known_items() if self._has_kinds() else []

    def _has_kinds(self) -> bool:
        return isinstance(self.view["Principal"].value, MapValue)

    def any_principal(self) -> Answer:
        """Whether it matches everyone: `*`, `{AWS: *}`, or an Allow for NotPrincipal."""
        principal = self.view["Principal"]
        excepted = self.view["NotPrincipal"].is_present() & self.allows()
        if not self._has_kinds():
            return any_star(principal) | excepted
        everyone = (any_star(principal[kind]) for kind in ("AWS", "*"))
        return some([*everyone, excepted])

    def for_service(self, *services: str) -> Answer:
        """Whether it matches a service principal: `sagemaker` for sagemaker.amazonaws.com."""
        if not self._has_kinds():
            value = self.view["Principal"].value
            return undecided(why_unknown(value)) if isinstance(value, (Unknown, Reference)) else NO
        return any_text(
            self.view["Principal"]["Service"],
            lambda view: is_service(view, services),
            lambda text: text.split(".")[0] in services,
        )

    def for_services_only(self, *services: str) -> Answer:
        """Whether the service principals that it names are all among some services."""
        listed = self.view["Principal"]["Service"] if self._has_kinds() else self.view["Principal"]
        return ~any_text(listed, lambda view: ~is_service(view, services))

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
        """The keys that its conditions test, in lower case."""
        return [key.lower() for _, key, _ in self.conditions()]

    def narrowed_by(self, *keys: str) -> Answer:
        """Whether a condition on one of these keys (a trailing `*` is a wildcard) limits whom it concerns.

        Negated operators, and values that admit everyone, do not limit.
        """
        return self._narrowed(keys, lambda operator: False)

    def narrowed(self) -> Answer:
        """Whether a condition excludes the public: source VPC, IP, organisation, account …

        A condition that holds as well where its key is missing (`…IfExists`, `ForAllValues:`) does not:
        requests from elsewhere come without the key.
        """
        keys = (*NARROWING_KEYS, "saml:*", "token.actions.githubusercontent.com:*")
        return self._narrowed(keys, lambda operator: _LENIENT.search(operator) is not None)

    def excludes_services(self) -> Answer:
        """Whether a condition requires what no request of a service has: tags, or an organization."""
        return self._narrowed(_OF_PRINCIPALS, lambda operator: _LENIENT.search(operator) is not None)

    def keys_without_services(self) -> list[str]:
        """The keys of its conditions that no request of a service has, as they are written."""
        keys = (key for _, key, _ in self.conditions())
        return [key for key in keys if any(fnmatch.fnmatchcase(key.lower(), each) for each in _OF_PRINCIPALS)]

    def _narrowed(self, keys: tuple[str, ...], ignored: Callable[[str], bool]) -> Answer:
        view = self.view["Condition"]
        if isinstance(view.value, (Unknown, Reference)):
            return undecided(why_unknown(view.value))
        patterns = [key.lower() for key in keys]
        found: list[Answer] = []
        for operator, key, wanted in self.conditions():
            if any(fnmatch.fnmatchcase(key.lower(), pattern) for pattern in patterns):
                base = operator.partition(":")[2] or operator
                open_ended = _NEGATED.search(base) or base.lower() == "null" or ignored(operator)
                exact = base.lower().startswith("stringequals")
                found.append(NO if open_ended else YES if exact else ~any_text(wanted, admits_all))
        if isinstance(view.value, MapValue) and view.value.rest is not None:
            found.append(undecided(view.value.rest.reason))
        return some(found)

    def excepts(self) -> str:
        """The condition by which it keeps out none but those that are named: `NotIpAddress`; "" without one.

        In a statement that allows something, that is rarely meant.
        """
        for operator, key, _ in self.conditions():
            base = (operator.partition(":")[2] or operator).lower().removesuffix("ifexists")
            if base.startswith(_EXCEPTING) and key.lower() in NARROWING_KEYS:
                return f"{operator} on {key}"
        return ""

    def open_to_anyone(self) -> Answer:
        """Whether it allows something to everyone, without a condition that excludes the public."""
        return self.allows() & self.any_principal() & ~self.narrowed()


# What may apply as well: whether a question about its statements is open, whose settled answer is given.
OpenTo: TypeAlias = Callable[[Callable[[Statement], Answer], Literal["yes", "no"]], list[Answer]]


class Statements:
    """The statements of some documents, and why there may be more of them.

    beside: for those of the unknown ones that are policies which may apply, a way to ask them; `unknown`
            has the reasons of these as well.
    """

    def __init__(
        self,
        known: Iterable[Statement],
        unknown: Iterable[str],
        world: World,
        beside: tuple[tuple[str, ...], OpenTo] | None = None,
    ) -> None:
        self.known = tuple(known)
        self.unknown = tuple(dict.fromkeys(unknown))
        self._world = world
        self._beside = beside

    def __iter__(self) -> Iterator[Statement]:
        """The known statements; unknown ones leave the rule undecided."""
        self._world.undecided.extend(self.unknown)
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)

    def is_empty(self) -> bool:
        """Whether there certainly is none."""
        return not (self.known or self.unknown)

    def candidates(self, question: Callable[[Statement], Answer]) -> "Statements":
        """Those for which a question is not answered NO, and what is unknown.

        Few statements are about what a rule looks for: whom a policy serves takes far longer to find out.
        """
        kept = [each for each in self.known if question(each).verdict != "no"]
        unknown = [reason for each in self._open(question, "no") for reason in each.reasons]
        return Statements(kept, unknown, self._world)

    def any(self, question: Callable[[Statement], Answer]) -> Answer:
        """Whether a question is answered YES for some statement."""
        return some([*map(question, self.known), *self._open(question, "no")])

    def any_known(self, question: Callable[[Statement], Answer]) -> Answer:
        """The same of the known statements alone."""
        return some(map(question, self.known))

    def all(self, question: Callable[[Statement], Answer]) -> Answer:
        """Whether a question is answered YES for all statements (YES for none)."""
        return every([*map(question, self.known), *self._open(question, "yes")])

    def _open(self, question: Callable[[Statement], Answer], settled: Literal["yes", "no"]) -> list[Answer]:
        """Why statements that are not known may have another answer than the one that settles nothing."""
        if self._beside is None:
            return list(map(undecided, self.unknown))
        reasons, evaluate = self._beside
        return [
            *(undecided(each) for each in self.unknown if each not in reasons),
            *evaluate(question, settled),
        ]


def statements(document: View) -> Statements:
    """The statements of a policy document: a map, a list of statements, or a text of JSON."""
    known, unknown = read(document)
    return Statements(known, unknown, document.world)


def read(document: View) -> tuple[list[Statement], list[str]]:
    """The statements of a document, and why there may be more of them."""
    value = document.value
    if isinstance(value, (Scalar, Unknown)):
        from mlwa_lint.model.partial_json import structure

        parsed = structure(value)
        if parsed is None:
            return [], [value.reason if isinstance(value, Unknown) else "a policy is not read as JSON"]
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
