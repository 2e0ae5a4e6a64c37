"""Functions refuse what would take all memory or time, and read nothing outside the project."""

import subprocess
import sys
from pathlib import Path

import pytest

from mlwa_lint.frontends.failures import is_failure
from mlwa_lint.frontends.terraform.functions import FunctionContext, call
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Entry, ListValue, MapValue, Scalar, Unknown, Value, known_text
from tests.support.processes import uncounted

CALL = Span("main.tf", 7, 1, 7, 20)
OPEN = Unknown("variable x has no default", CALL, identity="variable x")
HERE = FunctionContext(Path(__file__).parent, Path(__file__).parent)


def s(data: str | float) -> Scalar:
    return Scalar(data, CALL)


def items(*values: Value) -> ListValue:
    return ListValue(values, CALL)


def table(**values: Value) -> MapValue:
    return MapValue({key: Entry(CALL, value, key) for key, value in values.items()}, CALL)


def run(name: str, *arguments: Value, context: FunctionContext = HERE) -> Value:
    return call(name, arguments, CALL, context)


def opened(value: Value) -> Unknown:
    assert isinstance(value, Unknown), value
    assert not is_failure(value), value
    return value


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("format", [s("%999999999s"), s("a")]),
        ("indent", [s(1 << 30), s("a\nb")]),
        ("replace", [s("a" * 2_000), s("a"), s("b" * 2_000)]),
        ("setproduct", [items(*(s(n) for n in range(200)))] * 3),
        ("join", [s("x" * 1_000_000), items(*(s("a"),) * 10)]),
        ("pow", [s(10), s(100_000_000)]),
        ("tonumber", [s("1e999999999")]),
        ("jsondecode", [s("[" * 100_000)]),
        ("jsondecode", [s("[" * 500 + "]" * 500)]),
        ("yamldecode", [s("[" * 500 + "]" * 500)]),
        ("yamldecode", [s("- " * 900 + "a")]),
        ("regex", [s("(" * 1_000), s("a")]),
        ("regex", [s("(((a{1,100}){1,100}){1,100})"), s("a")]),
        ("regex", [s("a" * 3_000), s("a")]),
        ("parseint", [s("9" * 5_000), s(10)]),
    ],
)
def test_what_would_take_all_memory_or_time_is_refused(name: str, arguments: list[Value]) -> None:
    assert isinstance(run(name, *arguments), Unknown)


def test_files_outside_the_project_are_not_looked_at(tmp_path: Path) -> None:
    root = tmp_path / "project"
    (root / "module").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("secret")
    (root / "module" / "link.txt").symlink_to(tmp_path / "secret.txt")
    (root / "shared.txt").write_text("shared")
    here = FunctionContext(root / "module", root)
    shared = run("file", s("../shared.txt"), context=here)
    assert isinstance(shared, Scalar)
    assert (shared.data, shared.span) == ("shared", CALL)
    assert shared.origin is not None
    assert shared.origin.path.endswith("project/shared.txt")
    for path in ("../../secret.txt", "link.txt", str(tmp_path / "secret.txt"), "~/secret.txt"):
        opened(run("file", s(path), context=here))
        opened(run("fileexists", s(path), context=here))
    assert run("fileset", s("."), s("*"), context=here) == ListValue((), CALL)
    opened(run("fileset", s("../.."), s("*"), context=here))


@pytest.mark.parametrize("name", ["layer.zip", "dist/package.tar.gz", "app.jar"])
def test_whether_an_archive_is_built_is_not_known(name: str, tmp_path: Path) -> None:
    here = FunctionContext(tmp_path, tmp_path)
    opened(run("fileexists", s(name), context=here))
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(b"built")
    assert run("fileexists", s(name), context=here) == Scalar(True, CALL)
    assert run("fileexists", s("settings.json"), context=here) == Scalar(False, CALL)


def test_a_large_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "large.txt").write_bytes(b"x" * 1_000_001)
    opened(run("file", s("large.txt"), context=FunctionContext(tmp_path, tmp_path)))


def test_templates_are_given_to_the_evaluator(tmp_path: Path) -> None:
    (tmp_path / "a.tftpl").write_text("${x}")
    seen: list[tuple[str, MapValue]] = []
    places: list[Span | None] = []

    def rendered(text: str, names: MapValue, file: Span | None = None) -> Value:
        seen.append((text, names))
        places.append(file)
        return s("done")

    here = FunctionContext(tmp_path, tmp_path, rendered)
    assert known_text(run("templatefile", s("a.tftpl"), table(x=s(1)), context=here)) == "done"
    assert run("templatestring", s("${y}"), OPEN, context=here) == s("done")
    assert [text for text, _ in seen] == ["${x}", "${y}"]
    assert seen[1][1].rest is not None
    file, string = places
    assert file is not None
    assert file.path.endswith("a.tftpl")
    assert file[1:] == (1, 1, 1, 5)
    assert string is None
    opened(run("templatefile", s("a.tftpl"), table(), context=FunctionContext(tmp_path, tmp_path)))


def test_a_call_loads_only_the_module_of_its_topic() -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from mlwa_lint.frontends.terraform.functions import FunctionContext, call\n"
        "from mlwa_lint.model.spans import start_of\n"
        "call('upper', [], start_of(''), FunctionContext(Path(), Path()))\n"
        "print(*sorted(name.rpartition('.')[2] for name in sys.modules if '.functions.' in name))\n"
        "print(*sorted({'yaml', 'json', 'hashlib', 'csv'} & set(sys.modules)))\n"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=uncounted(), capture_output=True, text=True, check=True)
    ours, others = done.stdout.split("\n")[:2]
    assert ours.split() == ["compare", "context", "data", "encoded", "kinds", "strings"]
    assert others == ""
