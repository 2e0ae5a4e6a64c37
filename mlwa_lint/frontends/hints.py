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
_ARGUMENTS_LIMIT = 4_000
# A text may mention one name at many places, one after the other.
_REMEMBERED = 16


def describes_files(content: bytes) -> bool:
    """Whether a text is a schema: what it names may be in other files, and need not."""
    return _SCHEMA.search(content) is not None


def is_hint(text: str, start: int, end: int, name: str) -> bool:
    """Whether what matched in a text of a file is a hint at what it names.

    start, end: where it matched. name: that of the file.
    """
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    line = text[first : last if last >= 0 else len(text)]
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


@lru_cache(maxsize=_REMEMBERED)
def _gives_nothing(text: str, name: str) -> bool:
    """Whether all that a program gives an argument or a variable is None, or what is called alike."""
    given = re.compile(rf"(?<![\w.]){name}(?:\s*:[^=,\n]+)?\s*=(?!=)\s*(?P<value>[\w.]*)")
    found = {match["value"].lower() for match in given.finditer(text)}
    return "none" in found and found <= {"none", name.lower()}


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


__all__ = ["describes_files", "is_hint"]
