"""cfn-lint's findings about a project's ML resources, reported like ours (`check --validate`).

cfn-lint takes more than a second to import, so nothing of it is imported before this module's functions run.
Its own configuration files are not read: they can name code to run. Directives for cfn-lint in a template's
`Metadata` apply if they ignore checks or name regions.
"""

import warnings
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mlwa_lint.discovery.target import SIZE_LIMIT
from mlwa_lint.engine.constructs import construct_of
from mlwa_lint.engine.guard import ProcessorLimit, ProcessorLimitError
from mlwa_lint.engine.scope import Scoping
from mlwa_lint.files.reading import read_text
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.model.findings import Finding, Scope, Severity
from mlwa_lint.model.resources import Problem, Resource, notice
from mlwa_lint.model.spans import Span
from mlwa_lint.rule import Remedy, Rule
from mlwa_lint.startup.records import NamedTuple

# How much processor time cfn-lint may take for one template: it knows no bounds of its own.
SECONDS = 60.0
# A letter for the level: what fails on deployment, what should be checked, what may be worth knowing.
_SEVERITIES: Mapping[str, Severity] = {"E": "high", "W": "low", "I": "info"}
# Not about the template itself: unreadable templates, which the front end reports, failures of cfn-lint
# itself, and what is read from other files, which the front end reads within its bounds.
_LEFT_OUT = frozenset({"E0000", "E0002", "E0003", "E3043"})
_TRANSFORM_FAILED = "E0001"
# Our own rules that cover the same property as one of cfn-lint's, with a better message.
BETTER_RULES = frozenset({"MLR120", "MLR122", "MLR123", "MLR124", "MLR125", "MLR126", "MLR202"})
_DEFAULT_REGION = "us-east-1"


class _CfnLintRule(Rule):
    """A rule of cfn-lint: its page is cfn-lint's."""

    __slots__ = ()

    @property
    def pillar(self) -> str:
        """Infrastructure as code that deploys is a matter of operations."""
        return "operational-excellence"

    @property
    def help(self) -> str:
        return f"https://github.com/aws-cloudformation/cfn-lint/blob/main/docs/rules.md#{self.code}"


class Validated(NamedTuple):
    """What cfn-lint found, and what kept it from looking."""

    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()


def cfn_lint_rules() -> tuple[Rule, ...]:
    """The rules of the installed cfn-lint, to be selected, ignored and weighed like ours."""
    found = (_as_rule(each) for each in _collection().data.values())
    return tuple(each for each in found if each is not None)


def validated(
    graph: ResourceGraph,
    scope: Scope,
    rules: Iterable[Rule],
    ours: Iterable[Finding],
    texts: Mapping[str, str],
) -> Validated:
    """What cfn-lint finds in the templates of a project that hold ML resources, about these resources.

    rules: those that were selected, cfn-lint's among them. ours: findings that cover the same.
    texts: templates that are not files, by name.
    """
    scoping = Scoping(graph, scope)
    selected = {rule.code: rule for rule in rules}
    by_template: dict[str, list[Resource]] = {}
    for resource in graph.project.resources:
        if resource.vocabulary.language == "cloudformation":
            by_template.setdefault(resource.span.path, []).append(resource)
    better = {(each.address, each.property) for each in ours if each.code in BETTER_RULES}
    findings: list[Finding] = []
    problems: list[Problem] = []
    for path, resources in by_template.items():
        judged: dict[int, Resource] = {}
        for resource in filter(scoping.judges, resources):
            judged.setdefault(resource.span.line, resource)  # SAM's own role is at the place of its function
        if not judged:
            continue
        matches, stopped = _matches(path, texts.get(path), judged.values())
        problems += stopped
        for match in matches:
            rule, about = selected.get(match.code), judged.get(match.declared)
            if rule is None or about is None or (about.address, match.property) in better:
                continue
            findings.append(_finding(rule, match, about, graph.project.root))
    return Validated(tuple(dict.fromkeys(findings)), tuple(problems))


class _Match(NamedTuple):
    """One match of cfn-lint. declared: the line on which its resource is declared, 0 outside of resources."""

    code: str
    message: str
    span: Span
    declared: int
    property: str


def _matches(
    path: str, text: str | None, resources: Iterable[Resource]
) -> tuple[Sequence[_Match], list[Problem]]:
    regions = sorted({each.region for each in resources if each.region}) or [_DEFAULT_REGION]
    try:
        text = read_text(path, SIZE_LIMIT, "replace") if text is None else text
        with ProcessorLimit(SECONDS), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of libraries that cfn-lint brings
            return _run(path, text, regions), []
    except ProcessorLimitError:
        message = f"cfn-lint was stopped because it took more than {SECONDS:.0f} seconds of processor time"
    except OSError as error:
        message = f"cannot be read for cfn-lint: {error.strerror or error}"
    except Exception as error:  # noqa: BLE001 - a failure of another program must not hide what is found
        message = f"cfn-lint failed: {type(error).__name__}: {error}"
    return (), [notice(path, 1, f"{message}; what it finds there is not reported")]


def _run(path: str, text: str, regions: Sequence[str]) -> list[_Match]:
    from cfnlint.decode import decode_str
    from cfnlint.runner.template.runner import run_template_by_data

    template, errors = decode_str(text)
    if errors or not isinstance(template, dict):
        return []  # the front end has reported it
    lines = _declared(template)
    found = []
    for match in run_template_by_data(template, _Config(regions), _collection()):
        if match.rule.id in _LEFT_OUT:
            continue
        if match.rule.id == _TRANSFORM_FAILED:
            raise ValueError(match.message)
        span = Span(path, match.linenumber, match.columnnumber, match.linenumberend, match.columnnumberend)
        where = list(getattr(match, "path", None) or ())
        before = bisect_right(lines, span.line) if where[:1] == ["Resources"] else 0
        declared = lines[before - 1] if before else 0
        named = [str(each) for each in where[3:] if isinstance(each, str)]
        found.append(_Match(match.rule.id, match.message, span, declared, ".".join(named)))
    return found


def _declared(template: Mapping[Any, Any]) -> list[int]:
    """The lines on which resources are declared. SAM renames and adds resources, but keeps these lines."""
    resources = template.get("Resources")
    keys = resources if isinstance(resources, dict) else {}
    return sorted(each.start_mark.line + 1 for each in keys if hasattr(each, "start_mark"))


class _Config:
    """The configuration that cfn-lint expects, without files and code that it could name."""

    build_graph = False
    configure_rules: Mapping[str, Any] = {}
    include_checks = ("W", "E", "I")
    include_experimental = False
    mandatory_checks: tuple[str, ...] = ()
    parameters: None = None

    def __init__(self, regions: Sequence[str]) -> None:
        self.regions = list(regions)
        self.ignore_checks: list[str] = []

    def set_template_args(self, template: Any) -> None:
        """The template's own directives for cfn-lint."""
        stated: Any = template
        for key in ("Metadata", "cfn-lint", "config"):
            stated = stated.get(key) if isinstance(stated, dict) else None
        if not isinstance(stated, dict):
            return
        self.ignore_checks = _texts(stated.get("ignore_checks"))
        self.regions = _known_regions(_texts(stated.get("regions"))) or self.regions


def _texts(value: Any) -> list[str]:
    return [str(each) for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _known_regions(regions: Sequence[str]) -> list[str]:
    from cfnlint.helpers import REGIONS

    return [each for each in regions if each in REGIONS]


_rules: Any = None


def _collection() -> Any:
    """cfn-lint's own rules, loaded once."""
    global _rules
    if _rules is None:
        from cfnlint.config import _DEFAULT_RULESDIR
        from cfnlint.rules import Rules

        _rules = Rules.create_from_directory(_DEFAULT_RULESDIR)
    return _rules


def _as_rule(theirs: Any) -> Rule | None:
    severity = _SEVERITIES.get(theirs.id[:1])
    if severity is None or theirs.id in _LEFT_OUT or theirs.id == _TRANSFORM_FAILED:
        return None
    summary = f"{theirs.shortdesc.strip().rstrip('.')}."
    documentation = "\n\n".join(dict.fromkeys((summary, theirs.description.strip())))
    return _CfnLintRule(
        code=theirs.id,
        name=f"cfn-lint-{theirs.id.lower()}",
        severity=severity,
        practices=(),
        on=(),
        remedy=Remedy("", ""),
        documentation=f"{documentation}\n",
        check=None,
        languages=("cloudformation",),
    )


def _finding(rule: Rule, match: _Match, resource: Resource, root: str) -> Finding:
    return Finding(
        code=rule.code,
        name=rule.name,
        severity=rule.severity,
        pillar=rule.pillar,
        practices=(),
        message=match.message,
        span=match.span,
        address=resource.address,
        resource_type=resource.type,
        resource_span=resource.span,
        help=rule.help,
        reason=rule.reason,
        property=match.property,
        root=root,
        construct=construct_of(resource),
    )
