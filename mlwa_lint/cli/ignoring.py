"""`mlwa-lint ignore`."""

from typing import Any

import click

from mlwa_lint.cli.decorators import lint_options, rule_options
from mlwa_lint.cli.options import command_line_of


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--reason", required=True, metavar="TEXT", help="Why the findings are suppressed.")
@click.option("--diff", is_flag=True, help="Print what would change, and change nothing; exit 1 then.")
@rule_options
@lint_options
@click.option("-q", "--quiet", is_flag=True, help="Print nothing about what was suppressed.")
def ignore(paths: tuple[str, ...], reason: str, diff: bool, **options: Any) -> int:
    """Suppress today's findings where they are.

    Each gets a comment `# mlwa: ignore[CODE] -- reason`; in JSON templates, an entry in the resource's
    Metadata. Choose them with --select: `mlwa-lint ignore --select MLS402 --reason "a lab" lab.yaml`.
    """
    from mlwa_lint.cli.fixing import fixed, refuse_contradictions
    from mlwa_lint.cli.reporting import exit_code, print_messages
    from mlwa_lint.run.pipeline import lint
    from mlwa_lint.run.session import Session

    paths = paths or (".",)
    fixing = {
        **options,
        "fix": False,
        "unsafe_fixes": False,
        "diff": diff,
        "show_fixes": False,
        "add_ignores": True,
        "reason": reason,
        "watch": False,
        "verbose": False,
        "stdin_filename": "",
    }
    refuse_contradictions(paths, (), fixing)
    session = Session(command_line_of(options))
    linted = lint(session, paths, "")
    left, code, is_reported = fixed(session, paths, linted, fixing)
    if not is_reported:
        print_messages(left.result, session, verbose=False, quiet=options["quiet"])
    return code if is_reported else max(code, exit_code(left, exit_zero=True))
