"""Whatever is broken in the Python twin of a good architecture, exactly the rule about it fires.

What is hidden instead, by a value that only the run knows, is decided by no rule.
"""

from functools import cache
from pathlib import Path

import pytest

from mlwa_lint.engine.check import Outcome
from mlwa_lint.run.loading import with_documents
from mlwa_lint.run.pipeline import check_project
from tests.frontends.python.programs import load_text
from tests.support.rule_examples import ROOT, all_rules

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
