"""Regular expressions as Terraform writes them (RE2 syntax), read into a tree.

Python's own engine reads another syntax and can take exponential time on a hostile pattern. `re2_program`
makes a program of the tree, which `re2_machine` runs in time that grows with pattern times text.
"""

import unicodedata
from collections.abc import Callable

from mlwa_lint.startup.records import NamedTuple

_REPEAT_LIMIT = 1000
_DEPTH_LIMIT = 100
_WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_POSIX = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": "\x00-\x7f",
    "blank": "\t ",
    "cntrl": "\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@[-`{-~",
    "space": "\t\n\v\f\r ",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}
_PERL = {"d": "0-9", "s": "\t\n\f\r ", "w": "0-9A-Za-z_"}
_CONTROL = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_SCRIPTS = {"Greek": "GREEK", "Cyrillic": "CYRILLIC", "Latin": "LATIN", "Han": "CJK"}

Test = Callable[[str], bool]


class PatternError(Exception):
    """The pattern is not valid, or more than is evaluated (`supported` false)."""

    def __init__(self, supported: bool = True) -> None:
        super().__init__()
        self.supported = supported


class _Flags(NamedTuple):
    ignore_case: bool = False
    multi_line: bool = False
    dot_all: bool = False
    swap_greed: bool = False


class PatternNode(NamedTuple):
    """A piece of a pattern: `re2_program` turns it into steps."""

    kind: str
    children: "tuple[PatternNode, ...]" = ()
    test: Test | None = None
    name: str = ""
    least: int = 0
    most: int | None = None
    greedy: bool = True
    group: int = 0


_EMPTY = PatternNode("sequence")


def ranges(spec: str) -> Test:
    """A test for the characters that a class lists, ranges included: `a-z_`."""
    spans: list[tuple[str, str]] = []
    at = 0
    while at < len(spec):
        if at + 2 < len(spec) and spec[at + 1] == "-":
            spans.append((spec[at], spec[at + 2]))
            at += 3
        else:
            spans.append((spec[at], spec[at]))
            at += 1
    return lambda point: any(low <= point <= high for low, high in spans)


def is_word(point: str) -> bool:
    """What `\\w` and `\\b` take as a part of a word."""
    return point in _WORD


# Letters that are another one's case beside the usual two.
_SIGNS = {
    "k": "kK\u212a",
    "s": "sS\u017f",
    "\u017f": "sS",
    "\u00e5": "\u00e5\u00c5\u212b",
    "\u00df": "\u1e9e",
}


def _negated(test: Test) -> Test:
    return lambda point: not test(point)


def _any_of(tests: list[Test]) -> Test:
    return lambda point: any(test(point) for test in tests)


def _folding(test: Test) -> Test:
    return lambda point: any(test(each) for each in _same_letter(point))


def _same_letter(point: str) -> set[str]:
    """A character in all its cases, those of one character: `k`, `K` and the sign of Kelvin."""
    found = {point, point.lower(), point.upper(), *_SIGNS.get(point.lower(), "")}
    return {each for each in found if len(each) == 1}


class PatternReader:
    """Reads one pattern; afterwards `groups` and `names` describe its groups."""

    def __init__(self, pattern: str) -> None:
        self.text = pattern
        self.at = 0
        self.flags = _Flags()
        self.groups = 0
        self.names: dict[int, str] = {}
        self.depth = 0

    def read(self) -> PatternNode:
        """The whole pattern; raises `PatternError`."""
        node = self._alternatives()
        if self.at < len(self.text):
            raise PatternError
        return node

    def _peek(self, text: str) -> bool:
        return self.text.startswith(text, self.at)

    def _accept(self, text: str) -> bool:
        if self._peek(text):
            self.at += len(text)
            return True
        return False

    def _next(self) -> str:
        if self.at >= len(self.text):
            raise PatternError
        self.at += 1
        return self.text[self.at - 1]

    def _until(self, end: str) -> str:
        stop = self.text.find(end, self.at)
        if stop < 0:
            raise PatternError
        found = self.text[self.at : stop]
        self.at = stop + len(end)
        return found

    def _alternatives(self) -> PatternNode:
        branches = [self._sequence()]
        while self._accept("|"):
            branches.append(self._sequence())
        return branches[0] if len(branches) == 1 else PatternNode("branch", tuple(branches))

    def _sequence(self) -> PatternNode:
        items: list[PatternNode] = []
        while self.at < len(self.text) and not self._peek("|") and not self._peek(")"):
            if self._accept("\\Q"):
                stop = self.text.find("\\E", self.at)
                literal = self.text[self.at :] if stop < 0 else self.text[self.at : stop]
                self.at = len(self.text) if stop < 0 else stop + 2
                items += [self._literal(point) for point in literal]
                if literal:
                    items[-1] = self._repeated(items[-1])
            else:
                items.append(self._repeated(self._atom()))
        return PatternNode("sequence", tuple(items))

    def _repeated(self, node: PatternNode) -> PatternNode:
        bounds = self._bounds()
        if bounds is None:
            return node
        greedy = not self._accept("?")
        if self._peek("*") or self._peek("+") or self._peek("?") or self._bounds() is not None:
            raise PatternError
        if self.flags.swap_greed:
            greedy = not greedy
        return PatternNode("repeat", (node,), least=bounds[0], most=bounds[1], greedy=greedy)

    def _bounds(self) -> tuple[int, int | None] | None:
        for mark, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._accept(mark):
                return bounds
        stop = self.text.find("}", self.at)
        if not self._peek("{") or stop < 0:
            return None
        low, comma, high = self.text[self.at + 1 : stop].partition(",")
        # What is not a repetition is literal text, as in RE2.
        if not low.isdecimal() or len(low) > 5 or (high and (not high.isdecimal() or len(high) > 5)):
            return None
        self.at = stop + 1
        least = int(low)
        most = int(high) if high else None if comma else least
        if max(least, most or 0) > _REPEAT_LIMIT or (most is not None and most < least):
            raise PatternError
        return least, most

    def _atom(self) -> PatternNode:
        point = self._next()
        if point == "(":
            return self._group()
        if point == "[":
            return PatternNode("take", test=self._class())
        if point == ".":
            every = self.flags.dot_all
            return PatternNode("take", test=lambda found: every or found != "\n")
        if point == "^":
            return PatternNode("assert", name="line start" if self.flags.multi_line else "start")
        if point == "$":
            return PatternNode("assert", name="line end" if self.flags.multi_line else "end")
        if point in "*+?":
            raise PatternError
        if point == "\\":
            return self._escape()
        return self._literal(point)

    def _literal(self, point: str) -> PatternNode:
        return PatternNode("take", test=self._folded(lambda found: found == point))

    def _folded(self, test: Test) -> Test:
        return _folding(test) if self.flags.ignore_case else test

    def _group(self) -> PatternNode:
        self.depth += 1
        if self.depth > _DEPTH_LIMIT:
            raise PatternError(supported=False)
        outer = self.flags
        number = 0
        if self._accept("?P<") or self._accept("?<"):
            name = self._until(">")
            if not name or not set(name) <= _WORD or name in self.names.values():
                raise PatternError
            self.groups += 1
            number = self.groups
            self.names[number] = name
        elif self._accept("?"):
            self.flags = self._read_flags()
            if self.text[self.at - 1] == ")":
                # Flags of the rest of the group around this one.
                self.depth -= 1
                return _EMPTY
        else:
            self.groups += 1
            number = self.groups
        inner = self._alternatives()
        if not self._accept(")"):
            raise PatternError
        self.flags = outer
        self.depth -= 1
        return PatternNode("group", (inner,), group=number) if number else inner

    def _read_flags(self) -> _Flags:
        flags = self.flags
        on, seen = True, False
        while True:
            letter = self._next()
            if letter in ":)":
                if not seen and not on:
                    raise PatternError
                return flags
            if letter == "-" and on:
                on, seen = False, False
            elif letter == "i":
                flags, seen = flags._replace(ignore_case=on), True
            elif letter == "m":
                flags, seen = flags._replace(multi_line=on), True
            elif letter == "s":
                flags, seen = flags._replace(dot_all=on), True
            elif letter == "U":
                flags, seen = flags._replace(swap_greed=on), True
            else:
                raise PatternError

    def _escape(self) -> PatternNode:
        asserted = {"A": "start", "z": "end", "b": "word edge", "B": "no word edge"}
        if self.text[self.at : self.at + 1] in asserted:
            return PatternNode("assert", name=asserted[self._next()])
        test = self._class_escape()
        return PatternNode("take", test=test) if test else self._literal(self._character_escape())

    def _class_escape(self) -> Test | None:
        """`\\d`, `\\W`, `\\pL`, `\\p{Greek}` after the backslash; None when it is another escape."""
        letter = self.text[self.at : self.at + 1]
        if letter.lower() in _PERL and letter:
            self.at += 1
            test = self._folded(ranges(_PERL[letter.lower()]))
            return test if letter.islower() else _negated(test)
        if letter and letter in "pP":
            self.at += 1
            name = self._until("}") if self._accept("{") else self._next()
            negative = (letter == "P") is not name.startswith("^")
            test = self._folded(_unicode_class(name.removeprefix("^")))
            return _negated(test) if negative else test
        return None

    def _character_escape(self) -> str:
        letter = self._next()
        if letter in _CONTROL:
            return _CONTROL[letter]
        if letter == "x":
            digits = self._until("}") if self._accept("{") else self._next() + self._next()
            return _code_point(digits, 16)
        if letter in "01234567":
            digits = letter
            while len(digits) < 3 and self.text[self.at : self.at + 1] in tuple("01234567"):
                digits += self._next()
            if letter != "0" and len(digits) == 1:
                raise PatternError
            return _code_point(digits, 8)
        if letter.isascii() and not letter.isalnum():
            return letter
        raise PatternError

    def _class(self) -> Test:
        negative = self._accept("^")
        tests: list[Test] = []
        first = True
        while first or not self._peek("]"):
            first = False
            if self._accept("[:"):
                name = self._until(":]")
                if name.removeprefix("^") not in _POSIX:
                    raise PatternError
                test = self._folded(ranges(_POSIX[name.removeprefix("^")]))
                tests.append(_negated(test) if name.startswith("^") else test)
                continue
            low = self._next()
            if low == "\\":
                test_or_none = self._class_escape()
                if test_or_none:
                    tests.append(test_or_none)
                    continue
                low = self._character_escape()
            # Case is folded first: `(?i)[^a]` is neither `a` nor `A`.
            tests.append(self._folded(self._class_range(low)))
        self.at += 1
        return _negated(_any_of(tests)) if negative else _any_of(tests)

    def _class_range(self, low: str) -> Test:
        if self._peek("-") and self.text[self.at + 1 : self.at + 2] not in ("]", ""):
            self.at += 1
            high = self._next()
            if high == "\\":
                high = self._character_escape()
            if high < low:
                raise PatternError
            return lambda point: low <= point <= high
        return lambda point: point == low


def _code_point(digits: str, base: int) -> str:
    try:
        return chr(int(digits, base))
    except (ValueError, OverflowError):
        raise PatternError from None


def _unicode_class(name: str) -> Test:
    if name == "Any":
        return lambda point: True
    if name in _SCRIPTS:
        prefix = _SCRIPTS[name]
        return lambda point: unicodedata.name(point, "").startswith(prefix)
    if len(name) in (1, 2) and name[0] in "CLMNPSZ":
        return lambda point: unicodedata.category(point).startswith(name)
    raise PatternError(supported=False)
