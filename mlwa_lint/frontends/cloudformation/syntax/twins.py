"""Whether one template was generated from another: packaged by SAM or the AWS CLI, or synthesized."""

from typing import TypeAlias

from mlwa_lint.frontends.cloudformation.syntax.nodes import ListNode, MapNode, Node, TextNode
from mlwa_lint.model.values import Plain

# What a node means, whatever form it has: functions by their long names, the keys of maps in order.
Meant: TypeAlias = "Plain | tuple[object, ...] | None"

# Properties that name what packaging uploads; also those in which SAM notes the place of a README.
_ARTEFACTS = frozenset(
    (
        *("CodeUri", "ContentUri", "DefinitionUri", "ImageUri", "Code", "Content", "TemplateURL", "Location"),
        *("ScriptLocation", "BodyS3Location", "DefinitionS3Location", "SourceBundle", "LicenseUrl"),
        *("RequestMappingTemplateS3Location", "ResponseMappingTemplateS3Location", "ReadmeUrl"),
    )
)
# Where they are absent, packaging uploads the folder of the template.
_OF_FOLDER = ("CodeUri", "ContentUri", "Code", "Content")
_REGISTRY = ".dkr.ecr."
# Parts of a place in S3 that has several properties.
_PARTS = ("Bucket", "Key", "Version", "ObjectVersion")
_METADATA = "Metadata"
# What `sam build` notes of a resource.
_BUILT = "SamResourceId"


def is_packaged_from(template: Node | None, source: Node | None) -> bool:
    """Whether a template is a source after packaging: the same, but for the places of what it uploads.

    At least one artefact has a local path in the source and a place in S3, or in a registry, in the template.
    """
    if not isinstance(template, MapNode) or not isinstance(source, MapNode):
        return False
    differences = _Differences()
    return differences.allowed(template, source) and differences.uploaded


def is_same(template: Node | None, other: Node | None) -> bool:
    """Whether two templates mean the same."""
    return template is not None and other is not None and meant(template) == meant(other)


def meant(node: Node) -> Meant:
    """What a node means, for comparisons."""
    if node.tag:
        return _function(_long_name(node.tag), node._replace(tag=""))
    if isinstance(node, TextNode):
        return node.text if isinstance(node.data, str) else node.data
    if isinstance(node, ListNode):
        return ("list", *map(meant, node.items))
    if len(node.entries) == 1 and (name := node.entries[0][0].text) in ("Ref", "Fn::GetAtt"):
        return _function(name, node.entries[0][1])
    return ("map", *sorted(((key.text, meant(value)) for key, value in node.entries), key=_first))


def _first(entry: tuple[str, Meant]) -> str:
    return entry[0]


def _function(name: str, argument: Node) -> Meant:
    if name == "Fn::GetAtt" and isinstance(argument, ListNode):
        texts = [each.text for each in argument.items if isinstance(each, TextNode)]
        if len(texts) == len(argument.items):
            return ("map", (name, ".".join(texts)))
    return ("map", (name, meant(argument)))


def _long_name(tag: str) -> str:
    name = tag.removeprefix("!")
    return name if name in ("Ref", "Condition") else f"Fn::{name}"


class _Differences:
    """Compares two trees. uploaded: whether an artefact is local in the source only."""

    def __init__(self) -> None:
        self.uploaded = False

    def allowed(self, template: Node, source: Node) -> bool:
        """Whether two nodes differ at most in artefacts."""
        if isinstance(template, MapNode) and isinstance(source, MapNode) and template.tag == source.tag:
            return self._in_maps(template, source)
        if isinstance(template, ListNode) and isinstance(source, ListNode) and template.tag == source.tag:
            pairs = zip(template.items, source.items, strict=False)
            return len(template.items) == len(source.items) and all(self.allowed(*pair) for pair in pairs)
        return meant(template) == meant(source)

    def _in_maps(self, template: MapNode, source: MapNode) -> bool:
        own = {key.text: value for key, value in template.entries}
        theirs = {key.text: value for key, value in source.entries}
        return all(self._entry(key, own.get(key), theirs.get(key)) for key in {**theirs, **own})

    def _entry(self, key: str, template: Node | None, source: Node | None) -> bool:
        if key in _ARTEFACTS and template is not None and _is_place(template) and _is_local(key, source):
            self.uploaded = True
            return True
        if template is None:
            return False
        if source is None:
            return key == _METADATA and isinstance(template, MapNode) and set(_keys(template)) == {_BUILT}
        if key == _METADATA and isinstance(template, MapNode) and isinstance(source, MapNode):
            template = template._replace(entries=_without_built(template))
            source = source._replace(entries=_without_built(source))
        return self.allowed(template, source)


def _keys(node: MapNode) -> list[str]:
    return [key.text for key, _ in node.entries]


def _without_built(node: MapNode) -> tuple[tuple[TextNode, Node], ...]:
    return tuple(entry for entry in node.entries if entry[0].text != _BUILT)


def _is_local(key: str, node: Node | None) -> bool:
    """Whether a node is a path or a local image, or absent: packaging then uploads the template's folder."""
    if node is None:
        return key in _OF_FOLDER
    return (
        isinstance(node, TextNode) and not node.tag and "://" not in node.text and _REGISTRY not in node.text
    )


def _is_place(node: Node) -> bool:
    """Whether a node is a place in S3 or in a registry of images."""
    if isinstance(node, TextNode):
        text = node.text
        known = text.startswith("s3://") or (text.startswith("https://") and "s3" in text)
        return not node.tag and (known or _REGISTRY in text)
    return isinstance(node, MapNode) and bool(node.entries) and all(map(_is_part, _keys(node)))


def _is_part(key: str) -> bool:
    return key.removeprefix("S3") in _PARTS or key == "ImageUri"
