"""`mlwa-lint fleet scan` and `fleet try`."""

import tempfile
from typing import TYPE_CHECKING, Any

import click

from mlwa_lint.cli.decorators import Command, rule_options
from mlwa_lint.cli.fleet_results import DATASET, FORMAT, SCAN, WIDE
from mlwa_lint.cli.options import command_line_of
from mlwa_lint.cli.outcome import EXIT_BUG, EXIT_UNUSABLE, print_message, progress_line
from mlwa_lint.cli.writing import write_stdout
from mlwa_lint.errors import UserError
from mlwa_lint.model.findings import SCOPES, SEVERITIES

if TYPE_CHECKING:
    from mlwa_lint.fleet.engines import Engine
    from mlwa_lint.fleet.plan import ScanPlan
    from mlwa_lint.fleet.scan import Scan

_ENGINES = ("local", "dask", "ray")
_REPORTED = 20
_RUNNING = (
    click.option(
        "--engine",
        "engine_name",
        type=click.Choice(_ENGINES),
        default="local",
        show_default=True,
        help="Where repositories are linted: processes of this machine, a Dask cluster, a Ray cluster.",
    ),
    click.option("--jobs", type=click.IntRange(1), metavar="N", help="Lint N repositories at a time."),
    click.option("--scheduler", metavar="ADDRESS", help="A Dask scheduler: tcp://HOST:8786."),
    click.option("--address", metavar="ADDRESS", help="A Ray cluster: auto, or ray://HOST:10001."),
    click.option(
        "--timeout",
        default=300.0,
        show_default=True,
        metavar="SECONDS",
        help="Time limit for linting one repository.",
    ),
    click.option(
        "--fetch-timeout",
        default=300.0,
        show_default=True,
        metavar="SECONDS",
        help="Time limit for cloning or unpacking one repository.",
    ),
    click.option(
        "--memory",
        default=2048,
        type=click.IntRange(64),
        show_default=True,
        metavar="MB",
        help="Memory limit for linting one repository.",
    ),
    click.option(
        "--disk",
        default=2048,
        type=click.IntRange(1),
        show_default=True,
        metavar="MB",
        help="Size limit of one clone or unpacked archive.",
    ),
    click.option(
        "--clones",
        default=8,
        type=click.IntRange(1),
        show_default=True,
        metavar="N",
        help="Clone N repositories at a time on each machine.",
    ),
    click.option(
        "--own-rules",
        is_flag=True,
        help="Run the rule files that repositories' configurations name: that runs their code.",
    ),
    click.option("-q", "--quiet", is_flag=True, help="Report only what went wrong."),
)


def _running_options(command: Command) -> Command:
    for option in reversed(_RUNNING):
        command = option(command)
    return command


@click.command()
@click.argument("sources", nargs=-1, required=True)
@click.option(
    "--out",
    envvar="MLWA_LINT_FLEET",
    default="fleet",
    show_default=True,
    metavar="DATASET",
    help="Dataset to write, a directory or URL; MLWA_LINT_FLEET sets it, too.",
)
@click.option("--resume", is_flag=True, help="Go on with the scan that was interrupted.")
@click.option(
    "--severity",
    type=click.Choice(SEVERITIES),
    help="Keep findings of at least this severity (default: low).",
)
@click.option("--scope", type=click.Choice(SCOPES), help="As in `check`.")
@click.option(
    "--no-inline-suppressions", is_flag=True, help="Keep what sources suppress as open findings: for gates."
)
@rule_options
@_running_options
def scan(sources: tuple[str, ...], out: str, resume: bool, **options: Any) -> int:
    """Lint many repositories into a dataset.

    SOURCES are directories of checkouts, archives (.tar.gz, .zip; also URLs such as s3://…), git addresses,
    and files that list addresses or paths, one per line, with an owner and labels as further columns of CSV.

    Each repository's own configuration holds, unless --config gives one for all. A repository that cannot be
    scanned is a row with its reason; the exit code is then 2.
    """
    from mlwa_lint.fleet.dataset import Dataset
    from mlwa_lint.fleet.engines import engine
    from mlwa_lint.fleet.journal import unfinished
    from mlwa_lint.fleet.scan import scan as run
    from mlwa_lint.fleet.sources import repositories

    plan = plan_from(options, options["rules"])
    found = repositories(sources)
    dataset = Dataset(out)
    if not resume and unfinished(dataset.storage):
        print_message(f"an earlier scan into {out} was interrupted; --resume would go on with it")
    used = engine(options["engine_name"], options["jobs"], _address(options))
    progress = progress_line(options["quiet"])
    try:
        done = run(
            sources,
            found,
            plan,
            used,
            dataset,
            engine_name=options["engine_name"],
            resume=resume,
            progress=progress,
        )
    except (KeyboardInterrupt, UserError):
        print_message("what was scanned until now is kept; --resume goes on with it")
        raise
    finally:
        _end(progress, used)
    return _outcome(done, options["quiet"])


@click.command("try")
@click.argument("rules_to_try", metavar="RULES...", nargs=-1, required=True)
@DATASET
@SCAN
@FORMAT
@WIDE
@click.option("--out", metavar="DATASET", help="Keep what the rules find in a dataset of its own.")
@click.option("--config", type=click.Path(), metavar="FILE", help="As in `fleet scan`.")
@_running_options
def try_rules(rules_to_try: tuple[str, ...], dataset: str, scan: str | None, **options: Any) -> int:
    """Run rules on the repositories of a scan, before they are turned on.

    RULES are files, directories or modules of rules, or codes of known rules. Repositories are fetched again,
    at the commit that was scanned where the server has it still; those that are gone are reported.
    """
    from mlwa_lint.fleet.dataset import Dataset
    from mlwa_lint.fleet.engines import engine
    from mlwa_lint.fleet.output import rendered
    from mlwa_lint.fleet.scan import scan as run
    from mlwa_lint.fleet.trying import SUMMARY, candidates, moved_on, scanned, tried

    wanted = candidates(rules_to_try)
    options |= {"select": wanted.codes, "ignore": (), "lenses": (), "severity": "info"}
    plan = plan_from(options, wanted.sources)
    known = Dataset(dataset)
    found = scanned(known, scan)
    used = engine(options["engine_name"], options["jobs"], _address(options))
    progress = progress_line(options["quiet"])
    with tempfile.TemporaryDirectory(prefix="mlwa-fleet-try-") as temporary:
        result = Dataset(options["out"] or temporary)
        try:
            done = run((dataset,), found, plan, used, result, progress=progress)
        finally:
            _end(progress, used)
        write_stdout(rendered(tried(result, SUMMARY), options["form"], options["wide"]))
        moved = moved_on(known, scan, result)
    if moved:
        print_message(f"{_repositories(moved)} changed since the scan: other commits were linted")
    return _outcome(done, options["quiet"])


def plan_from(options: dict[str, Any], rules: tuple[str, ...]) -> "ScanPlan":
    """The settings of a fleet's command line for every repository. Raises UserError."""
    from mlwa_lint.fleet.identity import identity
    from mlwa_lint.fleet.plan import Limits, ScanPlan, configuration_text, rule_sources

    command_line = command_line_of(options | {"rules": rules})
    files, modules = rule_sources(command_line.rules)
    plan = ScanPlan(
        identity(),
        Limits(
            options["timeout"],
            options["fetch_timeout"],
            options["memory"],
            options["disk"],
            clones=options["clones"],
        ),
        None if command_line.config is None else configuration_text(command_line.config),
        command_line.select,
        command_line.ignore,
        command_line.lenses,
        command_line.severity,
        command_line.scope,
        command_line.inline_suppressions,
        files,
        modules,
        options["own_rules"],
    )
    _check_selectors(plan, command_line.rules)
    return plan


def _check_selectors(plan: "ScanPlan", rules: tuple[str, ...]) -> None:
    """Reports at once a selector that fits no rule, and rules that cannot be loaded."""
    from mlwa_lint.run.session import every_rule

    every_rule(rules).select(plan.select, plan.ignore)


def _address(options: dict[str, Any]) -> str | None:
    """The cluster to go to. Raises UserError where the option is the other engine's."""
    for option, engine in (("scheduler", "dask"), ("address", "ray")):
        if options[option] and options["engine_name"] != engine:
            raise UserError(f"--{option} is for --engine {engine}")
    found: str | None = options["scheduler"] or options["address"]
    if found and options["jobs"]:
        raise UserError("--jobs does not go with a cluster's address: its workers are as many as they are")
    return found


def _end(progress: Any, engine: "Engine") -> None:
    if progress is not None:
        progress.close()
    engine.close()


def _outcome(done: "Scan", quiet: bool) -> int:
    """Reports the result of a scan; its exit code."""
    named = list(done.failed.items())
    for name, failure in named[:_REPORTED]:
        print_message(f"{name}: not scanned ({failure.kind}): {failure.message}")
    if len(named) > _REPORTED:
        print_message(f"… and {len(named) - _REPORTED} more; `mlwa-lint fleet report failures` lists them")
    if done.partial:
        print_message(
            f"{_repositories(done.partial)} could not be read wholly; `mlwa-lint fleet report failures`"
        )
    if not quiet:
        found = f"{done.findings} finding{'' if done.findings == 1 else 's'}"
        further = [f"{len(named)} failed"] if named else []
        further += [f"{done.resumed} from before the interruption"] if done.resumed else []
        further += [f"{done.retried} tried again"] if done.retried else []
        details = f" ({', '.join(further)})" if further else ""
        print_message(f"scan {done.id}: {_repositories(done.repositories)}{details}, {found}")
    if done.buggy:
        return EXIT_BUG
    return EXIT_UNUSABLE if named or done.partial else 0


def _repositories(number: int) -> str:
    return "1 repository" if number == 1 else f"{number} repositories"
