"""What the layers of functions show of their programs, where they are in the repository."""

from pathlib import Path

import pytest

from tests.frontends.test_code import projects, requested

HANDLER = """
import store
from helpers.clients import Clients

def handler(event, context):
    store.keep(event)
    Clients().read("churn")
"""
STORE = """
from helpers.clients import Clients

def keep(event):
    Clients().client_for("dynamodb").put_item(Item=event)
"""
CLIENTS = """
import boto3

class Clients:
    def client_for(self, name, region=None):
        return boto3.client(name, region_name=region)

    def read(self, key):
        return self.client_for(name="s3").get_object(Bucket="documents", Key=key)
"""
ANALYSING = (
    STORE
    + """
def analyse(event):
    return Clients().client_for("textract").detect_document_text(Document=event)
"""
)
SAM = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Shared:
    Type: AWS::Serverless::LayerVersion
    Properties: {ContentUri: layer/, CompatibleRuntimes: [python3.12]}
  Function:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: src/, Handler: app.handler, Runtime: python3.12, Layers: [!Ref Shared]}
"""
CLOUDFORMATION = """
Resources:
  Shared:
    Type: AWS::Lambda::LayerVersion
    Properties: {Content: layer/, CompatibleRuntimes: [python3.12]}
  Function:
    Type: AWS::Lambda::Function
    Properties: {Code: src/, Handler: app.handler, Runtime: python3.12, Role: r, Layers: [!Ref Shared]}
"""
CDK = """
Resources:
  Shared:
    Type: AWS::Lambda::LayerVersion
    Properties: {Content: {S3Bucket: assets, S3Key: layer.zip}}
    Metadata: {"aws:asset:path": layer, "aws:asset:property": Content}
  Function:
    Type: AWS::Lambda::Function
    Properties: {Code: src/, Handler: app.handler, Runtime: python3.12, Role: r, Layers: [!Ref Shared]}
"""
TERRAFORM = """
variable "archive" {
  default = "build/shared.zip"
}

data "archive_file" "shared" {
  type        = "zip"
  source_dir  = "${path.module}/layer"
  output_path = var.archive
}

resource "aws_lambda_layer_version" "shared" {
  layer_name = "shared"
  filename   = SHARED
}

data "archive_file" "code" {
  type        = "zip"
  source_dir  = "src"
  output_path = "build/code.zip"
}

resource "aws_lambda_function" "function" {
  function_name = "function"
  role          = "arn:aws:iam::111122223333:role/function"
  handler       = "app.handler"
  runtime       = "python3.12"
  filename      = "build/code.zip"
  layers        = [aws_lambda_layer_version.shared.arn]
}
"""


def _write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


ADDRESS = {"main.tf": "aws_lambda_function.function", "template.yaml": "Function"}


@pytest.mark.parametrize("below", ["python", "python/lib/python3.12/site-packages", ""])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("template.yaml", SAM),
        ("template.yaml", CLOUDFORMATION),
        ("template.yaml", CDK),
        ("main.tf", TERRAFORM.replace("SHARED", "data.archive_file.shared.output_path")),
        # Nothing refers to the data source then.
        ("main.tf", TERRAFORM.replace("SHARED", "var.archive")),
    ],
)
def test_what_a_layer_has_is_read(tmp_path: Path, name: str, text: str, below: str) -> None:
    _write(tmp_path, name, text)
    _write(tmp_path, "src/app.py", HANDLER)
    _write(tmp_path, f"layer/{below}/store.py", STORE)
    _write(tmp_path, f"layer/{below}/helpers/__init__.py", "")
    _write(tmp_path, f"layer/{below}/helpers/clients.py", CLIENTS)
    (project,) = projects(tmp_path)
    assert requested(project, ADDRESS[name]) == ([], True)


@pytest.mark.parametrize(("name", "text"), [("template.yaml", SAM), ("main.tf", TERRAFORM)])
def test_calls_in_a_layer_are_calls_of_the_function(tmp_path: Path, name: str, text: str) -> None:
    _write(tmp_path, name, text.replace("SHARED", "var.archive"))
    _write(tmp_path, "src/app.py", HANDLER.replace("store.keep", "store.analyse"))
    _write(tmp_path, "layer/python/store.py", ANALYSING)
    _write(tmp_path, "layer/python/helpers/clients.py", CLIENTS)
    (project,) = projects(tmp_path)
    found = requested(project, ADDRESS[name])
    assert found is not None
    assert [call for call, _ in found[0]] == ["textract.detect_document_text", "s3.get_object"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('client_for("dynamodb")', "client_for(event['service'])"),
        ("keep(event):", "keep(event, make=Clients.client_for):"),
        ("from helpers.clients", "import elsewhere\nfrom helpers.clients"),
    ],
)
def test_what_a_layer_leaves_open_is_open(tmp_path: Path, old: str, new: str) -> None:
    _write(tmp_path, "template.yaml", SAM)
    _write(tmp_path, "src/app.py", HANDLER)
    _write(tmp_path, "layer/python/store.py", STORE.replace(old, new))
    _write(tmp_path, "layer/python/helpers/clients.py", CLIENTS)
    (project,) = projects(tmp_path)
    assert requested(project) == ([], False)


def test_layers_from_elsewhere_are_not_known(tmp_path: Path) -> None:
    _write(tmp_path, "template.yaml", SAM.replace("[!Ref Shared]", "[!ImportValue shared]"))
    _write(tmp_path, "src/app.py", HANDLER)
    _write(tmp_path, "layer/python/store.py", STORE)
    _write(tmp_path, "layer/python/helpers/clients.py", CLIENTS)
    (project,) = projects(tmp_path)
    assert requested(project) == ([], False)


def test_layers_outside_of_the_repository_are_not_read(tmp_path: Path) -> None:
    _write(tmp_path, "top/template.yaml", SAM.replace("layer/", "../layer/"))
    _write(tmp_path, "top/src/app.py", HANDLER)
    _write(tmp_path, "layer/python/store.py", STORE)
    _write(tmp_path, "layer/python/helpers/clients.py", CLIENTS)
    (project,) = projects(tmp_path / "top")
    assert requested(project) == ([], False)


MODULE = """
import boto3

def client_for(name):
    return boto3.client(name)

def handler(event, context):
    client_for("s3").get_object(Bucket="documents", Key="a")
"""


@pytest.mark.parametrize(
    ("old", "new", "complete"),
    [
        ("client_for(name)", "client_for(name)", True),
        ('client_for("s3")', 'client_for(event["service"])', False),
        ('client_for("s3")', 'client_for("comprehend")', False),
        ('client_for("s3")', 'client_for(*["s3"])', False),
        ("def handler", "make = client_for\n\ndef handler", False),
        ('client_for("s3").get_object(Bucket="documents", Key="a")', "pass", False),
    ],
)
def test_clients_of_functions_have_the_names_that_callers_state(
    tmp_path: Path, old: str, new: str, complete: bool
) -> None:
    _write(tmp_path, "template.yaml", CLOUDFORMATION.replace(", Layers: [!Ref Shared]", ""))
    _write(tmp_path, "src/app.py", MODULE.replace(old, new))
    (project,) = projects(tmp_path)
    found = requested(project)
    assert found is not None
    assert found[1] is complete
