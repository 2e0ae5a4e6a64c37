"""What programs of the SageMaker SDK create: a program, and beside it its resources and properties."""

from pathlib import Path

import pytest

from tests.frontends.python.programs import load_text, text_of

PROGRAMS = sorted((Path(__file__).parents[2] / "data" / "sdk_programs").glob("*.program"))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_a_program_stands_for_its_resources(tmp_path: Path, program: Path) -> None:
    project = load_text(tmp_path, program.read_text("utf-8"))
    assert project.problems == ()
    written = [f"{each.address} {each.type} {text_of(each.properties)}" for each in project.resources]
    assert written == program.with_suffix(".txt").read_text("utf-8").splitlines()
