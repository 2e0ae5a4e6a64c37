"""Text that users start from: a configuration, and a rule with its examples and test."""

import re
from pathlib import Path

from mlwa_lint.errors import UserError, nearest
from mlwa_lint.files.paths import shown
from mlwa_lint.rule import PILLARS
from mlwa_lint.scaffold.examples import EXAMPLES, EXPECTED
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

CONFIGURATION = """\
# Configuration of mlwa-lint. Every key is optional; what is commented out shows the default or an example.
# The same keys can stand in pyproject.toml under [tool.mlwa-lint].

# Rules to run: codes (MLS101), beginnings of codes (MLS, MLS1), names, or ALL. Empty means all.
# select = ["ALL"]

# Rules not to run; the more exact of select and ignore wins.
# ignore = ["MLU"]

# Report findings of at least this severity: high, medium, low, info.
# severity = "low"

# Exit 1 for findings of at least this severity: high, medium, low, info, never.
# fail-on = "low"

# Check buckets, keys, functions and other general resources only where they are tied to ML ("ml"), or "all".
# scope = "ml"

# Whether suppressions must give a reason.
# require-reasons = false

# Tag keys that every ML resource must have.
# required-tags = ["owner", "cost-center"]

# Values from outside: CloudFormation parameters and Terraform variables. Later files win.
# parameters = ["parameters/prod.json"]
# var-files = ["prod.tfvars"]

# Whether TF_VAR_name in the environment counts.
# environment-variables = false

# Nothing outside this folder is read (nested templates, modules, file()). By default, that is the
# folder of the template or module at hand.
# root = "."

# Findings that are known and accepted for now; `mlwa-lint baseline` writes the file.
# baseline = "mlwa-lint-baseline.json"

# Reports: text, json, sarif, junit, github, gitlab, markdown, csv, html; with a file after a colon.
# format = ["text", "sarif:mlwa-lint.sarif"]

# How many targets to lint at a time.
# jobs = 1

# Further rules: folders, files or modules. Their code is run.
# rules = ["lint-rules"]

# Values of single Terraform variables.
# [vars]
# environment = "prod"

# Other severities than the rules' own.
# [severities]
# MLS101 = "medium"

# What fixes use where a rule asks for a key, subnets, security groups, a topic or a log bucket.
# [fix]
# kms-key = "HostingKey"

# What some paths have of their own (patterns as in .gitignore, from this file's folder). select, severity,
# fail-on, scope and required-tags replace what holds for all; ignore, severities, parameters, var-files and
# vars are added to it.
# [[overrides]]
# paths = ["experiments/**"]
# ignore = ["MLR"]
# fail-on = "high"
"""

_NAME = lazy(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")
_CODE = lazy(r"[A-Z]{3}[0-9]{3}")
_PACKAGES = {
    "O": "operations",
    "S": "security",
    "R": "reliability",
    "P": "performance",
    "C": "cost",
    "U": "sustainability",
}
_BUILT_IN = Path("rules/mlwa_rules")
_CATALOGUE = Path("tests/data/catalogue.toml")


class WrittenFiles(NamedTuple):
    """The files that were written, and what to do next."""

    files: tuple[str, ...]
    advice: tuple[str, ...]


def scaffold(name: str, code: str | None, pillar: str, folder: Path) -> WrittenFiles:
    """Writes a rule with examples and a test. Raises UserError."""
    if not _NAME.fullmatch(name):
        hint = "name the mistake in lower case with hyphens, as in notebook-without-lifecycle"
        raise UserError(f"{name!r} is not a name for a rule", hint)
    letter = _letter(pillar, code)
    built_in = (folder / _BUILT_IN).is_dir()
    code = _unused(name, code) or _free_code(f"{'ML' if built_in else 'MY'}{letter}", folder)
    function = name.replace("-", "_")
    index: tuple[str, ...] = ()
    if built_in:
        index = ("python scripts/build_index.py",)
        rule_file = folder / _BUILT_IN / _PACKAGES[letter] / f"{function}.py"
        test_file = None
        command = f"python -m pytest tests/rules -k {code}"
    else:
        rule_file = folder / f"{function}.py"
        test_file = folder / f"test_{function}.py"
        command = f"python -m pytest {shown(test_file)}"
    examples = folder / "fixtures" / "rules" / code
    words = {"CODE": code, "NAME": name, "FUNCTION": function}
    texts = {rule_file: _RULE}
    if test_file is not None:
        texts[test_file] = _TEST
    texts = {path: _filled(text, words) for path, text in texts.items()}
    texts |= {examples / file: text for file, text in EXAMPLES.items()}
    texts[examples / "expected.txt"] = EXPECTED
    for path in texts:
        if path.exists():
            raise UserError(f"{shown(path)}: already exists", "choose another name or --code")
    for path, text in texts.items():
        _write(path, text)
    changed = _entered(folder / _CATALOGUE, words) if built_in else ()
    entered = f", and the last two in {changed[0]} as well" if changed else ""
    source = "" if built_in else f" --rules {shown(rule_file)}"
    return WrittenFiles(
        (*(shown(path) for path in texts), *changed),
        (
            f"{code} {name} is ready; next:",
            f"  1. state the mistake, its severity and its practices in {shown(rule_file)}{entered}",
            f"  2. change the examples in {shown(examples)}",
            f"  3. run the test: {' && '.join((*index, command))}",
            f"  4. try it: mlwa-lint check PATHS --select {code}{source}",
        ),
    )


def _letter(pillar: str, code: str | None) -> str:
    if code is not None:
        if not _CODE.fullmatch(code) or code[2] not in PILLARS:
            letters = ", ".join(f"{letter} {name}" for letter, name in PILLARS.items())
            hint = f"three capitals and three digits; the third letter is the pillar: {letters}"
            raise UserError(f"--code {code}: not a rule code", hint)
        return code[2]
    matching = [letter for letter, each in PILLARS.items() if each.startswith(pillar.lower())]
    if len(matching) != 1:
        known = list(PILLARS.values())
        raise UserError(
            f"--pillar {pillar}: no such pillar",
            nearest(pillar.lower(), known) or f"pillars: {', '.join(known)}",
        )
    return matching[0]


def _unused(name: str, code: str | None) -> str | None:
    """The code, if neither it nor the name belongs to another rule."""
    from mlwa_lint.catalogue.registry import load_rules

    for rule in load_rules().rules:
        if rule.name == name or rule.code == code:
            raise UserError(f"{rule.code} {rule.name} already exists", "choose another name or --code")
    return code


def _free_code(start: str, folder: Path) -> str:
    from mlwa_lint.catalogue.registry import load_rules

    taken = {rule.code for rule in load_rules().rules}
    examples = folder / "fixtures" / "rules"
    if examples.is_dir():
        taken |= {each.name for each in examples.iterdir()}
    return next(code for number in range(701, 1000) if (code := f"{start}{number}") not in taken)


def _entered(catalogue: Path, words: dict[str, str]) -> tuple[str, ...]:
    """Enters a built-in rule in the catalogue, which keeps what is promised to users."""
    if not catalogue.is_file():
        return ()
    _write(catalogue, catalogue.read_text(encoding="utf-8").rstrip() + "\n\n" + _filled(_ENTRY, words))
    return (shown(catalogue),)


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserError(f"cannot write {shown(path)}: {error.strerror or error}") from None


def _filled(text: str, words: dict[str, str]) -> str:
    return re.sub(r"@(\w+)@", lambda match: words[match[1]], text)


_RULE = '''\
"""@NAME@."""

from collections.abc import Iterator

from mlwa_lint.rule import Claim, GraphView, Remedy, ResourceView, rule


@rule(
    "@CODE@",
    "@NAME@",
    "medium",
    practices=("MLCOST04-BP08",),
    on=("AWS::SageMaker::NotebookInstance",),
    remedy=Remedy("Set `LifecycleConfigName`.", "Set `lifecycle_config_name`."),
)
def @FUNCTION@(notebook: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A notebook instance has no lifecycle configuration.

    An idle instance keeps running, and every notebook is set up by hand.

    A lifecycle configuration runs a script when the notebook is created and when it starts. To fix it, name
    one that the project declares.

    See [Customization of a SageMaker notebook instance using an LCC
    script](https://docs.aws.amazon.com/sagemaker/latest/dg/notebook-lifecycle-config.html).
    """
    name = notebook["LifecycleConfigName"]
    yield Claim(name.is_absent(), name, f"{notebook} has no {name.label}")
'''

_ENTRY = """\
[[rule]]
code = "@CODE@"
name = "@NAME@"
severity = "medium"
practices = ["MLCOST04-BP08"]
"""

_TEST = '''\
"""The examples of @CODE@ give the expected findings."""

from pathlib import Path

import pytest
from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.testing import examples, found

HERE = Path(__file__).parent
RULE = load_rules([str(HERE / "@FUNCTION@.py")]).find("@CODE@")
EXAMPLES = HERE / "fixtures" / "rules" / RULE.code

EXPECTED = (EXAMPLES / "expected.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("example", examples(EXAMPLES), ids=lambda path: path.name)
def test_an_example_gives_exactly_what_is_expected(example: Path) -> None:
    starts = (f"{example.name}:", f"{example.name} ")
    assert found(RULE, example) == [line for line in EXPECTED if line.startswith(starts)]


def test_failing_examples_fail_and_passing_ones_pass() -> None:
    assert all(found(RULE, example) for example in examples(EXAMPLES, "fail"))
    assert not any(found(RULE, example) for example in examples(EXAMPLES, "pass"))
'''
