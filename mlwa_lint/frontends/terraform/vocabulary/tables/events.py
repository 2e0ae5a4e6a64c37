"""Events and what they start: EventBridge, Scheduler, SNS, SQS, CodePipeline, CodeBuild."""

from mlwa_lint.frontends.terraform.vocabulary.converters import as_list, document, each_inside, flag
from mlwa_lint.frontends.terraform.vocabulary.spec import FieldSpec, Fold, Table, many, one, to

_POLICY = to("PolicyDocument", document)
_ECS: dict[str, FieldSpec] = {
    "enable_ecs_managed_tags": "EnableECSManagedTags",
    "network_configuration": one("NetworkConfiguration.AwsVpcConfiguration"),
    "tags": None,
}
_NO_FEEDBACK: dict[str, FieldSpec] = {
    f"{kind}_{what}": None
    for kind in ("application", "firehose", "http", "lambda", "sqs")
    for what in (
        "failure_feedback_role_arn",
        "success_feedback_role_arn",
        "success_feedback_sample_rate",
    )
}

TABLES = {
    "aws_cloudwatch_event_rule": Table(
        "AWS::Events::Rule",
        {
            "name_prefix": None,
            "force_destroy": None,
            "event_pattern": to("EventPattern", document),
            "is_enabled": to("State", flag("ENABLED", "DISABLED")),
        },
    ),
    "aws_cloudwatch_event_target": Table(
        "AWS::Events::Rule",
        {
            "target_id": "Id",
            "force_destroy": None,
            "event_bus_name": None,
            "appsync_target": one("AppSyncParameters", {"graphql_operation": "GraphQLOperation"}),
            "batch_target": one(
                "BatchParameters",
                {"array_size": "ArrayProperties.Size", "job_attempts": "RetryStrategy.Attempts"},
            ),
            "ecs_target": one(
                "EcsParameters",
                {
                    **_ECS,
                    "ordered_placement_strategy": many("PlacementStrategies"),
                    "placement_constraint": many("PlacementConstraints"),
                    "capacity_provider_strategy": many("CapacityProviderStrategy"),
                },
            ),
            "http_target": one("HttpParameters"),
            "input_transformer": one("InputTransformer", {"input_paths": "InputPathsMap"}),
            "kinesis_target": "KinesisParameters",
            "redshift_target": one("RedshiftDataParameters", {"secrets_manager_arn": "SecretManagerArn"}),
            "retry_policy": one("RetryPolicy", {"maximum_event_age_in_seconds": "MaximumEventAgeInSeconds"}),
            "run_command_targets": many("RunCommandParameters.RunCommandTargets"),
            "sagemaker_pipeline_target": one(
                "SageMakerPipelineParameters", {"pipeline_parameter_list": many("PipelineParameterList")}
            ),
            "sqs_target": "SqsParameters",
        },
        fold=Fold(
            "aws_cloudwatch_event_rule",
            {"rule": "name"},
            append=("Targets",),
            under="Targets",
            item=True,
            usual=True,
        ),
    ),
    "aws_scheduler_schedule": Table(
        "AWS::Scheduler::Schedule",
        {
            "name_prefix": None,
            "action_after_completion": None,
            "target": one(
                "Target",
                {
                    "ecs_parameters": one(
                        "EcsParameters",
                        {
                            **_ECS,
                            "network_configuration": one("NetworkConfiguration.AwsvpcConfiguration"),
                            "capacity_provider_strategy": many("CapacityProviderStrategy"),
                            "placement_constraints": many("PlacementConstraints"),
                            "placement_strategy": many("PlacementStrategy"),
                        },
                    ),
                    "eventbridge_parameters": "EventBridgeParameters",
                    "sagemaker_pipeline_parameters": one(
                        "SageMakerPipelineParameters", {"pipeline_parameter": many("PipelineParameterList")}
                    ),
                },
            ),
        },
        tags="none",
    ),
    "aws_sns_topic": Table(
        "AWS::SNS::Topic",
        {**_NO_FEEDBACK, "name": "TopicName", "name_prefix": None, "delivery_policy": None, "policy": None},
    ),
    "aws_sns_topic_subscription": Table(
        "AWS::SNS::Subscription",
        {"confirmation_timeout_in_minutes": None, "endpoint_auto_confirms": None},
        tags="none",
    ),
    "aws_sns_topic_policy": Table(
        "AWS::SNS::TopicPolicy", {"arn": to("Topics", as_list), "policy": _POLICY}, tags="none"
    ),
    "aws_sqs_queue": Table(
        "AWS::SQS::Queue",
        {
            "name": "QueueName",
            "name_prefix": None,
            "policy": None,
            "max_message_size": "MaximumMessageSize",
            "message_retention_seconds": "MessageRetentionPeriod",
            "receive_wait_time_seconds": "ReceiveMessageWaitTimeSeconds",
            "visibility_timeout_seconds": "VisibilityTimeout",
            "redrive_policy": to("RedrivePolicy", document),
            "redrive_allow_policy": to("RedriveAllowPolicy", document),
        },
    ),
    "aws_sqs_queue_policy": Table(
        "AWS::SQS::QueuePolicy", {"queue_url": to("Queues", as_list), "policy": _POLICY}, tags="none"
    ),
    "aws_sqs_queue_redrive_policy": Table(
        "AWS::SQS::Queue",
        {"redrive_policy": to("RedrivePolicy", document)},
        fold=Fold("aws_sqs_queue", {"queue_url": "name"}),
    ),
    "aws_codepipeline": Table(
        "AWS::CodePipeline::Pipeline",
        {
            "artifact_store": one("ArtifactStore", {"region": None}),
            "stage": many(
                "Stages",
                {
                    "action": many(
                        "Actions",
                        {
                            "category": "ActionTypeId.Category",
                            "owner": "ActionTypeId.Owner",
                            "provider": "ActionTypeId.Provider",
                            "version": "ActionTypeId.Version",
                            "input_artifacts": to("InputArtifacts", each_inside("Name")),
                            "output_artifacts": to("OutputArtifacts", each_inside("Name")),
                        },
                    )
                },
            ),
            "trigger": many("Triggers", {"git_configuration": None}),
            "variable": many("Variables"),
        },
    ),
    "aws_codebuild_project": Table(
        "AWS::CodeBuild::Project",
        {
            "artifacts": one("Artifacts", {"bucket_owner_access": None}),
            "build_timeout": "TimeoutInMinutes",
            "environment": one("Environment", {"environment_variable": many("EnvironmentVariables")}),
            "file_system_locations": many("FileSystemLocations"),
            "logs_config": one(
                "LogsConfig",
                {
                    "cloudwatch_logs": "CloudWatchLogs",
                    "s3_logs": one("S3Logs", {"bucket_owner_access": None}),
                },
            ),
            "project_visibility": "Visibility",
            "queued_timeout": "QueuedTimeoutInMinutes",
            "secondary_artifacts": many("SecondaryArtifacts", {"bucket_owner_access": None}),
            "secondary_source_version": many("SecondarySourceVersions"),
            "secondary_sources": many("SecondarySources", {"buildspec": "BuildSpec"}),
            "source": one("Source", {"buildspec": "BuildSpec"}),
        },
    ),
}
