"""The architectures and deployments under `fixtures/`: the findings of all rules in them."""

import re
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from mlwa_lint.discovery.target import Target
from mlwa_lint.engine.check import Outcome
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.evaluation import check_project
from mlwa_lint.run.loading import load
from tests.support.rule_examples import all_rules

ROOT = Path(__file__).parent.parent.parent
ARCHITECTURES = ROOT / "fixtures" / "architectures"
DEPLOYMENTS = ROOT / "fixtures" / "deployments"
NAMES = ("image-analysis", "data-lake-endpoint", "edge-deployment", "agent-assistant")
# Rules about a project as a whole, which report at whatever comes first.
ABOUT_PROJECTS = frozenset({"MLC501", "MLC502", "MLO501"})

_STEP = re.compile(r'(?:module\.)?(?P<name>\w+?)(?:\[(?P<key>"\w+"|\d+)\])?$')


class Stated(NamedTuple):
    """One rule's finding, without the words."""

    place: str
    code: str
    address: str

    def __str__(self) -> str:
        return f"{self.place} {self.code} {self.address}"


def _kind(path: Path) -> Literal["cloudformation", "terraform", "plan"]:
    if path.is_dir():
        return "terraform"
    return "plan" if path.parent.name == "plans" else "cloudformation"


@cache
def outcome_of(path: Path) -> Outcome:
    """The findings of all rules in a template, a Terraform folder or a plan."""
    (project,) = load(Target(_kind(path), str(path)), LoadOptions())
    assert not project.problems
    assert not project.partial
    outcome = check_project(project, all_rules())
    assert not outcome.errors
    return outcome


def findings_of(path: Path, base: Path) -> list[str]:
    """The findings as `expected.txt` writes them: `careless/main.tf:12 MLS101 aws_….x`."""
    found = []
    for finding in outcome_of(path).findings:
        name = Path(finding.span.path).resolve().relative_to(base.resolve())
        found.append(str(Stated(f"{name}:{finding.span.line}", finding.code, finding.address)))
    return found


def expected(base: Path, start: str) -> list[str]:
    """The lines of a folder's `expected.txt` about a template or a Terraform folder."""
    lines = (base / "expected.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line.startswith((f"{start}:", f"{start}/"))]


def logical(address: str) -> str:
    """What a resource is called in both languages: `aws_s3_bucket.log_bucket` is `LogBucket`.

    An instance's key comes first (`model["champion"]` is `ChampionModel`); a module's only resource `this`
    is called as the module; a step of a workflow is named after it.
    """
    own, slash, step = address.partition("/")
    if "." in own:
        pieces = [piece for piece in own.split(".") if piece not in ("module", "this")]
        names = [piece for piece in pieces if not piece.startswith("aws_")]
        match = _STEP.match(names[-1])
        assert match is not None
        words = [*(match["key"] or "").strip('"').split("_"), *match["name"].split("_")]
        own = "".join(word[:1].upper() + word[1:] for word in words)
    return own + slash + step


def codes_by_resource(outcome: Outcome) -> list[tuple[str, str]]:
    """The codes and the logical resources that they are about, sorted."""
    return sorted(
        (each.code, "" if each.code in ABOUT_PROJECTS else logical(each.address)) for each in outcome.findings
    )
