"""What a repository declares itself to be: a lesson weighs less than an example, in every rule alike."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

TEMPLATE = """
Resources:
  Notebook:
    Type: AWS::SageMaker::NotebookInstance
    Properties: {InstanceType: ml.t3.medium, RoleArn: arn:aws:iam::111122223333:role/notebook}
"""
MODULE = """
resource "aws_sagemaker_notebook_instance" "notebook" {
  name          = "notebook"
  instance_type = "ml.t3.medium"
  role_arn      = "arn:aws:iam::111122223333:role/notebook"
}
"""
LAUNCH = (
    "[Launch](https://console.aws.amazon.com/cloudformation/home#/stacks/new?stackName=NAME&templateURL=x)"
)


def write(root: Path, **texts: str) -> None:
    for name, text in texts.items():
        path = root / name.replace("__", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def severities(root: Path) -> dict[str, str]:
    settings = RunSettings(load_rules().rules, LoadOptions(root=root))
    report = lint_paths([str(root)], lambda _: settings, 1)
    return {each.code: each.severity for each in report.findings}


@pytest.mark.parametrize(
    "readme",
    [
        "# Claims\n\n## Setup\n\nDo it.\n\n## How to run the workshop?\n\nOpen the notebook.\n",
        f"# Claims\n\n{'It handles claims of all kinds. ' * 40}\n\nIn this workshop, you handle claims.\n",
        "# Claims\n\n## Steps\n\nThis tutorial walks you through all of it.\n",
        "# Claims\n\nWorkshop demonstrating the use of notebooks.\n",
        "# Claims\n\n## Costs\n\nAfter completing this lab, delete the stack.\n",
        "# Claims\n\n- [Lab 1: The notebook](lab1.md)\n",
        f"# Claims\n\n## Setup\n\n{LAUNCH.replace('NAME', 'claims-workshop')}\n",
        "# Claims\n\nEste repositorio existe.\n\n## Uso\n\nEn este taller se crean notebooks.\n",
        "# Claims technical test\n",
        "# Prueba técnica de datos\n",
    ],
)
@pytest.mark.parametrize(("name", "text"), [("stack__yaml", TEMPLATE), ("main__tf", MODULE)])
def test_a_readme_declares_a_lesson_anywhere(readme: str, name: str, text: str, tmp_path: Path) -> None:
    write(tmp_path, README__md=readme, **{name: text})
    found = severities(tmp_path)
    assert (found["MLS402"], found["MLS405"], found["MLO401"]) == ("info", "low", "info")
    # What is forgotten costs in a workshop as well.
    assert found["MLC401"] != "info"


@pytest.mark.parametrize(
    "readme",
    [
        "# Claims\n\nSee the workshop at https://example.org/workshop for more.\n",
        "# Claims\n\nThis was first shown in a demo.\n",
        "# Claims\n\nAs shown in this workshop, notebooks are useful.\n",
        "# Claims\n\n## Setup\n\nFollow [this workshop](https://example.org/workshop) first.\n",
        "# Claims\n\n## Related workshops\n\nSome.\n\n## Workshop and other resources\n\nMore.\n",
        "# Claims\n\n## Tutorials\n\nThey are in the wiki.\n",
        "# Claims\n\nThe data lab of the company keeps its notebooks here.\n",
        f"# Claims\n\n## Setup\n\n{LAUNCH.replace('NAME', 'claims')}\n",
    ],
)
def test_what_lies_elsewhere_is_no_declaration(readme: str, tmp_path: Path) -> None:
    write(tmp_path, README__md=readme, stack__yaml=TEMPLATE)
    assert severities(tmp_path)["MLS405"] == "medium"


@pytest.mark.parametrize(
    "names",
    [("lab1.md", "lab2.md"), ("lab-01-setup.md", "lab-02-train.md"), ("clean_up_workshop.sh",)],
)
def test_files_declare_a_lesson(names: tuple[str, ...], tmp_path: Path) -> None:
    write(tmp_path, stack__yaml=TEMPLATE, **dict.fromkeys(names, "…"))
    assert severities(tmp_path)["MLS402"] == "info"


@pytest.mark.parametrize(
    ("names", "severity"),
    [
        (("Topics Tutorial.ipynb",), "info"),
        (("Topics Tutorial.ipynb", "train.ipynb", "serve.ipynb"), "medium"),
        (("lab.md", "labels1.md"), "medium"),
    ],
)
def test_some_files_show_nothing(names: tuple[str, ...], severity: str, tmp_path: Path) -> None:
    write(tmp_path, stack__yaml=TEMPLATE, prod__json="{}", **dict.fromkeys(names, "{}"))
    assert severities(tmp_path)["MLS402"] == severity


@pytest.mark.parametrize(
    ("properties", "severity"),
    [
        ("Tags: [{Key: Application, Value: ClaimsTutorial}]", "info"),
        ("Tags: [{Key: Application, Value: Claims}]", "medium"),
        ("NotebookInstanceName: !Sub '${Prefix}-notebook'", "info"),
        ("NotebookInstanceName: !Sub 'workshop-${AWS::AccountId}'", "info"),
    ],
)
def test_tags_and_defaults_declare_a_lesson(properties: str, severity: str, tmp_path: Path) -> None:
    text = TEMPLATE.replace(
        "Resources:", "Parameters:\n  Prefix: {Type: String, Default: ml-workshop}\nResources:"
    )
    write(tmp_path, stack__yaml=text.replace("ml.t3.medium, ", f"ml.t3.medium, {properties}, "))
    assert severities(tmp_path)["MLS402"] == severity


def test_the_place_of_a_nested_template_declares_a_lesson(tmp_path: Path) -> None:
    nested = "\n  Nested:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: "
    write(tmp_path, stack__yaml=f"{TEMPLATE}{nested}https://s3.amazonaws.com/claims-workshop/network.yaml\n")
    assert severities(tmp_path)["MLS402"] == "info"


PARTS = """
Resources:
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/machine
      DefinitionString: >-
        {"StartAt": "Read", "States": {"Read": {"Type": "Task", "End": true,
        "Resource": "arn:aws:states:::aws-sdk:comprehendmedical:detectEntitiesV2",
        "Parameters": {"Text.$": "$.text"}}}}
  Admin:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {Service: sagemaker.amazonaws.com}, Action: sts:AssumeRole}
      Policies:
        - PolicyName: all
          PolicyDocument: {Statement: [{Effect: Allow, Action: "s3:*", Resource: "*"}]}
  Training:
    Type: AWS::SageMaker::Model
    Properties:
      ExecutionRoleArn: !GetAtt Admin.Arn
      PrimaryContainer:
        Image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:1
        Environment: {DB_PASSWORD: "Winter-2024-blue"}
"""


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Claims workshop", {"MLS501": "medium", "MLS106": "high", "MLO506": "info"}),
        ("Claims", {"MLS501": "high", "MLS106": "high", "MLO506": "info"}),
    ],
)
def test_credentials_weigh_the_same_in_a_lesson(title: str, expected: dict[str, str], tmp_path: Path) -> None:
    write(tmp_path, README__md=f"# {title}\n", stack__yaml=PARTS)
    found = severities(tmp_path)
    assert {code: found.get(code) for code in expected} == expected


@pytest.mark.parametrize(
    ("more", "severity"),
    [
        ("", "info"),
        ("  Store: {Type: AWS::S3::Bucket}\n", "info"),
        ("  Other: {Type: AWS::SageMaker::Endpoint, Properties: {EndpointConfigName: c}}\n", "low"),
        ("  Cluster: {Type: AWS::Redshift::Cluster, Properties: {ClusterType: single-node}}\n", "low"),
    ],
)
def test_tags_of_the_only_thing_that_costs_show_nothing(more: str, severity: str, tmp_path: Path) -> None:
    write(tmp_path, README__md="# Movies\n\nNotes about movies.\n", stack__yaml=TEMPLATE + more)
    assert severities(tmp_path)["MLC502"] == severity


def test_a_heading_about_a_workshop_declares_none(tmp_path: Path) -> None:
    write(tmp_path, README__md="# Claims\n\nText.\n\n## Workshop\n\nOnce a year.\n", stack__yaml=TEMPLATE)
    assert severities(tmp_path)["MLS405"] == "medium"


MACHINE = """
Description: DESCRIPTION
Resources:
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/machine
      Definition:
        StartAt: Configure
        States:
          Configure:
            Type: Task
            Resource: arn:aws:states:::sagemaker:createEndpointConfig
            Parameters:
              EndpointConfigName.$: $.name
              ProductionVariants:
                - {VariantName: a, ModelName: m, InstanceType: ml.m5.large, InitialInstanceCount: 1}
            ResultPath: null
            Next: Deploy
          Deploy:
            Type: Task
            Resource: arn:aws:states:::sagemaker:createEndpoint
            Parameters: {NAME, EndpointConfigName.$: $.name}
            End: true
"""


@pytest.mark.parametrize(
    ("description", "name", "expected"),
    [
        ("App to demo hosting", "EndpointName.$: $.name", ("info", "info")),
        ("App to demo hosting", "EndpointName: claims", ("low", "info")),
        ("Hosting of claims", "EndpointName.$: $.name", ("medium", "medium")),
    ],
)
def test_in_a_demo_each_run_names_an_endpoint_of_its_own(
    description: str, name: str, expected: tuple[str, str], tmp_path: Path
) -> None:
    write(tmp_path, stack__yaml=MACHINE.replace("DESCRIPTION", description).replace("NAME", name))
    found = severities(tmp_path)
    assert (found["MLO101"], found["MLR101"]) == expected


@pytest.mark.parametrize(
    ("readme", "expected"),
    [
        ("# Claims\n\n\nhttps://aws.amazon.com/blogs/machine-learning/claims-in-notebooks/\n", "low"),
        ("# Claims\n[The article](https://example.org/blog/claims-in-notebooks)\n", "low"),
        ("# Claims\n\nWe handle claims. https://example.org/blog/claims-in-notebooks\n", "medium"),
        ("# Claims\n\nhttps://claims.example.org/\n", "medium"),
    ],
)
def test_a_readme_with_nothing_but_the_address_of_an_article_shows_an_example(
    readme: str, expected: str, tmp_path: Path
) -> None:
    write(tmp_path, README__md=readme, stack__yaml=TEMPLATE)
    assert severities(tmp_path)["MLS405"] == expected


@pytest.mark.parametrize(
    ("readme", "lesson"),
    [
        ("# Claims\n\nA production-ready pipeline for claims.\n", False),
        ("# Claims\n\nThe reference architecture of our platform.\n", False),
        ("# Claims\n\nA pipeline for claims.\n", True),
        ("# Claims\n\nThis is not production-ready.\n", True),
        ("# Claims\n\nUnlike a production-ready pipeline, it doesn't scale.\n", True),
        ("# Claims\n\nMore is needed before it is production-ready.\n", True),
        ("# Claims\n\nIn this workshop, you build a production-ready pipeline.\n", True),
    ],
)
@pytest.mark.parametrize(("name", "text"), [("stack__yaml", TEMPLATE), ("main__tf", MODULE)])
def test_one_name_does_not_outweigh_a_readme_of_something_for_production(
    readme: str, lesson: bool, name: str, text: str, tmp_path: Path
) -> None:
    lines = "    Properties: {" if name == "stack__yaml" else '= "notebook"\n'
    called = "    Properties: {NotebookInstanceName: claims-walkthrough, "
    text = text.replace(lines, called if name == "stack__yaml" else '= "claims-walkthrough"\n')
    write(tmp_path, README__md=readme, **{name: text})
    settings = RunSettings(load_rules().rules, LoadOptions(root=tmp_path))
    found = lint_paths([str(tmp_path)], lambda _: settings, 1).findings
    (finding,) = [each for each in found if each.code == "MLS402"]
    # Whether it is operated is another question, whose answer the finding states.
    assert (finding.severity == "info" and finding.lowered is None) is lesson


NOTES = "# Claims\n\nHandles claims.\n\n## Notes\n\n"


@pytest.mark.parametrize(
    ("readme", "expected"),
    [
        (f"{NOTES}This application was written for demonstration and educational purposes.\n", "low"),
        (f"{NOTES}The code in it: this project is not intended for production use.\n", "low"),
        (f"{NOTES}This repository is for learning only.\n", "low"),
        ("# PyData2024-claims\n\nAll code that is used.\n", "low"),
        ("# Treinamento de notebooks\n\nBem-vindo ao treinamento prático!\n", "low"),
        ("# Treinamento de modelos\n\nTreina modelos.\n", "medium"),
        ("# PyData-claims\n\nAll code that is used.\n", "medium"),
        (f"{NOTES}This application was written for production.\n", "medium"),
        (f"{NOTES}The emulator is not for production use. This stack is.\n", "medium"),
        (f"{NOTES}This project is for learning from claims.\n", "medium"),
    ],
)
def test_a_readme_shows_further_down_that_it_is_no_service(
    readme: str, expected: str, tmp_path: Path
) -> None:
    write(tmp_path, README__md=readme, stack__yaml=TEMPLATE)
    assert severities(tmp_path)["MLS405"] == expected
