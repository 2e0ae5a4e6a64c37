"""Training data: who can change what models learn from."""

from collections.abc import Iterable, Iterator

from mlwa_lint.graph import jobs, patterns
from mlwa_lint.graph.iam import arns, evaluate, policies
from mlwa_lint.graph.kinds import BUCKET, FUNCTION, ROLE
from mlwa_lint.graph.linking.naming import GAP, outline
from mlwa_lint.graph.patterns import ANYTHING
from mlwa_lint.graph.queries import code_jobs, roles
from mlwa_lint.model.findings import Severity
from mlwa_lint.model.values import references_in
from mlwa_lint.rule import (
    NO,
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
    why_unknown,
)

_EVERYWHERE = patterns.arn(patterns.text("arn:aws:s3:::", ANYTHING))
_WRITING = "s3:PutObject"
_REMADE = "another step of the workflow regenerates this data"
_BROAD = "a broad managed policy allows it, which MLS502 reports"


@rule(
    "MLS315",
    "training-data-writable-by-training",
    "medium",
    practices=("MLSEC04-BP03",),
    on=(*jobs.TRAINING_TYPES, FUNCTION),
    remedy=Remedy(
        "Allow `s3:PutObject` on the output prefix only: `Resource: !Sub ${Data.Arn}/output/*`.",
        "Allow `s3:PutObject` on the output prefix only: `${aws_s3_bucket.data.arn}/output/*`.",
    ),
)
def training_data_writable_by_training(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """The training role, or another account, can change the training data.

    A manipulated dependency of one training run can then poison the data of every later run unnoticed,
    because the job is allowed to write there.

    The rule decides from all policies of the role, its permissions boundary and the bucket's policy whether
    the role may put objects where the job's input channels read, and whether the bucket's policy lets another
    account put objects into it. Buckets and roles count where the project declares them; so do the jobs that
    the code of a function starts, by the roles and buckets that its environment hands over. Where the place
    that a channel reads is not known, a role that may write to all buckets may write there. The severity is
    info where a managed policy of AWS allows it, which MLS502 reports, and low where another step of the same
    workflow regenerates the data: what one run changes does not last until the next.

    See [SageMaker AI execution roles](https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html)
    and [Machine Learning Lens: protect against data poisoning
    threats](https://docs.aws.amazon.com/wellarchitected/latest/machine-learning-lens/mlsec04-bp03.html).
    """
    if resource.type == FUNCTION:
        yield from _of_code(resource, graph)
        return
    links = graph.targets(resource, EdgeKind.ASSUMES, ROLE)
    for job in jobs.of(resource):
        for location in job.input_locations:
            found = list(_buckets_at(location, resource, graph))
            if not found and location.text is None:
                if links.unknown and _may_declare(graph, ROLE) and not _may_declare(graph, BUCKET):
                    message = f"{job} reads training data with a role that is not known"
                    yield Claim(undecided(links.unknown[0]), location, message)
                yield from _of_unknown_place(job, location, links, graph)
            for bucket in found:
                if links.unknown and _may_declare(graph, ROLE):
                    message = f"{job} reads training data from {location} with a role that is not known"
                    yield Claim(undecided(links.unknown[0]), location, message)
                yield from _claims(job, location, bucket, links, graph)


def _of_code(function: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """The same for the training jobs that a function's code starts with a role of the project."""
    for job in code_jobs.of_code(function):
        role = code_jobs.role_of(job, graph) if job.is_training else None
        for location in job.input_locations if role is not None else ():
            bucket = code_jobs.bucket_at(location, graph)
            acting = [role] if role is not None else []
            if bucket is not None:
                yield from _claims(job, location, bucket, acting, graph)
            elif location.text is None:
                yield from _of_unknown_place(job, location, acting, graph)


def _of_unknown_place(
    job: jobs.Job, location: View, acting: Iterable[ResourceView], graph: GraphView
) -> Iterator[Claim]:
    """What is known of a channel whose place is not: a role that may write to all buckets may write there."""
    may_write = NO
    for role in acting:
        decision = evaluate.role_may(role, evaluate.AccessRequest(_WRITING, _EVERYWHERE), graph)
        may_write |= decision.answer
        if certainly(decision.answer):
            message = f"{job} reads training data with {role}, which may write to all buckets"
            yield _claim(job, location, decision, message, graph)
            return
    message = f"{job} reads training data from a place that is not known"
    if not _may_declare(graph, BUCKET):
        yield Claim(may_write, location, message)
        return
    yield Claim(undecided(why_unknown(location.value)), location, message)


def _claim(
    job: jobs.Job, location: View, decision: evaluate.Decision, message: str, graph: GraphView
) -> Claim:
    statement = decision.statement
    related = () if statement is None else ((statement.resources_or_others, "allows writing there"),)
    broad = statement is not None and "ManagedPolicyArns" in statement.resources_or_others.path
    severity: Severity | None = "low" if broad else None
    milder = _BROAD if broad else _REMADE if _is_remade(job, location, graph) else ""
    return Claim(decision.answer, location, message, severity, related=related, milder=milder)


def _buckets_at(location: View, resource: ResourceView, graph: GraphView) -> Iterator[ResourceView]:
    found = dict.fromkeys(
        each.resource
        for kind in (EdgeKind.READS, EdgeKind.WRITES)
        for each in graph.targets(resource, kind, BUCKET).related
        if each.edge.span == location.span
    )
    # All locations of a definition in a file of its own are at one place.
    yield from found if len(found) < 2 else filter(lambda bucket: _names(location, bucket), found)


def _may_declare(graph: GraphView, kind: str) -> bool:
    """Whether what is not known may be a resource of the project."""
    declared = graph.declared(kind)
    return bool(declared.related or declared.unknown)


def _names(location: View, bucket: ResourceView) -> bool:
    """Whether an S3 URI names a bucket, by reference or by its name."""
    mentioned = {reference.address for reference, _ in references_in(location.value)}
    if mentioned:
        return bool(mentioned & {bucket.address, *bucket.resource.folded})
    name = outline(location.value).removeprefix("s3://").partition("/")[0]
    return name == bucket["BucketName"].text


def _claims(
    job: jobs.Job, location: View, bucket: ResourceView, acting: Iterable[ResourceView], graph: GraphView
) -> Iterator[Claim]:
    objects = arns.of_objects(bucket, graph, (_prefix(location), ANYTHING))
    wanted = evaluate.AccessRequest(_WRITING, objects)
    for role in acting:
        decision = evaluate.role_may(role, wanted, graph, bucket)
        message = f"{job} reads training data from {location} with {role}, which may also write there"
        yield _claim(job, location, decision, message, graph)
    for statement in policies.of_bucket(bucket, graph):
        others = some(roles.is_foreign_account(each, graph) for each in statement.principals("AWS"))
        everyone = statement.any_principal()
        if not certainly(everyone):  # MLS304 reports what everyone may do
            others |= everyone
        writes = statement.allows() & statement.covers_action(_WRITING) & others
        if possibly(writes):
            message = f"{job} reads training data from {location}, where another account may write"
            yield Claim(writes, location, message, related=((statement.principal, "names another account"),))


def _is_remade(job: jobs.Job, location: View, graph: GraphView) -> bool:
    """Whether another step of a job's workflow certainly writes where it reads."""
    workflow = job.resource.address.rpartition("/")[0]
    return bool(workflow) and any(
        certainly(output.same_as(location))
        for other in graph.of_type(*jobs.JOB_TYPES)
        if other != job.resource and other.address.rpartition("/")[0] == workflow
        for step in jobs.of(other)
        for output in step.output_locations
    )


def _prefix(location: View) -> str:
    """The known prefix of the keys at an S3 URI: `train/` of `s3://BUCKET/train/`."""
    _, _, path = outline(location.value).removeprefix("s3://").partition("/")
    return path.partition(GAP)[0]
