"""The roles of builds: what whoever pushes to a repository may start with them."""

import re

from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.linking.naming import outline
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries import ml_permissions
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import NO, Answer, answer, possibly
from mlwa_lint.startup.patterns import lazy

# Those whose runners assume roles by their tokens: whoever pushes to a repository runs code with them.
_FORGES = lazy(r"github|gitlab|bitbucket|circleci|buildkite", re.IGNORECASE)


@remembered
def lets_builds_start_work(role: ResourceView, graph: GraphView) -> Answer:
    """Whether builds act with a role that may start ML work, or choose the role that people work with.

    They are those of CodeBuild, and of GitHub, GitLab and others whose runners a federated role trusts.
    """
    building = policies.assumed_by(role, "codebuild") | _trusts_runners(role)
    if not possibly(building):
        return NO
    starting = ml_permissions.lets_start(role, graph) | ml_permissions.lets_give_roles(role, graph)
    return building & (starting | policies.has_managed(role, ("AmazonSageMakerFullAccess",)))


def _trusts_runners(role: ResourceView) -> Answer:
    return policies.trust(role).any(
        lambda statement: (
            statement.allows()
            & answer(any(_FORGES.search(outline(each.value)) for each in statement.principals("Federated")))
        )
    )
