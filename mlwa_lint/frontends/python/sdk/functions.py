"""Functions that run as training jobs of SageMaker: `@remote`, and `@step` in a pipeline.

A call of a remote function starts a job; a call of a step's function gives the step, which a pipeline runs
together with those whose results it takes.
"""

import ast
from collections.abc import Iterator

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.values import (
    DictObj,
    FunctionObj,
    Handle,
    KeywordArgument,
    ListObj,
    PyValue,
    Site,
    options,
)
from mlwa_lint.frontends.python.ledger import Ledger
from mlwa_lint.frontends.python.sdk import images
from mlwa_lint.frontends.python.sdk.jobs import TRAINING_JOB
from mlwa_lint.frontends.python.sdk.local import is_local
from mlwa_lint.frontends.python.sdk.objects import SdkObject
from mlwa_lint.frontends.python.sdk.references import StepArguments
from mlwa_lint.frontends.python.sdk.requests import Properties, defaults, fill, put
from mlwa_lint.frontends.python.sdk.user_names import inverted
from mlwa_lint.model.resources import FETCHES
from mlwa_lint.model.values import Entry, ListValue, Scalar, Unknown

# What the pipeline calls such a step, and its class here.
STEP = "FunctionStep"
_REMOTE = "RemoteFunction"
_MODULES = ("remote_function", "function_step")
_TABLE = {
    "role": "RoleArn",
    "image_uri": "AlgorithmSpecification.TrainingImage",
    "instance_count": "ResourceConfig.InstanceCount",
    "instance_type": "ResourceConfig.InstanceType",
    "volume_size": "ResourceConfig.VolumeSizeInGB",
    "volume_kms_key": "ResourceConfig.VolumeKmsKeyId",
    "keep_alive_period_in_seconds": "ResourceConfig.KeepAlivePeriodInSeconds",
    "s3_root_uri": "OutputDataConfig.S3OutputPath",
    "s3_kms_key": "OutputDataConfig.KmsKeyId",
    "max_runtime_in_seconds": "StoppingCondition.MaxRuntimeInSeconds",
    "max_wait_time_in_seconds": "StoppingCondition.MaxWaitTimeInSeconds",
    "subnets": "VpcConfig.Subnets",
    "security_group_ids": "VpcConfig.SecurityGroupIds",
    "environment_variables": "Environment",
    "tags": "Tags",
    "encrypt_inter_container_traffic": "EnableInterContainerTrafficEncryption",
    "use_spot_instances": "EnableManagedSpotTraining",
}
_NAMES = inverted(
    _TABLE,
    {"subnets and security_group_ids": "VpcConfig", "max_runtime_in_seconds": "StoppingCondition"},
)
_DEFAULTS = {
    "ResourceConfig.InstanceCount": ("instance_count", 1),
    "ResourceConfig.VolumeSizeInGB": ("volume_size", 30),
    "StoppingCondition.MaxRuntimeInSeconds": ("max_runtime_in_seconds", 86400),
}
_LOADS = "the SDK loads the function from S3 into the container"
# Functions whose results one another takes are followed so far.
_DEPTH = 20


def decorating(core: Core, ledger: Ledger, path: str, site: Site) -> PyValue | None:
    """What `step(...)` and `remote(...)` give, and what they make of a function without arguments."""
    kind = _kind_of(path.removeprefix("@"))
    if kind is None:
        return None
    settings = _Settings(core, ledger, kind, site)
    return settings.call("__call__", site) if path.startswith("@") else settings


def _kind_of(path: str) -> str | None:
    if not any(f".{module}" in path for module in _MODULES):
        return None
    name = path.rpartition(".")[2]
    return {"step": STEP, "remote": _REMOTE}.get(name)


class _Settings(Handle):
    """The arguments of a decorator."""

    __slots__ = ("core", "kind", "ledger", "site")

    def __init__(self, core: Core, ledger: Ledger, kind: str, site: Site) -> None:
        self.core = core
        self.ledger = ledger
        self.kind = kind
        self.site = site

    def call(self, name: str, site: Site) -> PyValue | None:
        """What is made of a function."""
        given = site.positional[0] if site.positional else None
        if name != "__call__" or not isinstance(given, FunctionObj) or isinstance(given.node, ast.Lambda):
            return None
        return _JobFunction(self, given.node.name)


class _JobFunction(Handle):
    """A function that runs as a job."""

    __slots__ = ("function", "settings")

    def __init__(self, settings: _Settings, function: str) -> None:
        self.settings = settings
        self.function = function

    def call(self, name: str, site: Site) -> PyValue | None:
        """The step that a call makes, or the result of the job."""
        if name != "__call__":
            return None
        settings = self.settings
        step = FunctionStep(settings.core, settings.kind, settings.site, self.function, site)
        if settings.kind == STEP:
            return step
        if not is_local(step):
            properties = step.request().properties
            title = step.arguments.value("name")
            settings.ledger.add(
                settings.core, TRAINING_JOB, properties, settings.site, title, step.arguments.rest, _NAMES
            )
        return Unknown(f"{self.function}() runs as a job", site.span, identity=settings.core.number())


class FunctionStep(SdkObject):
    """A call of a function that a pipeline runs as a step, or a job of its own."""

    __slots__ = ("taken",)

    def __init__(self, core: Core, kind: str, site: Site, function: str, call: Site) -> None:
        super().__init__(core, kind, site)
        self.title = function
        given = self.arguments.given
        given.setdefault("name", KeywordArgument(site.span, Scalar(function, site.span)))
        # What the call takes of other steps.
        self.taken = (*call.positional, *(each.value for each in call.named.values()))
        for number, value in enumerate(self.taken):
            core.store(given, f"input {number}", KeywordArgument(call.span, value))

    def item(self, key: PyValue, site: Site) -> PyValue | None:
        """A part of its result."""
        return self

    def before(self, depth: int = 0) -> Iterator["FunctionStep"]:
        """The steps whose results it takes, with those before them."""
        for value in self.taken if depth < _DEPTH else ():
            for step in _steps_in(value, depth):
                yield from step.before(depth + 1)
                yield step

    def request(self) -> StepArguments:
        """The training job that the service runs the function in."""
        core, span = self.core, self.site.span
        properties: Properties = {}
        fill(core, properties, _TABLE, self.arguments)
        for path, (parameter, data) in _DEFAULTS.items():
            source = frozenset({f"the SDK's default, {parameter}={data}"})
            put(properties, path, Entry(span, Scalar(data, span, source), parameter), span)
        if self.arguments.get("image_uri") is None:
            image = Entry(span, images.of_function(core, span), "image_uri")
            put(properties, "AlgorithmSpecification.TrainingImage", image, span)
        # No argument sets these: the SDK loads the function from S3, and records what a run around it does.
        put(properties, FETCHES, Entry(span, Scalar(_LOADS, span)), span)
        put(properties, "AlgorithmSpecification.MetricDefinitions", Entry(span, ListValue((), span)), span)
        if self.kind != STEP:
            recorded = core.unknown("a run of SageMaker Experiments around the call may record it", span)
            put(properties, "ExperimentConfig", Entry(span, recorded), span)
        place = core.unknown("it is in the session's default bucket", span)
        put(properties, "OutputDataConfig.S3OutputPath", Entry(span, place, "s3_root_uri"), span)
        defaults(core, properties, TRAINING_JOB, span)
        return StepArguments(TRAINING_JOB, properties, span, None, _NAMES)


def _steps_in(value: PyValue, depth: int) -> Iterator[FunctionStep]:
    for option, _ in options(value):
        if isinstance(option, FunctionStep):
            yield option
        elif isinstance(option, ListObj) and depth < _DEPTH:
            for each in option.values:
                yield from _steps_in(each, depth + 1)
        elif isinstance(option, DictObj) and depth < _DEPTH:
            for item in dict(option.items()).values():
                yield from _steps_in(item.value, depth + 1)
