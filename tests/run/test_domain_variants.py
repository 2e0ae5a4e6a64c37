"""Public Studio domains that have a variant without internet access in a file beside their own."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings
from tests.support import rule_examples as harness

# The VPC endpoint isolates SageMaker: a public domain that is not one of two options is high.
DOMAIN = """\
Resources:
  Api:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: !Sub com.amazonaws.${AWS::Region}.sagemaker.api
  Domain:
    Type: AWS::SageMaker::Domain
    Properties:
      DomainName: research
      AuthMode: SSO
      VpcId: vpc-0123456789abcdef0
      SubnetIds: [subnet-0123456789abcdef0]
"""


def severities(folder: Path, path: str) -> set[str]:
    """The severities of MLS406 for a template in a folder."""
    settings = RunSettings((harness.rule_of("MLS406"),), LoadOptions(folder))
    report = lint_paths([str(folder / path)], lambda _: settings, 1)
    return {each.severity for each in report.findings}


@pytest.mark.parametrize(
    ("other", "access", "expected"),
    [
        ("open/isolated.yaml", "VpcOnly", "medium"),
        ("isolated/domain.yaml", "VpcOnly", "medium"),
        ("isolated/stacks/domain.yaml", "VpcOnly", "high"),
        ("open/second.yaml", "PublicInternetOnly", "high"),
    ],
)
def test_a_public_domain_beside_a_variant(other: str, access: str, expected: str, tmp_path: Path) -> None:
    stated = DOMAIN + "      AppNetworkAccessType: "
    public, variant = tmp_path / "open" / "domain.yaml", tmp_path / other
    for path, value in ((public, "PublicInternetOnly"), (variant, access)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{stated}{value}\n", "utf-8")
    assert severities(tmp_path, "open/domain.yaml") == {expected}


def test_a_domain_that_states_nothing_is_no_variant(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(DOMAIN, "utf-8")
    (tmp_path / "b.yaml").write_text(DOMAIN + "      AppNetworkAccessType: VpcOnly\n", "utf-8")
    assert severities(tmp_path, "a.yaml") == {"high"}


MODULE = """\
resource "aws_vpc_endpoint" "api" {{
  vpc_id       = "vpc-0123456789abcdef0"
  service_name = "com.amazonaws.eu-central-1.sagemaker.api"
}}

resource "aws_sagemaker_domain" "this" {{
  domain_name             = "research"
  auth_mode               = "SSO"
  app_network_access_type = "{}"
  vpc_id                  = "vpc-0123456789abcdef0"
  subnet_ids              = ["subnet-0123456789abcdef0"]
}}
"""


@pytest.mark.parametrize(("called", "expected"), [("open", "medium"), ("far/open", "high")])
def test_a_module_that_is_called_beside_a_variant(called: str, expected: str, tmp_path: Path) -> None:
    for name, value in ((called, "PublicInternetOnly"), ("isolated", "VpcOnly")):
        path = tmp_path / "modules" / name / "main.tf"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(MODULE.format(value), "utf-8")
    root = f'provider "aws" {{}}\nmodule "research" {{\n  source = "../modules/{called}"\n}}\n'
    (tmp_path / "live").mkdir()
    (tmp_path / "live" / "main.tf").write_text(root, "utf-8")
    assert severities(tmp_path, "live") == {expected}
