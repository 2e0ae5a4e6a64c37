"""What builds, deploys and runs by itself: pipelines, builds and state machines that create ML resources."""

import re
from collections.abc import Iterator

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import CODE_BUILD, CODE_PIPELINE, ROLE
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import NO, YES, Answer, certainly
from mlwa_lint.startup.patterns import lazy

BUILDERS = (CODE_PIPELINE, CODE_BUILD, "AWS::StepFunctions::StateMachine")
_ROLE_KEYS = ("RoleArn", "ServiceRole")
_CREATING = lazy(r"sagemaker:(?:\*|create[\w*]*|start\w*)$", re.IGNORECASE)


@remembered
def builds_ml(actor: ResourceView, graph: GraphView) -> Answer:
    """Whether a pipeline, a build or a state machine certainly may create resources of SageMaker.

    Its own steps need not be readable: its role decides, by its permissions or as one of those that
    SageMaker Projects bring, and so do the builds that a pipeline runs. Unknown permissions are not a tie.
    """
    if actor.type not in BUILDERS:
        return NO
    if actor.type == CODE_PIPELINE and any(
        certainly(builds_ml(each, graph)) for each in _builds_of(actor, graph)
    ):
        return YES
    named = (actor[key].tail("/", lambda name: name.startswith("AmazonSageMaker")) for key in _ROLE_KEYS)
    roles = graph.targets(actor, EdgeKind.ASSUMES, ROLE)
    found = [*named, *(_lets_create(role, graph) for role in roles)]
    return YES if any(certainly(each) for each in found) else NO


def _builds_of(pipeline: ResourceView, graph: GraphView) -> Iterator[ResourceView]:
    """The builds that the actions of a pipeline run."""
    for edge in graph.graph.edges_from(pipeline.address):
        target = graph.resource(edge.target)
        runs = target.type == CODE_BUILD and edge.path[-1:] == ("ProjectName",)
        if runs and graph.world.admits(edge.guards) and graph.world.admits(target.resource.guards):
            yield target


@remembered
def lets_build_ml(role: ResourceView, graph: GraphView) -> Answer:
    """Whether builders may assume a role that certainly may create resources of SageMaker."""
    assumed = policies.assumed_by(role, "codebuild", "codepipeline", "states")
    return YES if certainly(assumed) and certainly(_lets_create(role, graph)) else NO


@remembered
def _lets_create(role: ResourceView, graph: GraphView) -> Answer:
    stated = policies.of_role(role, graph).any(
        lambda statement: (
            statement.allows() & statement.any_action(lambda text: _CREATING.match(text) is not None)
        )
    )
    return policies.has_managed(role, ("AmazonSageMaker",)) | stated
