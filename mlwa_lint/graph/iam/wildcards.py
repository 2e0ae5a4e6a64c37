"""Texts of policies in which `*` and `?` match anything, also where they are only partly known."""

from collections.abc import Callable
from functools import lru_cache, partial

from mlwa_lint.graph import patterns
from mlwa_lint.graph.views import View
from mlwa_lint.model.answers import NO, YES, Answer, answer, some, undecided
from mlwa_lint.model.values import (
    Absent,
    ListValue,
    Reference,
    Scalar,
    TextPart,
    Unknown,
    known_text,
    plain_text,
)
from mlwa_lint.startup.patterns import lazy

_ANY_ARN = lazy(r"arn:[^:]+:[^:]+:\*?:\*?:\*+")
# Account, Region and partition, which a document cannot know and which are never wildcards.
SURROUNDINGS = lazy(r"AWS::|(?:.*\.)?data\.aws_(?:caller_identity|partition|region)\.")
# What names one principal: an account of a service of AWS, a role or a user that exists.
_PRINCIPAL = lazy(
    r"(?:.*\.)?data\.aws_(?:(?:billing|cloudtrail|elb|redshift)_service_account|iam_(?:role|session_context|user))\."
)
_WILDCARD = lazy(r"[*?]")
_EVERYONE = ("*", "0.0.0.0/0", "::/0")


def any_text(
    view: View, question: Callable[[View], Answer], known: Callable[[str], bool] | None = None
) -> Answer:
    """Whether some item, or the single text that may replace a list, answers a question with YES.

    known: the same question to a text that is known and rests on nothing.
    """
    if known is not None and (texts := plain_texts(view)) is not None:
        return YES if any(map(known, texts)) else NO
    value = view.value
    if isinstance(value, Reference):
        return question(view)
    if isinstance(value, Unknown) and (value.parts or _is_one(value)):
        return question(view)
    return view.any_item(question)


def plain_texts(view: View) -> tuple[str, ...] | None:
    """The texts of a list, or of the single text in its place, where all are known and rest on nothing.

    None otherwise. Most lists of policies are like that, and questions to them need no view of each item.
    """
    value = view.value
    if isinstance(value, ListValue):
        if value.rest is not None or value.assumed:
            return None
        found = []
        for item in value.items:
            if item.__class__ is not Scalar or item.assumed:
                return None
            found.append(plain_text(item.data))
        return tuple(found)
    if isinstance(value, Scalar):
        return None if value.assumed else (plain_text(value.data),)
    return () if isinstance(value, Absent) and not value.assumed else None


def any_known(view: View, question: Callable[[str], bool]) -> Answer:
    """Whether the text of some item answers a question with yes."""
    return any_text(view, lambda each: each.test(question), question)


def any_wildcard(view: View) -> Answer:
    """Whether some item is a resource pattern of nothing but wildcards."""
    return any_text(view, is_any, _only_wildcards)


def any_star(view: View) -> Answer:
    """Whether some item is `*`."""
    return any_text(view, is_star, lambda text: text == "*")


def any_match(view: View, names: tuple[str, ...], any_case: bool) -> Answer:
    """Whether some item, a pattern of a policy, covers one of some names.

    any_case: whether upper and lower case are the same, as in names of actions.
    """
    texts = plain_texts(view)
    if texts is not None and not any("${" in text for text in texts):
        return YES if _any_covers(texts, names, any_case) else NO
    return some(any_text(view, partial(matches, name=name, any_case=any_case)) for name in names)


@lru_cache(maxsize=20_000)
def _any_covers(texts: tuple[str, ...], names: tuple[str, ...], any_case: bool) -> bool:
    if any_case:
        texts = tuple(text.lower() for text in texts)
        names = tuple(name.lower() for name in names)
    if not frozenset(texts).isdisjoint(names):
        return True
    patterned = [text for text in texts if "*" in text or "?" in text]
    return any(_covers_plainly(text, name) for text in patterned for name in names)


@lru_cache(maxsize=20_000)
def _covers_plainly(text: str, name: str) -> bool:
    """Whether a pattern without variables covers a name; both are in lower case if case is ignored."""
    first = _WILDCARD.search(text)
    if first is None:
        return text == name
    if not name.startswith(text[: first.start()]):
        return False
    return patterns.covers(patterns.pattern(text), patterns.text(name)) == YES


def is_service(view: View, services: tuple[str, ...]) -> Answer:
    """Whether a principal is one of some services; `sagemaker.${AWS::URLSuffix}` is known well enough."""
    value = view.value
    if isinstance(value, Unknown) and value.parts:
        start = value.parts[0]
        if isinstance(start, str) and "." in start:
            return answer(start.split(".")[0] in services, value.assumed)
    return view.test(lambda text: text.split(".")[0] in services)


def matches(pattern: View, name: str, any_case: bool) -> Answer:
    """Whether a pattern of a policy covers a name; a partly known pattern can still be ruled out."""
    value = pattern.value
    text = known_text(value)
    pieces = (text,) if text is not None else value.parts if isinstance(value, Unknown) else ()
    if not pieces:
        return pattern.is_open()
    one = patterns.pattern(*(each if isinstance(each, str) else patterns.ANYTHING for each in pieces))
    other = patterns.text(name)
    if any_case:
        one, other = patterns.folded(one), patterns.folded(other)
    found = patterns.covers(one, other)
    return pattern.is_open() if found.verdict == "undecided" else answer(found == YES, value.assumed)


def begins(view: View, prefix: str) -> Answer:
    """Whether a text starts with a prefix, ignoring case; the first known piece may decide."""
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


def _piece(part: TextPart, unknown: str) -> str:
    """A part of a pattern; what a resource or the account is called is never a wildcard."""
    if isinstance(part, str):
        return part
    return "x" if isinstance(part, Reference) or _is_one(part) else unknown


def _is_one(part: Unknown) -> bool:
    """Whether a text names one thing, whatever it is."""
    return SURROUNDINGS.match(part.identity) is not None or _PRINCIPAL.match(part.identity) is not None


def _only_wildcards(text: str) -> bool:
    # IAM refuses an empty text.
    return (text != "" and text.strip("*") == "") or _ANY_ARN.fullmatch(text) is not None


def is_star(view: View) -> Answer:
    """Whether a text is `*`."""
    return NO if _is_something(view.value) else view.equals("*")


def admits_all(view: View) -> Answer:
    """Whether a condition's value excludes no principal."""
    return NO if _is_something(view.value) else view.one_of(_EVERYONE)


def _is_something(value: object) -> bool:
    """Whether a value that is not wholly known is certainly more than a wildcard."""
    if isinstance(value, Reference):
        return True
    if isinstance(value, Unknown):
        return _is_one(value) or any(
            part.strip("*:/") != "" if isinstance(part, str) else _is_something(part) for part in value.parts
        )
    return False
