"""The command line: parses, wires the stages together, and says what went wrong."""

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """The console script `mlwa-lint`."""
    from mlwa_lint.cli.app import invoke

    sys.exit(invoke(sys.argv[1:] if arguments is None else list(arguments)))
