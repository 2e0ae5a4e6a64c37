"""What a small run imports: everything that it does not need would cost every user's every run."""

import ast
import os
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from tests.support.processes import uncounted

ROOT = Path(__file__).parent.parent.parent
BUCKET_YAML = "Resources:\n  Data:\n    Type: AWS::S3::Bucket\n"
BUCKET_TF = 'resource "aws_s3_bucket" "data" {\n  bucket = "data"\n}\n'
FUNCTION_YAML = """\
Resources:
  Work:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
      Runtime: python3.12
      Role: !GetAtt Role.Arn
      Code: {S3Bucket: code, S3Key: work.zip}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
"""
NEVER = {
    "asyncio",
    "boto3",
    "botocore",
    "cfnlint",
    "click",
    "concurrent.futures",
    "dataclasses",
    "difflib",
    "email",
    "gettext",
    "hcl2",
    "http",
    "importlib.metadata",
    "inspect",
    "jsonschema",
    "lark",
    "logging",
    "multiprocessing",
    "networkx",
    "pathspec",
    "pickle",
    "pkg_resources",
    "platform",
    "rich",
    "samtranslator",
    "socket",
    "ssl",
    "subprocess",
    "tempfile",
    "tomllib",
    "unittest",
}
# Imports nothing itself, since that would not count as imported by the run.
_RUN = """
import sys
before = set(sys.modules)
from mlwa_lint.cli.app import invoke
code = invoke(sys.argv[1:])
print((code, sorted(set(sys.modules) - before)), file=sys.stderr)
"""


def imported(*arguments: str, folder: Path, rules: Path = ROOT / "rules") -> tuple[int, set[str]]:
    environment = {**uncounted(), "PYTHONPATH": os.pathsep.join([str(ROOT), str(rules)])}
    command = [sys.executable, "-c", _RUN, "check", "--no-cache", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    code, modules = ast.literal_eval(done.stderr.splitlines()[-1])
    return code, set(modules)


@pytest.mark.parametrize(("name", "text"), [("t.yaml", BUCKET_YAML), ("main.tf", BUCKET_TF)])
def test_a_small_run_leaves_heavy_modules_alone(tmp_path: Path, name: str, text: str) -> None:
    tmp_path.joinpath(name).write_text(text)
    code, modules = imported(name, folder=tmp_path)
    assert code in (0, 1)
    assert not modules & NEVER
    assert not [each for each in modules if "review" in each]
    assert not {"networkx", "mlwa_lint.graph.outline", "mlwa_lint.reporters.html"} & modules


def test_each_front_end_loads_only_its_own_parser(tmp_path: Path) -> None:
    tmp_path.joinpath("t.yaml").write_text(BUCKET_YAML)
    tmp_path.joinpath("module").mkdir()
    tmp_path.joinpath("module", "main.tf").write_text(BUCKET_TF)
    _, template = imported("t.yaml", folder=tmp_path)
    _, module = imported("module", folder=tmp_path)
    tmp_path.joinpath("module", "odd.tf").write_text("locals {\n  first = data.x.y.0\n}\n")
    _, odd_module = imported("module", folder=tmp_path)
    assert "yaml" in template
    assert "mlwa_lint.frontends.terraform.syntax.quick" in module
    assert "tree_sitter" not in module, "only what the quick reader leaves to it loads the grammar"
    assert "tree_sitter" in odd_module
    assert not {"tree_sitter", "mlwa_lint.frontends.terraform", "json", "decimal", "ipaddress"} & (
        template - _of_pathlib()
    )
    assert not {"yaml", "mlwa_lint.frontends.cloudformation.template"} & module


def _of_pathlib() -> set[str]:
    """What pathlib itself imports, which differs between versions of Python."""
    command = [sys.executable, "-c", "import sys, pathlib; print(*sys.modules)"]
    done = subprocess.run(command, env=uncounted(), capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_a_template_loads_only_what_its_resources_need(tmp_path: Path) -> None:
    tmp_path.joinpath("queue.yaml").write_text("Resources:\n  Q:\n    Type: AWS::SQS::Queue\n")
    tmp_path.joinpath("role.yaml").write_text(FUNCTION_YAML)
    _, queue = imported("queue.yaml", folder=tmp_path)
    tmp_path.joinpath("notebook.yaml").write_text(
        "Resources:\n  N:\n    Type: AWS::SageMaker::NotebookInstance\n    Properties: {RoleArn: r}\n"
    )
    _, function = imported("role.yaml", folder=tmp_path)
    _, notebook = imported("notebook.yaml", folder=tmp_path)
    ours = {
        name: {each for each in modules if each.startswith("mlwa_")}
        for name, modules in (("queue", queue), ("function", function), ("notebook", notebook))
    }
    # Each takes a tenth of a millisecond or more; a few more do not matter, dozens do.
    assert len(ours["queue"]) < 155
    # Also what shows whether the repository is a trial, which lowers what findings weigh.
    assert len(ours["function"]) < 200
    # Its findings weigh by how the project isolates other notebooks, by what shows a network, by whether
    # anything suggests a key, and by what the project is for; and a type of SageMaker must be one that
    # CloudFormation has.
    assert len(ours["notebook"]) < 228
    assert not {"json", "tomllib", "zlib", "copy"} & (queue | function)
    assert not {"json", "tomllib", "copy"} & notebook
    about_findings = {"mlwa_lint.reporters.excerpts", "mlwa_lint.engine.merge", "mlwa_lint.model.weights"}
    about_ml = {f"mlwa_lint.graph.queries.{each}" for each in ("hosting", "images", "alarms", "data", "apis")}
    assert not (about_findings | about_ml) & (queue | function)


def test_no_type_is_compiled_from_its_text(tmp_path: Path) -> None:
    # `Union["list[Data]", str]` is, and `list["Data"]` is not: the first of them takes a millisecond.
    tmp_path.joinpath("role.yaml").write_text(FUNCTION_YAML)
    script = _RUN.replace("import sys\n", "import sys, typing\ntyping.ForwardRef.__init__ = None\n", 1)
    command = [sys.executable, "-c", script, "check", "--no-cache", "role.yaml"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "rules")])}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    code, _ = ast.literal_eval(done.stderr.splitlines()[-1])
    assert code in (0, 1), done.stderr


def test_yaml_is_loaded_without_its_regular_expressions() -> None:
    script = (
        "import re\nfrom mlwa_lint.startup.libyaml import yaml\n"
        "assert type(yaml.reader.Reader.NON_PRINTABLE) is not re.Pattern\n"
        "assert type(re.compile('a')) is re.Pattern\n"
        "assert yaml.load('[1, a: 2001-01-01]', yaml.SafeLoader)[1]['a'].year == 2001\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


def test_help_loads_no_linting(tmp_path: Path) -> None:
    script = _RUN.replace("invoke(sys.argv[1:])", "invoke(['--help'])")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    _, modules = ast.literal_eval(done.stderr.splitlines()[-1])
    assert not {"mlwa_lint.engine.check", "mlwa_lint.run.session", "mlwa_rules", "yaml"} & set(modules)


def test_only_rules_about_what_occurs_are_imported(tmp_path: Path) -> None:
    spec = spec_from_file_location("build_index", ROOT / "scripts" / "build_index.py")
    assert spec is not None
    assert spec.loader is not None
    script = module_from_spec(spec)
    before = list(sys.path)
    spec.loader.exec_module(script)
    sys.path[:] = before
    copytree(ROOT / "rules", tmp_path / "rules", ignore=ignore_patterns("__pycache__", "index.py"))
    index = tmp_path / "rules" / "mlwa_rules" / "index.py"
    index.write_text(script.content(), encoding="utf-8")
    tmp_path.joinpath("t.yaml").write_text(BUCKET_YAML)
    _, modules = imported("t.yaml", folder=tmp_path, rules=tmp_path / "rules")
    assert "mlwa_rules.security.buckets" in modules
    assert "mlwa_rules.security.notebooks" not in modules
    assert len([name for name in modules if name.startswith("mlwa_rules.")]) < 12


def test_records_and_patterns_are_made_the_cheap_way() -> None:
    wrong = []
    for path in (*ROOT.joinpath("mlwa_lint").rglob("*.py"), *ROOT.joinpath("rules").rglob("*.py")):
        if path.name == "records.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "typing":
                wrong += [str(path) for alias in node.names if alias.name == "NamedTuple"]
    assert wrong == []
