"""Plans as `terraform show -json` prints them: what a configuration comes to, with what is known before."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlwa_lint.files.paths import shown
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.secret_texts import of_data
from mlwa_lint.frontends.terraform.plan.places import places
from mlwa_lint.frontends.terraform.plan.references import (
    Configuration,
    Scope,
    key_of,
    mapping,
    maps,
    references_of,
)
from mlwa_lint.frontends.terraform.raw import RawResource
from mlwa_lint.frontends.terraform.stacks import gaps_of
from mlwa_lint.frontends.terraform.vocabulary import normalise
from mlwa_lint.frontends.terraform.vocabulary.blocks import COMPUTED_BLOCKS, is_block
from mlwa_lint.model.conditions import AnyScenario
from mlwa_lint.model.resources import Gap, Problem, Project
from mlwa_lint.model.secrets import secrets
from mlwa_lint.model.spans import Span, start_of
from mlwa_lint.model.values import (
    Absent,
    Entry,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
)
from mlwa_lint.startup.patterns import lazy

SIZE_LIMIT = 200_000_000
_DEPTH_LIMIT = 60
_LATER = "known only after apply"
_SURROGATE = lazy("[\ud800-\udfff]")
# Maps that the provider knows only as a whole, so that one unknown value hides them.
_COLLECTIONS = frozenset({"dimensions", "environment", "tags", "variables", "default_arguments"})
# Attributes that texts begin with rather than consist of.
_BEGINNINGS = frozenset({"repository_url"})
# Actions that leave no resource behind.
_GONE = (["delete"], ["forget"], ["read"])


def is_plan(text: str) -> bool:
    """Whether a text is the JSON of a plan (also a truncated one)."""
    return text.lstrip("\ufeff \t\r\n").startswith("{") and (
        '"resource_changes"' in text or '"planned_values"' in text
    )


def is_state(text: str) -> bool:
    """Whether a text is a state file, or what `terraform show -json` prints of one."""
    if not text.lstrip("\ufeff \t\r\n").startswith("{") or '"terraform_version"' not in text:
        return False
    if '"lineage"' in text and '"serial"' in text:
        return True
    return '"values"' in text and '"format_version"' in text and not is_plan(text)


def load(path: Path, options: LoadOptions, text: str) -> Project:
    """The project of a plan; what cannot be read becomes a problem of the project."""
    name = shown(path)
    if len(text) > SIZE_LIMIT:
        return _failed(name, 1, f"is larger than {SIZE_LIMIT:,} characters")
    if is_state(text):
        return _failed(
            name,
            1,
            "is a Terraform state file; give the configuration, or `terraform show -json` of a plan",
        )
    try:
        data = json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        return _failed(name, error.lineno, f"is no complete JSON: {error.msg.lower()}")
    except (RecursionError, ValueError):
        return _failed(name, 1, "cannot be read as a plan: its JSON is nested too deeply or malformed")
    if not isinstance(data, dict) or not ("resource_changes" in data or "planned_values" in data):
        return _failed(name, 1, "is no Terraform plan: it has neither resource_changes nor planned_values")
    own = secrets()
    own.found = True
    of_data(data, own)
    return _Plan(name, data, text).project()


def _failed(name: str, line: int, message: str) -> Project:
    problem = Problem(name, line, message)
    return Project(name, (), AnyScenario(), problems=(problem,), sources=(name,), partial=True)


class _Plan:
    def __init__(self, name: str, data: Mapping[str, Any], text: str) -> None:
        self._name = name
        self._data = data
        self._places = places(name, text)
        self._changes = self._planned()
        self._after = {_address(change): mapping(change.get("after")) for change in self._changes}
        self._configuration = Configuration(data.get("configuration"), list(self._after))

    def project(self) -> Project:
        resources = tuple(normalise([self._raw(change) for change in self._changes]))
        gaps = list(gaps_of(resources))
        if maps(self._data.get("deferred_changes")):
            gaps.append(Gap("deferred changes of the plan", start_of(self._name)))
        problems: list[Problem] = []
        if self._data.get("errored") is True:
            message = "is a plan that ended with an error: resources may be missing"
            problems.append(Problem(self._name, 1, message, fatal=False))
        return Project(
            root=self._name,
            resources=resources,
            scenarios=AnyScenario(),
            gaps=tuple(gaps),
            problems=tuple(problems),
            sources=(self._name,),
            partial=bool(problems),
        )

    # -- which resources there are

    def _planned(self) -> list[dict[str, Any]]:
        """Managed resources that exist after apply, with `after`, `after_unknown`, `after_sensitive`."""
        found: list[dict[str, Any]] = []
        if isinstance(self._data.get("resource_changes"), list):
            for each in maps(self._data["resource_changes"]):
                change = mapping(each.get("change"))
                if each.get("mode") != "managed" or each.get("deposed") or change.get("actions") in _GONE:
                    continue
                found.append({**each, **change})
        else:
            self._collect(mapping(mapping(self._data.get("planned_values")).get("root_module")), found, 0)
        return [each for each in found if _address(each) and isinstance(each.get("type"), str)]

    def _collect(self, module: Mapping[str, Any], found: list[dict[str, Any]], depth: int) -> None:
        if depth > _DEPTH_LIMIT:
            return
        for each in maps(module.get("resources")):
            if each.get("mode") == "managed":
                sensitive = each.get("sensitive_values")
                owner = module.get("address")
                found.append(
                    {
                        "module_address": owner,
                        **each,
                        "after": each.get("values"),
                        "after_sensitive": sensitive,
                    }
                )
        for child in maps(module.get("child_modules")):
            self._collect(child, found, depth + 1)

    # -- one resource

    def _raw(self, change: Mapping[str, Any]) -> RawResource:
        address, kind = _address(change), str(change["type"])
        span = self._places.get(address) or start_of(self._name)
        module = change.get("module_address")
        module = module if isinstance(module, str) else ""
        configured = self._configuration.resource(module, kind, str(change.get("name")))
        scope = self._configuration.scope(module, key_of(address), configured or {})
        reader = _Values(self._configuration, scope, self._after, span, kind)
        expressions = mapping(configured.get("expressions")) if configured is not None else None
        body = reader.body(
            self._after[address], change.get("after_unknown"), change.get("after_sensitive"), expressions, 0
        )
        depends = configured.get("depends_on") if configured is not None else None
        return RawResource(
            address=address,
            type=kind,
            body=body,
            span=span,
            # A plan says nothing of `lifecycle` blocks.
            lifecycle=MapValue({}, span, Unknown("a plan does not show lifecycle blocks", span)),
            depends_on=tuple(each for each in depends if isinstance(each, str))
            if isinstance(depends, list)
            else (),
            default_tags=reader.default_tags(self._after[address], self._provider(configured)),
            region=self._region(self._after[address], configured),
        )

    def _provider(self, configured: Mapping[str, Any] | None) -> Mapping[str, Any]:
        key = configured.get("provider_config_key") if configured is not None else None
        providers = self._configuration.providers
        provider = mapping(providers.get(key)) if isinstance(key, str) else {}
        return mapping(provider.get("expressions"))

    def _region(self, after: Mapping[str, Any], configured: Mapping[str, Any] | None) -> str | None:
        region = after.get("region")
        if not isinstance(region, str):
            region = mapping(self._provider(configured).get("region")).get("constant_value")
        return region if isinstance(region, str) and region else None


class _Values:
    """A resource's planned values, as far as the user states them."""

    def __init__(
        self,
        configuration: Configuration,
        scope: Scope,
        after: Mapping[str, Mapping[str, Any]],
        span: Span,
        kind: str,
    ) -> None:
        self._configuration = configuration
        self._scope = scope
        self._after = after
        self._span = span
        self._kind = kind

    def body(
        self,
        values: Mapping[str, Any],
        unknown: Any,
        sensitive: Any,
        expressions: Mapping[str, Any] | None,
        depth: int,
    ) -> MapValue:
        """A block's arguments: what its expressions state; what the provider adds itself is left out."""
        entries: dict[str, Entry] = {}
        unknowns, secrets = mapping(unknown), mapping(sensitive)
        for key in dict.fromkeys((*values, *unknowns)):
            expression = expressions.get(key) if expressions is not None else None
            data = values.get(key)
            stated = expressions is None or key in expressions or self._is_known_name(key, data, depth)
            open_ = unknowns.get(key)
            if not stated and not self._comes_from_dynamic(key, data, open_):
                continue
            if data is None and not _any_true(open_):
                continue
            value = self._value(data, open_, secrets.get(key), expression, depth, key)
            entries[key] = Entry(self._span, value, key)
        return MapValue(entries, self._span)

    def _is_known_name(self, key: str, data: Any, depth: int) -> bool:
        """Whether it is the name that a bucket got of its prefix: texts all over the plan name it so."""
        return depth == 0 and self._kind == "aws_s3_bucket" and key == "bucket" and isinstance(data, str)

    def _comes_from_dynamic(self, key: str, data: Any, unknown: Any) -> bool:
        """Dynamic blocks do not show in a plan's expressions, only in its values."""
        if isinstance(data, list) and data and isinstance(data[0], dict):
            return True
        if unknown is not True or not is_block(self._kind, key):
            return False
        return key not in COMPUTED_BLOCKS.get(self._kind, ())

    def _value(
        self, data: Any, unknown: Any, sensitive: Any, expression: Any, depth: int, key: str = ""
    ) -> Value:
        span = self._span
        if depth > _DEPTH_LIMIT:
            return Unknown(f"nested deeper than {_DEPTH_LIMIT} levels", span)
        if sensitive is True:
            return self._sensitive(data, expression)
        if unknown is True:
            return self._later(key, expression)
        if isinstance(data, list):
            return self._list(data, unknown, sensitive, expression, depth)
        if isinstance(data, dict):
            return self._map(data, unknown, sensitive, expression, depth)
        if data is None:
            return Absent(span)
        if isinstance(data, str):
            return self._text(_SURROGATE.sub("\ufffd", data), expression)
        return Scalar(data, span)

    def _sensitive(self, data: Any, expression: Any) -> Value:
        """What the plan shows to nobody; where it is another resource's attribute, a reference to that."""
        found = self._configuration.resolve(list(references_of(expression)), self._scope)
        if len(found.targets) == 1 and not found.opaque and found.targets[0].attribute:
            target = found.targets[0]
            return Reference(target.address, target.attribute, self._span)
        return Unknown("it is marked as sensitive", self._span, present=data is not None, secret=True)

    def _list(self, data: list[Any], unknown: Any, sensitive: Any, expression: Any, depth: int) -> Value:
        unknowns = unknown if isinstance(unknown, list) else []
        secrets = sensitive if isinstance(sensitive, list) else []
        stated = expression if isinstance(expression, list) else []
        items: list[Value] = []
        for position, item in enumerate(data):
            inner = stated[position] if len(stated) == len(data) else None
            open_ = unknowns[position] if position < len(unknowns) else None
            secret = secrets[position] if position < len(secrets) else None
            if isinstance(item, dict):
                block = mapping(inner) if isinstance(inner, dict) else None
                items.append(self.body(item, open_, secret, block, depth + 1))
            else:
                whole = inner if inner is not None else expression if len(data) == 1 else None
                items.append(self._value(item, open_, secret, whole, depth + 1))
        if isinstance(expression, dict) and any(isinstance(each, Unknown) for each in items):
            items = self._matched(items, expression)
        return ListValue(tuple(items), self._span)

    def _matched(self, items: list[Value], expression: Mapping[str, Any]) -> list[Value]:
        """Unknown items of a list, when the expression names exactly one resource for each."""
        found = self._configuration.resolve(list(references_of(expression)), self._scope)
        positions = [position for position, each in enumerate(items) if isinstance(each, Unknown)]
        if found.opaque or len(found.targets) != len(positions):
            return items
        for position, target in zip(positions, found.targets, strict=True):
            items[position] = Reference(target.address, target.attribute, self._span)
        return items

    def _map(
        self, data: Mapping[str, Any], unknown: Any, sensitive: Any, expression: Any, depth: int
    ) -> MapValue:
        unknowns, secrets = mapping(unknown), mapping(sensitive)
        stated = mapping(expression) if "references" not in mapping(expression) else {}
        open_keys = [
            key for key in dict.fromkeys((*unknowns, *secrets)) if True in _of(key, unknowns, secrets)
        ]
        if not stated and len(open_keys) == 1:
            # All that the expression refers to can only be about the one value that is not known.
            stated = {open_keys[0]: expression}
        entries = {
            str(key): Entry(
                self._span,
                self._value(data.get(key), unknowns.get(key), secrets.get(key), stated.get(key), depth + 1),
                str(key),
            )
            for key in dict.fromkeys((*data, *unknowns))
        }
        return MapValue(entries, self._span)

    def _text(self, text: str, expression: Any) -> Value:
        """A known text; where it is another resource's attribute, a reference that makes an edge."""
        references = list(references_of(expression))
        if references:
            found = self._configuration.resolve(references, self._scope)
            if len(found.targets) == 1:
                target = found.targets[0]
                if self._after.get(target.address, {}).get(target.attribute) == text:
                    return Reference(target.address, target.attribute, self._span, text)
        return Scalar(text, self._span)

    def _later(self, key: str, expression: Any) -> Value:
        """What only apply gives: a reference if it can be nothing but one resource's attribute."""
        references = list(references_of(expression))
        found = self._configuration.resolve(references, self._scope)
        alone = len(found.targets) == 1 and not found.opaque
        if alone and found.targets[0].attribute in _BEGINNINGS:
            # A plan does not tell `"${repository_url}:1.2"` from the URL alone, and nobody means that.
            first = Reference(found.targets[0].address, found.targets[0].attribute, self._span)
            return Unknown(_LATER, self._span, (first, Unknown(_LATER, self._span)))
        if alone and found.targets[0].attribute and key not in _COLLECTIONS:
            target = found.targets[0]
            return Reference(target.address, target.attribute, self._span)
        parts = tuple(Reference(each.address, each.attribute, self._span) for each in found.targets)
        return Unknown(_LATER, self._span, parts if not found.opaque else ())

    def default_tags(self, after: Mapping[str, Any], provider: Mapping[str, Any]) -> MapValue | None:
        """The provider's default tags: what `tags_all` has beyond `tags`."""
        everything, own = after.get("tags_all"), mapping(after.get("tags"))
        if isinstance(everything, dict):
            added = {key: value for key, value in everything.items() if key not in own}
            return self._map(added, None, None, None, 0) if added else None
        if any(mapping(each).get("tags") is not None for each in maps(provider.get("default_tags"))):
            return MapValue({}, self._span, Unknown(_LATER, self._span))
        return None


def _address(change: Mapping[str, Any]) -> str:
    address = change.get("address")
    return _SURROGATE.sub("\ufffd", address) if isinstance(address, str) else ""


def _of(key: Any, *tables: Mapping[str, Any]) -> list[Any]:
    return [table.get(key) for table in tables]


def _any_true(unknown: Any, depth: int = 0) -> bool:
    if depth > _DEPTH_LIMIT:
        return False
    if isinstance(unknown, dict):
        return any(_any_true(each, depth + 1) for each in unknown.values())
    if isinstance(unknown, list):
        return any(_any_true(each, depth + 1) for each in unknown)
    return unknown is True
