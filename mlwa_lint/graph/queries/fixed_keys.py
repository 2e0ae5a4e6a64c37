"""Buckets in which a model is always at the same key, so that each new one takes the place of the last."""

import re

from mlwa_lint.graph.asides import aside
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.kinds import MODEL
from mlwa_lint.graph.linking.naming import GAP
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries.log_stores import key_of
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import certainly
from mlwa_lint.model.resources import FIXED_OBJECTS

# What distinguishes one model from the next: a version, a date, the name of a job.
_DISTINCT = re.compile(r"\d")


@aside
def why_replaced(bucket: ResourceView, graph: GraphView) -> str:
    """Why nothing accumulates in a bucket without versions: programs write the same objects; else empty.

    Where something of ML writes to the bucket, captured requests or models come beside these; so may what
    is given the bucket's name in a variable.
    """
    fixed = bucket.attributes[FIXED_OBJECTS].text or ""
    if not fixed or not certainly(bucket["VersioningConfiguration.Status"].is_absent()):
        return ""
    others = any(
        edge.kind is EdgeKind.WRITES or "Variables" in edge.path
        for edge in graph.graph.edges_into(bucket.address)
    )
    return "" if others else fixed


@remembered
def overwrites_models(bucket: ResourceView, graph: GraphView) -> bool:
    """Whether a model is hosted from a key that is written out and has no version in it."""
    for edge in graph.graph.edges_into(bucket.address):
        if graph.graph.by_address[edge.source].type != MODEL or not graph.world.admits(edge.guards):
            continue
        key = key_of(edge, graph)
        if key and GAP not in key and _DISTINCT.search(key) is None:
            return True
    return False
