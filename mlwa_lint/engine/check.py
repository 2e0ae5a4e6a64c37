"""Runs rules over a project's graph, in every world that they ask about, and sums the answers up."""

from collections.abc import Callable, Iterator, Sequence

from mlwa_lint.engine.guard import RuleFaultError, TimeLimit, TimeLimitError, mistakes_of
from mlwa_lint.engine.merge import MergeKey, WorldOutcome, WorldPath, condition_text, merge
from mlwa_lint.engine.scope import Scoping
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.graph.worlds import World, explore
from mlwa_lint.model.answers import YES, Answer
from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.findings import Finding, Place, RuleError, Scope, Undecided
from mlwa_lint.model.resources import Resource
from mlwa_lint.model.spans import Span, start_of
from mlwa_lint.rule import Claim, Rule
from mlwa_lint.startup.records import NamedTuple

# How long one rule may take for a whole project; further seconds are given for a thousand resources.
RULE_SECONDS = 5.0
SECONDS_PER_THOUSAND = 1.0


class Outcome(NamedTuple):
    """What the rules found in one project."""

    findings: tuple[Finding, ...]
    undecided: tuple[Undecided, ...]
    errors: tuple[RuleError, ...]
    resources: int


def check(
    graph: ResourceGraph, rules: Sequence[Rule], required_tags: tuple[str, ...] = (), scope: Scope = "ml"
) -> Outcome:
    """Findings of some rules in a linked project, sorted by place and code.

    required_tags: the tag keys that the configuration asks for.
    scope:         whether resources of general types are judged only where the graph ties them to ML.
    """
    run = _Run(graph, required_tags, scope)
    for rule in rules:
        run.apply(rule)
    findings = sorted(run.findings, key=lambda f: (f.span, f.code, f.address, f.message))
    undecided = sorted(run.undecided, key=lambda u: (u.span, u.code, u.address))
    return Outcome(tuple(findings), tuple(undecided), tuple(run.errors), len(graph.project.resources))


OUT_OF_SCOPE = WorldOutcome((), ())


class _Run:
    def __init__(self, graph: ResourceGraph, required_tags: tuple[str, ...], scope: Scope) -> None:
        self.graph = graph
        self.scoping = Scoping(graph, scope)
        self.required_tags = required_tags
        self.findings: list[Finding] = []
        self.undecided: list[Undecided] = []
        self.errors: dict[RuleError, None] = {}

    def apply(self, rule: Rule) -> None:
        """Asks a rule about everything that it wants to see; what it does wrong becomes an error."""
        project = self.graph.project
        seconds = RULE_SECONDS + SECONDS_PER_THOUSAND * len(project.resources) / 1000
        try:
            with TimeLimit(seconds):
                self._ask(rule)
        except TimeLimitError:
            self._failed(rule, project.root, f"it took more than {seconds:.0f} seconds and was stopped")
        except Exception as error:  # noqa: BLE001 - a faulty rule must not hide what the others find
            self._failed(rule, project.root, _told(error))

    def _failed(self, rule: Rule, path: str, message: str) -> None:
        self.errors[RuleError(rule.code, path, message)] = None

    def _ask(self, rule: Rule) -> None:
        types = self._types(rule.on)
        if rule.project_check is not None:
            if types:
                self._apply_to_project(rule)
            return
        for resource_type in types:
            for resource in self.graph.by_type[resource_type]:
                self._apply_to(rule, resource)

    def _types(self, patterns: tuple[str, ...]) -> list[str]:
        """The types of the graph that a rule wants to see."""
        present = self.graph.by_type
        found = [each for each in patterns if each in present]
        prefixes = tuple(each[:-1] for each in patterns if each.endswith("*"))
        if prefixes:
            found += [each for each in present if each.startswith(prefixes) and each not in found]
        return found

    def _apply_to_project(self, rule: Rule) -> None:
        check = rule.project_check
        assert check is not None
        project = self.graph.project

        def look(world: World) -> WorldOutcome:
            return _spoken(check(GraphView(self.graph, world, self.required_tags)), world)

        self._record(rule, look, (), project.root, start_of(project.root))

    def _apply_to(self, rule: Rule, resource: Resource) -> None:
        check = rule.check
        assert check is not None
        tied = self.scoping.of(rule, resource)
        if tied is not None and tied.verdict == "no":
            return

        def look(world: World) -> WorldOutcome:
            view, graph = ResourceView(resource, world), GraphView(self.graph, world, self.required_tags)
            judged = self.scoping.within(view, graph) if tied is None else tied
            if judged.verdict == "no":
                return OUT_OF_SCOPE
            return _spoken(check(view, graph), world, judged)

        self._record(rule, look, resource.guards, resource.address, resource.span)

    def _record(
        self,
        rule: Rule,
        look: Callable[[World], WorldOutcome],
        guards: tuple[Guard, ...],
        address: str,
        span: Span,
    ) -> None:
        try:
            tree = explore(self.graph.project.scenarios, guards, look)
            if tree is None:
                return
            merged = merge(tree)
            findings = [self._finding(rule, key, paths) for key, paths in merged.found.items()]
        except (TimeLimitError, KeyboardInterrupt):
            raise
        except BaseException as error:  # noqa: BLE001 - not even sys.exit in a rule ends the run
            self._failed(rule, span.path, _told(error))
            return
        self.findings += findings
        if merged.undecided:
            self.undecided.append(Undecided(rule.code, rule.name, address, span, merged.undecided))

    def _finding(self, rule: Rule, key: MergeKey, paths: tuple[WorldPath, ...]) -> Finding:
        resource = self.graph.by_address[key.address]
        return Finding(
            code=rule.code,
            name=rule.name,
            severity=key.severity or rule.severity,
            pillar=rule.pillar,
            practices=rule.practices,
            controls=rule.controls,
            message=key.message,
            span=key.span,
            address=key.address,
            resource_type=resource.type,
            resource_span=resource.span,
            help=rule.help,
            related=tuple(Place(span, text) for span, text in key.related),
            condition=condition_text(paths, key.assumed),
            reason=rule.reason,
            remedy=(key.remedy or rule.remedy).in_language(resource.vocabulary.language),
        )


def _told(error: BaseException) -> str:
    return str(error) if isinstance(error, RuleFaultError) else f"{type(error).__name__}: {error}"


def _spoken(mistakes: Iterator[Claim], world: World, judged: Answer = YES) -> WorldOutcome:
    """What a check claims in one world; `judged` tells whether the resource is to be judged at all."""
    said: list[Claim] = []
    for mistake in mistakes_of(mistakes):
        if judged.verdict != "yes" or judged.assumed:
            mistake = mistake._replace(answer=mistake.answer & judged)
        answer = mistake.answer
        if answer.verdict == "yes" and not world.allows(answer.assumed):
            # The conditions of this world tell that a parameter has another value than its default.
            world.undecided.append(f"{' and '.join(sorted(answer.assumed))} cannot hold there")
        elif answer.verdict != "no":
            said.append(mistake)
    return WorldOutcome(tuple(said), tuple(world.undecided))
