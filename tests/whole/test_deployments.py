"""One template for each way to deploy: the findings of the rules, and the labels in the graph."""

from pathlib import Path

import pytest

from mlwa_lint.discovery.target import Target
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.graph.kinds import ENDPOINT
from mlwa_lint.graph.linking.link import link
from mlwa_lint.graph.queries.deployment import labels_of
from mlwa_lint.run.loading import load
from tests.support import architectures
from tests.support.architectures import DEPLOYMENTS

# How the graph calls each.
LABELS = {
    "standard": ("standard",),
    "blue-green": ("blue-green",),
    "canary": ("canary",),
    "a-b": ("a-b", "canary"),
}
# Rules on deployment that fire all the same: an endpoint that is updated at once is what they warn of.
MEANT = {
    "standard": {"MLR107"},
    "blue-green": {"MLR107"},
    "canary": set(),
    "a-b": set(),
}
FORMS = ("{}.yaml", "{}")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", LABELS)
def test_a_deployment_gives_exactly_the_expected_findings(name: str, form: str) -> None:
    path = form.format(name)
    assert architectures.findings_of(DEPLOYMENTS / path, DEPLOYMENTS) == architectures.expected(
        DEPLOYMENTS, path
    )


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", LABELS)
def test_only_updates_at_once_break_a_rule_on_hosting(name: str, form: str) -> None:
    outcome = architectures.outcome_of(DEPLOYMENTS / form.format(name))
    fired = {each.code for each in outcome.findings if each.code.startswith(("MLR1", "MLO1"))}
    assert fired == MEANT[name]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", LABELS)
def test_the_graph_names_the_strategy(name: str, form: str) -> None:
    assert _labels(DEPLOYMENTS / form.format(name)) == [LABELS[name]]


@pytest.mark.parametrize("name", LABELS)
def test_a_deployment_is_the_same_in_both_languages(name: str) -> None:
    template, folder = (architectures.outcome_of(DEPLOYMENTS / form.format(name)) for form in FORMS)
    assert architectures.codes_by_resource(template) == architectures.codes_by_resource(folder)
    assert template.resources == folder.resources


def _labels(path: Path) -> list[tuple[str, ...]]:
    (project,) = load(Target("terraform" if path.is_dir() else "cloudformation", str(path)), LoadOptions())
    graph = link(project)
    return [labels_of(each, graph) for each in graph.by_type[ENDPOINT]]
