"""Buckets that the project only writes to: nothing of it is trained, or answers, with what they hold."""

from mlwa_lint.graph.asides import aside
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import BUCKET_POLICY
from mlwa_lint.graph.queries.identity import names_ml
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import certainly
from mlwa_lint.model.resources import NAMED_BY, TRAINED_BY
from mlwa_lint.model.values import Reference

_ONLY_WRITTEN = "nothing of the project reads what is written to it, and its writers may use no service of ML"
_READING = ("s3:GetObject", "s3:GetObjectVersion")
# What an edge from a resource means that neither reads nor writes objects.
_SILENT = (EdgeKind.CONFIGURES, EdgeKind.REFERS_TO)
# Policies of AWS that let functions write logs and traces, and be in a VPC.
_ABOUT_LOGS = (
    "/AWSLambdaBasicExecutionRole",
    "/AWSLambdaVPCAccessExecutionRole",
    "/AWSXRayDaemonWriteAccess",
)
# What hands a function the name of a bucket.
_VARIABLES = "Variables"


@aside
def why_only_written(bucket: ResourceView, graph: GraphView) -> str:
    """Why what a bucket holds reaches no ML of the project: all that may use it only puts objects there.

    None of the roles has a permission for a service of ML either. Empty where something may read it, or what
    may use it is not known.
    """
    if bucket.attributes[NAMED_BY].text or bucket.attributes[TRAINED_BY].text:
        return ""
    if graph.targets(bucket, EdgeKind.TRIGGERS).related:
        return ""
    roles: dict[ResourceView, None] = {}
    for edge in graph.graph.edges_into(bucket.address):
        source = graph.resource(edge.source)
        if not graph.world.admits((*edge.guards, *source.resource.guards)):
            continue
        if edge.kind is EdgeKind.GRANTS and source.type != BUCKET_POLICY:
            roles.update(dict.fromkeys(policies.roles_of(source, graph)))
        elif edge.kind not in _SILENT and _VARIABLES not in edge.path and source.type != BUCKET_POLICY:
            return ""
    only_puts = bool(roles) and all(_only_puts(role, graph) for role in roles)
    return _ONLY_WRITTEN if only_puts else ""


def _only_puts(role: ResourceView, graph: GraphView) -> bool:
    """Whether a role certainly may not read objects of any bucket, and names no service of ML."""
    reads = policies.of_role(role, graph).any(
        lambda statement: statement.allows() & statement.covers_any_action(*_READING)
    )
    if not certainly(~reads) or not certainly(~names_ml(role, graph)):
        return False
    return all(map(_lets_use_no_bucket, policies.managed_policy_arns(role)))


def _lets_use_no_bucket(managed: View) -> bool:
    """Whether a managed policy is one of the project, which counts with its statements, or is about logs."""
    text = managed.text
    return isinstance(managed.value, Reference) if text is None else text.endswith(_ABOUT_LOGS)
