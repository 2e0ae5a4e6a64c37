"""The command line: parses, wires the stages together, and reports what went wrong."""

import atexit
import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """The console script `mlwa-lint`."""
    # Hardly any objects are in cycles; looking for those takes a sixth of the time, and `run` does it itself.
    gc.disable()
    from mlwa_lint.cli.app import invoke

    if arguments is not None:
        sys.exit(invoke(list(arguments)))
    _leave(invoke(sys.argv[1:]))


def _leave(code: int) -> NoReturn:
    """Ends the process without taking every object apart, which takes as long as linting a file."""
    atexit._run_exitfuncs()  # noqa: SLF001 - the only way to have them run before os._exit
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            code = code or 2
    os._exit(code)
