"""Models past their end of life in the programs of AgentCore runtimes."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings
from tests.support import rule_examples as harness

RUNTIME = """
resource "aws_bedrockagentcore_agent_runtime" "NAME" {
  agent_runtime_name = "NAME"
  role_arn           = "arn:aws:iam::111122223333:role/agent"
  agent_runtime_artifact {
    container_configuration {
      container_uri = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/agent:4"
    }
  }
}
"""
SERVER = "from bedrock_agentcore import BedrockAgentCoreApp\napp = BedrockAgentCoreApp()\n"
ENDED = "model = BedrockModel(\n    model_id='cohere.command-text-v14',\n)\n"


def places(folder: Path, *names: str, **files: str) -> list[tuple[str, int, str]]:
    """Where MLR605 reports the program of the runtimes of a repository, and with what severity."""
    infra = folder / "infra"
    infra.mkdir()
    (infra / "main.tf").write_text("".join(RUNTIME.replace("NAME", each) for each in names))
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_py", ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    settings = RunSettings((harness.rule_of("MLR605"),), LoadOptions(folder))
    report = lint_paths([str(infra)], lambda _: settings, 1)
    return [(Path(each.span.path).name, each.span.line, each.severity) for each in report.findings]


def test_the_models_of_the_only_agent_are_those_of_the_only_runtime(tmp_path: Path) -> None:
    files = {"Dockerfile": "FROM python\n", "src__app_py": SERVER, "src__core__config_py": ENDED}
    assert places(tmp_path, "agent", **files) == [("config.py", 2, "medium")]


@pytest.mark.parametrize(
    ("names", "files"),
    [
        (("agent", "tools"), {"Dockerfile": "", "src__app_py": SERVER + ENDED}),
        (("agent",), {"src__app_py": SERVER + ENDED}),
        (("agent",), {"Dockerfile": "", "src__app_py": ENDED}),
        (("agent",), {"Dockerfile": "", "app_py": SERVER, "tests__test_app_py": ENDED}),
        (("agent",), {"Dockerfile": "", "app_py": SERVER + "# " + ENDED}),
        (
            ("agent",),
            {"a__Dockerfile": "", "a__app_py": SERVER + ENDED, "b__Dockerfile": "", "b__app_py": SERVER},
        ),
        (("agent",), {"Dockerfile": "", "app_py": SERVER + ENDED.replace("cohere.command-text-v14", "ours")}),
        (("agent",), {"Dockerfile": "COPY app.py tools.py /app/\n", "app_py": SERVER, "trial_py": ENDED}),
        (("agent",), {"Dockerfile": "COPY src ./\n", "src__app_py": SERVER, "trial_py": ENDED}),
        (("agent",), {"Dockerfile": "COPY . .\n", "app_py": SERVER, "archive__app_py": ENDED}),
        (("agent",), {"Dockerfile": "COPY . .\n", "app_py": SERVER, "app_old_py": ENDED}),
    ],
)
def test_what_may_not_be_the_program_of_a_runtime(
    names: tuple[str, ...], files: dict[str, str], tmp_path: Path
) -> None:
    assert places(tmp_path, *names, **files) == []


def test_each_of_several_runtimes_has_the_program_that_is_called_like_it(tmp_path: Path) -> None:
    files = {
        "Dockerfile": "FROM python\nARG AGENT\nCOPY ${AGENT} /app\n",
        "agents__research__main_py": SERVER,
        "agents__research__deep__model_py": ENDED,
        "agents__coding__main_py": SERVER + ENDED,
        "agents__common__model_py": ENDED,
        "agents__research__tests__test_model_py": ENDED,
    }
    assert places(tmp_path, "research_agent", "coding_agent", "tools", **files) == [
        ("main.py", 4, "medium"),
        ("model.py", 2, "medium"),
    ]


@pytest.mark.parametrize(
    ("names", "files"),
    [
        (("research_one", "research_two"), {"research__main_py": SERVER + ENDED}),
        (("research", "writing"), {"research__writing__main_py": SERVER + ENDED}),
        (("research", "writing"), {"other__main_py": SERVER + ENDED}),
        (("research", "writing"), {"research__main_py": ENDED}),
        (("research", "writing"), {"examples__research__main_py": SERVER + ENDED}),
    ],
)
def test_what_may_not_be_the_program_of_one_of_several_runtimes(
    names: tuple[str, ...], files: dict[str, str], tmp_path: Path
) -> None:
    assert places(tmp_path, *names, **files) == []


@pytest.mark.parametrize(
    ("dockerfile", "program"),
    [
        ("COPY app.py ./\n", SERVER + "from settings import model\n"),
        ("COPY app.py ./\n", SERVER + "import settings\n"),
        ("COPY app.py settings.py ./\n", SERVER),
        ("COPY *.py ./\n", SERVER),
        ("COPY . .\n", SERVER),
        ("RUN git clone $SOURCE\n", SERVER),
    ],
)
def test_what_an_image_has_is_what_is_copied_and_what_that_imports(
    dockerfile: str, program: str, tmp_path: Path
) -> None:
    files = {"Dockerfile": dockerfile, "app_py": program, "settings_py": ENDED}
    assert places(tmp_path, "agent", **files) == [("settings.py", 2, "medium")]


def test_a_model_that_a_variable_and_the_program_name_is_one_finding(tmp_path: Path) -> None:
    files = {"Dockerfile": "FROM python\n", "app_py": SERVER + ENDED + ENDED}
    assert places(tmp_path, "agent", **files) == [("app.py", 4, "medium")]
    main = tmp_path / "infra" / "main.tf"
    variable = '  environment_variables = { MODEL_ID = "cohere.command-text-v14" }\n  agent_runtime_artifact'
    main.write_text(main.read_text().replace("  agent_runtime_artifact", variable))
    settings = RunSettings((harness.rule_of("MLR605"),), LoadOptions(tmp_path))
    report = lint_paths([str(main)], lambda _: settings, 1)
    assert [(Path(each.span.path).name, each.severity) for each in report.findings] == [("main.tf", "high")]
