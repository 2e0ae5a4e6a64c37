"""Roles that training and hosting share."""

from collections.abc import Callable, Iterator

from mlwa_lint.graph import jobs
from mlwa_lint.graph.asides import aside
from mlwa_lint.graph.kinds import MODEL
from mlwa_lint.graph.queries import hosting, purposes, roles, same_roles
from mlwa_lint.graph.queries.permissions import known_roles_of
from mlwa_lint.model.findings import Severity
from mlwa_lint.model.resources import MAY_RUN_ON, RUNS_ON
from mlwa_lint.rule import (
    Answer,
    Claim,
    EdgeKind,
    GraphView,
    Remedy,
    ResourceView,
    View,
    certainly,
    possibly,
    rule,
    some,
    undecided,
)
from mlwa_rules.security.breadth import how_it_administers, how_it_is_broad

_OF_STEP = "a step of a pipeline makes the model, and no endpoint configuration of the project hosts it"
_NO_ADMINISTRATOR = "nothing shows that the role may do everything or give out permissions"


@rule(
    "MLS503",
    "training-and-hosting-share-role",
    "high",
    concern="production",
    practices=("MLSEC03-BP01", "MLSEC04-BP01"),
    on=(MODEL,),
    remedy=Remedy(
        "Give the model a separate role: `ExecutionRoleArn: !GetAtt HostingRole.Arn`.",
        "Give the model a separate role: `execution_role_arn = aws_iam_role.hosting.arn`.",
    ),
)
def training_and_hosting_share_role(model: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A hosted model uses the same execution role as training, a pipeline, a notebook or Studio.

    A model needs little more than read access to its artifact; with the role of training, a manipulated
    request or model can reach the training data, and a notebook user can act as production.

    The rule compares the execution roles of models with those of training, tuning and AutoML jobs (also in
    Step Functions and pipelines), of pipelines, notebook instances, Studio domains and user profiles. The
    same ARN or the same parameter is the same role, and an ARN that is written out is the only role that a
    template of the project declares under its name. A notebook that asks for its role
    (`get_execution_role()`) has that of the only notebook instance or Studio domain which the project
    declares; whether a program runs there, or a notebook where there are several, is not known. Several
    models with one role are one finding.

    The severity is high where people act with a role, in a notebook instance or Studio, that may do
    everything or give out permissions. It is medium elsewhere: where only jobs and pipelines share the role,
    and where it may do all of a service or pass any role, which the finding names and MLS501, MLS502 and
    MLS504 report. It is low for what a program makes where only jobs and pipelines share the role, and
    nothing shows that the project is operated, and info where a step of a pipeline makes the model, and no
    endpoint configuration of the project hosts it: what is hosted is often the registered package.

    Exceptions: Not reported for a model that transform jobs of the project use and no endpoint configuration
    hosts.

    See [How to use SageMaker AI execution
    roles](https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html).
    """
    own = model["ExecutionRoleArn"]
    hosted = _may_be_hosted(model, graph)
    if not possibly(hosted):
        return
    # Where many models share a role with many others, only the first model looks at all of them.
    alike = roles.same_of_development(own, graph)
    found = list[tuple[View, Answer]]()
    for each in alike:
        found.append(each)
        if certainly(each[1]):
            break
    others = list[ResourceView]()
    if certainly(hosted) and any(certainly(same) for _, same in found):
        for other in _hosted_with(own, graph):
            if other.order < model.order:  # the finding is reported there
                return
            others.append(other)
    others.sort(key=lambda each: each.order)
    found += alike
    running = model.attributes[RUNS_ON].text
    if running and certainly(hosted):
        yield _of_notebook(model, running)
        return
    may_run = model.attributes[MAY_RUN_ON].text
    if may_run:
        found.append((own, undecided(may_run)))
    shared = [role for role, same in found if certainly(same)]
    models = f"{model} and {_counted(len(others), 'other model')} use" if others else f"{model} uses"
    by_people = any(role.holder.type in roles.INTERACTIVE for role in shared)
    stake, milder = _what_is_at_stake(model, graph) if by_people else ("", "")
    message = f"{models} the same role as {_names(shared)}{stake}: {own} should name a separate role"
    related = [(role, f"{role.holder} uses the same role") for role in shared]
    related += [(other["ExecutionRoleArn"], f"{other} uses the same role") for other in others]
    severity: Severity | None = None if by_people else "medium"
    if not by_people and model.language == "python":
        milder = purposes.why_unoperated(graph)
        if _is_made_by_step(model) and not certainly(hosting.configs_serving(model, graph).exist()):
            severity, milder = "info", _OF_STEP
    answered = hosted & some(same for _, same in found)
    yield Claim(answered, own, message, severity, tuple(related), milder=milder, in_use=True)


def _of_notebook(model: ResourceView, running: str) -> Claim:
    """What a notebook hosts with the role of the people who run it."""
    own = model["ExecutionRoleArn"]
    message = (
        f"{model} uses the role of {running}, which runs the notebook: {own} should name a separate role"
    )
    return Claim(own.is_present(), own, message, milder=_NO_ADMINISTRATOR, in_use=True)


def _is_made_by_step(model: ResourceView) -> bool:
    """Whether a step of a workflow makes a model, and not the program that hosts it."""
    return "Workflow" in model.resource.attributes.entries


def _what_is_at_stake(model: ResourceView, graph: GraphView) -> tuple[str, str]:
    """What people who act with the role of a model gain by it, as a clause; why that is not all."""
    administers = _how_the_role(how_it_administers)(model, graph)
    found = administers or _how_the_role(how_it_is_broad)(model, graph)
    return (f", a role that {found}" if found else "", "" if administers else _NO_ADMINISTRATOR)


def _how_the_role(
    question: Callable[[ResourceView, GraphView], str],
) -> Callable[[ResourceView, GraphView], str]:
    """The first answer about one of the roles that a resource certainly acts with."""
    return aside(
        lambda resource, graph: next(
            filter(None, (question(role, graph) for role in known_roles_of(resource, graph))), ""
        )
    )


def _may_be_hosted(model: ResourceView, graph: GraphView) -> Answer:
    transforms = graph.sources(model, EdgeKind.READS, jobs.TRANSFORM).exist()
    return hosting.configs_serving(model, graph).exist() | ~transforms


def _hosted_with(own: View, graph: GraphView) -> Iterator[ResourceView]:
    """The other models, declared elsewhere, that are hosted with the same role for certain."""
    for other, same in same_roles.those_sharing(own, {MODEL: "ExecutionRoleArn"}, graph):
        elsewhere = other.span != own.resource.span
        if elsewhere and certainly(same) and certainly(_may_be_hosted(other, graph)):
            yield other


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _names(shared: list[View]) -> str:
    """Whose roles they are, the first few by name."""
    names = list(dict.fromkeys(str(role.holder) for role in shared))
    return " and ".join(names) if len(names) < 3 else f"{names[0]} and {len(names) - 1} others"
