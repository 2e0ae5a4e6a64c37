"""The kinds of edges between resources, and the edges themselves."""

from enum import Enum

from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Value
from mlwa_lint.startup.records import NamedTuple


class EdgeKind(Enum):
    """What one resource means to another; the arrow reads "source KIND target"."""

    HOSTS = "hosts"  # endpoint config, inference component -> model
    CONFIGURES = "configures"  # endpoint -> endpoint config; anything -> its configuration resource
    ASSUMES = "assumes"  # anything that acts -> role
    GRANTS = "grants"  # policy -> role, bucket or key that it applies to
    ENCRYPTS_WITH = "encrypts with"  # -> key
    READS = "reads"  # -> bucket, table, stream
    WRITES = "writes"  # -> bucket, table, stream
    MONITORS = "monitors"  # alarm, monitoring schedule, job definition -> endpoint; composite alarm -> alarm
    SCALES = "scales"  # scalable target -> endpoint; scaling policy -> scalable target
    TRIGGERS = "triggers"  # bucket, topic, event rule, schedule -> function, state machine, pipeline
    INVOKES = "invokes"  # function, API, workflow -> function, endpoint
    RUNS = "runs"  # workflow -> job; monitoring schedule -> job definition
    PLACED_IN = "placed in"  # -> subnet, security group, VPC
    REFERS_TO = "refers to"  # any other mention


class Edge(NamedTuple):
    """One resource's relation to another, which holds where the guards do.

    path:   the source's property that names the target.
    detail: what else the property states about the target: the variant that a scalable target or an
            alarm names on an endpoint.
    """

    source: str
    target: str
    kind: EdgeKind
    guards: tuple[Guard, ...]
    span: Span
    path: tuple[str, ...]
    detail: Value | None = None


class OpenEnd(NamedTuple):
    """A relation of a known kind whose other end is not known, or is not declared in the project.

    `outside` means that its name is known and belongs to no resource of the project, so that it
    cannot be one of the project's resources; `name` is that name. `form` is a name of which only pieces are
    known, with a gap for each piece that is not.
    """

    source: str
    target_type: str
    kind: EdgeKind
    reason: str
    guards: tuple[Guard, ...]
    path: tuple[str, ...]
    outside: bool = False
    name: str = ""
    form: str = ""
