"""Clients in JavaScript and TypeScript that start and invoke nothing: of SageMaker, and of AI services."""

import re
from collections.abc import Iterator, Mapping

from mlwa_lint.startup.patterns import lazy

# `const sagemaker = new AWS.SageMaker()`, `client = new SageMakerClient({})`.
_MADE = lazy(r"(?<![\w$.])([\w$]+)\s*=\s*new\s+(?:[\w$]+\.)?([A-Z]\w*)(?![\w$])")
_SAGEMAKER = ("SageMaker", "SageMakerClient")
# Version 2 of the SDK: `import { Comprehend } from 'aws-sdk'`.
_WHOLE = lazy(r"\{[^{}]{0,2000}\}\s*(?:from\b|=\s*require\s*\()\s*[\"']aws-sdk[\"']")
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
# How the methods of AI services begin that invoke no model.
_ADMINISTERING = (
    *("associate", "copy", "create", "delete", "describe", "disassociate", "import", "list", "put", "stop"),
    *("tag", "untag", "update"),
)


def without_idle_clients(text: str, starting: bool, services: Mapping[str, frozenset[str] | None]) -> str:
    """A text with blanks for the clients which call nothing that invokes a model.

    SageMaker's control plane invokes none. services: what else clients are made from in version 2 of the SDK,
    with what they invoke models by; None for all that neither administers nor lists. starting: whether a
    client that may start jobs or hosting stays as well. What is done with a client that is handed on is not
    known.
    """
    names: list[re.Match[str]] = []
    for match in _MADE.finditer(text):
        if match[2] in _SAGEMAKER or match[2] in services:
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
    text = _blanked(text, [match.span() for match in (*imports, *_WHOLE.finditer(text))])
    spans = [match.span(2) for match in names]
    for each in commands:
        spans += [match.span() for match in re.finditer(rf"(?<![\w$]){re.escape(each)}(?![\w$])", text)]
    made: dict[str, set[str]] = {}
    for match in names:
        made.setdefault(match[1], set()).add(match[2])
    for name, kinds in made.items():
        if re.search(rf"\bexport\s+(?:const|let|var)\s+{re.escape(name)}(?![\w$])", text):
            return whole  # other files call it
        used = list(_uses(text, name))
        if any(method is None for _, method in used):
            return whole
        called = [method for _, method in used if method and method != "send"]
        if any(_invokes(each, services[kind]) for each in called for kind in kinds if kind in services):
            return whole
        if starting and not all(_HARMLESS.fullmatch(each) for each in called):
            return whole
        spans += [span for span, _ in used]
    return _blanked(text, spans)


def _invokes(method: str, commands: frozenset[str] | None) -> bool:
    if commands is None:
        return not method.startswith(_ADMINISTERING)
    return f"{method[:1].upper()}{method[1:]}" in commands


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
