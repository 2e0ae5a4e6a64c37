"""Text into a syntax tree, with one line of complaint where there is none."""

import ast
import sys
import warnings
from functools import lru_cache

from mlwa_lint.frontends.python.syntax.source import PythonSyntaxError, nodes_in
from mlwa_lint.startup.patterns import lazy

# Syntax by the version of Python that brought it: a parser only reads what is of its own time.
_NEWER = (
    ((3, 12), lazy(r"^[ \t]*type \w++.*=|^\s*(?:async def|def|class) \w+\[")),
    ((3, 14), lazy(r"^\s*except\*? [\w.]+,|(?<![\w\"'])(?:[rR]?[tT]|[tT][rR])[\"']")),
    ((3, 15), lazy(r"^\s*lazy (?:import|from)\b")),
)
_REPEATED = "keyword argument repeated"
# Since 3.12, replacement fields of f-strings can hold the quotes of the string, backslashes and line ends.
_FREE_FIELDS = (3, 12)
_F_STRING = lazy(r"(?<![\w\"'])(?:[rR]?[fF]|[fF][rR])(?P<quote>\"\"\"|'''|[\"'])")
# Trees that are kept, of texts up to this length: a tree takes a hundred times as much memory.
_KEPT, _KEPT_LENGTH = 64, 10_000


def parse(text: str) -> list[ast.stmt]:
    """The statements of a text. Raises PythonSyntaxError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about escapes in texts: none of our business
            return ast.parse(text).body
    except SyntaxError as error:
        read = _as_newer(text) if sys.version_info < (3, 12) else None
        if read is not None:
            return read
        line = error.lineno or 1
        raise PythonSyntaxError(f"is not valid Python: {error.msg}{_hint(text, line)}", line) from None
    except (RecursionError, MemoryError):
        raise PythonSyntaxError("is nested too deeply to be read as Python", 1) from None
    except ValueError as error:  # a null byte; a number with too many digits
        raise PythonSyntaxError(f"is not valid Python: {error}", 1) from None


def shared(text: str) -> list[ast.stmt]:
    """What `parse` gives, for those that change nothing in it: the same tree for the same text."""
    return _kept(text) if len(text) <= _KEPT_LENGTH else parse(text)


@lru_cache(maxsize=_KEPT)
def _kept(text: str) -> list[ast.stmt]:
    return parse(text)


def shared_nodes(text: str) -> list[ast.AST]:
    """All nodes of what `shared` gives."""
    return _kept_nodes(text) if len(text) <= _KEPT_LENGTH else nodes_in(parse(text))


@lru_cache(maxsize=_KEPT)
def _kept_nodes(text: str) -> list[ast.AST]:
    return nodes_in(_kept(text))


def refused_call(text: str) -> PythonSyntaxError | None:
    """What the compiler has against a call with a repeated argument, which the parser reads; else None."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "", "exec", dont_inherit=True)
    except SyntaxError as error:
        if _REPEATED in error.msg:
            return PythonSyntaxError(f"is not valid Python: {error.msg}", error.lineno or 1)
    except (RecursionError, MemoryError, ValueError, OverflowError):
        return None
    return None


def _as_newer(text: str) -> list[ast.stmt] | None:
    """The statements of a text whose f-strings only newer versions read; None where it is wrong anyway."""
    from mlwa_lint.frontends.python.syntax.nested import plainer

    plain = plainer(text)
    if plain is None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(plain).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _hint(text: str, line: int) -> str:
    """Which version of Python has read it, where the line has what a newer one may read."""
    ran = sys.version_info[:2]
    lines = text.split("\n")
    written = lines[line - 1] if line <= len(lines) else ""
    newer = any(ran < version and pattern.search(written) for version, pattern in _NEWER)
    if not newer and not (ran < _FREE_FIELDS and _has_free_field(written)):
        return ""
    return f" (mlwa-lint runs on Python {ran[0]}.{ran[1]}, and this may be written for a newer version)"


def _has_free_field(line: str) -> bool:
    """Whether an f-string of a line can only be read where its fields may hold what 3.12 lets them."""
    return any(_is_free(line, found.end(), found["quote"]) for found in _F_STRING.finditer(line))


def _is_free(line: str, position: int, quote: str) -> bool:
    depth, free = 0, False
    while position < len(line):
        if line.startswith(quote, position):
            if depth == 0:
                return free
            # A text within a field: it ends at the next of these quotes.
            end = line.find(quote, position + len(quote))
            if end < 0:
                return False
            position, free = end + len(quote), True
            continue
        sign = line[position]
        doubled = depth == 0 and line[position : position + 2] in ("{{", "}}")
        if sign == "\\" and depth:
            free = True
        elif sign == "{" and not doubled:
            depth += 1
        elif sign == "}" and not doubled and depth:
            depth -= 1
        position += 2 if doubled or sign == "\\" else 1
    return depth > 0 and line.rstrip().endswith(("{", "(", "[", ","))
