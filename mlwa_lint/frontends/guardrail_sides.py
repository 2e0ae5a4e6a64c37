"""What programs of the repository apply guardrails to by themselves: requests alone, or responses alone."""

import re
from collections.abc import Iterator

from mlwa_lint.files import NOTEBOOK
from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.texts import is_test
from mlwa_lint.model.resources import NOT_KNOWN
from mlwa_lint.startup.patterns import lazy

GUARDING_SIZE_LIMIT = 1_000_000
_PROGRAM = lazy(
    r"(?<!\.d)(?<!\.min)\.(?:py|ipynb|[cm]?[jt]sx?|java|kt|scala|go|cs|rb|rs|php|swift|sh)$", re.IGNORECASE
)
_ABOUT = "guardrail"
# The call of a client: `apply_guardrail(`, `new ApplyGuardrailCommand({`.
_CALL = lazy(r"(?:\.apply_?[gG]uardrail|\bApplyGuardrailCommand)\s*\(")
# The call in languages whose requests are made step by step, and by the CLI.
_OTHER_CALL = lazy(r"ApplyGuardrail(?:Request|Input|Async)\b|\bapply-guardrail\b")
# What names a guardrail elsewhere than in such a call: a request to a model, a knowledge base or an agent.
# In Python, a capital begins the name of a class of the program's own.
_NAMES = r"uardrail(?:Identifier|Config|Configuration|Version)\b|--guardrail-|X-Amzn-Bedrock-Guardrail"
_OTHER_USE = lazy(rf"\b[gG]{_NAMES}")
_OTHER_USE_IN_PYTHON = lazy(rf"\bg{_NAMES}|-g{_NAMES}")
# Libraries that hand guardrails to models under names of their own: as an argument, or by a dictionary.
_LIBRARY = lazy(
    r"\b(?:ChatBedrock\w*|Bedrock(?:Chat|LLM|Model|Converse\w*)?|a?completion|init_chat_model)\s*\("
)
_OF_LIBRARIES = lazy(
    r"(?i)bedrock_?(?:chat|llm|model|converse)\b|chat_?bedrock|langchain|litellm|\bstrands\b"
)
_KEY = lazy(r"[\"']guardrails?(?:_id|_config|_version|_identifier)?[\"']")
_SOURCE = lazy(r"\bsource[\"']?\s*[=:]\s*(?:\w+\s*:\s*)?([\w.\"']+)\s*(?=[,)}\n])")
_SIDE = lazy(r"^(?:[\w.]+\.)?[\"']?(INPUT|OUTPUT)[\"']?(?:\.value)?$")
_PARAMETER = lazy(r"^([A-Za-z_]\w*)(?:\.value)?$")
# What gives a name its value, as a default as well: `source="INPUT"`, `source: str = "INPUT"`.
_GIVEN = lazy(r"(?<!\w)([A-Za-z_]\w*)\s*+(?::\s*+[\w.\"']++\s*+)?=\s*+(?=([^,)\n]{1,200}))")
# Every mention of a side, but for the lines that list what there is: members of an enumeration, types.
_MENTION = lazy(r"[\"'](INPUT|OUTPUT)[\"']|\.(INPUT|OUTPUT)\b")
_LISTED = lazy(
    r"(?m)^[ \t]*(INPUT|OUTPUT)\s*[=:]\s*[\"']\1[\"'],?\s*$"
    r"|\[\s*[\"']INPUT[\"']\s*,\s*[\"']OUTPUT[\"']\s*\]|[\"']INPUT[\"']\s*\|\s*[\"']OUTPUT[\"']"
)


def sides_applied(files: ProjectFiles) -> str:
    """`INPUT` or `OUTPUT` where programs apply guardrails to that alone, and hand them to nothing else.

    `NOT_KNOWN` where programs are too large to read. Empty where it is not certain: where a call, its source
    or another use of a guardrail is not known.
    """
    found = files.texts_like(_PROGRAM.search, GUARDING_SIZE_LIMIT)
    if files.root is None:
        return ""
    if found is None:
        return NOT_KNOWN
    about = [
        (path.suffix in (".py", NOTEBOOK), _LISTED.sub("", text))
        for path, text in found
        if _ABOUT in text.lower() and not is_test(path.relative_to(files.root).parts)
    ]
    texts = [text for _, text in about]
    sources = {source for text in texts for source in _sources(text)}
    rest = [_without(_CALL, text) for text in texts]
    in_python = [of_python for of_python, _ in about]
    if not sources or any(map(_uses_otherwise, rest, in_python)):
        return ""
    mentioned: set[str] = {one or other for text in texts for one, other in _MENTION.findall(text)}
    if len(mentioned) != 1 or not _are_known(sources, rest):
        return ""
    return mentioned.pop()


def _uses_otherwise(text: str, in_python: bool) -> bool:
    other_use = _OTHER_USE_IN_PYTHON if in_python else _OTHER_USE
    if _OTHER_CALL.search(text) or other_use.search(text):
        return True
    if _OF_LIBRARIES.search(text) and _KEY.search(text):
        return True
    return any(_ABOUT in text[start:end] for start, end in _calls(_LIBRARY, text))


def _are_known(sources: set[str], texts: list[str]) -> bool:
    """Whether each source is a side, or a parameter that is a side by default and wherever it is given."""
    wanted: set[str] = set()
    for source in sources:
        if not _SIDE.match(source):
            parameter = _PARAMETER.match(source)
            if parameter is None:
                return False
            wanted.add(parameter[1])
    found: set[str] = set()
    for match in (match for text in texts if wanted for match in _GIVEN.finditer(text)):
        if match[1] in wanted:
            if not _SIDE.match(match[2].strip()):
                return False
            found.add(match[1])
    return found == wanted


def _sources(text: str) -> Iterator[str]:
    """The source that each call of a text is given; empty where it is not written there."""
    for start, end in _calls(_CALL, text):
        source = _SOURCE.search(text, start, end)
        yield source[1] if source else ""


def _without(call: "re.Pattern[str]", text: str) -> str:
    parts, last = [], 0
    for start, end in _calls(call, text):
        parts.append(text[last:start])
        last = end
    return "".join((*parts, text[last:]))


def _calls(call: "re.Pattern[str]", text: str) -> Iterator[tuple[int, int]]:
    """Where the arguments of each call begin and end; parentheses in texts count as well."""
    end = 0
    for found in call.finditer(text):
        if found.start() < end:
            continue
        depth, end = 1, found.end()
        while depth and end < len(text):
            depth += (text[end] == "(") - (text[end] == ")")
            end += 1
        yield found.end(), end
