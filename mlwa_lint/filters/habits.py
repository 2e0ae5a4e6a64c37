"""What the programs and notebooks of one repository leave out or state alike: one habit, one finding."""

from collections.abc import Callable
from typing import TypeAlias

from mlwa_lint.files import NOTEBOOK, PROGRAMS
from mlwa_lint.model.findings import Finding
from mlwa_lint.model.resources import MODEL_CALL
from mlwa_lint.model.spans import Span, start_of
from mlwa_lint.startup.patterns import lazy

# The rule, where it is, and what else findings have in common.
_Key: TypeAlias = tuple[str, Span, str, str, str | None]

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
_HOSTING = frozenset({"AWS::SageMaker::Endpoint", "AWS::SageMaker::EndpointConfig"})
_NOWHERE = start_of("")
# Properties that name images.
_IMAGES = ("Image", "ImageUri", "ContainerUri")


def omission_key(
    finding: Finding, repository_of: Callable[[str], str], wording_of: Callable[[Finding], str]
) -> _Key | None:
    """What findings share about what programs of one repository leave out of their jobs, models or endpoints.

    Copies of one launcher are corrected together, as are notebooks and endpoints, about which only what
    weighs little is one: notebooks are trials, each by itself, and each endpoint has its users. What weighs
    differently stays apart, as does what they state.
    """
    path = finding.span.path
    if finding.written is not None or not path.endswith(PROGRAMS):
        return None
    if finding.resource_type not in STEPS and finding.resource_type not in _HOSTING:
        return None
    in_notebook = path.endswith(NOTEBOOK)
    # What weighs more about an endpoint or in a notebook stays at each place.
    is_apart = in_notebook or finding.resource_type in _HOSTING
    if is_apart and finding.severity not in ("low", "info"):
        return None
    wording = OTHERS.sub("", wording_of(finding))
    what = f"{in_notebook} {finding.stated} {finding.property} {finding.severity} {wording}"
    return finding.code, _NOWHERE, repository_of(path), what, finding.suppressed


def repeated_key(
    finding: Finding, repository_of: Callable[[str], str], wording_of: Callable[[Finding], str]
) -> _Key | None:
    """What findings share whose value the programs of one repository repeat, such as a type of instance.

    Jobs and endpoints call it differently; what it should be counts. What weighs more stays at each place,
    but for one image that several programs run, and one model that they ask.
    """
    path, written = finding.span.path, finding.written
    if written is None or not path.endswith(PROGRAMS):
        return None
    if finding.resource_type == MODEL_CALL:
        # A model that has ended is replaced wherever it is named; some of the places matter less.
        used = wording_of(finding).partition(" uses ")[2].partition(":")[0]
        return finding.code, _NOWHERE, repository_of(path), f"{written.checksum} {used}", finding.suppressed
    weighs_little = finding.severity in ("low", "info")
    if finding.property.endswith(_IMAGES):
        # The tag is what matters: variants of a program run one image, or several that nothing versions.
        which = "" if weighs_little else written.checksum
        what = f"{finding.severity} image {which} {wording_of(finding).rpartition(' has ')[2]}"
        return finding.code, _NOWHERE, repository_of(path), what, finding.suppressed
    if not weighs_little:
        return None
    what = f"{finding.severity} {written.checksum} {wording_of(finding).rpartition(' should ')[2]}"
    return finding.code, _NOWHERE, repository_of(path), what, finding.suppressed
