"""Glue jobs: what they run on, and which version."""

from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import Answer


def is_spark(job: ResourceView) -> Answer:
    """Whether a job runs on Spark, in batches or as a stream, and not as a Python shell or on Ray."""
    return job["Command.Name"].one_of(("glueetl", "gluestreaming"))


def is_current(job: ResourceView, version: float) -> Answer:
    """Whether a job runs on a version or a later one; without a version, or with `auto`, it does."""
    stated = job["GlueVersion"]
    return stated.is_absent() | stated.test(lambda text: text.lower() == "auto") | stated.at_least(version)
