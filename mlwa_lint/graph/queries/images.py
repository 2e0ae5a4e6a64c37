"""Container images: where resources name them, and whether the name may mean another image tomorrow."""

from collections.abc import Iterable, Iterator

from mlwa_lint.graph import jobs
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.images import is_chosen, is_no_image, is_of_sdk
from mlwa_lint.graph.kinds import (
    AGENTCORE_RUNTIME,
    FUNCTION,
    INFERENCE_COMPONENT,
    MODEL,
    MODEL_PACKAGE,
    REPOSITORY,
)
from mlwa_lint.graph.linking.naming import GAP, outline
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries import repositories
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.resolved import named, why_end_unknown
from mlwa_lint.graph.views import Resolved, ResourceView, View
from mlwa_lint.model.alternatives import consists_of
from mlwa_lint.model.answers import NO, Answer, answer, certainly, possibly, some, undecided
from mlwa_lint.model.partial_json import partial_text
from mlwa_lint.model.resources import BUILDS
from mlwa_lint.model.values import (
    UPLOADED,
    Absent,
    ListValue,
    MapValue,
    Reference,
    TextPart,
    Unknown,
    assume,
    known_text,
)
from mlwa_lint.startup.patterns import lazy

# What whoever copies the example is to fill in: `<YOUR_IMAGE_HERE>`, also as the registry alone.
_TO_FILL_IN = (
    r"(?i)<[^<>]+>|\{\{[^{}]+\}\}|(?:change|replace|insert)[-_ ]?(?:me|this|with)(?![a-z]).*"
    r"|.*place[-_ ]?holder.*"
)
_PLACEHOLDER = lazy(
    rf"{_TO_FILL_IN}|todo|tbd|your[-_ ](?:.*[-_ ])?(?:image|repo(?:sitory)?|container|uri)\b.*|x{{3,}}"
)
_REGISTRY = lazy(
    rf"{_TO_FILL_IN}|your[-_ ](?:.*[-_ ])?(?:registry|ecr|account|repo(?:sitory)?|uri)(?![a-z]).*"
)
# What only names what is wanted, as the default of a parameter: an image of these services has a registry.
_WANTED = lazy(r"(?i)(?:(?:ecr|docker|container|model|inference)[-_ ]?)?image(?:[-_ ]?ur[il])?")
# AWS's own images that have no versions to choose from.
# How reasons call a name that is empty.
EMPTY = "an empty text"
# Why it matters little whether a tag of an image can be moved.
PUSHED = "the program builds and pushes the image itself"
_UNVERSIONED = ("sagemaker-model-monitor-analyzer", "sagemaker-debugger-rules")

# Repositories of AWS's built-in algorithms and Deep Learning Containers.
_OF_AWS = lazy(
    r"(?:blazingtext|factorization-machines|forecasting-deepar|image-classification|ipinsights|k(?:means|nn)|lda"
    r"|linear-learner|ntm|object-?(?:detection|2vec)|pca|randomcutforest|semantic-segmentation|seq2seq|xgboost"
    r"|sagemaker-|(?:huggingface-)?(?:pytorch|tensorflow|mxnet)-|autogluon-|djl-|smddp|smdistributed)[^/]*"
)
# The attributes of a repository that are its address, in each language.
_ADDRESSES = ("RepositoryUri", "repositoryUri", "repository_url")
# How the identity of an address ends that `describe_repositories()` returns.
_LOOKED_UP = "[repositoryUri]"
# Types that run one image, and the property that names it.
_IMAGE_PATHS = {
    AGENTCORE_RUNTIME: "AgentRuntimeArtifact.ContainerConfiguration.ContainerUri",
    FUNCTION: "Code.ImageUri",
    INFERENCE_COMPONENT: "Specification.Container.Image",
}


def stated_in(resource: ResourceView) -> Iterator[View]:
    """The images that a model, a model package, a component, an agent, a function or a job names."""
    if resource.type == FUNCTION and certainly(resource["Runtime"].is_present()):
        return  # its code is an archive, whatever holds that
    if resource.type in _IMAGE_PATHS:
        yield resource[_IMAGE_PATHS[resource.type]]
    elif resource.type == MODEL:
        for container in containers_of(resource):
            yield container["Image"]
    elif resource.type == MODEL_PACKAGE:
        specifications = [resource["InferenceSpecification"]]
        specifications += resource["AdditionalInferenceSpecifications"].items()
        for each in specifications:
            for container in each["Containers"].items():
                yield container["Image"]
    else:
        for job in jobs.of(resource):
            yield from job.images


def containers_of(model: ResourceView) -> list[View]:
    """The containers of a model: the only one, or those of its pipeline."""
    primary = model["PrimaryContainer"]
    several = model["Containers"].items()
    return several if isinstance(primary.value, Absent) else [primary, *several]


def with_repository(image: View, graph: GraphView) -> View:
    """The same image with the name of a repository of the project in place of its address.

    A registry's account and Region show nothing of an image; the name of the repository may.
    """
    value = image.value
    parts = value.parts if isinstance(value, Unknown) and value.parts else (value,)
    named: list[TextPart] = []
    assumed = value.assumed
    for part in parts:
        name = _name_of(part, image, graph)
        if name is None or isinstance(name, (Absent, ListValue, MapValue)):
            if not isinstance(part, (str, Unknown, Reference)):
                return image
            named.append(part)
            continue
        assumed |= name.assumed
        text = known_text(name)
        registry = Unknown("the registry is that of the account", image.span)
        named += [registry, "/", *(name.parts or (name,) if isinstance(name, Unknown) else (text or name,))]
    if len(named) == len(parts):
        return image
    made = assume(partial_text(tuple(named), image.span), assumed)
    return View(image.resource, image.world, made, image.path, image.span)


def _name_of(part: object, image: View, graph: GraphView) -> Resolved | None:
    """The name of the repository whose address a part of an image is; None for what is none."""
    if not isinstance(part, Reference) or not _is_repository(part, graph):
        return None
    if not part.attribute.endswith(_ADDRESSES):
        return None
    repository = ResourceView(graph.graph.by_address[part.address], image.world)
    return repository["RepositoryName"].value


def downloads_model(model: ResourceView) -> Answer:
    """Whether a container of a model fetches it from a hub, the web or S3 when it starts."""
    from mlwa_lint.graph.queries.downloads import SUBMITTED, fetches_at_start

    # The SDK sets the variable itself, and packs the code into the archive of a model that is isolated.
    of_sdk = model.language == "python" and model["EnableNetworkIsolation"].label != "EnableNetworkIsolation"
    environments = (container["Environment"] for container in containers_of(model))
    return fetches_at_start(environments, SUBMITTED if of_sdk else "")


def tag_of(image: View) -> str | None:
    """The known tag of an image; None when it has none, or a digest instead."""
    name, colon, tag = _after_registry(image).rpartition(":")
    return tag if colon and "@" not in name else None


def is_mutable(image: View, graph: GraphView) -> Answer:
    """Whether an image is named without a tag and a digest, or by the tag `latest`.

    What precedes the last slash need not be known: an account, a Region, a registry. AWS documents
    some of its images without a tag; these are left alone as long as they are named so.
    """
    return image.whichever(lambda each: _is_mutable(each, graph))


def _is_mutable(image: View, graph: GraphView) -> Answer:
    named = _is_named_loosely(image, graph)
    return named & ~_is_immutable(image, graph) if possibly(named) else named


def _is_immutable(image: View, graph: GraphView) -> Answer:
    """Whether the image's repository, declared in the same project, accepts each tag only once."""
    declared = repositories.of(image, graph)
    return some(each["ImageTagMutability"].equals("IMMUTABLE") for each in declared)


def _is_named_loosely(image: View, graph: GraphView) -> Answer:
    value = image.value
    if isinstance(value, Unknown) and value.reason == UPLOADED:
        return NO  # SAM tags what it builds by its content
    if isinstance(value, Absent) or is_no_image(image):
        return answer(False, value.assumed)
    last = _after_registry(image)
    if "@" in last or last in _UNVERSIONED:
        return answer(False, value.assumed)
    if is_placeholder(image.text or last):
        return undecided(f"{last or EMPTY} is a placeholder")
    tag = tag_of(image)
    if tag is None:
        if GAP in last and not _ends_in_repository(image, graph):
            return _unless_chosen(image)
        return answer(True, value.assumed)
    if GAP in tag and _may_be_latest(tag):
        known = image.tail(":", lambda text: text == "latest")
        return _unless_chosen(image) if known.verdict == "undecided" else known
    return answer(tag == "latest", value.assumed)


def _unless_chosen(image: View) -> Answer:
    """Undecided; the SDK chooses among versions of AWS's images."""
    return NO if is_chosen(image) else undecided(named(why_end_unknown(image.value), image))


def is_placeholder(name: str) -> bool:
    """Whether an image's name is a placeholder, `<ECR_REPO_URI>`, or empty: whoever runs it gives one."""
    last = name.rpartition("/")[2]
    return not name.strip() or _PLACEHOLDER.fullmatch(last) is not None or _WANTED.fullmatch(name) is not None


def has_open_registry(name: str) -> bool:
    """Whether the registry of an image's name is a placeholder, `REPLACE_WITH_REGISTRY/churn:1.2`."""
    return _REGISTRY.fullmatch(name.partition("/")[0]) is not None


def has_versions(image: View) -> bool:
    """Whether there are versions of an image to choose from; of some of AWS's own there is only `latest`."""
    return _after_registry(image).removesuffix(":latest") not in _UNVERSIONED


def _after_registry(image: View) -> str:
    """The known last part of an image's name, with its tag or digest."""
    texts = image.texts
    return (texts[0] if texts else outline(image.value)).rpartition("/")[2]


def _may_be_latest(tag: str) -> bool:
    """Whether a tag of which a part is not known can be `latest`: `2.1-\0` cannot."""
    return consists_of(tag.split(GAP), "latest")


def _ends_in_repository(image: View, graph: GraphView) -> bool:
    """Whether a repository's own name or address comes last, which never has a tag."""
    value = image.value
    last = value.parts[-1] if isinstance(value, Unknown) and value.parts else value
    return _is_repository(last, graph)


def _is_repository(part: object, graph: GraphView) -> bool:
    resource = graph.graph.by_address.get(part.address) if isinstance(part, Reference) else None
    return resource is not None and resource.type == REPOSITORY


def is_run_by_mutable_tag(repository: ResourceView, graph: GraphView) -> bool:
    """Whether something certainly runs an image of a repository that MLR116 reports."""
    from mlwa_lint.graph.queries.invokers import invokes_models

    keys = repositories.keys_of_images(repository)
    for source in _runners_of(repository, graph):
        if source.type != FUNCTION or certainly(invokes_models(source, graph)):
            own = (each for each in stated_in(source) if keys & repositories.keys_of(each))
            if any(certainly(is_mutable(each, graph)) for each in own):
                return True
    return False


def _runners_of(repository: ResourceView, graph: GraphView) -> Iterable[ResourceView]:
    """What runs images of a repository: what refers to it, and all that names an image of it.

    What names a repository by its literal address, as in a plan, does not refer to it. Where one branch of a
    program makes what runs the image, the other one updates it.
    """
    running = _runners(graph)
    named = [each for key in sorted(repositories.keys_of_images(repository)) for each in running.get(key, ())]
    return dict.fromkeys([*graph.sources(repository, EdgeKind.REFERS_TO), *map(graph.resource, named)])


@remembered
def _runners(graph: GraphView) -> dict[repositories.Key, list[str]]:
    """The addresses of all that names an image, by what images of one repository have in common."""
    kinds = (*_IMAGE_PATHS, MODEL, MODEL_PACKAGE)
    found: dict[repositories.Key, list[str]] = {}
    for resource in (each for kind in kinds for each in graph.graph.by_type.get(kind, ())):
        for image in stated_in(ResourceView(resource, graph.world)):
            for key in repositories.keys_of(image):
                found.setdefault(key, []).append(resource.address)
    return found


def is_own(image: View, graph: GraphView) -> Answer:
    """Whether an image is the project's own: neither of a registry of AWS nor a built-in algorithm."""
    return image.whichever(lambda each: _is_own(each, graph))


def _is_own(image: View, graph: GraphView) -> Answer:
    value = image.value
    if is_of_sdk(image):
        return NO
    if isinstance(value, Absent):
        return answer(False, value.assumed)
    parts = value.parts if isinstance(value, Unknown) and value.parts else (value,)
    if any(_is_repository(part, graph) or is_answer_of_ecr(part) for part in parts):
        return answer(True)
    if is_no_image(image):
        return answer(True, value.assumed)
    text = outline(value)
    registry, slash, rest = text.partition("/")
    if not slash or GAP in rest.partition(":")[0]:
        return image.is_open()
    if _OF_AWS.match(rest) or registry.startswith(("763104351884.", "public.ecr.aws")):
        return answer(False, value.assumed)
    return answer(True, value.assumed)


def is_answer_of_ecr(part: object) -> bool:
    """Whether a part of an image is the address of a repository that a program has looked up in ECR."""
    return isinstance(part, Unknown) and part.identity.endswith(_LOOKED_UP)


def why_kept(repository: ResourceView, graph: GraphView) -> str:
    """What shows that an application deletes the images of a repository itself; empty where nothing does.

    Builds and pipelines only push what they have built, with more permissions than that needs.
    """
    for policy in graph.sources(repository, EdgeKind.GRANTS):
        deletes = policies.of_policy(policy).any(
            lambda each: each.allows() & each.lists_action("ecr:BatchDeleteImage")
        )
        if certainly(deletes) and not any(_builds(role) for role in policies.roles_of(policy, graph)):
            return f"{policy.address} lets an application delete its images"
    return ""


def _builds(role: ResourceView) -> bool:
    """Whether a build, a pipeline or a workflow outside of AWS may act with a role."""
    federated = policies.trust(role).any(lambda each: answer(bool(each.principals("Federated"))))
    return possibly(federated | policies.assumed_by(role, "codebuild", "codepipeline"))


def is_pushed_by_program(resource: ResourceView) -> bool:
    """Whether the program that makes a resource also builds images and pushes them."""
    return certainly(resource.attributes[BUILDS].is_present())
