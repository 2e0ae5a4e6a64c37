"""Whether a word in a text of a repository is a hint at what it names, or shows the opposite.

"No VpcConfig is needed", `# 'VolumeKmsKeyId': 'string'`, `volume_kms_key_id=None` mention what is not used.
"""

import re
from functools import lru_cache

from mlwa_lint.files import PROGRAMS
from mlwa_lint.startup.patterns import lazy

_COMMENTED_OUT = lazy(r"\s*#[\s#]*[\"']?\w+[\"']?\s*(?:=(?!=)|:\s*(?:[\"'\[{(\w]|$)).*")
# A comment in words has a colon as well: "# Note: use a VPC".
_IN_WORDS = lazy(r"\s*#[\s#]*[A-Za-z]+:\s+[A-Za-z]+ [A-Za-z]+")
# What follows a name of an argument: nothing that anyone chose.
_NOTHING_CHOSEN = lazy(r"(?i)\w*[\"']?\s*[:=]\s*(?:(?:None|null|str|\"\"|'')(?![\w\"'])|[\"']string[\"'])")
_NOT_MEANT = lazy(
    r"(?i)(?:\b(?:no|without(?: an?| any)?)"
    r"|\b(?:does not|doesn['’]t|do not|don['’]t) (?:need|require|use)(?: an?)?) "
    r"(?:\S+ )?[`*\"']*[\w.-]*$"
)
_NOT_NEEDED = lazy(r"(?i)^[^.;|]*?\b(?:is|are) (?:not|never) (?:needed|necessary|required)\b")
_NONE_NEEDED = lazy(r"(?i)\bnone (?:is )?(?:needed|necessary|required)\b")
_SCHEMA = re.compile(rb"\"\$ref\"\s*:\s*\"#/(?:definitions|components|\$defs)/")
_SIGNATURE = lazy(r"\bdef\s+\w+\s*$")
_GIVEN = lazy(r"(?<![\w.])(?P<name>[^\W\d]\w*)(?:\s*:[^=,\n]{1,200})?\s*=(?!=)\s*(?=(?P<value>[\w.]*))")
_ARGUMENTS_LIMIT = 4_000
# A text with more matches is a hint, whatever they are.
MATCHES_LIMIT = 1_000
# Characters of a line before and after what matched.
_BESIDE_LENGTH = 500
# A text may mention names at many places, one after the other.
_REMEMBERED = 4


def describes_files(content: bytes) -> bool:
    """Whether a text is a schema: what it names may be in other files, and need not."""
    return _SCHEMA.search(content) is not None


def has_hint(pattern: "re.Pattern[str]", text: str, name: str) -> bool:
    """Whether anything that an expression matches in a text of a file is a hint. name: that of the file."""
    for number, match in enumerate(pattern.finditer(text)):
        if number >= MATCHES_LIMIT or _is_hint(text, *match.span(), name):
            return True
    return False


def _is_hint(text: str, start: int, end: int, name: str) -> bool:
    """Whether what matched in a text of a file is a hint at what it names.

    start, end: where it matched. name: that of the file.
    """
    # A line may be the whole of a large file, and have a match in every place.
    first = max(text.rfind("\n", 0, start) + 1, start - _BESIDE_LENGTH)
    until = min(len(text), end + _BESIDE_LENGTH)
    last = text.find("\n", end, until)
    line = text[first : last if last >= 0 else until]
    before, after = line[: start - first], line[end - first :]
    if name.endswith(PROGRAMS):
        if _COMMENTED_OUT.fullmatch(line) is not None and _IN_WORDS.match(line) is None:
            return False
        if _NOTHING_CHOSEN.match(after) is not None and not _is_parameter(text, start):
            return False
        if _is_left_out(text, start, end):
            return False
        if "#" not in before and '"""' not in before:
            return True
    negated = _NOT_MEANT.search(before) or _NOT_NEEDED.search(after) or _NONE_NEEDED.search(line)
    return negated is None


def _is_left_out(text: str, start: int, end: int) -> bool:
    """Whether a name in a program is a parameter that is None by default, and that the program gives nothing.

    Its callers do, in their own files, or no one does.
    """
    name = _name_around(text, start, end)
    return name.isidentifier() and _gives_nothing(text, name)


def _gives_nothing(text: str, name: str) -> bool:
    """Whether all that a program gives an argument or a variable is None, or what is called alike."""
    found = _given_in(text).get(name, set())
    return "none" in found and found <= {"none", name.lower()}


@lru_cache(maxsize=_REMEMBERED)
def _given_in(text: str) -> dict[str, set[str]]:
    """What a program gives each argument and variable, as far as it is a name."""
    found: dict[str, set[str]] = {}
    for match in _GIVEN.finditer(text):
        found.setdefault(match["name"], set()).add(match["value"].lower())
    return found


def _name_around(text: str, start: int, end: int) -> str:
    """The whole name, of which a part matched."""
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    return text[start:end]


def _is_parameter(text: str, at: int) -> bool:
    """Whether a place in a program is among the parameters of a function, which leaves it to its callers."""
    depth = 0
    for place in range(at - 1, max(at - _ARGUMENTS_LIMIT, -1), -1):
        if text[place] in ")]}":
            depth += 1
        elif text[place] in "([{":
            if depth == 0:
                return text[place] == "(" and _SIGNATURE.search(text[max(place - 200, 0) : place]) is not None
            depth -= 1
    return True


__all__ = ["describes_files", "has_hint"]
