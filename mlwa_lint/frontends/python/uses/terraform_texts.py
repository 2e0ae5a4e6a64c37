"""What expressions of Terraform come to, as far as the texts of a project show it.

They are searched and not evaluated: literals, variables with a literal default or given where the module is
called, local values, and text around what only deployment knows.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from mlwa_lint.files.texts import PathSteps, is_test
from mlwa_lint.frontends.python.uses.project import Uses
from mlwa_lint.frontends.python.uses.variables import OpenPiece, Piece
from mlwa_lint.startup.records import NamedTuple


class StatedVariable(NamedTuple):
    """What a file gives as an environment variable. because: the default that it rests on."""

    steps: PathSteps
    word: tuple[Piece, ...]
    because: str = ""


# The configurations of a project's modules call one another to this depth.
_DEPTH = 6
# Expressions of one file that are followed: a text may name a local value in many places, as that does
# others.
EXPRESSIONS_LIMIT = 500
TERRAFORM = ".tf"
VALUE = r"(?P<value>\"(?:[^\"\\\n]|\\.)*\"|[\w.\[\]\"-]+)[ \t]*,?[ \t]*(?:#[^\n]*|//[^\n]*)?$"
# The body of a variable or an output.
BODY = r"(?P<body>.{0,5000}?)^\}"
_INSERTED = re.compile(r"\$\{(?P<what>[^{}]*)\}")
_CONSTANT = re.compile(r"-?\d+(?:\.\d+)?|true|false")
_VARIABLE = re.compile(r"var\.(?P<name>\w+)")
_LOCAL = re.compile(r"local\.(?P<name>\w+)")
_CONVERTED = re.compile(r"to(?:string|number)\((?P<inner>[^()]*)\)")
# `var.image != "" ? var.image : local.image`
_UNLESS_GIVEN = re.compile(
    r"var\.(?P<name>\w+)[ \t]*!=[ \t]*(?:\"\"|null)[ \t]*"
    r"\?[ \t]*var\.(?P=name)[ \t]*:[ \t]*(?P<otherwise>\S+)"
)
_MODULE = re.compile(r"^module[ \t]+\"[^\n]*\{[ \t]*$", re.MULTILINE)
_SOURCE = re.compile(r"^[ \t]*source[ \t]*=[ \t]*\"(?P<path>\.{1,2}(?:/[^\"\n]*)?)\"", re.MULTILINE)
# In such folders modules are called to show or to try them.
_SHOWING = frozenset({"example", "examples"})


class CallInTexts(NamedTuple):
    """A call of a module of the project: the file that has it, and the text of its block."""

    steps: PathSteps
    block: str


class TerraformTexts:
    """The expressions of one file, with what the files beside it declare."""

    def __init__(self, steps: PathSteps, uses: Uses, left: list[int] | None = None) -> None:
        """left: how many expressions may still be followed, where another file refers to this one."""
        self._steps = steps
        self._uses = uses
        self._left = [EXPRESSIONS_LIMIT] if left is None else left

    def setting(self, expression: str, because: str = "", depth: int = 0) -> StatedVariable | None:
        """What an expression comes to."""
        self._left[0] -= 1
        if depth > _DEPTH or self._left[0] < 0:
            return None
        if expression.startswith('"'):
            inner = expression[1:-1]
            whole = re.fullmatch(_INSERTED, inner)
            if whole is not None:
                return self.setting(whole["what"].strip(), because, depth + 1)
            return self._filled(pieces_of(inner), because, depth)
        if _CONSTANT.fullmatch(expression) is not None:
            return StatedVariable(self._steps, (expression,), because)
        if (converted := _CONVERTED.fullmatch(expression)) is not None:
            return self.setting(converted["inner"].strip(), because, depth + 1)
        if (chosen := _UNLESS_GIVEN.fullmatch(expression)) is not None:
            given = self._of_variable(chosen["name"], depth)
            if given is not None and given.word == (OpenPiece(f"var.{chosen['name']}"),) and given.because:
                return self.setting(chosen["otherwise"], given.because, depth + 1)
            return given
        if (variable := _VARIABLE.fullmatch(expression)) is not None:
            return self._of_variable(variable["name"], depth)
        if (local := _LOCAL.fullmatch(expression)) is not None:
            stated = self._definitions(
                rf"^[ \t]*{local['name']}[ \t]*=[ \t]*(?P<value>\S(?:[^\n]*\S)?)[ \t]*$"
            )
            return self.setting(stated[0], because, depth + 1) if len(set(stated)) == 1 else None
        return StatedVariable(self._steps, (OpenPiece(expression),), because)

    def _filled(self, pieces: Sequence[Piece], because: str, depth: int) -> StatedVariable:
        """A text with what its pieces are wherever that is stated: as a local value, or by default."""
        found: list[Piece] = []
        reasons = dict.fromkeys([because] if because else [])
        for each in pieces:
            inner = self.setting(each.what, "", depth + 1) if isinstance(each, OpenPiece) else None
            if inner is None or not all(isinstance(part, str) for part in inner.word):
                found.append(each)
                continue
            found += inner.word
            reasons.update(dict.fromkeys([inner.because] if inner.because else []))
        joined: list[Piece] = []
        for piece in found:
            if isinstance(piece, str) and joined and isinstance(joined[-1], str):
                joined[-1] += piece
            else:
                joined.append(piece)
        return StatedVariable(self._steps, tuple(joined), " and ".join(reasons))

    def _of_variable(self, name: str, depth: int) -> StatedVariable | None:
        given = self._arguments(name, depth)
        if given:
            return given[0] if len({each and each.word for each in given}) == 1 else None
        declared = rf"^variable[ \t]+\"{name}\"[ \t]*\{{{BODY}"
        for text in self._texts():
            block = re.search(declared, text, re.MULTILINE | re.DOTALL)
            if block is None:
                continue
            default = re.search(rf"^[ \t]*default[ \t]*=[ \t]*{VALUE}", block["body"], re.MULTILINE)
            if default is None or default["value"] in ('""', "null"):
                because = "" if default is None else f"the default of {name}"
                return StatedVariable(self._steps, (OpenPiece(f"var.{name}"),), because)
            return self.setting(default["value"], f"the default of {name}", depth + 1)
        return None

    def _arguments(self, name: str, depth: int) -> list[StatedVariable | None]:
        """What the calls of the module in this folder give a variable; nothing where none gives it.

        A call that leaves it out while another gives it counts as one that cannot be read.
        """
        stated = re.compile(rf"^[ \t]*{name}[ \t]*=[ \t]*{VALUE}", re.MULTILINE)
        named = re.compile(rf"^[ \t]*{name}[ \t]*=", re.MULTILINE)
        found: list[StatedVariable | None] = []
        calls = self._uses.once(calls_in).get(self._steps[:-1], ())
        if not any(named.search(each.block) for each in calls):
            return found
        for each in calls:
            argument = stated.search(each.block)
            caller = TerraformTexts(each.steps, self._uses, self._left)
            found.append(None if argument is None else caller.setting(argument["value"], "", depth + 1))
        return found

    def _definitions(self, pattern: str) -> Sequence[str]:
        compiled = re.compile(pattern, re.MULTILINE)
        return [match["value"] for text in self._texts() for match in compiled.finditer(text)]

    def _texts(self) -> Iterator[str]:
        """The files of the same folder."""
        yield from texts_of_folder(self._steps[:-1], self._uses)


def pieces_of(text: str) -> tuple[Piece, ...]:
    """The pieces of a text with insertions."""
    found: list[Piece] = []
    end = 0
    for match in _INSERTED.finditer(text):
        found += [text[end : match.start()], OpenPiece(match["what"].strip())]
        end = match.end()
    return tuple(each for each in (*found, text[end:]) if each != "") or ("",)


def end_of(text: str, start: int) -> int:
    """Where the braces end that begin before a position."""
    depth = 1
    for position in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        if not depth:
            return position
    return len(text)


def blocks_of(text: str, opening: re.Pattern[str]) -> Iterator[str]:
    """The blocks of a file whose first lines a pattern finds."""
    starts = [match.start() for match in opening.finditer(text)]
    for start, following in pairwise((*starts, len(text))):
        end = text.find("\n}", start, following)
        yield text[start : end if end >= 0 else following]


def texts_of_folder(folder: PathSteps, uses: Uses) -> Sequence[str]:
    """The files of Terraform in a folder of a project."""
    return uses.once(_texts_by_folder).get(folder, ())


def _texts_by_folder(uses: Uses) -> Mapping[PathSteps, Sequence[str]]:
    found: dict[PathSteps, list[str]] = {}
    for each, content in uses.texts.items():
        if each[-1].endswith(TERRAFORM):
            found.setdefault(each[:-1], []).append(content.decode("utf-8", "replace"))
    return found


def calls_in(uses: Uses) -> Mapping[PathSteps, Sequence[CallInTexts]]:
    """The calls of a project's modules by their folders; not those that show or try a module."""
    found: dict[PathSteps, list[CallInTexts]] = {}
    for steps in uses.containing("module"):
        if not steps[-1].endswith(TERRAFORM) or is_test(steps) or not _SHOWING.isdisjoint(steps):
            continue
        for block in blocks_of(uses.texts[steps].decode("utf-8", "replace"), _MODULE):
            source = _SOURCE.search(block)
            if source is not None:
                folder = posixpath.normpath("/".join((*steps[:-1], source["path"])))
                called = () if folder == "." else tuple(folder.split("/"))
                found.setdefault(called, []).append(CallInTexts(steps, block))
    return found
