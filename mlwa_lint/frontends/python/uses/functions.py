"""Environment variables that templates and Terraform of a project give the functions which run its programs.

Their texts are searched and not evaluated: a program is followed by itself. What is read is a literal, a
variable or parameter with a literal default, a local value, and text around what only deployment knows.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from mlwa_lint.files.texts import PathSteps, is_test
from mlwa_lint.frontends.python.uses.project import PYTHON, Uses, module_name
from mlwa_lint.frontends.python.uses.variables import OpenPiece, Piece
from mlwa_lint.startup.records import NamedTuple

_TERRAFORM = ".tf"
_TEMPLATES = (".yaml", ".yml")
_VALUE = r"(?P<value>\"(?:[^\"\\\n]|\\.)*\"|[\w.\[\]\"-]+)[ \t]*,?[ \t]*(?:#[^\n]*|//[^\n]*)?$"
_FUNCTION = re.compile(
    r"^(?:resource[ \t]+\"aws_lambda_function\"|module)[ \t]+\"[^\n]*\{[ \t]*$", re.MULTILINE
)
_HANDLER = re.compile(
    r"^[ \t]*(?:handler[ \t]*=|Handler:)[ \t]*[\"']?(?P<module>[\w./-]+)\.\w+[\"']?", re.MULTILINE
)
_RESOURCE = re.compile(r"^(?:  |\t)[\"']?\w+[\"']?:[ \t]*$", re.MULTILINE)
_GIVEN = re.compile(r"\b(?:variables|environment_variables)[ \t]*=[^\n{]{0,200}\{")
_INSERTED = re.compile(r"\$\{(?P<what>[^{}]*)\}")
_SUBSTITUTED = re.compile(r"!(?:Ref|Sub|GetAtt)[ \t]+")
_VARIABLE = re.compile(r"var\.(?P<name>\w+)")
_LOCAL = re.compile(r"local\.(?P<name>\w+)")
# `var.image != "" ? var.image : local.image`
_UNLESS_GIVEN = re.compile(
    r"var\.(?P<name>\w+)[ \t]*!=[ \t]*(?:\"\"|null)[ \t]*"
    r"\?[ \t]*var\.(?P=name)[ \t]*:[ \t]*(?P<otherwise>\S+)"
)
# Variables of a function that are not stated one by one, and a program that a person may start.
_COMPUTED = {
    True: re.compile(
        r"\b(?:variables|environment_variables)[ \t]*=[ \t]*(?![ \t{])|\bmerge\(|\bfor[ \t]+\w+|\bdynamic\b"
    ),
    False: re.compile(
        r"\bVariables:[ \t]*[^\s#{]|\bVariables:[ \t]*(?:#[^\n]*)?\n[ \t]+(?:Fn::|\$\{)|Fn::Transform"
    ),
}
_COMMENT = re.compile(r"(?m)(?:^|(?<=\s))(?:#|//).*$")
_RUN_OTHERWISE = b"__main__"
_DEPTH = 6
# Expressions of one file that are followed: a text may name a local value in many places, as that does
# others.
EXPRESSIONS_LIMIT = 500
# The body of a variable or an output.
_BODY = r"(?P<body>.{0,5000}?)^\}"


class FunctionSetting(NamedTuple):
    """What a file gives a function as an environment variable. because: the default that it rests on."""

    steps: PathSteps
    word: tuple[Piece, ...]
    because: str = ""


def settings_of(name: str, program: PathSteps, uses: Uses) -> list[FunctionSetting] | None:
    """What functions that may run a program are given as a variable; None where one cannot be read."""
    runs = {module_name(program), *(module_name(each) for each in uses.all_importers(program))}
    found: list[FunctionSetting] = []
    for each in uses.containing(name):
        if is_test(each) or not each[-1].endswith((_TERRAFORM, *_TEMPLATES)):
            continue
        text = uses.texts[each].decode("utf-8", "replace")
        reader = _Terraform(each, uses) if each[-1].endswith(_TERRAFORM) else _Template(each, text)
        for block in reader.functions(text):
            handler = _HANDLER.search(block)
            if handler is not None and re.split(r"[./]", handler["module"])[-1] not in runs:
                continue
            for expression in reader.given(block, name):
                setting = reader.setting(expression)
                if setting is None:
                    return None
                found.append(setting)
    return found


def leave_unset(name: str, program: PathSteps, uses: Uses) -> bool:
    """Whether functions alone run a program, by their handlers, and none can have a variable of a name.

    No file but programs contains the name, and the variables of all those functions are stated one by one.
    """
    if any(not each[-1].endswith(PYTHON) and not is_test(each) for each in uses.containing(name)):
        return False
    if _RUN_OTHERWISE in uses.texts[program] or not all(map(is_test, uses.all_importers(program))):
        return False
    stated: list[bool] = []
    for each in uses.containing(module_name(program)):
        if is_test(each) or not each[-1].endswith((_TERRAFORM, *_TEMPLATES)):
            continue
        text = uses.texts[each].decode("utf-8", "replace")
        terraform = each[-1].endswith(_TERRAFORM)
        reader = _Terraform(each, uses) if terraform else _Template(each, text)
        for block in reader.functions(text):
            handler = _HANDLER.search(block)
            if handler is not None and re.split(r"[./]", handler["module"])[-1] == module_name(program):
                stated.append(_COMPUTED[terraform].search(_COMMENT.sub("", block)) is None)
    return bool(stated) and all(stated)


def outputs_of(name: str, uses: Uses) -> list[FunctionSetting]:
    """What outputs of Terraform of a name come to; none where one cannot be read."""
    declared = re.compile(rf"^output[ \t]+\"{re.escape(name)}\"[ \t]*\{{{_BODY}", re.MULTILINE | re.DOTALL)
    found: list[FunctionSetting] = []
    for each in uses.containing(name):
        if is_test(each) or not each[-1].endswith(_TERRAFORM):
            continue
        for match in declared.finditer(uses.texts[each].decode("utf-8", "replace")):
            stated = re.search(rf"^[ \t]*value[ \t]*=[ \t]*{_VALUE}", match["body"], re.MULTILINE)
            setting = _Terraform(each, uses).setting(stated["value"]) if stated is not None else None
            if setting is None:
                return []
            found.append(setting)
    return found


class _Terraform:
    def __init__(self, steps: PathSteps, uses: Uses) -> None:
        self._steps = steps
        self._uses = uses
        self._left = EXPRESSIONS_LIMIT

    def functions(self, text: str) -> Iterator[str]:
        """The blocks that declare functions."""
        starts = [match.start() for match in _FUNCTION.finditer(text)]
        for start, following in pairwise((*starts, len(text))):
            end = text.find("\n}", start, following)
            yield text[start : end if end >= 0 else following]

    def given(self, block: str, name: str) -> Iterator[str]:
        """The expressions that a block gives a variable."""
        end = 0
        for start in _GIVEN.finditer(block):
            if start.start() < end:
                continue
            end = _end_of(block, start.end())
            inner = block[start.end() : end]
            for match in re.finditer(
                rf"^[ \t]*\"?{re.escape(name)}\"?[ \t]*[=:][ \t]*{_VALUE}", inner, re.MULTILINE
            ):
                yield match["value"]

    def setting(self, expression: str, because: str = "", depth: int = 0) -> FunctionSetting | None:
        """What an expression comes to."""
        self._left -= 1
        if depth > _DEPTH or self._left < 0:
            return None
        if expression.startswith('"'):
            inner = expression[1:-1]
            whole = re.fullmatch(_INSERTED, inner)
            if whole is not None:
                return self.setting(whole["what"].strip(), because, depth + 1)
            return self._filled(_pieces(inner), because, depth)
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
        return FunctionSetting(self._steps, (OpenPiece(expression),), because)

    def _filled(self, pieces: Sequence[Piece], because: str, depth: int) -> FunctionSetting:
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
        return FunctionSetting(self._steps, tuple(joined), " and ".join(reasons))

    def _of_variable(self, name: str, depth: int) -> FunctionSetting | None:
        declared = rf"^variable[ \t]+\"{name}\"[ \t]*\{{{_BODY}"
        for text in self._texts():
            block = re.search(declared, text, re.MULTILINE | re.DOTALL)
            if block is None:
                continue
            default = re.search(rf"^[ \t]*default[ \t]*=[ \t]*{_VALUE}", block["body"], re.MULTILINE)
            if default is None or default["value"] in ('""', "null"):
                because = "" if default is None else f"the default of {name}"
                return FunctionSetting(self._steps, (OpenPiece(f"var.{name}"),), because)
            return self.setting(default["value"], f"the default of {name}", depth + 1)
        return None

    def _definitions(self, pattern: str) -> Sequence[str]:
        compiled = re.compile(pattern, re.MULTILINE)
        return [match["value"] for text in self._texts() for match in compiled.finditer(text)]

    def _texts(self) -> Iterator[str]:
        """The files of the same folder."""
        for each, content in self._uses.texts.items():
            if each[:-1] == self._steps[:-1] and each[-1].endswith(_TERRAFORM):
                yield content.decode("utf-8", "replace")


class _Template:
    def __init__(self, steps: PathSteps, text: str) -> None:
        self._steps = steps
        self._text = text

    def functions(self, text: str) -> Iterator[str]:
        """The blocks of resources that are functions."""
        starts = [match.start() for match in _RESOURCE.finditer(text)]
        for start, end in zip(starts, [*starts, len(text)][1:], strict=True):
            if "::Function" in text[start:end]:
                yield text[start:end]

    def given(self, block: str, name: str) -> Iterator[str]:
        """The expressions that a block gives a variable."""
        variables = block.partition("Variables:")[2]
        for match in re.finditer(
            rf"^[ \t]+{re.escape(name)}:[ \t]*(?P<value>[^\n#]+)", variables, re.MULTILINE
        ):
            yield match["value"].strip()

    def setting(self, expression: str) -> FunctionSetting | None:
        """What an expression comes to."""
        tag = _SUBSTITUTED.match(expression)
        inner = expression[tag.end() if tag is not None else 0 :].strip().strip("\"'")
        if tag is None:
            return None if expression.startswith("!") else FunctionSetting(self._steps, (inner,))
        if expression.startswith("!Sub"):
            return FunctionSetting(self._steps, _pieces(inner))
        if expression.startswith("!Ref"):
            declared = re.search(
                rf"^  {re.escape(inner)}:[ \t]*\n(?P<body>(?:^    [^\n]*\n)+)", self._text, re.MULTILINE
            )
            default = re.search(
                r"^    Default:[ \t]*(?P<value>[^\n#]+)", declared["body"] if declared else "", re.MULTILINE
            )
            if default is not None and (text := default["value"].strip().strip("\"'")):
                return FunctionSetting(self._steps, (text,), f"the default of {inner}")
        return FunctionSetting(self._steps, (OpenPiece(expression),))


def _pieces(text: str) -> tuple[Piece, ...]:
    found: list[Piece] = []
    end = 0
    for match in _INSERTED.finditer(text):
        found += [text[end : match.start()], OpenPiece(match["what"].strip())]
        end = match.end()
    return tuple(each for each in (*found, text[end:]) if each != "") or ("",)


def _end_of(text: str, start: int) -> int:
    """Where the braces end that begin before a position."""
    depth = 1
    for position in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        if not depth:
            return position
    return len(text)
