"""The same template in other forms: literals as functions, structures under conditions, other notations."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from mlwa_lint.frontends.cloudformation.syntax.nodes import ListNode, Node, TextNode
from mlwa_lint.frontends.cloudformation.syntax.parsing import parse

# A template as plain data, functions in their long forms.
Template: TypeAlias = dict[str, Any]
# None where a template has nothing that could be written in the other form.
Rewriting: TypeAlias = Callable[[Template], Template | None]
NO_VALUE = {"Ref": "AWS::NoValue"}
_SERVERLESS = "AWS::Serverless::"
# Rules about what repeats a literal, or is a literal, look at how variables of programs are written.
_WRITTEN = ("Environment", "Variables")
_ALWAYS = {"Always": {"Fn::Equals": ["a", "a"]}}
_OPEN = {"Open": {"Fn::Equals": [{"Ref": "OpenValue"}, "yes"]}}


def read_template(path: Path) -> Template:
    """A template as plain data."""
    node = parse(path.read_text("utf-8"), str(path), repeated=[])
    found = plain(node) if node is not None else {}
    return found if isinstance(found, dict) and isinstance(found.get("Resources"), dict) else {}


def plain(node: Node) -> Any:
    """A node as plain data; short functions in their long form."""
    if node.tag:
        name = node.tag.removeprefix("!")
        value = plain(node._replace(tag=""))
        if name == "GetAtt" and isinstance(value, str):
            value = value.split(".", 1)
        return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}
    if isinstance(node, TextNode):
        return node.data
    if isinstance(node, ListNode):
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.entries}


def as_json(template: Template) -> str:
    return json.dumps(template, indent=1, default=str)


def is_call(value: Any) -> bool:
    """Whether a value is a function."""
    if not isinstance(value, dict) or len(value) != 1:
        return False
    (name,) = value
    return name in ("Ref", "Condition") or name.startswith("Fn::")


def properties_of(template: Template, serverless: bool = False) -> Iterator[tuple[Template, Template]]:
    """The resources that state properties, and these; those of SAM, which it reads itself, only on demand."""
    for body in template["Resources"].values():
        found = body.get("Properties") if isinstance(body, dict) else None
        if not isinstance(found, dict) or is_call(found):
            continue
        if serverless or not str(body.get("Type")).startswith(_SERVERLESS):
            yield body, found


def copied(value: Any) -> Any:
    """A copy of plain data, for changing."""
    if isinstance(value, dict):
        return {key: copied(each) for key, each in value.items()}
    return [copied(each) for each in value] if isinstance(value, list) else value


def over_literals(change: Callable[[Any], Any], variables: bool = True) -> Callable[[Template], Template]:
    """A rewriting of every literal of the properties; not of what functions are given."""

    def rewritten(value: Any, written: bool) -> Any:
        if is_call(value) or (written and not variables):
            return value
        if isinstance(value, dict):
            return {key: rewritten(each, written or key in _WRITTEN) for key, each in value.items()}
        if isinstance(value, list):
            return [rewritten(each, written) for each in value]
        return value if isinstance(value, str) and "{{resolve:" in value else change(value)

    def rewriting(template: Template) -> Template:
        template = copied(template)
        for body, properties in properties_of(template):
            body["Properties"] = rewritten(properties, written=False)
        return template

    return rewriting


def over_texts(change: Callable[[str], Any], variables: bool = False) -> Callable[[Template], Template]:
    """A rewriting of every literal text."""
    return over_literals(lambda each: change(each) if isinstance(each, str) else each, variables)


def over_functions(change: Callable[[str, Any], Any]) -> Callable[[Template], Template]:
    """A rewriting of functions in properties, outermost first; `change` gives None to leave one as it is."""

    def rewritten(value: Any) -> Any:
        if is_call(value):
            ((name, argument),) = value.items()
            changed = change(name, argument)
            if changed is not None:
                return changed
            return value if name in ("Ref", "Fn::GetAtt", "Condition") else {name: rewritten(argument)}
        if isinstance(value, dict):
            return {key: rewritten(each) for key, each in value.items()}
        return [rewritten(each) for each in value] if isinstance(value, list) else value

    def rewriting(template: Template) -> Template:
        template = copied(template)
        for body, properties in properties_of(template):
            body["Properties"] = rewritten(properties)
        return template

    return rewriting


# -- literals as functions


def _joined(text: str) -> Any:
    half = len(text) // 2
    return {"Fn::Join": ["", [text[:half], text[half:]]]}


def _joined_by(text: str) -> Any:
    delimiter = next((each for each in "/-:." if each in text), "-")
    return {"Fn::Join": [delimiter, text.split(delimiter)]}


def mapped(template: Template) -> Template:
    """Literals as what a new mapping gives."""
    found: dict[str, Any] = {}

    def change(text: str) -> Any:
        if not text:
            return text
        key = found.setdefault(text, {"Key": f"K{len(found)}", "Value": text})["Key"]
        return {"Fn::FindInMap": ["Rewritten", key, "Value"]}

    template = over_texts(change)(template)
    values = {each["Key"]: {"Value": each["Value"]} for each in found.values()}
    return {**template, "Mappings": {**template.get("Mappings", {}), "Rewritten": values}}


def _as_text(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (int, float)) else value


def _as_number(text: str) -> Any:
    if text in ("true", "false"):
        return text == "true"
    return int(text) if re.fullmatch(r"[1-9]\d{0,8}|0", text) else text


LITERALS: dict[str, Rewriting] = {
    "Fn::Sub": over_texts(lambda text: {"Fn::Sub": text.replace("${", "${!")}, variables=True),
    "Fn::Sub with a variable": over_texts(lambda text: {"Fn::Sub": ["${Part}", {"Part": text}]}),
    "Fn::Join": over_texts(_joined),
    "Fn::Join with a delimiter": over_texts(_joined_by),
    "Fn::Select": over_texts(lambda text: {"Fn::Select": [1, ["unused", text]]}, variables=True),
    "Fn::Split": over_texts(lambda text: {"Fn::Select": ["0", {"Fn::Split": ["|@|", f"{text}|@|rest"]}]}),
    "Fn::FindInMap": mapped,
    "numbers as texts": over_literals(_as_text),
    "texts as numbers": over_texts(_as_number, variables=True),
}


# -- structures under conditions


def _with_conditions(template: Template, conditions: Template) -> Template:
    parameters = template.get("Parameters") or {}
    if "Open" in conditions:
        parameters = {**parameters, "OpenValue": {"Type": "String", "Default": "no"}}
    found = {**template, "Conditions": {**(template.get("Conditions") or {}), **conditions}}
    return {**found, "Parameters": parameters} if parameters else found


def over_lists(value: Any, change: Callable[[list[Any]], list[Any]]) -> Any:
    """Plain data with every list of it changed."""
    if is_call(value):
        return value
    if isinstance(value, dict):
        return {key: over_lists(each, change) for key, each in value.items()}
    return change([over_lists(each, change) for each in value]) if isinstance(value, list) else value


def _over_properties(change: Callable[[Any], Any], conditions: Template) -> Rewriting:
    def rewriting(template: Template) -> Template:
        template = copied(template)
        for body, properties in properties_of(template):
            # The states of two definitions would be those of one machine.
            body["Properties"] = {
                key: each if each is None or key == "Definition" else change(each)
                for key, each in properties.items()
            }
        return _with_conditions(template, conditions)

    return rewriting


def _always(value: Any) -> Any:
    return {"Fn::If": ["Always", value, NO_VALUE]}


def under_condition(template: Template) -> Template:
    """Every resource under a condition that holds."""
    template = copied(template)
    for body in template["Resources"].values():
        if isinstance(body, dict) and "Type" in body:
            body.setdefault("Condition", "Always")
    return _with_conditions(template, _ALWAYS)


def backwards(template: Template) -> Template:
    """Sections and keys in the reverse order; not resources, the first of which some rules report at."""

    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: turned(value[key]) for key in reversed(value)}
        return [turned(each) for each in value] if isinstance(value, list) else value

    found = {key: turned(template[key]) for key in reversed(template)}
    found["Resources"] = {key: turned(each) for key, each in template["Resources"].items()}
    return found


CONDITIONS: dict[str, Rewriting] = {
    "literals of a condition that holds": lambda template: _with_conditions(
        over_literals(lambda each: each if each is None else {"Fn::If": ["Always", each, "other"]})(template),
        _ALWAYS,
    ),
    "literals that a condition does not change": lambda template: _with_conditions(
        over_literals(lambda each: each if each is None else {"Fn::If": ["Open", each, each]})(template),
        _OPEN,
    ),
    "properties of a condition that holds": _over_properties(_always, _ALWAYS),
    "properties that a condition does not change": _over_properties(
        lambda each: {"Fn::If": ["Open", each, each]}, _OPEN
    ),
    "entries of a condition that holds": _over_properties(
        lambda each: over_lists(each, lambda items: [_always(item) for item in items]), _ALWAYS
    ),
    "lists with an entry that is none": _over_properties(
        lambda each: over_lists(each, lambda items: [*items, NO_VALUE]), {}
    ),
    "resources of a condition that holds": under_condition,
    "keys in the reverse order": backwards,
}


# -- references


def _sub_of_reference(name: str, argument: Any) -> Any:
    if name == "Ref" and isinstance(argument, str) and argument != "AWS::NoValue":
        return {"Fn::Sub": f"${{{argument}}}"}
    if name == "Fn::GetAtt" and isinstance(argument, list) and all(isinstance(e, str) for e in argument):
        return {"Fn::Sub": f"${{{'.'.join(argument)}}}"}
    return None


def _one_of_several(name: str, argument: Any) -> Any:
    if name in ("Ref", "Fn::GetAtt") and argument != "AWS::NoValue":
        return {"Fn::Select": [0, [{name: argument}, "unused"]]}
    return None


def _join_of_sub(name: str, argument: Any) -> Any:
    if name != "Fn::Sub" or not isinstance(argument, str):
        return None
    parts: list[Any] = []
    for literal, placeholder in re.findall(r"((?:[^$]|\$(?!\{))*)(?:\$\{([^}]*)\})?", argument):
        parts += [literal] if literal else []
        if placeholder.startswith("!"):
            parts.append(f"${{{placeholder[1:]}}}")
        elif "." in placeholder:
            parts.append({"Fn::GetAtt": placeholder.strip().split(".", 1)})
        elif placeholder:
            parts.append({"Ref": placeholder.strip()})
    return {"Fn::Join": ["", parts]}


def without_lists(rewriting: Rewriting) -> Rewriting:
    """A rewriting for templates whose parameters are single texts: a list has no place in a text."""

    def rewritten(template: Template) -> Template | None:
        kinds = [str(each.get("Type")) for each in (template.get("Parameters") or {}).values()]
        return None if any("List" in each for each in kinds) else rewriting(template)

    return rewritten


REFERENCES: dict[str, Rewriting] = {
    "references in Fn::Sub": without_lists(over_functions(_sub_of_reference)),
    "references in Fn::Select": without_lists(over_functions(_one_of_several)),
    "Fn::Join for Fn::Sub": over_functions(_join_of_sub),
}


# -- notations


class _LongForms(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


class _ShortForms(_LongForms):
    pass


def _represented(dumper: yaml.SafeDumper, value: dict[str, Any]) -> yaml.Node:
    if not is_call(value) or "Condition" in value or "Fn::Transform" in value:
        return dumper.represent_dict(value.items())
    ((name, argument),) = value.items()
    tag = f"!{name.removeprefix('Fn::')}"
    if name == "Fn::GetAtt" and isinstance(argument, list) and all(isinstance(e, str) for e in argument):
        argument = ".".join(argument)
    if isinstance(argument, list):
        return dumper.represent_sequence(tag, argument)
    if isinstance(argument, dict):
        return dumper.represent_mapping(tag, argument)
    return dumper.represent_scalar(tag, str(argument), style='"')


_ShortForms.add_representer(dict, _represented)


def _as_yaml(template: Template, dumper: type[yaml.SafeDumper] = _LongForms, flow: bool = False) -> str:
    return yaml.dump(template, Dumper=dumper, sort_keys=False, width=1000, default_flow_style=flow)


def _with_aliases(template: Template) -> str:
    """YAML in which equal lists and maps are written once, with an anchor."""
    known: dict[str, Any] = {}

    def shared(value: Any) -> Any:
        if not isinstance(value, (dict, list)) or not value:
            return value
        inner = (
            {key: shared(each) for key, each in value.items()}
            if isinstance(value, dict)
            else [shared(each) for each in value]
        )
        return known.setdefault(json.dumps(value, default=str), inner)

    return _as_yaml(shared(template), yaml.SafeDumper)


NOTATIONS: dict[str, Callable[[Template], str]] = {
    # Not on one line: what is reported once, at the first place, may then be reported at another one.
    "JSON with tabs": lambda template: json.dumps(template, indent="\t", default=str),
    "YAML with long functions": _as_yaml,
    "YAML with short functions": lambda template: _as_yaml(template, _ShortForms),
    "YAML in flow style": lambda template: _as_yaml(template, _ShortForms, flow=True),
    "YAML with anchors": _with_aliases,
    "CRLF and a byte order mark": lambda template: "\ufeff" + _as_yaml(template).replace("\n", "\r\n"),
}
