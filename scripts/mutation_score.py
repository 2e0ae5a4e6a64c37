"""Changes the shared code in small ways and counts how many changes some test notices.

    python -m pip install cosmic-ray coverage
    python scripts/mutation_score.py [--sample N] [--seed N] [--only PREFIX] [--tests PATH ...]
        [--record FOLDER]

The changes are cosmic-ray's: another operator or number, a condition turned round, a loop that never runs, an
exception that is not the one expected. First the tests run as they are, and what each of them covers is
recorded. Then a sample of the changes, drawn by a seed and spread evenly over the packages, is tried: each in
a fork of that process, with those of the tests that reach the changed lines, the quickest first. So a change
costs about a second. A test that fails without any change is reported and not used. With `--record`, what
tests cover is kept for the next time: as long as the program stays the same, only new and changed tests run.

Left out are changes that a running process cannot take over: what modules and classes do when they are
imported. Changes of annotations alone change nothing that runs. Changes that make no difference, whatever the
input, are listed with the reason in `scripts/equivalent_changes.toml`; they are passed over and counted. The
score is printed at the end, after the changes that no test noticed.
"""

import argparse
import functools
import gc
import hashlib
import json
import os
import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import CodeType, FunctionType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "rules")]

from scripts.mutation_changes import (  # noqa: E402 - the path is set above
    ROOT,
    Altered,
    codes_of,
    difference,
    drawn,
    lines_of,
    listed,
)

PACKAGES = ("mlwa_lint/graph", "mlwa_lint/engine", "mlwa_lint/model")
TESTS = (
    "tests/model",
    "tests/graph",
    "tests/engine",
    "tests/filters",
    "tests/robustness/test_faulty_rules.py",
    "tests/rules/test_examples.py",
    "tests/whole/test_architectures.py",
    "tests/whole/test_deployments.py",
    "tests/frontends/documents",
)
# How many of the tests that reach a change are run before it counts as not noticed.
MOST_TESTS = 150
# CPU time of one change, in times of what its tests take without it, and at least; a change that takes longer
# does not end, and is noticed.
TIMES, SECONDS = 3, 2
Pair = tuple[FunctionType, CodeType]


# The caches of functions.
_CACHES: list[Any] = []


class Trials:
    """Runs the tests once, then each change with the tests that reach it; a plugin of pytest."""

    def __init__(self, drawn: Mapping[str, Iterator[Altered]], wanted: int, record: Path | None) -> None:
        import coverage

        self.record = record
        self.coverage = coverage.Coverage(
            data_file=None if record is None else record / "coverage",
            source=[str(ROOT / each) for each in PACKAGES],
            config_file=False,
        )
        self.coverage.set_option("run:disable_warnings", ["module-not-measured"])
        self.drawn, self.wanted = drawn, wanted
        self.seconds: dict[str, float] = {}
        self.contexts = functools.cache(self._contexts)
        self.noticed: dict[str, list[bool]] = defaultdict(list)
        self.sound: set[str] = set()  # tests that pass when they are run again without any change
        self.unusable = 0
        self.equivalent = 0
        self.listed = listed()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Takes the place of pytest's own loop."""
        self._run_unchanged(session)
        gc.unfreeze()  # what tests/conftest.py leaves out of garbage collection is looked for here
        _import_all()
        functions = _functions()
        _CACHES.extend(each for each in gc.get_objects() if isinstance(each, functools._lru_cache_wrapper))  # noqa: SLF001 - it has no public name
        gc.freeze()  # else each fork copies the memory that a search for garbage touches
        items = {each.nodeid: each for each in session.items if each.nodeid in self.seconds}
        left = dict(self.drawn)
        while left:
            for package in list(left):
                each = next(left[package], None)
                if each is None or len(self.noticed[package]) == self.wanted:
                    del left[package]
                else:
                    self._try(package, each, functions, items)
        return True

    def _run_unchanged(self, session: pytest.Session) -> None:
        self.seconds = self._recorded()
        items = [each for each in session.items if each.nodeid not in self.seconds]
        self.coverage.start()
        for item, following in zip(items, [*items[1:], None], strict=True):
            self.coverage.switch_context(item.nodeid)
            started = time.process_time()
            reports = runtestprotocol(item, log=False, nextitem=following)
            if any(each.failed for each in reports):
                print(f"not used, since it fails without any change: {item.nodeid}", flush=True)
            elif any(each.when == "call" and each.passed for each in reports):
                self.seconds[item.nodeid] = time.process_time() - started
        self.coverage.stop()
        self._keep()
        print(f"{len(self.seconds)} tests take {sum(self.seconds.values()):.0f} s of CPU time", flush=True)

    def _recorded(self) -> dict[str, float]:
        """The seconds of the tests whose coverage is known from before."""
        if self.record is None:
            return {}
        self.record.mkdir(parents=True, exist_ok=True)
        try:
            known = json.loads((self.record / "tests.json").read_text("utf-8"))
        except FileNotFoundError:
            known = {}
        if known.get("program") != _program():
            (self.record / "coverage").unlink(missing_ok=True)
            return {}
        self.coverage.load()
        current = {name: digest for name, digest in known["files"].items() if digest == _digest(name)}
        return {name: each for name, each in known["seconds"].items() if name.partition("::")[0] in current}

    def _keep(self) -> None:
        if self.record is not None:
            self.coverage.save()
            files = {name.partition("::")[0] for name in self.seconds}
            known = {
                "program": _program(),
                "files": {name: _digest(name) for name in sorted(files)},
                "seconds": self.seconds,
            }
            (self.record / "tests.json").write_text(json.dumps(known), "utf-8")

    def _contexts(self, path: str) -> dict[int, list[str]]:
        return dict(self.coverage.get_data().contexts_by_lineno(str(ROOT / path)))

    def _reaching(self, each: Altered) -> list[str]:
        """The tests that run a line of the changed functions near the change, the quickest first."""
        contexts = self.contexts(each.change.path)
        at_line = set(contexts.get(each.change.line, ()))
        if not at_line:  # a further line of a statement that begins above
            earlier = [line for line in contexts if line < each.change.line and contexts[line]]
            at_line = set(contexts[max(earlier)]) if earlier else set()
        return sorted(at_line & self.seconds.keys(), key=lambda name: (self.seconds[name], name))[:MOST_TESTS]

    def _try(
        self,
        package: str,
        each: Altered,
        functions: Mapping[tuple[str, tuple[str, int]], list[FunctionType]],
        items: Mapping[str, pytest.Item],
    ) -> None:
        pairs = [
            (function, code)
            for key, code in each.codes.items()
            for function in functions.get((str(ROOT / each.change.path), key), ())
        ]
        if not pairs or any(len(f.__code__.co_freevars) != len(code.co_freevars) for f, code in pairs):
            self.unusable += 1
            return
        before, after = lines_of(each)
        if (each.change.path, before, after) in self.listed:
            self.equivalent += 1
            return
        reaching = self._reaching(each)
        noticed = self._is_noticed(reaching, pairs, items)
        self.noticed[package].append(noticed)
        tried = [one for every in self.noticed.values() for one in every]
        if len(tried) % 10 == 0:
            print(f"{sum(tried)} of {len(tried)} so far", flush=True)
        if not noticed:
            path = each.change.path
            print(f"not noticed by {len(reaching)} tests: {path} {each.change.operator}", flush=True)
            print(difference(path, each.text), flush=True)

    def _is_noticed(
        self, reaching: Sequence[str], pairs: Sequence[Pair], items: Mapping[str, pytest.Item]
    ) -> bool:
        left = list(reaching)
        while left:
            seconds = int(SECONDS + TIMES * sum(self.seconds[name] for name in left))
            failing = _failing([items[name] for name in left], pairs, seconds)
            if failing is None:
                return False
            if not failing or failing in self.sound or _failing([items[failing]], (), seconds) is None:
                self.sound.add(failing)
                return True
            print(f"not used, since it fails when it is run again: {failing}", flush=True)
            del self.seconds[failing]
            left.remove(failing)
        return False


def _import_all() -> None:
    """Imports what tests import when they need it: functions must exist, and no fork imports them again."""
    for name in (*(each.replace("/", ".") for each in PACKAGES), "mlwa_rules"):
        package = import_module(name)
        for each in walk_packages(package.__path__, f"{name}."):
            import_module(each.name)


def _digest(name: str) -> str:
    path = ROOT / name
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _program() -> str:
    """What changes whenever the program does."""
    paths = sorted(each for folder in ("mlwa_lint", "rules") for each in (ROOT / folder).rglob("*.py"))
    names = [each.relative_to(ROOT).as_posix() for each in paths]
    return hashlib.sha256(repr([(name, _digest(name)) for name in names]).encode()).hexdigest()


def _functions() -> dict[tuple[str, tuple[str, int]], list[FunctionType]]:
    """The functions of the packages that exist, by file and name."""
    places: dict[tuple[str, CodeType], tuple[str, tuple[str, int]]] = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            module = compile(path.read_text("utf-8"), str(path), "exec")
            places |= {(str(path), code): (str(path), key) for key, code in codes_of(module)}
    found: dict[tuple[str, tuple[str, int]], list[FunctionType]] = defaultdict(list)
    for each in gc.get_objects():
        if isinstance(each, FunctionType):
            place = places.get((each.__code__.co_filename, each.__code__))
            if place is not None:
                found[place].append(each)
    return found


def _failing(items: Sequence[pytest.Item], pairs: Sequence[Pair], seconds: int) -> str | None:
    """The first test that fails in a fork where functions have other code; empty where it never ends."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
            for function, changed in pairs:
                function.__code__ = changed
            _forget()
            failing = next((item.nodeid for item in items if _failed(item)), "")
            os.write(writing, failing.encode())
            os._exit(int(bool(failing)))
        finally:
            os._exit(2)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as answer:
        name = answer.read()
    _, status = os.waitpid(child, 0)
    return None if status == 0 else name


def _failed(item: Any) -> bool:
    item._initrequest()  # noqa: SLF001 - as for a test that is run again
    return any(each.failed for each in runtestprotocol(item, log=False, nextitem=None))


def _forget() -> None:
    """Empties every cache of a function: what was computed before is computed with the change."""
    for each in _CACHES:
        each.cache_clear()


def main(arguments: Sequence[str]) -> int:
    """Prints what no test noticed, and the score."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sample", type=int, default=150, help="how many changes to try")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", metavar="PREFIX", help="only files whose path begins so")
    parser.add_argument("--tests", nargs="+", default=TESTS, metavar="PATH", help="only these tests")
    parser.add_argument("--record", type=Path, metavar="FOLDER", help="where to keep what tests cover")
    given: Any = parser.parse_args(arguments)
    packages = [each for each in PACKAGES if given.only.startswith(each) or each.startswith(given.only)]
    trials = Trials(
        {each: drawn(each, given.seed, given.only) for each in packages},
        given.sample // len(packages),
        given.record and given.record.resolve(),
    )
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = folder
        options = ["-q", "-s", "-n", "0", "-p", "no:cacheprovider", f"--basetemp={folder}/t"]
        code = int(pytest.main([*options, *given.tests], plugins=[trials]))
    if code > 1:
        return code
    for package, noticed in trials.noticed.items():
        print(f"{package}: {sum(noticed)} of {len(noticed)}")
    every = [each for noticed in trials.noticed.values() for each in noticed]
    score = 100 * sum(every) / max(len(every), 1)
    print(f"{sum(every)} of {len(every)} changes were noticed ({score:.0f} percent)")
    print(f"{trials.equivalent} make no difference, {trials.unusable} could not be tried")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
