"""What `mlwa-lint check` does, however its command line was read."""

import gc
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mlwa_lint.cli.options import FIXING, command_line_of
from mlwa_lint.cli.outcome import EXIT_UNUSABLE, complain, progress_line, silence_stdout
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
from mlwa_lint.config.command_line import CommandLine
from mlwa_lint.errors import UserError
from mlwa_lint.filters.result import Result
from mlwa_lint.reporters import WITH_GRAPHS, pieces
from mlwa_lint.reporters.summary import ReportStyle
from mlwa_lint.run.pipeline import lint
from mlwa_lint.run.session import Session

if TYPE_CHECKING:
    from mlwa_lint.fixes.proposals import Proposals

# With fewer findings, what reporting them leaves behind is not worth looking for.
COLLECTING_FROM = 1000
# Formats whose findings carry their fixes.
_WITH_FIXES = ("json", "sarif", "github", "html")


def check(paths: tuple[str, ...], formats: tuple[str, ...], options: dict[str, Any]) -> int:
    """Runs the command: its exit code."""
    command_line = command_line_of(options)
    paths = paths or (".",)
    if options["stdin_filename"] and "-" not in paths:
        raise UserError("--stdin-filename: nothing is read from standard input", "add - to the paths")
    if options["since"] and "-" in paths:
        raise UserError("--since: git knows nothing of standard input", "name files, or leave --since out")
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
    progress = progress_line(options["quiet"])
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
    if len(result.findings) >= COLLECTING_FROM and not gc.isenabled():
        # Encoders and writers of fixes leave cycles behind; what was found is permanent.
        gc.freeze()
        gc.enable()
    # Standard output first: a file that cannot be written must not keep the findings from the user.
    for output in sorted(outputs, key=lambda output: output.target is not None):
        try:
            if output.target is not None:
                keep_apart(output.target, (*linted.sources, *paths))
            _write(output, result, options, proposals)
        except BrokenPipeError:
            silence_stdout()  # the reader has seen enough, as `head` does; the exit code stays
        except UserError as error:
            complain(error.message, error.hint)
            code = max(code, EXIT_UNUSABLE)
    if proposals is not None and options["show_fixes"] and not options["fix"]:
        from mlwa_lint.cli.fixing import show

        show(linted, proposals, any(each.format == "text" and each.target is None for each in outputs))
    return code, linted.sources


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
        # On a terminal standard error has just reported them.
        notices=output.target is not None or not (sys.stdout.isatty() and sys.stderr.isatty()),
        group=options["group"],
        brief=output.target is None and not options["full"],
        proposals=proposals,
    )
    report = pieces(output.format, result, view)
    if output.target is not None:
        write_file(output.target, report)
        return
    write_stdout(report)
