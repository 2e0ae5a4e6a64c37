"""What else protects a bucket, or is meant with it, so that what is missing weighs less."""

from mlwa_lint.files import PROGRAMS
from mlwa_lint.graph.asides import aside
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.linking.naming import outline
from mlwa_lint.graph.queries import encryption, keys
from mlwa_lint.graph.queries.buckets import described_as
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import Answer, answer, certainly
from mlwa_lint.model.values import Choice, ListValue, MapValue, Scalar, Value
from mlwa_lint.startup.patterns import lazy

_BY_KMS = "S3 refuses unencrypted requests for objects that KMS keys encrypt, as its default does here"
_MADE_UP = "nothing in the repository suggests that its data needs protection"
_SAFEGUARDS = ("BucketEncryption", "PublicAccessBlockConfiguration", "VersioningConfiguration")
_NETWORKS = ("aws:sourcevpce", "aws:sourcevpc")
# The default of a variable that decides about encryption.
_OPTION = lazy(r"(?i)^the default of \w*(?:algorithm|cmk|crypt|key|kms|sse)\w*$")
_MODELS = lazy(r"(?i)(?<![a-z])models?(?:[-_ ]?(?:bucket|store|storage|artifacts?))?(?![a-z])")
# "Bucket for models", "model storage"; not "the bucket that the model reads".
_STATED_MODELS = lazy(
    r"(?i)\bmodels? (?:artifacts?|bucket|files|storage|store)\b"
    r"|\b(?:for|holds|keeps|of|stores|with) (?:(?:all|ml|our|the|trained) ){0,2}models?\b(?! \w+ing\b)"
)
_CAPITALS = lazy(r"(?<=[a-z])(?=[A-Z])")


def why_modest(graph: GraphView) -> str:
    """Why the data of a project needs fewer safeguards: nothing operates it, and nothing suggests a key.

    What people learn with is deleted again, whatever is around it.
    """
    if not keys.why_none_suggested(graph):
        return ""
    from mlwa_lint.graph.queries import purposes

    if purposes.is_for_learning(graph):
        return _MADE_UP
    return "" if graph.graph.project.operated else purposes.why_unoperated(graph)


def why_declared_modest(resource: ResourceView, graph: GraphView) -> str:
    """The same for what a template or configuration declares: a program weighs by what runs it."""
    return "" if resource.span.path.endswith(PROGRAMS) else why_modest(graph)


def is_hardened(bucket: ResourceView) -> bool:
    """Whether a bucket has every other usual safeguard: what is missing was overlooked."""
    return all(certainly(bucket[each].is_present()) for each in _SAFEGUARDS)


def why_within_network(bucket: ResourceView, graph: GraphView) -> str:
    """What shows that only one VPC reaches the objects of a bucket; empty where nothing does."""
    if any(certainly(_keeps_to_network(each)) for each in policies.of_bucket(bucket, graph).known):
        return "its policy denies requests from outside of a VPC"
    return ""


def why_http_gains_little(bucket: ResourceView, graph: GraphView) -> str:
    """What keeps unencrypted requests from the objects of a bucket; empty where nothing does."""
    return why_within_network(bucket, graph) or _why_encrypted(bucket, graph)


@aside
def _why_encrypted(bucket: ResourceView, graph: GraphView) -> str:
    return _BY_KMS if certainly(encryption.is_kms_encrypted(bucket)) else ""


def _keeps_to_network(statement: policies.Statement) -> Answer:
    """Whether a statement denies everyone reading and writing of objects unless it comes from a VPC."""
    conditions = list(statement.conditions())
    negated = [operator.lower().startswith(("stringnot", "arnnot")) for operator, _, _ in conditions]
    networks = bool(conditions) and all(key.lower() in _NETWORKS for _, key, _ in conditions) and all(negated)
    denied = statement.covers_action("s3:GetObject") & statement.covers_action("s3:PutObject")
    return statement.denies() & statement.any_principal() & denied & answer(networks)


def why_its_policy_decides(bucket: ResourceView, graph: GraphView) -> str:
    """What shows that nothing makes a bucket public: its policy, of which it has one, and no list counts."""
    stated = policies.of_bucket(bucket, graph)
    closed = (
        bool(stated.known)
        and not stated.unknown
        and certainly(stated.all(lambda each: ~each.open_to_anyone()))
    )
    rules = bucket["OwnershipControls.Rules"]
    owned = rules.is_absent() | rules.every_item(
        lambda each: each["ObjectOwnership"].equals("BucketOwnerEnforced")
    )
    lists = bucket["AccessControl"].is_present() | bucket["AccessControlPolicy"].is_present()
    return "its policy admits named callers alone" if closed and certainly(owned & ~lists) else ""


def why_key_is_offered(bucket: ResourceView) -> str:
    """What shows that whoever deploys a bucket may choose a KMS key for it; empty where nothing does."""
    entry = bucket.resource.properties.entries.get("BucketEncryption")
    offered = entry is not None and _offers_key(entry.value, chosen=False)
    return "an option of the project encrypts it with a KMS key" if offered else ""


def _offers_key(value: Value, chosen: bool) -> bool:
    """Whether one branch of a choice somewhere in a value is encryption with KMS, and another one is not.

    So is a setting that rests on the default of a variable for it.
    """
    if isinstance(value, Scalar) and value.data == "AES256" and any(map(_OPTION.search, value.assumed)):
        return True
    if isinstance(value, Choice):
        return _offers_key(value.yes, chosen=True) or _offers_key(value.no, chosen=True)
    if isinstance(value, MapValue):
        return any(_offers_key(entry.value, chosen) for entry in value.entries.values())
    if isinstance(value, ListValue):
        return any(_offers_key(item, chosen) for item in value.items)
    return chosen and isinstance(value, Scalar) and str(value.data).startswith("aws:kms")


def why_keeps_models(bucket: ResourceView) -> str:
    """What shows that a bucket is the place of models, by its name; empty where nothing does.

    With versions, those that were replaced accumulate.
    """
    if not certainly(bucket["VersioningConfiguration.Status"].is_absent()) or not _is_named_for_models(
        bucket
    ):
        return ""
    return "its name shows that it keeps models, which stay as long as they are served"


def is_place_of_models(bucket: ResourceView) -> bool:
    """Whether the name of a bucket, or a description of it, shows that it keeps models."""
    return _is_named_for_models(bucket) or _STATED_MODELS.search(described_as(bucket)) is not None


def _is_named_for_models(bucket: ResourceView) -> bool:
    names = (bucket.address.rpartition(".")[2], outline(bucket["BucketName"].value))
    return any(_MODELS.search(_CAPITALS.sub("_", name)) for name in names)
