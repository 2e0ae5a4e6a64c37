"""Programs are read at 20,000 lines a second and more."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mlwa_lint.frontends.python.syntax import reader
from mlwa_lint.model.values import Scalar, Value, alternatives
from tests.frontends.python.programs import START, load_cells, load_text

_BLOCK = '''
def deploy_{n}(client, name="model-{n}", count=2):
    """Deploys one model."""
    config = {{"EndpointConfigName": f"{{name}}-config", "ProductionVariants": []}}
    for variant in ("a", "b"):
        config["ProductionVariants"].append(
            {{
                "VariantName": variant,
                "ModelName": name,
                "InstanceType": "ml.m5.large",
                "InitialInstanceCount": count,
            }}
        )
    if os.environ.get("ENCRYPT", "yes") == "yes":
        config["KmsKeyId"] = "alias/" + name
    client.create_endpoint_config(**config)
    client.create_endpoint(EndpointName=name, EndpointConfigName=config["EndpointConfigName"])
    values = [value * 2 for value in range(10)]
    text = "%s-%d" % (name, len(values))
    logger.info("deployed %s as %s", name, text)
    return {{"name": name, "text": text, "values": values}}


deploy_{n}(sm, "m{n}")
'''


def test_lines_a_second(tmp_path: Path) -> None:
    text = "import os\nimport boto3\nsm = boto3.client('sagemaker')\n"
    text += "".join(_BLOCK.format(n=number) for number in range(200))
    start = time.process_time()
    project = load_text(tmp_path, text)
    seconds = time.process_time() - start
    assert len(project.resources) == 400
    assert text.count("\n") / seconds > 5_000  # 20,000 and more on an idle machine


_SWAPS = """
tiers = ["a", "b", "c"]
for cycle in range(12):
    for each in ["a", "b", "c"]:
        if tiers.index(each) == 1:
            tiers[1] = tiers[0]
            tiers[0] = each
        elif tiers.index(each) == 2:
            tiers[2] = tiers[1]
            tiers[1] = tiers[0]
            tiers[0] = each
"""


def test_values_that_are_swapped_under_conditions_are_narrowed_once_each(tmp_path: Path) -> None:
    before = time.process_time()
    load_text(tmp_path, _SWAPS)
    assert time.process_time() - before < 2  # each cycle took eight times as long as the one before


def _seconds(action: Callable[[], object]) -> float:
    before = time.process_time()
    action()
    return time.process_time() - before


@pytest.mark.parametrize("loop", [".py", ".ipynb"])
def test_time_grows_with_the_turns_of_a_loop_that_makes_resources(loop: str, tmp_path: Path) -> None:
    def seconds(turns: int) -> float:
        text = START + "for i in range(40):\n"
        text += f"    for j in range({turns}):\n        sm.create_model(ModelName=f'{{i}}-{{j}}')\n"
        if loop == ".ipynb":
            return _seconds(lambda: load_cells(tmp_path, text))
        return _seconds(lambda: load_text(tmp_path, text))

    seconds(2)
    few, many = seconds(10), seconds(40)
    assert many < 12 * few + 0.5  # four times as many


def test_time_grows_with_the_lines_of_a_cell(tmp_path: Path) -> None:
    def seconds(lines: int) -> float:
        text = START + "".join(f"x{n} = {n}\n" for n in range(lines))
        return _seconds(lambda: load_cells(tmp_path, text))

    seconds(10)
    few, many = seconds(5_000), seconds(20_000)
    assert many < 12 * few + 0.5


def test_a_module_is_parsed_once_for_all_programs_that_import_it(monkeypatch: pytest.MonkeyPatch) -> None:
    reader.forget()
    first = reader.unit_of("a.py", "x = 1\n")
    assert reader.unit_of("a.py", "x = 1\n") is first
    assert reader.unit_of("a.py", "x = 2\n") is not first
    assert reader.unit_of("b.py", "x = 1\n") is not first
    monkeypatch.setattr(reader, "_KEPT", 10)
    reader.unit_of("c.py", "y = 1\n")
    assert reader.unit_of("a.py", "x = 1\n") is not first
    reader.forget()


def test_what_a_call_names_inside_of_a_branch_stays_its_own(tmp_path: Path) -> None:
    text = (
        START
        + """
import sys
def named(name):
    if "x" in sys.argv:
        name = name + "-x"
    return name
if len(sys.argv) > 1:
    sm.create_model(ModelName=named("a"), EnableNetworkIsolation=False)
sm.create_model(ModelName=named("b"))
"""
    )
    names = [each.properties.value("ModelName") for each in load_text(tmp_path, text).resources]
    assert [[str(data_of(each.value)) for each in alternatives(name)] for name in names] == [
        ["a-x", "a"],
        ["b-x", "b"],
    ]


def data_of(value: Value) -> object:
    return value.data if isinstance(value, Scalar) else value
