"""Whether a change may be made without anybody looking at it."""

from mlwa_lint.model.findings import Finding
from mlwa_lint.model.intents import Intent


def risk_of(finding: Finding, intent: Intent) -> str:
    """What speaks against making a change unseen, as a phrase; empty where nothing does."""
    if finding.condition is not None:
        return f"it is found only {finding.condition}"
    return intent.risk
