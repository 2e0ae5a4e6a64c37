"""Regular expressions, as far as a text shows that nothing in it matches: none is ever run."""

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.values import Handle, ListObj, PyValue, Site
from mlwa_lint.model.values import Absent, Scalar

_LISTS = frozenset({"findall", "finditer"})
_MATCHES = frozenset({"search", "match", "fullmatch"})
_META = frozenset(".^$*+?{}[]\\|()")
_REPEATED = ("?", "*", "{")


def matching(core: Core, path: str, site: Site) -> PyValue | None:
    """The result of a function of `re`, and of what leaves texts as they are that refer to no variables."""
    first = site.positional[0] if site.positional else None
    if path == "os.path.expandvars":
        unchanged = isinstance(first, Scalar) and "$" not in str(first.data)
        return first if unchanged else None
    module, _, name = path.rpartition(".")
    if module != "re" or not isinstance(first, Scalar):
        return None
    if name == "compile":
        return CompiledPattern(str(first.data)) if "flags" not in site.named else None
    return _unmatched(name, str(first.data), site._replace(positional=site.positional[1:]))


class CompiledPattern(Handle):
    """What `re.compile` gives."""

    __slots__ = ("pattern",)

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern

    def call(self, name: str, site: Site) -> PyValue | None:
        """`findall`, `search`, `sub` …"""
        return _unmatched(name, self.pattern, site)


def _unmatched(name: str, pattern: str, site: Site) -> PyValue | None:
    """What a function gives for a text in which nothing can match; None where something may."""
    place = 1 if name == "sub" else 0
    text = site.value("string", place)
    needed = needed_text(pattern)
    if not needed or not isinstance(text, Scalar) or not isinstance(text.data, str):
        return None
    if needed in text.data or "flags" in site.named:
        return None
    if name == "sub":
        return text
    if name in _LISTS:
        return ListObj((), site.span, assumed=text.assumed)
    return Absent(site.span, text.assumed) if name in _MATCHES else None


def needed_text(pattern: str) -> str:
    """A text with which all begins that a pattern matches; empty where that is not known."""
    if "|" in pattern or pattern.startswith("(?"):
        return ""
    found = ""
    rest = pattern.removeprefix("^")
    while rest:
        letter = rest[0]
        size = 1
        if letter == "\\" and len(rest) > 1 and not rest[1].isalnum():
            letter, size = rest[1], 2
        elif letter in _META:
            break
        if rest[size : size + 1] in _REPEATED:
            break
        found += letter
        rest = rest[size:]
    return found
