"""aws-ia/sagemaker-endpoint."""

from mlwa_lint.frontends.terraform.raw import RawResource
from mlwa_lint.frontends.terraform.vocabulary.known.call import Contents, ModuleCall, filled, items, member
from mlwa_lint.frontends.terraform.vocabulary.known.identity import trusted
from mlwa_lint.model.values import (
    Absent,
    Entry,
    ListValue,
    MapValue,
    Plain,
    Reference,
    Scalar,
    TextPart,
    Unknown,
    Value,
    known_text,
)

_MODEL = "aws_sagemaker_model.sagemaker_model"
_CONFIG = "aws_sagemaker_endpoint_configuration.sagemaker_endpoint_config"
_ENDPOINT = "aws_sagemaker_endpoint.sagemaker_endpoint"
_ROLE = "aws_iam_role.sg_endpoint_role[0]"
_FULL_ACCESS = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
_DEFAULT_VARIANT: dict[str, Plain] = {
    "initial_instance_count": 1,
    "initial_variant_weight": 1,
    "instance_type": "ml.t2.medium",
    "model_data_download_timeout_in_seconds": 900,
    "variant_name": "AllTraffic",
    "volume_size_in_gb": 30,
}


def endpoint(call: ModuleCall) -> Contents | None:
    """A model, its endpoint configuration, the endpoint and its scaling."""
    resources: list[RawResource] = []
    role = call.entry("sg_role_arn")
    if role is None:
        body = {
            "assume_role_policy": Entry(call.span, trusted(call, {"Service": ["sagemaker.amazonaws.com"]}))
        }
        resources.append(call.resource(_ROLE, body))
        entries = {"role": call.refers(_ROLE, "name"), "policy_arn": call.text(_FULL_ACCESS)}
        resources.append(call.resource("aws_iam_role_policy_attachment.sg_policy_attachment[0]", entries))
        role = call.refers(_ROLE, "arn")
    resources.append(call.resource(_MODEL, _model(call, role)))
    variant = _variant(call)
    config = call.arguments({"kms_key_arn": "kms_key_arn", "tags": "tags"})
    config["production_variants"] = variant
    resources.append(call.resource(_CONFIG, config))
    body = call.arguments({"tags": "tags"})
    named = call.entry("endpoint_name", "SGendpoint")
    if named is not None:
        body["name"] = named
    body["endpoint_config_name"] = call.refers(_CONFIG, "name")
    resources.append(call.resource(_ENDPOINT, body))
    resources += _scaling(call, variant)
    return Contents(
        resources,
        {
            "sagemaker_role_arn": role.value,
            "sagemaker_endpoint_name": call.reference(
                _ENDPOINT, "name", named.value if named is not None else None
            ),
            "sagemaker_endpoint_config_name": call.reference(_CONFIG, "name"),
        },
    )


def _model(call: ModuleCall, role: Entry) -> dict[str, Entry]:
    body = call.arguments({"tags": "tags", "enable_network_isolation": "enable_network_isolation"})
    body["execution_role_arn"] = role
    given = call.entry("containers")
    containers = items(given.value) if given is not None else []
    if given is None:
        return body
    if containers is None:
        body["primary_container"] = given._replace(value=_unknown(given))
    elif len(containers) == 1:
        body["primary_container"] = given._replace(value=_container(containers[0][1].value))
    else:
        listed = tuple(_container(entry.value) for _, entry in containers)
        body["container"] = given._replace(value=ListValue(listed, given.key_span))
    return body


def _unknown(entry: Entry) -> Value:
    reason = entry.value.reason if isinstance(entry.value, Unknown) else "it is not wholly known"
    return Unknown(reason, entry.key_span)


def _container(value: Value) -> Value:
    if not isinstance(value, MapValue):
        return value
    entries = {name: entry for name, entry in value.entries.items() if name != "image_uri"}
    if "image_uri" in value.entries:
        entries["image"] = value.entries["image_uri"]
    source = entries.pop("model_data_source", None)
    if source is not None and isinstance(source.value, MapValue):
        inner = {n: e for n, e in source.value.entries.items() if n in ("s3_data_type", "s3_uri")}
        block = MapValue(
            {"s3_data_source": Entry(source.key_span, MapValue(inner, source.key_span))}, source.key_span
        )
        entries["model_data_source"] = source._replace(value=block)
    return value._replace(entries=entries)


def _variant(call: ModuleCall) -> Entry:
    model = call.refers(_MODEL, "name")
    given = call.entry("production_variant")
    if given is None:
        entries = {name: call.text(data) for name, data in _DEFAULT_VARIANT.items()}
        entries["model_name"] = model
        return call.block(entries)
    if not isinstance(given.value, MapValue):
        return given._replace(value=_unknown(given))
    entries = {"variant_name": call.text("AllTraffic"), **given.value.entries, "model_name": model}
    entries["initial_variant_weight"] = call.text(1)
    return given._replace(value=ListValue((given.value._replace(entries=entries),), given.key_span))


def _scaling(call: ModuleCall, variant: Entry) -> list[RawResource]:
    given = call.entry("autoscaling_config")
    if given is None or isinstance(filled(given.value), Absent):
        return []
    blocks = items(variant.value)
    name = known_text(member(blocks[0][1].value, "variant_name")) if blocks else None
    endpoint_name = Reference(call.address_of(_ENDPOINT), "name", call.span)
    tail: tuple[TextPart, ...] = (
        ("endpoint/", endpoint_name, f"/variant/{name}")
        if name is not None
        else ("endpoint/", endpoint_name, "/variant/", Unknown("its variant is not known", call.span))
    )
    target = Unknown(
        f"{endpoint_name.address}.name is known only after deployment", call.span, tail, present=True
    )
    common = {
        "resource_id": Entry(call.span, target),
        "scalable_dimension": call.text("sagemaker:variant:DesiredInstanceCount"),
        "service_namespace": call.text("sagemaker"),
    }
    smallest = member(given.value, "min_capacity")
    capacity = {
        "min_capacity": given._replace(
            value=Scalar(1, given.key_span) if isinstance(smallest, Absent) else smallest
        ),
        "max_capacity": given._replace(value=member(given.value, "max_capacity")),
    }
    metric = call.block({"predefined_metric_type": call.text("SageMakerVariantInvocationsPerInstance")})
    tracking = {
        name: given._replace(value=member(given.value, name))
        for name in ("target_value", "scale_in_cooldown", "scale_out_cooldown")
    }
    policy = {
        **common,
        "name": call.text("SageMakerEndpointInvocationScalingPolicy"),
        "policy_type": call.text("TargetTrackingScaling"),
        "target_tracking_scaling_policy_configuration": call.block(
            {**tracking, "predefined_metric_specification": metric}
        ),
    }
    return [
        call.resource(
            "aws_appautoscaling_target.sagemaker_target[0]", {**common, **capacity}, given.key_span
        ),
        call.resource("aws_appautoscaling_policy.sagemaker_policy[0]", policy, given.key_span),
    ]
