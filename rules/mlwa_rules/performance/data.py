"""Performance of data: near the compute, streamed, columnar, and on a current Glue version."""

from collections.abc import Iterator

from mlwa_lint.graph import jobs
from mlwa_lint.graph.kinds import BUCKET, DELIVERY_STREAM, GLUE_JOB, GLUE_TABLE, MODEL
from mlwa_lint.graph.queries import athena, glue, hosting, regions
from mlwa_lint.graph.queries.images import containers_of
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
    set_to,
    some,
)
from mlwa_lint.startup.patterns import lazy

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
        "Use the provider's Region, from `data.aws_region.current`.",
        "Use the session's own Region: `boto3.Session().region_name`.",
    ),
)
def data_far_from_compute(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An image or a data set is in another Region than the job or model that uses it.

    Every start then transfers gigabytes between Regions, which takes minutes and is charged for. For most
    inputs SageMaker rejects buckets of another Region.

    The Region of the work is the one that Terraform's provider or a CDK stack pins, or the one of a literal
    Availability Zone of a subnet. The Region of the data is the one in the address of a registry or bucket,
    or in the name of SageMaker's default bucket (`sagemaker-REGION-ACCOUNT`); other bucket names prove
    nothing.

    Exceptions: projects that pin no Region.

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
            f"{resource} runs in {home}, but {view} names a location in {named}: it should be in {home}",
        )


def _places_of(resource: ResourceView) -> Iterator[View]:
    """The images and S3 locations that a model or a job names."""
    if resource.type == MODEL:
        yield from hosting.images_of(resource)
        for container in containers_of(resource):
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

    In File mode every instance first downloads the whole prefix while its accelerators wait at full price.
    FastFile mode streams the same files from S3 when they are needed.

    A data set counts as large if a channel reads a whole prefix onto a volume of 500 GB or more. A channel's
    own InputMode takes precedence over the algorithm's TrainingInputMode.

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
                f"{mode.words or 'File by default'} and should be FastFile",
                fix=set_to(mode, "FastFile", risk="code that reads files several times becomes slower"),
            )


@rule(
    "MLP301",
    "row-format-for-analytics",
    "info",
    practices=("MLPERF03-BP01", "MLSUS03-BP03"),
    on=(GLUE_TABLE, DELIVERY_STREAM),
    remedy=Remedy(
        "Store the data as Parquet: `SerializationLibrary: org.apache.hadoop.hive.ql.io.parquet.serde."
        "ParquetHiveSerDe`.",
        "Store the data as Parquet, with the Parquet SerDe in `ser_de_info`.",
    ),
)
def row_format_for_analytics(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Data that Athena or training reads is stored as CSV or JSON.

    Queries and training then read whole rows where a few columns are needed. Parquet and ORC take a fraction
    of the space, and Athena charges for the data that it reads.

    A table counts as read if the project has Athena resources, if the code of a function runs queries in
    Athena, a step of a state machine does or a role is allowed to by name, or if a training job reads its
    bucket; the same holds for what a Firehose stream delivers.

    Exceptions: Grok, XML and other formats of logs.

    See [Use columnar storage
    formats](https://docs.aws.amazon.com/athena/latest/ug/columnar-storage.html).
    """
    read = athena.is_queried(resource, graph) | _is_trained_on(resource, graph)
    if resource.type == GLUE_TABLE:
        given = resource["TableInput"]
        kind = given["Parameters"]["classification"]
        serde = given["StorageDescriptor.SerdeInfo.SerializationLibrary"]
        by_serde = serde.test(lambda text: _ROW_SERDE.search(text) is not None)
        by_kind = kind.test(lambda text: text.lower() in ("csv", "json"))
        place = serde if certainly(by_serde) or certainly(kind.is_absent()) else kind
        stated = " or ".join(text.rpartition(".")[2] for text in place.texts)
        yield Claim(
            read & (by_serde | (serde.is_absent() & by_kind)),
            place,
            f"{resource} stores queried data in rows: {place} is {stated} and should be a columnar format "
            "such as Parquet",
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
    literal=True,
    practices=("MLPERF03-BP01", "MLCOST03-BP03"),
    on=(GLUE_JOB,),
    remedy=Remedy('Set `GlueVersion: "5.0"`.', 'Set `glue_version = "5.0"`.'),
)
def outdated_glue_version(job: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A Spark job states an outdated version of Glue.

    Glue 4.0 and later start faster and read Parquet several times as fast, so the same job takes less time
    and costs less.

    Exceptions: jobs without GlueVersion or with `auto`, which run on a current version; versions 2.0 and
    older, which can no longer run (see MLR304); Python shell and Ray jobs, where the version matters little.

    See [Glue versions](https://docs.aws.amazon.com/glue/latest/dg/release-notes.html).
    """
    version = job["GlueVersion"]
    yield Claim(
        glue.is_spark(job) & version.at_least(3) & version.less_than(4),
        version,
        f"{job} runs on Glue {version.words}: {version} should be 4.0 or later",
        fix=set_to(version, "5.0", risk="the job's code has to run on the new version"),
    )
