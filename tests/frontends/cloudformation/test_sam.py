from pathlib import Path
from typing import Any

import pytest

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.resources import Project
from mlwa_lint.model.values import MapValue, Unknown

from .templates import plain, project_of, resource

TRANSFORM = "Transform: AWS::Serverless-2016-10-31\n"


def sam(text: str) -> Project:
    return project_of("        " + TRANSFORM + text)


def properties(project: Project, address: str) -> Any:
    return plain(resource(project, address).properties)


FUNCTION = """
        Globals:
          Function:
            Timeout: 30
            MemorySize: 128
            Environment: {Variables: {A: 1}}
            Layers: [common]
        Resources:
          Predict:
            Type: AWS::Serverless::Function
            Condition: Missing
            DependsOn: Table
            Properties:
              CodeUri: src/
              Handler: app.handler
              Runtime: python3.12
              MemorySize: 512
              Environment: {Variables: {B: !Ref Table}}
              Layers: [own]
              Tracing: Active
              Tags: {team: ml}
              Policies:
                - AmazonSageMakerReadOnly
                - arn:aws:iam::aws:policy/X
                - S3ReadPolicy: {BucketName: !Ref Data}
                - Statement: [{Effect: Allow, Action: 'sagemaker:*', Resource: '*'}]
                - NoSuchPolicy: {Name: x}
          Table: {Type: AWS::Serverless::SimpleTable}
          Data: {Type: AWS::S3::Bucket}
"""


def test_a_function_becomes_a_function_and_its_role() -> None:
    project = sam(FUNCTION)
    assert [(each.address, each.type) for each in project.resources] == [
        ("Predict", "AWS::Lambda::Function"),
        ("PredictRole", "AWS::IAM::Role"),
        ("Table", "AWS::DynamoDB::Table"),
        ("Data", "AWS::S3::Bucket"),
    ]
    found = properties(project, "Predict")
    assert found == {
        "Handler": "app.handler",
        "Runtime": "python3.12",
        "Timeout": 30,
        "MemorySize": 512,
        "Environment": {"Variables": {"A": 1, "B": "<Table>"}},
        "Layers": ["common", "own"],
        "Code": {"S3Bucket": "<?>", "S3Key": "<?>"},
        "Role": "<PredictRole.Arn>",
        "TracingConfig": {"Mode": "Active"},
        "Tags": [{"Key": "lambda:createdBy", "Value": "SAM"}, {"Key": "team", "Value": "ml"}],
    }
    assert not project.gaps


def test_its_properties_and_what_is_made_of_it_stand_on_the_lines_of_the_source() -> None:
    project = sam(FUNCTION)
    function, role = resource(project, "Predict"), resource(project, "PredictRole")
    assert function.span.line == role.span.line == 10
    lines = {name: entry.key_span.line for name, entry in function.properties.entries.items()}
    assert lines == {
        "Timeout": 5,
        "Handler": 16,
        "Runtime": 17,
        "MemorySize": 18,
        "Environment": 19,
        "Layers": 20,
        "TracingConfig": 21,
        "Tags": 22,
        "Code": 15,
        "Role": 10,
    }
    assert role.properties.entries["Policies"].key_span.line == 23
    assert plain(role.attributes) == {"Condition": "Missing", "Source": "Predict"}
    assert plain(function.attributes) == {"CodePath": "src/", "Condition": "Missing", "DependsOn": "Table"}
    assert [guard.condition.text for guard in role.guards] == ["Missing"]


def test_policies_are_sorted_into_managed_and_inline_ones() -> None:
    found = properties(sam(FUNCTION), "PredictRole")
    assert found["ManagedPolicyArns"] == [
        "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
        "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess",
        "arn:aws:iam::aws:policy/AmazonSageMakerReadOnly",
        "arn:aws:iam::aws:policy/X",
    ]
    read, own, unknown = (each["PolicyDocument"]["Statement"] for each in found["Policies"])
    assert read[0]["Resource"] == ["arn:<?>:s3:::<Data>", "arn:<?>:s3:::<Data>/*"]
    assert "s3:GetObject" in read[0]["Action"]
    assert own == [{"Effect": "Allow", "Action": "sagemaker:*", "Resource": "*"}]
    assert unknown == "<?>"
    assert found["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {
        "Service": ["lambda.amazonaws.com"]
    }


def test_a_policy_under_a_condition_stays_under_it() -> None:
    project = sam(
        """
        Parameters: {P: {Type: String}}
        Conditions: {C: !Equals [!Ref P, x]}
        Resources:
          F:
            Type: AWS::Serverless::Function
            Properties:
              InlineCode: pass
              Policies:
                - !If [C, AmazonS3FullAccess, !Ref AWS::NoValue]
                - Fn::If: [C, {Statement: []}, AmazonS3ReadOnlyAccess]
        """
    )
    found = properties(project, "FRole")
    full, read = (f"arn:aws:iam::aws:policy/AmazonS3{each}Access" for each in ("Full", "ReadOnly"))
    assert found["ManagedPolicyArns"][1:] == [
        {"if": "C", "yes": full, "no": None},
        {"if": "C", "yes": None, "no": read},
    ]
    assert found["Policies"][0]["PolicyDocument"] == {"if": "C", "yes": {"Statement": []}, "no": None}
    assert properties(project, "F")["Code"] == {"ZipFile": "pass"}


def test_local_code_is_known_only_when_it_is_packaged() -> None:
    """A function that is not an image stays none; of an image nothing is known but that there is one."""
    code = resource(sam(FUNCTION), "Predict").properties.entries["Code"].value
    assert isinstance(code, MapValue)
    assert list(code.entries) == ["S3Bucket", "S3Key"]
    image = FUNCTION.replace("CodeUri: src/", "PackageType: Image")
    for value in (code.value("S3Key"), resource(sam(image), "Predict").properties.entries["Code"].value):
        assert isinstance(value, Unknown)
        assert value.reason == "it is known only when the template is packaged"
        assert value.present


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("CodeUri: s3://b/k/l.zip", {"S3Bucket": "b", "S3Key": "k/l.zip"}),
        ("CodeUri: {Bucket: b, Key: k, Version: v}", {"S3Bucket": "b", "S3Key": "k", "S3ObjectVersion": "v"}),
        (
            "ImageUri: 1.dkr.ecr.eu-west-1.amazonaws.com/x:1",
            {"ImageUri": "1.dkr.ecr.eu-west-1.amazonaws.com/x:1"},
        ),
        ("ImageUri: !Sub '${A}/x'", {"ImageUri": "<?>/x"}),
        ("PackageType: Image", "<?>"),
    ],
)
def test_code_that_lies_somewhere_is_known(given: str, code: object) -> None:
    project = sam(
        f"        Resources: {{F: {{Type: 'AWS::Serverless::Function', Properties: {{{given}}}}}}}\n"
    )
    assert properties(project, "F")["Code"] == code


def test_an_own_role_is_used() -> None:
    project = sam(
        "        Resources: {"
        "F: {Type: 'AWS::Serverless::Function', Properties: {InlineCode: x, Role: !Ref R}}, "
        "R: {Type: 'AWS::IAM::Role'}}\n"
    )
    assert [each.address for each in project.resources] == ["F", "R"]
    assert properties(project, "F")["Role"] == "<R>"


def test_events_aliases_and_urls_become_resources() -> None:
    project = sam(
        """
        Resources:
          F:
            Type: AWS::Serverless::Function
            Properties:
              InlineCode: x
              AutoPublishAlias: live
              ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 2}
              FunctionUrlConfig: {AuthType: NONE}
              EventInvokeConfig: {MaximumRetryAttempts: 1}
              Events:
                Nightly: {Type: Schedule, Properties: {Schedule: rate(1 day), Enabled: false}}
                Later: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(2 days)}}
                Drift: {Type: EventBridgeRule, Properties: {Pattern: {source: [aws.sagemaker]}}}
                Queue: {Type: SQS, Properties: {Queue: !GetAtt Q.Arn, BatchSize: 5}}
                Topic: {Type: SNS, Properties: {Topic: !Ref T}}
                Upload: {Type: S3, Properties: {Bucket: !Ref B, Events: 's3:ObjectCreated:*'}}
                Web: {Type: HttpApi}
                Strange: {Type: Telepathy}
        """
    )
    types = {each.address: each.type for each in project.resources}
    assert types == {
        "F": "AWS::Lambda::Function",
        "FRole": "AWS::IAM::Role",
        "FVersion": "AWS::Lambda::Version",
        "FAliaslive": "AWS::Lambda::Alias",
        "FUrl": "AWS::Lambda::Url",
        "FUrlPublicPermissions": "AWS::Lambda::Permission",
        "FEventInvokeConfig": "AWS::Lambda::EventInvokeConfig",
        "FNightly": "AWS::Events::Rule",
        "FNightlyPermission": "AWS::Lambda::Permission",
        "FLater": "AWS::Scheduler::Schedule",
        "FDrift": "AWS::Events::Rule",
        "FDriftPermission": "AWS::Lambda::Permission",
        "FQueue": "AWS::Lambda::EventSourceMapping",
        "FTopic": "AWS::SNS::Subscription",
        "FTopicPermission": "AWS::Lambda::Permission",
        "FUploadPermission": "AWS::Lambda::Permission",
        "FWebPermission": "AWS::Lambda::Permission",
        "ServerlessHttpApi": "AWS::ApiGatewayV2::Api",
        "ServerlessHttpApiApiGatewayDefaultStage": "AWS::ApiGatewayV2::Stage",
    }
    assert properties(project, "FNightly") == {
        "ScheduleExpression": "rate(1 day)",
        "State": "DISABLED",
        "Targets": [{"Arn": "<F.Arn>", "Id": "FLambdaTarget"}],
    }
    assert properties(project, "FQueue") == {
        "BatchSize": 5,
        "FunctionName": "<F>",
        "EventSourceArn": "<?>",
    }
    assert properties(project, "FAliaslive")["ProvisionedConcurrencyConfig"] == {
        "ProvisionedConcurrentExecutions": 2
    }
    assert [gap.what for gap in project.gaps] == ["event Strange of type Telepathy of F"]
    assert [problem.fatal for problem in project.problems] == [False]


def test_a_state_machine_keeps_its_definition_and_gets_a_role() -> None:
    project = sam(
        """
        Resources:
          Flow:
            Type: AWS::Serverless::StateMachine
            Properties:
              Name: flow
              Type: STANDARD
              Definition: {StartAt: A, States: {A: {Type: Pass, End: true}}}
              Policies: [LambdaInvokePolicy: {FunctionName: !Ref X}]
              Tracing: {Enabled: true}
              Events: {Daily: {Type: Schedule, Properties: {Schedule: rate(1 day)}}}
          Other:
            Type: AWS::Serverless::StateMachine
            Properties: {DefinitionUri: flow.asl.json, Role: arn}
        """
    )
    assert [each.address for each in project.resources] == [
        "Flow",
        "FlowRole",
        "FlowDaily",
        "FlowDailyRole",
        "Other",
    ]
    found = properties(project, "Flow")
    assert found["Definition"] == {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
    assert (found["StateMachineName"], found["StateMachineType"]) == ("flow", "STANDARD")
    assert (found["RoleArn"], found["TracingConfiguration"]) == ("<FlowRole.Arn>", {"Enabled": True})
    assert properties(project, "Other")["DefinitionS3Location"] == "flow.asl.json"
    assert properties(project, "FlowDaily")["Targets"][0]["RoleArn"] == "<FlowDailyRole.Arn>"


def test_apis_tables_and_layers() -> None:
    project = sam(
        """
        Resources:
          Api:
            Type: AWS::Serverless::Api
            Properties: {StageName: v1, TracingEnabled: true, EndpointConfiguration: {Type: PRIVATE}}
          Http: {Type: AWS::Serverless::HttpApi, Properties: {StageName: v2, DefinitionUri: s3://b/k}}
          Table:
            Type: AWS::Serverless::SimpleTable
            Properties: {PrimaryKey: {Name: n, Type: Number}, SSESpecification: {SSEEnabled: true}}
          Layer: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layer/, LayerName: l}}
        """
    )
    assert properties(project, "Api")["EndpointConfiguration"] == {"Types": ["PRIVATE"]}
    assert properties(project, "Apiv1Stage") == {
        "StageName": "v1",
        "TracingEnabled": True,
        "RestApiId": "<Api>",
        "DeploymentId": "<ApiDeployment>",
    }
    assert properties(project, "Http")["BodyS3Location"] == {"Bucket": "b", "Key": "k"}
    assert properties(project, "Table") == {
        "SSESpecification": {"SSEEnabled": True},
        "AttributeDefinitions": [{"AttributeName": "n", "AttributeType": "N"}],
        "KeySchema": [{"AttributeName": "n", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
    }
    assert properties(project, "Layer") == {"LayerName": "l", "Content": "<?>"}


def test_globals_can_be_ignored() -> None:
    project = sam(
        """
        Globals: {Function: {Timeout: 9, MemorySize: 256}}
        Resources:
          A: {Type: AWS::Serverless::Function, IgnoreGlobals: '*', Properties: {InlineCode: x}}
          B: {Type: AWS::Serverless::Function, IgnoreGlobals: [Timeout], Properties: {InlineCode: x}}
        """
    )
    assert not {"Timeout", "MemorySize"} & set(properties(project, "A"))
    assert properties(project, "B")["MemorySize"] == 256
    assert "Timeout" not in properties(project, "B")


def test_an_application_is_a_nested_stack(tmp_path: Path) -> None:
    (tmp_path / "child.yaml").write_text("Resources: {R: {Type: AWS::A::B}}\n")
    template = tmp_path / "t.yaml"
    template.write_text(
        TRANSFORM + "Resources:\n"
        "  App: {Type: AWS::Serverless::Application, Properties: {Location: child.yaml}}\n"
        "  Far: {Type: AWS::Serverless::Application, Properties: {Location: {ApplicationId: a}}}\n"
    )
    project = load(template, LoadOptions())
    assert [each.address for each in project.resources] == ["App", "App.R", "Far"]
    assert len(project.gaps) == 1


def test_what_is_not_translated_is_a_gap_and_reported() -> None:
    project = sam("        Resources: {C: {Type: 'AWS::Serverless::Connector', Properties: {}}}\n")
    assert [gap.what for gap in project.gaps] == ["C of type AWS::Serverless::Connector"]
    assert [problem.fatal for problem in project.problems] == [False]


def test_a_role_of_its_own_name_is_not_overwritten() -> None:
    project = sam(
        "        Resources: {F: {Type: 'AWS::Serverless::Function', Properties: {InlineCode: x}}, "
        "FRole: {Type: 'AWS::A::B'}}\n"
    )
    assert [(each.address, each.type) for each in project.resources] == [
        ("F", "AWS::Lambda::Function"),
        ("FRole", "AWS::A::B"),
    ]


@pytest.mark.parametrize(
    "body", ["", "Properties: text", "Properties: {Events: [a], Policies: {a: 1}, Tags: [x]}"]
)
def test_odd_functions_do_no_harm(body: str) -> None:
    project = sam(f"        Resources: {{F: {{Type: 'AWS::Serverless::Function', {body}}}}}\n")
    assert [each.address for each in project.resources] == ["F", "FRole"]


def test_policy_templates_allow_what_sam_documents() -> None:
    project = sam("""
        Resources:
          Look:
            Type: AWS::Serverless::Function
            Properties:
              Policies:
                - RekognitionDetectOnlyPolicy: {}
                - KinesisStreamReadPolicy: {StreamName: !GetAtt Frames.Name}
                - EFSWriteAccessPolicy: {FileSystem: fs-1, AccessPoint: fsap-1}
          Frames: {Type: AWS::Kinesis::Stream}
        """)
    looks, streams, files = (
        each["PolicyDocument"]["Statement"] for each in properties(project, "LookRole")["Policies"]
    )
    assert looks[0]["Resource"] == ["*"]
    assert "rekognition:DetectLabels" in looks[0]["Action"]
    assert [each["Resource"] for each in streams] == [
        ["arn:<?>:kinesis:<?>:<?>:stream/*"],
        ["arn:<?>:kinesis:<?>:<?>:stream/<Frames.Name>"],
    ]
    assert files[0]["Condition"] == {
        "StringEquals": {
            "elasticfilesystem:AccessPointArn": ["arn:<?>:elasticfilesystem:<?>:<?>:access-point/fsap-1"]
        }
    }
