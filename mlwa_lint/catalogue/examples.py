"""The examples of rules, for those who read about them: the files that the tests run."""

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from mlwa_lint.catalogue.registry import ENTRY_POINT_GROUP
from mlwa_lint.rule import LANGUAGES, Rule
from mlwa_lint.startup.entry_points import entry_points
from mlwa_lint.startup.records import NamedTuple

_ENDINGS = {"cloudformation": (".yaml", ".yml", ".json"), "terraform": (".tf",), "python": (".py", ".ipynb")}
_INSTALLED = "examples"
_IN_A_CHECKOUT = Path("fixtures", "rules")


class Example(NamedTuple):
    """One example of a rule: `kind` is fail or pass."""

    kind: str
    language: str
    name: str
    text: str


def examples_of(rule: Rule, sources: Sequence[str] = ()) -> tuple[Example, ...]:
    """One failing and one passing example in each language, as far as there are any."""
    for folder in _folders(sources):
        own = folder / rule.code
        if own.is_dir():
            return tuple(_chosen(own))
    return ()


def _chosen(folder: Path) -> Iterator[Example]:
    for language in LANGUAGES:
        for kind, path in _pair(folder, language).items():
            yield Example(kind, language, path.name, path.read_text(encoding="utf-8"))


def _pair(folder: Path, language: str) -> dict[str, Path]:
    """A failing example and the same put right; without such a pair, the shortest of each."""

    def files(*kinds: str) -> list[Path]:
        # The shortest shows the point best.
        found = [
            p for p in folder.iterdir() if p.name.startswith(kinds) and p.name.endswith(_ENDINGS[language])
        ]
        return sorted(found, key=lambda path: (path.stat().st_size, path.name))

    failing, passing = files("fail"), files("pass", "fixed")
    named = {path.name: path for path in passing}
    for path in failing:
        fixed = named.get(path.name.replace("fail", "fixed", 1))
        if fixed is not None:
            return {"fail": path, "pass": fixed}
    shortest = {"fail": failing, "pass": passing}
    return {kind: paths[0] for kind, paths in shortest.items() if paths}


def _folders(sources: Sequence[str]) -> Iterator[Path]:
    """Where examples can be: beside rules that are named, in an installed package, in a checkout of one."""
    for source in sources:
        path = Path(source)
        yield (path if path.is_dir() else path.parent) / _IN_A_CHECKOUT
    for name in entry_points(ENTRY_POINT_GROUP):
        spec = find_spec(name.partition(".")[0])
        for location in (spec.submodule_search_locations or ()) if spec is not None else ():
            yield Path(location) / _INSTALLED
            yield Path(location).parent.parent / _IN_A_CHECKOUT
