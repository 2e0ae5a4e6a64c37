"""Both hooks, run by pre-commit itself on a scratch repository."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

HOOKS = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"
BARE = 'resource "aws_sagemaker_notebook_instance" "n" {\n  name = "n"\n}\n'
TEMPLATE = "Resources:\n  N:\n    Type: AWS::SageMaker::NotebookInstance\n"


class Repository:
    """A git repository whose pre-commit configuration runs this checkout's hooks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "-q")
        program = f"{sys.executable} -m mlwa_lint"
        hooks = []
        for hook in yaml.safe_load(HOOKS.read_text(encoding="utf-8")):
            entry = hook["entry"].replace("mlwa-lint", program, 1) + " --select MLS402 -q"
            # As published, except that this Python is used instead of a new environment.
            hooks.append({**hook, "language": "system", "entry": entry})
        config = {"repos": [{"repo": "local", "hooks": hooks}]}
        self.write(".pre-commit-config.yaml", yaml.safe_dump(config))

    def git(self, *arguments: str) -> None:
        identity = ("-c", "user.name=t", "-c", "user.email=t@example.org")
        subprocess.run(["git", *identity, *arguments], cwd=self.folder, check=True)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.git("add", name)

    def commit(self) -> None:
        self.git("commit", "-q", "-m", "state")

    def hook(self, name: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "pre_commit", "run", name, "--color", "never"]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "repository"
    folder.mkdir()
    found = Repository(folder)
    found.write("infra/main.tf", BARE)
    found.write("other/template.yaml", TEMPLATE)
    found.commit()
    return found


def test_a_changed_file_means_its_whole_module_and_nothing_else(repository: Repository) -> None:
    repository.write("infra/variables.tf", 'variable "unused" {}\n')
    done = repository.hook("mlwa-lint")
    assert done.returncode == 1
    assert "infra/main.tf:1:1: medium MLS402" in done.stdout
    assert "other/template.yaml" not in done.stdout


def test_a_fixed_module_passes(repository: Repository) -> None:
    repository.write("infra/main.tf", BARE.replace("}", '  root_access = "Disabled"\n}'))
    done = repository.hook("mlwa-lint")
    assert done.returncode == 0, done.stdout
    assert "Passed" in done.stdout


def test_changes_that_do_not_matter_run_no_hook(repository: Repository) -> None:
    repository.write("notes.md", "words\n")
    for name in ("mlwa-lint", "mlwa-lint-all"):
        done = repository.hook(name)
        assert done.returncode == 0
        assert "Skipped" in done.stdout


def test_yaml_of_other_tools_does_not_fail(repository: Repository) -> None:
    repository.write("workflow.yaml", "on: push\njobs: {}\n")
    assert repository.hook("mlwa-lint").returncode == 0


def test_the_other_hook_lints_the_whole_repository(repository: Repository) -> None:
    repository.write("prod.tfvars", 'name = "n"\n')
    done = repository.hook("mlwa-lint-all")
    assert done.returncode == 1
    assert "infra/main.tf:1:1" in done.stdout
    assert "other/template.yaml:2:3" in done.stdout


def test_of_files_that_look_like_templates_only_the_template_is_judged(repository: Repository) -> None:
    repository.write("web/tsconfig.json", '{\n  // a comment\n  "compilerOptions": {"strict": true,},\n}\n')
    repository.write("data/rows.json", '{"Type": "AWS::SageMaker::NotebookInstance"}\n{"b": 2}\n')
    repository.write("chart/values.yaml", "notebook: {{ .Values.name }}\nimage: a:b:c\n")
    repository.write("chart/templates/app.yaml", "{{- if .Values.on }}\nkind: Deployment\n{{- end }}\n")
    repository.write("data/twice.yaml", "key: 1\nkey: 2\n")
    done = repository.hook("mlwa-lint")
    assert done.returncode == 0, done.stdout
    repository.write("infra/template.yaml", TEMPLATE)
    done = repository.hook("mlwa-lint")
    assert done.returncode == 1
    stated = [line for line in done.stdout.splitlines() if ": " in line and line.split(":")[0].count("/")]
    assert [line.split(" ")[0] for line in stated] == ["infra/template.yaml:2:3:"]
