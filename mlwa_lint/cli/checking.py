"""`mlwa-lint check`, for click: its help, its completion, and all that `quick` does not read."""

from typing import Any

import click

from mlwa_lint.cli.check import check as run
from mlwa_lint.cli.decorators import check_options


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@check_options
def check(paths: tuple[str, ...], formats: tuple[str, ...], **options: Any) -> int:
    """Lint templates and Terraform modules.

    PATHS are files or directories, the working directory by default; - reads one template, Terraform file
    or program from standard input. A Terraform file is linted with its whole module.
    """
    return run(paths, formats, options)
