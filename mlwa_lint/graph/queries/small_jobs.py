"""Jobs of which little could be saved: small ones, and those that someone tries by hand."""

import re
from math import inf

from mlwa_lint.graph.jobs import Job
from mlwa_lint.graph.machines.instances import accelerator, xlarge_units
from mlwa_lint.graph.views import View
from mlwa_lint.model.answers import Answer, answer, certainly, every
from mlwa_lint.model.values import known_text

# In multiples of an xlarge.
_SMALL = 4
# So many hours of an xlarge without an accelerator cost less than the effort that spot capacity takes: it is
# what two hours of the largest small job are.
_FEW_XLARGE_HOURS = 2 * _SMALL
# Families of small GPUs, made for graphics.
_GRAPHICS = r"^ml\.g\d"
# How scripts call the passes over their data, and of how many of them training takes minutes on CPUs.
_PASSES = frozenset(
    {"epoch", "epochs", "max_epochs", "n_epochs", "num_epochs", "num_train_epochs", "train_epochs"}
)
_FEW_PASSES = 5
_DIGITS = re.compile(r"\"?\d{1,6}\"?")
_SCIKIT_LEARN = "sagemaker-scikit-learn"
_MODEST = "someone starts it, on one instance with one small GPU at most, and states no limit"
_BRIEF = "someone starts it on one instance without an accelerator, for a few passes over its data"
_UNINTERRUPTED = "someone starts it on one instance, and scikit-learn writes no checkpoints to resume from"


def why_tried(job: Job) -> str:
    """Why spot capacity would save little for a job that someone starts by hand; empty where it may not."""
    if certainly(_is_modest(job)):
        return _MODEST
    plain = every(each.type.test(lambda text: accelerator(text) is None) for each in job.instances)
    if not certainly(plain & ~job.runs_on_several_instances()):
        return ""
    if any(certainly(image.tail("/", lambda name: name.startswith(_SCIKIT_LEARN))) for image in job.images):
        return _UNINTERRUPTED
    passes = (view for each in job.settings for name, view in each.entries() if name.lower() in _PASSES)
    return _BRIEF if any(_number(view) <= _FEW_PASSES for view in passes) else ""


def _number(view: View) -> float:
    """A number, as hyperparameters have it, which are texts; without end where it is not known."""
    text = known_text(view.value)
    return float(text.strip('"')) if text is not None and _DIGITS.fullmatch(text) else inf


def is_small(job: Job) -> Answer:
    """Whether a job runs on instances without an accelerator, of 4xlarge at most in total."""
    small = every(each.type.test(_is_small_type) for each in job.instances)
    return small & (~job.runs_on_several_instances() | answer(_are_few(job)))


def saves_little(job: Job, hours: float) -> Answer:
    """Whether so many hours on the instances of a job cost little altogether."""
    cheap = every(each.type.test(lambda text: _is_cheap_type(text, hours)) for each in job.instances)
    total = _total_units(job)
    return cheap & (~job.runs_on_several_instances() | answer(0 < total * hours <= _FEW_XLARGE_HOURS))


def _is_cheap_type(text: str, hours: float) -> bool:
    return accelerator(text) is None and 0 < xlarge_units(text) * hours <= _FEW_XLARGE_HOURS


def _are_few(job: Job) -> bool:
    """Whether the instances of a job are known and together no larger than a single small one may be."""
    return 0 < _total_units(job) <= _SMALL


def _total_units(job: Job) -> float:
    """The size of all instances of a job, in multiples of an xlarge; 0 where one of them is not known."""
    groups = [each for each in job.instances if not each.alternative]
    sizes = [(each.number.number or 0) * xlarge_units(each.type.text or "") for each in groups]
    return sum(sizes) if all(sizes) else 0


def _is_modest(job: Job) -> Answer:
    """Whether a job runs on one instance of 4xlarge at most, with the GPU of a graphics family at most."""
    modest = every(each.type.matches(_GRAPHICS) & each.type.test(_has_few_units) for each in job.instances)
    return modest & ~job.runs_on_several_instances()


def _has_few_units(text: str) -> bool:
    return xlarge_units(text) <= _SMALL


def _is_small_type(text: str) -> bool:
    return accelerator(text) is None and xlarge_units(text) <= _SMALL
