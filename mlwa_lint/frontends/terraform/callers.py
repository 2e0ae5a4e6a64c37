"""What the configurations that call a module are for, where none of them expands it."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from mlwa_lint.facts.ai_services import ai_services
from mlwa_lint.files.paths import inside
from mlwa_lint.files.reading import is_folder
from mlwa_lint.frontends.expressions import Literal
from mlwa_lint.frontends.terraform.evaluation.loader import Loader
from mlwa_lint.frontends.terraform.vocabulary.index import table_of

# Of a configuration, so many modules are looked into for what it is for.
_MODULES_LIMIT = 50
_OF_ML = ("aws_sagemaker_", "awscc_sagemaker_", "aws_bedrock", "awscc_bedrock")


def are_for_ml(callers: Sequence[Path], module: Path, root: Path) -> bool:
    """Whether a configuration that calls a module, or another module beside it, declares something of ML.

    The module is left out by a default (`count = var.retrain ? 1 : 0`), and judged alone: what it is for, its
    callers know.
    """
    prefixes = (*_OF_ML, *(each for service in ai_services() for each in service.types))
    own = os.path.realpath(module)
    for caller in callers:
        loader = Loader(caller, root)
        for folder in (caller, *_called_by(loader, caller, root)):
            if os.path.realpath(folder) == own:
                continue
            for kind, _ in loader.folder(folder).resources:
                table = table_of(kind)
                if kind.startswith(prefixes) or (table is not None and table.type.startswith(prefixes)):
                    return True
    return False


def _called_by(loader: Loader, caller: Path, root: Path) -> Iterator[Path]:
    """The folders of the modules beside a configuration that it calls."""
    for block in [*loader.folder(caller).modules.values()][:_MODULES_LIMIT]:
        source = block.arguments.get("source")
        value = None if source is None else source.value
        path = value.data if isinstance(value, Literal) else None
        if isinstance(path, str) and path.startswith("."):
            folder = Path(os.path.normpath(caller / path))
            if inside(folder, root) is not None and is_folder(folder):
                yield folder
