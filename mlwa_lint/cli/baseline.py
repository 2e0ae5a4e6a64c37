"""`mlwa-lint baseline`."""

from pathlib import Path
from typing import Any

import click

from mlwa_lint.cli.decorators import lint_options, rule_options
from mlwa_lint.cli.options import command_line_of
from mlwa_lint.cli.reporting import exit_code, print_messages
from mlwa_lint.cli.writing import keep_apart, write_file, write_stdout
from mlwa_lint.errors import UserError
from mlwa_lint.files.paths import shown
from mlwa_lint.filters.baseline import Baseline, BaselineEntry, known_of, read_baseline, written
from mlwa_lint.run.pipeline import Linted, lint
from mlwa_lint.run.session import Session

DEFAULT_FILE = "mlwa-lint-baseline.json"
_LISTED = 10


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option(
    "--output",
    metavar="FILE",
    help=f"Output file (default: the configuration's baseline, else {DEFAULT_FILE}); - for standard output.",
)
@click.option("--prune", is_flag=True, help="Only remove entries that nothing is found for any more.")
@rule_options
@lint_options
def baseline(paths: tuple[str, ...], output: str | None, prune: bool, **options: Any) -> int:
    """Write a baseline of today's findings.

    `mlwa-lint check --baseline FILE`, or `baseline = "FILE"` in the configuration, then reports only
    what is new. Of a baseline that is there already, only what PATHS cover is replaced.
    """
    paths = paths or (".",)
    missing = [path for path in paths if path != "-" and not Path(path).exists()]
    if missing:
        raise UserError(f"{missing[0]}: does not exist", "no baseline was written")
    session = Session(command_line_of({**options, "baseline": None})._replace(no_baseline=True))
    target = output or _configured(session) or DEFAULT_FILE
    before = read_baseline(Path(target)) if target != "-" and Path(target).exists() else Baseline()
    if prune and not before.known:
        raise UserError(f"{target}: no such baseline", "without --prune it is written")
    linted = lint(session, paths)
    print_messages(linted.result, session, verbose=False, quiet=False)
    entries, stale, added = _renewed(before, linted, prune)
    text = written(entries)
    if target == "-":
        write_stdout(text)
    else:
        keep_apart(target, (*linted.sources, *paths))
        write_file(target, text)
        _report(target, entries, stale, added)
    return exit_code(linted, exit_zero=True)


def _configured(session: Session) -> str:
    path = session.configuration.baseline
    return "" if path is None else shown(path)


def _renewed(
    before: Baseline, linted: Linted, prune: bool
) -> tuple[list[BaselineEntry], list[BaselineEntry], int]:
    """The entries to write, those of before that nothing is found for, and how many are new."""
    result = linted.result
    # What is less severe than what is reported stays known, and does not become so.
    today = before.split([*result.singles, *result.milder_singles])
    stale = [each for each in today.left if linted.covered.covers(each)]
    gone = set(map(id, stale))
    kept = [each for each in today.left if id(each) not in gone]
    recognised = [known_of(finding) for finding in today.recognised]
    milder_ones = set(map(id, result.milder_singles))
    new = [] if prune else [known_of(each) for each in today.new if id(each) not in milder_ones]
    return [*kept, *recognised, *new], stale, len(new)


def _report(target: str, entries: list[BaselineEntry], stale: list[BaselineEntry], added: int) -> None:
    number = len(entries)
    changes = [f"{added} new"] if added and added != number else []
    if stale:
        changes.append(f"{len(stale)} stale removed")
    noun = f"finding{'' if number == 1 else 's'}"
    click.echo(f"wrote {target}: {number} {noun}" + (f" ({', '.join(changes)})" if changes else ""), err=True)
    for each in stale[:_LISTED]:
        click.echo(f"  stale: {each.code} {each.address} in {each.path}", err=True)
    if len(stale) > _LISTED:
        click.echo(f"  and {len(stale) - _LISTED} more", err=True)
