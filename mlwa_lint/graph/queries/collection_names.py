"""Which policies may mean which collections of OpenSearch Serverless, from indexes built once a graph.

What an index leaves out certainly does not match, without an assumption.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from mlwa_lint.graph.views import View

COLLECTION_PREFIX = "collection/"
INDEX_PREFIX = "index/"
# After all characters that names have.
_LAST = "\U0010ffff"


def plain_text(view: View) -> str:
    """The text of a property where it is certainly that one; empty otherwise."""
    return "" if view.value.assumed else view.text or ""


class NamePatterns:
    """What the rules of a document name of collections, as far as one can look it up."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.beginnings: set[str] = set()
        self.is_open = False

    def add(self, document: View) -> "NamePatterns":
        """Takes in the patterns of a document; if one of them is no plain text, any name may be meant."""
        for rule in self._items(document["Rules"]):
            for item in self._items(rule["Resource"]):
                self._take(plain_text(item))
        return self

    def _items(self, view: View) -> list[View]:
        if view.value.assumed or view.why_more():
            self.is_open = True
        return view.known_items()

    def _take(self, text: str) -> None:
        self.is_open |= not text
        if text.startswith(COLLECTION_PREFIX):
            wanted = text.removeprefix(COLLECTION_PREFIX)
        elif text.startswith(INDEX_PREFIX):
            wanted = text.removeprefix(INDEX_PREFIX).partition("/")[0]
        else:
            return
        beginning = wanted.removesuffix("*")
        if any(each in beginning for each in "*?["):
            self.is_open = True
        elif beginning != wanted:
            self.beginnings.add(beginning)
        else:
            self.names.add(wanted)


class NamedCollections:
    """Collections, by their positions in a list, by their names."""

    def __init__(self, names: Iterable[View]) -> None:
        self._open: list[int] = []
        found: list[tuple[str, int]] = []
        self._number = 0
        for number, name in enumerate(names):
            text = plain_text(name)
            self._number += 1
            if text:
                found.append((text, number))
            else:
                self._open.append(number)
        self._sorted = sorted(found)

    def meant_by(self, patterns: NamePatterns) -> Sequence[int]:
        """The positions of those that patterns may mean, in their order."""
        if patterns.is_open or "" in patterns.beginnings:
            return range(self._number)
        found = {*self._open}
        for name in patterns.names:
            found.update(self._between(name, f"{name}\0"))
        for beginning in patterns.beginnings:
            found.update(self._between(beginning, f"{beginning}{_LAST}"))
        return sorted(found)

    def _between(self, first: str, end: str) -> list[int]:
        start, stop = bisect_left(self._sorted, (first, 0)), bisect_left(self._sorted, (end, 0))
        return [number for _, number in self._sorted[start:stop]]


class MeaningPolicies:
    """Policies, by their positions in a list, by the names of the collections that they may mean."""

    def __init__(self, policies: Iterable[NamePatterns]) -> None:
        self._open: list[int] = []
        self._names: dict[str, list[int]] = {}
        self._beginnings: dict[str, list[int]] = {}
        self._number = 0
        for number, patterns in enumerate(policies):
            self._number += 1
            if patterns.is_open:
                self._open.append(number)
                continue
            for index, texts in ((self._names, patterns.names), (self._beginnings, patterns.beginnings)):
                for text in texts:
                    index.setdefault(text, []).append(number)

    def of(self, name: str) -> Sequence[int]:
        """The positions of those that may mean a collection with a name, in their order; empty: any."""
        if not name:
            return range(self._number)
        found = {*self._open, *self._names.get(name, ())}
        for end in range(len(name) + 1):
            found.update(self._beginnings.get(name[:end], ()))
        return sorted(found)


class RolesInTexts:
    """Policies, by their positions in a list, by the roles that stand in their texts: `role/NAME`."""

    # No role has a longer name.
    _LONGEST = 64

    def __init__(self, texts: Iterable[str]) -> None:
        found = set[tuple[str, int]]()
        self._number = 0
        for number, text in enumerate(texts):
            self._number += 1
            start = text.find("role/")
            while start >= 0:
                start += len("role/")
                found.add((text[start : start + self._LONGEST], number))
                start = text.find("role/", start)
        self._sorted = sorted(found)

    def with_name(self, name: str) -> Iterable[int]:
        """The positions of those in which a role's name, or one that begins with it, stands."""
        if len(name) > self._LONGEST:
            return range(self._number)
        start = bisect_left(self._sorted, (name, 0))
        stop = bisect_left(self._sorted, (f"{name}{_LAST}", 0))
        return {number for _, number in self._sorted[start:stop]}
