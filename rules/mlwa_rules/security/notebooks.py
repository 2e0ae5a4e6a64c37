"""Security of notebook instances."""

from collections.abc import Iterator

from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.rule import Mistake, Remedy, rule

NOTEBOOK = "AWS::SageMaker::NotebookInstance"


@rule(
    "MLS402",
    "notebook-root-access",
    "high",
    practices=("MLSEC03-BP02",),
    on=(NOTEBOOK,),
    remedy=Remedy("Set `RootAccess: Disabled`.", 'Set `root_access = "Disabled"`.'),
)
def notebook_root_access(notebook: ResourceView, graph: GraphView) -> Iterator[Mistake]:
    """A notebook instance lets its users act as root.

    Root can read other users' files and credentials on the instance, and can switch off its logging and
    its lifecycle scripts.

    Root access is on unless it is switched off. Lifecycle configurations run as root all the same, so
    that packages can still be installed there.

    See [Control root access to a SageMaker notebook
    instance](https://docs.aws.amazon.com/sagemaker/latest/dg/nbi-root-access.html).
    """
    access = notebook["RootAccess"]
    yield Mistake(~access.equals("Disabled"), access, f"{notebook} gives its users root access")
