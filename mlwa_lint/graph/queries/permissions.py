"""Who acts with a role, what the work needs, and whether the role allows it."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from mlwa_lint.graph import patterns
from mlwa_lint.graph.edges import Edge, EdgeKind
from mlwa_lint.graph.iam import arns, policies
from mlwa_lint.graph.kinds import (
    AGENT,
    BUCKET,
    BUCKET_POLICY,
    FLOW,
    FUNCTION,
    KEY,
    KNOWLEDGE_BASE,
    MODEL,
    REPOSITORY,
    ROLE,
)
from mlwa_lint.graph.linking.naming import GAP, mention_in, outline
from mlwa_lint.graph.patterns import PatternText
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import YES, Answer, answer, certainly, every, possibly
from mlwa_lint.model.resources import RUNNING_ROLE
from mlwa_lint.model.values import Reference, Unknown
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

if TYPE_CHECKING:
    from mlwa_lint.graph.jobs import Job

# Prefixes of types, and the principal with which their service assumes a role.
_PRINCIPALS = (
    ("AWS::BedrockAgentCore::", "bedrock-agentcore"),
    ("AWS::Bedrock::", "bedrock"),
    # Devices get the credentials of their role from IoT; SageMaker does not act with it.
    ("AWS::SageMaker::DeviceFleet", ""),
    ("AWS::SageMaker::", "sagemaker"),
    ("AWS::StepFunctions::StateMachine", "states"),
    ("AWS::Lambda::Function", "lambda"),
    ("AWS::Glue::", "glue"),
    ("AWS::Scheduler::Schedule", "scheduler"),
    ("AWS::Events::Rule", "events"),
    ("AWS::Comprehend::", "comprehend"),
    ("AWS::KinesisFirehose::DeliveryStream", "firehose"),
    ("AWS::CodeBuild::Project", "codebuild"),
    ("AWS::CodePipeline::Pipeline", "codepipeline"),
    ("AWS::ECS::TaskDefinition", "ecs-tasks"),
)
# Where a resource names the role that its own service acts with; a role that it passes on is another matter.
_OWN_ROLES = frozenset(
    {
        "AgentResourceRoleArn",
        "ExecutionRole",
        "ExecutionRoleArn",
        "MemoryExecutionRoleArn",
        "Role",
        "RoleARN",
        "RoleArn",
        "TaskRoleArn",
    }
)
# What the ARNs of resources that Bedrock acts for begin with, after the account.
_SOURCES = {AGENT: "agent", FLOW: "flow", KNOWLEDGE_BASE: "knowledge-base"}
_KIND = lazy(r"arn:[^:]*:bedrock:[^:]*:[^:]*:(agent|flow|knowledge-base|prompt|evaluation-job)/")
# … which have as many colons before that.
_COLONS = 5
_POSITIVE = lazy(r"(?i)(?:Arn|String)(?:Like|Equals)")
# The roles of a pipeline's actions are those of other services.
_OF_OTHERS = frozenset({"Stages"})
ANY: PatternText = patterns.text(patterns.ANYTHING)
_ANY_OBJECT = patterns.arn(patterns.text("arn:aws:s3:::", patterns.ANYTHING))
_ANY_KEY, _ANY_REPOSITORY = (
    patterns.arn(patterns.text(f"arn:aws:{service}:", patterns.ANYTHING)) for service in ("kms", "ecr")
)

# Where a container of a model names its artefacts.
_ARTEFACTS = ("ModelDataUrl", "ModelDataSource.S3DataSource.S3Uri")
# An image of the account's own registry: the repository's name precedes a tag or a digest.
_IN_REGISTRY = lazy(rf"{GAP}\.dkr\.ecr\.[^/]+/([^:@{GAP}]+)(?:[:@].*)?")


class Need(NamedTuple):
    """An action that the work needs, on what, and where the template requests it.

    A place in S3 may be an object or a prefix of several; being allowed either is enough. `context` has what
    is known of the request's condition keys. `hidden` is why nothing is known of what it is about: only a
    role that may do it with everything certainly meets it then.
    """

    action: str
    on: PatternText
    at: View
    target: ResourceView | None = None
    instead: PatternText | None = None
    context: Mapping[str, str] = {}
    hidden: str = ""


def may(role: ResourceView, need: Need, graph: GraphView) -> Answer:
    """Whether all policies of a role together allow what is needed."""
    from mlwa_lint.graph.iam.evaluate import AccessRequest, identity, role_may

    found = role_may(role, AccessRequest(need.action, need.on, need.context), graph, need.target).answer
    if need.on == ANY and possibly(found):
        # What the work is called is not known before it runs: an action that is allowed at all will do.
        stated = identity(role, graph).known
        return (
            YES
            if any(certainly(each.allows() & each.covers_action(need.action)) for each in stated)
            else found
        )
    if need.instead is not None:
        found = (
            found
            | role_may(
                role, AccessRequest(need.action, need.instead, need.context), graph, need.target
            ).answer
        )
    return found


def roles_of(resource: ResourceView, graph: GraphView) -> list[ResourceView]:
    """The roles of the project that a resource acts with; one that is not known leaves the rule undecided."""
    graph.leave_undecided(unknown_roles_of(resource, graph))
    return known_roles_of(resource, graph)


def unknown_roles_of(resource: ResourceView, graph: GraphView) -> list[str]:
    """Why roles that a resource acts with are not known."""
    ends = graph.graph.open_ends_of(resource.address, EdgeKind.ASSUMES)
    return [each.reason for each in ends if not each.outside and graph.world.admits(each.guards)]


_GIVEN = lazy(rf"(?:parameter|variable) [\w-]+ has no default|{RUNNING_ROLE}")


def unknown_own_roles_of(resource: ResourceView, graph: GraphView) -> list[str]:
    """Why roles that a resource acts with are not known which may be ones of the project.

    Who gives a parameter of the whole a role gives it one that exists before. So does the role that runs a
    program, which is none of those that it creates.
    """
    if not graph.of_type(ROLE) and not graph.declared(ROLE).unknown:
        return []
    return [each for each in unknown_roles_of(resource, graph) if not _GIVEN.fullmatch(each)]


def known_roles_of(resource: ResourceView, graph: GraphView) -> list[ResourceView]:
    """The roles of the project that a resource certainly acts with."""
    links = graph.targets(resource, EdgeKind.ASSUMES, ROLE).related
    return list(dict.fromkeys(each.resource for each in links if _is_own(each.edge)))


def _is_own(edge: Edge) -> bool:
    """Whether the service of a resource itself acts with the role that an edge leads to."""
    return bool(edge.path) and edge.path[-1] in _OWN_ROLES and not _OF_OTHERS.intersection(edge.path)


def role_property(resource: ResourceView, role: ResourceView, graph: GraphView) -> View:
    """The property by which a resource names a role."""
    for related in graph.targets(resource, EdgeKind.ASSUMES, ROLE).related:
        if related.resource == role:
            return resource[".".join(related.edge.path)]
    return resource


# -- trust


def services_using(role: ResourceView, graph: GraphView) -> dict[str, list[ResourceView]]:
    """The services that act with a role by resources of the project, and these resources."""
    found: dict[str, list[ResourceView]] = {}
    for actor in graph.sources(role, EdgeKind.ASSUMES).related:
        if not _is_own(actor.edge):
            continue
        if service := _service_of(actor.resource):
            found.setdefault(service, []).append(actor.resource)
    return found


def service_using(resource: ResourceView, role: ResourceView, graph: GraphView) -> str | None:
    """The service that acts with a role for a resource; None where none certainly does."""
    uses = (each for each in graph.targets(resource, EdgeKind.ASSUMES, ROLE).related if _is_own(each.edge))
    return _service_of(resource) if any(each.resource == role for each in uses) else None


def _service_of(actor: ResourceView) -> str | None:
    return next((name for start, name in _PRINCIPALS if actor.type.startswith(start)), None)


def lets_in(role: ResourceView, service: str) -> Answer:
    """Whether a service may assume a role."""
    return policies.assumed_by(role, service)


def lets_act_for(role: ResourceView, actor: ResourceView) -> Answer:
    """Whether Bedrock may assume a role for a resource, by the conditions on aws:SourceArn.

    Only what names another kind of resource excludes it: `agent/*` a knowledge base.
    """
    own = _SOURCES.get(actor.type)
    if own is None:
        return YES
    return policies.trust(role).any(
        lambda statement: statement.allows() & statement.for_service("bedrock") & _admits(statement, own)
    )


def _admits(statement: policies.Statement, own: str) -> Answer:
    found = YES
    for operator, key, wanted in statement.conditions():
        if key.lower() == "aws:sourcearn" and _POSITIVE.fullmatch(operator) is not None:
            found &= ~every(_is_of_others(each, own) for each in wanted.known_items() or [wanted])
    return found


def _is_of_others(arn: View, own: str) -> Answer:
    """Whether an ARN, of which Region and account need not be known, is of another kind of Bedrock's."""
    text = outline(arn.value)
    before, _, _ = text.partition("/")
    if before.count(":") == _COLONS and GAP not in before.rpartition(":")[2]:
        return answer(_is_other(text, own), arn.value.assumed)
    return arn.test(lambda known: _is_other(known, own))


def _is_other(text: str, own: str) -> bool:
    match = _KIND.match(text)
    return match is not None and match[1] != own


# -- what models and jobs read


def inputs_of(resource: ResourceView, graph: GraphView) -> Iterator[Need]:
    """What the role of a model or job must be allowed to read."""
    if resource.type == MODEL:
        from mlwa_lint.graph.queries import images

        for container in images.containers_of(resource):
            for key in _ARTEFACTS:
                yield from _objects(container[key], graph)
            yield from image_needs(container["Image"], graph)
        return
    from mlwa_lint.graph import jobs

    for job in jobs.of(resource):
        yield from inputs_of_job(job, graph)


def inputs_of_job(job: "Job", graph: GraphView) -> Iterator[Need]:
    """What the role of a job must be allowed to read."""
    for place in job.input_locations:
        yield from _objects(place, graph)
    for image in job.images:
        yield from image_needs(image, graph)


def may_have_artefacts(model: ResourceView) -> bool:
    """Whether a container of a model names artefacts in S3 or a model package, or may do so."""
    from mlwa_lint.graph.queries import images

    named = (*_ARTEFACTS, "ModelPackageName")
    known = [container[key] for container in images.containers_of(model) for key in named]
    return not known or any(not certainly(place.is_absent()) for place in known)


def objects_of(model: ResourceView, graph: GraphView) -> list[Need]:
    """What a model needs of S3; nothing where not all of that is known."""
    from mlwa_lint.graph.queries import images

    places = [container[key] for container in images.containers_of(model) for key in _ARTEFACTS]
    given = [place for place in places if not certainly(place.is_absent())]
    found = [
        [need for need in _objects(place, graph) if need.action == "s3:GetObject" and not need.hidden]
        for place in given
    ]
    return [each for needs in found for each in needs] if all(found) else []


def _objects(place: View, graph: GraphView) -> Iterator[Need]:
    """What is needed to read an object, or the objects under a prefix, of an S3 URI."""
    from mlwa_lint.graph.queries import encryption

    if why := _hidden(place):
        yield Need("s3:GetObject", _ANY_OBJECT, place, hidden=why)
        if any(possibly(encryption.is_kms_encrypted(each)) for each in graph.of_type(BUCKET)):
            yield Need("kms:Decrypt", _ANY_KEY, place, hidden=why)
        return
    mention = mention_in(place.value)
    if mention is None or mention.target_type != BUCKET:
        return
    bucket = _bucket_of(place, graph)
    rest = [segment.literal for segment in mention.rest]
    known = bool(rest) and None not in rest
    path = "/".join(map(str, rest))
    single: tuple[str | patterns.Hole, ...] = (path,) if known else (patterns.ANYTHING,)
    several = (f"{path.rstrip('/')}/", patterns.ANYTHING) if known else single
    if bucket is not None:
        both = (arns.of_objects(bucket, graph, each) for each in (single, several))
        yield Need("s3:GetObject", next(both), place, bucket, next(both))
        yield from _decrypting(bucket, place, graph)
    elif mention.name.literal:
        start = f"arn:aws:s3:::{mention.name.literal}/"
        both = (patterns.arn(patterns.text(start, *each)) for each in (single, several))
        yield Need("s3:GetObject", next(both), place, None, next(both))
    elif isinstance(place.value, Unknown):
        yield from _in_part(place, place.value, graph)


def _in_part(place: View, uri: Unknown, graph: GraphView) -> Iterator[Need]:
    """What is needed to read objects of a bucket whose name is known in part."""
    scheme = patterns.text("s3://")
    tokens = arns.text_of(place, graph)
    if tokens[: len(scheme)] != scheme:
        return
    # The policy of a bucket that has such a name may allow what those of the role do not.
    hidden = uri.reason if graph.of_type(BUCKET_POLICY) else ""
    objects = (*patterns.text("arn:aws:s3:::"), *tokens[len(scheme) :])
    several = patterns.arn((*objects, patterns.ANYTHING))
    yield Need("s3:GetObject", patterns.arn(objects), place, None, several, hidden=hidden)


def _hidden(place: View) -> str:
    """Why nothing is known of a place; empty where something is."""
    return place.value.reason if isinstance(place.value, Unknown) and not place.value.parts else ""


def _bucket_of(place: View, graph: GraphView) -> ResourceView | None:
    for kind in (EdgeKind.READS, EdgeKind.WRITES):
        for related in graph.targets(place.holder, kind, BUCKET).related:
            if related.edge.span == place.span:
                return related.resource
    if place.holder.type == FUNCTION:
        # What code names is no edge of the graph.
        from mlwa_lint.graph.queries.code_jobs import bucket_at

        return bucket_at(place, graph)
    return None


def _decrypting(bucket: ResourceView, place: View, graph: GraphView) -> Iterator[Need]:
    from mlwa_lint.graph.queries.encryption import encryption_rules

    for rule in encryption_rules(bucket).known_items():
        named = rule["ServerSideEncryptionByDefault.KMSMasterKeyID"]
        for each in graph.targets(bucket, EdgeKind.ENCRYPTS_WITH, KEY).related:
            if each.edge.span == named.span:
                yield Need("kms:Decrypt", arns.of_resource(each.resource, graph), place, each.resource)


def image_needs(image: View, graph: GraphView) -> Iterator[Need]:
    """What is needed to pull an image of a repository of the project."""
    if why := _hidden(image):
        yield Need("ecr:BatchGetImage", _ANY_REPOSITORY, image, hidden=why)
    for target in _repositories_of(image, graph):
        yield Need("ecr:BatchGetImage", arns.of_resource(target, graph), image, target)


def _repositories_of(image: View, graph: GraphView) -> Iterator[ResourceView]:
    """The repository of the project that an image refers to, or names in the registry of the own account."""
    value = image.value
    parts = value.parts if isinstance(value, Unknown) else (value,)
    for part in parts:
        found = graph.graph.by_address.get(part.address) if isinstance(part, Reference) else None
        if found is not None and found.type == REPOSITORY:
            yield ResourceView(found, graph.world)
            return
    registry = parts[0] if parts else None
    if isinstance(registry, Unknown) and arns.is_account(registry):
        match = _IN_REGISTRY.fullmatch(outline(value))
        if match is not None:
            yield from (each for each in graph.of_type(REPOSITORY) if each["RepositoryName"].text == match[1])
