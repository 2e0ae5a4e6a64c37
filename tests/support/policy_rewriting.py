"""Policies, workflows and functions of templates in other forms."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.support.template_rewriting import Rewriting, Template, copied, is_call, properties_of

_DOCUMENTS = ("PolicyDocument", "AssumeRolePolicyDocument", "KeyPolicy", "RepositoryPolicyText")
_STATE_MACHINE = "AWS::StepFunctions::StateMachine"
# What AWS::Lambda::Function and AWS::Serverless::Function have in common.
_SHARED = frozenset(
    {
        *("Architectures", "Code", "Description", "Environment", "EphemeralStorage", "FileSystemConfigs"),
        *("FunctionName", "Handler", "KmsKeyArn", "Layers", "LoggingConfig", "MemorySize", "PackageType"),
        *("ReservedConcurrentExecutions", "Role", "Runtime", "Timeout", "VpcConfig"),
    }
)
_CODE = {"S3Bucket": "Bucket", "S3Key": "Key", "S3ObjectVersion": "Version"}


class NoTextError(Exception):
    """A structure with functions that no text of `Fn::Sub` can hold."""


def _is_document(value: Any) -> bool:
    return isinstance(value, dict) and not is_call(value) and isinstance(value.get("Statement"), (dict, list))


def over_documents(change: Callable[[Template], Any]) -> Rewriting:
    """A rewriting of every policy document."""

    def rewritten(value: Any) -> Any:
        if is_call(value):
            return value
        if isinstance(value, list):
            return [rewritten(each) for each in value]
        if not isinstance(value, dict):
            return value
        return {
            key: change(each) if key in _DOCUMENTS and _is_document(each) else rewritten(each)
            for key, each in value.items()
        }

    def rewriting(template: Template) -> Template:
        template = copied(template)
        for body, properties in properties_of(template):
            body["Properties"] = rewritten(properties)
        return template

    return rewriting


def over_statements(change: Callable[[Template], Template]) -> Rewriting:
    """A rewriting of every statement of a policy."""

    def changed(document: Template) -> Template:
        listed = document["Statement"]
        listed = listed if isinstance(listed, list) else [listed]
        return {**document, "Statement": [each if is_call(each) else change(each) for each in listed]}

    return over_documents(changed)


def _turned(value: Any) -> Any:
    """A list of one as its entry, an entry as a list."""
    if isinstance(value, list):
        return value[0] if len(value) == 1 else value
    return [value]


def _alone(document: Template) -> Template:
    return {**document, "Statement": _turned(document["Statement"])}


def _over_keys(keys: tuple[str, ...], change: Callable[[Any], Any]) -> Rewriting:
    return over_statements(
        lambda statement: {key: change(each) if key in keys else each for key, each in statement.items()}
    )


def _cased(change: Callable[[str], str]) -> Callable[[Any], Any]:
    def cased(value: Any) -> Any:
        if isinstance(value, list):
            return [cased(each) for each in value]
        return change(value) if isinstance(value, str) and ":" in value else value

    return cased


def _principal(value: Any) -> Any:
    if value == "*":
        return {"AWS": "*"}
    if value == {"AWS": "*"}:
        return {"AWS": ["*"]}
    if value == {"AWS": ["*"]}:
        return "*"
    if isinstance(value, dict) and not is_call(value):
        return {kind: _turned(each) for kind, each in value.items()}
    return value


def _condition(value: Any) -> Any:
    if is_call(value):
        return value
    return {
        operator: each if is_call(each) else {key: _turned(wanted) for key, wanted in each.items()}
        for operator, each in value.items()
    }


def as_text(value: Any) -> Template:
    """A structure as a text of JSON, functions as placeholders. Raises NoTextError."""

    def encoded(each: Any) -> Any:
        if is_call(each):
            ((name, argument),) = each.items()
            if name == "Ref" and argument != "AWS::NoValue":
                return f"\ue000{argument}\ue001"
            if name == "Fn::GetAtt" and all(isinstance(step, str) for step in argument):
                return f"\ue000{'.'.join(argument)}\ue001"
            if name == "Fn::Sub" and isinstance(argument, str):
                return re.sub(r"\$\{([^}]*)\}", "\ue000\\1\ue001", argument)
            raise NoTextError(name)
        if isinstance(each, dict):
            return {key: encoded(inner) for key, inner in each.items()}
        if isinstance(each, list):
            return [encoded(inner) for inner in each]
        return re.sub(r"\$\{([^}]*)\}", "\ue000!\\1\ue001", each) if isinstance(each, str) else each

    text = json.dumps(encoded(value), indent=2, ensure_ascii=False)
    return {"Fn::Sub": text.replace("\ue000", "${").replace("\ue001", "}")}


def _text_if_possible(document: Template) -> Any:
    try:
        return as_text(document)
    except NoTextError:
        return document


def _roles(template: Template) -> Iterator[tuple[str, Template, list[Any]]]:
    """The roles with inline policies that are written out, and these."""
    for name, body in list(template["Resources"].items()):
        properties = body.get("Properties") if isinstance(body, dict) else None
        if body.get("Type") != "AWS::IAM::Role" or not isinstance(properties, dict):
            continue
        inline = properties.get("Policies")
        if isinstance(inline, list) and all(isinstance(e, dict) and "PolicyDocument" in e for e in inline):
            yield name, body, inline


def of_role(address: str) -> str:
    """The role whose inline policy became a resource of its own."""
    return re.sub(r"Inline\d+$", "", address)


def separate(kind: str, by_role: bool = False) -> Rewriting:
    """Inline policies as resources of a type, which the other resources wait for."""

    def rewriting(template: Template) -> Template | None:
        template = copied(template)
        resources = template["Resources"]
        made: list[str] = []
        for name, role, inline in list(_roles(template)):
            del role["Properties"]["Policies"]
            for number, policy in enumerate(inline):
                stated = (
                    policy if kind == "AWS::IAM::Policy" else {"PolicyDocument": policy["PolicyDocument"]}
                )
                own = f"{name}Inline{number}"
                made.append(own)
                resources[own] = {"Type": kind, "Properties": {**stated, "Roles": [{"Ref": name}]}}
                if by_role:
                    del resources[own]["Properties"]["Roles"]
                    attached = role["Properties"].get("ManagedPolicyArns", [])
                    if not isinstance(attached, list):
                        return None
                    role["Properties"]["ManagedPolicyArns"] = [*attached, {"Ref": own}]
                if "Condition" in role:
                    resources[own]["Condition"] = role["Condition"]
        for body in resources.values() if not by_role else ():
            # What uses the role had its permissions from the beginning.
            if not str(body["Type"]).startswith(("AWS::IAM::", "AWS::S3::", "AWS::KMS::", "AWS::Logs::")):
                stated = body.get("DependsOn", [])
                body["DependsOn"] = [*([stated] if isinstance(stated, str) else stated), *made]
        return template if made else None

    return rewriting


POLICIES: dict[str, Rewriting] = {
    "one statement without a list": over_documents(_alone),
    "actions as lists": _over_keys(("Action", "NotAction", "Resource", "NotResource"), _turned),
    "actions in the reverse order": _over_keys(
        ("Action", "NotAction"), lambda each: each[::-1] if isinstance(each, list) else each
    ),
    "actions in upper case": _over_keys(("Action", "NotAction"), _cased(str.upper)),
    "actions in lower case": _over_keys(("Action", "NotAction"), _cased(str.lower)),
    "principals in another form": _over_keys(("Principal",), _principal),
    "conditions with lists": _over_keys(("Condition",), _condition),
    "policies as text": over_documents(_text_if_possible),
    "policies by Fn::ToJsonString": over_documents(lambda document: {"Fn::ToJsonString": document}),
    "policies as AWS::IAM::Policy": separate("AWS::IAM::Policy"),
    "policies as AWS::IAM::ManagedPolicy": separate("AWS::IAM::ManagedPolicy"),
    "policies by ManagedPolicyArns": separate("AWS::IAM::ManagedPolicy", by_role=True),
}


# -- workflows


def over_definitions(change: Callable[[Template, Any], bool]) -> Rewriting:
    """A rewriting of state machines with a Definition; `change` gives whether it changed one."""

    def rewriting(template: Template) -> Template | None:
        template, changed = copied(template), False
        for body, properties in properties_of(template):
            definition = properties.get("Definition")
            if body["Type"] == _STATE_MACHINE and isinstance(definition, dict) and not is_call(definition):
                changed = change(properties, definition) or changed
        return template if changed else None

    return rewriting


def _stated(properties: Template, text: Any) -> bool:
    del properties["Definition"]
    properties["DefinitionString"] = text
    return True


def _substituted(properties: Template, definition: Template) -> bool:
    if "DefinitionSubstitutions" in properties:
        return False
    parts: Template = {}

    def named(value: Any) -> Any:
        if is_call(value):
            parts[f"Part{len(parts)}"] = value
            return f"${{Part{len(parts) - 1}}}"
        if isinstance(value, dict):
            return {key: named(each) for key, each in value.items()}
        return [named(each) for each in value] if isinstance(value, list) else value

    text = json.dumps(named(definition))
    if parts:
        properties["DefinitionSubstitutions"] = parts
    return _stated(properties, text)


def _as_string(properties: Template, definition: Template) -> bool:
    try:
        return _stated(properties, as_text(definition))
    except NoTextError:
        return False


WORKFLOWS: dict[str, Rewriting] = {
    "DefinitionString by Fn::Sub": over_definitions(_as_string),
    "DefinitionString by Fn::ToJsonString": over_definitions(
        lambda properties, definition: _stated(properties, {"Fn::ToJsonString": definition})
    ),
    "DefinitionString with DefinitionSubstitutions": over_definitions(_substituted),
}


# -- functions


def serverless(template: Template) -> Template | None:
    """Functions as those of SAM."""
    if "Transform" in template:
        return None
    template, changed = copied(template), False
    for body, properties in properties_of(template):
        code = properties.get("Code")
        if body["Type"] != "AWS::Lambda::Function" or not _SHARED.issuperset(properties) or code is None:
            continue
        del properties["Code"]
        if not isinstance(code, dict) or is_call(code):
            properties["CodeUri"] = code
        elif "ZipFile" in code:
            properties["InlineCode"] = code["ZipFile"]
        elif "ImageUri" in code:
            properties["ImageUri"] = code["ImageUri"]
        else:
            properties["CodeUri"] = {_CODE[key]: each for key, each in code.items()}
        body["Type"], changed = "AWS::Serverless::Function", True
    return {**template, "Transform": "AWS::Serverless-2016-10-31"} if changed else None


def by_globals(template: Template) -> Template | None:
    """What all functions of SAM have in common as Globals."""
    template = copied(template)
    found = [
        each for body, each in properties_of(template, True) if body["Type"] == "AWS::Serverless::Function"
    ]
    stated = (template.get("Globals") or {}).get("Function") or {}
    moved = {}
    for key in (
        "Runtime",
        "Timeout",
        "MemorySize",
        "Environment",
        "VpcConfig",
        "Tracing",
        "Layers",
        "CodeUri",
    ):
        values = [each.get(key) for each in found]
        if values and key not in stated and values[0] is not None and values.count(values[0]) == len(values):
            moved[key] = values[0]
            for each in found:
                del each[key]
    others = template.get("Globals") or {}
    return {**template, "Globals": {**others, "Function": {**stated, **moved}}} if moved else None


FUNCTIONS: dict[str, Rewriting] = {"functions of SAM": serverless, "Globals": by_globals}
