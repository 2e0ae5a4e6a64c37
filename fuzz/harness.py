"""Coverage-guided fuzzing of the readers and the expression evaluator, with atheris.

    pip install atheris .
    python fuzz/harness.py yaml|json|hcl|expression|plan|states|pipeline [libFuzzer options, corpus folders]

A find is any exception that leaves the pipeline, or a rule that fails. Without a corpus folder the examples
in fixtures/ are the seeds. Finds become tests in tests/robustness/ before they are fixed.
"""

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["mlwa_lint", "mlwa_rules", "yaml"]):
    from mlwa_lint.catalogue.registry import load_rules
    from mlwa_lint.discovery.recognition import kind_of
    from mlwa_lint.frontends.cloudformation.stacks.project import load as load_template
    from mlwa_lint.frontends.options import LoadOptions
    from mlwa_lint.frontends.terraform.plan.plan import load as load_plan
    from mlwa_lint.frontends.terraform.project import load as load_module
    from mlwa_lint.model.resources import Project
    from mlwa_lint.run.evaluation import check_project
    from mlwa_lint.run.loading import with_documents

ROOT = Path(__file__).parent.parent
RULES = load_rules().rules
OPTIONS = LoadOptions()
FOLDER = Path(tempfile.mkdtemp(prefix="mlwa-fuzz-"))


def lint(project: Project) -> None:
    outcome = check_project(with_documents(project), RULES)
    if outcome.errors:
        raise AssertionError(outcome.errors)


def template(data: bytes) -> None:
    kind_of(data, named=True)
    lint(load_template(Path("t.yaml"), OPTIONS, data.decode("utf-8", "replace")))


def module(data: bytes) -> None:
    FOLDER.joinpath("main.tf").write_bytes(data)
    lint(load_module(FOLDER, OPTIONS))


def expression(data: bytes) -> None:
    text = data.decode("utf-8", "replace").replace("\n", " ")
    module(f'resource "aws_s3_bucket" "b" {{\n  bucket = {text}\n}}\n'.encode())


def plan(data: bytes) -> None:
    lint(load_plan(Path("plan.json"), OPTIONS, data.decode("utf-8", "replace")))


def states(data: bytes) -> None:
    _defined("AWS::StepFunctions::StateMachine", "DefinitionString", data)


def pipeline(data: bytes) -> None:
    _defined("AWS::SageMaker::Pipeline", "PipelineDefinition", data)


def _defined(resource_type: str, name: str, data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    content = {name: text} if name == "DefinitionString" else {name: {"PipelineDefinitionBody": text}}
    resources = {"R": {"Type": resource_type, "Properties": content}}
    lint(load_template(Path("t.json"), OPTIONS, json.dumps({"Resources": resources})))


TARGETS: dict[str, tuple[Callable[[bytes], None], str]] = {
    "yaml": (template, "*.yaml"),
    "json": (template, "*.json"),
    "hcl": (module, "*.tf"),
    "expression": (expression, ""),
    "plan": (plan, "plan*.json"),
    "states": (states, ""),
    "pipeline": (pipeline, ""),
}


def seeds(name: str, pattern: str) -> Path:
    """A folder of inputs to begin with."""
    folder = FOLDER / "seeds"
    folder.mkdir()
    found = sorted(ROOT.joinpath("fixtures").rglob(pattern)) if pattern else []
    found += sorted(ROOT.joinpath("fuzz", "seeds", name).glob("*"))
    for number, path in enumerate(found):
        folder.joinpath(str(number)).write_bytes(path.read_bytes())
    return folder


def main() -> None:
    name, *options = sys.argv[1:]
    target, pattern = TARGETS[name]
    if not any(not option.startswith("-") for option in options):
        options.append(str(seeds(name, pattern)))
    atheris.Setup([sys.argv[0], *options], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
