import textwrap
from pathlib import Path

import pytest

from mlwa_lint.frontends.cloudformation.stacks.exports import link_exports
from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.resources import Project
from mlwa_lint.model.values import references_in

from .templates import plain, reason, resource

NETWORK = """
    Parameters: {Env: {Type: String}}
    Conditions: {IsProd: !Equals [!Ref Env, prod]}
    Resources:
      Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub '${Env}-x'}}
      Policy: {Type: AWS::S3::BucketPolicy, Condition: IsProd, Properties: {Bucket: !Ref Bucket}}
    Outputs:
      Bucket: {Value: !Ref Bucket, Export: {Name: shared-bucket}}
      Arn: {Value: !GetAtt Bucket.Arn, Export: {Name: !Sub '${AWS::Region}-arn'}}
      Own: {Value: !Ref Bucket, Export: {Name: !Sub '${AWS::StackName}-own'}}
"""
TRAINING = """
    Parameters: {Env: {Type: String}}
    Conditions: {IsProd: !Equals [!Ref Env, prod]}
    Resources:
      Bucket:
        Type: AWS::A::B
        Condition: IsProd
        Properties:
          Whole: !ImportValue shared-bucket
          Part: !Sub ['s3://${b}/data', {b: !ImportValue shared-bucket}]
          Regional: !ImportValue {'Fn::Sub': '${AWS::Region}-arn'}
          Own: !ImportValue {'Fn::Sub': '${AWS::StackName}-own'}
          Missing: !ImportValue elsewhere
          Self: !Ref Bucket
          Env: !Ref Env
"""


def project(name: str, text: str) -> Project:
    return load(Path(name), LoadOptions(), textwrap.dedent(text))


def test_an_import_leads_to_what_another_stack_exports() -> None:
    (merged,) = link_exports([project("network.yaml", NETWORK), project("training.yaml", TRAINING)])
    assert [each.address for each in merged.resources] == ["network.Bucket", "Policy", "training.Bucket"]
    found = plain(resource(merged, "training.Bucket").properties)
    assert isinstance(found, dict)
    assert found["Whole"] == "<network.Bucket>"
    assert found["Part"] == "s3://<network.Bucket>/data"
    assert found["Regional"] == "<network.Bucket.Arn>"
    assert found["Own"] == found["Missing"] == "<?>"
    assert found["Self"] == "<training.Bucket>"
    assert plain(resource(merged, "Policy").properties) == {"Bucket": "<network.Bucket>"}
    assert merged.sources == ("network.yaml", "training.yaml")


def test_conditions_and_parameters_of_linked_stacks_are_their_own() -> None:
    (merged,) = link_exports([project("network.yaml", NETWORK), project("training.yaml", TRAINING)])
    first, second = (resource(merged, name).guards[0].condition for name in ("Policy", "training.Bucket"))
    assert first.text == second.text == "IsProd"
    assert merged.scenarios.possible({first.name: True, second.name: False})


def test_stacks_that_share_nothing_stay_apart() -> None:
    other = project(
        "other.yaml", "Resources: {A: {Type: AWS::A::B, Properties: {X: !ImportValue elsewhere}}}"
    )
    network, training = project("network.yaml", NETWORK), project("training.yaml", TRAINING)
    linked = link_exports([other, network, training])
    assert [each.sources for each in linked] == [("other.yaml",), ("network.yaml", "training.yaml")]
    assert link_exports([other, training]) == [other, training]
    assert link_exports([]) == []


def test_an_export_of_two_stacks_links_neither() -> None:
    linked = link_exports(
        [project("a.yaml", NETWORK), project("b.yaml", NETWORK), project("training.yaml", TRAINING)]
    )
    assert len(linked) == 3
    value = resource(linked[2], "Bucket").properties.entries["Whole"].value
    assert reason(value) == "an imported value is known only at deployment"


STORE = """
    Parameters: {Name: {Type: String, Default: /ml/data}}
    Conditions: {Prod: !Equals [!Ref Name, x]}
    Resources:
      Data: {Type: AWS::S3::Bucket}
      A: {Type: AWS::SSM::Parameter, Properties: {Name: !Ref Name, Type: String, Value: !Ref Data}}
      B: {Type: AWS::SSM::Parameter, Properties: {Name: /ml/type, Type: String, Value: ml.m5.large}}
      C: {Type: AWS::SSM::Parameter, Condition: Prod, Properties: {Name: /ml/prod, Type: String, Value: x}}
      D: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: unnamed}}
"""
READER = """
    Parameters:
      Kind: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /ml/type}
      Given: {Type: 'AWS::SSM::Parameter::Value<String>'}
      Many: {Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: /ml/type}
    Resources:
      Reader:
        Type: AWS::A::B
        Properties:
          Whole: '{{resolve:ssm:/ml/data}}'
          Part: 's3://{{resolve:ssm:/ml/data}}/raw'
          Kind: !Ref Kind
          Given: !Ref Given
          Many: !Ref Many
          First: '{{resolve:ssm:/ml/type:1}}'
          Version: '{{resolve:ssm:/ml/type:3}}'
          Secure: '{{resolve:ssm-secure:/ml/type}}'
          Conditional: '{{resolve:ssm:/ml/prod}}'
          Missing: '{{resolve:ssm:/ml/none}}'
"""


def test_what_one_stack_writes_to_systems_manager_another_reads() -> None:
    (merged,) = link_exports([project("store.yaml", STORE), project("reader.yaml", READER)])
    properties = resource(merged, "Reader").properties
    found = plain(properties)
    assert isinstance(found, dict)
    assert found["Whole"] == "<Data>"
    assert found["Part"] == "s3://<Data>/raw"
    assert found["Kind"] == found["First"] == "ml.m5.large"
    open_ends = ("Given", "Many", "Version", "Secure", "Conditional", "Missing")
    assert [found[each] for each in open_ends] == ["<?>"] * len(open_ends)
    assert properties.value("Kind").assumed == {
        "the default of Kind",
        "the value of /ml/type as its stack writes it",
    }


def test_two_stacks_that_write_one_name_link_nothing() -> None:
    projects = [project(f"{name}.yaml", STORE) for name in ("one", "two")]
    assert len(link_exports([*projects, project("reader.yaml", READER)])) == 3


def test_a_stack_imports_from_the_one_beside_it() -> None:
    names = ("dev/store.yaml", "prod/store.yaml", "prod/reader.yaml", "other/reader.yaml")
    texts = (STORE, STORE, READER, READER)
    linked = link_exports([project(name, text) for name, text in zip(names, texts, strict=True)])
    assert [each.sources for each in linked] == [
        ("dev/store.yaml",),
        ("prod/store.yaml", "prod/reader.yaml"),
        ("other/reader.yaml",),
    ]
    found = plain(resource(linked[1], "Reader").properties)
    assert isinstance(found, dict)
    assert found["Whole"] == "<Data>"


GIVER = """
    Parameters: {{Project: {{Type: String, Default: acme}}}}
    Resources: {{Vpc: {{Type: AWS::EC2::VPC}}}}
    Outputs: {{A: {{Value: !Ref Vpc, Export: {{Name: {name}}}}}}}
"""
TAKER = """
    Parameters: {{Network: {{Type: String{default}}}}}
    Resources: {{User: {{Type: AWS::A::B, Properties: {{X: !ImportValue {{'Fn::Sub': '{name}'}}}}}}}}
"""
TWO_ENDS = """
    Resources: {Vpc: {Type: AWS::EC2::VPC}}
    Outputs:
      A: {Value: !Ref Vpc, Export: {Name: !Sub '${AWS::StackName}-VpcId'}}
      B: {Value: !GetAtt Vpc.CidrBlock, Export: {Name: !Sub '${AWS::StackName}-SubnetId'}}
"""
IN_STACK = "!Sub '${AWS::StackName}-VpcId'"


@pytest.mark.parametrize(
    ("given", "name", "default", "found"),
    [
        (IN_STACK, "${Network}-VpcId", "", "<Vpc>"),
        (IN_STACK, "${Network}-VpcId", ", Default: network", "<Vpc>"),
        ("!Join ['-', [!Ref AWS::StackName, VpcId]]", "${Network}-VpcId", "", "<Vpc>"),
        ("!Sub '${Project}-VpcId'", "${Network}-VpcId", "", "<Vpc>"),
        ("!Sub '${AWS::StackName}-Main-VpcId'", "${Network}-VpcId", "", "<Vpc>"),
        (IN_STACK, "${Network}-SubnetId", "", "<?>"),
        (IN_STACK, "${Network}-SubnetId", ", Default: network", "<?>"),
        (IN_STACK, "${AWS::StackName}-VpcId", "", "<?>"),
        (IN_STACK, "${Network}", "", "<?>"),
        ("!Sub '${AWS::StackName}-a'", "${Network}-a", "", "<?>"),
    ],
)
def test_an_import_of_which_the_end_is_known_is_the_only_export_that_ends_so(
    given: str, name: str, default: str, found: str
) -> None:
    projects = [
        project("network/template.yaml", GIVER.format(name=given)),
        project("app/template.yaml", TAKER.format(name=name, default=default)),
    ]
    linked = link_exports(projects)
    assert plain(resource(linked[-1], "User").properties) == {"X": found}
    quiet = [problem.message for problem in linked[-1].problems if problem.quiet]
    assert bool(quiet) == (found == "<Vpc>")


def test_what_is_taken_for_an_import_is_reported() -> None:
    giver = project("network/template.yaml", GIVER.format(name=IN_STACK))
    (merged,) = link_exports(
        [giver, project("app/t.yaml", TAKER.format(name="${Network}-VpcId", default=""))]
    )
    (problem,) = merged.problems
    assert (problem.path, problem.line, problem.fatal, problem.quiet) == ("app/t.yaml", 3, False, True)
    assert problem.message == (
        "the export that ends in -VpcId is taken to be the only one of the repository that fits, in "
        "network/template.yaml"
    )
    assert merged.roots == {"Vpc": "network/template.yaml", "User": "app/t.yaml"}


def test_several_exports_that_end_alike_are_undecided_but_for_the_one_beside() -> None:
    givers = [project(f"{name}/t.yaml", GIVER.format(name=IN_STACK)) for name in ("a", "b")]
    taker = TAKER.format(name="${Network}-VpcId", default="")
    assert len(link_exports([*givers, project("c/t.yaml", taker)])) == 3
    linked = link_exports([*givers, project("b/user.yaml", taker)])
    assert [each.root for each in linked] == ["a/t.yaml", "b/t.yaml"]
    two = TWO_ENDS.replace("-SubnetId", "-Main-VpcId")
    (merged,) = link_exports([project("a/t.yaml", two), project("c/t.yaml", taker)])
    assert plain(resource(merged, "User").properties) == {"X": "<Vpc>"}
    both = TWO_ENDS.replace("-VpcId", "-Other-VpcId").replace("-SubnetId", "-Main-VpcId")
    assert len(link_exports([project("a/t.yaml", both), project("c/t.yaml", taker)])) == 2


def test_of_several_exports_that_end_alike_the_name_of_a_file_shows_whose_is_meant() -> None:
    givers = [project(name, GIVER.format(name=IN_STACK)) for name in ("a/main-net.yaml", "b/other.yaml")]
    text = "Resources: {User: {Type: AWS::A::B, Properties: {X: !ImportValue MainNet-VpcId}}}"
    taker = project("c/t.yaml", text)
    linked = link_exports([*givers, taker])
    assert [each.root for each in linked] == ["a/main-net.yaml", "b/other.yaml"]
    assert plain(resource(linked[0], "User").properties) == {"X": "<Vpc>"}
    (problem,) = linked[0].problems
    assert problem.message == (
        "the export MainNet-VpcId is taken to be that of the stack MainNet, in a/main-net.yaml"
    )
    renamed = [project(name, GIVER.format(name=IN_STACK)) for name in ("a/net.yaml", "b/template.yaml")]
    assert len(link_exports([*renamed, taker])) == 3
    by_folder = [
        project(name, GIVER.format(name=IN_STACK)) for name in ("main_net/template.yaml", "b/x.yaml")
    ]
    assert link_exports([*by_folder, taker])[0].sources == ("main_net/template.yaml", "c/t.yaml")


NESTED = """
Parameters: {Name: {Type: String}}
Resources:
  Reader:
    Type: AWS::SNS::Topic
    Properties: {DisplayName: !Sub "arn:aws:s3:::{{resolve:ssm:READ}}/*"}
"""
NESTING = """
Resources:
  Bucket: {Type: AWS::S3::Bucket}
  Stored:
    Type: AWS::SSM::Parameter
    Properties: {Name: WRITTEN, Type: String, Value: !Ref Bucket}
  Child:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: child.yaml, Parameters: {Name: !Ref AWS::StackName}}
"""


@pytest.mark.parametrize(
    ("written", "read", "is_linked"),
    [
        ("data-bucket", "data-bucket", True),
        ("data-bucket", "other-bucket", False),
        ('!Sub "${AWS::StackName}-bucket"', "${Name}-bucket", True),
        ('!Sub "${AWS::StackName}-bucket"', "${AWS::StackName}-bucket", False),
        ('!Sub "${AWS::StackName}-bucket"', "${Name}-other", False),
        ('!Sub "${AWS::StackName}-${AWS::Region}"', "${Name}-${AWS::Region}", True),
    ],
)
def test_a_nested_stack_reads_what_its_parent_writes(
    tmp_path: Path, written: str, read: str, is_linked: bool
) -> None:
    (tmp_path / "child.yaml").write_text(NESTED.replace("READ", read), encoding="utf-8")
    (tmp_path / "main.yaml").write_text(NESTING.replace("WRITTEN", written), encoding="utf-8")
    found = load(tmp_path / "main.yaml", LoadOptions(root=tmp_path))
    (reader,) = [each for each in found.resources if each.type == "AWS::SNS::Topic"]
    named = [each.address for each, _ in references_in(reader.properties.entries["DisplayName"].value)]
    assert named == (["Bucket"] if is_linked else [])


def test_stacks_whose_files_are_called_alike_get_their_folders_in_front() -> None:
    writer = """
    Resources:
      Bucket: {Type: AWS::S3::Bucket}
      Name: {Type: AWS::SSM::Parameter, Properties: {Name: /%s, Type: String, Value: !Ref Bucket}}
    """
    reader = writer + "  Reader: {Type: AWS::A::B, Properties: {Name: '{{resolve:ssm:/a}}'}}\n"
    texts = {"a/template.yaml": writer % "a", "b/template.yaml": reader % "b"}
    (merged,) = link_exports([project(name, text) for name, text in texts.items()])
    assert [each.address for each in merged.resources] == [
        "a/template.Bucket",
        "a/template.Name",
        "b/template.Bucket",
        "b/template.Name",
        "Reader",
    ]
    assert plain(resource(merged, "Reader").properties) == {"Name": "<a/template.Bucket>"}
