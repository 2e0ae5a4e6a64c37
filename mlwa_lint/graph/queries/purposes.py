"""What a project is for, where a rule weighs that beyond what all rules do."""

from mlwa_lint.graph.relations import GraphView
from mlwa_lint.model.purpose import purpose_of


def is_shown(graph: GraphView) -> bool:
    """Whether a project of templates or Terraform is an example or a test, which nobody operates."""
    project = graph.graph.project
    return purpose_of(project.root, project.reusable, project.teaches) in ("example", "test")
