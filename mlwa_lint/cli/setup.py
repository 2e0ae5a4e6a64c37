"""`mlwa-lint init`, `mlwa-lint config` and `mlwa-lint new-rule`."""

from pathlib import Path
from typing import Any

import click

from mlwa_lint.cli.completing import pillar_names, subcommand_names
from mlwa_lint.cli.decorators import lint_options, rule_options
from mlwa_lint.cli.options import command_line_of
from mlwa_lint.cli.writing import write_file, write_stdout
from mlwa_lint.config.settings import FILE_NAME
from mlwa_lint.errors import UserError, nearest


@click.command()
@click.option("--output", default=FILE_NAME, metavar="FILE", help=f"Output file (default: {FILE_NAME}).")
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
def init(output: str, force: bool) -> int:
    """Write a commented configuration file."""
    from mlwa_lint.scaffold.new_rule import CONFIGURATION

    if Path(output).exists() and not force:
        raise UserError(f"{output}: already exists", "--force overwrites it")
    write_file(output, CONFIGURATION)
    click.echo(f"wrote {output}", err=True)
    return 0


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(), shell_complete=subcommand_names("schema"))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@rule_options
@lint_options
def config(paths: tuple[str, ...], form: str, **options: Any) -> int:
    """Show what applies to a path, and from where; `config schema` prints the JSON Schema of the file."""
    if paths == ("schema",) and not Path("schema").exists():
        import json

        from mlwa_lint.config.schema import schema

        write_stdout(json.dumps(schema(), indent=2) + "\n")
        return 0
    from mlwa_lint.cli.explaining import explained
    from mlwa_lint.run.session import Session

    if paths[:1] == ("schema",) and not Path("schema").exists():
        raise UserError("config schema: it takes no paths", "leave them out")
    for path in paths:
        if not Path(path).exists():
            raise UserError(f"{path}: does not exist", nearest(path, ("schema",)))
    command_line = command_line_of(options)
    policy = Session(command_line).policy
    for path in paths or (".",):
        policy.rules_of(policy.settings(path))  # refuses selectors that name no rule
    write_stdout(explained(command_line, paths or (".",), form))
    return 0


@click.command("new-rule")
@click.argument("name")
@click.option("--code", metavar="CODE", help="The rule's code; by default the first free one of its pillar.")
@click.option(
    "--pillar",
    default="security",
    metavar="PILLAR",
    shell_complete=pillar_names,
    help="The pillar it belongs to (security).",
)
@click.option(
    "--folder", default=".", type=click.Path(), metavar="DIR", help="Directory to write it to (default: .)."
)
def new_rule(name: str, code: str | None, pillar: str, folder: str) -> int:
    """Write a new rule with examples and a test, all of which pass as written.

    NAME names the mistake, as in notebook-without-owner. In a checkout of mlwa-lint the rule joins the
    built-in ones; anywhere else it becomes a rule of your own, for --rules.
    """
    from mlwa_lint.scaffold.new_rule import scaffold

    written = scaffold(name, code, pillar, Path(folder))
    for path in written.files:
        click.echo(f"wrote {path}", err=True)
    write_stdout("".join(f"{line}\n" for line in written.advice))
    return 0
