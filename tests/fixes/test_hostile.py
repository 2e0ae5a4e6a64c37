"""Texts that are written in ways that editors, generators and enemies come up with."""

from pathlib import Path

import pytest

from mlwa_lint.fixes import Fix, by_path, edited
from mlwa_lint.fixes.propose import choices_of, propose
from mlwa_lint.run.pipeline import lint
from tests.support.fixing import session_of

NOTEBOOK = "AWS::SageMaker::NotebookInstance"


def proposed(tmp_path: Path, name: str, text: str, *select: str) -> list[Fix]:
    path = tmp_path / name
    path.write_bytes(text.encode("utf-8"))
    session = session_of(tmp_path, *select)
    linted = lint(session, [str(tmp_path)], "")
    assert linted.result.fatal == ()
    return propose(linted.result.findings, choices_of(session))


def new_text(tmp_path: Path, name: str, text: str, *select: str) -> str:
    (fix,) = proposed(tmp_path, name, text, *select)
    assert fix.edits, fix.reason
    (edits,) = by_path([fix]).values()
    return edited(text, edits)


def refusal(tmp_path: Path, name: str, text: str, *select: str) -> str:
    (fix,) = proposed(tmp_path, name, text, *select)
    assert fix.safety == "shown"
    return fix.reason


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("RootAccess: Enabled", "RootAccess: Disabled"),
        ("RootAccess: Enabled  # why", "RootAccess: Disabled  # why"),
        ("RootAccess: 'Enabled'", "RootAccess: 'Disabled'"),
        ('RootAccess: "Enabled"', 'RootAccess: "Disabled"'),
        ("'RootAccess': Enabled", "'RootAccess': Disabled"),
        ("RootAccess:\n        Enabled", "RootAccess:\n        Disabled"),
        ("RootAccess:    Enabled   ", "RootAccess:    Disabled   "),
        ("InstanceType: ml.t3.medium", "InstanceType: ml.t3.medium\n      RootAccess: Disabled"),
        ("Tags: [] # none", "Tags: [] # none\n      RootAccess: Disabled"),
        (
            "# «so»: a\n      VolumeSizeInGB: 5",
            "# «so»: a\n      VolumeSizeInGB: 5\n      RootAccess: Disabled",
        ),
        (
            "Text: |\n        a:\n          # b",
            "RootAccess: Disabled\n      Text: |\n        a:\n          # b",
        ),
        ("RootAccess: null", "RootAccess: Disabled"),
        ("RootAccess: ~", "RootAccess: Disabled"),
        ("RootAccess:", "RootAccess: Disabled"),
    ],
)
def test_a_property_in_block_style(tmp_path: Path, before: str, after: str) -> None:
    start = f"Resources:\n  Lab:\n    Type: {NOTEBOOK}\n    Properties:\n      "
    rest = "\n  Other:\n    Type: AWS::SNS::Topic\n"
    assert new_text(tmp_path, "t.yaml", start + before + rest, "MLS402") == start + after + rest


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{@, Properties: {RootAccess: Enabled}}", "{@, Properties: {RootAccess: Disabled}}"),
        ("{@, Properties: {A: 1}}", "{@, Properties: {A: 1, RootAccess: Disabled}}"),
        ("{@, Properties: { A: 1 }}", "{@, Properties: { A: 1, RootAccess: Disabled }}"),
        ("{@, Properties: {A: 1,}}", "{@, Properties: {A: 1, RootAccess: Disabled,}}"),
        ("{@, Properties: {}}", "{@, Properties: {RootAccess: Disabled}}"),
        ("{@}", "{@, Properties: {RootAccess: Disabled}}"),
        (
            "{@, Properties: {A: 1, # one\n    B: 2}}",
            "{@, Properties: {A: 1, # one\n    B: 2,\n    RootAccess: Disabled}}",
        ),
        (
            '{"Type": "%", "Properties": {"A": [1]}}',
            '{"Type": "%", "Properties": {"A": [1], "RootAccess": "Disabled"}}',
        ),
        ("\n    @", "\n    @\n    Properties:\n      RootAccess: Disabled"),
        ("\n    @\n    Properties:", "\n    @\n    Properties:\n      RootAccess: Disabled"),
        ("\n    @\n    Properties: {}", "\n    @\n    Properties: {RootAccess: Disabled}"),
        ("\n    Properties: {A: 1}\n    @", "\n    Properties: {A: 1, RootAccess: Disabled}\n    @"),
    ],
)
def test_a_property_in_flow_style(tmp_path: Path, before: str, after: str) -> None:
    before, after = (
        text.replace("@", f"Type: {NOTEBOOK}").replace("%", NOTEBOOK) for text in (before, after)
    )
    for start in ("Resources:\n  Lab: ", "# ü: «ä»\nResources:\n  Lab: "):
        assert new_text(tmp_path, "t.yaml", f"{start}{before}\n", "MLS402") == f"{start}{after}\n"
        assert new_text(tmp_path, "t.yaml", start + before, "MLS402") == start + after


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("!Ref Access", "its value is not a literal"),
        ("!If [IsLab, Enabled, Enabled]", "its value is not a literal"),
        ("{Ref: Access}", "its value is not a literal"),
        ("*access", "it is shared through a YAML anchor"),
        ("&here Enabled", "it is shared through a YAML anchor"),
    ],
)
def test_what_is_not_written_out_stays(tmp_path: Path, value: str, reason: str) -> None:
    text = f"""Parameters:
  Access: {{Type: String, Default: Enabled}}
Conditions:
  IsLab: !Equals [!Ref Access, x]
Metadata:
  access: &access Enabled
Resources:
  Lab:
    Type: {NOTEBOOK}
    Properties:
      RootAccess: {value}
"""
    assert refusal(tmp_path, "t.yaml", text, "MLS402") == reason


def test_merged_and_shared_maps_stay(tmp_path: Path) -> None:
    text = f"""Metadata:
  shared: &shared {{InstanceType: ml.t3.medium}}
Resources:
  Lab:
    Type: {NOTEBOOK}
    Properties:
      <<: *shared
"""
    assert refusal(tmp_path, "t.yaml", text, "MLS402") == "it is shared through a YAML merge key"
    text = text.replace("\n      <<: *shared", " *shared")
    assert refusal(tmp_path, "t.yaml", text, "MLS402") == "it is shared through a YAML anchor"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends_and_marks_stay(tmp_path: Path, end: str, mark: str, last: bool) -> None:
    lines = ["# ключ", "Resources:", "  Lab:", f"    Type: {NOTEBOOK}", "    Properties:", "      A: 1"]
    text = mark + end.join(lines) + (end if last else "")
    wanted = mark + end.join([*lines, "      RootAccess: Disabled"]) + (end if last else "")
    assert new_text(tmp_path, "t.yaml", text, "MLS402") == wanted


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '{"Resources":{"G":{"Type":"T","Properties":{"A":"b"}}}}',
            '{"Resources":{"G":{"Type":"T","Properties":{"A":"b","RootAccess":"Disabled"}}}}',
        ),
        (
            '{"Resources": {"G": {"Type": "T"}}}',
            '{"Resources": {"G": {"Type": "T", "Properties": {"RootAccess": "Disabled"}}}}',
        ),
        (
            '{"Resources": {"G": {\n\t"Type": "T"}}}',
            '{"Resources": {"G": {\n\t"Type": "T",\n\t"Properties": {\n\t\t"RootAccess": "Disabled"\n\t}}}}',
        ),
    ],
)
def test_json_keeps_its_shape(tmp_path: Path, before: str, after: str) -> None:
    before, after = (text.replace('"T"', f'"{NOTEBOOK}"') for text in (before, after))
    assert new_text(tmp_path, "t.json", before, "MLS402") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{}", '{\n  root_access = "Disabled"\n}'),
        ("{ }", '{\n  root_access = "Disabled"\n}'),
        ('{ name = "x" }', '{\n  name        = "x"\n  root_access = "Disabled"\n}'),
        ('{\n  root_access = "Enabled" # why\n}', '{\n  root_access = "Disabled" # why\n}'),
        ('{\n\tname = "x"\n}', '{\n\tname        = "x"\n\troot_access = "Disabled"\n}'),
        (
            '{\n  name = "x"\n  tags = {\n    a = "b"\n  }\n}',
            '{\n  name        = "x"\n  root_access = "Disabled"\n  tags = {\n    a = "b"\n  }\n}',
        ),
        (
            '{\n  name="x"\n  role_arn =  "y"\n}',
            '{\n  name="x"\n  role_arn =  "y"\n  root_access = "Disabled"\n}',
        ),
        (
            '{\n  // über «uns»\n  name = "ü" // ö\n}',
            '{\n  // über «uns»\n  name        = "ü" // ö\n  root_access = "Disabled"\n}',
        ),
        (
            '{\n  name = <<-EOT\n    root_access = "Enabled"\n  EOT\n}',
            '{\n  name = <<-EOT\n    root_access = "Enabled"\n  EOT\n  root_access = "Disabled"\n}',
        ),
        ("{\n  lifecycle {}\n}", '{\n  root_access = "Disabled"\n\n  lifecycle {}\n}'),
    ],
)
def test_terraform_in_all_its_shapes(tmp_path: Path, before: str, after: str) -> None:
    start = '# ключ\nresource "aws_sagemaker_notebook_instance" "lab" '
    for end in ("\n", ""):
        text, wanted = start + before + end, start + after + end
        assert new_text(tmp_path, "main.tf", text, "MLS402") == wanted
        dos, wanted = text.replace("\n", "\r\n"), wanted.replace("\n", "\r\n")
        assert new_text(tmp_path, "main.tf", dos, "MLS402") == wanted


@pytest.mark.parametrize(
    "value", ["var.access", "local.access", '"${var.access}"', "var.lab ? var.access : var.access"]
)
def test_expressions_of_terraform_stay(tmp_path: Path, value: str) -> None:
    text = f"""variable "access" {{ default = "Enabled" }}
variable "lab" {{ default = true }}
locals {{
  access = "Enabled"
}}
resource "aws_sagemaker_notebook_instance" "lab" {{
  root_access = {value}
}}
"""
    assert refusal(tmp_path, "main.tf", text, "MLS402") == "its value is not a literal"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("()", '(RootAccess="Disabled")'),
        ('(NotebookInstanceName="é")', '(NotebookInstanceName="é", RootAccess="Disabled")'),
        (
            '(\n    NotebookInstanceName="é",\n)',
            '(\n    NotebookInstanceName="é",\n    RootAccess="Disabled",\n)',
        ),
        ("(RootAccess='Enabled')", "(RootAccess='Disabled')"),
        (
            '(\n    NotebookInstanceName="x"  # é\n)',
            '(\n    NotebookInstanceName="x",\n    RootAccess="Disabled"  # é\n)',
        ),
    ],
)
def test_calls_of_python(tmp_path: Path, before: str, after: str) -> None:
    start = 'import boto3\n\nclient = boto3.client("sagemaker")  # ключ\nclient.create_notebook_instance'
    assert new_text(tmp_path, "lab.py", f"{start}{before}\n", "MLS402") == f"{start}{after}\n"
    dos, wanted = (f"{start}{each}\n".replace("\n", "\r\n") for each in (before, after))
    assert new_text(tmp_path, "lab.py", dos, "MLS402") == wanted


def test_arguments_that_are_put_together_elsewhere_stay(tmp_path: Path) -> None:
    text = """import boto3

settings = {"RootAccess": "Enabled"}
boto3.client("sagemaker").create_notebook_instance(NotebookInstanceName="lab", **settings)
"""
    assert refusal(tmp_path, "lab.py", text, "MLS402") == "its arguments are put together elsewhere"


SDK = """from sagemaker.estimator import Estimator
from sagemaker.model import Model
from sagemaker.model_monitor import DataCaptureConfig
from sagemaker.tuner import HyperparameterTuner

role, image = "arn:aws:iam::111122223333:role/ml", "111122223333.dkr.ecr.eu-west-1.amazonaws.com/a:1"
"""


def test_what_another_class_takes_is_no_argument_of_this_one(tmp_path: Path) -> None:
    text = f"""{SDK}
estimator = Estimator(image, role, instance_count=2, instance_type="ml.m5.large", use_spot_instances=True)
HyperparameterTuner(estimator, "loss", {{}}).fit()
"""
    assert refusal(tmp_path, "tune.py", text, "MLR202") == "a program sets it with a separate call"


def test_items_of_a_list_that_the_sdk_writes_otherwise_stay(tmp_path: Path) -> None:
    text = f"""{SDK}
Model(image, role=role, name="a").deploy(
    2, "ml.m5.large", data_capture_config=DataCaptureConfig(enable_capture=True, capture_options=["REQUEST"])
)
"""
    assert refusal(tmp_path, "deploy.py", text, "MLO108") == "its items are written otherwise"


def test_what_the_cdk_generates_stays(tmp_path: Path) -> None:
    from mlwa_lint.model.findings import Construct

    text = f"Resources:\n  Lab: {{Type: {NOTEBOOK}}}\n"
    (tmp_path / "t.yaml").write_text(text, encoding="utf-8")
    session = session_of(tmp_path, "MLS402")
    (finding,) = lint(session, [str(tmp_path)], "").result.findings
    (fix,) = propose([finding._replace(construct=Construct("Stack/Lab"))])
    assert (fix.safety, fix.reason) == ("shown", "the CDK generates the template; change the program")


def test_a_second_document_is_left_alone(tmp_path: Path) -> None:
    text = f"Resources:\n  Lab:\n    Type: {NOTEBOOK}\n    Properties:\n      A: 1\n---\nother: 1\n"
    path = tmp_path / "t.yaml"
    path.write_text(text, encoding="utf-8")
    session = session_of(tmp_path, "MLS402")
    findings = lint(session, [str(path)], "").result.findings
    for fix in propose(findings, choices_of(session)):
        (edits,) = by_path([fix]).values()
        assert edited(text, edits) == text.replace("A: 1\n", "A: 1\n      RootAccess: Disabled\n")
