"""How the buckets of a project encrypt, and whether a place in S3 lies in one."""

import re
from collections.abc import Sequence

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.kinds import BUCKET
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import NO, Answer, some, undecided
from mlwa_lint.model.values import Absent, Unknown, known_text

DEFAULT_APPLIES = "the encryption of the bucket applies, which the project declares"
ALL_KEYED = "all buckets that the repository declares encrypt with a KMS key by default"
_DATA_KINDS = (EdgeKind.READS, EdgeKind.WRITES)


def encryption_rules(bucket: ResourceView) -> View:
    """The rules of a bucket's default encryption."""
    return bucket["BucketEncryption.ServerSideEncryptionConfiguration"]


def states_encryption(bucket: ResourceView) -> Answer:
    """Whether the configuration states how the bucket encrypts."""
    return encryption_rules(bucket).any_item(
        lambda rule: rule["ServerSideEncryptionByDefault.SSEAlgorithm"].is_present()
    )


def is_kms_encrypted(bucket: ResourceView) -> Answer:
    """Whether the bucket encrypts with a KMS key by default."""
    return encryption_rules(bucket).any_item(
        lambda rule: rule["ServerSideEncryptionByDefault.SSEAlgorithm"].one_of(("aws:kms", "aws:kms:dsse"))
    )


def is_in_kms_bucket(location: View, graph: GraphView) -> Answer:
    """Whether an S3 URI leads to a bucket of the graph that encrypts with a KMS key by default.

    A URI that names a bucket outside the graph, or none, does not; one that is not known is undecided,
    unless the graph has no such bucket at all.
    """
    holder = location.holder
    found = [NO]
    for kind in _DATA_KINDS:
        found += map(is_kms_encrypted, _buckets_at(location, kind, graph))
        ends = graph.graph.open_ends_of(holder.address, kind)
        found += [undecided(end.reason) for end in ends if not end.outside and _is_at(end.path, location)]
    return some(found) & _some_kms_bucket(graph)


def is_in_bucket_of_project(location: View, graph: GraphView) -> bool:
    """Whether an S3 URI leads to a bucket that the project declares, whose default encryption applies."""
    return any(_buckets_at(location, kind, graph) for kind in _DATA_KINDS)


def why_keyed(locations: Sequence[View], graph: GraphView) -> str:
    """Why a missing key weighs less where data is written to buckets of which the names are not known.

    A program gets them from an output or a setting: those that the repository declares have a KMS key.
    """
    if not graph.graph.project.keyed_buckets or not locations:
        return ""
    return "" if any(map(_is_elsewhere, locations)) else ALL_KEYED


def _is_elsewhere(location: View) -> bool:
    """Whether a URI is left out, or states its bucket: `s3://churn-data/output`, also with an open end."""
    if isinstance(location.value, Absent):
        return True
    text = known_text(location.value)
    if text is None and isinstance(location.value, Unknown) and location.value.parts:
        first = location.value.parts[0]
        text = first if isinstance(first, str) else ""
    return text is not None and re.match(r"s3://[^/]+/", text) is not None


def _buckets_at(location: View, kind: EdgeKind, graph: GraphView) -> list[ResourceView]:
    links = graph.targets(location.holder, kind, BUCKET).related
    return [
        each.resource
        for each in links
        if _is_at(each.edge.path, location) and each.edge.span == location.span
    ]


@remembered
def _some_kms_bucket(graph: GraphView) -> Answer:
    return graph.declared(BUCKET).any(is_kms_encrypted)


def _is_at(path: tuple[str, ...], location: View) -> bool:
    return path[-len(location.path) :] == location.path if location.path else False
