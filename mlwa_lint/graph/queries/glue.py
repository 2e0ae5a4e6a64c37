"""Glue jobs: what they are."""

from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import Answer


def is_spark(job: ResourceView) -> Answer:
    """Whether a job runs on Spark, in batches or as a stream, and not as a Python shell or on Ray."""
    return job["Command.Name"].one_of(("glueetl", "gluestreaming"))
