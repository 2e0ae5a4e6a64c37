"""Makes nodes at the places of those that they come from."""

from collections.abc import Iterable, Iterator, Mapping

from mlwa_lint.frontends.cloudformation.syntax.nodes import ListNode, MapNode, Node, TextNode
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Plain
from mlwa_lint.startup.records import NamedTuple

# Keys of a resource beside its properties that hold for what it becomes too.
_KEPT = ("Condition", "DeletionPolicy", "DependsOn", "Metadata", "UpdateReplacePolicy")


def text(data: Plain, span: Span) -> TextNode:
    """A text, number or truth value."""
    return TextNode(data, str(data), "", span)


def reference(name: str, span: Span) -> TextNode:
    """`!Ref name`."""
    return TextNode(name, name, "!Ref", span)


def attribute(name: str, wanted: str, span: Span) -> TextNode:
    """`!GetAtt name.wanted`."""
    return TextNode(f"{name}.{wanted}", f"{name}.{wanted}", "!GetAtt", span)


def substitution(template: str, span: Span, variables: Mapping[str, Node] | None = None) -> Node:
    """`!Sub template`, with variables."""
    if not variables:
        return TextNode(template, template, "!Sub", span)
    return ListNode((text(template, span), mapping(variables, span)), "!Sub", span)


def mapping(entries: "Mapping[str, Node] | Iterable[tuple[TextNode, Node]]", span: Span) -> MapNode:
    """A map; keys that are not nodes get the place of the whole map."""
    if isinstance(entries, Mapping):
        entries = [(text(key, span), value) for key, value in entries.items()]
    return MapNode(tuple(entries), "", span)


def listing(items: Iterable[Node], span: Span) -> ListNode:
    """A list."""
    return ListNode(tuple(items), "", span)


def unknown(what: str, span: Span) -> Node:
    """What only the SAM translator or packaging knows; `what` names it for the user."""
    return TextNode("", "", f"!{{{{{what}}}}}", span)


def is_function(node: Node) -> bool:
    """Whether a node is an intrinsic function."""
    if node.tag:
        return True
    if not isinstance(node, MapNode) or len(node.entries) != 1:
        return False
    name = node.entries[0][0].text
    return name == "Ref" or name.startswith("Fn::")


def referred(node: Node | None) -> str:
    """The logical id that `Ref` names; empty for anything else."""
    if isinstance(node, TextNode) and node.tag == "!Ref":
        return node.text
    if isinstance(node, MapNode) and [key.text for key, _ in node.entries] == ["Ref"]:
        value = node.entries[0][1]
        return value.text if isinstance(value, TextNode) else ""
    return ""


def merged(general: Node, own: Node) -> Node:
    """A value of Globals with a resource's own: maps are united, lists joined, all else is replaced."""
    if is_function(general) or is_function(own):
        return own
    if isinstance(general, MapNode) and isinstance(own, MapNode):
        entries = {key.text: (key, value) for key, value in general.entries}
        for key, value in own.entries:
            before = entries.get(key.text)
            entries[key.text] = (key, value if before is None else merged(before[1], value))
        return own._replace(entries=tuple(entries.values()))
    if isinstance(general, ListNode) and isinstance(own, ListNode):
        return own._replace(items=(*general.items, *own.items))
    return own


PropertyNodes = dict[str, tuple[TextNode, Node]]
Resources = Iterator[tuple[TextNode, MapNode]]


class SamResource(NamedTuple):
    """A resource of AWS::Serverless with the Globals of its type."""

    key: TextNode
    body: MapNode
    properties: MapNode

    @property
    def name(self) -> str:
        """Its logical id."""
        return self.key.text

    @property
    def span(self) -> Span:
        """Where it is declared."""
        return self.key.span

    def get(self, name: str) -> Node | None:
        """The value of a property."""
        return self.properties.get(name)

    def map(self, name: str) -> MapNode:
        """A property that is a map; empty where it is none."""
        node = self.get(name)
        if isinstance(node, MapNode) and not is_function(node):
            return node
        return MapNode((), "", self.span)

    def key_of(self, name: str) -> TextNode:
        """The key of a property; where there is none, the resource's."""
        return next((key for key, _ in self.properties.entries if key.text == name), self.key)

    def carried(self, *names: str, **renamed: str) -> PropertyNodes:
        """Properties that stay as they are, or get another name (`new="Old"`), at their places."""
        wanted = {name: name for name in names} | {old: new for new, old in renamed.items()}
        return {
            wanted[key.text]: (text(wanted[key.text], key.span), value)
            for key, value in self.properties.entries
            if key.text in wanted
        }


def resource(
    source: SamResource, name: str, kind: str, properties: PropertyNodes, main: bool = False
) -> tuple[TextNode, MapNode]:
    """A resource that the source becomes; the `main` one keeps all of its attributes."""
    span = source.span
    body: list[tuple[TextNode, Node]] = [(text("Type", span), text(kind, span))]
    kept = _KEPT if main else ("Condition",)
    body += [(key, value) for key, value in source.body.entries if key.text in kept]
    body.append((text("Properties", span), MapNode(tuple(properties.values()), "", source.properties.span)))
    return text(name, span), MapNode(tuple(body), "", source.body.span)


def plain(entries: Mapping[str, Node], span: Span) -> PropertyNodes:
    """Properties whose keys are at one place."""
    return {name: (text(name, span), value) for name, value in entries.items()}


def put(properties: PropertyNodes, name: str, key: TextNode, value: Node) -> None:
    """Sets a property that comes from another one's place."""
    properties[name] = (text(name, key.span), value)


def put_tags(properties: PropertyNodes, source: SamResource, mark: str = "") -> None:
    """SAM's map of tags as a list of keys and values, with the mark that it sets itself."""
    node, key = source.get("Tags"), source.key_of("Tags")
    if node is not None and not (isinstance(node, MapNode) and not is_function(node)):
        put(properties, "Tags", key, node)
        return
    items = [mapping({"Key": text(mark, key.span), "Value": text("SAM", key.span)}, key.span)] if mark else []
    for name, value in source.map("Tags").entries:
        items.append(mapping({"Key": text(name.text, name.span), "Value": value}, name.span))
    if items:
        put(properties, "Tags", key, listing(items, key.span))
