"""The models of Bedrock that a program asks for an answer, where these are written out.

No program creates them. Only what matters about a model's id is written down: one with an end of life, or one
that cannot be invoked by it.
"""

import ast
from collections.abc import Iterator

from mlwa_lint.frontends.python.alternatives import has_alternative
from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.freezing import frozen
from mlwa_lint.frontends.python.evaluation.values import Site
from mlwa_lint.frontends.python.ledger import Ledger
from mlwa_lint.frontends.python.syntax.parse import shared
from mlwa_lint.frontends.python.syntax.source import PythonSyntaxError
from mlwa_lint.frontends.python.vocabulary import CAMEL
from mlwa_lint.model.resources import MODEL_ARGUMENTS, MODEL_CALL, TRIED
from mlwa_lint.model.values import Assumptions, Entry, ListValue, MapValue, Scalar, Unknown, Value, known_text
from mlwa_lint.startup.patterns import lazy

# The clients that ask models for answers, and the methods by which they do.
RUNTIMES = frozenset({"bedrock-agent-runtime", "bedrock-runtime"})
QUERIED = frozenset(
    {
        *("converse", "converse_stream", "invoke_model", "invoke_model_with_response_stream"),
        *("retrieve_and_generate", "retrieve_and_generate_stream"),
    }
)
_MODEL_ID = "ModelId"
_IN_ARN = ":foundation-model/"
# An assumption that rests on a template or a configuration of Terraform, also on the default of a parameter.
_IN_DECLARATION = lazy(
    r" as in \S+\.(?:json|template|tf|ya?ml)\b|^the default of [\w.]+(?: and the default |$)"
)
_OF_VARIABLE = "the default of environment variable "
_HANDLES = lazy(r"(?m)^(?:async )?def \w+\(\s*_?event\b[^)]*,\s*_?context\b")
# How deep the configuration of a question holds its model.
_DEPTH = 8


def note_models_of_call(core: Core, ledger: Ledger, site: Site, region: str | None) -> None:
    """Writes down which models a call of a client names, also inside of its configuration."""
    for name, argument in site.named.items():
        value = frozen(core, argument.value, site.span)
        entries = (
            [Entry(argument.span, value, name)] if name in MODEL_ARGUMENTS else _models_in(value, _DEPTH)
        )
        for entry in entries:
            _note(core, ledger, entry, site, region)


def note_model_of_library(core: Core, ledger: Ledger, path: str, site: Site) -> None:
    """Writes down which model of Bedrock a library is given, if the call is that of one."""
    from mlwa_lint.frontends.python.library_models import bare_model, model_arguments

    names = model_arguments(path) or ()
    found = next((name for name in names if name in site.named), None)
    if found is None:
        return
    argument = site.named[found]
    value = bare_model(path, frozen(core, argument.value, site.span))
    if value is not None:
        _note(core, ledger, Entry(argument.span, value, found), site, _region_of(site))


def _models_in(value: Value, depth: int) -> Iterator[Entry]:
    if isinstance(value, MapValue) and depth:
        for key, entry in value.entries.items():
            if key in MODEL_ARGUMENTS:
                yield entry
            else:
                yield from _models_in(entry.value, depth - 1)
    elif isinstance(value, ListValue) and depth:
        for item in value.items:
            yield from _models_in(item, depth - 1)


def _note(core: Core, ledger: Ledger, entry: Entry, site: Site, region: str | None) -> None:
    """Writes a model down, once for each program.

    A call that is made with one model after the other tries which of them answers.
    """
    from mlwa_lint.facts import models

    name = _id_in(entry.value)
    if name is None or not (
        models.end_of_life(name) or models.has_ended_some_day(name) or models.needs_profile(name)
    ):
        return
    if _is_decided_elsewhere(entry.value.assumed, site.source.text):
        return
    node = site.node.func if isinstance(site.node, ast.Call) else site.node
    place = site.source.span(node)
    if name in ledger.models or place in ledger.trying:
        return
    others = [each for each in ledger.models.values() if each.span == place]
    if others or _tries_in_turn(site):
        ledger.trying.add(place)
        for each in others:
            ledger.discard(each)
        return
    called = Scalar(_called(site), site.span)
    vocabulary = CAMEL.with_names({_MODEL_ID: entry.label})
    made = ledger.add(core, MODEL_CALL, {_MODEL_ID: entry}, site, called, None, vocabulary)
    made.region = made.region or region
    if has_alternative(site.source.text, site.node):
        made.attributes[TRIED] = Entry(site.span, Scalar(True, site.span), TRIED)
    if core.recording:
        ledger.models[name] = made


def _id_in(value: Value) -> str | None:
    """The id of a model, also that of an ARN in a Region that is not known."""
    if isinstance(value, Unknown) and value.parts and isinstance(last := value.parts[-1], str):
        return last.rpartition("/")[2] if _IN_ARN in last else None
    return known_text(value)


def _is_decided_elsewhere(assumed: Assumptions, program: str) -> bool:
    """Whether a template gives the model, or may give it to the function that runs the program."""
    if any(_IN_DECLARATION.search(each) for each in assumed):
        return True
    return any(each.startswith(_OF_VARIABLE) for each in assumed) and _HANDLES.search(program) is not None


def _tries_in_turn(site: Site) -> bool:
    """Whether a call is made in a loop over what it is given, and goes on where that fails."""
    given = site.node.keywords if isinstance(site.node, ast.Call) else ()
    names = {
        node.id
        for each in given
        if each.arg in MODEL_ARGUMENTS
        for node in ast.walk(each.value)
        if isinstance(node, ast.Name)
    }
    if not names or "try:" not in site.source.text:
        return False
    try:
        body = shared(site.source.text)
    except PythonSyntaxError:
        return False
    return any(
        isinstance(loop, ast.For)
        and loop.lineno <= site.node.lineno <= (loop.end_lineno or loop.lineno)
        and any(isinstance(each, ast.Name) and each.id in names for each in ast.walk(loop.target))
        and any(isinstance(each, ast.Try) for each in loop.body)
        for statement in body
        for loop in ast.walk(statement)
    )


def _region_of(site: Site) -> str | None:
    """The Region that a library is given, if that is known."""
    given = site.named.get("region_name")
    return known_text(given.value) if given is not None and isinstance(given.value, Scalar) else None


def _called(site: Site) -> str:
    """How the program calls what it asks: `converse()`."""
    node = site.node.func if isinstance(site.node, ast.Call) else site.node
    return f"{node.attr if isinstance(node, ast.Attribute) else getattr(node, 'id', 'model')}()"
