"""Security of data streams."""

from collections.abc import Iterator

from mlwa_lint.rule import Claim, EdgeKind, GraphView, Remedy, ResourceView, possibly, rule, some, undecided

STREAM = "AWS::Kinesis::Stream"
DELIVERY_STREAM = "AWS::KinesisFirehose::DeliveryStream"


@rule(
    "MLS310",
    "stream-unencrypted",
    "medium",
    practices=("MLSEC02-BP01",),
    on=(STREAM, DELIVERY_STREAM),
    remedy=Remedy(
        "Set `StreamEncryption: {EncryptionType: KMS, KeyId: alias/aws/kinesis}`; for Firehose"
        " `DeliveryStreamEncryptionConfigurationInput: {KeyType: AWS_OWNED_CMK}`.",
        'Set `encryption_type = "KMS"` and `kms_key_id`; for Firehose add'
        " `server_side_encryption { enabled = true }`.",
    ),
)
def stream_unencrypted(stream: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A data stream keeps its records without encryption.

    Streams hold what sensors, clients and applications send, for up to a year; unencrypted records are
    protected by nothing but the permissions to read the stream.

    Firehose encrypts records on its own only where producers put them in directly. A delivery stream that
    reads from a Kinesis stream is as well protected as that stream: it is reported only when the
    stream is declared in the same project without encryption. Silent for those that read from Amazon MSK
    or from a database.

    See [Data protection in Amazon Kinesis Data
    Streams](https://docs.aws.amazon.com/streams/latest/dev/server-side-encryption.html) and [in Amazon Data
    Firehose](https://docs.aws.amazon.com/firehose/latest/dev/encryption.html).
    """
    if stream.type == STREAM:
        encryption = stream["StreamEncryption"]
        yield Claim(encryption.is_absent(), encryption, f"{stream} is not encrypted: it sets no {encryption}")
        return
    source = stream["KinesisStreamSourceConfiguration.KinesisStreamARN"]
    kind = stream["DeliveryStreamType"]
    encryption = stream["DeliveryStreamEncryptionConfigurationInput"]
    direct = (kind.is_absent() | kind.equals("DirectPut")) & stream["MSKSourceConfiguration"].is_absent()
    message = f"{stream} is not encrypted: it sets no {encryption}"
    yield Claim(direct & source.is_absent() & encryption.is_absent(), encryption, message)
    if possibly(source.is_present()):
        streams = graph.targets(stream, EdgeKind.READS, STREAM)
        plain = some(
            [*(each["StreamEncryption"].is_absent() for each in streams), *map(undecided, streams.unknown)]
        )
        names = " and ".join(map(str, streams))
        yield Claim(plain, source, f"{stream} is not encrypted: it reads from {names}, which is not either")
