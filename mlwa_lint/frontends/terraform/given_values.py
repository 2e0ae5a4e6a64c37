"""Variables that scripts and workflows of a repository give: what is deployed is not their default."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.texts import is_test
from mlwa_lint.frontends.applied import is_named
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_DEPLOYING = (".sh", ".bash", ".mk", ".ps1", ".py", ".yml", ".yaml", "Makefile", "Jenkinsfile", "justfile")
_MARKS = (b"tfvars", b"TF_VAR_", b"-var")
# A name of which a loop of the script gives the beginning: `${service}_image_tag`.
_NAME = r"(?P<name>(?:\$\{\w+\})?\w+)"
# Only what differs from run to run: a literal may be as wrong as the default.
_OPTION = lazy(rf"-var[ =]+[\"']?{_NAME}=(?P<value>[^\s\"']*[\"']?\S*)")
_ENVIRONMENT = lazy(rf"\bTF_VAR_{_NAME}[\"']?\s*[:=]\s*(?P<value>[^\n]*)")
_WRITTEN = lazy(
    r"<<-?[ \t]*[\"']?(?P<end>\w+)[\"']?[ \t]*>{1,2}[^\n]{0,300}tfvars[^\n]*\n(?P<first>.{0,5000}?)"
    r"\n[ \t]*(?P=end)\b"
    r"|(?<!>)>{1,2}(?!>)[^\n<>]{0,300}tfvars[^\n<]{0,300}<<-?[ \t]*[\"']?(?P<close>\w+)[\"']?[^\n]*\n"
    r"(?P<second>.{0,5000}?)\n[ \t]*(?P=close)\b",
    re.DOTALL,
)
_LINE = lazy(rf"(?m)^[ \t]*{_NAME}[ \t]*=[ \t]*(?P<value>[^\n]*)")
_ECHOED = lazy(rf"\becho\s+[\"']?{_NAME}\s*=\s*(?P<value>[^\n>]{{0,300}})>{{1,2}}[^\n>]{{0,300}}tfvars")
_PAIR = lazy(r"\(\s*[\"'](?P<name>\w+)[\"']\s*,\s*(?P<value>[A-Za-z_][^\n]*)")
_OPEN = ("$", "{", "`")


class GivenValue(NamedTuple):
    """A variable that a script gives. name: `*` stands for what is not known of it."""

    name: str
    script: str
    text: str


def given_values(folder: Path, files: ProjectFiles | None) -> Mapping[str, str]:
    """The variables of a root module that scripts give, and the name of the first such script."""
    if files is None or files.root is None:
        return {}
    found = files.once(_all_given)
    return {each.name: each.script for each in found if is_named(folder, each.text, files)}


def _all_given(files: ProjectFiles) -> tuple[GivenValue, ...]:
    found: dict[str, GivenValue] = {}
    for steps, content in sorted((files.texts() or {}).items()):
        if not steps[-1].endswith(_DEPLOYING) or is_test(steps):
            continue
        if any(mark in content.content for mark in _MARKS):
            text = content.content.decode("utf-8", "replace")
            for name in _names_in(text, steps[-1].endswith(".py")):
                found.setdefault(name, GivenValue(name, steps[-1], text))
    return tuple(found.values())


def _names_in(text: str, is_program: bool) -> Iterator[str]:
    """The variables that a script gives a value which differs from run to run."""
    places = [(_OPTION, text), (_ENVIRONMENT, text), (_ECHOED, text)]
    places += [(_LINE, each["first"] or each["second"]) for each in _WRITTEN.finditer(text)]
    for pattern, part in places:
        for match in pattern.finditer(part):
            if any(sign in match["value"] for sign in _OPEN):
                yield re.sub(r"\$\{\w+\}", "*", match["name"])
    if is_program and "tfvars" in text:
        yield from (match["name"] for match in _PAIR.finditer(text))
