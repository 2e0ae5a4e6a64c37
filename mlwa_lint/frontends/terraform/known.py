"""Well-known modules, asked for by their source."""

from collections.abc import Mapping

from mlwa_lint.frontends.terraform.raw import RawResource
from mlwa_lint.model.resources import Gap
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import MapValue, Value


def known(
    source: str, name: str, address: str, inputs: MapValue, span: Span
) -> tuple[list[RawResource], Mapping[str, Value], Gap | None] | None:
    """What a module stands for, its outputs and what stays open; None for a module that is not known."""
    try:
        from mlwa_lint.frontends.terraform.vocabulary.modules import known_module
    except ImportError:
        return None
    return known_module(source, name, address, inputs, span)
