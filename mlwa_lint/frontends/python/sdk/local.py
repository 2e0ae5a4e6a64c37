"""Local mode: the SDK runs the container on the machine at hand, and nothing is created in the account."""

import re

from mlwa_lint.frontends.python.evaluation.values import External, PyValue, options
from mlwa_lint.frontends.python.sdk.objects import Arguments, SdkObject, is_local_type, sdk_objects
from mlwa_lint.model.values import Scalar

# Conditions under which local mode is meant: by the session, the type of instance, or a switch.
_LOCAL = r"[\"']local(?:_gpu)?[\"']"
_MEANT = re.compile(
    rf"isinstance\([^)]*Local(?:Pipeline)?Session\b.*|.*\w == {_LOCAL}|{_LOCAL} == .*"
    rf"|.*\w in [\[({{](?:{_LOCAL}[,\s]*)+[\])}}]|[\w.]+\.startswith\([\"']local[\"']\)"
)
_SWITCH = re.compile(r"(?:[\w.]*[._])?(?:is_|use_|run_)?local(?:_mode)?", re.IGNORECASE)
_SESSIONS = frozenset({"LocalSession", "LocalPipelineSession"})
# The third version has modes instead: `Mode.LOCAL_CONTAINER`, `Mode.IN_PROCESS`.
_MODES = (".LOCAL_CONTAINER", ".IN_PROCESS")


def is_local(owner: SdkObject, call: Arguments | None = None) -> bool:
    """Whether the work of an object certainly stays on the local machine.

    What may also run in the account is evaluated as it runs there: see `in_account`.
    """
    if call is not None and _has_local_type(call):
        return True
    own = owner.arguments
    if _is_in_local_branch(owner, call):
        return True
    if _has_local_type(own) or _has_local_session(own):
        return True
    if any(_is_local_mode(own.value(name)) for name in ("training_mode", "mode")):
        return True
    inner = (own.value(name) for name in ("estimator", "model_trainer"))
    found = [each for value in inner if value is not None for each in sdk_objects(value)]
    return bool(found) and all(is_local(each) for each in found)


def _is_in_local_branch(owner: SdkObject, call: Arguments | None) -> bool:
    """Whether it runs under a condition that selects local mode, as far as the code there agrees."""
    conditions = [each.condition.text for each in (*owner.guards, *owner.core.guards) if each.holds]
    parts = [part for text in conditions if " or " not in text for part in text.split(" and ")]
    parts = [part for part in parts if not part.startswith("not ")]
    if any(map(_MEANT.fullmatch, parts)):
        return True
    if not any(map(_SWITCH.fullmatch, parts)):
        return False
    # `if local:` may also be about where the code is: a type that is stated is meant.
    places = [each for each in (call, owner.arguments) if each is not None]
    return not any(isinstance(place.value("instance_type"), Scalar) for place in places)


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
