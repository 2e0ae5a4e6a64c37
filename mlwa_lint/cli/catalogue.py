"""`mlwa-lint rules` and `mlwa-lint rule`."""

from typing import Any

import click

from mlwa_lint.catalogue.lens import practices
from mlwa_lint.cli.completing import pillar_names, practice_names, rule_names
from mlwa_lint.cli.decorators import rule_options
from mlwa_lint.cli.options import command_line_of
from mlwa_lint.cli.writing import write_stdout
from mlwa_lint.errors import UserError, nearest
from mlwa_lint.rule import PILLARS, Rule
from mlwa_lint.run.session import Session


@click.command()
@rule_options
@click.option(
    "--pillar",
    multiple=True,
    metavar="PILLAR",
    shell_complete=pillar_names,
    help="Only rules of a pillar, such as security.",
)
@click.option(
    "--practice",
    multiple=True,
    metavar="ID",
    shell_complete=practice_names,
    help="Only rules for a practice, such as MLSEC02-BP01.",
)
@click.option("--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text")
def rules(pillar: tuple[str, ...], practice: tuple[str, ...], form: str, **options: Any) -> int:
    """List rules."""
    session = Session(command_line_of(options))
    policy = session.policy
    chosen = _of_practices(_of_pillars(policy.rules_of(policy.settings(".")), pillar), practice)
    from mlwa_lint.reporters import catalogue

    write_stdout(catalogue.listing(chosen, form))
    return 0


@click.command()
@click.argument("names", nargs=-1, metavar="[CODE|NAME]...", shell_complete=rule_names)
@click.option("--all", "every", is_flag=True, help="Explain every rule.")
@click.option("--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text")
@rule_options
def rule(names: tuple[str, ...], every: bool, form: str, **options: Any) -> int:
    """Explain one rule: what is wrong, why it matters, how to fix it, with examples."""
    if bool(names) is every:
        raise UserError("give a rule's code or name, or --all", "`mlwa-lint rules` lists them")
    session = Session(command_line_of(options))
    chosen = session.registry.rules if every else tuple(session.registry.find(name) for name in names)
    from mlwa_lint.reporters import catalogue

    write_stdout(catalogue.explanation(chosen, form, session.sources))
    return 0


def _of_pillars(found: tuple[Rule, ...], wanted: tuple[str, ...]) -> tuple[Rule, ...]:
    if not wanted:
        return found
    known = list(PILLARS.values())
    chosen = set()
    for word in wanted:
        matching = [pillar for pillar in known if pillar.startswith(word.lower().replace(" ", "-"))]
        if len(matching) != 1:
            hint = nearest(word.lower(), known) or f"pillars: {', '.join(known)}"
            raise UserError(f"--pillar {word}: no such pillar", hint)
        chosen.add(matching[0])
    return tuple(each for each in found if each.pillar in chosen)


def _of_practices(found: tuple[Rule, ...], wanted: tuple[str, ...]) -> tuple[Rule, ...]:
    """Rules for a practice, `MLSEC02-BP01`, or for all of a group of them, `MLSEC02`."""
    if not wanted:
        return found
    known = practices()
    for word in wanted:
        if not any(each.startswith(word.upper()) for each in known):
            raise UserError(f"--practice {word}: no lens has it", nearest(word.upper(), tuple(known)))
    starts = tuple(word.upper() for word in wanted)
    return tuple(each for each in found if any(practice.startswith(starts) for practice in each.practices))
