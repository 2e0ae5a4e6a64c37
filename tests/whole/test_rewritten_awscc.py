"""Rules find in resources of the awscc provider what they find in the same resources of a template.

Some examples, chosen by a hash, are tried; all of them where MLWA_LINT_ALL_EXAMPLES is set.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path

from mlwa_lint.discovery.target import Target
from mlwa_lint.engine.check import Outcome
from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.evaluation import check_project
from mlwa_lint.run.loading import load
from tests.support import awscc
from tests.support import rule_examples as harness
from tests.support.rule_examples import Example
from tests.support.template_rewriting import read_template
from tests.support.trying import changes, limit, results_of, shuffled

EXAMPLES = 300
# Where the languages differ: Terraform creates a replacement before or after it deletes (MLR115), a variable
# may be null where a parameter is given (MLO504), attachments of a role that is not known may be anywhere
# (MLR502), and only templates are deployed where their Availability Zones are (MLP201).
OF_ONE_LANGUAGE = ("MLO504", "MLP201", "MLR115", "MLR502")


@cache
def compared() -> frozenset[str]:
    """The rules of both languages."""
    both = {"cloudformation", "terraform"}
    rules = {each.code for each in harness.all_rules() if both <= set(each.languages)}
    return frozenset(rules - set(OF_ONE_LANGUAGE))


def results(outcome: Outcome) -> Counter[tuple[str, ...]]:
    """What the rules of both languages come to for resources, by their logical ids."""
    return Counter(each for each in results_of(outcome, named).elements() if each[0] in compared())


def named(address: str) -> str:
    """The logical id; a project that is called by its folder has none."""
    name = re.sub(r"awscc_\w+\.", "", address)
    return "" if name.endswith((".yaml", "/awscc")) or "fixtures" in name else name


def writable() -> Iterator[tuple[Example, str]]:
    """The templates that can be written for the provider, with the text."""
    found = [each for each in harness.examples() if each.language == "cloudformation"]
    for each in shuffled(found, str):
        template = read_template(each.path)
        if template and "Fn::Transform" not in str(template):
            try:
                yield each, awscc.configuration(template)
            except awscc.NotWritableError:
                continue


def test_a_template_and_the_provider_give_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "awscc"
    folder.mkdir()
    different = []
    for example, text in islice(writable(), limit(EXAMPLES)):
        (folder / "main.tf.json").write_text(text, "utf-8")
        (project,) = load(Target("terraform", str(folder)), LoadOptions(files=ProjectFiles(None)))
        (template,) = load(Target("cloudformation", str(example.path)), LoadOptions(files=ProjectFiles(None)))
        before = results(check_project(template, harness.all_rules()))
        after = results(check_project(project, harness.all_rules()))
        different += [f"{example}: {sign} {each}" for sign, each in changes(before, after)]
    assert different == []
