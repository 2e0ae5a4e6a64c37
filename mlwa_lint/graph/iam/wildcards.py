"""Texts of policies in which `*` and `?` stand for anything, also where they are only known in part."""

import re
from collections.abc import Callable

from mlwa_lint.graph import patterns
from mlwa_lint.graph.views import View
from mlwa_lint.model.answers import NO, YES, Answer, answer, undecided
from mlwa_lint.model.values import Reference, Unknown, known_text
from mlwa_lint.startup.patterns import lazy

_ANY_ARN = lazy(r"arn:[^:]+:[^:]+:\*?:\*?:\*+")
# Account, Region and partition, which a document cannot know and which are never wildcards.
_SURROUNDINGS = lazy(r"AWS::|(?:.*\.)?data\.aws_(?:caller_identity|partition|region)\.")
_EVERYBODY = ("*", "0.0.0.0/0", "::/0")


def any_text(view: View, question: Callable[[View], Answer]) -> Answer:
    """Whether some item, or the single text that may stand for a list, answers a question with YES."""
    value = view.value
    if isinstance(value, Reference):
        return question(view)
    if isinstance(value, Unknown) and (value.parts or _SURROUNDINGS.match(value.identity)):
        return question(view)
    return view.any_item(question)


def is_service(view: View, services: tuple[str, ...]) -> Answer:
    """Whether a principal is one of some services; `sagemaker.${AWS::URLSuffix}` is known well enough."""
    value = view.value
    if isinstance(value, Unknown) and value.parts:
        start = value.parts[0]
        if isinstance(start, str) and "." in start:
            return answer(start.split(".")[0] in services, value.assumed)
    return view.test(lambda text: text.split(".")[0] in services)


def matches(pattern: View, name: str, flags: int) -> Answer:
    """Whether a pattern of a policy covers a name; a partly known pattern can still be ruled out."""
    value = pattern.value
    text = known_text(value)
    pieces = (text,) if text is not None else value.parts if isinstance(value, Unknown) else ()
    if not pieces:
        return pattern.test(lambda text: False)
    one = patterns.pattern(*(each if isinstance(each, str) else patterns.ANYTHING for each in pieces))
    other = patterns.text(name)
    if flags & re.IGNORECASE:
        one, other = patterns.folded(one), patterns.folded(other)
    found = patterns.covers(one, other)
    return (
        pattern.test(lambda text: False)
        if found.verdict == "undecided"
        else answer(found == YES, value.assumed)
    )


def begins(view: View, prefix: str) -> Answer:
    """Whether a text begins with a prefix, whatever its case; the first known piece may tell."""
    value = view.value
    if isinstance(value, Unknown) and value.parts and isinstance(value.parts[0], str):
        start = value.parts[0].lower()
        if len(start) >= len(prefix) or not prefix.startswith(start):
            return answer(start.startswith(prefix), value.assumed)
    return view.test(lambda text: text.lower().startswith(prefix))


def is_any(view: View) -> Answer:
    """Whether a resource pattern is nothing but wildcards; unknown parts may be wildcards themselves."""
    value = view.value
    if isinstance(value, Reference) and value.known is None:
        return answer(False, value.assumed)  # what a resource is called is never a wildcard
    if not isinstance(value, Unknown) or not value.parts:
        return view.test(_only_wildcards)
    if _only_wildcards("".join(_piece(part, "x") for part in value.parts)):
        return answer(True, value.assumed)
    if not _only_wildcards("".join(_piece(part, "*") for part in value.parts)):
        return answer(False, value.assumed)
    return undecided(value.reason)


def _piece(part: str | Unknown | Reference, unknown: str) -> str:
    """A part of a pattern; what a resource or the account is called is never a wildcard."""
    if isinstance(part, str):
        return part
    return "x" if isinstance(part, Reference) or _SURROUNDINGS.match(part.identity) else unknown


def _only_wildcards(text: str) -> bool:
    return text.strip("*") == "" or _ANY_ARN.fullmatch(text) is not None


def is_star(view: View) -> Answer:
    """Whether a text is `*`."""
    return NO if _is_something(view.value) else view.equals("*")


def admits_all(view: View) -> Answer:
    """Whether a condition's value leaves nobody out."""
    return NO if _is_something(view.value) else view.one_of(_EVERYBODY)


def _is_something(value: object) -> bool:
    """Whether a value that is not wholly known is certainly more than a wildcard."""
    if isinstance(value, Reference):
        return True
    if isinstance(value, Unknown):
        return _SURROUNDINGS.match(value.identity) is not None or any(
            part.strip("*:/") != "" if isinstance(part, str) else _is_something(part) for part in value.parts
        )
    return False
