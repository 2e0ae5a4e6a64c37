"""What every linting command prints on standard error, and its exit code."""

from mlwa_lint.cli.outcome import EXIT_BUG, EXIT_FINDINGS, EXIT_UNUSABLE, print_message
from mlwa_lint.files.paths import shown
from mlwa_lint.filters.result import Result
from mlwa_lint.reporters.summary import internal_error, notices
from mlwa_lint.run.pipeline import Linted
from mlwa_lint.run.session import Session, unused_run_keys


def exit_code(linted: Linted, exit_zero: bool) -> int:
    """The worst that happened decides."""
    if linted.result.errors:
        return EXIT_BUG
    if linted.result.fatal:
        return EXIT_UNUSABLE
    return EXIT_FINDINGS if linted.failed and not exit_zero else 0


def print_messages(result: Result, session: Session, verbose: bool, quiet: bool) -> None:
    """What is not a finding: unreadable input, failed rules, settings without effect."""
    for problem in result.fatal:
        print_message(f"{problem.place}: error: {problem.message}")
    for line in notices((*result.notices, *(result.notes if verbose else ()))):
        print_message(line)
    for error in result.errors:
        kind = "error" if error.package else "internal error"
        print_message(f"{error.path}: {kind}: {internal_error(error)}")
    for configuration, keys in unused_run_keys(session):
        named = ", ".join(keys)
        path = shown(configuration.path) if configuration.path else ""
        print_message(f"{path}: warning: {named} are only read from the working directory's configuration")
    since = session.command_line.since
    if result.files or result.problems or quiet:
        pass
    elif since is not None:
        print_message(f"warning: nothing to lint: nothing depends on a file that has changed since {since}")
    else:
        print_message(
            "warning: nothing to lint: no CloudFormation template, Terraform module, plan, CDK output "
            "or Python that uses SageMaker or Bedrock found"
        )
    if verbose:
        used = session.configuration.path
        print_message(f"configuration: {shown(used) if used else 'none, the defaults hold'}")
        print_message(
            f"rules: {len(result.rules)}; files read: {result.files}; resources: {result.resources}"
        )
