"""The same configuration in another form gives the same findings, and leaves the same undecided.

Each form is tried with some examples of all rules, chosen by a hash; with all that can be written in it where
MLWA_LINT_ALL_EXAMPLES is set. Where a name is written, a local value or a literal, is what MLR603 is about.
"""

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
from mlwa_lint.run.evaluation import check_project
from mlwa_lint.run.loading import load
from tests.support import rule_examples as harness
from tests.support.rule_examples import Example
from tests.support.terraform_rewriting import LITERAL_FORMS, SIGNS, STRUCTURES, Files
from tests.support.trying import changes, limit, results_of, shuffled

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
    once = {each.code for each in harness.all_rules() if each.project_check is not None}
    found = results_of(check_project(project, harness.all_rules()), named)
    # What is reported once may be reported at another resource.
    return Counter(
        (code, "" if code in once else address, weight) for code, address, weight in found.elements()
    )


def named(address: str) -> str:
    """A resource as the original calls it."""
    return "" if "/fixtures/" in address else _KEYS.sub("", _MODULE.sub("", _KEYS.sub("", address)))


def in_order(form: str) -> Iterator[Example]:
    """The examples, in an order of each form's own."""
    return iter(shuffled(configurations(), lambda each: f"{form} {each}"))


def rewritten(form: str) -> Iterator[tuple[Example, Files]]:
    """The examples that a form changes, each with the result."""
    every = ((each, FORMS[form](source(each))) for each in in_order(form))
    changed = ((each, files) for each, files in every if files != source(each))
    return islice(changed, limit(EXAMPLES_OF_EACH))


@pytest.mark.parametrize("form", FORMS)
def test_another_form_gives_the_same(form: str, tmp_path: Path) -> None:
    tried, different = 0, []
    for example, files in rewritten(form):
        tried += 1
        before, after = results(example, source(example), tmp_path), results(example, files, tmp_path)
        found = changes(before, after)
        different += [f"{example}: {sign} {each}" for sign, each in found if each[0] != OF_LITERALS]
    assert tried
    assert different == []
