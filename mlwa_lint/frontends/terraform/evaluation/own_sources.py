"""Modules whose source is the repository itself, by its address in a registry or by its URL.

The examples of a published module call it as its users do, and so do parts of a repository of modules. The
registry gives the repository `terraform-PROVIDER-NAME` the address `NAMESPACE/NAME/PROVIDER`.
"""

import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from mlwa_lint.files.reading import is_folder
from mlwa_lint.frontends.remotes import remotes_of
from mlwa_lint.frontends.terraform.syntax.folder import ModuleDeclarations
from mlwa_lint.frontends.terraform.syntax.readmes import readme_of
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

# What lies beside a module to show or try it.
_OF_USERS = frozenset({"example", "examples", "test", "tests"})
_REGISTRY = lazy(r"(?:[\w-]+(?:\.[\w-]+)+/)?([\w-]+)/([\w-]+)/([\w-]+)(?://([^?]+))?")
_GIT = lazy(
    r"(?:git::)?(?:(?:https?|ssh|git)://)?(?:[\w.-]+@)?[\w-]+(?:\.[\w-]+)+[:/]"
    r"(?:[\w.~-]+/)*([\w.-]+)/([\w.-]+?)(?:\.git)?(?://([^?]+))?(?:\?.*)?"
)
_OF_GIT = ("git::", "git@", "github.com/", "bitbucket.org/", "gitlab.com/")
# How folders are called that archives of a branch or a release are unpacked to.
_UNPACKED = r"(?:-(?:main|master|v?\d[\w.]*))?"


class _Origin(NamedTuple):
    """A repository, and the folder in it: its owner, its name, and whether a registry has it."""

    owner: str
    name: str
    below: str
    published: bool


def own_folder(source: str, caller: Path, root: Path) -> Path | None:
    """The folder of the repository of a caller that a source elsewhere names; None where it is another's."""
    origin = _origin(source)
    if origin is None:
        return None
    here = Path.cwd()
    whole, top = (Path(os.path.normpath(here / each)) for each in (caller, root))
    for count, folder in enumerate(_up_to(whole, top), start=1):
        if _is_checkout(folder, origin, source, whole, top):
            # As the path of the caller: relative to where the program runs, or not.
            found = Path(os.path.normpath(caller.joinpath(*[".."] * count, origin.below)))
            return found if is_folder(found) else None
    return None


def fits(called: ModuleDeclarations, given: Collection[str]) -> bool:
    """Whether a module takes the arguments of a call, as another release of it may not."""
    required = {name for name, block in called.variables.items() if "default" not in block.arguments}
    return bool(called.resources or called.modules) and required <= set(given) <= set(called.variables)


def _origin(source: str) -> _Origin | None:
    if source.startswith(_OF_GIT):
        match = _GIT.fullmatch(source)
        return _Origin(match[1], match[2], match[3] or "", published=False) if match is not None else None
    match = _REGISTRY.fullmatch(source)
    if match is None:
        return None
    return _Origin(match[1], f"terraform-{match[3]}-{match[2]}", match[4] or "", published=True)


def _up_to(folder: Path, root: Path) -> Iterator[Path]:
    """The folders above a folder, up to the root of the project."""
    for each in folder.parents:
        if each != root and root not in each.parents:
            return
        yield each


def _is_checkout(folder: Path, origin: _Origin, source: str, caller: Path, root: Path) -> bool:
    """Whether a folder is the checkout of a repository, by its remotes, its name or its README."""
    if origin.published and _OF_USERS.isdisjoint(caller.relative_to(folder).parts):
        return False  # a module that wraps another is often called alike
    remotes = remotes_of(folder)
    if remotes:
        return (origin.owner.lower(), origin.name.lower()) in remotes
    if not origin.published and folder != root:
        return False
    named = re.fullmatch(rf"(?:.*[^A-Za-z0-9-])?{re.escape(origin.name)}{_UNPACKED}", folder.name)
    return named is not None or (origin.published and _is_shown_in_readme(folder, source))


def _is_shown_in_readme(folder: Path, source: str) -> bool:
    """Whether the README of a module shows how it is called, with this source."""
    call = re.compile(rf'(?m)^[ \t]*source[ \t]*=[ \t]*"{re.escape(source)}"')
    return call.search(readme_of(folder)) is not None
