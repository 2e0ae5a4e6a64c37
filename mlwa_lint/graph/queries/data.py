"""Buckets: which of them belong to machine learning."""

from collections.abc import Callable, Iterable, Iterator

from mlwa_lint.graph.edges import Edge, EdgeKind
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import (
    BUCKET,
    BUCKET_POLICY,
    CODE_PIPELINE,
    FUNCTION,
    LIFECYCLE_CONFIG,
    ROLE,
    STUDIO_LIFECYCLE_CONFIG,
)
from mlwa_lint.graph.linking.naming import GAP, names_of, outline, segments
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries import documents
from mlwa_lint.graph.queries.builders import builds_ml, lets_build_ml
from mlwa_lint.graph.queries.identity import (
    ML_TRAINERS,
    has_ml,
    is_coded_for_ml,
    is_ml_type,
    lets_work_elsewhere,
)
from mlwa_lint.graph.queries.logs import is_log_target
from mlwa_lint.graph.queries.open_roles import reach_every_bucket
from mlwa_lint.graph.queries.places import may_be_used_by
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import NO, YES, Answer, answer, certainly, possibly, some
from mlwa_lint.model.resources import NAMED_BY
from mlwa_lint.startup.patterns import lazy

# Where a bucket holds programs and schemas of interfaces, rather than data.
_PROGRAMS = frozenset(
    {
        "ApiSchema",
        "BodyS3Location",
        "Code",
        "CodeConfiguration",
        "CodeUri",
        "ContentUri",
        "ScriptLocation",
        "TemplateURL",
    }
)
# What names the bucket of the scripts that machines of a cluster start with.
_SCRIPTS = "LifeCycleConfig"
# What names the bucket of the documents that are searched.
DOCUMENT_SOURCES = (
    "AWS::Bedrock::DataSource",
    "AWS::Bedrock::KnowledgeBase",
    "AWS::Kendra::DataSource",
    "AWS::QBusiness::DataSource",
)
# What names the bucket of the code of functions, of pages, or of what a project starts with.
_CODE = lazy(
    r"(?i)(?:lambda|function)s?[-_]?"
    r"(?:code|artifacts?|assets?|deploy(?:s|ments?)?|packages?|sources?|zips?|layers?|(?:s3[-_]?)?bucket)(?![a-z])"
    r"|(?:cfn|cloudformation)[-_]?templates?(?![a-z])"
    r"|(?:glue|etl|spark)[-_]?(?:job[-_]?)?scripts?(?:(?:[-_]?s3)?[-_]?bucket)?(?![a-z])"
    r"|bootstrap|seed[-_]?code|codebuild[-_]?source|front[-_]?end|web[-_]?site|static[-_]?(?:assets|site)"
)
_STATE = lazy(r"(?i)(?<![a-z])(?:terraform|tf|tofu)[-_]?state(?![a-z])")
# `sagemaker-REGION-ACCOUNT`, which SageMaker's SDK and Studio create unless another bucket is named.
_DEFAULT = lazy(rf"sagemaker-(?:{GAP}|[a-z]{{2}}(?:-[a-z]+)+-[0-9])-(?:{GAP}|[0-9]{{12}})")
_PAGES_OF_SAGEMAKER = ".sagemaker.aws"
_PAGES = "AWS::CloudFront::"
_ARTIFACTS = (("ArtifactStore",), ("ArtifactStores",))
_KNOWLEDGE = lazy(r"(?i)knowledge[-_]?base")
_PARTNER_APP = "AWS::SageMaker::PartnerApp"
_LIFECYCLE = (LIFECYCLE_CONFIG, STUDIO_LIFECYCLE_CONFIG)
_OBJECT = "aws_s3_object"
_PROGRAM_FILE = lazy(r"\.(?:sh|py|ipynb|whl|jar|zip|tgz|tar|tar\.gz|deb|rpm|service)$")
# With more buckets than this, nothing shows which of them a role uses that may use all.
_FEW = 6
# Services that belong to machine learning when the same project certainly has ML resources.
_ANALYTICS = ("AWS::Glue::", "AWS::Athena::")


def holds_documents(bucket: ResourceView, graph: GraphView) -> Answer:
    """Whether a bucket holds the documents that a knowledge base or a search index retrieves from.

    Data sources are often declared elsewhere, or a workflow creates them: the bucket's name counts as well,
    and so does a role of knowledge bases that may read it.
    """
    named = _KNOWLEDGE.search(f"{bucket.address} {outline(bucket['BucketName'].value)}") is not None
    if named or graph.sources(bucket, EdgeKind.READS, *DOCUMENT_SOURCES).related:
        return YES
    by_role = any(documents.serves_bases(role, graph) for role in _granted(bucket, graph))
    return answer(by_role or _is_only_source(bucket, graph))


def _is_only_source(bucket: ResourceView, graph: GraphView) -> bool:
    """Whether a knowledge base reads a bucket that its role does not name, as the only one of the project.

    Where there are several, nothing shows which.
    """
    if not documents.reads_without_name(graph):
        return False
    return [each for each in graph.of_type(BUCKET) if not keeps_other_things(each, graph)] == [bucket]


@remembered
def is_only_store(bucket: ResourceView, graph: GraphView) -> bool:
    """Whether roles of SageMaker may use every bucket, and this is the only one that nothing else uses.

    Where several are left, or some are known to be used for ML, nothing shows that this one is as well.
    """
    declared = graph.graph.by_type.get(BUCKET, ())
    if len(declared) > _FEW or not reach_every_bucket(graph):
        return False
    stores = (each for each in graph.of_type(BUCKET) if not keeps_other_things(each, graph))
    return [each for each in stores if not _is_for_state(each)] == [bucket] and not (
        any(_mentioning(bucket, graph)) or any(_granted(bucket, graph)) or _holds_programs(bucket, graph)
    )


@remembered
def is_kept_by_app(bucket: ResourceView, graph: GraphView) -> Answer:
    """Whether a bucket is the store of a partner app of SageMaker, which decides itself what it keeps."""
    roles = _granted(bucket, graph)
    actors = [actor.type for role in roles for actor in graph.sources(role, EdgeKind.ASSUMES)]
    return answer(bool(actors) and set(actors) == {_PARTNER_APP})


# -- which buckets belong to machine learning


@remembered
def is_ml_bucket(bucket: ResourceView, graph: GraphView) -> Answer:
    """Whether the graph connects a bucket to an ML resource.

    Directly (artefact, capture, offline store, job input or output, notebook, pipeline), through the
    policy of a role that an ML resource or an ML service acts with (one of SageMaker or of knowledge bases
    that may use every bucket uses the project's only one), through a function that invokes a model,
    starts ML jobs or is a step of an ML workflow, through a pipeline, a build or a state machine that may
    create resources of SageMaker, or, beside any of these, through Glue or Athena. A dependency of an ML
    resource that is written down counts too (`DependsOn`), unless the bucket is for pages, code or logs. Or
    it is the bucket that SageMaker uses by default, by its name, or lets pages of SageMaker use it. A bucket
    that is called after the state of Terraform holds nothing of ML. A program of the repository that uses the
    SageMaker SDK, or a client of such a service, may state the bucket's name.
    """
    if _is_for_state(bucket):
        return NO  # whatever a wide policy lets a role of ML reach
    used = [*_users(bucket, graph), *_grants(bucket, graph)]
    if not keeps_other_things(bucket, graph):
        used.append(answer(is_only_store(bucket, graph)))
        used += [may_be_used_by(is_ml_type, bucket, graph), answer(_is_awaited_by_ml(bucket, graph))]
        used.append(answer(bool(bucket.attributes[NAMED_BY].text)))
    return some([*used, _is_default(bucket, graph), _serves_pages_of_sagemaker(bucket)])


def keeps_other_things(bucket: ResourceView, graph: GraphView) -> bool:
    """Whether a bucket is for pages, code, logs or the artifacts of a pipeline, by its name or its users.

    What reads from a place that is not known does not read from there.
    """
    if _is_named_for_code(bucket) or certainly(bucket["WebsiteConfiguration"].is_present()):
        return True
    edges = [each for each in graph.graph.edges_into(bucket.address) if graph.world.admits(each.guards)]
    users = [(graph.resource(each.source), each) for each in edges]
    return any(
        user.type.startswith(_PAGES) or (user.type == CODE_PIPELINE and edge.path[:1] in _ARTIFACTS)
        for user, edge in users
    ) or certainly(is_log_target(bucket, graph))


def _is_awaited_by_ml(bucket: ResourceView, graph: GraphView) -> bool:
    """Whether an ML resource states that it depends on a bucket, or on data that is uploaded to it."""
    uploads = list(graph.sources(bucket, EdgeKind.READS, _OBJECT))
    data = [each for each in uploads if not _is_program_file(each)]
    if _holds_programs(bucket, graph) or (uploads and not data):
        return False
    from mlwa_lint.graph.queries.dependencies import depending_on

    return any(
        is_ml_type(waiting.type)
        for awaited in (bucket, *data)
        for waiting in depending_on(awaited.address, graph)
    )


def _is_program_file(upload: ResourceView) -> bool:
    key = upload["Key"].text
    return key is not None and _PROGRAM_FILE.search(key) is not None


def _is_for_state(bucket: ResourceView) -> bool:
    name = f"{bucket.address.rpartition('.')[2]} {outline(bucket['BucketName'].value)}"
    return _STATE.search(name) is not None


def _is_default(bucket: ResourceView, graph: GraphView) -> Answer:
    """Whether a bucket of an ML project has the name of SageMaker's default bucket: nothing need name it."""
    named = _DEFAULT.fullmatch(outline(bucket["BucketName"].value)) is not None
    return has_ml(graph) if named else NO


def _serves_pages_of_sagemaker(bucket: ResourceView) -> Answer:
    """Whether a bucket certainly lets pages of SageMaker use it: origins that are not known show nothing."""
    found = bucket["CorsConfiguration.CorsRules"].any_item(
        lambda rule: rule["AllowedOrigins"].any_item(
            lambda origin: origin.test(lambda text: text.endswith(_PAGES_OF_SAGEMAKER))
        )
    )
    return found if certainly(found) else NO


@remembered
def feeds_ml_resources(bucket: ResourceView, graph: GraphView) -> Answer:
    """Whether training data, models or inference requests are certainly stored in a bucket.

    An ML resource names it, or the policy of a role that ML services assume. A function that calls an AI
    service, a build or AWS Glue may keep anything there.
    """
    if is_named_by_ml(bucket, graph) or _is_only_source(bucket, graph):
        return YES
    return some(serves_ml for _, serves_ml in roles_of_ml(bucket, graph))


def roles_of_ml(bucket: ResourceView, graph: GraphView) -> Iterator[tuple[ResourceView, Answer]]:
    """The roles that may use a bucket, and whether ML services act with each."""
    for role in _granted(bucket, graph):
        by_resource = (answer(is_ml_type(each.type)) for each in graph.sources(role, EdgeKind.ASSUMES))
        yield role, _serves_ml_alone(role) | some(by_resource)


def is_analytics(kind: str) -> bool:
    """Whether a type is of a service that belongs to ML beside resources that certainly do."""
    return kind.startswith(_ANALYTICS)


def is_named_by_ml(bucket: ResourceView, graph: GraphView) -> bool:
    """Whether an ML resource certainly names a bucket for what is stored there."""
    others = _mentioning(bucket, graph, lambda each: not is_ml_type(each.type))
    return any(is_ml_type(each.type) for each in others)


def use_of(bucket: ResourceView, graph: GraphView) -> str:
    """What a bucket is to ML, according to its users: where a role may use it, what it stores is unknown."""
    if holds_scripts(bucket, graph):
        return "holds scripts that ML resources run"
    if is_named_by_ml(bucket, graph) and not is_named_for_scripts(bucket, graph):
        return "stores ML data"
    if certainly(feeds_ml_resources(bucket, graph)) or is_only_store(bucket, graph):
        return "is accessible to an ML execution role"
    return "is used for ML"


@remembered
def is_named_for_scripts(bucket: ResourceView, graph: GraphView) -> bool:
    """Whether ML resources name a bucket for the scripts alone that their machines start with."""
    edges = [each for each in graph.graph.edges_into(bucket.address) if each.kind is not EdgeKind.GRANTS]
    named = [each.path for each in edges if is_ml_type(graph.resource(each.source).type)]
    return bool(named) and all(_SCRIPTS in path for path in named)


def holds_scripts(bucket: ResourceView, graph: GraphView) -> bool:
    """Whether a bucket is named for such scripts alone, and no role of ML services may use it."""
    return is_named_for_scripts(bucket, graph) and not any(
        possibly(_serves_ml_alone(role)) for role in _granted(bucket, graph)
    )


def _users(bucket: ResourceView, graph: GraphView) -> Iterator[Answer]:
    """What mentions the bucket, and what the bucket notifies, at once or by what hands it on."""
    from mlwa_lint.graph.queries.ml_work import works_for_ml
    from mlwa_lint.graph.queries.uploads import functions_of_uploads

    for source in _mentioning(bucket, graph, lambda each: not possibly(_is_ml_actor(each, graph))):
        yield _is_ml_actor(source, graph)
    notified = graph.targets(bucket, EdgeKind.TRIGGERS, FUNCTION)
    for function in dict.fromkeys((*notified, *functions_of_uploads(bucket, graph))):
        yield works_for_ml(function, graph)


def _mentioning(
    bucket: ResourceView, graph: GraphView, besides: Callable[[ResourceView], bool] | None = None
) -> Iterator[ResourceView]:
    """What mentions the bucket for the data in it.

    besides: what need not be among them, as it makes no difference.
    """
    for edge in graph.graph.edges_into(bucket.address):
        if edge.kind is EdgeKind.GRANTS or _is_program(edge):
            continue
        if besides is not None and graph.settled(edge, edge.source, besides):
            continue
        if graph.world.admits(edge.guards):
            source = graph.resource(edge.source)
            if graph.world.admits(source.resource.guards) and not _fetches_programs(source, bucket, graph):
                yield source


def _is_program(edge: Edge) -> bool:
    """Whether a bucket only holds a program, the schema of its interface."""
    return not _PROGRAMS.isdisjoint(edge.path)


def _fetches_programs(source: ResourceView, bucket: ResourceView, graph: GraphView) -> bool:
    """Whether a lifecycle script is known to take nothing but programs from a bucket."""
    if source.type not in _LIFECYCLE:
        return False
    uploads = graph.sources(bucket, EdgeKind.READS, _OBJECT)
    return bool(uploads.related) and all(_is_program_file(each) for each in uploads)


def _grants(bucket: ResourceView, graph: GraphView) -> Iterator[Answer]:
    """Who acts with a role that may use the bucket."""
    for role in _granted(bucket, graph):
        yield _serves_ml(role, graph)
    if _is_only_source(bucket, graph):
        yield YES


def _granted(bucket: ResourceView, graph: GraphView) -> Iterable[ResourceView]:
    """The roles whose policies name the bucket, or that the bucket's policy names.

    What a role may read of a bucket that is named for code is code. So is what it may read, but not write, of
    one that a function takes its code from, or an agent the schema of an interface.
    """
    roles: dict[ResourceView, None] = {}
    if _is_named_for_code(bucket):
        return roles
    holds_programs = _holds_programs(bucket, graph)
    for policy in graph.sources(bucket, EdgeKind.GRANTS):
        if policy.type == BUCKET_POLICY:
            roles.update(dict.fromkeys(graph.targets(policy, EdgeKind.GRANTS, ROLE)))
        elif not (holds_programs and certainly(~_may_write(policy))):
            # A role that the document names only to pass it on gets no access by it.
            roles.update(dict.fromkeys(policies.roles_of(policy, graph)))
    return roles


def why_no_data(bucket: ResourceView, graph: GraphView) -> str:
    """What shows that a bucket holds programs rather than data; empty where nothing does."""
    if possibly(is_ml_bucket(bucket, graph)):
        return ""
    if _holds_programs(bucket, graph):
        return "the bucket holds programs or the schemas of interfaces"
    return "its name shows that it holds programs" if _is_named_for_code(bucket) else ""


def _holds_programs(bucket: ResourceView, graph: GraphView) -> bool:
    if any(_is_program(edge) for edge in graph.graph.edges_into(bucket.address)):
        return True
    return not _code_is_kept_in(graph).isdisjoint(names_of(bucket.resource))


@remembered
def _code_is_kept_in(graph: GraphView) -> frozenset[str]:
    """The buckets by whose names functions have their code, as identities of names."""
    places = (segments(each["Code.S3Bucket"].value) for each in graph.of_type(FUNCTION))
    found = {parts[0].identity for parts in places if len(parts) == 1}
    return frozenset(found - {"", "="})


def _may_write(policy: ResourceView) -> Answer:
    """Whether a policy allows putting objects into some bucket."""
    return policies.of_policy(policy).any(lambda each: each.allows() & each.covers_action("s3:PutObject"))


def _is_named_for_code(bucket: ResourceView) -> bool:
    names = (bucket.address, outline(bucket["BucketName"].value))
    return any(_CODE.search(name) for name in names)


@remembered
def _serves_ml(role: ResourceView, graph: GraphView) -> Answer:
    actors = graph.sources(role, EdgeKind.ASSUMES)
    own = [_serves_ml_alone(role), lets_build_ml(role, graph), lets_work_elsewhere(role, graph)]
    return some([*own, *(_is_ml_actor(actor, graph) for actor in actors)])


def _serves_ml_alone(role: ResourceView) -> Answer:
    """Whether ML services may assume a role, and no services with other ends: then its data are theirs."""
    others = policies.trust(role).all(lambda statement: statement.for_services_only(*ML_TRAINERS, "glue"))
    return policies.assumed_by(role, *ML_TRAINERS) & others


def _is_ml_actor(actor: ResourceView, graph: GraphView) -> Answer:
    """Whether a resource belongs to machine learning."""
    from mlwa_lint.graph.queries.ml_work import works_for_ml

    if is_ml_type(actor.type):
        return YES
    if is_coded_for_ml(actor, graph):
        return YES
    if is_analytics(actor.type):
        return has_ml(graph)
    return works_for_ml(actor, graph) if actor.type == FUNCTION else builds_ml(actor, graph)
