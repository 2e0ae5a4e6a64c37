"""Well-known public modules: the resources that they create, without their files."""

import re
from collections.abc import Callable, Mapping
from importlib import import_module

from mlwa_lint.frontends.terraform.raw import RawResource
from mlwa_lint.frontends.terraform.vocabulary.releases import Release, newest_admitted, release_of
from mlwa_lint.model.resources import Gap
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import MapValue, Value
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_REGISTRY = lazy(r"(?:[a-z0-9.-]+\.[a-z]+/)?(?P<owner>[\w-]+)/(?P<name>[\w-]+)/aws(?://(?P<part>[^?]+))?$")
_GIT = lazy(
    r"(?:git::)?(?:https://|ssh://)?(?:git@)?github\.com[/:](?P<owner>[\w-]+)/terraform-aws-(?P<name>[\w-]+?)"
    r"(?:\.git)?(?://(?P<part>[^?]+))?(?:\?(?P<query>.*))?$"
)
_PACKAGE = "mlwa_lint.frontends.terraform.vocabulary.known"
# (owner, module, part of it) -> (module of this package, function).
_KNOWN = {
    ("terraform-aws-modules", "s3-bucket", ""): ("storage", "bucket"),
    ("terraform-aws-modules", "kms", ""): ("storage", "key"),
    ("terraform-aws-modules", "lambda", ""): ("functions", "function"),
    ("terraform-aws-modules", "iam", "modules/iam-role"): ("identity", "role"),
    ("terraform-aws-modules", "iam", "modules/iam-policy"): ("identity", "policy"),
    ("terraform-aws-modules", "iam", "modules/iam-assumable-role"): ("identity", "assumable_role"),
    ("terraform-aws-modules", "ecs", ""): ("containers", "cluster"),
    ("terraform-aws-modules", "ecs", "modules/service"): ("containers", "service"),
    ("cloudposse", "ecs-container-definition", ""): ("containers", "definition"),
    ("aws-ia", "sagemaker-endpoint", ""): ("sagemaker", "endpoint"),
    ("squidfunk", "api-gateway-enable-cors", ""): ("apis", "preflight"),
}


class ModuleSource(NamedTuple):
    """A module source in its parts, and the release that is installed, if it is known."""

    owner: str
    name: str
    part: str
    release: Release | None


def source_of(source: str, version: str = "") -> ModuleSource | None:
    """The parts of a registry address or a GitHub address; None for any other source."""
    match = _REGISTRY.match(source) or _GIT.match(source)
    if match is None:
        return None
    groups = match.groupdict()
    reference = re.search(r"ref=([^&]+)", groups.get("query") or "")
    release = release_of(reference.group(1)) if reference else newest_admitted(version)
    return ModuleSource(groups["owner"], groups["name"], (groups["part"] or "").strip("/"), release)


def is_known(source: str) -> bool:
    """Whether there is anything to know about a module source."""
    parts = source_of(source)
    return parts is not None and parts[:3] in _KNOWN


def known_module(
    source: str, name: str, address: str, inputs: MapValue, span: Span, version: str = ""
) -> tuple[list[RawResource], Mapping[str, Value], Gap | None] | None:
    """Resources and outputs of a call of a well-known module, and what may be in it beside them.

    None for a module that is not known, and for a call whose inputs leave open what it creates.
    """
    from mlwa_lint.frontends.terraform.vocabulary.known.call import Contents, ModuleCall

    parts = source_of(source, version)
    place = _KNOWN.get(parts[:3]) if parts is not None else None
    if parts is None or place is None or inputs.rest is not None:
        return None
    build: Callable[[ModuleCall], Contents | None] = getattr(
        import_module(f"{_PACKAGE}.{place[0]}"), place[1]
    )
    contents = build(ModuleCall(name, address, inputs, span, parts.release))
    if contents is None:
        return None
    return contents.resources, contents.outputs, None
