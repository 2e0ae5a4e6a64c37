"""Whether a statement's conditions hold for a request of which some keys are known."""

import re
from collections.abc import Mapping

from mlwa_lint.graph import patterns
from mlwa_lint.graph.iam import arns
from mlwa_lint.graph.iam.statements import Statement
from mlwa_lint.graph.iam.wildcards import any_text
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import View, why_unknown
from mlwa_lint.model.answers import YES, Answer, every, undecided
from mlwa_lint.model.values import Absent, MapValue, Reference, Unknown
from mlwa_lint.startup.patterns import lazy

# What holds for every request of an AWS service that acts with a role.
USUAL: Mapping[str, str] = {"aws:securetransport": "true", "aws:principalisawsservice": "false"}
_OPERATOR = lazy(
    r"(?:for(?:any|all)values:)?(?P<kind>string|arn)(?P<negated>not)?(?P<how>equals|like)(?P<loose>ignorecase)?"
    r"(?:ifexists)?$|(?P<bool>bool)(?:ifexists)?$",
    re.IGNORECASE,
)


def hold(statement: Statement, context: Mapping[str, str], graph: GraphView) -> Answer:
    """Whether all conditions of a statement hold; undecided for keys that the context does not have."""
    view = statement["Condition"]
    value = view.value
    if isinstance(value, Absent):
        return YES
    if isinstance(value, (Unknown, Reference)):
        return undecided(why_unknown(value))
    known = {**USUAL, **{key.lower(): text for key, text in context.items()}}
    found = [
        _holds(operator, wanted, known[key.lower()], graph)
        if key.lower() in known
        else undecided(f"a statement has a condition on {key}")
        for operator, key, wanted in statement.conditions()
    ]
    if isinstance(value, MapValue) and value.rest is not None:
        found.append(undecided(value.rest.reason))
    return every(found)


def _holds(operator: str, wanted: View, given: str, graph: GraphView) -> Answer:
    match = _OPERATOR.match(operator)
    if match is None:
        return undecided(f"a statement has a condition with {operator}")
    exact = match.group("how") is not None and match.group("how").lower() == "equals"
    loose = match.group("bool") is not None or match.group("loose") is not None
    plain = exact and match.group("kind").lower() == "string"

    def fits(view: View) -> Answer:
        pattern = arns.text_of(view, graph) if plain or loose else arns.pattern_of(view, graph)
        text = patterns.arn(patterns.text(given))
        if loose:
            pattern, text = patterns.folded(pattern), patterns.folded(text)
        return patterns.covers(pattern, text)

    answer = any_text(wanted, fits)
    return ~answer if match.group("negated") else answer
