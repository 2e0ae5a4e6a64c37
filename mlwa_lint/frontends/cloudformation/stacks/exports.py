"""Stacks that hand values to one another become one project.

`Fn::ImportValue` leads to what another stack exports, and a name in Systems Manager (`{{resolve:ssm:/name}}`,
a parameter of the type `AWS::SSM::Parameter::Value`) to what the only stack that declares it writes there.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import PurePosixPath
from types import MappingProxyType

from mlwa_lint.frontends.cloudformation.export_names import (
    ENDING,
    end_of,
    fitting,
    is_called,
    open_name,
    stack_of,
)
from mlwa_lint.frontends.cloudformation.syntax.nodes import MapNode, TextNode
from mlwa_lint.frontends.cloudformation.syntax.reader import expression
from mlwa_lint.frontends.cloudformation.template import Template
from mlwa_lint.frontends.evaluator import evaluate
from mlwa_lint.frontends.texts import changed
from mlwa_lint.model.conditions import Scenarios
from mlwa_lint.model.resources import Gap, Problem, Project, Resource
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    MapValue,
    Reference,
    Unknown,
    Value,
    assume,
    known_text,
)
from mlwa_lint.startup.records import NamedTuple

_IMPORT = "export "
_STORED = "resolve:ssm:"
_PARAMETER = "AWS::SSM::Parameter"
# The first version of a parameter is what its template writes; a later one may be what it wrote once.
_FIRST = ":1"
# How the unknown values of parameters are called.
_GIVEN, _OF = "parameter ", " of "
# The custom resource by which the CDK writes values for stacks in other Regions, and how their names begin.
_WRITER = "Custom::CrossRegionExportWriter"
_CROSSING = "/cdk/exports/"


def exports_of(template: Template, handed: Mapping[str, str] = MappingProxyType({})) -> dict[str, Value]:
    """The exports of a template and of those that it nests, by name, where names are known.

    handed: the outputs that a script gives to another template as parameters, and the name of the script.
    """
    found = _handed(template, handed)
    for part in template.all_parts():
        for _, body in part.section("Outputs").entries:
            export = body.get("Export") if isinstance(body, MapNode) else None
            name = export.get("Name") if isinstance(export, MapNode) else None
            value = body.get("Value") if isinstance(body, MapNode) else None
            if name is None or value is None:
                continue
            named = evaluate(expression(name), part.scope)
            open_ones = (_open(named), open_name(end_of(named)))
            for key in {known_text(named) or "", *open_ones} - {""}:
                found[key] = evaluate(expression(value), part.scope)
        found |= _written(part)
    return found


def _handed(template: Template, handed: Mapping[str, str]) -> dict[str, Value]:
    """The outputs that a script hands over, by how the other template calls them."""
    found: dict[str, Value] = {}
    for name, body in template.section("Outputs").entries if handed else ():
        value = body.get("Value") if isinstance(body, MapNode) else None
        if name.text in handed and value is not None:
            assumed = frozenset({f"the value of {name.text} as {handed[name.text]} passes it"})
            found[f"{_GIVEN}{name.text}"] = assume(evaluate(expression(value), template.scope), assumed)
    return found


def _open(name: Value) -> str:
    """A name that is not known, by what makes it equal to others (those of the Region alone)."""
    return f"={name.identity}" if isinstance(name, Unknown) and name.identity else ""


def _written(part: Template) -> dict[str, Value]:
    """What a template writes to Systems Manager for certain, by how it is read from there."""
    found: dict[str, Value] = {}
    for _, body in part.section("Resources").entries:
        if not isinstance(body, MapNode) or body.get("Condition") is not None:
            continue
        kind = body.get("Type")
        properties = body.get("Properties")
        if isinstance(kind, TextNode) and kind.text == _WRITER and isinstance(properties, MapNode):
            found |= _crossing(properties, part)
        if not isinstance(kind, TextNode) or kind.text != _PARAMETER:
            continue
        name = properties.get("Name") if isinstance(properties, MapNode) else None
        value = properties.get("Value") if isinstance(properties, MapNode) else None
        named = None if name is None else evaluate(expression(name), part.scope)
        if named is None or value is None:
            continue
        text = known_text(named) or (named.identity if isinstance(named, Unknown) else "")
        if text:
            # Another stack may have written to it since.
            shown = known_text(named) or _ending_of(named)
            assumed = frozenset({f"the value of {shown} as its stack writes it"})
            found[f"{_STORED}{text}"] = assume(evaluate(expression(value), part.scope), assumed)
    return found


def _ending_of(name: Value) -> str:
    """How a parameter is called of whose name a part is known."""
    parts = name.parts if isinstance(name, Unknown) else ()
    known = [each for each in parts if isinstance(each, str)]
    return f"the parameter that ends in {known[-1]}" if known else "a parameter"


def linked_within(project: Project) -> Project:
    """The project, in which names in Systems Manager lead to what its own stacks write there."""
    written = {key: value for key, value in project.exports.items() if key.startswith(_STORED)}
    if not written or not any(key in written for key in _imported(project)):
        return project
    return project._replace(resources=tuple(_linked(each, {}, written) for each in project.resources))


def _crossing(properties: MapNode, part: Template) -> dict[str, Value]:
    """What the CDK's writer hands to stacks in other Regions."""
    stated = properties.get("WriterProps")
    exports = stated.get("exports") if isinstance(stated, MapNode) else None
    if not isinstance(exports, MapNode):
        return {}
    return {
        name.text: evaluate(expression(value), part.scope)
        for name, value in exports.entries
        if name.text.startswith(_CROSSING)
    }


def _key_of(value: Value) -> str | None:
    """How a value is read from another stack: the name of an export or a parameter, with its known parts."""
    if isinstance(value, Reference):
        return value.attribute if value.attribute.startswith(_CROSSING) else None
    if not isinstance(value, Unknown):
        return None
    if f".{_CROSSING}" in value.identity:  # what the CDK's reader gives
        return _CROSSING + value.identity.partition(f".{_CROSSING}")[2]
    if value.identity.startswith(_STORED):
        return value.identity.removesuffix(_FIRST)
    if value.identity.startswith(_GIVEN):
        return value.identity.partition(_OF)[0]
    return value.identity.removeprefix(_IMPORT) if value.identity.startswith(_IMPORT) else None


class _Link(NamedTuple):
    """What a stack imports: from which other, under which name there, and where it is read first.

    stack: the name of the other one, where the name of its file shows that it has it.
    """

    giver: Project
    name: str
    span: Span
    stack: str = ""


def link_exports(
    projects: Sequence[Project],
    handed: Mapping[tuple[str, str], tuple[str, str]] = MappingProxyType({}),
) -> list[Project]:
    """The same projects, in which those that import from one another, or act with its roles, are one.

    Give it the templates of one repository that have to do with one another. An export that two of them
    declare (the same template for two regions) links nothing but templates beside one of them. Addresses
    that two stacks of a group share get the file's name in front.

    handed: the template of which a script gives an output to another one, and the name of that output, by
    the path of that one and the name of its parameter.
    """
    from mlwa_lint.frontends.cloudformation.stacks.named_roles import ties_by_roles

    links = _links(projects, handed)
    groups = list(range(len(projects)))
    positions = {id(project): position for position, project in enumerate(projects)}
    imports = [
        (positions[id(link.giver)], position)
        for position, found in enumerate(links)
        for link in found.values()
    ]
    for giver, position in (*imports, *ties_by_roles(projects)):
        groups = [groups[giver] if each == groups[position] else each for each in groups]
    linked: list[Project] = []
    for group in dict.fromkeys(groups):
        members = [position for position, each in enumerate(groups) if each == group]
        if len(members) == 1:
            linked.append(projects[members[0]])
        else:
            linked.append(_merged([projects[each] for each in members], [links[each] for each in members]))
    return linked


def _links(
    projects: Sequence[Project], handed: Mapping[tuple[str, str], tuple[str, str]]
) -> list[dict[str, _Link]]:
    """What each project imports from another, by the key that it is read with."""
    exporters: dict[str, list[Project]] = {}
    for project in projects:
        for name in project.exports:
            exporters.setdefault(name, []).append(project)
    found: list[dict[str, _Link]] = []
    for project in projects:
        links: dict[str, _Link] = {}
        for key, span in _imported(project).items() if exporters else ():
            if key.startswith(_GIVEN):
                giver, output = handed.get((project.root, key.removeprefix(_GIVEN)), ("", ""))
                name = f"{_GIVEN}{output}"
                givers = [each for each in exporters.get(name, ()) if each.root == giver]
                if givers:
                    links[key] = _Link(givers[0], name, span)
            elif (link := _link(project, key, span, exporters)) is not None:
                links[key] = link
        found.append(links)
    return found


def _link(project: Project, key: str, span: Span, exporters: Mapping[str, list[Project]]) -> _Link | None:
    name, is_open, end = key.partition(ENDING)
    exact = f"={name}" if is_open else name
    if exact in exporters:
        giver = _nearest(project, exporters[exact])
        return None if giver is None else _Link(giver, exact, span)
    if name.startswith((_STORED, _CROSSING)):
        return None
    others = [
        each
        for each, givers in exporters.items()
        if not each.startswith(("=", _STORED, _CROSSING, _GIVEN))
        and any(giver is not project for giver in givers)
    ]
    names = fitting(open_name(end) if is_open else name, others)
    givers = [giver for each in names for giver in exporters[each] if giver is not project]
    if len(names) != 1:
        return None
    giver = _nearest(project, givers)
    if giver is not None:
        return _Link(giver, names[0], span)
    stack = "" if is_open else stack_of(name, names[0])
    named = [each for each in givers if stack and is_called(each.root, stack)]
    return _Link(named[0], names[0], span, stack) if len(named) == 1 else None


def _nearest(project: Project, exporters: Sequence[Project]) -> Project | None:
    """The one that a project imports from: the only one, or the only one beside it."""
    if len(exporters) == 1:
        return exporters[0]
    folder = PurePosixPath(project.root).parent
    beside = [each for each in exporters if PurePosixPath(each.root).parent == folder]
    return beside[0] if len(beside) == 1 else None


def _imported(project: Project) -> dict[str, Span]:
    """What a project imports, and where it does first."""
    names: dict[str, Span] = {}

    def note(value: Value) -> Value | None:
        if (key := _key_of(value)) is not None and value.span is not None:
            names.setdefault(key, value.span)
        return None

    for resource in project.resources:
        changed(resource.properties, note)
    return names


class _Together:
    """The scenarios of several stacks: each has its own conditions."""

    def __init__(self, members: Sequence[Scenarios]) -> None:
        self._members = members

    def possible(self, answers: Mapping[str, bool]) -> bool:
        """Whether every stack can have its answers."""
        return all(member.possible(answers) for member in self._members)


def _merged(projects: Sequence[Project], links: Sequence[Mapping[str, _Link]]) -> Project:
    renamed = _new_addresses(projects)
    moved: dict[str, dict[str, Value]] = {}
    for project, addresses in zip(projects, renamed, strict=True):
        for name, value in project.exports.items():
            moved.setdefault(name, {})[project.root] = changed(value, partial(_moved, addresses))
    exported = {name: next(iter(found.values())) for name, found in moved.items() if len(found) == 1}
    resources = [
        _linked(resource, addresses, {key: moved[link.name][link.giver.root] for key, link in found.items()})
        for project, addresses, found in zip(projects, renamed, links, strict=True)
        for resource in project.resources
    ]
    problems = [
        problem
        for project, found in zip(projects, links, strict=True)
        for problem in (*project.problems, *_notices(found))
    ]
    return Project(
        root=projects[0].root,
        resources=tuple(resources),
        scenarios=_Together([project.scenarios for project in projects]),
        gaps=tuple(
            _gap(gap, addresses)
            for project, addresses in zip(projects, renamed, strict=True)
            for gap in project.gaps
        ),
        problems=tuple(problems),
        sources=tuple(dict.fromkeys(source for project in projects for source in project.sources)),
        partial=any(project.partial for project in projects),
        exports=exported,
        roots={
            addresses.get(each.address, each.address): project.root
            for project, addresses in zip(projects, renamed, strict=True)
            for each in project.resources
        },
    )


def _notices(links: Mapping[str, _Link]) -> Iterator[Problem]:
    """Reports which export was taken for one of which only the end is known."""
    for key, link in links.items():
        name, _, end = key.partition(ENDING)
        if link.name in (name, f"={name}") or key.startswith(_GIVEN):
            continue
        what = f"the export that ends in {end}" if end else f"the export {name}"
        only = f"that of the stack {link.stack}" if link.stack else "the only one of the repository that fits"
        message = f"{what} is taken to be {only}, in {link.giver.root}"
        yield Problem(link.span.path, link.span.line, message, fatal=False, quiet=True)


def _new_addresses(projects: Sequence[Project]) -> list[dict[str, str]]:
    """New addresses for those that another stack has too, by the name of the stack's file or its path."""
    stacks = Counter(address for each in projects for address in {one.address for one in each.resources})
    stems = Counter(_stem_of(PurePosixPath(project.root)) for project in projects)
    found = []
    for project in projects:
        path = PurePosixPath(project.root)
        stem = _stem_of(path)
        # Files of several folders are often called alike.
        front = stem if stems[stem] == 1 else str(path.with_name(stem))
        shared = (each.address for each in project.resources if stacks[each.address] > 1)
        found.append({address: f"{front}.{address}" for address in shared})
    return found


def _stem_of(path: PurePosixPath) -> str:
    return path.name.split(".")[0]


def _linked(resource: Resource, addresses: Mapping[str, str], exported: Mapping[str, Value]) -> Resource:
    def change(value: Value) -> Value | None:
        if isinstance(value, (Reference, Unknown)) and (key := _key_of(value)) is not None:
            found = exported.get(key)
            return None if found is None else assume(found, value.assumed)._replace(span=value.span)
        return _moved(addresses, value)

    properties, attributes = changed(resource.properties, change), changed(resource.attributes, change)
    assert isinstance(properties, MapValue)
    assert isinstance(attributes, MapValue)
    address = addresses.get(resource.address, resource.address)
    return resource._replace(address=address, properties=properties, attributes=attributes)


def _gap(gap: Gap, addresses: Mapping[str, str]) -> Gap:
    if gap.inputs is None:
        return gap
    return gap._replace(inputs=tuple(changed(value, partial(_moved, addresses)) for value in gap.inputs))


def _moved(addresses: Mapping[str, str], value: Value) -> Value | None:
    if isinstance(value, Reference) and value.address in addresses:
        return value._replace(address=addresses[value.address])
    return None
