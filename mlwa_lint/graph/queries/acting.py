"""Who acts with a role for machine learning, as messages call them."""

from collections.abc import Sequence

from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import FUNCTION
from mlwa_lint.graph.queries import identity
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import certainly, possibly


def user_of(role: ResourceView, graph: GraphView) -> str | None:
    """Who acts with an ML role, if that is not an ML service: functions, tasks or jobs by name, or AWS Glue.

    Of several functions those whose code works for machine learning, where any is known to do so.
    """
    return user_of_all([role], graph)


def user_of_all(having: Sequence[ResourceView], graph: GraphView) -> str | None:
    """Who acts with ML roles that have one policy, unless an ML service does with any."""
    names: dict[str, None] = {}
    alone = True
    for role in having:
        if possibly(policies.assumed_by(role, *identity.ML_PRINCIPALS)):
            return None
        actors = identity.ml_actors(role, graph)
        if any(identity.is_ml_type(actor.type) for actor in actors):
            return None
        if possibly(policies.assumed_by(role, *identity.PREPARING)):
            return "AWS Glue"
        certain = [actor for actor in actors if certainly(actor.is_ml)]
        shown = [actor.name for actor in certain if actor.shows_it] or [actor.name for actor in certain]
        names.update(dict.fromkeys(shown))
        alone &= all(actor.type == FUNCTION for actor in certain)
    return in_short(list(names), "functions" if alone else "programs") or None


def in_short(names: Sequence[str], kind: str) -> str:
    """Names as messages list them: two at most, else the first, and how many others there are."""
    return f"{names[0]} and {len(names) - 1} other {kind}" if len(names) > 2 else " and ".join(names)
