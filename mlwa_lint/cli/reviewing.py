"""What `mlwa-lint review` and its subcommands share."""

from pathlib import Path
from typing import Any

import click

from mlwa_lint.cli.options import LENS_NAMES, command_line_of
from mlwa_lint.cli.outcome import EXIT_BUG, EXIT_UNUSABLE, print_message
from mlwa_lint.cli.reporting import print_messages
from mlwa_lint.errors import UserError
from mlwa_lint.facts.today import today
from mlwa_lint.files.paths import shown
from mlwa_lint.review.answers import DEFAULT_FILE, read_answers
from mlwa_lint.review.assess import Review, assess
from mlwa_lint.review.questions import lens_named
from mlwa_lint.run.pipeline import Linted, lint
from mlwa_lint.run.session import Session

LENS_OPTION = click.option(
    "--lens",
    default="machine-learning",
    type=click.Choice(LENS_NAMES),
    show_default=True,
    help="The lens that is reviewed.",
)
ANSWERS_OPTION = click.option(
    "--answers",
    default=DEFAULT_FILE,
    type=click.Path(dir_okay=False),
    metavar="FILE",
    show_default=True,
    help="The file with people's answers.",
)


def reviewed(
    paths: tuple[str, ...], lens: str, answers: str, options: dict[str, Any], outlines: bool = False
) -> tuple[Linted, Review]:
    """Lints some paths and puts answers beside what is found. outlines: whether a report draws the graph."""
    writes = bool(options.get("init") or options.get("interview"))
    if answers != DEFAULT_FILE and not writes and not Path(answers).exists():
        raise UserError(f"--answers {shown(answers)}: no such file", "--init writes it")
    given = read_answers(answers)
    command_line = command_line_of(options)._replace(no_baseline=True, lenses=(lens,))
    session = Session(command_line)
    session.outlines = outlines
    linted = lint(session, paths or (".",))
    print_messages(linted.result, session, verbose=False, quiet=False)
    found = assess(lens_named(lens), linted.result, given, today())
    for notice in found.notices:
        print_message(f"{notice.place}: warning: {notice.message}")
    return linted, found


def broken(linted: Linted) -> int:
    """The exit code of a run that could not read everything, or failed; 0 where neither happened."""
    if linted.result.errors:
        return EXIT_BUG
    return EXIT_UNUSABLE if linted.result.fatal else 0


def counted(number: int, noun: str) -> str:
    """`1 practice`, `3 practices`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
