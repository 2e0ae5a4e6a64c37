"""Functions and operators give what the real `terraform console` gives."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from mlwa_lint.frontends.evaluator import evaluate
from mlwa_lint.frontends.expressions import Expr
from mlwa_lint.frontends.failures import failure, is_failure
from mlwa_lint.frontends.terraform.evaluation.scope import TerraformFrame
from mlwa_lint.frontends.terraform.functions import NAMES, FunctionContext, call
from mlwa_lint.frontends.terraform.functions.data import from_value
from mlwa_lint.frontends.terraform.functions.encoded import json_text
from mlwa_lint.frontends.terraform.syntax.reader import read_expression, read_template
from mlwa_lint.model.conditions import Condition
from mlwa_lint.model.spans import Span, start_of
from mlwa_lint.model.values import MapValue, Unknown, Value
from scripts.record_terraform_console import FILES, RECORDS, evaluated, records
from tests.support.bundles import bundled

PLACE = start_of("console.tf")
ENTRIES = [entry for entries in records().values() for entry in entries]


class Console:
    """A module without names of its own."""

    def named(self, path: tuple[str, ...], span: Span) -> tuple[Value, int]:
        return failure(f"there is no {path[0]}", span), len(path)

    def expression_of_local(self, name: str) -> Expr | None:
        return None

    def type_of_variable(self, name: str) -> Expr | None:
        return None

    def attribute_of(self, address: str, name: str) -> Value | None:
        return None

    def output_of_state(self, backend: str, config: Value, name: str) -> Value | None:
        return None

    def noted(self, identity: str, text: str, literal: str | None, opaque: bool = False) -> Condition:
        return Condition(identity, text, None, opaque)

    def function(self, name: str, arguments: Sequence[Value], span: Span) -> Value:
        return call(name, arguments, span, FunctionContext(FILES, FILES, self.rendered))

    def rendered(self, template: str, names: MapValue, file: Span | None = None) -> Value:
        values = {key: entry.value for key, entry in names.entries.items()}
        return evaluate(read_template(template, PLACE), TerraformFrame(self, values))


def result_of(expression: str) -> Value:
    return evaluate(read_expression(expression, PLACE), TerraformFrame(Console()))


def as_json(value: Value) -> Any:
    return json.loads(json_text(from_value(value)))


@bundled(ENTRIES, lambda entry: entry["expression"])
def test_an_expression_gives_what_terraform_gives(entry: dict[str, Any]) -> None:
    value = result_of(entry["expression"])
    if "open" in entry:
        assert isinstance(value, Unknown)
        assert not is_failure(value)
    elif entry.get("error"):
        assert is_failure(value), value
    else:
        assert not is_failure(value), value
        # As text, for Python takes True for 1.
        assert json.dumps(as_json(value)) == json.dumps(entry["value"])


def test_every_function_that_terraform_lists_is_known() -> None:
    listed = set((RECORDS / "functions.txt").read_text("utf-8").split())
    assert listed - NAMES == set()
    assert NAMES - listed == {"type"}


def test_every_function_that_is_evaluated_is_recorded() -> None:
    undecided = {"bcrypt", "plantimestamp", "rsadecrypt", "timestamp", "type", "uuid", "base64gzip"}
    # Takes only a name of the configuration, which a console without one does not have.
    undecided.add("templatestring")
    recorded = {name for name in NAMES for entry in ENTRIES if f"{name}(" in entry["expression"]}
    assert NAMES - recorded - undecided == set()


@pytest.mark.skipif(shutil.which("terraform") is None, reason="the terraform binary is not there")
def test_the_records_are_still_true() -> None:
    outcomes = evaluated([entry["expression"] for entry in ENTRIES])
    differing = [
        entry["expression"]
        for entry, outcome in zip(ENTRIES, outcomes, strict=True)
        if (outcome.error, outcome.value) != (entry.get("error", False), entry.get("value"))
    ]
    assert differing == []
    assert Path(FILES / "terraform.tfstate").exists() is False
