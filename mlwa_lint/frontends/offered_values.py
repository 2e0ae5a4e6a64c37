"""Values in files beside a template or configuration that nobody has chosen yet.

Which of the files is deployed with, only the user knows. What all of them give the same answer to is decided
nevertheless, and says on which files it rests.
"""

from collections.abc import Iterable

from mlwa_lint.model.values import Assumptions, Unknown
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

# More files, or longer values, than these are not looked at for one name.
VALUES_LIMIT = 16
LENGTH_LIMIT = 500
_LISTED = 3
# What somebody has to replace first.
_PLACEHOLDER = lazy(
    r"(?i)\s*|<.*>|\{.*\}|\$\{?.*|#\{.*|\[.*\]|\.\.\.|x{3,}|.*\b(?:your|my)[-_ ].*|.*_here"
    r"|.*(?:replace|change)[-_ ]?(?:me|this|with).*"
    r"|(?:todo|tbd|fixme|placeholder|example|dummy|none|null|n/a)"
)


class Offered(NamedTuple):
    """A value for a name, and the file that has it."""

    text: str
    file: str


def supposing(value: Unknown, name: str, offers: Iterable[Offered]) -> Unknown:
    """An unknown value that is one of those which files have for it."""
    kept = [each for each in offers if len(each.text) <= LENGTH_LIMIT and not is_placeholder(each.text)]
    if not kept or len(kept) > VALUES_LIMIT or value.secret or value.one_of:
        return value
    files = list(dict.fromkeys(each.file for each in kept))
    return value._replace(one_of=tuple(sorted({each.text for each in kept})), supposed=_rests_on(name, files))


def is_placeholder(text: str) -> bool:
    """Whether a text stands for a value that is to be filled in."""
    return _PLACEHOLDER.fullmatch(text) is not None


def _rests_on(name: str, files: list[str]) -> Assumptions:
    listed = files[:_LISTED]
    more = len(files) - len(listed)
    named = [*listed, f"{more} more files" if more > 1 else "another file"] if more else listed
    text = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
    return frozenset({f"the value of {name} in {text}"})
