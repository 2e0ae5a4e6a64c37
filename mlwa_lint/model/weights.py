"""What a finding weighs: less where nothing depends on the resource, or another may do what is missing.

docs/decisions/0048 and 0085 give the reasons for programs; 0080, 0081, 0110 for templates and Terraform.
"""

import re
from typing import Literal, TypeAlias

from mlwa_lint.model.assumptions import MAY_BE_SET, SDK_DEFAULTS
from mlwa_lint.model.findings import SEVERITIES, Concern, Lowered, Severity
from mlwa_lint.model.purpose import FOR_LEARNING, MODULES, SHOWN_PURPOSES, Purpose
from mlwa_lint.model.resources import (
    ALONE,
    CLEANED_UP,
    DELETED,
    EXAMPLE,
    IDLE,
    OFFERED,
    OPEN,
    REMOVED,
    TRIED,
    UNCALLED,
    UNUSED,
    USUAL,
    Resource,
)
from mlwa_lint.model.values import Assumptions, ListValue, MapValue, Scalar, Value, known_text
from mlwa_lint.startup.records import NamedTuple

# Why a customer managed key is not expected: this is one choice for all of a project.
NONE_SUGGESTED = "nothing in the project mentions a customer managed key, or suggests that its data needs one"
# Likewise where something suggests one, and nothing has it.
ONE_CHOICE = "AWS encrypts it in any case, and nothing that is deployed with it uses a customer managed key"
# Likewise of a VPC.
NO_NETWORK = "no program or configuration of the project has a VPC for such work"
# What kind of program makes a resource: a script, a notebook, an example, or one that deletes it again.
ProgramKind: TypeAlias = Literal["script", "notebook", "example", "temporary"]

PROGRAM_KINDS: dict[ProgramKind, str] = {
    "script": "in scripts",
    "notebook": "in notebooks",
    "example": "in examples",
    "temporary": "where the program deletes the resource again",
}
_NOTEBOOK = ".ipynb"
_BECAUSE: dict[ProgramKind, str] = {
    "script": "another program or a template may do it",
    "notebook": "it is made in a notebook",
    "example": "its path or the project's title shows that it is an example",
    "temporary": "the program deletes it again",
}
_ONE_LESS: dict[Severity, Severity] = {"high": "medium", "medium": "low", "low": "info"}
# An example teaches, hence a low finding about it is still worth reporting; but it is not operated.
_TAUGHT: dict[Severity, Severity] = {"high": "medium", "medium": "low"}
_EXAMPLES: dict[Concern, dict[Severity, Severity]] = {
    "protection": _TAUGHT,
    "production": _TAUGHT,
    "deployment": _ONE_LESS,
}
_FOR_DEVELOPMENT: dict[Concern, dict[Severity, Severity]] = {
    "production": {"high": "medium", "medium": "info", "low": "info"},
    "deployment": {"high": "low", "medium": "low", "low": "info"},
}
# What people learn with is deleted again, and looked after by no one until then.
_LESSONS: dict[Concern, dict[Severity, Severity]] = {"protection": _ONE_LESS, **_FOR_DEVELOPMENT}
# What weighs less in a project of a certain purpose, by whose concern it is, and why.
_NOT_THERE: dict[Purpose, tuple[dict[Concern, dict[Severity, Severity]], str]] = {
    "example": (_EXAMPLES, "it is an example"),
    "test": (_EXAMPLES, "it is part of tests"),
    "development": (_FOR_DEVELOPMENT, "it is for development"),
    # For development, nothing weighs more than for production.
    "trial": ({**_EXAMPLES, **_FOR_DEVELOPMENT}, "it is an example"),
    "lesson": (_LESSONS, FOR_LEARNING),
    # The caller of a module decides.
    "module": ({"deployment": _ONE_LESS}, "who calls the module may do it"),
}
# What of a module rests on the default of a variable is its caller's to set. What is always wrong is no less
# so, unless it is high, or no configuration calls the module: nothing that runs has that value.
_BY_CALLERS: frozenset[Concern] = frozenset({"protection", "cost", "production", "deployment"})
_SET_BY_CALLERS = "who calls the module may set it"
_UNCALLED_MODULE = "no configuration of the repository calls the module"
_OFFERED = "who calls or runs the program may set it"
_OPEN = "who installs the package may set it"
_USUAL = "who runs the program may set it"
_DEVELOPMENT = frozenset(("dev", "development", "sandbox"))
_ENVIRONMENT_TAGS = frozenset(("env", "environment", "stage"))
# What matters for as long as something runs.
_WHILE_RUNNING: frozenset[Concern] = frozenset({"cost", "production", "deployment"})


class Weight(NamedTuple):
    """A severity, and from what it was lowered."""

    severity: Severity
    lowered: Lowered | None = None


def weigh(
    severity: Severity,
    concern: Concern,
    resource: Resource,
    assumed: Assumptions,
    purpose: Purpose = "deployed",
    stated: bool = False,
    milder: str = "",
    leaks: bool = False,
) -> Weight:
    """What a finding about a resource weighs.

    It is lowered once by what the configuration shows of the resource (`milder`), and what is medium at most
    again by where the resource is.

    severity: what it would weigh in a template that is deployed. assumed: what the finding rests on.
    stated: whether the program states what is wrong, `enable_network_isolation=False`; else it leaves it out.
    milder: why the configuration shows that it weighs less; empty where it does not. What a program leaves
    out that nothing in its project has or mentions is info.
    leaks: whether the text itself is the mistake, a secret, which whoever reads it obtains.
    """
    idle = _phrase(IDLE, resource)
    if idle:
        found = _milder(severity) if leaks else "info"
        return Weight(found, Lowered(severity, idle)) if found != severity else Weight(severity)
    if milder and milder in (NONE_SUGGESTED, ONE_CHOICE, NO_NETWORK):
        return Weight("info", Lowered(severity, milder))
    finding = _Finding(severity, concern, resource, assumed, purpose, stated)
    if not milder:
        return _weigh_where(finding)
    own = lowered(severity, milder, "info")
    left_open = purpose in MODULES and bool(assumed) and concern in _BY_CALLERS
    # What is shown is not operated: there, what the configuration shows comes on top (docs/decisions/0269).
    shown = purpose in SHOWN_PURPOSES and _program_kind(resource) is None
    if severity == "high" and not left_open and not shown:
        # Never lowered by both, but by the more specific one: what is for development is not operated.
        return max(own, _weigh_where(finding), key=lambda weight: SEVERITIES.index(weight.severity))
    both = _weigh_where(finding._replace(severity=own.severity, further=True))
    if both.lowered is None or own.lowered is None:
        return own
    return Weight(both.severity, Lowered(severity, f"{milder}, and {both.lowered.because}"))


class _Finding(NamedTuple):
    """What is weighed: see `weigh`. further: whether it has been lowered already."""

    severity: Severity
    concern: Concern
    resource: Resource
    assumed: Assumptions
    purpose: Purpose
    stated: bool
    further: bool = False

    def weighs(self, severity: Severity, because: str) -> Weight:
        """The weight by a reason, which is left out where it changes nothing."""
        if severity == self.severity:
            return Weight(severity)
        return Weight(severity, Lowered(self.severity, because))


def _weigh_where(finding: _Finding) -> Weight:
    """What a finding weighs by where its resource is: by the first reason that applies."""
    kind = _program_kind(finding.resource)
    for weigh_by in (_by_disuse, _by_removal, _by_program, _by_assumptions):
        weight = weigh_by(finding, kind)
        if weight is not None:
            return weight
    return _by_purpose(finding) if kind is None else Weight(finding.severity)


def _by_disuse(finding: _Finding, kind: ProgramKind | None) -> Weight | None:
    """In code that nothing uses."""
    unused = _phrase(UNUSED, finding.resource)
    if not unused:
        return None
    severity, concern = finding.severity, finding.concern
    # Worth no more than in an example, and what weighs the same there is not run either.
    in_example = in_program(severity, concern, "example", finding.stated)
    found = max(in_example, _milder(severity), key=SEVERITIES.index)
    return Weight(found, Lowered(severity, unused))


def _by_removal(finding: _Finding, kind: ProgramKind | None) -> Weight | None:
    """Where a program deletes the resource again, for what matters while it runs."""
    removed = _phrase(REMOVED, finding.resource)
    noted = finding.resource.attributes.entries
    # What another file tries or cleans up lives no longer than what one program does; not where more depends
    # on it.
    tried = ALONE in noted and (TRIED in noted or CLEANED_UP in noted)
    if finding.concern == "cost" and UNCALLED in noted and not tried:
        return None  # it costs for as long as it is left running
    if not removed or kind is None or finding.concern not in _WHILE_RUNNING:
        return None
    # It runs for as long as it is needed, though nothing shows how long that is.
    lasts = kind == "script" and not tried
    found = in_program(finding.severity, finding.concern, "script" if lasts else "temporary", finding.stated)
    return finding.weighs(_milder(found) if lasts else found, removed)


def _by_program(finding: _Finding, kind: ProgramKind | None) -> Weight | None:
    """In a program of some kind, or a script for development or of an example."""
    if kind is None:
        return None
    severity, concern, resource = finding.severity, finding.concern, finding.resource
    found = in_program(severity, concern, kind, finding.stated)
    places = _places_of_scripts(resource, finding.purpose) if kind == "script" else ()
    if places:
        weighed = [
            _of_scripts(severity, found, concern, each, finding.stated, finding.further) for each in places
        ]
        there, because = max(weighed, key=lambda each: SEVERITIES.index(each[0]))
        if SEVERITIES.index(there) > SEVERITIES.index(found):
            return Weight(there, Lowered(severity, because))
    return Weight(found, Lowered(severity, _because(kind, resource))) if found != severity else None


def _by_assumptions(finding: _Finding, kind: ProgramKind | None) -> Weight | None:
    """Where it rests on what someone else may set: a caller, whoever runs or installs the program."""
    severity, concern, resource = finding.severity, finding.concern, finding.resource
    if _rests_on(OFFERED, resource, finding.assumed):
        return Weight(_milder(severity) if concern == "any" else "info", Lowered(severity, _OFFERED))
    if SDK_DEFAULTS in finding.assumed:
        return Weight(_milder(severity), Lowered(severity, MAY_BE_SET))
    if concern != "any" and _rests_on(OPEN, resource, finding.assumed):
        return lowered(severity, _OPEN, "low")
    if concern != "any" and _rests_on(USUAL, resource, finding.assumed):
        return lowered(severity, _USUAL, "low")
    because = _of_callers(severity, concern, finding.assumed, finding.purpose) if kind is None else ""
    return lowered(severity, because, "info") if because else None


def _by_purpose(finding: _Finding) -> Weight:
    """In a template or configuration, by what its project is for."""
    if finding.purpose not in _NOT_THERE:
        return Weight(finding.severity)
    scales, because = _NOT_THERE[finding.purpose]
    scale = scales.get(finding.concern, {})
    less = _ONE_LESS if finding.further and scale else scale
    return finding.weighs(less.get(finding.severity, finding.severity), because)


def _places_of_scripts(resource: Resource, purpose: Purpose) -> tuple[Literal["development", "example"], ...]:
    """What a script is for, by its place or by what it names: for development, of an example, or both."""
    found: list[Literal["development", "example"]] = []
    if purpose in ("development", "trial") or _is_for_development(resource):
        found.append("development")
    if purpose in ("example", "trial", "lesson"):
        found.append("example")
    return tuple(found)


def _of_scripts(
    severity: Severity,
    found: Severity,
    concern: Concern,
    where: Literal["development", "example"],
    stated: bool,
    further: bool,
) -> tuple[Severity, str]:
    """What a finding weighs in a script for development or of an example, and why.

    found: what it weighs in any script.
    """
    scales, because = _NOT_THERE[where]
    there = scales.get(concern, {}).get(severity, severity)
    if where == "example" and found == "medium":
        # As in what is an example itself (docs/decisions/0430).
        there = max(there, in_program(found, concern, where, stated), key=SEVERITIES.index)
    elif where == "example" and found == "low" and (further or concern in ("production", "deployment")):
        there = "info"  # hygiene of what is not operated, or what has been lowered already
    return there, because


def _of_callers(severity: Severity, concern: Concern, assumed: Assumptions, purpose: Purpose) -> str:
    """Why something in a module weighs less than where it is deployed; empty where it does not."""
    if purpose in MODULES and assumed and (concern in _BY_CALLERS or severity == "high"):
        return _SET_BY_CALLERS
    return _UNCALLED_MODULE if purpose == "uncalled" else ""


def weigh_alone(weight: Weight, concern: Concern, resource: Resource, in_use: bool = False) -> Weight:
    """What a finding weighs about what a program makes, where nothing shows that production depends on it.

    Only what is medium is lowered (docs/decisions/0234). in_use: whether it matters only for what is in use,
    although production is not concerned.
    """
    because = _phrase(ALONE, resource)
    concerned = in_use or concern in ("production", "deployment")
    if not because or not concerned or weight.severity != "medium" or _program_kind(resource) != "script":
        return weight
    if weight.lowered is None:
        return Weight("low", Lowered("medium", because))
    return Weight("low", Lowered(weight.lowered.severity, f"{weight.lowered.because}, and {because}"))


def lowered(severity: Severity, because: str, least: Severity) -> Weight:
    """One severity less, but none below `least`, with the reason."""
    found = min(_milder(severity), max(severity, least, key=SEVERITIES.index), key=SEVERITIES.index)
    return Weight(severity) if found == severity else Weight(found, Lowered(severity, because))


def in_programs(severity: Severity, concern: Concern) -> dict[ProgramKind, Severity]:
    """The kinds of programs in which a finding weighs less than in a template, and what it weighs there.

    That is where the program leaves out what is required: what it states may weigh more.
    """
    found = {kind: in_program(severity, concern, kind) for kind in _BECAUSE}
    return {kind: weight for kind, weight in found.items() if weight != severity}


def in_program(severity: Severity, concern: Concern, kind: ProgramKind, stated: bool = False) -> Severity:
    """What a finding weighs where a program makes the resource."""
    if kind == "script":
        return _milder(severity) if concern == "deployment" else severity
    if concern in ("production", "deployment") or (concern == "protection" and not stated):
        return "info"
    if concern == "cost" and kind == "temporary":
        return "info"
    if concern in ("protection", "cost") and severity in ("high", "medium"):
        return _milder(severity)
    return severity


def _program_kind(resource: Resource) -> ProgramKind | None:
    if resource.vocabulary.language != "python":
        return None
    if DELETED in resource.attributes.entries:
        return "temporary"
    if resource.span.path.endswith(_NOTEBOOK):
        return "notebook"
    return "example" if EXAMPLE in resource.attributes.entries else "script"


def _is_for_development(resource: Resource) -> bool:
    """Whether a program names or tags what it makes so: `churn-dev`, `Environment: dev`."""
    given = resource.properties.entries
    names = (entry.value for key, entry in given.items() if key.endswith("Name"))
    tags = given["Tags"].value if "Tags" in given else None
    for each in tags.items if isinstance(tags, ListValue) else ():
        key, value = (_text_of(each, part) for part in ("Key", "Value"))
        if key.lower() in _ENVIRONMENT_TAGS and value.lower() in _DEVELOPMENT:
            return True
    words = (word for name in names for word in re.split(r"[^a-z]+", _stated_text(name).lower()))
    return not _DEVELOPMENT.isdisjoint(words)


def _text_of(item: Value, key: str) -> str:
    entry = item.entries.get(key) if isinstance(item, MapValue) else None
    return "" if entry is None else _stated_text(entry.value)


def _stated_text(value: Value) -> str:
    """A text that the program states; that of a default is not: it deploys to other stages as well."""
    return "" if value.assumed else known_text(value) or ""


def _rests_on(attribute: str, resource: Resource, assumed: Assumptions) -> bool:
    """Whether something rests on one of the assumptions that are noted of a resource."""
    offered = resource.attributes.entries.get(attribute)
    texts = offered.value.items if offered is not None and isinstance(offered.value, ListValue) else ()
    return any(isinstance(each, Scalar) and each.data in assumed for each in texts)


def _phrase(attribute: str, resource: Resource) -> str:
    """A reason that is noted of a resource; empty where none is."""
    noted = resource.attributes.entries.get(attribute)
    value = None if noted is None else noted.value
    return str(value.data) if isinstance(value, Scalar) else ""


def _because(kind: ProgramKind, resource: Resource) -> str:
    """Why something weighs less in a program of some kind: as noted of what makes it, or by its path."""
    example = resource.attributes.entries.get(EXAMPLE)
    noted = example.value if kind == "example" and example is not None else None
    if isinstance(noted, Scalar) and isinstance(noted.data, str):
        return noted.data
    return _BECAUSE[kind]


def _milder(severity: Severity) -> Severity:
    return SEVERITIES[min(SEVERITIES.index(severity) + 1, len(SEVERITIES) - 1)]
