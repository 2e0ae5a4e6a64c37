"""Discovery: what is linted, what is skipped silently, and what is reported about the rest."""

import textwrap
from pathlib import Path

import pytest

from mlwa_lint.discovery.recognition import kind_of
from mlwa_lint.discovery.search import discover
from mlwa_lint.discovery.target import Target

TEMPLATE = "Resources:\n  B:\n    Type: AWS::S3::Bucket\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(path: str, content: str | bytes) -> None:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        file.write_text(content, encoding="utf-8")


def found(*paths: str) -> list[tuple[str, str]]:
    discovery = discover(paths)
    assert discovery.problems == ()
    return [(target.kind, target.path) for target in discovery.targets]


def complaints(*paths: str) -> list[tuple[str, str, bool]]:
    return [(problem.path, problem.message, problem.fatal) for problem in discover(paths).problems]


def test_templates_of_every_ending_are_found_in_order() -> None:
    for name in ("b.yaml", "a.yml", "c.json", "d.template"):
        write(f"stacks/{name}", '{"Resources": {"B": {"Type": "AWS::S3::Bucket"}}}')
    assert found("stacks") == [
        ("cloudformation", f"stacks/{name}") for name in ("a.yml", "b.yaml", "c.json", "d.template")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1\nkind: Service\nmetadata: {name: x}\n",
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n",
        "openapi: 3.0.0\npaths: {}\n",
        '{"name": "x", "version": "1.0.0"}',
        "Resources: [gold, wood]\n",
        "",
        "{{ .Values.x }}: [",
    ],
    ids=["kubernetes", "workflow", "openapi", "package.json", "other resources", "empty", "helm"],
)
def test_other_yaml_and_json_is_left_alone_silently(text: str) -> None:
    write("other/file.yaml", text)
    assert found("other") == []


def test_a_folder_of_terraform_is_one_module() -> None:
    write("infra/main.tf", "")
    write("infra/variables.tf", "")
    write("infra/extra.tf.json", "{}")
    write("more/main.tofu", "")
    assert found(".") == [("terraform", "infra"), ("terraform", "more")]


def test_a_terraform_file_stands_for_its_module() -> None:
    write("infra/main.tf", "")
    assert found("infra/main.tf", "infra/main.tf") == [("terraform", "infra")]


def test_a_module_that_another_one_calls_is_linted_through_it() -> None:
    write("main.tf", 'module "m" {\n  source = "./modules/m"\n}\n')
    write("modules/m/main.tf", 'module "n" {\n  source = "../n"\n}\n')
    write("modules/n/main.tf", "")
    write("modules/unused/main.tf", "")
    assert found(".") == [("terraform", "."), ("terraform", "modules/unused")]


def test_a_called_module_that_the_user_names_is_linted() -> None:
    write("main.tf", 'module "m" {\n  source = "./modules/m"\n}\n')
    write("modules/m/main.tf", "")
    assert found("modules/m/main.tf") == [("terraform", "modules/m")]
    assert found(".", "modules/m") == [("terraform", "."), ("terraform", "modules/m")]


@pytest.mark.parametrize("folder", [".hidden", ".terraform", "node_modules", "venv", "site-packages"])
def test_hidden_and_foreign_folders_are_skipped(folder: str) -> None:
    write(f"{folder}/a.yaml", TEMPLATE)
    assert found(".") == []


def test_a_virtual_environment_of_any_name_is_skipped() -> None:
    write("env3/pyvenv.cfg", "")
    write("env3/lib/a.yaml", TEMPLATE)
    assert found(".") == []


def test_what_gitignore_names_is_skipped() -> None:
    write(".git/HEAD", "")
    write(".gitignore", "build/\n*.gen.yaml\n")
    write("build/a.yaml", TEMPLATE)
    write("sub/.gitignore", "local.yaml\n!keep.gen.yaml\n")
    write("sub/local.yaml", TEMPLATE)
    write("sub/a.gen.yaml", TEMPLATE)
    write("sub/keep.gen.yaml", TEMPLATE)
    write("a.yaml", TEMPLATE)
    assert found(".") == [("cloudformation", "a.yaml"), ("cloudformation", "sub/keep.gen.yaml")]
    assert found("sub") == [("cloudformation", "sub/keep.gen.yaml")]


def test_a_file_that_the_user_names_is_read_though_git_ignores_it() -> None:
    write(".git/HEAD", "")
    write(".gitignore", "build/\n")
    write("build/a.yaml", TEMPLATE)
    assert found("build/a.yaml") == [("cloudformation", "build/a.yaml")]


PARENT = """
Resources:
  Child:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: "https://bucket.s3.amazonaws.com/stacks/child.yaml"}
"""


@pytest.mark.parametrize("named", ["link", "link/parent.yaml", "far/link", "stacks"])
def test_what_a_linked_folder_holds_has_one_name(named: str) -> None:
    Path("stacks").mkdir()
    Path("far").mkdir()
    Path("stacks/parent.yaml").write_text(PARENT, encoding="utf-8")
    Path("stacks/child.yaml").write_text(TEMPLATE, encoding="utf-8")
    Path("link").symlink_to("stacks")
    Path("far/link").symlink_to(Path("stacks").absolute())
    found = discover([named])
    assert [each.path for each in found.targets] == ["stacks/parent.yaml"]
    assert {each for target in found.targets for each in target.beside} <= {"stacks/child.yaml"}


def test_what_a_link_leads_to_outside_of_the_working_folder_has_its_real_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.yaml").write_text(TEMPLATE, encoding="utf-8")
    inside = tmp_path / "inside"
    inside.mkdir()
    monkeypatch.chdir(inside)
    Path("link").symlink_to(outside)
    assert [each.path for each in discover(["link"]).targets] == ["../outside/a.yaml"]


def test_a_symlink_loop_ends() -> None:
    write("a/a.yaml", TEMPLATE)
    Path("a/again").symlink_to(Path("a").absolute(), target_is_directory=True)
    assert found("a") == [("cloudformation", "a/a.yaml")]


def test_a_cdk_assembly_is_one_target() -> None:
    write("cdk.out/manifest.json", "{}")
    write("cdk.out/App.template.json", '{"Resources": {"B": {"Type": "AWS::S3::Bucket"}}}')
    assert found(".") == [("cdk", "cdk.out")]
    assert found("cdk.out/manifest.json") == [("cdk", "cdk.out")]


def test_what_does_not_exist_is_reported() -> None:
    assert complaints("nowhere") == [("nowhere", "does not exist", True)]
    Path("dead").symlink_to("nowhere")
    assert complaints("dead") == [("dead", "is a link to something that does not exist", True)]


def test_binary_files_are_reported_also_in_folders() -> None:
    message = "is a binary file, not a template or a plan"
    write("d/a.yaml", b"\x00\x01\x02" * 100)
    write("d/b.yaml", b"Resources: {A: {Type: AWS::S3::Bucket}}\x00")
    assert complaints("d") == [("d/a.yaml", message, False), ("d/b.yaml", message, True)]
    assert complaints("d/a.yaml") == [("d/a.yaml", message, True)]


def test_broken_files_of_others_are_left_alone_also_when_they_mention_resources() -> None:
    write("d/example.json", '{"headline": "Additional Resources" "text": 1}')
    write("d/states.asl.json", '{"TransformResources": {"InstanceCount": ${count}}}')
    write("d/api.yaml", "paths:\n  - name: x\n  in: 'arn:${AWS::Partition}:'\n")
    assert complaints("d") == []
    write("d/broken.json", '{"Resources": {"A": {"Type" "AWS::S3::Bucket"}}}')
    assert [(path, fatal) for path, _, fatal in complaints("d")] == [("d/broken.json", True)]


def test_a_named_file_that_is_nothing_of_ours_is_noted_without_failing() -> None:
    write("package.json", '{"name": "x"}')
    write("empty.yaml", "")
    assert complaints("package.json", "empty.yaml") == [
        ("package.json", "is not a CloudFormation template and not a Terraform plan", False),
        ("empty.yaml", "is empty: there is nothing to check", False),
    ]


def test_a_named_file_that_is_no_yaml_fails() -> None:
    write("bad.yaml", "a: [1, 2\nb: }")
    ((path, message, fatal),) = complaints("bad.yaml")
    assert (path, fatal) == ("bad.yaml", True)
    assert message.startswith("not valid YAML or JSON")


def test_a_broken_template_in_a_folder_is_still_a_template() -> None:
    write("d/bad.yaml", TEMPLATE + "    Properties: [\n")
    assert found("d") == [("cloudformation", "d/bad.yaml")]


def test_a_state_file_is_refused() -> None:
    write("terraform.tfstate.json", '{"version": 4, "terraform_version": "1.9.0", "lineage": "x"}')
    ((_, message, _),) = complaints("terraform.tfstate.json")
    assert message.startswith("is a Terraform state file")


def test_a_large_json_that_is_no_template_is_left_quickly() -> None:
    write("data.json", '{"data": [' + ",".join(["1234567890"] * 1_000_000) + "]}")
    assert found(".") == []


def test_paths_are_shown_relative_with_forward_slashes(tmp_path: Path) -> None:
    write("a/b.yaml", TEMPLATE)
    assert discover([str(tmp_path / "a")]).targets == (Target("cloudformation", "a/b.yaml"),)


def grouped(*paths: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(target.path, target.beside) for target in discover(paths).targets]


NESTING = "  N:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: nested/child.yaml}\n"
EXPORTING = "Outputs:\n  O: {Value: x, Export: {Name: shared}}\n"
IMPORTING = "  T:\n    Type: AWS::SNS::Topic\n    Properties: {TopicName: !ImportValue shared}\n"


def test_a_nested_template_is_looked_at_in_the_one_that_nests_it() -> None:
    write("parent.yaml", TEMPLATE + NESTING)
    write("nested/child.yaml", TEMPLATE)
    write("nested/other.yaml", TEMPLATE)
    assert grouped(".") == [("nested/other.yaml", ()), ("parent.yaml", ("nested/child.yaml",))]
    assert grouped("parent.yaml") == [("parent.yaml", ())]  # it reads the nested one itself
    assert grouped("nested/child.yaml") == [("nested/child.yaml", ())]
    assert grouped("nested/child.yaml", "parent.yaml") == [
        ("nested/child.yaml", ()),
        ("parent.yaml", ("nested/child.yaml",)),
    ]


def test_templates_of_one_folder_that_exchange_values_are_looked_at_together() -> None:
    write("a/export.yaml", TEMPLATE + EXPORTING)
    write("a/import.yaml", TEMPLATE + IMPORTING)
    write("b/import.yaml", TEMPLATE + IMPORTING)
    computed = IMPORTING.replace("!ImportValue shared", "{'Fn::ImportValue': !Sub '${AWS::Region}-shared'}")
    write("c/import.yaml", TEMPLATE + computed)
    assert grouped(".") == [
        ("a/export.yaml", ("a/import.yaml", "b/import.yaml")),
        ("c/import.yaml", ()),
    ]


WRITING = "  P: {Type: AWS::SSM::Parameter, Properties: {Name: /a, Type: String, Value: x}}\n"
READING = "  T: {Type: AWS::SNS::Topic, Properties: {TopicName: '{{resolve:ssm:/a}}'}}\n"
STORED = "Parameters: {P: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /a}}\n"


def test_templates_of_one_folder_that_share_values_in_systems_manager_are_looked_at_together() -> None:
    write("a/write.yaml", TEMPLATE + WRITING)
    write("a/read.yaml", TEMPLATE + READING)
    write("a/stored.yaml", STORED + TEMPLATE)
    write("b/read.yaml", TEMPLATE + READING.replace("/a", "/b"))
    write("b/stored.yaml", STORED.replace("/a", "/b") + TEMPLATE)
    assert grouped(".") == [
        ("a/write.yaml", ("a/read.yaml", "a/stored.yaml")),
        ("b/read.yaml", ()),
        ("b/stored.yaml", ()),
    ]


@pytest.mark.parametrize(
    ("giving", "taking"),
    [
        (TEMPLATE + EXPORTING, TEMPLATE + IMPORTING),
        (TEMPLATE + WRITING, TEMPLATE + READING),
        (TEMPLATE + WRITING, TEMPLATE + READING.replace("/a}}", "/a:1}}")),
        (TEMPLATE + WRITING, STORED + TEMPLATE),
        (
            TEMPLATE + WRITING,
            "Parameters:\n  P:\n    Default: /a\n    Type: AWS::SSM::Parameter::Value<String>\n" + TEMPLATE,
        ),
        (
            TEMPLATE
            + "  P:\n    Type: AWS::SSM::Parameter\n    Properties:\n      Value: x\n      Name: /a\n",
            TEMPLATE + READING,
        ),
    ],
)
def test_templates_of_one_repository_that_exchange_literal_names(giving: str, taking: str) -> None:
    write("network/give.yaml", giving)
    write("ml/take.yaml", taking)
    assert grouped(".") == [("network/give.yaml", ("ml/take.yaml",))]
    write("copy/give.yaml", giving)
    assert grouped(".") == [(f"{folder}.yaml", ()) for folder in ("copy/give", "ml/take", "network/give")]
    write("ml/give.yaml", giving)
    assert ("ml/give.yaml", ("ml/take.yaml",)) in grouped(".")


def test_modules_that_others_call_are_named_apart() -> None:
    write("main.tf", 'module "m" {\n  source = "./modules/m"\n}\n')
    write("modules/m/main.tf", "")
    discovery = discover(["."])
    assert [target.path for target in discovery.targets] == ["."]
    assert [target.path for target in discovery.children] == ["modules/m"]


def test_a_module_that_the_user_names_knows_its_callers() -> None:
    write("m/main.tf", "")
    write("m/examples/main.tf", 'module "m" {\n  source = "../"\n}\n')
    discovery = discover(["m"])
    assert [(each.path, each.beside) for each in discovery.targets] == [
        ("m", ("m/examples",)),
        ("m/examples", ()),
    ]
    assert discovery.children == ()


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffResources:\n  B:\n    Type: AWS::S3::Bucket\n",
        "Resources:\n  B:\n    Type:\n      AWS::S3::Bucket\n",
        "Resources:\n  B:\n    Type: >-\n      AWS::S3::Bucket\n",
        "Resources:\n  B:\n    Type: # what it is\n      AWS::S3::Bucket\n",
        "Resources:\n  B:\n    Type: &type AWS::S3::Bucket\n",
        "Resources:\n  B:\n    ? Type\n    : AWS::S3::Bucket\n",
        "\ufeff\n# words\nResources: {B: {Type: AWS::S3::Bucket}, B: {Type: AWS::S3::Bucket}}\n",
    ],
)
def test_templates_in_unusual_forms_are_found(content: str) -> None:
    write("t.yaml", content)
    assert found(".") == [("cloudformation", "t.yaml")]


@pytest.mark.parametrize(
    "text",
    [
        """
        Parameters: {Url: {Type: String, Default: 'https://b.s3.amazonaws.com/nested/data.yaml'}}
        Resources: {S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: !Ref Url}}}
        """,
        """
        Mappings: {Files: {All: {Data: nested/data.yaml}}}
        Resources: {S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL:
          !Join ['/', [!Ref B, !FindInMap [Files, All, Data]]]}}}
        """,
        """
        Resources: {S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL:
          !If [A, !Sub 'https://${B}/nested/other.yaml', !Sub 'https://${B}/nested/data.yaml']}}}
        """,
    ],
)
def test_files_that_an_address_may_mean_are_looked_at_with_the_template(text: str) -> None:
    write("parent.yaml", textwrap.dedent(text))
    write("nested/data.yaml", TEMPLATE)
    assert found(".") == [("cloudformation", "parent.yaml")]
    assert discover(["."]).targets[0].beside == ("nested/data.yaml",)


def test_a_template_that_another_one_names_by_its_place_in_s3_is_looked_at_with_it() -> None:
    url = "TemplateURL: !Sub 'https://${B}.s3.amazonaws.com/${P}/nested/data.yaml'"
    write(
        "app/parent.yaml", f"Resources:\n  S: {{Type: AWS::CloudFormation::Stack, Properties: {{{url}}}}}\n"
    )
    write("app/nested/data.yaml", TEMPLATE)
    write("other/data.yaml", TEMPLATE)
    assert found(".") == [("cloudformation", "app/parent.yaml"), ("cloudformation", "other/data.yaml")]
    grouped = discover(["."]).targets[0]
    assert grouped.beside == ("app/nested/data.yaml",)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"AWSTemplateFormatVersion": 21222, "Parameters": 3, "Resources": 4}', None),
        ('{"Resources": 4, "AWSTemplateFormatVersion": 21222}', None),
        ('{"AWSTemplateFormatVersion": "2010-09-09", "Resources": 4}', "cloudformation"),
        ('{"AWSTemplateFormatVersion": 2010-09-09, "Resources": {}}', "cloudformation"),
    ],
)
def test_words_with_numbers_are_no_template(text: str, kind: str | None) -> None:
    assert kind_of(text.encode(), named=False).kind == kind
