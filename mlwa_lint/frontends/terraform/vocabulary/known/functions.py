"""terraform-aws-modules/lambda."""

from mlwa_lint.frontends.terraform.raw import RawResource
from mlwa_lint.frontends.terraform.vocabulary.converters import holding, over
from mlwa_lint.frontends.terraform.vocabulary.known.call import (
    Contents,
    ModuleCall,
    filled,
    items,
    member,
    statements,
)
from mlwa_lint.frontends.terraform.vocabulary.known.identity import trusted
from mlwa_lint.model.values import Absent, Entry, ListValue, MapValue, Scalar, Unknown, Value, known_text

_FUNCTION = "aws_lambda_function.this[0]"
_ROLE = "aws_iam_role.lambda[0]"
_PASSED = (
    "architectures",
    "description",
    "function_name",
    "handler",
    "image_uri",
    "kms_key_arn",
    "layers",
    "memory_size",
    "package_type",
    "reserved_concurrent_executions",
    "runtime",
    "tags",
    "timeout",
)


def function(call: ModuleCall) -> Contents | None:
    """A function with its role, log group, permissions and event sources."""
    wanted = (call.truth("create", True), call.truth("create_function", True))
    if wanted != (True, True) or call.truth("create_layer", False) is not False:
        return None
    own_role = call.truth("create_role", True)
    if own_role is None:
        return None
    resources = [call.resource(_FUNCTION, _arguments(call, own_role)), *_around(call)]
    name = call.value("function_name")
    outputs: dict[str, Value] = {
        "lambda_function_arn": call.reference(_FUNCTION, "arn"),
        "lambda_function_name": call.reference(_FUNCTION, "function_name", name),
        "lambda_function_invoke_arn": call.reference(_FUNCTION, "invoke_arn"),
        "lambda_function_qualified_arn": call.reference(_FUNCTION, "qualified_arn"),
        "lambda_function_url": call.reference("aws_lambda_function_url.this[0]", "function_url"),
        "lambda_cloudwatch_log_group_arn": call.reference("aws_cloudwatch_log_group.lambda[0]", "arn"),
        "lambda_cloudwatch_log_group_name": call.reference("aws_cloudwatch_log_group.lambda[0]", "name"),
    }
    if own_role:
        resources += _role(call)
        outputs["lambda_role_arn"] = call.reference(_ROLE, "arn")
        outputs["lambda_role_name"] = call.reference(_ROLE, "name")
    return Contents(resources, outputs)


def _arguments(call: ModuleCall, own_role: bool) -> dict[str, Entry]:
    entries = call.arguments({name: name for name in _PASSED})
    role = call.refers(_ROLE, "arn") if own_role else call.entry("lambda_role")
    if role is not None:
        entries["role"] = role
    variables = call.entry("environment_variables")
    if variables is not None and not isinstance(filled(variables.value), Absent):
        entries["environment"] = variables._replace(value=holding("variables")(filled(variables.value)))
    queue = call.entry("dead_letter_target_arn")
    if queue is not None:
        entries["dead_letter_config"] = call.block({"target_arn": queue})
    tracing = call.entry("tracing_mode")
    if tracing is not None:
        entries["tracing_config"] = call.block({"mode": tracing})
    subnets, groups = call.entry("vpc_subnet_ids"), call.entry("vpc_security_group_ids")
    if subnets is not None and groups is not None:
        entries["vpc_config"] = call.block({"subnet_ids": subnets, "security_group_ids": groups})
    source = call.entry("source_path")
    if source is not None and isinstance(source.value, (Scalar, Unknown)):
        # The module packs the file or folder, which stands for the archive as a file would.
        entries["filename"] = source
    package = call.value("s3_existing_package")
    for argument, name in (("s3_bucket", "bucket"), ("s3_key", "key")):
        value = member(package, name)
        if not isinstance(value, Absent):
            entries[argument] = Entry(value.span or call.span, value, "s3_existing_package")
    return entries


def _around(call: ModuleCall) -> list[RawResource]:
    resources: list[RawResource] = []
    name = known_text(call.value("function_name"))
    if call.truth("use_existing_cloudwatch_log_group", False) is False and name:
        body = call.arguments(
            {
                "retention_in_days": "cloudwatch_logs_retention_in_days",
                "kms_key_id": "cloudwatch_logs_kms_key_id",
            }
        )
        body["name"] = call.text(f"/aws/lambda/{name}")
        resources.append(call.resource("aws_cloudwatch_log_group.lambda[0]", body))
    if call.truth("create_lambda_function_url", False) is True:
        body = {"function_name": call.refers(_FUNCTION, "function_name")}
        authorization = call.entry("authorization_type", "NONE")
        if authorization is not None:
            body["authorization_type"] = authorization
        resources.append(call.resource("aws_lambda_function_url.this[0]", body))
    if call.truth("create_async_event_config", False) is True:
        body = call.arguments(
            {name: name for name in ("maximum_event_age_in_seconds", "maximum_retry_attempts")}
        )
        body["function_name"] = call.refers(_FUNCTION, "function_name")
        failure = call.entry("destination_on_failure")
        if failure is not None:
            body["destination_config"] = call.block({"on_failure": call.block({"destination": failure})})
        resources.append(call.resource("aws_lambda_function_event_invoke_config.this[0]", body))
    for key, entry in items(call.value("allowed_triggers")) or ():
        resources.append(_permission(call, key, entry))
    for key, entry in items(call.value("event_source_mapping")) or ():
        if isinstance(entry.value, MapValue):
            kept = {n: e for n, e in entry.value.entries.items() if n != "destination_arn_on_failure"}
            kept["function_name"] = call.refers(_FUNCTION, "arn")
            resources.append(
                call.resource(f'aws_lambda_event_source_mapping.this["{key}"]', kept, entry.key_span)
            )
    return resources


def _permission(call: ModuleCall, key: str, entry: Entry) -> RawResource:
    given = entry.value.entries if isinstance(entry.value, MapValue) else {}
    kept = {name: given[name] for name in ("principal", "source_arn", "source_account") if name in given}
    if "principal" not in kept and "service" in given:

        def host(value: Value) -> Value:
            text = known_text(value)
            return value._replace(data=f"{text}.amazonaws.com") if isinstance(value, Scalar) else value

        service = given["service"]
        kept["principal"] = service._replace(value=over(service.value, host))
    kept["action"] = given.get("action") or call.text("lambda:InvokeFunction")
    kept["function_name"] = call.refers(_FUNCTION, "function_name")
    return call.resource(f'aws_lambda_permission.unqualified_alias_triggers["{key}"]', kept, entry.key_span)


def _trust(call: ModuleCall) -> Entry:
    """Who may assume the role: AWS Lambda, and what two inputs add."""
    entities = filled(call.value("trusted_entities"))
    given = items(entities)
    services = ["lambda.amazonaws.com"]
    for _, entry in given or ():
        name = known_text(entry.value)
        if name is None:
            given = None
        else:
            services.append(name)
    added = call.entry("assume_role_policy_statements")
    further: Value = ListValue((), call.span)
    if added is not None and not isinstance(filled(added.value), Absent):
        further = statements(added.value, added.key_span)
    if given is None or not isinstance(further, ListValue):
        return call.unknown(f"module {call.name} builds the trust policy")
    return Entry(call.span, trusted(call, {"Service": services}, further.items))


def _role(call: ModuleCall) -> list[RawResource]:
    body = call.arguments({"name": "role_name", "permissions_boundary": "role_permissions_boundary"})
    body["assume_role_policy"] = _trust(call)
    resources = [call.resource(_ROLE, body)]
    role = call.refers(_ROLE, "name")
    policy = call.entry("policy_json")
    if call.truth("attach_policy_json", False) is not False and policy is not None:
        entries = {"role": role, "policy": policy}
        resources.append(call.resource("aws_iam_role_policy.additional_json[0]", entries, policy.key_span))
    inline = call.entry("policy_statements")
    if call.truth("attach_policy_statements", False) is not False and inline is not None:
        document = call.document(inline._replace(value=statements(inline.value, inline.key_span)))
        entries = {"role": role, "policy": inline._replace(value=document)}
        resources.append(call.resource("aws_iam_role_policy.additional_inline[0]", entries, inline.key_span))
    many = call.value("policy_jsons")
    if call.truth("attach_policy_jsons", False) is not False:
        for key, entry in items(many) or ():
            entries = {"role": role, "policy": entry}
            name = f"aws_iam_role_policy.additional_jsons[{key}]"
            resources.append(call.resource(name, entries, entry.key_span))
    one = call.entry("policy")
    if call.truth("attach_policy", False) is not False and one is not None:
        entries = {"role": role, "policy_arn": one}
        name = "aws_iam_role_policy_attachment.additional_one[0]"
        resources.append(call.resource(name, entries, one.key_span))
    several = call.entry("policies")
    if call.truth("attach_policies", False) is not False and several is not None:
        entries = {"role_name": role, "policy_arns": several}
        name = "aws_iam_role_policy_attachments_exclusive.additional_many"
        resources.append(call.resource(name, entries, several.key_span))
    return resources
