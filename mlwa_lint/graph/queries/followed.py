"""Repositories whose tags are followed: pushing a tag again is what deploys the image."""

from collections.abc import Iterator

from mlwa_lint.graph.kinds import APP_RUNNER, EVENT_RULE, TASK_DEFINITION
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries import images, repositories
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import certainly

_SOURCE = "aws.ecr"
_PUSHED = "ECR Image Action"
_IMAGE = "SourceConfiguration.ImageRepository.ImageIdentifier"
# What a rule waits for that names no repository.
_ANY: repositories.Key = ("any", "")


def is_followed(repository: ResourceView, graph: GraphView) -> bool:
    """Whether a push of a tag of a repository deploys it: by App Runner, or by a rule of the project.

    In an immutable repository the second push fails, and with it every deployment after the first.
    """
    followed = _followed(graph)
    return _ANY in followed or not followed.isdisjoint(repositories.keys_of_images(repository))


def task_by_mutable_tag(repository: ResourceView, graph: GraphView) -> str:
    """A task of ECS that runs an image of a repository without a version; empty where there is none."""
    running = _tasks(graph)
    found = (running[key] for key in sorted(repositories.keys_of_images(repository)) if key in running)
    return next(found, "")


@remembered
def _followed(graph: GraphView) -> frozenset[repositories.Key]:
    """What images of repositories have in common whose tags something follows."""
    services = (each for each in graph.of_type(APP_RUNNER) if _deploys_pushes(each))
    found = {key for each in services for key in repositories.keys_of(each[_IMAGE])}
    for rule in graph.of_type(EVENT_RULE):
        found.update(_awaited(rule))
    return frozenset(found)


def _deploys_pushes(service: ResourceView) -> bool:
    """Whether a service of App Runner deploys each push of its tag, as it does by default."""
    by_digest = "@" in (service[_IMAGE].text or "")
    return not by_digest and not certainly(service["SourceConfiguration.AutoDeploymentsEnabled"].is_false())


def _awaited(rule: ResourceView) -> Iterator[repositories.Key]:
    """The repositories for whose pushes of one tag a rule waits."""
    pattern = rule["EventPattern"]
    if not certainly(pattern["source"].any_item(lambda each: each.equals(_SOURCE))):
        return
    if not certainly(pattern["detail-type"].any_item(lambda each: each.equals(_PUSHED))):
        return
    if not certainly(pattern["detail"]["image-tag"].is_present()):
        return  # each tag starts it, a new one as well
    names = pattern["detail"]["repository-name"]
    if certainly(names.is_absent()):
        yield _ANY
    for name in names.known_items():
        yield from repositories.keys_of_name(name)


@remembered
def _tasks(graph: GraphView) -> dict[repositories.Key, str]:
    """The tasks that run an image without a version, by what images of one repository have in common."""
    found: dict[repositories.Key, str] = {}
    for task in graph.of_type(TASK_DEFINITION):
        for container in task["ContainerDefinitions"].known_items():
            if certainly(images.is_mutable(container["Image"], graph)):
                for key in repositories.keys_of(container["Image"]):
                    found.setdefault(key, str(task))
    return found
