"""Local mode: the SDK runs the container on the machine at hand, and nothing is created in the account."""

from mlwa_lint.frontends.python.evaluation.values import External, PyValue, options
from mlwa_lint.frontends.python.sdk.objects import Arguments, SdkObject, is_local_type, sdk_objects

_SESSIONS = frozenset({"LocalSession", "LocalPipelineSession"})
# The third version has modes instead: `Mode.LOCAL_CONTAINER`, `Mode.IN_PROCESS`.
_MODES = (".LOCAL_CONTAINER", ".IN_PROCESS")


def is_local(owner: SdkObject, call: Arguments | None = None) -> bool:
    """Whether the work of an object certainly stays on the local machine.

    What may also run in the account is judged as it does there: see `in_account`.
    """
    if call is not None and _has_local_type(call):
        return True
    own = owner.arguments
    if _has_local_type(own) or _has_local_session(own):
        return True
    if any(_is_local_mode(own.value(name)) for name in ("training_mode", "mode")):
        return True
    inner = (own.value(name) for name in ("estimator", "model_trainer"))
    found = [each for value in inner if value is not None for each in sdk_objects(value)]
    return bool(found) and all(is_local(each) for each in found)


def _has_local_type(arguments: Arguments) -> bool:
    value = arguments.value("instance_type")
    return value is not None and is_local_type(value)


def _has_local_session(arguments: Arguments) -> bool:
    value = arguments.value("sagemaker_session")
    return value is not None and all(
        isinstance(each, SdkObject) and each.kind in _SESSIONS for each, _ in options(value)
    )


def _is_local_mode(value: PyValue | None) -> bool:
    return isinstance(value, External) and value.path.endswith(_MODES)
