"""Where a plan's text states each resource."""

import bisect
import json
import re
from collections.abc import Sequence

from mlwa_lint.model.spans import Span
from mlwa_lint.startup.patterns import lazy

_ADDRESS = lazy(r'"address"\s*:\s*("(?:[^"\\]|\\.)*")')


def places(name: str, text: str) -> dict[str, Span]:
    """Where every address is stated first, in the list of changes if there is one."""
    start = max(text.find('"resource_changes"'), 0)
    lines: Sequence[int] = [match.end() for match in re.finditer("\n", text)]
    found: dict[str, Span] = {}
    for match in _ADDRESS.finditer(text, start):
        try:
            address = json.loads(match.group(1))
        except ValueError:
            continue
        if address in found:
            continue
        row = bisect.bisect_right(lines, match.start(1))
        column = match.start(1) - (lines[row - 1] if row else 0) + 1
        width = len(match.group(1))
        found[address] = Span(name, row + 1, column, row + 1, column + width)
    return found
