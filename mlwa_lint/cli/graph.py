"""`mlwa-lint graph`."""

from typing import Any

import click

from mlwa_lint.cli.app import EXIT_UNUSABLE, complain
from mlwa_lint.cli.options import command_line_of, lint_options, rule_options
from mlwa_lint.cli.writing import keep_apart, write_file, write_stdout
from mlwa_lint.discovery.search import discover
from mlwa_lint.graph.linking.link import link
from mlwa_lint.model.secrets import collecting
from mlwa_lint.reporters import graphs
from mlwa_lint.run.loading import load
from mlwa_lint.run.session import Session
from mlwa_lint.run.veil import clean_problem, note_given, note_values


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--format", "form", type=click.Choice(["mermaid", "dot", "json"]), default="mermaid")
@click.option("--output", metavar="FILE", help="Write to a file instead of standard output.")
@click.option("--all-edges", is_flag=True, help="Also show mentions that have no known meaning.")
@rule_options
@lint_options
def graph(paths: tuple[str, ...], form: str, output: str | None, all_edges: bool, **options: Any) -> int:
    """Print the resource graph: what is deployed together, and how it hangs together."""
    session = Session(command_line_of(options))
    found = discover(paths or (".",))
    problems = list(found.problems)
    read: list[str] = []
    linked = []
    with collecting() as own:
        for target in found.targets:
            settings = session.for_target(target)
            if settings is None:
                continue
            given = settings.load
            projects = load(target, given)
            note_given(own, given)
            note_values(own, projects)
            for project in projects:
                problems += project.problems
                read += project.sources
                linked.append(link(project))
    for problem in problems:
        if problem.quiet:
            continue
        clean = clean_problem(problem, own)
        complain(f"{clean.path}:{clean.line}: {clean.message}")
    text = graphs.render(linked, form, all_edges, own.scrub)
    if output is None:
        write_stdout(text)
    else:
        keep_apart(output, read)
        write_file(output, text)
    return EXIT_UNUSABLE if any(problem.fatal for problem in problems) else 0
