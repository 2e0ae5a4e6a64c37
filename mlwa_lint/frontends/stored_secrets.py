"""Which environment variables a program names stored secrets by, or keys in them."""

from collections.abc import Iterable
from functools import lru_cache

from mlwa_lint.startup.patterns import lazy

_READS = lazy(r"(?i)get_?secret_?(?:value|string)\b|GetSecretValueCommand|\bget_?secret\(")
_VARIABLE = (
    r"(?:(?:os\.)?(?:environ(?:\.get\(|\[)|getenv\()\s*[\"'](?P<{0}>\w{{1,100}})[\"']"
    r"|process\.env\.(?P<{1}>\w{{1,100}}))"
)
_BOUND = lazy(rf"\b(?P<name>\w{{1,100}})(?:: ?\w{{1,40}})? ?= ?{_VARIABLE.format('python', 'node')}")
# As the name of a secret, or as a subscript: `SecretId=NAME`, `stored[NAME]`, `stored.get(NAME)`.
_USED = lazy(
    r"(?:\bSecretId[\"']? ?[=:] ?|(?<=[\w\])])\[ ?|(?<!environ)\.get\(\s*|\bget_?[sS]ecret\w{0,40}\(\s*)"
    rf"(?:{_VARIABLE.format('python', 'node')}|(?P<bound>\w{{1,100}})\b(?!\())"
)
_REMEMBERED = 120  # the programs that are deployed with the functions of a project


def variables_for_names(texts: Iterable[str]) -> tuple[str, ...]:
    """The environment variables whose values are names of stored secrets, or of keys in them."""
    found: dict[str, None] = {}
    reading = [*filter(_reads_secrets, texts)]
    bound = {
        each["name"]: each["python"] or each["node"] for text in reading for each in _BOUND.finditer(text)
    }
    for text in reading:
        for each in _USED.finditer(text):
            variable = each["python"] or each["node"] or bound.get(each["bound"] or "")
            if variable:
                found[variable] = None
    return tuple(found)


@lru_cache(maxsize=_REMEMBERED)
def _reads_secrets(text: str) -> bool:
    return _READS.search(text) is not None


__all__ = ["variables_for_names"]
