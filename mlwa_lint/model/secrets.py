"""What the sources at hand keep secret, collected while they are read, so that no output shows it.

Front ends and evaluators register here which literals are secret: by their names (`DB_PASSWORD`), by
what declares them (`NoEcho`, `sensitive`), by the property that holds them. What then leaves a target, as a
message, an address or a reason, passes `scrub`; the places are handed on instead of the texts, so that
excerpts can leave them out though no report, and no cache, knows the secret itself.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from mlwa_lint.model.credentials import places
from mlwa_lint.model.spans import Span
from mlwa_lint.startup.records import NamedTuple

STARS = "***"
# Literals that short would hide ordinary words everywhere; longer ones count also inside of words.
_SHORTEST = 4
# Characters of a text that can hold a setting, a name with its value, at least.
SHORTEST_SETTING = 8
_CERTAIN = 12
# Words of our own messages, which hide nothing; excerpts leave out their places nevertheless.
_MESSAGE_WORDS = frozenset({"credential", "password", "secret", "token"})
# What messages shorten is recognised by its prefix.
_BEGINNING = 20


class Marks(NamedTuple):
    """What a text has in it, in lower case, that can hold a secret's name; all of `keys` end with "key"."""

    words: tuple[str, ...]
    keys: tuple[str, ...]


MARKS = Marks(
    (
        "pass",
        "pwd",
        "secret",
        "token",
        "noecho",
        "sensitive",
        "connectionstring",
        "connection_string",
        "connection-string",
    ),
    tuple(
        f"{word}{between}key"
        for word in ("access", "account", "api", "auth", "license", "private", "signing")
        for between in ("", "_", "-", " ")
    ),
)
_LONGEST_BEFORE_KEY = max(map(len, MARKS.keys)) - len("key")


def suspicious(text: str, marks: Marks = MARKS) -> bool:
    """Whether a text can hold anything that is named like a secret: a quick look, before a long one."""
    lower = text.lower()
    for mark in marks.words:
        if mark in lower:
            return True
    return "key" in lower and any(mark in lower for mark in marks.keys)


def marks_in(text: str) -> Marks:
    """What makes pieces of a source `suspicious`: only what it has itself, unless something is escaped.

    Nothing does where the source is not suspicious.
    """
    lower = text.lower()
    words = tuple(mark for mark in MARKS.words if mark in lower)
    # What precedes each "key" is short, and mostly the same; the whole text is not searched for each mark.
    ends = "\n".join({piece[-_LONGEST_BEFORE_KEY:] + "key" for piece in lower.split("key")[:-1]})
    found = Marks(words, tuple(mark for mark in MARKS.keys if mark in ends))
    return MARKS if any(found) and "\\" in text else found


@lru_cache(maxsize=20_000)  # the names of properties are the same in every template
def names_secret(name: str) -> bool:
    """Whether a name means that its value, or each of its values, is a secret."""
    from mlwa_lint.model.secret_names import promises_secret

    return promises_secret(name) or (name.endswith("s") and promises_secret(name[:-1]))


# What accompanies a password in the secret of a database, and occurs in names of resources as well.
BESIDE_SECRETS = frozenset(
    (
        *("database", "dbclusteridentifier", "dbinstanceidentifier", "dbname", "db_name", "engine"),
        *("host", "hostname", "port", "region", "user", "user_name", "username"),
    )
)


class Secrets:
    """The literals of a target that must not be shown, and where they are.

    found: whether anything that was read may hold a secret. names: parameters and variables that are
    declared to be secret.
    """

    def __init__(self) -> None:
        self.found = False
        self.names: set[str] = set()
        self.places: dict[Span, None] = {}
        self._texts: set[str] = set()
        self._compared: list[tuple[str, str, Span | None]] = []
        self._lengths: dict[str, list[int]] | None = None
        self._long: dict[str, str] = {}

    @property
    def size(self) -> int:
        """How many literals there are."""
        return len(self._texts)

    @property
    def texts(self) -> frozenset[str]:
        """The literals."""
        return frozenset(self._texts)

    def add(self, text: str, span: Span | None = None) -> None:
        """Notes a literal under a secret's name; switches, names and placeholders are none."""
        from mlwa_lint.model.secret_names import is_literal_secret

        if is_literal_secret(text):
            self.certain(text, span)

    def certain(self, text: str, span: Span | None = None) -> None:
        """Notes a literal that is a secret whatever it looks like."""
        text = text.strip()
        if span is not None:
            self.places[span] = None
        if len(text) >= _SHORTEST and text.lower() not in _MESSAGE_WORDS:
            lines = [line.strip() for line in text.splitlines()] if "\n" in text else []
            self._texts.update([text, *(line for line in lines if len(line) >= 2 * _SHORTEST)])
            self._lengths = None

    def compared(self, name: str, text: str, span: Span | None = None) -> None:
        """Notes a literal that a variable is compared with: it is secret if the variable turns out to be."""
        self._compared.append((name, text, span))

    def given(self, values: Mapping[str, object]) -> None:
        """Notes the values that the user states for parameters and variables."""
        for name, value in values.items():
            if name in self.names or names_secret(name):
                for text in _leaves(value):
                    self.certain(text)

    def settle(self) -> None:
        """Decides what was left open until all declarations were read."""
        for name, text, span in self._compared:
            if name in self.names or names_secret(name):
                self.certain(text, span)
        self._compared.clear()

    def scrub(self, text: str) -> str:
        """A text without the secrets."""
        for start, end in reversed(self.found_in(text)):
            text = text[:start] + STARS + text[end:]
        return without_formats(text)

    def found_in(self, text: str) -> list[tuple[int, int]]:
        """Where a text contains secret literals: start and end of each."""
        if not self._texts:
            return []
        if self._lengths is None:
            self._index()
        lengths = self._lengths or {}
        found: list[tuple[int, int]] = []
        position = 0
        while position <= len(text) - _SHORTEST:
            start = text[position : position + _SHORTEST]
            length = self._at(text, position, lengths[start]) if start in lengths else 0
            if length:
                found.append((position, position + length))
            position += length or 1
        return found

    def _at(self, text: str, position: int, lengths: Iterable[int]) -> int:
        """The length of the secret that starts at a position of a text; 0 for none."""
        for length in lengths:
            piece = text[position : position + length]
            if len(piece) < length or (piece not in self._texts and piece not in self._long):
                continue
            if length < _CERTAIN and not _stands_alone(text, position, length):
                continue
            whole = self._long.get(piece, piece)
            while length < len(whole) and text[position + length : position + length + 1] == whole[length]:
                length += 1
            return length
        return 0

    def _index(self) -> None:
        """Literals by their first letters, in each form in which messages quote them."""
        from json import dumps

        for text in list(self._texts):
            self._texts.update((dumps(text)[1:-1], repr(text)[1:-1], " ".join(text.split())))
        self._long = {text[:_BEGINNING]: text for text in self._texts if len(text) > _BEGINNING}
        found: dict[str, set[int]] = {}
        for text in (*self._texts, *self._long):
            found.setdefault(text[:_SHORTEST], set()).add(len(text))
        self._lengths = {start: sorted(lengths, reverse=True) for start, lengths in found.items()}


def without_formats(text: str) -> str:
    """A text without what has a credential's format."""
    for start, end in sorted(places(text), reverse=True):
        text = text[:start] + STARS + text[end:]
    return text


def _stands_alone(text: str, position: int, length: int) -> bool:
    before = text[position - 1 : position] if position else ""
    return not before.isalnum() and not text[position + length : position + length + 1].isalnum()


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
        yield str(value)


_CURRENT: ContextVar[Secrets | None] = ContextVar("secrets", default=None)


def secrets() -> Secrets:
    """The secrets of the current target; without a collector, they are discarded."""
    return _CURRENT.get() or Secrets()


@contextmanager
def collecting() -> Iterator[Secrets]:
    """Collects the secrets of a target."""
    own = Secrets()
    token = _CURRENT.set(own)
    try:
        yield own
    finally:
        _CURRENT.reset(token)
