"""Where blocks, arguments and literals of HCL are in a text, so that a test can write them another way."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"(?P<blank>[ \t\r\ufeff]+)|(?P<line>\n)|(?P<comment>\#[^\n]*|//[^\n]*|/\*.*?\*/)"
    r"|(?P<number>\d+(?:\.\d+)?)|(?P<word>[A-Za-z_][\w-]*)|(?P<heredoc><<-?[A-Za-z_]\w*)|(?P<text>\")"
    r"|(?P<sign>==|!=|<=|>=|&&|\|\||=>|\.\.\.|[-+*/%!<>=?:.,()\[\]{}])",
    re.DOTALL,
)
_OPENING, _CLOSING = "{[(", "}])"


class Token(NamedTuple):
    """A piece of the text."""

    kind: str
    text: str
    start: int
    end: int


class HclLiteral(NamedTuple):
    """A literal in the place of a value: the kind of its token, and what precedes and follows it."""

    kind: str
    text: str
    start: int
    end: int
    before: str
    after: str


class HclArgument(NamedTuple):
    """`name = value`; `value` is where the value begins."""

    name: str
    start: int
    value: int
    end: int
    tokens: tuple[Token, ...]


class HclBlock(NamedTuple):
    """A block; its body is between `body` and `body_end`."""

    type: str
    labels: tuple[str, ...]
    start: int
    body: int
    body_end: int
    end: int
    items: "tuple[HclBlock | HclArgument, ...]"

    def arguments(self) -> list[HclArgument]:
        """The block's own arguments."""
        return [each for each in self.items if isinstance(each, HclArgument)]

    def blocks(self) -> "list[HclBlock]":
        """The blocks directly inside."""
        return [each for each in self.items if isinstance(each, HclBlock)]

    def argument(self, name: str) -> HclArgument | None:
        """An argument by its name."""
        return next((each for each in self.arguments() if each.name == name), None)


def edited(text: str, changes: Iterable[tuple[int, int, str]]) -> str:
    """The text with some places replaced."""
    for start, end, new in sorted(changes, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def tokens_of(text: str) -> list[Token]:
    """The tokens without blanks and comments; the last has no text."""
    at, found = 0, []
    while at < len(text):
        match = _TOKEN.match(text, at)
        assert match is not None, text[at : at + 30]
        kind, end = match.lastgroup or "", match.end()
        if kind == "text":
            end = _end_of_text(text, end)
        elif kind == "heredoc":
            mark = match[0].lstrip("<-")
            closing = re.compile(rf"^[ \t]*{mark}(?=[ \t\r]*$)", re.MULTILINE).search(text, end)
            assert closing is not None
            end = closing.end()
        if kind not in ("blank", "comment"):
            found.append(Token(kind, text[at:end], at, end))
        at = end
    return [*found, Token("end", "", at, at)]


def _end_of_text(text: str, at: int) -> int:
    while text[at] != '"':
        if text.startswith(("$${", "%%{"), at):
            at += 3
        elif text.startswith(("${", "%{"), at):
            at = _end_of_interpolation(text, at + 2)
        else:
            at += 2 if text[at] == "\\" else 1
    return at + 1


def _end_of_interpolation(text: str, at: int) -> int:
    depth = 1
    while depth:
        if text[at] == '"':
            at = _end_of_text(text, at + 1)
            continue
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        at += 1
    return at


def blocks_of(text: str) -> list[HclBlock]:
    """The top-level blocks."""
    return [each for each in _Reader(text).body() if isinstance(each, HclBlock)]


def arguments_in(block: HclBlock) -> Iterator[tuple[tuple[HclBlock, ...], HclArgument]]:
    """All arguments in a block, each with the blocks around it."""
    for each in block.items:
        if isinstance(each, HclArgument):
            yield (block,), each
        else:
            yield from (((block, *around), argument) for around, argument in arguments_in(each))


def literals_in(argument: HclArgument) -> Iterator[HclLiteral]:
    """The literals of an argument's value, without keys and operands."""
    tokens = argument.tokens
    open_: list[str] = []
    for number, token in enumerate(tokens):
        if token.kind == "sign" and token.text in _OPENING:
            open_.append(_holder(tokens, number))
        elif token.kind == "sign" and token.text in _CLOSING:
            open_.pop()
        elif token.kind in ("text", "number", "heredoc") or token.text in ("true", "false"):
            holder = open_[-1] if open_ else "argument"
            before, after = _beside(tokens, number, -1, holder), _beside(tokens, number, 1, holder)
            is_key = holder == "object" and after in ("=", ":") and before in ("{", ",", "")
            is_value = before in ("", "=", ":", "[", ",") and after in ("", ",", "]", "}")
            if is_value and not is_key and holder in ("argument", "list", "object"):
                kind = "bool" if token.kind == "word" else token.kind
                yield HclLiteral(kind, token.text, token.start, token.end, before, after)


def _holder(tokens: tuple[Token, ...], number: int) -> str:
    before = tokens[number - 1] if number else None
    follows = next((each.text for each in tokens[number + 1 :] if each.kind != "line"), "")
    if tokens[number].text == "(":
        return "call"
    if follows == "for":
        return "for"
    if tokens[number].text == "{":
        return "object"
    ends = before is not None and before.kind != "line" and before.text != "in"
    return "index" if ends and before and (before.kind == "word" or before.text in "])") else "list"


def _beside(tokens: tuple[Token, ...], number: int, step: int, holder: str) -> str:
    at = number + step
    if holder == "object" and 0 <= at < len(tokens) and tokens[at].kind == "line":
        return ","
    while 0 <= at < len(tokens) and tokens[at].kind == "line":
        at += step
    return tokens[at].text if 0 <= at < len(tokens) else ""


class _Reader:
    def __init__(self, text: str) -> None:
        self._tokens = tokens_of(text)
        self._at = 0

    def _next(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def body(self) -> "tuple[HclBlock | HclArgument, ...]":
        """All items up to the end of a body."""
        items: list[HclBlock | HclArgument] = []
        while (token := self._tokens[self._at]).kind != "end" and token.text != "}":
            if token.kind == "line":
                self._at += 1
            else:
                items.append(self._item())
        return tuple(items)

    def _item(self) -> "HclBlock | HclArgument":
        name = self._next()
        labels: list[str] = []
        while (token := self._next()).text not in ("=", "{"):
            labels.append(token.text.strip('"'))
        if token.text == "=":
            return self._argument(name)
        items = self.body()
        closing = self._next()
        return HclBlock(name.text, tuple(labels), name.start, token.end, closing.start, closing.end, items)

    def _argument(self, name: Token) -> HclArgument:
        first, depth = self._at, 0
        while (token := self._tokens[self._at]).kind != "end":
            if depth == 0 and (token.kind == "line" or token.text == "}"):
                break
            if token.kind == "sign":
                depth += (token.text in _OPENING) - (token.text in _CLOSING)
            self._at += 1
        tokens = tuple(self._tokens[first : self._at])
        return HclArgument(name.text, name.start, tokens[0].start, tokens[-1].end, tokens)
