"""Training that fits its model in one call: it writes nothing that an interrupted job could resume from."""

import ast
import re
from collections.abc import Callable, Sequence

from mlwa_lint.files.texts import PathSteps
from mlwa_lint.frontends.python.ledger import Created
from mlwa_lint.frontends.python.syntax.notebook import statements_of
from mlwa_lint.frontends.python.syntax.source import PythonSyntaxError
from mlwa_lint.frontends.python.uses.containers import code_of_image, code_of_script
from mlwa_lint.frontends.python.uses.project import Uses
from mlwa_lint.model.resources import FITS_AT_ONCE
from mlwa_lint.model.values import Entry, MapValue, Scalar, Value

_TRAINING = "AWS::SageMaker::TrainingJob"
_TUNING = "AWS::SageMaker::HyperParameterTuningJob"
_DEFINITION = "TrainingJobDefinition"
_AT_ONCE = re.compile(rb"(?m)^[ \t]*(?:from|import)[ \t]+(?:sklearn|statsmodels)\b")
# What trains in steps, keeps what it has reached, or leaves open what it does.
_IN_STEPS = re.compile(
    rb"(?m)^[ \t]*(?:from|import)[ \t]+"
    rb"(?:torch|tensorflow|keras|mxnet|jax|flax|xgboost|lightgbm|catboost|transformers|pytorch_lightning|lightning"
    rb"|fastai|paddle|chainer|ray|pyspark|optuna|autogluon|gluonts|tabpfn)\b"
    rb"|partial_fit|warm_start|checkpoint"
)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


def note_fitting(created: Sequence[Created], uses: Uses) -> None:
    """Notes of training and tuning jobs that their code fits a model in one call of scikit-learn."""
    for each in created:
        if each.kind not in (_TRAINING, _TUNING):
            continue
        value = _properties_of(each)
        code = code_of_script(value, uses) or code_of_image(value, uses.steps_of(each.span.path), uses)
        if code and _fits_at_once(code, uses):
            each.attributes[FITS_AT_ONCE] = Entry(each.span, Scalar("/".join(code[0]), each.span))


def _properties_of(made: Created) -> Callable[[str], Value | None]:
    """What gives the properties of a training job, or of those that a tuning job starts."""
    definition = made.value(_DEFINITION)
    if not isinstance(definition, MapValue):
        return made.value
    entries = definition.entries
    return lambda key: None if key not in entries else entries[key].value


def _fits_at_once(code: Sequence[PathSteps], uses: Uses) -> bool:
    texts = [uses.texts[each] for each in code]
    if any(_IN_STEPS.search(each) for each in texts) or not any(_AT_ONCE.search(each) for each in texts):
        return False
    try:
        nodes = [node for each in texts for top in _statements(each) for node in ast.walk(top)]
    except PythonSyntaxError:
        return False
    in_loops = {inner for node in nodes if isinstance(node, _LOOPS) for inner in ast.walk(node)}
    fits = [node for node in nodes if _is_fit(node)]
    return bool(fits) and in_loops.isdisjoint(fits)


def _statements(content: bytes) -> Sequence[ast.stmt]:
    return statements_of(content.decode("utf-8-sig", "replace"))


def _is_fit(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "fit"
