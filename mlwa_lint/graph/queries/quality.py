"""What is known about data and models: quality checks, crawlers, model cards."""

import re

from mlwa_lint.graph import workflows
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import FUNCTION, GLUE_TRIGGER, MODEL_CARD, ROLE
from mlwa_lint.graph.linking.naming import NAME_PROPERTIES
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries import evaluation
from mlwa_lint.graph.relations import GraphView, Related
from mlwa_lint.graph.views import ResourceView, View, why_unknown
from mlwa_lint.graph.workflows import Step
from mlwa_lint.model.answers import YES, Answer, answer, some, undecided
from mlwa_lint.model.resources import CRAWLED
from mlwa_lint.model.values import Unknown
from mlwa_lint.startup.patterns import lazy

RULESET = "AWS::Glue::DataQualityRuleset"
_CHECKING = lazy(r"check|expectation|quality|valid(?!ation_data)", re.IGNORECASE)
# What steps check of a trained model, or wait for.
_OF_OTHERS = lazy(
    r"accura|(?<![a-z])(?:auc|f1|mae|mse|rmse|r2)(?![a-z])|(?-i:AUC|F1|MAE|MSE|RMSE|R2)|approv|deploy|drift"
    r"|endpoint|evaluation|(?<![a-z])jobs?(?![a-z])|(?-i:Job)|loss|metric|model|performance|precision|recall"
    r"|scores?(?![a-z])|status|threshold",
    re.IGNORECASE,
)
_OF_DATA = lazy(r"data|feature|input|raw|schema", re.IGNORECASE)
_STARTING_CRAWLERS = "glue:StartCrawler"


def checks_data(step: Step) -> bool:
    """Whether a step checks data, by its kind, its call or its name."""
    evaluates = (step.action or "").lower().startswith("glue:startdataquality")
    return step.kind in evaluation.CHECKS or evaluates or _is_named_for_data(step.name)


def _is_named_for_data(name: str) -> bool:
    """Whether the name of a step shows that it checks data, and not the model or what is running."""
    others = _OF_OTHERS.search(name) is not None and _OF_DATA.search(name) is None
    return _CHECKING.search(name) is not None and not others


def is_started(crawler: ResourceView, graph: GraphView) -> Answer:
    """Whether a trigger, workflow or function of the graph, or a program beside it, may start a crawler."""
    # Of hundreds of triggers mostly one names it.
    if any(each.edge.path[-1:] == ("CrawlerName",) for each in _referring(crawler, graph)):
        return YES
    named = some(_starts(trigger, crawler) for trigger in graph.of_type(GLUE_TRIGGER))
    by_program = crawler.attributes[CRAWLED].is_present()
    declared = graph.declared(GLUE_TRIGGER).any(lambda each: answer(False))
    return some([named, declared, by_program, _may_be_started(graph)])


def _referring(crawler: ResourceView, graph: GraphView) -> tuple[Related, ...]:
    return graph.sources(crawler, EdgeKind.REFERS_TO, GLUE_TRIGGER).related


def _starts(trigger: ResourceView, crawler: ResourceView) -> Answer:
    from mlwa_lint.graph.queries.mentions import leads_to

    name = crawler[NAME_PROPERTIES.get(crawler.type, "Name")]

    def names(action: View) -> Answer:
        view = action["CrawlerName"]
        return YES if leads_to(view, crawler) else view.same_as(name) & view.is_present()

    return trigger["Actions"].any_item(names)


@remembered
def _may_be_started(graph: GraphView) -> Answer:
    """Whether a workflow calls the API that starts crawlers, or a function may."""
    called = [
        workflows.steps(each).has(workflows.calls(_STARTING_CRAWLERS))
        for each in graph.of_type(*workflows.WORKFLOWS)
    ]
    allowed = [
        _lets_start_crawlers(role, graph)
        for function in graph.of_type(FUNCTION)
        for role in graph.targets(function, EdgeKind.ASSUMES, ROLE)
    ]
    return some([*called, *allowed])


@remembered
def _lets_start_crawlers(role: ResourceView, graph: GraphView) -> Answer:
    return policies.of_role(role, graph).any(
        lambda statement: statement.allows() & statement.covers_action(_STARTING_CRAWLERS)
    )


def has_card(model: ResourceView, graph: GraphView) -> Answer:
    """Whether a model card of the graph is about a model."""
    return graph.declared(MODEL_CARD).any(lambda card: _is_about(card, model, graph))


def _is_about(card: ResourceView, model: ResourceView, graph: GraphView) -> Answer:
    if any(edge.target == model.address for edge in graph.graph.edges_from(card.address)):
        return YES
    content = card["Content"].value
    name = model["ModelName"].text
    if name and name in str(content):
        return YES
    if isinstance(content, Unknown) and not content.parts:
        return undecided(why_unknown(content))
    return answer(False)
