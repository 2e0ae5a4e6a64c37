"""The same facts, written in another way in Python, give the same findings and leave the same undecided.

Each rewriting is tried on some of the examples, chosen by their names; on all of them where the environment
has MLWA_LINT_ALL_EXAMPLES. Left out are forms by which a fact becomes another one:

- defaults of options and environment variables, which are assumptions: some findings weigh less then;
- a Region for a client, with which more is known;
- what only names a resource in reports: one without a known name is called as the call that makes it.
"""

import os
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest

from mlwa_lint.engine.check import Outcome
from mlwa_lint.run.evaluation import check_project
from tests.support import rule_examples as harness
from tests.support.python_rewriting import CALLS, REWRITINGS, Rewriting
from tests.support.trying import are_all_tried

# One in so many examples is rewritten.
SHARE = 1 if are_all_tried() else 25
PROGRAMS = {
    f"{path.parent.name}/{path.name}": path
    for pattern in ("fixtures/rules/*/*.py", "fixtures/architectures/*/*.py", "fixtures/deployments/*.py")
    for path in sorted(harness.ROOT.glob(pattern))
}
# What a `try` statement calls is not known to only look something up, or to try one model after another,
# where it is a function of the program.
TRIED = {"MLS615/fail-ensured.py", "MLR605/pass-call.py"}
WITH_FUNCTIONS = {
    "literals as results of functions",
    "literals as texts by templates",
    *(name for name in REWRITINGS if name.startswith("calls by ")),
}
# Kind, rule, resource and severity.
Result = Counter[tuple[str, str, str, str]]


def _chosen(rewriting: str) -> dict[str, Path]:
    """The examples that a rewriting is tried on."""
    return {
        name: path
        for name, path in PROGRAMS.items()
        if int(sha256(f"{rewriting} {name}".encode()).hexdigest(), 16) % SHARE == 0
        and not (name in TRIED and rewriting in WITH_FUNCTIONS)
    }


def _result(outcome: Outcome, folder: Path, named: bool) -> Result:
    assert not outcome.errors, outcome.errors

    def address(text: str) -> str:
        return text.replace(f"{folder}/", "").replace(os.path.relpath(folder) + "/", "") if named else ""

    found = [("finding", each.code, address(each.address), each.severity) for each in outcome.findings]
    left = [("undecided", each.code, address(each.address), "") for each in outcome.undecided]
    return Counter([*found, *left])


def _checked(folder: Path, files: dict[str, str], main: str, named: bool) -> Result:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    outcome = check_project(harness.read_project(folder / main), harness.all_rules())
    return _result(outcome, folder, named)


def _differences(
    rewriting: Rewriting, path: Path, folder: Path, named: bool
) -> dict[str, list[tuple[str, str, str, str]]]:
    text = path.read_text(encoding="utf-8")
    files = rewriting(path.name, text)
    if files is None or files == {path.name: text}:
        return {}
    before = _checked(folder / "before", {path.name: text}, path.name, named)
    after = _checked(folder / "after", dict(files), path.name, named)
    if before == after:
        return {}
    return {"lost": sorted((before - after).elements()), "new": sorted((after - before).elements())}


@pytest.mark.parametrize("name", REWRITINGS)
def test_a_program_written_in_another_way_gives_the_same(name: str, tmp_path: Path) -> None:
    # A call in another form names what has no other name otherwise.
    named = name.removeprefix("calls by ") not in CALLS
    found = {
        example: _differences(REWRITINGS[name], path, tmp_path / str(number), named)
        for number, (example, path) in enumerate(_chosen(name).items())
    }
    assert {example: each for example, each in found.items() if each} == {}


def test_every_rewriting_rewrites_something() -> None:
    text = (
        'import boto3\n\nmade = boto3.client("sagemaker").create_model(ModelName="a", Tags=[True])  # one\n'
    )
    rewritten = {name: rewriting("a.py", text) for name, rewriting in REWRITINGS.items()}
    assert [name for name, files in rewritten.items() if files is None or files.get("a.py") == text] == []
