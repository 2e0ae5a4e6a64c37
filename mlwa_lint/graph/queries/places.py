"""Places in S3 of which not everything is known: which buckets they may be in."""

from collections.abc import Callable, Iterator
from functools import lru_cache

from mlwa_lint.graph import patterns
from mlwa_lint.graph.edges import EdgeKind, OpenEnd
from mlwa_lint.graph.kinds import BUCKET
from mlwa_lint.graph.linking.naming import GAP, outline
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import Answer, certainly, some, undecided
from mlwa_lint.startup.patterns import lazy

_GAPS = lazy(rf"({GAP})")


def may_be_used_by(is_user: Callable[[str], bool], bucket: ResourceView, graph: GraphView) -> Answer:
    """Undecided where a resource of such a type uses a place that may be in a bucket; else no."""
    stated = bucket["BucketName"]
    # Nothing is written out of a name that CloudFormation or Terraform makes up.
    made_up = certainly(~stated.is_present())
    name = outline(stated.value)
    return some(
        undecided(f"{end.source}: {end.reason}")
        for end in _open_places(graph)
        if is_user(graph.graph.by_address[end.source].type)
        and (not end.form.strip(GAP) if made_up else _may_be_called(name, end.form))
        and graph.world.admits(end.guards)
    )


def _open_places(graph: GraphView) -> Iterator[OpenEnd]:
    for kind in (EdgeKind.READS, EdgeKind.WRITES):
        yield from graph.graph.open_ends_towards(kind, BUCKET)


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
