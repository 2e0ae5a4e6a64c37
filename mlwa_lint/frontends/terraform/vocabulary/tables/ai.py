"""Bedrock, AI services, IoT."""

from mlwa_lint.frontends.terraform.vocabulary.converters import document, each_inside
from mlwa_lint.frontends.terraform.vocabulary.spec import Field, FieldSpec, Fold, Table, many, one, to
from mlwa_lint.model.values import Entry, MapValue, Reference, Unknown, known_text

_FILTERS = {"filters_config": many("FiltersConfig")}
_CRAWLER: dict[str, FieldSpec] = {
    "crawler_configuration": one(
        "CrawlerConfiguration",
        {
            "filter_configuration": one(
                "FilterConfiguration",
                {"pattern_object_filter": one("PatternObjectFilter", {"filters": many("Filters")})},
            )
        },
    )
}

# What the provider calls a strategy's type -> the property that CloudFormation has for it.
_STRATEGIES = {
    "CUSTOM": "CustomMemoryStrategy",
    "EPISODIC": "EpisodicMemoryStrategy",
    "SEMANTIC": "SemanticMemoryStrategy",
    "SUMMARIZATION": "SummaryMemoryStrategy",
    "USER_PREFERENCE": "UserPreferenceMemoryStrategy",
}


def _by_kind_of_strategy(entries: dict[str, Entry]) -> dict[str, Entry]:
    """A strategy is below the property of its type; one of a type that is not known below any of them."""
    kind = entries.get("Type")
    if kind is not None and isinstance(kind.value, (Unknown, Reference)) and known_text(kind.value) is None:
        own = Entry(kind.key_span, MapValue(entries, kind.key_span), "")
        return dict.fromkeys(_STRATEGIES.values(), own)
    chosen = _STRATEGIES.get(known_text(kind.value) or "") if kind is not None else None
    if kind is None or chosen is None:
        return entries
    return {chosen: Entry(kind.key_span, MapValue(entries, kind.key_span), "")}


TABLES = {
    "aws_bedrockagentcore_memory_strategy": Table(
        "AWS::BedrockAgentCore::Memory",
        {"memory_execution_role_arn": None},
        fold=Fold(
            "aws_bedrockagentcore_memory",
            {"memory_id": "id"},
            append=("MemoryStrategies",),
            under="MemoryStrategies",
            item=True,
            usual=True,
        ),
        finish=_by_kind_of_strategy,
    ),
    "aws_bedrockagent_agent": Table(
        "AWS::Bedrock::Agent",
        {
            "idle_session_ttl_in_seconds": "IdleSessionTTLInSeconds",
            "prepare_agent": "AutoPrepare",
            "skip_resource_in_use_check": "SkipResourceInUseCheckOnDelete",
            "guardrail_configuration": one("GuardrailConfiguration"),
            "memory_configuration": one("MemoryConfiguration"),
            "prompt_override_configuration": one(
                "PromptOverrideConfiguration",
                {
                    "prompt_configurations": many(
                        "PromptConfigurations",
                        {
                            "inference_configuration": one(
                                "InferenceConfiguration", {"max_length": "MaximumLength"}
                            )
                        },
                    )
                },
            ),
        },
        tags="map",
    ),
    "aws_bedrockagent_agent_knowledge_base_association": Table(
        "AWS::Bedrock::Agent",
        {"agent_version": None},
        fold=Fold(
            "aws_bedrockagent_agent",
            {"agent_id": "id"},
            append=("KnowledgeBases",),
            under="KnowledgeBases",
            item=True,
            usual=True,
        ),
    ),
    "aws_bedrockagent_agent_action_group": Table(
        "AWS::Bedrock::Agent",
        {
            "agent_version": None,
            "prepare_agent": None,
            "action_group_executor": one("ActionGroupExecutor"),
            "api_schema": one("ApiSchema"),
        },
        fold=Fold(
            "aws_bedrockagent_agent",
            {"agent_id": "id"},
            append=("ActionGroups",),
            under="ActionGroups",
            item=True,
            usual=True,
        ),
    ),
    "aws_bedrockagent_agent_alias": Table(
        "AWS::Bedrock::AgentAlias",
        {"routing_configuration": many("RoutingConfiguration", {"provisioned_throughput": None})},
        tags="map",
    ),
    "aws_bedrock_guardrail": Table(
        "AWS::Bedrock::Guardrail",
        {
            "content_policy_config": one(
                "ContentPolicyConfig",
                {**_FILTERS, "tier_config": one("ContentFiltersTierConfig")},
            ),
            "contextual_grounding_policy_config": one("ContextualGroundingPolicyConfig", _FILTERS),
            "cross_region_config": one(
                "CrossRegionConfig", {"guardrail_profile_identifier": "GuardrailProfileArn"}
            ),
            "sensitive_information_policy_config": one(
                "SensitiveInformationPolicyConfig",
                {
                    "pii_entities_config": many("PiiEntitiesConfig"),
                    "regexes_config": many("RegexesConfig"),
                },
            ),
            "topic_policy_config": one(
                "TopicPolicyConfig",
                {"tier_config": one("TopicsTierConfig"), "topics_config": many("TopicsConfig")},
            ),
            "word_policy_config": one(
                "WordPolicyConfig",
                {
                    "managed_word_lists_config": many("ManagedWordListsConfig"),
                    "words_config": many("WordsConfig"),
                },
            ),
        },
    ),
    "aws_bedrock_guardrail_version": Table(
        "AWS::Bedrock::GuardrailVersion",
        {"guardrail_arn": "GuardrailIdentifier", "skip_destroy": None},
        tags="none",
    ),
    "aws_bedrockagent_data_source": Table(
        "AWS::Bedrock::DataSource",
        {
            "data_source_configuration": one(
                "DataSourceConfiguration",
                {
                    "confluence_configuration": one("ConfluenceConfiguration", _CRAWLER),
                    "salesforce_configuration": one("SalesforceConfiguration", _CRAWLER),
                    "share_point_configuration": one("SharePointConfiguration", _CRAWLER),
                    "s3_configuration": one("S3Configuration"),
                },
            ),
            "server_side_encryption_configuration": one("ServerSideEncryptionConfiguration"),
        },
        tags="none",
    ),
    "aws_bedrockagent_knowledge_base": Table(
        "AWS::Bedrock::KnowledgeBase",
        {
            "knowledge_base_configuration": one(
                "KnowledgeBaseConfiguration",
                {
                    "vector_knowledge_base_configuration": one(
                        "VectorKnowledgeBaseConfiguration",
                        {
                            "supplemental_data_storage_configuration": one(
                                "SupplementalDataStorageConfiguration",
                                {"storage_location": many("SupplementalDataStorageLocations")},
                            ),
                        },
                    ),
                },
            ),
            "storage_configuration": one("StorageConfiguration"),
        },
        tags="map",
    ),
    "aws_bedrockagent_flow": Table(
        "AWS::Bedrock::Flow",
        {
            "definition": one(
                "Definition",
                {
                    "connection": many("Connections"),
                    "node": many("Nodes", {"input": many("Inputs"), "output": many("Outputs")}),
                },
            )
        },
        tags="map",
    ),
    "aws_bedrockagent_prompt": Table(
        "AWS::Bedrock::Prompt",
        {
            "variant": many(
                "Variants",
                {
                    "additional_model_request_fields": "AdditionalModelRequestFields",
                    "metadata": many("Metadata"),
                },
            )
        },
        tags="map",
    ),
    "aws_bedrock_inference_profile": Table(
        "AWS::Bedrock::ApplicationInferenceProfile",
        {"name": "InferenceProfileName", "model_source": one("ModelSource")},
    ),
    "aws_comprehend_document_classifier": Table(
        "AWS::Comprehend::DocumentClassifier",
        {
            "name": "DocumentClassifierName",
            "version_name_prefix": None,
            "input_data_config": one("InputDataConfig", {"augmented_manifests": many("AugmentedManifests")}),
        },
    ),
    # CloudFormation's registry has no such type; the name follows its own spelling.
    "aws_comprehend_entity_recognizer": Table(
        "AWS::Comprehend::EntityRecognizer",
        {
            "name": "RecognizerName",
            "version_name_prefix": None,
            "input_data_config": one(
                "InputDataConfig",
                {"augmented_manifests": many("AugmentedManifests"), "entity_types": many("EntityTypes")},
            ),
        },
    ),
    "aws_kendra_index": Table(
        "AWS::Kendra::Index",
        {
            "server_side_encryption_configuration": one("ServerSideEncryptionConfiguration"),
            "user_group_resolution_configuration": None,
            "user_token_configurations": many(
                "UserTokenConfigurations",
                {
                    "jwt_token_type_configuration": one(
                        "JwtTokenTypeConfiguration",
                        {"secrets_manager_arn": "SecretManagerArn", "url": "URL"},
                    )
                },
            ),
        },
    ),
    "aws_rekognition_stream_processor": Table(
        "AWS::Rekognition::StreamProcessor",
        {
            "data_sharing_preference": one("DataSharingPreference"),
            "input": one(""),
            "output": one(
                "",
                {
                    "s3_destination": one(
                        "S3Destination", {"bucket": "BucketName", "key_prefix": "ObjectKeyPrefix"}
                    )
                },
            ),
            "notification_channel": one("NotificationChannel", {"sns_topic_arn": "Arn"}),
            "regions_of_interest": None,
            "settings": one(
                "", {"connected_home": one("ConnectedHomeSettings"), "face_search": one("FaceSearchSettings")}
            ),
        },
    ),
    "aws_qbusiness_application": Table(
        "AWS::QBusiness::Application",
        {
            "attachments_configuration": one("AttachmentsConfiguration"),
            "encryption_configuration": one("EncryptionConfiguration"),
            "iam_service_role_arn": "RoleArn",
        },
    ),
    "aws_iot_policy": Table(
        "AWS::IoT::Policy", {"name": "PolicyName", "policy": to("PolicyDocument", document)}
    ),
    "aws_iot_topic_rule": Table(
        "AWS::IoT::TopicRule",
        {
            "name": "RuleName",
            "description": "TopicRulePayload.Description",
            "sql": "TopicRulePayload.Sql",
            "sql_version": "TopicRulePayload.AwsIotSqlVersion",
            "enabled": None,
            "error_action": None,
            **{
                name: Field("TopicRulePayload.Actions", "many", {}, each_inside(action))
                for name, action in (
                    ("lambda", "Lambda"),
                    ("firehose", "Firehose"),
                    ("kinesis", "Kinesis"),
                    ("s3", "S3"),
                    ("sns", "Sns"),
                    ("sqs", "Sqs"),
                    ("step_functions", "StepFunctions"),
                )
            },
        },
    ),
}
