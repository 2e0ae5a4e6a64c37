"""Operation of data: whether it can be found."""

from collections.abc import Iterator

from mlwa_lint.graph import jobs
from mlwa_lint.graph.kinds import BUCKET, GLUE_CRAWLER, GLUE_JOB, GLUE_TABLE
from mlwa_lint.graph.queries import data
from mlwa_lint.rule import (
    NO,
    YES,
    Answer,
    Claim,
    Edge,
    EdgeKind,
    GraphView,
    Remedy,
    ResourceView,
    rule,
    some,
    undecided,
)

_CATALOG = ("AWS::Glue::Database", GLUE_TABLE, GLUE_CRAWLER)
_QUERIES = ("AWS::Athena::NamedQuery", "AWS::Athena::PreparedStatement")
_READERS = (*jobs.TRAINING_TYPES, GLUE_JOB, *_QUERIES)
_INPUTS = ("InputDataConfig", "AutoMLJobInputDataConfig")
# Places of a Glue job that hold its code and its scratch files.
_CODE = ("ScriptLocation", "--TempDir", "--extra-py-files", "--extra-jars", "--extra-files")


@rule(
    "MLO507",
    "ml-data-without-catalog",
    "info",
    concern="deployment",
    practices=("MLREL02-BP01",),
    on=(BUCKET,),
    remedy=Remedy(
        "Add an `AWS::Glue::Database` and an `AWS::Glue::Crawler` for the bucket.",
        "Add an `aws_glue_catalog_database` and an `aws_glue_crawler` for the bucket.",
    ),
)
def ml_data_without_catalog(bucket: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Data that jobs read is not described in a catalog.

    Without a catalog, only those who know the path find the data, and a changed column is noticed when
    training fails, or later.

    A bucket counts if training, a Glue job or a query of Athena names it as input; a bucket of scripts does
    not. A Glue database, table or crawler in the project is enough.

    See [Data discovery and cataloging in AWS
    Glue](https://docs.aws.amazon.com/glue/latest/dg/catalog-and-crawler.html).
    """
    described = graph.declared(*_CATALOG).exist()
    message = f"{bucket} is read as data and no catalog describes it: there is no Glue database or crawler"
    yield Claim(_is_read(bucket, graph) & ~described, bucket, message)


def _is_read(bucket: ResourceView, graph: GraphView) -> Answer:
    links = graph.sources(bucket, EdgeKind.READS, *_READERS)
    if any(_is_input(each.resource, each.edge) for each in links.related):
        return YES
    return NO if data.keeps_other_things(bucket, graph) else some(map(undecided, links.unknown))


def _is_input(reader: ResourceView, edge: Edge) -> bool:
    if reader.type in jobs.TRAINING_TYPES:
        return any(key in _INPUTS for key in edge.path)
    return reader.type in _QUERIES or not any(key in _CODE for key in edge.path)
