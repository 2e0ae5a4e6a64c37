"""Endpoints that programs in other languages than Python invoke: backends of applications."""

import re
from pathlib import Path

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.model.resources import INVOKED, Project
from mlwa_lint.startup.patterns import lazy

CALLER_SIZE_LIMIT = 1_000_000
_ENDPOINT = "AWS::SageMaker::Endpoint"
_PROGRAM = lazy(r"(?<!\.d)(?<!\.min)\.(?:[cm]?[jt]sx?|java|kt|scala|go|cs|rb|rs|php|swift)$", re.IGNORECASE)
_INVOKES = lazy(r"invoke_?endpoint", re.IGNORECASE)


def with_callers(project: Project, files: ProjectFiles | None) -> Project:
    """The project with the program that invokes an endpoint noted at each of its endpoints.

    A program may take the name of the endpoint from its environment: it counts for all of them.
    """
    if files is None or files.root is None or not any(each.type == _ENDPOINT for each in project.resources):
        return project
    programs = files.once(invoking_programs)
    return project.with_notes((_ENDPOINT,), INVOKED, programs[0].name) if programs else project


def invoking_programs(files: ProjectFiles) -> list[Path]:
    """The programs in other languages than Python that invoke some endpoint; none where too large.

    Without load tests and the like that nothing schedules.
    """
    found = files.texts_like(_PROGRAM.search, CALLER_SIZE_LIMIT)
    return [
        each for each, text in found or () if _INVOKES.search(text) and not _only_tries(each, text, files)
    ]


def _only_tries(program: Path, text: str, files: ProjectFiles) -> bool:
    from mlwa_lint.frontends.probes import is_probe, is_scheduled

    root = files.root or Path()
    steps = program.relative_to(root).parts if program.is_relative_to(root) else (program.name,)
    if not is_probe(steps, text):
        return False
    return not is_scheduled(steps, ((each, found.content) for each, found in (files.texts() or {}).items()))
