"""Roles of training and notebooks that may use every bucket, so that no policy shows which one they use."""

from collections.abc import Iterator

from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import ROLE
from mlwa_lint.graph.linking.leaves import leaves
from mlwa_lint.graph.linking.naming import outline
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import Answer, answer, certainly
from mlwa_lint.model.resources import Resource

_SERVICE = "sagemaker"
_TRUST = "AssumeRolePolicyDocument"
_EVERYTHING = ("AmazonS3FullAccess", "AmazonS3ReadOnlyAccess", "AdministratorAccess", "PowerUserAccess")
_ALL = ("*", "arn:aws:s3:::*", "arn:aws:s3:::*/*")
_DATA = ("s3:GetObject", "s3:PutObject")


@remembered
def reach_every_bucket(graph: GraphView) -> bool:
    """Whether a role that SageMaker alone may assume certainly may read or write every bucket."""
    return any(
        certainly(policies.has_managed(role, _EVERYTHING))
        or certainly(policies.of_role(role, graph).any(_is_about_every_bucket))
        for role in _roles_of_sagemaker(graph)
    )


def _roles_of_sagemaker(graph: GraphView) -> Iterator[ResourceView]:
    """The roles for SageMaker alone; the conditions of all others need not be read."""
    for role in graph.graph.by_type.get(ROLE, ()):
        if _mentions_sagemaker(role) and graph.world.admits(role.guards):
            view = ResourceView(role, graph.world)
            alone = policies.trust(view).all(lambda each: each.for_services_only(_SERVICE))
            if certainly(policies.assumed_by(view, _SERVICE) & alone):
                yield view


def _mentions_sagemaker(role: Resource) -> bool:
    trusted = (leaf for leaf in leaves(role.properties, role.span, ()) if leaf.path[:1] == (_TRUST,))
    return any(_SERVICE in outline(leaf.value) for leaf in trusted)


def _is_about_every_bucket(statement: policies.Statement) -> Answer:
    everywhere = statement.resources.any_item(lambda each: answer(outline(each.value) in _ALL))
    narrowed = answer(bool(list(statement.conditions())))
    return statement.allows() & statement.covers_any_action(*_DATA) & everywhere & ~narrowed
