"""Names, conditions and functions of one template, for the evaluator."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from mlwa_lint.frontends.choices import ALTERNATIVES_LIMIT, over_alternatives
from mlwa_lint.frontends.cloudformation.attributes import repeated, returns
from mlwa_lint.frontends.cloudformation.dynamic import with_dynamic_references
from mlwa_lint.frontends.cloudformation.export_names import ENDING, end_of
from mlwa_lint.frontends.cloudformation.functions import (
    FUNCTIONS,
    IntrinsicFunction,
    alike,
    made_of,
    settled,
)
from mlwa_lint.frontends.cloudformation.parameters import Parameter
from mlwa_lint.frontends.cloudformation.syntax.reader import DYNAMIC_REFERENCE, PACKAGED
from mlwa_lint.frontends.evaluator import member
from mlwa_lint.frontends.expressions import Call, Expr, For, Index, Lookup, OperatorExpression
from mlwa_lint.frontends.failures import failure, reason_of
from mlwa_lint.model.budget import budget
from mlwa_lint.model.conditions import Condition, Guard
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    UPLOADED,
    Absent,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    assume,
    identity_of,
    known_text,
    returned,
)

# What is noted where a result may differ each time: it rests on more than a resource's name.
ANYTHING = ""
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
# Those that are the same for all stacks that are deployed together.
SHARED_PSEUDO = frozenset({"AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::URLSuffix"})
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


class Conditions(Protocol):
    """A template's named conditions."""

    def value(self, name: str, span: Span) -> Value:
        """True or false where the condition is decided, else Unknown."""
        ...

    def condition(self, name: str) -> Condition:
        """The condition of a name."""
        ...


def _made(name: str, function: IntrinsicFunction, values: Sequence[Value], span: Span) -> Value:
    """What a function makes of values: where it is not known, the same as elsewhere of the same values."""
    result = function(values, span)
    if isinstance(result, Scalar):
        return result
    from mlwa_lint.frontends.identities import identified

    return identified(result, name, values)


def _no_output(name: str, output: str, span: Span) -> Value | None:
    return None


def _nothing_stated(name: str, path: str) -> Value | None:
    return None


class TemplateScope:
    """What one template's expressions may name.

    `types` and `names` map each logical id to its type and, where the template states it, literal name.
    `generated` are what SAM lets a template call resources that it makes (`Function.Alias`), `loops` the
    identifiers of loops over what is not known. `outputs` gives a nested stack's output, `stated` what a
    resource's property is set to.
    Addresses start with `prefix`; identities (of conditions, parameters) contain `space`, so that two
    templates' are never equal.
    """

    def __init__(
        self,
        parameters: Mapping[str, Parameter],
        mappings: Value,
        types: Mapping[str, str],
        prefix: str = "",
        space: str = "",
    ) -> None:
        self.parameters = parameters
        self.mappings = mappings
        self.types = types
        self.loops: dict[str, Unknown] = {}
        self.generated: Mapping[str, str] = {}
        self.names: dict[tuple[str, str], Scalar] = {}
        self.outputs: Callable[[str, str, Span], Value | None] = _no_output
        self.stated: Callable[[str, str], Value | None] = _nothing_stated
        self.conditions: Conditions | None = None
        self.prefix = prefix
        self.space = space
        self.dependencies: set[str] | None = None  # the logical ids that are read, where they are recorded
        self.undeclared: dict[str, Span] = {}  # what is named and is not there, and the first place
        self.is_alone = False  # no other template affects the values of conditions
        self._values = {name: parameter.value() for name, parameter in parameters.items()}

    def _note(self, name: str) -> None:
        if self.dependencies is not None:
            self.dependencies.add(name)

    def _note_condition(self) -> None:
        if not self.is_alone:
            self._note(ANYTHING)

    def release(self) -> None:
        """Lets go of the template, which refers to this scope."""
        self.outputs, self.stated, self.conditions = _no_output, _nothing_stated, None

    def given(self, name: str) -> Value | None:
        """The value that the user, or a parent stack, states for a parameter."""
        parameter = self.parameters.get(name)
        return None if parameter is None else parameter.given

    def with_values(self, values: Mapping[str, Value]) -> "TemplateScope":
        """A scope in which some parameters have certain values."""
        scope = object.__new__(type(self))
        scope.__dict__.update(self.__dict__)
        scope._values = {**self._values, **values}
        return scope

    def lookup(self, path: tuple[str, ...], span: Span) -> tuple[Value, int]:
        """Ref, GetAtt and named conditions."""
        if path[0] == "Condition":
            return self._condition_value(path[1], span), 2
        if path[0] == "GetAtt":
            return self._attribute(path[1], path[2], span), 3
        return self._ref(path[1], span), 2

    def _ref(self, name: str, span: Span) -> Value:
        if name in self._values:
            value = self._values[name]
            if isinstance(value, Scalar):
                return value._replace(span=span, origin=value.origin or value.span)
            return value._replace(span=span)
        if name == "AWS::NoValue":
            return Absent(span)
        if name in _PSEUDO:
            identity = name if name in SHARED_PSEUDO else f"{name} of {self.space}"
            return Unknown(f"{name} is known only at deployment", span, identity=identity, present=True)
        name = self.generated.get(name, name)
        if name in self.loops:
            return self.loops[name]._replace(span=span)
        if name not in self.types:
            return self._unknown(name, f"{name} is neither a parameter nor a resource", span)
        self._note(name)
        origin = self._origin(name, "", span)
        if origin is not None:
            return origin
        return self._reference(
            name, "", self.names.get((name, _NAME_BY_REF.get(self.types[name], "?"))), span
        )

    def _unknown(self, name: str, reason: str, span: Span) -> Unknown:
        self._note(ANYTHING)  # that is to be reported again
        self.undeclared.setdefault(name, span)
        return Unknown(reason, span)

    def _reference(self, name: str, attribute: str, known: Scalar | None, span: Span) -> Reference:
        if known is None:
            return Reference(self.prefix + name, attribute, span)
        return Reference(self.prefix + name, attribute, span, known_text(known), known.assumed)

    def _attribute(self, name: str, attribute: str, span: Span) -> Value:
        if f"{name}.{attribute}" in self.generated:
            return self._ref(f"{name}.{attribute}", span)
        if attribute.startswith("Outputs."):
            self._note(ANYTHING)
            output = self.outputs(name, attribute.removeprefix("Outputs."), span)
            if output is not None:
                return output._replace(span=span)
        if name not in self.types:
            return self._unknown(name, f"{name} is not a resource of this template", span)
        self._note(name)
        origin = self._origin(name, attribute, span)
        if origin is not None:
            return origin
        kind = self.types[name]
        known = self.names.get((name, attribute)) if (kind, attribute) in _NAME_ATTRIBUTES else None
        if kind == "AWS::StepFunctions::StateMachine" and attribute == "Name":
            known = self.names.get((name, "StateMachineName"))
        found = self._reference(name, attribute, known, span)
        return returned(found) if returns(kind) else found

    def _origin(self, name: str, attribute: str, span: Span) -> Value | None:
        """What a property was set to that an attribute repeats; None where it repeats none."""
        path = repeated(self.types[name], attribute)
        value = None if path is None else self.stated(name, path)
        if value is not None:
            self._note(ANYTHING)
        if isinstance(value, Scalar) and isinstance(value.data, str):
            # A known text still comes from there: what uses it is created later.
            return self._reference(name, attribute, value, span)
        return None if value is None else value._replace(span=span)

    def _condition_value(self, name: str, span: Span) -> Value:
        self._note_condition()
        if self.conditions is None:
            return Unknown(f"condition {name} is not known", span)
        return self.conditions.value(name, span)

    def condition(self, expression: Expr, value: Unknown) -> Guard:
        """The condition behind an open Fn::If."""
        if isinstance(expression, Lookup) and expression.path[0] == "Condition" and self.conditions:
            self._note_condition()
            return Guard(self.conditions.condition(expression.path[1]), True)
        self._note(ANYTHING)  # it is called by its place
        place = expression.span
        name = f"{place.path}:{place.line}:{place.column}"
        return Guard(Condition(f"{self.space} {name}", "the condition", None, opaque=True), True)

    def call(self, call: Call, arguments: list[Value]) -> Value:
        """An intrinsic function."""
        name, span = call.function, call.span
        function = FUNCTIONS.get(name) or self._named_function(name)
        if function is not None:
            settled_ones = [settled(argument) for argument in arguments]
            return over_alternatives(settled_ones, lambda values: _made(name, function, values, span), span)
        if name == "Fn::GetAZs":
            rest = Unknown("availability zones are known only at deployment", span, present=True)
            return ListValue((), span, rest)
        if name == PACKAGED:
            return Unknown(UPLOADED, span, present=True)
        what = name.strip("{}")
        return made_of(arguments, f"{what} is worked out only at deployment", span)

    def _named_function(self, name: str) -> IntrinsicFunction | None:
        """A function that needs to know the template's names."""
        if name == DYNAMIC_REFERENCE:
            return lambda values, span: with_dynamic_references(values[0], span)
        return {
            "Condition": self._computed_condition,
            "Fn::FindInMap": self._find_in_map,
            "Fn::GetAtt": self._computed_attribute,
            "Fn::ImportValue": self._imported,
            "Ref": self._computed_ref,
        }.get(name)

    def _computed_ref(self, arguments: Sequence[Value], span: Span) -> Value:
        name = known_text(arguments[0]) if arguments else None
        if name is None:
            return made_of(arguments, "what Ref names is not known", span)
        return self._ref(name, span)

    def _computed_condition(self, arguments: Sequence[Value], span: Span) -> Value:
        return Unknown("a condition's name must be a text", span)

    def _computed_attribute(self, arguments: Sequence[Value], span: Span) -> Value:
        steps = [known_text(argument) for argument in arguments]
        if len(steps) < 2 or steps[0] is None:
            return made_of(arguments, "what Fn::GetAtt names is not known", span)
        attribute = ".".join("?" if step is None else step for step in steps[1:])
        return self._attribute(steps[0], attribute, span)

    def _imported(self, arguments: Sequence[Value], span: Span) -> Value:
        value = arguments[0] if arguments else Absent(span)
        text = known_text(value)
        name = text or (value.identity if isinstance(value, Unknown) else "")
        made = made_of(arguments, "an imported value is known only at deployment", span)
        # What starts with this stack's name is not an export of another.
        own = isinstance(value, Unknown) and any(map(self._is_of_stack, value.parts))
        if not text and name:
            name += f"{ENDING}{'' if own else end_of(value)}"
        return made._replace(identity=f"export {name}" if name else "", present=True)

    def _is_of_stack(self, part: object) -> bool:
        return isinstance(part, Unknown) and part.identity == f"AWS::StackName of {self.space}"

    def _find_in_map(self, arguments: Sequence[Value], span: Span) -> Value:
        keys, default = arguments[:3], None
        if len(arguments) == 4:
            default = member(arguments[3], "DefaultValue", span)
        if len(keys) != 3:
            return Unknown("Fn::FindInMap needs a map and two keys", span)
        found = self._mapped(keys, arguments, span)
        if isinstance(found, Unknown):
            return found
        unknown = [key for key in keys if known_text(key) is None]
        present: list[Value] = [each for each in found if not isinstance(each, Absent)]
        if default is not None and (unknown or not present):
            present.append(default)
        if not present:
            return failure("the map has no such key", span)
        texts = {known_text(each) for each in present}
        if len(present) == 1 or (len(texts) == 1 and None not in texts):
            assumed = frozenset[str]().union(*(key.assumed for key in keys))
            return assume(present[0], assumed)._replace(span=span)
        made = made_of(arguments, reason_of([keys[0], *unknown][-1], "the key is not known"), span)
        identity = self._lookup_identity(keys) if default is None else ""
        known = tuple(sorted(text for text in texts if text is not None))
        possible = known if len(known) == len(texts) <= ALTERNATIVES_LIMIT else ()
        made = made._replace(identity=identity, present="" not in texts and bool(possible))
        return alike(made, texts)._replace(one_of=possible)

    def _mapped(self, keys: Sequence[Value], arguments: Sequence[Value], span: Span) -> list[Value] | Unknown:
        """What a mapping has under a map's name and two keys, or why that is not known.

        Where a key is not known, every one that the map has is tried: they may all give the same.
        """
        found: list[Value] = [self.mappings]
        for key in keys:
            text = known_text(key)
            if text is not None:
                found = [Absent(span) if isinstance(e, Absent) else member(e, text, span) for e in found]
                continue
            if any(not isinstance(each, MapValue) or each.rest is not None for each in found):
                return made_of(arguments, reason_of(key, "the key is not known"), span)
            named = key.one_of if isinstance(key, Unknown) else ()
            entries = [e for each in found if isinstance(each, MapValue) for e in each.entries.items()]
            found = [entry.value for name, entry in entries if not named or name in named]
            if why := budget().for_nodes(len(found)):
                return Unknown(why, span)
        return found

    def _lookup_identity(self, keys: Sequence[Value]) -> str:
        """What equal lookups of a template have in common; empty where it is not known what a key is."""
        steps = list(map(identity_of, keys))
        return f"Fn::FindInMap of {self.space}: {' '.join(steps)}" if all(steps) else ""

    def operate(self, operation: OperatorExpression) -> Value:
        """CloudFormation has no operators."""
        return Unknown("no operators in CloudFormation", operation.span)

    def pick(self, base: Value, key: Value, expression: Index) -> Value | None:
        """CloudFormation has no indexes but `Fn::Select`'s."""
        return None

    def within(self, call: Call) -> "TemplateScope":
        """Arguments are evaluated like anything else."""
        return self

    def comprehend(self, loop: For) -> Value:
        """Loops are expanded before evaluation."""
        return Unknown("a loop that could not be analysed", loop.span)
