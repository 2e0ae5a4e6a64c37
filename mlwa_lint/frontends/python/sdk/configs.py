"""Configuration objects: what they are in a request."""

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.freezing import frozen
from mlwa_lint.frontends.python.evaluation.values import DictObj, Entries, Item, PyValue, Site
from mlwa_lint.frontends.python.sdk.names import pascal
from mlwa_lint.frontends.python.sdk.objects import SdkObject, in_account
from mlwa_lint.frontends.python.sdk.parameters import CONFIGS, PROBLEMS
from mlwa_lint.frontends.python.sdk.requests import Properties, fill, put, unknown
from mlwa_lint.model.values import Absent, Entry, ListValue, MapValue, Scalar, Value


class Config(SdkObject):
    """An object that a table translates: `DataCaptureConfig(...)`."""

    __slots__ = ()

    def frozen(self) -> PyValue | None:
        """Its part of a request."""
        properties: Properties = {}
        fill(self.core, properties, CONFIGS[self.kind], self.arguments)
        if self.kind in PROBLEMS:
            span = self.site.span
            put(properties, PROBLEMS[self.kind], Entry(span, MapValue({}, span)), span)
        if self.kind == "DataCaptureConfig":
            self._capture_options(properties)
            self._in_default_bucket(properties, "DestinationS3Uri")
        if self.kind == "AsyncInferenceConfig":
            self._in_default_bucket(properties, "OutputConfig.S3OutputPath")
            self._in_default_bucket(properties, "OutputConfig.S3FailurePath")
        return MapValue(properties, self.site.span, self.arguments.rest)

    def _in_default_bucket(self, properties: Properties, path: str) -> None:
        place = unknown(self.core, "it is in the session's default bucket", self.site.span)
        put(properties, path, Entry(self.site.span, place), self.site.span)

    def _capture_options(self, properties: Properties) -> None:
        """`["REQUEST", "RESPONSE"]`, which is the default too."""
        span = self.site.span
        given = properties.get("CaptureOptions")
        modes = ("Input", "Output")
        if given is not None:
            known = {"REQUEST": "Input", "RESPONSE": "Output"}
            items = given.value.items if isinstance(given.value, ListValue) else ()
            words = [each.data if isinstance(each, Scalar) else None for each in items]
            if not words or None in words:
                return
            modes = tuple(known.get(str(word), str(word)) for word in words)  # type: ignore[assignment]
        place = given.key_span if given is not None else span
        options = [MapValue({"CaptureMode": Entry(place, Scalar(mode, place))}, place) for mode in modes]
        properties["CaptureOptions"] = Entry(place, ListValue(tuple(options), place), "capture_options")


class ShapeObject(SdkObject):
    """A shape of the third version: fields in snake case are the request's in Pascal case."""

    __slots__ = ()

    def frozen(self) -> PyValue | None:
        """The structure."""
        properties: Properties = {}
        for name, argument in self.arguments.given.items():
            value = frozen(self.core, argument.value, argument.span)
            if not isinstance(value, Absent) and not (self.kind == "Compute" and name.startswith("enable_")):
                put(properties, pascal(name), Entry(argument.span, as_shape(value), name), argument.span)
        if self.kind == "Compute":
            for name in ("volume_size_in_gb",):
                held = self.arguments.get(name)
                if held is not None:
                    value = frozen(self.core, held.value, held.span)
                    put(properties, pascal(name), Entry(held.span, value, name), held.span)
        return MapValue(properties, self.site.span, self.arguments.rest)


def as_shape(value: Value) -> Value:
    """A value in which maps with snake case keys are shapes too."""
    return value


class PipelineParameter(SdkObject):
    """A parameter of a pipeline."""

    __slots__ = ()

    def __init__(self, core: Core, kind: str, site: Site) -> None:
        super().__init__(core, kind, site)
        held = self.arguments.get("default_value")
        if held is not None:
            # `"local" if isinstance(session, LocalSession) else ...`: no such pipeline is registered.
            self.arguments.given["default_value"] = held._replace(value=in_account(held.value))
        name, default = self.arguments.value("name"), self.arguments.value("default_value")
        if isinstance(name, Scalar):
            known = core.parameters.setdefault(str(name.data), default)
            if known is not default and not _is_same(known, default):
                core.parameters[str(name.data)] = None

    def frozen(self) -> PyValue | None:
        """A reference that the pipeline resolves."""
        span = self.site.span
        name = self.arguments.value("name")
        if not isinstance(name, Scalar):
            return None
        text = Scalar(f"Parameters.{name.data}", span)
        return DictObj(Entries({"Get": Item(span, text)}), span)

    def definition(self, core: Core) -> Value:
        """How the pipeline declares it."""
        span = self.site.span
        kind = self.kind.removeprefix("Parameter")
        entries = {"Type": Entry(span, Scalar(kind, span))}
        for key, parameter in (("Name", "name"), ("DefaultValue", "default_value")):
            held = self.arguments.get(parameter)
            if held is not None:
                entries[key] = Entry(held.span, frozen(core, held.value, held.span), parameter)
        return MapValue(entries, span)


def _is_same(one: PyValue | None, other: PyValue | None) -> bool:
    return isinstance(one, Scalar) and isinstance(other, Scalar) and one.data == other.data


def made(core: Core, name: str, family: str | None, site: Site) -> SdkObject:
    """A new object of a class."""
    if name in CONFIGS:
        return Config(core, name, site)
    if family == "parameter":
        return PipelineParameter(core, name, site)
    return SdkObject(core, name, site)
