"""What the code of functions calls in AWS, where it is in the repository."""

import json
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name

from mlwa_lint.discovery.search import discover
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.python.service_calls import ANALYSERS
from mlwa_lint.model.resources import COMPLETE, REQUESTS, Project
from mlwa_lint.model.values import ListValue, MapValue, Reference, Scalar, Value, known_text
from mlwa_lint.run.loading import load
from tests.support.files import write

SAM = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Endpoint: {Type: AWS::SageMaker::Endpoint, Properties: {EndpointConfigName: c}}
  Function:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: python3.12
      Environment: {Variables: {ENDPOINT: !GetAtt Endpoint.EndpointName, MODEL: amazon.nova-lite-v1:0}}
"""
PROGRAM = """
import os
import boto3
bedrock = boto3.client("bedrock-runtime")
VERSION = "DRAFT"

def handler(event, context):
    boto3.Session().client("sagemaker-runtime").invoke_endpoint(EndpointName=os.environ["ENDPOINT"], Body="")
    settings = {"guardrailIdentifier": "abc", "guardrailVersion": VERSION}
    return bedrock.converse(modelId=os.getenv("MODEL"), messages=[event], guardrailConfig=settings)
"""
ALL = [
    ("sagemaker-runtime.invoke_endpoint", {"EndpointName": "<Endpoint>"}),
    (
        "bedrock-runtime.converse",
        {
            "modelId": "amazon.nova-lite-v1:0",
            "guardrailConfig": {"guardrailIdentifier": "abc", "guardrailVersion": "DRAFT"},
        },
    ),
]


def projects(folder: Path) -> list[Project]:
    targets = [each for each in discover([str(folder)]).targets if each.kind != "python"]
    return [project for each in targets for project in load(each, LoadOptions(root=folder))]


def plain(value: Value) -> object:
    if isinstance(value, MapValue):
        return {key: plain(entry.value) for key, entry in value.entries.items()}
    if isinstance(value, Reference):
        return f"<{value.address}>"
    return known_text(value) or "?"


def requested(project: Project, address: str = "Function") -> tuple[list[tuple[str, object]], bool] | None:
    entries = next(each for each in project.resources if each.address == address).attributes.entries
    if REQUESTS not in entries:
        return None
    requests, complete = entries[REQUESTS].value, entries[COMPLETE].value
    assert isinstance(requests, ListValue)
    assert isinstance(complete, Scalar)
    found = []
    for each in requests.items:
        assert isinstance(each, MapValue)
        name = f"{plain(each.value('Service'))}.{plain(each.value('Method'))}"
        found.append((name, plain(each.value("Arguments"))))
    return found, complete.data is True


def test_a_function_requests_what_its_handler_calls(tmp_path: Path) -> None:
    write(tmp_path, template__yaml=SAM, src___app__py=PROGRAM)
    (project,) = projects(tmp_path)
    assert requested(project) == (ALL, False)
    assert [Path(each).name for each in project.sources] == ["template.yaml", "app.py"]
    entries = next(each for each in project.resources if each.address == "Function").attributes.entries
    requests = entries[REQUESTS].value
    assert isinstance(requests, ListValue)
    assert [(Path(each.span.path).name, each.span.line) for each in requests.items if each.span] == [
        ("app.py", 8),
        ("app.py", 10),
    ]


@pytest.mark.parametrize(
    ("template", "file"),
    [
        (SAM.replace("src/", "./src"), "src___app__py"),
        (SAM.replace("app.handler", "pack.app.handler"), "src___pack___app__py"),
        (SAM.replace("app.handler", "pack/app.handler"), "src___pack___app__py"),
        (SAM.replace("app.handler", "src/app.handler"), "src___app__py"),
        (SAM.replace("app.handler", "src/app.handler"), "src___src___app__py"),
        (SAM.replace("AWS::Serverless::", "AWS::Lambda::").replace("CodeUri", "Code"), "src___app__py"),
    ],
)
def test_the_handler_is_found_where_packaging_looks_for_it(tmp_path: Path, template: str, file: str) -> None:
    write(tmp_path, template__yaml=template, **{file: PROGRAM})
    assert requested(projects(tmp_path)[0]) == (ALL, False)


@pytest.mark.parametrize(
    "template",
    [
        SAM.replace("src/", "s3://bucket/src.zip"),
        SAM.replace("src/", "elsewhere/"),
        SAM.replace("src/", "../src"),
        SAM.replace("python3.12", "nodejs22.x"),
        SAM.replace("app.handler", "other.handler"),
        SAM.replace("src/", "!Ref Place").replace(
            "Resources:", "Parameters: {Place: {Type: String}}\nResources:"
        ),
    ],
)
def test_code_that_is_not_found_decides_nothing(tmp_path: Path, template: str) -> None:
    write(tmp_path, inner___template__yaml=template, src___app__py=PROGRAM, inner___src___app__py=PROGRAM)
    (project,) = projects(tmp_path / "inner")
    assert requested(project) is None


def test_inline_code_is_placed_at_its_property(tmp_path: Path) -> None:
    inline = SAM.replace("CodeUri: src/", "InlineCode: |" + PROGRAM.replace("\n", "\n        "))
    write(tmp_path, template__yaml=inline)
    (project,) = projects(tmp_path)
    assert requested(project) == (ALL, False)
    entries = next(each for each in project.resources if each.address == "Function").attributes.entries
    requests = entries[REQUESTS].value
    assert isinstance(requests, ListValue)
    assert [each.span.line for each in requests.items if each.span] == [15, 17]
    template = (tmp_path / "template.yaml").read_text().splitlines()
    assert ".invoke_endpoint(" in template[14]
    assert ".converse(" in template[16]


def test_assets_of_the_cdk_are_read(tmp_path: Path) -> None:
    function = {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Code": {"S3Bucket": {"Fn::Sub": "assets-${AWS::Region}"}, "S3Key": "1234.zip"},
            "Handler": "app.handler",
            "Runtime": "python3.12",
            "Environment": {"Variables": {"ENDPOINT": {"Fn::GetAtt": ["Endpoint", "EndpointName"]}}},
        },
        "Metadata": {"aws:asset:path": "asset.1234", "aws:asset:property": "Code"},
    }
    endpoint = {"Type": "AWS::SageMaker::Endpoint", "Properties": {"EndpointConfigName": "c"}}
    template = {"Resources": {"Function": function, "Endpoint": endpoint}}
    stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "S.template.json"}}
    out = tmp_path / "cdk.out"
    write(out, S__template__json=json.dumps(template), asset__1234___app__py=PROGRAM)
    write(out, manifest__json=json.dumps({"version": "38.0.0", "artifacts": {"S": stack}}))
    found = requested(projects(tmp_path)[0])
    assert found is not None
    assert found[0][0] == ALL[0]


TERRAFORM = """
resource "aws_sagemaker_endpoint" "e" { endpoint_config_name = "c" }
data "archive_file" "code" {
  type        = "zip"
  SOURCE
  output_path = "${path.module}/build/code.zip"
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  filename      = FILENAME
  handler       = "app.handler"
  runtime       = "python3.12"
  environment {
    variables = {
      ENDPOINT = aws_sagemaker_endpoint.e.name
      MODEL    = "amazon.nova-lite-v1:0"
    }
  }
}
"""


@pytest.mark.parametrize(
    "source",
    [
        'source_dir = "${path.module}/src"',
        'source_file = "src/app.py"',
        'source {\n content = file("${path.module}/src/app.py")\n filename = "app.py"\n }',
        'source {\n content = templatefile("src/app.py", {})\n filename = "app.py"\n }',
        (
            'source {\n content = file("src/app.py")\n filename = "app.py"\n }\n'
            'source {\n content = "boto3"\n filename = "requirements.txt"\n }'
        ),
    ],
)
@pytest.mark.parametrize(
    "filename", ["data.archive_file.code.output_path", '"${path.module}/build/code.zip"']
)
def test_what_archive_file_packs_is_read(tmp_path: Path, source: str, filename: str) -> None:
    text = TERRAFORM.replace("SOURCE", source).replace("FILENAME", filename)
    if not filename.startswith("data"):
        text = text.replace(
            "runtime ", "source_code_hash = data.archive_file.code.output_base64sha256\n  runtime "
        )
    write(tmp_path, main__tf=text, src___app__py=PROGRAM)
    found = requested(projects(tmp_path)[0], "aws_lambda_function.f")
    assert found is not None
    assert [name for name, _ in found[0]] == [name for name, _ in ALL]
    assert found[0][0] == (
        "sagemaker-runtime.invoke_endpoint",
        {"EndpointName": "<aws_sagemaker_endpoint.e>"},
    )


@pytest.mark.parametrize(("other", "is_read"), [("other.zip", True), ("code.zip", False)])
def test_what_is_packed_and_uploaded_is_read(tmp_path: Path, other: str, is_read: bool) -> None:
    text = TERRAFORM.replace("SOURCE", 'source_dir = "${path.module}/src"')
    text = text.replace("filename      = FILENAME", 's3_bucket = "code"\n  s3_key = aws_s3_object.code.key')
    text += """
resource "aws_s3_object" "code" {
  bucket = "code"
  key    = "code.zip"
  source = data.archive_file.code.output_path
}
resource "aws_s3_object" "other" {
  bucket = "other"
  key    = "OTHER"
  source = "other.zip"
}
"""
    write(tmp_path, main__tf=text.replace("OTHER", other), src___app__py=PROGRAM)
    found = requested(projects(tmp_path)[0], "aws_lambda_function.f")
    assert (found is not None) is is_read


@pytest.mark.parametrize(
    ("inserted", "complete"),
    [
        ("return boto3.client('s3').get_object(Bucket='${bucket}', Key='a')", True),
        ("return boto3.client('${service}')", None),
        ("return ${call}", None),
    ],
)
def test_what_a_template_inserts_into_a_program(tmp_path: Path, inserted: str, complete: bool | None) -> None:
    given = 'bucket = var.x, service = "a", call = "b"'
    source = f'source {{\n content = templatefile("app.py", {{ {given} }})\n filename = "app.py"\n }}'
    text = TERRAFORM.replace("SOURCE", source).replace("FILENAME", "data.archive_file.code.output_path")
    program = f"import boto3\ndef handler(e, c):\n    {inserted}\n"
    write(tmp_path, main__tf=f'{text}\nvariable "x" {{}}\n', app__py=program)
    found = requested(projects(tmp_path)[0], "aws_lambda_function.f")
    assert found == (None if complete is None else ([], complete))


@pytest.mark.parametrize(
    ("files", "complete"),
    [
        ({"app": "import boto3\ndef handler(e, c):\n    boto3.client('s3').list_buckets()\n"}, True),
        ({"app": "import helper\ndef handler(e, c): helper.run()\n", "helper": "def run(): pass\n"}, True),
        ({"app": "import helper\n", "helper": "import litellm\n"}, False),
        ({"app": "def handler(e, c): pass\n", "other": "import litellm\n"}, True),
        ({"app": "import importlib\ndef handler(e, c): pass\n", "other": "import litellm\n"}, False),
        ({"app": "from a import b\ndef handler(e, c): pass\n", "b": "import litellm\n"}, False),
        ({"app": "import acme_sdk\n"}, False),
        ({"app": "import boto3, os\nboto3.client(os.environ['SERVICE'])\n"}, False),
        ({"app": "# asks bedrock elsewhere\n"}, False),
        ({"app": "def handler(e, c):  # for the Bedrock agent\n    return e\n"}, True),
        ({"app": "def handler(e, c):\n    'Called by Bedrock.'\n    return e\n"}, True),
        ({"app": "def personalize_page(e): return e\ndef handler(e, c): return personalize_page(e)\n"}, True),
        (
            {
                "app": "from page import personalize\ndef handler(e, c): return personalize(e)\n",
                "page": "def personalize(e): return e\n",
            },
            True,
        ),
        (
            {"app": "def handler(e, c): return 'Offers personalized for you, and a forecast for today'\n"},
            True,
        ),
        ({"app": "def handler(e, c): return e['personalized_mail']\n"}, True),
        (
            {
                "app": "import boto3\nURL = 'https://weather.example/v1/forecast'\n"
                "forecast_days = 3\ndef handler(e, c): return boto3.client('s3'), URL, forecast_days\n"
            },
            True,
        ),
        ({"app": "import boto3\ndef handler(e, c): return boto3.client('forecastquery')\n"}, False),
        ({"app": "import boto3\nforecast = 's'\ndef handler(e, c): return boto3.client(forecast)\n"}, False),
        ({"app": "def handler(e, c): return 'https://comprehend.eu-west-1.amazonaws.com'\n"}, False),
        ({"app": "def handler(e, c): return e.get_personalized_ranking()\n"}, False),
        ({"app": "def handler(e, c): return e['bedrock']\n"}, False),
        ({"app": "def invoke_endpoint(e, c): return c.invoke_endpoint(e)\n"}, False),
        ({"app": "def handler(e, c: pass\n"}, False),
        ({"app": "def handler(e, c): pass\n", **{f"m{number}": "" for number in range(70)}}, False),
    ],
)
def test_code_that_mentions_no_model_certainly_calls_none(
    tmp_path: Path, files: dict[str, str], complete: bool
) -> None:
    write(tmp_path, template__yaml=SAM, **{f"src___{name}__py": text for name, text in files.items()})
    assert requested(projects(tmp_path)[0]) == ([], complete)


def test_endless_code_is_followed_to_its_limit(tmp_path: Path) -> None:
    many = "\n".join(f"x{number} = [y for y in range(64) for z in range(64)]" for number in range(200))
    program = PROGRAM.replace("def handler", f"{many}\ndef late(event, context):\n    pass\ndef handler")
    write(tmp_path, template__yaml=SAM, src___app__py=program)
    assert requested(projects(tmp_path)[0]) == ([], False)


ARCHIVE = """
Parameters: {Solution: {Type: String}}
Resources:
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Code: {S3Bucket: assets, S3Key: KEY}
      Handler: app.handler
      Runtime: python3.12
  Endpoint: {Type: AWS::SageMaker::Endpoint, Properties: {EndpointConfigName: c}}
"""


@pytest.mark.parametrize(
    ("key", "files", "found"),
    [
        ("build/ask-model.zip", ["lib/ask_model/app.py"], "lib/ask_model/app.py"),
        ("!Sub '${Solution}/build/ask-model.zip'", ["ask-model/src/app.py"], "ask-model/src/app.py"),
        ("ask-model.zip", ["ask-model/app.py", "ask-model/numpy/app.py"], "ask-model/app.py"),
        ("ask-model-v2.zip", ["ask-model/app.py", "other/app.py"], "ask-model/app.py"),
        # What may be called otherwise, several files of a name, and folders that all repositories have.
        ("!Sub '${Solution}ask-model.zip'", ["ask-model/app.py"], None),
        ("ask-model.zip", ["one/ask-model/app.py", "two/ask-model/app.py"], None),
        ("ask-model.zip", ["ask-model/a/app.py", "ask-model/b/app.py"], None),
        ("ask-model.zip", ["ask-model/main.py"], None),
        ("ask.zip", ["ask-model/app.py"], None),
        ("src.zip", ["src/app.py"], None),
        ("app.zip", ["far/app.py"], None),
        ("0123456789abcdef0123456789abcdef.zip", ["0123456789abcdef0123456789abcdef/app.py"], None),
    ],
)
def test_what_an_archive_is_made_of_is_found_by_its_name(
    tmp_path: Path, key: str, files: list[str], found: str | None
) -> None:
    (tmp_path / "template.yaml").write_text(ARCHIVE.replace("KEY", key), "utf-8")
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(PROGRAM, "utf-8")
    (project,) = projects(tmp_path)
    read = [Path(each).resolve().relative_to(tmp_path.resolve()).as_posix() for each in project.sources]
    assert read == ["template.yaml", *([] if found is None else [found])]


def test_a_handler_called_like_its_archive_is_read(tmp_path: Path) -> None:
    text = ARCHIVE.replace("KEY", "lambdas.zip").replace("app.handler", "lambdas.ask")
    write(tmp_path, template__yaml=text, assets___lambdas___lambdas__py=PROGRAM)
    found = requested(projects(tmp_path)[0])
    assert found is not None
    assert [name for name, _ in found[0]] == [name for name, _ in ALL]


@pytest.mark.parametrize(
    ("key", "handler", "files", "found"),
    [
        (
            "lambdas/tool1-supplier-lookup.zip",
            "supplier_lookup_lambda",
            ["a/supplier_lookup_lambda.py"],
            True,
        ),
        ("lambdas/scoring.zip", "scoring_lambda", ["a/scoring_lambda.py"], True),
        ("lambdas/scoring.zip", "scoring_lambda", ["a/scoring_lambda.py", "b/scoring_lambda.py"], False),
        ("lambdas/scoring-of-offers.zip", "scoring_lambda", ["a/scoring_lambda.py"], False),
        ("lambdas/new-api.zip", "api_lambda", ["a/api_lambda.py"], False),
        ("lambdas/app.zip", "lambda_function", ["a/lambda_function.py"], False),
        # The handler itself names folders.
        ("lambdas/app.zip", "src.chat.answer", ["back/src/chat/answer.py"], True),
        ("lambdas/app.zip", "src.answer", ["one/src/answer.py", "two/src/answer.py"], False),
        # … or the folder that a copy of the repository unpacks to.
        ("code.zip", "claims-main.score-claims", ["score-claims.py"], True),
        ("code.zip", "claims-main.score-claims", ["a/score-claims.py", "b/score-claims.py"], False),
        ("code.zip", "claims-main.handler", ["handler.py"], False),
    ],
)
def test_an_archive_is_called_after_its_only_handler(
    tmp_path: Path, key: str, handler: str, files: list[str], found: bool
) -> None:
    template = ARCHIVE.replace("KEY", key).replace("app.handler", f"{handler}.handler")
    (tmp_path / "template.yaml").write_text(template, "utf-8")
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(PROGRAM, "utf-8")
    (project,) = projects(tmp_path)
    assert len(project.sources) == (2 if found else 1)


def test_the_code_beside_an_archive_is_read(tmp_path: Path) -> None:
    text = TERRAFORM.replace("SOURCE", 'source_dir = "none"').replace("FILENAME", '"fn/ask/packed.zip"')
    write(tmp_path, main__tf=text, fn___ask___app__py=PROGRAM, fn___other___app__py="")
    found = requested(projects(tmp_path)[0], "aws_lambda_function.f")
    assert found is not None
    assert [name for name, _ in found[0]] == [name for name, _ in ALL]


IMAGE = SAM.replace(
    "CodeUri: src/\n      Handler: app.handler\n      Runtime: python3.12", "PackageType: Image"
)


@pytest.mark.parametrize("folder", ["ask", ""])
def test_the_handler_of_an_image_that_sam_builds_is_read(tmp_path: Path, folder: str) -> None:
    place = "./ask" if folder else f"../{tmp_path.name}"
    metadata = f"    Metadata: {{DockerContext: {place}, Dockerfile: Own}}\n"
    (tmp_path / folder).mkdir(exist_ok=True)
    (tmp_path / "template.yaml").write_text(IMAGE + metadata, "utf-8")
    (tmp_path / folder / "Own").write_text('FROM x\nCOPY app.py ./\ncmd [ "app.handler" ]', "utf-8")
    (tmp_path / folder / "app.py").write_text(PROGRAM, "utf-8")
    assert requested(projects(tmp_path)[0]) == (ALL, False)


def test_inline_code_may_hold_what_is_not_known(tmp_path: Path) -> None:
    code = "import boto3\\n# ${AWS::StackName}\\nboto3.client('s3').list_buckets()\\n"
    client = code.replace("'s3'", "'${Solution}'")
    text = ARCHIVE.replace("{S3Bucket: assets, S3Key: KEY}", '{ZipFile: !Sub "CODE"}')
    write(tmp_path, template__yaml=text.replace("CODE", code))
    assert requested(projects(tmp_path)[0]) == ([], True)
    write(tmp_path, template__yaml=text.replace("CODE", client))
    assert requested(projects(tmp_path)[0]) == ([], False)


def test_copies_of_well_known_packages_are_not_looked_through(tmp_path: Path) -> None:
    many = {f"src___numpy___m{number}__py": "import acme_sdk" for number in range(70)}
    write(tmp_path, template__yaml=SAM, src___app__py="import numpy\n", **many)
    assert requested(projects(tmp_path)[0]) == ([], True)


def test_a_dockerfile_outside_of_the_project_is_not_read(tmp_path: Path) -> None:
    metadata = "    Metadata: {DockerContext: ../ask, Dockerfile: Own}\n"
    write(tmp_path, inner___template__yaml=IMAGE + metadata, ask___app__py=PROGRAM)
    (tmp_path / "ask" / "Own").write_text('CMD ["app.handler"]', "utf-8")
    assert requested(projects(tmp_path / "inner")[0]) is None


@pytest.mark.parametrize(
    ("call", "found"),
    [
        ("start_document_analysis(DocumentLocation=e['document'])", ["textract.start_document_analysis"]),
        ("detect_labels(Image=e['image'])", ["rekognition.detect_labels"]),
        ("invoke_endpoint(EndpointName='prices')", ["sagemaker-runtime.invoke_endpoint"]),
        # Another library has methods of this name.
        ("translate_text(contents=e['text'])", []),
        ("list_buckets(Prefix='a')", []),
    ],
)
def test_the_client_of_a_helper_is_known_by_its_methods(tmp_path: Path, call: str, found: list[str]) -> None:
    made = "client('textract', 'rekognition')"
    program = f"from helpers import client\ndef handler(e, c):\n    return {made}.{call}\n"
    write(tmp_path, template__yaml=SAM, src___app__py=program)
    requests = requested(projects(tmp_path)[0])
    assert [name for name, _ in (requests or ([], False))[0]] == found


def test_methods_that_show_a_service_are_its_own() -> None:
    services = {name: _methods(name) for name in (*ANALYSERS, "dynamodb", "lambda", "s3", "sagemaker")}
    for service, methods in ANALYSERS.items():
        for method in methods.split():
            assert [name for name, known in services.items() if method in known] == [service]


def _methods(service: str) -> set[str]:
    model = botocore.session.get_session().get_service_model(service)
    return {xform_name(each) for each in model.operation_names}


@pytest.mark.parametrize("handler", ["api/chat.handler", "chat.handler"])
def test_the_source_of_an_archive_for_node_is_read(tmp_path: Path, handler: str) -> None:
    function = (
        "Resources:\n  Chat:\n    Type: AWS::Lambda::Function\n    Properties:\n      Runtime: nodejs22.x\n"
        f"      Handler: {handler}\n      Code: {{S3Bucket: b, S3Key: packages/chat.zip}}\n"
    )
    text = "import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';\n"
    text += "export const handler = () => new ConverseCommand({ modelId: 'amazon.nova-lite-v1:0' });\n"
    path = "functions/source/" + handler.replace(".handler", ".ts")
    write(tmp_path, **{"templates/chat.yaml": function, path: text})
    (project,) = projects(tmp_path)
    (found,) = project.resources
    assert REQUESTS in found.attributes.entries


def test_a_handler_for_node_may_name_the_folder_that_is_packed(tmp_path: Path) -> None:
    function = (
        "Resources:\n  Chat:\n    Type: AWS::Lambda::Function\n    Properties:\n      Runtime: nodejs22.x\n"
        "      Handler: src/chat.handler\n      Code: src/\n"
    )
    text = "import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';\n"
    text += "export const handler = () => new ConverseCommand({ modelId: 'amazon.nova-lite-v1:0' });\n"
    write(tmp_path, **{"template.yaml": function, "src/chat.js": text})
    (project,) = projects(tmp_path)
    assert any(REQUESTS in each.attributes.entries for each in project.resources)
