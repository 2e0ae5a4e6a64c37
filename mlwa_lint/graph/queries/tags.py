"""Tags: which resources take them, and which they have."""

from collections.abc import Iterator

from mlwa_lint.graph import jobs
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.kinds import (
    AGENT,
    AGENT_ALIAS,
    ENDPOINT,
    ENDPOINT_CONFIG,
    FLOW,
    GUARDRAIL,
    GUARDRAIL_VERSION,
    KNOWLEDGE_BASE,
    LIFECYCLE_CONFIG,
    MODEL,
    MODEL_PACKAGE,
    MODEL_PACKAGE_GROUP,
    NOTEBOOK,
    PIPELINE,
    STUDIO_LIFECYCLE_CONFIG,
    VPC,
)
from mlwa_lint.graph.machines.instances import accelerator, xlarge_units
from mlwa_lint.graph.queries import hosting
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import NO, YES, Answer, certainly, undecided
from mlwa_lint.model.purpose import OF_STAGES
from mlwa_lint.model.resources import (
    BY_DAG,
    NO_TYPE,
    ONE_WAY,
    REMOVED,
    SET_BY_SAM,
    TAGS_BY_DEFAULT,
    UNOPERATED,
)
from mlwa_lint.model.values import (
    JUDGED_WHERE_CALLED,
    Absent,
    ListValue,
    MapValue,
    Unknown,
    Value,
    known_text,
)

# SageMaker's and Bedrock's types without tags, by CloudFormation's schemas (cfn-lint 1.x, us-east-1).
_UNTAGGED = frozenset(
    {
        "AWS::Bedrock::DataSource",
        "AWS::Bedrock::EnforcedGuardrailConfiguration",
        "AWS::Bedrock::FlowVersion",
        GUARDRAIL_VERSION,
        "AWS::Bedrock::KnowledgeBasePolicy",
        "AWS::Bedrock::PromptVersion",
        "AWS::Bedrock::ResourcePolicy",
        "AWS::SageMaker::ImageVersion",
        "AWS::SageMaker::MlflowModelVersion",
    }
)
# Terraform's provider gives devices no tags.
_UNTAGGED_IN_TERRAFORM = frozenset({"AWS::SageMaker::Device"})

# Another name of something, or what something starts with: nothing is paid for these themselves.
_FREE = frozenset(
    {
        AGENT_ALIAS,
        "AWS::Bedrock::FlowAlias",
        "AWS::SageMaker::AppImageConfig",
        "AWS::SageMaker::CodeRepository",
        LIFECYCLE_CONFIG,
        STUDIO_LIFECYCLE_CONFIG,
    }
)

# What is paid for elsewhere: models by the endpoint or job that runs them, a knowledge base by its store, and
# agents, flows and guardrails by the models that respond.
_PAID_ELSEWHERE = frozenset(
    {
        AGENT,
        FLOW,
        GUARDRAIL,
        KNOWLEDGE_BASE,
        MODEL,
        MODEL_PACKAGE,
        MODEL_PACKAGE_GROUP,
        "AWS::Bedrock::Prompt",
        "AWS::SageMaker::ModelCard",
    }
)
_LARGE = 4  # times xlarge
_NAME = "Name"
# What costs nothing, or little beside a notebook instance.
_NOT_PAID_FOR = (
    "AWS::IAM::",
    "AWS::EC2::InternetGateway",
    "AWS::EC2::Route",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::Subnet",
)
_BESIDE_NOTEBOOKS = frozenset({NOTEBOOK, *_FREE, VPC, "AWS::S3::Bucket", "AWS::S3::BucketPolicy"})
_ALONE = "one small notebook instance is all that it costs"
_DAY = 24 * 3_600
_ALIKE = "a person starts it, its program takes no options, and nothing in the program has tags"
_BILLED_HAS_TAGS = "what is billed has tags, and these are not billed themselves"
_NOTHING_BILLED = "none of these is billed itself, and nothing that is billed has tags"
_JOBS_NOT_KNOWN = "a pipeline costs nothing itself, and which jobs it runs is not known"
_LITTLE = "a person starts it, on small instances without an accelerator, and nothing in the program has tags"

_CALLED = "another program calls the function with an instance type, and is checked with it"


def is_billed(resource: ResourceView) -> bool:
    """Whether a resource itself, or the use of it, costs something: the app of Jupyter's server does not."""
    return resource.type not in _FREE and resource["AppType"].text != "JupyterServer"


def is_charged(resource: ResourceView, graph: GraphView) -> bool:
    """Whether a resource itself is on the bill: a model, and a configuration of tagged endpoints, are not.

    Nor is a pipeline all of whose jobs have tags, or of which no job is known: they are what is paid for.
    """
    if resource.type == PIPELINE:
        return not _has_tagged_jobs(resource, graph) and not _has_unknown_jobs(resource, graph)
    if resource.type != ENDPOINT_CONFIG:
        return resource.type not in _PAID_ELSEWHERE
    endpoints = list(hosting.endpoints_of(resource, graph)) or graph.of_type(ENDPOINT)
    return not endpoints or not all(map(_is_tagged, endpoints))


def is_reported_after(resource: ResourceView, graph: GraphView) -> tuple[bool, bool]:
    """Which of several resources a finding is at: what is deleted again comes last, what is charged first."""
    return certainly(resource.attributes[REMOVED].is_present()), not is_charged(resource, graph)


def why_not_charged(bare: list[ResourceView], billed: list[ResourceView], graph: GraphView) -> str:
    """Why tags would show little: all that has none is paid for elsewhere.

    Empty where tags are in use, and nothing else has them that is charged.
    """
    if any(is_charged(each, graph) for each in bare):
        return ""
    charged = [each for each in billed if is_charged(each, graph)]
    if not charged and any(_has_unknown_jobs(each, graph) for each in bare if each.type == PIPELINE):
        return _JOBS_NOT_KNOWN
    if charged or any(each.type == PIPELINE for each in bare):
        return _BILLED_HAS_TAGS if all(map(_is_tagged, charged)) else ""
    return "" if _are_used(graph) else _NOTHING_BILLED


def _has_tagged_jobs(pipeline: ResourceView, graph: GraphView) -> bool:
    """Whether a pipeline runs jobs, and all of them have tags."""
    run = graph.targets(pipeline, EdgeKind.RUNS, *jobs.JOB_TYPES)
    return bool(run.related) and not run.unknown and all(_is_tagged(each) for each in run)


def _has_unknown_jobs(pipeline: ResourceView, graph: GraphView) -> bool:
    """Whether no job of a pipeline is known that a program makes, which adds its steps one by one."""
    steps = pipeline["PipelineDefinition.Steps"].value
    is_open = isinstance(steps, Unknown) or (isinstance(steps, ListValue) and steps.rest is not None)
    if pipeline.language != "python" or not is_open:
        return False
    return not graph.targets(pipeline, EdgeKind.RUNS, *jobs.JOB_TYPES).related


def _are_used(graph: GraphView) -> bool:
    """Whether anything has tags, or a configuration of the repository gives some by default."""
    return any(
        not _is_bare(each) or certainly(each.attributes[TAGS_BY_DEFAULT].is_present())
        for each in graph.of_type(*graph.graph.by_type)
    )


def taggable(graph: GraphView) -> list[ResourceView]:
    """The SageMaker and Bedrock resources that take tags and that no workflow creates, by their places.

    What is always there comes before what only some worlds have.
    """
    found = [
        each
        for each in graph.matching(lambda kind: kind.startswith(("AWS::SageMaker::", "AWS::Bedrock::")))
        if is_taggable(each) and not jobs.workflows_of(each, graph).related
    ]
    return sorted(found, key=lambda each: each.order)


def why_little(billed: list[ResourceView], graph: GraphView) -> str:
    """Why tags of what programs make would show little; empty where costs or other tags suggest them.

    What a person starts on small instances without an accelerator costs little, and once: no accelerated or
    large instance, no pipeline, and nothing shows that it is operated. Nor is there anything to distinguish
    where programs without options start training, and all of it is alike, whatever else is operated.
    """
    if graph.of_type(PIPELINE) or _are_used(graph):
        return ""
    charged = [each for each in billed if is_charged(each, graph)]
    if charged and all(map(_is_alike, charged)):
        return _ALIKE
    if not all(_is_unoperated(each, graph) for each in billed):
        return ""
    kinds = [kind for each in billed for kind in _instance_types(each.resource.properties)]
    if any(isinstance(each, Unknown) and each.reason.endswith(JUDGED_WHERE_CALLED) for each in kinds):
        return _CALLED
    known = [known_text(each) or "" for each in kinds]
    small = all(accelerator(each) is None and 0 < xlarge_units(each) < _LARGE for each in known)
    return _LITTLE if known and small else ""


def why_only_one(billed: list[ResourceView], graph: GraphView) -> str:
    """Why tags would show nothing: one small notebook instance is all that costs anything."""
    notebook = billed[0]
    types = graph.graph.by_type
    if graph.graph.project.operated or len(billed) > 1 or notebook.type != NOTEBOOK or _are_used(graph):
        return ""
    if not all(map(_costs_little, types)):
        return ""
    kind = notebook["InstanceType"].text or ""
    return _ALONE if accelerator(kind) is None and 0 < xlarge_units(kind) < _LARGE else ""


def _costs_little(resource_type: str) -> bool:
    """Whether resources of a type cost nothing, or little beside an instance."""
    return resource_type in _BESIDE_NOTEBOOKS or resource_type.startswith(_NOT_PAID_FOR)


def _is_alike(resource: ResourceView) -> bool:
    """Whether it is training, or a transform, whose program does the same each time, for a day at most."""
    limit = resource["StoppingCondition.MaxRuntimeInSeconds"]
    if not certainly(resource.attributes[ONE_WAY].is_present()) or certainly(limit.more_than(_DAY)):
        return False
    names = (resource["TrainingJobName"], resource["TransformJobName"])
    return not any(OF_STAGES.search(each.text or "") for each in names)


def _is_unoperated(resource: ResourceView, graph: GraphView) -> bool:
    """Whether nothing shows that an endpoint, or the project of a job, is operated."""
    if certainly(resource.attributes[BY_DAG].is_present()):
        return False
    if resource.type in jobs.JOB_TYPES:
        return not graph.graph.project.operated
    return certainly(resource.attributes[UNOPERATED].is_present())


def _is_tagged(resource: ResourceView) -> bool:
    return certainly(resource["Tags"].is_present())


def _is_bare(resource: ResourceView) -> bool:
    """Whether a resource certainly has no tags but those that SAM sets itself, and its name.

    What the name alone is stated of costs nothing: a role, a network.
    """
    tags = resource["Tags"]
    if isinstance(tags.value, ListValue):
        set_anyway = (*SET_BY_SAM, _NAME) if resource.type.startswith(_NOT_PAID_FOR) else SET_BY_SAM
        return certainly(tags.every_item(lambda tag: tag["Key"].one_of(set_anyway)))
    if isinstance(tags.value, MapValue) and resource.type.startswith(_NOT_PAID_FOR):
        return tags.value.rest is None and {*tags.value.entries} <= {_NAME}
    return certainly(tags.is_absent())


def passes_variable(resource: ResourceView) -> bool:
    """Whether a resource passes on tags that are given elsewhere, of which there are none by default."""
    value = resource["Tags"].value
    return not isinstance(value, Absent) and not value.span.within(resource.span)


def _instance_types(value: Value) -> Iterator[Value]:
    """The instance types that a resource names, wherever it does."""
    if isinstance(value, ListValue):
        for item in value.items:
            yield from _instance_types(item)
    elif isinstance(value, MapValue):
        for key, entry in value.entries.items():
            if key.endswith("InstanceType"):
                yield entry.value
            else:
                yield from _instance_types(entry.value)


def how_stack_is_tagged(resource: ResourceView, graph: GraphView) -> str:
    """How the stack of a resource is or may be tagged at deployment; empty where it is not."""
    return graph.graph.project.tagged.get(resource.span.path, "")


def is_taggable(resource: ResourceView) -> bool:
    """Whether a SageMaker or Bedrock resource takes tags."""
    if resource.language == "terraform" and resource.type in _UNTAGGED_IN_TERRAFORM:
        return False
    if resource.type == MODEL_PACKAGE and certainly(resource["ModelPackageGroupName"].is_present()):
        return False  # SageMaker refuses tags of a version: it has those of its group
    return resource.type not in _UNTAGGED and not resource.type.endswith(NO_TYPE)


def has_key(tags: View, key: str) -> Answer:
    """Whether a tag of a key is among the tags, a list of keys and values or a map."""
    value = tags.value
    if isinstance(value, MapValue) and "Key" not in value.entries:
        if key in value.entries:
            return YES
        return NO if value.rest is None else undecided(value.rest.reason)
    return tags.any_item(lambda each: each["Key"].equals(key))


def any_key(tags: View, starts: tuple[str, ...]) -> Answer:
    """Whether a tag's key begins with one of some texts."""
    value = tags.value
    if isinstance(value, MapValue) and "Key" not in value.entries:
        if any(key.startswith(starts) for key in value.entries):
            return YES
        return NO if value.rest is None else undecided(value.rest.reason)
    return tags.any_item(lambda each: each["Key"].test(lambda key: key.startswith(starts)))
