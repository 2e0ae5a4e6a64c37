"""Standard input: its text, and its name where the user gives none."""

import sys

from mlwa_lint.startup.patterns import lazy

# As the name of a text that has none, before its ending.
UNNAMED = "stdin"

_HCL = lazy(
    r"""(?m)^(?:terraform|locals|(?:provider|variable|output|module)\s+"[^"\n]+"|"""
    r"""(?:resource|data)\s+"[^"\n]+"\s+"[^"\n]+")\s*\{"""
)
_PROGRAM = lazy(r"(?m)^(?:import\s+\w[\w., ]*|from\s+\w[\w.]*\s+import\s.+)$")
_NOTEBOOK = lazy(r"\A\s*\{\s*\"(?:cells|nbformat|metadata)\"")


def read() -> str:
    """All of standard input."""
    buffer = getattr(sys.stdin, "buffer", None)
    data = sys.stdin.read() if buffer is None else buffer.read()
    return data if isinstance(data, str) else data.decode("utf-8-sig", errors="replace")


def name_of(text: str) -> str:
    """The name of a text without one: its ending shows what it looks like."""
    if _NOTEBOOK.match(text) and '"cell_type"' in text:
        return f"{UNNAMED}.ipynb"
    if _HCL.search(text):
        return f"{UNNAMED}.tf"
    if _PROGRAM.search(text):
        return f"{UNNAMED}.py"
    return f"{UNNAMED}.yaml"
