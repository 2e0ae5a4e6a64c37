"""Whatever is broken in the Python twin of a good architecture, exactly the rule about it fires.

What is hidden instead, by a value that only the run knows, is decided by no rule.
"""

from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

import pytest

from mlwa_lint.engine.check import Outcome
from mlwa_lint.run.evaluation import check_project
from mlwa_lint.run.loading import with_documents
from tests.frontends.python.programs import load_text
from tests.support.rule_examples import ROOT, all_rules, outcome_of_all_rules

GOOD = ROOT / "fixtures" / "architectures" / "data-lake-endpoint" / "good.py"
# Rule -> what is written in the program, and what breaks the rule, its first occurrence only.
BREAKS = {
    "MLR120": ('"InstanceType": "ml.c7g.xlarge"', '"InstanceType": "ml.c7g.nano"'),
    "MLP101": ('"InstanceType": "ml.m7i.2xlarge"', '"InstanceType": "ml.m4.2xlarge"'),
    "MLO107": ('"EnableCapture": True', '"EnableCapture": False'),
    "MLR107": ('"Type": "CANARY"', '"Type": "ALL_AT_ONCE"'),
    "MLR109": ('"TerminationWaitInSeconds": 600', '"TerminationWaitInSeconds": 0'),
    "MLS102": ("\n    EnableNetworkIsolation=True,", "\n    EnableNetworkIsolation=False,"),
    "MLS205": ('"EnableNetworkIsolation": True', '"EnableNetworkIsolation": False'),
    "MLC201": ('"EnableManagedSpotTraining": True', '"EnableManagedSpotTraining": False'),
    "MLR201": ('"CheckpointConfig": {"S3Uri": "s3://artifact-bucket/checkpoints/"},', ""),
    "MLS302": ('"SSEAlgorithm": "aws:kms"', '"SSEAlgorithm": "AES256"'),
}
# The monitors have nothing to read then.
ALSO = {"MLO107": {"MLO110"}}


@cache
def _outcome(text: str, folder: Path) -> Outcome:
    return check_project(with_documents(load_text(folder, text)), all_rules())


def _codes(text: str, folder: Path) -> set[str]:
    return {each.code for each in _outcome(text, folder).findings}


def _replaced(code: str, new: str) -> str:
    text = GOOD.read_text(encoding="utf-8")
    assert BREAKS[code][0] in text
    return text.replace(BREAKS[code][0], new, 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("program")


@pytest.mark.parametrize("code", BREAKS)
def test_exactly_the_broken_rule_fires(code: str, folder: Path) -> None:
    before = _codes(GOOD.read_text(encoding="utf-8"), folder)
    assert _codes(_replaced(code, BREAKS[code][1]), folder) - before == {code, *ALSO.get(code, ())}


@pytest.mark.parametrize(
    "code", [each for each in BREAKS if ": " in BREAKS[each][0] or "=" in BREAKS[each][0]]
)
def test_what_is_not_known_breaks_nothing(code: str, folder: Path) -> None:
    before = _codes(GOOD.read_text(encoding="utf-8"), folder)
    written = BREAKS[code][0]
    head, sign = written.rpartition(": " if ": " in written else "=")[:2]
    hidden = f'{head}{sign}os.environ["SETTING"]' + ("," if written.endswith(",") else "")
    found = _codes(_replaced(code, hidden), folder)
    assert found <= before


# Examples whose mutation is also another rule's: a second instance type, another way to write it.
ACCOMPANIED = {
    "MLC204/fail.py": {"MLS201"},
    "MLC402/fail.py": {"MLP101"},
    "MLC601/fail.py": {"MLO604", "MLO606", "MLS608"},
    "MLO106/fail.py": {"MLO103"},
    "MLO109/fail.py": {"MLO101"},
    "MLO602/fail.py": {"MLO107", "MLS101"},
    "MLP101/fail.py": {"MLR101", "MLR111", "MLR114"},
    "MLP103/fail.py": {"MLS101"},
    "MLP302/fail.py": {"MLO506"},
    "MLR104/fail.py": {"MLR103"},
    "MLR111/fail.py": {"MLP105"},
    "MLR118/fail.py": {"MLP105"},
    "MLR121/fail.py": {"MLC201", "MLC501", "MLS203"},
    "MLR126/fail.py": {"MLS101"},
    "MLR128/fail.py": {"MLS105"},
    "MLR304/fail.py": {"MLO506"},
    "MLR504/fail.py": {"MLC301", "MLS305", "MLS306"},
    "MLR604/fail.py": {"MLO602", "MLS601"},
    # A customer managed key does not reach the local disks of the instance type that is right.
    "MLP103/fail-one-kind.py": {"MLS202"},
    # The other rules do not report its instance type either.
    "MLP103/fail-large-model.py": {"MLR102", "MLS101"},
    "MLS101/fail-sdk.py": {"MLS102", "MLS103"},
    "MLS102/fail-sdk.py": {"MLS101", "MLS103"},
    "MLS103/fail-sdk.py": {"MLS101", "MLS102"},
    "MLS305/fail.py": {"MLS306"},
    "MLS306/fail.py": {"MLS305"},
    "MLS403/fail.py": {"MLS401", "MLS402", "MLS405"},
    "MLS405/fail.py": {"MLO402", "MLS401", "MLS402", "MLS403", "MLS404"},
    "MLS602/fail.py": {"MLS612", "MLS620"},
    "MLU101/fail.py": {"MLO504"},
}
_PLACES = 2


def _pairs() -> Iterator[tuple[Path, Path]]:
    """Examples in Python that fail, and the same that pass."""
    for failing in sorted(ROOT.glob("fixtures/rules/ML*/fail*.py")):
        passing = failing.with_name(failing.name.replace("fail", "pass", 1))
        if passing.exists():
            yield failing, passing


PAIRS = {f"{failing.parent.name}/{failing.name}": (failing, passing) for failing, passing in _pairs()}


def _places(one: Path, other: Path) -> int:
    """At how many places two programs differ."""
    before, after = (each.read_text(encoding="utf-8").splitlines() for each in (one, other))
    changes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return sum(kind != "equal" for kind, *_ in changes)


def test_nearly_every_rule_with_examples_in_python_is_broken_by_one() -> None:
    assert len({name.partition("/")[0] for name in PAIRS}) >= 150


@pytest.mark.parametrize("name", PAIRS)
def test_what_breaks_an_example_breaks_its_rule_alone(name: str) -> None:
    failing, passing = ({each.code for each in outcome_of_all_rules(path).findings} for path in PAIRS[name])
    code = name.partition("/")[0]
    assert code in failing - passing
    if _places(*PAIRS[name]) <= _PLACES:
        assert failing - passing == {code} | ACCOMPANIED.get(name, set())
