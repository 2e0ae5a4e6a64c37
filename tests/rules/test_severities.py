"""Findings whose severity depends on the resource: safe by default is low, an explicit mistake is not."""

from pathlib import Path

import pytest

from mlwa_lint.run.evaluation import check_project
from tests.support import rule_examples as harness

ML_BUCKET = """\
Resources:
  Models:
    Type: AWS::S3::Bucket
  Model:
    Type: AWS::SageMaker::Model
    Properties:
      PrimaryContainer: {ModelDataUrl: !Sub "s3://${Models}/model.tar.gz"}
"""


def severities(code: str, path: Path) -> set[str]:
    rule = harness.rule_of(code)
    return {each.severity for each in check_project(harness.project_of(path), [rule]).findings}


@pytest.mark.parametrize(
    ("code", "example", "expected"),
    [
        ("MLO101", "fail.yaml", "medium"),
        ("MLS304", "fail-lower-case.tf", "medium"),
        ("MLR502", "fail-attached-model-of-caller.tf", "info"),
        ("MLO101", "fail-alarm-of-another.yaml", "high"),
        ("MLO101", "fail-alarm-of-another.tf", "high"),
        ("MLO101", "fail-alarm-that-scales.yaml", "medium"),
        ("MLO101", "fail-other-namespace.yaml", "high"),
        ("MLO101", "fail-single.yaml", "medium"),
        ("MLO101", "fail-left-out.tf", "medium"),
        ("MLR102", "fail-left-out.tf", "low"),
        ("MLO101", "fail-single.tf", "medium"),
        ("MLO101", "fail-one-at-a-time.yaml", "low"),
        ("MLO101", "fail-one-at-a-time.tf", "low"),
        ("MLO101", "fail-one-at-a-time.py", "low"),
        ("MLR503", "fail-crawler.tf", "medium"),
        ("MLR503", "fail-crawler.yaml", "medium"),
        ("MLO101", "fail-single-asked.yaml", "medium"),
        ("MLO101", "fail-single-beside-alarms.yaml", "medium"),
        ("MLC301", "fail-uploads.yaml", "info"),
        ("MLO102", "fail-misspelt.tf", "info"),
        ("MLO102", "fail.tf", "medium"),
        ("MLO506", "fail-glue.tf", "low"),
        ("MLO506", "fail-ended-glue.yaml", "low"),
        ("MLS403", "fail-choice.yaml", "info"),
        ("MLS403", "fail-off-by-default.yaml", "low"),
        ("MLO103", "fail-queue.tf", "low"),
        ("MLR101", "fail-to-zero.tf", "medium"),
        ("MLR101", "fail-component-to-zero.yaml", "info"),
        ("MLR101", "fail-queue.yaml", "low"),
        ("MLR101", "fail-bucket.yaml", "medium"),
        ("MLR101", "fail-scaled-from-one.json", "medium"),
        ("MLR107", "fail-step-one-instance.yaml", "info"),
        ("MLR107", "fail-queue.tf", "low"),
        ("MLR605", "fail-region.tf", "low"),
        ("MLR605", "fail-another-region.tf", "high"),
        ("MLR107", "fail-number-of-caller.yaml", "low"),
        ("MLR107", "fail-scaled-number-of-caller.yaml", "low"),
        ("MLR107", "fail-scaled-number-of-caller.tf", "medium"),
        ("MLR107", "fail-number-of-caller.tf", "low"),
        ("MLR116", "fail-function.tf", "low"),
        ("MLR116", "fail-monitor-latest.tf", "info"),
        ("MLO603", "fail-function.tf", "medium"),
        ("MLO603", "fail-environment.tf", "low"),
        ("MLO603", "fail-instance.tf", "medium"),
        ("MLO603", "fail-instance-named.tf", "low"),
        ("MLO603", "fail-named-by-variable.tf", "low"),
        ("MLO603", "fail-role-named-by-variable.tf", "low"),
        ("MLO603", "fail-literal-name.tf", "medium"),
        ("MLO603", "fail-flow.tf", "medium"),
        ("MLC601", "fail-idle.tf", "low"),
        ("MLC601", "fail-runtime.tf", "info"),
        ("MLC301", "fail.yaml", "low"),
        ("MLC301", "fail-temporary.yaml", "info"),
        ("MLC301", "fail-temporary.tf", "info"),
        ("MLR301", "fail.tf", "medium"),
        ("MLR301", "fail-disposable.tf", "low"),
        ("MLR301", "fail-temporary.tf", "info"),
        ("MLO107", "fail-recorded.yaml", "info"),
        ("MLO107", "fail-read-table.yaml", "medium"),
        ("MLS406", "fail-no-nat.tf", "low"),
        ("MLS406", "fail-no-nat.yaml", "low"),
        ("MLS406", "fail-nat.yaml", "medium"),
        ("MLR301", "fail-temporary.yaml", "info"),
        ("MLR301", "fail-temporary-beside-models.yaml", "medium"),
        ("MLS304", "fail-all-but-named.yaml", "high"),
        ("MLS304", "fail-all-but-named.tf", "high"),
        ("MLS304", "fail-models.tf", "high"),
        ("MLS205", "fail-monitoring.tf", "info"),
        ("MLS408", "fail.yaml", "medium"),
        ("MLS408", "fail-encrypted-bucket.yaml", "info"),
        ("MLR112", "fail.yaml", "medium"),
        ("MLR112", "fail-none.yaml", "high"),
        ("MLR201", "fail.yaml", "medium"),
        ("MLR201", "fail-days.yaml", "high"),
        ("MLR201", "fail-several.tf", "high"),
        ("MLR201", "fail-short.yaml", "low"),
        ("MLR201", "fail-short.py", "info"),
        ("MLS202", "fail-workflow-text.tf", "low"),
        ("MLS202", "fail-beside-key.yaml", "medium"),
        ("MLS203", "fail.tf", "low"),
        ("MLS203", "fail-encrypted-input.tf", "medium"),
        ("MLS101", "fail.yaml", "low"),
        ("MLS101", "fail-condition.yaml", "medium"),
        ("MLS301", "fail-absent.yaml", "low"),
        ("MLS301", "fail-beside-ml.yaml", "info"),
        ("MLS301", "fail-schema.tf", "info"),
        ("MLS303", "fail-schema.tf", "info"),
        ("MLS303", "fail-absent.tf", "low"),
        ("MLS301", "fail-function.yaml", "info"),
        ("MLS301", "fail-function.tf", "info"),
        ("MLS301", "fail-pages.yaml", "info"),
        ("MLS301", "fail-function-beside-key.yaml", "low"),
        ("MLS302", "fail-function.tf", "info"),
        ("MLS309", "fail-absent.yaml", "info"),
        ("MLC101", "fail.yaml", "medium"),
        ("MLC101", "fail-single.yaml", "info"),
        ("MLC101", "fail-single.py", "info"),
        ("MLC201", "fail.yaml", "low"),
        ("MLC201", "fail-two-hours.yaml", "info"),
        ("MLC201", "fail-two-hours.tf", "info"),
        ("MLC201", "fail-small-sum.yaml", "info"),
        ("MLC201", "fail-small-sum.tf", "info"),
        ("MLC201", "fail-small-sum.py", "info"),
        ("MLC201", "fail-large-sum.py", "low"),
        ("MLC201", "fail-branch.py", "info"),
        ("MLC201", "fail-few-passes.py", "info"),
        ("MLC201", "fail-scikit-learn.py", "info"),
        ("MLC201", "fail-large.py", "low"),
        ("MLS603", "fail-cluster.yaml", "low"),
        ("MLS603", "fail-key-by-parameter.yaml", "medium"),
        ("MLS506", "fail-cluster.yaml", "medium"),
        ("MLS506", "fail-cluster.tf", "medium"),
        ("MLS506", "fail-instance.yaml", "high"),
        ("MLS506", "fail-instance.tf", "medium"),
        ("MLS506", "fail-instance-page.tf", "low"),
        ("MLR502", "fail-association.tf", "info"),
        ("MLS302", "fail-model.yaml", "low"),
        ("MLS302", "fail-beside-key.yaml", "medium"),
        ("MLS302", "fail-beside-key.tf", "medium"),
        ("MLS303", "fail-absent.yaml", "low"),
        ("MLS303", "fail-model.yaml", "low"),
        ("MLS303", "fail-model.tf", "high"),
        ("MLS303", "fail-partial.yaml", "medium"),
        ("MLS303", "fail-partial.tf", "medium"),
        ("MLS303", "fail-existing.tf", "low"),
        ("MLS303", "fail-policy.yaml", "medium"),
        ("MLS303", "fail-policy.tf", "high"),
        ("MLS303", "fail-ineffective.yaml", "low"),
        ("MLS303", "fail-ineffective.tf", "low"),
        ("MLS303", "fail-private.yaml", "info"),
        ("MLS303", "fail-private.tf", "info"),
        ("MLS303", "fail-artifacts.yaml", "info"),
        ("MLS303", "fail-named-by-code.yaml", "info"),
        ("MLS303", "fail-named-by-code.tf", "info"),
        ("MLS303", "fail-assets.tf", "info"),
        ("MLS301", "fail-artifacts.yaml", "info"),
        ("MLS301", "fail-artifacts.tf", "info"),
        ("MLS303", "fail-results.yaml", "info"),
        ("MLR301", "fail-shared.tf", "info"),
        ("MLR601", "fail-code.yaml", "medium"),
        ("MLR601", "fail-caught.yaml", "low"),
        ("MLR601", "fail-caught-node.yaml", "low"),
        ("MLR601", "fail-schedule.yaml", "info"),
        ("MLR601", "fail-nightly.tf", "info"),
        ("MLR601", "fail-once.yaml", "low"),
        ("MLS306", "fail-absent.yaml", "low"),
        ("MLS306", "fail-behind-distribution.yaml", "info"),
        ("MLS306", "fail-behind-distribution.tf", "info"),
        ("MLR601", "fail-input.tf", "low"),
        ("MLR302", "fail-documents.tf", "low"),
        ("MLR302", "fail-offline.tf", "info"),
        ("MLR302", "fail-uploaded.tf", "info"),
        ("MLR302", "fail-uploaded-and-written.tf", "low"),
        ("MLC304", "fail.tf", "low"),
        ("MLO113", "fail.yaml", "high"),
        ("MLO113", "fail-filter.yaml", "medium"),
        ("MLO113", "fail-filter.tf", "medium"),
        ("MLC304", "fail-owned.tf", "info"),
        ("MLS303", "fail-website.yaml", "info"),
        ("MLS304", "fail-website.yaml", "info"),
        ("MLS304", "fail-website-listing.yaml", "low"),
        ("MLS304", "fail-read-only.yaml", "medium"),
        ("MLS304", "fail-acl.yaml", "high"),
        ("MLS309", "fail-disabled.tf", "low"),
        ("MLS320", "fail.yaml", "high"),
        ("MLS320", "fail-with-users.yaml", "medium"),
        ("MLS320", "fail-tls.yaml", "medium"),
        ("MLS401", "fail.yaml", "low"),
        ("MLS401", "fail-beside-key.yaml", "medium"),
        ("MLS401", "fail-beside-key.tf", "medium"),
        ("MLS402", "fail-absent.yaml", "medium"),
        ("MLS402", "fail-guarded.yaml", "high"),
        ("MLS402", "fail-guarded.tf", "high"),
        ("MLS402", "fail-set-up.yaml", "medium"),
        ("MLS403", "fail.yaml", "medium"),
        ("MLS403", "fail-isolated.yaml", "high"),
        ("MLS403", "fail-isolated.tf", "high"),
        ("MLS403", "fail-one-of-two.yaml", "medium"),
        ("MLS403", "fail-enabled.json", "info"),
        ("MLS404", "fail.yaml", "medium"),
        ("MLS404", "fail-isolated.yaml", "high"),
        ("MLS404", "fail-isolated.tf", "high"),
        ("MLS404", "fail-endpoint-in-one-stage.yaml", "medium"),
        ("MLS406", "fail.yaml", "medium"),
        ("MLS406", "fail-isolated.yaml", "high"),
        ("MLS406", "fail-isolated.tf", "high"),
        ("MLS406", "fail-public.yaml", "medium"),
        ("MLS406", "fail-public.tf", "medium"),
        ("MLS406", "fail-variant.yaml", "medium"),
        ("MLS406", "fail-variant.tf", "medium"),
        ("MLS501", "fail.yaml", "high"),
        ("MLS501", "fail-sagemaker-alone.yaml", "medium"),
        ("MLS501", "fail-sagemaker-and-roles.tf", "high"),
        ("MLS501", "fail-sagemaker-and-passing.tf", "medium"),
        ("MLS107", "fail-analysis.yaml", "medium"),
        ("MLS107", "fail-translation-code.yaml", "medium"),
        ("MLS107", "fail-translation-of-files.yaml", "high"),
        ("MLS107", "fail-analysis-of-objects.yaml", "high"),
        ("MLS305", "fail-network.yaml", "low"),
        ("MLS305", "fail-kms.yaml", "low"),
        ("MLS403", "fail-no-nat.yaml", "low"),
        ("MLS403", "fail-no-nat.tf", "low"),
        ("MLS403", "fail-nat-elsewhere.yaml", "medium"),
        ("MLS403", "fail-nat-elsewhere.tf", "medium"),
        ("MLS302", "fail-option.yaml", "info"),
        ("MLS302", "fail-option.tf", "info"),
        ("MLC301", "fail-models.yaml", "info"),
        ("MLR104", "fail-default.yaml", "low"),
        ("MLR104", "fail.yaml", "medium"),
        ("MLS501", "fail-function.yaml", "medium"),
        ("MLS501", "fail-agent-alone.yaml", "medium"),
        ("MLS501", "fail-agent-and-roles.yaml", "high"),
        ("MLS501", "fail-function.tf", "medium"),
        ("MLS501", "fail-two-statements.yaml", "high"),
        ("MLS501", "fail-task.yaml", "medium"),
        ("MLS501", "fail-instance.tf", "medium"),
        ("MLR101", "fail-queue-and-page.yaml", "medium"),
        ("MLO107", "fail.tf", "medium"),
        ("MLO107", "fail-recordings.tf", "low"),
        ("MLO107", "fail-accelerated.yaml", "low"),
        ("MLO510", "fail.yaml", "low"),
        ("MLO510", "fail-database.yaml", "info"),
        ("MLO510", "fail-database.tf", "info"),
        ("MLS313", "fail-databases.yaml", "medium"),
        ("MLS315", "fail.yaml", "medium"),
        ("MLS315", "fail-remade.yaml", "low"),
        ("MLS618", "fail-text.yaml", "low"),
        ("MLS618", "fail-beside-key.yaml", "medium"),
        ("MLS501", "fail-glue.yaml", "medium"),
        ("MLS501", "fail-glue.tf", "medium"),
        ("MLS501", "fail-glue-alone.tf", "medium"),
        ("MLS501", "fail-glue-shared.tf", "medium"),
        ("MLS501", "fail-images-alone.tf", "medium"),
        ("MLS501", "fail-function-elsewhere.yaml", "medium"),
        ("MLS501", "fail-function-elsewhere.tf", "medium"),
        ("MLS503", "fail-broad.yaml", "medium"),
        ("MLS503", "fail-administrator.yaml", "high"),
        ("MLS503", "fail-one-of-several.yaml", "medium"),
        ("MLS503", "fail-parameter.yaml", "medium"),
        ("MLS503", "fail-escalating.tf", "high"),
        ("MLS503", "fail-linked-role.tf", "medium"),
        ("MLS503", "fail-limited.yaml", "medium"),
        ("MLS503", "fail-limited.tf", "medium"),
        ("MLS503", "fail-single.yaml", "medium"),
        ("MLS503", "fail-single.tf", "medium"),
        ("MLS503", "fail-state-machine.json", "medium"),
        ("MLS506", "fail-database.yaml", "info"),
        ("MLS506", "fail-database.tf", "medium"),
        ("MLS506", "fail.yaml", "low"),
        ("MLS509", "fail.yaml", "medium"),
        ("MLS613", "fail-agent-that-writes-queries.tf", "info"),
        ("MLS615", "fail-jobs.yaml", "low"),
        ("MLS615", "fail-jobs.tf", "low"),
        ("MLS615", "fail-gateway.yaml", "low"),
        ("MLS615", "fail-unknown-type.yaml", "low"),
        ("MLS504", "fail-set-up.yaml", "medium"),
        ("MLS501", "fail-set-up.yaml", "medium"),
        ("MLS501", "fail-set-up-and-event.yaml", "high"),
        ("MLS504", "fail-studio.yaml", "high"),
        ("MLS615", "fail-agentcore.tf", "low"),
        ("MLO101", "fail-misspelt.yaml", "info"),
        ("MLS509", "fail-everyone.yaml", "high"),
        ("MLS601", "fail.yaml", "medium"),
        ("MLS617", "fail-literal.tf", "medium"),
        ("MLS617", "fail-three.yaml", "medium"),
        ("MLS601", "fail-acting.yaml", "medium"),
        ("MLS601", "fail-acting.tf", "medium"),
        ("MLS601", "fail-open.yaml", "high"),
        ("MLS601", "fail-reading.yaml", "medium"),
        ("MLS601", "fail-by-other-means.yaml", "high"),
        ("MLS601", "fail-by-phone.yaml", "high"),
        ("MLS601", "fail-by-phone.tf", "high"),
        ("MLS601", "fail-phone-for-staff.yaml", "medium"),
        ("MLS601", "fail-for-staff.yaml", "medium"),
        ("MLS601", "fail-asked-by-users.tf", "medium"),
        ("MLS601", "fail-scheduled.yaml", "medium"),
        ("MLS601", "fail-scheduled-and-asked.tf", "high"),
        ("MLS601", "fail-supervised.yaml", "medium"),
        ("MLS602", "fail.yaml", "medium"),
        ("MLS602", "fail-weak.yaml", "low"),
        ("MLS606", "fail.yaml", "high"),
        ("MLS606", "fail-not-action.yaml", "high"),
        ("MLS606", "fail-text.json", "medium"),
        ("MLS606", "fail-document.tf", "medium"),
        ("MLS606", "fail-both.yaml", "high"),
        ("MLS609", "fail.yaml", "low"),
        ("MLS611", "fail.yaml", "high"),
        ("MLS611", "fail-whole-account.yaml", "medium"),
        ("MLS611", "fail-whole-account.tf", "medium"),
        ("MLS611", "fail-foreign-account.yaml", "high"),
        ("MLS611", "fail-given-principals.yaml", "medium"),
        ("MLS611", "fail-named-principals.yaml", "medium"),
        ("MLS611", "fail-named-principals.tf", "medium"),
        ("MLS611", "fail-index-of-provider.tf", "low"),
        ("MLS502", "fail-offered.yaml", "low"),
        ("MLS502", "fail-offered.tf", "low"),
        ("MLC401", "fail.yaml", "low"),
        ("MLC401", "fail-accelerated.yaml", "medium"),
        ("MLC401", "fail-large.tf", "medium"),
        ("MLC403", "fail.yaml", "low"),
        ("MLC403", "fail-accelerated.yaml", "medium"),
        ("MLC403", "fail-large.tf", "medium"),
        ("MLC403", "fail-other-script.yaml", "low"),
        ("MLC403", "fail-classic.tf", "low"),
        ("MLC403", "fail-classic.yaml", "low"),
        ("MLS615", "fail.yaml", "low"),
        ("MLS615", "fail-task.yaml", "medium"),
        ("MLS615", "fail-parameter.yaml", "low"),
        ("MLS615", "fail-variable.tf", "low"),
        ("MLS615", "fail-runtime.tf", "low"),
        ("MLS615", "fail-runtime.yaml", "low"),
        ("MLR502", "fail-agent.yaml", "info"),
        ("MLR502", "fail.yaml", "medium"),
        ("MLR502", "fail-attachment.tf", "info"),
        ("MLR502", "fail-pause-late.tf", "info"),
        ("MLR502", "fail-machine-that-waits.tf", "info"),
        ("MLR502", "fail-machine-with-logs.yaml", "medium"),
        ("MLR502", "fail-one-of-several.tf", "info"),
        ("MLR502", "fail-data-access.tf", "low"),
        ("MLR502", "fail-data-access.yaml", "medium"),
        ("MLR502", "fail.tf", "info"),
        ("MLR502", "fail-profile.tf", "medium"),
        ("MLR502", "fail-model-of-caller.tf", "info"),
        ("MLR502", "fail-model-of-caller.yaml", "info"),
        ("MLR502", "fail-model-open.tf", "medium"),
        ("MLR502", "fail-pause.tf", "low"),
        ("MLR502", "fail-pause-settled.tf", "info"),
        ("MLR502", "fail-pause-meanwhile.tf", "info"),
        ("MLR502", "fail-pause-brief.tf", "low"),
        ("MLR502", "fail-minutes.tf", "info"),
        ("MLR502", "fail-minutes.yaml", "low"),
        ("MLR502", "fail-collection.yaml", "medium"),
        ("MLS615", "fail-region.yaml", "medium"),
        ("MLS615", "fail-region.tf", "medium"),
        ("MLS609", "fail-logs-only.yaml", "medium"),
        ("MLS602", "fail-for-one-purpose.yaml", "low"),
        ("MLS602", "fail-of-agent.tf", "medium"),
        ("MLS612", "fail-for-one-purpose.yaml", "low"),
        ("MLS612", "fail-used-by-agent.yaml", "medium"),
        ("MLC303", "fail.yaml", "medium"),
        ("MLC303", "fail-recorded.yaml", "info"),
        ("MLC303", "fail-shown.yaml", "info"),
        ("MLS402", "fail-required.tf", "info"),
        ("MLS402", "fail-unlocked.tf", "medium"),
        ("MLS508", "fail.yaml", "low"),
        ("MLS508", "fail.tf", "low"),
        ("MLS508", "fail-powerless.yaml", "info"),
        ("MLS205", "fail-built-in.yaml", "info"),
        ("MLR107", "fail-scaled-from-one.tf", "low"),
        ("MLO506", "fail.tf", "low"),
        ("MLO506", "fail-express.yaml", "medium"),
        ("MLR605", "fail-unread-variable.yaml", "medium"),
        ("MLR605", "fail-switched-off.yaml", "low"),
        ("MLR605", "fail-unread.yaml", "low"),
        ("MLR605", "fail-other-variable.yaml", "low"),
        ("MLR605", "fail-library.yaml", "medium"),
        ("MLS308", "fail-both.tf", "medium"),
        ("MLS310", "fail-direct.yaml", "low"),
        ("MLS308", "fail-results.yaml", "low"),
        ("MLS308", "fail-override.yaml", "info"),
        ("MLR107", "fail-one-instance.yaml", "info"),
        ("MLR107", "fail-one-instance.tf", "info"),
        ("MLR107", "fail.yaml", "medium"),
    ],
)
def test_a_case_that_is_worse_or_milder_has_a_severity_of_its_own(
    code: str, example: str, expected: str
) -> None:
    assert severities(code, harness.EXAMPLES / code / example) == {expected}


KEY = """\
  Key:
    Type: AWS::KMS::Key
"""
OPENED = """\
      PublicAccessBlockConfiguration: {BlockPublicPolicy: false}
"""


def test_a_bucket_of_ml_that_states_nothing_weighs_more_where_a_key_is_at_hand(tmp_path: Path) -> None:
    template = tmp_path / "t.yaml"
    template.write_text(ML_BUCKET, "utf-8")
    assert severities("MLS301", template) == {"low"}
    assert severities("MLS303", template) == {"low"}
    beside_a_key = tmp_path / "key.yaml"
    beside_a_key.write_text(ML_BUCKET + KEY, "utf-8")
    assert severities("MLS301", beside_a_key) == {"medium"}


def test_a_bucket_of_ml_that_states_nothing_weighs_more_where_it_is_opened(tmp_path: Path) -> None:
    template = tmp_path / "t.yaml"
    bucket = "Type: AWS::S3::Bucket\n"
    template.write_text(ML_BUCKET.replace(bucket, f"{bucket}    Properties:\n{OPENED}"), "utf-8")
    assert severities("MLS301", template) == {"medium"}


OPEN_TO_READERS = """\
  ModelsPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Models
      PolicyDocument:
        Statement: [{Effect: Allow, Principal: "*", Action: s3:GetObject, Resource: !Sub "${Models.Arn}/*"}]
"""


def test_reading_models_is_never_meant_for_everyone(tmp_path: Path) -> None:
    template = tmp_path / "t.yaml"
    template.write_text(ML_BUCKET + OPEN_TO_READERS, "utf-8")
    assert severities("MLS304", template) == {"high"}


def test_administration_weighs_more_than_other_broad_policies() -> None:
    rule = harness.rule_of("MLS502")
    found = check_project(harness.project_of(harness.EXAMPLES / "MLS502" / "fail-partition.yaml"), [rule])
    assert sorted(each.severity for each in found.findings) == ["high", "medium"]


@pytest.mark.parametrize("stated", ["", "'PublicInternetOnly'"])
def test_a_program_that_isolates_nothing_makes_a_public_domain(stated: str, tmp_path: Path) -> None:
    given = f", AppNetworkAccessType={stated}" if stated else ""
    text = f"import boto3\nboto3.client('sagemaker').create_domain(DomainName='d'{given})\n"
    path = tmp_path / "domain.py"
    path.write_text(text, encoding="utf-8")
    assert severities("MLS406", path) == {"medium"}


def test_a_module_does_not_own_a_setting_of_the_account(tmp_path: Path) -> None:
    module = tmp_path / "main.tf"
    example = tmp_path / "examples" / "basic" / "main.tf"
    example.parent.mkdir(parents=True)
    example.write_text('module "flow" {\n  source = "../.."\n}\n', "utf-8")
    module.write_text(
        'variable "role_arn" { type = string }\n'
        'resource "aws_bedrockagent_flow" "f" {\n  name = "f"\n  execution_role_arn = var.role_arn\n}\n'
        'output "arn" { value = aws_bedrockagent_flow.f.arn }\n',
        "utf-8",
    )
    assert severities("MLO603", module) == {"info"}


@pytest.mark.parametrize(
    ("code", "example", "expected"),
    [
        ("MLS404", "fail.yaml", "medium"),
        ("MLS508", "fail.yaml", "low"),
        ("MLS404", "fail-isolated.yaml", "high"),
    ],
)
def test_what_is_set_up_for_learning_is_deleted_again(
    code: str, example: str, expected: str, tmp_path: Path
) -> None:
    text = (harness.EXAMPLES / code / example).read_text("utf-8")
    for name, severity in (("notebooks.yaml", expected), ("ml-workshop.yaml", "info")):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        assert severities(code, path) == {"medium" if severity == "info" and expected == "high" else severity}


def test_permissions_in_a_workshop_weigh_as_broad_policies_do(tmp_path: Path) -> None:
    text = (harness.EXAMPLES / "MLS504" / "fail.yaml").read_text("utf-8")
    for name, expected in (
        ("roles.yaml", "high"),
        ("roles-example.yaml", "high"),
        ("roles-workshop.yaml", "medium"),
    ):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        assert severities("MLS504", path) == {expected}


def test_guardrails_of_an_example_show_one_kind_of_policy_each(tmp_path: Path) -> None:
    filters = "ContentPolicyConfig: {FiltersConfig: [{Type: PROMPT_ATTACK, InputStrength: HIGH}]}"
    one = "Resources:\n  A:\n    Type: AWS::Bedrock::Guardrail\n    Properties: {Name: a}\n"
    both = f"{one}  B:\n    Type: AWS::Bedrock::Guardrail\n    Properties:\n      {filters}\n"
    for name, text, expected in (
        ("guardrails.yaml", both, "medium"),
        ("one-example.yaml", one, "low"),
        ("both-example.yaml", both, "info"),
    ):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        assert severities("MLS602", path) == {expected}


KEYLESS = """\
Resources:
  It:
    Type: AWS::{kind}
    Properties: {{Name: acme}}
"""


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        *(("Bedrock::Agent", "low"), ("Bedrock::Flow", "low"), ("Bedrock::Prompt", "info")),
        *(("Bedrock::Guardrail", "info"), ("Bedrock::DataSource", "info")),
        ("BedrockAgentCore::Gateway", "info"),
    ],
)
def test_without_any_key_only_what_keeps_nothing_of_users_is_info(
    tmp_path: Path, kind: str, expected: str
) -> None:
    (tmp_path / "t.yaml").write_text(KEYLESS.format(kind=kind))
    assert severities("MLS603", tmp_path / "t.yaml") == {expected}
