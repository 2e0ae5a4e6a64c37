"""Places in a template: the resource of a finding, and the item of a list that it is about."""

from collections.abc import Iterator

from mlwa_lint.fixes.source import RefusedError, SourceFile
from mlwa_lint.fixes.templates.tree import Alias, MappingNode, ScalarNode, SequenceNode, YamlNode
from mlwa_lint.model.findings import Finding

# What a task of a state machine hands to the service: JSONPath's name, and JSONata's.
_TASK_INPUTS = ("Parameters", "Arguments")


class TemplateResource:
    """A resource in its template. key: its logical id, or the name of the state that makes it."""

    def __init__(self, key: ScalarNode, body: MappingNode, declared: bool, above: MappingNode) -> None:
        self.key = key
        self.body = body
        self.declared = declared
        self.above = above

    def properties(self) -> tuple[str, YamlNode] | None:
        """What holds its properties, with that one's name; None where it has none yet."""
        for name in ("Properties",) if self.declared else _TASK_INPUTS:
            found = self.body.get(name)
            if found is not None:
                return name, found
        return None


def resource_of(root: YamlNode | None, finding: Finding, source: SourceFile) -> TemplateResource:
    """The resource that a finding is about. Raises RefusedError where it is not plain."""
    span = finding.resource_span
    start = source.offset(span.line, span.column)
    for above, key, value, depth in _keys(root, ()):
        if key.start != start:
            continue
        if not isinstance(value, MappingNode) or key.text == "<<":
            raise RefusedError("the resource is not written out where it is declared")
        declared = depth == ("Resources",)
        if declared:
            _expect_type(value, finding.resource_type)
        return TemplateResource(key, value, declared, above)
    raise RefusedError("the resource is declared in a text, a macro or a loop")


def resource_around(root: YamlNode | None, offset: int) -> TemplateResource | None:
    """The resource of a template that contains an offset."""
    resources = root.get("Resources") if isinstance(root, MappingNode) else None
    for key, value in resources.entries if isinstance(resources, MappingNode) else ():
        if (
            isinstance(key, ScalarNode)
            and isinstance(value, MappingNode)
            and key.start <= offset < value.stop
        ):
            assert isinstance(resources, MappingNode)
            return TemplateResource(key, value, True, resources)
    return None


def _expect_type(body: MappingNode, expected: str) -> None:
    stated = body.get("Type")
    if not isinstance(stated, ScalarNode) or stated.text != expected:
        named = stated.text if isinstance(stated, ScalarNode) else "something else"
        raise RefusedError(f"the template declares it as {named}, whose properties have other names")


def _keys(
    node: YamlNode | None, path: tuple[str, ...]
) -> Iterator[tuple[MappingNode, ScalarNode, YamlNode, tuple[str, ...]]]:
    """Every key of a document, with its container, its value, and the keys above it."""
    if isinstance(node, MappingNode):
        for key, value in node.entries:
            if isinstance(key, ScalarNode):
                yield node, key, value, path
                yield from _keys(value, (*path, key.text))
    elif isinstance(node, SequenceNode):
        for each in node.items:
            yield from _keys(each, (*path, "[]"))


def item_at(items: SequenceNode, anchor: int) -> YamlNode:
    """The item of a list that contains an offset, or the only one."""
    for each in items.items:
        if each.start <= anchor < max(each.stop, each.start + 1):
            return each
    if len(items.items) == 1:
        return items.items[0]
    raise RefusedError("it is one of a list of several")


def plain_map(node: YamlNode) -> MappingNode:
    """A mapping that may be changed. Raises RefusedError for one that is shared, merged or computed."""
    if isinstance(node, Alias) or node.anchored:
        raise RefusedError("it is shared through a YAML anchor")
    if not isinstance(node, MappingNode):
        raise RefusedError("its value is not a literal")
    if node.tag.startswith("!"):
        raise RefusedError("its value is computed by a function")
    for key, _ in node.entries:
        name = key.text if isinstance(key, ScalarNode) else ""
        if name == "<<":
            raise RefusedError("it is shared through a YAML merge key")
        if name == "Ref" or name.startswith("Fn::"):
            raise RefusedError("its value is computed by a function")
    return node
