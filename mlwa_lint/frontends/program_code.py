"""What the programs of Glue jobs, ECS tasks and Batch jobs call in AWS, if their code is in the repository.

A Glue job names its script by a place in S3, whose path a file of the project ends like. A container runs
what the Dockerfile of its image starts: the one in a folder called like the image's repository, or the only
one.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mlwa_lint.files.below import ENTRIES_LIMIT
from mlwa_lint.files.endings import ProjectFiles, common_start
from mlwa_lint.files.paths import inside
from mlwa_lint.files.reading import text_if_readable
from mlwa_lint.files.texts import is_dockerfile
from mlwa_lint.frontends.archived_code import HANDLERS_NAMED_LIMIT, is_called_like
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.resources import REQUESTS, Project, Resource
from mlwa_lint.model.values import (
    Entry,
    ListValue,
    MapValue,
    Unknown,
    Value,
    known_text,
    references_in,
)
from mlwa_lint.startup.patterns import lazy

if TYPE_CHECKING:
    from mlwa_lint.frontends.python.service_calls import ServiceCall

GLUE_JOB, TASK, BATCH_JOB = "AWS::Glue::Job", "AWS::ECS::TaskDefinition", "AWS::Batch::JobDefinition"
_PROGRAMS = (GLUE_JOB, TASK, BATCH_JOB)
# So many programs of a project are read.
PROGRAMS_LIMIT = 100
DOCKERFILE_SIZE_LIMIT = 100_000
_REPOSITORY = "AWS::ECR::Repository"
_REGISTRY = lazy(r"\.dkr\.ecr\.[^/\s]{1,100}/([a-z0-9][a-z0-9._/-]*)")
_STARTS = lazy(r"(?mi)^[ \t]*(?:CMD|ENTRYPOINT)\b[^\n]*")
# What such a line starts: a file, a module, or the application in one (`app.main:api`).
_FILE = lazy(r"(?<![\w./-])/?([\w./-]+\.py)\b")
_MODULE = lazy(r"(?:[\"'\s]-m[\"',\s]+([\w.]+)|[\"'\s]([\w.]+):\w+[\"'\s\]]|[\"'\s]([\w.]+):\w+$)")


def with_program_code(project: Project, options: LoadOptions) -> Project:
    """The project with what its Glue jobs and containers call."""
    files = options.listing_files().files
    if files is None or files.root is None:
        return project
    sources = dict.fromkeys(project.sources)
    repositories = names_of_repositories(project)
    images = {image for each in project.resources for image in _images_of(each, repositories)}
    left = PROGRAMS_LIMIT
    resources = []
    for each in project.resources:
        if each.type in _PROGRAMS and left:
            left -= 1
            each = _noted(
                each, list(_programs_of(each, repositories, len(images) == 1, files)), files, sources
            )
        resources.append(each)
    return project._replace(resources=tuple(resources), sources=tuple(sources))


def _noted(program: Resource, entries: list[Path], files: ProjectFiles, sources: dict[str, None]) -> Resource:
    from mlwa_lint.frontends.python import handlers

    root = files.root or Path()
    calls: list[ServiceCall] = []
    for entry in dict.fromkeys(entries):
        found = handlers.calls_of_file(entry, entry.parent, root, {}) if inside(entry, root) else None
        if found is not None:
            calls += found.calls
            sources.update(dict.fromkeys(found.sources))
    if not calls:
        return program
    span = program.span
    noted = Entry(span, ListValue(tuple(each.as_value() for each in calls), span), REQUESTS)
    return program._replace(
        attributes=program.attributes._replace(entries={**program.attributes.entries, REQUESTS: noted})
    )


def _programs_of(
    program: Resource, repositories: Mapping[str, str], is_only: bool, files: ProjectFiles
) -> Iterator[Path]:
    """The files that a job or a task starts."""
    if program.type == GLUE_JOB:
        command = program.properties.value("Command")
        place = command.value("ScriptLocation") if isinstance(command, MapValue) else None
        script = _script_at(place, Path(program.span.path).parent, files)
        if script is not None:
            yield script
        return
    for image in _images_of(program, repositories):
        entry = _entry_of(image, is_only, files)
        if entry is not None:
            yield entry


def _script_at(place: Value | None, near: Path, files: ProjectFiles) -> Path | None:
    """The only file of the project that lies like a script in S3."""
    last = place.parts[-1] if isinstance(place, Unknown) and place.parts else place
    text = last if isinstance(last, str) else known_text(last) if last is not None else None
    if text is None or not text.endswith(".py"):
        return None
    key = re.sub(r"^s3a?://[^/]*", "", text)
    return files.ending_like(key, near=near)


def _images_of(program: Resource, repositories: Mapping[str, str]) -> Iterator[str]:
    """The repositories of the images that a container runs; empty where one is not known."""
    if program.type == TASK:
        listed = program.properties.value("ContainerDefinitions")
        containers = listed.items if isinstance(listed, ListValue) else ()
    elif program.type == BATCH_JOB:
        containers = (program.properties.value("ContainerProperties"),)
    else:
        return
    for each in containers:
        image = each.value("Image") if isinstance(each, MapValue) else None
        name = None if image is None else repository_of(image, repositories)
        if name is not None:
            yield name


def names_of_repositories(project: Project) -> dict[str, str]:
    """The names of the image repositories that a project declares, by address; empty where not known."""
    return {
        each.address: known_text(each.properties.value("RepositoryName")) or ""
        for each in project.resources
        if each.type == _REPOSITORY
    }


def repository_of(image: Value, repositories: Mapping[str, str]) -> str | None:
    """The repository of an image; empty where it is not known, None for one that is not the account's."""
    for reference, _ in references_in(image):
        if reference.address in repositories:
            return repositories[reference.address] or reference.address.rpartition(".")[2]
    pieces = image.parts if isinstance(image, Unknown) and image.parts else (known_text(image) or "",)
    text = "".join(each if isinstance(each, str) else known_text(each) or "\0" for each in pieces)
    found = _REGISTRY.search(text)
    if found is not None:
        return found[1].rpartition("/")[2]
    return "" if isinstance(image, Unknown) and "/" not in text else None


def _entry_of(repository: str, is_only: bool, files: ProjectFiles) -> Path | None:
    """The file that an image starts, by the Dockerfile that builds it."""
    built = files.once(_built)
    named = [
        entry for folder, entry in built.items() if repository and is_called_like(repository, folder.name)
    ]
    if len(named) == 1:
        return named[0]
    return next(iter(built.values())) if is_only and len(built) == 1 and not named else None


def _built(files: ProjectFiles) -> dict[Path, Path]:
    """The folders with a Dockerfile that starts a program in Python, and the program."""
    found: dict[Path, Path] = {}
    programs: dict[str, list[Path]] = {}
    for path in files.named_like(lambda name: name.endswith(".py"), ENTRIES_LIMIT):
        programs.setdefault(path.name, []).append(path)
    for dockerfile in files.named_like(is_dockerfile, HANDLERS_NAMED_LIMIT):
        lines = _STARTS.findall(text_if_readable(dockerfile, DOCKERFILE_SIZE_LIMIT))
        for line in lines[-2:]:  # the entry point, and its arguments
            names = _FILE.findall(line)
            modules = [next(filter(None, each)) for each in _MODULE.findall(line)]
            names += [f"{each.replace('.', '/')}.py" for each in modules]
            located = (_located(name, dockerfile.parent, programs) for name in names)
            entry = next((each for each in located if each is not None), None)
            if entry is not None:
                found[dockerfile.parent] = entry
    return found


def _located(name: str, folder: Path, programs: Mapping[str, Sequence[Path]]) -> Path | None:
    """The only file below a folder that lies like one in the image, as far as its path goes."""
    wanted = posixpath.normpath(name).strip("/").split("/")
    paths = programs.get(wanted[-1], ())[:HANDLERS_NAMED_LIMIT]
    below = [each for each in paths if folder in each.parents]
    scores = [common_start(each.parts[::-1], wanted[::-1]) for each in below]
    best = [each for each, score in zip(below, scores, strict=True) if score == max(scores)]
    return best[0] if len(best) == 1 else None
