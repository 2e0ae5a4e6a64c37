"""Whether the files of a project give what a default replaces."""

import ast
import re

from mlwa_lint.files.texts import is_test
from mlwa_lint.frontends.python.evaluation.defaulted import Defaulted, FunctionParameter, ScriptOption
from mlwa_lint.frontends.python.uses.callers import is_published, is_trial
from mlwa_lint.frontends.python.uses.project import PYTHON, Uses

_CONTINUED = re.compile(rb"\\\s*\n")
# What precedes the name of a script where a command runs it.
_RUN = r"(?:python[\w.]*|\b(?:uv|poetry) run|\baccelerate launch|\btorchrun|^[\s$]*\.?/)[^\n|;&]*"
# A value that is written out: no variable, and no placeholder.
_WORD = r"([\w.:/@-]+)(?=[\s\"'`,;)\]]|$)"
# Of more values than these none counts.
_VALUES = 8
# An option that is declared here and not given.
_DECLARED = r"(?:add_argument|option|Option)\s*\(\s*(?:[\w.]+,\s*)?(?:\"[^\"]*\"\s*,\s*|'[^']*'\s*,\s*)*[\"']"


def how_given(whose: Defaulted, uses: Uses) -> bool | None:
    """Whether what uses something in a project gives it; None where nothing is known to use it."""
    return _how_handed_over(whose, uses) if isinstance(whose, FunctionParameter) else _how_run(whose, uses)


def values_given(option: ScriptOption, uses: Uses) -> dict[str, str] | None:
    """The texts that what runs a script gives an option, with the files; None where one is not known."""
    steps = uses.steps_of(option.path)
    if steps is None or not option.spellings:
        return None
    spelled, mention, _ = _patterns(option)
    command = _command_of(steps[-1])
    given = _compiled(rf"(?<![\w-])(?:{spelled})(?:=|[ \t]+)[\"']?{_WORD}")
    found: dict[str, str] = {}
    for each in uses.naming(steps):
        if is_test(each) or mention.search(uses.texts[each]) is None:
            continue
        # What mentions it otherwise, in a form or a table of options, shows nothing of its values.
        lines = command.findall(_CONTINUED.sub(b" ", uses.texts[each]))
        words = [word for line in lines for word in given.findall(line)]
        if each[-1].endswith(PYTHON) or not lines or len(words) < len(lines):
            return None
        found.update((word.decode(), "/".join(each)) for word in words)
    return found if 0 < len(found) <= _VALUES else None


def is_of_package(whose: Defaulted, uses: Uses) -> bool:
    """Whether something is a parameter of a package that others install."""
    steps = uses.steps_of(whose.path) if isinstance(whose, FunctionParameter) else None
    return steps is not None and is_published(steps, uses)


def _how_handed_over(parameter: FunctionParameter, uses: Uses) -> bool | None:
    """Whether all callers of a function give a parameter; False where one leaves it out.

    An example of a package that others install does not decide for them that it is left out.
    """
    steps = uses.steps_of(parameter.path)
    if steps is None:
        return None
    given = False
    published = is_published(steps, uses)
    for importer in uses.all_importers(steps):
        if is_test(importer):
            continue
        if parameter.called.encode() not in uses.texts[importer]:
            continue
        for call in uses.mentions(importer).calls_of(parameter.called):
            found = _gives(call, parameter)
            if found is False and not (published and is_trial(importer)):
                return False
            given |= found is True
    return given or None


def _gives(call: ast.Call, parameter: FunctionParameter) -> bool | None:
    """Whether a call gives a parameter; None where that is not known."""
    if any(each.arg == parameter.name for each in call.keywords):
        return True
    if 0 <= parameter.position < len(call.args):
        return True
    is_open = any(isinstance(each, ast.Starred) for each in call.args) or any(
        each.arg is None for each in call.keywords
    )
    return None if is_open else False


def _how_run(option: ScriptOption, uses: Uses) -> bool | None:
    """Whether all that runs a script gives an option; False where something runs it without."""
    steps = uses.steps_of(option.path)
    if steps is None or not option.spellings:
        return None
    _, mention, declared = _patterns(option)
    command = _command_of(steps[-1])
    given = False
    for each in uses.naming(steps):
        if is_test(each):
            continue
        content = _CONTINUED.sub(b" ", uses.texts[each])
        lines = command.findall(content)
        if lines:
            if not all(mention.search(line) for line in lines):
                return False
            given = True
        elif each[-1].endswith(PYTHON):
            if not mention.search(declared.sub(b"", content)):
                return False
            given = True
        else:
            given |= mention.search(content) is not None
    return given or None


def _patterns(option: ScriptOption) -> tuple[str, re.Pattern[bytes], re.Pattern[bytes]]:
    """The spellings of an option, where it is mentioned, and where it is declared."""
    spelled = "|".join(re.escape(each) for each in option.spellings)
    mention = _compiled(rf"(?<![\w-])(?:{spelled})(?![\w-])")
    return spelled, mention, _compiled(rf"{_DECLARED}(?:{spelled})[\"']")


def _command_of(script: str) -> re.Pattern[bytes]:
    """The lines by which commands run a script."""
    return re.compile(rf"{_RUN}(?<![\w-]){re.escape(script)}[^\n]*".encode(), re.MULTILINE)


def _compiled(pattern: str) -> re.Pattern[bytes]:
    return re.compile(pattern.encode("utf-8", "replace"))
