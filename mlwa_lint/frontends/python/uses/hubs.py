"""Models that a project takes from a hub and hosts from its own bucket: no job of the project trains them."""

import re
from collections.abc import Sequence

from mlwa_lint.files.texts import is_test
from mlwa_lint.frontends.python.ledger import Created
from mlwa_lint.frontends.python.uses.project import DOCUMENTS, PYTHON, Uses
from mlwa_lint.model.resources import TAKEN
from mlwa_lint.model.values import Entry, Scalar

_MODEL = "AWS::SageMaker::Model"
_TAKES = (
    *("snapshot_download(", "hf_hub_download(", "huggingface-cli download", "hf download "),
    *("git clone https://huggingface.co", ".save_pretrained("),
)
# What tells a container of DJL to take its model from a hub, by its id there.
_OF_CONTAINER = "option.model_id"
_BY_ID = re.compile(rb"(?m)^[ \t]*option\.model_id[ \t]*=[ \t]*[\w-][\w.-]*/[\w.-]+[ \t\r]*$")
_PROPERTIES = ".properties"
_TRAINS = re.compile(
    rb"\.(?:fit|backward)\(|Trainer\(|\boptimizer\.step\(|\bTrainingStep\(|\bEstimator\("
    rb"|\bcreate_(?:training|hyper_parameter_tuning|auto_ml)_job"
)


def note_taken(created: Sequence[Created], uses: Uses) -> None:
    """Notes of models which program takes them from a hub, where none of the project trains any."""
    models = [each for each in created if each.kind == _MODEL]
    taking = _taking(uses) if models else ""
    for each in models if taking else ():
        phrase = f"{taking} takes a model from a hub, and no program of the project trains one"
        each.attributes[TAKEN] = Entry(each.span, Scalar(phrase, each.span))


def _taking(uses: Uses) -> str:
    """The first program or script that takes a model from a hub; empty where none does, or one trains."""
    found = sorted(
        each
        for word in _TAKES
        for each in uses.containing(word)
        if not each[-1].endswith(DOCUMENTS) and not is_test(each)
    )
    found += sorted(
        each
        for each in uses.containing(_OF_CONTAINER)
        if each[-1].endswith((_PROPERTIES, *PYTHON)) and _BY_ID.search(uses.texts[each]) is not None
    )
    if not found:
        return ""
    programs = (text for each, text in uses.texts.items() if each[-1].endswith(PYTHON) and not is_test(each))
    return "" if any(map(_TRAINS.search, programs)) else "/".join(found[0])
