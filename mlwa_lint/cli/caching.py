"""`mlwa-lint cache`: where results are kept, and how to delete them."""

import click

from mlwa_lint.errors import UserError
from mlwa_lint.run.cache import cache_folder, clear


@click.group()
def cache() -> None:
    """Show or clear the result cache."""


@cache.command("clear")
def clear_cache() -> int:
    """Delete all kept results."""
    number = clear(_folder())
    click.echo(f"deleted {number} {'result' if number == 1 else 'results'}", err=True)
    return 0


@cache.command("folder")
def show_folder() -> int:
    """Print the directory that results are kept in."""
    click.echo(_folder())
    return 0


def _folder() -> str:
    folder = cache_folder()
    if folder is None:
        raise UserError("there is no directory for a cache", "set MLWA_LINT_CACHE_DIR to one")
    return folder
