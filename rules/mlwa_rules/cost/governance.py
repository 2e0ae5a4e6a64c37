"""Cost in general: budgets, tags to tell costs apart, and machines that nobody manages."""

from collections.abc import Iterator

from mlwa_lint.graph import jobs
from mlwa_lint.graph.kinds import BUDGET, ENDPOINT, HYPERPOD_CLUSTER, NOTEBOOK, STUDIO_DOMAIN
from mlwa_lint.graph.machines.instances import accelerator
from mlwa_lint.graph.queries import machines, tags
from mlwa_lint.rule import Claim, GraphView, Remedy, ResourceView, project_rule, rule

_COSTLY = (
    ENDPOINT,
    NOTEBOOK,
    STUDIO_DOMAIN,
    HYPERPOD_CLUSTER,
    *jobs.TRAINING_TYPES,
)


@project_rule(
    "MLC501",
    "ml-stack-without-budget",
    "info",
    practices=("MLCOST04-BP12", "MLCOST06-BP01"),
    on=_COSTLY,
    remedy=Remedy(
        "Add an `AWS::Budgets::Budget` with a limit and a notification.",
        "Add an `aws_budgets_budget` with a limit and a notification.",
    ),
)
def ml_stack_without_budget(graph: GraphView) -> Iterator[Claim]:
    """A project with hosting, notebooks or training declares no budget.

    ML costs grow quickly and by accident: an endpoint that was left running, a tuning job over the
    weekend. A budget tells before the bill does.

    Reported once, at the first resource that costs by the hour: an endpoint, a notebook instance, a Studio
    domain, a HyperPod cluster or a training job. Where another project declares the account's budgets,
    leave the rule out.

    See [Managing your costs with AWS
    Budgets](https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html).
    """
    costly = sorted(graph.of_type(*_COSTLY), key=lambda each: (each.span, each.address))
    if costly:
        first = costly[0]
        yield Claim(
            ~graph.declared(BUDGET).exist(),
            first,
            f"the project with {first} declares no budget: one should warn before the costs run away",
        )


@rule(
    "MLC502",
    "untagged-ml-resource",
    "low",
    practices=("MLCOST04-BP12", "MLCOST01-BP01"),
    on=("AWS::SageMaker::*", "AWS::Bedrock::*"),
    remedy=Remedy("Add `Tags: [{Key: Team, Value: ...}]`.", 'Add `tags = { Team = "..." }`.'),
)
def untagged_ml_resource(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An ML resource has no tags, or misses one that the configuration asks for.

    Only tags tell whose model and whose experiment the money goes to.

    Which keys are required, the configuration says (`required-tags`); without it any tag will do. The
    default tags of Terraform's provider count. Tags that are given to a whole CloudFormation stack when it
    is deployed are not in the template and cannot be seen. What a workflow's steps create is left out, and
    so are types that take no tags.

    See [Tagging best
    practices](https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html).
    """
    if not tags.is_taggable(resource) or jobs.workflows_of(resource, graph).related:
        return
    own = resource["Tags"]
    yield Claim(
        own.is_absent(), own, f"{resource} has no tags: {own} should say who pays for it and what it is for"
    )
    for key in graph.required_tags:
        yield Claim(
            own.is_present() & ~tags.has_key(own, key),
            own,
            f"{resource} has no tag {key}, which the configuration requires: {own} should have it",
        )


@rule(
    "MLC503",
    "self-managed-ml-instance",
    "info",
    practices=("MLCOST01-BP02", "MLCOST04-BP02"),
    on=(machines.INSTANCE, machines.LAUNCH_TEMPLATE),
    remedy=Remedy(
        "Run the work as a SageMaker job or endpoint, or on EKS, ECS or Batch.",
        "Run the work as a SageMaker job or endpoint, or on EKS, ECS or Batch.",
    ),
)
def self_managed_ml_instance(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An accelerated EC2 instance is managed by hand.

    Somebody has to start, stop, patch and fill it. A managed service runs the same work for as long as it
    takes, and scales it.

    Silent when it belongs to EKS, ECS, Batch or ParallelCluster: by its tags, by what its user data or its
    image say, or because a node group, a capacity provider or a compute environment uses its launch
    template.

    See [Machine Learning Lens: business goal
    identification](https://docs.aws.amazon.com/wellarchitected/latest/machine-learning-lens/cost-business-goal-identification.html).
    """
    data = resource["LaunchTemplateData"] if resource.type == machines.LAUNCH_TEMPLATE else resource
    kind = data["InstanceType"]
    yield Claim(
        kind.test(lambda text: accelerator(text) is not None) & ~machines.is_orchestrated(resource, graph),
        kind,
        f"{resource} runs {kind.text} by hand: {kind} should be of a managed service that is paid by use",
    )
