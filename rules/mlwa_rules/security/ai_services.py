"""Security of AI services: keys for what they store."""

from collections.abc import Iterator

from mlwa_lint.graph.queries import keys
from mlwa_lint.rule import NO, Claim, GraphView, Remedy, ResourceView, rule, use_key

STREAM_PROCESSOR = "AWS::Rekognition::StreamProcessor"
_COMPREHEND = ("ModelKmsKeyId", "VolumeKmsKeyId")
# The properties that name customer-managed keys, by type.
KEYS = {
    "AWS::Comprehend::DocumentClassifier": _COMPREHEND,
    "AWS::Comprehend::EntityRecognizer": _COMPREHEND,
    "AWS::Comprehend::Flywheel": tuple(f"DataSecurityConfig.{key}" for key in _COMPREHEND),
    "AWS::Kendra::Index": ("ServerSideEncryptionConfiguration.KmsKeyId",),
    STREAM_PROCESSOR: ("KmsKeyId",),
    "AWS::Personalize::DatasetGroup": ("KmsKeyArn",),
    "AWS::Forecast::Dataset": ("EncryptionConfig.KmsKeyArn",),
    "AWS::QBusiness::Application": ("EncryptionConfiguration.KmsKeyId",),
    "aws_sagemaker_flow_definition": ("OutputConfig.KmsKeyId",),
}


@rule(
    "MLS604",
    "ai-service-data-without-customer-key",
    "medium",
    concern="protection",
    subject="key",
    practices=("MLSEC02-BP01",),
    on=tuple(KEYS),
    remedy=Remedy(
        "Set the key, such as `ModelKmsKeyId: !GetAtt LanguageKey.Arn`.",
        "Set the key, such as `model_kms_key_id = aws_kms_key.language.arn`.",
    ),
)
def ai_service_data_without_customer_key(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Data that an AI service stores is not encrypted with a customer managed KMS key.

    Custom models, indexes, recordings and review results contain what your customers wrote, said and showed;
    a customer managed KMS key lets you control who can read them and records every use in CloudTrail.

    The rule requires a model key and a volume key for Comprehend classifiers, recognizers and flywheels, and
    the key of Kendra indexes, Personalize dataset groups, Forecast datasets, Amazon Q Business applications,
    Rekognition stream processors and the output of human review. Human review
    (`aws_sagemaker_flow_definition`) exists in Terraform only; flywheels, dataset groups and Forecast
    datasets in CloudFormation only.

    AWS encrypts the data with a key of its own in any case. The severity is therefore low in a project that
    uses no customer managed key at all, and info where nothing in the repository suggests one (see MLS401).

    Exceptions: Not reported for Rekognition stream processors that search faces, which do not support a key.

    See [KMS encryption in Amazon
    Comprehend](https://docs.aws.amazon.com/comprehend/latest/dg/kms-in-comprehend.html) and [Encrypting data
    at rest in Amazon Kendra](https://docs.aws.amazon.com/kendra/latest/dg/encryption-at-rest.html).
    """
    takes_none = resource["FaceSearchSettings"].is_present() if resource.type == STREAM_PROCESSOR else NO
    for path in KEYS[resource.type]:
        key = resource[path]
        message = f"{resource} does not encrypt its data with a customer managed key: it sets no {key}"
        missing = key.is_absent() & ~takes_none
        yield Claim(missing, key, message, fix=use_key(key), milder=keys.why_no_key(graph))
