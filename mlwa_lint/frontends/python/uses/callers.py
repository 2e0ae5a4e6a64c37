"""Definitions that nothing in a project uses, and helpers that only examples and tests use."""

import ast
import re
from collections.abc import Iterator

from mlwa_lint.files.notebooks import ENDING
from mlwa_lint.files.put_aside import is_put_aside, original_of
from mlwa_lint.files.texts import PathSteps, is_test
from mlwa_lint.frontends.python.evaluation.values import FunctionObj
from mlwa_lint.frontends.python.examples import is_example
from mlwa_lint.frontends.python.syntax.parse import shared
from mlwa_lint.frontends.python.syntax.source import PythonSyntaxError
from mlwa_lint.frontends.python.uses.project import (
    DOCUMENTS,
    LOADS,
    PACKAGING,
    PYTHON,
    Uses,
    module_name,
)

# Functions of these names are called from outside: by Lambda, by hosting, by the user who runs the file.
_ENTRIES = re.compile(
    r"main|run|app|cli|\w*handler|(?:model|input|predict|output|transform|save|load)_fn|__\w+__|test_\w+"
)
_PLAIN = frozenset({"staticmethod", "classmethod", "property"})
_ML = ("sagemaker", "bedrock")
_COPY = "nothing in the project runs this copy of the file"
_NOT_IMPORTED = "nothing can import a file of this name, and it does nothing when it is run"
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def is_definition_unused(
    function: FunctionObj, uses: Uses, of_script: bool = False, but_tested: bool = False
) -> bool:
    """Whether no file of a project that has other programs names a function, and nothing outside calls it.

    of_script: whether those of a file that is run as a script count too, without other programs.
    but_tested: whether tests may use it; of a package that others install, they may as well.
    """
    steps = uses.steps_of(function.frame.source.path)
    if steps is None or not steps[-1].endswith(".py"):
        return False
    if not _has_others(steps, uses) and not (of_script and uses.mentions(steps).has_main):
        return False
    name = function.name
    if name == "__init__" and function.owner is not None:
        name = function.owner.name
    if function.decorations - _PLAIN or _ENTRIES.fullmatch(name):
        return False
    if function.owner is not None and function.owner.is_open:
        return False  # whose class it is may call it
    if _is_handler(function.node) or uses.mentions(steps).names_it(name):
        return False
    importers = uses.all_importers(steps)
    using: set[PathSteps] = {*importers, *uses.naming(steps)}
    if but_tested:
        if is_published(steps, uses):
            return False
        using = {each for each in using if not is_test(each)}
    if uses.any_uses(name, using):
        return False
    if any(_exports(each, name, uses) for each in uses.packages(importers)):
        return False
    # A document that names it may show how it is called, a configuration that it is. One that names a script
    # shows how that is run.
    if any(uses.documents_naming(steps)) and not uses.mentions(steps).has_main:
        return False
    # Programs in other languages name a handler with its module; else they have their own of that name.
    module = module_name(steps).encode()
    return not any(
        not each[-1].endswith((".js", ".ts")) or module in uses.texts[each]
        for each in uses.naming_definition(name)
        if not each[-1].endswith(PYTHON)
    )


def is_unnamed_handler(function: FunctionObj, uses: Uses) -> bool:
    """Whether the functions of a project name other handlers of a file, `jobs.other`, and never this one."""
    steps = uses.steps_of(function.frame.source.path)
    if steps is None or not steps[-1].endswith(".py") or function.owner is not None:
        return False
    name = function.name
    if function.decorations or not _is_handler(function.node) or uses.mentions(steps).names_it(name):
        return False
    module = module_name(steps)
    uttered = re.compile(rb"(?:\bdef\s+|([\w-]+)\.)?\b" + name.encode() + rb"\b")
    for each in uses.containing(name):
        found = uttered.finditer(uses.texts[each]) if each != steps else ()
        if any(match[0] == name.encode() or (match[1] or b"") == module.encode() for match in found):
            return False
    return any(
        other != name.encode() and re.search(rb"(?m)^def " + other + rb"\(event\b", uses.texts[steps])
        for each in uses.containing(f"{module}.")
        if not each[-1].endswith((*PYTHON, *DOCUMENTS))
        for other in set(
            re.findall(rb"\b" + re.escape(module.encode()) + rb"\.([A-Za-z_]\w{0,100})", uses.texts[each])
        )
    )


def why_file_is_not_run(path: str, uses: Uses) -> str:
    """Why a file certainly is not run: nothing names it, and it is a copy or put aside. Empty for others."""
    steps = uses.steps_of(path)
    if steps is None or not steps[-1].endswith(PYTHON):
        return ""
    folder = next((depth for depth, step in enumerate(steps[:-1], 1) if is_put_aside(step)), 0)
    if folder and not any(each[:folder] != steps[:folder] for each in _naming(steps, uses)):
        return f"nothing outside of {steps[folder - 1]} runs what is put aside there"
    if steps[-1].endswith(ENDING) or uses.is_named(steps):
        return ""
    if _is_copy(steps, uses):
        return _COPY
    stem = steps[-1].removesuffix(".py")
    return _NOT_IMPORTED if not stem.isidentifier() and _only_defines(uses.texts[steps]) else ""


def _only_defines(content: bytes) -> bool:
    """Whether a program that is run does nothing: it imports, defines functions and names plain values."""
    try:
        body = shared(content.decode("utf-8"))
    except (PythonSyntaxError, UnicodeDecodeError):
        return False
    return any(isinstance(each, _FUNCTIONS) for each in body) and all(map(_is_definition, body))


def _is_definition(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        return not any(isinstance(each, ast.Call) for each in ast.walk(statement))
    return isinstance(statement, (*_FUNCTIONS, ast.ClassDef, ast.Import, ast.ImportFrom))


def is_file_left_over(path: str, uses: Uses) -> bool:
    """Whether a file that nothing names has much in common with one beside it that something names.

    Or it lies in a folder called `legacy` or the like, and a file of its name elsewhere.
    """
    steps = uses.steps_of(path)
    if steps is None or not steps[-1].endswith(".py") or uses.is_named(steps):
        return False
    depth = next((n for n, step in enumerate(steps[:-1], 1) if is_put_aside(step, perhaps=True)), 0)
    if depth and any(each[:depth] != steps[:depth] for each in uses.named(steps[-1])):
        return True
    return uses.copies.has_original(steps, uses.is_named, nearly=True)


def _is_copy(steps: PathSteps, uses: Uses) -> bool:
    stem = steps[-1].removesuffix(".py")
    original = original_of(stem)
    if original and (*steps[:-1], f"{original}.py") in uses.texts:
        return True
    return uses.copies.has_original(steps, uses.is_named)


def is_helper_of_examples(path: str, program: str, uses: Uses, notebooks: bool) -> bool:
    """Whether only examples and tests use a file, and notebooks, if these count.

    program: the file that is followed.
    """
    steps, start = uses.steps_of(path), uses.steps_of(program)
    if steps is None or start is None or not steps[-1].endswith(".py") or is_published(steps, uses):
        return False
    importers = uses.all_importers(steps)
    if uses.packages(importers):
        return False  # a package offers it, to others as well
    ends = uses.not_imported(importers)
    if start != steps:
        ends.add(start)
    if not ends and notebooks:
        # The code of a function that a notebook deploys: it names the file.
        ends.update(each for each in uses.naming(steps) if each[-1].endswith(ENDING))
    if not ends or not all(map(is_trial, ends)):
        return False
    shown = all(is_example(each[:-1]) or is_test(each) for each in ends)
    if not shown and (not notebooks or _is_used_by_name(steps, uses)):
        return False
    return not uses.mentions(steps).has_main


def _is_used_by_name(steps: PathSteps, uses: Uses) -> bool:
    """Whether a script or configuration names a file, or a program loads modules whose names it is given."""
    named = {*uses.naming(steps), *uses.documents_naming(steps)}
    if any(not each[-1].endswith((ENDING, *DOCUMENTS)) and not is_test(each) for each in named):
        return True
    return any(
        each[-1].endswith(PYTHON) and not is_test(each) for word in LOADS for each in uses.containing(word)
    )


def is_trial(steps: PathSteps) -> bool:
    """Whether a file shows how others are used, or tries them out."""
    return is_example(steps[:-1]) or is_test(steps) or steps[-1].endswith(ENDING)


def is_published(steps: PathSteps, uses: Uses) -> bool:
    """Whether a file belongs to a package that others install: they use it too."""
    above = [steps[:number] for number in range(len(steps))]
    return any((*folder, name) in uses.texts for folder in above for name in PACKAGING)


def _naming(steps: PathSteps, uses: Uses) -> Iterator[PathSteps]:
    yield from uses.importers(steps)
    yield from uses.naming(steps)
    yield from uses.documents_naming(steps)


def _has_others(steps: PathSteps, uses: Uses) -> bool:
    """Whether other files of the project mention ML services: it is more than this definition."""
    return any(
        each != steps and each[-1].endswith(PYTHON) and not is_test(each)
        for word in _ML
        for each in uses.containing(word)
    )


def _is_handler(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> bool:
    names = [each.arg for each in node.args.args]
    return names[:2] == ["event", "context"] or names[:2] == ["event", "_"]


def _exports(importer: PathSteps, name: str, uses: Uses) -> bool:
    """Whether a package offers a name that it imports: `from .deploying import deploy` in __init__.py."""
    return any(name in each.steps or "*" in each.steps for each in uses.mentions(importer).imports)
