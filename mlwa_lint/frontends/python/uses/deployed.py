"""Modules that nothing of a project deploys, runs or imports, though it does so with others.

docs/decisions/0606 gives the reasons.
"""

import re
from collections.abc import Iterator

from mlwa_lint.files.texts import PathSteps, is_test
from mlwa_lint.frontends.python.evaluation.values import FunctionObj
from mlwa_lint.frontends.python.uses.callers import is_published
from mlwa_lint.frontends.python.uses.project import DOCUMENTS, LOADS, PYTHON, Uses, module_name

# What platforms start by its name, unless something names another file.
_STARTED = re.compile(
    r"app|application|asgi|function|handler|index|lambda|lambda_(?:function|handler)|main|manage|server|wsgi"
    r"|__\w+__|conftest|setup"
)
_LEFT = "nothing in the project deploys, runs or imports its module"
_PLAIN = frozenset({"staticmethod", "classmethod", "property"})
_HANDLER = re.compile(rb"^(?:async )?def \w+\(\s*_?event\b", re.MULTILINE)
# What takes all files of a folder: `fileset("src", "*.py")`, `for each in src/*.py`.
_ALL_FILES = re.compile(rb"\*\.py\b|\bfileset\(")
# What Python programs have that deploy, pack or run others.
_STARTING = (
    *(b"aws_cdk", b"pulumi", b"create_function", b"update_function_code", b"andler"),
    *(b"subprocess", b"os.system", b"import_module", b"__import__", b"runpy", b"zipfile", b".py"),
)
# Programs for the CDK, each with stacks that an app makes.
_CDK = (".ts", ".js")
_CLASS = re.compile(rb"^export (?:default )?(?:abstract )?class (\w+) extends \w", re.MULTILINE)
# So many modules lead to one, and so many others are looked at.
_DEPTH = 3
_LIMIT = 100


def why_not_deployed(function: FunctionObj, uses: Uses) -> str:
    """Why nothing calls a function of a module: nothing names the module. Empty where something may."""
    steps = uses.steps_of(function.frame.source.path)
    if steps is None or function.decorations - _PLAIN or not _is_left(steps, uses, _DEPTH):
        return ""
    if _takes_all(uses) or not _has_deployed_others(steps, uses):
        return ""
    return _LEFT


def _is_left(steps: PathSteps, uses: Uses, depth: int) -> bool:
    """Whether nothing names a module, but for what nothing names itself."""
    if not depth or not steps[-1].endswith(".py") or is_test(steps):
        return False
    if _STARTED.fullmatch(module_name(steps)) or uses.mentions(steps).has_main or is_published(steps, uses):
        return False
    naming = [each for each in uses.containing_module(steps) if each != steps and not is_test(each)]
    return len(naming) <= _LIMIT and all(_is_idle(each, steps, uses, depth) for each in naming)


def _is_idle(naming: PathSteps, steps: PathSteps, uses: Uses, depth: int) -> bool:
    """Whether what names a module does so to no effect: its import fails, or nothing makes or runs it."""
    if naming[-1].endswith(_CDK):
        return _is_stack_left(naming, uses)
    if not naming[-1].endswith(".py"):
        return False
    if _fails_at_import(naming, steps, uses) or _is_left(naming, uses, depth - 1):
        return True
    # As a text, `"reports"`, it may be anything, unless the program starts or packs others.
    text = uses.texts[naming]
    return naming not in uses.importers(steps) and not any(each in text for each in _STARTING)


def _is_stack_left(steps: PathSteps, uses: Uses) -> bool:
    """Whether a file only offers classes that no other file of the project names, and makes none itself."""
    content = uses.texts[steps]
    classes = _CLASS.findall(content)
    if not classes or any(b"new " + name + b"(" in content for name in classes):
        return False
    names = [*(name.decode() for name in classes), module_name(steps)]
    return not any(
        each != steps and not each[-1].endswith(DOCUMENTS) for name in names for each in uses.having(name)
    )


def _fails_at_import(importer: PathSteps, steps: PathSteps, uses: Uses) -> bool:
    """Whether all that a program takes from a module are names that the module lacks."""
    name, content = module_name(steps), uses.texts[steps]
    taken = [each.steps for each in uses.mentions(importer).imports if name in each.steps]
    members = [each[-1] for each in taken if each[-1] != name and each[-1] != "*"]
    if not members or len(members) < len(taken):
        return False
    if len(re.findall(rb"(?<!\w)" + name.encode() + rb"(?!\w)", uses.texts[importer])) > len(taken):
        return False
    return all(re.search(rb"(?<!\w)" + each.encode() + rb"(?!\w)", content) is None for each in members)


def _takes_all(uses: Uses) -> bool:
    """Whether something loads modules by names that it is given, or packs whole folders file by file."""
    return uses.once(_loads_by_name)


def _loads_by_name(uses: Uses) -> bool:
    loading = (each for word in LOADS for each in uses.containing(word))
    if any(each[-1].endswith(PYTHON) and not is_test(each) for each in loading):
        return True
    packing = (each for word in ("*.py", "fileset(") for each in uses.containing(word))
    return any(
        not each[-1].endswith((*PYTHON, *DOCUMENTS)) and _ALL_FILES.search(uses.texts[each])
        for each in packing
    )


def _has_deployed_others(steps: PathSteps, uses: Uses) -> bool:
    """Whether other modules of the kind are deployed by name, or imported: then this one would be as well."""
    handles = _HANDLER.search(uses.texts[steps]) is not None
    return any(_is_deployed(each, handles, uses) for each in _others(steps, uses))


def _others(steps: PathSteps, uses: Uses) -> Iterator[PathSteps]:
    found = (each for each in uses.texts if each[-1].endswith(".py") and each != steps and not is_test(each))
    for _, each in zip(range(_LIMIT), found, strict=False):
        yield each


def _is_deployed(steps: PathSteps, handles: bool, uses: Uses) -> bool:
    if not handles:
        return bool(uses.importers(steps))
    if _HANDLER.search(uses.texts[steps]) is None:
        return False
    return any(
        not each[-1].endswith((*PYTHON, *DOCUMENTS))
        and not (each[-1].endswith(_CDK) and _is_stack_left(each, uses))
        for each in uses.containing_module(steps)
    )
