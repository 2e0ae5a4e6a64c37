"""Graphs of templates written in tests."""

from pathlib import Path

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.graph.linking.link import link
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.worlds import World
from mlwa_lint.model.resources import Project


def linked(project: Project) -> GraphView:
    """The graph of a project, in a world where no condition has been decided."""
    return GraphView(link(project), World(project.scenarios, {}))


def graph_of_template(text: str) -> GraphView:
    """The graph of a template that has no problems."""
    project = load(Path("t.yaml"), LoadOptions(), text)
    assert not project.problems
    return linked(project)
