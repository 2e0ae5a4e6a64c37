"""Regular expressions that are compiled when they are first used: most runs need only a few of them.

Measured (benchmarks/startup.py): 5 ms less for 40 expressions, where `import click, yaml` takes 47.
"""

import re
from typing import Any, cast


class _Lazy:
    def __init__(self, source: str, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        # Called only for attributes that are missing: afterwards the compiled pattern's own method is found.
        value = getattr(re.compile(self._source, self._flags), name)
        setattr(self, name, value)
        return value


def lazy(source: str, flags: int = 0) -> re.Pattern[str]:
    """What re.compile gives, with its methods and attributes."""
    return cast(re.Pattern[str], _Lazy(source, flags))
