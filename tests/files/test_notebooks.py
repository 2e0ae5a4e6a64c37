"""The code of a notebook's cells, alone and with the places of its characters."""

import json

import pytest

from mlwa_lint.files.notebooks import code_of, notebook_of
from mlwa_lint.files.texts import CELL, as_text
from mlwa_lint.frontends.python.uses.mentions import Mentions

CELLS = [
    {"cell_type": "markdown", "source": ["# Title\n"]},
    {"cell_type": "code", "source": ["a = 1\n", "b = 2"]},
    {"cell_type": "code", "source": "c = 3"},
    "not a cell",
    {"cell_type": "code", "source": [4, "d = 4"]},
]
OLD = {"worksheets": [{"cells": [{"cell_type": "code", "input": ["a = 1\n", "b = 2"]}]}]}


@pytest.mark.parametrize(
    ("document", "expected"),
    [({"cells": CELLS}, ["a = 1\nb = 2", "c = 3", "d = 4"]), (OLD, ["a = 1\nb = 2"])],
)
def test_both_readers_find_the_same_code(document: object, expected: list[str]) -> None:
    text = json.dumps(document)
    assert code_of(text.encode()) == expected
    assert [cell.source for cell in notebook_of(text).cells if cell.kind == "code"] == expected


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '{"cells": 3}', '{"worksheets": []}', "[" * 100_000])
def test_what_is_not_a_notebook_has_no_code(text: str) -> None:
    assert code_of(text.encode()) == []


def test_the_text_of_a_notebook_is_its_code() -> None:
    content = json.dumps({"cells": CELLS}).encode()
    assert as_text("a/b.ipynb", content, "s").content == CELL.join(code_of(content)).encode()
    assert as_text("a/b.json", content, "s").content == content


@pytest.mark.parametrize("cell", ["cd src\nrun(1)", "%cd src\nrun(1)", "  run(1)\n  x = 2", "!make\nrun(1)"])
def test_calls_are_found_in_every_cell_that_ipython_runs(cell: str) -> None:
    mentions = Mentions(CELL.join(["x = 1", cell]).encode())
    assert [call.lineno > 0 for call in mentions.calls_of("run")] == [True]


def test_a_cell_that_cannot_be_parsed_does_not_hide_the_others() -> None:
    mentions = Mentions(CELL.join(["def (", "run(1)"]).encode())
    assert len(mentions.calls_of("run")) == 1


@pytest.mark.parametrize(
    ("kernel", "language"),
    [
        ({"display_name": "R", "language": "python", "name": "conda_r"}, "r"),
        ({"display_name": "R 4.1 [conda env:r]", "name": "other"}, "r"),
        ({"display_name": "Mine", "language": "python", "name": "ir"}, "r"),
        ({"display_name": "Ranking", "language": "python", "name": "iris"}, "python"),
        ({}, "python"),
    ],
)
def test_the_kernel_of_r_decides_and_not_the_metadata_of_another_one(
    kernel: dict[str, str], language: str
) -> None:
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    assert notebook_of(json.dumps({"cells": CELLS, "metadata": metadata})).language == language
