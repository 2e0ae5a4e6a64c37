"""Places in S3 that ML resources use and of which not everything is known: which buckets they may be in."""

from functools import lru_cache

from mlwa_lint.graph import patterns
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.kinds import BUCKET
from mlwa_lint.graph.linking.naming import GAP, outline
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries.identity import is_ml_type
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import Answer, some, undecided
from mlwa_lint.startup.patterns import lazy

_GAPS = lazy(rf"({GAP})")


def may_be_used_for_ml(bucket: ResourceView, graph: GraphView) -> Answer:
    """Undecided where an ML resource reads from or writes to a place that may be in a bucket; else no."""
    name = outline(bucket["BucketName"].value)
    return some(undecided(why) for form, why in _open_places(graph) if _may_be_called(name, form))


@remembered
def _open_places(graph: GraphView) -> list[tuple[str, str]]:
    """What is known of the names of buckets that ML resources use, and why no more is."""
    return [
        (end.form, f"{end.source}: {end.reason}")
        for kind in (EdgeKind.READS, EdgeKind.WRITES)
        for end in graph.graph.open_ends_towards(kind, BUCKET)
        if is_ml_type(graph.graph.by_address[end.source].type) and graph.world.admits(end.guards)
    ]


@lru_cache(maxsize=10_000)
def _may_be_called(name: str, form: str) -> bool:
    """Whether two names of which only pieces are known may be the same one."""
    if not form.strip(GAP) or not name.strip(GAP):
        return True
    one, other = (
        patterns.text(*(patterns.ANYTHING if piece == GAP else piece for piece in _GAPS.split(each) if piece))
        for each in (form, name)
    )
    return patterns.covers(one, other).verdict != "no"
