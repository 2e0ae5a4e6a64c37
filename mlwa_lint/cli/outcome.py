"""Exit codes, and messages on standard error: without click, which takes long to load."""

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlwa_lint.cli.progress import ProgressLine

EXIT_FINDINGS = 1
EXIT_UNUSABLE = 2
EXIT_BUG = 3
EXIT_INTERRUPTED = 130


def print_message(line: str, to_stdout: bool = False) -> None:
    """One line on standard error; what it quotes cannot steer the terminal."""
    from mlwa_lint.reporters.painting import plain

    stream = sys.stdout if to_stdout else sys.stderr
    text = plain([[(line, "")]])
    if os.name == "posix" and getattr(stream, "encoding", "") == "utf-8":
        stream.write(text)
        stream.flush()
        return
    import click  # knows the other consoles and encodings

    click.echo(text, nl=False, err=not to_stdout)


def complain(message: str, hint: str = "") -> None:
    """An error; what it quotes can neither steer the terminal nor give a secret away."""
    from mlwa_lint.reporters.redaction import hushed

    print_message(hushed(f"mlwa-lint: error: {message}" + (f"; {hint}" if hint else "")))


def silence_stdout() -> None:
    """Sends what is left to nowhere, so that the interpreter's last flush has nothing to complain of."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return


def progress_line(quiet: bool) -> "ProgressLine | None":
    """The line that shows how far a run is, where a terminal shows it."""
    if quiet or not sys.stderr.isatty():
        return None
    from mlwa_lint.cli.progress import ProgressLine

    return ProgressLine()
