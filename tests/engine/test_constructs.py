"""Findings of the CDK's output name the program that made it."""

import json
from pathlib import Path
from typing import Any

import pytest

from mlwa_lint.engine.constructs import l1_property
from tests.support.workspace import Workspace

TEMPLATE = {
    "Resources": {
        "Books5A1B2C3D": {
            "Type": "AWS::SageMaker::NotebookInstance",
            "Properties": {"InstanceType": "ml.t3.medium", "RoleArn": "r", "RootAccess": "Enabled"},
        }
    }
}
MANIFEST = {
    "artifacts": {
        "S": {
            "type": "aws:cloudformation:stack",
            "properties": {"templateFile": "S.template.json"},
            "metadata": {
                "/S/Team/Books": [
                    {
                        "type": "aws:cdk:logicalId",
                        "data": "Books5A1B2C3D",
                        "trace": ["(/app/lib/team.ts:17:5)"],
                    }
                ]
            },
        }
    }
}


@pytest.mark.parametrize(
    ("kind", "path", "name"),
    [
        ("AWS::SageMaker::EndpointConfig", ("KmsKeyId",), "cfnEndpointConfig.kmsKeyId"),
        (
            "AWS::SageMaker::EndpointConfig",
            ("DataCaptureConfig", "DestinationS3Uri"),
            "cfnEndpointConfig.dataCaptureConfig.destinationS3Uri",
        ),
        ("AWS::S3::Bucket", ("BucketEncryption",), "cfnBucket.bucketEncryption"),
        ("AWS::SNS::Topic", ("KMSMasterKeyID",), "cfnTopic.kmsMasterKeyId"),
        ("AWS::RDS::DBInstance", ("DBName",), "cfnDBInstance.dbName"),
        ("AWS::Lambda::Function", ("VpcConfig",), "cfnFunction.vpcConfig"),
    ],
)
def test_a_property_as_the_cdk_calls_it(kind: str, path: tuple[str, ...], name: str) -> None:
    assert l1_property(kind, path) == name


def _report(workspace: Workspace, form: str) -> str:
    folder = Path("cdk.out")
    folder.mkdir()
    (folder / "S.template.json").write_text(json.dumps(TEMPLATE))
    (folder / "manifest.json").write_text(json.dumps(MANIFEST))
    return workspace.run("check", "--no-cache", "--select", "MLS402", "--format", form, ".").out


def test_the_text_report_names_the_construct_and_the_line(workspace: Workspace) -> None:
    report = _report(workspace, "text")
    assert "made by S/Team/Books, /app/lib/team.ts:17" in report
    assert "in the CDK: cfnNotebookInstance.rootAccess" in report


def test_json_names_the_construct_and_the_line(workspace: Workspace) -> None:
    (finding,) = json.loads(_report(workspace, "json"))["findings"]
    assert finding["construct"] == {
        "path": "S/Team/Books",
        "source": {"path": "/app/lib/team.ts", "line": 17},
    }


def test_a_synthesized_template_alone_names_the_construct(workspace: Workspace) -> None:
    (resource,) = TEMPLATE["Resources"].values()
    stated = {**resource, "Metadata": {"aws:cdk:path": "S/Team/Books/Resource"}}
    Path("S.template.json").write_text(json.dumps({"Resources": {"Books5A1B2C3D": stated}}))
    report = workspace.run("check", "--no-cache", "--select", "MLS402", "--format", "json", ".").out
    (finding,) = json.loads(report)["findings"]
    assert finding["construct"] == {"path": "S/Team/Books/Resource", "source": None}


def _sarif(workspace: Workspace) -> dict[str, Any]:
    (result,) = json.loads(_report(workspace, "sarif"))["runs"][0]["results"]
    found: dict[str, Any] = result
    return found


def test_sarif_stays_at_the_template_where_the_program_is_not_there(workspace: Workspace) -> None:
    (location,) = _sarif(workspace)["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "cdk.out/S.template.json"
    assert location["logicalLocations"][1] == {
        "fullyQualifiedName": "S/Team/Books",
        "kind": "construct",
        "decoratedName": "/app/lib/team.ts:17",
    }


def test_sarif_leads_to_the_program_where_it_is_there(workspace: Workspace) -> None:
    Path("lib").mkdir()
    Path("lib/team.ts").touch()
    Path("lib/prod.json").touch()  # so that it is operated
    result = _sarif(workspace)
    (location,) = result["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "lib/team.ts"
    assert location["physicalLocation"]["region"]["startLine"] == 17
    related = [each["physicalLocation"]["artifactLocation"]["uri"] for each in result["relatedLocations"]]
    assert related[0] == "cdk.out/S.template.json"
