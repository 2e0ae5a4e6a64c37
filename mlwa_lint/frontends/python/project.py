"""A Python file or notebook into a project of resources."""

import os
from functools import partial
from pathlib import Path

from mlwa_lint.files.endings import files_of
from mlwa_lint.files.notebooks import ENDING
from mlwa_lint.files.own import own_root
from mlwa_lint.files.paths import shown
from mlwa_lint.files.reading import TooLargeError, read_text
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.python import examples, series
from mlwa_lint.frontends.python.airflow.table import Airflow
from mlwa_lint.frontends.python.athena import runs_queries
from mlwa_lint.frontends.python.boto3.clients import Boto3
from mlwa_lint.frontends.python.broken import gaps_of
from mlwa_lint.frontends.python.evaluation.core import OutOfBudgetError
from mlwa_lint.frontends.python.evaluation.evaluator import Evaluator
from mlwa_lint.frontends.python.evaluation.files import Files
from mlwa_lint.frontends.python.evaluation.modules import Modules
from mlwa_lint.frontends.python.evaluation.scenarios import PythonScenarios
from mlwa_lint.frontends.python.ledger import Ledger
from mlwa_lint.frontends.python.limits import NOTEBOOK_LIMIT, RESOURCES_LIMIT, SOURCE_LIMIT, STEPS_LIMIT
from mlwa_lint.frontends.python.sdk.state_machines import StepFunctions
from mlwa_lint.frontends.python.sdk.table import SageMaker
from mlwa_lint.frontends.python.sdk_defaults import DefaultsFileError, defaults_for
from mlwa_lint.frontends.python.syntax.parse import refused_call
from mlwa_lint.frontends.python.syntax.reader import Program, read
from mlwa_lint.frontends.python.syntax.secrets import note_secrets
from mlwa_lint.frontends.python.syntax.source import PythonSyntaxError
from mlwa_lint.frontends.python.uses.commands import ProgramCommands
from mlwa_lint.frontends.python.uses.given import GivenByCommands
from mlwa_lint.frontends.python.uses.project import uses_in
from mlwa_lint.frontends.python.uses.weighing import weigh_by_uses
from mlwa_lint.frontends.python.uses.written import written_in
from mlwa_lint.model.conditions import AnyScenario
from mlwa_lint.model.resources import QUERIES, Gap, Problem, Project, notice
from mlwa_lint.model.secrets import secrets, suspicious
from mlwa_lint.model.spans import start_of

# What queries read that the same program runs.
_QUERIED = frozenset({"AWS::Glue::Table", "AWS::KinesisFirehose::DeliveryStream"})


def load(path: Path, options: LoadOptions, text: str | None = None) -> Project:
    """The project of a file; what cannot be read or understood becomes a problem of the project."""
    path = Path(os.path.normpath(path))
    name = shown(path)
    limit = NOTEBOOK_LIMIT if name.endswith(ENDING) else SOURCE_LIMIT
    try:
        text = read_text(path, limit) if text is None else text
        program = read(name, text)
    except TooLargeError:
        return _unread(name, 0, f"is larger than {limit // 1_000_000} MB and was not read")
    except UnicodeDecodeError:
        return _unread(name, 1, "is not UTF-8 text")
    except PythonSyntaxError as error:
        return _unread(name, error.line, error.message)
    if suspicious(text):
        # What a program puts under a secret's name in a request is known once it was followed.
        secrets().found = True
        for unit in (*program.units, *program.written.values()):
            note_secrets(unit.body)
    project = _evaluated(path, name, program, options)
    if runs_queries(text):
        project = project.with_notes(_QUERIED, QUERIES, name)
    refused = refused_call(text) if project.resources and name.endswith(".py") else None
    return project if refused is None else _unread(name, refused.line, refused.message)


def _unread(name: str, line: int, message: str) -> Project:
    return Project(
        name, (), AnyScenario(), problems=(Problem(name, line, message),), sources=(name,), partial=True
    )


def _evaluated(path: Path, name: str, program: Program, options: LoadOptions) -> Project:
    root = options.root or path.parent
    own = own_root(root, path)
    limit, top = Path(os.path.realpath(root)), Path(os.path.realpath(own))
    modules = Modules(path, limit, program.written, top)
    files = Files(path, limit, top)
    ledger = Ledger()
    sagemaker = SageMaker(ledger)
    machines = StepFunctions(ledger)
    airflow = Airflow(ledger)
    evaluator = Evaluator(
        modules, files, (Boto3(ledger).table, sagemaker.table, machines.table, airflow.table)
    )
    gaps: list[Gap] = []
    problems = list(program.problems)
    project_files = options.files if options.files is not None and own == root else files_of(own)
    commands = ProgramCommands(partial(uses_in, project_files), partial(written_in, project_files))
    evaluator.run_with = GivenByCommands(evaluator, commands, name)
    try:
        evaluator.sdk_defaults = defaults_for(path, own, options.sagemaker_config)
    except DefaultsFileError as error:
        problems.append(notice(shown(options.sagemaker_config or path), 1, str(error)))
    try:
        evaluator.program(program.units, name)
        for written, unit in program.written.items():
            evaluator.program([unit], written)
        machines.finish(evaluator)
        sagemaker.finish(evaluator)
    except (OutOfBudgetError, RecursionError):
        gaps.append(Gap("the rest of the program", start_of(name)))
        message = f"was followed for {STEPS_LIMIT:,} steps and no further; what comes after is not checked"
        problems.append(Problem(name, 1, message, fatal=False))
    if ledger.is_full:
        gaps.append(Gap("the rest of the program", start_of(name)))
        problems.append(
            notice(name, 1, f"makes more than {RESOURCES_LIMIT:,} resources; further ones are not checked")
        )
    ledger.unite()
    ledger.note_removable()
    airflow.finish()
    weigh_by_uses(ledger.created, evaluator, project_files, name)
    examples.mark(ledger.created, own, name, project_files)
    if program.builds_images:
        examples.mark_built(ledger.created)
    later = series.mark_deleted(path, root, program.units, ledger.created)
    gaps += gaps_of(name, program.problems, (name, *modules.sources))
    return Project(
        root=name,
        resources=tuple(each.resource() for each in ledger.created),
        scenarios=PythonScenarios(evaluator.defaults, evaluator.stops.refused | evaluator.stops.excluded),
        gaps=tuple(gaps),
        problems=tuple(problems),
        sources=tuple(
            dict.fromkeys(
                (name, *modules.sources, *files.sources, *_read(evaluator), *([later] if later else []))
            )
        ),
        partial=any(each.fatal for each in program.problems),
    )


def _read(evaluator: Evaluator) -> tuple[str, ...]:
    """The file of SageMaker defaults, where there is one."""
    return () if evaluator.sdk_defaults is None else (evaluator.sdk_defaults.path,)
