"""What well-known modules create: a call, and beside it its resources with their properties."""

from pathlib import Path

import pytest

from tests.frontends.terraform.support import shown
from tests.frontends.terraform.test_vocabulary import resources

CALLS = sorted((Path(__file__).parents[2] / "data" / "known_modules").glob("*.tf"))


@pytest.mark.parametrize("call", CALLS, ids=lambda path: path.stem)
def test_a_call_stands_for_its_resources(tmp_path: Path, call: Path) -> None:
    found = resources(tmp_path, call.read_text("utf-8"))
    written = [f"{address} {shown(each.properties)}" for address, each in found.items()]
    assert written == call.with_suffix(".txt").read_text("utf-8").splitlines()
