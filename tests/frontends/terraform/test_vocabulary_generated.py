"""Types whose table is made from the provider's arguments and CloudFormation's schemas."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.terraform.vocabulary import generated
from mlwa_lint.frontends.terraform.vocabulary.index import stated_table, table_of, tables_for
from mlwa_lint.frontends.terraform.vocabulary.labels import vocabulary_of
from tests.frontends.terraform.support import shown
from tests.frontends.terraform.test_vocabulary import at, only, resources


def test_a_type_without_a_line_of_ours_is_read_under_its_canonical_names(tmp_path: Path) -> None:
    gateway = only(
        tmp_path,
        """
        resource "aws_bedrockagentcore_gateway" "tools" {
          name            = "tools"
          role_arn        = "r"
          authorizer_type = "CUSTOM_JWT"
          exception_level = "DEBUG"
          authorizer_configuration {
            custom_jwt_authorizer {
              discovery_url   = "https://example.org"
              allowed_clients = ["a"]
            }
          }
          interceptor_configuration {
            interception_points = ["REQUEST"]
          }
          policy_engine_configuration {
            mode = "LOG_ONLY"
          }
          tags = { team = "ml" }
        }
        """,
    )
    assert gateway.type == "AWS::BedrockAgentCore::Gateway"
    assert shown(at(gateway, "ExceptionLevel")) == "'DEBUG'"
    jwt = at(gateway, "AuthorizerConfiguration.CustomJWTAuthorizer")
    assert shown(jwt) == "{DiscoveryUrl: 'https://example.org', AllowedClients: ['a']}"
    assert shown(at(gateway, "InterceptorConfigurations")) == "[{InterceptionPoints: ['REQUEST']}]"
    assert shown(at(gateway, "PolicyEngineConfiguration")) == "{Mode: 'LOG_ONLY'}"
    assert shown(at(gateway, "Tags")) == "{team: 'ml'}"


@pytest.mark.parametrize(
    ("terraform", "canonical"),
    [
        ("aws_bedrockagentcore_agent_runtime", "AWS::BedrockAgentCore::Runtime"),
        ("aws_bedrockagentcore_browser", "AWS::BedrockAgentCore::BrowserCustom"),
        ("aws_bedrockagentcore_code_interpreter", "AWS::BedrockAgentCore::CodeInterpreterCustom"),
        ("aws_bedrockagentcore_harness", "AWS::BedrockAgentCore::Harness"),
        ("aws_bedrockagentcore_memory", "AWS::BedrockAgentCore::Memory"),
        ("aws_bedrockagentcore_policy_engine", "AWS::BedrockAgentCore::PolicyEngine"),
        ("aws_cloudwatch_log_delivery_source", "AWS::Logs::DeliverySource"),
        ("aws_emr_cluster", "AWS::EMR::Cluster"),
        ("aws_emrserverless_application", "AWS::EMRServerless::Application"),
        ("aws_glue_data_catalog_encryption_settings", "AWS::Glue::DataCatalogEncryptionSettings"),
        ("aws_glue_ml_transform", "AWS::Glue::MLTransform"),
        ("aws_kendra_data_source", "AWS::Kendra::DataSource"),
        ("aws_lexv2models_bot", "AWS::Lex::Bot"),
        ("aws_opensearchserverless_collection", "AWS::OpenSearchServerless::Collection"),
        ("aws_opensearchserverless_security_policy", "AWS::OpenSearchServerless::SecurityPolicy"),
        ("aws_rekognition_collection", "AWS::Rekognition::Collection"),
        ("aws_s3vectors_vector_bucket", "AWS::S3Vectors::VectorBucket"),
        ("aws_s3vectors_vector_bucket_policy", "AWS::S3Vectors::VectorBucketPolicy"),
        ("aws_sagemaker_hub", "AWS::SageMaker::Hub"),
        ("aws_sagemaker_mlflow_app", "AWS::SageMaker::MlflowApp"),
        ("aws_sagemaker_algorithm", "AWS::SageMaker::Algorithm"),
        # What CloudFormation does not have keeps its own name.
        (
            "aws_bedrock_model_invocation_logging_configuration",
            "aws_bedrock_model_invocation_logging_configuration",
        ),
        ("aws_bedrockagentcore_token_vault_cmk", "aws_bedrockagentcore_token_vault_cmk"),
    ],
)
def test_types_have_their_canonical_name(terraform: str, canonical: str) -> None:
    table = table_of(terraform)
    assert table is not None
    assert table.type == canonical
    assert terraform in [name for name, _ in tables_for(canonical)]


def test_policies_given_as_text_are_documents(tmp_path: Path) -> None:
    policy = only(
        tmp_path,
        """
        resource "aws_s3vectors_vector_bucket_policy" "open" {
          vector_bucket_arn = "arn:aws:s3vectors:eu-west-1:111122223333:bucket/v"
          policy            = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*" }] })
        }
        """,
    )
    assert shown(at(policy, "Policy.Statement")) == "[{Effect: 'Allow', Principal: '*'}]"


def test_memory_strategies_of_their_own_are_strategies_of_the_memory(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        """
        resource "aws_bedrockagentcore_memory" "m" {
          name                  = "m"
          event_expiry_duration = 365
        }
        resource "aws_bedrockagentcore_memory_strategy" "s" {
          memory_id  = aws_bedrockagentcore_memory.m.id
          name       = "facts"
          type       = "SEMANTIC"
          namespaces = ["/facts"]
        }
        """,
    )
    assert list(found) == ["aws_bedrockagentcore_memory.m"]
    strategies = at(found["aws_bedrockagentcore_memory.m"], "MemoryStrategies")
    assert shown(strategies) == (
        "[{SemanticMemoryStrategy: {Name: 'facts', Type: 'SEMANTIC', Namespaces: ['/facts']}}]"
    )


def test_collaborators_of_an_agent_are_the_agents(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        """
        resource "aws_bedrockagent_agent" "a" {
          agent_name = "a"
        }
        resource "aws_bedrockagent_agent_collaborator" "b" {
          agent_id          = aws_bedrockagent_agent.a.agent_id
          collaborator_name = "b"
          agent_descriptor { alias_arn = "arn" }
        }
        """,
    )
    collaborators = at(found["aws_bedrockagent_agent.a"], "AgentCollaborators")
    assert shown(collaborators) == "[{CollaboratorName: 'b', AgentDescriptor: {AliasArn: 'arn'}}]"


def test_a_block_that_stands_for_a_map_is_one(tmp_path: Path) -> None:
    found = only(
        tmp_path,
        """
        resource "aws_bedrockagentcore_agent_runtime" "r" {
          agent_runtime_name    = "r"
          environment_variables = { API_KEY = "x" }
          network_configuration { network_mode = "PUBLIC" }
          agent_runtime_artifact {
            container_configuration { container_uri = "repo:latest" }
          }
        }
        """,
    )
    assert shown(at(found, "EnvironmentVariables")) == "{API_KEY: 'x'}"
    assert shown(at(found, "NetworkConfiguration.NetworkMode")) == "'PUBLIC'"
    image = at(found, "AgentRuntimeArtifact.ContainerConfiguration.ContainerUri")
    assert shown(image) == "'repo:latest'"


def test_users_read_their_own_names() -> None:
    words = vocabulary_of("aws_bedrockagentcore_gateway")
    path = ("AuthorizerConfiguration", "CustomJWTAuthorizer", "AllowedClients")
    label = words.label("AWS::BedrockAgentCore::Gateway", path)
    assert label == "authorizer_configuration.custom_jwt_authorizer.allowed_clients"


def test_what_is_written_by_hand_goes_over_what_is_generated() -> None:
    stated = stated_table("aws_sagemaker_endpoint_configuration")
    made = generated.table_of("aws_sagemaker_endpoint_configuration")
    both = table_of("aws_sagemaker_endpoint_configuration")
    assert stated is not None
    assert made is not None
    assert both is not None
    assert both.finish is stated.finish
    assert set(both.fields) == set(made.fields) | set(stated.fields)


def test_no_service_without_types() -> None:
    for service in set(generated.SERVICES.values()):
        assert generated.types_of(service), service
