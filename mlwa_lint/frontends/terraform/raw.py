"""Terraform resources as they are written: what both the HCL reader and the plan reader make, and what
`vocabulary` turns into canonical resources."""

from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import MapValue
from mlwa_lint.startup.records import NamedTuple


class RawResource(NamedTuple):
    """One instance of a Terraform resource in the provider's own names.

    address:      `aws_x.y`, `aws_x.y[0]`, `module.m.aws_x.y["k"]`.
    type:         the provider's type, `aws_sagemaker_endpoint_configuration`.
    body:         arguments and nested blocks in snake_case; nested blocks are a ListValue of MapValues
                  (also those that may occur only once), meta-arguments are left out.
    span:         the block's header.
    lifecycle:    the `lifecycle` block's arguments in snake_case (empty if there is none).
    depends_on:   addresses named in `depends_on`.
    default_tags: the provider's default tags (empty if there are none), under their own keys.
    region:       the Region that the resource's provider pins literally, if any.
    code:         where the code of a function is before it is packed, if that is known.
    """

    address: str
    type: str
    body: MapValue
    span: Span
    lifecycle: MapValue
    depends_on: tuple[str, ...] = ()
    default_tags: MapValue | None = None
    guards: tuple[Guard, ...] = ()
    region: str | None = None
    code: str = ""
