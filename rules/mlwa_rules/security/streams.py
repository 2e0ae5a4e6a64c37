"""Security of data streams."""

from collections.abc import Iterator

from mlwa_lint.graph.kinds import DELIVERY_STREAM, STREAM
from mlwa_lint.graph.linking.naming import outline
from mlwa_lint.graph.queries import keys, ties
from mlwa_lint.rule import (
    Claim,
    Data,
    EdgeKind,
    GraphView,
    Remedy,
    ResourceView,
    certainly,
    possibly,
    rule,
    set_to,
    some,
    undecided,
)

_OF_FIREWALLS = "aws-waf-logs-"
_OF_SOURCE = "the stream that it reads from is reported, and to encrypt that is one edit"
_STREAM_REMEDY = Remedy(
    "Set `StreamEncryption: {EncryptionType: KMS, KeyId: alias/aws/kinesis}`.",
    'Set `encryption_type = "KMS"` and `kms_key_id = "alias/aws/kinesis"`.',
)


@rule(
    "MLS310",
    "stream-unencrypted",
    "medium",
    concern="protection",
    practices=("MLSEC02-BP01",),
    on=(STREAM, DELIVERY_STREAM),
    remedy=Remedy(
        "Set `DeliveryStreamEncryptionConfigurationInput: {KeyType: AWS_OWNED_CMK}`"
        " (a Kinesis stream: `StreamEncryption: {EncryptionType: KMS, KeyId: alias/aws/kinesis}`).",
        "Add `server_side_encryption { enabled = true }`"
        ' (a Kinesis stream: `encryption_type = "KMS"` and `kms_key_id`).',
    ),
    controls=(
        "DataFirehose.1",
        "Kinesis.1",
        "firehose_stream_encrypted_at_rest",
        "kinesis_stream_encrypted_at_rest",
    ),
)
def stream_unencrypted(stream: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """The records of a data stream are not encrypted.

    Streams store what sensors, clients and applications send, for up to a year; unencrypted records are
    protected only by the permissions to read the stream.

    Firehose encrypts records itself only where producers put them in directly. A delivery stream that reads
    from a Kinesis stream is as well protected as that stream: it is reported only when the stream is declared
    in the same project without encryption. Firehose keeps records until they are delivered, for a day at
    most: where the project uses no customer managed key, the severity is low for records put in directly. It
    is info for a delivery stream whose source is reported itself: to encrypt that is one edit.

    Exceptions: Not reported for streams that no ML resource of the project uses, for delivery streams that
    read from Amazon MSK or from a database, and for those of AWS WAF (`aws-waf-logs-…`), which carry logs.

    See [Data protection in Amazon Kinesis Data
    Streams](https://docs.aws.amazon.com/streams/latest/dev/server-side-encryption.html) and [in Amazon Data
    Firehose](https://docs.aws.amazon.com/firehose/latest/dev/encryption.html).
    """
    values: dict[str, Data]
    if stream.type == STREAM:
        encryption = stream["StreamEncryption"]
        message = f"{stream} is not encrypted: it sets no {encryption}"
        values = {"EncryptionType": "KMS", "KeyId": "alias/aws/kinesis"}
        fix = set_to(encryption, values, risk="requests to KMS cost")
        yield Claim(encryption.is_absent(), encryption, message, remedy=_STREAM_REMEDY, fix=fix)
        return
    source = stream["KinesisStreamSourceConfiguration.KinesisStreamARN"]
    kind = stream["DeliveryStreamType"]
    encryption = stream["DeliveryStreamEncryptionConfigurationInput"]
    direct = (kind.is_absent() | kind.equals("DirectPut")) & stream["MSKSourceConfiguration"].is_absent()
    if outline(stream["DeliveryStreamName"].value).startswith(_OF_FIREWALLS):
        return
    message = f"{stream} is not encrypted: it sets no {encryption}"
    unencrypted = direct & source.is_absent() & encryption.is_absent()
    values = {"Enabled": True} if stream.language == "terraform" else {"KeyType": "AWS_OWNED_CMK"}
    fix = set_to(encryption, values)
    yield Claim(unencrypted, encryption, message, fix=fix, milder=keys.why_none_in_use(graph))
    if possibly(source.is_present()):
        streams = graph.targets(stream, EdgeKind.READS, STREAM)
        plain = some(
            [*(each["StreamEncryption"].is_absent() for each in streams), *map(undecided, streams.unknown)]
        )
        names = " and ".join(map(str, streams))
        message = f"{stream} is not encrypted: it reads from {names}, which is not encrypted either"
        # To encrypt the stream is one edit, which its own finding asks for.
        known = streams.related and all(certainly(ties.is_tied_to_ml(each, graph)) for each in streams)
        yield Claim(plain, source, message, "info" if known else None, milder=_OF_SOURCE if known else "")
