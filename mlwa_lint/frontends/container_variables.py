"""Which environment variables of containers the code of the repository reads that builds their images.

docs/decisions/0606 gives the reasons.
"""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.texts import PathSteps, is_test
from mlwa_lint.frontends.archived_code import is_called_like
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.program_code import TASK, names_of_repositories, repository_of
from mlwa_lint.model.resources import READ_VARIABLES, Project, Resource
from mlwa_lint.model.values import Entry, ListValue, MapValue, Scalar, Value, known_text

if TYPE_CHECKING:
    from mlwa_lint.frontends.python.uses.project import Uses

SERVICE = "AWS::AppRunner::Service"
_TYPES = (TASK, SERVICE)
# Code that a project's texts have, what declares resources among it, and code that they lack.
_CODE = (".py", ".ipynb", ".sh", ".bash", ".ts", ".js")
_DECLARING = (".tf", ".md", ".rst", ".txt")
_OTHER_CODE = (
    *(".c", ".cc", ".cjs", ".cpp", ".cs", ".ex", ".fs", ".go", ".java", ".jsx", ".kt", ".mjs", ".php"),
    *(".rb", ".rs", ".scala", ".swift", ".tsx", ".vue"),
)
# So many variables, containers and files of other languages are looked at.
_LIMIT = 100
_NAME = re.compile(r"[A-Za-z]\w{0,99}")


def with_variables_read(project: Project, options: LoadOptions) -> Project:
    """The project with the variables of its containers that the code of their images certainly reads, or may.

    Nothing is noted where the image is not built in the repository, or its code not all known.
    """
    given = {each.address: dict(_given(each)) for each in project.resources if each.type in _TYPES}
    if not any("model" in name.lower() for variables in given.values() for name in variables):
        return project
    files = options.listing_files().files
    if files is None or files.root is None:
        return project
    from mlwa_lint.frontends.python.uses.project import uses_in

    uses = uses_in(files)
    if uses is None:
        return project
    repositories = names_of_repositories(project)
    programs = [each for each in project.resources if each.type in _TYPES]
    images = {image for each in programs for image in _images_of(each, repositories)}
    resources: list[Resource] = []
    for each in project.resources:
        if each.type in _TYPES:
            folders = _folders_of(each, repositories, len(images) == 1, uses)
            if folders and all(_is_known(folder, files, uses) for folder in folders):
                each = _noted(each, given[each.address], folders, uses)
        resources.append(each)
    return project._replace(resources=tuple(resources))


def _noted(program: Resource, names: Mapping[str, Value], folders: list[PathSteps], uses: "Uses") -> Resource:
    if len(names) > _LIMIT:
        return program
    read = [each for each in names if _is_read(each, folders, uses)]
    span = program.span
    noted = Entry(span, ListValue(tuple(Scalar(each, span) for each in read), span), READ_VARIABLES)
    entries = {**program.attributes.entries, READ_VARIABLES: noted}
    return program._replace(attributes=program.attributes._replace(entries=entries))


def _is_known(folder: PathSteps, files: ProjectFiles, uses: "Uses") -> bool:
    """Whether a folder has code, all of it in languages whose texts are read."""
    depth = len(folder)
    own = (each for each in uses.texts if each[:depth] == folder and each[-1].endswith(_CODE))
    others = files.named_like(lambda name: name.endswith(_OTHER_CODE), _LIMIT)
    if len(others) == _LIMIT or files.root is None:
        return False
    below = (each.relative_to(files.root).parts[:depth] == folder for each in others)
    return any(not is_test(each) for each in own) and not any(below)


def _is_read(name: str, folders: list[PathSteps], uses: "Uses") -> bool:
    """Whether a text may read a variable: also without its first word, in small letters, or by its start."""
    if not _NAME.fullmatch(name):
        return True
    first, _, rest = name.partition("_")
    words = [name.lower(), *([rest.lower()] if "_" in rest else [])]
    starts = [name[: at + 1] for at, letter in enumerate(name) if letter == "_" and "_" in name[:at]]
    starts = starts or [f"{first}_"] * bool(rest)
    found = "|".join(
        [*(rf"(?i:(?<![^\W_]){re.escape(each)}(?![^\W_]))" for each in words)]
        + [rf"{re.escape(each)}[\"'`{{$%]" for each in starts]
    )
    pattern = re.compile(found.encode())
    return any(pattern.search(uses.texts[each]) for each in _reading(folders, uses))


def _reading(folders: list[PathSteps], uses: "Uses") -> Iterator[PathSteps]:
    """The code of the repository, and what else lies in the folders of an image, but for documents."""
    for steps in uses.texts:
        if steps[-1].endswith(_CODE):
            if not is_test(steps):
                yield steps
        elif not steps[-1].endswith(_DECLARING) and any(steps[: len(each)] == each for each in folders):
            yield steps


def _folders_of(
    program: Resource, repositories: Mapping[str, str], is_only: bool, uses: "Uses"
) -> list[PathSteps]:
    """The folders whose Dockerfiles build all images of a program; empty where one is not known."""
    found: list[PathSteps] = []
    for image in _images_of(program, repositories):
        folders = {each[:-1] for each in uses.dockerfiles if not is_test(each)}
        named = [each for each in folders if image and each and _is_for(image, each[-1])]
        if len(named) != 1:
            named = list(folders) if is_only and len(folders) == 1 and not named else []
        if not named:
            return []
        found += named
    return found


def _is_for(image: str, folder: str) -> bool:
    """Whether a folder is called like a repository of images, or like the last word of its name."""
    return is_called_like(image, folder) or image.replace("_", "-").rpartition("-")[2] == folder


def _images_of(program: Resource, repositories: Mapping[str, str]) -> list[str]:
    """The repositories of the images of a program; empty where one is not the account's."""
    found = [
        None if each is None else repository_of(each, repositories)
        for each in (_at(container, ("Image",)) for container in _containers(program))
    ]
    if program.type == SERVICE:
        image = _at(program.properties, ("SourceConfiguration", "ImageRepository", "ImageIdentifier"))
        found = [None if image is None else repository_of(image, repositories)]
    return [each for each in found if each is not None]


def _containers(program: Resource) -> tuple[Value, ...]:
    listed = program.properties.value("ContainerDefinitions")
    return listed.items if isinstance(listed, ListValue) else ()


def _given(program: Resource) -> Iterator[tuple[str, Value]]:
    """The environment variables of a program whose names are known."""
    image = ("SourceConfiguration", "ImageRepository", "ImageConfiguration", "RuntimeEnvironmentVariables")
    lists = [_at(program.properties, image)]
    if program.type == TASK:
        lists = [_at(each, ("Environment",)) for each in _containers(program)]
    for variables in lists:
        for each in variables.items if isinstance(variables, ListValue) else ():
            name = known_text(each.value("Name")) if isinstance(each, MapValue) else None
            if name:
                yield name, each


def _at(value: Value, path: tuple[str, ...]) -> Value | None:
    """What lies at a path in nested maps."""
    found: Value | None = value
    for step in path:
        found = found.value(step) if isinstance(found, MapValue) else None
    return found
