"""Objects of the SDK that are not requests themselves, but hold what a step of a pipeline reads of others."""

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.values import DictObj, Entries, Item, PyValue, Site
from mlwa_lint.frontends.python.sdk.families import FAMILIES
from mlwa_lint.frontends.python.sdk.objects import SdkObject
from mlwa_lint.model.values import Scalar

_KEPT = frozenset(
    {
        *("CheckJobConfig", "CreateModelInput", "DriftCheckBaselines", "EMRStepConfig", "FileSource"),
        *("JsonGet", "MetricsSource", "ModelMetrics", "PropertyFile", "S3CleanupSource", "TransformInput"),
    }
)
_JOIN = ("workflow.functions.Join", "workflow.Join")


def referring(core: Core, path: str, name: str, site: Site) -> PyValue | None:
    """A condition, an input, a file or a text that a pipeline puts together; else None."""
    if path.endswith("hyperparameters.retrieve_default"):
        return DictObj(Entries(), site.span)  # numbers and names, of which the program may change some
    if name == "Join" and path.endswith(_JOIN):
        return _joined(core, site)
    is_condition = name.startswith("Condition") and ".workflow." in path and name not in FAMILIES
    return SdkObject(core, name, site) if name in _KEPT or is_condition else None


def _joined(core: Core, site: Site) -> PyValue:
    """`Join(on="/", values=[...])`, as the definition of a pipeline has it."""
    on, values = site.value("on", 0), site.value("values", 1)
    computed = core.unknown("it is computed", site.span)
    cells = {
        "On": Item(site.span, Scalar("", site.span) if on is None else on),
        "Values": Item(site.span, computed if values is None else values),
    }
    joined = DictObj(Entries(cells), site.span)
    return DictObj(Entries({"Std:Join": Item(site.span, joined)}), site.span)


__all__ = ["referring"]
