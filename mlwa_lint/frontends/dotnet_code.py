"""Whether a function's program for .NET checks who calls it, as the frameworks for web services do.

A handler names its assembly (`Orders::Orders.EntryPoint::HandleAsync`), and so does the file of its project
(`Orders.csproj`). What the program calls in AWS is not read.
"""

from collections.abc import Callable
from pathlib import Path

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.paths import inside, shown
from mlwa_lint.frontends.python.handlers import texts_beside
from mlwa_lint.frontends.python.limits import HANDLER_FILES_LIMIT
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_ENDINGS = (".csproj", ".fsproj", ".vbproj")
_SOURCES = (".cs", ".fs", ".vb")
_BUILT = frozenset({"bin", "obj"})
_COMMENT = lazy(r"//[^\n]*|/\*[\s\S]*?(?:\*/|\Z)")
# What says who vouches for callers …
_AUTHENTICATES = lazy(
    r"\.(?:AddJwtBearer|AddCognitoIdentity|AddMicrosoftIdentityWebApi|AddOpenIdConnect)\s*\("
    r"|\bAuthenticationHandler<|\.ValidateToken(?:Async)?\s*\("
)
# … and what refuses the others.
_REFUSES = lazy(
    r"\.RequireAuthorization\s*\(|\[Authorize\b|\bFallbackPolicy\s*=|\bnew\s+AuthorizeFilter\s*\("
    r"|\.ValidateToken(?:Async)?\s*\("
)


class DotnetProgram(NamedTuple):
    """A program of which it is known whether it checks its callers; `sources`: what was read."""

    checks: bool
    sources: tuple[str, ...]


def program_of(handler: str, files: ProjectFiles | None) -> DotnetProgram | None:
    """The program of a handler, if its project is in the repository, once, and small enough to be read."""
    assembly, separator, _ = handler.partition("::")
    if not separator or not assembly or files is None or files.root is None:
        return None
    named = {f"{assembly}{ending}" for ending in _ENDINGS}
    found = files.named_like(_is_among(named), HANDLER_FILES_LIMIT)
    return _read(found[0], files.root) if len(found) == 1 else None


def _is_among(names: set[str]) -> Callable[[str], bool]:
    return names.__contains__


def _read(project: Path, root: Path) -> DotnetProgram | None:
    if inside(project, root) is None:
        return None
    texts = texts_beside(project.parent, project, root, _is_source)
    if not texts:
        return None
    plain = [_COMMENT.sub(" ", text) for text in texts.values()]
    checks = all(any(each.search(text) for text in plain) for each in (_AUTHENTICATES, _REFUSES))
    return DotnetProgram(checks, (shown(project), *texts))


def _is_source(steps: tuple[str, ...]) -> bool:
    return steps[-1].endswith(_SOURCES) and _BUILT.isdisjoint(steps)
