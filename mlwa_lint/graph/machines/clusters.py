"""The machines of a job, as the several forms of its configuration describe them."""

from mlwa_lint.graph.views import View
from mlwa_lint.model.answers import certainly
from mlwa_lint.startup.records import NamedTuple


class Instances(NamedTuple):
    """A group of equal instances; `alternative` ones are used instead of each other, not together."""

    type: View
    number: View
    alternative: bool = False


class Cluster(NamedTuple):
    """The machines of a job.

    at:          the configuration that describes them.
    instances:   their types and counts; empty where the service chooses them (AutoML).
    volume_key:  the key of their volumes; None where the job cannot set it.
    volume_size: the size of their volumes in GB; None where the job cannot set it.
    """

    at: View
    instances: tuple[Instances, ...]
    volume_key: View | None
    volume_size: View | None


def instances_of(config: View) -> tuple[Instances, ...]:
    """The groups of instances that a cluster's configuration describes."""
    groups = config["InstanceGroups"].known_items()
    if groups:
        return tuple(Instances(each["InstanceType"], each["InstanceCount"]) for each in groups)
    several = [*config["InstanceConfigs"].known_items(), *config["InstancePreferences"].known_items()]
    if several:
        count = config["InstanceCount"]
        return tuple(
            Instances(
                each["InstanceType"],
                each["InstanceCount"] if certainly(each["InstanceCount"].is_present()) else count,
                alternative=True,
            )
            for each in several
        )
    return (Instances(config["InstanceType"], config["InstanceCount"]),)
