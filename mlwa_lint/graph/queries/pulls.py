"""What a model needs to pull its images from repositories of the project."""

from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.linking.naming import outline
from mlwa_lint.graph.queries import images
from mlwa_lint.graph.queries.permissions import Need, image_needs, known_roles_of
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import NO, YES, Answer, answer, certainly, some, undecided
from mlwa_lint.model.values import Reference


def pulls_of(model: ResourceView, graph: GraphView) -> list[Need]:
    """What a model needs to pull its images from repositories of the project, where only its role can let it.

    The policy of a repository may let SageMaker itself, or the role.
    """
    roles = {each.address for each in known_roles_of(model, graph)}
    given = [container["Image"] for container in images.containers_of(model)]
    found: list[Need] = []
    for need in (each for image in given for each in image_needs(image, graph) if not each.hidden):
        lets = _lets_pull(need.target, roles) if need.target is not None else YES
        if certainly(~lets):
            found.append(need)
        elif not certainly(lets):
            graph.leave_undecided([f"the policy of {need.target} may let SageMaker pull its images"])
    return found


def _lets_pull(repository: ResourceView, roles: set[str]) -> Answer:
    """Whether the policy of a repository lets SageMaker, or one of some roles, use it."""
    return policies.statements(repository["RepositoryPolicyText"]).any(
        lambda each: (
            each.allows()
            & (
                each.for_service("sagemaker")
                | each.any_principal()
                | some(_is_one_of(principal, roles) for principal in each.principals("AWS"))
            )
        )
    )


def _is_one_of(principal: View, roles: set[str]) -> Answer:
    if isinstance(principal.value, Reference):
        return answer(principal.value.address in roles)
    # An account lets its own roles as their policies do.
    if outline(principal.value).endswith(":root"):
        return NO
    return principal.test(lambda text: text != "*" and ":role/" in text) & undecided(
        f"{principal} may be the role"
    )
