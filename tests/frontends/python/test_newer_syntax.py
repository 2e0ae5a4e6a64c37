"""f-strings that only Python 3.12 and later read are read by any version; cells of prose are left out."""

import ast
import sys
from pathlib import Path

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.python.project import load
from mlwa_lint.frontends.python.syntax.nested import plainer
from mlwa_lint.frontends.python.syntax.parse import parse
from mlwa_lint.model.resources import Project
from mlwa_lint.model.values import Scalar, Unknown
from tests.frontends.python.programs import notebook


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ('f"{x["a"]}"', "f\"{x['a']}\""),
        ("print(f'{d['a']['b']}')", 'print(f\'{d["a"]["b"]}\')'),
        ('f"{{b}} {x:>{w["k"]}} \\N{BULLET} {y}"', "f\"{{b}} {x:>{w['k']}} \\N{BULLET} {y}\""),
        ('rf"\\d{x["a"]}"', "rf\"\\d{x['a']}\""),
        ('f"{x["a"] + \'c\'}"', 'f"{__unread__  }"'),
        ('f"{"\\n".join(lines)}"', 'f"{__unread__      }"'),
        ('f"{foo(\n  1,\n)} z"\ny', 'f"{__unread__}\\\n\\\n z"\ny'),
        ('f"""{"\\n".join(\na)}"""', 'f"""{__unread__\n}"""'),
        ('a = "\'" # "{\nb = f"{c["d"]}"', 'a = "\'" # "{\nb = f"{c[\'d\']}"'),
    ],
)
def test_a_newer_text_is_put_as_older_versions_read_it(text: str, plain: str) -> None:
    assert plainer(text) == plain
    ast.parse(plain)


@pytest.mark.parametrize("text", ['f"{x}"', '"{x["', 'f"{x', 'f"{x["a"}"', "if f: pass", 'rf"{a(\n1)}"'])
def test_what_need_not_or_cannot_be_changed_is_left(text: str) -> None:
    assert plainer(text) is None


def test_deeply_nested_texts_end() -> None:
    assert plainer("f'{" * 5_000) is None


def test_the_statements_are_the_same_in_every_version() -> None:
    (statement,) = parse('name = f"a-{x["b"]}"')
    assert ast.unparse(statement) == "name = f\"a-{x['b']}\""


def _loaded(path: Path, text: str) -> Project:
    path.write_text(text, encoding="utf-8")
    return load(path, LoadOptions(root=path.parent))


MODEL = """import boto3
names = {"model": "churn"}
boto3.client("sagemaker").create_model(
    ModelName=f"the-{names["model"]}", ExecutionRoleArn=f"{"\\n".join(names)}"
)
"""


def test_a_program_for_a_newer_version_is_followed(tmp_path: Path) -> None:
    project = _loaded(tmp_path / "a.py", MODEL)
    assert project.problems == ()
    (made,) = project.resources
    name = made.properties.entries["ModelName"].value
    assert isinstance(name, Scalar)
    assert name.data == "the-churn"
    if sys.version_info < (3, 12):
        assert isinstance(made.properties.entries["ExecutionRoleArn"].value, Unknown)


PROSE = "A SageMaker pipeline\nhttps://docs.aws.amazon.com/sagemaker/latest/dg/pipelines.html"
YAML = "kvCacheSpec:\n    enableL1Cache: true  # change here\n    size: 2Gi\n  - name: a"


@pytest.mark.parametrize("cell", [PROSE, YAML, "Define the parameters"])
def test_cells_of_prose_and_yaml_are_left_out(cell: str, tmp_path: Path) -> None:
    project = _loaded(tmp_path / "a.ipynb", notebook("import sagemaker", cell, MODEL))
    assert project.problems == ()
    assert len(project.resources) == 1


@pytest.mark.parametrize(
    "cell", ["a = {1 2}\nb = 1", "# no indent\n list(models)", "for x in y:\nprint(", "import a,\nfrom"]
)
def test_programs_with_errors_are_reported(cell: str, tmp_path: Path) -> None:
    project = _loaded(tmp_path / "a.ipynb", notebook("import sagemaker", cell))
    assert len(project.problems) == 1
