"""Sessions of the SDK: clients, the default bucket, and endpoints that are made through them."""

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
from mlwa_lint.frontends.python.sdk.predictors import delete_endpoint
from mlwa_lint.frontends.python.sdk.requests import Properties, fill, put, unknown
from mlwa_lint.frontends.python.sdk.user_names import HOSTING_NAMES
from mlwa_lint.frontends.texts import text_of
from mlwa_lint.model.values import Entry, Scalar, Unknown

_VARIANT = {
    "model_name": "ModelName",
    "instance_type": "InstanceType",
    "initial_instance_count": "InitialInstanceCount",
    "variant_name": "VariantName",
    "initial_weight": "InitialVariantWeight",
    "accelerator_type": "AcceleratorType",
    "serverless_inference_config": "ServerlessConfig",
    "volume_size": "VolumeSizeInGB",
    "routing_config": "RoutingConfig",
}
_VARIANT_DEFAULTS: dict[str, int | str] = {
    "initial_instance_count": 1,
    "variant_name": "AllTraffic",
    "initial_weight": 1,
}
_VARIANT_ORDER = ("model_name", "instance_type", "initial_instance_count", "variant_name", "initial_weight")


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
        if name == "endpoint_from_production_variants":
            return self._endpoint(site)
        if name == "delete_endpoint":
            given = site.value("endpoint_name", 0)
            if given is not None:
                delete_endpoint(self.core, self.ledger, given, site)
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

    def _endpoint(self, site: Site) -> PyValue:
        order = ("name", "production_variants", "tags", "kms_key", "wait", "data_capture_config_dict")
        call = Arguments("Session", "", site)
        for parameter, value in zip(order, site.positional, strict=False):
            call.given.setdefault(parameter, KeywordArgument(site.span, value))
        given = call.get("name")
        name = given.value if given is not None else unknown(self.core, "its name is not known", site.span)
        place = given.span if given is not None else site.span
        text = frozen(self.core, name, site.span)
        endpoint: Properties = {
            "EndpointName": Entry(place, text),
            "EndpointConfigName": Entry(place, text),
        }
        self.ledger.add(self.core, "AWS::SageMaker::Endpoint", endpoint, site, name, None, HOSTING_NAMES)
        config: Properties = {"EndpointConfigName": Entry(place, text)}
        table = {
            "production_variants": "ProductionVariants",
            "kms_key": "KmsKeyId",
            "tags": "Tags",
            "data_capture_config_dict": "DataCaptureConfig",
            "async_inference_config_dict": "AsyncInferenceConfig",
        }
        fill(self.core, config, table, call)
        self.ledger.add(
            self.core, "AWS::SageMaker::EndpointConfig", config, site, name, site.rest, HOSTING_NAMES
        )
        return name


def production_variant(core: Core, site: Site) -> PyValue:
    """`sagemaker.session.production_variant(...)`: a variant as the request has it."""
    call = Arguments("Session", "", site)
    for parameter, value in zip(_VARIANT_ORDER, site.positional, strict=False):
        call.given.setdefault(parameter, KeywordArgument(site.span, value))
    properties: Properties = {}
    fill(core, properties, _VARIANT, call)
    for parameter, data in _VARIANT_DEFAULTS.items():
        if "ServerlessConfig" not in properties or parameter == "variant_name":
            source = frozenset({f"the SDK's default, {parameter}={data!r}"})
            put(properties, _VARIANT[parameter], Entry(site.span, Scalar(data, site.span, source)), site.span)
    cells = Entries({key: Item(entry.key_span, entry.value) for key, entry in properties.items()})
    return DictObj(cells, site.span)
