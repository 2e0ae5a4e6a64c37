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
imported. Changes of annotations alone change nothing that runs. The score is printed at the end, after the
changes that no test noticed.
"""

import argparse
import functools
import gc
import hashlib
import json
import os
import random
import resource
import sys
import tempfile
import time
import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from difflib import unified_diff
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, NamedTuple

import pytest
from _pytest.runner import runtestprotocol

ROOT = Path(__file__).parent.parent
PACKAGES = ("mlwa_lint/graph", "mlwa_lint/engine", "mlwa_lint/model")
TESTS = (
    "tests/model",
    "tests/graph",
    "tests/engine",
    "tests/filters",
    "tests/rules/test_examples.py",
    "tests/whole/test_architectures.py",
    "tests/whole/test_deployments.py",
    "tests/frontends/documents",
)
# How many of the tests that reach a change are run before it counts as not noticed.
MOST_TESTS = 150
# CPU time of one change, in times of what its tests take without it, and at least; a change that takes longer
# does not end, and is noticed.
TIMES, SECONDS = 5, 5
# Changes that say nothing about tests: decorators are seldom there for what a test can see.
_LEFT_OUT = ("RemoveDecorator", "VariableReplacer", "VariableInserter")
# The same for constants that exist once.
_EQUIVALENT = ("_Eq_Is", "_Is_Eq", "_NotEq_IsNot", "_IsNot_NotEq")


class Change(NamedTuple):
    """One small change of a file: the n-th place where an operator of cosmic-ray fits, and its line."""

    path: str
    operator: str
    occurrence: int
    line: int


class Altered(NamedTuple):
    """A change that can be tried: the file's new text, and the new code of functions."""

    change: Change
    text: str
    codes: Mapping[tuple[str, int], CodeType]


def changes(package: str, prefix: str) -> Iterator[Change]:
    """Every change that can be made to a package's files that begin with a prefix."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.plugins import get_operator, operator_names
    from cosmic_ray.util import read_python_source

    names = [
        each
        for each in operator_names()
        if not each.rpartition("/")[2].startswith(_LEFT_OUT) and not each.endswith(_EQUIVALENT)
    ]
    for path in sorted((ROOT / package).rglob("*.py")):
        relative = path.relative_to(ROOT).as_posix()
        if not relative.startswith(prefix):
            continue
        nodes = list(ast_nodes(get_ast(read_python_source(path))))
        for name in names:
            operator = get_operator(name)()
            positions = (each for node in nodes for each in operator.mutation_positions(node))
            for number, position in enumerate(positions):
                yield Change(relative, name, number, position[0][0])


def altered(change: Change) -> Altered | None:
    """The change as code; None where it changes nothing that a running function does."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    path = ROOT / change.path
    text = path.read_text("utf-8")
    mutated: str | None = mutate_code(text.encode(), get_operator(change.operator)(), change.occurrence)
    if mutated is None:
        return None
    try:
        with warnings.catch_warnings(action="ignore"):
            before, after = (dict(_codes(compile(each, str(path), "exec"))) for each in (text, mutated))
    except SyntaxError:  # the `**` of `{**values}` is no operator, but is taken for one
        return None
    if before.keys() != after.keys():
        return None
    functions = {
        key: code
        for key, code in after.items()
        if code.co_flags & 2 and _runs(code) != _runs(before[key])  # 2: with local variables of its own
    }
    return Altered(change, mutated, functions) if functions else None


def _codes(code: CodeType, seen: dict[str, int] | None = None) -> Iterator[tuple[tuple[str, int], CodeType]]:
    """A module's code objects by qualified name, those of the same name numbered."""
    seen = {} if seen is None else seen
    number = seen[code.co_qualname] = seen.get(code.co_qualname, -1) + 1
    yield (code.co_qualname, number), code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _codes(each, seen)


def _runs(code: CodeType) -> tuple[object, ...]:
    """What a code object does, without its lines; the code inside counts by itself, but for lambdas."""
    constants = tuple((type(each), _constant(each)) for each in code.co_consts)
    return code.co_code, constants, code.co_names, code.co_freevars, code.co_varnames


def _constant(value: object) -> object:
    return _runs(value) if isinstance(value, CodeType) else repr(value)


Pair = tuple[FunctionType, CodeType]


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

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Takes the place of pytest's own loop."""
        self._run_unchanged(session)
        gc.unfreeze()  # what tests/conftest.py leaves out of garbage collection is looked for here
        functions = _functions()
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
        reaching = self._reaching(each)
        noticed = self._is_noticed(reaching, pairs, items)
        self.noticed[package].append(noticed)
        tried = [one for every in self.noticed.values() for one in every]
        if len(tried) % 10 == 0:
            print(f"{sum(tried)} of {len(tried)} so far", flush=True)
        if not noticed:
            path = each.change.path
            print(f"not noticed by {len(reaching)} tests: {path} {each.change.operator}", flush=True)
            print(_difference(path, each.text), flush=True)

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
            places |= {(str(path), code): (str(path), key) for key, code in _codes(module)}
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
    for each in gc.get_objects():
        if isinstance(each, functools._lru_cache_wrapper):  # noqa: SLF001 - it has no public name
            each.cache_clear()


def _difference(path: str, text: str) -> str:
    lines = unified_diff((ROOT / path).read_text("utf-8").splitlines(), text.splitlines(), n=1, lineterm="")
    return "\n".join(list(lines)[2:])


def drawn(package: str, seed: int, prefix: str) -> Iterator[Altered]:
    """The changes of a package in an order that depends on the seed alone."""
    every = list(changes(package, prefix))
    random.Random(seed).shuffle(every)
    return (found for each in every if (found := altered(each)) is not None)


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
    left_out = f"; {trials.unusable} could not be tried" if trials.unusable else ""
    print(f"{sum(every)} of {len(every)} changes were noticed ({score:.0f} percent){left_out}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
