"""How resources are named: by which property, in which texts (ARNs, S3 URIs, `endpoint/NAME/variant/V`)."""

from collections.abc import Iterator, Sequence

from mlwa_lint.graph import kinds
from mlwa_lint.model.resources import Resource
from mlwa_lint.model.values import (
    Reference,
    Scalar,
    TextPart,
    Unknown,
    Value,
    alternatives,
    known_text,
    plain_text,
)
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

# The property that names a resource of a type; types not listed here use "Name" when they have it.
NAME_PROPERTIES = {
    "AWS::ApplicationAutoScaling::ScalingPolicy": "PolicyName",
    "AWS::Athena::WorkGroup": "Name",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::CloudWatch::CompositeAlarm": "AlarmName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::ECR::Repository": "RepositoryName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::KinesisFirehose::DeliveryStream": "DeliveryStreamName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SageMaker::DataQualityJobDefinition": "JobDefinitionName",
    "AWS::SageMaker::Endpoint": "EndpointName",
    "AWS::SageMaker::EndpointConfig": "EndpointConfigName",
    "AWS::SageMaker::FeatureGroup": "FeatureGroupName",
    "AWS::SageMaker::InferenceComponent": "InferenceComponentName",
    "AWS::SageMaker::Model": "ModelName",
    "AWS::SageMaker::ModelBiasJobDefinition": "JobDefinitionName",
    "AWS::SageMaker::ModelExplainabilityJobDefinition": "JobDefinitionName",
    "AWS::SageMaker::ModelPackageGroup": "ModelPackageGroupName",
    "AWS::SageMaker::ModelQualityJobDefinition": "JobDefinitionName",
    "AWS::SageMaker::MonitoringSchedule": "MonitoringScheduleName",
    "AWS::SageMaker::NotebookInstance": "NotebookInstanceName",
    "AWS::SageMaker::NotebookInstanceLifecycleConfig": "NotebookInstanceLifecycleConfigName",
    "AWS::SageMaker::Pipeline": "PipelineName",
    "AWS::StepFunctions::StateMachine": "StateMachineName",
}

# A resource named in an ARN's last part: what precedes the name -> type.
_ARN_KINDS = {
    ("sagemaker", "endpoint"): "AWS::SageMaker::Endpoint",
    ("sagemaker", "endpoint-config"): "AWS::SageMaker::EndpointConfig",
    ("sagemaker", "inference-component"): "AWS::SageMaker::InferenceComponent",
    ("sagemaker", "model"): "AWS::SageMaker::Model",
    ("sagemaker", "pipeline"): "AWS::SageMaker::Pipeline",
    ("iam", "role"): "AWS::IAM::Role",
    ("iam", "policy"): "AWS::IAM::ManagedPolicy",
    ("lambda", "function"): "AWS::Lambda::Function",
    ("states", "stateMachine"): "AWS::StepFunctions::StateMachine",
    ("kms", "alias"): "AWS::KMS::Alias",
    ("dynamodb", "table"): "AWS::DynamoDB::Table",
    ("kinesis", "stream"): "AWS::Kinesis::Stream",
    ("firehose", "deliverystream"): "AWS::KinesisFirehose::DeliveryStream",
    ("ecr", "repository"): "AWS::ECR::Repository",
    ("cloudwatch", "alarm"): "AWS::CloudWatch::Alarm",
    ("logs", "log-group"): "AWS::Logs::LogGroup",
}

# A placeholder for what is not known inside a text; no name contains it.
GAP = "\0"

_SEPARATORS = lazy(r"([/:])")


class Segment(NamedTuple):
    """One piece of a text between `/` and `:`; at most one field beside `literal` is set."""

    literal: str | None
    value: Value

    @property
    def identity(self) -> str:
        """What equal segments have in common; empty when that is not known."""
        if self.literal:
            return f"={self.literal}"
        if self.literal is not None:
            # A parameter that is empty by default names the same resource whenever it is given.
            return "=" + "".join(sorted(self.value.assumed))
        if isinstance(self.value, Reference):
            return f"{self.value.address}.{self.value.attribute}"
        return self.value.identity if isinstance(self.value, Unknown) else ""


class Mention(NamedTuple):
    """A text that names a resource of a type; `rest` are the segments after the name."""

    target_type: str
    name: Segment
    rest: tuple[Segment, ...] = ()


def segments(value: Value) -> list[Segment]:
    """The known pieces of a text between `/` and `:`; separators are left out."""
    if isinstance(value, Scalar):
        parts: tuple[TextPart, ...] = (plain_text(value.data),)
    elif isinstance(value, Unknown) and value.parts:
        parts = value.parts
    elif isinstance(value, (Unknown, Reference)):
        return [Segment(None, value)]
    else:
        return []
    pieces: list[list[TextPart]] = [[]]
    for part in parts:
        if not isinstance(part, str):
            pieces[-1].append(part)
            continue
        for token in _SEPARATORS.split(part):
            if token in ("/", ":"):
                pieces.append([])
            elif token:
                pieces[-1].append(token)
    return [_segment(piece, value) for piece in pieces]


def _segment(piece: list[TextPart], whole: Value) -> Segment:
    if not piece:
        return Segment("", whole)
    first = piece[0]
    if len(piece) > 1:
        span = whole.span
        assert span is not None
        reasons = [part.reason for part in piece if isinstance(part, Unknown)]
        reason = reasons[0] if reasons else "part of it is known only after deployment"
        return Segment(None, Unknown(reason, span, tuple(piece), _identity(piece)))
    if isinstance(first, str):
        return Segment(first, whole)
    return Segment(first.known if isinstance(first, Reference) and first.known else None, first)


def _identity(piece: list[TextPart]) -> str:
    """What equal texts of several pieces have in common, as the evaluator writes it for whole texts."""
    found = [
        part
        if isinstance(part, str)
        else f"${{{part.address}.{part.attribute}}}"
        if isinstance(part, Reference)
        else f"${{{part.identity}}}"
        if part.identity
        else ""
        for part in piece
    ]
    return "".join(found) if all(found) else ""


def outline(value: Value) -> str:
    """The known pieces of a text, with a GAP for each piece that is not."""
    if isinstance(value, Unknown) and value.parts:
        return "".join(part if isinstance(part, str) else known_text(part) or GAP for part in value.parts)
    return known_text(value) or GAP


# How texts begin that name a resource by their form.
_FORMS = ("arn", "endpoint", "https", "inference-component", "s3")


def _may_mention(value: Value) -> bool:
    """Whether a text can name a resource by its form: most cannot, as their prefix shows."""
    if isinstance(value, Scalar):
        return isinstance(value.data, str) and value.data.startswith(_FORMS)
    if not isinstance(value, Unknown) or not value.parts:
        return False
    first = value.parts[0]
    return not isinstance(first, str) or not first or first.startswith(_FORMS)


def mention_in(value: Value) -> Mention | None:
    """The resource that a text names by its form, whatever property contains it."""
    if not _may_mention(value):
        return None
    parts = segments(value)
    literals = [segment.literal for segment in parts]
    if len(parts) >= 3 and literals[0] in ("s3", "https") and literals[1] == literals[2] == "":
        return _in_url(parts, literals)
    if len(parts) >= 4 and literals[0] == "endpoint" and literals[2] == "variant":
        return Mention("AWS::SageMaker::Endpoint", parts[1], (parts[3],))
    if len(parts) == 2 and literals[0] == "inference-component":
        return Mention("AWS::SageMaker::InferenceComponent", parts[1])
    if len(parts) >= 6 and literals[0] == "arn":
        return _in_arn(parts, literals)
    return None


def _in_url(parts: list[Segment], literals: list[str | None]) -> Mention | None:
    if literals[0] == "s3" and len(parts) > 3:
        return Mention("AWS::S3::Bucket", parts[3], tuple(parts[4:]))
    return None


def _in_arn(parts: list[Segment], literals: list[str | None]) -> Mention | None:
    if len(parts) < 6:
        return None
    service = literals[2]
    if service == "apigateway" and "functions" in literals:
        # arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/ARN/invocations
        start = literals.index("functions") + 1
        return _in_arn(parts[start:-1], literals[start:-1]) if literals[start:][:1] == ["arn"] else None
    if service == "s3":
        return Mention("AWS::S3::Bucket", parts[5], tuple(parts[6:]))
    if service == "sns" and len(parts) == 6:
        return Mention("AWS::SNS::Topic", parts[5])
    if service == "sqs" and len(parts) == 6:
        return Mention("AWS::SQS::Queue", parts[5])
    if len(parts) < 7:
        return None
    kind = _ARN_KINDS.get((service or "", literals[5] or ""))
    if kind is None:
        return None
    # The name of a role or a policy is what follows the last slash of its path.
    name = parts[-1] if service == "iam" else parts[6]
    if kind == kinds.KEY_ALIAS and all(each.literal for each in parts[6:]):
        name = Segment("/".join(each.literal or "" for each in parts[6:]), name.value)
    return Mention(kind, name, tuple(parts[7:]))


def alias_in(value: Value, parts: Sequence[Segment]) -> Segment | None:
    """What follows `alias/` in a text whose parts are given; None in any other text."""
    if len(parts) < 2 or parts[0].literal != "alias":
        return None
    text = known_text(value)
    if text is not None:
        return Segment(text.removeprefix("alias/"), value)
    return parts[1] if len(parts) == 2 else Segment(None, value)


def names_of(resource: Resource) -> Iterator[str]:
    """Identities of the segments by which others may call a resource."""
    key = NAME_PROPERTIES.get(resource.type, "Name")
    entry = resource.properties.entries.get(key)
    if entry is None:
        return
    for option in alternatives(entry.value):
        text = known_text(option.value)
        if resource.type == kinds.KEY_ALIAS:
            alias = alias_in(option.value, segments(option.value))
            if alias is not None and alias.identity:
                yield alias.identity
        elif text:
            yield f"={text}"
        elif isinstance(option.value, (Scalar, Unknown, Reference)):
            parts = segments(option.value)
            if len(parts) == 1 and parts[0].identity not in ("", "="):
                yield parts[0].identity
