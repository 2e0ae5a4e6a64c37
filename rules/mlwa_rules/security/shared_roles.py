"""Roles that training and hosting share."""

from collections.abc import Iterator

from mlwa_lint.graph import jobs
from mlwa_lint.graph.kinds import MODEL
from mlwa_lint.graph.queries import hosting, roles
from mlwa_lint.graph.queries.permissions import known_roles_of
from mlwa_lint.model.findings import Severity
from mlwa_lint.rule import (
    Answer,
    Claim,
    EdgeKind,
    GraphView,
    Remedy,
    ResourceView,
    View,
    certainly,
    possibly,
    rule,
    some,
)
from mlwa_rules.security.breadth import is_administrative, is_limited

_LIMITED = "the role is limited to certain actions and resources"
_SINGLE = "the project has a single role, and no endpoint that others depend on"


@rule(
    "MLS503",
    "training-and-hosting-share-role",
    "high",
    concern="production",
    practices=("MLSEC03-BP01", "MLSEC04-BP01"),
    on=(MODEL,),
    remedy=Remedy(
        "Give the model a separate role: `ExecutionRoleArn: !GetAtt HostingRole.Arn`.",
        "Give the model a separate role: `execution_role_arn = aws_iam_role.hosting.arn`.",
    ),
)
def training_and_hosting_share_role(model: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A hosted model uses the same execution role as training, a pipeline, a notebook or Studio.

    A model needs little more than read access to its artifact; with the role of training, a manipulated
    request or model can reach the training data, and a notebook user can act as production.

    The rule compares the execution roles of models with those of training, tuning and AutoML jobs (also in
    Step Functions and pipelines), of pipelines, notebook instances, Studio domains and user profiles. The
    same ARN or the same parameter is the same role. Several models with one role are one finding.

    The severity is high where people act with the role, in a notebook instance or Studio, and medium where
    only jobs and pipelines do. It is medium as well where the role is certainly limited (all of its policies
    are known, and they allow no wildcard of a service on every resource, no writing to every bucket, no
    changes of IAM, no passing of any role and none of AWS's full-access policies), and in a project with a
    single role where no endpoint that others depend on uses it (no endpoint, or one instance that nothing
    scales or calls), unless that role may do everything or administer IAM.

    Exceptions: Not reported for a model that transform jobs of the project use and no endpoint configuration
    hosts.

    See [How to use SageMaker AI execution
    roles](https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html).
    """
    own = model["ExecutionRoleArn"]
    hosted = _may_be_hosted(model, graph)
    if not possibly(hosted):
        return
    found = roles.same_of_development(own, graph)
    shared = [role for role, same in found if certainly(same)]
    others = _hosted_with(own, graph) if shared and certainly(hosted) else []
    if any(other.order < model.order for other in others):  # the finding is reported there
        return
    models = f"{model} and {_counted(len(others), 'other model')} use" if others else f"{model} uses"
    message = f"{models} the same role as {_names(shared)}: {own} should name a separate role"
    related = [(role, f"{role.holder} uses the same role") for role in shared]
    related += [(other["ExecutionRoleArn"], f"{other} uses the same role") for other in others]
    by_people = any(role.holder.type in roles.INTERACTIVE for role in shared)
    severity: Severity | None = None if by_people else "medium"
    milder = _why_less_is_at_stake([model, *others], own, graph) if by_people else ""
    answered = hosted & some(same for _, same in found)
    yield Claim(answered, own, message, severity, tuple(related), milder=milder)


def _why_less_is_at_stake(models: list[ResourceView], own: View, graph: GraphView) -> str:
    """Why people who act with the role of some models gain little by it; empty where that is not shown."""
    shared = known_roles_of(own.holder, graph)
    if shared and all(is_limited(role, graph) for role in shared):
        return _LIMITED
    if any(possibly(is_administrative(role, graph)) for role in shared):
        return ""
    depended_on = any(hosting.is_depended_on(model, graph) for model in models)
    return _SINGLE if not depended_on and roles.is_only_one(own, graph) else ""


def _may_be_hosted(model: ResourceView, graph: GraphView) -> Answer:
    transforms = graph.sources(model, EdgeKind.READS, jobs.TRANSFORM).exist()
    return hosting.configs_serving(model, graph).exist() | ~transforms


def _hosted_with(own: View, graph: GraphView) -> list[ResourceView]:
    """The other models, declared elsewhere, that are hosted with the same role for certain."""
    return [
        other
        for other in graph.of_type(MODEL)
        if other.span != own.resource.span
        and certainly(roles.is_same(own, other["ExecutionRoleArn"], graph))
        and certainly(_may_be_hosted(other, graph))
    ]


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _names(shared: list[View]) -> str:
    """Whose roles they are, the first few by name."""
    names = list(dict.fromkeys(str(role.holder) for role in shared))
    return " and ".join(names) if len(names) < 3 else f"{names[0]} and {len(names) - 1} others"
