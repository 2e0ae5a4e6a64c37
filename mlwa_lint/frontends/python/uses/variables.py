"""Variables of scripts, workflows, makefiles and images, as far as the file itself gives them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from mlwa_lint.files.texts import PathSteps
from mlwa_lint.frontends.python.limits import DATA_LIMIT
from mlwa_lint.startup.records import NamedTuple


class OpenPiece(NamedTuple):
    """A part of a word that only the run gives, by what its author calls it: `secrets.ROLE`."""

    what: str


class OneOfPiece(NamedTuple):
    """A word that is one of several texts, of which the script chooses."""

    texts: tuple[str, ...]


Piece: TypeAlias = str | OpenPiece | OneOfPiece

_YAML = (".yml", ".yaml")
_REFERENCE = re.compile(
    r"\$\{\{\s{0,100}(?P<expression>.{0,500}?)\s{0,100}\}\}"
    r"|\$?\$\{(?P<braced>\w+)(?::?-(?P<default>[^{}$]*))?\}"
    r"|\$\((?P<made>\w+)\)"
    r"|\$?\$(?P<plain>[A-Za-z_]\w*)"
    r"|(?P<other>\$\([^)]{0,2000}\)|`[^`]*`|\$\{[^}]{0,2000}\}|\$[\d@*#?])"
)
# `TYPE=a`, `export TYPE=a`, `TYPE ?= a` of make, `ENV TYPE a` of an image.
_ASSIGNED = (
    r"(?:^|;|\)|&&|\b(?:then|else|do)\b)[ \t]*(?:(?:export|ENV|ARG|set)[ \t]+)?"
    r"{name}(?:=|[ \t]*[:?]?=[ \t]*)(?P<value>[^\n]*)$"
    r"|^[ \t]*ENV[ \t]+{name}[ \t]+(?P<spaced>[^=\n]+)$"
)
_OWN_ARGUMENT = re.compile(r"\$[1-9]|\$\{[1-9]\}")
_DEPTH = 4


class VariablesOfFile:
    """The variables of a file, and the texts in it that hold commands."""

    def __init__(self, steps: PathSteps, content: bytes) -> None:
        self._text = content.decode("utf-8", "replace")
        self._data = _yaml(self._text) if steps[-1].endswith(_YAML) else None
        self._known: dict[str, tuple[Piece, ...] | None] = {}

    @property
    def scripts(self) -> Sequence[str]:
        """The texts that may be commands: those of a workflow are folded as it states."""
        if self._data is not None:
            return [*_texts(self._data)]
        return [_listed(self._text)]

    def pieces_of(self, word: str, depth: int = 0) -> tuple[Piece, ...]:
        """A word, with the values of its variables where the file gives one value."""
        pieces: list[Piece] = []
        end = 0
        for match in _REFERENCE.finditer(word):
            pieces.append(word[end : match.start()])
            pieces += self._referred(match, depth)
            end = match.end()
        return _joined((*pieces, word[end:]))

    def value(self, name: str, depth: int = 0) -> tuple[Piece, ...] | None:
        """What the file gives a variable; None where it does not mention it."""
        if name not in self._known:
            self._known[name] = None  # one that refers to itself
            self._known[name] = self._found(name, depth)
        return self._known[name]

    def _referred(self, match: re.Match[str], depth: int) -> tuple[Piece, ...]:
        name = match["braced"] or match["made"] or match["plain"]
        if match["expression"] is not None:
            return self._expression(match["expression"], depth)
        if name is None:
            return (OpenPiece(match.group()),)
        if (found := self.value(name, depth + 1)) is not None:
            return found
        if match["default"] is not None:
            return (match["default"],)
        return (OpenPiece(match.group()),)

    def _expression(self, text: str, depth: int) -> tuple[Piece, ...]:
        """An expression of a workflow: `env.TYPE`, `inputs.type`."""
        source, _, name = text.rpartition(".")
        if source == "env" and (found := self.value(name, depth + 1)) is not None:
            return found
        if source in ("inputs", "github.event.inputs"):
            given = {each["default"] for each in _mappings(self._data, name) if _is_text(each.get("default"))}
            if len(given) == 1:
                return (given.pop(),)
        return (OpenPiece(text),)

    def _found(self, name: str, depth: int) -> tuple[Piece, ...] | None:
        if depth > _DEPTH:
            return (OpenPiece(name),)
        # What a script is called with replaces what it states first: `TYPE=a`, `--type) TYPE="$2"`.
        stated = [*dict.fromkeys(self._given(name))]
        given = [each for each in stated if not _OWN_ARGUMENT.fullmatch(each)] or stated
        if len(given) > 1:
            found = [self.pieces_of(each, depth) for each in given]
            texts = tuple(each[0] for each in found if len(each) == 1 and isinstance(each[0], str))
            return (OneOfPiece(texts) if len(texts) == len(given) else OpenPiece(name),)
        return next((self.pieces_of(each, depth) for each in given), None)

    def _given(self, name: str) -> Iterator[str]:
        assigned = re.compile(_ASSIGNED.format(name=re.escape(name)), re.MULTILINE)
        texts: Iterable[str] = (self._text,)
        if self._data is not None:
            yield from (each for each in _values(self._data, name) if _is_text(each))
            texts = _texts(self._data)
        for text in texts:
            for match in assigned.finditer(text):
                yield _unquoted(match["value"] or match["spaced"] or "")


def _joined(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Texts beside one another as one."""
    found: list[Piece] = []
    for each in pieces:
        last = found[-1] if found else None
        if isinstance(each, str) and isinstance(last, str):
            found[-1] = last + each
        elif each != "":
            found.append(each)
    return tuple(found) or ("",)


def _unquoted(text: str) -> str:
    """What a line assigns, without quotes and a comment."""
    text = text.strip()
    if text[:1] in ("'", '"') and text[0] in text[1:]:
        return text[1 : text.index(text[0], 1)]
    return re.split(r"\s+#|;|\s+&&", text)[0].strip()


_LIST = re.compile(
    r"^[ \t]*(?:(?:ENTRYPOINT|CMD|command:|args:)[ \t]*)?\[(?P<items>[^\]\n]*)\]", re.MULTILINE
)


def _listed(text: str) -> str:
    """A file whose lists of words are commands: `ENTRYPOINT ["python", "train.py"]`."""
    return _LIST.sub(lambda match: " ".join(each.strip() for each in match["items"].split(",")), text)


# -- data of workflows


def _yaml(text: str) -> Any:
    """The data of a file; None where it cannot be read, or has aliases that could make it large."""
    if len(text) > DATA_LIMIT or ("&" in text and re.search(r"(?m)(?:^|\s)\*\w", text)):
        return None
    import yaml

    try:
        return yaml.load(text, getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    except (yaml.YAMLError, RecursionError, ValueError):
        return None


def _walk(data: Any) -> Iterator[Any]:
    pending = [data]
    while pending:
        each = pending.pop()
        yield each
        if isinstance(each, dict):
            pending += reversed(each.values())
        elif isinstance(each, list):
            pending += reversed(each)


def _texts(data: Any) -> Iterator[str]:
    """All texts, and lists of words as one."""
    for each in _walk(data):
        if isinstance(each, str):
            yield each
        elif isinstance(each, list) and each and all(map(_is_word, each)):
            yield " ".join(f'"{word}"' if " " in word else word for word in each)


def _values(data: Any, key: str) -> Iterator[Any]:
    """What a key has anywhere, and what has it as its name: `{name: TYPE, value: ml.m5.xlarge}`."""
    for each in _walk(data):
        if isinstance(each, dict):
            if key in each:
                yield each[key]
            if each.get("name") == key and "value" in each:
                yield each["value"]


def _mappings(data: Any, key: str) -> Iterator[dict[str, Any]]:
    return (each for each in _values(data, key) if isinstance(each, dict))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and "\n" not in value and '"' not in value
