"""How a Terraform user calls a canonical property."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from mlwa_lint.frontends.terraform.vocabulary.awscc import PREFIX
from mlwa_lint.frontends.terraform.vocabulary.index import tables_for
from mlwa_lint.frontends.terraform.vocabulary.spec import Field, FieldSpec, Table, snake
from mlwa_lint.model.resources import Language


class TerraformVocabulary:
    """Snake-case arguments and blocks; what a separate resource states is named with its type.

    `own` is the Terraform type of the resource, where several have the same canonical type.
    """

    language: Final[Language] = "terraform"

    def __init__(self, own: str = "") -> None:
        self._own = own

    def label(self, resource_type: str, path: tuple[str, ...]) -> str:
        """The argument's path, `data_capture_config.kms_key_id`."""
        return _label(resource_type, path, self._own) if path else ""


VOCABULARY = TerraformVocabulary()


@lru_cache(maxsize=512)
def vocabulary_of(terraform_type: str) -> TerraformVocabulary:
    """The vocabulary of a Terraform type's resources."""
    return TerraformVocabulary(terraform_type)


@lru_cache(maxsize=4096)
def _label(resource_type: str, path: tuple[str, ...], own: str) -> str:
    best = _mechanical(path)
    if own.startswith(PREFIX):
        return ".".join(best)
    rank = (False, 0)
    for terraform_type, table in tables_for(resource_type):
        if own and table.fold is None and terraform_type != own:
            continue
        steps, left = _stated(path, table)
        if not steps:
            continue
        this = (table.fold is not None and table.fold.usual, len(path) - len(left))
        if this > rank:
            start = (terraform_type,) if table.fold is not None else ()
            best, rank = (*start, *(step for step in steps if step), *_mechanical(left)), this
    return ".".join(best)


# Maps of environment variables.
_VARIABLES = ("Variables", "EnvironmentVariables")


def _mechanical(path: tuple[str, ...]) -> tuple[str, ...]:
    # A policy is a document of its own, with names of its own; variables have the names that users give them.
    own = path.index("Statement") if "Statement" in path else len(path)
    own = next((at + 1 for at, step in enumerate(path[:own]) if step in _VARIABLES), own)
    return (*(snake(step) for step in path[:own]), *path[own:])


def _stated(path: tuple[str, ...], table: Table) -> tuple[list[str], tuple[str, ...]]:
    """The Terraform names of the start of a path that the table states, and what is left of the path."""
    if path[0] == table.tag_property and table.tags != "none" and table.fold is None:
        return ["tags"], path[1:] if path[1:] not in (("Key",), ("Value",)) else ()
    best: tuple[list[str], tuple[str, ...]] = ([], path)
    for end in range(len(path), 0, -1):
        name = table.names.get(".".join(path[:end]))
        if name is not None:
            return [name], path[end:]
    if table.fold is not None and table.fold.under:
        under = tuple(table.fold.under.split("."))
        if path[: len(under)] != under:
            return best
        path = path[len(under) :]
        best = ([""], path)
    for steps, left in _paths(path, table.fields, 0):
        if len(left) < len(best[1]):
            best = (steps, left)
    return best


def _paths(
    path: tuple[str, ...], fields: Mapping[str, FieldSpec], depth: int
) -> list[tuple[list[str], tuple[str, ...]]]:
    """Every way in which the fields state the path's start."""
    found: list[tuple[list[str], tuple[str, ...]]] = []
    if not path or depth > 12:
        return found
    for name, spec in fields.items():
        field = spec if isinstance(spec, Field) else Field(spec)
        if field.target is None:
            continue
        target = tuple(field.target.split(".")) if field.target else ()
        if path[: len(target)] != target:
            continue
        left = path[len(target) :]
        if target:
            found.append(([name], left))
        for steps, deeper in _paths(left, field.fields, depth + 1):
            found.append(([name, *steps], deeper))
        if target and left:
            # Inside a stated block, what is not an exception is mechanical.
            found.append(([name, *_mechanical(left)], ()) if field.shape != "plain" else ([name], left))
    return found
