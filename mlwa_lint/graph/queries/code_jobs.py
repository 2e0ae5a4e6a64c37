"""Jobs of SageMaker that the code of functions starts: what their requests name of the project.

A function's environment hands over what the template declares: the ARN of a role, the name of a bucket.
"""

from mlwa_lint.graph.jobs import Job, JobKind
from mlwa_lint.graph.kinds import BUCKET, ROLE
from mlwa_lint.graph.linking.naming import mention_in
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.resources import REQUESTS
from mlwa_lint.model.values import Reference, Value

_ARGUMENTS = (REQUESTS, "Arguments")
_KINDS: dict[str, JobKind] = {"create_processing_job": "processing", "create_training_job": "training"}


class CodeJob(Job):
    """A job that the code of a function starts."""

    __slots__ = ()

    def __str__(self) -> str:
        return f"the {self.kind} job of {self.resource}"

    @property
    def input_locations(self) -> list[View]:
        """S3 URIs that the job reads from, as the request calls them."""
        return list(map(_as_requested, super().input_locations))

    @property
    def images(self) -> list[View]:
        """Container images that the job states, as the request calls them."""
        return list(map(_as_requested, super().images))


def of_code(function: ResourceView) -> list[CodeJob]:
    """The jobs that a function's code certainly starts, by the requests that it makes."""
    return [
        CodeJob(function, _KINDS[method], request["Arguments"])
        for request in function.attributes[REQUESTS].known_items()
        if request["Service"].text == "sagemaker" and (method := request["Method"].text or "") in _KINDS
    ]


def role_of(job: CodeJob, graph: GraphView) -> ResourceView | None:
    """The role of the project that a job certainly acts with: by reference, or by its name in an ARN."""
    return _named(job["RoleArn"].value, ROLE, "RoleName", graph)


def bucket_at(location: View, graph: GraphView) -> ResourceView | None:
    """The bucket of the project in which a place in S3 certainly is."""
    return _named(location.value, BUCKET, "BucketName", graph)


def _named(text: Value, kind: str, key: str, graph: GraphView) -> ResourceView | None:
    mention = mention_in(text)
    name = mention.name if mention is not None and mention.target_type == kind else None
    value = text if isinstance(text, Reference) else None if name is None else name.value
    if name is not None and name.literal is not None:
        address = _by_names(kind, key, graph).get(name.literal)
    else:
        address = value.address if isinstance(value, Reference) else None
    found = graph.graph.by_address.get(address) if address is not None else None
    return ResourceView(found, graph.world) if found is not None and found.type == kind else None


def _as_requested(argument: View) -> View:
    return argument.called(".".join(argument.path[len(_ARGUMENTS) :]))


@remembered
def _by_names(kind: str, key: str, graph: GraphView) -> dict[str, str]:
    """The addresses of resources of a type by their known names."""
    return {name: each.address for each in graph.of_type(kind) if (name := each[key].text)}
