"""`mlwa-lint files`."""

from collections.abc import Iterator
from typing import Any

import click

from mlwa_lint.cli.decorators import lint_options, rule_options
from mlwa_lint.cli.options import command_line_of
from mlwa_lint.cli.writing import write_stdout
from mlwa_lint.discovery.search import discover
from mlwa_lint.discovery.target import Discovery, Target
from mlwa_lint.reporters.escaping import json_text
from mlwa_lint.reporters.painting import plain
from mlwa_lint.run.session import Session

_KINDS = {
    "cloudformation": "CloudFormation template",
    "terraform": "Terraform module",
    "plan": "Terraform plan",
    "cdk": "CDK assembly",
}


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Output format.")
@rule_options
@lint_options
def files(paths: tuple[str, ...], form: str, **options: Any) -> int:
    """List which files would be linted as what, and which would not and why. Nothing is linted."""
    session = Session(command_line_of(options))
    found = discover(paths or (".",), session.choice)
    if form == "json":
        write_stdout(json_text(_document(found)))
    else:
        write_stdout(plain([[(line, "")] for line in _lines(found)]))
    return 0


def _lines(found: Discovery) -> Iterator[str]:
    for target in found.targets:
        beside = f", with {', '.join(target.beside)}" if target.beside else ""
        yield f"{target.path}: {_name(target)}{beside}"
    for child in found.children:
        yield f"{child.path}: {_name(child)}, linted through the modules that call it"
    for path, reason in _left_out(found):
        yield f"{path}: not linted, {reason}"
    if not found.targets:
        yield "nothing to lint"


def _left_out(found: Discovery) -> Iterator[tuple[str, str]]:
    """Path and reason of everything that is not linted, in the paths' order."""
    reported = [(problem.path, problem.message) for problem in found.problems]
    yield from sorted(dict.fromkeys([*reported, *((each.path, each.reason) for each in found.passed)]))


def _document(found: Discovery) -> dict[str, Any]:
    return {
        "version": 1,
        "targets": [
            {"path": target.path, "kind": target.kind, "beside": list(target.beside), "child": child}
            for targets, child in ((found.targets, False), (found.children, True))
            for target in targets
        ],
        "passed": [{"path": path, "reason": reason} for path, reason in _left_out(found)],
    }


def _name(target: Target) -> str:
    return _KINDS.get(target.kind, target.kind)
