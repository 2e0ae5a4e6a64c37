"""Container images: where they come from, who can replace them."""

import re
from collections.abc import Iterator

from mlwa_lint.graph import jobs
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.images import is_no_image
from mlwa_lint.graph.kinds import AGENTCORE_RUNTIME, MODEL, REPOSITORY
from mlwa_lint.graph.linking.naming import GAP, outline
from mlwa_lint.graph.queries import followed, images
from mlwa_lint.graph.queries.images import containers_of
from mlwa_lint.model.findings import Severity
from mlwa_lint.model.values import Absent, Reference, Unknown
from mlwa_lint.rule import (
    NO,
    Answer,
    Claim,
    GraphView,
    Remedy,
    ResourceView,
    View,
    answer,
    possibly,
    rule,
    set_to,
    undecided,
)

_ECR = re.compile(r"[0-9\0]+\.dkr[.-]ecr[.-].*|.*\.dkr\.ecr\..*")
_ECR_PUBLIC = ("public.ecr.aws", "ecr-public.aws.com")
# Registries that everyone can publish to, so that an image of that name need not be a private copy.
_PUBLIC = (
    "docker.io",
    "gcr.io",
    "ghcr.io",
    "index.docker.io",
    "lscr.io",
    "mcr.microsoft.com",
    "nvcr.io",
    "quay.io",
    "registry-1.docker.io",
    "registry.gitlab.com",
    "registry.hub.docker.com",
    "registry.k8s.io",
)
# What gives the address of a repository of ECR, in either language.
_ADDRESSES = re.compile(r"(?:.*\.)?data\.aws_(?:ecr_|sagemaker_prebuilt_ecr_image)")


@rule(
    "MLS111",
    "model-image-from-public-registry",
    "medium",
    concern="protection",
    practices=("MLSEC04-BP01",),
    on=(MODEL, *jobs.JOB_TYPES, AGENTCORE_RUNTIME),
    remedy=Remedy(
        "Copy the image into a private ECR repository, or use a pull through cache rule.",
        "Copy the image into an `aws_ecr_repository`, or use an `aws_ecr_pull_through_cache_rule`.",
    ),
)
def model_image_from_public_registry(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A container image comes from a registry outside of the account.

    Whoever controls the registry can replace the image, or remove it while an endpoint scales out; nothing
    scans it, and it runs next to your data with the execution role.

    The rule reports images of ECR Public and of registries outside of AWS, including those without a host,
    which are on Docker Hub.

    Exceptions: Not reported for a private registry in the VPC of a model (`RepositoryAccessMode: Vpc`).

    See [Adapt your own inference
    container](https://docs.aws.amazon.com/sagemaker/latest/dg/adapt-inference-container.html) and [Use a
    private Docker registry for real-time inference
    containers](https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-containers-inference-private.html).
    """
    for image, in_vpc in _images(resource):
        found, hosts = _is_outside(image, graph)
        private = in_vpc if set(hosts) - {*_PUBLIC, *_ECR_PUBLIC, ""} else NO
        where = " or ".join(dict.fromkeys(map(_registry, hosts)))
        if is_no_image(image):
            where = "an address that is not a registry's"
        message = f"{resource} runs an image from {where}: {image} should name a private ECR repository"
        yield Claim(found & ~private, image, message)


def _images(resource: ResourceView) -> Iterator[tuple[View, Answer]]:
    """The images, and whether each is fetched from a registry in a VPC."""
    if resource.type == MODEL:
        for container in containers_of(resource):
            yield container["Image"], container["ImageConfig.RepositoryAccessMode"].equals("Vpc")
    elif resource.type == AGENTCORE_RUNTIME:
        yield resource["AgentRuntimeArtifact.ContainerConfiguration.ContainerUri"], NO
    for job in jobs.of(resource):
        for image in job.images:
            config = job["AlgorithmSpecification.TrainingImageConfig.TrainingRepositoryAccessMode"]
            yield image, config.equals("Vpc") if job.is_training else NO


def _is_outside(image: View, graph: GraphView) -> tuple[Answer, tuple[str, ...]]:
    """Whether an image is not of a private repository of ECR, and the hosts that its registry can have.

    A registry without a host is Docker Hub.
    """
    value = image.value
    if isinstance(value, Absent) or _is_of_ecr(image, graph):
        return NO, ()
    names = image.texts or (outline(value),)
    placeholder = next(filter(_is_placeholder, names), None)
    if placeholder is not None:
        return undecided(f"{placeholder or images.EMPTY} is a placeholder"), ()
    hosts = tuple(dict.fromkeys(map(_host_of, names)))
    outside = {_ECR.fullmatch(host) is None for host in hosts}
    if len(outside) > 1 or (outside == {True} and any(GAP in host for host in hosts)):
        return image.is_open(), ()
    return answer(outside.pop(), value.assumed), hosts


def _is_placeholder(name: str) -> bool:
    return images.is_placeholder(name) or images.has_open_registry(name)


def _host_of(name: str) -> str:
    first, slash, _ = name.partition("/")
    is_host = GAP in first or (slash and ("." in first or ":" in first or first == "localhost"))
    return first if is_host else ""


def _registry(host: str) -> str:
    return "ECR Public" if host in _ECR_PUBLIC else host or "Docker Hub"


def _is_of_ecr(image: View, graph: GraphView) -> bool:
    """Whether an image's name begins with the address of a repository of the project, or of a data source."""
    value = image.value
    first = value.parts[0] if isinstance(value, Unknown) and value.parts else value
    if isinstance(first, Reference):
        target = graph.graph.by_address.get(first.address)
        return target is not None and target.type == REPOSITORY
    if images.is_answer_of_ecr(first):
        return True
    return isinstance(first, Unknown) and _ADDRESSES.match(first.identity) is not None


@rule(
    "MLS316",
    "image-tags-mutable",
    "low",
    concern="production",
    practices=("MLSEC04-BP01", "MLOPS04-BP02"),
    on=(REPOSITORY,),
    remedy=Remedy("Set `ImageTagMutability: IMMUTABLE`.", 'Set `image_tag_mutability = "IMMUTABLE"`.'),
)
def image_tags_mutable(repository: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """The image tags of an ML repository can be overwritten.

    A tag that was reviewed and tested can then mean another image at the next scale-out or training run,
    whether by accident or by an attacker with permission to push.

    In an immutable repository, pushing a tag again fails: a build that always pushes `latest` needs a new tag
    for each image first, such as the commit.

    The severity is info where the program that creates the repository also builds and pushes the images: it
    runs what it has just pushed.

    A repository counts that an ML resource uses, a function that invokes models or works for ML, or an ECS
    task or App Runner service whose role lets it invoke Bedrock models; where nothing of the project names
    the repository, one in a project with ML.

    Exceptions: Not reported for `IMMUTABLE_WITH_EXCLUSION` and `MUTABLE_WITH_EXCLUSION`, which state
    deliberately which tags are mutable, where MLR116 reports what runs an image of the repository by the
    tag `latest` or without one: that names the version first, and where pushing a tag again deploys it: a
    service of App Runner with automatic deployments runs an image of the repository, or a rule of
    EventBridge waits for pushes of a tag.

    See [Preventing image tags from being overwritten in Amazon
    ECR](https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html).
    """
    mutability = repository["ImageTagMutability"]
    message = f"{repository} lets image tags be overwritten: {mutability} should be IMMUTABLE, with a new tag"
    message += " for each image, for pushing a tag again then fails"
    fix = set_to(mutability, "IMMUTABLE", risk="pushing a tag again fails")
    mutable = mutability.is_absent() | mutability.equals("MUTABLE")
    if possibly(mutable):
        if images.is_run_by_mutable_tag(repository, graph) or followed.is_followed(repository, graph):
            return
        if task := followed.task_by_mutable_tag(repository, graph):
            message += f"; {task}, which runs an image without a version, needs one first"
    severity: Severity | None = "info" if images.is_pushed_by_program(repository) else None
    milder = images.PUSHED if severity else ""
    yield Claim(mutable, mutability, message, severity, fix=fix, milder=milder)


@rule(
    "MLS319",
    "image-repository-open-to-anyone",
    "high",
    practices=("MLSEC04-BP01",),
    on=(REPOSITORY,),
    remedy=Remedy(
        "Name the accounts or roles in `Principal`, or add a `Condition` on `aws:PrincipalOrgID`.",
        "Name the accounts or roles in `Principal`, or add a `Condition` on `aws:PrincipalOrgID`.",
    ),
)
def image_repository_open_to_anyone(repository: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A repository policy lets every AWS account pull or push ML images.

    Images contain code and often models and credentials; anyone who can push an image decides what runs in
    training and inference.

    Exceptions: Not reported when a condition restricts callers: organization, account, source VPC, VPC
    endpoint, IP range.

    See [Private repository policies in Amazon
    ECR](https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html).
    """
    for statement in policies.statements(repository["RepositoryPolicyText"]):
        message = f"{repository} is open to anyone: {statement} of its policy allows access to everyone,"
        message += " without a condition on the account or the source"
        yield Claim(statement.open_to_anyone(), statement.principal, message)
