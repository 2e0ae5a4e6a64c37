"""EC2 machines: who runs them."""

import base64
import re

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.linking.naming import GAP, outline
from mlwa_lint.graph.queries import tags
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import NO, YES, Answer, answer, some
from mlwa_lint.model.values import Unknown
from mlwa_lint.startup.patterns import lazy

LAUNCH_TEMPLATE = "AWS::EC2::LaunchTemplate"
GROUP = "AWS::AutoScaling::AutoScalingGroup"
# Types that run the machines of a launch template or a group themselves.
_ORCHESTRATORS = (
    "AWS::EKS::",
    "AWS::ECS::",
    "AWS::Batch::",
    "AWS::SageMaker::",
    "AWS::PCS::",
    "aws_eks_",
    "aws_ecs_",
    "aws_batch_",
)
_TAG_KEYS = (
    "kubernetes.io/",
    "k8s.io/",
    "eks:",
    "karpenter.sh/",
    "AmazonECSManaged",
    "ecs:",
    "AWSBatch",
    "parallelcluster:",
    "aws-parallelcluster-",
    "aws:parallelcluster",
)
_JOINING = lazy(
    r"/etc/eks/bootstrap\.sh|node\.eks\.aws|nodeadm|ECS_CLUSTER|/etc/ecs/ecs\.config|kubelet|parallelcluster"
)
_IMAGES = lazy(r"/aws/service/(?:ecs|eks)/|amazon-eks-|amzn2?-ami-ecs|al2023-ami-ecs|parallelcluster")


def is_orchestrated(machine: ResourceView, graph: GraphView) -> Answer:
    """Whether EKS, ECS, Batch or ParallelCluster runs an instance, or those of a launch template."""
    data = machine["LaunchTemplateData"] if machine.type == LAUNCH_TEMPLATE else machine
    users = graph.sources(machine, EdgeKind.REFERS_TO)
    return some(
        (
            tags.any_key(machine["Tags"], _TAG_KEYS),
            data["TagSpecifications"].any_item(lambda each: tags.any_key(each["Tags"], _TAG_KEYS)),
            _matches(data["UserData"], _JOINING),
            _names_image(data["ImageId"]),
            users.any(lambda user: _orchestrates(user, graph)),
        )
    )


def _orchestrates(user: ResourceView, graph: GraphView) -> Answer:
    if user.type.startswith(_ORCHESTRATORS):
        return YES
    if user.type != GROUP:
        return NO
    further = graph.sources(user, EdgeKind.REFERS_TO).any(
        lambda each: answer(each.type.startswith(_ORCHESTRATORS))
    )
    return tags.any_key(user["Tags"], _TAG_KEYS) | further


def _matches(view: View, pattern: re.Pattern[str]) -> Answer:
    """Whether the known pieces of a text match; a text of which nothing is known may."""
    text = outline(view.value)
    if text.strip(GAP):
        return answer(pattern.search(text) is not None or pattern.search(_decoded(text)) is not None)
    return view.is_open()


def _names_image(view: View) -> Answer:
    """Whether an image is one of a service's own: an unknown one needs as much evidence as an id."""
    value = view.value
    identity = value.identity if isinstance(value, Unknown) else ""
    return answer(_IMAGES.search(f"{outline(value)} {identity}") is not None)


def _decoded(text: str) -> str:
    """A text behind Base64, as user data often are; empty when it is none."""
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except ValueError:
        return ""
