"""Links resources: finds every mention of one resource in another and gives it its kind."""

from mlwa_lint.files.keeping import is_kept, memory_of
from mlwa_lint.graph import kinds
from mlwa_lint.graph.edges import Edge, OpenEnd
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.graph.linking.leaves import ValueLeaf, is_read, leaves, literal_part, why
from mlwa_lint.graph.linking.naming import (
    Mention,
    Segment,
    alias_in,
    mention_in,
    names_of,
    outline,
    segments,
)
from mlwa_lint.graph.linking.permissions import permitted
from mlwa_lint.graph.linking.returned import opened
from mlwa_lint.graph.linking.wildcards import Named, has_wildcard
from mlwa_lint.model.conditions import Guard, TooManyScenariosError
from mlwa_lint.model.resources import Gap, Project, Resource
from mlwa_lint.model.spans import start_of
from mlwa_lint.model.values import (
    Reference,
    Scalar,
    Unknown,
    Value,
    known_text,
    references_in,
    returned,
)
from mlwa_lint.startup.patterns import lazy

# The identity of a reference to a role that no file of its configuration declares.
_UNDECLARED_ROLE = lazy(r"error:aws_iam_role\.[\w-]+ is not declared")
_ALARM_NAMES = lazy(r"""ALARM\(\s*+["']?([^"'()]++)["']?\s*+\)""")
# What alarms, scalable targets and endpoints name by text; rules report that nothing names it.
_NAMED_BY_TEXT = (kinds.ENDPOINT, kinds.ENDPOINT_CONFIG)

# What a job has that a workflow starts, and a workflow with steps.
_OF_WORKFLOWS = frozenset({"Steps", "Workflow"})


def link(project: Project) -> ResourceGraph:
    """The graph of a project. References, matching names, ARNs and URIs become edges."""
    if project.partial and not any(each.broken for each in project.gaps):
        broken = next((each.place for each in project.problems if each.fatal), "")
        what = f"{broken}, which is not valid," if broken else "a part of the sources that is not valid"
        gap = Gap(what, start_of(project.root))
        project = project._replace(gaps=(*project.gaps, gap))
    return _Linker(opened(project)).link()


class _Linker:
    def __init__(self, project: Project) -> None:
        self._project = project
        self._folded: dict[str, str] = {}
        self._types: dict[str, str] = {}
        self._names: dict[tuple[str, str], str] = {}
        self._edges: list[Edge] = []
        self._open: list[OpenEnd] = []
        self._named: dict[str, Named] = {}
        self._stacks = {each.address.rpartition(".")[0] for each in project.resources}
        # Whether a resource's edges rest on more than its content and what all are called.
        self._looked_further = False
        for resource in project.resources:
            self._types[resource.address] = resource.type
            for address in resource.folded:
                self._folded[address] = resource.address
            for name in names_of(resource):
                self._names.setdefault((resource.type, name), resource.address)

    def link(self) -> ResourceGraph:
        if is_kept():
            self._link_again()
        else:
            for resource in self._project.resources:
                self._link(resource)
        self._edges += permitted(self._project, self._edges)
        if any(each.type == kinds.KEY_ALIAS for each in self._project.resources):
            from mlwa_lint.graph.linking.aliases import behind_aliases

            self._edges += behind_aliases(self._project, self._edges)
        return ResourceGraph(self._project, self._edges, self._existing(self._open))

    def _existing(self, ends: list[OpenEnd]) -> list[OpenEnd]:
        """Those that some deployment has: `role[0]` of what has no instance is used by nothing."""
        known: dict[tuple[Guard, ...], bool] = {(): True}
        for end in ends:
            if end.guards not in known:
                known[end.guards] = self._can_hold(end.guards)
        return [end for end in ends if known[end.guards]]

    def _can_hold(self, guards: tuple[Guard, ...]) -> bool:
        try:
            return self._project.scenarios.possible({guard.condition.name: guard.holds for guard in guards})
        except TooManyScenariosError:
            return True

    def _link(self, resource: Resource) -> None:
        if resource.type == kinds.ALARM:
            self._link_alarm(resource)
        # What a nested stack is given is used by its resources, where these are known, and not by itself.
        given = resource.type == kinds.STACK and resource.address in self._stacks
        for leaf in leaves(resource.properties, resource.span, resource.guards):
            if not given or leaf.path[:1] != ("Parameters",):
                self._link_leaf(resource, leaf)
        if resource.type == kinds.ENDPOINT_CONFIG:
            self._link_variants(resource)
        if not _OF_WORKFLOWS.isdisjoint(resource.attributes.entries):
            from mlwa_lint.graph.linking.workflows import of_workflows

            self._edges += of_workflows(resource, self._address)

    def _link_again(self) -> None:
        """Links resources, those that are as before as they were."""
        from mlwa_lint.graph.linking.remembering import Linked, LinkedResource

        memory = memory_of(Linked, self._project.root) or Linked()
        memory.begin((self._types, self._names, self._folded))
        for resource in self._project.resources:
            linked = memory.find(resource)
            if linked is None:
                edges, open_ends, self._looked_further = len(self._edges), len(self._open), False
                self._link(resource)
                linked = LinkedResource(self._edges[edges:], self._open[open_ends:])
            else:
                self._edges += linked.edges
                self._open += linked.open_ends
                self._looked_further = False
            if not self._looked_further:
                memory.keep(resource, linked)

    def _address(self, address: str) -> str | None:
        """Where a reference leads: the resource itself, or the one that it was folded into."""
        if address in self._types:
            return address
        if address in self._folded:
            return self._folded[address]
        # `aws_x.y` where instances exist: a whole-resource mention of a counted resource.
        return None

    def _link_leaf(self, resource: Resource, leaf: ValueLeaf) -> None:
        if resource.type == kinds.ALARM and "Dimensions" in leaf.path:
            return
        detail: Value | None = None
        mention = mention_in(leaf.value)
        if mention is not None:
            detail = self._variant(mention)
            self._link_mention(resource, leaf, mention, detail)
        plain = isinstance(leaf.value, Scalar)
        found = [] if plain else [reference for reference, _ in references_in(leaf.value)]
        for reference in found:
            self._link_reference(resource, leaf, reference, detail)
        if resource.type == kinds.COMPOSITE_ALARM and leaf.path[-1:] == ("AlarmRule",):
            self._link_alarm_rule(resource, leaf)
        if mention is None:
            if not found:
                self._link_name(resource, leaf)
            elif wanted := kinds.named_type(resource.type, leaf.path):
                self._link_foreign(resource, leaf, wanted, detail)

    def _variant(self, mention: Mention) -> Value | None:
        if mention.target_type != kinds.ENDPOINT or not mention.rest:
            return None
        segment = mention.rest[0]
        if segment.literal is not None and not isinstance(segment.value, Reference):
            span = segment.value.span
            return Scalar(segment.literal, span, segment.value.assumed) if span is not None else None
        return segment.value

    def _link_reference(
        self, resource: Resource, leaf: ValueLeaf, reference: Reference, detail: Value | None
    ) -> None:
        target = self._address(reference.address)
        if target is None or target == resource.address:
            return
        self._add(resource, target, leaf, detail)

    def _link_mention(
        self, resource: Resource, leaf: ValueLeaf, mention: Mention, detail: Value | None
    ) -> None:
        if isinstance(mention.name.value, Reference):
            # The reference itself makes the edge.
            own = leaf._replace(value=mention.name.value)
            self._link_foreign(resource, own, mention.target_type, detail)
            return
        self._link_segment(resource, leaf, mention.target_type, mention.name, detail)

    def _link_foreign(self, resource: Resource, leaf: ValueLeaf, wanted: str, detail: Value | None) -> None:
        """What another resource gives: the name that a resource was given too, or what a program returns,
        which may be the name of any resource."""
        parts = segments(leaf.value)
        named = self._named_alike(wanted, parts[0]) if len(parts) == 1 else None
        if named is not None:
            if named != resource.address:
                self._add(resource, named, leaf, detail)
            return
        text = known_text(leaf.value)
        for reference, _ in references_in(leaf.value):
            target = self._address(reference.address)
            if target is not None and kinds.returns(self._types[target]) and self._types[target] != wanted:
                if text is None:
                    self._leave_open(resource, leaf, wanted, returned(reference).reason)
                else:  # a store gives back what was put there
                    self._leave_undeclared(resource, leaf, wanted, text)

    def _link_name(self, resource: Resource, leaf: ValueLeaf) -> None:
        wanted = kinds.named_type(resource.type, leaf.path)
        if wanted is None:
            return
        parts = segments(leaf.value)
        alias = alias_in(leaf.value, parts) if wanted == kinds.KEY else None
        if len(parts) == 1:
            self._link_segment(resource, leaf, wanted, parts[0], None)
        elif alias is not None:
            self._link_alias(resource, leaf, alias)
        elif leaf.path == ("ResourceId",) and parts[0].literal not in (None, "endpoint"):
            return  # a scalable target of another service: `table/orders`
        else:
            unknown = isinstance(leaf.value, Unknown)
            self._leave_open(resource, leaf, wanted, why(leaf.value) if unknown else "it is not wholly known")

    def _link_alias(self, resource: Resource, leaf: ValueLeaf, alias: Segment) -> None:
        """A key by an alias of it: one that the project declares, or another, as those of AWS."""
        target = self._named_alike(kinds.KEY_ALIAS, alias)
        if target is not None:
            self._add(resource, target, leaf)
        elif text := known_text(leaf.value):
            self._leave_undeclared(resource, leaf, kinds.KEY, text)
        else:
            self._leave_open(resource, leaf, kinds.KEY, why(leaf.value))

    def _link_segment(
        self, resource: Resource, leaf: ValueLeaf, wanted: str, name: Segment, detail: Value | None
    ) -> None:
        target = self._named_alike(wanted, name)
        if target is not None:
            if target != resource.address:
                self._add(resource, target, leaf, detail)
            return
        candidates = _candidates(wanted)
        if kinds.is_policy_path(leaf.path) and has_wildcard(name):
            self._link_wildcard(resource, leaf, candidates, name)
        elif name.literal is not None:
            unknown = self._unknown_as(wanted, name)
            if unknown is None:
                self._leave_undeclared(resource, leaf, wanted, name.literal)
            else:
                self._leave_open(resource, leaf, wanted, f"it may be {unknown}, whose name is not known")
        else:
            # What starts or ends otherwise than all names of the project is outside of it.
            outside = None if self._may_be_here(candidates, name) else ""
            form = outline(name.value)
            self._leave_open(resource, leaf, wanted, why(name.value), outside=outside, form=form)

    def _unknown_as(self, wanted: str, name: Segment) -> str | None:
        """A resource whose name is not known that a known name may be; what only hosting names by text."""
        if wanted not in _NAMED_BY_TEXT:
            return None
        self._looked_further = True
        return self._of_type(wanted).unknown_as(name)

    def _may_be_here(self, candidates: tuple[str, ...], name: Segment) -> bool:
        if not isinstance(name.value, Unknown) or not name.value.parts:
            return True
        self._looked_further = True
        return any(self._of_type(each).may_be_called(name) for each in candidates)

    def _of_type(self, candidate: str) -> Named:
        if candidate not in self._named:
            own = (each for each in self._project.resources if each.type == candidate)
            self._named[candidate] = Named(own)
        return self._named[candidate]

    def _named_alike(self, wanted: str, name: Segment) -> str | None:
        """The resource of a type whose own name is certainly the same text."""
        found = (self._names.get((each, name.identity)) for each in _candidates(wanted))
        return next((each for each in found if each is not None), None) if name.identity else None

    def _link_wildcard(
        self, resource: Resource, leaf: ValueLeaf, candidates: tuple[str, ...], name: Segment
    ) -> None:
        """A policy applies to every resource whose name it covers."""
        self._looked_further = True
        for candidate in candidates:
            for address, answer in self._of_type(candidate).covered_by(name):
                if answer.verdict == "undecided":
                    self._leave_open(resource, leaf, candidate, answer.reasons[0])
                elif address != resource.address:
                    self._add(resource, address, leaf)

    def _leave_undeclared(self, resource: Resource, leaf: ValueLeaf, wanted: str, name: str) -> None:
        what = f"{wanted.rpartition('::')[2]} {name}" if name else "what it names"
        self._leave_open(resource, leaf, wanted, f"{what} is not declared here", outside=name)

    def _leave_open(
        self,
        resource: Resource,
        leaf: ValueLeaf,
        wanted: str,
        reason: str,
        outside: str | None = None,
        form: str = "",
    ) -> None:
        if isinstance(leaf.value, Unknown) and _UNDECLARED_ROLE.match(leaf.value.identity):
            return  # Terraform refuses it: nothing acts with that role
        if leaf.path and kinds.counts_declared_only(resource.type, leaf.path):
            self._looked_further = True
            if outside or wanted not in self._types.values():
                return
        kind = kinds.kind_of(resource.type, leaf.path, wanted)
        known = outside is not None
        end = OpenEnd(
            resource.address, wanted, kind, reason, leaf.guards, leaf.path, known, outside or "", form
        )
        self._open.append(end)

    def _add(self, resource: Resource, target: str, leaf: ValueLeaf, detail: Value | None = None) -> None:
        kind = kinds.kind_of(resource.type, leaf.path, self._types[target])
        self._edges.append(Edge(resource.address, target, kind, leaf.guards, leaf.span, leaf.path, detail))

    # -- what needs a closer look

    def _link_variants(self, config: Resource) -> None:
        """Variants that are not known may host any model."""
        from mlwa_lint.graph.linking.variants import unread_variants

        for leaf in unread_variants(config):
            self._leave_open(config, leaf, kinds.MODEL, why(leaf.value))

    def _link_alarm(self, alarm: Resource) -> None:
        from mlwa_lint.graph.linking.watching import DIMENSIONS, unread_of, watched_by

        for wanted, leaf, variant in watched_by(alarm):
            found = references_in(leaf.value)
            for reference, _ in found:
                self._link_reference(alarm, leaf, reference, variant)
            if found:
                self._link_foreign(alarm, leaf, wanted, variant)
            else:
                self._link_segment(alarm, leaf, wanted, segments(leaf.value)[0], variant)
        for unread, guards in unread_of(alarm):
            for wanted in dict.fromkeys(DIMENSIONS.values()):
                leaf = ValueLeaf(("Dimensions",), unread.span, unread, guards)
                self._leave_open(alarm, leaf, wanted, unread.reason)

    def _link_alarm_rule(self, composite: Resource, leaf: ValueLeaf) -> None:
        for name in _ALARM_NAMES.findall(literal_part(leaf.value)):
            target = self._names.get((kinds.ALARM, f"={name}")) or self._names.get(
                (kinds.COMPOSITE_ALARM, f"={name}")
            )
            if target is not None and target != composite.address:
                self._add(composite, target, leaf)
        if isinstance(leaf.value, Unknown) and not is_read(leaf.value):
            self._leave_open(composite, leaf, kinds.ALARM, leaf.value.reason)


def _candidates(wanted: str) -> tuple[str, ...]:
    """The types that a name may be of where one of a type is wanted."""
    return kinds.JOB_DEFINITIONS if wanted in kinds.JOB_DEFINITIONS else (wanted,)
