"""The same configuration in another form gives the same findings, and leaves the same undecided.

Each form is tried with some examples of all rules, chosen by a hash; with all that can be written in it where
MLWA_LINT_ALL_EXAMPLES is set. Where a name is written, a local value or a literal, is what MLR603 is about.
"""

import hashlib
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path

import pytest

from mlwa_lint.discovery.target import Target
from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.loading import load
from mlwa_lint.run.pipeline import check_project
from tests.support import rule_examples as harness
from tests.support.rule_examples import Example
from tests.support.terraform_rewriting import LITERAL_FORMS, SIGNS, STRUCTURES, Files

FORMS = {**LITERAL_FORMS, **STRUCTURES, **SIGNS}
EXAMPLES_OF_EACH = 30
OF_LITERALS = "MLR603"
# The keys of single instances, and the module that all was moved to.
_KEYS = re.compile(r'\[(?:0|"only")\](?=$|[./])')
_MODULE = re.compile(r"module\.inner\.")


@cache
def configurations() -> tuple[Example, ...]:
    """The examples that are a single file."""
    return tuple(
        each for each in harness.examples() if each.language == "terraform" and each.path.suffix == ".tf"
    )


def source(example: Example) -> Files:
    return {"main.tf": example.path.read_text("utf-8")}


def laid_out(example: Example, files: Files, folder: Path) -> Path:
    """A folder with these files, and with what lies beside the example."""
    project = folder / example.code
    shutil.rmtree(project, ignore_errors=True)
    project.mkdir(parents=True)
    others = {each.path.name for each in harness.examples(example.code)}
    for path in example.path.parent.iterdir():
        if path.name not in others and path.name not in harness.EXPECTATIONS:
            (shutil.copytree if path.is_dir() else shutil.copy)(path, project / path.name)
    for name, text in files.items():
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text(text, "utf-8", newline="")
    return project


def results(example: Example, files: Files, folder: Path) -> Counter[tuple[str, ...]]:
    """What all rules come to: codes, resources and severities; what is left undecided has none."""
    (project,) = load(
        Target("terraform", str(laid_out(example, files, folder))), LoadOptions(files=ProjectFiles(None))
    )
    outcome = check_project(project, harness.all_rules())
    assert not outcome.errors, outcome.errors
    once = {each.code for each in harness.all_rules() if each.project_check is not None}
    found = [(each.code, named(each.address, each.code in once), each.severity) for each in outcome.findings]
    undecided = [(each.code, named(each.address, each.code in once), "") for each in outcome.undecided]
    return Counter([*found, *undecided])


def named(address: str, once: bool) -> str:
    """A resource as the original calls it; what is reported once may be reported at another."""
    return "" if once or "/fixtures/" in address else _KEYS.sub("", _MODULE.sub("", _KEYS.sub("", address)))


def in_order(form: str) -> Iterator[Example]:
    """The examples, in an order of each form's own."""
    return iter(sorted(configurations(), key=lambda each: hashlib.sha256(f"{form} {each}".encode()).digest()))


def rewritten(form: str) -> Iterator[tuple[Example, Files]]:
    """The examples that a form changes, each with the result."""
    every = ((each, FORMS[form](source(each))) for each in in_order(form))
    changed = ((each, files) for each, files in every if files != source(each))
    return islice(changed, None if os.environ.get("MLWA_LINT_ALL_EXAMPLES") else EXAMPLES_OF_EACH)


@pytest.mark.parametrize("form", FORMS)
def test_another_form_gives_the_same(form: str, tmp_path: Path) -> None:
    tried, different = 0, []
    for example, files in rewritten(form):
        tried += 1
        before, after = results(example, source(example), tmp_path), results(example, files, tmp_path)
        for sign, lines in (("-", before - after), ("+", after - before)):
            different += [f"{example}: {sign} {each}" for each in sorted(lines) if each[0] != OF_LITERALS]
    assert tried
    assert different == []
