"""Functions that make digests."""

import base64
import hashlib
import uuid

from mlwa_lint.frontends.terraform.functions.data import CannotError
from mlwa_lint.frontends.terraform.functions.kinds import Function, PlainFunction

_NAMESPACES = {
    "dns": uuid.NAMESPACE_DNS,
    "url": uuid.NAMESPACE_URL,
    "oid": uuid.NAMESPACE_OID,
    "x500": uuid.NAMESPACE_X500,
}


def digest(function: str, data: bytes) -> str:
    """The digest that the function of this name makes: `md5`, `sha1` … `base64sha512`."""
    made = hashlib.new(function.removeprefix("base64"), data, usedforsecurity=False)
    return base64.b64encode(made.digest()).decode() if function.startswith("base64") else made.hexdigest()


def _hash(function: str) -> PlainFunction:
    return PlainFunction("s", lambda text: digest(function, text.encode()))


def _uuidv5(namespace: str, name: str) -> str:
    try:
        space = _NAMESPACES.get(namespace) or uuid.UUID(namespace)
    except ValueError:
        raise CannotError("take this as a namespace") from None
    return str(uuid.uuid5(space, name))


FUNCTIONS: dict[str, Function] = {
    **{name: _hash(name) for name in ("base64sha256", "base64sha512", "md5", "sha1", "sha256", "sha512")},
    "uuidv5": PlainFunction("ss", _uuidv5),
}
