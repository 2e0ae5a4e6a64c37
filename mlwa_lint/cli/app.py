"""The commands, loaded only when they are asked for, and how a failure ends the program."""

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from mlwa_lint import __version__
from mlwa_lint.errors import UserError

EXIT_FINDINGS = 1
EXIT_UNUSABLE = 2
EXIT_BUG = 3
EXIT_INTERRUPTED = 130
ISSUES = "https://github.com/mlwa-lint/mlwa-lint/issues"

# Command: its module, its function, and its line in the overview, so that help loads none of them.
COMMANDS = {
    "check": ("check", "check", "Lint templates and Terraform modules."),
    "rules": ("catalogue", "rules", "List rules."),
    "rule": ("catalogue", "rule", "Explain one rule, or all."),
    "files": ("files", "files", "Say which files would be linted as what, and which not and why."),
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
        """Names the nearest command where one is misspelt, or says that `check` takes paths."""
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


def invoke(arguments: list[str]) -> int:
    """Runs a command line to its exit code; no way out of it prints a traceback."""
    try:
        code = _invoke(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        silence_stdout()  # the reader went away, as `head` does: nobody is left to tell
        return 0
    except OSError as error:
        what = f"{error.filename}: " if error.filename else "cannot write the output: "
        complain(f"{what}{error.strerror or error}")
        silence_stdout()
        return EXIT_UNUSABLE
    return code


def _invoke(arguments: list[str]) -> int:
    from mlwa_lint.catalogue.registry import RuleSourceError, UnknownRuleError, is_of_cfn_lint

    try:
        outcome: Any = app.main(arguments, prog_name="mlwa-lint", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return EXIT_UNUSABLE
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return EXIT_INTERRUPTED
    except UserError as error:
        complain(error.message, error.hint)
        return EXIT_UNUSABLE
    except UnknownRuleError as error:
        hint = f"did you mean {error.suggestion!r}?" if error.suggestion else "`mlwa-lint rules` lists them"
        if is_of_cfn_lint(error.selector):
            hint = "--validate runs the rules of cfn-lint"
        complain(str(error), hint)
        return EXIT_UNUSABLE
    except RuleSourceError as error:
        complain(str(error))
        return EXIT_UNUSABLE
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - the last resort: a bug of ours, told as one
        return _bug(error)
    return outcome if isinstance(outcome, int) else 0


def complain(message: str, hint: str = "") -> None:
    """One line on standard error; what it quotes can neither steer the terminal nor give a secret away."""
    from mlwa_lint.reporters.painting import plain
    from mlwa_lint.reporters.redaction import hushed

    text = f"mlwa-lint: error: {message}" + (f"; {hint}" if hint else "")
    click.echo(plain([[(hushed(text), "")]]), nl=False, err=True)


def _bug(error: Exception) -> int:
    if os.environ.get("MLWA_LINT_TRACEBACK"):
        import traceback

        traceback.print_exception(error)
    place = _innermost(error)
    complain(
        f"internal error: {type(error).__name__}: {error} ({place})",
        f"this is a bug, please report it at {ISSUES} with the output of MLWA_LINT_TRACEBACK=1",
    )
    return EXIT_BUG


def _innermost(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "at an unknown place"
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"


def silence_stdout() -> None:
    """Sends what is left to nowhere, so that the interpreter's last flush has nothing to complain of."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return
