"""Parameters of the SDK's first version, which notebooks still use."""

from mlwa_lint.frontends.python.sdk.objects import FIRST_VERSION, Arguments
from mlwa_lint.frontends.python.sdk.parameters import TRAINING
from mlwa_lint.frontends.python.sdk.user_names import TRAINING_NAMES
from mlwa_lint.frontends.python.vocabulary import PythonVocabulary

_TRAINING_NAMES = TRAINING_NAMES.with_names(
    {TRAINING[parameter]: before for before, parameter in FIRST_VERSION.items() if parameter in TRAINING}
)


def training_names(estimator: Arguments) -> PythonVocabulary:
    """The names that an estimator's parameters have in the version for which it is written."""
    return TRAINING_NAMES if FIRST_VERSION.keys().isdisjoint(estimator.given) else _TRAINING_NAMES
