"""terraform-aws-modules/iam: roles and policies."""

from collections.abc import Mapping, Sequence

from mlwa_lint.frontends.terraform.raw import RawResource
from mlwa_lint.frontends.terraform.vocabulary.known.call import (
    Contents,
    ModuleCall,
    filled,
    items,
    statements,
)
from mlwa_lint.model.values import Absent, Entry, ListValue, MapValue, Scalar, Value, known_text

_ROLE = "aws_iam_role.this[0]"
_POLICY = "aws_iam_policy.policy[0]"
_ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
_POWER_USER = "arn:aws:iam::aws:policy/PowerUserAccess"
_READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
# Inputs of documents that the module merges with its own statements.
_TRUST_DOCUMENTS = ("source_trust_policy_documents", "override_trust_policy_documents")
_INLINE_DOCUMENTS = ("source_inline_policy_documents", "override_inline_policy_documents")
_TRUST_CONDITIONS = ("role_sts_externalid", "trust_policy_conditions")
_FEDERATED = ("enable_oidc", "enable_github_oidc", "enable_bitbucket_oidc", "enable_saml")


def trusted(
    call: ModuleCall, principals: Mapping[str, Sequence[str]], further: tuple[Value, ...] = ()
) -> MapValue:
    """A trust policy for fixed principals, and further statements."""
    named = {
        kind: Entry(call.span, ListValue(tuple(Scalar(n, call.span) for n in names), call.span))
        for kind, names in principals.items()
    }
    return _trust(call, {"Principal": Entry(call.span, MapValue(named, call.span))}, further)


def is_given(call: ModuleCall, names: Sequence[str]) -> bool:
    """Whether any of some inputs is given, perhaps as something unknown; an empty one is not."""
    return any(not isinstance(filled(call.value(name)), Absent) for name in names)


def _trust(call: ModuleCall, elements: Mapping[str, Entry], further: tuple[Value, ...] = ()) -> MapValue:
    own = {"Effect": call.text("Allow"), "Action": call.text("sts:AssumeRole"), **elements}
    statement = MapValue(own, call.span)
    return call.document(Entry(call.span, ListValue((statement, *further), call.span)))


def _attached(call: ModuleCall, name: str, policy: Entry) -> RawResource:
    entries = {"role": call.refers(_ROLE, "name"), "policy_arn": policy}
    return call.resource(f"aws_iam_role_policy_attachment.{name}", entries, policy.key_span)


def policy(call: ModuleCall) -> Contents | None:
    """A managed policy."""
    created = call.truth("create", True), call.truth("create_policy", True)
    if created != (True, True):
        return None
    entries = call.arguments({name: name for name in ("name", "path", "description", "policy", "tags")})
    resources = [call.resource(_POLICY, entries)]
    return Contents(
        resources,
        {
            "arn": call.reference(_POLICY, "arn"),
            "id": call.reference(_POLICY, "id"),
            "name": call.reference(_POLICY, "name", call.value("name")),
        },
    )


def role(call: ModuleCall) -> Contents | None:
    """A role of the module's version 6 and later."""
    if call.truth("create", True) is not True:
        return None
    entries = call.arguments({name: name for name in ("path", "description", "permissions_boundary", "tags")})
    if call.truth("use_name_prefix", True) is False:
        entries.update(call.arguments({"name": "name"}))
    trust = call.entry("trust_policy_permissions")
    federated = any(call.truth(name, False) is not False for name in _FEDERATED)
    if federated or is_given(call, _TRUST_DOCUMENTS):
        entries["assume_role_policy"] = call.unknown(f"module {call.name} builds the trust policy")
    elif trust is not None:
        document = call.document(trust._replace(value=statements(trust.value, trust.key_span)))
        entries["assume_role_policy"] = trust._replace(value=document)
    resources = [call.resource(_ROLE, entries)]
    resources += _managed(call, "policies")
    inline = call.entry("inline_policy_permissions")
    wanted = call.truth("create_inline_policy", False) is not False
    if wanted and is_given(call, _INLINE_DOCUMENTS):
        unknown = call.unknown(f"module {call.name} merges policies")
        body = {"role": call.refers(_ROLE, "name"), "policy": unknown}
        resources.append(call.resource("aws_iam_role_policy.inline[0]", body))
    elif wanted and inline is not None:
        document = call.document(inline._replace(value=statements(inline.value, inline.key_span)))
        body = {"role": call.refers(_ROLE, "name"), "policy": inline._replace(value=document)}
        resources.append(call.resource("aws_iam_role_policy.inline[0]", body, inline.key_span))
    name = call.value("name") if "name" in entries else None
    return Contents(
        resources,
        {"arn": call.reference(_ROLE, "arn"), "name": call.reference(_ROLE, "name", name)},
    )


def _managed(call: ModuleCall, name: str) -> list[RawResource]:
    given = call.entry(name)
    if given is None or isinstance(filled(given.value), Absent):
        return []
    known = items(given.value)
    if known is None:
        entries = {"role_name": call.refers(_ROLE, "name"), "policy_arns": given}
        address = "aws_iam_role_policy_attachments_exclusive.this"
        return [call.resource(address, entries, given.key_span)]
    return [_attached(call, f'this["{key}"]', entry) for key, entry in known]


def assumable_role(call: ModuleCall) -> Contents | None:
    """A role of the module's versions up to 5, which requires `create_role`."""
    # The module created nothing by default until its version 5 was out.
    if call.truth("create_role", False) is not True:
        return None
    entries = call.arguments(
        {
            "name": "role_name",
            "path": "role_path",
            "description": "role_description",
            "permissions_boundary": "role_permissions_boundary_arn",
            "tags": "tags",
        }
    )
    custom = call.entry("custom_role_trust_policy")
    if custom is not None and known_text(custom.value) != "":
        entries["assume_role_policy"] = custom
    else:
        elements = {"Principal": Entry(call.span, _trusted_inputs(call))}
        if is_given(call, _TRUST_CONDITIONS):
            elements["Condition"] = call.unknown(f"module {call.name} builds the condition")
        entries["assume_role_policy"] = Entry(call.span, _trust(call, elements))
    resources = [call.resource(_ROLE, entries), *_managed(call, "custom_role_policy_arns")]
    for name, arn in (("admin", _ADMINISTRATOR), ("poweruser", _POWER_USER), ("readonly", _READ_ONLY)):
        if call.truth(f"attach_{name}_policy", False) is True:
            chosen = call.entry(f"{name}_role_policy_arn", arn)
            if chosen is not None:
                resources.append(_attached(call, f"{name}[0]", chosen))
    outputs: dict[str, Value] = {}
    for prefix in ("iam_role", "this_iam_role"):
        outputs[f"{prefix}_arn"] = call.reference(_ROLE, "arn")
        outputs[f"{prefix}_name"] = call.reference(_ROLE, "name", call.value("role_name"))
    return Contents(resources, outputs)


def _trusted_inputs(call: ModuleCall) -> MapValue:
    principals: dict[str, Entry] = {}
    for kind, name in (("Service", "trusted_role_services"), ("AWS", "trusted_role_arns")):
        entry = call.entry(name)
        if entry is not None and not isinstance(filled(entry.value), Absent):
            principals[kind] = entry
    return MapValue(principals, call.span)
