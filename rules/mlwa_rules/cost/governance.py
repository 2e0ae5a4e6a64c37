"""Cost in general: budgets, cost allocation tags, and self-managed machines."""

from collections.abc import Iterator

from mlwa_lint.graph import jobs
from mlwa_lint.graph.kinds import BUDGET, ENDPOINT, HYPERPOD_CLUSTER, INSTANCE, NOTEBOOK, STUDIO_DOMAIN
from mlwa_lint.graph.machines.instances import is_accelerated
from mlwa_lint.graph.queries import machines
from mlwa_lint.model.resources import STACK_SETTINGS
from mlwa_lint.rule import (
    NO,
    Claim,
    Concern,
    GraphView,
    Remedy,
    ResourceView,
    certainly,
    project_rule,
    rule,
    undecided,
)

# So many resources are named in one message.
_NAMED = 5
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
    concern="deployment",
    practices=("MLCOST04-BP12", "MLCOST06-BP01"),
    on=_COSTLY,
    remedy=Remedy(
        "Add an `AWS::Budgets::Budget` with a limit and a notification.",
        "Add an `aws_budgets_budget` with a limit and a notification.",
    ),
)
def ml_stack_without_budget(graph: GraphView) -> Iterator[Claim]:
    """A project with hosting, notebooks or training declares no budget.

    ML costs grow quickly and by accident: an endpoint that was left running, a tuning job over the weekend. A
    budget warns before the bill arrives.

    Reported once, at the first resource that is billed by the hour: an endpoint, a notebook instance, a
    Studio domain, a HyperPod cluster or a training job. If another project declares the account's budgets,
    ignore this rule.

    See [Managing your costs with AWS
    Budgets](https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html).
    """
    costly = sorted(graph.of_type(*_COSTLY), key=lambda each: (each.span, each.address))
    if costly:
        first = costly[0]
        yield Claim(
            ~graph.declared(BUDGET).exist(),
            first,
            f"the project with {first} declares no budget: one should alert when costs exceed a plan",
        )


@project_rule(
    "MLC502",
    "untagged-ml-resource",
    "low",
    concern="production",
    practices=("MLCOST04-BP12", "MLCOST01-BP01"),
    on=("AWS::SageMaker::*", "AWS::Bedrock::*"),
    remedy=Remedy(
        "Add `Tags: [{Key: Team, Value: ...}]`.",
        'Add `tags = { Team = "..." }`, or `default_tags` to the provider.',
    ),
)
def untagged_ml_resource(graph: GraphView) -> Iterator[Claim]:
    """ML resources have no tags, or lack one that the configuration requires.

    Without tags, costs cannot be attributed to a team, a model or an experiment.

    Without required tags, any tag is enough, and all stacks and configurations of a repository get one
    finding, which lists the untagged resources: what is billed itself, such as an endpoint, a job or a
    notebook, comes first. It is info in examples, in modules that wait for callers, and for what a
    program that nothing operates runs on small instances without an accelerator (below 4xlarge), unless
    it makes a pipeline or gives tags to something else. So is training for a day at most, with the
    transforms of its model, that a person starts by a program which takes no options: all of it is alike,
    whatever else the repository operates, unless a name is for production. It is info as well where all
    of the untagged is paid for elsewhere (a model, a knowledge base, an agent, a guardrail, the
    configuration of a tagged endpoint, a pipeline whose jobs all have tags, or of whose jobs none is
    known), and either nothing else has tags, but for the names of roles and networks, or everything that
    is billed has some. So is a template or configuration whose only cost is one small notebook instance,
    where nothing shows that it is operated: there is no other cost to tell it from.

    With `required-tags` in the configuration, every resource that lacks one is reported. The default tags of
    Terraform's provider count. Tags that are given to a whole CloudFormation stack at deployment are not in
    the template. Without required tags, the rule is undecided where a script of the repository that names the
    template gives tags to its stack (`Tags=`, `--tags`), where a pipeline deploys the template with a
    `TemplateConfiguration` that has tags or is made at deployment, where a program beside the template writes
    such a file (`json.dump` of `Parameters` and `Tags`), and where the files of the repository are too many
    to be searched for these.

    Beside what states no tags, what passes on those of a variable (`tags = var.tags`) is not listed.

    Exceptions: what the steps of a workflow create, types that do not support tags, model packages in a
    model package group, which have the tags of the group and none of their own, and, without required tags,
    projects in which nothing but aliases, code repositories, lifecycle configurations and app image
    configurations, which are not billed, has no tags; and templates beside a `samconfig.toml` with tags.

    See [Tagging best
    practices](https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html).
    """
    from mlwa_lint.graph.queries import tags

    resources = tags.taggable(graph)
    if graph.required_tags:
        for each in resources:
            yield from _lacking(each, graph.required_tags)
        return
    stacks: dict[str, list[ResourceView]] = {}
    for each in filter(tags.is_billed, resources):
        stacks.setdefault(graph.graph.project.roots.get(each.address, ""), []).append(each)
    for billed in stacks.values():
        yield from _untagged(billed, graph)


def _untagged(billed: list[ResourceView], graph: GraphView) -> Iterator[Claim]:
    """What is wrong with the tags of one stack or configuration."""
    from mlwa_lint.graph.queries import tags

    bare = [each for each in billed if certainly(each["Tags"].is_absent())]
    # What passes on a variable needs no edit where others leave tags out.
    bare = [each for each in bare if not tags.passes_variable(each)] or bare
    bare = [each for each in bare if not tags.how_stack_is_tagged(each, graph)] or bare[:1]
    named = sorted(bare, key=lambda each: not tags.is_charged(each, graph))
    listed = ", ".join(map(str, named[:_NAMED]))
    rest = f" and {len(bare) - _NAMED} more" if len(bare) > _NAMED else ""
    bare.sort(key=lambda each: tags.is_reported_after(each, graph))
    for each in bare[:1] or billed:
        own = each["Tags"]
        lacking, purpose = (
            ("have", "them and what they are") if len(bare) > 1 else ("has", "it and what it is")
        )
        message = f"{listed or each}{rest} {lacking} no tags: {own} should state who pays for {purpose} for"
        how = tags.how_stack_is_tagged(each, graph)
        if how.startswith(STACK_SETTINGS):
            return
        tagged = undecided(how) if how else NO
        # Programs tag each resource; a stack, a provider or a module's caller can tag all.
        concern: Concern | None = None if each.language == "python" else "deployment"
        milder = tags.why_not_charged(bare, billed, graph)
        if not milder:
            only = tags.why_only_one if each.language != "python" else tags.why_little
            milder = only(billed, graph)
        yield Claim(own.is_absent() & ~tagged, own, message, concern=concern, milder=milder)


def _lacking(resource: ResourceView, required: tuple[str, ...]) -> Iterator[Claim]:
    from mlwa_lint.graph.queries import tags

    own = resource["Tags"]
    message = f"{resource} has no tags: {own} should have {', '.join(required)}, which the configuration"
    yield Claim(own.is_absent(), own, f"{message} requires")
    for key in required:
        message = f"{resource} has no tag {key}, which the configuration requires: {own} should have it"
        yield Claim(own.is_present() & ~tags.has_key(own, key), own, message)


@rule(
    "MLC503",
    "self-managed-ml-instance",
    "info",
    practices=("MLCOST01-BP02", "MLCOST04-BP02"),
    on=(INSTANCE, machines.LAUNCH_TEMPLATE),
    remedy=Remedy(
        "Run the work as a SageMaker job or endpoint, or on EKS, ECS or Batch.",
        "Run the work as a SageMaker job or endpoint, or on EKS, ECS or Batch.",
    ),
)
def self_managed_ml_instance(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An accelerated EC2 instance is managed by hand.

    It has to be started, stopped, patched and utilized by your team. A managed service runs the same work
    exactly as long as it takes, and scales it.

    Exceptions: instances of EKS, ECS, Batch or ParallelCluster, recognised by tags, user data or image, or
    because a node group, a capacity provider or a compute environment uses the launch template.

    See [Machine Learning Lens: business goal
    identification](https://docs.aws.amazon.com/wellarchitected/latest/machine-learning-lens/cost-business-goal-identification.html).
    """
    data = resource["LaunchTemplateData"] if resource.type == machines.LAUNCH_TEMPLATE else resource
    kind = data["InstanceType"]
    yield Claim(
        kind.test(is_accelerated) & ~machines.is_orchestrated(resource, graph),
        kind,
        f"{resource} is a self-managed {kind.words}: a managed service, paid by use, should run the work",
    )
