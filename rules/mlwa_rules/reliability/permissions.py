"""Reliability of permissions: roles that their service cannot use, or that lack what the work needs."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from mlwa_lint.facts.models import profile_geography
from mlwa_lint.graph import jobs
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import (
    AGENT,
    AGENTCORE_RUNTIME,
    EVENT_RULE,
    FEATURE_GROUP,
    FUNCTION,
    GLUE_CRAWLER,
    KNOWLEDGE_BASE,
    MODEL,
    PIPELINE,
    ROLE,
    STATE_MACHINE,
)
from mlwa_lint.graph.linking.naming import outline
from mlwa_lint.graph.queries import permissions, ties
from mlwa_lint.model.findings import Severity
from mlwa_lint.model.resources import REQUESTS
from mlwa_lint.model.values import Reference
from mlwa_lint.rule import (
    DECLARATIVE,
    YES,
    Answer,
    Claim,
    GraphView,
    Remedy,
    ResourceView,
    View,
    answer,
    certainly,
    possibly,
    rule,
    some,
)

if TYPE_CHECKING:
    from mlwa_lint.graph.queries.grants import Grant

# What creation checks, or may check: actions, or services any of whose actions may be needed.
_PULLING = ("ecr:BatchGetImage", "ecr:GetAuthorizationToken", "ecr:GetDownloadUrlForLayer")
_SECRET = ("secretsmanager:GetSecretValue",)
_STORES = {
    "MONGO_DB_ATLAS": _SECRET,
    "NEPTUNE_ANALYTICS": ("neptune-graph",),
    "OPENSEARCH_MANAGED_CLUSTER": ("es",),
    "OPENSEARCH_SERVERLESS": ("aoss:APIAccessAll",),
    "PINECONE": _SECRET,
    "RDS": ("rds", "rds-data", *_SECRET),
    "REDIS_ENTERPRISE_CLOUD": _SECRET,
    "S3_VECTORS": ("s3vectors",),
}
_CRAWLER = Remedy(
    "Give the crawler a schedule of its own, or let the rule start a Glue workflow that runs the crawler.",
    "Give the crawler a schedule of its own, or let the rule start a Glue workflow that runs the crawler.",
)
_NEEDED = {
    AGENT: ("bedrock", "s3", "lambda"),
    AGENTCORE_RUNTIME: (*_PULLING, "s3:GetObject"),
    FEATURE_GROUP: ("glue", "kms", "s3", "sagemaker"),
    KNOWLEDGE_BASE: ("aoss", "bedrock", "kendra", "rds", "rds-data", "s3vectors", "secretsmanager"),
    MODEL: ("kms", "s3"),  # and what its images are pulled from, where these are the project's own
    PIPELINE: (),  # what its steps do when it runs is evaluated against the role only then
    STATE_MACHINE: ("events", "logs"),  # of these, what its settings need
}
_REPEATED = (AGENTCORE_RUNTIME, KNOWLEDGE_BASE, MODEL, STATE_MACHINE)
# Where the ARN of a foundation model names it.
_MODELS = ":foundation-model/"
_PAUSE = "a time_sleep between the role and it gives the policy time"
_MEANWHILE = "the policy is attached while other things that it waits for are created"
_LATER = "only what the agent does later needs the permissions"
_AGAIN = "Terraform's AWS provider repeats the creation for two minutes"
_CONTAINER = "AgentRuntimeArtifact.ContainerConfiguration"
_CODE = "AgentRuntimeArtifact.CodeConfiguration"


@rule(
    "MLR502",
    "role-used-before-its-permissions",
    "medium",
    practices=("MLREL04-BP01",),
    on=tuple(_NEEDED),
    remedy=Remedy(
        "Add `DependsOn: POLICY` to the resource.", "Add `depends_on = [aws_iam_role_policy.NAME]`."
    ),
    languages=DECLARATIVE,
)
def role_used_before_its_permissions(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A resource is created with a role whose permissions are a separate policy that it does not wait for.

    The policy may be attached later than the resource is created. Creation then fails now and then with an
    access error, and succeeds when it is repeated.

    A policy or attachment counts if it allows what creation of the resource needs: for a model, reading
    its own artefacts from S3, and pulling its images from repositories of the project; for an AgentCore
    runtime, pulling its image, or reading its code from S3; for a knowledge base, its model and its
    store; for a state machine, logs where it writes any, and events where a step waits for a job
    (`.sync`). It does not count if the role itself, or a policy that the resource waits for, allows the
    same. Bedrock checks the permissions of an agent's role where its model is an inference profile; with
    another model, only what the agent does later needs them, so severity is info; also where the model is
    not known and the policy allows invoking foundation models alone. For a knowledge base, the data
    access policies of OpenSearch Serverless that name its role and its collection count as well. The
    severity is lowered where a `time_sleep` lies between the role and the resource, and info where the
    policy is attached meanwhile, for what it waits for itself is there when the `time_sleep` begins, or
    takes seconds while that waits for a collection. It is lowered too where a database or a collection is
    created in between, which takes minutes, a `time_sleep` lasts a minute at least, or a WaitCondition
    waits for a signal. It is info for models, state machines and AgentCore runtimes in Terraform, and low
    for knowledge bases, or info in that case: its AWS provider repeats a creation that is refused for
    want of permissions, for two to five minutes.

    Dependencies count transitively, whether they are written down (`DependsOn`, `depends_on`) or implied by a
    reference.

    CloudFormation's documentation of DependsOn states that a resource which needs the permissions of a policy
    has to depend on the external policy.

    Exceptions: roles that are not known, in templates without separate policies, SageMaker pipelines, whose
    role is needed only when they run, state machines that do no ML
    work, models without artefacts in S3 and images in repositories of the project, images whose repository
    has a policy of its own, inline policies of the role, managed policies that the role itself
    names, policies of another stack, and what a step of a workflow creates when it runs.

    See [DependsOn
    attribute](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-dependson.html).
    """
    if certainly(resource.attributes["Workflow"].is_present()):
        return
    from mlwa_lint.graph.queries import grants, pulls, vectors
    from mlwa_lint.graph.queries.ml_work import does_ml_work

    judged = does_ml_work(resource, graph) if resource.type == STATE_MACHINE else YES
    actions = _checked_at_creation(resource)
    objects: list[permissions.Need] = []
    if resource.type == MODEL:
        objects = pulls.pulls_of(resource, graph)
        objects += permissions.objects_of(resource, graph) if actions else []
    if not (actions or objects) or not possibly(judged):
        return
    wanted = grants.Wanted(actions, objects)
    opening = resource.type == KNOWLEDGE_BASE and bool(graph.of_type(vectors.ACCESS_POLICY))
    if opening or grants.may_be_granted_to(resource, graph):
        graph.leave_undecided(permissions.unknown_roles_of(resource, graph))
    for role in permissions.known_roles_of(resource, graph):
        late = grants.late_grants(resource, role, wanted, graph)
        if opening:
            late += grants.late_openings(resource, vectors.data_access_of(resource, role, graph), graph)
        found = [each for each in late if certainly(each.needed)]
        found = found or [each for each in late if possibly(each.needed)]
        if found:
            needed = judged & some(each.needed for each in late)
            names = ", ".join(each.address for each in found)
            message = f"{resource} may be created before {role} has its permissions: it should depend on"
            mild, milder = _weights(resource, role, late, found, graph)
            at = permissions.role_property(resource, role, graph)
            yield Claim(needed, at, f"{message} {names}", "info" if mild else None, milder=milder)


def _weights(
    resource: ResourceView, role: ResourceView, late: "list[Grant]", found: "list[Grant]", graph: GraphView
) -> tuple[str, str]:
    """Why a finding is info, and why its severity is lowered; empty where nothing makes it so."""
    from mlwa_lint.graph.queries import dependencies, vectors

    again = _AGAIN if _is_created_again(resource) else ""
    settled = all(dependencies.pauses_long_after(resource, each.waits, graph) for each in found)
    pause = _PAUSE if dependencies.pauses_after(resource, role.address, graph) else ""
    # Data access policies take a minute to have an effect.
    if all(
        each.holder.type != vectors.ACCESS_POLICY
        and dependencies.waits_minutes_after(resource, each.waits, graph)
        for each in found
    ):
        settled, pause = settled or bool(again), _MEANWHILE
    mild = _MEANWHILE if settled else "" if resource.type == KNOWLEDGE_BASE else again
    if resource.type == AGENT and _names_a_model(resource, late):
        mild = mild or _LATER
    return mild, mild or pause or again


def _is_created_again(resource: ResourceView) -> bool:
    """Whether Terraform's AWS provider repeats a creation that lacks permissions, for some minutes."""
    name = resource.resource.address.rpartition("module.")[2]
    return resource.language == "terraform" and resource.type in _REPEATED and "awscc_" not in name


def _checked_at_creation(resource: ResourceView) -> tuple[str, ...]:
    """What creation of a resource needs of its role, or may need where that is open."""
    if resource.type == AGENTCORE_RUNTIME:
        if certainly(resource[_CODE].is_present()):
            return ("s3:GetObject",)
        return _PULLING if certainly(resource[_CONTAINER].is_present()) else _NEEDED[AGENTCORE_RUNTIME]
    if resource.type == KNOWLEDGE_BASE:
        store = _STORES.get(resource["StorageConfiguration.Type"].text or "")
        return _NEEDED[KNOWLEDGE_BASE] if store is None else ("bedrock:InvokeModel", *store)
    if resource.type == MODEL and not permissions.may_have_artefacts(resource):
        return ()
    if resource.type != STATE_MACHINE:
        return _NEEDED[resource.type]
    from mlwa_lint.graph import workflows

    level = resource["LoggingConfiguration.Level"]
    found = ["logs"] if possibly(level.is_present() & ~level.equals("OFF")) else []
    if possibly(workflows.steps(resource).has(lambda step: step.waits_for_job)):
        found.append("events")
    return tuple(found)


def _names_a_model(agent: ResourceView, grants: "list[Grant]") -> bool:
    """Whether an agent's model is no inference profile, which needs a permission of its own."""
    profile = _has_profile(agent)
    if certainly(profile) or certainly(~profile):
        return not certainly(profile)
    return not any(each.open or possibly(some(map(_allows_profiles, each.statements))) for each in grants)


def _allows_profiles(statement: policies.Statement) -> Answer:
    """Whether a statement lets a role invoke more than foundation models themselves."""
    return statement.allows_on(lambda each: answer(_MODELS not in outline(each.value)), "bedrock:InvokeModel")


def _has_profile(agent: ResourceView) -> Answer:
    """Whether an agent's model is an inference profile."""
    return agent["FoundationModel"].test(
        lambda text: bool(profile_geography(text)) or "inference-profile" in text
    )


def _targets_crawlers(actor: ResourceView, graph: GraphView) -> bool:
    """Whether all targets of a rule of EventBridge are crawlers of Glue, which it cannot start."""
    if actor.type != EVENT_RULE:
        return False
    targets = [each["Arn"].value for each in actor["Targets"].known_items()]
    return bool(targets) and all(
        graph.resource(each.address).type == GLUE_CRAWLER
        if isinstance(each, Reference) and each.address in graph.graph.by_address
        else ":crawler/" in outline(each)
        for each in targets
    )


@rule(
    "MLR503",
    "role-not-assumable-by-its-service",
    "high",
    practices=("MLSEC03-BP01",),
    on=(ROLE,),
    remedy=Remedy(
        "Name the service in `AssumeRolePolicyDocument`: `Principal: {Service: sagemaker.amazonaws.com}`.",
        'Name the service in `assume_role_policy`: `Principal = { Service = "sagemaker.amazonaws.com" }`.',
    ),
    scope="all",
)
def role_not_assumable_by_its_service(role: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """The trust policy of a role does not name the service that acts with it.

    The service cannot assume the role, so creating the resource, or its first run, fails.

    The rule checks roles that SageMaker, Bedrock, AgentCore, Step Functions, Lambda, Glue, EventBridge or
    another service of AWS acts with, by a resource of the project that belongs to ML. For Bedrock, a
    condition on `aws:SourceArn` counts as well that admits another kind of resource alone: `agent/*` where a
    knowledge base acts with the role. The severity is medium where all that acts with the role is a rule of
    EventBridge whose targets are crawlers of Glue: it cannot start any, whatever the policy names.

    SageMaker returns "Could not assume role": the role must exist and its trust relationship
    policy must allow the action sts:AssumeRole for the service principal sagemaker.amazonaws.com.

    See [How to use SageMaker AI execution
    roles](https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html).
    """
    document = role["AssumeRolePolicyDocument"]
    for service, actors in permissions.services_using(role, graph).items():
        # Whether a role belongs to ML is a question about all that is around it: only where it matters.
        let_in = permissions.lets_in(role, service)
        if not certainly(let_in):
            message = f"{actors[0]} cannot use {role}: {document} does not name {service}.amazonaws.com"
            related = tuple((each, "acts with the role") for each in actors[:3])
            severity: Severity | None = None
            remedy = None
            if all(_targets_crawlers(each, graph) for each in actors):
                # Another principal in the policy would change nothing.
                message = f"{actors[0]} cannot start a crawler: a rule has no targets of this kind, and"
                message += f" {document} of {role} does not name {service}.amazonaws.com either"
                severity, remedy = "medium", _CRAWLER
            wrong = _belongs_to_ml(role, graph) & ~let_in
            yield Claim(wrong, document, message, severity, related, remedy)
        for each in actors if service == "bedrock" else ():
            admitted = permissions.lets_act_for(role, each)
            if not certainly(admitted):
                message = f"{each} cannot use {role}: the condition on aws:SourceArn in {document} admits"
                message += " resources of other kinds alone"
                excluded = _belongs_to_ml(role, graph) & let_in & ~admitted
                yield Claim(excluded, document, message, related=((each, "uses it"),))


@rule(
    "MLR504",
    "role-cannot-read-its-inputs",
    "high",
    practices=("MLSEC03-BP01",),
    on=(MODEL, *jobs.JOB_TYPES, FUNCTION),
    remedy=Remedy(
        "Allow `s3:GetObject` on the objects, `ecr:BatchGetImage` on the repository or `kms:Decrypt`.",
        "Allow `s3:GetObject` on the objects, `ecr:BatchGetImage` on the repository or `kms:Decrypt`.",
    ),
)
def role_cannot_read_its_inputs(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An execution role cannot read what its model or job needs.

    Creation of the model, or the start of the job, fails with an access error.

    The rule checks roles all of whose policies are known: inline, attached and managed ones of the project,
    those of AWS, permissions boundaries, and the policies of buckets, keys and repositories of the project.
    It also reads the code of functions in the repository that start jobs, with what their environments hand
    over. Needed are `s3:GetObject` for model artefacts and inputs, `ecr:BatchGetImage` for images in a
    repository of the project, and `kms:Decrypt` for the key of a bucket of the project. Statements that
    nearly allow it are named as related: those for other resources, or with a condition that excludes it.

    Exceptions: what acts with a role from elsewhere: one that is given by a parameter or variable, or the one
    that runs a program. Nor is a role reported that SageMaker may
    not assume at all, such as that of the state machine: see MLR503.

    CreateModel documents that SageMaker uses the role to access model artefacts and docker images.

    See [SageMaker AI execution
    roles](https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html).
    """
    if resource.type == FUNCTION:
        if any(resource.attributes[REQUESTS].known_items()):
            yield from _of_code(resource, graph)
        return
    graph.leave_undecided(permissions.unknown_own_roles_of(resource, graph))
    for role in permissions.known_roles_of(resource, graph):
        if not _cannot_act_with(resource, role, graph):
            yield from _lacking(str(resource), role, permissions.inputs_of(resource, graph), graph)


def _of_code(function: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """The same for the jobs that a function's code starts."""
    from mlwa_lint.graph.queries import code_jobs

    for job in code_jobs.of_code(function):
        role = code_jobs.role_of(job, graph)
        if role is not None and possibly(permissions.lets_in(role, "sagemaker")):
            yield from _lacking(str(job), role, permissions.inputs_of_job(job, graph), graph)


def _lacking(
    reader: str, role: ResourceView, needs: Iterable[permissions.Need], graph: GraphView
) -> Iterator[Claim]:
    for need in needs:
        allowed = permissions.may(role, need, graph)
        if need.hidden:
            # It may be what the role needs no permission for: an image of AWS's.
            graph.leave_undecided([] if certainly(allowed) else [need.hidden])
            continue
        message = f"{reader} fails: {role} lacks {need.action}, which {need.at} needs"
        yield Claim(~allowed, need.at, message, related=_near([need], allowed, role, graph))


def _near(
    needs: list[permissions.Need], allowed: Answer, role: ResourceView, graph: GraphView
) -> tuple[tuple[View, str], ...]:
    """The statements that nearly allow what a role lacks, where it certainly does."""
    if not certainly(~allowed):
        return ()
    from mlwa_lint.graph.queries import near_grants

    return near_grants.nearly_allowing(role, needs, graph)


def _cannot_act_with(resource: ResourceView, role: ResourceView, graph: GraphView) -> bool:
    """Whether MLR503 reports that a role does not let in the service that acts with it for a resource."""
    service = permissions.service_using(resource, role, graph)
    refused = service and certainly(_belongs_to_ml(role, graph) & ~permissions.lets_in(role, service))
    return bool(refused)


def _belongs_to_ml(role: ResourceView, graph: GraphView) -> Answer:
    """Whether a role is tied to ML, or what acts with it works for ML, which is looked at only then."""
    tied = ties.is_tied_to_ml(role, graph)
    return tied if certainly(tied) else tied | ties.is_role_of_ml_work(role, graph)


@rule(
    "MLR505",
    "workflow-role-lacks-job-permissions",
    "high",
    practices=("MLREL03-BP01",),
    on=(STATE_MACHINE,),
    remedy=Remedy(
        "Allow the job's action, `iam:PassRole` for its role, and `events:PutTargets`, `events:PutRule` and "
        "`events:DescribeRule` for `.sync`.",
        "Allow the job's action, `iam:PassRole` for its role, and `events:PutTargets`, `events:PutRule` and "
        "`events:DescribeRule` for `.sync`.",
    ),
)
def workflow_role_lacks_job_permissions(machine: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """The role of a state machine lacks permissions that its SageMaker tasks need.

    Creating the state machine, or every run of it, fails with an access error.

    The rule checks roles all of whose policies are known. A task needs the job's own action, `iam:PassRole`
    for the job's role, and `sagemaker:AddTags` where the job has tags; with `.sync` it also needs
    `events:PutTargets`, `events:PutRule` and `events:DescribeRule`. One finding lists all that is missing,
    and names the statements that nearly allow it: on other resources, under a condition, or with others.

    The Step Functions documentation lists these permissions for jobs that a state machine waits for, and the
    service reports that the role "is not authorized to create managed-rule".

    See [IAM policies for calling SageMaker
    AI](https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html).
    """
    from mlwa_lint.graph.queries import task_needs

    for role in permissions.roles_of(machine, graph):
        needs = task_needs.needs_of_tasks(machine, graph)
        allowed = [(each, permissions.may(role, each, graph)) for each in needs]
        missing = [each for each, answer in allowed if certainly(~answer)]
        at = permissions.role_property(machine, role, graph)
        actions = dict.fromkeys(each.action for each in missing)
        message = f"{machine} cannot run its jobs: {role} lacks {', '.join(actions)}"
        lacking = some(~answer for _, answer in allowed)
        yield Claim(lacking, at, message, related=_near(missing, ~lacking, role, graph))
