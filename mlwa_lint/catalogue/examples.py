"""The examples of rules, for those who read about them: the files that the tests run."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
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
    """One failing and one passing example in each language that has any."""
    for folder in _folders(sources):
        own = folder / rule.code
        if own.is_dir():
            return tuple(_chosen(own))
    return ()


def _chosen(folder: Path) -> Iterator[Example]:
    texts = dict(_texts(folder))
    for language in LANGUAGES:
        for kind, name in _pair(texts, language).items():
            yield Example(kind, language, name, texts[name])


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    """The names and texts of a folder's examples; one that cannot be read, or was just deleted, is none."""
    for path in folder.iterdir():
        if path.name.startswith(("fail", "pass", "fixed")):
            with suppress(OSError):
                yield path.name, path.read_text(encoding="utf-8", errors="replace")


def _pair(texts: Mapping[str, str], language: str) -> dict[str, str]:
    """The name of a failing example and of the same fixed; without such a pair, of the shortest of each."""

    def names(*kinds: str) -> list[str]:
        # The shortest shows the point best.
        found = [name for name in texts if name.startswith(kinds) and name.endswith(_ENDINGS[language])]
        return sorted(found, key=lambda name: (len(texts[name]), name))

    failing, passing = names("fail"), names("pass", "fixed")
    for name in failing:
        fixed = name.replace("fail", "fixed", 1)
        if fixed in passing:
            return {"fail": name, "pass": fixed}
    shortest = {"fail": failing, "pass": passing}
    return {kind: found[0] for kind, found in shortest.items() if found}


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
