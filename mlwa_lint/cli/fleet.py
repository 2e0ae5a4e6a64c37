"""`mlwa-lint fleet`: many repositories."""

from importlib import import_module

import click

_COMMANDS = {
    "scan": ("fleet_scan", "Lint many repositories into a dataset."),
    "report": ("fleet_results", "Show a ready report about a scan."),
    "query": ("fleet_results", "Query the dataset in SQL."),
    "diff": ("fleet_results", "Show what changed between two scans."),
    "try": ("fleet_scan", "Run new rules on what was scanned."),
}


class _Commands(click.Group):
    """A group whose commands are imported on demand."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the table."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Loads a command's module."""
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"mlwa_lint.cli.{_COMMANDS[cmd_name][0]}")
        found: click.Command = getattr(module, "try_rules" if cmd_name == "try" else cmd_name)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The overview, from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in _COMMANDS.items()])


@click.group(cls=_Commands)
def fleet() -> None:
    """Lint many repositories, on this machine or on a cluster, and follow their findings over time.

    Needs the extra `fleet`, and `dask` or `ray` for these clusters.
    """
