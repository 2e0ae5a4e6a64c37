"""Operation of generative AI: logs, traces, alarms, evaluations, and services that are closed."""

from collections.abc import Iterator

from mlwa_lint.facts.today import written
from mlwa_lint.graph.kinds import (
    AGENTCORE_GATEWAY,
    AGENTCORE_MEMORY,
    AGENTCORE_RUNTIME,
    KNOWLEDGE_BASE,
)
from mlwa_lint.graph.queries import discontinued, observed, purposes, telemetry
from mlwa_lint.model.findings import Severity
from mlwa_lint.model.report import DELIVERS
from mlwa_lint.model.resources import EXPORTS_SPANS, NOT_KNOWN
from mlwa_lint.rule import (
    AccountSetting,
    Claim,
    GraphView,
    Remedy,
    ResourceView,
    certainly,
    project_rule,
    rule,
)

_ROLE_ALONE = "the project declares a role that lets a program invoke models, and no such program"
# What reaches CloudWatch by a log delivery alone.
_DELIVERED = {
    AGENTCORE_RUNTIME: "the traces of",
    AGENTCORE_GATEWAY: "logs or traces of",
    AGENTCORE_MEMORY: "logs or traces of",
    KNOWLEDGE_BASE: "logs of",
}
# … and what an ARN calls each of them.
_KINDS = {
    AGENTCORE_RUNTIME: "runtime",
    AGENTCORE_GATEWAY: "gateway",
    AGENTCORE_MEMORY: "memory",
    KNOWLEDGE_BASE: "knowledge base",
}
_NOTHING_EXTRACTED = "the memory has no strategy, and its logs are about what strategies extract"
_REPEATED = "the project can be deployed more than once in an account, whose setting it is"
_SHOWN = "an example does not own a setting of the account"


@rule(
    "MLO602",
    "service-closed-to-new-customers",
    "info",
    practices=("MLREL04-BP01",),
    on=discontinued.types_of("closed"),
    remedy=Remedy(
        "Plan the move to the successor that the finding names.",
        "Plan the move to the successor that the finding names.",
    ),
    facts=("services",),
)
def service_closed_to_new_customers(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A resource belongs to a service that AWS has closed to new customers.

    Accounts that used it before can go on; in others the deployment fails. Such services get no new features.

    The services, the day on which each was closed where AWS names one, and their successors are in a dated
    table: Bedrock's classic agents, Kendra, Q Business, Fraud Detector, Model Monitor, Clarify, Ground Truth,
    Augmented AI and others.

    See [AWS services in
    maintenance](https://docs.aws.amazon.com/general/latest/gr/maintenance_services.html).
    """
    for service, view in discontinued.uses(resource, "closed"):
        closed = "is closed to new customers"
        if service.since is not None:
            closed = f"has been closed to new customers since {written(service.since)}"
        message = f"{resource} belongs to {service.name}, which {closed}; consider {service.successor}"
        yield Claim(view.is_present(), view, message)


@project_rule(
    "MLO603",
    "bedrock-without-invocation-logging",
    "medium",
    concern="deployment",
    operational="info",
    practices=("GENSEC01-BP04", "GENSEC03-BP01", "GENOPS02-BP02"),
    on=observed.USERS,
    remedy=Remedy(
        "Turn model invocation logging on in the account; CloudFormation has no type for it.",
        "Add an `aws_bedrock_model_invocation_logging_configuration`.",
    ),
    languages=("terraform",),
)
def bedrock_without_invocation_logging(graph: GraphView) -> Iterator[Claim]:
    """A project invokes Bedrock models and configures no invocation logging.

    Without logs of prompts and responses, misuse, prompt injection and wrong responses cannot be
    investigated.

    Models are invoked by agents, flows, knowledge bases and tasks of state machines, and by functions, ECS
    tasks, AgentCore runtimes, EC2 instances and pods of EKS whose role lets them: by a statement that names
    Bedrock, or by AmazonBedrockFullAccess or AmazonBedrockLimitedAccess. Of a function, its code decides
    where it is Python in the repository.

    Logging is configured once for an account and Region. Reported once for a repository, at the first
    resource that invokes a model, of which agents and what an API leads to come first, and knowledge bases
    after functions whose code sends prompts; undecided where another configuration of the repository logs
    invocations. If another repository configures it, ignore this
    rule. Checked in Terraform only: CloudFormation has no type for it.

    The severity is low where the resource's name, or that of its role, is made of a variable, an
    environment's for example: what can be deployed more than once in an account cannot own a setting of the
    account. It cannot be where the other one of the two names is literal. It is info in a module that others
    call, in examples and tests, and where nothing sends prompts in operation: a knowledge base alone only
    embeds text, and so does a function whose code invokes models of embeddings alone, and a function or a
    container whose code only retrieves from one; or only a program that a person runs invokes models. So it
    is for programs that keep prompts and responses out of what they record on purpose
    (`TRACELOOP_TRACE_CONTENT=false`, `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=false`), and where
    the tags of all that may ask models state that it is for development or tests.

    Exceptions: flows without a node that invokes a model or an agent, knowledge bases over a Kendra index,
    and functions that only custom resources or an `aws_lambda_invocation` call, which set something up, and
    whose code is not known to send prompts.

    See [Monitor model invocation using CloudWatch Logs and Amazon
    S3](https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html).
    """
    for user, invokes in observed.first_bedrock_user(graph):
        if user.language != "terraform":
            continue
        logged = graph.declared("aws_bedrock_model_invocation_logging_configuration").exist()
        what = observed.use_of_models(user, graph)
        message = f"{user} {what}, and the project configures no model invocation logging"
        milder = _REPEATED if observed.is_made_to_be_repeated(user, graph) else ""
        milder = milder or (_SHOWN if purposes.is_shown(graph) else "")
        from mlwa_lint.graph.queries import prompts

        unprompted = prompts.why_none(user, graph) or prompts.why_for_development(user, graph)
        unprompted = unprompted or telemetry.why_content_is_left_out(user)
        milder = unprompted or milder
        severity: Severity | None = "info" if graph.graph.project.reusable or unprompted else None
        lacking = AccountSetting.BEDROCK_LOGGING
        yield Claim(invokes & ~logged, user, message, severity, lacking=lacking, milder=milder)


@rule(
    "MLO604",
    "agent-without-traces",
    "low",
    concern="deployment",
    operational=True,
    practices=("GENOPS03-BP02", "AGENTOPS05-BP01"),
    on=(AGENTCORE_RUNTIME, AGENTCORE_GATEWAY, AGENTCORE_MEMORY, KNOWLEDGE_BASE),
    remedy=Remedy(
        "Add an `AWS::Logs::DeliverySource` with `ResourceArn: !GetAtt AGENT.AgentRuntimeArn`.",
        "Add an `aws_cloudwatch_log_delivery_source` with the resource's ARN as `resource_arn`.",
    ),
)
def agent_without_traces(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Nothing delivers the traces of an agent, or the logs of a gateway, a memory or a knowledge base.

    When an agent calls the wrong tool or finds nothing, there is no record of the step at which it failed, or
    why.

    Only metrics of gateways, memories and knowledge bases reach CloudWatch without a log delivery. What the
    program of a runtime prints, and spans that it exports itself, do as well; the traces that AgentCore
    records of it do not. A log delivery source of the project counts if it refers to the resource. For a
    runtime, the severity is info where a file of the repository shows that its programs export spans
    (`opentelemetry-instrument`); and for a memory without a strategy, which extracts nothing: the logs of a
    memory are about extraction and consolidation. It is info as well for a knowledge base where nothing
    in the repository shows that the project is operated, or asks its models, and where the tags of all that
    may ask them are for development or tests (see MLO605). Undecided where another stack of the repository
    has a source for a resource of the kind whose id is not known.

    Exceptions: runtimes that write to a log group of the project, which an environment variable names or a
    policy of their role lets them write to, and knowledge bases over a Kendra index or a structured data
    store, of which Bedrock delivers no logs.

    See [Monitor knowledge bases using CloudWatch
    Logs](https://docs.aws.amazon.com/bedrock/latest/userguide/knowledge-bases-logging.html),
    [Add observability to your Amazon Bedrock AgentCore
    resources](https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/observability-configure.html) and
    [Amazon Bedrock AgentCore generated observability
    data](https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/observability-service-provided.html).
    """
    if resource.type == AGENTCORE_RUNTIME and telemetry.writes_own_log(resource, graph):
        return
    delivered = telemetry.is_delivered(resource, graph)
    if resource.type == KNOWLEDGE_BASE:
        delivered |= resource["KnowledgeBaseConfiguration.Type"].one_of(("KENDRA", "SQL"))
    message = f"nothing delivers {_DELIVERED[resource.type]} {resource}: a log delivery source should name it"
    exporting = resource.attributes[EXPORTS_SPANS].text
    shown = exporting not in ("", None, NOT_KNOWN)
    milder = f"programs export spans themselves, as {exporting} shows" if shown else ""
    if resource.type == AGENTCORE_MEMORY and certainly(resource["MemoryStrategies"].is_absent()):
        milder = _NOTHING_EXTRACTED
    if not milder:
        from mlwa_lint.graph.queries import prompts

        milder = prompts.why_for_development(resource, graph)
        if resource.type == KNOWLEDGE_BASE:  # whose logs are about ingestion, and not about who asks
            milder = milder or prompts.why_unattended(resource, graph)
    lacking = f"{DELIVERS}{_KINDS[resource.type]}"
    yield Claim(~delivered, resource, message, milder=milder, lacking=lacking)


@project_rule(
    "MLO605",
    "bedrock-without-alarm",
    "low",
    concern="deployment",
    operational=True,
    practices=("GENOPS02-BP01",),
    on=observed.USERS,
    remedy=Remedy(
        "Add an alarm on `MetricName: InvocationThrottles` in `Namespace: AWS/Bedrock`.",
        'Add an alarm on `metric_name = "InvocationThrottles"` in `namespace = "AWS/Bedrock"`.',
    ),
)
def bedrock_without_alarm(graph: GraphView) -> Iterator[Claim]:
    """A project invokes Bedrock models, and no alarm watches throttles or errors.

    When a quota is exhausted, every request of the users fails, and they are the first to know.

    The metrics are InvocationThrottles, InvocationServerErrors and InvocationClientErrors in AWS/Bedrock.
    They are those of an account and Region. Reported once for a repository, at the first resource that
    invokes a model: an agent, a flow, a state machine, an AgentCore runtime or what an API leads to; else a
    knowledge base, or a function, an ECS task, an EC2 instance or a pod of EKS whose role lets it, and rather
    a function whose code sends prompts than a knowledge base. Undecided
    where another stack of the repository has such an alarm. The severity is info where only a role that such
    a program may use is declared, in modules that others call, in examples, and where nothing sends prompts
    in operation: a knowledge base alone only embeds text, and so does a function whose code invokes models of
    embeddings alone, and a function or a container whose code only retrieves from one; or only a program that
    a person runs invokes models.

    A role lets a program invoke models by a statement that names Bedrock, or by AmazonBedrockFullAccess or
    AmazonBedrockLimitedAccess. Of a function, its code decides where it is in the repository. Where
    several programs share a role, the one whose code or environment names a model is reported; where none
    does, the role.

    It is info as well where nothing in the repository shows that the project is operated (an alarm that
    notifies, scaling, production or staging), no API, event or schedule calls a function of it, no
    service runs in ECS or App Runner, and no program on an instance or in a pod may invoke models: an agent
    or a knowledge base that is tried out. So it is where the tags of all that may ask models
    (`Environment: development`) are for development or tests.

    Exceptions: what IAM users and groups may invoke, knowledge bases over a Kendra index, and flows
    without a node that invokes a model or an agent.

    See [Amazon Bedrock runtime
    metrics](https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring.html).
    """
    for user, invokes in observed.first_bedrock_user(graph):
        from mlwa_lint.graph.queries import alarms  # with all that an alarm can be about

        watched = alarms.watches_bedrock(graph)
        what = observed.use_of_models(user, graph)
        message = f"{user} {what}, and no alarm watches throttles or errors in AWS/Bedrock"
        from mlwa_lint.graph.queries import prompts

        milder = prompts.why_none(user, graph)
        milder = milder or (_ROLE_ALONE if observed.is_role_alone(user, graph) else "")
        milder = milder or prompts.why_unattended(user, graph) or prompts.why_for_development(user, graph)
        yield Claim(invokes & ~watched, user, message, lacking=AccountSetting.BEDROCK_ALARM, milder=milder)


@rule(
    "MLO606",
    "agent-without-evaluation",
    "info",
    concern="deployment",
    practices=("GENOPS01-BP01", "AGENTOPS06-BP02"),
    on=(AGENTCORE_RUNTIME,),
    remedy=Remedy(
        "Add an `AWS::BedrockAgentCore::OnlineEvaluationConfig` for the runtime.",
        "Add an `aws_bedrockagentcore_online_evaluation_config` for the runtime.",
    ),
)
def agent_without_evaluation(runtime: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Nothing evaluates the responses of an agent in production.

    A change of the model, a prompt or a tool makes responses worse unnoticed.

    An online evaluation of the project counts.

    See [AgentCore
    Evaluations](https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/evaluations.html).
    """
    evaluated = graph.declared(observed.EVALUATION).exist()
    yield Claim(
        ~evaluated, runtime, f"nothing evaluates the answers of {runtime}: an online evaluation should"
    )
