"""Security of AI services: keys for what they store."""

from collections.abc import Iterator

from mlwa_lint.rule import NO, Claim, GraphView, Remedy, ResourceView, rule

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
    practices=("MLSEC02-BP01",),
    on=tuple(KEYS),
    remedy=Remedy(
        "Set the key, such as `ModelKmsKeyId: !GetAtt LanguageKey.Arn`.",
        "Set the key, such as `model_kms_key_id = aws_kms_key.language.arn`.",
    ),
)
def ai_service_data_without_customer_key(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An AI service keeps data of yours that is not encrypted with a key of yours.

    Custom models, indexes, recordings and review results hold what your customers wrote, said and showed;
    with a key of your own you decide who may read them and see every use in CloudTrail.

    It asks for a model and a volume key of Comprehend's classifiers, recognizers and flywheels, and for the
    key of Kendra indexes, Personalize dataset groups, Forecast datasets, Q Business applications,
    Rekognition stream processors (not of those that search faces, which take none) and the output of human
    review. Human review (`aws_sagemaker_flow_definition`) exists in Terraform only; flywheels, dataset
    groups and Forecast datasets in CloudFormation only.

    See [KMS encryption in Amazon
    Comprehend](https://docs.aws.amazon.com/comprehend/latest/dg/kms-in-comprehend.html) and [Encrypting
    data at rest in Amazon Kendra](https://docs.aws.amazon.com/kendra/latest/dg/encryption-at-rest.html).
    """
    takes_none = resource["FaceSearchSettings"].is_present() if resource.type == STREAM_PROCESSOR else NO
    for path in KEYS[resource.type]:
        key = resource[path]
        message = f"{resource} sets no {key}, so its data is not encrypted with a key of yours"
        yield Claim(key.is_absent() & ~takes_none, key, message)
