"""Requirements that programs and scripts of a project pack into the archives of models.

A container of AWS installs `code/requirements.txt` of a model's archive when it starts. A program that
creates a model with boto3 names the archive alone; another one packs it.
"""

import re
from collections.abc import Sequence
from weakref import WeakKeyDictionary

from mlwa_lint.files.texts import PathSteps, is_test
from mlwa_lint.frontends.python.evaluation.values import Item
from mlwa_lint.frontends.python.ledger import Created
from mlwa_lint.frontends.python.uses.containers import images_of
from mlwa_lint.frontends.python.uses.project import PYTHON, SHELL, Uses
from mlwa_lint.model.resources import FETCHES
from mlwa_lint.model.values import SDK_ACCOUNT, ListValue, MapValue, Unknown, Value

_MODEL = "AWS::SageMaker::Model"
_PACKS = re.compile(rb"\btar -?[a-zA-Z]*c|\btarfile\.open\([^\n]*[\"']w|\bmake_archive\(")
_HOLDS_CODE = re.compile(rb"\binference\.py\b|\bcode/")
# A requirements.txt that is copied or added, wherever to.
_REQUIREMENTS = re.compile(
    rb"(?i)(?:\bcp |copy\w*\(|\.add\(|\.write\()[^\n]*(?:requirements\.txt|\breq\w*_(?:file|path)\b)"
)
_DATA = frozenset({"ModelDataUrl", "ModelDataSource"})
_BETWEEN = re.compile(r"[^a-z]+")
# What names of such files have in common, whatever the model.
_GENERAL = frozenset(
    {"archive", "build", "create", "deploy", "endpoint", "job", "model", "pack", "package", "py", "run", "sh"}
)
# The files of a project that pack archives with code, for all of its programs.
_known: "WeakKeyDictionary[Uses, list[PathSteps]]" = WeakKeyDictionary()


def note_packing(created: Sequence[Created], uses: Uses) -> None:
    """Notes of models on images of AWS that their archives may hold requirements, which need the network."""
    for each in created:
        if each.kind != _MODEL or FETCHES in each.cells or not _has_archive(each):
            continue
        steps = uses.steps_of(each.span.path)
        if steps is None or not any(map(_is_of_aws, images_of(each.value))):
            continue
        packing = next(
            (file for file in _packers(steps, uses) if _REQUIREMENTS.search(uses.texts[file])), None
        )
        if packing is not None:
            reason = f"{'/'.join(packing)} may pack requirements that its container installs"
            each.cells[FETCHES] = Item(each.span, Unknown(reason, each.span))


def _has_archive(made: Created) -> bool:
    return any(
        isinstance(container, MapValue) and not _DATA.isdisjoint(container.entries)
        for key in ("PrimaryContainer", "Containers")
        for container in _containers(made.value(key))
    )


def _containers(held: Value | None) -> Sequence[Value | None]:
    return held.items if isinstance(held, ListValue) else (held,)


def _is_of_aws(image: Value) -> bool:
    """Whether an image is, or may be, one that AWS publishes."""
    if not isinstance(image, Unknown):
        return False
    named = any(isinstance(part, str) and "/" in part for part in image.parts)
    return not named or any(
        isinstance(part, Unknown) and part.identity == SDK_ACCOUNT for part in image.parts
    )


def _packers(maker: PathSteps, uses: Uses) -> list[PathSteps]:
    """The files that pack archives with code, of them those that are called most like the maker."""
    words = _words(maker)
    if uses not in _known:
        _known[uses] = [steps for steps, text in uses.texts.items() if _packs(steps, text)]
    alike = {steps: len(words & _words(steps)) for steps in _known[uses]}
    most = max(alike.values(), default=0)
    return [steps for steps, common in alike.items() if common == most]


def _packs(steps: PathSteps, text: bytes) -> bool:
    code = steps[-1].endswith((*PYTHON, *SHELL)) and not is_test(steps)
    return code and _PACKS.search(text) is not None and _HOLDS_CODE.search(text) is not None


def _words(steps: PathSteps) -> frozenset[str]:
    return frozenset(_BETWEEN.split(steps[-1].lower())) - _GENERAL - {""}
