"""Reliability of functions that call AI services and endpoints."""

from collections.abc import Iterator

from mlwa_lint.graph.kinds import FUNCTION
from mlwa_lint.graph.queries import asynchronous
from mlwa_lint.graph.queries.invokers import invokes_models, why_never_failing
from mlwa_lint.model.findings import Severity
from mlwa_lint.rule import Claim, GraphView, Remedy, ResourceView, rule, set_to

_NEXT_RUN = "a schedule starts it without input, and starts it again"


@rule(
    "MLR601",
    "inference-function-without-failure-destination",
    "medium",
    concern="deployment",
    practices=("MLREL02-BP02",),
    on=(FUNCTION,),
    remedy=Remedy(
        "Set `DeadLetterConfig: {TargetArn: !GetAtt FailedEvents.Arn}`.",
        "Add `dead_letter_config { target_arn = aws_sqs_queue.failed_events.arn }`.",
    ),
    controls=("awslambda_function_no_dead_letter_queue",),
)
def inference_function_without_failure_destination(
    function: ResourceView, graph: GraphView
) -> Iterator[Claim]:
    """An asynchronously invoked inference function has no failure destination.

    S3, SNS and EventBridge do not wait for the result. After three attempts Lambda drops the event, and
    it is never known which documents, images or records were not processed.

    Functions that only a schedule calls are reported with severity low: its events carry no data, and the
    next one follows. The severity is info where such a schedule recurs (`rate`, `cron`) and hands the
    function no input: the next run does what a failed one did not. The severity is low as well where the code
    of the function is known (Python or Node.js), and its handler catches every exception: the destination
    then receives only what times out or is throttled, and the handler would have to raise what it catches
    first.

    The dead-letter queue of an EventBridge rule's target does not count: it receives events that could not
    be delivered, not those that failed.

    Exceptions: functions with a dead-letter queue, or with an on-failure destination in an event invoke
    configuration. A permission alone starts nothing: a function that a bucket may invoke is reported where
    the notifications of the bucket name it, and is undecided where the bucket is not in the project.

    See [Retaining records of asynchronous
    invocations](https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html).
    """
    target = function["DeadLetterConfig.TargetArn"]
    called = asynchronous.is_called_asynchronously(function, graph)
    lost = called & ~asynchronous.keeps_failures(function, graph)
    message = f"{function} is invoked asynchronously and loses the events that it fails on: it has neither"
    message += f" {target} nor an on-failure destination"
    fix = set_to(target, "${topic}", risk="the function's role needs permission to publish")
    caught = why_never_failing(function)
    if caught:
        message += ", and its handler would have to raise what it catches first"
    severity: Severity | None = None
    if asynchronous.is_called_by_clocks_only(function, graph):
        again = asynchronous.is_called_again_alike(function, graph)
        severity, caught = ("info", _NEXT_RUN) if again else ("low", caught)
    found = lost & invokes_models(function, graph)
    yield Claim(found, target, message, severity, fix=fix, milder=caught)
