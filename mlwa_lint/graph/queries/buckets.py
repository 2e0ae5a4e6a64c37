"""Buckets: who may reach them and how, and whether access to them is recorded."""

import re
from collections.abc import Iterator

from mlwa_lint.graph.edges import Edge, EdgeKind
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import BUCKET, CODE_PIPELINE, KEY
from mlwa_lint.graph.linking.naming import GAP, outline
from mlwa_lint.graph.queries.artefacts import emptied_by
from mlwa_lint.graph.queries.data import is_ml_bucket, why_no_data
from mlwa_lint.graph.queries.encryption import is_kms_encrypted
from mlwa_lint.graph.queries.identity import has_ml
from mlwa_lint.graph.queries.keys import why_no_key_here, why_none_suggested, why_one_choice
from mlwa_lint.graph.queries.logs import TRAIL, is_selector
from mlwa_lint.graph.queries.production import is_for_production
from mlwa_lint.graph.relations import GraphView, Related
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import NO, YES, Answer, answer, certainly, every, possibly, some, undecided
from mlwa_lint.model.resources import DESCRIBED, MADE_ELSEWHERE, PAGE_OF
from mlwa_lint.model.values import MapValue, Reference, Unknown, Value
from mlwa_lint.startup.patterns import lazy

# `logging.s3.amazonaws.com`
_LOG_DELIVERY = "logging"
PUBLIC_ACCESS_SETTINGS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
_ACCOUNT_BLOCK = "aws_s3_account_public_access_block"

_STATE = lazy(r"(?i)(?:terraform|tf)[-_]?state|state[-_]?(?:bucket|store)|remote[-_]?state")

# Where pipelines and builds name the bucket of their artifacts.
_STORES = {
    CODE_PIPELINE: ("ArtifactStore", "ArtifactStores"),
    "AWS::CodeBuild::Project": ("Artifacts", "SecondaryArtifacts"),
}
# `codepipeline-REGION-…`, which the console creates for the pipelines of a Region.
_OF_PIPELINES = lazy(rf"codepipeline-(?:{GAP}|[a-z]{{2}}(?:-[a-z]+)+-[0-9])-(?:{GAP}|[0-9]+)")

_RESULTS = lazy(
    r"(?i)athena[-_]?(?:quer(?:y|ies)[-_]?)?(?:output|result)s?(?![a-z])|query[-_]?results?(?![a-z])"
    r"|athena[-_]?quer(?:y|ies)(?:[-_]?(?:s3[-_]?)?bucket)?(?![a-z])"
)
# "S3 bucket for temp files", "stores intermediate files temporarily"; not "models, and temporary files".
_STATED_TEMPORARY = lazy(r"(?i)\b(?:te?mp|temporary|temporarily|scratch)\b")
_STATED_TO_LAST = lazy(r"(?i)\b(?:artifacts?|checkpoints?|data ?sets?|models?|training)\b")
_NAMED_TEMPORARY = "its name shows that its content is temporary"
_TEMPORARY = lazy(
    r"(?<![A-Za-z])(?:[Tt]e?mp|TE?MP|[Ss]cratch|[Tt]emporary)(?![a-z])"
    r"|(?<=[a-z])(?:Te?mp|Scratch|Temporary)(?![a-z])"
)


def may_be_configured_elsewhere(bucket: ResourceView, graph: GraphView) -> Answer:
    """Whether something that could not be analysed may configure the bucket, as Terraform allows.

    CloudFormation states everything about a bucket in the bucket itself.
    """
    if bucket.language != "terraform":
        return NO
    return graph.sources(bucket, EdgeKind.CONFIGURES, "aws_s3_bucket_configuration").exist()


# -- public access


def account_blocks_public_access(graph: GraphView) -> Answer:
    """Whether the same project blocks public access for the account as a whole (Terraform alone can)."""
    blocks = graph.of_type(_ACCOUNT_BLOCK)
    return some(every(block[each].is_true() for each in PUBLIC_ACCESS_SETTINGS) for block in blocks)


def has_no_access_block(bucket: ResourceView) -> Answer:
    """Whether a bucket has no public access block; an empty one is there, and leaves every setting off."""
    block = bucket["PublicAccessBlockConfiguration"]
    return NO if isinstance(block.value, MapValue) else block.is_absent()


def is_website(bucket: ResourceView) -> Answer:
    """Whether a bucket serves a website, whose endpoint only supports unencrypted HTTP."""
    return bucket["WebsiteConfiguration"].is_present()


def serves_website(bucket: ResourceView, graph: GraphView) -> Answer:
    """Whether a bucket is meant to be read by everyone: a website that has no part in ML."""
    return is_website(bucket) & ~is_ml_bucket(bucket, graph)


def _is_blocked(bucket: ResourceView, graph: GraphView) -> bool:
    """Whether the configuration certainly blocks all public access, for the bucket or for the account."""
    block = bucket["PublicAccessBlockConfiguration"]
    own = every(block[each].is_true() for each in PUBLIC_ACCESS_SETTINGS)
    return certainly(own) or certainly(account_blocks_public_access(graph))


# -- keys


def why_no_second_lock(bucket: ResourceView, graph: GraphView) -> str:
    """Why a bucket of ML needs a customer managed key less than others; empty where it does not."""
    block = bucket["PublicAccessBlockConfiguration"]
    opened = some(block[each].is_false() for each in PUBLIC_ACCESS_SETTINGS)
    return (
        why_no_key_here(bucket["BucketEncryption"], graph)
        if certainly(~opened) or _is_blocked(bucket, graph)
        else ""
    )


def why_default_suffices(bucket: ResourceView, graph: GraphView) -> str:
    """Why a bucket beside ML may leave its encryption to S3; without any ML, where none suggests a key."""
    artifacts = why_artifacts(bucket, graph)
    if artifacts:
        return artifacts
    if not certainly(has_ml(graph)):
        return why_none_suggested(graph) or why_one_choice(graph)
    users = {type_of_source(edge, graph) for edge in graph.graph.edges_into(bucket.address)}
    if any(each.startswith("AWS::CloudFront::") for each in users):
        return "the bucket serves pages"
    if CODE_PIPELINE in users:
        return "the bucket holds the artifacts of a pipeline"
    if _STATE.search(_names_of(bucket)):
        return "the bucket holds the state of Terraform"
    if certainly(is_ml_bucket(bucket, graph)):
        # Functions with access to models use it, as MLS305 and MLS306 document.
        return why_no_second_lock(bucket, graph)
    if _is_blocked(bucket, graph):
        return "public access to the bucket is blocked"
    # A role that may use all buckets names none; of a name that is made at run time nothing is certain.
    unknown = possibly(is_ml_bucket(bucket, graph))
    beside = "it is not certain that ML work uses it" if unknown else "no ML resource or role of one names it"
    return f"S3 encrypts it in any case, and {beside}"


def why_default_blocks(bucket: ResourceView, graph: GraphView) -> str:
    """Why a bucket may well leave blocking public access to S3; empty where nothing shows it."""
    if certainly(serves_website(bucket, graph)):
        return "the bucket serves a website"
    if page := bucket.attributes[PAGE_OF].text:
        return f"{page} states the address of a page in it, which everyone may be meant to read"
    if _RESULTS.search(_names_of(bucket)):
        return "its name shows that it holds results of queries, which can be repeated"
    elsewhere = why_made_elsewhere(bucket) or why_disposable(bucket, graph)
    return elsewhere or why_no_data(bucket, graph) or why_artifacts(bucket, graph)


def why_artifacts(bucket: ResourceView, graph: GraphView) -> str:
    """What shows that a bucket keeps the artifacts of a pipeline or a build, and nothing of ML."""
    if possibly(is_ml_bucket(bucket, graph)):
        return ""
    if any(_keeps_artifacts(edge, graph) for edge in _edges_into(bucket, graph)):
        return "the bucket holds the artifacts of a pipeline or a build"
    named = _OF_PIPELINES.fullmatch(outline(bucket["BucketName"].value)) is not None
    return "its name is the one that CodePipeline gives to its own buckets" if named else ""


def _keeps_artifacts(edge: Edge, graph: GraphView) -> bool:
    """Whether a pipeline or a build names a bucket as the store of its artifacts, rather than as a source."""
    source = graph.graph.by_address[edge.source]
    store = _STORES.get(source.type, ())
    return bool(edge.path) and edge.path[0] in store and graph.world.admits(source.guards)


def why_disposable(bucket: ResourceView, graph: GraphView) -> str:
    """Why the content of a bucket need not last; empty where the configuration does not show it."""
    emptied = some(empties for _, empties in emptied_by(bucket, graph))
    if certainly(bucket["ForceDestroy"].is_true() | emptied):
        return "the bucket is deleted with all of its objects, as configured"
    return _NAMED_TEMPORARY if _is_named_temporary(bucket) else ""


def why_temporary(bucket: ResourceView) -> str:
    """What shows that the content of a bucket is temporary: its name or a description; empty if nothing does.

    Of such content, no earlier version is wanted back.
    """
    if _is_named_temporary(bucket):
        return _NAMED_TEMPORARY
    described = described_as(bucket)
    stated = _STATED_TEMPORARY.search(described) is not None and _STATED_TO_LAST.search(described) is None
    return "a description states that its content is temporary" if stated else ""


def _is_named_temporary(bucket: ResourceView) -> bool:
    return _TEMPORARY.search(_names_of(bucket)) is not None


def why_need_not_last(bucket: ResourceView, graph: GraphView) -> str:
    """The same, apart from what is for production: there, its deletion was set up for convenience.

    Or why what it lacks belongs elsewhere: a program only makes it where it does not exist.
    """
    elsewhere = why_made_elsewhere(bucket)
    return elsewhere or ("" if is_for_production(bucket) else why_disposable(bucket, graph))


def why_made_elsewhere(bucket: ResourceView) -> str:
    """Which other file makes a bucket that a program makes only where it does not exist; else empty."""
    return bucket.attributes[MADE_ELSEWHERE].text or ""


def _names_of(bucket: ResourceView) -> str:
    """The known names of a bucket in the project and in AWS."""
    return f"{bucket.address.rpartition('.')[2]} {outline(bucket['BucketName'].value)}"


def described_as(bucket: ResourceView) -> str:
    """What descriptions of outputs and parameters state of a bucket's content; empty without any."""
    return bucket.attributes[DESCRIBED].text or ""


def flattened(value: Value) -> str | None:
    """A text with a NUL for each part that is not known; None when nothing of it is known."""
    if isinstance(value, Reference):
        return "\0"
    if isinstance(value, Unknown):
        if not value.parts:
            return None
        return "".join(part if isinstance(part, str) else "\0" for part in value.parts)
    data = getattr(value, "data", None)
    return None if data is None else str(data)


# -- records of access


def records_access(bucket: ResourceView, graph: GraphView) -> Answer:
    """Whether the bucket logs access to it, or a trail records what happens to its objects."""
    own = bucket["LoggingConfiguration"].is_present() & answer(not undelivered_logs(bucket, graph))
    return own | graph.declared(TRAIL).any(lambda trail: _records_objects(trail, bucket, graph))


def undelivered_logs(bucket: ResourceView, graph: GraphView) -> list[Related]:
    """The buckets that a bucket's access logs are meant for, and that S3 does not deliver them to.

    S3 delivers access logs to buckets with SSE-S3 only, not to those that encrypt with a KMS key by default.
    Where the key's policy admits its service for them, they arrive, though that is not documented.
    """
    return [
        each
        for each in graph.targets(bucket, EdgeKind.WRITES, BUCKET).related
        if each.edge.path[:1] == ("LoggingConfiguration",)
        and certainly(is_kms_encrypted(each.resource))
        and not _key_admits_logs(each.resource, graph)
    ]


def _key_admits_logs(bucket: ResourceView, graph: GraphView) -> bool:
    """Whether the policy of a bucket's own key lets the service that delivers access logs use it."""
    return any(
        certainly(statement.allows() & statement.for_service(_LOG_DELIVERY))
        for key in graph.targets(bucket, EdgeKind.ENCRYPTS_WITH, KEY)
        for statement in policies.of_policy(key).known
    )


def type_of_source(edge: Edge, graph: GraphView) -> str:
    """The type of what an edge leads from."""
    return graph.graph.by_address[edge.source].type


def _records_objects(trail: ResourceView, bucket: ResourceView, graph: GraphView) -> Answer:
    named = YES if any(_selects(edge, trail, graph) for edge in _edges_into(bucket, graph)) else NO
    simple = trail["EventSelectors"].any_item(
        lambda selector: selector["DataResources"].any_item(
            lambda each: each["Type"].equals("AWS::S3::Object") & each["Values"].any_item(_means_every_bucket)
        )
    )
    advanced = trail["AdvancedEventSelectors"].any_item(_selects_every_bucket)
    return (named | simple | advanced) & ~trail["IsLogging"].is_false()


def _edges_into(bucket: ResourceView, graph: GraphView) -> Iterator[Edge]:
    return (edge for edge in graph.graph.edges_into(bucket.address) if graph.world.admits(edge.guards))


def _selects(edge: Edge, trail: ResourceView, graph: GraphView) -> bool:
    """Whether a trail's selector names a bucket in order to record it."""
    return (
        edge.source == trail.address
        and is_selector(edge)
        and edge.path[-1] in ("Values", "Equals", "StartsWith")
    )


def _selects_every_bucket(selector: View) -> Answer:
    """Whether an advanced selector takes data events of objects, without or with any bucket's ARN."""
    fields = selector["FieldSelectors"]
    objects = fields.any_item(
        lambda field: (
            field["Field"].equals("resources.type")
            & field["Equals"].any_item(lambda item: item.equals("AWS::S3::Object"))
        )
    )
    narrowed = fields.any_item(
        lambda field: (
            field["Field"].equals("resources.ARN")
            & ~field["StartsWith"].any_item(_means_every_bucket)
            & some(field[each].is_present() for each in ("StartsWith", "Equals", "EndsWith"))
        )
    )
    return objects & ~narrowed


def _means_every_bucket(view: View) -> Answer:
    """Whether an ARN's prefix covers all buckets: `arn:aws:s3`, `arn:aws:s3:::`."""
    value = view.value
    text = flattened(value)
    if text is None:
        return view.is_open()
    if re.fullmatch(r"arn:[^:]*:s3(:::)?", text):
        return YES
    unknown = isinstance(value, Unknown) and any(
        isinstance(part, Unknown) and not part.identity.startswith("AWS::") for part in value.parts
    )
    return undecided("a data resource of the trail is not wholly known") if unknown else NO
