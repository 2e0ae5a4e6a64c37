"""`mlwa-lint server`."""

import sys
from typing import Any

import click

from mlwa_lint.cli.decorators import lint_options, rule_options
from mlwa_lint.cli.options import command_line_of
from mlwa_lint.errors import UserError


@click.command()
@rule_options
@lint_options
def server(**options: Any) -> int:
    """Run the language server on standard input and output, for an editor that starts it."""
    command_line = command_line_of(options).anchored()
    try:
        from mlwa_lint.server.app import Server
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        hint = 'install it with: python -m pip install "mlwa-lint[server]"'
        raise UserError("the language server needs the extra `server`", hint) from None
    code = Server(command_line).serve()
    sys.stderr.flush()
    return code
