"""Glue jobs: what they run on, which version, and what they write."""

from collections.abc import Callable, Iterator

from mlwa_lint.facts.today import has_passed
from mlwa_lint.facts.versions import Version, glue_version
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import BUCKET, ROLE
from mlwa_lint.graph.queries.encryption import is_kms_encrypted
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import NO, Answer, certainly, every, some

# Arguments by which a job writes data to more places than its output.
_CONTINUOUS_LOG = "--enable-continuous-cloudwatch-log"
_BOOKMARK = "--job-bookmark-option"
# Where a job only reads its own code.
_CODE = ("ScriptLocation", "--extra-py-files", "--extra-jars", "--extra-files", "--additional-python-modules")


def is_spark(job: ResourceView) -> Answer:
    """Whether a job runs on Spark, in batches or as a stream, and not as a Python shell or on Ray."""
    return job["Command.Name"].one_of(("glueetl", "gluestreaming"))


def is_current(job: ResourceView, version: float) -> Answer:
    """Whether a job runs on a version or a later one; without a version, or with `auto`, it does."""
    stated = job["GlueVersion"]
    return stated.is_absent() | stated.test(lambda text: text.lower() == "auto") | stated.at_least(version)


def has_ended(job: ResourceView) -> Answer:
    """Whether a Spark job states a version that can no longer be created or run."""
    return is_spark(job) & job["GlueVersion"].test(_has_ended)


def version_named(name: str) -> Version | None:
    """The version of Glue of a name, `2.0` or `2`; None for one that is not known."""
    return glue_version(name) or glue_version(f"{name}.0")


def _has_ended(name: str) -> bool:
    found = version_named(name)
    return found is not None and has_passed(found.ends)


def writes_to_kms_buckets(job: ResourceView, graph: GraphView) -> Answer:
    """Whether every bucket that a job uses is in the project and encrypts with a KMS key by default."""
    buckets = dict.fromkeys(_buckets_of(job, graph))
    ends = [
        end
        for kind in (EdgeKind.READS, EdgeKind.WRITES)
        for end in graph.graph.open_ends_of(job.address, kind)
    ]
    elsewhere = any(end.target_type == BUCKET and not set(end.path) & set(_CODE) for end in ends)
    if not buckets or elsewhere:
        return NO
    return every(is_kms_encrypted(each) for each in buckets)


def _buckets_of(job: ResourceView, graph: GraphView) -> Iterator[ResourceView]:
    """The buckets that a job names, and those that the policies of its role name."""
    for kind in (EdgeKind.READS, EdgeKind.WRITES):
        for each in graph.targets(job, kind, BUCKET).related:
            if not set(each.edge.path) & set(_CODE):
                yield each.resource
    for role in graph.targets(job, EdgeKind.ASSUMES, ROLE).related:
        for holder in dict.fromkeys(each.holder for each in policies.documents_of(role.resource, graph)[0]):
            yield from graph.targets(holder, EdgeKind.GRANTS, BUCKET)


def keeps_data_beside_s3(job: ResourceView) -> Answer:
    """Whether a job keeps data in continuous logs or in bookmarks."""
    return some(kept for _, kept in _kept(job))


def kept_beside_s3(job: ResourceView) -> str:
    """In what, in words."""
    return " and ".join(what for what, kept in _kept(job) if certainly(kept)) or "logs and job bookmarks"


def _kept(job: ResourceView) -> Iterator[tuple[str, Answer]]:
    yield "continuous logs", _argument(job, _CONTINUOUS_LOG, lambda view: view.is_true())
    yield "job bookmarks", _argument(job, _BOOKMARK, lambda view: view.equals("job-bookmark-enable"))


def _argument(job: ResourceView, name: str, question: Callable[[View], Answer]) -> Answer:
    return some(question(job[key][name]) for key in ("DefaultArguments", "NonOverridableArguments"))
