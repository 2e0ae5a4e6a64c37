"""What shells can complete: rules, formats."""

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
    return [CompletionItem(name, help=said) for name, said in FORMATS.items() if name.startswith(incomplete)]
