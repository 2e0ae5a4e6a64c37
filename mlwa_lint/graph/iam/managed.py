"""The AWS managed policies that are attached to a role, as statements like any other."""

from collections.abc import Mapping
from typing import Any

from mlwa_lint.facts.policies import ManagedPolicy, managed_policy
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.iam.statements import Statement
from mlwa_lint.graph.linking.naming import GAP, outline
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View, why_unknown
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Entry, ListValue, MapValue, Reference, Scalar, Unknown, Value
from mlwa_lint.startup.patterns import lazy

_AWS_POLICY = lazy(r"arn:[^:]*:iam::aws:policy/")
_POLICY_NAME = lazy(rf"^arn:[^:]*:iam::[^:]*:policy/[^{GAP}]+$")


def attached(role: ResourceView, graph: GraphView) -> tuple[list[Statement], list[str]]:
    """The statements of the policies of AWS that a role has, and why there may be others.

    A policy of the project is not among them; one of the account that the project does not declare is
    not known.
    """
    found: list[Statement] = []
    listed = role["ManagedPolicyArns"]
    unknown = [*listed.why_more()]
    for arn in listed.known_items() if not isinstance(listed.value, (Unknown, Reference)) else ():
        statements, why = of_arn(arn, role, graph)
        found += statements
        unknown += [why] if why else []
    return found, unknown


def of_arn(arn: View, role: ResourceView, graph: GraphView) -> tuple[list[Statement], str]:
    """The statements of the policy of AWS that a property names, or why they are not known."""
    value = arn.value
    text = outline(value)
    if _AWS_POLICY.match(text):
        policy = managed_policy(text)
        return (
            (statements_of(policy, arn), "") if policy is not None else ([], f"{_shown(text)} is not known")
        )
    referred = graph.targets(role, EdgeKind.REFERS_TO).related
    if any(each.edge.span == arn.value.span for each in referred):
        return [], ""  # a policy of the project
    if isinstance(value, Unknown) and not _is_named(text):
        return [], value.reason
    if isinstance(value, Reference):
        return [], why_unknown(value)
    return [], f"the policy {_shown(text)} is not part of the project"


def _is_named(text: str) -> bool:
    """Whether a text names a policy of the account, whichever account that is."""
    return _POLICY_NAME.search(text) is not None


def statements_of(policy: ManagedPolicy, place: View) -> list[Statement]:
    """The statements of a policy of AWS, reported where it is named."""
    return [
        Statement(View(place.resource, place.world, _value(each, place.span), place.path, place.span))
        for each in policy.statements
    ]


def _shown(text: str) -> str:
    return text.rpartition("policy/")[2] or text


def _value(data: Any, span: Span) -> Value:
    if isinstance(data, Mapping):
        return MapValue({key: Entry(span, _value(each, span), key) for key, each in data.items()}, span)
    if isinstance(data, list):
        return ListValue(tuple(_value(each, span) for each in data), span)
    return Scalar(data, span)
