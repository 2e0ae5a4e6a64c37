"""For the tests of rules: the findings of a rule in an example, one line each.

fail.yaml:12:7 Notebook | message                 a finding at line and column, of a resource
fail.yaml:12:7 Notebook | message | when …        … under a condition or assumption
undecided.yaml ? Notebook                         a resource about which the rule is undecided
"""

from pathlib import Path

from mlwa_lint.discovery.target import Target, TargetKind
from mlwa_lint.engine.check import Outcome
from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.findings import Finding
from mlwa_lint.model.resources import Project
from mlwa_lint.rule import Rule
from mlwa_lint.run.evaluation import check_project
from mlwa_lint.run.loading import load, with_documents


def examples(folder: Path, kind: str = "") -> list[Path]:
    """The examples in a folder whose names start with `kind`: fail, pass, unless or undecided."""
    kinds = (kind,) if kind else ("fail", "pass", "unless", "undecided")
    return sorted(path for path in folder.iterdir() if path.name.startswith(kinds))


def found(rule: Rule, example: Path, required_tags: tuple[str, ...] = ()) -> list[str]:
    """The findings of a rule in an example. Raises AssertionError if it is unreadable or the rule fails."""
    return lines(check_project(project_of(example), [rule], required_tags), example)


def lines(outcome: Outcome, example: Path) -> list[str]:
    """An outcome as lines. Raises AssertionError when a rule failed."""
    assert not outcome.errors, outcome.errors
    return [
        *(line(finding, example) for finding in outcome.findings),
        *(f"{example.name} ? {each.address}" for each in outcome.undecided),
    ]


def line(finding: Finding, example: Path) -> str:
    """A finding in an example, as one line."""
    place = f"{example.name}:{finding.span.line}:{finding.span.column} {finding.address}"
    return " | ".join([place, finding.message, *([finding.condition] if finding.condition else [])])


def _kind(example: Path) -> TargetKind:
    if example.is_dir():
        return "terraform"
    return "python" if example.suffix in (".py", ".ipynb") else "cloudformation"


def project_of(example: Path) -> Project:
    """The project of an example: a template, a Terraform file that is a module of its own, or a module."""
    if example.suffix == ".tf":
        from mlwa_lint.frontends.terraform.project import load as load_module

        project = with_documents(load_module(example.parent, LoadOptions(), files=[example]))
    else:
        # A program is not part of a project with the examples beside it either.
        alone = ProjectFiles(None) if _kind(example) == "python" else None
        (project,) = load(Target(_kind(example), str(example)), LoadOptions(files=alone))
    problems = [f"{each.place}: {each.message}" for each in project.problems if each.fatal]
    assert not problems, problems
    return project
