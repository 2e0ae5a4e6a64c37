"""What findings have in common that are put together, and what several keys of that ask."""

from collections.abc import Callable
from typing import TypeAlias

from mlwa_lint.model.findings import Finding, Written
from mlwa_lint.model.spans import Span
from mlwa_lint.startup.patterns import lazy

Shared: TypeAlias = tuple[str, Span | Written, str, str, str | None]
# The repository of a file, by its path.
RepositoryOf: TypeAlias = Callable[[str], str]

# What the steps of a pipeline that a program builds request.
STEPS = frozenset(
    f"AWS::SageMaker::{each}"
    for each in (
        *("TrainingJob", "ProcessingJob", "TransformJob", "HyperParameterTuningJob", "AutoMLJob"),
        *("Model", "ModelPackage"),
    )
)

# The other resources that a message names: "the same role as TrainingJob train and 3 others".
OTHERS = lazy(
    r"\b(?:(?:Training|Processing|Transform|HyperParameterTuning|AutoML)Job|Model(?:Package)?|Pipeline"
    r"|Endpoint(?:Config)?) [^\s:,]+(?: and \d+ others?)?"
)


def is_at_resource(finding: Finding) -> bool:
    """Whether a finding is where its resource is; calls of the SDK are its whole, or what they call."""
    at, resource = finding.span, finding.resource_span
    return (at.path, at.line, at.column) == (resource.path, resource.line, resource.column)
