"""What shells can complete: rules, pillars, practices, formats."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import click
from click.shell_completion import CompletionItem

from mlwa_lint.reporters import FORMATS

Complete: TypeAlias = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def rule_names(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Codes and names of rules; after a comma, of one more rule."""
    from mlwa_lint.catalogue.registry import load_rules

    before, comma, word = incomplete.rpartition(",")
    found = []
    for rule in load_rules().rules:
        if rule.code.startswith(word.upper()):
            found.append(CompletionItem(f"{before}{comma}{rule.code}", help=rule.name))
        elif word and rule.name.startswith(word.lower()):
            found.append(CompletionItem(f"{before}{comma}{rule.name}", help=rule.code))
    return found


def pillar_names(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Pillars of the Well-Architected Framework."""
    from mlwa_lint.rule import PILLARS

    return [CompletionItem(name) for name in PILLARS.values() if name.startswith(incomplete.lower())]


def practice_names(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Ids of the lenses' best practices."""
    from mlwa_lint.catalogue.lens import practices

    known = practices().values()
    return [
        CompletionItem(each.id, help=each.title) for each in known if each.id.startswith(incomplete.upper())
    ]


def subcommand_names(*names: str) -> Complete:
    """Names of subcommands, and files beside them, for a command that takes both."""

    def complete(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
        found = [CompletionItem(name) for name in names if not ctx.params.get(str(parameter.name))]
        matching = [each for each in found if incomplete and each.value.startswith(incomplete)]
        return [*matching, CompletionItem(incomplete, type="file")]

    return complete


def format_names(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Report formats."""
    return _named(FORMATS, incomplete)


def review_formats(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Formats of reports on a review."""
    from mlwa_lint.reporters.reviews import FORMATS as OF_REVIEWS

    return _named(OF_REVIEWS, incomplete)


def _named(formats: Mapping[str, str], incomplete: str) -> list[CompletionItem]:
    return [
        CompletionItem(name, help=help_text)
        for name, help_text in formats.items()
        if name.startswith(incomplete)
    ]
