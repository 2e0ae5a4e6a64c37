"""What belongs to machine learning though its type does not show it: buckets, keys, streams, functions …

A type such as `AWS::S3::Bucket` serves every purpose. Whether one resource of it is used for machine
learning, the graph decides: by what reads, writes, encrypts or invokes it, and by its users' permissions.
"""

from collections.abc import Iterator

from mlwa_lint.graph.edges import Edge, EdgeKind
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import (
    APP_RUNNER,
    BUCKET,
    BUCKET_POLICY,
    FUNCTION,
    FUNCTION_ALIASES,
    FUNCTION_URL,
    INGRESS,
    KEY,
    LOG_GROUP,
    PERMISSION,
    REPOSITORY,
    ROLE,
    SECURITY_GROUP,
    SUBNET,
    TASK_DEFINITION,
    VPC,
    WORKFLOW_TYPES,
)
from mlwa_lint.graph.linking.naming import outline
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries.builders import builds_ml
from mlwa_lint.graph.queries.identity import (
    has_ml,
    is_coded_for_ml,
    is_ml_function,
    is_ml_role,
    is_ml_type,
    is_named_for_work_elsewhere,
    names_ml,
)
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import NO, YES, Answer, answer, certainly, possibly, some
from mlwa_lint.model.resources import NAMED_BY
from mlwa_lint.startup.patterns import lazy

POLICIES = (*policies.ATTACHED_TYPES, "AWS::IAM::UserPolicy", "AWS::IAM::GroupPolicy")
# Where data is stored or passes, and what it is built from; the graph shows for whom.
STORES = (
    "AWS::DocDB::",
    "AWS::DynamoDB::",
    "AWS::ECR::",
    "AWS::EFS::",
    "AWS::ElastiCache::",
    "AWS::Kinesis::",
    "AWS::KinesisFirehose::",
    "AWS::Neptune::",
    "AWS::OpenSearchService::",
    "AWS::RDS::",
    "AWS::Redshift::",
    "AWS::SNS::",
    "AWS::SQS::",
    LOG_GROUP,
)
_APIS = ("AWS::ApiGateway::", "AWS::ApiGatewayV2::")
# What queries and prepares data for every purpose, and what connects devices: for ML where there is any.
_PREPARING = ("AWS::Athena::", "AWS::EMR::", "AWS::EMRServerless::", "AWS::IoT::")
_QUERIED = "AWS::Athena::"
_GLUE = "AWS::Glue::"
_NETWORK = (VPC, SECURITY_GROUP, INGRESS)
# Databases, which listen in the security groups that they are in.
LISTENING_STORES = (
    "AWS::DocDB::",
    "AWS::ElastiCache::",
    "AWS::Neptune::",
    "AWS::OpenSearchService::",
    "AWS::RDS::",
    "AWS::Redshift::",
)
# What names the cluster of an instance; a proxy, and what it leads to.
_OF_CLUSTER = ("DBClusterIdentifier",)
_PROXIES = ("AWS::RDS::DBProxy", "aws_db_proxy")
_PROXY_TARGETS = ("AWS::RDS::DBProxyTargetGroup", "aws_db_proxy_target")
# Clusters that prepare data; their nodes listen in their security groups.
LISTENING_CLUSTERS = ("AWS::EMR::Cluster",)
_GENERAL = frozenset(
    {BUCKET, BUCKET_POLICY, KEY, FUNCTION, ROLE, FUNCTION_URL, PERMISSION, *POLICIES, *_NETWORK}
)
# Log groups that services of machine learning write, and those of functions.
_ML_LOGS = ("/aws/sagemaker/", "/aws/bedrock", "/aws/vendedlogs/bedrock", "/aws/kendra/", "sagemaker/")
_FUNCTION_LOGS = "/aws/lambda/"
# How repositories of images for machine learning are called or described.
_IMAGES_OF_ML = lazy(r"(?i)sagemaker|machine[ _-]?learning|(?<![a-z])(?:ml|mlops)(?![a-z])")
# What takes records from a stream, a queue, a table or a topic and starts a function with them.
_HANDING_ON = ("AWS::Lambda::EventSourceMapping", "AWS::Pipes::Pipe", "AWS::SNS::Subscription")
# Mentions that tie nothing: where a function's code is stored, what an alarm or a policy names.
_CODE = ("Code",)


def is_general(resource_type: str) -> bool:
    """Whether a type serves every purpose, so that only the graph shows what a resource of it is for."""
    return resource_type in _GENERAL or resource_type.startswith((*STORES, *_APIS, *_PREPARING))


@remembered
def is_tied_to_ml(resource: ResourceView, graph: GraphView) -> Answer:
    """Whether the graph ties a resource to machine learning; a type of machine learning always is."""
    kind = resource.type
    if is_ml_type(kind):
        return YES
    if kind == BUCKET:
        return _is_ml_bucket(resource, graph) | some(_monitored(resource, graph))
    if kind == BUCKET_POLICY:
        return graph.targets(resource, EdgeKind.GRANTS, BUCKET).any(lambda each: _is_ml_bucket(each, graph))
    if kind == FUNCTION:
        return is_ml_function(resource, graph) | some(_run_by_ml(resource, graph))
    if kind == ROLE:
        named = answer(is_named_for_work_elsewhere(resource, graph))
        return (
            is_ml_role(resource, graph) | names_ml(resource, graph) | named | _runs_program(resource, graph)
        )
    if kind in POLICIES:
        return names_ml(resource, graph) | policies.roles_of(resource, graph).any(
            lambda each: is_ml_role(each, graph) | answer(is_named_for_work_elsewhere(each, graph))
        )
    if kind in _NETWORK:
        return _places_ml(resource, graph)
    if kind.startswith(_APIS):
        leads = _leads_to_ml(resource, graph)
        # An integration that is not known leads nowhere near machine learning where there is none.
        return leads if certainly(leads) else leads & has_ml(graph)
    if kind.startswith(_PREPARING):
        queried = kind.startswith(_QUERIED) and graph.graph.project.queried_for_ml
        return YES if queried else has_ml(graph)
    if kind == FUNCTION_URL and certainly(_leads_to_ml(resource, graph)):
        return YES
    return _is_near_ml(resource, graph)


def _is_near_ml(resource: ResourceView, graph: GraphView) -> Answer:
    """Whether the name of a resource, or what is around it, ties it to machine learning."""
    if resource.attributes[NAMED_BY].text:
        return YES
    near = some([_is_named_for_ml(resource, graph), *_by_neighbours(resource, graph)])
    if resource.type.startswith(LISTENING_STORES) and not certainly(near):
        near |= some(_by_what_leads_there(resource, graph))
    if resource.type != REPOSITORY or certainly(near):
        return near
    run = list(_run_from(resource, graph))
    if not run and not any(_mentions(resource, graph)):
        if _is_for_images_of_ml(resource, graph):
            return YES
        return has_ml(graph)  # images are mostly named by a tag that a pipeline hands over
    return near | some(run)


def _is_for_images_of_ml(repository: ResourceView, graph: GraphView) -> bool:
    """Whether a repository's name, or the description of a template of repositories alone, shows its images.

    Only asked where nothing around the repository shows what they are for.
    """
    name = repository["RepositoryName"].text or ""
    if _IMAGES_OF_ML.search(name) is not None:
        return True
    described = _IMAGES_OF_ML.search(graph.graph.project.description) is not None
    return described and not graph.graph.by_type.keys() - {REPOSITORY}


def _run_from(repository: ResourceView, graph: GraphView) -> Iterator[Answer]:
    """Whether the functions, tasks and services that run images of a repository work for ML."""
    from mlwa_lint.graph.queries import ml_work, observed

    for edge in graph.graph.edges_into(repository.address):
        source = graph.resource(edge.source)
        if graph.world.admits(edge.guards) and graph.world.admits(source.resource.guards):
            if source.type == FUNCTION:
                yield ml_work.works_itself(source, graph) | some(_run_by_ml(source, graph))
            elif source.type in (TASK_DEFINITION, APP_RUNNER):
                yield observed.may_invoke_models(source, graph)


# What only some resources need is imported for them alone: it brings half of the graph's questions.
def _is_ml_bucket(bucket: ResourceView, graph: GraphView) -> Answer:
    from mlwa_lint.graph.queries.data import is_ml_bucket

    return is_ml_bucket(bucket, graph)


def _is_used_for_ml(place: ResourceView, graph: GraphView) -> Answer:
    from mlwa_lint.graph.queries import network

    return network.is_used_for_ml(place, graph)


def _runs_program(role: ResourceView, graph: GraphView) -> Answer:
    """Whether a program acts with a role that a policy of AWS lets invoke models."""
    from mlwa_lint.graph.queries import observed

    runs = observed.runs_model_program(role, graph)
    if not possibly(policies.has_managed(role, observed.MANAGED)):
        return runs
    from mlwa_lint.graph.queries import trusted

    return runs | trusted.holds_model_policy(role, graph)


def _monitored(bucket: ResourceView, graph: GraphView) -> Iterator[Answer]:
    """Functions that call AI services or models, and that uploads to a bucket start."""
    from mlwa_lint.graph.queries.uploads import functions_of_uploads

    for function in functions_of_uploads(bucket, graph):
        yield is_ml_function(function, graph)


def _run_by_ml(function: ResourceView, graph: GraphView) -> Iterator[Answer]:
    """Workflows with ML jobs, and ML resources, that call a function."""
    for edge, source in _mentions(function, graph):
        if edge.kind in (EdgeKind.INVOKES, EdgeKind.TRIGGERS) and source.type != BUCKET:
            yield acts_for_ml(source, graph)


@remembered
def is_role_of_ml_work(role: ResourceView, graph: GraphView) -> Answer:
    """Whether ML workflows, what starts these, or jobs that prepare data act with a role.

    Its trust policy and its permissions may show nothing of it.
    """
    actors = graph.sources(role, EdgeKind.ASSUMES)
    own = some(acts_for_ml(each, graph) for each in actors)
    started = (target for each in actors for target in graph.targets(each, EdgeKind.TRIGGERS))
    prepares = any(each.type.startswith(_GLUE) for each in actors)
    # What the project has depends on the conditions of all that may be ML.
    beside = has_ml(graph) if prepares else NO
    return own | some(acts_for_ml(each, graph) for each in started) | beside


def acts_for_ml(actor: ResourceView, graph: GraphView) -> Answer:
    """Whether a resource acts for machine learning, without evaluating what is around it."""
    if is_ml_type(actor.type):
        return YES
    if actor.type == FUNCTION:
        return is_ml_function(actor, graph)
    if actor.type in FUNCTION_ALIASES:
        behind = graph.targets(actor, EdgeKind.INVOKES, FUNCTION).related
        return some(is_ml_function(each.resource, graph) for each in behind)
    if actor.type in _HANDING_ON:
        started = graph.targets(actor, EdgeKind.TRIGGERS, FUNCTION).related
        return some(is_ml_function(each.resource, graph) for each in started)
    if actor.type == ROLE:
        return is_ml_role(actor, graph)
    if actor.type == BUCKET:
        return _is_ml_bucket(actor, graph)
    if actor.type in policies.ATTACHED_TYPES:
        return policies.roles_of(actor, graph).any(lambda each: is_ml_role(each, graph))
    if certainly(builds_ml(actor, graph)) or is_coded_for_ml(actor, graph):
        return YES
    if actor.type in WORKFLOW_TYPES:
        return answer(
            any(is_ml_type(each.type) for each in graph.targets(actor, EdgeKind.RUNS))
            or any(is_ml_type(each.type) for each in graph.targets(actor, EdgeKind.INVOKES))
        )
    return NO


def _by_neighbours(resource: ResourceView, graph: GraphView) -> Iterator[Answer]:
    """Whether what mentions a resource, or what it mentions, acts for machine learning."""
    for _, source in _mentions(resource, graph):
        yield acts_for_ml(source, graph)
        if _goes_with(resource, source):
            yield is_tied_to_ml(source, graph)
    for edge in graph.graph.edges_from(resource.address):
        if edge.kind is not EdgeKind.ENCRYPTS_WITH and graph.world.admits(edge.guards):
            target = graph.resource(edge.target)
            if graph.world.admits(target.resource.guards):
                yield acts_for_ml(target, graph)
                if resource.type == PERMISSION and target.type == FUNCTION:
                    yield from _run_by_ml(target, graph)
                if target.type == SECURITY_GROUP:
                    yield _is_used_for_ml(target, graph)


def _by_what_leads_there(store: ResourceView, graph: GraphView) -> Iterator[Answer]:
    """Whether programs for machine learning reach a database by its secret, its cluster or a proxy."""
    from mlwa_lint.graph.queries import secrets

    for each in _reached_with(store, graph):
        if each.address != store.address:
            yield answer(bool(each.attributes[NAMED_BY].text))
            yield from _by_neighbours(each, graph)
        for secret in secrets.secrets_of(each, graph):
            for reader in secrets.readers_of(secret, graph):
                yield acts_for_ml(reader, graph)


def _reached_with(store: ResourceView, graph: GraphView) -> list[ResourceView]:
    """A store, its cluster, and the proxies that lead to one of them."""
    found: dict[str, ResourceView] = {}
    pending = [store]
    for each in pending:
        if each.address in found or not each.type.startswith((*LISTENING_STORES, *_PROXIES)):
            continue
        found[each.address] = each
        named = (edge for edge in graph.graph.edges_from(each.address) if edge.path == _OF_CLUSTER)
        pending += [graph.resource(edge.target) for edge in named if graph.world.admits(edge.guards)]
        for _, source in _mentions(each, graph):
            if source.type in _PROXY_TARGETS:
                pending += graph.targets(source, EdgeKind.REFERS_TO, *_PROXIES)
    return list(found.values())


def _goes_with(resource: ResourceView, source: ResourceView) -> bool:
    """Whether what mentions a resource decides what it is for: keys of stores, logs of streams and APIs."""
    if resource.type == LOG_GROUP:
        return source.type.startswith(("AWS::KinesisFirehose::", *_APIS))
    return resource.type == KEY and source.type.startswith(STORES)


def _mentions(resource: ResourceView, graph: GraphView) -> Iterator[tuple[Edge, ResourceView]]:
    for edge in graph.graph.edges_into(resource.address):
        if edge.path[:1] != _CODE and graph.world.admits(edge.guards):
            source = graph.resource(edge.source)
            if graph.world.admits(source.resource.guards):
                yield edge, source


def _is_named_for_ml(resource: ResourceView, graph: GraphView) -> Answer:
    """Whether a log group's name shows whose logs it holds: those of an ML service or of an ML function."""
    if resource.type != LOG_GROUP:
        return NO
    name = outline(resource["LogGroupName"].value)
    if name.startswith(_FUNCTION_LOGS):
        wanted = name.removeprefix(_FUNCTION_LOGS)
        named = [each for each in graph.of_type(FUNCTION) if each["FunctionName"].text == wanted]
        return some(is_ml_function(each, graph) for each in named)
    return answer(name.startswith(_ML_LOGS))


def _places_ml(place: ResourceView, graph: GraphView) -> Answer:
    """Whether ML resources, or functions that call them, are in a network or a security group."""
    if place.type == VPC:
        subnets = graph.sources(place, EdgeKind.PLACED_IN, SUBNET, SECURITY_GROUP)
        return _is_used_for_ml(place, graph) | subnets.any(lambda each: _is_used_for_ml(each, graph))
    if place.type == INGRESS:
        from mlwa_lint.graph.queries import network

        return network.group_of(place, graph).any(lambda each: _guards_ml(each, graph))
    return _guards_ml(place, graph)


def _guards_ml(group: ResourceView, graph: GraphView) -> Answer:
    """Whether ML resources, functions that call them, databases with their data, or machines are in a group.

    Those are machines whose role may invoke models, or train and host them.
    """
    from mlwa_lint.graph.queries import observed

    placed = [each.resource for each in graph.sources(group, EdgeKind.PLACED_IN).related]
    tied = [
        is_tied_to_ml(each, graph)
        for each in placed
        if each.type.startswith((*LISTENING_STORES, *LISTENING_CLUSTERS))
    ]
    tied += [observed.machine_acts_for_ml(each, graph) for each in placed if each.type in observed.MACHINES]
    return _is_used_for_ml(group, graph) | some(tied)


def _leads_to_ml(part: ResourceView, graph: GraphView) -> Answer:
    """Whether an API or URL, or the API of a stage, a route or a method, leads to inference."""
    from mlwa_lint.graph.queries import apis

    if part.type in apis.APIS:
        return apis.serves_inference(part, graph)
    own = some(each.serves for each in apis.entrances(part, graph))
    return own | apis.api_of(part, graph).any(lambda api: apis.serves_inference(api, graph))
