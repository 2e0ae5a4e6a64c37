"""CloudFormation templates as configurations of Terraform's awscc provider, in JSON."""

import json
import re
from typing import Any

from mlwa_lint.frontends.terraform.vocabulary.awscc import AwsccType, kind_of
from mlwa_lint.frontends.terraform.vocabulary.spec import pascal, snake
from tests.support.template_rewriting import Template

_DATA = {
    "AWS::AccountId": "data.aws_caller_identity.current.account_id",
    "AWS::Partition": "data.aws_partition.current.partition",
    "AWS::Region": "data.aws_region.current.region",
}
# What `Ref` gives, where that is not the name.
_ARNS = {"AWS::SNS::Topic": "topic_arn", "AWS::StepFunctions::StateMachine": "arn"}
# Objects that the provider takes as texts of JSON.
_DOCUMENTS = {
    "AccessPolicies",
    "AssumeRolePolicyDocument",
    "Definition",
    "EventPattern",
    "KeyPolicy",
    "PolicyDocument",
    "RepositoryPolicyText",
    "ResourcePolicy",
}
_SECTIONS = {"AWSTemplateFormatVersion", "Description", "Outputs", "Parameters", "Resources"}
_PARAMETER = {"Default", "Description", "NoEcho", "Type"}
_NAME = re.compile(r"\$\{([^}]*)\}")


class NotWritableError(Exception):
    """A template that uses what the provider does not have."""


def configuration(template: Template) -> str:
    """The text of a `main.tf.json` with the same resources."""
    return json.dumps(_Writer(template).written(), indent=1)


class _Writer:
    def __init__(self, template: Template) -> None:
        self._resources: Template = template.get("Resources") or {}
        self._parameters: Template = template.get("Parameters") or {}
        self._data: set[str] = set()
        self._kinds: dict[str, tuple[str, AwsccType]] = {}
        if set(template) - _SECTIONS:
            raise NotWritableError
        for name, resource in self._resources.items():
            service, _, kind = str(resource["Type"]).removeprefix("AWS::").partition("::")
            terraform = f"awscc_{service.lower()}_{snake(kind)}"
            found = kind_of(terraform)
            if found is None or set(resource) - {"Type", "Properties", "DependsOn"}:
                raise NotWritableError
            self._kinds[name] = terraform, found

    def written(self) -> Template:
        """All of it."""
        resources: dict[str, Template] = {}
        for name, resource in self._resources.items():
            terraform, kind = self._kinds[name]
            body = self._object(resource.get("Properties") or {}, kind)
            awaited = resource.get("DependsOn") or []
            if awaited:
                named = [awaited] if isinstance(awaited, str) else awaited
                body["depends_on"] = [self._address(each) for each in named]
            resources.setdefault(terraform, {})[name] = body
        variables = {name: self._variable(each) for name, each in self._parameters.items()}
        data: Template = {each.split(".")[1]: {"current": {}} for each in sorted(self._data)}
        return {"resource": resources, "variable": variables, "data": data}

    def _variable(self, parameter: Template) -> Template:
        if set(parameter) - _PARAMETER or parameter["Type"] not in ("String", "Number"):
            raise NotWritableError
        default = {"default": parameter["Default"]} if "Default" in parameter else {}
        return {"type": parameter["Type"].lower(), **default}

    def _address(self, name: str) -> str:
        return f"{self._kinds[name][0]}.{name}"

    def _object(self, properties: Template, kind: AwsccType) -> Template:
        return {_snake(name, kind): self._property(name, each, kind) for name, each in properties.items()}

    def _property(self, name: str, value: Any, kind: AwsccType) -> Any:
        if _snake(name, kind) not in kind.free:
            return self._value(value, kind)
        plain = self._plain(value)
        return json.dumps(plain) if name in _DOCUMENTS and isinstance(plain, dict) else plain

    def _value(self, value: Any, kind: AwsccType) -> Any:
        if isinstance(value, list):
            return [self._value(each, kind) for each in value]
        if isinstance(value, dict) and not _is_function(value):
            return self._object(value, kind)
        return self._text(value)

    def _plain(self, value: Any) -> Any:
        """What has keys of the user's own."""
        if isinstance(value, list):
            return [self._plain(each) for each in value]
        if isinstance(value, dict) and not _is_function(value):
            return {_escaped(str(key)): self._plain(each) for key, each in value.items()}
        return self._text(value)

    def _text(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return _escaped(value) if isinstance(value, str) else value
        ((function, argument),) = value.items()
        if function == "Ref":
            return f"${{{self._reference(argument)}}}"
        if function == "Fn::GetAtt":
            name, *path = argument.split(".") if isinstance(argument, str) else argument
            return f"${{{self._attribute(name, '.'.join(path))}}}"
        if function == "Fn::Sub" and isinstance(argument, str):
            pieces = _NAME.split(argument)
            texts = [
                self._named(each) if number % 2 else _escaped(each) for number, each in enumerate(pieces)
            ]
            return "".join(texts)
        if function == "Fn::Join" and isinstance(argument[1], list):
            return _escaped(argument[0]).join(str(self._text(each)) for each in argument[1])
        raise NotWritableError

    def _named(self, name: str) -> str:
        if name.startswith("!"):
            return f"$${{{name[1:]}}}"
        resource, dot, path = name.partition(".")
        return f"${{{self._attribute(resource, path) if dot else self._reference(name)}}}"

    def _reference(self, name: str) -> str:
        if name in self._parameters:
            return f"var.{name}"
        if name in _DATA:
            self._data.add(_DATA[name])
            return _DATA[name]
        if name not in self._kinds:
            raise NotWritableError
        return f"{self._address(name)}.{_ARNS.get(self._kinds[name][1].type, 'id')}"

    def _attribute(self, name: str, path: str) -> str:
        if name not in self._kinds:
            raise NotWritableError
        kind = self._kinds[name][1]
        return ".".join([self._address(name), *(_snake(each, kind) for each in path.split("."))])


def _is_function(value: Template) -> bool:
    return len(value) == 1 and next(iter(value)).startswith(("Fn::", "Ref"))


def _escaped(text: str) -> str:
    return text.replace("${", "$${").replace("%{", "%%{")


def _snake(name: str, kind: AwsccType) -> str:
    """A property's name in the provider; those that are not made mechanically are listed."""
    listed = next((short for short, long in kind.names.items() if long == name), None)
    short = listed or snake(name)
    if listed is None and pascal(short) != name:
        raise NotWritableError
    return short
