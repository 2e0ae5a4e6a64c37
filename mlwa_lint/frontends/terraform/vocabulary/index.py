"""Where a type's table is: only the tables of services in use are imported or read."""

from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module

from mlwa_lint.frontends.terraform.vocabulary import generated
from mlwa_lint.frontends.terraform.vocabulary.spec import Field, FieldSpec, Table

_PACKAGE = "mlwa_lint.frontends.terraform.vocabulary.tables"

# The start of a Terraform type -> the module of its table; longer starts come first.
_TERRAFORM = {
    "aws_sagemaker_": "sagemaker",
    "aws_s3_": "storage",
    "aws_s3control_": "storage",
    "aws_iam_": "identity",
    "aws_kms_": "identity",
    "aws_secretsmanager_": "identity",
    "aws_ssm_": "identity",
    "aws_lambda_": "functions",
    "aws_sfn_": "functions",
    "aws_cloudwatch_event_": "events",
    "aws_scheduler_": "events",
    "aws_sns_": "events",
    "aws_sqs_": "events",
    "aws_codepipeline": "events",
    "aws_codebuild_": "events",
    "aws_cloudwatch_": "monitoring",
    "aws_cloudtrail": "monitoring",
    "aws_budgets_": "monitoring",
    "aws_appautoscaling_": "monitoring",
    "aws_api_gateway_": "api",
    "aws_apigatewayv2_": "api",
    "aws_wafv2_": "api",
    "aws_glue_": "analytics",
    "aws_athena_": "analytics",
    "aws_kinesis_": "analytics",
    "aws_lakeformation_": "analytics",
    "aws_opensearch_": "databases",
    "aws_opensearchserverless_": "databases",
    "aws_elasticsearch_": "databases",
    "aws_redshift_": "databases",
    "aws_rds_": "databases",
    "aws_db_": "databases",
    "aws_neptune_": "databases",
    "aws_docdb_": "databases",
    "aws_dynamodb_": "databases",
    "aws_efs_": "databases",
    "aws_fsx_": "databases",
    "aws_ecr_": "compute",
    "aws_ecs_": "compute",
    "aws_apprunner_": "compute",
    "aws_eks_": "compute",
    "aws_batch_": "compute",
    "aws_instance": "compute",
    "aws_launch_template": "compute",
    "aws_autoscaling_group": "compute",
    "aws_vpc": "network",
    "aws_subnet": "network",
    "aws_default_": "network",
    "aws_security_group": "network",
    "aws_bedrock_": "ai",
    "aws_bedrockagent_": "ai",
    "aws_bedrockagentcore_": "ai",
    "aws_comprehend_": "ai",
    "aws_kendra_": "ai",
    "aws_rekognition_": "ai",
    "aws_qbusiness_": "ai",
    "aws_iot_": "ai",
    "aws_transcribe_": "ai",
}
# The service in a canonical type -> the modules with tables of its types.
_CANONICAL = {
    "SageMaker": ("sagemaker",),
    "S3": ("storage",),
    "IAM": ("identity",),
    "KMS": ("identity",),
    "SecretsManager": ("identity",),
    "SSM": ("identity",),
    "Lambda": ("functions",),
    "StepFunctions": ("functions",),
    "Events": ("events",),
    "Scheduler": ("events",),
    "SNS": ("events",),
    "SQS": ("events",),
    "CodePipeline": ("events",),
    "CodeBuild": ("events",),
    "CloudWatch": ("monitoring",),
    "Logs": ("monitoring",),
    "CloudTrail": ("monitoring",),
    "Budgets": ("monitoring",),
    "ApplicationAutoScaling": ("monitoring",),
    "ApiGateway": ("api",),
    "ApiGatewayV2": ("api",),
    "WAFv2": ("api",),
    "Glue": ("analytics",),
    "Athena": ("analytics",),
    "Kinesis": ("analytics",),
    "KinesisFirehose": ("analytics",),
    "OpenSearchService": ("databases",),
    "OpenSearchServerless": ("databases",),
    "Elasticsearch": ("databases",),
    "Redshift": ("databases",),
    "RDS": ("databases",),
    "Neptune": ("databases",),
    "DocDB": ("databases",),
    "DynamoDB": ("databases",),
    "EFS": ("databases",),
    "FSx": ("databases",),
    "ECR": ("compute",),
    "ECS": ("compute",),
    "AppRunner": ("compute",),
    "EKS": ("compute",),
    "Batch": ("compute",),
    "AutoScaling": ("compute",),
    "EC2": ("network", "compute"),
    "Bedrock": ("ai",),
    "BedrockAgentCore": ("ai",),
    "Comprehend": ("ai",),
    "Kendra": ("ai",),
    "Rekognition": ("ai",),
    "QBusiness": ("ai",),
    "IoT": ("ai",),
}
MODULES = tuple(sorted(set(_TERRAFORM.values())))
SERVICES = frozenset(_CANONICAL) | frozenset(generated.SERVICES.values())


@lru_cache(maxsize=1024)
def table_of(terraform_type: str) -> Table | None:
    """The table of a Terraform type; None when there is none.

    What is written by hand goes over what is generated.
    """
    stated, made = stated_table(terraform_type), generated.table_of(terraform_type)
    if stated is None or made is None:
        return stated or made
    return stated._replace(fields=_over(stated.fields, made.fields))


def stated_table(terraform_type: str) -> Table | None:
    """The table that is written by hand."""
    for start, module in _TERRAFORM.items():
        if terraform_type.startswith(start):
            return tables_in(module).get(terraform_type)
    return None


def _over(stated: Mapping[str, FieldSpec], made: Mapping[str, FieldSpec]) -> Mapping[str, FieldSpec]:
    """Exceptions over generated fields, block by block."""
    fields = dict(made)
    for name, spec in stated.items():
        below = made.get(name)
        if isinstance(spec, Field) and isinstance(below, Field) and spec.convert is None:
            spec = spec._replace(fields=_over(spec.fields, below.fields))
        elif isinstance(spec, str) and isinstance(below, Field) and below.convert is None:
            spec = below._replace(target=spec)
        fields[name] = spec
    return fields


def tables_for(canonical_type: str) -> list[tuple[str, Table]]:
    """Terraform types that state properties of a canonical type: the resource itself first, then folds."""
    if canonical_type.startswith("aws_"):
        table = table_of(canonical_type)
        return [(canonical_type, table)] if table is not None else []
    service = canonical_type.split("::")[1] if canonical_type.count("::") == 2 else ""
    names = [
        *(name for module in _CANONICAL.get(service, ()) for name in tables_in(module)),
        *generated.types_of(service),
    ]
    found = []
    for name in dict.fromkeys(names):
        table = table_of(name)
        if table is not None and _is_about(table, canonical_type):
            found.append((name, table))
    return sorted(found, key=lambda pair: pair[1].fold is not None)


def _is_about(table: Table, canonical_type: str) -> bool:
    by_value = table.type_by[1].values() if table.type_by is not None else ()
    return table.type == canonical_type or canonical_type in by_value


def tables_in(module: str) -> dict[str, Table]:
    """All tables of a module that are written by hand, by Terraform type."""
    tables: dict[str, Table] = import_module(f"{_PACKAGE}.{module}").TABLES
    return tables
