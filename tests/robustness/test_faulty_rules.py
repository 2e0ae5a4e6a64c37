"""One faulty rule is reported with its code and the file, and hides nothing that others find."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import mlwa_lint.engine.check
from mlwa_lint.catalogue.registry import Registry, RuleSourceError
from mlwa_lint.engine.check import Outcome
from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.answers import YES
from mlwa_lint.model.findings import RuleError
from mlwa_lint.rule import Claim, Remedy, Rule, rule
from mlwa_lint.run.evaluation import check_project
from tests.support.workspace import Workspace

BUCKET = "AWS::S3::Bucket"
TEMPLATE = f"Resources:\n  A:\n    Type: {BUCKET}\n  B:\n    Type: {BUCKET}\n"
REMEDY = Remedy("Fix it.", "Fix it there.")


def made(check: Any, code: str = "TSO001", **changes: Any) -> Rule:
    check.__doc__ = "Something is wrong.\n\nIt matters."
    return rule(code, code.lower(), "low", practices=(), on=(BUCKET,), remedy=REMEDY)(check)._replace(
        **changes
    )


def good(bucket: Any, graph: Any) -> Iterator[Claim]:
    yield Claim(YES, bucket, "always wrong")


GOOD = made(good, "TSO002")


def outcome(*rules: Rule) -> Outcome:
    return check_project(load(Path("t.yaml"), LoadOptions(), TEMPLATE), [*rules, GOOD])


def raises(error: BaseException) -> Any:
    def raising(bucket: Any, graph: Any) -> Iterator[Claim]:
        raise error
        yield

    return raising


def yields(*things: Any) -> Any:
    return lambda bucket, graph: iter(things)


def mistake(**changes: Any) -> Any:
    def yielding(bucket: Any, graph: Any) -> Iterator[Claim]:
        yield Claim(YES, bucket, "wrong")._replace(**changes)

    return yielding


@pytest.mark.parametrize(
    ("faulty", "stated"),
    [
        (raises(ValueError("a bug")), "ValueError: a bug"),
        (raises(SystemExit(5)), "SystemExit: 5"),
        (raises(GeneratorExit()), "GeneratorExit: "),
        (raises(RecursionError("too deep")), "RecursionError: too deep"),
        (raises(MemoryError()), "MemoryError: "),
        (lambda bucket, graph: None, "its check returns None, not claims"),
        (lambda bucket, graph: 5, "its check returns an int, not claims"),
        (yields(None), "it yields None instead of a Claim"),
        (yields(5), "it yields an int instead of a Claim"),
        (yields("wrong"), "it yields a str instead of a Claim"),
        (mistake(answer=True), "it yields a Claim whose answer is a bool"),
        (mistake(at=None), "it yields a Claim at None instead of a property or resource"),
        (mistake(message=5), "it yields a Claim whose message is an int"),
        (mistake(severity="awful"), "it yields a Claim of severity 'awful'"),
        (
            mistake(related=("x",)),
            "it yields a Claim whose related places are not pairs of a view and a text",
        ),
    ],
)
def test_a_faulty_rule_is_named_and_the_others_go_on(faulty: Any, stated: str) -> None:
    result = outcome(made(faulty))
    assert result.errors == (RuleError("TSO001", "t.yaml", stated, "tests"),)
    assert [(f.code, f.address) for f in result.findings] == [("TSO002", "A"), ("TSO002", "B")]


def test_a_rule_that_takes_no_arguments_is_reported() -> None:
    (error,) = outcome(made(lambda: iter(()))).errors
    assert error.message.startswith("TypeError: ")


def test_a_rule_that_yields_without_end_is_stopped() -> None:
    def endless(bucket: Any, graph: Any) -> Iterator[Claim]:
        while True:
            yield Claim(YES, bucket, "again")

    result = outcome(made(endless))
    assert [error.message for error in result.errors] == ["it yields more than 10,000 claims about one thing"]
    assert len(result.findings) == 2


needs_timers = pytest.mark.skipif(sys.platform == "win32", reason="needs interval timers")


def slow_about(address: str, stubborn: bool) -> Any:
    """A check that works on and on about one resource, and finds fault with all."""

    def slow(bucket: Any, graph: Any) -> Iterator[Claim]:
        while bucket.address == address:
            try:
                sum(range(1000))
            except Exception:
                if not stubborn:
                    raise
        yield Claim(YES, bucket, "always wrong")

    return slow


@needs_timers
@pytest.mark.parametrize("stubborn", [False, True])
def test_a_rule_that_takes_too_long_is_undecided_about_the_rest(
    monkeypatch: pytest.MonkeyPatch, stubborn: bool
) -> None:
    monkeypatch.setattr(mlwa_lint.engine.check, "RULE_SECONDS", 0.2)
    result = outcome(made(slow_about("B", stubborn)))
    assert result.errors == ()
    assert [(f.code, f.address) for f in result.findings] == [
        ("TSO001", "A"),
        ("TSO002", "A"),
        ("TSO002", "B"),
    ]
    (open_one,) = result.undecided
    assert (open_one.code, open_one.address) == ("TSO001", "B")
    assert open_one.reasons == ("it took more than 0 seconds of processor time",)
    (problem,) = result.problems
    assert problem.message.startswith("rule TSO001 was stopped because it took more than")
    assert not problem.fatal


@needs_timers
def test_waiting_is_no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that is stopped, or gets no processor, finds what it would have found."""
    monkeypatch.setattr(mlwa_lint.engine.check, "RULE_SECONDS", 0.1)

    def waiting(bucket: Any, graph: Any) -> Iterator[Claim]:
        time.sleep(0.3)
        yield Claim(YES, bucket, "always wrong")

    result = outcome(made(waiting))
    assert (result.errors, result.problems, result.undecided) == ((), (), ())
    assert len(result.findings) == 4


@needs_timers
def test_a_stopped_rule_changes_no_exit_code_and_is_not_kept(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mlwa_lint.engine.check, "RULE_SECONDS", 0.2)
    workspace.write("t.yaml", TEMPLATE)
    workspace.write("rules.py", _LOCAL.format(body="while True: pass"))
    for _ in range(2):
        run = workspace.run(
            "check", "t.yaml", "--rules", "rules.py", "--select", "TSO001", "--show-undecided"
        )
        assert run.code == 0
        assert run.err.count("rule TSO001 was stopped") == 1
        assert "undecided A\n  because it took more than" in run.out


def test_the_users_interrupt_goes_through() -> None:
    with pytest.raises(KeyboardInterrupt):
        outcome(made(raises(KeyboardInterrupt())))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"severity": "awful"}, "severity"),
        ({"remedy": "Fix it"}, "remedy"),
        ({"practices": None}, "practices"),
        ({"on": "AWS::S3::Bucket"}, "on"),
        ({"name": None}, "name"),
        ({"documentation": None}, "documentation"),
        ({"code": "ABX001"}, "code: its third letter names no pillar"),
    ],
)
def test_a_rule_with_wrong_metadata_is_refused(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleSourceError, match=f"has a wrong {field}"):
        Registry([GOOD._replace(**changes)])


_LOCAL = '''
from mlwa_lint.rule import Claim, Remedy, rule

@rule("TSO001", "faulty", "low", practices=(), on=("AWS::S3::Bucket",), remedy=Remedy("a", "b"))
def faulty(bucket, graph):
    """It fails."""
    {body}
'''


@pytest.mark.parametrize("body", ["raise ValueError('a bug')", "return 5", "import sys; sys.exit(0)"])
def test_the_command_reports_it_and_exits_3(tmp_path: Path, body: str) -> None:
    tmp_path.joinpath("rules.py").write_text(_LOCAL.format(body=body))
    tmp_path.joinpath("t.yaml").write_text(TEMPLATE)
    command = [
        sys.executable,
        "-m",
        "mlwa_lint",
        "check",
        "t.yaml",
        "--rules",
        "rules.py",
        "--format",
        "json",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "t.yaml: error: rule TSO001 of rules.py failed" in done.stderr
    assert "internal error" not in done.stderr
    assert "Traceback" not in done.stderr
    assert json.loads(done.stdout)["findings"]


def test_rules_that_cannot_even_be_loaded_are_wrong_usage(tmp_path: Path) -> None:
    tmp_path.joinpath("rules.py").write_text("1 / 0")
    tmp_path.joinpath("t.yaml").write_text(TEMPLATE)
    command = [sys.executable, "-m", "mlwa_lint", "check", "t.yaml", "--rules", "rules.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "mlwa-lint: error: the rules in rules.py cannot be loaded: ZeroDivisionError: division by zero"
    ]
