"""The options that commands share, as click's."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mlwa_lint.cli.options import CHECK, INPUT, LINT, RULES, SELECTION, Option

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Command = TypeVar("Command", bound=Callable[..., Any])


def rule_options(command: Command) -> Command:
    """--select, --ignore, --lens, --config, --rules."""
    return _with(RULES, command)


def lint_options(command: Command) -> Command:
    """Everything that decides what is linted with which values."""
    return _with(LINT, command)


def input_options(command: Command) -> Command:
    """--select, --ignore, --config, --rules, and with which values what is linted; not how it is reported."""
    return _with((*SELECTION, *INPUT), command)


def check_options(command: Command) -> Command:
    """All that `check` has."""
    return _with(CHECK, command)


def _with(options: Iterable[Option], command: Command) -> Command:
    for option in reversed(tuple(options)):
        command = click.option(*option.spellings, **_settings(option))(command)
    return command


def _settings(option: Option) -> dict[str, Any]:
    settings: dict[str, Any] = {"help": option.help}
    if option.kind == "flag":
        settings["is_flag"] = True
    elif option.choices:
        settings["type"] = click.Choice(option.choices)
    elif option.kind != "text":
        settings["type"] = click.Path() if option.kind == "path" else click.IntRange(1)
    if option.multiple:
        settings["multiple"] = True
    if option.metavar is not None:
        settings["metavar"] = option.metavar
    if option.default is not None:
        settings["default"] = option.default
    if option.completed:
        settings["shell_complete"] = _completing(option.completed)
    return settings


def _completing(function: str) -> "Callable[..., list[CompletionItem]]":
    def complete(*arguments: Any) -> "list[CompletionItem]":
        from mlwa_lint.cli import completing

        found: list[CompletionItem] = getattr(completing, function)(*arguments)
        return found

    return complete
