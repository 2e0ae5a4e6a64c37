"""Performance of instances: current generations, steady CPUs, and images that match the accelerator."""

from collections.abc import Iterator
from functools import partial

from mlwa_lint.graph import images, jobs
from mlwa_lint.graph.kinds import ENDPOINT_CONFIG, MODEL, NOTEBOOK
from mlwa_lint.graph.machines.instances import (
    USES_OF_JOBS,
    Use,
    is_burstable,
    is_offered,
    nearest,
    replacement,
    size,
    successor,
)
from mlwa_lint.graph.queries import hosting, idling
from mlwa_lint.graph.queries.images import with_repository
from mlwa_lint.model.resources import NO_GPU, OLD_CUDA, SCRIPT
from mlwa_lint.rule import (
    NO,
    Answer,
    Claim,
    EdgeKind,
    GraphView,
    Remedy,
    ResourceView,
    View,
    certainly,
    every,
    possibly,
    rule,
    some,
)

# What needs CUDA 11, and the youngest GPUs for what was built before.
_AMPERE = ("g5", "p4d")
_TURING = "g4dn"


def _types_of(resource: ResourceView) -> Iterator[tuple[View, Use]]:
    """The instance types that a resource names, and what it uses them for."""
    if resource.type == ENDPOINT_CONFIG:
        for variant in (*hosting.variants(resource), *hosting.shadow_variants(resource)):
            yield from ((each, "hosting") for each in hosting.instance_types(variant))
    elif resource.type == NOTEBOOK:
        yield resource["InstanceType"], "notebook"
    for job in jobs.of(resource):
        yield from ((each.type, USES_OF_JOBS.get(job.kind, "training")) for each in job.instances)


@rule(
    "MLP101",
    "previous-generation-instance",
    "low",
    literal=True,
    practices=("MLPERF04-BP01", "MLCOST05-BP02", "MLSUS05-BP02"),
    on=(ENDPOINT_CONFIG, NOTEBOOK, *jobs.JOB_TYPES),
    remedy=Remedy("Set `InstanceType: ml.m6i.xlarge`.", 'Set `instance_type = "ml.m6i.xlarge"`.'),
    facts=("hardware",),
)
def previous_generation_instance(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An instance type is of a previous generation.

    Current generations do the same work faster, for less money and with less energy, and AWS adds capacity
    only for them.

    Previous generations are those that AWS lists as such (m4, c4, r4, t2, p2, p3, g3) and inf1, whose
    successor is inf2. The fifth generation (m5, c5, r5) is current. To images of frameworks built before
    CUDA 11 (all of Chainer, MXNet before 1.8, PyTorch before 1.7, TensorFlow before 2.4), which do not run on
    the GPUs of g5 and p4d, the rule proposes g4dn. Of an image of the account's own, the `framework_version`
    beside it counts. For an image that the project of a Python program builds itself, the base image of its
    Dockerfile and the requirements beside it count (`FROM nvidia/cuda:10.2-…`, `tensorflow-gpu==1.15`). The
    severity is info for an endpoint that a notebook deletes again.

    Exceptions: endpoints on ml.t2, the only burstable family that SageMaker hosts on (see MLP102), and types
    that SageMaker does not offer for the use (see MLR120).

    See [Previous generation instances](https://aws.amazon.com/ec2/previous-generation/) and [Inference
    cost optimization best
    practices](https://docs.aws.amazon.com/sagemaker/latest/dg/inference-cost-optimization.html).
    """
    before_ampere = any(images.precedes_ampere(each) for each in _images_of(resource, graph))
    before_ampere = before_ampere or any(certainly(each) for each in _built_before(resource, graph))
    for view, use in _types_of(resource):
        family = replacement(_first(view), use)
        if family in _AMPERE and before_ampere:
            family = _TURING
        yield Claim(
            view.test(lambda text: successor(text) is not None)
            & view.test(partial(is_offered, use=use))
            & ~_is_only_choice(view, use),
            view,
            f"{resource} runs on {view.words}, a type of a previous generation: {view} should be of the "
            f"family ml.{family} or another current one",
            remedy=_replacing(view, family, use),
            # What a notebook deletes again costs little more for it.
            concern="cost" if resource.span.path.endswith(".ipynb") else None,
        )


def _is_only_choice(kind: View, use: Use) -> Answer:
    """Whether SageMaker offers no other burstable family for a use."""
    return kind.test(is_burstable) if use == "hosting" else NO


def _first(view: View) -> str:
    return next(iter(view.texts), "")


def _images_of(resource: ResourceView, graph: GraphView) -> list[View]:
    """The container images that run on the instances of a resource."""
    found = [image for job in jobs.of(resource) for image in job.images]
    return [*found, *(image for model in _models_of(resource, graph) for image in hosting.images_of(model))]


def _models_of(resource: ResourceView, graph: GraphView) -> Iterator[ResourceView]:
    """The models that an endpoint serves, or that a transform job runs."""
    if resource.type == ENDPOINT_CONFIG:
        for variant in hosting.variants(resource):
            yield from hosting.model_of(variant, graph)
    elif any(job.model is not None for job in jobs.of(resource)):
        yield from graph.targets(resource, EdgeKind.READS, MODEL)


def _built_before(resource: ResourceView, graph: GraphView) -> Iterator[Answer]:
    """Whether the project builds the images of a resource with a CUDA before 11."""
    yield resource[OLD_CUDA].is_present()
    yield from (model[OLD_CUDA].is_present() for model in _models_of(resource, graph))


def _replacing(view: View, family: str, use: Use) -> Remedy:
    """The remedy with a type of the same kind and, where there is one, of the same size."""
    kind = _first(view)
    wanted = nearest(family, size(kind), use)
    name = view.path[-1] if view.path else "InstanceType"
    return Remedy(f"Set `{name}: {wanted}`.", f'Set `instance_type = "{wanted}"`.')


@rule(
    "MLP102",
    "burstable-endpoint-instance",
    "medium",
    concern="production",
    operational=True,
    practices=("MLPERF04-BP01", "MLCOST05-BP03"),
    on=(ENDPOINT_CONFIG,),
    remedy=Remedy("Set `InstanceType: ml.c6i.large`.", 'Set `instance_type = "ml.c6i.large"`.'),
    facts=("hardware",),
)
def burstable_endpoint_instance(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A real-time variant runs on a burstable instance.

    When its CPU credits run out under load, its latency rises sharply, just when most requests arrive.
    SageMaker does not scale such instances either.

    The severity is low where a program makes the endpoint and nothing in the project shows that it is
    operated, and info where, besides, nothing depends on it or the project deletes it again: the cheapest
    instance is a choice then.

    Exceptions: asynchronous endpoints, where requests wait in a queue, and serverless and shadow variants. A
    type that SageMaker does not offer for endpoints (ml.t3) is left to MLR120.

    See [Burstable performance
    instances](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances.html).
    """
    for variant in hosting.variants(config):
        for view in hosting.instance_types(variant):
            passing = idling.why_passing(config)
            yield Claim(
                view.test(_is_burstable_endpoint) & ~hosting.is_asynchronous(config),
                view,
                f"{config} serves {variant} on {view.words}, which slows down when its CPU "
                f"credits run out: {view} should be a type such as ml.c6i.large or ml.m6i.large",
                severity="info" if passing else None,
                milder=passing or idling.why_untended(config),
            )


def _is_burstable_endpoint(text: str) -> bool:
    return is_burstable(text) and is_offered(text, "hosting")


@rule(
    "MLP103",
    "accelerator-image-mismatch",
    "high",
    practices=("MLPERF04-BP01",),
    on=(ENDPOINT_CONFIG, *jobs.JOB_TYPES),
    remedy=Remedy(
        "Choose an `Image` that is built for the accelerator of `InstanceType`, or another type.",
        "Choose an `image` that is built for the accelerator of `instance_type`, or another type.",
        "Choose a container image that is built for the accelerator of `InstanceType`, or another type.",
    ),
)
def accelerator_image_mismatch(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A container image is built for different hardware than it runs on.

    A GPU or Neuron image on an instance without that accelerator fails to start or falls back to the CPU. A
    CPU image on an accelerated instance leaves the expensive part idle. Serverless inference has no
    accelerators at all.

    Only the repository or tag of an image counts, by the conventions of the AWS Deep Learning Containers:
    `-gpu-`, `-cu121`, `-cpu-`, `-neuron`, `-neuronx`. If several containers share an instance, or a job has
    several groups of instances, one of them may do without the accelerator.

    The severity is medium for a GPU image that a program runs a job with on CPUs, where neither the script of
    the job nor, where that is not known, the program or one that it names requires a GPU: the frameworks fall
    back, as does code that chooses one where `torch.cuda.is_available()`. It is low for a processing job
    whose script is known.

    Exceptions: texts that are not an instance type at all, which MLR120 reports; and processing jobs on an
    image of the project's own that is built for GPUs: they mostly prepare data, as well on a CPU.

    See [Available Deep Learning Containers
    images](https://docs.aws.amazon.com/deep-learning-containers/latest/devguide/deep-learning-containers-images.html).
    """
    if resource.type == ENDPOINT_CONFIG:
        yield from _hosting_mismatches(resource, graph)
        return
    for job in jobs.of(resource):
        groups = job.instances
        found = [(image, image) for image in job.images]
        # A transform job has no image of its own, but a model's.
        for model in _models_of(resource, graph):
            found += [(groups[0].type, image) for image in hosting.images_of(model)]
        for place, stated in found if groups else ():
            image = with_repository(stated, graph)
            wrong = every(images.does_not_fit(image, each.type) for each in groups)
            if job.kind == "processing":
                wrong &= ~images.is_general(image)
            claim = _mismatch(wrong, str(job), groups[0].type, image, place)
            # The other way round the instance is paid for in vain.
            falls_back = certainly(every(images.lacks_accelerator(image, each.type) for each in groups))
            milder = resource.attributes[NO_GPU].text or "" if falls_back else ""
            known = bool(milder) and job.kind == "processing" and resource[SCRIPT].text is not None
            yield claim._replace(milder=milder, severity="medium" if known else None)


def _hosting_mismatches(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
    for variant in hosting.variants(config):
        for model in hosting.model_of(variant, graph):
            containers = [with_repository(each, graph) for each in hosting.images_of(model)]
            if possibly(variant.is_serverless()):
                yield from _serverless_mismatches(config, variant, containers)
            for view in hosting.instance_types(variant):
                if not containers:
                    continue
                needing = [image for image in containers if certainly(images.lacks_accelerator(image, view))]
                needs = some(images.lacks_accelerator(image, view) for image in containers)
                idle = every(images.leaves_accelerator(image, view) for image in containers)
                image = (needing or containers)[0]
                yield _mismatch(needs | idle, f"{config}: {variant}", view, image, view)


def _serverless_mismatches(
    config: ResourceView, variant: hosting.Variant, containers: list[View]
) -> Iterator[Claim]:
    settings = variant["ServerlessConfig"]
    for image in containers:
        needing = variant.is_serverless() & images.needs_accelerator(image)
        message = f"{config}: {variant} is serverless, where there are no accelerators, but its image"
        message += f" {images.image_name(image)} is built for {images.described(image)}"
        yield Claim(needing, settings, message, related=((image, "the image"),))


def _is_type(text: str) -> bool:
    """Whether a text has the form of an instance type: `ml.g5.xlarge`."""
    return "." in text


def _mismatch(wrong: Answer, what: str, kind: View, image: View, place: View) -> Claim:
    parts = ((image, "the image"), (kind, "the instance type"))
    # MLR120 reports a text that is not a type at all.
    return Claim(
        wrong & ~(kind.is_present() & ~kind.test(_is_type)),
        place,
        f"{what} runs on {kind.words}, but its image {images.image_name(image)} is built for "
        f"{images.described(image)}: {kind} and {image} should match",
        related=tuple(each for each in parts if each[0] is not place),
    )
