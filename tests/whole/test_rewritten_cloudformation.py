"""The same template in another form gives the same findings, and leaves the same undecided.

Each form is tried with some examples of all rules, chosen by a hash; with all that can be written in it where
MLWA_LINT_ALL_EXAMPLES is set.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path

import pytest

from mlwa_lint.engine.check import Outcome
from mlwa_lint.files.reading import overlaid, real_path
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.evaluation import check_project
from mlwa_lint.run.loading import load_text
from tests.support import rule_examples as harness
from tests.support.policy_rewriting import FUNCTIONS, POLICIES, WORKFLOWS, of_role
from tests.support.stack_rewriting import PART_FILE, nested, of_part, of_renamed, renamed, with_arns
from tests.support.template_rewriting import (
    CONDITIONS,
    LITERALS,
    NOTATIONS,
    REFERENCES,
    Rewriting,
    Template,
    as_json,
    read_template,
)
from tests.support.trying import limit, shuffled

EXAMPLES_OF_EACH = 30
FORMS = {
    **LITERALS,
    **CONDITIONS,
    **REFERENCES,
    **POLICIES,
    **WORKFLOWS,
    **FUNCTIONS,
    "ARNs that are written out": with_arns,
}
# A code, a resource, a severity, and whether it is a finding.
Result = tuple[str, str, str, bool]


@cache
def templates() -> tuple[Path, ...]:
    """The examples of all rules and the architectures, as far as they are templates."""
    found = [each.path for each in harness.examples() if each.language == "cloudformation"]
    for folder in ("architectures", "deployments"):
        found += sorted((harness.ROOT / "fixtures" / folder).rglob("*.yaml"))
    return tuple(found)


@cache
def content(path: Path) -> Template:
    return read_template(path)


@cache
def original(path: Path) -> frozenset[Result]:
    return results(as_json(content(path)), path)


def results(text: str, path: Path, name: Callable[[str], str] = str) -> frozenset[Result]:
    """What all rules come to for a text in the place of a template."""
    (project,) = load_text(text, str(path), LoadOptions())
    return results_of(check_project(project, harness.all_rules()), name)


def results_of(outcome: Outcome, name: Callable[[str], str] = str) -> frozenset[Result]:
    assert not outcome.errors, outcome.errors
    found = [(each.code, name(each.address), each.severity, True) for each in outcome.findings]
    found += [
        (each.code, name(each.address), each.severity, False) for each in outcome.undecided if not each.failed
    ]
    return frozenset(found)


def in_order(form: str) -> Iterator[Path]:
    """The templates with resources, in an order of each form's own."""
    ordered = shuffled(templates(), lambda path: f"{form} {path.parent.name}/{path.name}")
    return (path for path in ordered if content(path))


def rewritten(form: str, rewriting: Rewriting) -> Iterator[tuple[Path, Template]]:
    """The templates that a rewriting changes, each with the result."""
    every = ((path, rewriting(content(path))) for path in in_order(form))
    changed = (
        (path, new) for path, new in every if new is not None and as_json(new) != as_json(content(path))
    )
    return islice(changed, limit(EXAMPLES_OF_EACH))


def difference(path: Path, found: frozenset[Result]) -> list[str]:
    """What is missing and what is new, as lines."""
    before = original(path)
    lines = [("-", each) for each in before - found] + [("+", each) for each in found - before]
    return [f"{path.parent.name}/{path.name}: {sign} {each}" for sign, each in sorted(lines)]


@pytest.mark.parametrize("form", FORMS)
def test_another_form_gives_the_same(form: str) -> None:
    tried, different = 0, []
    for path, template in rewritten(form, FORMS[form]):
        tried += 1
        name = of_role if form.startswith("policies ") else str
        different += difference(path, results(as_json(template), path, name))
    assert tried
    assert different == []


@pytest.mark.parametrize("notation", NOTATIONS)
def test_another_notation_gives_the_same(notation: str) -> None:
    different = []
    for path in islice(in_order(notation), limit(EXAMPLES_OF_EACH)):
        different += difference(path, results(NOTATIONS[notation](content(path)), path))
    assert different == []


def test_the_text_of_an_example_gives_the_same_as_its_content() -> None:
    different = []
    for path in islice(in_order("text"), limit(EXAMPLES_OF_EACH)):
        different += difference(path, results(path.read_text("utf-8"), path))
    assert different == []


def moved(found: frozenset[Result], others: frozenset[Result]) -> Counter[tuple[str, str, bool]]:
    """What is only in one of two results, wherever it is: what is reported once is at the first place."""
    return Counter((code, severity, is_found) for code, _, severity, is_found in found - others)


# What another stack gets may be used there: that no function has a role is known in one template alone.
_USED_BY_NONE = {"MLS501/pass-role-of-no-function.yaml"}


@pytest.mark.parametrize("users", [False, True], ids=["what others use", "what uses others"])
def test_a_nested_stack_gives_the_same(users: bool) -> None:
    tried, different = 0, []
    for path in in_order(f"nested {users}"):
        name = f"{path.parent.name}/{path.name}"
        divided = None if name in _USED_BY_NONE else nested(content(path), users)
        if divided is None or tried == limit(EXAMPLES_OF_EACH):
            continue
        tried += 1
        part = {real_path(path.with_name(PART_FILE)): as_json(divided[1]).encode()}
        with overlaid(part):
            found = results(as_json(divided[0]), path, of_part)
        if moved(found, original(path)) != moved(original(path), found):
            different += difference(path, found)
    assert tried
    assert different == []


def test_other_logical_ids_give_the_same() -> None:
    different = []
    # What a nested stack is called may be the name of a stage.
    alone = (path for path in in_order("renamed") if "AWS::CloudFormation::Stack" not in str(content(path)))
    for path in islice(alone, limit(EXAMPLES_OF_EACH)):
        found = results(as_json(renamed(content(path))), path, of_renamed)
        before = frozenset((code, at.lower(), *rest) for code, at, *rest in original(path))
        different += [f"{path.parent.name}/{path.name}: {each}" for each in sorted(found ^ before)]
    assert different == []
