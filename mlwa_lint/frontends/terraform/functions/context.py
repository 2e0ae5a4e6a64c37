"""The context of a function's call."""

from collections.abc import Callable
from pathlib import Path

from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import MapValue, Value
from mlwa_lint.startup.records import NamedTuple


class FunctionContext(NamedTuple):
    """The folder that relative paths start from (Terraform: the root module's), the one that none may leave,
    how templates are evaluated: their text, their names, and the whole of the file that they are, and which
    file of the project is meant by a path that leads to none."""

    module_dir: Path
    root: Path
    evaluate_template: Callable[[str, MapValue, Span | None], Value] | None = None
    meant_by: Callable[[Path, Span], Path | None] | None = None
