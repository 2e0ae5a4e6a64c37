"""Bedrock: the models that resources name, and what invoking them needs."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from mlwa_lint.facts.models import destinations, has_provider, is_known, model_id
from mlwa_lint.graph import patterns
from mlwa_lint.graph.asides import aside
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.kinds import (
    AGENT,
    CUSTOM_MODEL,
    DATA_SOURCE,
    FLOW,
    INFERENCE_PROFILE,
    KNOWLEDGE_BASE,
    PROMPT,
    PROMPT_ROUTER,
    STATE_MACHINE,
)
from mlwa_lint.graph.linking.naming import GAP, outline
from mlwa_lint.graph.patterns import Hole
from mlwa_lint.graph.queries import permissions, programs
from mlwa_lint.graph.queries.permissions import Need
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import Answer, answer, certainly, every, undecided
from mlwa_lint.model.resources import MODEL_CALL
from mlwa_lint.model.values import Absent, Reference, Scalar, Unknown
from mlwa_lint.startup.patterns import lazy

if TYPE_CHECKING:
    from mlwa_lint.graph.workflows import Step

_INVOKING = "bedrock:InvokeModel"
_EMBEDDING = "KnowledgeBaseConfiguration.VectorKnowledgeBaseConfiguration.EmbeddingModelArn"
# Names of variables that hold a model; MODEL_BUCKET and MODEL_PACKAGE_GROUP_NAME hold something else.
_NAMING = lazy(r"(?i)model_?(?:id|arn|name|identifier)?s?$")
# What instructions request other than a response in words.
_WRITES_CODE = lazy(
    r"(?i)\b(?:sql|code|query|queries|script|test|terraform|cloudformation)[ -](?:generat|writ|creat|develop)"
    r"|\b(?:generat|writ|creat|produc|convert|translat|transform)\w*\b[^.\n]{0,80}"
    r"\b(?:sql|cypher|regex|source code|unit tests?|python code|code|scripts?|select statements?"
    r"|(?:database|graphql) quer(?:y|ies))\b"
)
# Variables that name where something is deployed, or for whom; they change with no release.
_PLACE = lazy(
    r"(?i)(?:^|[\W_])(?:account|app(?:lication)?|env(?:ironment)?|(?:name_?)?prefix|namespace|project|region"
    r"|stack|stage|team|tenant|workspace)(?:_?(?:name|id|suffix))?$"
)
_PROMPT = "Configuration.Prompt.SourceConfiguration.Inline.ModelId"
_READING = "BedrockFoundationModelConfiguration.ModelArn"
# The properties that name a model, and lists with the properties of their items that do.
_NAMED_AT = {
    AGENT: ("FoundationModel",),
    CUSTOM_MODEL: ("BaseModelIdentifier",),
    DATA_SOURCE: (
        f"VectorIngestionConfiguration.ParsingConfiguration.{_READING}",
        f"VectorIngestionConfiguration.ContextEnrichmentConfiguration.{_READING}",
    ),
    INFERENCE_PROFILE: ("ModelSource.CopyFrom",),
    KNOWLEDGE_BASE: (_EMBEDDING,),
    MODEL_CALL: ("ModelId",),
    PROMPT_ROUTER: ("FallbackModel.ModelArn",),
}
_LISTED_AT = {
    AGENT: ("PromptOverrideConfiguration.PromptConfigurations", ("FoundationModel",)),
    FLOW: ("Definition.Nodes", (_PROMPT, "Configuration.KnowledgeBase.ModelId")),
    PROMPT: ("Variants", ("ModelId",)),
    PROMPT_ROUTER: ("Models", ("ModelArn",)),
}
_INVOKED_BY_STEPS = frozenset(
    {
        "bedrock:invokemodel",
        "bedrockruntime:converse",
        "bedrockruntime:conversestream",
        "bedrockruntime:invokemodel",
        "bedrockruntime:invokemodelwithresponsestream",
    }
)


def models_of(resource: ResourceView) -> Iterator[View]:
    """The properties of a resource that name a Bedrock model or an inference profile."""
    if resource.type in _NAMED_AT:
        for path in _NAMED_AT[resource.type]:
            yield resource[path]
    if resource.type in _LISTED_AT:
        items, paths = _LISTED_AT[resource.type]
        for item in resource[items].items():
            for path in paths:
                yield item[path]
    elif resource.type == STATE_MACHINE:
        for step in invoking_steps(resource):
            yield step.request["ModelId"]
    elif resource.type in programs.PROGRAMS:
        for name, variable in programs.variables_of(resource):
            question = partial(_names_model, name)
            if not variable.never(question) and question(variable):
                yield variable


def invoking_steps(machine: ResourceView) -> "list[Step]":
    """The steps of a state machine that invoke a Bedrock model themselves."""
    from mlwa_lint.graph import workflows

    return workflows.steps(machine).where(lambda step: (step.action or "").lower() in _INVOKED_BY_STEPS)


def _names_model(name: str, variable: View) -> bool:
    return _is_model(variable.text or "") or (_may_name_model(name) and _may_be_model(variable))


def _may_name_model(name: str) -> bool:
    """Whether a variable may hold the id of a model, by its name if that is known."""
    return not name or _NAMING.search(name) is not None


def _may_be_model(variable: View) -> bool:
    """Whether a value may be the id of a model: one of a provider, or no other resource and no place in S3.

    The table of models lacks those of which no end is known: an embedding model, for example.
    """
    value = variable.value
    if variable.text is not None:
        return has_provider(variable.text)
    if isinstance(value, Reference):
        return False
    start = value.parts[0] if isinstance(value, Unknown) and value.parts else ""
    return not isinstance(start, str) or not start.startswith("s3://")


def holds_model(parameter: ResourceView) -> bool:
    """Whether an SSM parameter keeps the id of a model, by its value or its name."""
    value, name = parameter["Value"], outline(parameter["Name"].value).replace("-", "_")
    return _is_model(value.text or "") or (_NAMING.search(name) is not None and _may_be_model(value))


def name_of(view: View) -> str:
    """What a property calls a model: its text or texts, or what is known of an ARN after the last slash."""
    if view.texts:
        return view.words
    name = outline(view.value).rpartition("/")[2]
    return "" if GAP in name else name


def _is_model(text: str) -> bool:
    """Whether a text is the id of a model, its ARN, or the id of an inference profile."""
    return "." in model_id(text) and is_known(text)


def needs_of_profile(view: View) -> list[Need]:
    """What invoking a cross-Region inference profile needs: the profile, and the model in every Region."""
    name = view.text or ""
    return [_on_profile(view, patterns.REGION), _on_model(view, name, patterns.ANYTHING)]


def may_use_profile(role: ResourceView, need: Need, graph: GraphView) -> Answer:
    """Whether a role has one of the needs of a profile, in the Regions that the profile routes to."""
    found = permissions.may(role, need, graph)
    if not found.reasons:
        return found
    from mlwa_lint.graph.queries.regions import pinned

    view = need.at
    home = pinned(ResourceView(view.resource, graph.world), graph)
    action = need.action
    if need == _on_profile(view, patterns.REGION, action):
        return (
            found if home is None else found | permissions.may(role, _on_profile(view, home, action), graph)
        )
    name = view.text or ""
    regions = destinations(name)
    if not regions:
        return found
    wanted = dict.fromkeys((*regions, *filter(None, (home,))))
    return found | every(permissions.may(role, _on_model(view, name, each, action), graph) for each in wanted)


def _on_profile(view: View, region: "str | Hole", action: str = _INVOKING) -> Need:
    name = view.text or ""
    on = patterns.text("arn:aws:bedrock:", region, ":", patterns.ACCOUNT, ":inference-profile/", name)
    return Need(action, patterns.arn(on), view)


def _on_model(view: View, name: str, region: "str | Hole", action: str = _INVOKING) -> Need:
    on = patterns.text("arn:aws:bedrock:", region, "::foundation-model/", model_id(name))
    return Need(action, patterns.arn(on), view)


def is_fixed(description: View, names: Iterable[View] = ()) -> Answer:
    """Whether a description stays the same from deployment to deployment.

    names: those of what is described. What they are made of does not change with its content.
    """
    value = description.value
    known, open_names = _made_of(names)
    if isinstance(value, Absent):
        return answer(True, value.assumed)
    if isinstance(value, Unknown) and not value.parts:
        return undecided(value.reason)
    if isinstance(value, Unknown):
        open_ = [part for part in value.parts if not isinstance(part, str)]
        placed = all(
            isinstance(each, Unknown)
            and (each.identity in open_names or _PLACE.search(each.identity.partition(" of ")[0]))
            for each in open_
        )
        return answer(placed and any(isinstance(part, str) and part.strip() for part in value.parts))
    placed = all(each in known or _PLACE.search(each) for each in value.assumed)
    return answer(isinstance(value, Scalar) and placed, value.assumed)


def _made_of(names: Iterable[View]) -> tuple[frozenset[str], frozenset[str]]:
    """The assumptions that names rest on, and what identifies their open pieces."""
    values = [each.value for each in names]
    pieces = [part for value in values if isinstance(value, Unknown) for part in (value, *value.parts)]
    return (
        frozenset().union(*(value.assumed for value in values)),
        frozenset(each.identity for each in pieces if isinstance(each, Unknown) and each.identity),
    )


@aside
def why_not_from_sources(guardrail: ResourceView, graph: GraphView) -> str:
    """Why the responses that a guardrail checks have no sources; empty where they may have."""
    agents = [
        each
        for each in graph.sources(guardrail, EdgeKind.CONFIGURES, AGENT)
        if certainly(each["KnowledgeBases"].is_present())
    ]
    nodes = graph.sources(guardrail, EdgeKind.CONFIGURES, FLOW).related
    if (
        nodes
        or not agents
        or not all(_WRITES_CODE.search(outline(each["Instruction"].value)) for each in agents)
    ):
        return ""
    return "its agent writes code or queries, which do not paraphrase documents"
