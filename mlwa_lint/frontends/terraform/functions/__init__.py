"""Terraform's functions on values.

Each topic is a module of its own with a table `FUNCTIONS`, imported when one of its functions is first
called. A call never raises: what cannot be done gives a `failure` (see the evaluator), which `try` and `can`
recognise; what is not known gives Unknown.
"""

from collections.abc import Sequence
from importlib import import_module

from mlwa_lint.frontends.failures import failure, failure_from, is_failure, reason_of
from mlwa_lint.frontends.identities import identified, identity_of_call
from mlwa_lint.frontends.terraform.functions.context import FunctionContext
from mlwa_lint.frontends.terraform.functions.data import CannotError, NotKnownError, undecided
from mlwa_lint.frontends.terraform.functions.kinds import Function, FunctionCall, PlainFunction, apply_plain
from mlwa_lint.frontends.texts import encoded_in_part
from mlwa_lint.model.budget import budget
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    NEW_IN_EACH_RUN,
    Assumptions,
    ListValue,
    MapValue,
    Scalar,
    Unknown,
    Value,
    assume,
)

__all__ = ["NAMES", "FunctionContext", "call"]

_TOPICS = {
    "strings": "chomp endswith indent join lower replace split startswith strcontains strrev substr title "
    "trim trimprefix trimspace trimsuffix upper",
    "formatting": "format formatlist",
    "patterns": "regex regexall",
    "numeric": "abs ceil floor log max min parseint pow range signum sum",
    "lists": "chunklist coalesce coalescelist compact concat contains distinct element flatten index length "
    "matchkeys one reverse slice sort",
    "truths": "alltrue anytrue",
    "maps": "keys lookup merge transpose values zipmap",
    "sets": "setintersection setproduct setsubtract setunion",
    "conversion": "can ephemeralasnull issensitive nonsensitive sensitive tobool tolist tomap tonumber toset "
    "tostring try",
    "encoding": "base64decode base64encode base64gzip csvdecode jsondecode jsonencode textdecodebase64 "
    "textencodebase64 urlencode yamldecode yamlencode",
    "hashes": "base64sha256 base64sha512 md5 sha1 sha256 sha512 uuidv5",
    "dates": "formatdate timeadd timecmp",
    "network": "cidrhost cidrnetmask cidrsubnet cidrsubnets",
    "filesystem": "abspath basename dirname file filebase64 filebase64sha256 filebase64sha512 fileexists "
    "filemd5 fileset filesha1 filesha256 filesha512 pathexpand templatefile templatestring",
}
_TOPIC_OF = {name: topic for topic, names in _TOPICS.items() for name in names.split()}

# Results that only a run of Terraform decides.
_UNDECIDABLE = {
    **NEW_IN_EACH_RUN,
    "rsadecrypt": "rsadecrypt is not evaluated",
    "type": "type is not evaluated",
}

NAMES = frozenset(_TOPIC_OF) | frozenset(_UNDECIDABLE)


def call(name: str, arguments: Sequence[Value], span: Span, context: FunctionContext) -> Value:
    """The result of a function; arguments hold no choice at their top."""
    name = name.removeprefix("core::")
    if name in _UNDECIDABLE:
        return Unknown(_UNDECIDABLE[name], span, present=True)
    topic = _TOPIC_OF.get(name)
    if topic is None:
        if name.startswith("provider::"):
            return Unknown(f"{name} is a provider's function", span)
        return Unknown(f"function {name} is not known", span)
    functions: dict[str, Function] = import_module(f"{__name__}.{topic}").FUNCTIONS
    result = identified(
        _apply(functions[name], FunctionCall(name, arguments, span, context)), name, arguments
    )
    if name == "base64encode" and arguments and isinstance(result, Unknown):
        return encoded_in_part(arguments[0], result)
    return result


def _apply(function: Function, made: FunctionCall) -> Value:
    assumed: Assumptions = frozenset().union(*(argument.assumed for argument in made.arguments))
    if isinstance(function, PlainFunction) or not function.lenient:
        for argument in made.arguments:
            if isinstance(argument, Unknown) and is_failure(argument):
                return failure_from(argument, made.span)
    try:
        if isinstance(function, PlainFunction):
            return apply_plain(function, made)
        count = len(made.arguments)
        if count < function.least or (function.most is not None and count > function.most):
            raise CannotError(f"be called with {count} arguments")
        result = function.run(made)
        _charge(result)
        return result if function.selective else assume(result, assumed)
    except CannotError as error:
        return failure(f"{made.name} cannot {error}", made.span, assumed)
    except NotKnownError as error:
        identity = identity_of_call(made.name, made.arguments)
        secret = isinstance(error.value, Unknown) and error.value.secret
        reason = reason_of(error.value, "it depends on a condition")
        return Unknown(reason, made.span, identity=identity, secret=secret, assumed=assumed)
    except RecursionError:
        return Unknown("lists and maps are nested too deep", made.span, assumed=assumed)


def _charge(result: Value) -> None:
    """Takes what a function made from the target's budget."""
    if isinstance(result, ListValue):
        why = budget().for_nodes(len(result.items))
    elif isinstance(result, MapValue) and isinstance(result.entries, dict):
        why = budget().for_nodes(len(result.entries))
    elif isinstance(result, Scalar) and isinstance(result.data, str):
        why = budget().for_text(len(result.data))
    else:
        return
    if why:
        raise undecided(why)
