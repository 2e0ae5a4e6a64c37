"""What a project is for, where a rule weighs that beyond what all rules do."""

from mlwa_lint.graph.relations import GraphView
from mlwa_lint.model.purpose import Purpose, purpose_of


def is_shown(graph: GraphView) -> bool:
    """Whether a project of templates or Terraform is an example or a test, which nobody operates."""
    return _purpose(graph) in ("example", "test")


def is_operated(graph: GraphView) -> bool:
    """Whether a project is neither an example, a test nor for development: production may depend on it."""
    return _purpose(graph) in ("deployed", "module")


def _purpose(graph: GraphView) -> Purpose:
    project = graph.graph.project
    return purpose_of(project.place or project.root, project.reusable, project.teaches or project.tries)
