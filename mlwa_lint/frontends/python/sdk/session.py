"""Sessions of the SDK: clients, the default bucket, and what is made through their methods."""

from mlwa_lint.frontends.python.boto3.clients import Boto3Client, Boto3Session
from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.freezing import frozen
from mlwa_lint.frontends.python.evaluation.values import (
    DictObj,
    Entries,
    Item,
    KeywordArgument,
    PyValue,
    Site,
)
from mlwa_lint.frontends.python.ledger import Ledger
from mlwa_lint.frontends.python.sdk.objects import Arguments, SdkObject
from mlwa_lint.frontends.python.sdk.predictors import (
    CONFIG_TYPE,
    ENDPOINT_TYPE,
    MODEL_TYPE,
    delete_endpoint,
)
from mlwa_lint.frontends.python.sdk.requests import Properties, defaults, fill, put, unknown
from mlwa_lint.frontends.python.sdk.session_requests import (
    CONFIG_OF_SESSION,
    CONTAINER,
    JOB_NAMES,
    JOBS,
    MODEL_OF_SESSION,
    NETWORK,
    SESSION_CONFIG,
    SESSION_MODEL,
    SESSION_VARIANT,
    VARIANT_DEFAULTS,
)
from mlwa_lint.frontends.python.sdk.user_names import HOSTING_NAMES
from mlwa_lint.frontends.texts import text_of
from mlwa_lint.model.resources import UPDATED
from mlwa_lint.model.values import Entry, ListValue, MapValue, Scalar, Unknown, Value

_VARIANT_ORDER = ("model_name", "instance_type", "initial_instance_count", "variant_name", "initial_weight")
_CONTAINER_ORDER = ("image_uri", "model_data_url", "env", "container_mode", "image_config")
_OF_ENDPOINT = frozenset(
    {"endpoint_from_production_variants", "endpoint_from_model_data", "endpoint_from_job"}
)
# Methods that only a session has, by the parameters without which they are not called.
_UNMISTAKABLE = {
    "create_endpoint_config": "name",
    "create_endpoint": "config_name",
    "create_model_from_job": "training_job_name",
    "endpoint_from_job": "job_name",
    "endpoint_from_model_data": "model_s3_location",
    "endpoint_from_production_variants": "production_variants",
}
# Local mode creates nothing in the account; a pipeline's session hands requests over to steps.
_ELSEWHERE = ("Local", "Pipeline")


class SdkSession(SdkObject):
    """`sagemaker.Session(...)`."""

    __slots__ = ("ledger",)

    def __init__(self, core: Core, kind: str, site: Site, ledger: Ledger) -> None:
        super().__init__(core, kind, site)
        self.ledger = ledger

    def attribute(self, name: str, site: Site) -> PyValue | None:
        """Clients, and what they know."""
        if name in ("boto_session", "_boto_session"):
            return self.arguments.value("boto_session") or Boto3Session(self.core, self.ledger, None)
        if name == "sagemaker_client":
            return Boto3Client(self.core, self.ledger, "sagemaker", None)
        if name in ("boto_region_name", "_region_name"):
            return Unknown("the Region is that of the session", site.span, identity="the session's Region")
        return super().attribute(name, site)

    def call(self, name: str, site: Site) -> PyValue | None:
        """Methods."""
        if name == "default_bucket":
            return self._default_bucket(site)
        if name == "upload_data":
            return self._uploaded(site)
        if name == "delete_endpoint":
            given = site.value("endpoint_name", 0)
            if given is not None:
                delete_endpoint(self.core, self.ledger, given, site)
            return None
        if any(each in self.kind for each in _ELSEWHERE):
            return None
        call = Arguments("Session", name, site)
        if name in JOBS:
            self._job(name, call, site)
            return None
        if name in ("create_model", "create_model_from_job"):
            return self._model(name, call, site)
        if name == "create_endpoint_config":
            return self._config(call, _named(self.core, call, "name"), site)
        if name == "create_endpoint":
            return self._endpoint(call, _named(self.core, call, "endpoint_name"), site)
        if name in _OF_ENDPOINT:
            return self._whole_endpoint(name, call, site)
        if name == "update_endpoint":
            self._update(call, site)
        return None

    def _default_bucket(self, site: Site) -> PyValue:
        given = self.arguments.value("default_bucket")
        if given is not None:
            return given
        identity = "the session's default bucket"
        return Unknown(f"{identity} is known only after deployment", site.span, identity=identity)

    def _uploaded(self, site: Site) -> PyValue:
        """`upload_data(path, bucket, key_prefix)`: the prefix, and the file's name where it is a file."""
        bucket, prefix = site.value("bucket", 1), site.value("key_prefix", 2)
        place = bucket if bucket is not None else self._default_bucket(site)
        reason = "whether a file or a folder is uploaded is known only there"
        return text_of(
            [
                Scalar("s3://", site.span),
                frozen(self.core, place, site.span),
                Scalar("/", site.span),
                Scalar("data", site.span) if prefix is None else frozen(self.core, prefix, site.span),
                Unknown(reason, site.span, identity=self.core.number()),
            ],
            site.span,
        )

    def _job(self, method: str, call: Arguments, site: Site) -> None:
        """`train`, `process`, `transform`, `tune` and what else makes one resource of its parameters."""
        kind, table = JOBS[method]
        properties: Properties = {}
        fill(self.core, properties, table, call)
        defaults(self.core, properties, kind, site.span)
        title = call.value("job_name", "feature_group_name")
        self.ledger.add(self.core, kind, properties, site, title, call.rest, JOB_NAMES[method])

    def _model(self, method: str, call: Arguments, site: Site) -> PyValue:
        """`create_model(name, role, container_defs)`; of a job, what is not given is the job's."""
        name = _named(self.core, call, "name", "training_job_name")
        properties: Properties = {}
        if method == "create_model":
            self._containers(properties, call)
        else:
            _container(self.core, properties, call, "it comes from the training job")
            role = unknown(self.core, "it is the training job's where none is given", site.span)
            self._add_model(properties, call, name, site, Entry(site.span, role, "role"))
            return name.value
        self._add_model(properties, call, name, site)
        return name.value

    def _add_model(
        self,
        properties: Properties,
        call: Arguments,
        name: KeywordArgument,
        site: Site,
        of_job: Entry | None = None,
    ) -> None:
        span = site.span
        properties["ModelName"] = Entry(name.span, frozen(self.core, name.value, span), "name")
        fill(self.core, properties, {**SESSION_MODEL, **NETWORK}, call)
        if of_job is not None:
            properties.setdefault("ExecutionRoleArn", of_job)
            network = self.core.unknown("it is the training job's where none is given", span)
            properties.setdefault("VpcConfig", Entry(span, network, "vpc_config_override"))
        defaults(self.core, properties, MODEL_TYPE, span)
        self.ledger.add(self.core, MODEL_TYPE, properties, site, name.value, call.rest, MODEL_OF_SESSION)

    def _containers(self, properties: Properties, call: Arguments) -> None:
        """`container_defs`: one container, several, or the image alone."""
        given = call.get("container_defs", "primary_container")
        if given is None:
            return
        value = frozen(self.core, given.value, given.span)
        if isinstance(value, ListValue):
            properties["Containers"] = Entry(given.span, value, "container_defs")
            return
        if isinstance(value, Scalar):
            value = MapValue({"Image": Entry(given.span, value, "container_defs")}, given.span)
        properties["PrimaryContainer"] = Entry(given.span, value, "container_defs")

    def _config(self, call: Arguments, name: KeywordArgument, site: Site) -> PyValue:
        """`create_endpoint_config(name, model_name, initial_instance_count, instance_type)`."""
        span = site.span
        label = frozen(self.core, name.value, span)
        properties: Properties = {"EndpointConfigName": Entry(name.span, label, "name")}
        fill(self.core, properties, SESSION_CONFIG, call)
        if "ProductionVariants" not in properties:
            variant = _variant(self.core, call)
            held = ListValue((MapValue(variant, span, call.rest),), span)
            properties["ProductionVariants"] = Entry(span, held, "ProductionVariants")
        defaults(self.core, properties, CONFIG_TYPE, span)
        self.ledger.add(self.core, CONFIG_TYPE, properties, site, name.value, call.rest, CONFIG_OF_SESSION)
        return name.value

    def _endpoint(
        self, call: Arguments, name: KeywordArgument, site: Site, own: KeywordArgument | None = None
    ) -> PyValue:
        """`create_endpoint(endpoint_name, config_name)`; a whole endpoint has its name in both places."""
        span = site.span
        config = own if own is not None else _named(self.core, call, "config_name")
        properties: Properties = {
            "EndpointName": Entry(name.span, frozen(self.core, name.value, span), "endpoint_name"),
            "EndpointConfigName": Entry(config.span, frozen(self.core, config.value, span), "config_name"),
        }
        fill(self.core, properties, {"tags": "Tags"}, call)
        made = self.ledger.add(self.core, ENDPOINT_TYPE, properties, site, name.value, None, HOSTING_NAMES)
        made.attributes.setdefault(UPDATED, Entry(span, Scalar(False, span)))
        return name.value

    def _whole_endpoint(self, method: str, call: Arguments, site: Site) -> PyValue:
        """An endpoint and its configuration, of a model that is there or that the method makes."""
        of_job = method == "endpoint_from_job"
        name = _named(self.core, call, "name", *(("job_name",) if of_job else ()))
        if method != "endpoint_from_production_variants":
            properties: Properties = {}
            _container(self.core, properties, call, "it comes from the training job" if of_job else "")
            role = unknown(self.core, "it is the training job's where none is given", site.span)
            beside = Entry(site.span, role, "role") if of_job else None
            self._add_model(properties, call, name, site, beside)
            call.given.setdefault("model_name", name)
        self._endpoint(call, name, site, name)
        return self._config(call, name, site)

    def _update(self, call: Arguments, site: Site) -> None:
        """`update_endpoint(endpoint_name, endpoint_config_name)`, as boto3 has it."""
        named = {
            key: held
            for key, parameter in (
                ("EndpointName", "endpoint_name"),
                ("EndpointConfigName", "endpoint_config_name"),
            )
            if (held := call.get(parameter)) is not None
        }
        client = Boto3Client(self.core, self.ledger, "sagemaker", None)
        client.call("update_endpoint", site._replace(positional=(), named=named))


def of_unresolved(core: Core, ledger: Ledger, path: str, site: Site) -> PyValue | None:
    """A method that only sessions have, with their parameters' names, of something unknown."""
    unresolved, _, method = path.partition("?.")
    if unresolved or _UNMISTAKABLE.get(method) not in site.named:
        return None
    return SdkSession(core, "Session", site._replace(positional=(), named={}), ledger).call(method, site)


def _named(core: Core, call: Arguments, *parameters: str) -> KeywordArgument:
    """The argument that names what a call makes; the SDK chooses a name where none is given."""
    given = call.get(*parameters)
    if given is not None:
        return given
    return KeywordArgument(call.span, unknown(core, "its name is not known", call.span))


def _container(core: Core, properties: Properties, call: Arguments, of_job: str) -> None:
    """The container of a model that a method makes of its parameters."""
    held: Properties = {}
    fill(core, held, CONTAINER, call)
    for key in ("Image", "ModelDataUrl") if of_job else ():
        held.setdefault(key, Entry(call.span, unknown(core, of_job, call.span), key))
    properties["PrimaryContainer"] = Entry(call.span, MapValue(held, call.span, call.rest))


def _variant(core: Core, call: Arguments) -> Properties:
    """A variant as the request has it, with the SDK's defaults."""
    properties: Properties = {}
    fill(core, properties, SESSION_VARIANT, call)
    for parameter, data in VARIANT_DEFAULTS.items():
        if "ServerlessConfig" not in properties or parameter == "variant_name":
            source = frozenset({f"the SDK's default, {parameter}={data!r}"})
            default = Entry(call.span, Scalar(data, call.span, source))
            put(properties, SESSION_VARIANT[parameter], default, call.span)
    return properties


def production_variant(core: Core, site: Site) -> PyValue:
    """`sagemaker.session.production_variant(...)`: a variant as the request has it."""
    return _as_dictionary(_variant(core, _ordered(site, _VARIANT_ORDER)), site)


def container_def(core: Core, site: Site) -> PyValue:
    """`sagemaker.container_def(...)`: a container as the request has it."""
    properties: Properties = {}
    fill(core, properties, CONTAINER, _ordered(site, _CONTAINER_ORDER))
    data: Value | None = properties["ModelDataUrl"].value if "ModelDataUrl" in properties else None
    if isinstance(data, MapValue):
        properties["ModelDataSource"] = properties.pop("ModelDataUrl")
    return _as_dictionary(properties, site)


def _ordered(site: Site, order: tuple[str, ...]) -> Arguments:
    """The arguments of a function, whose parameters have an order of their own."""
    call = Arguments("Session", "", site)
    for parameter, value in zip(order, site.positional, strict=False):
        call.given.setdefault(parameter, KeywordArgument(site.span, value))
    return call


def _as_dictionary(properties: Properties, site: Site) -> PyValue:
    cells = Entries({key: Item(entry.key_span, entry.value) for key, entry in properties.items()})
    return DictObj(cells, site.span)
