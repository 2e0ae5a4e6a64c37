"""The settings of one target."""

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.findings import Scope
from mlwa_lint.rule import Rule
from mlwa_lint.startup.records import NamedTuple


class RunSettings(NamedTuple):
    """The settings of one target: rules, values from outside, required tag keys, what is checked.

    validate: whether cfn-lint validates templates as well.
    outlines: whether reports draw the graph, so that it has to be kept.
    """

    rules: tuple[Rule, ...]
    load: LoadOptions
    required_tags: tuple[str, ...] = ()
    scope: Scope = "ml"
    validate: bool = False
    outlines: bool = False
