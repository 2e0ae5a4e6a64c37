"""Loads what linting loads when it is first needed, once, in the process whose children lint.

A child that finds everything loaded takes a third of the time. A little of that is enough for small fleets;
what makes all the difference for thousands of repositories takes seconds, and waits until there are some.
"""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from mlwa_lint.catalogue.examples import examples_of
from mlwa_lint.catalogue.registry import ENTRY_POINT_GROUP, Registry, located_rules
from mlwa_lint.discovery.target import Target
from mlwa_lint.fleet.linting import lint_repository
from mlwa_lint.fleet.plan import ScanPlan
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_target
from mlwa_lint.run.settings import RunSettings
from mlwa_lint.startup.entry_points import entry_points

# Processor time for the examples of rules, and from which repository on it is spent.
SECONDS = 3.0
WORTHWHILE_FROM = 12
_FILES = {"cloudformation": "t.yaml", "terraform": "main.tf", "python": "p.py"}
_SAMPLES = {
    "cloudformation": "Resources:\n  N:\n    Type: AWS::SageMaker::NotebookInstance\n",
    "terraform": 'resource "aws_sagemaker_notebook_instance" "n" {\n  name = "n"\n}\n',
    "python": 'import boto3\nboto3.client("sagemaker").create_model(ModelName="m")\n',
}


def warm_up(plan: ScanPlan, registry: Registry, folder: Path) -> None:
    """Loads all rules, and lints a little repository with something in each language."""
    for package in entry_points(ENTRY_POINT_GROUP):
        list(located_rules(sys.modules[package]))
    for language, text in _SAMPLES.items():
        (folder / _FILES[language]).write_text(text, "utf-8")
    here, environment = Path.cwd(), dict(os.environ)
    lint_repository(folder, plan._replace(configuration=None, select=(), ignore=()), registry)
    os.chdir(here)
    os.environ.update(environment)


def warm_further(registry: Registry, folder: Path) -> None:
    """Lints examples of rules, if there are any and time allows: they run every query once."""
    end = time.process_time() + SECONDS
    settings = RunSettings(registry.rules, LoadOptions(root=folder))
    for language, text in _failing_examples(registry):
        if time.process_time() > end:
            return
        path = folder / _FILES[language]
        path.write_text(text, "utf-8")
        lint_target(_target(language, path), settings)


def _failing_examples(registry: Registry) -> Iterator[tuple[str, str]]:
    """A failing example of each rule, in one language after the other."""
    examples = [each for rule in registry.rules for each in examples_of(rule) if each.kind == "fail"]
    for language in _SAMPLES:
        yield from ((language, each.text) for each in examples if each.language == language)


def _target(language: str, path: Path) -> Target:
    if language == "terraform":
        return Target("terraform", str(path.parent))
    return Target("python" if language == "python" else "cloudformation", str(path))
