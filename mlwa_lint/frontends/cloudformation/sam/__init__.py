"""AWS SAM: serverless resources as the CloudFormation resources that they become, at their own places.

The translation is our own: cfn-lint no longer brings the SAM translator, which needs boto3 and a
region, invents places for local code, and loses the lines of the source.
"""

from collections.abc import Callable

from mlwa_lint.frontends.cloudformation.sam import others
from mlwa_lint.frontends.cloudformation.sam.functions import function
from mlwa_lint.frontends.cloudformation.sam.nodes import Resources, SamResource, mapping, merged, text
from mlwa_lint.frontends.cloudformation.sam.notifications import add_notifications
from mlwa_lint.frontends.cloudformation.sam.routes import IMPLICIT, add_routes
from mlwa_lint.frontends.cloudformation.syntax.nodes import ListNode, MapNode, Node, TextNode
from mlwa_lint.model.spans import Span
from mlwa_lint.startup.records import NamedTuple

PREFIX = "AWS::Serverless::"
_KINDS: dict[str, Callable[[SamResource, Callable[[str], None]], Resources]] = {
    "Api": others.rest_api,
    "Application": others.application,
    "Function": function,
    "HttpApi": others.http_api,
    "LayerVersion": others.layer,
    "SimpleTable": others.table,
    "StateMachine": others.state_machine,
}


class Translation(NamedTuple):
    """A template without serverless resources.

    sources: for each resource that was made, the logical id of the one that the user wrote.
    untranslated: what could not be translated, and where.
    """

    root: MapNode
    sources: dict[str, str]
    untranslated: list[tuple[str, Span]]


def translated(root: MapNode) -> Translation:
    """The template with the resources that SAM makes of its serverless ones."""
    section = root.get("Resources")
    if not isinstance(section, MapNode):
        return Translation(root, {}, [])
    common = root.get("Globals")
    sources: dict[str, str] = {}
    untranslated: list[tuple[str, Span]] = []
    made: dict[str, tuple[TextNode, Node]] = {}
    serverless: list[SamResource] = []
    for key, body in section.entries:
        source = _source(key, body, common)
        if source is None:
            made[key.text] = (key, body)
            continue
        kind = _kind(source)
        if kind not in _KINDS:
            untranslated.append((f"{key.text} of type {PREFIX}{kind}", key.span))
            continue
        serverless.append(source)
    serverless += _implicit_apis(serverless, common)
    for source in serverless:

        def note(what: str, source: SamResource = source) -> None:
            untranslated.append((f"{what} of {source.name}", source.span))

        for key, body in _KINDS[_kind(source)](source, note):
            # What the user declares takes precedence over what SAM would make.
            if key.text not in made:
                made[key.text] = (key, body)
                if key.text != source.name:
                    sources[key.text] = source.name
    add_notifications(made, serverless)
    add_routes(made, serverless)
    resources = section._replace(entries=tuple(_in_order(section, made, sources)))
    entries = tuple((key, resources if key.text == "Resources" else node) for key, node in root.entries)
    return Translation(root._replace(entries=entries), sources, untranslated)


def _in_order(
    section: MapNode, made: dict[str, tuple[TextNode, Node]], sources: dict[str, str]
) -> list[tuple[TextNode, Node]]:
    """The resources in the order of the template, what is made of one right behind it."""
    followers: dict[str, list[str]] = {}
    for name, source in sources.items():
        followers.setdefault(source, []).append(name)
    order = [name for key, _ in section.entries for name in (key.text, *followers.get(key.text, ()))]
    return [made[name] for name in dict.fromkeys((*order, *made)) if name in made]


def _kind(source: SamResource) -> str:
    node = source.body.get("Type")
    return node.text.removeprefix(PREFIX) if isinstance(node, TextNode) else ""


def _source(key: TextNode, body: Node, common: Node | None) -> SamResource | None:
    kind = body.get("Type") if isinstance(body, MapNode) else None
    if not isinstance(body, MapNode) or not isinstance(kind, TextNode) or not kind.text.startswith(PREFIX):
        return None
    own = body.get("Properties")
    properties: Node = own if isinstance(own, MapNode) else MapNode((), "", key.span)
    general = common.get(kind.text.removeprefix(PREFIX)) if isinstance(common, MapNode) else None
    if isinstance(general, MapNode):
        properties = merged(_heeded(general, body.get("IgnoreGlobals")), properties)
    assert isinstance(properties, MapNode)
    return SamResource(key, body, properties)


def _heeded(general: MapNode, ignored: Node | None) -> MapNode:
    """The part of Globals that a resource does not ignore: `IgnoreGlobals` names properties, or all."""
    if isinstance(ignored, TextNode) and ignored.text == "*":
        return general._replace(entries=())
    listed = ignored.items if isinstance(ignored, ListNode) else ()
    names = {each.text for each in listed if isinstance(each, TextNode)}
    return general._replace(entries=tuple(pair for pair in general.entries if pair[0].text not in names))


def _implicit_apis(sources: list[SamResource], common: Node | None) -> list[SamResource]:
    """The APIs that events without an API of their own belong to."""
    found: dict[str, SamResource] = {}
    for source in sources:
        for _, event in source.map("Events").entries:
            kind = event.get("Type") if isinstance(event, MapNode) else None
            if not isinstance(event, MapNode) or not isinstance(kind, TextNode) or kind.text not in IMPLICIT:
                continue
            name, owner = IMPLICIT[kind.text]
            inner = event.get("Properties")
            if name in found or (isinstance(inner, MapNode) and inner.get(owner) is not None):
                continue
            span = source.span
            body = mapping({"Type": text(PREFIX + kind.text, span)}, span)
            if kind.text == "Api":
                stage = {"StageName": text("Prod", span)}
                body = mapping({"Type": text(PREFIX + "Api", span), "Properties": mapping(stage, span)}, span)
            made = _source(text(name, span), body, common)
            if made is not None:
                found[name] = made
    return list(found.values())
