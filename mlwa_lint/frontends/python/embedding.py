"""Code that only has models embed texts: what it sends to them is no prompt, and nothing is answered."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from mlwa_lint.model.values import Choice, Unknown, Value, known_text
from mlwa_lint.startup.patterns import lazy

if TYPE_CHECKING:
    import re

    from mlwa_lint.frontends.python.service_calls import ServiceCall

_METHOD, _MODEL = "invoke_model", "modelId"
_CALLS = lazy(r"(?i)\binvoke_?model(?:command)?\s*\(")
_NAMES = lazy(r"(?i)invoke_?model(?:command(?:input|output)?)?(?![_\w])")
_EMBEDS = "embed"


def embeds_alone(
    calls: Iterable["ServiceCall"], texts: Collection[str], prompting: "re.Pattern[str]"
) -> bool:
    """Whether a program certainly invokes models of embeddings alone.

    calls: what of it could be followed. texts: all of its code. prompting: words of which one is in whatever
    sends prompts.
    """
    invoking = [each for each in calls if each.method == _METHOD]
    written = sum(len(_CALLS.findall(text)) for text in texts)
    all_embed = all(_MODEL in each.arguments and _embeds(each.arguments[_MODEL][1]) for each in invoking)
    if not invoking or not all_embed or len({each.span for each in invoking}) != written:
        return False
    return not any(prompting.search(_NAMES.sub("", text)) for text in texts)


def _embeds(model: Value) -> bool:
    """Whether a value certainly names a model of embeddings, or comes from a variable that is called so."""
    if isinstance(model, Choice):
        return _embeds(model.yes) and _embeds(model.no)
    text = known_text(model)
    if text is not None:
        return _EMBEDS in text.lower()
    if not isinstance(model, Unknown):
        return False
    if model.one_of:
        return all(_EMBEDS in each.lower() for each in model.one_of)
    known = (each for each in model.parts if isinstance(each, str))
    return _EMBEDS in model.identity.lower() or any(_EMBEDS in each.lower() for each in known)
