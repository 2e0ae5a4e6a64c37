"""Text into a syntax tree, with one line of complaint where there is none."""

import ast
import warnings

from mlwa_lint.frontends.python.syntax.source import PythonSyntaxError


def parse(text: str) -> list[ast.stmt]:
    """The statements of a text. Raises PythonSyntaxError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about escapes in texts: none of our business
            return ast.parse(text).body
    except SyntaxError as error:
        raise PythonSyntaxError(f"is not valid Python: {error.msg}", error.lineno or 1) from None
    except (RecursionError, MemoryError):
        raise PythonSyntaxError("is nested too deeply to be read as Python", 1) from None
    except ValueError as error:  # a null byte; a number with too many digits
        raise PythonSyntaxError(f"is not valid Python: {error}", 1) from None
