"""Hosting: models, and what `deploy` makes of them."""

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.freezing import frozen
from mlwa_lint.frontends.python.evaluation.values import (
    DictObj,
    Entries,
    Item,
    KeywordArgument,
    ListObj,
    PyValue,
    Site,
)
from mlwa_lint.frontends.python.ledger import Created, Ledger
from mlwa_lint.frontends.python.sdk import images
from mlwa_lint.frontends.python.sdk.families import FAMILIES
from mlwa_lint.frontends.python.sdk.local import is_local
from mlwa_lint.frontends.python.sdk.objects import Arguments, SdkObject, is_given, sdk_objects
from mlwa_lint.frontends.python.sdk.parameters import HOSTING, MODEL, VARIANT
from mlwa_lint.frontends.python.sdk.predictors import CONFIG_TYPE, ENDPOINT_TYPE, MODEL_TYPE, Deployed
from mlwa_lint.frontends.python.sdk.requests import Properties, defaults, fill, put, unknown
from mlwa_lint.frontends.python.sdk.sources import note_sources
from mlwa_lint.frontends.python.sdk.user_names import HOSTING_NAMES, MODEL_NAMES
from mlwa_lint.model.resources import FETCHES, IDLE, UPDATED
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import SDK_NAME, Entry, ListValue, MapValue, Scalar, Unknown, Value

# An estimator's parameters in the model that it gives.
_OF_ESTIMATOR = {
    "role": "ExecutionRoleArn",
    "image_uri": "PrimaryContainer.Image",
    "subnets": "VpcConfig.Subnets",
    "security_group_ids": "VpcConfig.SecurityGroupIds",
    "enable_network_isolation": "EnableNetworkIsolation",
}
_OF_BUILDER = {
    "role_arn": "ExecutionRoleArn",
    "image_uri": "PrimaryContainer.Image",
    "s3_model_data_url": "PrimaryContainer.ModelDataUrl",
    "env_vars": "PrimaryContainer.Environment",
    "vpc_config": "VpcConfig",
}
# What trains the model that it hosts.
# What the service calls parameters of `deploy()`, which takes others.
_OF_SERVICE = ("InitialInstanceCount", "InstanceType")
_TRAINING = ("estimator", "trainer", "tuner", "automl")


def model_request(
    core: Core, owner: SdkObject, family: str, call: Arguments | None
) -> tuple[Properties, Span]:
    """The request for the model of a `Model`, an estimator, a builder or a tuner."""
    own, span = owner.arguments, owner.site.span
    properties: Properties = {}
    if family == "pipeline model":
        _containers(core, properties, owner)
        fill(core, properties, {k: v for k, v in MODEL.items() if not v.startswith("Primary")}, own)
    elif family in ("estimator", "tuner", "automl"):
        if call is not None:
            fill(core, properties, {"vpc_config_override": "VpcConfig"}, call)
        fill(core, properties, _OF_ESTIMATOR, own)
    else:
        fill(core, properties, _OF_BUILDER if family == "builder" else MODEL, own)
        if owner.kind == "MultiDataModel":
            mode = Entry(span, Scalar("MultiModel", span), "Mode")
            put(properties, "PrimaryContainer.Mode", mode, span)
    if family == "builder":
        _network_of_builder(core, properties, own)
    if family != "pipeline model":
        packaged = "ModelPackageName" in _container(properties)
        chosen = call.value("instance_type") if call is not None else None
        if not packaged:
            image = Entry(span, images.of_object(core, owner, "inference", span, chosen), "Image")
            put(properties, "PrimaryContainer.Image", image, span)
            images.note_old_cuda(core, properties, owner, "inference")
        data = None if packaged else _data(core, owner, family, span)
        if data is not None:
            put(properties, "PrimaryContainer.ModelDataUrl", Entry(span, data, "ModelDataUrl"), span)
    if is_described(owner):
        isolation = Entry(span, unknown(core, "JumpStart's description of the model sets it", span))
        put(properties, "EnableNetworkIsolation", isolation, span)
    elif owner.kind == "ModelPackage":
        # Whatever is given: its method `enable_network_isolation` answers whether it is of the Marketplace.
        reason = "the SDK isolates a ModelPackage if it comes from AWS Marketplace, whatever is given"
        properties["EnableNetworkIsolation"] = Entry(span, unknown(core, reason, span))
    defaults(core, properties, MODEL_TYPE, span)
    note_sources(core, properties, owner, call)
    return properties, span


def prepared_container(core: Core, owner: SdkObject, call: Arguments) -> PyValue:
    """`prepare_container_def(...)`: the container of a model, and why its code needs the network."""
    properties, span = model_request(core, owner, FAMILIES[owner.kind], call)
    held = _container(properties)
    if FETCHES in properties:
        held[FETCHES] = properties[FETCHES]
    cells = Entries({key: Item(entry.key_span, entry.value) for key, entry in held.items()})
    return DictObj(cells, span)


def inference_of(core: Core, owner: SdkObject, call: Arguments, rest: Unknown) -> Value:
    """What `register` records about inference with a model: its image; the SDK describes the rest."""
    span = owner.site.span
    given = call.get("image_uri")
    if given is not None:
        image: Value = frozen(core, given.value, span)
    else:
        properties, _ = model_request(core, owner, FAMILIES[owner.kind], None)
        entry = _container(properties).get("Image")
        if entry is None:
            return rest
        image = entry.value
    container = MapValue({"Image": Entry(span, image, "image_uri")}, span, rest)
    containers = ListValue((container,), span)
    return MapValue({"Containers": Entry(span, containers, "model")}, span, rest)


def is_described(owner: SdkObject) -> bool:
    """Whether JumpStart describes how a model is trained and hosted, beyond what is given."""
    return owner.kind.startswith("JumpStart") or (
        owner.kind == "ModelBuilder" and isinstance(owner.arguments.value("model"), Scalar)
    )


def _data(core: Core, owner: SdkObject, family: str, span: Span) -> Unknown | None:
    """The place of a model's data where it is the SDK's to know; None where the image may bring the model.

    A builder is given what trains a model, an object that it uploads, or only an image or a model's name.
    """
    if family == "builder":
        model = owner.arguments.value("model")
        if model is None or isinstance(model, Scalar):
            uploads = owner.arguments.value("model_path") is not None
            return unknown(core, "the SDK uploads it", span) if uploads else None
        if not any(FAMILIES.get(each.kind) in _TRAINING for each in sdk_objects(model)):
            return core.unknown("the builder's model is not known", span)
    elif family not in _TRAINING:
        return None
    return unknown(core, "it comes from training", span)


def _container(properties: Properties) -> dict[str, Entry]:
    held = properties.get("PrimaryContainer")
    return dict(held.value.entries) if held is not None and isinstance(held.value, MapValue) else {}


def _network_of_builder(core: Core, properties: Properties, own: Arguments) -> None:
    value = own.value("network")
    for network in sdk_objects(value) if value is not None else ():
        table = {
            "enable_network_isolation": "EnableNetworkIsolation",
            "subnets": "VpcConfig.Subnets",
            "security_group_ids": "VpcConfig.SecurityGroupIds",
            "vpc_config": "VpcConfig",
        }
        fill(core, properties, table, network.arguments)


def _containers(core: Core, properties: Properties, owner: SdkObject) -> None:
    span = owner.site.span
    models = owner.arguments.value("models")
    found: list[Value] = []
    for each in models.values if isinstance(models, ListObj) else ():
        for model in sdk_objects(each):
            inner, _ = model_request(core, model, "model", None)
            model.consumed = True
            if FETCHES in inner:
                properties.setdefault(FETCHES, inner[FETCHES])
            found.append(MapValue(_container(inner), model.site.span, model.arguments.rest))
    rest = models.rest if isinstance(models, ListObj) else core.unknown("its models are not known", span)
    put(properties, "Containers", Entry(span, ListValue(tuple(found), span, rest), "models"), span)


def create_model(
    core: Core, ledger: Ledger, owner: SdkObject, family: str, call: Arguments | None, site: Site
) -> tuple[Created, Value]:
    """The model itself, and the value of its name; an object makes its model once."""
    own = family in ("model", "pipeline model", "builder")
    if own and owner.model is not None:
        return owner.model
    properties, span = model_request(core, owner, family, call)
    given = _name_of(owner, family, call)
    name = frozen(core, given.value, span) if given is not None else unknown(core, SDK_NAME, span)
    put(properties, "ModelName", Entry(given.span if given is not None else span, name, "name"), span)
    if call is not None:
        fill(core, properties, {"tags": "Tags"}, call)
    title = Scalar(owner.title, span) if own and owner.title else given.value if given is not None else None
    made = ledger.add(
        core, MODEL_TYPE, properties, owner.site if own else site, title, owner.arguments.rest, MODEL_NAMES
    )
    kept = made.value("ModelName")
    found = made, kept if kept is not None else name
    if own:
        owner.model = found
    return found


def _name_of(owner: SdkObject, family: str, call: Arguments | None) -> KeywordArgument | None:
    if call is not None:
        given = call.get("model_name")
        if given is not None:
            return given
    return owner.arguments.get("name") if family in ("model", "pipeline model") else None


def deploy(core: Core, ledger: Ledger, owner: SdkObject, family: str, call: Arguments, site: Site) -> PyValue:
    """`deploy(...)`: a model, a configuration with one variant, and an endpoint."""
    owner.consumed = True
    span = site.span
    given = call.get("endpoint_name")
    name = given.value if given is not None else unknown(core, SDK_NAME, span)
    if is_local(owner, call):
        return Deployed(core, ledger, name)
    frozen_name = frozen(core, name, span)
    place = given.span if given is not None else span
    title: PyValue | None = name if isinstance(name, Scalar) else None
    if title is None and not site.target:
        title = Scalar(f"{owner.title or owner.kind}.deploy()", span)
    endpoint = {
        "EndpointName": Entry(place, frozen_name, "endpoint_name"),
        "EndpointConfigName": Entry(place, frozen_name, "endpoint_name"),
    }
    fill(core, endpoint, {"tags": "Tags"}, call)
    made = ledger.add(core, ENDPOINT_TYPE, endpoint, site, title, None, HOSTING_NAMES)
    made.attributes[UPDATED] = Entry(span, Scalar(False, span))
    misspelt = _misspelt(call)
    config: Properties = {"EndpointConfigName": Entry(place, frozen_name, "endpoint_name")}
    variant: Properties = {"VariantName": Entry(span, Scalar("AllTraffic", span), "VariantName")}
    _, model_name = create_model(core, ledger, owner, family, call, site)
    put(variant, "ModelName", Entry(span, model_name, "model_name"), span)
    if misspelt:
        fill(core, variant, {each: each for each in _OF_SERVICE}, call)  # which is what is meant
    _capacity(core, variant, call, owner, family)
    put(variant, "InitialVariantWeight", Entry(span, Scalar(1, span), "InitialVariantWeight"), span)
    held = ListValue((MapValue(variant, span, call.rest),), span)
    put(config, "ProductionVariants", Entry(span, held, "ProductionVariants"), span)
    fill(core, config, HOSTING, call)
    _inference(core, config, call)
    defaults(core, config, CONFIG_TYPE, span)
    configured = ledger.add(core, CONFIG_TYPE, config, site, title, call.rest, HOSTING_NAMES)
    for each in (made, configured) if misspelt else ():
        stopped = f"the program stops here, as deploy() has no parameter {misspelt}"
        each.attributes[IDLE] = Entry(span, Scalar(stopped, span))
    return Deployed(core, ledger, name)


def _misspelt(call: Arguments) -> str:
    """A parameter of the service in place of one without which `deploy()` raises an error."""
    if call.get("initial_instance_count", "instance_type", "serverless_inference_config") is not None:
        return ""
    return next((each for each in _OF_SERVICE if each in call.given), "")


def _capacity(core: Core, variant: Properties, call: Arguments, owner: SdkObject, family: str) -> None:
    serverless = call.value("serverless_inference_config")
    if serverless is None and family == "builder":
        inference = call.value("inference_config")
        found = sdk_objects(inference) if inference is not None else []
        serverless = next((each for each in found if each.kind == "ServerlessInferenceConfig"), None)
    if is_given(serverless):
        assert serverless is not None
        argument = call.get("serverless_inference_config", "inference_config")
        held = frozen(core, serverless, call.span)
        place = argument.span if argument is not None else call.span
        put(variant, "ServerlessConfig", Entry(place, held, "serverless_inference_config"), call.span)
        return
    fill(core, variant, VARIANT, call)
    if family in ("builder", "model"):
        fill(core, variant, {"instance_type": "InstanceType"}, owner.arguments)
    chosen = unknown(core, "the SDK chooses the instance type", call.span)
    put(variant, "InstanceType", Entry(call.span, chosen, "instance_type"), call.span)


def _inference(core: Core, config: Properties, call: Arguments) -> None:
    """The third version hands configurations of inference over in one parameter."""
    argument = call.get("inference_config")
    for each in sdk_objects(argument.value) if argument is not None else ():
        if each.kind == "AsyncInferenceConfig" and argument is not None:
            held = frozen(core, each, call.span)
            put(config, "AsyncInferenceConfig", Entry(argument.span, held, "inference_config"), call.span)
