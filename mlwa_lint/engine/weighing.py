"""What a claim weighs: the severity of its rule, or less where the resource or an assumption makes it so."""

import posixpath
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from fnmatch import fnmatchcase
from functools import partial
from types import MappingProxyType
from typing import TypeAlias

from mlwa_lint.engine.outcomes import Scales
from mlwa_lint.files import NOTEBOOK
from mlwa_lint.graph.kinds import ENDPOINT, ENDPOINT_CONFIG, MODEL
from mlwa_lint.model.findings import Concern, Lowered, Severity, StatedSubject
from mlwa_lint.model.purpose import MODULES, SHOWN_PURPOSES, Purpose, purpose_of
from mlwa_lint.model.resources import ALONE, STATED_REASON, VULNERABLE, Project, Resource
from mlwa_lint.model.values import NO_ASSUMPTIONS, Absent, Assumptions, Scalar, Unknown, Value
from mlwa_lint.model.weights import (
    Weight,
    weigh,
    weigh_alone,
)
from mlwa_lint.model.weights_by_condition import (
    weigh_by_caller,
    weigh_by_choice,
    weigh_chosen,
    weigh_in_branch,
    weigh_off,
    weigh_outside_production,
    weigh_prompted,
    weigh_required_choice,
    weigh_unoperated,
    weigh_vulnerable,
)
from mlwa_lint.rule import Claim, Rule
from mlwa_lint.startup.patterns import lazy

# What a program hosts: others may depend on it, which the notes on it state.
_SERVING = (ENDPOINT, ENDPOINT_CONFIG, MODEL)
# A type, and one of its properties that a resource of it sets.
Practices: TypeAlias = AbstractSet[tuple[str, str]]
_Reweigh: TypeAlias = Callable[[Weight, Concern], Weight]
_PurposeOf: TypeAlias = Callable[[Claim], Purpose]


# Files that programs read what they do not state themselves from.
_SETTINGS = (".yaml", ".yml", ".json", ".toml", ".ini", ".cfg")
_DEFAULT = "the default of "
# What a default weighs that is not deployed: whoever applies the configuration by hand gets it.
_LESS: dict[Severity, Severity] = {"high": "low", "medium": "info", "low": "info"}
_OFFERED_BY_MODULE = "who calls the module may set it, which the example leaves out"
# What distinguishes deployments: a finding does not depend on which of them it is.
_PLACES = lazy(r"(?:^|_)(?:account|env|environment|name|prefix|project|region|stage|suffix|workspace)(?:_|$)")


def practices_of(project: Project) -> Practices | None:
    """Which properties the resources of a project set, by type; None where it is, or may be, operated."""
    if project.operated:
        return None
    return frozenset(
        (resource.type, key)
        for resource in project.resources
        for key, entry in resource.properties.entries.items()
        if not isinstance(entry.value, Absent)
    )


def _is_optional(rule: Rule, claim: Claim, practices: Practices) -> bool:
    """Whether a claim is about a practice of those who operate something, which a project follows nowhere.

    Where a resource leaves out a property that another one of the type sets, it was forgotten.
    """
    operational = rule.operational if claim.operational is None else claim.operational
    at = claim.at
    if not operational or _is_used(at.resource):
        return False
    if not at.path:
        return True
    own = at.resource.properties.entries.get(at.path[0])
    left_out = own is None or isinstance(own.value, Absent)
    return not left_out or (at.resource.type, at.path[0]) not in practices


def _is_used(resource: Resource) -> bool:
    """Whether something shows that others depend on what a program hosts, or nothing is known of it."""
    noted = resource.attributes.entries
    return resource.vocabulary.language == "python" and resource.type in _SERVING and ALONE not in noted


def scales_of(
    rule: Rule,
    purpose: Purpose,
    given: Mapping[str, str] = MappingProxyType({}),
    root: str = "",
    refused: str = "",
    practices: Practices | None = None,
) -> Scales:
    """How severe the claims of a rule are in a project of some purpose.

    given: the variables that scripts give, by the pattern of their names, and the name of the script.
    root: what is deployed, of which modules in other folders are no part; empty where all of the repository
    is an example. refused: why nothing can be deployed as it is; empty where it can.
    practices: what the resources of a project set that nothing shows to be operated; None for others.
    """
    purpose_of_claim = partial(_purpose_for, purpose, root)
    weight_of = partial(_weight, rule, purpose_of_claim, given, refused)
    return Scales(
        partial(_weight_in, practices, rule, partial(_weight_offered, rule, purpose, root, weight_of)),
        partial(_weight_in, practices, rule, partial(_weight_if_found, rule, purpose_of_claim)),
        partial(_reweighed, rule, weigh_off),
        partial(_outside_production, rule),
        partial(_in_branch, rule, purpose),
        partial(_reweighed, rule, weigh_required_choice),
        partial(_reweighed, rule, weigh_prompted),
    )


def _purpose_for(purpose: Purpose, root: str, claim: Claim) -> Purpose:
    """What a claim is to be weighed for: what a module leaves out is no choice of the example that calls it.

    That is a property which the module's block does not mention, so that no caller can set it.
    """
    resource, at = claim.at.resource, claim.at
    if at.span != resource.span or not _is_of_called_module(purpose, root, claim):
        return purpose
    own = purpose_of(posixpath.dirname(resource.span.path) or ".", reusable=True)
    return own if own in MODULES else purpose


def _is_of_called_module(purpose: Purpose, root: str, claim: Claim) -> bool:
    """Whether a claim is about a property in a Terraform module that an example in another folder calls."""
    resource = claim.at.resource
    if not root or purpose not in SHOWN_PURPOSES or resource.vocabulary.language != "terraform":
        return False
    folder = posixpath.dirname(resource.span.path) or "."
    return bool(claim.at.path) and posixpath.relpath(folder, root).startswith("..")


def _weight_offered(
    rule: Rule, purpose: Purpose, root: str, weight_of: Callable[[Claim], Weight], claim: Claim
) -> Weight:
    """Info for a protection that a module lets its callers set, and that an example leaves out."""
    weight, at = weight_of(claim), claim.at
    if (claim.concern or rule.concern) != "protection" or weight.severity == "info":
        return weight
    written = at.span != at.resource.span and isinstance(at.value, Absent)
    if not written or not _is_of_called_module(purpose, root, claim):
        return weight
    return Weight("info", Lowered(claim.severity or rule.severity, _OFFERED_BY_MODULE))


def _weight_in(
    practices: Practices | None, rule: Rule, weight_of: Callable[[Claim], Weight], claim: Claim
) -> Weight:
    weight = weight_of(claim)
    if _is_chosen(rule, claim):
        return weigh_chosen(weight, rule.severity)
    vulnerable = _why_vulnerable(rule, claim.at.resource)
    if vulnerable:
        return weigh_vulnerable(weight, vulnerable, claim.leaks)
    unoperated = practices is not None and _is_optional(rule, claim, practices)
    return weigh_unoperated(weight, rule.operational == "info") if unoperated else weight


def _is_chosen(rule: Rule, claim: Claim) -> bool:
    """Whether comments state the choice on purpose: at the resource, or at all that the claim rests on."""
    if rule.subject is None or claim.leaks:
        return False
    places = [view.resource for view, _ in claim.related]
    stated = [_states(each, rule.subject) for each in places]
    return _states(claim.at.resource, rule.subject) or (bool(stated) and all(stated))


def _why_vulnerable(rule: Rule, resource: Resource) -> str:
    """Why what a rule of security reports of a resource is so on purpose; empty where nothing shows it."""
    if rule.pillar != "security":
        return ""
    noted = resource.attributes.entries.get(VULNERABLE)
    text = None if noted is None else noted.value
    return str(text.data) if isinstance(text, Scalar) else ""


def _states(resource: Resource, subject: StatedSubject) -> bool:
    noted = resource.attributes.entries.get(STATED_REASON)
    text = None if noted is None else noted.value
    return isinstance(text, Scalar) and subject in str(text.data).split()


def _weight(
    rule: Rule, purpose_of_claim: _PurposeOf, given: Mapping[str, str], refused: str, claim: Claim
) -> Weight:
    for name, script in given.items():
        if any(_is_default_of(name, each) for each in claim.at.value.assumed):
            severity = claim.severity or rule.severity
            because = f"{script} gives {name} another value"
            return (
                Weight(severity)
                if severity == "info"
                else Weight(_LESS[severity], Lowered(severity, because))
            )
    stated = _is_stated(claim.at.value) and not _is_of_defaults(claim)
    weight = _weighed(rule, purpose_of_claim(claim), claim, stated, claim.answer.assumed)
    if not refused or weight.severity != "high" or claim.leaks:
        return weight
    # What a secret's text discloses, it does whether it is deployed or not.
    return Weight("medium", Lowered("high", refused))


def _is_default_of(pattern: str, assumption: str) -> bool:
    """Whether an assumption is the default of a variable of that name, which matters to what is deployed."""
    name = assumption.removeprefix(_DEFAULT)
    return name != assumption and fnmatchcase(name, pattern) and _PLACES.search(name) is None


def _weighed(rule: Rule, purpose: Purpose, claim: Claim, stated: bool, assumed: Assumptions) -> Weight:
    if claim.severity == "info" and claim.milder and rule.severity != "info":
        return Weight("info", Lowered(rule.severity, claim.milder))
    severity, concern = claim.severity or rule.severity, claim.concern or rule.concern
    at, leaks = claim.at.resource, claim.leaks
    stated &= not claim.required
    weight = weigh(severity, concern, at, assumed, purpose, stated, claim.milder, leaks)
    return weigh_alone(weight, concern, at, claim.in_use)


def _weight_if_found(rule: Rule, purpose_of_claim: _PurposeOf, claim: Claim) -> Weight:
    """What an undecided claim may weigh: its value may be written, and rest on no assumption."""
    stated = isinstance(claim.at.value, (Scalar, Unknown))
    return _weighed(rule, purpose_of_claim(claim), claim, stated, NO_ASSUMPTIONS)


def _reweighed(rule: Rule, reweigh: _Reweigh, claim: Claim, weight: Weight) -> Weight:
    return reweigh(weight, claim.concern or rule.concern)


def _outside_production(rule: Rule, claim: Claim, weight: Weight) -> Weight:
    return weigh_outside_production(weight, claim.concern or rule.concern, _is_stated(claim.at.value))


def _in_branch(rule: Rule, purpose: Purpose, claim: Claim, weight: Weight) -> Weight:
    """Reweighed where a program leaves something out, and where a template sets what is right by default."""
    if claim.at.resource.vocabulary.language != "python":
        weigh_by = weigh_by_caller if purpose in MODULES else weigh_by_choice
        return _reweighed(rule, weigh_by, claim, weight)
    return weight if _is_stated(claim.at.value) else _reweighed(rule, weigh_in_branch, claim, weight)


def _is_of_defaults(claim: Claim) -> bool:
    """Whether a notebook leaves to a file of settings what is wrong, which serves all that read it."""
    span = claim.at.value.span
    notebook = claim.at.resource.span.path.endswith(NOTEBOOK)
    return notebook and span is not None and span.path.endswith(_SETTINGS)


def _is_stated(value: Value) -> bool:
    """Whether the user has written a setting's value, in part at least."""
    return isinstance(value, Scalar) or (isinstance(value, Unknown) and bool(value.parts))
