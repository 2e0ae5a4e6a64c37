"""Clients of SageMaker's control plane in JavaScript and TypeScript that start and invoke nothing."""

import re
from collections.abc import Iterator

from mlwa_lint.startup.patterns import lazy

# `const sagemaker = new AWS.SageMaker()`, `client = new SageMakerClient({})`.
_MADE = lazy(r"(?<![\w$.])([\w$]+)\s*=\s*new\s+(?:[\w$]+\.)?(SageMaker(?:Client)?)(?![\w$])")
_IMPORTED = lazy(
    r"\{([^{}]{0,2000})\}\s*(?:from\b|=\s*(?:await\s+import|require)\s*\()\s*[\"']@aws-sdk/client-sagemaker[\"']"
)
_WORD = lazy(r"[\w$]+")
# What looks at resources, ends them, or is about notebooks and their users.
_HARMLESS = lazy(
    r"(?i)(?:describe|list|stop|delete|search|get|add_?tags|create_?presigned"
    r"|(?:create|start|update)_?notebook)\w*"
)
_CLIENTS_LIMIT = 20


def without_idle_clients(text: str, starting: bool) -> str:
    """A text with blanks for the clients of SageMaker which call nothing that invokes a model.

    The control plane invokes none. starting: whether a client that may start jobs or hosting stays as well.
    What is done with a client that is handed on is not known.
    """
    names: list[re.Match[str]] = []
    for match in _MADE.finditer(text):
        names.append(match)
        if len(names) > _CLIENTS_LIMIT:
            return text
    imports = list(_IMPORTED.finditer(text))
    imported = {word for match in imports for word in _WORD.findall(match[1])}
    if len(imported) > _CLIENTS_LIMIT or not (names or imports):
        return text
    commands = {each for each in imported if each.endswith("Command")}
    if starting and not all(_HARMLESS.fullmatch(each) for each in commands):
        return text
    whole = text
    text = _blanked(text, [match.span() for match in imports])
    spans = [match.span(2) for match in names]
    for each in commands:
        spans += [match.span() for match in re.finditer(rf"(?<![\w$]){re.escape(each)}(?![\w$])", text)]
    for name in dict.fromkeys(match[1] for match in names):
        used = list(_uses(text, name))
        if any(method is None for _, method in used):
            return whole
        called = [method for _, method in used if method and method != "send"]
        if starting and not all(_HARMLESS.fullmatch(each) for each in called):
            return whole
        spans += [span for span, _ in used]
    return _blanked(text, spans)


def _uses(text: str, name: str) -> Iterator[tuple[tuple[int, int], str | None]]:
    """Where a name is used, and the method called of it: empty where it is made, None for other uses."""
    pattern = rf"(?<![\w$]){re.escape(name)}(?![\w$])(?:\s*(=)\s*new\s|\s*\.\s*(\w+)\s*\()?"
    for match in re.finditer(pattern, text):
        start = match.start()
        yield (start, start + len(name)), "" if match[1] else match[2]


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    pieces, position = list[str](), 0
    for start, end in sorted(spans):
        if start >= position:
            pieces += (text[position:start], re.sub(r"[^\n]", " ", text[start:end]))
            position = end
    return "".join((*pieces, text[position:]))
