"""Nested blocks that a resource has at most once, wherever they are.

A block arrives as a list. Where there is none of it, a list of arguments would be empty too; so names of
blocks must be kept apart from names of list arguments. Blocks that a table names itself are left out here.
"""

from mlwa_lint.frontends.terraform.vocabulary.index import table_of
from mlwa_lint.frontends.terraform.vocabulary.spec import Field

SINGLE_BLOCKS = frozenset(
    """
    abort_incomplete_multipart_upload accelerator_count accelerator_total_memory_mib access_config
    access_control_translation access_log_configuration access_log_settings agent alarm_specification
    amount_in_usd and annotation_consolidation_config annotations any app_lifecycle_management
    async_inference_config audio_extraction_configuration auth authorization_code_properties
    authorization_config auto autotune availability_zone_distribution baseline_ebs_bandwidth_mbps
    basic_authentication_credentials batch_transform_input before_entry best_objective_not_improving
    block_storage blue_green_update_policy build_batch_config build_status_config cache cache_point
    canary_configuration canary_size capacity_reservation_config capacity_reservation_specification
    capacity_reservation_target capacity_units captcha_config capture_content_type_header
    challenge_config chat checkpoint_config client_alias client_config cloudwatch_alarm
    cloudwatch_logging_options cloudwatch_logs cloudwatch_metric cognito_member_definition
    cognito_options cold_storage_options collection_config collection_configurations collector
    compute_config condition conditional configuration connection_tracking_specification
    constraints_resource content control_plane_placement control_plane_scaling_config
    convergence_detected core_dump_config cors_configuration cpu_options creation_info
    credit_specification crypto_config csv custom_posix_user_config
    customized_capacity_metric_specification customized_load_metric_specification
    customized_scaling_metric_specification data data_attributes data_catalog_config
    data_quality_app_specification data_quality_baseline_config data_quality_job_input
    data_read_cache_configuration data_source dataset_format dead_letter_config debug_hook_config
    default_ebs_storage_settings default_retention default_route_settings delete_marker_replication
    deletion_protection_configuration deployment_circuit_breaker deployment_configuration
    deployment_controller deployment_strategy_options destination destination_table_configuration
    dimension docker_server docker_settings docker_volume_configuration document_db_event_source_config
    document_id_options documents dynamodb dynamodbv2 ebs ebs_storage_settings efs_volume_configuration
    eks_configuration elastic_load_balancing elasticsearch emr_settings ena_srd_specification
    ena_srd_udp_specification enclave_options encryption_configuration encryption_key
    endpoint_configuration endpoint_input engine_version entity_list environment ephemeral_block_device
    ephemeral_storage etcd_placement evaluation_window event_threshold eventbridge_parameters
    execute_command_configuration execution_property existing_object_replication experiment_config
    field_mapping file_system_config file_system_data_source filter fleet flexible_time_window
    fsx_windows_file_server_volume_configuration gen_ai_resource git_config git_submodules_config
    guardrail_configuration header hibernation_options hive_json_ser_de
    horizontal_pod_autoscaler_controller_config http http_header hub_access_config
    human_loop_activation_conditions_config human_task_config hyperband_strategy_config idle_settings
    image_config image_extraction_configuration immunity_time_property inference_configuration
    inference_execution_config infra_check_config inline inline_code input input_config input_schema
    input_variable instance_lifecycle_policy instance_maintenance_policy instance_market_options
    instance_metadata_service_configuration instance_placement_config instance_refresh
    instance_reuse_policy iot_analytics iot_events issuer_cert_authority iterator
    job_bookmarks_encryption json json_token_type_configuration jwt_configuration kafka
    kendra_knowledge_base_configuration kinesis_data_stream kinesis_parameters kinesis_target
    kinesis_video_stream knowledge_base kube_api_server_config kube_controller_manager_config
    kube_scheduler_config kubernetes_network_config labeling_job_algorithms_config
    labeling_job_resource_config lake_formation_configuration lambda_function
    lambda_managed_instances_capacity_provider_config launch_template lex license_specification
    lifecycle_hook linear_configuration linear_step_size log_configuration logging_config
    maintenance_options managed_ebs_volume managed_instance_scaling
    managed_knowledge_base_connector_configuration managed_storage_configuration maximum_batch_size
    media_extraction_configuration memory_gib_per_vcpu memory_mib message metadata_configuration metric
    metric_data_query metric_stat metrics_config mlflow_config model_access_config model_package_config
    monetization_config monetize mongo_db_atlas_configuration monitoring_app_specification
    multi_model_config neptune_analytics_configuration network_bandwidth_gbps network_config
    network_interface_count network_performance_options node_config node_resources_fit
    notification_config notification_configuration notification_property oauth2_client_application
    oauth2_credentials oauth2_properties off_peak_window off_peak_window_options oidc_member_definition
    on_demand_throughput on_failure on_success online_store_config open_x_json_ser_de
    opensearch_managed_cluster_configuration opensearch_serverless_configuration orc_ser_de
    outpost_config output output_artifacts_for_compute_action output_config output_data_config
    ownership_settings parallelism_configuration parent_hyper_parameter_tuning_jobs parquet_ser_de
    partitioned_prefix pinecone_configuration placement_specifications pod_gc_controller_config
    posix_user predefined_load_metric_specification predefined_metric_pair_specification
    predefined_metric_specification predefined_scaling_metric_specification preferences
    primary_network_interface private_dns_name_options profiler_config prompt promql_criteria provider
    provisioned_poller_config proxy_configuration public_workforce_task_price put_item quota_settings
    r_studio_server_pro_app_settings rds_configuration recrawl_policy redirect_all_requests_to
    redis_enterprise_cloud_configuration registry_credential remote_debug_config replica_modifications
    replication_time repository_auth_config republish resource resource_limits restrictions
    retention_triggers retrieval retry_configuration retry_policy retry_strategy
    rollback_maximum_batch_size rolling_update_policy root_directory root_squash_configuration rule
    rule_type_id runtime_platform s3 s3_backup_configuration s3_data_source s3_location s3_output
    s3_vectors_configuration s3files_volume_configuration scalable_target_action scaling_config
    scaling_configuration schedule_config schema_change_policy schema_id scoring_strategy
    secondary_interfaces secondary_network_interface secret_option secrets_manager_configuration
    security_config self_managed_event_source serverless_job_config serverless_v2_scaling_configuration
    service service_configuration service_connect_configuration service_connect_defaults
    service_node_port_range session_chaining_config session_summary_configuration sharing_settings
    shuffle_config simple_prefix snap_start snapshot_options snowflake_role_configuration
    snowflake_vpc_configuration sns_data_source software_update_options source_configuration
    source_selection_criteria space_sharing_settings space_storage_settings spot_options sqs_parameters
    sqs_target sse_kms_encrypted_objects statistics_resource stopping_condition stopping_conditions
    storage storage_config strategy_config stream_mode_details studio_web_portal_settings suspended_state
    system tag tag_specifications target_object_key_format template_configuration tenancy_config
    tensor_board_output_config test_traffic_rules text throttle_settings throughput_config time timeout
    timestamp timestream tls tls_config tool tool_choice tool_configuration tool_spec
    total_local_storage_gb tracing_config tracing_configuration traffic_routing_configuration
    traffic_source training_image_config training_repository_auth_config ttl_duration
    tuning_job_completion_criteria tuning_objective ui_config update_config update_policy upgrade_policy
    value vcpu_count vector_config vector_options video_extraction_configuration volume_configuration
    vpc_config wall_clock_window warm_pool warm_pool_config warm_start_config warm_throughput
    warm_up_configuration window_start_time zonal_shift_config zone_awareness_config
    """.split()  # noqa: SIM905
)

# Blocks that the provider fills in itself where the configuration does not state them, and arguments of
# that kind which have the name of another type's block.
COMPUTED_BLOCKS: dict[str, frozenset[str]] = {
    "aws_api_gateway_rest_api": frozenset({"endpoint_configuration"}),
    "aws_appautoscaling_target": frozenset({"suspended_state"}),
    "aws_bedrockagent_agent": frozenset({"memory_configuration", "prompt_override_configuration"}),
    "aws_budgets_budget": frozenset({"cost_filter", "cost_types"}),
    "aws_comprehend_document_classifier": frozenset({"output_data_config"}),
    "aws_db_instance": frozenset({"engine_version"}),
    "aws_docdb_cluster": frozenset({"engine_version"}),
    "aws_dynamodb_table": frozenset({"point_in_time_recovery", "server_side_encryption", "ttl"}),
    "aws_ecs_cluster": frozenset({"setting"}),
    "aws_efs_file_system": frozenset({"protection"}),
    "aws_eks_cluster": frozenset({"access_config", "kubernetes_network_config", "upgrade_policy"}),
    "aws_elasticsearch_domain": frozenset(
        {
            "advanced_security_options",
            "auto_tune_options",
            "cluster_config",
            "domain_endpoint_options",
            "ebs_options",
            "encrypt_at_rest",
            "node_to_node_encryption",
        }
    ),
    "aws_glue_catalog_database": frozenset({"create_table_default_permission"}),
    "aws_glue_catalog_table": frozenset({"partition_index"}),
    "aws_glue_job": frozenset({"execution_property", "notification_property", "timeout"}),
    "aws_iam_role": frozenset({"inline_policy"}),
    "aws_instance": frozenset(
        {
            "capacity_reservation_specification",
            "cpu_options",
            "ebs_block_device",
            "enclave_options",
            "ephemeral_block_device",
            "instance_market_options",
            "maintenance_options",
            "metadata_options",
            "network_interface",
            "primary_network_interface",
            "private_dns_name_options",
            "root_block_device",
        }
    ),
    "aws_kendra_index": frozenset({"capacity_units", "document_metadata_configuration_updates"}),
    "aws_kinesis_firehose_delivery_stream": frozenset({"cloudwatch_logging_options"}),
    "aws_kinesis_stream": frozenset({"stream_mode_details"}),
    "aws_lambda_function": frozenset({"ephemeral_storage", "logging_config", "tracing_config"}),
    "aws_launch_template": frozenset({"metadata_options"}),
    "aws_neptune_cluster": frozenset({"engine_version"}),
    "aws_neptune_cluster_instance": frozenset({"engine_version"}),
    "aws_opensearch_domain": frozenset(
        {
            "advanced_security_options",
            "aiml_options",
            "auto_tune_options",
            "cluster_config",
            "domain_endpoint_options",
            "ebs_options",
            "encrypt_at_rest",
            "engine_version",
            "identity_center_options",
            "node_to_node_encryption",
            "off_peak_window_options",
            "software_update_options",
        }
    ),
    "aws_rds_cluster": frozenset({"engine_version"}),
    "aws_rds_cluster_instance": frozenset({"engine_version"}),
    "aws_redshift_cluster": frozenset({"logging"}),
    "aws_s3_bucket": frozenset(
        {
            "cors_rule",
            "grant",
            "lifecycle_rule",
            "logging",
            "object_lock_configuration",
            "replication_configuration",
            "server_side_encryption_configuration",
            "versioning",
            "website",
        }
    ),
    "aws_sagemaker_data_quality_job_definition": frozenset({"stopping_condition"}),
    "aws_sagemaker_domain": frozenset({"domain_settings", "space_storage_settings"}),
    "aws_sagemaker_feature_group": frozenset({"throughput_config"}),
    "aws_sagemaker_model": frozenset({"inference_execution_config"}),
    "aws_security_group": frozenset({"egress", "ingress"}),
    "aws_sns_topic": frozenset({"tracing_config"}),
    "aws_vpc_endpoint": frozenset({"dns_options", "subnet_configuration"}),
}


def is_block(terraform_type: str, name: str) -> bool:
    """Whether an argument of a resource type is a nested block."""
    if name in SINGLE_BLOCKS or name in COMPUTED_BLOCKS.get(terraform_type, ()):
        return True
    table = table_of(terraform_type)
    spec = table.fields.get(name) if table is not None else None
    return isinstance(spec, Field) and spec.shape in ("one", "many")
