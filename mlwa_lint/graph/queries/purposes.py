"""What a project is for, where a rule weighs that beyond what all rules do."""

from mlwa_lint.files import PROGRAMS
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.purpose import FOR_LEARNING, MODULES, SHOWN_PURPOSES, UNOPERATED

_TESTED = "tests deploy it, and delete it again"


def is_shown(graph: GraphView) -> bool:
    """Whether a project of templates or Terraform is an example or a test, which is not operated."""
    return graph.graph.project.purpose in SHOWN_PURPOSES


def why_tested(graph: GraphView) -> str:
    """That tests deploy a project; empty where they do not."""
    return _TESTED if graph.graph.project.purpose == "test" else ""


def is_operated(graph: GraphView) -> bool:
    """Whether a project is neither an example, a test nor for development: production may depend on it."""
    return graph.graph.project.purpose in ("deployed", *MODULES)


def why_left_out(graph: GraphView, resource_type: str) -> str:
    """Which default of a variable leaves out resources of a type that the project declares; else empty."""
    return graph.graph.project.left_out.get(resource_type, "")


def why_unoperated(graph: GraphView) -> str:
    """Why a project is not known to be operated; empty where something shows it, or nothing is known.

    An alarm that notifies, scaling, a file or continuous integration for production or staging shows it. What
    is an example or a test weighs less by that.
    """
    project = graph.graph.project
    declared = project.purpose in ("deployed", "development")
    return UNOPERATED if not project.operated and declared else ""


def why_declared_unoperated(resource: ResourceView, graph: GraphView) -> str:
    """The same for what a template or configuration declares: a program weighs by what runs it."""
    return "" if resource.span.path.endswith(PROGRAMS) else why_unoperated(graph)


def is_for_learning(graph: GraphView) -> bool:
    """Whether what is deployed is a workshop, a lab, a course or their like."""
    return graph.graph.project.purpose == "lesson"


def why_for_learning(graph: GraphView) -> str:
    """That what is deployed is a workshop, a lab, a course or their like; empty where it is not."""
    return FOR_LEARNING if is_for_learning(graph) else ""
