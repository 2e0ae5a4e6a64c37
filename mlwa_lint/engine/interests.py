"""Which rules apply to which types: matched once for a type, though a run has thousands of graphs."""

from collections.abc import Iterable, Sequence

from mlwa_lint.rule import Rule


class Interests:
    """The types that each of some rules applies to, as its `on` states them."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = rules
        self._exact: dict[str, list[int]] = {}
        self._prefixes: dict[str, list[int]] = {}
        self._by_type: dict[str, frozenset[int]] = {}
        for number, rule in enumerate(rules):
            for pattern in rule.on:
                table = self._prefixes if pattern.endswith("*") else self._exact
                table.setdefault(pattern.removesuffix("*"), []).append(number)

    def among(self, types: Iterable[str]) -> list[tuple[Rule, list[str]]]:
        """The rules that apply to any of some types, in their order, each with those types."""
        found: dict[int, list[str]] = {}
        for each in types:
            for number in self._in_type(each):
                found.setdefault(number, []).append(each)
        return [(self.rules[number], found[number]) for number in sorted(found)]

    def _in_type(self, resource_type: str) -> frozenset[int]:
        """The positions of the rules that apply to a type."""
        if resource_type not in self._by_type:
            found = set(self._exact.get(resource_type, ()))
            for prefix, numbers in self._prefixes.items():
                if resource_type.startswith(prefix):
                    found.update(numbers)
            self._by_type[resource_type] = frozenset(found)
        return self._by_type[resource_type]


_latest: list[Interests] = []
# A run passes the same tuple for every graph, or one for each of a few configurations.
_REMEMBERED = 4


def interests_of(rules: tuple[Rule, ...]) -> Interests:
    """The interests of some rules, which are remembered."""
    for each in _latest:
        if each.rules is rules:
            return each
    made = Interests(rules)
    _latest[_REMEMBERED - 1 :] = []
    _latest.insert(0, made)
    return made
