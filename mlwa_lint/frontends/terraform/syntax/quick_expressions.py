"""The expressions of the quick reader of HCL."""

import re
from bisect import bisect_right
from collections.abc import Callable

from mlwa_lint.frontends.expressions import (
    Attribute,
    Call,
    Conditional,
    EntryExpr,
    Expr,
    For,
    Index,
    ListExpr,
    Literal,
    Lookup,
    MapExpr,
    OperatorExpression,
    Splat,
)
from mlwa_lint.frontends.terraform.syntax.precedence import PRECEDENCE
from mlwa_lint.frontends.terraform.syntax.quick_patterns import (
    ARROW,
    ASSIGNED,
    BARE,
    CLOSES,
    ELEMENT_END,
    ELLIPSIS,
    FOR,
    HEREDOC,
    IF,
    INTRO,
    ITEM_END,
    KEY,
    OPERAND,
    OPERATOR,
    POSTFIX,
    QUOTED,
    SKIP,
)
from mlwa_lint.frontends.terraform.syntax.templates import TemplatePiece, heredoc_of, joined, unescaped
from mlwa_lint.model.spans import Span
from mlwa_lint.startup.records import record

# Far below the limits of the careful reader, whose messages name the place.
_DEPTH = 15
_OPERATORS = 200
_WORDS = {"true": True, "false": False, "null": None}
# Makes the value of a number's text.
NumberReader = Callable[[str], int | float | str]


class UnsureError(Exception):
    """Something that only the careful reader can decide."""


class Expressions:
    """Recursive descent; `at` is the offset up to which the text is read."""

    def __init__(self, text: str, path: str, number: NumberReader) -> None:
        self.text = text
        self._path = path
        self.number = number
        self.at = 0
        self.depth = 0
        self.operators = 0
        self.starts = [0]
        start = text.find("\n") + 1
        while start:
            self.starts.append(start)
            start = text.find("\n", start) + 1

    def span(self, start: int, end: int) -> Span:
        """The place of the characters between two offsets."""
        starts = self.starts
        line = bisect_right(starts, start)
        first = starts[line - 1]
        if line == len(starts) or end < starts[line]:
            return record(Span, (self._path, line, start - first + 1, line, end - first + 1))
        last = bisect_right(starts, end)
        return record(Span, (self._path, line, start - first + 1, last, end - starts[last - 1] + 1))

    def enter(self) -> None:
        """Goes a level deeper."""
        self.depth += 1
        if self.depth > _DEPTH:
            raise UnsureError

    def expression(self) -> Expr:
        """The expression at this place, by HCL's precedence."""
        condition = self._binary(1)
        found = OPERATOR.match(self.text, self.at)
        if found is None or found[1] != "?":
            return condition
        self.at = found.end()
        self.enter()
        yes = self.expression()
        self._close(":")
        no = self.expression()
        self.depth -= 1
        return Conditional(condition, yes, no, condition.span.to(no.span))

    def _binary(self, least: int) -> Expr:
        left = self._operand()
        while True:
            found = OPERATOR.match(self.text, self.at)
            if found is None:
                return left
            operator = found[1]
            level = PRECEDENCE.get(operator, 0)
            if level < least:
                return left
            self.at = found.end()
            self.operators += 1
            if self.operators > _OPERATORS:
                raise UnsureError
            right = self._binary(level + 1)
            left = OperatorExpression(operator, (left, right), left.span.to(right.span))

    def _operand(self) -> Expr:
        text = self.text
        found = OPERAND.match(text, self.at)
        if found is None:
            raise UnsureError
        kind = found.lastindex or 0
        end = self.at = found.end()
        operand: Expr
        if kind == 1:
            operand = record(Literal, (found[1], self.span(found.start(1) - 1, end)))
        elif kind == 2:
            operand = self.named(found[2], found.start(2))
        elif kind == 3:
            operand = self._call(found[2], found.start(2))
        elif kind == 4:
            operand = record(Literal, (self.number(found[4]), self.span(found.start(4), end)))
        else:
            self.enter()
            sign, start = found[5], found.start(5)
            if sign in ("!", "-"):
                operand = self._signed(sign)
                self.depth -= 1
                return operand
            if sign == "(":
                operand = self.expression()
                self._close(")")
            elif sign == "[":
                operand = self._tuple(start)
            elif sign == "{":
                operand = self._object(start)
            elif sign == '"':
                operand = self._quoted(start)
            else:
                operand = self._heredoc(start, dashed=sign == "<<-")
            self.depth -= 1
        # A bracket, a dot: what follows directly.
        while text[self.at] in ".[" and not text.startswith("...", self.at):
            operand = self._postfix(operand)
        return operand

    def _signed(self, sign: str) -> Expr:
        operand = self._operand()
        if sign == "-" and isinstance(operand, Literal) and type(operand.data) in (int, float):
            return Literal(-operand.data, operand.span)  # type: ignore[operator]
        return OperatorExpression(sign, (operand,), operand.span)

    def named(self, path: str, start: int) -> Expr:
        """A word of the language, or a name and what is read of it."""
        end = start + len(path)
        if self.text.startswith("::", end):
            raise UnsureError
        span = self.span(start, end)
        if path in _WORDS:
            return Literal(_WORDS[path], span)
        names = tuple(path.split("."))
        if names[0] in _WORDS:
            raise UnsureError
        return record(Lookup, (names, span))

    def _close(self, sign: str) -> None:
        found = CLOSES.match(self.text, self.at)
        if found is None or found[1] != sign:
            raise UnsureError
        self.at = found.end()

    def _call(self, name: str, start: int) -> Expr:
        if "." in name or name in _WORDS:
            raise UnsureError
        self.enter()
        arguments, expand = self._items(")")
        self.depth -= 1
        return Call(name, arguments, self.span(start, self.at), expand)

    def _tuple(self, start: int) -> Expr:
        if FOR.match(self.text, self.at):
            return self._loop(start, "]")
        items, expand = self._items("]")
        if expand:
            raise UnsureError
        return ListExpr(items, self.span(start, self.at))

    def _items(self, close: str) -> tuple[tuple[Expr, ...], bool]:
        """Expressions with commas between them, and whether `...` follows the last."""
        text = self.text
        items: list[Expr] = []
        expand = False
        while True:
            ended = ITEM_END.match(text, self.at)
            if ended is not None:
                if ended[1] != close:
                    raise UnsureError
                self.at = ended.end()
                return tuple(items), expand
            if expand:
                raise UnsureError
            items.append(self.expression())
            ended = ITEM_END.match(text, self.at)
            if ended is None:
                raise UnsureError
            if ended[1] == close:
                continue
            expand = ended[1] == "..."
            if ended[1] not in (",", "..."):
                raise UnsureError
            self.at = ended.end()

    def _object(self, start: int) -> Expr:
        text = self.text
        if FOR.match(text, self.at):
            return self._loop(start, "}")
        entries: list[EntryExpr] = []
        divided = True
        while True:
            found = KEY.match(text, self.at)
            if found is not None:
                group = found.lastindex or 0
                first, last = found.span(group)
                span = self.span(first, last) if group == 1 else self.span(first - 1, last + 1)
                name: Expr = record(Literal, (found[group], span))
                if group == 1 and found[1] in _WORDS:
                    name = Literal(_WORDS[found[1]], span)
                self.at = found.end()
            else:
                after = SKIP.match(text, self.at)
                self.at = first = after.end() if after is not None else self.at
                if text[first] == "}":
                    self.at += 1
                    return MapExpr(tuple(entries), self.span(start, self.at))
                if not divided or text[first] not in '("':
                    raise UnsureError
                name = self.expression()
                span = self.span(first, self.at)
                assigned = ASSIGNED.match(text, self.at)
                if assigned is None:
                    raise UnsureError
                self.at = assigned.end()
            entries.append(EntryExpr(name, self.expression(), span))
            ended = ELEMENT_END.match(text, self.at)
            if ended is None:
                raise UnsureError
            divided = ended[1] == ","
            self.at = ended.end() if ended[1] != "}" else ended.start(1)

    def _loop(self, start: int, close: str) -> Expr:
        text = self.text
        intro = INTRO.match(text, self.at)
        if intro is None:
            raise UnsureError
        self.at = intro.end()
        names = tuple(name for name in intro.groups() if name is not None)
        collection = self.expression()
        self._close(":")
        result = self.expression()
        key: Expr | None = None
        grouping = False
        if close == "}":
            arrow = ARROW.match(text, self.at)
            if arrow is None:
                raise UnsureError
            self.at = arrow.end()
            key, result = result, self.expression()
            ellipsis = ELLIPSIS.match(text, self.at)
            if ellipsis is not None:
                grouping = True
                self.at = ellipsis.end()
        condition: Expr | None = None
        filtered = IF.match(text, self.at)
        if filtered is not None:
            self.at = filtered.end()
            condition = self.expression()
        self._close(close)
        return For(names, collection, result, self.span(start, self.at), key, condition, grouping)

    def _postfix(self, base: Expr) -> Expr:
        found = POSTFIX.match(self.text, self.at)
        if found is None:
            raise UnsureError
        start = self.at
        self.at = found.end()
        if found[1]:
            span = base.span.to(self.span(start, self.at))
            if isinstance(base, Lookup):
                return Lookup((*base.path, found[1]), span)
            return Attribute(base, found[1], span)
        if found[3]:
            key = self._key_inside()
            return Index(base, key, base.span.to(self.span(start, self.at)))
        steps: list[str | Expr] = []
        while self.text[self.at] in ".[":
            step = POSTFIX.match(self.text, self.at)
            if step is None or step[2] or (step[3] and found[2] == ".*"):
                raise UnsureError
            self.at = step.end()
            steps.append(step[1] or self._key_inside())
        return Splat(base, tuple(steps), base.span.to(self.span(start, self.at)))

    def _key_inside(self) -> Expr:
        self.enter()
        key = self.expression()
        self._close("]")
        self.depth -= 1
        return key

    # -- texts

    def _quoted(self, start: int) -> Expr:
        text = self.text
        parts: list[str | Expr] = []
        while True:
            found = QUOTED.match(text, self.at)
            if found is not None:
                parts.append(unescaped(found[0]))
                self.at = found.end()
            if text[self.at] == '"':
                self.at += 1
                break
            parts.append(self._interpolated())
        span = self.span(start, self.at)
        if len(parts) == 1 and not isinstance(parts[0], str):
            return parts[0]
        return joined([Literal(each, span) if isinstance(each, str) else each for each in parts], span)

    def _interpolated(self) -> Expr:
        if not self.text.startswith("${", self.at) or self.text.startswith("${~", self.at):
            raise UnsureError
        self.at += 2
        value = self.expression()
        self._close("}")
        return value

    def _heredoc(self, start: int, dashed: bool) -> Expr:
        text = self.text
        mark = HEREDOC.match(text, self.at)
        if mark is None:
            raise UnsureError
        self.at = mark.end()
        ended = re.compile(rf"^[ \t]*{mark[1]}", re.MULTILINE).search(text, self.at)
        if ended is None or text[ended.end()] != "\n" or ended.start() == self.at:
            raise UnsureError
        end = ended.start()
        span = self.span(start, ended.end())
        pieces: list[TemplatePiece] = []
        while self.at < end:
            found = BARE.match(text, self.at, end)
            if found is not None:
                pieces.append(TemplatePiece("text", found[0], span))
                self.at = found.end()
            else:
                value = self._interpolated()
                pieces.append(TemplatePiece("template_interpolation", "", span, value))
        if self.at != end:
            raise UnsureError
        self.at = ended.end()
        return heredoc_of(pieces, dashed, span)
