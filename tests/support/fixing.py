"""Fixes examples in a folder of their own, as `check --fix --unsafe-fixes` does."""

import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from mlwa_lint.config.command_line import CommandLine
from mlwa_lint.fixes import Fix, propose
from mlwa_lint.fixes.proposals import Proposals
from mlwa_lint.fixes.propose import choices_of
from mlwa_lint.fixes.rounds import Settled, settle
from mlwa_lint.reporters import renderer
from mlwa_lint.reporters.summary import ReportStyle
from mlwa_lint.run.pipeline import Linted, lint
from mlwa_lint.run.session import Session
from tests.support import rule_examples as harness
from tests.support.rule_examples import Example

CONFIGURATION = """
[fix]
kms-key = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
topic = "arn:aws:sns:eu-west-1:111122223333:ml-alarms"
log-bucket = "acme-access-logs"
subnets = ["subnet-0a1b2c3d4e5f60718", "subnet-0f1e2d3c4b5a69788"]
security-groups = ["sg-0a1b2c3d4e5f60718"]
"""


class Fixed(NamedTuple):
    """What fixing came to: the findings before, the fixes proposed for them, and what settled."""

    before: Linted
    proposed: tuple[Fix, ...]
    settled: Settled


@cache
def with_changes() -> tuple[Example, ...]:
    """The failing examples whose rules name a change: for no others is anything proposed."""
    failing = harness.examples("", "fail")
    return tuple(each for each in failing if any(one.fix for one in harness.own_outcome(each).findings))


def session_of(folder: Path, *select: str) -> Session:
    """A session for a folder, with everything that fixes may take from the configuration."""
    configuration = folder / ".mlwa-lint.toml"
    if not configuration.exists():
        configuration.write_text(CONFIGURATION, encoding="utf-8")
    return Session(CommandLine(select=select, severity="info", config=configuration, cache=False))


def any_edit(fix: Fix) -> bool:
    return fix.safety != "shown"


def fixed(folder: Path, *select: str, wanted: Callable[[Fix], bool] = any_edit) -> Fixed:
    """Fixes what some rules find in a folder, without writing anything."""
    return fixed_by(session_of(folder, *select), folder, wanted)


def fixed_by(session: Session, folder: Path, wanted: Callable[[Fix], bool] = any_edit) -> Fixed:
    """Fixes what the rules of a session find in a folder, without writing anything."""
    paths = [str(folder)]
    before = lint(session, paths)
    proposed = tuple(propose(before.result.findings, choices_of(session)))
    return Fixed(before, proposed, settle(session, paths, before, wanted))


def alone(example: Path, folder: Path) -> Path:
    """A copy of an example in a folder where nothing else is."""
    if example.is_dir():
        shutil.copytree(example, folder, dirs_exist_ok=True)
    else:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(example, folder / example.name)
    return folder


def write(settled: Settled) -> None:
    """Puts the new texts in place of the files."""
    for path, text in settled.texts.items():
        Path(path).write_bytes(text.encode("utf-8"))


class FixedTwice(NamedTuple):
    """What fixing an example came to, and what fixing it again did.

    texts:       the files before, by their paths.
    report, log: the reports in JSON and SARIF before anything is fixed.
    """

    example: Example
    texts: dict[str, str]
    report: dict[str, Any]
    log: dict[str, Any]
    first: Fixed
    again: Fixed


def fixed_twice(example: Example, folder: Path) -> FixedTwice | None:
    """What becomes of an example in a folder; None where nothing is proposed there."""
    place = alone(example.path, folder / str(example))
    session = session_of(place, example.code)
    first = fixed_by(session, place)
    if not first.proposed:
        return None
    result = first.before.result
    proposals = Proposals(result.findings, choices_of(session), result.texts, result.hidden)
    report, log = (
        json.loads(renderer(name)(result, ReportStyle(proposals=proposals))) for name in ("json", "sarif")
    )
    paths = {edit.path for fix in first.proposed for edit in fix.edits}
    texts = {path: Path(path).read_bytes().decode("utf-8") for path in paths}
    write(first.settled)
    return FixedTwice(example, texts, report, log, first, fixed_by(session, place))
