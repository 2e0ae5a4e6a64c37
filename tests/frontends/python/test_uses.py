"""What the rest of a project says of a program: who gives its defaults, who calls and runs it."""

import json
from pathlib import Path

import pytest

from mlwa_lint.cli.app import invoke
from tests.frontends.python.programs import notebook

IMPORTS = "import argparse\nimport boto3\nsm = boto3.client('sagemaker')\n"
CONFIG = """sm.create_endpoint_config(
    EndpointConfigName='config',
    ProductionVariants=[{
        'VariantName': 'a',
        'ModelName': 'm',
        'InstanceType': instance_type,
        'InitialInstanceCount': 2,
    }],
)
"""
# A type that SageMaker does not offer for hosting.
SCRIPT = (
    IMPORTS
    + "parser = argparse.ArgumentParser()\n"
    + "parser.add_argument('--instance-type', default='ml.t3.medium')\n"
    + "instance_type = parser.parse_args().instance_type\n"
    + CONFIG
)


def _function(header: str, body: str = CONFIG) -> str:
    return header + "".join(f"    {line}\n" for line in body.splitlines())


MODULE = IMPORTS + _function("def deploy(name, instance_type='ml.t3.medium'):\n")
SAID = "assuming the default of --instance-type"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


def _write(**files: str) -> None:
    for name, text in files.items():
        path = Path(name.replace("___", "/").replace("__", "."))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _found(capsys: pytest.CaptureFixture[str], code: str = "MLR120") -> list[str]:
    """Place, severity and condition of each finding of a rule."""
    arguments = ["check", ".", "--no-cache", "--severity", "info", "--format", "json", "--select", code]
    invoke(arguments)
    findings = json.loads(capsys.readouterr().out)["findings"]
    shown = ((f["path"], f["line"], f["severity"], f.get("condition")) for f in findings)
    return [f"{path}:{line} {severity} {condition or 'always'}" for path, line, severity, condition in shown]


# -- options of scripts


def test_a_default_that_no_known_command_leaves_is_an_assumption(capsys: pytest.CaptureFixture[str]) -> None:
    _write(deploy__py=SCRIPT)
    assert _found(capsys) == [f"deploy.py:12 high {SAID}"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("run__sh", "python deploy.py \\\n  --instance-type ml.m5.xlarge\n"),
        ("README__md", "```\npython deploy.py --instance-type=ml.m5.xlarge\n```\n"),
        (".github___workflows___cd__yml", "      - run: python deploy.py --instance-type ml.m5.xlarge\n"),
        ("pipeline__py", "step.run(code='deploy.py', arguments=['--instance-type', 'ml.m5.xlarge'])\n"),
        ("run__ipynb", notebook("!python deploy.py --instance-type ml.m5.xlarge")),
        ("steps__yaml", 'script: deploy.py\nargs: ["--instance-type", "ml.m5.xlarge"]\n'),
    ],
)
def test_a_default_that_every_command_replaces_makes_no_finding(
    name: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(deploy__py=SCRIPT, **{name: text})
    assert _found(capsys) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("run__sh", "python deploy.py\npython deploy.py --instance-type ml.m5.xlarge\n"),
        ("README__md", "`deploy.py` deploys the model, with --instance-type-list\n"),
        ("pipeline__py", "step.run(code='deploy.py', arguments=['--other', 'ml.m5.xlarge'])\n"),
        ("copy__ipynb", notebook("%%writefile deploy.py\nparser.add_argument('--instance-type')")),
        ("run__sh", "python redeploy.py --instance-type ml.m5.xlarge\n"),
        ("tests___run__sh", "python deploy.py --instance-type ml.m5.xlarge\n"),
    ],
)
def test_a_default_that_some_command_leaves_is_an_assumption(
    name: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(deploy__py=SCRIPT, **{name: text})
    assert _found(capsys) == [f"deploy.py:12 high {SAID}"]


def test_commands_mean_the_script_that_is_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    _write(
        a___deploy__py=SCRIPT,
        a___run__sh="python deploy.py --instance-type ml.m5.xlarge\n",
        b___deploy__py=SCRIPT,
        b___run__sh="python deploy.py\n",
    )
    assert _found(capsys) == [f"b/deploy.py:12 high {SAID}"]


# -- parameters of functions


def test_a_default_that_every_caller_replaces_makes_no_finding(capsys: pytest.CaptureFixture[str]) -> None:
    _write(
        src___helper__py=MODULE,
        src___other__py="from .helper import deploy\n\ndeploy('a', types[0])\n",
        use__ipynb=notebook("from src import helper\nhelper.deploy('b', instance_type=chosen)"),
        src___tests___test_helper__py="from src.helper import deploy\ndeploy('a')\n",
    )
    assert _found(capsys) == []


def test_a_default_that_some_caller_leaves_is_a_finding(capsys: pytest.CaptureFixture[str]) -> None:
    _write(
        src___helper__py=MODULE,
        src___other__py="from .helper import deploy\n\ndeploy('a', types[0])\n",
        use__ipynb=notebook("# sagemaker\nfrom src import helper\nhelper.deploy('b')"),
    )
    assert _found(capsys) == ["src/helper.py:10 high always"]


def test_callers_of_a_namesake_do_not_count(capsys: pytest.CaptureFixture[str]) -> None:
    _write(
        helper__py=MODULE,
        use__py="from sagemaker.helper import deploy\ndeploy('a', 'ml.m5.large')\nhelper = 1\n",
        README__md="Call deploy().",
    )
    assert _found(capsys) == ["helper.py:10 high assuming the default of instance_type in deploy()"]


def test_a_constructor_is_called_by_its_class(capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        IMPORTS
        + "class Host:\n"
        + "".join(
            f"    {line}\n"
            for line in _function("def __init__(self, name, instance_type='ml.t3.medium'):\n").splitlines()
        )
    )
    _write(host__py=text, use__py="from host import Host\n\ndef main():\n    Host('a', given())\n")
    assert _found(capsys) == []


# -- what nothing uses


LITERAL = CONFIG.replace("instance_type,", "'ml.t3.medium',")
UNUSED = IMPORTS + _function("def make_config():\n", LITERAL)


def test_a_function_that_nothing_names_weighs_less(capsys: pytest.CaptureFixture[str]) -> None:
    _write(old__py=UNUSED, use__py="import sagemaker\n")
    assert _found(capsys) == ["old.py:10 medium always"]
    assert _found(capsys, "MLO107") == ["old.py:5 info always"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("use__py", "import sagemaker\nimport old\nold.make_config()\n"),
        ("use__py", "import sagemaker\nfrom old import make_config as made\nrun(made)\n"),
        ("__init____py", "# sagemaker\nfrom .old import make_config\n"),
        ("README__md", "Call make_config()\n"),
        ("handlers__yml", "handler: old.make_config\n"),
        ("use__py", "import os\n"),
    ],
)
def test_a_function_that_something_names_weighs_the_same(
    name: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(old__py=UNUSED, **{name: text})
    assert _found(capsys) == ["old.py:10 high always"]


@pytest.mark.parametrize(
    "header", ["def lambda_handler(event, context):\n", "def main():\n", "@app.command()\ndef make():\n"]
)
def test_functions_that_are_called_from_outside_weigh_the_same(
    header: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = IMPORTS + _function(header, LITERAL)
    _write(old__py=text, use__py="import sagemaker\n")
    assert [each.split()[1] for each in _found(capsys)] == ["high"]


def test_a_copy_that_nothing_runs_weighs_less(capsys: pytest.CaptureFixture[str]) -> None:
    script = IMPORTS + LITERAL
    _write(a___deploy__py=script, b___deploy__py=script, b___run__sh="python deploy.py\n")
    assert _found(capsys) == ["a/deploy.py:9 medium always", "b/deploy.py:9 high always"]


def test_of_two_copies_that_nothing_names_both_weigh_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    script = IMPORTS + LITERAL
    _write(a___deploy__py=script, b___deploy__py=script)
    assert _found(capsys) == ["a/deploy.py:9 high always", "b/deploy.py:9 high always"]


# -- helpers of examples


HELPER = IMPORTS + _function("def make_config():\n", LITERAL)


def test_a_helper_of_examples_is_weighed_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    _write(
        src___helper__py=HELPER,
        src___more__py="from src.helper import make_config\n\ndef more():\n    make_config()\n",
        examples___one__py="# sagemaker\nfrom src.more import more\nmore()\n",
        tests___test_it__py="from src.helper import make_config\n",
    )
    assert _found(capsys, "MLO107") == ["src/helper.py:5 info always"]


def test_a_helper_of_a_program_weighs_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    _write(
        src___helper__py=HELPER,
        examples___one__py="# sagemaker\nfrom src.helper import make_config\nmake_config()\n",
        jobs___one__py="# sagemaker\nfrom src.helper import make_config\nmake_config()\n",
    )
    assert _found(capsys, "MLO107") == ["src/helper.py:5 medium always"]


def test_a_helper_of_a_published_package_weighs_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    _write(
        src___helper__py=HELPER,
        examples___one__py="# sagemaker\nfrom src.helper import make_config\nmake_config()\n",
        pyproject__toml='[project]\nname = "helper"\n',
    )
    assert _found(capsys, "MLO107") == ["src/helper.py:5 medium always"]
