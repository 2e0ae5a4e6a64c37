"""What functions need to know of the place that they are called from."""

from collections.abc import Callable
from pathlib import Path

from mlwa_lint.model.values import MapValue, Value
from mlwa_lint.startup.records import NamedTuple


class FunctionContext(NamedTuple):
    """The folder that relative paths start from (Terraform: the root module's), the one that none may leave,
    and how templates are evaluated."""

    module_dir: Path
    root: Path
    evaluate_template: Callable[[str, MapValue], Value] | None = None
