"""Arguments into the properties of a request."""

from collections.abc import Mapping

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.freezing import frozen
from mlwa_lint.frontends.python.evaluation.values import KeywordArgument, PyValue, options
from mlwa_lint.frontends.python.sdk.objects import Arguments
from mlwa_lint.frontends.python.sdk_defaults import SdkDefaults
from mlwa_lint.model.assumptions import SDK_DEFAULTS
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    NO_ASSUMPTIONS,
    Absent,
    Entry,
    ListValue,
    MapValue,
    Unknown,
    Value,
    assume,
    known_text,
)

Properties = dict[str, Entry]
# Properties that a file of SageMaker defaults can give where the program does not (`sagemaker.config`).
CONFIGURABLE: Mapping[str, tuple[str, ...]] = {
    "AWS::SageMaker::TrainingJob": (
        "EnableNetworkIsolation",
        "EnableInterContainerTrafficEncryption",
        "VpcConfig",
        "ResourceConfig.VolumeKmsKeyId",
        "OutputDataConfig.KmsKeyId",
    ),
    "AWS::SageMaker::ProcessingJob": (
        "NetworkConfig.EnableNetworkIsolation",
        "NetworkConfig.EnableInterContainerTrafficEncryption",
        "NetworkConfig.VpcConfig",
        "ProcessingResources.ClusterConfig.VolumeKmsKeyId",
        "ProcessingOutputConfig.KmsKeyId",
    ),
    "AWS::SageMaker::AutoMLJob": (
        "AutoMLJobConfig.SecurityConfig.EnableInterContainerTrafficEncryption",
        "AutoMLJobConfig.SecurityConfig.VpcConfig",
        "AutoMLJobConfig.SecurityConfig.VolumeKmsKeyId",
        "OutputDataConfig.KmsKeyId",
    ),
    "AWS::SageMaker::AutoMLJobV2": (
        "SecurityConfig.EnableInterContainerTrafficEncryption",
        "SecurityConfig.VpcConfig",
        "SecurityConfig.VolumeKmsKeyId",
        "OutputDataConfig.KmsKeyId",
    ),
    "AWS::SageMaker::TransformJob": ("TransformResources.VolumeKmsKeyId", "TransformOutput.KmsKeyId"),
    "AWS::SageMaker::Model": ("EnableNetworkIsolation", "VpcConfig"),
    "AWS::SageMaker::EndpointConfig": (
        "KmsKeyId",
        "DataCaptureConfig.KmsKeyId",
        "AsyncInferenceConfig.OutputConfig.KmsKeyId",
    ),
    "AWS::SageMaker::FeatureGroup": (
        "OnlineStoreConfig.SecurityConfig.KmsKeyId",
        "OfflineStoreConfig.S3StorageConfig.KmsKeyId",
    ),
}
# What such a file can give as well, though it rarely does.
_GIVEN = ("Tags", "RoleArn", "ExecutionRoleArn")
# What holds nothing but such settings, so that it is left out with them.
_OPTIONAL = frozenset({"AutoMLJobConfig", "NetworkConfig", "SecurityConfig"})


def put(properties: Properties, path: str, entry: Entry, span: Span) -> None:
    """Writes a property, which may be nested; what is there already stays."""
    head, _, tail = path.partition(".")
    if not tail:
        properties.setdefault(head, entry)
        return
    outer = properties.get(head)
    if outer is None:
        outer = Entry(entry.key_span, MapValue({}, span), head)
    elif not isinstance(outer.value, MapValue):
        return
    inner = dict(outer.value.entries)  # type: ignore[union-attr]
    put(inner, tail, entry, span)
    properties[head] = outer._replace(value=outer.value._replace(entries=inner))  # type: ignore[call-arg]


def fill(core: Core, properties: Properties, table: Mapping[str, str], arguments: Arguments) -> None:
    """Puts what is given, and the SDK's defaults, at the places of a table."""
    for parameter, path in table.items():
        argument = arguments.get(parameter)
        if argument is not None:
            write(core, properties, path, parameter, argument)
            continue
        given = arguments.given.get(parameter)
        if given is not None and isinstance(given.value, Absent) and given.value.assumed:
            # The program hands on what is left out by default.
            put(properties, path, Entry(given.span, given.value, parameter), given.span)


def write(core: Core, properties: Properties, path: str, parameter: str, argument: KeywordArgument) -> None:
    """Puts one argument."""
    value = frozen(core, argument.value, argument.span)
    if isinstance(value, Absent):
        return
    if path.endswith("Tags"):
        value = tags(value)
    put(properties, path, Entry(argument.span, value, parameter), argument.span)


def defaults(core: Core, properties: Properties, kind: str, span: Span) -> None:
    """The value in the file of SageMaker defaults; without one, an unknown that such a file could give."""
    known = core.sdk_defaults
    assumed = NO_ASSUMPTIONS if known is not None else frozenset({SDK_DEFAULTS})
    absent = Entry(span, Absent(span, assumed))
    for path in (*CONFIGURABLE.get(kind, ()), *(_GIVEN if known is not None else ())):
        parents = path.split(".")[:-1]
        held: Value | None = MapValue(properties, span)
        for key in parents:
            inner = held.entries.get(key) if isinstance(held, MapValue) else None
            held = None if inner is None else inner.value
        # What would hold the property must be there: a job without output has no key for it.
        if isinstance(held, MapValue) or (held is None and not _OPTIONAL.isdisjoint(parents[:1])):
            given = _in_file(known, kind, path) if known is not None else None
            before = held.entries.get(path.rpartition(".")[2]) if isinstance(held, MapValue) else None
            if before is not None and isinstance(before.value, Absent):
                left_out = before.value._replace(assumed=before.value.assumed | assumed)
                _replace(properties, path, given or before._replace(value=left_out))
            elif given is not None or path not in _GIVEN:
                put(properties, path, given or absent, span)


def _in_file(known: SdkDefaults, kind: str, path: str) -> Entry | None:
    """What a file of defaults gives for a property: AutoMLV2 reads the settings of AutoML."""
    if kind.endswith("AutoMLJobV2"):
        kind = kind.removesuffix("V2")
        path = f"AutoMLJobConfig.{path}" if path.startswith("SecurityConfig.") else path
    return known.of(kind, path)


def _replace(properties: Properties, path: str, entry: Entry) -> None:
    """Writes a property whose parents are there, in place of what it is."""
    head, _, tail = path.partition(".")
    if not tail:
        properties[head] = entry
        return
    outer = properties[head]
    assert isinstance(outer.value, MapValue)
    inner = dict(outer.value.entries)
    _replace(inner, tail, entry)
    properties[head] = outer._replace(value=outer.value._replace(entries=inner))


def tags(value: Value) -> Value:
    """Tags as a list: the SDK also takes a map."""
    if isinstance(value, MapValue) and "Key" not in value.entries:
        items = [
            MapValue({"Key": Entry(e.key_span, _text(k, e.key_span)), "Value": e}, e.key_span)
            for k, e in value.entries.items()
        ]
        return ListValue(tuple(items), value.span, value.rest)
    return value


def _text(text: str, span: Span) -> Value:
    from mlwa_lint.model.values import Scalar

    return Scalar(text, span)


_PARAMETER = "Parameters."


def outside(core: Core, value: Value, certain: bool = True) -> Value:
    """A value outside of a pipeline, where its parameters have their defaults.

    certain: whether no pipeline can give another value, since the job certainly runs directly.
    """
    if isinstance(value, MapValue):
        if value.entries.keys() == {"Get"} and value.rest is None:
            return _default_of(core, value, certain)
        entries = {
            key: entry._replace(value=outside(core, entry.value, certain))
            for key, entry in value.entries.items()
        }
        return value._replace(entries=entries)
    if isinstance(value, ListValue):
        return value._replace(items=tuple(outside(core, item, certain) for item in value.items))
    return value


def _default_of(core: Core, reference: MapValue, certain: bool) -> Value:
    read = known_text(reference.entries["Get"].value) or ""
    name = read.removeprefix(_PARAMETER)
    default = core.parameters.get(name) if read.startswith(_PARAMETER) else None
    if default is None:
        reason = f"parameter {name} of a pipeline has no default" if name != read else f"{read} is a result"
        return Unknown(reason, reference.span, identity=f"pipeline {read}", present=True)
    value = frozen(core, default, reference.span)
    return value if certain else assume(value, frozenset({f"the default of pipeline parameter {name}"}))


def unknown(core: Core, reason: str, span: Span) -> Unknown:
    """A value that is certainly there and not known."""
    return core.unknown(reason, span, present=True)


def single(value: PyValue) -> PyValue:
    """The only alternative of a value, or the value itself."""
    chosen = options(value)
    return chosen[0][0] if len(chosen) == 1 else value
