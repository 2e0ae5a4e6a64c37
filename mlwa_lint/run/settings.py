"""What holds for one target."""

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.findings import Scope
from mlwa_lint.rule import Rule
from mlwa_lint.startup.records import NamedTuple


class RunSettings(NamedTuple):
    """What holds for one target: rules, values from outside, required tag keys, what is judged.

    outlines: whether reports draw the graph, so that it has to be kept.
    """

    rules: tuple[Rule, ...]
    load: LoadOptions
    required_tags: tuple[str, ...] = ()
    scope: Scope = "ml"
    outlines: bool = False
