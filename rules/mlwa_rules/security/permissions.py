"""Narrower permissions of ML roles: which models they invoke, who can act for a service, long-term keys."""

import re
from collections.abc import Iterator
from functools import partial

from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.iam.arns import names_account
from mlwa_lint.graph.iam.statements import Statement
from mlwa_lint.graph.kinds import ROLE, SSM_PARAMETER
from mlwa_lint.graph.linking.naming import GAP, outline
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries import bedrock, purposes
from mlwa_lint.graph.resolved import why_end_unknown
from mlwa_lint.model.resources import BEDROCK, ENDPOINTS
from mlwa_lint.model.values import Reference, Unknown, Value, identity_of
from mlwa_lint.rule import (
    NO,
    Answer,
    Claim,
    EdgeKind,
    GraphView,
    Remedy,
    ResourceView,
    View,
    answer,
    certainly,
    possibly,
    rule,
    undecided,
)
from mlwa_lint.startup.patterns import lazy
from mlwa_rules.security.holders import (
    POLICIES,
    all_roles,
    is_administrators,
    is_for_ml,
    is_for_program,
    may,
    narrower,
    not_to_stay,
    serves_functions_elsewhere,
    trusted_with,
    whom,
    whose_code_calls_none,
)
from mlwa_rules.security.identity import is_reported_for_wildcards
from mlwa_rules.security.service_roles import WITHOUT_CODE, is_for_services_alone

CREDENTIAL = "aws_iam_service_specific_credential"
INVOKING = ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream")
INVOKING_ENDPOINTS = (
    "sagemaker:InvokeEndpoint",
    "sagemaker:InvokeEndpointAsync",
    "sagemaker:InvokeEndpointWithResponseStream",
)
ANY_ENDPOINT = "arn:aws:sagemaker:us-east-1:000000000000:endpoint/any"
# Conditions that limit a statement on every endpoint to some of them.
ENDPOINT_KEYS = ("aws:resourcetag/*", "sagemaker:resourcetag/*", "aws:resourceaccount", "aws:resourceorgid")
# Conditions that limit a statement on every model to some of them.
_MODEL_KEYS = ("aws:resourcetag/*", "aws:resourceaccount", "aws:resourceorgid", "bedrock:inferenceprofilearn")

# Names of parameters and variables that fill in where a model is, not which.
_EVERY_ENDPOINT = lazy(r"arn:[^:]*:sagemaker:\*:\*:(?:endpoint|\*+)/\*+")
_PLACES = lazy(r"region|account|partition", re.IGNORECASE)
_CHOSEN = "the model is chosen by a parameter or a variable"
_SHOWN = "it is an example"
# Names of variables with which whoever calls a module chooses which models its roles may invoke.
_ABOUT_MODELS = lazy(r"the default of .*(?:bedrock|foundation|invo[ck]|llm|model)", re.IGNORECASE)
_CONFIGURED = "what acts with the role invokes the models that its configuration names"
_READING = ("ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath")


@rule(
    "MLS615",
    "invoke-any-model",
    "medium",
    practices=("GENSEC01-BP01",),
    on=POLICIES,
    remedy=Remedy(
        "Name the model: `Resource: arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0`.",
        "Name the model's ARN in `resources`, or `data.aws_bedrock_foundation_model.this.model_arn`.",
    ),
)
def invoke_any_model(policy: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An ML role may invoke every foundation model.

    Anyone who can run code with the role can then use the most expensive models, and models whose licence,
    Region or data handling has not been approved.

    The rule reports statements that allow `bedrock:InvokeModel`, which the Converse operations need as well,
    on `*` or on `foundation-model/*`.

    The severity is low where a parameter or a variable names the model that an agent with the role uses,
    or a function, a task or an AgentCore runtime, also by way of an SSM parameter that the role may read:
    whoever deploys it chooses the model. The policy can still name a provider's models or, by the same
    parameter, that model. It is low as well where only Bedrock or AgentCore can assume the role and no
    program of the project runs with it: the role of an agent, a knowledge base or a flow, which invoke
    the models that they name, of an AgentCore gateway or of evaluation jobs. So it is for roles that a
    notebook or an example program makes, or that the program deletes again, and for those of examples
    that nothing in the repository shows to be operated, and where the statement depends on the default of
    a module's variable about models (`allow_bedrock_invoke_all`): whoever calls the module may set it.
    Where only functions act with the role, whose code in the repository mentions Bedrock nowhere, the
    permission should be removed instead.

    A role that ECS tasks, App Runner services or EC2 instances act with counts as well, and one that Lambda
    assumes for functions that are declared elsewhere. So do roles whose trust policy lets instances, ECS
    tasks, pods of EKS, Amplify, users of a Cognito identity pool, state machines, APIs, AppSync, rules, pipes
    or schedules act with them. The severity is low where these invoke the models that their configuration
    names.

    Exceptions: Not reported when a condition limits the models or inference profiles, for roles that may do
    everything in Bedrock by a statement that MLS501 reports, and for ARNs with an account before
    `foundation-model/`, which no model has.

    See [Identity-based policy examples for Amazon
    Bedrock](https://docs.aws.amazon.com/bedrock/latest/userguide/security_iam_id-based-policy-examples.html).
    """
    invoking = policies.of_policy(policy).candidates(_invokes_models)
    if invoking.is_empty() or all_roles(policy, graph, lambda role: _has_all_of_bedrock(role, graph)):
        return
    for_ml = _is_for_ml_or_program(policy, graph)
    if not possibly(for_ml):
        return
    chosen = _is_chosen_at_deployment(policy, graph)
    for statement in invoking:
        place = statement.resources_or_others
        wrong = for_ml & _is_on_any_model(policy, statement, graph)
        both = not chosen and certainly(invokes_any_endpoint(statement))
        what = "models and endpoints" if both else "models"
        whatever = "every model and endpoint" if both else "every model"
        allowed = may(policy, whom(policy, graph), f"invoke {whatever}")
        message = f"{allowed}: {narrower(place, what)}"
        if certainly(wrong) and _is_unused(policy, both, graph):
            message = f"{allowed}, which no code that acts with it does: remove the permission"
        milder = _CHOSEN if chosen else WITHOUT_CODE if is_for_services_alone(policy, graph) else ""
        milder = milder or (_CONFIGURED if _is_for_configured_alone(policy, graph) else "")
        milder = milder or not_to_stay(policy, graph) or _why_shown(graph)
        # In a module, what its caller may set is no decision that models are invoked at will.
        left = policy.language == "terraform" and any(map(_ABOUT_MODELS.match, place.value.assumed))
        yield Claim(wrong, place, message, milder=milder, concern="protection" if left else None)


def _is_unused(policy: ResourceView, both: bool, graph: GraphView) -> bool:
    """Whether only functions act with a policy, whose code invokes no model; both: and no endpoint."""
    if not whose_code_calls_none(policy, graph, "bedrock", BEDROCK):
        return False
    return not both or bool(whose_code_calls_none(policy, graph, "sagemaker", ENDPOINTS))


@remembered
def _has_all_of_bedrock(role: ResourceView, graph: GraphView) -> bool:
    """Whether MLS501 reports that a role may do everything in Bedrock, whichever of its policies lets it."""
    return not is_administrators(role, graph) and any(
        certainly(_invokes_models(each) & is_reported_for_wildcards(role, each, graph))
        for each in policies.of_role(role, graph).known
    )


def _why_shown(graph: GraphView) -> str:
    """Why a role of a template or configuration is not operated; empty where something shows that it is."""
    return _SHOWN if purposes.is_shown(graph) and not graph.graph.project.operated else ""


def _is_for_configured_alone(policy: ResourceView, graph: GraphView) -> bool:
    """Whether only what invokes the models that it names acts with a policy: state machines, APIs, rules."""
    if possibly(is_for_ml(policy, graph)) or serves_functions_elsewhere(policy, graph):
        return False
    found = list(trusted_with(policy, graph))
    return bool(found) and all(each.configured for each in found)


def is_reported_for_any_model(policy: ResourceView, statement: Statement, graph: GraphView) -> Answer:
    """Whether a statement is reported, with the severity of the rule, for allowing every foundation model."""
    if not possibly(_invokes_models(statement)):
        return NO
    for_ml = _is_for_ml_or_program(policy, graph)
    if not possibly(for_ml) or _is_chosen_at_deployment(policy, graph):
        return NO
    return for_ml & _is_on_any_model(policy, statement, graph)


def invokes_any_endpoint(statement: Statement) -> Answer:
    """Whether a statement allows invoking every endpoint of SageMaker."""
    named = statement.allows() & statement.names_service("sagemaker")
    if not possibly(named):
        return NO
    return (
        named
        & statement.covers_any_action(*INVOKING_ENDPOINTS)
        & (statement.on_any_resource() | statement.on_some_resource(_is_every_endpoint))
        & ~statement.excludes_resource(ANY_ENDPOINT)
        & ~statement.narrowed_by(*ENDPOINT_KEYS)
    )


def _is_every_endpoint(view: View) -> Answer:
    """Whether a resource is all endpoints, of whatever Region and account."""
    texts = view.texts or (outline(view.value),)
    return answer(any(_EVERY_ENDPOINT.fullmatch(each) for each in texts), view.value.assumed)


def _is_for_ml_or_program(policy: ResourceView, graph: GraphView) -> Answer:
    """Whether ML resources, programs of the project or functions that another stack declares act with it.

    Or whom else the trust policy names: pods of EKS, users of Cognito, state machines.
    """
    elsewhere = serves_functions_elsewhere(policy, graph) or any(trusted_with(policy, graph))
    return is_for_ml(policy, graph) | is_for_program(policy, graph) | answer(elsewhere)


def _is_on_any_model(policy: ResourceView, statement: Statement, graph: GraphView) -> Answer:
    invokes = _invokes_models(statement)
    if not possibly(invokes):
        return NO
    named = frozenset(each for model in _models_of(policy, graph) for each in _names_in(model)) - {""}
    any_model = statement.on_any_resource() | statement.on_some_resource(partial(_is_any_model, named, graph))
    reported = is_reported_for_wildcards(policy, statement, graph) | statement.narrowed_by(*_MODEL_KEYS)
    return invokes & any_model & ~reported


def _invokes_models(statement: Statement) -> Answer:
    named = statement.allows() & statement.names_service("bedrock")
    return named & statement.covers_any_action(*INVOKING) if possibly(named) else NO


def _is_chosen_at_deployment(policy: ResourceView, graph: GraphView) -> bool:
    """Whether those who act with a policy are given the model by a parameter or a variable.

    They may have it from an SSM parameter of the project as well.
    """
    if any(_is_chosen(model) for model in _models_of(policy, graph)):
        return True
    kept = [each for each in graph.of_type(SSM_PARAMETER) if bedrock.holds_model(each)]
    return any(_is_chosen(each["Value"]) for each in kept) and _reads_parameters(policy, graph)


def _reads_parameters(policy: ResourceView, graph: GraphView) -> bool:
    """Whether what acts with a policy may read parameters of SSM."""
    roles = [policy] if policy.type == ROLE else list(policies.roles_of(policy, graph))
    granted = [each for role in roles for each in policies.of_role(role, graph).known]
    return any(certainly(each.allows() & each.covers_any_action(*_READING)) for each in granted)


def _models_of(policy: ResourceView, graph: GraphView) -> Iterator[View]:
    """The models of what acts with a policy."""
    roles = [policy] if policy.type == ROLE else list(policies.roles_of(policy, graph))
    actors = (actor for role in roles for actor in graph.sources(role, EdgeKind.ASSUMES))
    for actor in dict.fromkeys(actors):
        yield from bedrock.models_of(actor)


def _is_chosen(model: View) -> bool:
    """Whether the model itself is open, and not only the Region, account or partition of its ARN."""
    value = model.value
    if isinstance(value, Unknown):
        return not bedrock.name_of(model)
    return any(_PLACES.search(each) is None for each in value.assumed)


_PROFILE = ":inference-profile/"
_OTHER_KIND = lazy(r"arn:[^:]*:bedrock:[^:]*:[^:]*:(?!foundation-model/)[a-z-]+/")


def _is_any_model(named: frozenset[str], graph: GraphView, view: View) -> Answer:
    """Whether a resource is all foundation models of a Region: `arn:aws:bedrock:*::foundation-model/*`.

    named: by what the models are known that those who act with the policy invoke, each of which is one.
    """
    if view.texts:
        return view.test(_is_every_model) & ~names_account(view, graph)
    text = outline(view.value)
    tail = text.rpartition("foundation-model/")
    if tail[1] and GAP not in tail[2]:
        return answer(_is_every_model(text), view.value.assumed) & ~names_account(view, graph)
    if _PROFILE in text or _names_one(view.value):
        return NO  # the profile's own models
    if _OTHER_KIND.match(text):
        return NO  # whatever the account is, these are guardrails, agents or prompts
    value = view.value
    last = value.parts[-1] if isinstance(value, Unknown) and value.parts else value
    if not isinstance(last, str) and identity_of(last) in named:
        return NO
    return view.is_open() if last is value else undecided(why_end_unknown(value))


def _names_in(model: View) -> Iterator[str]:
    """What identifies the model that a property names, and the end of its ARN: `…/${var.model}`."""
    yield identity_of(model.value)
    parts = model.value.parts if isinstance(model.value, Unknown) else ()
    before = parts[-2] if len(parts) > 1 else ""
    if isinstance(before, str) and before.endswith("/") and not isinstance(parts[-1], str):
        yield identity_of(parts[-1])


def _names_one(value: Value) -> bool:
    """Whether a text is what one resource is called: that is never all of a kind."""
    return isinstance(value, Reference) or (
        isinstance(value, Unknown) and len(value.parts) == 1 and isinstance(value.parts[0], Reference)
    )


def _is_every_model(text: str) -> bool:
    _, found, tail = text.rpartition("foundation-model/")
    return found != "" and tail != "" and tail.strip("*") == ""


@rule(
    "MLS619",
    "long-term-bedrock-api-key",
    "high",
    practices=("AGENTSEC06-BP03", "MLSEC03-BP01"),
    on=(CREDENTIAL,),
    remedy=Remedy(
        "Use a role and temporary credentials instead of an API key.",
        "Use a role and temporary credentials, or set `credential_age_days`.",
    ),
    languages=("terraform",),
)
def long_term_bedrock_api_key(credential: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A Bedrock API key that never expires belongs to an IAM user.

    A leaked key invokes models at your expense until it is deleted, and it is stored in the Terraform
    state.

    CloudFormation has no such resource.

    Exceptions: Not reported for keys that expire (`credential_age_days`).

    See [Amazon Bedrock API keys](https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html).
    """
    service, age = credential["ServiceName"], credential["CredentialAgeDays"]
    message = f"{credential} is an API key of Bedrock that does not expire: use a role, or set {age}"
    yield Claim(service.equals("bedrock.amazonaws.com") & age.is_absent(), service, message)
