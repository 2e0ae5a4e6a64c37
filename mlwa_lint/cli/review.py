"""`mlwa-lint review`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mlwa_lint.cli.completing import subcommand_names
from mlwa_lint.cli.decorators import input_options
from mlwa_lint.cli.outcome import EXIT_FINDINGS, print_message
from mlwa_lint.cli.reviewing import ANSWERS_OPTION, LENS_OPTION, broken, counted, reviewed
from mlwa_lint.cli.writing import (
    Output,
    keep_apart,
    parse_formats,
    terminal_width,
    wants_color,
    write_file,
    write_stdout,
)
from mlwa_lint.errors import UserError
from mlwa_lint.facts.today import today
from mlwa_lint.files.paths import shown
from mlwa_lint.filters.result import Result
from mlwa_lint.reporters import WITH_GRAPHS
from mlwa_lint.reporters.reviews import FORMATS, ReviewPage, renderer
from mlwa_lint.review.answer_file import new_file, with_questions
from mlwa_lint.review.assess import Review, unanswered_in
from mlwa_lint.review.milestones import (
    Difference,
    difference,
    milestone,
    milestone_file,
    read_milestone,
    written,
)
from mlwa_lint.review.risk import GATES, reaches

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def _format_names(*arguments: Any) -> "list[CompletionItem]":
    from mlwa_lint.cli.completing import review_formats

    return review_formats(*arguments)


SUBCOMMANDS = {
    "export": "Write a custom lens, or the answers, for the Well-Architected Tool.",
    "push": "Send the review to the Well-Architected Tool.",
    "pull": "Bring answers back from the Well-Architected Tool.",
}


class _WithSubcommands(click.Command):
    """A command that takes paths; a first argument that names a subcommand means that instead."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Hands over to a subcommand where its name comes first."""
        if not args or args[0] not in SUBCOMMANDS:
            return super().make_context(info_name, args, parent, **extra)
        from mlwa_lint.cli import wellarchitected

        chosen: click.Command = getattr(wellarchitected, args[0])
        return chosen.make_context(f"{info_name} {args[0]}", args[1:], parent, **extra)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Lists the subcommands below the options."""
        with formatter.section("Subcommands"):
            formatter.write_dl(list(SUBCOMMANDS.items()))


@click.command(cls=_WithSubcommands)
@click.argument("paths", nargs=-1, type=click.Path(), shell_complete=subcommand_names(*SUBCOMMANDS))
@LENS_OPTION
@ANSWERS_OPTION
@click.option(
    "--init", is_flag=True, help="Write what code cannot decide, as questions, to the answers file."
)
@click.option("--interview", is_flag=True, help="Ask about open practices one by one, and save each answer.")
@click.option(
    "--format",
    "formats",
    multiple=True,
    metavar="FORMAT[:FILE]",
    shell_complete=_format_names,
    help=f"Report format, to standard output or a file; repeatable. One of {', '.join(FORMATS)}.",
)
@click.option(
    "--fail-on",
    "gate",
    default="never",
    type=click.Choice(GATES),
    show_default=True,
    help="Exit 1 for risks of at least this kind; medium-risk includes high ones, unanswered both.",
)
@click.option("--save-milestone", metavar="NAME", help="Keep today's risks under a name, beside the answers.")
@click.option("--compare", metavar="NAME", help="Show what has changed since a milestone.")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colour in text output; NO_COLOR and FORCE_COLOR are honoured.",
)
@click.option("-v", "--verbose", is_flag=True, help="List every practice.")
@input_options
def review(paths: tuple[str, ...], lens: str, answers: str, **options: Any) -> int:
    """Review a Well-Architected lens: evidence from the rules, answers from people, risks.

    PATHS are files or directories, the working directory by default. The exit code is 1 when an answer
    contradicts the evidence or has expired, or when a risk reaches --fail-on.
    """
    _refuse_unused(options)
    outputs = _outputs(options["formats"])
    before = read_milestone(answers, lens, options["compare"]) if options["compare"] else None
    draws = any(output.format in WITH_GRAPHS for output in outputs)
    linted, found = reviewed(paths, lens, answers, options, draws)
    if options["init"]:
        _init(found, answers)
        return broken(linted)
    if options["interview"]:
        from mlwa_lint.cli.interview import interview

        interview(found, answers, today())
        return broken(linted)
    if options["save_milestone"]:
        _save(found, answers, options["save_milestone"])
    for output in outputs:
        if output.target is not None:
            keep_apart(output.target, (*linted.sources, answers, *paths))
    _report(found, None if before is None else difference(before, found), outputs, options, linted.result)
    failed = found.contradictions or found.expired or reaches(found.risks, options["gate"])
    return broken(linted) or (EXIT_FINDINGS if failed else 0)


def _refuse_unused(options: dict[str, Any]) -> None:
    """Reports an option that would have no effect. Raises UserError."""
    writing = [each for each in ("init", "interview") if options[each]]
    unused = {
        "--interview": len(writing) > 1,
        "--format": bool(options["formats"]),
        "--fail-on": options["gate"] != "never",
        "--save-milestone": bool(options["save_milestone"]),
        "--compare": bool(options["compare"]),
    }
    for option, is_given in unused.items():
        if writing and is_given:
            raise UserError(f"--{writing[0]} and {option}: only one at a time")


def _report(
    found: Review,
    changed: Difference | None,
    outputs: list[Output],
    options: dict[str, Any],
    result: Result,
) -> None:
    for output in outputs:
        to_screen = output.target is None
        page = ReviewPage(
            found,
            changed,
            color=to_screen and wants_color(options["color"]),
            width=terminal_width() if to_screen else 80,
            verbose=options["verbose"],
            result=result,
        )
        text = renderer(output.format)(page)
        if output.target is None:
            write_stdout(text)
        else:
            write_file(output.target, text)


def _outputs(texts: tuple[str, ...]) -> list[Output]:
    """Formats and the files they go to, what goes to standard output first. Raises UserError."""
    return sorted(parse_formats(texts, FORMATS), key=lambda each: each.target is not None)


def _init(found: Review, path: str) -> None:
    """Writes a file with the practices that people have to decide, or adds them to the one that is there."""
    unanswered = [each for each in unanswered_in(found) if each.id not in found.answers.by_practice]
    if Path(path).exists():
        text = with_questions(Path(path).read_text(encoding="utf-8-sig"), unanswered, path)
    else:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        text = new_file(unanswered)
    write_file(path, text)
    print_message(f"wrote {shown(path)}: {counted(len(unanswered), 'practice')} to answer")


def _save(found: Review, answers: str, name: str) -> None:
    path = milestone_file(answers, found.lens.name, name)
    if path.exists():
        raise UserError(f"{shown(path)}: this milestone exists", "choose another name, or delete the file")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(str(path), written(milestone(found, name, today())))
    print_message(f"wrote {shown(path)}")
