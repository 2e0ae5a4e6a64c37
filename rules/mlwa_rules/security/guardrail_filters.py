"""Security of generative AI on Bedrock: what guardrails filter, of requests and of responses."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import islice

from mlwa_lint.graph.kinds import AGENT, FLOW, GUARDRAIL, GUARDRAIL_VERSION
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries import purposes, twins
from mlwa_lint.model.findings import Severity
from mlwa_lint.model.resources import APPLIED_TO, NOT_KNOWN
from mlwa_lint.rule import (
    YES,
    Answer,
    Claim,
    Data,
    EdgeKind,
    GraphView,
    Remedy,
    ResourceView,
    View,
    answer,
    append_to,
    certainly,
    rule,
    set_to,
    some,
    undecided,
)
from mlwa_rules.security.guardrails import ENFORCED, FILTER_RISK, why_not_named

# The filters for harmful content, beside the one for prompt attacks.
HARMFUL = ("HATE", "INSULTS", "SEXUAL", "VIOLENCE", "MISCONDUCT")
# What a filter has a strength for.
_SIDES = ("Input", "Output")
_UNREAD = "programs of the repository are too many to be searched for what they apply guardrails to"
_SHOWN = "an example shows some of the filters"
_ON_RESPONSES = "programs of the repository apply it to responses alone, which this filter does not check"
_PURPOSE = "it filters no content at all, but checks something else, and no agent or flow uses it"
_OTHER_POLICIES = (
    "AutomatedReasoningPolicyConfig",
    "ContextualGroundingPolicyConfig",
    "SensitiveInformationPolicyConfig",
    "TopicPolicyConfig",
    "WordPolicyConfig",
)
_STRONGER = Remedy("Set `InputStrength: HIGH`.", 'Set `input_strength = "HIGH"`.')


@rule(
    "MLS602",
    "guardrail-without-prompt-attack-filter",
    "medium",
    concern="protection",
    subject="filter",
    practices=("MLSEC05-BP01",),
    on=(GUARDRAIL,),
    remedy=Remedy(
        "Add to `FiltersConfig`: `{Type: PROMPT_ATTACK, InputStrength: HIGH, OutputStrength: NONE}`.",
        'Add `filters_config` with `type = "PROMPT_ATTACK"`, `input_strength = "HIGH"` and '
        '`output_strength = "NONE"`.',
    ),
    controls=("bedrock_guardrail_prompt_attack_filter_enabled",),
)
def guardrail_without_prompt_attack_filter(guardrail: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A guardrail does not filter prompt attacks, or filters them with less than full strength.

    Jailbreaks and injected instructions bypass the other safeguards of a model; without this filter a
    guardrail passes them on to the model.

    The filter needs an input strength other than `NONE`; one that is switched off by `InputEnabled: false`
    does not count. With `LOW` or `MEDIUM` the severity is low. The output strength of this filter must be
    `NONE`, because attacks come with the input. The severity is low as well for one that is named for
    development or tests beside one for production, for a guardrail without any content filter that checks
    something else, such as topics or grounding, and that no agent or flow of the project uses; for one
    that none of the agents, flows and programs declared beside it names, or that nothing names in a
    repository where nothing shows that it is operated; and info in examples another guardrail of which
    filters prompt attacks: they show one kind of policy in each. It is info as well where all that
    programs of the repository do with guardrails is to apply them to responses
    (`apply_guardrail(source="OUTPUT", ...)`), and no agent or flow uses this one.

    See [Detect prompt attacks with Amazon Bedrock
    Guardrails](https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-prompt-attack.html).
    """
    filters = guardrail["ContentPolicyConfig.FiltersConfig"]
    stops = filters.any_item(_stops_prompt_attacks)
    message = f"{guardrail} does not filter prompt attacks: {filters} has no filter of type PROMPT_ATTACK"
    message += " with an input strength other than NONE"
    new: Data = {"Type": "PROMPT_ATTACK", "InputStrength": "HIGH", "OutputStrength": "NONE"}
    fix = append_to(filters, new, risk=FILTER_RISK)
    one_of_several = purposes.is_shown(graph) and _another_stops_them(guardrail, graph)
    milder = "" if one_of_several else _why_for_another_purpose(guardrail, graph)
    milder = milder or ("" if one_of_several else _why_not_applied(guardrail, graph))
    milder = milder or ("" if one_of_several else twins.why_beside_production(guardrail, graph))
    severity: Severity | None = "info" if one_of_several else None
    if _sides_of(guardrail, graph) == ("Output",):
        severity, milder = "low", _ON_RESPONSES
    yield Claim(~stops, filters, message, severity, fix=fix, milder=milder)
    for each in filters.known_items():
        strength = each["InputStrength"]
        weak = _stops_prompt_attacks(each) & strength.one_of(("LOW", "MEDIUM"))
        message = f"{guardrail} filters prompt attacks with {strength} {strength.words}: it should be HIGH"
        fix = set_to(strength, "HIGH", risk=FILTER_RISK)
        yield Claim(weak, strength, message, "low", remedy=_STRONGER, fix=fix)


def _why_for_another_purpose(guardrail: ResourceView, graph: GraphView) -> str:
    """Why a guardrail may not be meant to filter what users send: it filters no content, but checks more.

    That is decided where an agent or a flow applies it: it is meant for all of their requests then.
    """
    if certainly(guardrail["ContentPolicyConfig"].is_present()):
        return ""
    used = graph.sources(guardrail, EdgeKind.CONFIGURES, AGENT, FLOW)
    checks = some(guardrail[each].is_present() for each in _OTHER_POLICIES)
    return _PURPOSE if certainly(checks) and not (used.related or used.unknown) else ""


def _why_not_applied(guardrail: ResourceView, graph: GraphView) -> str:
    """Why a guardrail needs a filter less: nothing uses it, or shows that its project is operated."""
    return why_not_named(guardrail, (GUARDRAIL_VERSION,), graph)


def _sides_of(guardrail: ResourceView, graph: GraphView) -> tuple[str, ...]:
    """What a guardrail checks: requests and responses, or the one that programs alone apply it to."""
    applied = guardrail.attributes[APPLIED_TO].text
    used = graph.sources(guardrail, EdgeKind.CONFIGURES, AGENT, FLOW)
    if applied in (None, "", NOT_KNOWN) or used.related or used.unknown or graph.of_type(ENFORCED):
        return _SIDES
    return (applied.capitalize(),)


def _another_stops_them(guardrail: ResourceView, graph: GraphView) -> bool:
    """Whether another guardrail of the project certainly filters prompt attacks."""
    return any(address != guardrail.address for address in _stopping_prompt_attacks(graph))


@remembered
def _stopping_prompt_attacks(graph: GraphView) -> tuple[str, ...]:
    """The first two guardrails that certainly filter prompt attacks."""
    found = (
        each.address
        for each in graph.of_type(GUARDRAIL)
        if certainly(each["ContentPolicyConfig.FiltersConfig"].any_item(_stops_prompt_attacks))
    )
    return tuple(islice(found, 2))


def _stops_prompt_attacks(content_filter: View) -> Answer:
    strength = content_filter["InputStrength"]
    acts = strength.is_present() & ~strength.equals("NONE") & ~content_filter["InputEnabled"].is_false()
    return content_filter["Type"].equals("PROMPT_ATTACK") & acts


@rule(
    "MLS612",
    "guardrail-without-pii-filter",
    "medium",
    concern="protection",
    operational=True,
    practices=("AGENTSEC08-BP02", "RAISP03-BP01"),
    on=(GUARDRAIL,),
    remedy=Remedy(
        "Set `SensitiveInformationPolicyConfig: {PiiEntitiesConfig: [{Type: EMAIL, Action: ANONYMIZE}]}`.",
        "Add `sensitive_information_policy_config` with a `pii_entities_config` for each kind of data.",
    ),
    controls=("bedrock_guardrail_sensitive_information_filter_enabled",),
)
def guardrail_without_pii_filter(guardrail: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A guardrail does not filter sensitive information.

    Models repeat personal data and credentials from prompts, documents and tools in their responses; the
    sensitive information filter blocks or masks them before they reach a user or a log.

    Any list of entities or regular expressions counts. The severity is low for a guardrail that nothing
    applies, for one that is named for development or tests beside one for production, and for one without
    any content filter that checks something else, such as topics or grounding, and that no agent or flow
    of the project uses, as that of MLS602 is.

    Exceptions: Not reported where another guardrail of the project filters sensitive information, and no
    agent or flow of the project uses this one: code may apply several guardrails, one for each concern.

    See [Remove PII from conversations by using sensitive information
    filters](https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-sensitive-filters.html).
    """
    policy = guardrail["SensitiveInformationPolicyConfig"]
    message = f"{guardrail} does not filter sensitive information: it sets no {policy}"
    missing = policy.is_absent() & ~answer(_is_one_of_several(guardrail, graph))
    milder = _why_for_another_purpose(guardrail, graph) or _why_not_applied(guardrail, graph)
    milder = milder or twins.why_beside_production(guardrail, graph)
    yield Claim(missing, policy, message, milder=milder)


def _is_one_of_several(guardrail: ResourceView, graph: GraphView) -> bool:
    """Whether a guardrail that no agent or flow uses has one for sensitive information beside it."""
    used = graph.sources(guardrail, EdgeKind.CONFIGURES, AGENT, FLOW).related
    return not used and _one_filters_information(graph)


@remembered
def _one_filters_information(graph: GraphView) -> bool:
    return any(
        certainly(each["SensitiveInformationPolicyConfig"].is_present()) for each in graph.of_type(GUARDRAIL)
    )


@rule(
    "MLS620",
    "guardrail-without-content-filters",
    "low",
    concern="protection",
    operational=True,
    practices=("MLSEC05-BP01", "RAISP03-BP01"),
    on=(GUARDRAIL,),
    remedy=Remedy(
        "Add the filter to `FiltersConfig`: `{Type: HATE, InputStrength: HIGH, OutputStrength: HIGH}`.",
        'Add `filters_config` with `type = "HATE"`, `input_strength = "HIGH"` and '
        '`output_strength = "HIGH"` for each.',
    ),
)
def guardrail_without_content_filters(guardrail: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A guardrail does not filter all kinds of harmful content.

    Users can then receive, or make the model produce, content that damages them and the reputation of the
    product.

    The rule expects filters for hate, insults, sexual content, violence and misconduct, each with a strength
    other than `NONE` on input and on output. Where all that programs of the repository do with guardrails is
    to apply them to one side (`apply_guardrail(source="INPUT", ...)`), and no agent or flow uses this one,
    the strength on that side counts. One finding names all that are missing. It is of severity info for a
    guardrail without any content filter, which MLS602 covers as well, in examples and tests, and for one that
    is named for development or tests beside one for production.

    See [Detect and filter harmful content by using Amazon Bedrock
    Guardrails](https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-content-filters.html).
    """
    filters = guardrail["ContentPolicyConfig.FiltersConfig"]
    sides = _sides_of(guardrail, graph)
    lacking = {kind: ~_has_filter(filters, kind, sides) for kind in HARMFUL}
    if guardrail.attributes[APPLIED_TO].text == NOT_KNOWN and not certainly(filters.is_absent()):
        lacking = {kind: lacks & undecided(_UNREAD) for kind, lacks in lacking.items()}
    names = ", ".join(kind for kind, lacks in lacking.items() if certainly(lacks))
    open_sides = [each for each in sides if _lets_pass(filters, lacking, each)] or sides
    where = " and ".join(map(str.lower, open_sides))
    message = f"{guardrail} does not filter {names} on {where}: {filters} should have these filters"
    new: list[Data] = [
        {"Type": kind, "InputStrength": "HIGH", "OutputStrength": "HIGH"}
        for kind in names.split(", ")
        if not certainly(filters.any_item(partial(_is_of_type, kind=kind)))
    ]
    fix = append_to(filters, *new, risk=FILTER_RISK) if len(new) == names.count(", ") + 1 else None
    severity: Severity | None = "info" if certainly(filters.is_absent()) else None
    milder = _SHOWN if purposes.is_shown(graph) else twins.why_beside_production(guardrail, graph)
    yield Claim(some(lacking.values()), filters, message, severity, fix=fix, milder=milder)


def _is_of_type(content_filter: View, kind: str) -> Answer:
    return content_filter["Type"].equals(kind)


def _lets_pass(filters: View, lacking: Mapping[str, Answer], side: str) -> bool:
    """Whether some of what is lacking is not filtered on one side, whatever is on the other."""
    kinds = (kind for kind, lacks in lacking.items() if certainly(lacks))
    return any(certainly(~_has_filter(filters, kind, (side,))) for kind in kinds)


def _has_filter(filters: View, kind: str, sides: Sequence[str]) -> Answer:
    return filters.any_item(lambda each: _filters(each, kind, sides))


def _filters(content_filter: View, kind: str, sides: Sequence[str]) -> Answer:
    acts = YES
    for side in sides:
        strength, enabled = content_filter[f"{side}Strength"], content_filter[f"{side}Enabled"]
        acts &= strength.is_present() & ~strength.equals("NONE") & ~enabled.is_false()
    return content_filter["Type"].equals(kind) & acts
