"""Jobs: the requests of estimators, trainers, processors, transformers, tuners and AutoML objects."""

from collections.abc import Iterator, Mapping, Sequence

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.freezing import frozen
from mlwa_lint.frontends.python.evaluation.values import DictObj, KeywordArgument, ListObj, PyValue
from mlwa_lint.frontends.python.sdk import images
from mlwa_lint.frontends.python.sdk.families import FAMILIES
from mlwa_lint.frontends.python.sdk.first_version import training_names
from mlwa_lint.frontends.python.sdk.objects import Arguments, SdkObject, sdk_objects
from mlwa_lint.frontends.python.sdk.parameters import (
    AUTOML_1,
    AUTOML_2,
    PROCESSING,
    TRAINER,
    TRAINING,
    TRANSFORM,
    TUNING,
)
from mlwa_lint.frontends.python.sdk.requests import Properties, defaults, fill, put, single, unknown, write
from mlwa_lint.frontends.python.sdk.sources import note_script, note_sources
from mlwa_lint.frontends.python.sdk.user_names import (
    AUTOML_NAMES,
    PROCESSING_NAMES,
    TRAINER_NAMES,
    TRANSFORM_NAMES,
    TUNING_NAMES,
)
from mlwa_lint.frontends.python.vocabulary import PythonVocabulary
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Absent, Choice, Entry, ListValue, MapValue, Scalar, Unknown, Value
from mlwa_lint.startup.records import NamedTuple

TRAINING_JOB = "AWS::SageMaker::TrainingJob"
PROCESSING_JOB = "AWS::SageMaker::ProcessingJob"
TRANSFORM_JOB = "AWS::SageMaker::TransformJob"
TUNING_JOB = "AWS::SageMaker::HyperParameterTuningJob"
AUTOML_JOB = "AWS::SageMaker::AutoMLJob"
AUTOML_JOB_2 = "AWS::SageMaker::AutoMLJobV2"


class ResourceRequest(NamedTuple):
    """The request of an object: a type, its properties, and the names that the user has for these."""

    kind: str
    properties: Properties
    names: PythonVocabulary
    rest: Unknown | None = None


def _named(core: Core, properties: Properties, key: str, given: KeywordArgument | None, span: Span) -> None:
    value = given.value if given is not None else None
    name = frozen(core, value, span) if value is not None else None
    if name is None:
        name = unknown(core, "the SDK makes a name", span)
    put(properties, key, Entry(given.span if given is not None else span, name, key), span)


def _default_bucket(core: Core, properties: Properties, path: str, span: Span) -> None:
    place = unknown(core, "it is in the session's default bucket", span)
    put(properties, path, Entry(span, place, path), span)


def training(core: Core, estimator: SdkObject, call: Arguments | None) -> ResourceRequest:
    """`estimator.fit(...)`, or an estimator that is handed on."""
    if FAMILIES.get(estimator.kind) == "trainer":
        return _trainer(core, estimator, call)
    own, span = estimator.arguments, estimator.site.span
    properties: Properties = {}
    fill(core, properties, TRAINING, own)
    if call is not None:
        fill(core, properties, {"experiment_config": "ExperimentConfig"}, call)
        inputs = call.get("inputs")
        if inputs is not None:
            _channels(core, properties, inputs)
        _named(core, properties, "TrainingJobName", call.get("job_name"), span)
    if own.get("image_uri") is None:
        image = images.of_object(core, estimator, "training", span)
        put(properties, "AlgorithmSpecification.TrainingImage", Entry(span, image, "image_uri"), span)
    images.note_old_cuda(core, properties, estimator, "training")
    _default_bucket(core, properties, "OutputDataConfig.S3OutputPath", span)
    defaults(core, properties, TRAINING_JOB, span)
    note_sources(core, properties, estimator)
    note_script(properties, estimator)
    return ResourceRequest(TRAINING_JOB, properties, training_names(own), own.rest)


def _with_default(value: Value, steps: Sequence[str], default: Scalar) -> Value:
    """A value, with what the SDK puts for a part of it that is given as None or left out."""
    if isinstance(value, Choice):
        yes, no = (_with_default(each, steps, default) for each in (value.yes, value.no))
        return value._replace(yes=yes, no=no)
    if isinstance(value, Absent):
        inner: Value = default._replace(assumed=default.assumed | value.assumed)
        for step in reversed(steps):
            inner = MapValue({step: Entry(default.span, inner, step)}, default.span)
        return inner
    if not steps or not isinstance(value, MapValue):
        return value
    held = value.entries.get(steps[0])
    entry = held if held is not None else Entry(default.span, Absent(default.span), steps[0])
    filled = entry._replace(value=_with_default(entry.value, steps[1:], default))
    return value._replace(entries={**value.entries, steps[0]: filled})


def _trainer(core: Core, trainer: SdkObject, call: Arguments | None) -> ResourceRequest:
    """`ModelTrainer(...).train(...)`."""
    own, span = trainer.arguments, trainer.site.span
    properties: Properties = {}
    fill(core, properties, {k: v for k, v in TRAINER.items() if k != "input_data_config"}, own)
    compute = own.value("compute")
    spot = single(compute) if compute is not None else None
    if isinstance(spot, SdkObject):
        given = spot.arguments.get("enable_managed_spot_training")
        if given is not None:
            write(core, properties, "EnableManagedSpotTraining", "compute", given)
    for path, data in (
        ("ResourceConfig.InstanceType", "ml.m5.xlarge"),
        ("ResourceConfig.InstanceCount", 1),
        ("ResourceConfig.VolumeSizeInGB", 30),
        ("StoppingCondition.MaxRuntimeInSeconds", 3600),
    ):
        parameter = path.split(".")[0]
        source = frozenset({f"the SDK's default, {parameter}.{path.split('.')[1]} = {data}"})
        default = Scalar(data, span, source)
        entry = properties.get(parameter)
        if entry is not None:
            filled = _with_default(entry.value, path.split(".")[1:], default)
            properties[parameter] = entry._replace(value=filled)
        put(properties, path, Entry(span, default, path), span)
    _networking(core, properties, own)
    inputs = (call.get("input_data_config") if call is not None else None) or own.get("input_data_config")
    if inputs is not None:
        _channels(core, properties, inputs)
    if call is not None:
        _named(core, properties, "TrainingJobName", None, span)
    _default_bucket(core, properties, "OutputDataConfig.S3OutputPath", span)
    defaults(core, properties, TRAINING_JOB, span)
    note_sources(core, properties, trainer)
    note_script(properties, trainer)
    return ResourceRequest(TRAINING_JOB, properties, TRAINER_NAMES, own.rest)


def _networking(core: Core, properties: Properties, own: Arguments) -> None:
    argument = own.get("networking")
    value = single(argument.value) if argument is not None else None
    if argument is None:
        return
    if not isinstance(value, SdkObject):
        held = frozen(core, argument.value, argument.span)
        for path in ("EnableNetworkIsolation", "EnableInterContainerTrafficEncryption", "VpcConfig"):
            if not isinstance(held, MapValue):
                reason = held.reason if isinstance(held, Unknown) else "networking is not known"
                put(
                    properties,
                    path,
                    Entry(argument.span, Unknown(reason, argument.span), path),
                    argument.span,
                )
        return
    table = {
        "enable_network_isolation": "EnableNetworkIsolation",
        "enable_inter_container_traffic_encryption": "EnableInterContainerTrafficEncryption",
        "subnets": "VpcConfig.Subnets",
        "security_group_ids": "VpcConfig.SecurityGroupIds",
    }
    fill(core, properties, table, value.arguments)


def _channels(core: Core, properties: Properties, inputs: KeywordArgument) -> None:
    """The input of training: one place, channels by name, or a list of channels."""
    value = single(inputs.value)
    span = inputs.span
    rest: Unknown | None = None
    if isinstance(value, DictObj):
        found = [(key, item.value, item.key_span) for key, item in value.items()]
        rest = value.rest
    elif isinstance(value, ListObj):
        found = [("", each, span) for each in value.values]
        rest = value.rest
    else:
        found = [("training", value, span)]
    channels = [_channel(core, name, each, place) for name, each, place in found]
    held: Value = ListValue(tuple(channels), span, rest)
    put(properties, "InputDataConfig", Entry(span, held, "inputs"), span)


def _channel(core: Core, name: str, value: PyValue, span: Span) -> Value:
    held = frozen(core, value, span)
    if not isinstance(held, MapValue):
        source = MapValue({"S3Uri": Entry(span, held, "s3_data")}, span)
        source = MapValue({"S3DataSource": Entry(span, source, "s3_data")}, span)
        held = MapValue({"DataSource": Entry(span, source, "s3_data")}, span)
    if not name:
        return held
    return held._replace(entries={"ChannelName": Entry(span, Scalar(name, span), "inputs"), **held.entries})


def processing(core: Core, processor: SdkObject, call: Arguments | None) -> ResourceRequest:
    """`processor.run(...)`."""
    own, span = processor.arguments, processor.site.span
    properties: Properties = {}
    fill(core, properties, {k: v for k, v in PROCESSING.items() if k not in ("inputs", "outputs")}, own)
    if call is not None:
        fill(core, properties, {k: PROCESSING[k] for k in ("inputs", "outputs", "experiment_config")}, call)
        fill(core, properties, {"kms_key": "ProcessingOutputConfig.KmsKeyId"}, call)
        _named(core, properties, "ProcessingJobName", call.get("job_name"), span)
    if own.get("image_uri") is None:
        image = images.of_object(core, processor, "processing", span)
        put(properties, "AppSpecification.ImageUri", Entry(span, image, "image_uri"), span)
    defaults(core, properties, PROCESSING_JOB, span)
    note_sources(core, properties, processor, call)
    note_script(properties, processor, call)
    return ResourceRequest(PROCESSING_JOB, properties, PROCESSING_NAMES, own.rest)


# What the SDK gives the job of a check of a pipeline that leaves it out.
_CHECK_DEFAULTS: Mapping[str, str | int] = {
    "instance_count": 1,
    "instance_type": "ml.m5.xlarge",
    "volume_size_in_gb": 30,
}


def checking(core: Core, config: SdkObject, step: SdkObject) -> ResourceRequest:
    """The processing job of a check of a pipeline, by its `CheckJobConfig`."""
    own, span = config.arguments, config.site.span
    properties: Properties = {}
    fill(core, properties, {k: v for k, v in PROCESSING.items() if k not in ("inputs", "outputs")}, own)
    for parameter, default in _CHECK_DEFAULTS.items():
        if own.get(parameter) is None:
            value = Scalar(default, span, frozenset({f"the SDK's default, {parameter}={default}"}))
            put(properties, PROCESSING[parameter], Entry(span, value, parameter), span)
    image = images.of_object(core, step, "processing", span)
    put(properties, "AppSpecification.ImageUri", Entry(span, image, "check_job_config"), span)
    defaults(core, properties, PROCESSING_JOB, span)
    return ResourceRequest(PROCESSING_JOB, properties, PROCESSING_NAMES, own.rest)


def transform(core: Core, transformer: SdkObject, call: Arguments | None) -> ResourceRequest:
    """`transformer.transform(...)`."""
    own, span = transformer.arguments, transformer.site.span
    properties: Properties = {}
    fill(core, properties, TRANSFORM, own)
    if call is not None:
        fill(core, properties, TRANSFORM, call)
        _named(core, properties, "TransformJobName", call.get("job_name"), span)
    _default_bucket(core, properties, "TransformOutput.S3OutputPath", span)
    defaults(core, properties, TRANSFORM_JOB, span)
    return ResourceRequest(TRANSFORM_JOB, properties, TRANSFORM_NAMES, own.rest)


def tuning(core: Core, tuner: SdkObject, call: Arguments | None) -> ResourceRequest:
    """`tuner.fit(...)`."""
    own, span = tuner.arguments, tuner.site.span
    properties: Properties = {}
    fill(core, properties, TUNING, own)
    if own.rest is None:
        source = frozenset({"the SDK's default, max_jobs=1"})
        limit = Entry(span, Scalar(1, span, source), "max_jobs")
        put(properties, TUNING["max_jobs"], limit, span)
    # Of several, in branches, the first represents all.
    estimators = list(_estimators(own))
    if estimators:
        estimator = estimators[0]
        inner = training(core, estimator, call).properties
        inner.pop("TrainingJobName", None)
        inner.pop("Tags", None)
        if "HyperParameters" in inner:
            inner["StaticHyperParameters"] = inner.pop("HyperParameters")
        if "ResourceConfig" in inner:
            inner["HyperParameterTuningResourceConfig"] = inner.pop("ResourceConfig")
        held: Value = MapValue(inner, span, estimator.arguments.rest)
    else:
        held = core.unknown("which estimator is tuned is not known", span)
    put(properties, "TrainingJobDefinition", Entry(span, held, "estimator"), span)
    if call is not None:
        _named(core, properties, "HyperParameterTuningJobName", call.get("job_name"), span)
    return ResourceRequest(TUNING_JOB, properties, TUNING_NAMES, own.rest)


def _estimators(own: Arguments) -> Iterator[SdkObject]:
    for name in ("estimator", "model_trainer"):
        value = own.value(name)
        for each in sdk_objects(value) if value is not None else ():
            each.consumed = True
            yield each


def automl(core: Core, job: SdkObject, call: Arguments | None) -> ResourceRequest:
    """`automl.fit(...)`."""
    own, span = job.arguments, job.site.span
    second = job.kind == "AutoMLV2"
    properties: Properties = {}
    fill(core, properties, AUTOML_2 if second else AUTOML_1, own)
    if call is not None:
        _named(core, properties, "AutoMLJobName", call.get("job_name"), span)
    _default_bucket(core, properties, "OutputDataConfig.S3OutputPath", span)
    kind = AUTOML_JOB_2 if second else AUTOML_JOB
    defaults(core, properties, kind, span)
    return ResourceRequest(kind, properties, AUTOML_NAMES, own.rest)
