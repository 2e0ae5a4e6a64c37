"""Buckets whose content is public: data sets for everyone, and websites."""

from mlwa_lint.graph.asides import aside
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import BUCKET, MODEL
from mlwa_lint.graph.linking.naming import outline
from mlwa_lint.graph.queries.buckets import is_website
from mlwa_lint.graph.queries.production import tags_of
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import certainly
from mlwa_lint.startup.patterns import lazy

_DISTRIBUTIONS = ("AWS::CloudFront::Distribution", "aws_cloudfront_distribution")
_ROOTS = ("DefaultRootObject", "DistributionConfig.DefaultRootObject")
_LOGS = ("DistributionConfig.Logging.Bucket", "LoggingConfig.Bucket")
# What lets in those alone who have a signed address.
_SIGNED = ("TrustedKeyGroups", "TrustedSigners")
_BEHAVIOURS = ("DefaultCacheBehavior", "DistributionConfig.DefaultCacheBehavior")
_NAMED = lazy(r"(?i)(?<![a-z])(?:public|open)[-_.]?data(?:[-_.]?sets?)?(?![a-z])")
_CLASSES = lazy(r"(?i)^(?:data[-_: ]?)?(?:classification|sensitivity|confidentiality)$")
_ML_TYPES = ("AWS::SageMaker::", "AWS::Bedrock")


@aside
def why_public(bucket: ResourceView, graph: GraphView) -> str:
    """What shows that everyone may read what a bucket holds; empty where nothing does, or it has models."""
    if _holds_more(bucket, graph):
        return ""
    restricted = certainly(bucket["PublicAccessBlockConfiguration.RestrictPublicBuckets"].is_true())
    if not restricted and any(map(_opens_all, policies.of_bucket(bucket, graph).known)):
        return "its policy lets everyone read its objects"
    if certainly(bucket["AccessControl"].one_of(("PublicRead", "public-read"))):
        return "everyone may list its objects"
    if any(_CLASSES.search(key) and text.lower() == "public" for key, text in tags_of(bucket)):
        return "its tags state that its data is public"
    if _NAMED.search(outline(bucket["BucketName"].value)):
        return "its name shows that it holds public data"
    if any(map(_delivers_website, graph.sources(bucket, EdgeKind.READS, *_DISTRIBUTIONS))):
        return "CloudFront delivers its objects as a website"
    return ""


@aside
def why_logged_in_front(bucket: ResourceView, graph: GraphView) -> str:
    """Which distribution records who reads a bucket of content; empty where none does, or it has models."""
    if _holds_more(bucket, graph):
        return ""
    for each in graph.sources(bucket, EdgeKind.READS, *_DISTRIBUTIONS):
        if any(certainly(each[log].is_present()) for log in _LOGS):
            return f"{each} delivers its objects, and logs the requests for them"
    return ""


def has_website(graph: GraphView) -> bool:
    """Whether a project certainly publishes a website, from a bucket or through CloudFront."""
    return any(certainly(is_website(each)) for each in graph.of_type(BUCKET)) or any(
        map(_delivers_website, graph.of_type(*_DISTRIBUTIONS))
    )


def _opens_all(statement: policies.Statement) -> bool:
    """Whether a statement lets everyone read all objects of a bucket, not only those below a prefix."""
    resources = statement.resources.known_items() or [statement.resources]
    texts = (outline(each.value).rpartition(":")[2] for each in resources)
    everything = any(text == "*" or (text.endswith("/*") and text.count("/") == 1) for text in texts)
    return everything and certainly(statement.open_to_anyone() & statement.covers_action("s3:GetObject"))


def _holds_more(bucket: ResourceView, graph: GraphView) -> bool:
    """Whether a model is read from a bucket, or something of ML writes to it."""
    if graph.sources(bucket, EdgeKind.READS, MODEL).related:
        return True
    written = graph.sources(bucket, EdgeKind.WRITES).related
    return any(each.resource.type.startswith(_ML_TYPES) for each in written)


def _delivers_website(distribution: ResourceView) -> bool:
    """Whether a distribution has a page at its root, and requires no signed addresses."""
    signed = any(
        certainly(distribution[f"{behaviour}.{key}"].is_present())
        for behaviour in _BEHAVIOURS
        for key in _SIGNED
    )
    return not signed and any(certainly(distribution[root].is_present()) for root in _ROOTS)
