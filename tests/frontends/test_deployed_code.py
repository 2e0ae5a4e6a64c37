"""The code of functions that a template does not have: of archives, images, and what replaces a text."""

from pathlib import Path

import pytest

from mlwa_lint.discovery.search import discover
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.loading import load

FUNCTION = """
Parameters: {{Image: {{Type: String}}}}
Resources:
  Endpoint: {{Type: AWS::SageMaker::Endpoint, Properties: {{EndpointConfigName: c}}}}
  AskModelFunction:
    Type: AWS::Lambda::Function
    Properties: {{{properties}}}
"""
TERRAFORM = """
resource "aws_lambda_function" "ask" {{
  function_name = "ask"
  {properties}
}}
"""
PROGRAM = "import boto3\n\n\ndef handler(event, context):\n    boto3.client('textract')\n"
DOCKERFILE = 'FROM public.ecr.aws/lambda/python:3.12\nCOPY app.py .\nCMD ["app.handler"]\n'
INLINE = (
    "Runtime: python3.12, Handler: {handler}.handler, Code: {{ZipFile: 'def handler(e, c): return {{}}'}}"
)


def read(folder: Path, template: str, files: list[str], name: str = "template.yaml") -> list[str]:
    """The programs that are read for a function, of a project with some files."""
    (folder / name).write_text(template, "utf-8")
    for each in files:
        (folder / each).parent.mkdir(parents=True, exist_ok=True)
        (folder / each).write_text(DOCKERFILE if "Dockerfile" in each else PROGRAM, "utf-8")
    targets = [each for each in discover([str(folder)]).targets if each.kind != "python"]
    found = [project for each in targets for project in load(each, LoadOptions(root=folder))]
    sources = [Path(each).resolve().relative_to(folder.resolve()).as_posix() for each in found[0].sources]
    return [each for each in sources if each.endswith(".py")]


@pytest.mark.parametrize(
    ("key", "files", "found"),
    [
        ("agent/functions/claims/package.zip", ["agent/functions/claims/app.py"], True),
        ("/claims-chat/package.zip", ["lambda/claims_chat/app.py", "other/app.py"], True),
        # Folders that any repository has, several of a name, and the repository itself.
        ("assets/lambda/package.zip", ["lambda/app.py"], False),
        ("claims/package.zip", ["one/claims/app.py", "two/claims/app.py"], False),
        ("claims/package.zip", ["app.py"], False),
        ("package.zip", ["claims/app.py"], False),
    ],
)
def test_the_folder_of_an_archive_shows_what_it_is_made_of(
    key: str, files: list[str], found: bool, tmp_path: Path
) -> None:
    code = f"Runtime: python3.12, Handler: app.handler, Code: {{S3Bucket: b, S3Key: {key}}}"
    assert read(tmp_path, FUNCTION.format(properties=code), files) == files[: int(found)]
    code = f'handler = "app.handler"\n runtime = "python3.12"\n s3_bucket = "b"\n s3_key = "{key}"'
    (tmp_path / "template.yaml").unlink()
    assert read(tmp_path, TERRAFORM.format(properties=code), files, "main.tf") == files[: int(found)]


@pytest.mark.parametrize(
    ("handler", "files", "found"),
    [
        ("functions.ask", ["src/functions/ask.py"], True),
        ("app", ["lambda/ask_model/app.py", "lambda/other/app.py"], True),
        ("app", ["lambda/ask-model/app.py"], True),
        # A function called otherwise, two of a name, and the handler of the text itself.
        ("app", ["lambda/model/app.py"], False),
        ("functions.ask", ["a/functions/ask.py", "b/functions/ask.py"], False),
        ("app", ["lambda/app.py"], False),
        ("index", ["ask_model/index.py"], False),
    ],
)
def test_a_placeholder_stands_for_the_handler_that_it_does_not_have(
    handler: str, files: list[str], found: bool, tmp_path: Path
) -> None:
    template = FUNCTION.format(properties=INLINE.format(handler=handler))
    assert read(tmp_path, template, files) == files[: int(found)]


def test_a_function_is_called_like_its_folder_by_its_name_too(tmp_path: Path) -> None:
    named = INLINE.format(handler="app") + ", FunctionName: !Sub '${AWS::StackName}-score-claims'"
    template = FUNCTION.format(properties=named).replace("AskModelFunction", "Handler")
    assert read(tmp_path, template, ["lambda/score_claims/app.py"]) == ["lambda/score_claims/app.py"]


@pytest.mark.parametrize(
    ("image", "files", "found"),
    [
        ("!Ref Image", ["chat/Dockerfile", "chat/app.py"], True),
        ("!Sub '${Image}/ask:1'", ["ask/Dockerfile", "ask/app.py", "b/Dockerfile", "b/app.py"], True),
        ("ecr.aws/ask-model:1", ["ask_model/Dockerfile", "ask_model/app.py"], True),
        ("!Ref Image", ["chat/Dockerfile", "chat/app.py", "b/Dockerfile", "b/app.py"], False),
        ("!Ref Image", ["chat/app.py"], False),
    ],
)
def test_the_only_image_is_that_of_the_only_dockerfile(
    image: str, files: list[str], found: bool, tmp_path: Path
) -> None:
    template = FUNCTION.format(properties=f"PackageType: Image, Code: {{ImageUri: {image}}}")
    assert read(tmp_path, template, files) == files[1:2] * found


def test_several_images_of_one_dockerfile_are_not_guessed_between(tmp_path: Path) -> None:
    template = FUNCTION.format(properties="PackageType: Image, Code: {ImageUri: !Ref Image}")
    other = "  Second: {Type: AWS::Lambda::Function, Properties: {PackageType: Image, Code: {ImageUri: x}}}\n"
    assert read(tmp_path, template + other, ["chat/Dockerfile", "chat/app.py"]) == []


def test_the_command_of_an_image_is_its_handler(tmp_path: Path) -> None:
    command = "ImageConfig: {Command: [functions.score.handler]}"
    template = FUNCTION.format(properties=f"PackageType: Image, Code: {{ImageUri: !Ref Image}}, {command}")
    files = ["src/functions/score.py", "src/Dockerfile", "src/app.py"]
    assert read(tmp_path, template, files) == ["src/functions/score.py"]
