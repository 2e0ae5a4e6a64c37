"""Performance of data: near the compute, streamed, in columns, and on a current Glue."""

from collections.abc import Iterator

from mlwa_lint.graph import jobs
from mlwa_lint.graph.kinds import BUCKET, DELIVERY_STREAM, GLUE_JOB, GLUE_TABLE, MODEL
from mlwa_lint.graph.queries import glue, hosting, regions
from mlwa_lint.rule import (
    Answer,
    Claim,
    EdgeKind,
    GraphView,
    Remedy,
    ResourceView,
    View,
    certainly,
    rule,
    some,
)
from mlwa_lint.startup.patterns import lazy

_ATHENA = ("AWS::Athena::WorkGroup", "AWS::Athena::NamedQuery", "AWS::Athena::DataCatalog")
_LARGE_VOLUME = 500
_ROW_SERDE = lazy(r"LazySimpleSerDe|OpenCSVSerde|JsonSerDe|RegexSerDe|MultiDelimitSerDe")


@rule(
    "MLP201",
    "data-far-from-compute",
    "medium",
    practices=("MLCOST04-BP13",),
    on=(MODEL, *jobs.JOB_TYPES),
    remedy=Remedy(
        "Name the stack's own Region: `!Sub ${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/NAME`.",
        "Name the provider's Region, with `data.aws_region.current.name`.",
    ),
)
def data_far_from_compute(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An image or a data set lies in another Region than the one that works with it.

    Every start then carries gigabytes from one Region to another, which takes minutes and is charged for;
    for most inputs SageMaker refuses buckets of another Region anyhow.

    The Region of the work is what Terraform's provider or a CDK stack pins, or what a literal Availability
    Zone of a subnet gives away; where nothing pins one, the rule is silent. The Region of the data is what
    a registry's or bucket's address says, or the name of SageMaker's default bucket
    (`sagemaker-REGION-ACCOUNT`); other names of buckets prove nothing.

    See [Machine Learning Lens: cost of model
    development](https://docs.aws.amazon.com/wellarchitected/latest/machine-learning-lens/cost-model-development.html).
    """
    home = regions.pinned(resource, graph)
    if home is None:
        return
    for view in _places_of(resource):
        named = regions.named_in(view.value)
        yield Claim(
            regions.is_elsewhere(view, home),
            view,
            f"{resource} works in {home}, but {view} names a place in {named}: it should be in {home}",
        )


def _places_of(resource: ResourceView) -> Iterator[View]:
    """The images and S3 locations that a model or a job names."""
    if resource.type == MODEL:
        yield from hosting.images_of(resource)
        containers = [*resource["Containers"].items(), resource["PrimaryContainer"]]
        for container in containers:
            yield container["ModelDataUrl"]
            yield container["ModelDataSource.S3DataSource.S3Uri"]
    for job in jobs.of(resource):
        yield from (*job.images, *job.input_locations, *job.output_locations)


@rule(
    "MLP202",
    "file-mode-for-large-dataset",
    "info",
    practices=("MLPERF04-BP02",),
    on=jobs.JOB_TYPES,
    remedy=Remedy("Set `InputMode: FastFile` on the channel.", 'Set `input_mode = "FastFile"`.'),
)
def file_mode_for_large_dataset(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A training job copies a large data set to its volumes before it starts.

    In File mode every instance downloads the whole prefix first, and the accelerators wait, and cost, all
    the while. FastFile mode reads the same files from S3 when they are needed.

    A data set is taken for large when a channel reads a whole prefix onto a volume of 500 GB or more. A
    channel's own InputMode goes before the algorithm's TrainingInputMode.

    See [Setting up training jobs to access
    datasets](https://docs.aws.amazon.com/sagemaker/latest/dg/model-access-training-data.html).
    """
    for job in jobs.of(resource):
        if not job.is_training:
            continue
        large = some(
            cluster.volume_size.at_least(_LARGE_VOLUME)
            for cluster in job.clusters
            if cluster.volume_size is not None
        )
        for channel in job.channels:
            own, general = channel["InputMode"], job["AlgorithmSpecification.TrainingInputMode"]
            mode = general if certainly(own.is_absent()) else own
            prefix = channel["DataSource.S3DataSource.S3DataType"].equals("S3Prefix")
            name = channel["ChannelName"].text
            yield Claim(
                (mode.equals("File") | mode.is_absent()) & prefix & large,
                mode,
                f"{job} copies all of channel {name or '?'} to its volume before it starts: {mode} is "
                f"{mode.text or 'File by default'} and should be FastFile",
            )


@rule(
    "MLP301",
    "row-format-for-analytics",
    "low",
    practices=("MLPERF03-BP01", "MLSUS03-BP03"),
    on=(GLUE_TABLE, DELIVERY_STREAM),
    remedy=Remedy(
        "Store the data as Parquet: `SerializationLibrary: org.apache.hadoop.hive.ql.io.parquet.serde."
        "ParquetHiveSerDe`.",
        'Store the data as Parquet: `parameters = { classification = "parquet" }`.',
    ),
)
def row_format_for_analytics(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Data that Athena or training reads are stored as CSV or JSON.

    Queries and training then read whole rows where a few columns would do. Parquet and ORC take a fraction
    of the space, and Athena charges for what it reads.

    A table counts as read when the project has Athena resources, or when a training job reads its bucket;
    so does what a Firehose stream delivers. Grok, XML and other formats of logs are left alone.

    See [Use columnar storage
    formats](https://docs.aws.amazon.com/athena/latest/ug/columnar-storage.html).
    """
    read = graph.declared(*_ATHENA).exist() | _is_trained_on(resource, graph)
    if resource.type == GLUE_TABLE:
        given = resource["TableInput"]
        kind = given["Parameters"]["classification"]
        serde = given["StorageDescriptor.SerdeInfo.SerializationLibrary"]
        by_serde = serde.test(lambda text: _ROW_SERDE.search(text) is not None)
        by_kind = kind.test(lambda text: text.lower() in ("csv", "json"))
        place = serde if certainly(by_serde) or certainly(kind.is_absent()) else kind
        stated = (place.text or "").rpartition(".")[2]
        yield Claim(
            read & (by_serde | (serde.is_absent() & by_kind)),
            place,
            f"{resource} stores what is queried row by row: {place} is {stated} and should be of a columnar "
            "format such as Parquet",
        )
        return
    destination = resource["ExtendedS3DestinationConfiguration"]
    conversion = destination["DataFormatConversionConfiguration"]
    converted = conversion.is_present() & ~conversion["Enabled"].is_false()
    yield Claim(
        read & destination.is_present() & ~converted,
        conversion["Enabled"],
        f"{resource} delivers JSON records for queries: {conversion} should convert them to Parquet or ORC",
    )


def _is_trained_on(resource: ResourceView, graph: GraphView) -> Answer:
    """Whether a training job reads a bucket that a table or a stream names."""
    buckets = [
        bucket
        for kind in (EdgeKind.READS, EdgeKind.WRITES)
        for bucket in graph.targets(resource, kind, BUCKET)
    ]
    return some(graph.sources(each, EdgeKind.READS, *jobs.TRAINING_TYPES).exist() for each in buckets)


@rule(
    "MLP302",
    "outdated-glue-version",
    "low",
    practices=("MLPERF03-BP01", "MLCOST03-BP03"),
    on=(GLUE_JOB,),
    remedy=Remedy('Set `GlueVersion: "5.0"`.', 'Set `glue_version = "5.0"`.'),
)
def outdated_glue_version(job: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A Spark job runs on an outdated version of Glue.

    Glue 4.0 and later start faster, read Parquet several times as fast and are billed by the second, so
    that the same job takes less time and less money; versions before 3.0 are out of support.

    A job that states no version gets the service's default, by the API reference 0.9. Python shell and
    Ray jobs are left out: the version decides little there.

    See [Glue versions](https://docs.aws.amazon.com/glue/latest/dg/release-notes.html).
    """
    version = job["GlueVersion"]
    stated = f"Glue {version.text}" if version.text else "the default version of Glue"
    yield Claim(
        glue.is_spark(job) & (version.is_absent() | version.less_than(4)),
        version,
        f"{job} runs on {stated}: {version} should be 4.0 or later",
    )
