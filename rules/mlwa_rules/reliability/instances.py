"""Reliability of endpoints: enough instances."""

from collections.abc import Iterable, Iterator

from mlwa_lint.graph.kinds import ENDPOINT_CONFIG, INFERENCE_COMPONENT, SCALABLE_TARGET
from mlwa_lint.graph.queries import deployment, hosting, idling
from mlwa_lint.model.report import KEEPS_SEVERAL
from mlwa_lint.model.resources import REPLACED
from mlwa_lint.model.spans import Span
from mlwa_lint.rule import Claim, EdgeKind, GraphView, Remedy, ResourceView, certainly, possibly, rule, set_to

_TO_ZERO = "the project scales it to zero"
_IDLE = "MLC101 reports that its one accelerated instance never rests"


@rule(
    "MLR101",
    "single-instance-endpoint",
    "medium",
    concern="production",
    operational="info",
    subject="scaling",
    practices=("MLREL05-BP01", "MLREL04-BP02"),
    on=(ENDPOINT_CONFIG, INFERENCE_COMPONENT),
    remedy=Remedy("Set `InitialInstanceCount: 2`.", "Set `initial_instance_count = 2`."),
    controls=("SageMaker.4", "sagemaker_endpoint_config_prod_variant_instances"),
)
def single_instance_endpoint(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A real-time variant starts with fewer than two instances, or an inference component with one copy.

    With a single instance, an outage of its Availability Zone or a failure of the instance takes the
    endpoint down. SageMaker spreads two or more instances over several zones.

    A variant that hosts inference components is not checked itself: its components are, by
    `RuntimeConfig.CopyCount`.

    The severity is info where a scalable target with MinCapacity 0 lets a component run on nothing (a
    variant with a model of its own keeps one instance: see MLR104), and low where all that leads to the
    endpoint are queues and state machines, which repeat a failed request, or where a program deletes the
    endpoint before it creates it again: each deployment interrupts it, however many instances it has. An
    endpoint that
    need not respond around the clock should do so rather than have a second instance: where MLC101 reports
    one accelerated instance in an example, a test, an environment for development, or a program whose
    endpoint nothing shows to be operated, the severity is info. So it is for what a program makes, where
    nothing in the project shows that anything depends on the endpoint; it is low where something does, and
    nothing shows that it is operated (a name or an option for production, an event or continuous integration
    that runs the program, several instances, alarms, scaling, monitors). It is info in examples where each
    run of a workflow names a configuration of its own, or where a person deploys the endpoint and nothing of
    the project invokes it.

    Exceptions: serverless, asynchronous and shadow variants, and variants whose scaling keeps at least two
    instances: a scalable target with MinCapacity 2 at every endpoint that uses the configuration, or
    ManagedInstanceScaling with MinInstanceCount 2. For a component, a scalable target with MinCapacity 2.
    Undecided where another program of the project updates the endpoint, or where another one or a template
    keeps two or more instances of an endpoint that may be this one.

    See [Best practices for deploying models on SageMaker AI Hosting
    Services](https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-best-practices.html).
    """
    if resource.type == INFERENCE_COMPONENT:
        yield _single_copy(resource, graph)
        return
    placed = hosting.has_components(resource, graph)
    rests = idling.may_rest(resource, graph)
    unused = idling.why_unused(resource)
    unused = unused or idling.why_named_by_run(resource["EndpointConfigName"], graph)
    endpoints = list(hosting.endpoints_of(resource, graph))
    unused = unused or idling.why_only_shown(endpoints, graph)
    resting = _why_resting(endpoints, graph)
    claims: dict[Span | int, Claim] = {}
    for position, variant in enumerate(hosting.variants(resource)):
        count = variant["InitialInstanceCount"]
        types = hosting.instance_types(variant)
        idle = rests and any(idling.rests_elsewhere(each, variant, graph) for each in types)
        exempt = (
            variant.is_serverless()
            | hosting.is_asynchronous(resource)
            | hosting.keeps_at_least(variant, 2, graph)
            | hosting.may_be_updated(resource)
            | (variant["ModelName"].is_absent() & placed)
            # Without either, it is not said what the variant runs on at all.
            | (count.is_absent() & variant["InstanceType"].is_absent())
        )
        needless = unused or resting or (_IDLE if idle else "")
        claim = Claim(
            count.less_than(2, default=1) & ~exempt,
            count,
            _message(resource, variant),
            "info" if needless else None,
            fix=set_to(count, 2, risk="a second instance costs as much as the first one"),
            lacking=KEEPS_SEVERAL,
            milder=needless
            or _why_repeated(endpoints, graph)
            or _why_replaced(endpoints)
            or idling.why_untended(resource),
        )
        # What several variants of a program take from one place is one edit: the last one stands for them.
        place = count.span if resource.language == "python" else position
        if place not in claims or possibly(claim.answer):
            claims[place] = claim
    yield from claims.values()


def _message(config: ResourceView, variant: hosting.Variant) -> str:
    count = variant["InitialInstanceCount"]
    if certainly(count.is_absent()):
        return (
            f"{config} does not state how many instances {variant} starts with: {count} should be 2 or more"
        )
    return f"{config} starts {variant} with {count.words or 1} instance: {count} should be 2 or more"


def _why_replaced(endpoints: Iterable[ResourceView]) -> str:
    """Why a second instance would not keep an endpoint available: each deployment deletes it first."""
    return next((text for each in endpoints if (text := each.attributes[REPLACED].text)), "")


def _why_repeated(endpoints: Iterable[ResourceView], graph: GraphView) -> str:
    """Why one instance may suffice for a configuration: all requests to its endpoints are retried."""
    reasons = [deployment.why_repeated(each, graph) for each in endpoints]
    return reasons[0] if reasons and all(reasons) else ""


def _why_resting(scaled: Iterable[ResourceView], graph: GraphView) -> str:
    """Why one instance or copy is meant: all that is scaled runs on none at times; empty elsewhere.

    A variant with a model of its own keeps one instance whatever its limits are, as MLR104 reports.
    """
    scaled = list(scaled)
    kept = (hosting.config_of(each, graph).any(idling.keeps_an_instance) for each in scaled)
    if any(map(certainly, kept)):
        return ""
    resting = [deployment.scales_to_zero(each, graph) for each in scaled]
    return _TO_ZERO if resting and all(resting) else ""


def _single_copy(component: ResourceView, graph: GraphView) -> Claim:
    copies = component["RuntimeConfig.CopyCount"]
    targets = graph.sources(component, EdgeKind.SCALES, SCALABLE_TARGET)
    scaled = targets.any(lambda target: target["MinCapacity"].at_least(2))
    # What is placed on a base component (a LoRA adapter) runs where that one does.
    adapter = component["Specification.BaseInferenceComponentName"].is_present()
    wrong = copies.less_than(2, default=1) & ~scaled & ~adapter
    message = f"{component} starts with {copies.words or 1} copy of its model"
    remedy = Remedy("Set `RuntimeConfig: {CopyCount: 2}`.", "Set `runtime_config = { copy_count = 2 }`.")
    resting = _why_resting([component], graph)
    host = idling.only_instance_of(component, graph)
    if host is not None:
        idle = idling.may_rest(host.config, graph) and any(
            idling.rests_elsewhere(each, host, graph) for each in hosting.instance_types(host)
        )
        unused = idling.why_unused(host.config)
        place = host["InitialInstanceCount"]
        needless = unused or resting or (_IDLE if idle else "")
        return Claim(
            wrong,
            copies,
            f"{message}, on one instance: {copies} and {place} should be 2 or more",
            "info" if needless else None,
            remedy=remedy,
            related=((place, "the instance"),),
            milder=needless,
        )
    return Claim(
        wrong,
        copies,
        f"{message}: {copies} should be 2 or more",
        "info" if resting else None,
        remedy=remedy,
        fix=set_to(copies, 2, risk="a second copy may need another instance"),
        milder=resting,
    )
