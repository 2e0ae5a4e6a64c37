"""Reliability of generative AI: models that can be invoked, and versions that follow their source."""

import datetime
from collections.abc import Iterator

from mlwa_lint.facts import models as facts
from mlwa_lint.facts.today import today, written
from mlwa_lint.graph.kinds import (
    AGENT,
    AGENT_ALIAS,
    AGENTCORE_RUNTIME,
    APP_RUNNER,
    CUSTOM_MODEL,
    DATA_SOURCE,
    FLOW,
    FUNCTION,
    GUARDRAIL,
    GUARDRAIL_VERSION,
    INFERENCE_PROFILE,
    KNOWLEDGE_BASE,
    PROMPT,
    PROMPT_ROUTER,
    STATE_MACHINE,
    TASK_DEFINITION,
)
from mlwa_lint.graph.linking.naming import outline
from mlwa_lint.graph.queries import bedrock, permissions, programs, requests
from mlwa_lint.graph.queries.permissions import Need
from mlwa_lint.model.findings import Severity
from mlwa_lint.model.purpose import SHOWN_PURPOSES, purpose_of
from mlwa_lint.model.resources import EXAMPLE, MODEL_CALL
from mlwa_lint.rule import (
    NO,
    Answer,
    Claim,
    EdgeKind,
    GraphView,
    Remedy,
    ResourceView,
    View,
    certainly,
    rule,
)

# Folders of documentation, whose programs are examples.
_DOCUMENTS = frozenset({"doc", "docs", "documentation"})
_SOON = datetime.timedelta(days=90)
_PROFILE = "inference-profile/"
_STREAMING = "bedrock:InvokeModelWithResponseStream"
_OTHER_COLLECTION = Remedy(
    "Name the collection in the policy's `Resource`: `collection/NAME`, and `index/NAME/*`.",
    "Name the collection in the policy's `Resource`: `collection/NAME`, and `index/NAME/*`.",
)


@rule(
    "MLR604",
    "model-in-one-region",
    "info",
    literal=True,
    practices=("GENREL05-BP01",),
    on=(AGENT, FLOW, FUNCTION, AGENTCORE_RUNTIME, TASK_DEFINITION, APP_RUNNER),
    remedy=Remedy(
        "Use the model's cross-Region inference profile, such as `eu.amazon.nova-lite-v1:0`.",
        "Use the model's cross-Region inference profile, such as `eu.amazon.nova-lite-v1:0`.",
    ),
    scope="all",
    facts=("models",),
)
def model_in_one_region(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A Bedrock model is invoked in one Region although a cross-Region inference profile exists.

    At peak load in that Region, requests are throttled. A profile routes them to Regions with free capacity
    within the same geography.

    Of functions, AgentCore runtimes, App Runner services and containers of ECS tasks, the environment
    variables count. The literal ids that the code of a function hands to a call, or to the model of a
    library, count as well, where it is in the repository.

    Exceptions: models that can only be invoked through a profile (see MLR608), and models near or past their
    end of life (see MLR605).

    See [Increase throughput with cross-Region
    inference](https://docs.aws.amazon.com/bedrock/latest/userguide/cross-region-inference.html).
    """
    for view, again, _ in _named_models(resource):
        name = view.words or bedrock.name_of(view)
        message = f"{resource} invokes {name} in one Region: {view} could name its inference profile"
        yield Claim(_invokes_in_one_region(view), view, message, related=again)


def _named_models(resource: ResourceView) -> Iterator[tuple[View, tuple[tuple[View, str], ...], bool]]:
    """What a resource names as models, with further places that repeat it, and whether its code does."""
    for view in bedrock.models_of(resource):
        yield view, (), False
    for view, again in requests.named_models(resource):
        yield view, tuple((each, "it names the model here as well") for each in again), True


def _invokes_in_one_region(view: View) -> Answer:
    """Whether a model has a profile that is not used; the Region and account of an ARN need not be known."""
    text = outline(view.value)
    if _PROFILE in text:
        return NO
    return (
        view.tail("/", _could_use_profile) if "foundation-model/" in text else view.test(_could_use_profile)
    )


def _could_use_profile(name: str) -> bool:
    plain = not facts.profile_geography(name) and _PROFILE not in name
    current = plain and facts.has_profile(name) and not facts.needs_profile(name)
    lives = not facts.has_ended_some_day(name) and not facts.is_of_unknown_life(name)
    return current and lives and not _ends_by(name, today() + _SOON)


@rule(
    "MLR605",
    "bedrock-model-at-end-of-life",
    "high",
    literal=True,
    practices=("GENREL04-BP02",),
    on=(
        AGENT,
        KNOWLEDGE_BASE,
        DATA_SOURCE,
        FLOW,
        PROMPT,
        FUNCTION,
        AGENTCORE_RUNTIME,
        TASK_DEFINITION,
        APP_RUNNER,
        INFERENCE_PROFILE,
        PROMPT_ROUTER,
        CUSTOM_MODEL,
        STATE_MACHINE,
        MODEL_CALL,
    ),
    remedy=Remedy(
        "Move to a current model, and make its id a parameter.",
        "Move to a current model, and make its id a variable.",
        "Move to a current model, and read its id from the configuration.",
    ),
    scope="all",
    facts=("models",),
)
def bedrock_model_at_end_of_life(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A Bedrock model is past its end of life.

    Requests to it fail.

    The days are in a dated table. Where AWS names Regions in which a model still answers, the message names
    them as well, and the severity is low where the configuration pins one of these. The message names no day
    where none could be verified. Models that reach their end of life within 90 days are reported with
    severity medium. The models of an agent's prompts, of a flow's knowledge bases, of prompts, and of the
    steps that parse and enrich the documents of a data source count as well, and so do those of prompt
    routers and of the tasks of state machines that invoke one, and what application inference profiles and
    custom models are made from.

    Of functions, AgentCore runtimes, App Runner services and containers of ECS tasks, the environment
    variables count. The literal ids that the code of a function hands to a call count as well, where it is in
    the repository, also inside of a configuration (`modelArn` in that of `retrieve_and_generate()`), or to
    the model of a library: LangChain, LlamaIndex, LiteLLM (`bedrock/…`), Pydantic AI, Strands Agents. So do
    those that the program of an AgentCore runtime hands to a library's model (`BedrockModel(model_id="…")`),
    where the project has one runtime and the repository one image of an agent; of several runtimes, the one
    runs a program that is called like it (`agents/research/` for `research_agent`). Both are reported with
    severity medium, because a part of the code may never run, and so is a variable that the code of a
    function in the repository does not read, though a module of a layer may. The severity is low for a
    variable of a function whose code, in the repository, reads other variables alone and invokes no model,
    for one of a container whose image the repository builds, and no code of it reads, where another variable
    switches the use of models off (`ENABLE_AI_SUMMARY: "false"`), and where one names the inference profile
    for the same use (`GEN_INFERENCE_PROFILE_ID` beside `GEN_MODEL_ID`): nothing fails until that changes.

    Of other programs and notebooks, the literal ids count that they hand to `converse()`, `invoke_model()`
    and `retrieve_and_generate()`, or to the model of such a library, each once for a program; the severity
    is medium, and low in a notebook, in an example, below a folder of examples, tests or documentation, for
    the default of an environment variable, and in a module that nothing in the project deploys, runs or
    imports, though it does so with others. It is low as well, also in the code of a function, where another
    call follows if one fails (`except`), with a model that may still be there. A call that tries one model
    after the other does not count.

    The user guide states that a model at its end of life is no longer available and that requests to it
    fail.

    See [Model lifecycle](https://docs.aws.amazon.com/bedrock/latest/userguide/model-lifecycle.html).
    """
    for view, again, in_code in _named_models(resource):
        place = view.path[-1] if resource.type == STATE_MACHINE else view
        used, advice = f"{resource} uses {bedrock.name_of(view)}", f"{place} should name a current model"
        unused = "" if in_code else programs.why_unused(resource, view, graph)
        open_ = in_code or programs.leaves_unread(resource, view)
        severity: Severity | None = "medium" if unused or open_ else None
        but, remains = _where_it_remains(resource, view, graph)
        message = f"{used}, which reached {_end_of(view)}{but}: {advice}"
        milder = unused or remains or requests.why_only_tried(resource, view)
        severity = _of_call(resource, view) or ("medium" if milder else severity)
        yield Claim(view.tail("/", _has_ended), view, message, severity, milder=milder, related=again)
        message = f"{used}, which {'reach' if len(view.texts) > 1 else 'reaches'} {_end_of(view)}: {advice}"
        severity = _of_call(resource, view) or "medium"
        yield Claim(view.tail("/", _ends_soon), view, message, severity, milder=unused, related=again)


def _of_call(resource: ResourceView, view: View) -> Severity | None:
    """How much a mistake in a program's call of a model weighs: a part of it may never run.

    Who runs a notebook or an example sees the error, and who runs a program may set its variables.
    """
    if resource.type != MODEL_CALL:
        return None
    by_variable = any("environment variable" in each for each in view.value.assumed)
    path = resource.span.path
    is_example = certainly(resource.attributes[EXAMPLE].is_present()) or _is_below_examples(path)
    return "low" if by_variable or path.endswith(".ipynb") or is_example else "medium"


def _is_below_examples(path: str) -> bool:
    """Whether a program lies in a folder of examples, tests or documentation."""
    below = not path.startswith("/") and not _DOCUMENTS.isdisjoint(path.split("/")[:-1])
    return below or purpose_of(path, reusable=False) in SHOWN_PURPOSES


def _end_of(view: View) -> str:
    """The end of life of the model or models that a property names, with the day where all are known."""
    names = _names_in(view)
    end = "its end of life" if len(names) == 1 else "their end of life"
    days = [facts.end_of_life(name) for name in names]
    known = [day for day in days if day is not None]
    if len(known) < len(names):
        return end
    return f"{end} {'on' if len(set(known)) == 1 else 'by'} {written(max(known))}"


def _where_it_remains(resource: ResourceView, view: View, graph: GraphView) -> tuple[str, str]:
    """In which Regions models that ended answer nevertheless, as part of a sentence, and why that matters.

    Nothing of it does where the resource is known to be deployed to another Region.
    """
    names = _names_in(view)
    found = sorted({region for name in names for region in facts.remains_in(name)})
    if not found:
        return "", ""
    from mlwa_lint.graph.queries import regions

    home = regions.pinned(resource, graph)
    if home is not None and home not in found:
        return "", ""
    listed = f" in all Regions but {', '.join(found[:-1])}{' and ' if found[:-1] else ''}{found[-1]}"
    answers = home is not None and all(home in facts.remains_in(name) for name in names)
    return listed, f"it can still be invoked in {home}" if answers else ""


def _names_in(view: View) -> tuple[str, ...]:
    return view.texts or (bedrock.name_of(view),)


def _has_ended(name: str) -> bool:
    return facts.has_ended_some_day(name) or _ends_by(name, today())


def _ends_by(name: str, day: datetime.date) -> bool:
    ends = facts.end_of_life(name)
    return ends is not None and ends <= day


def _ends_soon(name: str) -> bool:
    return _ends_by(name, today() + _SOON) and not _ends_by(name, today())


@rule(
    "MLR607",
    "knowledge-base-without-data-access",
    "high",
    practices=("GENSEC01-BP02",),
    on=(KNOWLEDGE_BASE,),
    remedy=Remedy(
        "Add an `AWS::OpenSearchServerless::AccessPolicy` of type data with the role's ARN as `Principal`.",
        'Add an `aws_opensearchserverless_access_policy` of type "data" with the role\'s ARN as `Principal`.',
    ),
)
def knowledge_base_without_data_access(base: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """No data access policy gives the role of a knowledge base access to its collection.

    Creation of the knowledge base fails, whatever the IAM policies of the role allow.

    The rule checks collections of OpenSearch Serverless in the project. A data access policy counts that
    names the role and, in a rule, the collection (`collection/NAME`) or its indexes (`index/NAME/*`); one
    that names the account as a whole leaves it undecided.

    The OpenSearch documentation states that permissions to collections and indexes come from data access
    policies, and not from IAM alone.

    See [Data access control for Amazon OpenSearch
    Serverless](https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-data-access.html).
    """
    from mlwa_lint.graph.queries import vectors

    place = base["StorageConfiguration.OpensearchServerlessConfiguration.CollectionArn"]
    if vectors.collection_of(base, graph) is None:
        graph.leave_undecided(place.is_open().reasons)
        return
    for role in permissions.roles_of(base, graph):
        message = f"{base} cannot be created: no data access policy of its collection names {role}"
        remedy = None
        if vectors.names_another_collection(base, role, graph):
            message = f"{base} cannot be created: the data access policy that names {role} is for another"
            message, remedy = f"{message} collection", _OTHER_COLLECTION
        yield Claim(~vectors.has_data_access(base, role, graph), place, message, remedy=remedy)


@rule(
    "MLR608",
    "model-needs-inference-profile",
    "high",
    practices=("GENREL05-BP01",),
    on=(AGENT, FLOW, AGENTCORE_RUNTIME, STATE_MACHINE, MODEL_CALL),
    remedy=Remedy(
        "Name the model's inference profile (`us.anthropic.claude-sonnet-4-5-20250929-v1:0`), and allow "
        "`bedrock:InvokeModel` on the profile and on the model.",
        "Name the model's inference profile (`us.anthropic.claude-sonnet-4-5-20250929-v1:0`), and allow "
        "`bedrock:InvokeModel` on the profile and on the model.",
    ),
    facts=("models",),
)
def model_needs_inference_profile(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A model that can only be invoked through an inference profile is named directly, or not allowed.

    Every request fails: with a validation error, or with an access error.

    Reported are literal ids of models that Bedrock offers on demand through inference profiles only, and
    profiles that the role's known policies do not allow together with the models behind them.

    Of AgentCore runtimes the environment variables count. The severity is medium for variables that name a
    model directly, to which code may add a geography, and for literal ids that a program hands to
    `converse()`, `invoke_model()`, `retrieve_and_generate()` or the model of a library (low in a notebook and
    in examples).

    For the id of such a model the service reports that invocation "with on-demand throughput isn't
    supported", and requires the id or ARN of an inference profile that contains the model.

    See [Supported Regions and models for inference
    profiles](https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html) and
    [Prerequisites for inference
    profiles](https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html).
    """
    for view in bedrock.models_of(resource):
        name = bedrock.name_of(view)
        place = view.path[-1] if resource.type == STATE_MACHINE else view
        message = f"{resource} cannot invoke {name} by its id: {place} should be an inference profile"
        by_id: Severity | None = "medium" if resource.type in programs.PROGRAMS else _of_call(resource, view)
        yield Claim(view.tail("/", facts.needs_profile), view, message, by_id)
        if view.text is None and any(map(facts.profile_geography, view.texts)):
            graph.leave_undecided(view.is_open().reasons)
        if view.text is None or not facts.profile_geography(view.text):
            continue
        for role in permissions.roles_of(resource, graph):
            needs = bedrock.needs_of_profile(view)
            allowed = [_may_invoke(resource, role, each, graph) for each in needs]
            for need, answer in zip(needs, allowed, strict=True):
                what = "the profile" if need is needs[0] else "the model behind it"
                message = f"{resource} cannot invoke {view.words}: {role} lacks {need.action} on {what}"
                if certainly(~answer):
                    from mlwa_lint.graph.queries import near_grants

                    near = near_grants.nearly_allowing(role, [need], graph)
                    yield Claim(~answer, view, message, related=near)
                    break
                yield Claim(~answer, view, message)


def _may_invoke(resource: ResourceView, role: ResourceView, need: Need, graph: GraphView) -> Answer:
    """Whether a role allows a need; a program may as well stream the responses."""
    allowed = bedrock.may_use_profile(role, need, graph)
    if resource.type in programs.PROGRAMS and not certainly(allowed):
        return allowed | bedrock.may_use_profile(role, need._replace(action=_STREAMING), graph)
    return allowed


@rule(
    "MLR609",
    "version-that-never-moves",
    "info",
    practices=("GENOPS03-BP01",),
    on=(GUARDRAIL_VERSION, AGENT_ALIAS),
    remedy=Remedy(
        "Put a release number into `Description: !Ref Release`, so that a change creates a new version.",
        "Add `lifecycle { replace_triggered_by = [aws_bedrock_guardrail.NAME] }`.",
    ),
)
def version_that_never_moves(version: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Nothing in a version or alias changes when its guardrail or agent changes.

    Production keeps the first version: later changes of the guardrail or agent are deployed, but take no
    effect.

    Reported are versions and aliases with a fixed description, or none.

    Exceptions: descriptions that contain a parameter, a variable or an attribute, unless the name of the
    guardrail or agent contains it as well, or its own name shows that it stands for a place, such as an
    environment or a prefix of names; Terraform resources with `replace_triggered_by`; and aliases that route
    to a certain version on purpose.

    See [Deploy your
    guardrail](https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-deploy.html) and
    [GuardrailVersion](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-bedrock-guardrailversion.html).
    """
    description = version["Description"]
    source = "agent" if version.type == AGENT_ALIAS else "guardrail"
    triggered = version.attributes["Lifecycle.ReplaceTriggeredBy"].is_present()
    pinned = version["RoutingConfiguration"].is_present()
    message = f"{version} stays at the first version when its {source} changes: {description} should change"
    kinds = (EdgeKind.CONFIGURES, EdgeKind.REFERS_TO)
    described = [each for kind in kinds for each in graph.targets(version, kind, GUARDRAIL, AGENT).related]
    names = [each.resource["AgentName" if each.resource.type == AGENT else "Name"] for each in described]
    fixed = bedrock.is_fixed(description, names)
    yield Claim(fixed & ~triggered & ~pinned, description, f"{message} with it")
