"""The statements of a role that nearly allow what it lacks, or that forbid it."""

from collections.abc import Iterable, Iterator

from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.iam.evaluate import covers_resource
from mlwa_lint.graph.queries.permissions import Need
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import Answer, certainly, some

# The first few show where to correct it.
_LISTED = 3


def nearly_allowing(
    role: ResourceView, needs: Iterable[Need], graph: GraphView
) -> tuple[tuple[View, str], ...]:
    """The places where policies of a role nearly allow what it lacks, or forbid it, and what they state.

    Where none mentions an action, those that allow others of its service are next to it.
    """
    needs = list(needs)
    stated = policies.of_role(role, graph).known
    found = [each for statement in stated for each in _about(statement, needs, graph)]
    return tuple((found or [*_beside(stated, needs)])[:_LISTED])


def _about(statement: policies.Statement, needs: list[Need], graph: GraphView) -> Iterator[tuple[View, str]]:
    """What one statement has on some of the needs."""
    named = [each for each in needs if certainly(statement.covers_action(each.action))]
    if not named:
        return
    elsewhere = [each for each in named if certainly(~_is_about(statement, each, graph))]
    here = [each for each in named if each not in elsewhere]
    if certainly(statement.denies()):
        if here:
            yield statement.actions, f"it forbids {_actions(here)}"
        return
    if not certainly(statement.allows()):
        return
    if elsewhere:
        yield statement.resources_or_others, f"it allows {_actions(elsewhere)} on other resources"
    elif certainly(statement.has_condition()):
        keys = ", ".join(dict.fromkeys(key for _, key, _ in statement.conditions()))
        yield statement["Condition"], f"it allows {_actions(here)} under a condition on {keys}"


def _is_about(statement: policies.Statement, need: Need, graph: GraphView) -> Answer:
    places = [need.on] if need.instead is None else [need.on, need.instead]
    return some(covers_resource(statement, each, graph) for each in places)


def _beside(stated: Iterable[policies.Statement], needs: list[Need]) -> Iterator[tuple[View, str]]:
    """The statements that allow something else of the services whose actions are lacking."""
    services: dict[str, list[Need]] = {}
    for need in needs:
        services.setdefault(need.action.partition(":")[0], []).append(need)
    for statement in stated:
        for service, lacking in services.items():
            if certainly(statement.allows() & statement.names_service(service)):
                yield statement.actions, f"it allows other actions of {service}, not {_actions(lacking)}"


def _actions(needs: list[Need]) -> str:
    return ", ".join(dict.fromkeys(each.action for each in needs))
