"""Whether a change may be made without review."""

from mlwa_lint.fixes.known import replaces
from mlwa_lint.model.findings import Finding
from mlwa_lint.model.intents import Intent


def risk_of(finding: Finding, intent: Intent) -> str:
    """The risks of making a change unseen, as a phrase; empty where there are none."""
    if finding.condition is not None:
        return f"the finding holds only {finding.condition}"
    if any(each.condition is not None for each in finding.instances):
        return "the finding holds only under a condition"
    for name in intent.properties:
        if replaces(finding.resource_type, name):
            return f"changing {name} replaces the deployed resource"
    return intent.risk
