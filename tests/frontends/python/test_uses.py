"""What the rest of a project shows of a program: what gives its defaults, what calls and runs it."""

import json
from functools import partial
from pathlib import Path

import pytest

from mlwa_lint.cli.app import invoke
from tests.frontends.python.programs import BACKEND, notebook
from tests.support.files import write

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
ASSUMED = "assuming the default of --instance-type"
_write = partial(write, Path())


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


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
    assert _found(capsys) == [f"deploy.py:12 high {ASSUMED}"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("run__sh", "python deploy.py \\\n  --instance-type ml.m5.xlarge\n"),
        ("README__md", "```\npython deploy.py --instance-type=ml.m5.xlarge\n```\n"),
        (".github/workflows/cd.yml", "      - run: python deploy.py --instance-type ml.m5.xlarge\n"),
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
    assert _found(capsys) == [f"deploy.py:12 high {ASSUMED}"]


def test_commands_mean_the_script_that_is_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    _write(
        a___deploy__py=SCRIPT,
        a___run__sh="python deploy.py --instance-type ml.m5.xlarge\n",
        b___deploy__py=SCRIPT,
        b___run__sh="python deploy.py\n",
    )
    assert _found(capsys) == [f"b/deploy.py:12 high {ASSUMED}"]


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


@pytest.mark.parametrize(
    ("condition", "default", "found"),
    [
        ("size == 'large'", "'small'", True),
        ("size != 'small'", "'small'", False),
        ("size is not None", "None", False),
        ("size", "None", False),
    ],
)
def test_other_values_may_lead_where_the_default_does(
    condition: str, default: str, found: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    choice = f"instance_type = 'ml.m5.large' if {condition} else 'ml.t3.medium'\n"
    header = f"def deploy(size={default}):\n"
    _write(
        deploy__py=IMPORTS + _function(header, choice + CONFIG),
        main__py="from deploy import deploy\ndeploy(size='tiny')\n",
    )
    assert bool(_found(capsys)) is found


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
    ("text", "severity"),
    [
        ("sm.make_config(EndpointConfigName='a')\n", "medium"),
        ("sm = boto3.client('sagemaker')\nsm.make_config(**settings)\n", "medium"),
        ("sm.make_config(name='a')\n", "high"),
        ("sm.make_config(**settings)\n", "high"),
    ],
    ids=["arguments of the API", "a client", "other arguments", "anything"],
)
def test_a_method_of_a_client_is_no_use_of_a_function_that_is_called_so(
    text: str, severity: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(old__py=UNUSED, use__py=f"import sagemaker\nimport old\n{text}")
    assert _found(capsys) == [f"old.py:10 {severity} always"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("use__py", "import sagemaker\nimport old\nold.make_config()\n"),
        ("use__py", "import sagemaker\nfrom old import make_config as made\nrun(made)\n"),
        ("__init__.py", "# sagemaker\nfrom .old import make_config\n"),
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


def test_a_copy_that_nothing_runs_is_info(capsys: pytest.CaptureFixture[str]) -> None:
    script = IMPORTS + LITERAL
    _write(a___deploy__py=script, b___deploy__py=f"{script}# The other.\n", b___run__sh="python deploy.py\n")
    assert _found(capsys) == ["a/deploy.py:9 info always", "b/deploy.py:9 high always"]


def test_a_program_like_one_beside_it_may_be_run(capsys: pytest.CaptureFixture[str]) -> None:
    script = IMPORTS + LITERAL
    other = script.replace("'m'", "'other'").replace("'a'", "'b'")
    _write(deploy__py=script, other__py=other, run__sh="python deploy.py\n")
    assert _found(capsys) == ["deploy.py:9 high always", "other.py:9 medium always"]


def test_a_copy_beside_its_original_is_known_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    _write(deploy__py=IMPORTS, **{"deploy copy 2.py": IMPORTS + LITERAL, "other_old.py": IMPORTS + LITERAL})
    assert _found(capsys) == ["deploy copy 2.py:9 info always", "other_old.py:9 high always"]


@pytest.mark.parametrize(
    ("folder", "use", "severity"),
    [
        ("archive", "import sagemaker\n", "info"),
        ("src/old_scripts", "import sagemaker\n", "info"),
        ("src/stale-copies/a", "import sagemaker\n", "info"),
        ("scripts", "import sagemaker\n", "high"),
        ("archive_models", "import sagemaker\n", "high"),
        ("archive", "run('python archive/deploy.py')\n", "high"),
    ],
)
def test_what_is_put_aside_is_not_run(
    folder: str, use: str, severity: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(use__py=use, **{f"{folder}/deploy.py": IMPORTS + LITERAL})
    assert _found(capsys) == [f"{folder}/deploy.py:9 {severity} always"]


@pytest.mark.parametrize(
    ("other", "use", "severity"),
    [
        ("deploy.py", "import sagemaker\n", "medium"),
        ("other.py", "import sagemaker\n", "high"),
        ("deploy.py", "run('python legacy/deploy.py')\n", "high"),
    ],
)
def test_a_file_of_a_folder_for_old_ones_whose_name_another_has_is_left_over(
    other: str, use: str, severity: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(use__py=use, **{"legacy/deploy.py": IMPORTS + LITERAL, other: "import boto3\nprint('x')\n"})
    assert _found(capsys) == [f"legacy/deploy.py:9 {severity} always"]


def test_a_secret_in_what_is_put_aside_is_still_reported(capsys: pytest.CaptureFixture[str]) -> None:
    job = "sm.create_model(ModelName='m', ExecutionRoleArn='r', PrimaryContainer={'Image': 'i',\n"
    job += " 'Environment': {'DB_PASSWORD': 'Gx7!kq92Lm'}})\n"
    _write(archive___deploy__py=IMPORTS + job)
    assert _found(capsys, "MLS106") == ["archive/deploy.py:5 medium always"]


RUN = "if __name__ == '__main__':\n    print('checked')\n    # make_config()\n"


@pytest.mark.parametrize(
    ("before", "after", "readme", "severity"),
    [
        ('"""Has make_config()."""\n', "", "", "medium"),
        ("", RUN, "", "medium"),
        ("", RUN, "Run `python make_config.py`.\n", "medium"),
        ("", "", "Use `make_config.py`.\n", "high"),
        ("", RUN, "Call `make_config()`.\n", "high"),
        ("", "NAME = 'make_config'\n", "", "high"),
    ],
)
def test_texts_that_only_describe_a_function_do_not_use_it(
    before: str, after: str, readme: str, severity: str, capsys: pytest.CaptureFixture[str]
) -> None:
    use = "import sagemaker\nprint('Run: python make_config.py')\n"
    _write(make_config__py=before + UNUSED + after, use__py=use, README__md=readme)
    assert [each.split()[1] for each in _found(capsys)] == [severity]


def test_a_namesake_on_the_web_is_another_file(capsys: pytest.CaptureFixture[str]) -> None:
    script = IMPORTS + LITERAL
    note = "# sagemaker, see https://example.com/samples/deploy.py\n"
    _write(
        a___deploy__py=script,
        b___deploy__py=f"{script}# The other.\n",
        b___run__sh="python deploy.py\n",
        a___use__py=note,
    )
    assert _found(capsys) == ["a/deploy.py:9 info always", "b/deploy.py:9 high always"]


# -- programs that stop


@pytest.mark.parametrize(
    ("before", "after", "severity"),
    [
        ("print(missing)\n", "", "info"),
        ("if __name__ == '__main__':\n    print(missing)\n", "", "info"),
        ("def given():\n    return missing\ngiven()\n", "", "info"),
        ("", "print(missing)\n", "high"),
        ("try:\n    print(missing)\nexcept NameError:\n    pass\n", "", "high"),
        ("for each in listed():\n    print(missing)\n", "", "high"),
        ("if chosen():\n    print(missing)\n", "", "high"),
        ("from settings import *\nprint(missing)\n", "", "high"),
        ("print(missing)\n", "def other():\n    global missing\n    missing = 1\n", "high"),
        ("def given():\n    return missing\n", "", "high"),
        ("name = raw_input()\n", "", "high"),
        ("files = dbutils.fs.ls('/')\n", "", "high"),
        ("with contextlib.suppress(NameError):\n    print(missing)\n", "import contextlib\n", "high"),
    ],
)
def test_what_follows_a_name_that_is_not_defined_is_not_run(
    before: str, after: str, severity: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = before.replace("chosen()", "sm.list_models()").replace("listed()", "sm.list_models()")
    _write(deploy__py=IMPORTS + before + LITERAL + after)
    assert [each.split()[1] for each in _found(capsys)] == [severity]


def test_cells_may_run_in_another_order(capsys: pytest.CaptureFixture[str]) -> None:
    _write(deploy__ipynb=notebook(IMPORTS + "print(missing)\n" + LITERAL))
    assert [each.split()[1] for each in _found(capsys)] == ["high"]


TRAINING = """from sagemaker.estimator import Estimator
estimator = Estimator(image_uri='i', role='r', instance_count=1, instance_type='ml.p3.2xlarge')
"""


@pytest.mark.parametrize(("use", "number"), [("", 0), ("# estimator.fit()\n", 0), ("run(estimator)\n", 1)])
def test_an_estimator_that_is_never_used_trains_nothing(
    use: str, number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(train__py=TRAINING + use)
    assert len(_found(capsys, "MLS204")) == number


def test_a_function_that_stops_stops_no_other_code(capsys: pytest.CaptureFixture[str]) -> None:
    text = TRAINING + "print(estimator)\n\ndef later():\n    print(missing)\n"
    _write(train__py=text, network__tf='resource "aws_subnet" "private" {}')
    assert [each.split()[1] for each in _found(capsys, "MLS204")] == ["low"]


def test_a_tuner_and_its_estimator_are_corrected_in_one_place(capsys: pytest.CaptureFixture[str]) -> None:
    text = TRAINING + "from sagemaker.tuner import HyperparameterTuner\n"
    text += "HyperparameterTuner(estimator, 'm', {}).fit()\nestimator.fit()\n"
    _write(train__py=text)
    assert len(_found(capsys, "MLS204")) == 1


JOB = "Estimator(image_uri=image_of(sys.argv[1]), role='arn:aws:iam::111122223333:role/x', instance_count=1, "
IN_BRANCHES = f"""import sys
from sagemaker.estimator import Estimator
from sagemaker.tuner import HyperparameterTuner


def image_of(account):
    return f"{{account}}.dkr.ecr.eu-west-1.amazonaws.com/churn:latest"


if sys.argv[2]:
    e = {JOB}instance_type='ml.m5.large')
else:
    e = {JOB}instance_type='ml.c5.large')
"""


def test_what_only_a_tuner_gets_runs_no_job_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    _write(train__py=IN_BRANCHES + "HyperparameterTuner(e, 'm', {}).fit()\n")
    assert _found(capsys, "MLS204") == ["train.py:11 info assuming no SageMaker defaults file sets it"]


def test_uses_of_one_tag_are_one_finding(capsys: pytest.CaptureFixture[str]) -> None:
    _write(train__py=IN_BRANCHES + "e.fit()\n", README__md="# Letters\n")
    assert _found(capsys, "MLR116") == ["train.py:11 low always"]  # a person starts it (0573)


def test_of_two_copies_that_nothing_names_both_weigh_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    script = IMPORTS + LITERAL
    _write(a___deploy__py=script, b___deploy__py=f"{script}# The other.\n")
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


def test_a_helper_may_print_something_when_it_is_imported(capsys: pytest.CaptureFixture[str]) -> None:
    _write(
        src___helper__py=HELPER + "print(boto3.__version__)\n",
        examples___one__py="# sagemaker\nfrom src.helper import make_config\nmake_config()\n",
    )
    assert _found(capsys, "MLO107") == ["src/helper.py:5 info always"]


@pytest.mark.parametrize("end", ["make_config()\n", "if __name__ == '__main__':\n    make_config()\n"])
def test_a_script_that_examples_import_weighs_the_same(end: str, capsys: pytest.CaptureFixture[str]) -> None:
    _write(
        src___helper__py=HELPER + end,
        examples___one__py="# sagemaker\nfrom src.helper import make_config\nmake_config()\n",
    )
    assert _found(capsys, "MLO107") == ["src/helper.py:5 medium always"]


def test_a_helper_of_a_program_weighs_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    _write(
        src___helper__py=HELPER,
        examples___one__py="# sagemaker\nfrom src.helper import make_config\nmake_config()\n",
        jobs___one__py="# sagemaker\nfrom src.helper import make_config\nmake_config()\n",
    )
    assert _found(capsys, "MLO107") == ["src/helper.py:5 medium always"]


def test_a_helper_that_a_package_offers_weighs_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    _write(
        sdk___helper__py=HELPER,
        notebooks___one__ipynb=notebook("# sagemaker\nfrom sdk import make_config\nmake_config()"),
        **{"sdk/__init__.py": "from .helper import make_config\n"},
    )
    assert _found(capsys, "MLO107") == ["sdk/helper.py:5 medium always"]


def test_a_program_of_the_same_pattern_elsewhere_is_no_copy(capsys: pytest.CaptureFixture[str]) -> None:
    script = IMPORTS + LITERAL
    other = script.replace("'m'", "'other'").replace("'a'", "'b'")
    _write(a___deploy__py=script, b___deploy__py=other, b___run__sh="python deploy.py\n")
    assert _found(capsys) == ["a/deploy.py:9 high always", "b/deploy.py:9 high always"]


HANDLER = IMPORTS + _function("def lambda_handler(event, context):\n", LITERAL)


def test_code_of_a_function_that_only_a_notebook_deploys_is_weighed_as_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    used = notebook("from sagemaker.lambda_helper import Lambda\nLambda(script='scripts/make.py')")
    _write(scripts___make__py=HANDLER, steps__ipynb=used)
    assert _found(capsys, "MLO107") == ["scripts/make.py:5 info always"]
    _write(template__yaml="CodeUri: scripts/make.py\n")
    assert _found(capsys, "MLO107") == ["scripts/make.py:5 medium always"]


def test_a_helper_of_a_published_package_weighs_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    _write(
        src___helper__py=HELPER,
        examples___one__py="# sagemaker\nfrom src.helper import make_config\nmake_config()\n",
        pyproject__toml='[project]\nname = "helper"\n',
    )
    assert _found(capsys, "MLO107") == ["src/helper.py:5 medium always"]


# -- where a value is written


def _places(capsys: pytest.CaptureFixture[str], code: str = "MLR120") -> list[list[str]]:
    """The place of each finding, and the further ones."""
    invoke(["check", ".", "--no-cache", "--format", "json", "--select", code])
    findings = json.loads(capsys.readouterr().out)["findings"]
    return [
        [f"{f['path']}:{f['line']}", *(f"{r['path']}:{r['line']} {r['message']}" for r in f["related"])]
        for f in findings
    ]


def test_the_call_that_hands_a_value_over_comes_first(capsys: pytest.CaptureFixture[str]) -> None:
    _write(
        src___helper__py=MODULE,
        use__ipynb=notebook(
            "# sagemaker\nfrom src.helper import deploy\n",
            "deploy(\n    'a',\n    'ml.t3.large',\n)",
        ),
    )
    place = "the value comes from here"
    assert _places(capsys) == [["src/helper.py:10", f"use.ipynb:19 {place}"]]
    invoke(["check", ".", "--no-cache", "--format", "text", "--select", "MLR120"])
    assert f"see:  use.ipynb:19:10 (cell 2, line 3): {place}" in capsys.readouterr().out
    invoke(["check", ".", "--no-cache", "--format", "sarif", "--select", "MLR120"])
    (result,) = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    (related,) = result["relatedLocations"]
    location = related["physicalLocation"]
    assert (location["artifactLocation"]["uri"], location["region"]["startLine"]) == ("use.ipynb", 19)


def test_one_value_for_two_resources_is_one_finding(capsys: pytest.CaptureFixture[str]) -> None:
    text = "from src.helper import deploy\nTYPE = 'ml.t3.large'\n\n# sagemaker\ndeploy('a', TYPE)\n"
    _write(src___helper__py=MODULE, one__py=text, src___other__py="# sagemaker\nimport one\n")
    assert _places(capsys) == [["src/helper.py:10", "one.py:2 the value comes from here"]]


def test_a_value_that_is_written_where_it_is_used_has_no_further_place(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _write(deploy__py=IMPORTS + LITERAL)
    assert _places(capsys) == [["deploy.py:9"]]


# -- settings that a program offers


JOB = """sm.create_model(
    ModelName='m',
    ExecutionRoleArn='arn:aws:iam::111122223333:role/r',
    VpcConfig=vpc_config,
    EnableNetworkIsolation=isolated,
)
"""
OFFERING = (
    IMPORTS
    + "parser = argparse.ArgumentParser()\n"
    + "parser.add_argument('--vpc-config', default=None)\n"
    + "parser.add_argument('--isolated', action='store_true')\n"
    + "args = parser.parse_args()\n"
    + "vpc_config, isolated = args.vpc_config, args.isolated\n"
    + JOB
)


def _lowered(capsys: pytest.CaptureFixture[str], codes: str = "MLS102,MLS103") -> list[tuple[str, ...]]:
    invoke(["check", ".", "--no-cache", "--severity", "info", "--format", "json", "--select", codes])
    findings = json.loads(capsys.readouterr().out)["findings"]
    lowered = ((f["code"], f["severity"], (f.get("lowered") or {}).get("because", "")) for f in findings)
    return sorted(lowered)


SET_BY_CALLERS = "who calls or runs the program may set it"


def test_a_setting_that_an_option_offers_is_info(capsys: pytest.CaptureFixture[str]) -> None:
    _write(deploy__py=OFFERING)
    assert _lowered(capsys) == [("MLS102", "info", SET_BY_CALLERS), ("MLS103", "info", SET_BY_CALLERS)]


def test_a_command_that_leaves_an_option_out_decides(capsys: pytest.CaptureFixture[str]) -> None:
    _write(app__py=BACKEND, deploy__py=OFFERING)
    _write(run__sh="python deploy.py --vpc-config v\npython deploy.py --isolated\n")
    assert _lowered(capsys) == [("MLS102", "medium", ""), ("MLS103", "medium", "")]


def test_a_setting_that_a_parameter_offers_is_info(capsys: pytest.CaptureFixture[str]) -> None:
    _write(deploy__py=IMPORTS + _function("def deploy(vpc_config=None, isolated=False):\n", JOB))
    assert _lowered(capsys) == [("MLS102", "info", SET_BY_CALLERS), ("MLS103", "info", SET_BY_CALLERS)]


def test_a_caller_that_leaves_a_parameter_out_decides(capsys: pytest.CaptureFixture[str]) -> None:
    function = _function("def deploy(vpc_config=None, isolated=False):\n", JOB)
    _write(app__py=BACKEND, deploy__py=IMPORTS + function + "deploy()\n")
    assert _lowered(capsys) == [("MLS102", "medium", ""), ("MLS103", "medium", "")]


def test_a_default_that_states_something_is_no_offer(capsys: pytest.CaptureFixture[str]) -> None:
    _write(deploy__py=SCRIPT)
    assert _lowered(capsys, "MLR120") == [("MLR120", "high", "")]


def test_a_type_that_an_option_has_by_default_weighs_less(capsys: pytest.CaptureFixture[str]) -> None:
    text = SCRIPT.replace("ml.t3.medium", "ml.t2.medium")
    text += "sm.create_endpoint(EndpointName='churn', EndpointConfigName='config')\n"
    _write(deploy__py=text)
    assert [each.split()[1] for each in _found(capsys, "MLP102")] == ["low"]
    _write(run__sh="python deploy.py\n")
    assert [each.split()[1] for each in _found(capsys, "MLP102")] == ["medium"]


def test_a_setting_that_is_given_only_under_an_option_is_offered(capsys: pytest.CaptureFixture[str]) -> None:
    text = OFFERING.replace(
        "vpc_config, isolated = args.vpc_config, args.isolated\n",
        "vpc_config, isolated = None, True\nif args.vpc_config:\n    vpc_config = {'Subnets': ['s']}\n",
    )
    _write(deploy__py=text)
    assert _lowered(capsys) == [("MLS103", "info", SET_BY_CALLERS)]


def test_what_is_kept_of_a_program_holds_until_a_text_changes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLWA_LINT_CACHE_DIR", str(Path("kept").resolve()))
    arguments = ["check", ".", "--format", "json", "--select", "MLR120"]
    numbers = []
    for text in (
        "python other.py\n",
        "python deploy.py --instance-type ml.m5.xlarge\n",
        "python deploy.py\n",
    ):
        _write(deploy__py=SCRIPT, run__sh=text)
        invoke(arguments)
        numbers.append(len(json.loads(capsys.readouterr().out)["findings"]))
    assert numbers == [1, 0, 1]
