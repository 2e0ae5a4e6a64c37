"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mlwa_lint.config.command_line import CommandLine
from mlwa_lint.config.settings import THRESHOLDS
from mlwa_lint.errors import UserError
from mlwa_lint.frontends.options import Json
from mlwa_lint.model.findings import SCOPES, SEVERITIES

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Command = TypeVar("Command", bound=Callable[..., Any])


def _rule_names(*arguments: Any) -> "list[CompletionItem]":
    from mlwa_lint.cli.completing import rule_names

    return rule_names(*arguments)


LENS_NAMES = ("machine-learning", "generative-ai", "agentic-ai", "responsible-ai")
_SELECTION = (
    click.option(
        "--select",
        multiple=True,
        metavar="RULES",
        shell_complete=_rule_names,
        help="Only these rules: rule codes, code prefixes, or names.",
    ),
    click.option(
        "--ignore",
        multiple=True,
        metavar="RULES",
        shell_complete=_rule_names,
        help="Not these rules; the more specific selector wins.",
    ),
    click.option("--config", type=click.Path(), metavar="FILE", help="Configuration file to use."),
    click.option(
        "--rules", multiple=True, metavar="DIR|MODULE", help="Load further rules (runs their code)."
    ),
)
_RULES = (
    click.option(
        "--lens",
        "lenses",
        multiple=True,
        type=click.Choice(LENS_NAMES),
        help="Only rules for best practices of a Well-Architected lens; repeatable.",
    ),
    *_SELECTION,
)
_INPUT = (
    click.option(
        "--scope",
        type=click.Choice(SCOPES),
        help="Judge buckets, keys, functions and other general resources only where they are tied to ML "
        "(ml, the default), or all of them.",
    ),
    click.option(
        "--parameters",
        multiple=True,
        type=click.Path(),
        metavar="FILE",
        help="CloudFormation parameter values, JSON or YAML; repeatable.",
    ),
    click.option(
        "--var",
        "variables",
        multiple=True,
        metavar="NAME=VALUE",
        help="The value of a Terraform variable; repeatable.",
    ),
    click.option(
        "--var-file",
        "var_files",
        multiple=True,
        type=click.Path(),
        metavar="FILE",
        help="A file of Terraform variables; repeatable.",
    ),
    click.option(
        "--sagemaker-config",
        type=click.Path(),
        metavar="FILE",
        help="Defaults of the SageMaker Python SDK (config.yaml) that hold for programs.",
    ),
    click.option(
        "--exclude",
        multiple=True,
        metavar="GLOB",
        help="Leave out files and directories that match a pattern, as in .gitignore; repeatable. "
        "A file named as an argument is linted anyway, unless a hook names it.",
    ),
    click.option(
        "--from-hook",
        is_flag=True,
        help="A commit hook names the files: those that are not infrastructure code are skipped.",
    ),
    click.option(
        "--no-inline-suppressions",
        is_flag=True,
        help="Report also what comments and metadata in the sources suppress.",
    ),
    click.option(
        "--validate",
        is_flag=True,
        help="Report also what cfn-lint finds about ML resources in CloudFormation and SAM templates.",
    ),
    click.option("--jobs", type=click.IntRange(1), metavar="N", help="Lint N targets at a time."),
    click.option("--no-cache", is_flag=True, help="Neither read nor write the result cache."),
)
_LINT = (
    click.option(
        "--severity",
        type=click.Choice(SEVERITIES),
        help="Report findings of at least this severity (default: low).",
    ),
    click.option(
        "--fail-on",
        type=click.Choice(THRESHOLDS),
        help="Exit 1 for findings of at least this severity (default: low).",
    ),
    click.option(
        "--baseline",
        type=click.Path(),
        metavar="FILE",
        help="Report only findings that are not in this baseline.",
    ),
    *_INPUT,
)

_FIX = (
    click.option("--fix", is_flag=True, help="Fix what can be fixed safely, and report the rest."),
    click.option(
        "--unsafe-fixes",
        is_flag=True,
        help="With --fix or --diff: also fixes that replace a resource, cost, or change behaviour.",
    ),
    click.option(
        "--diff", is_flag=True, help="Print what --fix would change, and change nothing; exit 1 then."
    ),
    click.option(
        "--show-fixes", is_flag=True, help="List each fix, and why it is not safe or cannot be made."
    ),
    click.option(
        "--add-ignores",
        is_flag=True,
        help="Suppress every finding where it is, with the reason that --reason gives.",
    ),
    click.option("--reason", metavar="TEXT", help="Why --add-ignores suppresses."),
)
# The options above by their names in the program.
FIXING = ("fix", "unsafe_fixes", "diff", "show_fixes", "add_ignores", "reason")


def rule_options(command: Command) -> Command:
    """--select, --ignore, --lens, --config, --rules."""
    return _with(_RULES, command)


def lint_options(command: Command) -> Command:
    """Everything that decides what is linted with which values."""
    return _with(_LINT, command)


def input_options(command: Command) -> Command:
    """--select, --ignore, --config, --rules, and with which values what is linted; not how it is reported."""
    return _with((*_SELECTION, *_INPUT), command)


def fix_options(command: Command) -> Command:
    """--fix and what goes with it."""
    return _with(_FIX, command)


def _with(options: tuple[Callable[[Command], Command], ...], command: Command) -> Command:
    for option in reversed(options):
        command = option(command)
    return command


def command_line_of(options: dict[str, Any]) -> CommandLine:
    """What the shared options say. Raises UserError."""
    return CommandLine(
        select=_split(options["select"]),
        ignore=_split(options["ignore"]),
        severity=options.get("severity"),
        fail_on=options.get("fail_on"),
        scope=options.get("scope"),
        parameters=_existing("--parameters", options.get("parameters", ())),
        variables=dict(_variable(text) for text in options.get("variables", ())),
        var_files=_existing("--var-file", options.get("var_files", ())),
        sagemaker_config=_only("--sagemaker-config", options.get("sagemaker_config")),
        config=_only("--config", options["config"]),
        rules=options["rules"],
        jobs=options.get("jobs"),
        baseline=Path(options["baseline"]) if options.get("baseline") else None,
        cache=not options.get("no_cache", False),
        exclude=options.get("exclude", ()),
        from_hook=options.get("from_hook", False),
        since=options.get("since"),
        inline_suppressions=not options.get("no_inline_suppressions", False),
        lenses=options.get("lenses", ()),
        validate=options.get("validate", False),
    )


def _split(texts: tuple[str, ...]) -> tuple[str, ...]:
    """`--select MLS1,MLR` is the same as giving it twice."""
    return tuple(word for text in texts for word in text.replace(",", " ").split())


def _existing(option: str, texts: tuple[str, ...]) -> tuple[Path, ...]:
    for text in texts:
        if not Path(text).is_file():
            raise UserError(f"{option} {text}: no such file")
    return tuple(map(Path, texts))


def _only(option: str, text: str | None) -> Path | None:
    return _existing(option, (text,))[0] if text else None


def _variable(text: str) -> tuple[str, Json]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        shown = f"--var {text}" if text.replace("-", "_").isidentifier() else "--var"
        raise UserError(f"{shown}: no value", "write --var NAME=VALUE")
    return name.strip(), value
