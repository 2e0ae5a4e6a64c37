"""Regular expressions that are compiled when they are first used, and not tried where they cannot match.

Most runs need only a few of them. Measured (benchmarks/startup.py): 5 ms less for 40 expressions, where
`import click, yaml` takes 47. To look for a word takes a hundredth of the time of trying an expression at
every character: it was a third of the time of 100 modules of Terraform (benchmarks/real.py).
"""

import re
from collections.abc import Iterator
from typing import Any, AnyStr, cast


class _Lazy:
    def __init__(self, source: str | bytes, flags: int = 0) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        # Called only for attributes that are missing: afterwards the compiled pattern's own method is found.
        value = getattr(re.compile(self._source, self._flags), name)
        setattr(self, name, value)
        return value


class _Worded(_Lazy):
    """What `worded` gives. Its methods take whole texts, without the ends that those of re.Pattern take."""

    def __init__(self, source: str | bytes, words: tuple[Any, ...]) -> None:
        super().__init__(source)
        self.words = words
        self._folds = source.startswith("(?i") if isinstance(source, str) else source.startswith(b"(?i")

    def _small(self, text: Any) -> Any:
        return text.lower() if self._folds else text

    def _may_match(self, text: Any) -> bool:
        small = self._small(text)
        return any(word in small for word in self.words)

    def search(self, text: Any) -> re.Match[Any] | None:
        return self._compiled().search(text) if self._may_match(text) else None

    def findall(self, text: Any) -> list[Any]:
        return self._compiled().findall(text) if self._may_match(text) else []

    def finditer(self, text: Any) -> Iterator[re.Match[Any]]:
        return self._compiled().finditer(text) if self._may_match(text) else iter(())

    def _compiled(self) -> re.Pattern[Any]:
        found = self.__dict__.get("_pattern")
        if found is None:
            found = self._pattern = re.compile(self._source)
        return cast(re.Pattern[Any], found)


class _Leading(_Worded):
    """What `leading` gives."""

    def search(self, text: Any) -> re.Match[Any] | None:
        return next(self.finditer(text), None)

    def findall(self, text: Any) -> list[Any]:
        raise NotImplementedError("what `leading` gives has search and finditer")

    def finditer(self, text: Any) -> Iterator[re.Match[Any]]:
        small = self._small(text)
        if len(small) != len(text):  # a few letters become two when they are made small
            yield from self._compiled().finditer(text)
            return
        places = sorted({at for word in self.words for at in _places(small, word)})
        match = self._compiled().match if places else None
        end = 0
        for at in places:
            if match is not None and at >= end and (found := match(text, at)) is not None:
                yield found
                end = found.end()


class _Folded:
    """What `folded` gives."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._pattern: re.Pattern[str] | None = None

    def search(self, text: str) -> re.Match[str] | None:
        if self._pattern is None:
            self._pattern = re.compile(self._source)
        return self._pattern.search(text.lower())


def _places(text: Any, word: Any) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def lazy(source: str, flags: int = 0) -> re.Pattern[str]:
    """What re.compile gives, with its methods and attributes."""
    return cast(re.Pattern[str], _Lazy(source, flags))


def worded(source: AnyStr, *words: AnyStr) -> re.Pattern[AnyStr]:
    """What re.compile gives, for an expression that matches only where one of some words is in the text.

    words: in small letters where the expression takes letters of any case.
    """
    return cast(re.Pattern[AnyStr], _Worded(source, words))


def folded(source: str) -> re.Pattern[str]:
    """An expression in small letters, which `search` looks for in letters of any case.

    Without `(?i)`, re skips what no alternative begins with: a third of the time, or less. Alternatives
    should begin with a character for that, not with `\\b` (see `whole`).
    """
    return cast(re.Pattern[str], _Folded(source))


def whole(text: str) -> str:
    """An expression for a text that no letter, digit or `_` precedes; it begins with a character."""
    escaped = re.escape(text)
    return rf"{escaped}(?<!\w{escaped})"


def leading(source: AnyStr, *words: AnyStr) -> re.Pattern[AnyStr]:
    """What re.compile gives, for an expression whose every match begins with one of some words."""
    return cast(re.Pattern[AnyStr], _Leading(source, words))
