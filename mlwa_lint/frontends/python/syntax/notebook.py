"""Notebooks: code cells in their order, without magics; files that cells write are programs of their own."""

import ast

from mlwa_lint.files.notebooks import Cell, Notebook, NotebookError, notebook_of
from mlwa_lint.frontends.python.syntax.parse import parse
from mlwa_lint.frontends.python.syntax.source import PythonSource, PythonSyntaxError, Unit
from mlwa_lint.model.resources import Problem
from mlwa_lint.model.spans import Span
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

# Cell magics after which the cell is still Python.
_TRANSPARENT = frozenset({"time", "timeit", "capture", "prun", "debug", "local", "python", "python3", "ai"})
_WRITING = frozenset({"writefile", "file"})
_MAGIC = lazy(r"^(\s*)(?:[%!?]|[\w.]+\?{1,2}\s*$)")
# Docker, SageMaker Studio's tool for it, and the script of that name in AWS's examples.
_BUILDING = lazy(r"\bdocker (?:build|buildx|push)\b|\bsm-docker build\b|build_and_push|build-and-push")
# Shell commands and magics that IPython also takes without a sign, `cd src`, unless they are assigned to.
_AUTOMAGIC = lazy(
    r"^(\s*)(?:cat|cd|conda|cp|env|ls|mkdir|mv|pip|pwd|rm|rmdir|uv)"
    r"(?:[ \t]+(?!=|(?:in|is|and|or|if|not)\b|[-+*/%&|^<>!]+=)\S.*)?$"
)
# What begins a statement in Python: an import, a header, an assignment, a call.
_CODE = lazy(
    r"\s*(?:import \w|from [\w.]+ import\b|(?:return|raise|assert|del)\b|type \w++.*="
    r"|(?:async |def |class |for |while |if |elif |else\b|with |try\b|except\b|finally\b).*:\s*(?:#.*)?$"
    r"|[\w.\[\]'\"]+(?:\s*,\s*[\w.]+)*\s*[-+*/|]?=(?!=)|[\w.]+\()"
)
# What is assigned to may be anything: `a.b`, `sizes[f"{name}"]`, `x, *rest`, `if last: name`.
_ASSIGNED = lazy(r"=\s*[!%]\s*\w")
_TARGET = lazy(r"(?:[\w.,*: \t]|\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\]|\([^()]*(?:\([^()]*\)[^()]*)*\))+")
# Half of a character, as is left where a tool has cut an emoji in two. Nothing can encode it.
_HALF = lazy("[\ud800-\udfff]")
_WHOLE = "\N{REPLACEMENT CHARACTER}"


class NotebookProgram(NamedTuple):
    """The program in a notebook's cells.

    written: file name -> a program that a cell writes. problems: cells that cannot be read.
    builds_images: whether the shell builds container images and pushes them.
    """

    units: list[Unit]
    written: dict[str, Unit]
    problems: list[Problem]
    builds_images: bool = False


class CellSource(PythonSource):
    """The code of a cell; the lines before it in the cell count, those of its file are the notebook's."""

    def __init__(self, path: str, text: str, notebook: Notebook, cell: Cell, skipped: int = 0) -> None:
        super().__init__(path, text)
        self._notebook = notebook
        self._cell = cell
        self._places: dict[tuple[int, int], tuple[int, int]] = {}
        self.skipped = skipped

    def lines(self, first: int, last: int) -> Span:
        """Whole lines."""
        return self._in_file(first, 0, last, len(self._cell.lines[last + self.skipped - 1]))

    def _in_file(self, line: int, column: int, end_line: int, end_column: int) -> Span:
        return Span(self.path, *self._place(line, column), *self._place(end_line, end_column))

    def _place(self, line: int, column: int) -> tuple[int, int]:
        """A place of the cell in the file; a loop reads the same ones in every turn."""
        found = self._places.get((line, column))
        if found is None:
            offset = self._cell.offset(line + self.skipped, column)
            found = self._places[line, column] = self._notebook.line_and_column(offset)
        return found


def program_of(path: str, text: str) -> NotebookProgram:
    """The program of a notebook. Raises PythonSyntaxError where the file is not a notebook."""
    try:
        notebook = notebook_of(text)
    except NotebookError as error:
        raise PythonSyntaxError(error.message, error.line) from None
    found = NotebookProgram([], {}, [])
    if "python" not in notebook.language:
        return found
    for cell in notebook.cells:
        if cell.kind == "code" and cell.source.strip():
            _read(path, notebook, cell, found)
    code = (cell.source for cell in notebook.cells if cell.kind == "code")
    return found._replace(builds_images=any(_BUILDING.search(text) for text in code))


def _read(path: str, notebook: Notebook, cell: Cell, found: NotebookProgram) -> None:
    lines = cell.lines
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    skipped = 0
    target = ""
    if lines[first].startswith("%%"):
        magic, _, rest = lines[first][2:].strip().partition(" ")
        if magic in _WRITING:
            words = [word for word in rest.split() if not word.startswith("-")]
            target = words[0] if words else ""
            if not target.endswith(".py"):
                return
        elif magic not in _TRANSPARENT:
            return
        skipped = first + 1
    written = "\n".join(lines[skipped:])
    code = _HALF.sub(_WHOLE, written)
    source = CellSource(path, code, notebook, cell, skipped)
    try:
        body = statements_of(code)
    except PythonSyntaxError as error:
        if not _is_program(code):
            return
        completed = _filled_in(path, code, source, cell, found)
        if completed is not None:
            _keep(Unit(completed, source), target, found)
            return
        place = source.place(error.line, 0, error.line, 0)
        where = f"cell {cell.number}, line {error.line + skipped}"
        found.problems.append(Problem(path, place.line, f"{where} {error.message}"))
        return
    half = _HALF.search(written)
    if half is not None:
        line = written.count("\n", 0, half.start()) + 1
        where = f"cell {cell.number}, line {line + skipped}"
        message = f"{where} has half of a character, \\u{ord(half[0]):04x}, with which Python does not run it"
        found.problems.append(Problem(path, source.place(line, 0, line, 0).line, message, fatal=False))
    _keep(Unit(body, source), target, found)


def _filled_in(
    path: str, code: str, source: CellSource, cell: Cell, found: NotebookProgram
) -> list[ast.stmt] | None:
    """The statements of a cell in which only placeholders are not Python."""
    from mlwa_lint.frontends.python.syntax.placeholders import filled

    with_texts = filled(code)
    if with_texts is None:
        return None
    try:
        body = with_texts.statements(statements_of(with_texts.code))
    except PythonSyntaxError:
        return None
    line, text = with_texts.first
    where = f"cell {cell.number}, line {line + source.skipped}"
    message = f"{where} has a placeholder where Python expects a value: {text}"
    found.problems.append(Problem(path, source.place(line, 0, line, 0).line, message, fatal=False))
    return body


def _keep(unit: Unit, target: str, found: NotebookProgram) -> None:
    if target:
        found.written[target.rpartition("/")[2].removesuffix(".py")] = unit
    else:
        found.units.append(unit)


def statements_of(code: str) -> list[ast.stmt]:
    """The statements of a cell, without lines for the shell and magics where Python does not read them.

    Raises PythonSyntaxError.
    """
    try:
        return parse(code)
    except PythonSyntaxError:
        plain = without_magics(code)
    try:
        return parse(plain)
    except PythonSyntaxError:
        # As IPython does: what indents all of the cell, and a name of a command without a sign.
        plain = without_magics(code, automagic=True)
        if not plain.lstrip("\n").startswith((" ", "\t")):
            return parse(plain)
    # Kept in its columns below a statement that holds it, whose line is then taken away.
    held, *others = parse(f"if True:\n{plain}")
    if others or not isinstance(held, ast.If) or held.orelse:
        return parse(plain)  # only its first line is indented, which is an error
    return [ast.increment_lineno(each, -1) for each in held.body]


def _is_program(code: str) -> bool:
    """Whether a line of a cell that cannot be read looks like Python; else it is prose, or YAML."""
    return any(
        _CODE.match(line) or sum(map(line.count, "([{")) != sum(map(line.count, ")]}"))
        for line in code.split("\n")
    )


def without_magics(code: str, automagic: bool = False) -> str:
    """A cell's code with its magics replaced by statements that do nothing; lines keep their numbers.

    automagic: also commands without a sign, and magics indented deeper than the code around them.
    """
    kept: list[str] = []
    continued = False
    above = ""
    for line in code.split("\n"):
        if continued:
            continued = line.rstrip().endswith("\\")
            kept.append("")
            continue
        match = _MAGIC.match(line) or (_AUTOMAGIC.match(line) if automagic else None)
        target = _assigned(line)
        if match is not None:
            kept.append(f"{_indent(match.group(1), above) if automagic else match.group(1)}pass")
        elif target:
            kept.append(f"{target} = __magic__")
        else:
            kept.append(line)
        if kept[-1].strip():
            above = kept[-1]
        if match is None and not target:
            continue
        continued = line.rstrip().endswith("\\")
    return "\n".join(kept)


def _assigned(line: str) -> str:
    """To what a line assigns the output of a command or a magic, with its indent; empty where it does not."""
    found = _ASSIGNED.search(line)
    target = "" if found is None else line[: found.start()].rstrip()
    return target if target.strip() and _TARGET.fullmatch(target) else ""


def _indent(own: str, above: str) -> str:
    """The indent of a magic: that of the line above, where only that line may be followed by a deeper one."""
    outer = above[: len(above) - len(above.lstrip())]
    return outer if above and len(own) > len(outer) and not above.rstrip().endswith(":") else own


__all__ = ["CellSource", "NotebookProgram", "program_of", "statements_of", "without_magics"]
