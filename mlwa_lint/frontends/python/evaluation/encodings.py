"""Texts of a program in Base64: written, and read again. Bytes are the text that they encode."""

import base64
import binascii
from collections.abc import Callable

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.json_texts import of_each
from mlwa_lint.frontends.python.evaluation.values import PyValue, Site
from mlwa_lint.frontends.python.limits import TEXT_LIMIT
from mlwa_lint.frontends.texts import encoded_in_part
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Choice, Scalar, Unknown


def b64encode(core: Core, site: Site) -> PyValue | None:
    """`base64.b64encode`, with the usual alphabet."""
    if len(site.positional) != 1 or site.named:
        return None
    value = site.positional[0]
    if isinstance(value, Unknown) and value.parts:
        return encoded_in_part(value, core.unknown(value.reason, site.span, present=True))
    return _converted(value, _encoded, site.span)


def b64decode(core: Core, site: Site) -> PyValue | None:
    """`base64.b64decode` of what is text."""
    if len(site.positional) != 1 or site.named:
        return None
    return _converted(site.positional[0], _decoded, site.span)


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _decoded(text: str) -> str:
    return base64.b64decode(text, validate=True).decode()


def _converted(value: PyValue | None, convert: Callable[[str], str], span: Span) -> PyValue | None:
    if isinstance(value, Choice):
        return of_each(value, lambda each, place: _converted(each, convert, place), span)
    if not isinstance(value, Scalar) or not isinstance(value.data, str) or len(value.data) > TEXT_LIMIT:
        return None
    try:
        return Scalar(convert(value.data), span, value.assumed)
    except (ValueError, binascii.Error):
        return None
