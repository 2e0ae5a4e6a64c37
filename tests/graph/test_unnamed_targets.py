"""Names that turn out empty: reasons then say so in words."""

from pathlib import Path

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.graph.linking.link import link

TEMPLATE = """\
Parameters:
  RoleArn: {Type: String, Default: ""}
Resources:
  Ask:
    Type: AWS::Lambda::Function
    Properties:
      Role: !Ref RoleArn
      Handler: app.handler
      Runtime: python3.13
      Code: {S3Bucket: acme-code, S3Key: ask.zip}
"""


def test_a_reason_never_has_an_empty_name(tmp_path: Path) -> None:
    template = tmp_path / "ask.yaml"
    template.write_text(TEMPLATE, "utf-8")
    graph = link(load(template, LoadOptions()))
    reasons = [each.reason for each in graph.open_ends if each.source == "Ask"]
    assert reasons == ["what it names is not declared here"]
