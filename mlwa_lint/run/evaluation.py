"""One target, evaluated: its report, and the graphs that it was made from for further queries."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from mlwa_lint.discovery.target import Target
from mlwa_lint.engine.check import RULE_SECONDS, Outcome, check
from mlwa_lint.engine.guard import ProcessorLimit, ProcessorLimitError
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.graph.linking.link import link
from mlwa_lint.graph.queries.outside import outside
from mlwa_lint.model.budget import Budget, for_target
from mlwa_lint.model.findings import Finding, RuleError, Scope
from mlwa_lint.model.report import Report, merged
from mlwa_lint.model.resources import Problem, Project, notice
from mlwa_lint.model.secrets import Secrets, collecting
from mlwa_lint.rule import Rule
from mlwa_lint.run.inventory import note_resources
from mlwa_lint.run.loading import load, load_text
from mlwa_lint.run.settings import RunSettings
from mlwa_lint.run.veil import note_given, note_values, veiled
from mlwa_lint.startup.records import NamedTuple

if TYPE_CHECKING:
    from mlwa_lint.model.outlines import Outline

# What runs the rules on a graph: the engine, or a cache of its earlier results.
Checker: TypeAlias = Callable[[ResourceGraph, RunSettings], Outcome]


class TargetEvaluation(NamedTuple):
    """A report on a target, the graphs of its projects, and the secrets that must not be shown.

    Without graphs where the target could not be loaded.
    """

    report: Report
    secrets: Secrets
    graphs: tuple[ResourceGraph, ...] = ()


def check_all(graph: ResourceGraph, settings: RunSettings) -> Outcome:
    """What the selected rules find in a graph."""
    return check(graph, settings.rules, settings.required_tags, settings.scope)


def evaluate(
    target: Target, settings: RunSettings, checker: Checker = check_all, budget: Budget | None = None
) -> TargetEvaluation:
    """Lints one target. An internal failure is an error of that target, and not the end of the run."""
    with for_target(budget) as opened, collecting() as own:
        try:
            evaluated = _checked(load(target, settings.load), settings, own, checker)
            if not opened.refusals:
                return evaluated
            beyond = Report(problems=_beyond(opened, target.path))
            return evaluated._replace(report=merged((evaluated.report, beyond)))
        except OSError as error:
            problem = Problem(target.path, 0, f"cannot be read: {error.strerror or error}")
            return TargetEvaluation(veiled(Report(problems=(problem,)), own), own)
        except Exception as error:  # noqa: BLE001 - a bug of mlwa-lint must not hide what is found elsewhere
            from mlwa_lint.run.failures import advice_on

            message = f"{type(error).__name__}: {error}"
            failure = RuleError("", target.path, message, advice=advice_on(error))
            return TargetEvaluation(veiled(Report(errors=(failure,)), own), own)


def evaluate_text(text: str, name: str, settings: RunSettings) -> TargetEvaluation:
    """Lints one template or program that was handed over as text."""
    with for_target(), collecting() as own:
        return _checked(load_text(text, name, settings.load), settings, own, check_all, {name: text})


def check_project(
    project: Project, rules: Sequence[Rule], required_tags: tuple[str, ...] = (), scope: Scope = "ml"
) -> Outcome:
    """What some rules find in an evaluated project: links its resources and checks the graph."""
    return check(link(project), rules, required_tags, scope)


def _checked(
    projects: Sequence[Project],
    settings: RunSettings,
    own: Secrets,
    checker: Checker,
    texts: Mapping[str, str] | None = None,
) -> TargetEvaluation:
    note_given(own, settings.load)
    graphs = tuple(map(link, projects))
    report = merged([_report(graph, checker(graph, settings), settings, texts or {}) for graph in graphs])
    note_values(own, projects)
    note_resources(projects, own)
    return TargetEvaluation(veiled(report, own, texts), own, graphs)


def _report(
    graph: ResourceGraph, outcome: Outcome, settings: RunSettings, texts: Mapping[str, str]
) -> Report:
    project = graph.project
    findings: tuple[Finding, ...] = outcome.findings
    problems = (*project.problems, *outcome.problems)
    if settings.validate:
        from mlwa_lint.run.validation import validated

        more = validated(graph, settings.scope, settings.rules, findings, texts)
        findings, problems = (*findings, *more.findings), (*problems, *more.problems)
    outlines, more_problems = _outlines(graph) if settings.outlines else ((), ())
    return Report(
        findings=findings,
        undecided=outcome.undecided,
        errors=outcome.errors,
        problems=(*problems, *more_problems),
        resources=outcome.resources,
        sources=project.sources,
        lasting=not outcome.problems and not more_problems,
        checked=outcome.checked,
        outlines=outlines,
        outside=tuple(outside(graph)),
    )


def _outlines(graph: ResourceGraph) -> "tuple[tuple[Outline, ...], tuple[Problem, ...]]":
    """A graph in plain words, for reports that draw it; within the time that a rule has."""
    from mlwa_lint.graph.outline import outline

    try:
        with ProcessorLimit(RULE_SECONDS):
            return (outline(graph),), ()
    except ProcessorLimitError:
        root = graph.project.root
        message = f"ties to ML are not drawn: computing them took more than {RULE_SECONDS:.0f} seconds"
        return (outline(graph, judged=False),), (notice(root, 1, message),)


def _beyond(budget: Budget, path: str) -> tuple[Problem, ...]:
    """What a target required beyond its budget: those values are not known."""
    return tuple(notice(path, 1, f"{reason}; the rest is not analysed") for reason in budget.refusals)
