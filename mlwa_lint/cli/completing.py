"""What shells can complete: rules, formats."""

from collections.abc import Mapping

import click
from click.shell_completion import CompletionItem

from mlwa_lint.reporters import FORMATS


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


def format_names(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Report formats."""
    return _named(FORMATS, incomplete)


def review_formats(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Formats of reports on a review."""
    from mlwa_lint.reporters.reviews import FORMATS as OF_REVIEWS

    return _named(OF_REVIEWS, incomplete)


def _named(formats: Mapping[str, str], incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(name, help=said) for name, said in formats.items() if name.startswith(incomplete)]
