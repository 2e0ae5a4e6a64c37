"""How long searching a text takes: what only hostile texts show, asserted of the patterns themselves."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Of each blank line, such a pattern would try all that follow: the square of their number.
_OVER_LINES = re.compile(r"\(\?[a-z]*m[a-z]*\)\^\\s[*+]|\^\\s[*+].*MULTILINE")


def test_no_pattern_of_lines_begins_with_what_takes_several() -> None:
    sources = [path for folder in ("mlwa_lint", "rules") for path in sorted((ROOT / folder).rglob("*.py"))]
    assert len(sources) > 500
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if _OVER_LINES.search(line)
    ]
    assert found == []
