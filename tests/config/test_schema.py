"""The JSON Schema of configuration files agrees with the program that reads them."""

import json
import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from mlwa_lint.config import file
from mlwa_lint.config.schema import KEYS, schema
from mlwa_lint.config.settings import FILE_NAME, THRESHOLDS, Configuration, Settings
from mlwa_lint.errors import UserError
from mlwa_lint.model.findings import SCOPES, SEVERITIES
from mlwa_lint.scaffold.new_rule import CONFIGURATION
from tests.support.bundles import bundled
from tests.support.workspace import Workspace

STORE = Path(__file__).parents[2] / "packaging" / "schemastore"
VALIDATOR = Draft202012Validator(schema())
ODD: list[Any] = [
    0,
    -1,
    True,
    "",
    "x",
    [],
    [1],
    ["x"],
    {},
    {"a": 1},
    {"MLS101": "low"},
    {"MLS101": "loud"},
    1.5,
    7,
]


def is_read(content: dict[str, Any]) -> bool:
    """Whether the program takes a configuration."""
    table = file._Table(Path(".mlwa-lint.toml"), "")
    try:
        table.configuration(content, Configuration(None, Path()))
    except UserError:
        return False
    return True


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(schema())


def test_the_schema_has_the_keys_that_are_read() -> None:
    assert {key for key, each in KEYS.items() if each.part == "path"} == set(file._SETTINGS)
    assert {key for key, each in KEYS.items() if each.part == "run"} == set(file._RUN)
    assert set(schema()["properties"]) == {*file._SETTINGS, *file._RUN, "extend", "overrides"}


@bundled([(key, value) for key in KEYS if key != "extend" for value in ODD], repr)
def test_a_value_is_valid_where_the_program_takes_it(case: tuple[str, Any]) -> None:
    key, value = case
    assert VALIDATOR.is_valid({key: value}) == is_read({key: value})
    if KEYS[key].part == "path":
        override = {"overrides": [{"paths": ["a"], key: value}]}
        assert VALIDATOR.is_valid(override) == is_read(override)


@pytest.mark.parametrize(
    "content",
    [{"unknown": 1}, {"overrides": [{"severity": "low"}]}, {"overrides": [{"paths": ["a"], "jobs": 1}]}],
    ids=repr,
)
def test_what_the_program_refuses_is_not_valid(content: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid(content)
    assert not is_read(content)


def test_every_choice_of_the_program_is_valid() -> None:
    for key, values in {
        "severity": SEVERITIES,
        "fail-on": THRESHOLDS,
        "scope": SCOPES,
    }.items():
        assert all(VALIDATOR.is_valid({key: value}) for value in values)


def test_the_file_that_init_writes_is_valid() -> None:
    stated = re.compile(r"# (\[+[a-z]+\]+|[\w-]+ = .*)")
    lines = [match[1] for match in map(stated.fullmatch, CONFIGURATION.splitlines()) if match]
    content = tomllib.loads("\n".join(lines))
    assert len(content) > 5
    VALIDATOR.validate(content)


def test_the_command_prints_it(workspace: Workspace) -> None:
    assert json.loads(workspace.run("config", "schema").out) == schema()


def test_the_package_ships_it() -> None:
    path = files("mlwa_lint").joinpath("schema/configuration-1.schema.json")
    assert json.loads(path.read_text(encoding="utf-8")) == schema()


def test_the_entry_for_schemastore_is_ready() -> None:
    stored = json.loads((STORE / "mlwa-lint.json").read_text(encoding="utf-8"))
    Draft7Validator.check_schema(stored)
    assert stored["properties"] == schema()["properties"]
    entry = json.loads((STORE / "catalog-entry.json").read_text(encoding="utf-8"))
    assert entry["fileMatch"] == [FILE_NAME]
    assert entry["url"] == stored["$id"]
    good = tomllib.loads((STORE / "test" / "mlwa-lint.toml").read_text(encoding="utf-8"))
    bad = tomllib.loads((STORE / "negative_test" / "mlwa-lint.toml").read_text(encoding="utf-8"))
    assert Draft7Validator(stored).is_valid(good)
    assert is_read({key: value for key, value in good.items() if key != "extend"})
    assert not Draft7Validator(stored).is_valid(bad)


def test_a_folder_of_that_name_is_a_path(workspace: Workspace) -> None:
    workspace.write("schema/t.yaml", "Resources: {}\n")
    assert workspace.run("config", "schema").out.startswith("schema: configuration ")


def test_defaults_are_those_of_the_settings() -> None:
    defaults = Settings()
    for key in ("severity", "fail-on", "scope"):
        assert getattr(defaults, key.replace("-", "_")) in KEYS[key].default
