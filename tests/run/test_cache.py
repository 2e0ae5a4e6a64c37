"""The result cache: when an entry holds, and that nothing that happens to it harms a run."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import mlwa_lint.run.cache as caching
import mlwa_lint.run.pipeline
from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.discovery.target import Target
from mlwa_lint.files.reading import digest
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.findings import Finding, RelatedLocation, RuleError, Undecided
from mlwa_lint.model.outlines import Outline, OutlineNode, Relation
from mlwa_lint.model.report import Report
from mlwa_lint.model.resources import Problem
from mlwa_lint.model.spans import Span
from mlwa_lint.run.cache import Cache, clear, tidy
from mlwa_lint.run.packing import packed, restored, stored, unpacked
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

TEMPLATE = "Resources:\n  B:\n    Type: AWS::SageMaker::NotebookInstance\n"
NESTING = (
    "Resources:\n  S:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: inner.yaml\n"
)
MODULE = 'resource "aws_sagemaker_notebook_instance" "n" {\n  name = file("name.txt")\n}\n'
RULES = load_rules().rules


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return work


class Runs:
    """Runs that count how many targets are really linted."""

    def __init__(self, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.store = store
        self.linted = 0
        real = mlwa_lint.run.pipeline.lint_target

        def counting(target: Target, settings: RunSettings) -> Report:
            self.linted += 1
            return real(target, settings)

        monkeypatch.setattr(mlwa_lint.run.pipeline, "lint_target", counting)

    def __call__(self, *paths: str, settings: RunSettings | None = None) -> tuple[Report, int]:
        before = self.linted
        given = settings or RunSettings(RULES, LoadOptions(root=Path.cwd()))
        report = lint_paths(paths, lambda _: given, 1, None, Cache(str(self.store), ()))
        return report, self.linted - before


@pytest.fixture
def runs(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runs:
    return Runs(tmp_path / "store", monkeypatch)


def test_an_unchanged_target_is_not_linted_again(folder: Path, runs: Runs) -> None:
    folder.joinpath("t.yaml").write_text(TEMPLATE)
    first, linted = runs("t.yaml")
    again, linted_again = runs("t.yaml")
    assert first.findings
    assert (linted, linted_again) == (1, 0)
    assert again == first
    assert type(again.findings[0]) is Finding
    assert type(again.findings[0].span) is Span


def test_a_changed_target_is_linted_again(folder: Path, runs: Runs) -> None:
    folder.joinpath("t.yaml").write_text(TEMPLATE)
    runs("t.yaml")
    folder.joinpath("t.yaml").write_text(TEMPLATE.replace("NotebookInstance", "Model"))
    report, linted = runs("t.yaml")
    assert linted == 1
    assert all("Model" in finding.resource_type for finding in report.findings)


def test_a_touched_but_equal_target_is_not_linted_again(folder: Path, runs: Runs) -> None:
    path = folder / "t.yaml"
    path.write_text(TEMPLATE)
    runs("t.yaml")
    path.unlink()
    path.write_text(TEMPLATE)
    os.utime(path, (1, 1))
    assert runs("t.yaml")[1] == 0


@pytest.mark.parametrize("change", ["written", "rewritten", "deleted"])
def test_what_a_target_refers_to_counts(folder: Path, runs: Runs, change: str) -> None:
    """Also that it is not there yet."""
    inner = folder / "parts" / "inner.yaml"
    inner.parent.mkdir()
    folder.joinpath("t.yaml").write_text(NESTING.replace("inner.yaml", "parts/inner.yaml"))
    if change != "written":
        inner.write_text(TEMPLATE)
    runs("t.yaml")
    assert runs("t.yaml")[1] == 0
    if change == "deleted":
        inner.unlink()
    else:
        inner.write_text(TEMPLATE.replace("B:", "C:"))
    report, linted = runs("t.yaml")
    assert linted == 1
    assert any(finding.address == "S.C" for finding in report.findings) is (change != "deleted")


def test_files_that_a_module_reads_or_gains_count(folder: Path, runs: Runs) -> None:
    folder.joinpath("main.tf").write_text(MODULE)
    runs(".")
    assert runs(".")[1] == 0
    folder.joinpath("name.txt").write_text("x")
    assert runs(".")[1] == 1
    folder.joinpath("more.tf").write_text('resource "aws_sagemaker_model" "m" {}\n')
    report, linted = runs(".")
    assert linted == 1
    assert any("aws_sagemaker_model.m" in finding.address for finding in report.findings)


def test_settings_and_rules_are_part_of_the_name(folder: Path, runs: Runs) -> None:
    folder.joinpath("t.yaml").write_text(TEMPLATE)
    base = RunSettings(RULES, LoadOptions(root=folder))
    runs("t.yaml", settings=base)
    others = [
        base._replace(rules=RULES[:5]),
        base._replace(required_tags=("owner",)),
        base._replace(load=base.load._replace(parameters={"A": "b"})),
        base._replace(load=base.load._replace(root=folder.parent)),
    ]
    for other in others:
        assert runs("t.yaml", settings=other)[1] == 1
    assert runs("t.yaml", settings=base)[1] == 0


def test_another_version_is_another_entry(folder: Path, runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.joinpath("t.yaml").write_text(TEMPLATE)
    runs("t.yaml")
    monkeypatch.setattr(caching, "__version__", "99")
    assert runs("t.yaml")[1] == 1


def test_local_rules_count_by_their_content(tmp_path: Path) -> None:
    source = tmp_path / "rules.py"
    source.write_text("A = 1")
    target, settings = Target("cloudformation", "t.yaml"), RunSettings((), LoadOptions())
    before = Cache(str(tmp_path), (str(source),)).key(target, settings)
    assert Cache(str(tmp_path), (str(source),)).key(target, settings) == before
    source.write_text("A = 12")
    assert Cache(str(tmp_path), (str(source),)).key(target, settings) != before


def entries(store: Path) -> list[Path]:
    return [path for path in store.rglob("*") if path.is_file() and len(path.name) == 32]


@pytest.mark.parametrize(
    "content", [b"", b"nonsense", b"\0" * 100, None], ids=["empty", "text", "zeros", "cut"]
)
def test_a_corrupt_entry_is_no_entry(folder: Path, runs: Runs, content: bytes | None) -> None:
    folder.joinpath("t.yaml").write_text(TEMPLATE)
    first, _ = runs("t.yaml")
    (entry,) = entries(runs.store)
    entry.write_bytes(entry.read_bytes()[:-7] if content is None else content)
    report, linted = runs("t.yaml")
    assert (report, linted) == (first, 1)
    assert runs("t.yaml")[1] == 0


def test_a_cache_that_cannot_be_written_is_none(folder: Path, runs: Runs) -> None:
    folder.joinpath("t.yaml").write_text(TEMPLATE)
    runs.store.write_text("a file where the folder should be")
    report, linted = runs("t.yaml")
    assert report.findings
    assert (linted, runs("t.yaml")[1]) == (1, 1)


def test_failures_are_not_kept(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path / "store"), ())
    cache.keep("ab" * 16, Report(errors=(RuleError("TSO001", "t.yaml", "a bug"),)), {})
    assert cache.find("ab" * 16) is None


def test_too_much_is_tidied_the_oldest_first(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path), (), size=0)
    keys = [f"ab{number:030x}" for number in range(4)]
    for age, key in enumerate(keys):
        cache.keep(key, Report(), {})
        os.utime(tmp_path / "ab" / key, (1000 - age, 1000 - age))
    other = "cd" * 16
    cache.keep(other, Report(), {})
    size = entries(tmp_path)[0].stat().st_size
    tidy(str(tmp_path / "ab"), limit=2 * size)
    assert sorted(path.name for path in entries(tmp_path)) == [*keys[:2], other]
    cache.tidy([other])  # another folder of entries did not grow, and is not checked
    assert len(entries(tmp_path)) == 3
    cache.tidy(keys)
    assert sorted(path.name for path in entries(tmp_path)) == [keys[0], other]


def test_what_was_found_was_used(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path), ())
    first, second = "ab" * 16, "ab" + "cd" * 15
    for age, key in enumerate((first, second)):
        cache.keep(key, Report(), {})
        os.utime(tmp_path / "ab" / key, (1000 + age, 1000 + age))
    assert cache.find(first) == Report()
    tidy(str(tmp_path / "ab"), limit=0)
    assert [path.name for path in entries(tmp_path)] == [first]


def test_its_size_is_a_setting(folder: Path, tmp_path: Path) -> None:
    folder.joinpath(".mlwa-lint.toml").write_text("cache-size = 1\n")
    folder.joinpath("t.yaml").write_text(TEMPLATE)
    assert command(folder, tmp_path / "store", "check", "t.yaml").returncode == 1
    stated = command(folder, tmp_path / "store", "config", "t.yaml").stdout
    assert "cache-size = 1  (.mlwa-lint.toml)" in stated
    folder.joinpath(".mlwa-lint.toml").write_text("cache-size = 0\n")
    assert command(folder, tmp_path / "store", "check", "t.yaml").returncode == 2


def replaced_by_a_pipe(entry: Path) -> None:
    entry.unlink()
    os.mkfifo(entry)


def replaced_by_a_device(entry: Path) -> None:
    entry.unlink()
    entry.symlink_to("/dev/zero")


def replaced_by_a_folder(entry: Path) -> None:
    entry.unlink()
    entry.mkdir()


def grown_to_a_terabyte(entry: Path) -> None:
    os.truncate(entry, 1 << 40)


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX files")
@pytest.mark.parametrize(
    "change", [replaced_by_a_pipe, replaced_by_a_device, replaced_by_a_folder, grown_to_a_terabyte]
)
def test_what_is_no_file_of_ours_is_no_entry(
    folder: Path, runs: Runs, change: Callable[[Path], None]
) -> None:
    folder.joinpath("t.yaml").write_text(TEMPLATE)
    first, _ = runs("t.yaml")
    (entry,) = entries(runs.store)
    change(entry)
    assert runs("t.yaml") == (first, 1)


def poisons() -> list[object]:
    """Contents that no run of mlwa-lint has written, under a digest that fits."""
    span = ["t.yaml", 1, 1, 1, 1]
    finding = ["C", "n", "high", "p", [], "m", span, "A", "T", span, "h", [], None, "", "", None]
    good: list[object] = [[finding], [], [], [], 1, ["t.yaml"], [], True, []]
    probes: list[object] = []

    def changed(position: int, value: object) -> list[object]:
        return [[*good[:position], value, *good[position + 1 :]], probes]

    return [
        None,
        [],
        [good],
        {"report": good},
        [good, [["read", "t.yaml"]]],
        [good, [["read", "t.yaml", 5]]],
        [good, [["no question", "t.yaml", ""]]],
        changed(0, [[*finding[:2], "awful", *finding[3:]]]),
        changed(0, [[*finding[:5], {"a": 1}, *finding[6:]]]),
        changed(0, [[*finding[:6], ["t.yaml", "1", 1, 1, 1], *finding[7:]]]),
        changed(0, [finding[:4]]),
        changed(1, [["C", "n", "A", span, [5]]]),
        changed(2, [["C", "t.yaml", "an error", ""]]),
        changed(3, [["t.yaml", "1", "m", True]]),
        changed(4, "many"),
        changed(5, [["t.yaml"]]),
        changed(6, [["t.yaml", 1]]),
        changed(7, False),
        changed(8, [["C", 1, 2, "3"]]),
    ]


@pytest.mark.parametrize("poison", poisons())
def test_a_poisoned_entry_is_no_entry(tmp_path: Path, poison: object) -> None:
    cache = Cache(str(tmp_path), ())
    key = "ab" * 16
    cache.keep(key, Report(), {})
    data = json.dumps(poison).encode()
    tmp_path.joinpath("ab", key).write_bytes(digest(data).encode() + data)
    assert cache.find(key) is None


def test_an_entry_nested_too_deeply_is_no_entry(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path), ())
    key = "ab" * 16
    cache.keep(key, Report(), {})
    data = b"[" * 500_000
    tmp_path.joinpath("ab", key).write_bytes(digest(data).encode() + data)
    assert cache.find(key) is None


def test_clearing_leaves_what_is_not_ours(tmp_path: Path) -> None:
    Cache(str(tmp_path), ()).keep("ab" * 16, Report(), {})
    tmp_path.joinpath("mine.txt").write_text("keep me")
    tmp_path.joinpath("cd").mkdir()
    tmp_path.joinpath("cd", "note").write_text("me too")
    assert clear(str(tmp_path)) == 1
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["cd", "mine.txt", "note"]


def test_reports_survive_packing() -> None:
    span = Span("t.yaml", 1, 2, 3, 4)
    finding = Finding(
        "MLS101",
        "n",
        "high",
        "security",
        ("MLSEC01-BP01",),
        "m",
        span,
        "A",
        "T",
        span,
        "h",
        (RelatedLocation(span, "p"),),
    )
    report = Report(
        (finding,),
        (Undecided("MLS101", "n", "A", span, ("why",)),),
        (RuleError("MLS101", "t.yaml", "bug"),),
        (Problem("t.yaml", 1, "broken"),),
        3,
        ("t.yaml", "caf\udce9.yaml"),
        outlines=(
            Outline(
                "t.yaml",
                (OutlineNode("A", "T", "t.yaml", 1, "Prod", "ml", ("canary", "shadow?")),),
                (Relation("A", "A", "reads", "P", "t.yaml", 2, "Prod"),),
            ),
        ),
    )
    assert unpacked(packed(report)) == report
    kept = report._replace(errors=())
    probes = {("read 5", "caf\udce9.yaml"): "x"}
    assert restored(stored(kept, probes)) == (kept, probes)


@pytest.mark.parametrize(
    "outline",
    [
        Outline("t", (OutlineNode("A", "T", "t", 1, part="x"),)),  # type: ignore[arg-type]
        Outline("t", (OutlineNode("A", "T", "t", "1"),)),  # type: ignore[arg-type]
        Outline("t", (OutlineNode("A", 1, "t", 1),)),  # type: ignore[arg-type]
        Outline("t", (), (Relation("A", "A", "hates", "P", "t", 2),)),
        Outline("t", (), (Relation("A", None, "reads", "P", "t", 2),)),  # type: ignore[arg-type]
        Outline(None),  # type: ignore[arg-type]
    ],
)
def test_an_outline_with_anything_else_in_it_is_no_entry(outline: Outline) -> None:
    with pytest.raises(ValueError, match="no entry"):
        restored(stored(Report(outlines=(outline,)), {}))


def test_the_folder_is_where_the_platform_keeps_caches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(caching.FOLDER_VARIABLE)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", "/x")
    assert caching.cache_folder() == "/x/mlwa-lint"
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.setenv("HOME", "/home/me")
    assert caching.cache_folder() == "/home/me/.cache/mlwa-lint"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert caching.cache_folder() == "/home/me/Library/Caches/mlwa-lint"


def command(folder: Path, store: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "MLWA_LINT_CACHE_DIR": str(store)}
    full = [sys.executable, "-m", "mlwa_lint", *arguments]
    return subprocess.run(full, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_command_uses_and_clears_it(folder: Path, tmp_path: Path) -> None:
    folder.joinpath("t.yaml").write_text(TEMPLATE)
    store = tmp_path / "store"
    command(folder, store, "check", "t.yaml", "--no-cache")
    assert not store.exists()
    first = command(folder, store, "check", "t.yaml")
    assert len(entries(store)) == 1
    again = command(folder, store, "check", "t.yaml")
    assert (again.returncode, again.stdout) == (first.returncode, first.stdout) != (0, "")
    cleared = command(folder, store, "cache", "clear")
    assert (cleared.returncode, cleared.stderr) == (0, "deleted 1 result\n")
    assert not store.exists()


def test_runs_at_the_same_time_share_it(folder: Path, tmp_path: Path) -> None:
    for number in range(12):
        folder.joinpath(f"t{number}.yaml").write_text(TEMPLATE.replace("B:", f"B{number}:"))
    environment = {**os.environ, "MLWA_LINT_CACHE_DIR": str(tmp_path / "store")}
    full = [sys.executable, "-m", "mlwa_lint", "check", ".", "--jobs", "1"]
    running = [
        subprocess.Popen(full, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    stated = [process.communicate() for process in running]
    assert len(set(stated)) == 1
    assert stated[0][1] == b""
    assert len(entries(tmp_path / "store")) == 12
    assert not list(tmp_path.rglob("*.tmp"))
