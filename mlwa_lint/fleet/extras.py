"""The packages that only fleets need."""

from importlib import import_module
from types import ModuleType

from mlwa_lint.errors import UserError

_EXTRAS = {"distributed": "dask", "ray": "ray"}


def need(name: str) -> ModuleType:
    """A package of an extra, imported only now. Raises UserError, which names the extra."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        package = name.partition(".")[0]
        if error.name is None or error.name.partition(".")[0] != package:
            raise
        extra = _EXTRAS.get(package, "fleet")
        message = f"{package} is not installed"
        raise UserError(message, f"install it with `pip install 'mlwa-lint[{extra}]'`") from None
