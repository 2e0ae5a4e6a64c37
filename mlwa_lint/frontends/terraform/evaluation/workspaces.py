"""Which workspaces a configuration can be planned in: the keys of maps that it indexes by the workspace."""

from collections.abc import Iterable

from mlwa_lint.frontends.choices import ALTERNATIVES_LIMIT
from mlwa_lint.frontends.expressions import Attribute, Expr, Index, Literal, Lookup, MapExpr
from mlwa_lint.frontends.terraform.syntax.folder import ModuleDeclarations

_WORKSPACE = ("terraform", "workspace")
# Steps after an index: `local.accounts[terraform.workspace].id.…`.
_STEPS = 20


def workspaces_of(folder: ModuleDeclarations) -> tuple[str, ...]:
    """The workspaces in which the local values of a root module have a value; empty where any may be.

    In another workspace, a plan fails: `local.accounts[terraform.workspace]` has no default.
    """
    found: set[str] | None = None
    for definition in folder.locals.values():
        base = _indexed(definition.value)
        if base is None or base[1:] == () or base[0] != "local":
            continue
        named = folder.locals.get(base[1])
        keys = _keys_of(named.value, base[2:]) if named is not None else None
        if keys is not None:
            found = keys if found is None else found & keys
    return tuple(sorted(found)) if found and len(found) <= ALTERNATIVES_LIMIT else ()


def _indexed(expression: Expr) -> tuple[str, ...] | None:
    """The path of what a local value takes one entry of, that for the workspace."""
    for _ in range(_STEPS):
        if isinstance(expression, Attribute):
            expression = expression.base
        elif isinstance(expression, Index):
            if isinstance(expression.key, Lookup) and expression.key.path == _WORKSPACE:
                return expression.base.path if isinstance(expression.base, Lookup) else None
            expression = expression.base
        else:
            return None
    return None


def _keys_of(expression: Expr, steps: Iterable[str]) -> set[str] | None:
    """The keys of a map that is written out, or of one in it; None where they are not all known."""
    for step in steps:
        if not isinstance(expression, MapExpr):
            return None
        entries = (each for each in expression.entries if _text(each.key) == step)
        entry = next(entries, None)
        if entry is None:
            return None
        expression = entry.value
    if not isinstance(expression, MapExpr):
        return None
    keys = [_text(each.key) for each in expression.entries]
    texts = {each for each in keys if each is not None}
    return texts if len(texts) == len(keys) else None


def _text(key: Expr) -> str | None:
    return key.data if isinstance(key, Literal) and isinstance(key.data, str) else None
