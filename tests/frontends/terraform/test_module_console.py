"""A whole module gives what the real Terraform gives: its types, defaults, texts, loops, module calls."""

import json
import shutil
from typing import Any

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.terraform.functions.data import from_value
from mlwa_lint.frontends.terraform.functions.encoded import json_text
from mlwa_lint.frontends.terraform.project import loaded
from mlwa_lint.model.values import MapValue
from scripts.record_terraform_module import MODULE, RECORD, recorded

EXPECTED: dict[str, Any] = json.loads(RECORD.read_text("utf-8"))


@pytest.fixture(scope="module")
def output() -> MapValue:
    loader = loaded(MODULE, LoadOptions())
    assert loader.problems == []
    value = loader.modules[0].output("all")
    assert isinstance(value, MapValue)
    return value


@pytest.mark.parametrize("name", EXPECTED)
def test_an_output_is_what_terraform_gives(output: MapValue, name: str) -> None:
    found = json.loads(json_text(from_value(output.entries[name].value)))
    # As text, for Python takes True for 1.
    assert json.dumps(found, sort_keys=True) == json.dumps(EXPECTED[name], sort_keys=True)


@pytest.mark.skipif(shutil.which("terraform") is None, reason="the terraform binary is not there")
def test_the_record_is_still_true() -> None:
    assert recorded() == EXPECTED
