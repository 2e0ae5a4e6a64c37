"""The references of a Python file or notebook to others: what it imports, names and calls."""

import ast
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cached_property

from mlwa_lint.files.texts import CELL
from mlwa_lint.frontends.python.syntax.notebook import statements_of
from mlwa_lint.frontends.python.syntax.source import PythonSyntaxError, last_name, nodes_below
from mlwa_lint.startup.records import NamedTuple

_FROM = re.compile(rb"^[ \t]*from[ \t]+([.\w]+)[ \t]+import[ \t]*(\([^)]*\)|[^\n]*)", re.MULTILINE)
_IMPORT = re.compile(rb"^[ \t]*import[ \t]+([^\n]*)", re.MULTILINE)
_COMMENT = re.compile(rb"^[ \t]*#[^\n]*|[ \t]#[^\n]*", re.MULTILINE)
# Lines of notebooks for the shell and magics, and words that do not name a file.
_COMMANDS = re.compile(r"^[ \t]*[!%][^\n]*", re.MULTILINE)
_WORD = re.compile(r"(?<![\w-])[A-Za-z_]\w*(?![\w-])(?!\.py\b)")
_MAIN = re.compile(rb"^if[ \t(]++.*__name__", re.MULTILINE)
_IMPORTS = re.compile(rb"^[ \t]*(?:from[ \t]+[.\w]+[ \t]+)?import[ \t]*(?:\([^)]*\)|[^\n]*)", re.MULTILINE)


_CLIENT = re.compile(rb"(?<!\w)(\w+)[ \t]*=[ \t]*[\w.]*(?:\.client|\bclient)\(")
# A program in a script: `python - <<'EOF'` until a line `EOF`.
_HERE = re.compile(rb"\bpython[\d.]*[ \t]+(?:-[ \t]*)?<<-?[ \t]*[\"']?(\w++)[\"']?[^\n]*+\n")
_ONLY_WORD = re.compile(rb"^[ \t]*(\w+)[ \t]*$", re.MULTILINE)


def programs_in(script: bytes) -> list[bytes]:
    """The programs that a script holds and runs."""
    if b"<<" not in script:
        return []
    ends: dict[bytes, list[int]] = {}
    for match in _ONLY_WORD.finditer(script):
        ends.setdefault(match[1], []).append(match.start())
    found: list[bytes] = []
    last = 0
    for match in _HERE.finditer(script):
        places = ends.get(match[1], [])
        end = bisect_left(places, match.end())
        if match.start() >= last and end < len(places):
            last = places[end]
            found.append(script[match.end() : last])
    return found


class Import(NamedTuple):
    """A module or member that is imported, by its dotted name; `level`: how many dots precede it.

    alias: the name by which the file calls it.
    """

    level: int
    steps: tuple[str, ...]
    alias: str


class Mentions:
    """The references of a file. Only its calls need its syntax; the rest is found in its text."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._text = _COMMENT.sub(b"", content) if b"#" in content else content
        self._named: dict[str, bool] = {}

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        """What it imports."""
        found: list[Import] = []
        for base, members in _FROM.findall(self._text):
            text = base.decode()
            steps = text.lstrip(".")
            level = len(text) - len(steps)
            before = tuple(steps.split(".")) if steps else ()
            found += [
                Import(level, (*before, name), alias) for name, alias in _names(members.strip(b"() \t\r\n"))
            ]
        for names in _IMPORT.findall(self._text):
            found += [Import(0, tuple(name.split(".")), alias) for name, alias in _names(names)]
        return tuple(found)

    @cached_property
    def imports_by_step(self) -> Mapping[str, Sequence[Import]]:
        """What it imports, by each name on the way to it."""
        found: dict[str, list[Import]] = {}
        for each in self.imports:
            for step in dict.fromkeys(each.steps):
                found.setdefault(step, []).append(each)
        return found

    def names_it(self, name: str) -> bool:
        """Whether its code uses a name, otherwise than to define or import it.

        Comments and docstrings do not count, nor do files called so: `deploy.py` for `deploy`.
        """
        # Every program may have a function of the same name, and is searched for it once for each of the
        # others.
        if name not in self._named:
            self._named[name] = name.encode() in self._text and self._uses(name)
        return self._named[name]

    def _uses(self, name: str) -> bool:
        aliases = {each.alias for each in self.imports if each.steps[-1:] == (name,)}
        names = {name, *aliases} - {"*", ""}
        pattern = "|".join(re.escape(each) for each in sorted(names))
        used = re.compile(rf"(?<![\w-])(?<!\bdef )(?<!\bclass )(?:{pattern})(?![\w-])(?!\.py\b)".encode())
        if used.search(_IMPORTS.sub(b"", self._text)) is None:
            return False
        words = self._words
        return words is None or not names.isdisjoint(words)

    def calls_of(self, name: str) -> Sequence[ast.Call]:
        """The calls of a function, by its name or what the file calls it."""
        names = {name, *(each.alias for each in self.imports if each.steps[-1:] == (name,))}
        return [call for each in sorted(names) for call in self._calls.get(each, ())]

    @cached_property
    def constants(self) -> Mapping[str, str]:
        """The names that it gives a text and nothing else: `NAME = "churn"`."""
        given: dict[str, str] = {}
        stored: list[str] = []
        for statement in self._statements:
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    stored.append(node.id)
                elif isinstance(node, ast.arg):
                    stored += [node.arg, node.arg]
            if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Constant):
                continue
            for target in statement.targets:
                if isinstance(target, ast.Name) and isinstance(statement.value.value, str):
                    given[target.id] = statement.value.value
        return {name: text for name, text in given.items() if stored.count(name) == 1}

    def function_at(self, line: int) -> str:
        """The name of the function at the top that a line belongs to; empty where it belongs to none."""
        for each in self._statements:
            if isinstance(each, ast.FunctionDef) and each.lineno <= line <= (each.end_lineno or line):
                return each.name
        return ""

    @property
    def has_main(self) -> bool:
        """Whether it does something when it is run: `if __name__ == "__main__":`."""
        return _MAIN.search(self._text) is not None

    @cached_property
    def _calls(self) -> Mapping[str, Sequence[ast.Call]]:
        found: dict[str, list[ast.Call]] = {}
        for statement in self._statements:
            for node in ast.walk(statement):
                if isinstance(node, ast.Call):
                    found.setdefault(last_name(node.func), []).append(node)
        return found

    @cached_property
    def _words(self) -> frozenset[str] | None:
        """The names in its code, the words in its texts and commands; None where it cannot be read."""
        found: set[str] = set()
        for code in self._cells:
            body = _readable(code)
            if body is None:
                return None
            found.update(word for line in _COMMANDS.findall(code) for word in _WORD.findall(line))
            pending: list[ast.AST] = list(body)
            while pending:
                node = pending.pop()
                if isinstance(node, ast.Name):
                    found.add(node.id)
                elif isinstance(node, ast.Attribute):
                    found.add(node.attr)
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.update(_WORD.findall(node.value))
                elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                    continue  # a docstring
                elif isinstance(node, ast.Call) and self._calls_service(node):
                    pending += [each for each in nodes_below(node) if each is not node.func]
                    pending += nodes_below(node.func)
                    continue
                pending += nodes_below(node)
        return frozenset(found)

    def _calls_service(self, call: ast.Call) -> bool:
        """Whether a call is one of a client of boto3, and of no function that is called like its method."""
        function = call.func
        if not isinstance(function, ast.Attribute) or call.args or not call.keywords:
            return False
        names = [each.arg for each in call.keywords if each.arg is not None]
        if names:
            return all(name[:1].isupper() for name in names)
        return last_name(function.value) in self._clients

    @cached_property
    def _clients(self) -> frozenset[str]:
        """What the file calls clients: `sm = boto3.client("sagemaker")`."""
        return frozenset(each.decode("utf-8", "replace") for each in _CLIENT.findall(self._text))

    @cached_property
    def _statements(self) -> Sequence[ast.stmt]:
        return [each for code in self._cells for each in _readable(code) or ()]

    @property
    def _cells(self) -> Sequence[str]:
        return self._content.decode("utf-8-sig", "replace").split(CELL)


def _readable(code: str) -> list[ast.stmt] | None:
    try:
        return statements_of(code)
    except PythonSyntaxError:
        return None


def _names(members: bytes) -> list[tuple[str, str]]:
    """Names and what they are called: `a, b as c`."""
    found = []
    for member in members.decode("utf-8", "replace").split(","):
        words = member.split()
        if words:
            found.append((words[0], words[2] if len(words) == 3 and words[1] == "as" else words[0]))
    return found
