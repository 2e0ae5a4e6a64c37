"""The commands, loaded on demand."""

from importlib import import_module
from pathlib import Path
from typing import Any

import click

from mlwa_lint import __version__
from mlwa_lint.cli.outcome import EXIT_INTERRUPTED, EXIT_UNUSABLE

# Command: its module, its function, and its line in the overview, so that help loads none of them.
COMMANDS = {
    "check": ("checking", "check", "Lint templates and Terraform modules."),
    "rules": ("catalogue", "rules", "List rules."),
    "rule": ("catalogue", "rule", "Explain one rule, or all."),
    "files": ("files", "files", "List which files would be linted as what, and which would not and why."),
    "graph": ("graph", "graph", "Print the resource graph."),
    "ignore": ("ignoring", "ignore", "Suppress today's findings where they are, with a reason."),
    "baseline": ("baseline", "baseline", "Write a baseline of today's findings."),
    "review": ("review", "review", "Review a Well-Architected lens: evidence, answers, risks."),
    "fleet": ("fleet", "fleet", "Lint many repositories, and follow their findings over time."),
    "init": ("setup", "init", "Write a commented configuration file."),
    "config": ("setup", "config", "Show what applies to a path, and from where."),
    "new-rule": ("setup", "new_rule", "Write a new rule with examples and a test."),
    "server": ("server", "server", "Run the language server, for editors."),
    "mcp": ("mcp", "mcp", "Serve coding agents (Model Context Protocol)."),
    "cache": ("caching", "cache", "Show or clear the result cache."),
    "completion": ("completion", "completion", "Print a shell completion script."),
}


class Commands(click.Group):
    """A group whose commands are modules that are imported on demand."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Loads a command's module."""
        if cmd_name not in COMMANDS:
            return None
        module, function, _ = COMMANDS[cmd_name]
        found: click.Command = getattr(import_module(f"mlwa_lint.cli.{module}"), function)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Names the nearest command where one is misspelt, or reports that `check` takes paths."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from mlwa_lint.errors import nearest

            hint = nearest(name, list(COMMANDS))
            if Path(name).exists():
                hint = f"to lint {name}, write `mlwa-lint check {name}`"
            ctx.fail(f"no such command {name!r}" + (f"; {hint}" if hint else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The overview, from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, _, line) in COMMANDS.items()])


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 nothing found, 1 findings, 2 wrong usage or unreadable input, 3 a bug.",
)
@click.version_option(__version__, "-V", "--version", prog_name="mlwa-lint")
def app() -> None:
    """Check ML workloads on AWS against the Well-Architected Machine Learning Lens.

    Reads CloudFormation, SAM, CDK output and Terraform; runs nothing and needs no AWS account.
    """


def run(arguments: list[str]) -> Any:
    """Runs a command line; messages of click are printed as ours."""
    try:
        return app.main(arguments, prog_name="mlwa-lint", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return EXIT_UNUSABLE
    except click.Abort:
        click.echo("interrupted", err=True)
        return EXIT_INTERRUPTED
