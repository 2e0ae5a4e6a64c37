"""`mlwa-lint baseline`."""

from typing import Any

import click

from mlwa_lint.cli.options import command_line_of, lint_options, rule_options
from mlwa_lint.cli.reporting import exit_code, tell
from mlwa_lint.cli.writing import write_file, write_stdout
from mlwa_lint.filters.baseline import written
from mlwa_lint.run.pipeline import lint
from mlwa_lint.run.session import Session

DEFAULT_FILE = "mlwa-lint-baseline.json"


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option(
    "--output", default=DEFAULT_FILE, metavar="FILE", help=f"Where to ({DEFAULT_FILE}); - prints it."
)
@rule_options
@lint_options
def baseline(paths: tuple[str, ...], output: str, **options: Any) -> int:
    """Write a baseline of today's findings.

    `mlwa-lint check --baseline FILE`, or `baseline = "FILE"` in the configuration, then reports only
    what is new.
    """
    command_line = command_line_of({**options, "baseline": None})._replace(no_baseline=True)
    session = Session(command_line)
    linted = lint(session, paths or (".",), "stdin.yaml")
    tell(linted.result, session, verbose=False, quiet=False)
    text = written(linted.result.findings)
    if output == "-":
        write_stdout(text)
    else:
        write_file(output, text)
        number = len(linted.result.findings)
        click.echo(f"wrote {output}: {number} finding{'' if number == 1 else 's'}", err=True)
    return exit_code(linted, exit_zero=True)
