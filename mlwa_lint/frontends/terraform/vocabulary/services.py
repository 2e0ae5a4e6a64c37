"""What cannot be in a part of a configuration that is not expanded: a well-known module, a broken file."""

import re
from collections.abc import Iterable, Mapping

from mlwa_lint.frontends.terraform.vocabulary.awscc import kind_of
from mlwa_lint.frontends.terraform.vocabulary.index import SERVICES, table_of
from mlwa_lint.frontends.terraform.vocabulary.modules import source_of

_TYPE = re.compile(r"\b(?:aws|awscc)_\w+")
# Providers of modules that make nothing in AWS.
_ELSEWHERE = re.compile(r"[\w.-]+/[\w-]+/(?:null|random|template|local|tls|time)(?://.*)?$")

# What modules of the registry declare, from their resource lists (registry.terraform.io, latest versions).
_NETWORK, _LOGGED, _RUN = "EC2", "Logs IAM", "IAM EC2 Logs KMS"
_MODULES: Mapping[str, Mapping[str, str]] = {
    "terraform-aws-modules": {
        "acm": "CertificateManager Route53",
        "alb": "ElasticLoadBalancingV2 EC2 Route53 WAFv2",
        "apigateway-v2": "ApiGatewayV2 CertificateManager Route53 Logs",
        "autoscaling": "AutoScaling EC2 IAM",
        "batch": "Batch IAM",
        "cloudfront": "CloudFront",
        "cloudwatch": "CloudWatch Logs",
        "dynamodb-table": "DynamoDB ApplicationAutoScaling",
        "ec2-instance": _RUN,
        "ecr": "ECR",
        "ecs": f"ECS ApplicationAutoScaling AutoScaling ServiceDiscovery {_RUN}",
        "efs": "EFS EC2",
        "eks": f"EKS AutoScaling Events SQS SSM {_RUN}",
        "elasticache": "ElastiCache EC2 Logs",
        "elb": "ElasticLoadBalancing EC2",
        "eventbridge": "Events IAM Scheduler Pipes Logs EventSchemas",
        "fsx": "FSx EC2 Logs",
        "iam": "IAM",
        "key-pair": _NETWORK,
        "kms": "KMS",
        "lambda": f"Lambda ECR {_LOGGED}",
        "memory-db": "MemoryDB",
        "msk-kafka-cluster": "MSK ApplicationAutoScaling Logs Glue",
        "network-firewall": "NetworkFirewall RAM Logs",
        "notify-slack": f"Lambda SNS {_LOGGED}",
        "opensearch": f"OpenSearchService {_RUN}",
        "rds": f"RDS SecretsManager {_LOGGED}",
        "rds-aurora": f"RDS EC2 SecretsManager ApplicationAutoScaling {_LOGGED}",
        "rds-proxy": f"RDS {_LOGGED}",
        "redshift": f"Redshift EC2 SecretsManager {_LOGGED}",
        "route53": "Route53 Logs KMS",
        "s3-bucket": "S3",
        "secrets-manager": "SecretsManager",
        "security-group": _NETWORK,
        "sns": "SNS",
        "sqs": "SQS",
        "ssm-parameter": "SSM",
        "step-functions": f"StepFunctions {_LOGGED}",
        "transit-gateway": "EC2 RAM",
        "vpc": "EC2 IAM Logs",
        "vpn-gateway": _NETWORK,
    },
    "cloudposse": {
        "dynamic-subnets": _NETWORK,
        "dynamodb": "DynamoDB ApplicationAutoScaling",
        "ecr": "ECR",
        "iam-policy": "IAM",
        "iam-role": "IAM",
        "kms-key": "KMS",
        "security-group": _NETWORK,
        "ssm-parameter-store": "SSM",
        "vpc": "EC2",
    },
    # They put tags together and declare nothing.
    "clowdhaus": {"tags": ""},
    "sourcefuse": {"arc-tags": ""},
}

# Of what delivers logs, most have log groups alone.
_DELIVERY = "AWS::Logs::Delivery"
_DELIVERING = ("eventbridge",)


def never_in_module(source: str) -> tuple[str, ...]:
    """Starts of the types that a module from somewhere else certainly does not declare."""
    if _ELSEWHERE.match(source):
        return without(())
    parts = source_of(source)
    held = _MODULES.get(parts.owner, {}).get(parts.name) if parts is not None else None
    if parts is None or held is None:
        return ()
    never = without(held.split())
    return never if parts.name in _DELIVERING or "Logs" not in held else (*never, _DELIVERY)


def never_in_text(text: str) -> tuple[str, ...]:
    """Starts of the types that a file which is not a valid configuration certainly does not declare.

    Whatever it declares it calls by its type, unless it calls a module, which may declare anything.
    """
    if "\0" in text or re.search(r'\bmodule"?[\s:{]', text):
        return ()
    services: set[str] = set()
    own = False
    for name in set(_TYPE.findall(text)):
        kind, table = kind_of(name), table_of(name)
        canonical = kind.type if kind is not None else table.type if table is not None else None
        if canonical is None or canonical.count("::") < 2:
            own = True  # a type that keeps its own name
        else:
            services.add(canonical.split("::")[1])
    never = without(services)
    return tuple(each for each in never if each != "aws_") if own else never


def without(services: Iterable[str]) -> tuple[str, ...]:
    """The starts of all types but those of some services."""
    return ("aws_", *sorted(f"AWS::{service}::" for service in SERVICES - set(services)))
