"""A template with a half of its resources in a nested stack, or under other logical IDs."""

import re
from collections.abc import Callable
from typing import Any, TypeAlias

from tests.support.template_rewriting import Template, copied, is_call

PART = "Part"
PART_FILE = "rewritten-part.yaml"
# Gives what takes the place of a resource's attribute ("" for `Ref`), or None to leave it.
Replacing: TypeAlias = Callable[[str, str], Template | None]
_PLACEHOLDER = re.compile(r"\$\{([^}!][^}]*)\}")
# What is another fact in a nested stack, or could not be handed over to it.
_STAYING = ("AWS::StackName", "AWS::StackId", "AWS::CloudFormation::", "AWS::Serverless", "Fn::Transform")


def replaced(value: Any, replace: Replacing) -> Any:
    """Plain data with references replaced, also those in texts of `Fn::Sub`."""
    if isinstance(value, list):
        return [replaced(each, replace) for each in value]
    if not isinstance(value, dict):
        return value
    if not is_call(value):
        return {key: replaced(each, replace) for key, each in value.items()}
    ((name, argument),) = value.items()
    if name == "Ref" and isinstance(argument, str):
        return replace(argument, "") or value
    if name == "Fn::GetAtt":
        steps = argument.split(".", 1) if isinstance(argument, str) else argument
        known = all(isinstance(step, str) for step in steps)
        return (replace(steps[0], ".".join(steps[1:])) if known else None) or value
    if name == "Fn::Sub":
        return _in_text(argument, replace)
    return {name: replaced(argument, replace)}


def _in_text(argument: Any, replace: Replacing) -> Template:
    text, own = argument if isinstance(argument, list) else (argument, {})
    variables = {key: replaced(each, replace) for key, each in own.items()}

    def changed(found: re.Match[str]) -> str:
        name = found[1].strip()
        resource, _, attribute = name.partition(".")
        new = None if name in own else replace(resource, attribute)
        if new is None:
            return found[0]
        variables[f"Sub{len(variables)}"] = new
        return f"${{Sub{len(variables) - 1}}}"

    text = _PLACEHOLDER.sub(changed, text)
    return {"Fn::Sub": [text, variables] if variables else text}


def references(value: Any) -> list[tuple[str, str]]:
    """What is referred to: names, and attributes of resources."""
    found: list[tuple[str, str]] = []

    def note(name: str, attribute: str) -> None:
        found.append((name, attribute))

    replaced(value, note)
    return found


def _awaited(body: Template) -> list[str]:
    stated = body.get("DependsOn", [])
    return [stated] if isinstance(stated, str) else list(stated)


def _halves(resources: Template) -> tuple[list[str], list[str]] | None:
    """The resources in two halves, of which the first refers to nothing in the second."""
    needed = {
        name: {other for other, _ in references(body) if other in resources} | {*_awaited(body)}
        for name, body in resources.items()
    }
    order: list[str] = []
    while len(order) < len(resources):
        ready = next((n for n in resources if n not in order and needed[n] <= {*order}), None)
        if ready is None:
            return None  # a circle
        order.append(ready)
    return order[: len(order) // 2], order[len(order) // 2 :]


def _is_divisible(template: Template) -> bool:
    parameters = template.get("Parameters") or {}
    kinds = [str(each.get("Type")) for each in parameters.values()]
    single = not any("List" in kind or "SSM" in kind for kind in kinds)
    whole = not {"Transform", "Rules", "Outputs"} & template.keys()
    bodies = all(isinstance(each, dict) and "Type" in each for each in template["Resources"].values())
    return single and whole and bodies and not any(each in str(template) for each in _STAYING)


def _is_other_fact(body: Template, resources: Template, inner: list[str], users: bool) -> bool:
    """Whether a resource is created at another time, or depends on other things, where a stack is nested.

    A stack is whole before what uses it is created; what it waits for is not waited for by a resource alone.
    """
    waits = any(resources[each]["Type"] == "AWS::S3::Bucket" for each in _awaited(body))
    is_inner = any(resources[each] is body for each in inner)
    return waits or (is_inner and not users and body["Type"].endswith("Policy"))


def nested(template: Template, users: bool) -> tuple[Template, Template] | None:
    """A template and the one that it nests: with what the rest uses, or (`users`) with what uses the rest.

    None where it cannot be divided.
    """
    halves = _halves(template["Resources"]) if _is_divisible(template) else None
    if halves is None or not all(halves):
        return None
    template = copied(template)
    resources, parameters = template["Resources"], template.get("Parameters") or {}
    inner, outer = halves[::-1] if users else halves
    if any(_is_other_fact(resources[each], resources, inner, users) for each in resources):
        return None
    given: Template = {name: {"Ref": name} for name in parameters}
    outputs: Template = {}

    def handed_in(name: str, attribute: str) -> Template | None:
        if name not in outer:
            return None
        parameter = f"{name}{re.sub(r'[^A-Za-z0-9]', '', attribute)}Given"
        given[parameter] = {"Fn::GetAtt": [name, attribute]} if attribute else {"Ref": name}
        return {"Ref": parameter}

    def handed_out(name: str, attribute: str) -> Template | None:
        if name not in inner:
            return None
        output = f"{name}{re.sub(r'[^A-Za-z0-9]', '', attribute)}Out"
        outputs[output] = {"Value": {"Fn::GetAtt": [name, attribute]} if attribute else {"Ref": name}}
        return {"Fn::GetAtt": [PART, f"Outputs.{output}"]}

    part = {name: replaced(resources[name], handed_in) for name in inner}
    rest = {name: replaced(resources[name], handed_out) for name in outer}
    awaited = sorted({each for name in inner for each in _awaited(resources[name]) if each in outer})
    for bodies in (part, rest):
        for body in bodies.values():
            here = [each for each in _awaited(body) if each in bodies]
            across = bodies is rest and len(here) < len(_awaited(body))
            body.pop("DependsOn", None)
            if here or across:
                body["DependsOn"] = [*here, PART] if across else here
    stack: Template = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": PART_FILE}}
    if given:
        stack["Properties"]["Parameters"] = given
    if awaited:
        stack["DependsOn"] = awaited
    hidden = {name for name, each in parameters.items() if each.get("NoEcho")}
    child: Template = {key: each for key, each in template.items() if key in ("Conditions", "Mappings")}
    child["Resources"] = part
    if given:
        child["Parameters"] = {
            name: {"Type": "String", **({"NoEcho": True} if name in hidden else {})} for name in given
        }
    if outputs:
        child["Outputs"] = outputs
    return {**template, "Resources": {**rest, PART: stack}}, child


def of_part(address: str) -> str:
    """What a resource of the nested stack was called before."""
    return address.removeprefix(f"{PART}.")


# -- ARNs

_HERE = "${AWS::Region}:${AWS::AccountId}"
# What follows the partition in the ARN of a resource, by its type.
_ARNS = {
    "AWS::DynamoDB::Table": f"dynamodb:{_HERE}:table/${{NAME}}",
    "AWS::ECR::Repository": f"ecr:{_HERE}:repository/${{NAME}}",
    "AWS::IAM::Role": "iam::${AWS::AccountId}:role/${NAME}",
    "AWS::KMS::Key": f"kms:{_HERE}:key/${{NAME}}",
    "AWS::Lambda::Function": f"lambda:{_HERE}:function:${{NAME}}",
    "AWS::S3::Bucket": "s3:::${NAME}",
    "AWS::SQS::Queue": f"sqs:{_HERE}:${{NAME.QueueName}}",
}


def with_arns(template: Template) -> Template:
    """ARNs that `Fn::GetAtt` gives as texts with the names of the resources."""
    resources = template["Resources"]

    def written(name: str, attribute: str) -> Template | None:
        body = resources.get(name)
        form = _ARNS.get(str(body.get("Type"))) if isinstance(body, dict) else None
        if form is None or attribute != "Arn":
            return None
        return {"Fn::Sub": f"arn:${{AWS::Partition}}:{form.replace('NAME', name)}"}

    found: Template = {**template, "Resources": replaced(resources, written)}
    return found


# -- logical IDs


def renamed(template: Template) -> Template:
    """Every resource under another logical ID, in which the words of its own remain: names are hints."""
    names = [name for name in template["Resources"] if not name.startswith("Fn::")]
    new = {name: f"Our{name[0].upper()}{name[1:]}" for name in names}

    def replace(name: str, attribute: str) -> Template | None:
        if name not in new:
            return None
        return {"Fn::GetAtt": [new[name], attribute]} if attribute else {"Ref": new[name]}

    found: Template = replaced(template, replace)
    found["Resources"] = {new.get(name, name): each for name, each in found["Resources"].items()}
    for body in found["Resources"].values():
        if isinstance(body, dict) and "DependsOn" in body:
            body["DependsOn"] = [new.get(each, each) for each in _awaited(body)]
    return found


def of_renamed(address: str) -> str:
    """The address of a resource in lower case, without what was put before its logical ID."""
    return address.removeprefix("Our").lower()
