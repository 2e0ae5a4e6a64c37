"""What the role of a state machine must be allowed for the jobs of SageMaker that its tasks run."""

from mlwa_lint.graph import patterns, workflows
from mlwa_lint.graph.iam import arns
from mlwa_lint.graph.patterns import PatternText
from mlwa_lint.graph.queries.permissions import ANY, Need
from mlwa_lint.graph.queries.regions import pinned
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import certainly
from mlwa_lint.model.values import Reference

_SYNC = ("events:PutTargets", "events:PutRule", "events:DescribeRule")
_TO_SAGEMAKER = {"iam:PassedToService": "sagemaker.amazonaws.com"}


def needs_of_tasks(machine: ResourceView, graph: GraphView) -> list[Need]:
    """What the role of a state machine must be allowed, for the SageMaker jobs that it runs."""
    found: list[Need] = []
    for step in workflows.steps(machine):
        action = step.action or ""
        service, _, call = action.partition(":")
        if service.lower() != "sagemaker" or not call.lower().startswith("create"):
            continue
        found.append(Need(f"sagemaker:{call[:1].upper()}{call[1:]}", ANY, step.at))
        request = step.request
        role = (
            request["RoleArn"] if certainly(request["RoleArn"].is_present()) else request["ExecutionRoleArn"]
        )
        if certainly(role.is_present()):
            found.append(Need("iam:PassRole", _role_text(role, graph), step.at, context=_TO_SAGEMAKER))
        if certainly(request["Tags"].is_present()):
            found.append(Need("sagemaker:AddTags", ANY, step.at))
        if step.at["Pattern"].text == "sync":
            rule, here = _managed_rule(call, patterns.REGION), _managed_rule(call, pinned(machine, graph))
            found += [Need(each, rule, step.at, instead=here) for each in _SYNC]
    return found


def _managed_rule(call: str, region: str | patterns.Hole | None) -> PatternText:
    """The rule that notifies Step Functions when a job has ended; a Region by default may be another one."""
    kind = call[len("create") :].removesuffix("Job").removeprefix("HyperParameter")
    name = f"rule/StepFunctionsGetEventsForSageMaker{kind}JobsRule"
    pieces = ("arn:aws:events:", region or patterns.REGION, ":", patterns.ACCOUNT, ":", name)
    return patterns.arn(patterns.text(*pieces))


def _role_text(role: View, graph: GraphView) -> PatternText:
    text = arns.text_of(role, graph)
    return text if role.text is not None or isinstance(role.value, Reference) else ANY
