"""`mlwa-lint graph`."""

from collections.abc import Sequence
from typing import Any

import click

from mlwa_lint.cli.decorators import lint_options, rule_options
from mlwa_lint.cli.options import command_line_of
from mlwa_lint.cli.outcome import EXIT_UNUSABLE, complain
from mlwa_lint.cli.writing import keep_apart, write_file, write_stdout
from mlwa_lint.discovery.search import discover
from mlwa_lint.errors import UserError
from mlwa_lint.graph.linking.link import link
from mlwa_lint.graph.outline import outline
from mlwa_lint.model.outlines import Outline, cleaned
from mlwa_lint.model.resources import Problem
from mlwa_lint.model.secrets import Secrets, collecting
from mlwa_lint.reporters.graphs import FORMATS, render
from mlwa_lint.run.loading import load
from mlwa_lint.run.session import Session
from mlwa_lint.run.veil import clean_problem, note_given, note_values
from mlwa_lint.startup.records import NamedTuple

# Formats that distinguish mentions, and so hold them in any case.
_WITH_MENTIONS = ("json", "html")


class _Read(NamedTuple):
    """What was read: graphs without secrets, what could not be read, and the files."""

    outlines: list[Outline]
    problems: list[Problem]
    files: list[str]


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    default="mermaid",
    show_default=True,
    help="Output format.",
)
@click.option("--output", metavar="FILE", help="Write to a file instead of standard output.")
@click.option("--all-edges", is_flag=True, help="Also show mentions that have no known meaning.")
@click.option("--around", metavar="ADDRESS", help="Only what is around a resource.")
@click.option(
    "--depth",
    type=click.IntRange(1),
    metavar="N",
    help="With --around: how many edges around it (default: 1).",
)
@click.option(
    "--path", "way", nargs=2, metavar="ADDRESS ADDRESS", help="Only the shortest ways between two resources."
)
@click.option("--ml", is_flag=True, help="Only what belongs to machine learning or is tied to it.")
@rule_options
@lint_options
def graph(paths: tuple[str, ...], form: str, output: str | None, **options: Any) -> int:
    """Print the resource graph: what is deployed together, and how it is related.

    Edges read from left to right: "Config is used by Endpoint".
    """
    if options["around"] and options["way"]:
        raise UserError("--around and --path cannot be combined", "leave one of them out")
    if options["depth"] and not options["around"]:
        raise UserError("--depth: around which resource is not given", "add --around ADDRESS")
    session = Session(command_line_of(options))
    with collecting() as own:
        read = _read(paths or (".",), session, own)
    for problem in read.problems:
        if not problem.quiet:
            complain(f"{problem.place}: {problem.message}")
    text = render(_selected(read.outlines, form, options), form)
    if output is None:
        write_stdout(text)
    else:
        keep_apart(output, read.files)
        write_file(output, text)
    return EXIT_UNUSABLE if any(problem.fatal for problem in read.problems) else 0


def _read(paths: Sequence[str], session: Session, own: Secrets) -> _Read:
    """Loads and links everything below some paths."""
    session.named = tuple(paths)
    found = discover(paths, session.choice)
    problems = list(found.problems)
    files: list[str] = []
    outlines = []
    for target in found.targets:
        settings = session.for_target(target)
        if settings is None:
            continue
        projects = load(target, settings.load)
        note_given(own, settings.load)
        note_values(own, projects)
        for project in projects:
            problems += project.problems
            files += project.sources
            outlines.append(outline(link(project)))
    return _Read(
        [cleaned(each, own.scrub) for each in outlines],
        [clean_problem(each, own) for each in problems],
        files,
    )


def _selected(outlines: Sequence[Outline], form: str, options: dict[str, Any]) -> list[Outline]:
    """The parts of the graphs that the user selects. Raises UserError for an unknown address."""
    from mlwa_lint.graph.selection import around, between, ml_parts, without_mentions

    chosen = list(outlines if options["all_edges"] else map(without_mentions, outlines))
    if options["ml"]:
        chosen = [ml_parts(each) for each in chosen]
    if options["around"]:
        chosen = around(chosen, options["around"], options["depth"] or 1)
    elif options["way"]:
        chosen = between(chosen, *options["way"])
    if form not in _WITH_MENTIONS:
        return chosen
    by_root = {each.root: {node.address for node in each.nodes} for each in chosen}
    return [each.only(by_root[each.root]) for each in outlines if each.root in by_root]
