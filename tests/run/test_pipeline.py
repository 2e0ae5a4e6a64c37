"""Runs in several processes: the same result in the same order, and a clean end whatever happens."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import mlwa_lint.run.evaluation
from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.discovery.target import Target
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.report import Report
from mlwa_lint.run import workers
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

pytestmark = pytest.mark.skipif(not workers.can_fork(), reason="processes cannot be forked here")

TEMPLATE = "Resources:\n  B:\n    Type: AWS::SageMaker::NotebookInstance\n"
RULES = load_rules().rules
SLOW = '''
import os
import time
from mlwa_lint.rule import Claim, Remedy, rule

ON = ("AWS::SageMaker::NotebookInstance",)

@rule("TSO001", "slow", "low", practices=(), on=ON, remedy=Remedy("a", "b"))
def slow(notebook, graph):
    """It is slow.

    It waits.
    """
    first = not any(name.startswith("begun-") for name in os.listdir())
    open(f"begun-{os.getpid()}", "w").close()
    time.sleep(1 if first else 60)  # before workers are started, one target is tried
    yield from ()
'''


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for number in range(9):
        text = TEMPLATE.replace("B:", f"B{number}:")
        tmp_path.joinpath(f"t{number}.yaml").write_text(text if number != 4 else "Resources: [")
    return tmp_path


def reported(jobs: int | None) -> Report:
    return lint_paths(["."], lambda _: RunSettings(RULES, LoadOptions()), jobs)


def test_several_processes_find_what_one_does(folder: Path) -> None:
    one = reported(1)
    assert len(one.findings) > 8
    assert one.problems
    assert reported(3) == one
    assert reported(50) == one


def test_several_targets_are_shared_out_by_default(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    requested: list[int] = []
    real = workers.share_out

    def noting(pieces: list[int], work: object, jobs: int, progress: object) -> None:
        requested.append(jobs)
        real(pieces, work, jobs, progress)  # type: ignore[arg-type]

    monkeypatch.setattr(workers, "share_out", noting)
    monkeypatch.setattr(workers, "cores", lambda: 3)
    reported(None)
    assert requested == [3]
    lint_paths(["t0.yaml", "t1.yaml"], lambda _: RunSettings(RULES, LoadOptions()), None)
    assert requested == [3]


def test_without_fork_one_process_does_it_all(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = reported(1)
    monkeypatch.setattr(workers, "can_fork", lambda: False)
    assert reported(4) == one


def test_when_no_process_can_be_had_the_rest_is_done_here(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = reported(1)

    def refused() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refused)
    assert reported(4) == one


def test_progress_counts_every_target_once(folder: Path) -> None:
    seen: list[tuple[int, int]] = []
    lint_paths(
        ["."], lambda _: RunSettings(RULES, LoadOptions()), 2, lambda done, total: seen.append((done, total))
    )
    assert seen == [(number, 8) for number in range(1, 9)]


def test_a_process_that_dies_costs_only_its_target(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = mlwa_lint.run.pipeline.lint_target

    def deadly(target: Target, settings: RunSettings) -> Report:
        if target.path == "t3.yaml":
            os.kill(os.getpid(), signal.SIGKILL)
        return real(target, settings)

    monkeypatch.setattr(mlwa_lint.run.pipeline, "lint_target", deadly)
    report = reported(2)
    assert [(e.code, e.path, e.message) for e in report.errors] == [
        ("", "t3.yaml", "its worker process was ended by SIGKILL")
    ]
    found = {finding.span.path for finding in report.findings}
    assert found == {f"t{number}.yaml" for number in range(9) if number not in (3, 4)}


def test_a_bug_of_ours_costs_only_its_target(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(target: Target, options: LoadOptions) -> list[object]:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(mlwa_lint.run.evaluation, "load", broken)
    report = lint_paths(["t0.yaml"], lambda _: RunSettings(RULES, LoadOptions()), 1)
    assert [(e.code, e.path, e.message) for e in report.errors] == [
        ("", "t0.yaml", "ZeroDivisionError: division by zero")
    ]


def test_an_interrupt_ends_all_processes_without_a_traceback(folder: Path) -> None:
    folder.joinpath("rules.py").write_text(SLOW)
    command = [sys.executable, "-m", "mlwa_lint", "check", ".", "--rules", "rules.py", "--jobs", "3"]
    command += ["--no-cache", "--select", "TSO001"]
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Tests that a shell runs in the background ignore the signal, and so would the process.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 30
    while len(list(folder.glob("begun-*"))) < 4 and time.monotonic() < deadline:
        time.sleep(0.05)
    begun = {int(path.name.partition("-")[2]) for path in folder.glob("begun-*")} - {process.pid}
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err.strip()) == (130, "", "interrupted")
    assert len(begun) == 3
    for each in begun:
        with pytest.raises(ProcessLookupError):
            os.kill(each, 0)


@pytest.mark.parametrize(("count", "through"), [("0", ""), ("1", "module.m[0].")])
def test_a_module_that_its_caller_leaves_out_is_looked_at_alone(
    count: str, through: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("modules/m").mkdir(parents=True)
    Path("main.tf").write_text(f'module "m" {{\n  source = "./modules/m"\n  count  = {count}\n}}\n', "utf-8")
    Path("modules/m/main.tf").write_text(
        'resource "aws_sagemaker_notebook_instance" "n" {\n  root_access = "Enabled"\n}\n', "utf-8"
    )
    found = [each for each in reported(1).findings if each.code == "MLS402"]
    assert [each.address for each in found] == [f"{through}aws_sagemaker_notebook_instance.n"]


_TAGGED = 'provider "aws" {\n  default_tags {\n    tags = { %s = "x" }\n  }\n}\n'
_GATED = 'module "m" {\n  source = "../../modules/m"\n  count  = 0\n}\n'
_REQUIRED = ("Team",)


@pytest.mark.parametrize(
    ("roots", "found", "undecided"),
    [
        ((_TAGGED % "Team",), 0, 0),
        ((_TAGGED % "Owner",), 1, 0),
        (("",), 1, 0),
        ((_TAGGED % "Team", _TAGGED % "Team"), 0, 0),
        ((_TAGGED % "Team", _TAGGED % "Owner"), 0, 1),
        ((_TAGGED % "Team", 'provider "aws" {}\n'), 0, 1),
        (('variable "tags" {}\n' + (_TAGGED % "Team").replace('{ Team = "x" }', "var.tags"),), 0, 1),
    ],
)
def test_a_module_that_is_looked_at_alone_has_the_tags_of_its_roots(
    roots: tuple[str, ...], found: int, undecided: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for number, root in enumerate(roots):
        Path(f"envs/{number}").mkdir(parents=True)
        Path(f"envs/{number}/main.tf").write_text(root + _GATED, "utf-8")
    Path("modules/m").mkdir(parents=True)
    notebook = 'resource "aws_sagemaker_notebook_instance" "n" {\n  root_access = "Disabled"\n}\n'
    Path("modules/m/main.tf").write_text(notebook, "utf-8")
    report = lint_paths(["."], lambda _: RunSettings(RULES, LoadOptions(), _REQUIRED), 1)
    assert len([each for each in report.findings if each.code == "MLC502"]) == found
    assert len([each for each in report.undecided if each.code == "MLC502"]) == undecided


@pytest.mark.parametrize("length", [10, 30, 80])
def test_a_chain_of_modules_is_linted_once(
    length: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    notebook = 'resource "aws_sagemaker_notebook_instance" "n" {\n  root_access = "Enabled"\n}\n'
    for level in range(length):
        Path(f"l{level}").mkdir()
        call = f'module "m" {{\n  source = "../l{level + 1}"\n}}\n' if level + 1 < length else ""
        Path(f"l{level}/main.tf").write_text(call + notebook, "utf-8")
    rules = tuple(rule for rule in RULES if rule.code == "MLS402")
    report = lint_paths(["."], lambda _: RunSettings(rules, LoadOptions(root=tmp_path)), 1)
    assert len(report.findings) == length
    assert len({each.span.path for each in report.findings}) == length
    assert [each.message for each in report.problems if each.fatal] == []
    deep = [each for each in report.problems if "nested deeper than 20" in each.message]
    assert len(deep) == (length - 1) // 21
