"""What functions need to know of the place that they are called from."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from mlwa_lint.model.values import MapValue, Value


class FunctionContext(NamedTuple):
    """The calling module's folder, the folder that no path may leave, and how templates are evaluated."""

    module_dir: Path
    root: Path
    evaluate_template: Callable[[str, MapValue], Value] | None = None
