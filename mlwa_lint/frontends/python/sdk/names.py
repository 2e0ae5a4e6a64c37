"""Names of the third version's fields, which are the API's in snake case."""

from functools import cache

from mlwa_lint.frontends.python.boto3.snake import IRREGULAR
from mlwa_lint.startup.patterns import lazy


@cache
def pascal(name: str) -> str:
    """`volume_size_in_gb` as the API has it: `VolumeSizeInGB`."""
    return IRREGULAR.get(name) or "".join(part[:1].upper() + part[1:] for part in name.split("_"))


@cache
def snake(name: str) -> str:
    """`VolumeSizeInGB` as the third version has it: `volume_size_in_gb`."""
    return _SNAKE.get(name) or _HUMPS.sub("_", name).lower()


_HUMPS = lazy(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SNAKE = {pascal_name: snake_name for snake_name, pascal_name in IRREGULAR.items()}
