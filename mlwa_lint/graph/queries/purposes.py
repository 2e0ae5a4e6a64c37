"""What a project is for, where a rule weighs that beyond what all rules do."""

from mlwa_lint.graph.relations import GraphView


def is_shown(graph: GraphView) -> bool:
    """Whether a project of templates or Terraform is an example or a test, which is not operated."""
    return graph.graph.project.purpose in ("example", "test")


def is_operated(graph: GraphView) -> bool:
    """Whether a project is neither an example, a test nor for development: production may depend on it."""
    return graph.graph.project.purpose in ("deployed", "module")
