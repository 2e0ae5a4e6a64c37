"""Environment variables that templates and Terraform of a project give the functions which run its programs.

Their texts are searched and not evaluated: a program is followed by itself. What is read is a literal, a
variable or parameter with a literal default, a local value, and text around what only deployment knows.
"""

import re
from collections.abc import Iterator

from mlwa_lint.files.texts import PathSteps, is_test
from mlwa_lint.frontends.python.uses.project import PYTHON, Uses, module_name
from mlwa_lint.frontends.python.uses.template_texts import TemplateTexts
from mlwa_lint.frontends.python.uses.terraform_texts import (
    BODY,
    TERRAFORM,
    VALUE,
    StatedVariable,
    TerraformTexts,
    blocks_of,
    end_of,
)

_TEMPLATES = (".yaml", ".yml")
_FUNCTION = re.compile(
    r"^(?:resource[ \t]+\"aws_lambda_function\"|module)[ \t]+\"[^\n]*\{[ \t]*$", re.MULTILINE
)
_HANDLER = re.compile(
    r"^[ \t]*(?:handler[ \t]*=|Handler:)[ \t]*[\"']?(?P<module>[\w./-]+)\.\w+[\"']?", re.MULTILINE
)
_RESOURCE = re.compile(r"^(?:  |\t)[\"']?\w+[\"']?:[ \t]*$", re.MULTILINE)
_GIVEN = re.compile(r"\b(?:variables|environment_variables)[ \t]*=[^\n{]{0,200}\{")
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


def settings_of(name: str, program: PathSteps, uses: Uses) -> list[StatedVariable] | None:
    """What functions that may run a program are given as a variable; None where one cannot be read."""
    runs = {module_name(program), *(module_name(each) for each in uses.all_importers(program))}
    found: list[StatedVariable] = []
    for each in uses.containing(name):
        if is_test(each) or not each[-1].endswith((TERRAFORM, *_TEMPLATES)):
            continue
        text = uses.texts[each].decode("utf-8", "replace")
        reader = _OfTerraform(each, uses) if each[-1].endswith(TERRAFORM) else _OfTemplate(each, text)
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
        if is_test(each) or not each[-1].endswith((TERRAFORM, *_TEMPLATES)):
            continue
        text = uses.texts[each].decode("utf-8", "replace")
        terraform = each[-1].endswith(TERRAFORM)
        reader = _OfTerraform(each, uses) if terraform else _OfTemplate(each, text)
        for block in reader.functions(text):
            handler = _HANDLER.search(block)
            if handler is not None and re.split(r"[./]", handler["module"])[-1] == module_name(program):
                stated.append(_COMPUTED[terraform].search(_COMMENT.sub("", block)) is None)
    return bool(stated) and all(stated)


def outputs_of(name: str, uses: Uses) -> list[StatedVariable]:
    """What outputs of Terraform of a name come to; none where one cannot be read."""
    declared = re.compile(rf"^output[ \t]+\"{re.escape(name)}\"[ \t]*\{{{BODY}", re.MULTILINE | re.DOTALL)
    found: list[StatedVariable] = []
    for each in uses.containing(name):
        if is_test(each) or not each[-1].endswith(TERRAFORM):
            continue
        for match in declared.finditer(uses.texts[each].decode("utf-8", "replace")):
            stated = re.search(rf"^[ \t]*value[ \t]*=[ \t]*{VALUE}", match["body"], re.MULTILINE)
            setting = _OfTerraform(each, uses).setting(stated["value"]) if stated is not None else None
            if setting is None:
                return []
            found.append(setting)
    return found


class _OfTerraform(TerraformTexts):
    """The functions that a file of Terraform declares."""

    def functions(self, text: str) -> Iterator[str]:
        """The blocks that declare functions."""
        return blocks_of(text, _FUNCTION)

    def given(self, block: str, name: str) -> Iterator[str]:
        """The expressions that a block gives a variable."""
        end = 0
        for start in _GIVEN.finditer(block):
            if start.start() < end:
                continue
            end = end_of(block, start.end())
            inner = block[start.end() : end]
            for match in re.finditer(
                rf"^[ \t]*\"?{re.escape(name)}\"?[ \t]*[=:][ \t]*{VALUE}", inner, re.MULTILINE
            ):
                yield match["value"]


class _OfTemplate(TemplateTexts):
    """The functions that a template declares."""

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
