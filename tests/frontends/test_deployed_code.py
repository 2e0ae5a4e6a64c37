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


BUILT = """Resources:
  Repository{name}: {{Type: AWS::ECR::Repository, Properties: {{RepositoryName: shop/score-claims}}}}
  Function:
    Type: AWS::Lambda::Function
    Properties: {{PackageType: Image, Code: {{ImageUri: !Sub "${{Repository{name}.RepositoryUri}}:7"}}}}
"""


def built(folder: Path, dockerfile: str, files: list[str], name: str = "Claims") -> list[str]:
    """The programs that are read for a function, of a project with a Dockerfile beside another one."""
    (folder / "docker" / "score-claims").mkdir(parents=True)
    (folder / "docker" / "score-claims" / "Dockerfile").write_text(dockerfile, "utf-8")
    return read(folder, BUILT.format(name=name), ["b/Dockerfile", "b/app.py", *files])


@pytest.mark.parametrize(
    "copied",
    [
        "COPY workers/score/app.py ${LAMBDA_TASK_ROOT}/",
        "COPY --chown=1 workers/score/ /var/task/",
        "COPY workers/score/* ./",
        "WORKDIR /srv\nCOPY workers/common/keys.py \\\n  workers/score/app.py .",
        "COPY --from=deps /opt/a /opt/a\nCOPY x.txt /etc/x.txt\nADD workers/score $LAMBDA_TASK_ROOT",
    ],
)
def test_an_image_has_what_its_dockerfile_copies_from_a_folder_above(copied: str, tmp_path: Path) -> None:
    dockerfile = f'FROM python AS deps\nCOPY app.py .\nFROM lambda\n{copied}\nCMD ["app.handler"]\n'
    files = ["workers/score/app.py", "workers/common/keys.py"]
    assert built(tmp_path, dockerfile, files)[:1] == ["workers/score/app.py"]


@pytest.mark.parametrize(
    "copied",
    [
        "COPY workers/score/app.py /opt/",  # not where the code of a function is
        "COPY ../workers/score/app.py ./",
        "COPY ${FOLDER}/app.py ./",
        "COPY workers/score/app.py workers/common/keys.py claims/",
        # A module that has another name in the image is imported by that.
        "COPY workers/score/app.py ./\nCOPY workers/common/keys.py ./secrets.py",
    ],
)
def test_what_a_dockerfile_copies_elsewhere_is_not_guessed(copied: str, tmp_path: Path) -> None:
    dockerfile = f'FROM lambda\n{copied}\nCMD ["app.handler"]\n'
    assert built(tmp_path, dockerfile, ["workers/score/app.py", "workers/common/keys.py"]) == []


def test_the_file_of_a_handler_may_have_another_name_in_the_image(tmp_path: Path) -> None:
    dockerfile = (
        'COPY workers/score/app.py ${LAMBDA_TASK_ROOT}/lambda_function.py\nCMD ["lambda_function.x"]\n'
    )
    assert built(tmp_path, dockerfile, ["workers/score/app.py"]) == ["workers/score/app.py"]


def test_a_handler_imports_what_is_copied_beside_it(tmp_path: Path) -> None:
    dockerfile = "COPY workers/score/app.py workers/common/keys.py ./\nCOPY shared/texts ./texts\n"
    files = ["workers/score/app.py", "workers/common/keys.py", "shared/texts/words.py"]
    (tmp_path / "template.yaml").write_text(BUILT.format(name="Claims"), "utf-8")
    for each, text in {
        **dict.fromkeys(files, PROGRAM),
        "docker/score-claims/Dockerfile": f'{dockerfile}CMD ["app.handler"]\n',
        "workers/score/app.py": "import keys\nfrom texts import words\n\n\ndef handler(e, c):\n    pass\n",
    }.items():
        (tmp_path / each).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / each).write_text(text, "utf-8")
    targets = [each for each in discover([str(tmp_path)]).targets if each.kind != "python"]
    project = next(iter(load(targets[0], LoadOptions(root=tmp_path))))
    assert {Path(each).name for each in project.sources} >= {"app.py", "keys.py", "words.py"}


def test_a_repository_has_the_name_of_its_resource_where_it_states_none(tmp_path: Path) -> None:
    template = (
        BUILT.format(name="")
        .replace("RepositoryName: shop/score-claims", "")
        .replace("Repository", "ScoreClaims")
    )
    template = template.replace("ECR::ScoreClaims", "ECR::Repository").replace(
        "ScoreClaimsUri", "RepositoryUri"
    )
    files = ["b/Dockerfile", "b/app.py", "score_claims/Dockerfile", "score_claims/app.py"]
    assert read(tmp_path, template, files) == ["score_claims/app.py"]
