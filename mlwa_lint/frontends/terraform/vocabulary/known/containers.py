"""terraform-aws-modules/ecs: task definitions and their roles; cloudposse/ecs-container-definition."""

from mlwa_lint.frontends.terraform.raw import RawResource
from mlwa_lint.frontends.terraform.vocabulary.converters import over, pairs
from mlwa_lint.frontends.terraform.vocabulary.known.call import (
    Contents,
    ModuleCall,
    filled,
    items,
    statements,
)
from mlwa_lint.frontends.terraform.vocabulary.known.identity import trusted
from mlwa_lint.model.values import Absent, Entry, ListValue, MapValue, Unknown, Value

_TASK = "aws_ecs_task_definition.this[0]"
_ROLE = "aws_iam_role.tasks[0]"
# What is read of a container, under the names that its JSON has; the rest serves to run it.
_CONTAINER = ("name", "image", "command", "environment", "secrets")


def service(call: ModuleCall) -> Contents | None:
    """A task definition and its role; what else a service has is of no concern here."""
    if call.truth("create", True) is not True:
        return None
    own_task = call.truth("create_task_definition", True)
    own_role = call.truth("create_tasks_iam_role", True)
    if own_task is None or own_role is None:
        return None
    resources = _role(call) if own_role and own_task else []
    outputs: dict[str, Value] = {}
    if own_task:
        resources.append(call.resource(_TASK, _task(call, own_role)))
        outputs["task_definition_arn"] = call.reference(_TASK, "arn")
        outputs["task_definition_family"] = call.reference(_TASK, "family", call.value("name"))
    if own_role:
        outputs["tasks_iam_role_arn"] = call.reference(_ROLE, "arn")
        outputs["tasks_iam_role_name"] = call.reference(_ROLE, "name")
    return Contents(resources, outputs)


def cluster(call: ModuleCall) -> Contents | None:
    """A cluster, and its services."""
    services = items(call.value("services"))
    if call.truth("create", True) is not True or services is None:
        return None
    resources: list[RawResource] = []
    for key, entry in services:
        if not isinstance(entry.value, MapValue) or entry.value.rest is not None:
            return None
        inputs = entry.value
        if "name" not in inputs.entries:
            inputs = inputs._replace(entries={**inputs.entries, "name": call.text(key)})
        inner = ModuleCall(
            call.name, f'{call.address}.module.service["{key}"]', inputs, entry.key_span, call.release
        )
        contents = service(inner)
        if contents is None:
            return None
        resources += contents.resources
    return Contents(resources, {})


def _task(call: ModuleCall, own_role: bool) -> dict[str, Entry]:
    entries = call.arguments({"family": "family", "execution_role_arn": "task_exec_iam_role_arn"})
    name = call.entry("name")
    if "family" not in entries and name is not None:
        entries["family"] = name
    role = call.refers(_ROLE, "arn") if own_role else call.entry("tasks_iam_role_arn")
    if role is not None:
        entries["task_role_arn"] = role
    given = call.entry("container_definitions")
    if given is not None and not isinstance(filled(given.value), Absent):
        entries["container_definitions"] = given._replace(value=over(given.value, _listed))
    return entries


def _listed(value: Value) -> Value:
    """Containers by their names, as the list of them."""
    containers = items(value)
    if containers is None or value.span is None:
        return value
    return ListValue(tuple(over(each.value, _container) for _, each in containers), value.span)


def _container(value: Value) -> Value:
    if not isinstance(value, MapValue):
        return value
    kept = {name: value.entries[name] for name in _CONTAINER if name in value.entries}
    return value._replace(entries=kept)


def _role(call: ModuleCall) -> list[RawResource]:
    body = call.arguments({"permissions_boundary": "tasks_iam_role_permissions_boundary"})
    if call.truth("tasks_iam_role_use_name_prefix", True) is False:
        body.update(call.arguments({"name": "tasks_iam_role_name"}))
    body["assume_role_policy"] = Entry(call.span, trusted(call, {"Service": ["ecs-tasks.amazonaws.com"]}))
    resources = [call.resource(_ROLE, body)]
    role = call.refers(_ROLE, "name")
    inline = call.entry("tasks_iam_role_statements")
    if inline is not None and not isinstance(filled(inline.value), Absent):
        document = call.document(inline._replace(value=statements(inline.value, inline.key_span)))
        entries = {"role": role, "policy": inline._replace(value=document)}
        resources.append(call.resource("aws_iam_role_policy.tasks[0]", entries, inline.key_span))
    managed = call.entry("tasks_iam_role_policies")
    if managed is None or isinstance(filled(managed.value), Absent):
        return resources
    known = items(managed.value)
    if known is None:
        entries = {"role_name": role, "policy_arns": managed}
        address = "aws_iam_role_policy_attachments_exclusive.tasks"
        return [*resources, call.resource(address, entries, managed.key_span)]
    for key, entry in known:
        entries = {"role": role, "policy_arn": entry}
        address = f'aws_iam_role_policy_attachment.tasks["{key}"]'
        resources.append(call.resource(address, entries, entry.key_span))
    return resources


def definition(call: ModuleCall) -> Contents:
    """No resource: the JSON of a container."""
    entries = call.arguments(
        {
            "name": "container_name",
            "image": "container_image",
            "command": "command",
            "environment": "environment",
            "secrets": "secrets",
        }
    )
    by_name = call.entry("map_environment")
    if by_name is not None and not isinstance(filled(by_name.value), Absent):
        listed = pairs("name", "value")(by_name.value)
        if "environment" in entries and not isinstance(filled(entries["environment"].value), Absent):
            listed = Unknown(f"module {call.name} puts its variables together", by_name.key_span)
        entries["environment"] = by_name._replace(value=listed)
    container = MapValue(entries, call.span)
    several = ListValue((container,), call.span)
    outputs: dict[str, Value] = {}
    for name in ("json_map_encoded", "json_map_object", "sensitive_json_map_encoded", "json_map"):
        outputs[name] = container
    for name in ("json_map_encoded_list", "sensitive_json_map_encoded_list", "json"):
        outputs[name] = several
    return Contents([], outputs)
