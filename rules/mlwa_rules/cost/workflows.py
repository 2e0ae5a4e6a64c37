"""Cost of workflows: training that runs whether it is needed or not."""

from collections.abc import Iterator

from mlwa_lint.graph import workflows
from mlwa_lint.graph.queries import nested, triggers
from mlwa_lint.rule import Claim, GraphView, Remedy, ResourceView, rule


@rule(
    "MLC504",
    "retraining-by-the-clock",
    "info",
    practices=("MLSUS06-BP02",),
    on=workflows.WORKFLOWS,
    remedy=Remedy(
        "Start it by an `AWS::Events::Rule` on new data or on an alarm for drift, or less often.",
        "Start it by an `aws_cloudwatch_event_rule` on new data or on an alarm for drift, or less often.",
    ),
)
def retraining_by_the_clock(workflow: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A workflow trains a model every day or more often, whether its data has changed or not.

    Most of these runs produce the same model, and cost as much as the first.

    Reported are rules and schedules with an interval of a day or less, of workflows that nothing else starts:
    no event of data or drift, no function, no pipeline.

    See [Schedule pipeline
    runs](https://docs.aws.amazon.com/sagemaker/latest/dg/pipeline-eventbridge.html).
    """
    trains = nested.steps(workflow, graph).has(workflows.trains)
    otherwise = triggers.is_started_by_event(workflow, graph)
    for view, often in triggers.clocks_of(workflow, graph):
        message = (
            f"{workflow} trains on a fixed schedule, {view.words}, and not when data or drift calls for it"
        )
        yield Claim(trains & often & ~otherwise, view, message)
