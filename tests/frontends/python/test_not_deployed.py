"""Modules with models in them that nothing of a repository deploys, runs or imports."""

import json
from pathlib import Path

import pytest

from mlwa_lint.cli.app import invoke
from tests.frontends.python.programs import notebook
from tests.support.files import write

ENDED = "anthropic.claude-v2:1"
HANDLER = f"""import boto3
models = boto3.client("bedrock-runtime")


def lambda_handler(event, context):
    return models.converse(modelId="{ENDED}", messages=event["messages"])
"""
HELPER = HANDLER.replace("lambda_handler(event, context)", "answer(event)")
STACK = """export class {stack} extends Stack {{
  constructor(scope: Construct, id: string) {{
    super(scope, id);
    new Function(this, 'F', {{ code: Code.fromAsset('../src'), handler: '{module}.lambda_handler' }});
  }}
}}
"""
APP = "import {{ {stack} }} from './{file}';\nnew {stack}(new App(), 'main');\n"
TEMPLATE = """Resources:
  Ask:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Role: arn:aws:iam::111122223333:role/ask
      Handler: {module}.lambda_handler
      Code: {{S3Bucket: code, S3Key: ask.zip}}
"""
WHY = "nothing in the project deploys, runs or imports its module"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


def _found(capsys: pytest.CaptureFixture[str]) -> dict[str, tuple[str, str]]:
    arguments = ["check", ".", "--no-cache", "--severity", "info", "--format", "json", "--select", "MLR605"]
    invoke(arguments)
    findings = json.loads(capsys.readouterr().out)["findings"]
    return {
        each["path"]: (each["severity"], (each.get("lowered") or {}).get("because", "")) for each in findings
    }


def _stacks(module: str, used: str = "used") -> dict[str, str]:
    """A stack that the app makes, with a handler, and one that it does not make."""
    return {
        "cdk/app.ts": APP.format(stack="UsedStack", file="used-stack"),
        "cdk/used-stack.ts": STACK.format(stack="UsedStack", module=used),
        "cdk/left-stack.ts": STACK.format(stack="LeftStack", module=module),
        "src/used.py": HANDLER,
    }


def test_a_handler_that_no_template_names_beside_one_that_is(capsys: pytest.CaptureFixture[str]) -> None:
    write(
        Path(),
        **{"template.yaml": TEMPLATE.format(module="used"), "src/used.py": HANDLER, "src/left.py": HANDLER},
    )
    assert _found(capsys) == {"src/used.py": ("medium", ""), "src/left.py": ("low", WHY)}


def test_a_handler_of_a_stack_that_no_app_makes(capsys: pytest.CaptureFixture[str]) -> None:
    write(Path(), **{**_stacks("left"), "src/left.py": HANDLER})
    assert _found(capsys) == {"src/used.py": ("medium", ""), "src/left.py": ("low", WHY)}


def test_an_import_of_a_name_that_a_module_lacks_fails(capsys: pytest.CaptureFixture[str]) -> None:
    importing = "from left import Answers\n\n\ndef handler(event, context):\n    return Answers()\n"
    write(Path(), **{**_stacks("left"), "src/left.py": HANDLER, "src/function.py": importing})
    assert _found(capsys)["src/left.py"][0] == "low"


def test_a_module_that_only_modules_import_which_nothing_runs(capsys: pytest.CaptureFixture[str]) -> None:
    importing = "from left import answer\n\n\ndef lambda_handler(event, context):\n    return answer(event)\n"
    write(Path(), **{**_stacks("calls_left"), "src/left.py": HELPER, "src/calls_left.py": importing})
    assert _found(capsys)["src/left.py"][0] == "low"


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({}, id="no other code is deployed"),
        pytest.param({**_stacks("left"), "cdk/bin.ts": "new LeftStack(app, 'left');\n"}, id="stack is made"),
        pytest.param({**_stacks("other", "left")}, id="handler of a stack"),
        pytest.param({**_stacks("other"), "deploy.sh": "zip left.zip src/left.py\n"}, id="script"),
        pytest.param({**_stacks("other"), "README.md": "Run `python -c 'import left'`.\n"}, id="document"),
        pytest.param(
            {**_stacks("other"), "src/used.py": "from left import lambda_handler\n" + HANDLER}, id="imported"
        ),
        pytest.param(
            {**_stacks("other"), "main.tf": 'locals { functions = ["left"] }\n'}, id="name in Terraform"
        ),
        pytest.param(
            {**_stacks("other"), "main.tf": 'locals { functions = fileset("src", "*.py") }\n'}, id="all files"
        ),
        pytest.param(
            {**_stacks("other"), "src/any.py": "import importlib\nimportlib.import_module(name)\n"},
            id="loads",
        ),
        pytest.param(
            {**_stacks("other"), "left.yaml": TEMPLATE.format(module="left")}, id="handler of a template"
        ),
    ],
)
def test_a_module_that_something_may_run(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    write(Path(), **{**files, "src/left.py": HANDLER})
    assert _found(capsys)["src/left.py"] == ("medium", "")


@pytest.mark.parametrize("name", ["app", "lambda_function", "main", "handler"])
def test_a_file_that_is_called_like_what_platforms_start(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(Path(), **{**_stacks("other"), f"src/{name}.py": HANDLER})
    assert _found(capsys)[f"src/{name}.py"] == ("medium", "")


def test_a_program_that_a_person_runs(capsys: pytest.CaptureFixture[str]) -> None:
    running = f"{HANDLER}\n\nif __name__ == '__main__':\n    lambda_handler(event, None)\n"
    at_once = HANDLER + "\nprint(lambda_handler(event, None))\n"
    write(Path(), **{**_stacks("other"), "src/left.py": running, "src/other_left.py": at_once})
    found = _found(capsys)
    assert found["src/left.py"] == found["src/other_left.py"] == ("medium", "")


def test_what_has_ended_weighs_less_in_a_notebook(capsys: pytest.CaptureFixture[str]) -> None:
    ended = (
        "import boto3\n"
        "boto3.client('sagemaker').create_endpoint_config(EndpointConfigName='c', ProductionVariants=[{"
        "'VariantName': 'a', 'ModelName': 'm', 'InstanceType': 'ml.m5.large', 'InitialInstanceCount': 1,"
        "'AcceleratorType': 'ml.eia2.medium'}])\n"
    )
    write(Path(), **{"deploy.py": ended, "lesson.ipynb": notebook(ended)})
    invoke(["check", ".", "--no-cache", "--severity", "info", "--format", "json", "--select", "MLR602"])
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert {each["path"]: each["severity"] for each in findings} == {
        "deploy.py": "high",
        "lesson.ipynb": "medium",
    }
