"""How Terraform configurations are related, read from their text alone.

One reads another's state (`terraform_remote_state`), or a value that another writes to Systems Manager.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from mlwa_lint.discovery.groups import join
from mlwa_lint.files.paths import Folders, distinctive_end
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_STATE = "terraform_remote_state"
_PARAMETER = "aws_ssm_parameter"
_MARKS = (_STATE, _PARAMETER, "backend")
# A block ends with the first brace that is where its own line starts.
_BLOCK = lazy(
    r"""^([ \t]*)(?:(data|resource)[ \t]+"(terraform_remote_state|aws_ssm_parameter)"[ \t]+"[^"\n]*"|"""
    r"""(backend)[ \t]+"(\w+)")[ \t]*\{(.*?)(?:^\1\}|\}[ \t]*$)""",
    re.DOTALL | re.MULTILINE,
)
_ARGUMENT = lazy(
    r"""^[ \t]*(backend|key|bucket|path|name)[ \t]*=[ \t]*"""
    r"""(?:"([^"\n]*)"|((?:var|local)\.[\w-]+))[ \t]*(?:#.*|//.*)?$""",
    re.MULTILINE,
)
_REFERENCE = lazy(r"\$\{[ \t]*((?:var|local)\.[\w-]+)[ \t]*\}")
_NAMES = lazy(
    r"""^([ \t]*)(?:locals|variable[ \t]+"([\w-]+)")[ \t]*\{(.*?)(?:^\1\}|\}[ \t]*$)""",
    re.DOTALL | re.MULTILINE,
)
_TEXT = lazy(r"""(?:^|\A)[ \t]*([\w-]+)[ \t]*=[ \t]*"([^"\n]*)"[ \t]*(?:#.*|//.*)?$""", re.MULTILINE)
_RESOLVED = 4
_OWN_FOLDER = lazy(r"\$\{path\.(?:module|root|cwd)\}")
_LOCAL_STATE = "terraform.tfstate"
# Roots beyond these are not put together: a repository in which everything reads everything.
GROUP_LIMIT = 25


class ValueLocation(NamedTuple):
    """The place of a value: the kind of place, the name there, and a written bucket of a state."""

    kind: str
    name: str
    bucket: str = ""


class Exchange(NamedTuple):
    """What one configuration's text gives to others and takes from them."""

    given: tuple[ValueLocation, ...] = ()
    taken: tuple[ValueLocation, ...] = ()


def exchange_in(texts: Iterable[str], folder: str) -> Exchange:
    """What the files of a configuration in a folder give and take."""
    given: dict[ValueLocation, None] = {}
    taken: dict[ValueLocation, None] = {}
    elsewhere = False
    texts = list(texts)
    names: dict[str, str] | None = None
    for text in texts:
        for match in _BLOCK.finditer(text) if any(mark in text for mark in _MARKS) else ():
            _, role, kind, backend, backend_kind, body = match.groups()
            stated: dict[str, str] = {}
            for argument, literal, reference in _ARGUMENT.findall(body):
                stated[argument] = f"${{{reference}}}" if reference else literal
                if "${" in stated[argument]:
                    names = _named(texts) if names is None else names
                    stated[argument] = _resolved(stated[argument], names)
            if backend:
                elsewhere = True
                given.update(_state(backend_kind, stated, folder, _LOCAL_STATE))
            elif kind == _STATE and role == "data":
                taken.update(_state(stated.get("backend", ""), stated, folder, ""))
            elif kind == _PARAMETER and stated.get("name"):
                places = given if role == "resource" else taken
                places[ValueLocation("parameter", stated["name"])] = None
    if not elsewhere:
        given.update(_state("local", {}, folder, _LOCAL_STATE))
    return Exchange(tuple(given), tuple(taken))


def _named(texts: Iterable[str]) -> dict[str, str]:
    """The texts of local values and of the defaults of variables."""
    found: dict[str, str] = {}
    for text in texts:
        for _, variable, body in _NAMES.findall(text):
            for name, value in _TEXT.findall(body):
                if not variable:
                    found[f"local.{name}"] = value
                elif name == "default":
                    found[f"var.{variable}"] = value
    return found


def _resolved(text: str, names: Mapping[str, str]) -> str:
    for _ in range(_RESOLVED):
        changed = _REFERENCE.sub(lambda match: names.get(match[1], match[0]), text)
        if changed == text:
            break
        text = changed
    return text


def _state(kind: str, stated: Mapping[str, str], folder: str, otherwise: str) -> dict[ValueLocation, None]:
    if kind == "s3" and stated.get("key"):
        return {ValueLocation("s3", stated["key"], stated.get("bucket", "")): None}
    if kind == "local" and (path := stated.get("path", otherwise)):
        return {
            ValueLocation("local", os.path.normpath(os.path.join(folder, _OWN_FOLDER.sub(".", path)))): None
        }
    return {}


def linked(exchanges: Mapping[str, Exchange]) -> dict[str, tuple[str, ...]]:
    """Folder -> the configurations, in order, that are linted together with it (itself among them)."""
    if not any(each.taken for each in exchanges.values()):
        return {}
    folders = Folders()
    givers: dict[tuple[str, str], list[tuple[str, ValueLocation]]] = {}
    for folder, own in exchanges.items():
        for place in own.given:
            givers.setdefault((place.kind, place.name), []).append((folder, place))
    groups: dict[str, list[str]] = {}
    for folder, own in exchanges.items():
        for place in own.taken:
            found = tuple(dict.fromkeys(_givers(place, folder, givers, folders)))
            if len(found) == 1:
                join(groups, found[0], folder, GROUP_LIMIT)
    order = {folder: position for position, folder in enumerate(exchanges)}
    return {folder: tuple(sorted(members, key=order.__getitem__)) for folder, members in groups.items()}


def _givers(
    place: ValueLocation,
    taker: str,
    givers: Mapping[tuple[str, str], Sequence[tuple[str, ValueLocation]]],
    folders: Folders,
) -> Iterator[str]:
    known = givers.get((place.kind, place.name), ())
    for folder, given in known or _ending_like(place, givers):
        differs = _is_literal(place.bucket) and _is_literal(given.bucket) and place.bucket != given.bucket
        if folder != taker and not differs and folders.project(folder) == folders.project(taker):
            yield folder


def _ending_like(
    place: ValueLocation, givers: Mapping[tuple[str, str], Sequence[tuple[str, ValueLocation]]]
) -> Iterator[tuple[str, ValueLocation]]:
    """Those whose state has a name that ends as this one does: `${var.stage}/network/terraform.tfstate`."""
    end = distinctive_end(place.name.rpartition("}")[2]) if "${" in place.name else ""
    if place.kind != "s3" or not end:
        return
    for (kind, name), found in givers.items():
        if kind == place.kind and f"/{name}".endswith(end):
            yield from found


def _is_literal(text: str) -> bool:
    return bool(text) and "${" not in text
