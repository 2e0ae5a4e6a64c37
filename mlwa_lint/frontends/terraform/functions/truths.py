"""Functions on lists of truth values."""

from mlwa_lint.frontends.terraform.functions.data import NotKnownError, truth_data
from mlwa_lint.frontends.terraform.functions.kinds import Function, FunctionCall, Structural
from mlwa_lint.frontends.terraform.functions.shapes import as_list
from mlwa_lint.model.values import Absent, Assumptions, Scalar, Value


def _quantified(call: FunctionCall) -> Value:
    """`alltrue`, `anytrue`: one item can decide whatever the others are."""
    items = as_list(call.arguments[0])
    decisive = call.name == "anytrue"
    missing: Value | None = items.rest
    assumed: Assumptions = frozenset()
    decided: Scalar | None = None
    for item in items.items:
        assumed |= item.assumed
        try:
            # Terraform takes null as false here.
            truth = False if isinstance(item, Absent) else truth_data(item)
        except NotKnownError as error:
            missing = missing or error.value
            continue
        if truth is decisive and decided is None:
            decided = Scalar(decisive, call.span, item.assumed)
    if decided is not None:
        return decided
    if missing is not None:
        raise NotKnownError(missing)
    return Scalar(not decisive, call.span, assumed)


FUNCTIONS: dict[str, Function] = {
    "alltrue": Structural(_quantified, 1, 1),
    "anytrue": Structural(_quantified, 1, 1),
}
