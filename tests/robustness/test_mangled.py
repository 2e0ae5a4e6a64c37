"""Whatever a source contains, the way from its text to findings ends without an internal error."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.discovery.recognition import kind_of
from mlwa_lint.frontends.cloudformation.stacks.project import load as load_template
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.terraform.plan.plan import load as load_plan
from mlwa_lint.frontends.terraform.project import load as load_module
from mlwa_lint.model.resources import Project
from mlwa_lint.run.evaluation import check_project
from mlwa_lint.run.loading import with_documents

ROOT = Path(__file__).parent.parent.parent
RULES = load_rules().rules
OPTIONS = LoadOptions()
PIECES = [
    *"{}[]()\"'$%!&*?:,-#<>=|\\\n\t \0\x1b\u2028\ufeff\udc80",
    "${",
    "!Ref ",
    "!If [",
    "Fn::ForEach::X",
    "<<: *a",
    "&a ",
    "null",
    "true",
    "-1",
    "1e999",
    "9" * 400,
    "AWS::NoValue",
    "for x in y : ",
    "...",
    "<<EOT\n",
    "States",
    "$.",
    '{"Get": "Steps.A"}',
]


def seeds(*patterns: str) -> list[str]:
    found = [path for pattern in patterns for path in sorted(ROOT.glob(pattern))]
    return [path.read_text(encoding="utf-8") for path in found[:: max(1, len(found) // 40)]]


def mangled(texts: list[str]) -> st.SearchStrategy[str]:
    """Texts in which pieces are cut out, doubled, moved and put in."""

    @st.composite
    def strategy(draw: st.DrawFn) -> str:
        text = draw(st.sampled_from(texts))
        for _ in range(draw(st.integers(1, 4))):
            start = draw(st.integers(0, max(len(text) - 1, 0)))
            end = min(len(text), start + draw(st.integers(0, 60)))
            piece = draw(st.one_of(st.sampled_from(PIECES), st.just(text[start:end] * 2), st.just("")))
            place = draw(st.sampled_from([start, end, 0, len(text)]))
            text = text[:start] + text[end:]
            text = text[:place] + piece + text[place:]
        return text

    return strategy()


def lint(project: Project) -> None:
    outcome = check_project(with_documents(project), RULES)
    assert outcome.errors == ()


def template(text: str, _: Path) -> None:
    kind_of(text.encode("utf-8", "surrogateescape"), named=True)
    lint(load_template(Path("t.yaml"), OPTIONS, text))


def as_json(text: str, _: Path) -> None:
    lint(load_template(Path("t.json"), OPTIONS, text))


def module(text: str, folder: Path) -> None:
    folder.joinpath("main.tf").write_bytes(text.encode("utf-8", "surrogateescape"))
    lint(load_module(folder, OPTIONS))


def plan(text: str, _: Path) -> None:
    lint(load_plan(Path("plan.json"), OPTIONS, text))


def _defined(resource_type: str, properties: dict[str, object]) -> None:
    resources = {"R": {"Type": resource_type, "Properties": properties}}
    lint(load_template(Path("t.json"), OPTIONS, json.dumps({"Resources": resources})))


def states(text: str, _: Path) -> None:
    _defined("AWS::StepFunctions::StateMachine", {"DefinitionString": text})


def pipeline(text: str, _: Path) -> None:
    _defined("AWS::SageMaker::Pipeline", {"PipelineDefinition": {"PipelineDefinitionBody": text}})


READERS: dict[str, tuple[Callable[[str, Path], None], tuple[str, ...]]] = {
    "yaml": (template, ("fixtures/rules/*/*.yaml",)),
    "json": (as_json, ("fuzz/seeds/json/*", "fixtures/cdk/**/*.template.json")),
    "hcl": (module, ("fixtures/rules/*/*.tf",)),
    "plan": (plan, ("fuzz/seeds/plan/*",)),
    "states": (states, ("fuzz/seeds/states/*",)),
    "pipeline": (pipeline, ("fuzz/seeds/pipeline/*",)),
}


@pytest.mark.parametrize("name", READERS)
def test_mangled_sources(name: str, tmp_path: Path) -> None:
    read, patterns = READERS[name]
    texts = seeds(*patterns)
    assert texts
    for text in texts[:3]:
        read(text, tmp_path)

    @settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(mangled(texts))
    def never_raises(text: str) -> None:
        read(text, tmp_path)

    never_raises()
