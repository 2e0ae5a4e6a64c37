"""Plans as `terraform show -json` prints them: resources, and what is known before deployment."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlwa_lint.files.paths import shown
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.secret_texts import of_data
from mlwa_lint.frontends.terraform.plan.places import places
from mlwa_lint.frontends.terraform.plan.references import (
    PlanConfiguration,
    key_of,
    mapping,
    maps,
)
from mlwa_lint.frontends.terraform.plan.values import Values
from mlwa_lint.frontends.terraform.raw import RawResource
from mlwa_lint.frontends.terraform.stacks import gaps_of
from mlwa_lint.frontends.terraform.vocabulary import normalise
from mlwa_lint.model.conditions import AnyScenario
from mlwa_lint.model.resources import Gap, Problem, Project
from mlwa_lint.model.secrets import secrets
from mlwa_lint.model.spans import start_of
from mlwa_lint.model.values import (
    MapValue,
    Unknown,
)
from mlwa_lint.startup.patterns import lazy

SIZE_LIMIT = 200_000_000
_DEPTH_LIMIT = 60
_LATER = "known only after apply"
_SURROGATE = lazy("[\ud800-\udfff]")
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
        return _failed(name, error.lineno, f"is not complete JSON: {error.msg.lower()}")
    except (RecursionError, ValueError):
        return _failed(name, 1, "cannot be read as a plan: its JSON is nested too deeply or malformed")
    if not isinstance(data, dict) or not ("resource_changes" in data or "planned_values" in data):
        return _failed(name, 1, "is not a Terraform plan: it has neither resource_changes nor planned_values")
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
        self._configuration = PlanConfiguration(data.get("configuration"), list(self._after))

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
        reader = Values(self._configuration, scope, self._after, span, kind)
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
            # A plan contains no `lifecycle` blocks.
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


def _address(change: Mapping[str, Any]) -> str:
    address = change.get("address")
    return _SURROGATE.sub("\ufffd", address) if isinstance(address, str) else ""
