"""Reliability of links by name: names that lead nowhere."""

from collections.abc import Iterator

from mlwa_lint.graph.kinds import ALARM, ENDPOINT, ENDPOINT_CONFIG, EVENT_RULE, SCALABLE_TARGET
from mlwa_lint.graph.queries import events, naming
from mlwa_lint.model.values import Unknown
from mlwa_lint.rule import Claim, GraphView, Remedy, ResourceView, rule


@rule(
    "MLR127",
    "name-that-links-nothing",
    "high",
    practices=("MLREL04-BP01",),
    on=(ENDPOINT, SCALABLE_TARGET, ALARM, EVENT_RULE),
    remedy=Remedy(
        "Refer to the resource: `!GetAtt ChurnEndpoint.EndpointName`.",
        "Refer to the resource: `aws_sagemaker_endpoint.churn.name`.",
    ),
)
def name_that_links_nothing(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A name is given that no resource has: another kind of name, or the logical name of a resource.

    The deployment fails because the named endpoint does not exist, or an alarm watches nothing and stays in
    INSUFFICIENT_DATA.

    The rule checks the configuration that an endpoint names, the endpoint in the ResourceId of a scalable
    target, and the endpoint among the dimensions of an alarm. The rule reports a reference to a resource of
    another type, the known name of a resource of another type (such as that of the endpoint configuration),
    and a text that is the logical id, or the local name in Terraform, of the only resource of the right type,
    which has another name.

    It also checks the status that a rule of EventBridge compares in events of SageMaker: each type of event
    has a status of its own (`ModelApprovalStatus` of a model package, `currentPipelineExecutionStatus` of a
    pipeline), and a rule that waits for another one (`CurrentStatus`) starts nothing.

    The service returns "Could not find endpoint" or "Could not find endpoint configuration" for names that do
    not exist.

    See [CreateEndpoint](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html),
    [Register a
    model](https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-prerequisites.html) and
    [Events that SageMaker AI
    sends](https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html).
    """
    if resource.type == EVENT_RULE:
        yield from _unknown_statuses(resource)
        return
    for view, value, wanted in naming.hosting_names(resource):
        kind = "an endpoint configuration" if wanted == ENDPOINT_CONFIG else "an endpoint"
        if naming.is_linked(resource, view, wanted, graph):
            continue
        if isinstance(view.value, Unknown) and not view.value.parts:
            yield Claim(view.is_open(), view, f"{resource} may name no resource: {view}")
        for other in naming.mistaken_for(value, wanted, graph):
            message = f"{resource} names {other}, but {view} must be the name of {kind}"
            yield Claim(naming.is_only_name_of(value, other, wanted, graph), view, message)
        found = naming.meant_by_logical_name(value, wanted, graph)
        if found is not None:
            meant, another = found
            own = meant[naming.NAME_PROPERTIES[wanted]].text or "generated at deployment"
            message = f"{resource} names {meant} as {value.text}, but its name is {own}:"
            yield Claim(another, view, f"{message} {view} should refer to it")


def _unknown_statuses(rule: ResourceView) -> Iterator[Claim]:
    """Statuses that a rule of EventBridge compares, and the events that it waits for do not have."""
    for view, field, kinds, fields in events.unknown_statuses(rule):
        message = (
            f"{rule} starts nothing: no event of the type {' or '.join(kinds)} has the field {field}; "
            f"its detail should compare {' or '.join(fields)}"
        )
        remedy = Remedy(f"Compare `{fields[0]}` in `detail`.", f"Compare `{fields[0]}` in `detail`.")
        yield Claim(events.is_of_sagemaker(rule) & view.is_present(), view, message, remedy=remedy)
