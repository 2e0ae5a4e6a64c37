"""Model monitors and feature groups."""

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.freezing import frozen
from mlwa_lint.frontends.python.evaluation.values import PyValue, Site
from mlwa_lint.frontends.python.ledger import Created, Ledger
from mlwa_lint.frontends.python.sdk import images
from mlwa_lint.frontends.python.sdk.objects import Arguments, SdkObject, sdk_objects
from mlwa_lint.frontends.python.sdk.parameters import FEATURES, MONITORING
from mlwa_lint.frontends.python.sdk.requests import Properties, defaults, fill, put, unknown
from mlwa_lint.frontends.python.sdk.user_names import FEATURES_NAMES, MONITORING_NAMES
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Entry, ListValue, MapValue, Scalar, Value

SCHEDULE = "AWS::SageMaker::MonitoringSchedule"
_KINDS = {
    "DefaultModelMonitor": "DataQuality",
    "ModelBiasMonitor": "ModelBias",
    "ModelExplainabilityMonitor": "ModelExplainability",
    "ModelQualityMonitor": "ModelQuality",
}


def create_schedule(
    core: Core, ledger: Ledger, monitor: SdkObject, call: Arguments, site: Site
) -> list[Created]:
    """`monitor.create_monitoring_schedule(...)`: a job definition and a schedule that runs it."""
    made: list[Created] = []
    monitor.consumed = True
    span = site.span
    given = call.get("monitor_schedule_name")
    name: Value = frozen(core, given.value, span) if given else unknown(core, "the SDK makes a name", span)
    place = given.span if given is not None else span
    title = given.value if given is not None else Scalar(monitor.title, span) if monitor.title else None
    schedule: Properties = {"MonitoringScheduleName": Entry(place, name, "monitor_schedule_name")}
    inner: Properties = {}
    fill(core, inner, {"schedule_cron_expression": "ScheduleConfig.ScheduleExpression"}, call)
    hourly = Scalar("cron(0 * ? * * *)", span)
    put(inner, "ScheduleConfig.ScheduleExpression", Entry(span, hourly), span)
    kind = _KINDS.get(monitor.kind)
    if kind is None:
        definition = _inline(core, monitor, call, span)
        put(inner, "MonitoringJobDefinition", Entry(span, MapValue(definition, span), ""), span)
        rest = monitor.arguments.rest or call.rest
    else:
        definition, rest = _definition(core, monitor, kind, call, span), None
        label = unknown(core, "the SDK makes a name", span)
        put(definition, "JobDefinitionName", Entry(span, label), span)
        both = monitor.arguments.rest or call.rest
        type_name = f"AWS::SageMaker::{kind}JobDefinition"
        called = _title(monitor)
        made.append(ledger.add(core, type_name, definition, monitor.site, called, both, MONITORING_NAMES))
        put(inner, "MonitoringJobDefinitionName", Entry(span, label), span)
        put(inner, "MonitoringType", Entry(span, Scalar(kind, span)), span)
    put(schedule, "MonitoringScheduleConfig", Entry(span, MapValue(inner, span)), span)
    fill(core, schedule, {"tags": "Tags"}, monitor.arguments)
    made.append(ledger.add(core, SCHEDULE, schedule, site, title, rest, MONITORING_NAMES))
    return made


def _title(monitor: SdkObject) -> PyValue | None:
    return Scalar(monitor.title, monitor.site.span) if monitor.title else None


def _definition(core: Core, monitor: SdkObject, kind: str, call: Arguments, span: Span) -> Properties:
    properties: Properties = {}
    fill(core, properties, MONITORING, monitor.arguments)
    fill(core, properties, {"output_kms_key": f"{kind}JobOutputConfig.KmsKeyId"}, monitor.arguments)
    image = Entry(span, images.of_object(core, monitor, "processing", span))
    put(properties, f"{kind}AppSpecification.ImageUri", image, span)
    for parameter in ("endpoint_input", "batch_transform_input"):
        source = _input(core, call, parameter)
        if source is not None:
            put(properties, f"{kind}JobInput.{source[0]}", source[1], span)
    fill(core, properties, {"constraints": f"{kind}BaselineConfig.ConstraintsResource.S3Uri"}, call)
    _outputs(core, properties, f"{kind}JobOutputConfig", call, span)
    return properties


def _inline(core: Core, monitor: SdkObject, call: Arguments, span: Span) -> Properties:
    properties: Properties = {}
    table = {**MONITORING, "image_uri": "MonitoringAppSpecification.ImageUri", "env": "Environment"}
    table = {name: path.replace("JobResources", "MonitoringResources") for name, path in table.items()}
    fill(core, properties, {k: v for k, v in table.items() if k != "tags"}, monitor.arguments)
    fill(core, properties, {"output_kms_key": "MonitoringOutputConfig.KmsKeyId"}, monitor.arguments)
    source = _input(core, call, "endpoint_input")
    if source is not None:
        held = ListValue((MapValue({source[0]: source[1]}, span),), span)
        put(properties, "MonitoringInputs", Entry(span, held), span)
    fill(core, properties, {"constraints": "BaselineConfig.ConstraintsResource.S3Uri"}, call)
    _outputs(core, properties, "MonitoringOutputConfig", call, span)
    return properties


def _input(core: Core, call: Arguments, parameter: str) -> tuple[str, Entry] | None:
    argument = call.get(parameter)
    if argument is None:
        return None
    name = "EndpointInput" if parameter == "endpoint_input" else "BatchTransformInput"
    held = frozen(core, argument.value, argument.span)
    if not sdk_objects(argument.value) and not isinstance(held, MapValue):
        rest = core.unknown("the SDK decides how it is read", argument.span)
        held = MapValue({"EndpointName": Entry(argument.span, held, parameter)}, argument.span, rest)
    return name, Entry(argument.span, held, parameter)


def _outputs(core: Core, properties: Properties, path: str, call: Arguments, span: Span) -> None:
    given = call.get("output_s3_uri")
    place = given.span if given is not None else span
    uri = frozen(core, given.value, span) if given else unknown(core, "it is in the default bucket", span)
    rest = core.unknown("the SDK decides how it is written", place)
    output = MapValue({"S3Output": Entry(place, MapValue({"S3Uri": Entry(place, uri)}, place, rest))}, place)
    put(properties, f"{path}.MonitoringOutputs", Entry(place, ListValue((output,), place)), span)


def create_features(core: Core, ledger: Ledger, group: SdkObject, call: Arguments, site: Site) -> None:
    """`feature_group.create(...)`."""
    group.consumed = True
    properties: Properties = {}
    fill(core, properties, FEATURES, group.arguments)
    s3 = call.value("s3_uri")
    table = dict(FEATURES)
    if isinstance(s3, Scalar) and s3.data is False:
        del table["s3_uri"]
    fill(core, properties, table, call)
    defaults(core, properties, "AWS::SageMaker::FeatureGroup", site.span)
    name = group.arguments.value("name")
    rest = call.rest or group.arguments.rest
    ledger.add(core, "AWS::SageMaker::FeatureGroup", properties, site, name, rest, FEATURES_NAMES)
