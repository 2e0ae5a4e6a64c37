"""Parts of a template in other files of the project."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.resources import Project

from .templates import plain, resource
from .test_nested import write

API = """
    openapi: 3.0.1
    paths: {/ask: {post: {x-amazon-apigateway-integration: {uri: !Sub '${AWS::Region}:x'}}}}
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def project(template: str, **files: str) -> Project:
    named = {name.replace("__", "/").replace("_", "."): text for name, text in files.items()}
    write(Path(), {"template.yaml": template, **named})
    return load(Path("template.yaml"), LoadOptions(root=Path()))


def test_an_include_brings_its_keys_where_it_stands() -> None:
    found = project(
        """
        Parameters: {Prefix: {Type: String}}
        Mappings:
          Fn::Transform: {Name: AWS::Include, Parameters: {Location: maps.yaml}}
        Resources:
          Own: {Type: AWS::A::B, Properties: {Size: !FindInMap [Sizes, small, ml]}}
          Fn::Transform:
            Name: AWS::Include
            Parameters: {Location: !Sub 's3://${Prefix}/parts/more.yaml'}
        """,
        maps_yaml="Sizes: {small: {ml: ml.t3.medium}}\n",
        src__more_yaml="Own: {Type: AWS::C::D}\nMore: {Type: AWS::A::B, Properties: {X: !Ref Own}}\n",
    )
    assert [(each.address, each.type) for each in found.resources] == [
        ("Own", "AWS::A::B"),
        ("More", "AWS::A::B"),
    ]
    assert plain(resource(found, "Own").properties) == {"Size": "ml.t3.medium"}
    assert plain(resource(found, "More").properties) == {"X": "<Own>"}
    assert resource(found, "More").span.path == "src/more.yaml"
    assert found.sources == ("template.yaml", "maps.yaml", "src/more.yaml")
    assert not found.gaps
    assert [(each.message, each.quiet) for each in found.problems] == [
        ("/parts/more.yaml is read from src/more.yaml, the file of the project that ends like it", True)
    ]


def test_an_include_that_is_not_found_stays_a_gap() -> None:
    found = project(
        """
        Resources:
          R: {Type: AWS::A::B}
          Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://bucket/elsewhere.yaml}}
        """
    )
    assert [gap.what for gap in found.gaps] == ["Fn::Transform in Resources"]


def test_an_include_in_the_head_of_a_template() -> None:
    found = project(
        """
        Transform: {Name: AWS::Include, Parameters: {Location: all.yaml}}
        Resources: {R: {Type: AWS::A::B}}
        """,
        all_yaml="Outputs: {O: {Value: 1, Export: {Name: o}}}\nResources: {S: {Type: AWS::A::B}}\n",
    )
    assert [each.address for each in found.resources] == ["R"]
    assert list(found.exports) == ["o"]
    assert not found.gaps


@pytest.mark.parametrize(
    ("kind", "place"),
    [
        ("AWS::ApiGateway::RestApi", "BodyS3Location: {Bucket: !Ref B, Key: v1/api.yaml}"),
        ("AWS::ApiGateway::RestApi", "BodyS3Location: spec/api.yaml"),
        ("AWS::ApiGatewayV2::Api", "BodyS3Location: {Bucket: b, Key: !Sub '${B}/spec/api.yaml'}"),
        ("AWS::Serverless::Api", "DefinitionUri: ./spec/api.yaml"),
        ("AWS::Serverless::HttpApi", "DefinitionUri: s3://bucket/api.yaml"),
    ],
)
def test_the_description_of_an_api_is_read(kind: str, place: str) -> None:
    found = project(
        f"""
        Transform: AWS::Serverless-2016-10-31
        Parameters: {{B: {{Type: String}}}}
        Resources:
          A: {{Type: {kind}, Properties: {{StageName: x, {place}}}}}
        """,
        spec__api_yaml=API,
    )
    body = plain(resource(found, "A").properties.entries["Body"].value)
    assert isinstance(body, dict)
    assert list(body["paths"]) == ["/ask"]


def test_a_description_of_its_own_counts() -> None:
    found = project(
        "Resources: {A: {Type: AWS::ApiGateway::RestApi, "
        "Properties: {Body: {x: 1}, BodyS3Location: a.yaml}}}",
        a_yaml=API,
    )
    assert plain(resource(found, "A").properties.entries["Body"].value) == {"x": 1}


def test_what_is_included_is_no_template_of_its_own_and_may_be_broken() -> None:
    found = project(
        "Resources: {R: {Type: A::B::C, Properties: {Fn::Transform: "
        "{Name: AWS::Include, Parameters: {Location: a.yaml}}}}}",
        a_yaml="a: [",
    )
    assert [(each.path, each.fatal) for each in found.problems] == [("a.yaml", True)]


def test_a_file_outside_of_the_project_is_not_included(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("X: 1")
    write(
        tmp_path / "project",
        {
            "template.yaml": "Resources: {R: {Type: A::B::C, Properties: {Fn::Transform: "
            "{Name: AWS::Include, Parameters: {Location: ../secret.yaml}}}}}"
        },
    )
    found = load(tmp_path / "project/template.yaml", LoadOptions(root=tmp_path / "project"))
    assert plain(found.resources[0].properties) != {"X": 1}
    assert found.sources == ("project/template.yaml",)


@pytest.mark.parametrize(
    "url",
    [
        "https://s3.amazonaws.com/bucket/solution/v1/nested/data.yaml",
        "!Sub 'https://${Bucket}.s3.${AWS::Region}.amazonaws.com/${Bucket}/data.yaml'",
        "!Join ['/', [https://s3.amazonaws.com, !Ref Bucket, nested, data.yaml]]",
        "s3://bucket/data.yaml",
    ],
)
def test_a_nested_template_that_is_named_by_its_place_in_s3(url: str) -> None:
    found = project(
        f"""
        Parameters: {{Bucket: {{Type: String}}}}
        Resources:
          Data: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: {url}}}}}
        """,
        nested__data_yaml="Resources: {B: {Type: AWS::S3::Bucket}}\n",
    )
    assert [each.address for each in found.resources] == ["Data", "Data.B"]
    assert not found.gaps
    assert [problem.quiet for problem in found.problems] == [True]


def test_a_nested_template_of_which_there_are_two_is_not_guessed() -> None:
    found = project(
        """
        Resources:
          Data: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: 'https://x/data.yaml'}}
        """,
        one__data_yaml="Resources: {B: {Type: AWS::S3::Bucket}}\n",
        two__data_yaml="Resources: {B: {Type: AWS::S3::Bucket}}\n",
    )
    assert [gap.what for gap in found.gaps] == ["nested stack Data (its template is at https://x/data.yaml)"]


@pytest.mark.parametrize("name", ["a\\0b.yaml", "\\ud800.yaml", "\\udfff/../x"])
def test_hostile_names_name_no_file(name: str) -> None:
    url = f'"{name}"'
    found = project(
        f"Resources: {{S: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: {url}}}}}}}\n"
    )
    assert len(found.gaps) + len([each for each in found.problems if each.fatal]) == 1
