# ruff: noqa: E501 - a program a line
"""Notebooks: cells in their order, magics left out, places in the file and in the cell."""

import json
import sys
from pathlib import Path

import pytest

from mlwa_lint.files.lines import SourceLines
from mlwa_lint.files.notebooks import notebook_of
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.python.project import load
from mlwa_lint.frontends.python.syntax.notebook import without_magics
from mlwa_lint.reporters.cells import cell_place, cell_text
from tests.frontends.python.programs import START, load_cells, notebook, only, shown


def test_cells_run_in_their_order_and_share_names(tmp_path: Path) -> None:
    project = load_cells(
        tmp_path, START, "# Title", "name = 'a'\n", "sm.create_model(ModelName=name)", kinds="cmcc"
    )
    assert shown(only(project), "ModelName") == "'a'"


def test_places_are_those_of_the_file(tmp_path: Path) -> None:
    project = load_cells(tmp_path, START, 'é = "\\t"\nsm.create_model(\n    ModelName="a\\"b",\n    Tags=[])')
    entry = only(project).properties.entries["Tags"]
    lines = (tmp_path / "deploy.ipynb").read_text(encoding="utf-8").split("\n")
    line = lines[entry.key_span.line - 1]
    assert line[entry.key_span.column - 1 :].startswith("Tags=[]")
    place = cell_place(SourceLines({"n.ipynb": "\n".join(lines)}), entry.key_span._replace(path="n.ipynb"))
    assert place == (2, 4, 5)


def test_an_escaped_text_before_a_place_does_not_move_it(tmp_path: Path) -> None:
    project = load_cells(tmp_path, START + 'x = "\\"\\"ä😀"; sm.create_model(Tags=[])')
    span = only(project).properties.entries["Tags"].key_span
    text = (tmp_path / "deploy.ipynb").read_text(encoding="utf-8")
    assert text.split("\n")[span.line - 1][span.column - 1 :].startswith("Tags=[]")
    lines, place = cell_text(SourceLines({span.path: text}), span)
    assert lines[place.line - 1][place.column - 1 : place.end_column - 1] == "Tags"


def test_a_notebook_on_one_line_has_places_too(tmp_path: Path) -> None:
    path = tmp_path / "one.ipynb"
    path.write_text(json.dumps(json.loads(notebook(START, "\nsm.create_model(Tags=[])"))), encoding="utf-8")
    project = load(path, LoadOptions(root=tmp_path))
    span = only(project).properties.entries["Tags"].key_span
    assert span.line == 1
    found = notebook_of(path.read_text(encoding="utf-8")).cell_at(span.line, span.column)
    assert found is not None
    assert found[1] == (2, 2, 17)


def test_magics_and_shell_lines_are_left_out(tmp_path: Path) -> None:
    project = load_cells(
        tmp_path,
        "%pip install sagemaker\n!aws s3 ls \\\n  --recursive\n" + START,
        "%%time\nname = 'a'",
        "%%bash\nif then",
        "files = !ls\n%matplotlib inline\nsm?\nif True:\n    !ls\n    sm.create_model(ModelName=name, Tags=files)",
    )
    assert project.problems == ()
    assert shown(only(project), "ModelName") == "'a'"
    assert shown(only(project), "Tags") == "?"


@pytest.mark.parametrize(
    "code",
    [
        " !eksctl get cluster",
        "x = 1\n  !ls\n  %cd src\ny = 2",
        "rm -rf code/model",
        "cd ..\nls\npip install -q sagemaker",
        "  x = 1\n  !ls",
        "if True:\n    !ls\n      !pwd",
        # Ends only if the time for this grows with its length, and not with the square of it.
        " " * 200_000 + "x = !ls",
    ],
)
def test_magics_may_be_indented_or_have_no_sign(code: str, tmp_path: Path) -> None:
    project = load_cells(tmp_path, START, code, "sm.create_model(ModelName='a')")
    assert project.problems == ()
    assert only(project).address == "a"


@pytest.mark.parametrize(
    "code",
    [
        "for i in [1]:\n    sizes[f'class {i}'] = !aws s3 ls s3://a/{i} | wc -l",
        "a.b = %time f()",
        "x, y = !ls",
        "x, *rest = !ls",
        "rows[sizes['a'][0]] = !ls",
        "find(a=1).found = !ls",
        "if True: name = !ls",
    ],
)
def test_what_a_command_prints_may_be_assigned_to_anything(code: str, tmp_path: Path) -> None:
    assert load_cells(tmp_path, START, code, "sm.create_model(ModelName='a')").problems == ()


@pytest.mark.parametrize("code", ["x = y = !ls", "x = 1 !ls", "x = (\n  y = !ls", "x = !"])
def test_what_no_shell_can_run_stays_broken(code: str, tmp_path: Path) -> None:
    (problem,) = load_cells(tmp_path, START, code).problems
    assert "is not valid Python" in problem.message


def test_an_indented_cell_keeps_its_places(tmp_path: Path) -> None:
    project = load_cells(tmp_path, START, "  name = 'a'\n  rm -rf x\n  sm.create_model(ModelName=name)")
    entry = only(project).properties.entries["ModelName"]
    text = (tmp_path / "deploy.ipynb").read_text(encoding="utf-8")
    line = text.split("\n")[entry.key_span.line - 1]
    assert line[entry.key_span.column - 1 :].startswith("ModelName=name")


@pytest.mark.parametrize(
    "code",
    ["rm = (", "ls in (", "pip install )\nx = (", "  x = 1\ny = 2", "  x = 1\nelse:\n  y = 2"],
)
def test_broken_code_stays_broken(code: str, tmp_path: Path) -> None:
    (problem,) = load_cells(tmp_path, START, code).problems
    assert "is not valid Python" in problem.message


@pytest.mark.parametrize(
    "code",
    [
        "x = f'{d['a']}'",
        'x = f"{d["a"]} {{}} {e["b"]}"',
        r"""x = f"{'\n'.join(d)}" """,
        'x = f"""{d["""a"""]}"""',
        "x = f'{\nd}'",
    ],
)
def test_f_strings_for_a_newer_python_are_read(code: str, tmp_path: Path) -> None:
    assert load_cells(tmp_path, START, code).problems == ()


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="this Python reads them")
@pytest.mark.parametrize("code", ["x = rf'{\nd}'", "type X = int"])
def test_syntax_of_a_newer_python_is_reported_as_such(code: str, tmp_path: Path) -> None:
    (problem,) = load_cells(tmp_path, START, code).problems
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    hint = f" (mlwa-lint runs on Python {version}, and this may be written for a newer version)"
    assert problem.message.endswith(hint)


@pytest.mark.parametrize(
    "code",
    [
        "x = (",
        "x = f'{'",
        'x = f"{BUCKET NAME HERE}"',
        """x = f"{a}" + 'b'' """,
        """x = "don't" t: """,
        """x = f"{d['a'" """,
        """x = f"{d["a" """,
    ],
)
def test_what_no_python_reads_is_not_taken_for_newer(code: str, tmp_path: Path) -> None:
    (problem,) = load_cells(tmp_path, START, code).problems
    assert "may be written for a newer version" not in problem.message


def test_a_percent_sign_inside_an_expression_is_no_magic() -> None:
    text = "x = ('%s'\n% 'a')\n"
    assert without_magics("!ls\n" + text) != "!ls\n" + text
    assert without_magics("y = 1\n!ls") == "y = 1\npass"


def test_a_file_that_a_cell_writes_is_a_program_of_its_own(tmp_path: Path) -> None:
    project = load_cells(
        tmp_path,
        "%%writefile deploy/run.py\nimport boto3\nname = 'b'\nboto3.client('sagemaker').create_model(ModelName=name)",
        "%%writefile script.py\nSIZE = 3",
        "import script\n" + START + "name = 'a'\nsm.create_model(ModelName=name, Tags=[script.SIZE])",
    )
    assert [(each.address, shown(each, "Tags")) for each in project.resources] == [("a", "[3]"), ("b", "-")]


def test_a_cell_with_a_syntax_error_is_one_line_and_the_others_are_read(tmp_path: Path) -> None:
    project = load_cells(tmp_path, START, "x = (\n", "sm.create_model(ModelName='a')")
    (problem,) = project.problems
    assert problem.fatal
    assert problem.message.startswith("cell 2, line 1 is not valid Python")
    assert project.partial
    assert only(project).address == "a"


@pytest.mark.parametrize(
    "cell",
    [
        "name = <MODEL NAME>",
        "name = <MODEL NAME>  # what you call it\nother = 1",
        "é = 'é'; name = str(<MODEL NAME>)",
        "%time\nname = [<MODEL NAME>, 1][0]",
    ],
)
def test_a_placeholder_is_a_text_as_it_is_written(cell: str, tmp_path: Path) -> None:
    project = load_cells(tmp_path, START, cell, "sm.create_model(ModelName=name)")
    assert shown(only(project), "ModelName") == "'<MODEL NAME>'"
    (problem,) = project.problems
    assert not problem.fatal
    assert "has a placeholder where Python expects a value: <MODEL NAME>" in problem.message
    assert not project.partial


@pytest.mark.parametrize(
    "cell", ["name = <MODEL NAME> +", "x = y <MODEL NAME>", "name = <MODEL NAME>\ny = ("]
)
def test_a_placeholder_beside_something_wrong_is_no_excuse(cell: str, tmp_path: Path) -> None:
    (problem,) = load_cells(tmp_path, START, cell).problems
    assert problem.fatal


def test_half_of_a_character_leaves_the_rest_of_its_cell_readable(tmp_path: Path) -> None:
    project = load_cells(tmp_path, START, 'print("\udd27 go")\nsm.create_model(ModelName="a")')
    assert shown(only(project), "ModelName") == "'a'"
    (problem,) = project.problems
    assert not problem.fatal
    assert "cell 2, line 1 has half of a character, \\udd27" in problem.message
    assert not project.partial


def test_notebooks_in_other_languages_are_not_read(tmp_path: Path) -> None:
    assert load_cells(tmp_path, "library(x)\nx <- 1", language="R").problems == ()


def test_an_old_notebook_is_read(tmp_path: Path) -> None:
    cell = {"cell_type": "code", "input": [START, "sm.create_model(ModelName='a')"], "outputs": []}
    path = tmp_path / "old.ipynb"
    path.write_text(json.dumps({"worksheets": [{"cells": [cell]}], "nbformat": 3}), encoding="utf-8")
    assert only(load(path, LoadOptions(root=tmp_path))).address == "a"


def test_what_is_no_notebook_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "no.ipynb"
    for text in ("{", "[]", "{}", '{"cells": 3}', "{" * 3, '{"a":' * 5000):
        path.write_text(text, encoding="utf-8")
        (problem,) = load(path, LoadOptions(root=tmp_path)).problems
        assert "notebook" in problem.message
        assert problem.fatal


@pytest.mark.parametrize(
    ("last", "alarms"),
    [("print('ready')", False), ("watch.put_metric_alarm(AlarmName='errors')", True)],
)
def test_a_cell_that_is_not_valid_declares_nothing_that_the_program_has_no_word_for(
    tmp_path: Path, last: str, alarms: bool
) -> None:
    project = load_cells(tmp_path, START, "path = ## fill in\n", last)
    (gap,) = project.gaps
    assert gap.broken
    assert "deploy.ipynb:" in gap.what
    assert ("AWS::CloudWatch::Alarm" in gap.never) is not alarms
    assert "AWS::Budgets::" in gap.never
    assert "AWS::SageMaker::" not in gap.never
