"""What a program makes and marks itself as not to be run: `s3://dummy-bucket-do-not-run/`."""

from mlwa_lint.frontends.python.evaluation.values import REST
from mlwa_lint.frontends.python.ledger import Created
from mlwa_lint.model.values import Choice, ListValue, MapValue, Scalar, Unknown, Value
from mlwa_lint.startup.patterns import lazy

_MARK = lazy(r"(?i)(?<![a-z])do[-_ ]?not[-_ ]?run(?![a-z])")
# No more values of one resource are looked at.
_LIMIT = 10_000


def why_not_to_run(made: Created) -> str:
    """Why something is not to be run, by a name that it is given; empty where none says so."""
    waiting = [value for key in made.cells if key != REST and (value := made.value(key)) is not None]
    for _ in range(_LIMIT):
        if not waiting:
            return ""
        value = waiting.pop()
        if isinstance(value, ListValue):
            waiting += value.items
        elif isinstance(value, MapValue):
            waiting += [each.value for each in value.entries.values()]
        elif isinstance(value, Choice):
            waiting += [value.yes, value.no]
        else:
            found = next((match for text in _texts(value) if (match := _MARK.search(text))), None)
            if found is not None:
                return f"a name in it says that it is not to be run ({found[0]})"
    return ""


def _texts(value: Value) -> list[str]:
    if isinstance(value, Scalar):
        return [value.data] if isinstance(value.data, str) else []
    return [each for each in value.parts if isinstance(each, str)] if isinstance(value, Unknown) else []
