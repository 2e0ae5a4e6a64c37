"""Names, conditions and functions of one template, for the evaluator."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from mlwa_lint.frontends.cloudformation.functions import FUNCTIONS
from mlwa_lint.frontends.cloudformation.parameters import Parameter
from mlwa_lint.frontends.cloudformation.reader import DYNAMIC_REFERENCE
from mlwa_lint.frontends.evaluator import member, over_alternatives, reason_of
from mlwa_lint.frontends.expressions import Call, Expr, For, Lookup, Operation
from mlwa_lint.model.conditions import Condition, Guard
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Absent, ListValue, Reference, Scalar, Unknown, Value, known_text

if TYPE_CHECKING:
    from mlwa_lint.frontends.cloudformation.conditions import ConditionTable

_RESOLVE = re.compile(r"\{\{resolve:(ssm|ssm-secure|secretsmanager):")
_PSEUDO = frozenset(
    {
        "AWS::AccountId",
        "AWS::NotificationARNs",
        "AWS::Partition",
        "AWS::Region",
        "AWS::StackId",
        "AWS::StackName",
        "AWS::URLSuffix",
    }
)
# Attributes that give a resource's name, where `Ref` does not: (type, attribute).
_NAME_ATTRIBUTES = {
    ("AWS::SageMaker::Endpoint", "EndpointName"),
    ("AWS::SageMaker::EndpointConfig", "EndpointConfigName"),
    ("AWS::SageMaker::Model", "ModelName"),
    ("AWS::SageMaker::NotebookInstance", "NotebookInstanceName"),
    ("AWS::SageMaker::NotebookInstanceLifecycleConfig", "NotebookInstanceLifecycleConfigName"),
    ("AWS::StepFunctions::StateMachine", "Name"),
    ("AWS::SNS::Topic", "TopicName"),
    ("AWS::SQS::Queue", "QueueName"),
    ("AWS::Logs::LogGroup", "LogGroupName"),
}
# Types whose `Ref` is their name, and the property that states it.
_NAME_BY_REF = {
    "AWS::Athena::WorkGroup": "Name",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::ECR::Repository": "RepositoryName",
    "AWS::Glue::Crawler": "Name",
    "AWS::Glue::Job": "Name",
    "AWS::Glue::SecurityConfiguration": "Name",
    "AWS::IAM::Role": "RoleName",
    "AWS::Kinesis::Stream": "Name",
    "AWS::KinesisFirehose::DeliveryStream": "DeliveryStreamName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SageMaker::FeatureGroup": "FeatureGroupName",
    "AWS::SageMaker::Pipeline": "PipelineName",
}


class TemplateScope:
    """What one template's expressions may name.

    `types` and `names` tell each logical id's type and, where the template states it, literal name.
    """

    def __init__(
        self,
        parameters: Mapping[str, Parameter],
        mappings: Value,
        types: Mapping[str, str],
        prefix: str = "",
    ) -> None:
        self.parameters = parameters
        self.mappings = mappings
        self.types = types
        self.names: dict[tuple[str, str], str] = {}
        self.outputs: dict[tuple[str, str], Value] = {}
        self.conditions: ConditionTable | None = None
        self.prefix = prefix
        self._values = {name: parameter.value() for name, parameter in parameters.items()}

    def lookup(self, path: tuple[str, ...], span: Span) -> tuple[Value, int]:
        """Ref, GetAtt and named conditions."""
        if path[0] == "Condition":
            return self._condition_value(path[1], span), 2
        if path[0] == "GetAtt":
            return self._attribute(path[1], path[2], span), 3
        return self._ref(path[1], span), 2

    def _ref(self, name: str, span: Span) -> Value:
        if name in self._values:
            return self._values[name]._replace(span=span)
        if name == "AWS::NoValue":
            return Absent(span)
        if name in _PSEUDO:
            return Unknown(f"{name} is known only at deployment", span, identity=name, present=True)
        if name not in self.types:
            return Unknown(f"{name} is neither a parameter nor a resource", span)
        known = self.names.get((name, _NAME_BY_REF.get(self.types[name], "?")))
        return Reference(self.prefix + name, "", span, known)

    def _attribute(self, name: str, attribute: str, span: Span) -> Value:
        if (name, attribute) in self.outputs:
            return self.outputs[name, attribute]._replace(span=span)
        if name not in self.types:
            return Unknown(f"{name} is no resource of this template", span)
        kind = self.types[name]
        known = self.names.get((name, attribute)) if (kind, attribute) in _NAME_ATTRIBUTES else None
        if kind == "AWS::StepFunctions::StateMachine" and attribute == "Name":
            known = self.names.get((name, "StateMachineName"))
        return Reference(self.prefix + name, attribute, span, known)

    def _condition_value(self, name: str, span: Span) -> Value:
        if self.conditions is None:
            return Unknown(f"condition {name} is not known", span)
        return self.conditions.value(name, span)

    def condition(self, expression: Expr, value: Unknown) -> Guard:
        """The condition behind an open Fn::If."""
        if isinstance(expression, Lookup) and self.conditions is not None:
            return Guard(self.conditions.condition(expression.path[1]), True)
        name = f"{value.span.path}:{value.span.line}:{value.span.column}"
        return Guard(Condition(name, "the condition", None, opaque=True), True)

    def call(self, call: Call, arguments: list[Value]) -> Value:
        """An intrinsic function."""
        name, span = call.function, call.span
        if name in FUNCTIONS:
            function = FUNCTIONS[name]
            return over_alternatives(arguments, lambda values: function(values, span), span)
        if name == DYNAMIC_REFERENCE:
            return _dynamic(arguments[0])
        if name == "Fn::FindInMap":
            return over_alternatives(arguments, lambda values: self._find_in_map(list(values), span), span)
        if name == "Fn::ImportValue":
            text = known_text(arguments[0]) if arguments else None
            identity = f"export {text}" if text else ""
            return Unknown(
                "an imported value is known only at deployment", span, identity=identity, present=True
            )
        if name == "Fn::GetAZs":
            rest = Unknown("availability zones are known only at deployment", span, present=True)
            return ListValue((), span, rest)
        return Unknown(f"{name} is worked out only at deployment", span)

    def _find_in_map(self, arguments: list[Value], span: Span) -> Value:
        default: Value | None = None
        if len(arguments) == 4:
            default = member(arguments.pop(), "DefaultValue", span)
        keys = [known_text(argument) for argument in arguments]
        value: Value = self.mappings
        for key, argument in zip(keys, arguments, strict=True):
            if key is None:
                return Unknown(reason_of(argument, "the key is not known"), span)
            value = member(value, key, span)
        if isinstance(value, Absent):
            return default if default is not None else Unknown("the map has no such key", span)
        for argument in arguments:
            value = value._replace(assumed=value.assumed | argument.assumed)
        return value._replace(span=span)

    def operate(self, operation: Operation) -> Value:
        """CloudFormation has no operators."""
        return Unknown("no operators in CloudFormation", operation.span)

    def comprehend(self, loop: For) -> Value:
        """Loops are expanded before evaluation."""
        return Unknown("a loop that could not be expanded", loop.span)


def _dynamic(value: Value) -> Value:
    """A text with a dynamic reference: a secret or parameter store gives it at deployment."""
    assert isinstance(value, Scalar)
    match = _RESOLVE.search(str(value.data))
    store = "Secrets Manager" if match and match.group(1) == "secretsmanager" else "Systems Manager"
    return Unknown(f"it is read from {store} at deployment", value.span, present=True, secret=True)
