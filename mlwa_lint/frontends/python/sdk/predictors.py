"""Predictors: what `deploy` gives back, and what they do with their endpoint."""

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.freezing import frozen
from mlwa_lint.frontends.python.evaluation.values import Handle, Item, PyValue, Site
from mlwa_lint.frontends.python.ledger import Created, Ledger
from mlwa_lint.frontends.python.sdk.objects import Arguments
from mlwa_lint.frontends.python.sdk.parameters import VARIANT
from mlwa_lint.frontends.python.sdk.requests import Properties, fill
from mlwa_lint.model.resources import UPDATED
from mlwa_lint.model.values import Absent, Entry, ListValue, MapValue, Scalar, Unknown, Value

CONFIG_TYPE = "AWS::SageMaker::EndpointConfig"
ENDPOINT_TYPE = "AWS::SageMaker::Endpoint"
MODEL_TYPE = "AWS::SageMaker::Model"
# What `update_endpoint` changes beside the variant.
_UPDATED = {"kms_key": "KmsKeyId", "tags": "Tags", "data_capture_config_dict": "DataCaptureConfig"}


class Deployed(Handle):
    """A predictor: what `deploy` gives back, or `Predictor(endpoint_name)`."""

    __slots__ = ("core", "ledger", "name")

    def __init__(self, core: Core, ledger: Ledger, name: PyValue) -> None:
        self.core = core
        self.ledger = ledger
        self.name = name

    def attribute(self, name: str, site: Site) -> PyValue | None:
        """`endpoint_name`."""
        return self.name if name in ("endpoint_name", "endpoint", "_endpoint_config_name") else None

    def call(self, name: str, site: Site) -> PyValue | None:
        """`delete_endpoint()`, in the third version `delete()`, and `update_endpoint()`."""
        if name in ("delete_endpoint", "delete_predictor", "delete"):
            delete_endpoint(self.core, self.ledger, self.name, site)
        if name == "delete_model":
            self._delete_models(site)
        if name in ("enable_data_capture", "disable_data_capture", "update_data_capture_config"):
            self._change_capture(name, site)
        if name == "update_endpoint":
            update_endpoint(self.core, self.ledger, self.name, Arguments("Predictor", name, site), site)
        return None

    def _change_capture(self, name: str, site: Site) -> None:
        """Notes what the endpoint captures from then on, where the program made it."""
        config = _made(self.core, self.ledger, CONFIG_TYPE, "EndpointConfigName", self.name, site)
        if config is None or not self.core.recording:
            return
        span = site.span
        if name == "update_data_capture_config":
            given = site.value("data_capture_config", 0)
            capture = self.core.unknown("it is known only there", span) if given is None else given
            value = frozen(self.core, capture, span)
        else:
            on = Scalar(name == "enable_data_capture", span)
            rest = Unknown("the SDK chooses what is captured, and where it is kept", span, present=True)
            value = MapValue({"EnableCapture": Entry(span, on, "EnableCapture")}, span, rest)
        self.core.store(config.cells, "DataCaptureConfig", Item(span, value))

    def _delete_models(self, site: Site) -> None:
        """Notes that the program deletes the models that the endpoint serves."""
        config = _made(self.core, self.ledger, CONFIG_TYPE, "EndpointConfigName", self.name, site)
        variants = config.value("ProductionVariants") if config is not None else None
        for each in variants.items if isinstance(variants, ListValue) else ():
            model = each.value("ModelName") if isinstance(each, MapValue) else None
            if model is not None and not isinstance(model, Absent):
                self.ledger.delete_named(self.core, MODEL_TYPE, "ModelName", model, site.span)


def delete_endpoint(core: Core, ledger: Ledger, name: PyValue, site: Site) -> None:
    """Notes that the program deletes an endpoint, where it made it."""
    ledger.delete_named(core, ENDPOINT_TYPE, "EndpointName", frozen(core, name, site.span), site.span)


def update_endpoint(core: Core, ledger: Ledger, name: PyValue, call: Arguments, site: Site) -> None:
    """Changes the configuration of an endpoint that the program made."""
    endpoint = _made(core, ledger, ENDPOINT_TYPE, "EndpointName", name, site)
    config = _made(core, ledger, CONFIG_TYPE, "EndpointConfigName", name, site)
    if endpoint is None or config is None or not core.recording:
        return
    endpoint.attributes.pop(UPDATED, None)
    changed: Properties = {}
    fill(core, changed, _UPDATED, call)
    variant: Properties = {}
    fill(core, variant, VARIANT, call)
    before = config.value("ProductionVariants")
    if variant and isinstance(before, ListValue):
        changed["ProductionVariants"] = Entry(site.span, _with(before, variant))
    for key, entry in changed.items():
        core.store(config.cells, key, Item(entry.key_span, entry.value))


def _made(core: Core, ledger: Ledger, kind: str, key: str, name: PyValue, site: Site) -> Created | None:
    return ledger.named(kind, key, frozen(core, name, site.span))


def _with(variants: ListValue, changes: Properties) -> Value:
    """The variants, each with some properties changed."""
    items = (
        each._replace(entries={**each.entries, **changes}) if isinstance(each, MapValue) else each
        for each in variants.items
    )
    return variants._replace(items=tuple(items))
