"""Apps whose programs declare resources: none of them ends as if it were clean."""

import json
from pathlib import Path

import pytest

from mlwa_lint.discovery.choice import FileSelection, Patterns
from mlwa_lint.discovery.search import discover
from tests.support.workspace import Workspace

APP = '{"app": "npx ts-node bin/app.ts"}'
STACK = "import * as bedrock from 'aws-cdk-lib/aws-bedrock';\n"
START = "import { App } from 'aws-cdk-lib';\nconst app = new App();\n" + STACK
PYTHON = "import aws_cdk as cdk\nfrom aws_cdk import aws_sagemaker\n\napp = cdk.App()\napp.synth()\n"
TEMPLATE = '{"Resources": {"B": {"Type": "AWS::S3::Bucket"}}}'
SYNTHESIZED = (
    '{"Resources": {"B": {"Type": "AWS::S3::Bucket", "Metadata": {"aws:cdk:path": "App/B/Resource"}}}}'
)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(path: str, content: str) -> None:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")


def assembly(folder: str) -> None:
    write(f"{folder}/manifest.json", "{}")
    write(f"{folder}/cdk.out", "{}")
    write(f"{folder}/App.template.json", TEMPLATE)


def unread(*paths: str, choice: FileSelection | None = None) -> dict[str, str]:
    """The notices about apps: the first words and the last ones, by path."""
    problems = discover(paths or (".",), choice or FileSelection()).problems
    assert not any(problem.fatal or problem.quiet for problem in problems)
    return {
        problem.path: problem.message
        for problem in problems
        if problem.message.startswith("nothing that this ")
    }


def test_an_app_of_the_cdk_without_an_assembly_is_reported_once() -> None:
    write("infra/cdk.json", APP)
    write("infra/lib/stack.ts", STACK)
    write("infra/lib/other.ts", STACK)
    notices = unread()
    assert list(notices) == ["infra/cdk.json"]
    assert "run `cdk synth`" in notices["infra/cdk.json"]


def test_each_app_of_a_repository_is_reported() -> None:
    for folder in ("one", "two", "two/inner"):
        write(f"{folder}/cdk.json", APP)
    assembly("two/inner/cdk.out")
    assert list(unread()) == ["one/cdk.json", "two/cdk.json"]


def test_an_app_with_its_assembly_is_checked() -> None:
    write("infra/cdk.json", APP)
    assembly("infra/cdk.out")
    assert unread() == {}


def test_an_assembly_is_where_the_app_states() -> None:
    write("infra/cdk.json", '{"app": "python app.py", "output": "../build/synthesized"}')
    assembly("build/synthesized")
    assert unread() == {}
    assert list(unread("infra")) == ["infra/cdk.json"]


def test_templates_that_were_synthesized_show_an_app() -> None:
    write("infra/cdk.json", APP)
    write("infra/templates/app.json", SYNTHESIZED)
    write("other/cdk.json", APP)
    write("other/templates/app.json", TEMPLATE)
    assert list(unread()) == ["other/cdk.json"]


def test_an_assembly_that_git_ignores_is_to_be_named() -> None:
    write(".git/HEAD", "")
    write(".gitignore", "cdk.out\n")
    write("infra/cdk.json", APP)
    assembly("infra/cdk.out")
    assert "`mlwa-lint check infra/cdk.out`" in unread()["infra/cdk.json"]
    assert unread(".", "infra/cdk.out") == {}


def test_what_the_user_excludes_is_not_reported() -> None:
    write("infra/cdk.json", APP)
    write("tests/cdk/cdk.json", APP)
    assert unread(choice=FileSelection((Patterns(".", ("infra",)),))) == {}
    assert unread("tests/cdk") == {"tests/cdk/cdk.json": unread("infra")["infra/cdk.json"]}


@pytest.mark.parametrize("text", ["", "[]", "{", '{"output": 1}', '{"output": "\\u0000"}', "[" * 100_000])
def test_any_file_of_an_app_is_read(text: str) -> None:
    write("cdk.json", text)
    assert [each.path for each in discover(["."]).problems if "cloud assembly" in each.message] == [
        "cdk.json"
    ]


def test_a_program_for_the_cdk_needs_no_file_of_its_own() -> None:
    write("app.py", PYTHON)
    write("more/lib/start.ts", START)
    write("more/package.json", '{"dependencies": {"aws-cdk-lib": "^2.200.0"}}')
    assert list(unread()) == ["app.py"]
    Path("app.py").unlink()
    assert list(unread()) == ["more/lib/start.ts"]


@pytest.mark.parametrize(
    ("manifest", "depends", "path", "text"),
    [
        (
            "pom.xml",
            "<groupId>software.amazon.awscdk</groupId>",
            "src/A.java",
            "import software.amazon.awscdk.App;\nvar app = new App();\n",
        ),
        (
            "go.mod",
            "require github.com/aws/aws-cdk-go/awscdk/v2 v2.1.0",
            "main.go",
            'import "github.com/aws/aws-cdk-go/awscdk/v2"\nfunc main() { app := awscdk.NewApp(nil) }\n',
        ),
        (
            "App.csproj",
            '<PackageReference Include="Amazon.CDK.Lib"/>',
            "Program.cs",
            "using Amazon.CDK;\nvar app = new App();\n",
        ),
    ],
    ids=["Java", "Go", "C#"],
)
def test_programs_in_other_languages(manifest: str, depends: str, path: str, text: str) -> None:
    write(f"infra/{manifest}", depends)
    write(f"infra/{path}", text)
    assert list(unread()) == [f"infra/{path}"]


def test_a_library_of_constructs_is_not_an_app() -> None:
    write("package.json", '{"peerDependencies": {"aws-cdk-lib": "^2.200.0"}, "jsii": {}}')
    write("src/integ.ts", START)
    write("constructs/package.json", '{"dependencies": {"aws-cdk-lib": "^2.200.0"}}')
    write("constructs/index.ts", STACK)
    assert unread() == {}


def test_a_program_beside_the_file_of_its_app_is_reported_once() -> None:
    write("cdk.json", APP)
    write("app.py", PYTHON)
    write("package.json", '{"dependencies": {"aws-cdk-lib": "^2.200.0"}}')
    write("bin/app.ts", START)
    assert list(unread()) == ["cdk.json"]


def test_a_program_for_the_cdk_that_the_user_names() -> None:
    write("stack.py", "from aws_cdk import aws_bedrock\n")
    assert list(unread("stack.py")) == ["stack.py"]
    assert unread("stack.py", choice=FileSelection(from_hook=True)) == {}
    assert unread() == {}


@pytest.mark.parametrize(
    ("file", "text", "source", "mention"),
    [
        ("Pulumi.yaml", "name: ml\nruntime: nodejs\n", "index.ts", "new aws.sagemaker.Endpoint('e', {})"),
        ("cdktf.json", '{"language": "python"}', "main.py", "SagemakerEndpoint(self, 'e')"),
        ("serverless.yml", "service: ml\n", "roles.yml", "Action: bedrock:InvokeModel"),
        ("serverless.ts", "export default {}", "handler.py", "client('sagemaker-runtime')"),
        ("sst.config.ts", "export default $config({})", "agent.ts", "BedrockRuntimeClient"),
    ],
)
def test_apps_of_other_tools_that_declare_ml(file: str, text: str, source: str, mention: str) -> None:
    write(f"app/{file}", text)
    write(f"app/{source}", "nothing\n")
    assert unread() == {}
    write(f"app/{source}", mention)
    assert list(unread()) == [f"app/{file}"]


def test_sources_belong_to_the_nearest_app() -> None:
    write("Pulumi.yaml", "name: outer\n")
    write("inner/Pulumi.yaml", "name: inner\n")
    write("inner/deep/index.ts", "new aws.bedrock.AgentAgent('a', {})")
    assert list(unread()) == ["inner/Pulumi.yaml"]


def test_a_service_that_names_a_service_of_ai() -> None:
    write("serverless.yml", 'provider:\n  iamRoleStatements:\n    - Action: ["textract:*"]\n')
    assert list(unread()) == ["serverless.yml"]


def test_what_cdktf_synthesized_is_checked() -> None:
    write("cdktf.json", '{"language": "python"}')
    write("main.py", "SagemakerEndpoint(self, 'e')")
    write("cdktf.out/stacks/ml/cdk.tf.json", "{}")
    assert unread() == {}


@pytest.mark.parametrize(
    ("source", "is_reported"),
    [
        ("git::https://example.com/modules.git//sagemaker?ref=v1", True),
        ("tfr:///terraform-example/sagemaker/aws?version=1.0.0", True),
        ("github.com/example/sagemaker", True),
        ("../modules/sagemaker", False),
        ("${get_repo_root()}/modules/sagemaker", False),
    ],
)
def test_units_of_terragrunt_with_modules_from_elsewhere(source: str, is_reported: bool) -> None:
    write("live/studio/terragrunt.hcl", f'terraform {{\n  source = "{source}"\n}}\n')
    assert list(unread()) == (["live/studio/terragrunt.hcl"] if is_reported else [])
    write("live/studio/main.tf", "")
    assert unread() == {}


def test_every_report_states_it(workspace: Workspace) -> None:
    workspace.folder.joinpath("apps").mkdir()
    write("apps/one/cdk.json", APP)
    write("apps/two/cdk.json", APP)
    done = workspace.run("check", "apps", "--no-cache")
    assert done.code == 0
    assert done.err.count("warning: nothing that this CDK app declares is checked") == 2
    assert done.out.splitlines()[-1] == "No findings in 0 files, 0 resources; 2 apps not checked, 2 notices"
    report = json.loads(workspace.run("check", "apps", "--no-cache", "--format", "json").out)
    assert [each["path"] for each in report["notices"]] == ["apps/one/cdk.json", "apps/two/cdk.json"]
    assert "2 apps not checked" in workspace.run("check", "apps", "--format", "markdown").out
