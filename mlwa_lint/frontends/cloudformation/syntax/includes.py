"""Parts of a template in files of their own: `AWS::Include`, and descriptions of APIs.

`aws cloudformation package` uploads these files and writes their addresses into the template; what is
deployed is their text.
"""

from collections.abc import Callable, Iterator

from mlwa_lint.frontends.cloudformation.syntax.nodes import ListNode, MapNode, Node, TextNode
from mlwa_lint.frontends.cloudformation.syntax.shapes import text_of_key

INCLUDE = "AWS::Include"
MARKS = (INCLUDE, "BodyS3Location", "DefinitionUri")
# The file that a place names is read; None where there is no such file.
IncludeReader = Callable[[Node], MapNode | None]
# Types of APIs: the property that names the file of a description, and the one that holds it itself.
_DESCRIBED = {
    "AWS::ApiGateway::RestApi": ("BodyS3Location", "Body"),
    "AWS::ApiGatewayV2::Api": ("BodyS3Location", "Body"),
    "AWS::Serverless::Api": ("DefinitionUri", "DefinitionBody"),
    "AWS::Serverless::HttpApi": ("DefinitionUri", "DefinitionBody"),
}


def included(root: MapNode, read: IncludeReader) -> MapNode:
    """A template with the content of the files that it includes; what cannot be found stays as it is."""
    found = _with_parts(root, read)
    assert isinstance(found, MapNode)
    entries = tuple(
        (key, _with_descriptions(node, read) if key.text == "Resources" else node)
        for key, node in found.entries
        if not (key.text == "Transform" and (content := _content(node, read)) is not None)
    )
    for key, node in found.entries:
        content = _content(node, read) if key.text == "Transform" else None
        if content is not None:
            entries = (*entries, *(pair for pair in content.entries if found.get(pair[0].text) is None))
    return found._replace(entries=entries)


def _with_parts(node: Node, read: IncludeReader) -> Node:
    if isinstance(node, ListNode):
        items = tuple(_with_parts(item, read) for item in node.items)
        return node if all(map(_is, items, node.items)) else node._replace(items=items)
    if not isinstance(node, MapNode):
        return node
    if node.tag == "!Transform":
        return _content(node._replace(tag=""), read) or node
    pairs = [*_entries(node, read)]
    if len(pairs) == len(node.entries) and all(
        new[1] is old[1] for new, old in zip(pairs, node.entries, strict=True)
    ):
        return node
    # The map's own keys take precedence over what is included.
    entries = {key.text: (key, value) for key, value in reversed(pairs)}
    return node._replace(entries=tuple(reversed(entries.values())))


def _is(one: Node, other: Node) -> bool:
    return one is other


def _entries(node: MapNode, read: IncludeReader) -> Iterator[tuple[TextNode, Node]]:
    behind: list[tuple[TextNode, Node]] = []
    for key, value in node.entries:
        each = value.items if isinstance(value, ListNode) and key.text == "Fn::Transform" else (value,)
        contents = [_content(one, read) for one in each] if key.text == "Fn::Transform" else []
        if contents and None not in contents:
            behind += [pair for content in contents if content is not None for pair in content.entries]
        else:
            yield key, _with_parts(value, read)
    yield from behind


def _content(node: Node, read: IncludeReader) -> MapNode | None:
    """What an `AWS::Include` brings."""
    if not isinstance(node, MapNode) or text_of_key(node, "Name") != INCLUDE:
        return None
    parameters = node.get("Parameters")
    location = parameters.get("Location") if isinstance(parameters, MapNode) else None
    return None if location is None else read(location)


def _with_descriptions(section: Node, read: IncludeReader) -> Node:
    if not isinstance(section, MapNode):
        return section
    return section._replace(entries=tuple((key, _described(body, read)) for key, body in section.entries))


def _described(body: Node, read: IncludeReader) -> Node:
    properties = body.get("Properties") if isinstance(body, MapNode) else None
    if not isinstance(body, MapNode) or not isinstance(properties, MapNode):
        return body
    names = _DESCRIBED.get(text_of_key(body, "Type"))
    if names is None or properties.get(names[1]) is not None:
        return body
    place = properties.get(names[0])
    content = None if place is None else read(place)
    if place is None or content is None:
        return body
    key = next(key for key, _ in properties.entries if key.text == names[0])
    own = TextNode(names[1], names[1], "", key.span)
    described = properties._replace(entries=(*properties.entries, (own, content)))
    return body._replace(
        entries=tuple((key, described if key.text == "Properties" else node) for key, node in body.entries)
    )
