"""Programs are read at 20,000 lines a second and more."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

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
