"""Runs rules over a project's graph, in every world that they distinguish, and merges the results."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

from mlwa_lint.engine.counting import FAILED, PASSED, UNDECIDED, difference, open_among, settled
from mlwa_lint.engine.guard import ProcessorLimit, ProcessorLimitError, RuleFaultError, claims_of
from mlwa_lint.engine.interests import interests_of
from mlwa_lint.engine.outcomes import Defect, Merged, WorldOutcome
from mlwa_lint.engine.scope import Scoping
from mlwa_lint.files import PROGRAMS
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.graph.worlds import Leaf, Patience, World, WorldTree, explore, leaves_of
from mlwa_lint.model.answers import YES, Answer
from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.findings import (
    Checked,
    Finding,
    RuleError,
    Scope,
    Undecided,
)
from mlwa_lint.model.resources import Problem, Resource
from mlwa_lint.model.spans import Span, start_of
from mlwa_lint.rule import Claim, Rule
from mlwa_lint.startup.records import NamedTuple

if TYPE_CHECKING:
    from mlwa_lint.engine.recall import Recall, Recorded
    from mlwa_lint.engine.weighing import Practices

# How much processor time one rule may take for a whole project, and what it gets on top for a thousand
# resources: a hundred times what any built-in rule needs, so that a slow machine makes no difference.
RULE_SECONDS = 20.0
SECONDS_PER_THOUSAND = 5.0


class Outcome(NamedTuple):
    """What the rules found in one project. problems: rules that were stopped because they took too long."""

    findings: tuple[Finding, ...]
    undecided: tuple[Undecided, ...]
    errors: tuple[RuleError, ...]
    resources: int
    problems: tuple[Problem, ...] = ()
    checked: tuple[Checked, ...] = ()


def check(
    graph: ResourceGraph,
    rules: Sequence[Rule],
    required_tags: tuple[str, ...] = (),
    scope: Scope = "ml",
    recall: "Recall | None" = None,
    before_each: Callable[[], None] | None = None,
) -> Outcome:
    """Findings of some rules in a linked project, sorted by place and code.

    required_tags: the tag keys that the configuration requires.
    scope:         whether resources of general types are checked only where the graph ties them to ML.
    recall:        results for the graph before; a rule is applied again where its result may be different.
    before_each:   called before each rule: to give way to something else, or to end the check by raising.
    """
    run = _Run(graph, required_tags, scope, recall)
    for rule, types in interests_of(tuple(rules)).among(graph.by_type):
        if before_each is not None:
            before_each()
        run.apply(rule, types)
    findings = sorted(run.findings, key=lambda f: (f.span, f.code, f.address, f.message))
    undecided = sorted(
        settled(run.undecided, run.findings, run.counts), key=lambda u: (u.span, u.code, u.address)
    )
    return Outcome(
        tuple(findings),
        tuple(undecided),
        tuple(run.errors),
        len(run.project.resources),
        tuple(run.problems),
        tuple(Checked(code, *counts) for code, counts in sorted(run.counts.items())),
    )


# Used for a project as a whole in place of an address.
WHOLE = ""
_NOTHING_COUNTED = (0, 0, 0)
OUT_OF_SCOPE = WorldOutcome((), (), judged=False)


class _Run:
    def __init__(
        self, graph: ResourceGraph, required_tags: tuple[str, ...], scope: Scope, recall: "Recall | None"
    ) -> None:
        self.graph = graph
        self.project = graph.project
        self.purpose = self.project.purpose
        self.languages = frozenset(each.vocabulary.language for each in self.project.resources)
        self.recall = recall
        self.scoping = Scoping(graph, scope)
        self.required_tags = required_tags
        self.findings: list[Finding] = []
        self.undecided: list[Undecided] = []
        self.errors: dict[RuleError, None] = {}
        self._patience = Patience()  # with the current rule
        self._done = 0  # to how many resources the current rule was applied
        self.counts: dict[str, list[int]] = {}  # how many, as in counting.py
        self.problems: list[Problem] = []

    @cached_property
    def _practices(self) -> "Practices | None":
        from mlwa_lint.engine.weighing import practices_of

        return practices_of(self.project)

    def apply(self, rule: Rule, types: Iterable[str]) -> None:
        """Applies a rule to all resources of some types; what it does wrong becomes an error."""
        root = self.project.root
        seconds = RULE_SECONDS + SECONDS_PER_THOUSAND * len(self.project.resources) / 1000
        subjects = [(root, start_of(root))] if rule.project_check is not None else []
        resources = [] if subjects else [r for each in types for r in self.graph.by_type[each]]
        subjects += [(resource.address, resource.span) for resource in resources]
        self._done = 0
        self._patience = Patience()
        try:
            with ProcessorLimit(seconds):
                recorded = self._recorded(rule)
                if rule.project_check is not None:
                    self._recall_or(rule, WHOLE, recorded, partial(self._apply_to_project, rule))
                for resource in resources:
                    if recorded is None:
                        self._apply_to(rule, resource)
                    else:
                        apply = partial(self._apply_to, rule, resource)
                        self._recall_or(rule, resource.address, recorded, apply)
                    self._done += 1
        except ProcessorLimitError:
            self._stopped(rule, seconds, subjects[self._done :])
        except Exception as error:  # noqa: BLE001 - a faulty rule must not hide what the others find
            self._failed(rule, root, _message(error))

    def _recorded(self, rule: Rule) -> "Mapping[str, Recorded] | None":
        """What is known from before of a rule's results, by address; None where nothing is recorded."""
        if self.recall is None or self.graph.tracer is None:
            return None
        return self.recall.of_rule(rule.code)

    def _recall_or(
        self,
        rule: Rule,
        address: str,
        recorded: "Mapping[str, Recorded] | None",
        apply: Callable[[], None],
    ) -> None:
        """Takes a rule's result for a resource from before, or applies the rule and records the result."""
        if recorded is None:
            apply()
        elif (known := recorded.get(address)) is not None:
            self._take(rule, known)
        else:
            self._record_result(rule, address, apply)

    def _take(self, rule: Rule, known: "Recorded") -> None:
        if known.findings:
            self.findings += known.findings
        if known.undecided:
            self.undecided += known.undecided
        if known.counted is not None:
            self.counts.setdefault(rule.code, [0, 0, 0])[known.counted] += 1

    def _record_result(self, rule: Rule, address: str, apply: Callable[[], None]) -> None:
        from mlwa_lint.engine.recall import Recorded
        from mlwa_lint.graph.tracing import resource_key

        recall, tracer = self.recall, self.graph.tracer
        assert recall is not None
        assert tracer is not None
        found, undecided, errors = len(self.findings), len(self.undecided), len(self.errors)
        before = list(self.counts.get(rule.code, _NOTHING_COUNTED))
        with tracer.collecting() as read:
            if address != WHOLE:
                tracer.note(resource_key(address))
            apply()
        counted = difference(before, self.counts.get(rule.code, _NOTHING_COUNTED))
        result = Recorded(
            tuple(self.findings[found:]), tuple(self.undecided[undecided:]), counted, frozenset(read)
        )
        if len(self.errors) == errors:
            recall.keep(rule.code, address, result)

    def _failed(self, rule: Rule, path: str, message: str) -> None:
        self.errors[RuleError(rule.code, path, message, rule.package, rule.link)] = None

    def _stopped(self, rule: Rule, seconds: float, left: Sequence[tuple[str, Span]]) -> None:
        """Leaves a rule undecided for the resources that it did not reach; that is reported once."""
        took = f"it took more than {seconds:.0f} seconds of processor time"
        for address, span in left:
            self.undecided.append(
                Undecided(rule.code, rule.name, address, span, (took,), False, rule.severity)
            )
        message = f"rule {rule.code} was stopped because {took}; what it did not reach is undecided"
        self.problems.append(Problem(self.project.root, 1, message, fatal=False))

    def _apply_to_project(self, rule: Rule) -> None:
        check = rule.project_check
        assert check is not None
        project = self.project
        if self.languages and self.languages.isdisjoint(rule.languages):
            return

        def evaluate(world: World) -> WorldOutcome:
            return _claims_in(check(GraphView(self.graph, world, self.required_tags)), world)

        self._record(rule, evaluate, (), project.root, start_of(project.root))

    def _apply_to(self, rule: Rule, resource: Resource) -> None:
        check = rule.check
        assert check is not None
        tied = self.scoping.of(rule, resource)
        if tied is not None and tied.verdict == "no":
            return
        if resource.vocabulary.language not in rule.languages:
            return

        def evaluate(world: World) -> WorldOutcome:
            view, graph = ResourceView(resource, world), GraphView(self.graph, world, self.required_tags)
            judged = self.scoping.within(view, graph) if tied is None else tied
            if judged.verdict == "no":
                return OUT_OF_SCOPE
            return _claims_in(check(view, graph), world, judged)

        silent = tied is None and self._claims_nothing(check, resource)
        taken = _nothing_in if silent else evaluate
        self._record(rule, taken, resource.guards, resource.address, resource.span)

    def _claims_nothing(self, check: Callable[..., Iterator[Claim]], resource: Resource) -> bool:
        """Whether a check claims nothing in any world, whatever the resource is for.

        What it is for can depend on many conditions, which are not read for nothing.
        """

        def evaluate(world: World) -> WorldOutcome:
            view, graph = ResourceView(resource, world), GraphView(self.graph, world, self.required_tags)
            found = _claims_in(check(view, graph), world)
            if found.claims or found.undecided:
                raise _ClaimedError  # at once: no other world is read
            return found

        try:
            tree = explore(self.graph.scenarios, resource.guards, evaluate, patience=self._patience)
        except ProcessorLimitError:
            raise
        except Exception:  # noqa: BLE001 - a faulty rule fails again where that is reported
            return False
        return tree is not None and all(leaf.outcome is not None for leaf in leaves_of(tree))

    def _record(
        self,
        rule: Rule,
        evaluate: Callable[[World], WorldOutcome],
        guards: tuple[Guard, ...],
        address: str,
        span: Span,
    ) -> None:
        try:
            tree = explore(self.graph.scenarios, guards, evaluate, patience=self._patience)
            if tree is None:
                return
            merged = self._merged(rule, tree, guards)
            findings = self._findings(rule, merged.found) if merged.found else ()
        except (ProcessorLimitError, KeyboardInterrupt):
            raise
        except BaseException as error:  # noqa: BLE001 - not even sys.exit in a rule ends the run
            self._failed(rule, span.path, _message(error))
            return
        reasons = open_among(merged.undecided)
        if not merged.judged or (merged.undecided and not reasons and not findings):
            return  # out of scope, or settled elsewhere
        counts = self.counts.setdefault(rule.code, [0, 0, 0])
        counts[FAILED if findings else UNDECIDED if reasons else PASSED] += 1
        self.findings += findings
        if reasons:
            failed = bool(findings)
            severity = merged.worst or rule.severity
            about = rule.code, rule.name, address, span
            self.undecided.append(Undecided(*about, reasons, failed, severity, merged.of_account))

    def _merged(self, rule: Rule, tree: WorldTree[WorldOutcome], guards: tuple[Guard, ...]) -> Merged:
        if isinstance(tree, Leaf) and tree.outcome is not None:
            claims, undecided, judged = tree.outcome
            if not claims and not undecided:
                return Merged((), (), judged)
        from mlwa_lint.engine.merge import merge
        from mlwa_lint.engine.usual import given_otherwise
        from mlwa_lint.engine.weighing import scales_of

        aside = given_otherwise(tree) if self.project.root.endswith(PROGRAMS) else frozenset[int]()
        project = self.project
        root = "" if project.teaches or project.tries else project.root
        scales = scales_of(rule, self.purpose, project.given, root, project.refused, self._practices)
        return merge(tree, scales, guards, aside)

    def _findings(self, rule: Rule, defects: Iterable[Defect]) -> list[Finding]:
        from mlwa_lint.engine.findings import finding_of

        return [finding_of(rule, defect, self.project, self.graph) for defect in defects]


class _ClaimedError(Exception):
    """A check claims something in a world."""


def _nothing_in(world: World) -> WorldOutcome:
    return WorldOutcome((), ())


def _message(error: BaseException) -> str:
    return str(error) if isinstance(error, RuleFaultError) else f"{type(error).__name__}: {error}"


def _claims_in(yielded: Iterator[Claim], world: World, judged: Answer = YES) -> WorldOutcome:
    """What a check claims in one world. judged: whether the resource is in the rule's scope."""
    claims: list[Claim] = []
    for claim in claims_of(yielded):
        if judged.verdict != "yes" or judged.assumed:
            claim = claim._replace(answer=claim.answer & judged)
        answer = claim.answer
        if answer.verdict == "yes" and not world.allows(answer.assumed):
            # By the conditions of this world, a parameter has another value than its default.
            world.undecided.append(f"{' and '.join(sorted(answer.assumed))} does not apply there")
        elif answer.verdict != "no":
            claims.append(claim)
    return WorldOutcome(tuple(claims), tuple(world.undecided))
