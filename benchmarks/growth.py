"""How cost grows with the input, family by family: CPU seconds at three sizes, and the exponent between them.

python benchmarks/growth.py [--scale 1.0] [FAMILY …]

An exponent of 1 is linear growth. The start of a process, which all sizes pay, is taken off.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
BUCKET = "Resources:\n  B:\n    Type: AWS::S3::Bucket\n"


def resources(folder: Path, size: int) -> None:
    """One template of notebook instances."""
    lines = [
        f"  N{n}:\n    Type: AWS::SageMaker::NotebookInstance\n    Properties: {{RootAccess: Enabled}}\n"
        for n in range(size)
    ]
    (folder / "t.yaml").write_text("Resources:\n" + "".join(lines))


def files(folder: Path, size: int) -> None:
    """Folders of one small template each."""
    for number in range(size):
        below = folder / f"d{number % 40}"
        below.mkdir(exist_ok=True)
        (below / f"t{number}.yaml").write_text(BUCKET)


def conditions(folder: Path, size: int) -> None:
    """A template in which every resource has a condition of its own."""
    parameters = "".join(f"  P{n}: {{Type: String}}\n" for n in range(size))
    stated = "".join(f"  C{n}: !Equals [!Ref P{n}, x]\n" for n in range(size))
    found = "".join(
        f"  N{n}:\n    Type: AWS::SageMaker::NotebookInstance\n    Properties:\n"
        f"      KmsKeyId: !If [C{n}, k, !Ref AWS::NoValue]\n"
        for n in range(size)
    )
    (folder / "t.yaml").write_text(f"Parameters:\n{parameters}Conditions:\n{stated}Resources:\n{found}")


def gaps(folder: Path, size: int) -> None:
    """As many modules that cannot be expanded as endpoints."""
    calls = "".join(f'module "m{n}" {{\n  source = "acme/m/aws"\n  name = "x{n}"\n}}\n' for n in range(size))
    found = "".join(
        f'resource "aws_sagemaker_endpoint" "e{n}" {{\n  endpoint_config_name = "c{n}"\n  name = "e{n}"\n}}\n'
        for n in range(size)
    )
    (folder / "main.tf").write_text(calls + found)


def alarms(folder: Path, size: int) -> None:
    """As many alarms as endpoints, each for one."""
    found = "".join(
        f"  C{n}:\n    Type: AWS::SageMaker::EndpointConfig\n    Properties:\n"
        f"      ProductionVariants: [{{VariantName: a, ModelName: m, InstanceType: ml.m5.large}}]\n"
        f"  E{n}:\n    Type: AWS::SageMaker::Endpoint\n"
        f"    Properties: {{EndpointName: e{n}, EndpointConfigName: !GetAtt C{n}.EndpointConfigName}}\n"
        f"  A{n}:\n    Type: AWS::CloudWatch::Alarm\n    Properties:\n"
        f"      Namespace: AWS/SageMaker\n      MetricName: Invocation5XXErrors\n"
        f"      Dimensions: [{{Name: EndpointName, Value: e{n}}}, {{Name: VariantName, Value: a}}]\n"
        for n in range(size)
    )
    (folder / "t.yaml").write_text("Resources:\n" + found)


def policies(folder: Path, size: int) -> None:
    """As many scaling policies as scalable targets."""
    found = "".join(
        f"  T{n}:\n    Type: AWS::ApplicationAutoScaling::ScalableTarget\n    Properties:\n"
        f"      ResourceId: endpoint/e{n}/variant/a\n      MinCapacity: 1\n      MaxCapacity: 2\n"
        "      ScalableDimension: sagemaker:variant:DesiredInstanceCount\n"
        "      ServiceNamespace: sagemaker\n"
        f"  P{n}:\n    Type: AWS::ApplicationAutoScaling::ScalingPolicy\n    Properties:\n"
        f"      PolicyName: p{n}\n      PolicyType: TargetTrackingScaling\n      ScalingTargetId: !Ref T{n}\n"
        for n in range(size)
    )
    (folder / "t.yaml").write_text("Resources:\n" + found)


def functions(folder: Path, size: int) -> None:
    """SAM functions with an event and a policy each, and one table and one bucket that all of them use."""
    found = "".join(
        f"  F{n}:\n    Type: AWS::Serverless::Function\n    Properties:\n"
        f"      Handler: a.b\n      Runtime: python3.12\n      CodeUri: src/\n      FunctionName: f{n}\n"
        "      Environment: {Variables: {TABLE: !Ref T, BUCKET: !Ref B}}\n"
        f"      Policies: [{{DynamoDBCrudPolicy: {{TableName: !Ref T}}}}]\n"
        f"      Events: {{E: {{Type: Api, Properties: {{Path: /p{n}, Method: get}}}}}}\n"
        for n in range(size)
    )
    table = "  T: {Type: AWS::Serverless::SimpleTable}\n  B: {Type: AWS::S3::Bucket}\n"
    (folder / "t.yaml").write_text(f"Transform: AWS::Serverless-2016-10-31\nResources:\n{table}{found}")


def counted(folder: Path, size: int) -> None:
    """Resources that variables switch on and off."""
    found = "".join(
        f'variable "v{n}" {{\n  type = bool\n}}\n'
        f'resource "aws_sagemaker_notebook_instance" "n{n}" {{\n  count = var.v{n} ? 1 : 0\n'
        f'  name = "n{n}"\n  role_arn = aws_iam_role.r{n}[0].arn\n  instance_type = "ml.t3.medium"\n}}\n'
        f'resource "aws_iam_role" "r{n}" {{\n  count = var.v{n} ? 1 : 0\n  assume_role_policy = "{{}}"\n}}\n'
        for n in range(size)
    )
    (folder / "main.tf").write_text(found)


def methods(folder: Path, size: int) -> None:
    """Methods of one API, each with a function that asks a model and a role of its own."""
    trust = (
        "{Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}"
    )
    allowed = '{Statement: [{Effect: Allow, Action: "bedrock:InvokeModel", Resource: "*"}]}'
    target = "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${F%d.Arn}/invocations"
    found = "".join(
        f"  M{n}:\n    Type: AWS::ApiGateway::Method\n    Properties:\n      RestApiId: !Ref A\n"
        f"      ResourceId: r\n      HttpMethod: GET\n      AuthorizationType: NONE\n"
        f'      Integration: {{Type: AWS_PROXY, Uri: !Sub "{target % n}"}}\n'
        f"  F{n}:\n    Type: AWS::Lambda::Function\n    Properties:\n      Handler: a.b\n"
        f"      Runtime: python3.12\n      Role: !GetAtt R{n}.Arn\n      Code: {{S3Bucket: b, S3Key: k}}\n"
        f"  R{n}:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {trust}\n"
        f"      Policies: [{{PolicyName: p, PolicyDocument: {allowed}}}]\n"
        for n in range(size)
    )
    (folder / "t.yaml").write_text(f"Resources:\n  A: {{Type: AWS::ApiGateway::RestApi}}\n{found}")


def programs(folder: Path, size: int) -> None:
    """Programs with a function of the same name each, and one that imports another."""
    for number in range(size):
        (folder / f"p{number}.py").write_text(
            f"import boto3\nimport p{(number + 1) % size}\n\nclient = boto3.client('sagemaker')\n\n\n"
            "def build(role):\n    client.create_notebook_instance(NotebookInstanceName='n', RoleArn=role)\n"
        )


def named_roles(folder: Path, size: int) -> None:
    """Templates that declare a role by its name, and in pairs one that acts with the role of the other."""
    for number in range(size):
        other = number + 1 if number % 2 == 0 else f"missing-{number}"
        (folder / f"t{number}.yaml").write_text(
            "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n"
            f"      RoleName: role-number-{number}\n      AssumeRolePolicyDocument: {{Statement: []}}\n"
            "  M:\n    Type: AWS::SageMaker::Model\n    Properties:\n"
            f"      ExecutionRoleArn: arn:aws:iam::111122223333:role/role-number-{other}\n"
        )


def variants(folder: Path, size: int) -> None:
    """One endpoint configuration of variants, each with a model of its own."""
    listed = "".join(
        f"        - VariantName: v{n}\n          ModelName: !GetAtt M{n}.ModelName\n"
        "          InstanceType: ml.m5.large\n          InitialInstanceCount: 1\n"
        for n in range(size)
    )
    models = "".join(
        f"  M{n}:\n    Type: AWS::SageMaker::Model\n    Properties:\n"
        f"      ExecutionRoleArn: arn:aws:iam::111122223333:role/r{n}\n"
        f"      PrimaryContainer: {{Image: x, ModelDataUrl: s3://b/{n}/model.tar.gz}}\n"
        for n in range(size)
    )
    config = "  C:\n    Type: AWS::SageMaker::EndpointConfig\n    Properties:\n      ProductionVariants:\n"
    (folder / "t.yaml").write_text(f"Resources:\n{config}{listed}{models}")


def stored_names(folder: Path, size: int) -> None:
    """Templates in a ring, each of which reads the name that the next one writes to Systems Manager."""
    for number in range(size):
        below = folder / f"d{number}"
        below.mkdir()
        (below / "t.yaml").write_text(
            f"Resources:\n  P:\n    Type: AWS::SSM::Parameter\n    Properties:\n      Name: /x/{number}\n"
            "      Type: String\n      Value: !Ref B\n  B:\n    Type: AWS::S3::Bucket\n    Properties:\n"
            f"      BucketName: '{{{{resolve:ssm:/x/{(number + 1) % size}}}}}'\n"
        )


def read_names(folder: Path, size: int) -> None:
    """Configurations in a ring, each of which reads what the next one writes to Systems Manager."""
    for number in range(size):
        below = folder / f"r{number}"
        below.mkdir()
        (below / "main.tf").write_text(
            f'data "aws_ssm_parameter" "o" {{\n  name = "/x/{(number + 1) % size}"\n}}\n'
            f'resource "aws_ssm_parameter" "p" {{\n  name = "/x/{number}"\n  type = "String"\n'
            "  value = data.aws_ssm_parameter.o.value\n}\n"
            'resource "aws_s3_bucket" "b" {\n  bucket = data.aws_ssm_parameter.o.value\n}\n'
        )


def runtimes(folder: Path, size: int) -> None:
    """Runtimes of AgentCore, each with a role of its own."""
    found = "".join(
        f"  A{n}:\n    Type: AWS::BedrockAgentCore::Runtime\n    Properties:\n"
        f"      AgentRuntimeName: a{n}\n      RoleArn: !GetAtt R{n}.Arn\n"
        f"      NetworkConfiguration: {{NetworkMode: PUBLIC}}\n"
        f"  R{n}:\n    Type: AWS::IAM::Role\n"
        "    Properties: {AssumeRolePolicyDocument: {Statement: []}}\n"
        for n in range(size)
    )
    (folder / "t.yaml").write_text("Resources:\n" + found)


def shared_roles(folder: Path, size: int) -> None:
    """As many models as notebook instances and runtimes, all with one role."""
    found = "".join(
        f'resource "aws_sagemaker_model" "m{n}" {{\n  name = "m{n}"\n'
        "  execution_role_arn = aws_iam_role.r.arn\n"
        f'  primary_container {{\n    image = "x"\n  }}\n}}\n'
        f'resource "aws_sagemaker_notebook_instance" "n{n}" {{\n  name = "n{n}"\n'
        '  role_arn = aws_iam_role.r.arn\n  instance_type = "ml.t3.medium"\n}\n'
        f'resource "aws_bedrockagentcore_agent_runtime" "a{n}" {{\n  agent_runtime_name = "a{n}"\n'
        "  role_arn = aws_iam_role.r.arn\n}\n"
        for n in range(size)
    )
    role = 'resource "aws_iam_role" "r" {\n  assume_role_policy = "{}"\n}\n'
    (folder / "main.tf").write_text(role + found)


def knowledge_bases(folder: Path, size: int) -> None:
    """Agents with a knowledge base, a guardrail, a collection and its policies each, and one role."""
    network = '[{"Rules": [{"Resource": ["collection/c%d"]}], "AllowFromPublic": true}]'
    access = '[{"Rules": [{"Resource": ["index/c%d/*"]}], "Principal": ["arn:aws:iam::111122223333:role/r"]}]'
    found = "".join(
        f"  A{n}:\n    Type: AWS::Bedrock::Agent\n    Properties:\n"
        f"      AgentName: a{n}\n      KnowledgeBases: [{{KnowledgeBaseId: !Ref K{n}}}]\n"
        f"  K{n}:\n    Type: AWS::Bedrock::KnowledgeBase\n    Properties:\n"
        f"      Name: k{n}\n      RoleArn: !GetAtt R.Arn\n      StorageConfiguration:\n"
        f"        OpensearchServerlessConfiguration: {{CollectionArn: !GetAtt C{n}.Arn}}\n"
        f"  G{n}: {{Type: AWS::Bedrock::Guardrail, Properties: {{Name: g{n}}}}}\n"
        f"  C{n}:\n    Type: AWS::OpenSearchServerless::Collection\n"
        f"    Properties: {{Name: c{n}, Type: VECTORSEARCH}}\n"
        f"  Z{n}:\n    Type: AWS::OpenSearchServerless::SecurityPolicy\n    Properties:\n"
        f"      Type: network\n      Policy: '{network % n}'\n"
        f"  W{n}:\n    Type: AWS::OpenSearchServerless::AccessPolicy\n    Properties:\n"
        f"      Type: data\n      Policy: '{access % n}'\n"
        for n in range(size)
    )
    role = "  R:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: r\n"
    role += "      AssumeRolePolicyDocument: {Statement: []}\n"
    (folder / "t.yaml").write_text(f"Resources:\n{role}{found}")


def collections(folder: Path, size: int) -> None:
    """The same collections and policies in Terraform, each knowledge base with a role of its own."""
    access = (
        '[{Rules = [{Resource = ["collection/c%d", "index/c%d*/*"]}], Principal = [aws_iam_role.r%d.arn]}]'
    )
    found = "".join(
        f'resource "aws_iam_role" "r{n}" {{\n  name = "role-{n}"\n  assume_role_policy = "{{}}"\n}}\n'
        f'resource "aws_bedrockagent_knowledge_base" "k{n}" {{\n  name = "k{n}"\n'
        f"  role_arn = aws_iam_role.r{n}.arn\n  storage_configuration {{\n"
        '    type = "OPENSEARCH_SERVERLESS"\n    opensearch_serverless_configuration {\n'
        f"      collection_arn = aws_opensearchserverless_collection.c{n}.arn\n    }}\n  }}\n}}\n"
        f'resource "aws_opensearchserverless_collection" "c{n}" {{\n  name = "c{n}"\n}}\n'
        f'resource "aws_opensearchserverless_access_policy" "w{n}" {{\n  name = "w{n}"\n  type = "data"\n'
        f"  policy = jsonencode({access % (n, n, n)})\n}}\n"
        for n in range(size)
    )
    (folder / "main.tf").write_text(found)


def deployments(folder: Path, size: int) -> None:
    """A notebook that makes models, their endpoints, and what scales and watches each of them."""
    first = (
        'import boto3\n\nsm = boto3.client("sagemaker")\nscaling = boto3.client("application-autoscaling")\n'
        'watching = boto3.client("cloudwatch")\nrole = "arn:aws:iam::111122223333:role/serve"\n'
        'dimension = "sagemaker:variant:DesiredInstanceCount"\n'
    )
    cells = [first]
    for n in range(size):
        of = (
            f'ServiceNamespace="sagemaker", ResourceId="endpoint/e{n}/variant/a", ScalableDimension=dimension'
        )
        cells.append(
            f'sm.create_model(ModelName="m{n}", ExecutionRoleArn=role, PrimaryContainer={{"Image": "x"}})\n'
            f'variant = {{"VariantName": "a", "ModelName": "m{n}", "InstanceType": "ml.m5.large"}}\n'
            f'sm.create_endpoint_config(EndpointConfigName="c{n}", ProductionVariants=[variant])\n'
            f'sm.create_endpoint(EndpointName="e{n}", EndpointConfigName="c{n}")\n'
            f"scaling.register_scalable_target({of}, MinCapacity=1, MaxCapacity=3)\n"
            f'scaling.put_scaling_policy(PolicyName="p{n}", {of}, PolicyType="TargetTrackingScaling")\n'
            f'watching.put_metric_alarm(AlarmName="a{n}", Namespace="AWS/SageMaker", MetricName="CPU",\n'
            f'    Dimensions=[{{"Name": "EndpointName", "Value": "e{n}"}}])\n'
            f'sm.delete_endpoint(EndpointName="e{n}")\n'
        )
    listed = [{**_CELL, "source": each.splitlines(keepends=True)} for each in cells]
    (folder / "n.ipynb").write_text(json.dumps({**_NOTEBOOK, "cells": listed}, indent=1))


_CELL: dict[str, object] = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
_NOTEBOOK: dict[str, object] = {"metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def images(folder: Path, size: int) -> None:
    """Endpoints of one model each, half of them with images of repositories that the template declares."""
    registry = "${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com"
    found = ""
    for n in range(size):
        named = f'!Sub "{registry}/model-{n}:1.0"' if n % 2 else f"!GetAtt R{n}.RepositoryUri"
        found += (
            f"  M{n}:\n    Type: AWS::SageMaker::Model\n    Properties:\n"
            f"      ExecutionRoleArn: arn:aws:iam::111122223333:role/r\n"
            f"      PrimaryContainer: {{Image: {named}}}\n"
            f"  R{n}: {{Type: AWS::ECR::Repository}}\n"
            f"  C{n}:\n    Type: AWS::SageMaker::EndpointConfig\n    Properties:\n      ProductionVariants:\n"
            f"        - {{VariantName: a, ModelName: !GetAtt M{n}.ModelName, InstanceType: !Ref T}}\n"
            f"  E{n}:\n    Type: AWS::SageMaker::Endpoint\n    Condition: C\n"
            f"    Properties: {{EndpointConfigName: !GetAtt C{n}.EndpointConfigName}}\n"
        )
    stated = "Parameters:\n  T: {Type: String, Default: ml.m5.large}\n  P: {Type: String}\n"
    stated += "Conditions:\n  C: !Equals [!Ref P, x]\n"
    (folder / "t.yaml").write_text(f"{stated}Resources:\n{found}")


def looped(folder: Path, size: int) -> None:
    """Models of one map, and notebook instances of one set of names that begin with a variable."""
    listed = "".join(f'    k{n} = {{ image = "x:{n}" }}\n' for n in range(size))
    names = ", ".join(f'"${{var.stage}}-{n}"' for n in range(size))
    (folder / "main.tf").write_text(
        f'variable "stage" {{\n  type = string\n}}\nlocals {{\n  models = {{\n{listed}  }}\n}}\n'
        'resource "aws_sagemaker_model" "m" {\n  for_each = local.models\n  name = "m-${each.key}"\n'
        '  execution_role_arn = "arn:aws:iam::111122223333:role/r"\n'
        "  primary_container {\n    image = each.value.image\n  }\n}\n"
        'resource "aws_sagemaker_notebook_instance" "n" {\n'
        f"  for_each = toset([{names}])\n  name = each.key\n"
        '  role_arn = "arn:aws:iam::111122223333:role/lab"\n  instance_type = "ml.t3.medium"\n}\n'
    )


FAMILIES: dict[str, tuple[Callable[[Path, int], None], int]] = {
    "resources": (resources, 2000),
    "files": (files, 2000),
    "conditions": (conditions, 400),
    "gaps and resources": (gaps, 400),
    "endpoints and alarms": (alarms, 400),
    "targets and policies": (policies, 400),
    "SAM functions": (functions, 100),
    "counted variables": (counted, 200),
    "methods of an API": (methods, 100),
    "programs": (programs, 100),
    "named roles": (named_roles, 300),
    "variants": (variants, 200),
    "names in Systems Manager": (stored_names, 200),
    "parameters of configurations": (read_names, 200),
    "runtimes and roles": (runtimes, 200),
    "one role": (shared_roles, 100),
    "agents and knowledge bases": (knowledge_bases, 100),
    "collections": (collections, 100),
    "deployments of a notebook": (deployments, 100),
    "endpoints and images": (images, 100),
    "loops": (looped, 200),
}


def seconds(folder: Path) -> tuple[float, float]:
    """CPU seconds of linting a folder, and the memory in MB."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'rules'}"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-m", "mlwa_lint", "check", ".", "--no-cache", "--jobs", "1", "-q"]
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("families", nargs="*")
    parser.add_argument("--scale", type=float, default=1.0)
    arguments = parser.parse_args()
    print("| family | size | seconds | size | seconds | size | seconds | memory | exponent |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for name, (make, base) in FAMILIES.items():
        if arguments.families and name not in arguments.families:
            continue
        sizes = [max(int(base * arguments.scale * factor), 1) for factor in (1, 2, 4)]
        found = []
        for size in (1, *sizes):
            with tempfile.TemporaryDirectory() as folder:
                make(Path(folder), size)
                found.append(seconds(Path(folder)))
        start = found[0][0]
        least, most = (max(found[position][0] - start, 0.001) for position in (1, 3))
        exponent = math.log(most / least) / math.log(sizes[2] / sizes[0])
        cells = [f"{size:,} | {cost:.2f}" for size, (cost, _) in zip(sizes, found[1:], strict=True)]
        print(f"| {name} | {' | '.join(cells)} | {found[3][1]:.0f} MB | {exponent:.2f} |", flush=True)


if __name__ == "__main__":
    main()
