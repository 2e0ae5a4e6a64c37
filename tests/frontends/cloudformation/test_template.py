from pathlib import Path

import pytest

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.cloudformation.syntax import files
from mlwa_lint.frontends.options import LoadOptions

from .templates import plain, project_of, resource


def test_a_resource_has_its_type_place_properties_and_attributes() -> None:
    project = project_of(
        """
        Parameters: {Keep: {Type: String, Default: Retain}}
        Resources:
          Bucket:
            Type: AWS::S3::Bucket
            DeletionPolicy: !Ref Keep
            UpdateReplacePolicy: Retain
            DependsOn: [Other]
            Metadata: {aws:cdk:path: A/B}
            Properties:
              BucketName: x
        """
    )
    (bucket,) = project.resources
    assert (bucket.address, bucket.type, bucket.guards) == ("Bucket", "AWS::S3::Bucket", ())
    assert bucket.span == ("template.yaml", 4, 3, 4, 9)
    assert bucket.properties.entries["BucketName"].key_span == ("template.yaml", 11, 7, 11, 17)
    assert plain(bucket.attributes) == {
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "DependsOn": ["Other"],
        "Metadata": {"aws:cdk:path": "A/B"},
    }
    assert bucket.vocabulary.language == "cloudformation"
    assert bucket.vocabulary.label("AWS::S3::Bucket", ("A", "B")) == "A.B"


def test_properties_under_a_condition_are_a_map_of_choices() -> None:
    project = project_of(
        """
        Parameters: {P: {Type: String}}
        Conditions: {C: !Equals [!Ref P, x]}
        Resources:
          R:
            Type: AWS::A::B
            Properties: !If [C, {A: 1, B: 2}, {A: 3}]
          S:
            Type: AWS::A::B
            Properties: !If [C, {A: 1}, !Ref AWS::NoValue]
          T: {Type: AWS::A::B, Properties: !Transform {Name: M}}
          U: {Type: AWS::A::B, Properties: [a]}
        """
    )
    choice = {"if": "C", "yes": 1, "no": 3}
    assert plain(resource(project, "R").properties) == {"A": choice, "B": {"if": "C", "yes": 2, "no": None}}
    assert plain(resource(project, "S").properties) == {"A": {"if": "C", "yes": 1, "no": None}}
    assert plain(resource(project, "T").properties) == {"<more>": True}
    assert plain(resource(project, "U").properties) == {"<more>": True}


@pytest.mark.parametrize(
    ("text", "gap"),
    [
        ("Transform: MyMacro", "macro MyMacro"),
        ("Transform: [AWS::LanguageExtensions, MyMacro]", "macro MyMacro"),
        ("Transform: {Name: AWS::Include, Parameters: {Location: x}}", "macro AWS::Include"),
        ("Fn::Transform: {Name: AWS::Include, Parameters: {Location: x}}", "macro AWS::Include"),
    ],
)
def test_macros_may_declare_anything(text: str, gap: str) -> None:
    project = project_of(f"{text}\nResources: {{A: {{Type: 'AWS::A::B'}}}}\n")
    assert [each.what for each in project.gaps] == [gap]
    assert not project.problems
    assert len(project.resources) == 1


def test_a_macro_among_resources_and_a_module_are_gaps() -> None:
    project = project_of(
        """
        Resources:
          Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://x/y}}
          M: {Type: 'My::Own::Thing::MODULE', Properties: {A: 1}}
        """
    )
    assert [gap.what for gap in project.gaps] == [
        "Fn::Transform in Resources",
        "M of type My::Own::Thing::MODULE",
    ]
    assert project.gaps[1].inputs is not None
    assert [plain(value) for value in project.gaps[1].inputs] == [1]


@pytest.mark.parametrize(
    ("body", "maker"),
    [
        ("{'Fn::Transform': {Name: Make}}", "macro Make"),
        ("{Type: !Rain::Module x.yml, Properties: {A: 1}}", "!Rain::Module"),
        ("{Type: {'Rain::Module': x.yml}}", "Rain::Module"),
        ("!Strange x", "!Strange"),
    ],
)
def test_a_resource_that_something_else_makes_is_a_gap(body: str, maker: str) -> None:
    project = project_of(f"Resources:\n  A: {body}\n")
    assert [gap.what for gap in project.gaps] == [f"resource A, which {maker} makes"]
    (noticed,) = project.problems
    assert (noticed.fatal, noticed.message.endswith(project.gaps[0].what)) == (False, True)


def test_resources_that_never_exist_are_reported() -> None:
    project = project_of("Conditions: {C: !Equals [a, b]}\nResources: {A: {Type: AWS::A::B, Condition: C}}\n")
    assert [(problem.message, problem.fatal) for problem in project.problems] == [
        ("the conditions of its resources never hold: there is nothing to check", False)
    ]


def test_stack_sets_deploy_what_is_not_looked_at() -> None:
    project = project_of("Resources: {A: {Type: 'AWS::CloudFormation::StackSet', Properties: {X: 1}}}\n")
    assert [gap.what for gap in project.gaps] == ["A of type AWS::CloudFormation::StackSet"]
    assert len(project.resources) == 1


def test_transforms_that_are_understood_are_no_gaps() -> None:
    project = project_of(
        "Transform: [AWS::LanguageExtensions, AWS::SecretsManager-2024-09-16]\nResources: {}\n"
    )
    assert project.gaps == ()


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("Resources:\n  A: {Properties: {}}\n", 2, "resource A has no Type"),
        ("Resources:\n  A: text\n", 2, "resource A has no Type"),
        ("Resources: []\n", 1, "Resources must be a map"),
        ("Resources: {}\nConditions: text\n", 2, "Conditions must be a map"),
        ("[a]", 1, "is not a CloudFormation template: its top level is not a map"),
        ("", 1, "is not a CloudFormation template: its top level is not a map"),
        ("Resources: {}\n---\nResources: {}\n", 2, "a second document starts here; a template is only one"),
    ],
)
def test_what_is_wrong_is_reported_with_its_place(text: str, line: int, message: str) -> None:
    project = project_of(text)
    assert [(problem.line, problem.message, problem.fatal) for problem in project.problems] == [
        (line, message, True)
    ]


def test_a_type_that_is_called_nearly_like_another_is_reported_but_not_fatal() -> None:
    kinds = (
        *("AWS::BedrockAgent::Agent", "AWS::Sagemaker::Model", "AWS::SageMaker::TrainingJob"),
        *("AWS::Bedrock::Agent", "AWS::SageMaker::TransformJob", "AWS::Backup::Plan"),
        "AWS::SageMaker::Thing::MODULE",
    )
    text = "".join(f"  R{number}: {{Type: {kind}}}\n" for number, kind in enumerate(kinds))
    project = project_of(f"Resources:\n{text}")
    found = project.problems
    assert [(each.line, each.fatal) for each in found] == [(2, False), (3, False), (4, False)]
    what = "AWS::BedrockAgent::Agent, the type of R0, is not one of CloudFormation's: unless it is newer than"
    assert found[0].message == f"{what} mlwa-lint, deploying it fails. Nothing of R0 is checked"
    assert "AWS::SageMaker::TrainingJob" not in {each.type for each in project.resources}


@pytest.mark.parametrize("text", ["Resources:\n", "Resources: {}\nParameters:\nConditions: ~\n"])
def test_a_template_without_resources_is_reported_but_not_fatal(text: str) -> None:
    project = project_of(text)
    assert project.resources == ()
    assert [(problem.message, problem.fatal) for problem in project.problems] == [
        ("declares no resources: there is nothing to check", False)
    ]


def test_empty_sections_are_no_problem() -> None:
    project = project_of("Parameters:\nConditions: ~\nMappings: {}\nResources: {A: {Type: AWS::A::B}}\n")
    assert project.problems == ()


def test_the_rest_of_a_template_with_a_broken_resource_is_read() -> None:
    project = project_of("Resources:\n  A: text\n  B: {Type: AWS::A::B}\n")
    assert [each.address for each in project.resources] == ["B"]


def test_a_given_parameter_that_is_not_declared_is_reported_but_not_fatal() -> None:
    project = project_of("Parameters: {A: {Type: String}}\nResources: {}\n", {"A": "1", "C": "2", "B": "3"})
    assert [(problem.message, problem.fatal) for problem in project.problems] == [
        ("parameters are given that it does not declare: B, C", False)
    ]


# -- files


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfeR\0", "is UTF-16 text; CloudFormation reads UTF-8: save it as UTF-8"),
        (b"Resources:\n  \xe9: 1\n", "is not UTF-8 text"),
    ],
)
def test_text_in_another_encoding_is_reported(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "t.yaml"
    path.write_bytes(content)
    (problem,) = load(path, LoadOptions()).problems
    assert problem.message == message
    assert problem.fatal


def test_a_file_in_windows_fashion_is_read(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_bytes("\ufeffResources:\r\n  Bücket:\r\n    Type: AWS::S3::Bucket\r\n".encode())
    (found,) = load(path, LoadOptions()).resources
    assert (found.address, found.span.line, found.span.end_column) == ("Bücket", 2, 9)


def test_missing_and_too_large_files_are_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = load(tmp_path / "none.yaml", LoadOptions())
    assert [problem.message for problem in project.problems] == ["cannot be read: No such file or directory"]
    assert project.partial
    path = tmp_path / "t.yaml"
    path.write_text("Resources: {}\n" + "#" * 100)
    monkeypatch.setattr(files, "FILE_LIMIT", 50)
    for text in (None, path.read_text()):
        (problem,) = load(path, LoadOptions(), text).problems
        assert "split it into nested stacks" in problem.message


def test_deep_nesting_of_functions_is_evaluated() -> None:
    text = "x"
    for _ in range(50):
        text = f"!Join ['', [{text}, !If [C, a, a]]]"
    project = project_of(
        "Parameters: {P: {Type: String}}\nConditions: {C: !Equals [!Ref P, x]}\n"
        f"Resources: {{R: {{Type: 'AWS::A::B', Properties: {{X: {text}}}}}}}\n"
    )
    assert not project.problems
    assert resource(project, "R").properties.entries["X"].value.span is not None


def test_nesting_at_the_limit_is_evaluated_and_one_level_more_is_an_error() -> None:
    for function in ("!If [C, a, ", "!Join [a, ", "!Not [", "!Sub ['${x}', {x: "):
        depth = 55 if "{" in function else 110
        text = function * depth + "x" + ("}]" if "{" in function else "]") * depth
        project = project_of(f"Resources: {{R: {{Type: 'AWS::A::B', Properties: {{X: {text}}}}}}}\n")
        assert not project.problems
        assert len(project.resources) == 1


def test_of_a_key_that_is_given_twice_the_last_one_counts_and_that_is_reported() -> None:
    project = project_of(
        "Resources:\n  R:\n    Type: AWS::A::B\n    Properties:\n      X: 1\n      Y: 2\n      X: 3\n"
    )
    assert plain(project.resources[0].properties) == {"Y": 2, "X": 3}
    assert [(each.line, each.message, each.fatal) for each in project.problems] == [
        (7, "the key 'X' is given twice (first on line 5); CloudFormation takes the last one", False)
    ]


_WHOLE = """\
Resources:
  First:
    Type: AWS::SageMaker::Model
    Properties: {ModelName: first}
  Second:
    Type: AWS::SNS::Topic
"""


@pytest.mark.parametrize(
    ("rest", "found", "never", "only"),
    [
        ("\nA role, with: more: of it\n  and [\n", ["First", "Second"], ("AWS::",), ()),
        (
            "  Third:\n    Type: AWS::SQS::Queue\n    Properties: {a: [\n",
            ["First", "Second"],
            (),
            ("AWS::SQS::Queue",),
        ),
        ("    Properties: {TopicName: [\n", ["First"], (), ("AWS::SNS::Topic",)),
        ("  Third: {Type: AWS::CloudFormation::Stack, a: [\n", ["First", "Second"], (), None),
        ("  Third: {Type: AWS::Serverless::Function, a: [\n", ["First", "Second"], (), None),
        ("  Third: {a: b\nOutputs: {}\n", ["First", "Second"], ("AWS::",), ()),
    ],
)
def test_resources_before_what_is_not_yaml_are_read(
    rest: str, found: list[str], never: tuple[str, ...], only: tuple[str, ...] | None
) -> None:
    project = load(Path("t.yaml"), LoadOptions(), _WHOLE + rest)
    assert [each.address for each in project.resources] == found
    assert [problem.fatal for problem in project.problems] == [True]
    assert project.partial
    (gap,) = project.gaps
    assert (gap.never, gap.broken, gap.only) == (never, True, only)


@pytest.mark.parametrize(
    "text", ["a: [\n", "Resources: {A: {Type: AWS::SNS::Topic}\n", '{"Resources": {"A": [}}\n']
)
def test_nothing_is_read_of_what_has_no_whole_resource_before_a_mistake(text: str) -> None:
    project = load(Path("t.yaml"), LoadOptions(), text)
    assert (project.resources, project.gaps, project.partial) == ((), (), True)
