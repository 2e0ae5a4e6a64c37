"""Syntax errors in words: what was expected where."""

import re
from typing import TYPE_CHECKING

from mlwa_lint.frontends.terraform.syntax.blocks import HclSyntaxError

if TYPE_CHECKING:
    from tree_sitter import Node

# python-hcl2 needs about a second for 2,000 lines; its opinion on a huge file is not worth the wait.
_SIZE_LIMIT = 400_000
_NAMES = {
    "DECIMAL": "a number",
    "EQ": "`=`",
    "LBRACE": "`{`",
    "LPAR": "`(`",
    "LSQB": "`[`",
    "NAME": "a name",
    "RBRACE": "`}`",
    "RPAR": "`)`",
    "RSQB": "`]`",
    "COMMA": "`,`",
    "COLON": "`:`",
    "STRING_LIT": "a string",
    "DBLQUOTE": "a string",
    "NL_OR_COMMENT": "a new line",
    "$END": "the end of the file",
}
_LETTER = re.compile(r"[^\W\d_](?<![a-zA-Z])")
_SHOWN_LIMIT = 4
# Where these are allowed, any expression is.
_VALUE = {"a string", "`[`", "`{`"}


def explained(root: "Node", source: bytes) -> HclSyntaxError:
    """The first error of a syntax tree, with python-hcl2's opinion on what was expected."""
    node = _first_error(root)
    line = node.start_point[0] + 1
    if len(source) <= _SIZE_LIMIT:
        strict = _strict(source.decode("utf-8", "replace"))
        if strict is not None:
            return strict
    if node.is_missing:
        return HclSyntaxError(line, f"not valid HCL: expected `{node.type}`")
    rows = source.split(b"\n")
    shown = rows[line - 1].strip().decode("utf-8", "replace")[:60] if line <= len(rows) else ""
    return HclSyntaxError(line, f"not valid HCL near {shown!r}" if shown else "not valid HCL")


def _first_error(root: "Node") -> "Node":
    node = root
    while True:
        wrong = next((c for c in node.children if c.is_error or c.is_missing or c.has_error), None)
        if wrong is None:
            return node
        if wrong.is_error or wrong.is_missing:
            inner = next((c for c in wrong.children if c.is_error or c.is_missing), None)
            return inner or wrong
        node = wrong


def _strict(text: str) -> HclSyntaxError | None:
    """python-hcl2's message; None when it accepts the text or has no precise message."""
    try:
        import hcl2
        from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken
    except ImportError:
        return None
    try:
        # It knows no letters but ASCII's in names; others of the same number leave all places as they are.
        hcl2.loads(text if text.isascii() else _LETTER.sub("x", text))
    except UnexpectedToken as error:
        token = _original(text, error.line, error.column, str(error.token))
        message = f"not valid HCL: unexpected {_token(error.token.type, token)}"
        return _worded(error.line, message, error.expected, text)
    except UnexpectedCharacters as error:
        character = _original(text, error.line, error.column, error.char)
        return _worded(error.line, f"not valid HCL: unexpected {character!r}", error.allowed, text)
    except UnexpectedInput as error:
        return _worded(error.line, "not valid HCL", None, text)
    except Exception:  # noqa: BLE001 (its own failures on unusual text do not concern the user)
        return None
    return None


def _original(text: str, line: int, column: int, found: str) -> str:
    """The place in the source of something that was found in the text that was made of it."""
    if text.isascii() or "\n" in found:
        return found
    rows = text.split("\n")
    start = column - 1
    return rows[line - 1][start : start + len(found)] if 0 < line <= len(rows) and start >= 0 else found


def _token(kind: str, text: str) -> str:
    """A token in words."""
    if kind == "$END":
        return "end of the file"
    found = text.split()
    return repr(found[0][:40]) if found else "end of the line"


def _worded(line: int | None, message: str, expected: object, text: str) -> HclSyntaxError:
    names: set[str] = set()
    if isinstance(expected, (set, frozenset, list)):
        names = {_NAMES.get(str(name), "") for name in expected} - {""}
    if names >= _VALUE:
        message += ", expected a value"
    elif 0 < len(names) <= _SHOWN_LIMIT:
        message += ", expected " + " or ".join(sorted(names))
    last = text.count("\n") or 1
    return HclSyntaxError(line if line is not None and line > 0 else last, re.sub(r"\s+", " ", message))
