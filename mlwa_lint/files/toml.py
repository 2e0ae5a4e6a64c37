"""TOML that others may have written to do harm: nested a thousand deep, or with keys of a thousand parts."""

import tomllib
from typing import Any

from mlwa_lint.startup.patterns import lazy

# For longer ones, tomllib's time grows with the square of their length.
_LONG_KEY = lazy(r"(?<![\w-])(?:[\w-]++[\"']?\s*+\.\s*+[\"']?){200}")


def loads(text: str) -> dict[str, Any]:
    """The document of a text. Raises tomllib.TOMLDecodeError."""
    if _LONG_KEY.search(text):
        raise tomllib.TOMLDecodeError("a key has more than 200 parts")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise tomllib.TOMLDecodeError("it is nested too deeply") from None
    except tomllib.TOMLDecodeError:
        raise
    except ValueError:  # of Python: it converts no number of more than 4,300 digits
        raise tomllib.TOMLDecodeError("a number has too many digits") from None
