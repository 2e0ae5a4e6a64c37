"""`mlwa-lint check`."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from mlwa_lint.cli.app import EXIT_UNUSABLE, complain, silence_stdout
from mlwa_lint.cli.options import FIXING, command_line_of, fix_options, lint_options, rule_options
from mlwa_lint.cli.reporting import exit_code, print_messages
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
from mlwa_lint.filters.result import Result
from mlwa_lint.reporters import FORMATS, WITH_GRAPHS, renderer
from mlwa_lint.reporters.summary import GROUPS, ReportStyle

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from mlwa_lint.fixes.proposals import Proposals
from mlwa_lint.config.command_line import CommandLine
from mlwa_lint.run.pipeline import lint
from mlwa_lint.run.session import Session

# Formats whose findings carry their fixes.
_WITH_FIXES = ("json", "sarif", "github", "html")


def _format_names(*arguments: Any) -> "list[CompletionItem]":
    from mlwa_lint.cli.completing import format_names

    return format_names(*arguments)


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option(
    "--format",
    "formats",
    multiple=True,
    metavar="FORMAT[:FILE]",
    shell_complete=_format_names,
    help=f"Report format, to standard output or a file; repeatable. One of {', '.join(FORMATS)}.",
)
@rule_options
@lint_options
@click.option(
    "--show-undecided", is_flag=True, help="List undecided checks (values known only after deployment)."
)
@click.option("--show-suppressed", is_flag=True, help="List suppressed findings too.")
@click.option(
    "--since",
    metavar="REF",
    help="Report only findings that depend on files changed since a git commit, branch or tag.",
)
@fix_options
@click.option("--exit-zero", is_flag=True, help="Exit 0 even with findings (not with unreadable input).")
@click.option("--statistics", is_flag=True, help="Count findings per rule; with --format, list them as well.")
@click.option("--group", type=click.Choice(GROUPS), help="Group findings in text output.")
@click.option("--full", is_flag=True, help="Show every finding in full, however many there are.")
@click.option("--watch", is_flag=True, help="Lint again whenever a file changes.")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colour in text output; NO_COLOR and FORCE_COLOR are honoured.",
)
@click.option(
    "--stdin-filename",
    default="",
    metavar="NAME",
    help="File name for standard input: its ending says what it is, and reports use it.",
)
@click.option("-q", "--quiet", is_flag=True, help="One line per finding, no excerpts, no summary.")
@click.option("-v", "--verbose", is_flag=True, help="Show what is read, with which configuration.")
def check(paths: tuple[str, ...], formats: tuple[str, ...], **options: Any) -> int:
    """Lint templates and Terraform modules.

    PATHS are files or folders, the working folder by default; - reads one template, Terraform file or program
    from standard input.
    A Terraform file stands for its whole module.
    """
    command_line = command_line_of(options)
    paths = paths or (".",)
    if any(options[each] for each in FIXING):
        from mlwa_lint.cli.fixing import refuse_contradictions

        refuse_contradictions(paths, formats, options)
    if options["watch"]:
        from mlwa_lint.cli.watch import watch

        return watch(lambda: _check(paths, formats, command_line, options), paths)
    return _check(paths, formats, command_line, options)[0]


def _check(
    paths: tuple[str, ...], formats: tuple[str, ...], command_line: CommandLine, options: dict[str, Any]
) -> tuple[int, tuple[str, ...]]:
    """One run: its exit code, and the files it read."""
    session = Session(command_line)
    outputs = parse_formats(formats or session.configuration.format)
    session.outlines = any(output.format in WITH_GRAPHS for output in outputs)
    options["listing"] = bool(formats)
    progress = _progress(options)
    try:
        linted = lint(session, paths, options["stdin_filename"], progress)
    finally:
        if progress is not None:
            progress.close()
    code = 0
    if options["fix"] or options["diff"] or options["add_ignores"]:
        from mlwa_lint.cli.fixing import fixed

        linted, code, is_reported = fixed(session, paths, linted, options)
        if is_reported:
            return code, linted.sources
    result = linted.result
    print_messages(result, session, options["verbose"], options["quiet"])
    code = max(code, exit_code(linted, options["exit_zero"]))
    proposals = _proposals(session, result, outputs, options)
    # Standard output first: a file that cannot be written must not keep the findings from the user.
    for output in sorted(outputs, key=lambda output: output.target is not None):
        try:
            if output.target is not None:
                keep_apart(output.target, (*linted.sources, *paths))
            _write(output, result, options, proposals)
        except BrokenPipeError:
            silence_stdout()  # the reader has seen enough, as `head` does; the verdict stands
        except UserError as error:
            complain(error.message, error.hint)
            code = max(code, EXIT_UNUSABLE)
    if proposals is not None and options["show_fixes"] and not options["fix"]:
        from mlwa_lint.cli.fixing import show

        show(linted, proposals, any(each.format == "text" and each.target is None for each in outputs))
    return code, linted.sources


def _progress(options: dict[str, Any]) -> Any:
    if options["quiet"] or not sys.stderr.isatty():
        return None
    from mlwa_lint.cli.progress import Progress

    return Progress()


def _proposals(
    session: Session, result: Result, outputs: Sequence[Output], options: dict[str, Any]
) -> "Proposals | None":
    """Fixes by finding, where a report lists them."""
    listing = options["show_fixes"] or any(output.format in _WITH_FIXES for output in outputs)
    if not listing or all(finding.fix is None for finding in result.findings):
        return None
    from mlwa_lint.fixes.proposals import Proposals
    from mlwa_lint.fixes.propose import choices_of

    return Proposals(result.findings, choices_of(session), result.texts, result.hidden)


def _write(output: Output, result: Result, options: dict[str, Any], proposals: "Proposals | None") -> None:
    view = ReportStyle(
        color=output.target is None and wants_color(options["color"]),
        width=terminal_width() if output.target is None else 80,
        quiet=options["quiet"],
        verbose=options["verbose"],
        show_suppressed=options["show_suppressed"],
        show_undecided=options["show_undecided"],
        statistics=options["statistics"],
        listing=not options["statistics"] or options["listing"],
        # On a terminal standard error has just told them.
        notices=output.target is not None or not (sys.stdout.isatty() and sys.stderr.isatty()),
        group=options["group"],
        brief=output.target is None and not options["full"],
        proposals=proposals,
    )
    text = renderer(output.format)(result, view)
    if output.target is not None:
        write_file(output.target, text)
        return
    write_stdout(text)
