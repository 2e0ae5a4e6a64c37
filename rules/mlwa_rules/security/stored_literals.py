"""Credentials that a template or configuration writes out as the content of a stored secret."""

from collections.abc import Iterator

from mlwa_lint.graph.queries.identity import has_ml
from mlwa_lint.model.credentials import known_format
from mlwa_lint.model.partial_json import structure
from mlwa_lint.model.secret_names import is_fake
from mlwa_lint.model.values import MapValue, Scalar, Unknown, Value
from mlwa_lint.rule import Claim, GraphView, Remedy, ResourceView, answer, certainly
from mlwa_rules.security.secrets import UNNAMED, as_fake, is_literal, origin_of, readable

_CONTENT = "SecretString"
_REMEDY = Remedy(
    "Set `GenerateSecretString`, or put the value there by hand, and replace the credential.",
    "Use a sensitive variable without a default, or put the value there by hand; replace the credential.",
)
# Terraform may be told to ignore what replaces a first value, which then is no credential.
_REPLACED = "Lifecycle.IgnoreChanges"


def claims_of_secret(secret: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """What is wrong with the content of a secret that the source states."""
    content = secret[_CONTENT]
    value = content.value
    if _is_opaque(value):
        yield Claim(content.is_open(), content, f"{secret} stores what is not known")
        return
    texts = value.one_of if isinstance(value, Unknown) and not value.secret else ()
    values: list[Value] = [Scalar(text, content.span) for text in texts] or [value]
    literals = [literal for each in values for literal in _literals(secret, each)]
    named = dict.fromkeys(name for name, _ in literals)
    kinds = {known_format(text) for text in texts or (readable(content),)}
    if not named and kinds == {None}:
        return
    kind = kinds.pop() if len(kinds) == 1 else None
    what = f"{kind or UNNAMED} in {content}"
    names = [name for name in named if name]
    what += f", as {' and '.join(names)}" if names else ""
    message = f"{secret} has {what}: whoever reads the source obtains it, so store it by other means"
    found = answer(True, value.assumed)
    if texts:
        found = content.test(lambda text: _holds_literal(secret, Scalar(text, content.span)))
    claim = Claim(found & has_ml(graph), content, message, None, origin_of(content), _REMEDY, leaks=True)
    fake = all(is_fake(text) for _, given in literals for text in given)
    yield as_fake(claim) if fake and (literals or is_fake(readable(content))) else claim


def _is_opaque(value: Value) -> bool:
    """Whether nothing at all is known of a content; what a parameter gives is no literal."""
    if not isinstance(value, Unknown):
        return False
    return not (value.identity or value.parts or value.present or value.secret or value.one_of)


def _holds_literal(secret: ResourceView, content: Scalar) -> bool:
    return known_format(str(content.data)) is not None or any(True for _ in _literals(secret, content))


def _literals(secret: ResourceView, value: Value) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The names under which a content has literals, and these; an empty one for the content as a whole."""
    if certainly(secret.attributes[_REPLACED].is_true()):
        return
    parsed = structure(value) if isinstance(value, (Scalar, Unknown)) else value
    if isinstance(parsed, MapValue):
        for name, entry in parsed.entries.items():
            texts = _texts(entry.value)
            if texts and all(is_literal(name, text) for text in texts):
                yield name, texts
        return
    own = secret.address.rpartition(".")[2]
    if parsed is None and isinstance(value, Scalar) and is_literal(own, str(value.data)):
        yield "", (str(value.data),)


def _texts(value: Value) -> tuple[str, ...]:
    """The texts that a value can only be one of."""
    if isinstance(value, Scalar):
        return (str(value.data),)
    return value.one_of if isinstance(value, Unknown) and not value.secret else ()
