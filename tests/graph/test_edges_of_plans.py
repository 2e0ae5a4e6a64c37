"""A plan makes the same edges as the configuration that it is of.

The plans are recorded from Terraform (`scripts/record_edge_plans.py`), each as of a first deployment: most
of what resources refer to is not known then.
"""

import shutil
from pathlib import Path

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.terraform.plan.plan import load as load_plan
from mlwa_lint.frontends.terraform.project import load as load_module
from mlwa_lint.graph.linking.link import link
from mlwa_lint.model.resources import Project
from mlwa_lint.run.loading import with_documents

_EDGES = Path(__file__).parents[1] / "data" / "edges"


def _edges(project: Project) -> set[tuple[str, str, str]]:
    return {(edge.source, edge.target, edge.kind.name) for edge in link(with_documents(project)).edges}


_PLANS = sorted(path.stem for path in _EDGES.glob("*.json"))


def test_there_are_many_of_them() -> None:
    assert len(_PLANS) >= 60
    assert sorted(path.stem for path in _EDGES.glob("*.tf")) == _PLANS


@pytest.mark.parametrize("name", _PLANS)
def test_a_plan_has_the_edges_of_its_configuration(name: str, tmp_path: Path) -> None:
    shutil.copy(_EDGES / f"{name}.tf", tmp_path / "main.tf")
    expected = _edges(load_module(tmp_path, LoadOptions()))
    plan = _EDGES / f"{name}.json"
    assert _edges(load_plan(plan, LoadOptions(), plan.read_text("utf-8"))) == expected
    assert expected
