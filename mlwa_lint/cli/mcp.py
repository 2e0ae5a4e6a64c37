"""`mlwa-lint mcp`."""

import os
from typing import Any

import click

from mlwa_lint.cli.decorators import lint_options, rule_options
from mlwa_lint.cli.options import command_line_of
from mlwa_lint.errors import UserError


@click.command()
@click.option(
    "--root",
    default=".",
    type=click.Path(),
    metavar="DIR",
    show_default=True,
    help="Root directory; nothing outside it is read.",
)
@rule_options
@lint_options
def mcp(root: str, **options: Any) -> int:
    """Serve coding agents by the Model Context Protocol, on standard input and output, read only."""
    command_line = command_line_of(options).anchored()
    try:
        from mlwa_lint.mcp.app import make
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("mcp", "pydantic", "anyio"):
            raise
        hint = 'install it with: python -m pip install "mlwa-lint[mcp]"'
        raise UserError("the server for agents needs the extra `mcp`", hint) from None
    import gc

    gc.enable()  # a run leaves that off, but a server does not end soon
    os.environ.setdefault("NO_COLOR", "1")
    make(root, command_line).run("stdio")
    return 0
