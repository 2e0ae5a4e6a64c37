"""What the variants of one endpoint configuration have in common: the same is to be changed at each."""

import re

from mlwa_lint.model.findings import Finding
from mlwa_lint.model.spans import Span, start_of

_CONFIG = "AWS::SageMaker::EndpointConfig"
_VARIANTS = ("ProductionVariants.", "ShadowProductionVariants.")
_NAME = re.compile(r"\bvariant (?!with\b)[\w.-]{1,63}(?: or [\w.-]{1,63})?")


def is_of_variant(finding: Finding) -> bool:
    """Whether a finding is about a variant of an endpoint configuration."""
    return finding.resource_type == _CONFIG and finding.property.startswith(_VARIANTS)


def variants_key(finding: Finding) -> tuple[str, Span, str, str, str | None] | None:
    """What findings share that say the same of several variants of one configuration."""
    if not is_of_variant(finding):
        return None
    wording = f"{finding.severity} {_NAME.sub('', finding.message)} {finding.condition}"
    return finding.code, start_of(finding.span.path), finding.address, wording, finding.suppressed


def place_of_variant(finding: Finding) -> str:
    """What to call the place of a finding that was joined with others: the variant, or its resource."""
    named = _NAME.search(finding.message) if is_of_variant(finding) else None
    return finding.address if named is None else named.group()
