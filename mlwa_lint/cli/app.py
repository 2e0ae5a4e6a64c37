"""Runs a command line to its exit code, and reports the failure that ends the program."""

import os
import sys
from pathlib import Path
from typing import Any

from mlwa_lint.cli.outcome import EXIT_BUG, EXIT_INTERRUPTED, EXIT_UNUSABLE, complain, silence_stdout
from mlwa_lint.errors import UserError

ISSUES = "https://github.com/mlwa-lint/mlwa-lint/issues"


def invoke(arguments: list[str]) -> int:
    """Runs a command line to its exit code; no way out of it prints a traceback."""
    try:
        code = _invoke(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        silence_stdout()  # the reader went away, as `head` does: there is no one to report to
        return 0
    except OSError as error:
        what = f"{error.filename}: " if error.filename else "cannot write the output: "
        complain(f"{what}{error.strerror or error}")
        silence_stdout()
        return EXIT_UNUSABLE
    return code


def _invoke(arguments: list[str]) -> int:
    from mlwa_lint.catalogue.registry import RuleSourceError, UnknownRuleError, is_of_cfn_lint

    try:
        outcome = _run(arguments)
    except KeyboardInterrupt:
        sys.stderr.write("\ninterrupted\n")
        return EXIT_INTERRUPTED
    except UserError as error:
        complain(error.message, error.hint)
        return EXIT_UNUSABLE
    except UnknownRuleError as error:
        hint = f"did you mean {error.suggestion!r}?" if error.suggestion else "`mlwa-lint rules` lists them"
        if is_of_cfn_lint(error.selector):
            hint = "--validate runs the rules of cfn-lint"
        complain(str(error), hint)
        return EXIT_UNUSABLE
    except RuleSourceError as error:
        complain(str(error))
        return EXIT_UNUSABLE
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - the last resort: a bug of mlwa-lint, reported as one
        return _bug(error)
    return outcome if isinstance(outcome, int) else 0


def _run(arguments: list[str]) -> Any:
    from mlwa_lint.cli.quick import read

    requested = read(arguments)
    if requested is None:
        from mlwa_lint.cli.commands import run

        return run(arguments)
    from mlwa_lint.cli.check import check

    return check(*requested)


def _bug(error: Exception) -> int:
    if os.environ.get("MLWA_LINT_TRACEBACK"):
        import traceback

        traceback.print_exception(error)
    place = _innermost(error)
    complain(
        f"internal error: {type(error).__name__}: {error} ({place})",
        f"this is a bug, please report it at {ISSUES} with the output of MLWA_LINT_TRACEBACK=1",
    )
    return EXIT_BUG


def _innermost(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "at an unknown place"
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
