"""Templates that a build makes from others, which are named by where the build puts them.

`Location: .aws-sam/models/template.yaml` names what `sam build -t models/template.yaml -b .aws-sam/models`
makes. Without the build, the template that it is made from is read: the one that a command of a Makefile, a
shell script or a `package.json` names, or the only one of the project whose path ends like that of the built
one.
"""

import posixpath
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeAlias

from mlwa_lint.files import is_script
from mlwa_lint.files.endings import common_start, steps_of
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

BUILD_SIZE_LIMIT = 1_000_000
# So many builds of one script are read, and so many commands on one line of it.
BUILDS_LIMIT, COMMANDS_LIMIT = 1_000, 20
_Steps: TypeAlias = tuple[str, ...]
_BUILD = lazy(r"\bsam\s+build\b")
_PACKAGE = lazy(r"\bsam\s+package\b|\bcloudformation\s+package\b")
_TEMPLATE = lazy(r"(?:^|\s)(?:-t|--template(?:-file)?)[ =]+[\"'\\]*([\w./-]+)")
_OUTPUT = lazy(r"(?:^|\s)--output-template(?:-file)?[ =]+[\"'\\]*([\w./-]+)")
_FOLDER = lazy(r"(?:^|\s)(?:-b|--build-dir)[ =]+[\"'\\]*([\w./-]+)")
_COPY = lazy(r"\bcp\s+(?:-\w+\s+)*([\w./-]+\.(?:ya?ml|json|template))\s+([\w./-]+)")
_CHANGE = lazy(r"(?:^|[\s\"'(])cd\s+[\"'\\]*([\w./-]+)")
_COMMANDS = lazy(r"&&|;|\|\|")
_USUAL, _BUILT = "template.yaml", ".aws-sam/build"
ENDINGS = (".yaml", ".yml", ".json", ".template")


class Build(NamedTuple):
    """A template that a command reads, and where the command puts what it makes of it."""

    source: _Steps
    output: _Steps


def is_build_script(name: str) -> bool:
    """Whether a file may have commands that build templates, by its name."""
    return is_script(name) or name == "package.json"


def builds_in(text: str, folder: str) -> Iterator[Build]:
    """The builds of a script in a folder: what each line makes, from the folder that it has changed to."""
    return islice(_builds_in(text, folder), BUILDS_LIMIT)


def _builds_in(text: str, folder: str) -> Iterator[Build]:
    if "sam " not in text and "cloudformation package" not in text and "cp " not in text:
        return
    for line in text.replace("\\\n", " ").splitlines():
        here = folder
        for command in islice(_commands_in(line), COMMANDS_LIMIT):
            changed = _CHANGE.search(command)
            if changed is not None:
                here = posixpath.join(here, changed[1])
            for source, output in _made(command):
                yield Build(_steps(here, source), _steps(here, output))


def _commands_in(line: str) -> Iterator[str]:
    start = 0
    for match in _COMMANDS.finditer(line):
        yield line[start : match.start()]
        start = match.end()
    yield line[start:]


def _made(command: str) -> Iterator[tuple[str, str]]:
    template = _TEMPLATE.search(command)
    source = _USUAL if template is None else template[1]
    if _BUILD.search(command) is not None:
        folder = _FOLDER.search(command)
        yield source, posixpath.join(_BUILT if folder is None else folder[1], _USUAL)
    elif _PACKAGE.search(command) is not None:
        output = _OUTPUT.search(command)
        if output is not None and template is not None:
            yield source, output[1]
    for copied, to in _COPY.findall(command):
        yield copied, to if to.endswith(ENDINGS) else posixpath.join(to, posixpath.basename(copied))


def _steps(folder: str, path: str) -> _Steps:
    return tuple(step for step in steps_of(posixpath.normpath(posixpath.join(folder, path))) if step != "..")


def source_of(
    name: str, parent: _Steps, paths_of: Callable[[str], Iterable[_Steps]], builds: Sequence[Build]
) -> _Steps | None:
    """The only template that one which is not there may be built from; None where none or several fit.

    name: how the parent names it, from its folder. paths_of: the files of the project of a name.
    """
    wanted = _steps("/".join(parent[:-1]), name)
    if not wanted:
        return None
    made = {each.source for each in builds if _is_same(each.output, wanted)}
    if made:
        found = {path for source in made for path in paths_of(source[-1]) if _is_same(path, source)}
        return found.pop() if len(found) == 1 else None
    paths = [path for path in paths_of(wanted[-1]) if path != parent]
    if len(paths) == 1:
        return paths[0]
    scores = [common_start(path[::-1], wanted[::-1]) for path in paths]
    best = [path for path, score in zip(paths, scores, strict=True) if score == max(scores) > 1]
    return best[0] if len(best) == 1 else None


def _is_same(one: _Steps, other: _Steps) -> bool:
    """Whether two paths are the same, as far as both go upwards."""
    return common_start(one[::-1], other[::-1]) == min(len(one), len(other)) > 0
