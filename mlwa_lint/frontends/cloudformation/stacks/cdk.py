"""A CDK cloud assembly: its stacks, those of its stages, and the program lines of constructs."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.paths import inside, shown
from mlwa_lint.files.reading import TooLargeError, is_file, names_if_listed, read_text, real_path
from mlwa_lint.frontends.cloudformation.stacks.exports import link_exports
from mlwa_lint.frontends.cloudformation.stacks.project import load as load_template
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.conditions import AnyScenario
from mlwa_lint.model.resources import Problem, Project, Resource
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Entry, MapValue, Scalar, Value, known_text
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

MANIFEST = "manifest.json"
SIZE_LIMIT = 50_000_000
DEPTH_LIMIT = 10
_STACK, _ASSEMBLY = "aws:cloudformation:stack", "cdk:cloud-assembly"
_TEMPLATE, _NESTED_TEMPLATE = ".template.json", ".nested.template.json"
_LOGICAL_ID, _TEMPLATE_FILE = "aws:cdk:logicalId", "aws:cdk:templateFile"
_ENVIRONMENT = lazy(r"aws://[^/]+/([a-z]{2}[a-z-]*-\d+)")
# The end of a frame, `new Training (/app/lib/training.ts:17:5)`, and of one of Python's.
_FRAME = lazy(r"""\(?((?:[A-Za-z]:)?[^()":]+):(\d{1,9})(?::\d{1,9})?\)?$|File "([^"]+)", line (\d{1,9})""")
# Traces that are longer are not the CDK's.
_FRAME_LIMIT, _FRAMES_LIMIT = 500, 100
_LIBRARY = lazy(r"node_modules|site-packages|node:|internal/|jsii|^\.\.\.|aws-cdk-lib")


class _Construct(NamedTuple):
    """Where a resource comes from: its path in the construct tree and, if traced, the program's line."""

    path: str
    frame: tuple[str, str] | None


def load(folder: Path, options: LoadOptions) -> list[Project]:
    """The projects of an assembly; stacks that import from one another are one.

    A resource has its construct in the attribute `Construct`: a map with `Path` and, where the
    assembly has a stack trace, `File` and `Line`; `Found` where the file is in the project.
    """
    reader = _Assembly(options._replace(root=options.root or folder).listing_files(folder))
    projects = link_exports(list(reader.projects(folder, 0)))
    if reader.problems or not projects:
        name = shown(folder / MANIFEST)
        problems = tuple(reader.problems) or (Problem(name, 1, "it has no stacks", fatal=False),)
        projects.append(
            Project(
                name, (), AnyScenario(), problems=problems, sources=(name,), partial=bool(reader.problems)
            )
        )
    return projects


class _Assembly:
    def __init__(self, options: LoadOptions) -> None:
        self.problems: list[Problem] = []
        self._options = options
        self._read: set[str] = set()

    def projects(self, folder: Path, depth: int) -> Iterator[Project]:
        """The stacks of a folder, and of the assemblies in it."""
        real = real_path(folder)
        if real in self._read:
            return  # assemblies that contain each other
        self._read.add(real)
        manifest = self._json(folder / MANIFEST)
        if manifest is None:
            yield from self._templates(folder)
            return
        artifacts = manifest.get("artifacts")
        for artifact in (artifacts if isinstance(artifacts, dict) else {}).values():
            if not isinstance(artifact, dict):
                continue
            properties = artifact.get("properties")
            details = properties if isinstance(properties, dict) else {}
            if artifact.get("type") == _STACK:
                file = self._inside(folder, details.get("templateFile"))
                if file is not None:
                    yield self._stack(file, artifact)
            elif artifact.get("type") == _ASSEMBLY and depth < DEPTH_LIMIT:
                inner = self._inside(folder, details.get("directoryName"))
                if inner is not None:
                    yield from self.projects(inner, depth + 1)

    def _templates(self, folder: Path) -> Iterator[Project]:
        """The stacks of an assembly whose manifest cannot be read, as far as its templates show them."""
        names = sorted(each for each in names_if_listed(str(folder)) if each.endswith(_TEMPLATE))
        for name in names:
            file = None if name.endswith(_NESTED_TEMPLATE) else self._inside(folder, name)
            if file is not None and is_file(str(file)):
                yield self._stack(file, {})

    def _inside(self, folder: Path, name: object) -> Path | None:
        """A path that the manifest names, if it may be read."""
        if not isinstance(name, str) or self._options.root is None:
            return None
        path = folder / name
        if "\0" not in name and inside(path, self._options.root) is not None:
            return path
        message = f"{name!r} is outside of {shown(self._options.root)}"
        self.problems.append(Problem(shown(folder / MANIFEST), 1, message))
        return None

    def _stack(self, file: Path, artifact: Mapping[str, Any]) -> Project:
        project = load_template(file, self._options)
        metadata = dict(_maps(artifact.get("metadata")))
        if "additionalMetadataFile" in artifact:
            additional = self._inside(file.parent, artifact["additionalMetadataFile"])
            metadata |= (self._json(additional) if additional is not None else None) or {}
        constructs = _constructs(metadata, file.name)
        match = _ENVIRONMENT.fullmatch(str(artifact.get("environment")))
        region = match.group(1) if match else None
        resources = [
            _placed(resource, constructs, region, self._options.files) for resource in project.resources
        ]
        return project._replace(resources=tuple(resources))

    def _json(self, path: Path) -> dict[str, Any] | None:
        """A file's map; None, and a problem, for what cannot be read."""
        try:
            content = json.loads(read_text(path, SIZE_LIMIT))
            if not isinstance(content, dict):
                raise ValueError("it is not a map")
        except TooLargeError:
            message = f"is larger than {SIZE_LIMIT // 1_000_000} MB and was not read"
            self.problems.append(Problem(shown(path), 1, message))
        except OSError as error:
            self.problems.append(Problem(shown(path), 0, f"cannot be read: {error.strerror or error}"))
        except (ValueError, RecursionError) as error:
            self.problems.append(Problem(shown(path), 1, f"is not a file of a CDK assembly: {error}"))
        else:
            return content
        return None


def _maps(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _entries(metadata: Mapping[str, Any], path: str) -> Iterator[Mapping[str, Any]]:
    found = metadata.get(path)
    for entry in found if isinstance(found, list) else ():
        if isinstance(entry, dict):
            yield entry


def _constructs(metadata: Mapping[str, Any], root: str) -> dict[tuple[str, str], _Construct]:
    """The construct of each logical id in each template (of nested stacks too)."""
    files = {
        path: entry["data"]
        for path in metadata
        for entry in _entries(metadata, path)
        if entry.get("type") == _TEMPLATE_FILE and isinstance(entry.get("data"), str)
    }
    found: dict[tuple[str, str], _Construct] = {}
    for path in metadata:
        for entry in _entries(metadata, path):
            if entry.get("type") == _LOGICAL_ID and isinstance(entry.get("data"), str):
                above = _above(path)
                file = next((files[each] for each in above if each in files), root)
                inner = [each for each in above if each not in files]
                construct = _Construct(path.strip("/"), _source(metadata, inner))
                found[file, entry["data"]] = construct
    return found


def _above(path: str) -> list[str]:
    """A path and all above it, nearest first."""
    steps = path.strip("/").split("/")[-DEPTH_LIMIT * 10 :]
    return ["/" + "/".join(steps[:count]) for count in range(len(steps), 0, -1)]


def _source(metadata: Mapping[str, Any], paths: list[str]) -> tuple[str, str] | None:
    """The file and line of the user's program that made a construct, or else the one around it."""
    for path in paths:
        for entry in _entries(metadata, path):
            frames = entry.get("trace")
            if frames is None and entry.get("type") == "aws:cdk:creationStack":
                frames = entry.get("data")
            for frame in frames[:_FRAMES_LIMIT] if isinstance(frames, list) else ():
                text = str(frame).strip() if isinstance(frame, str) else ""
                if len(text) > _FRAME_LIMIT or _LIBRARY.search(text):
                    continue
                match = _FRAME.search(text)
                if match is not None:
                    file, line = (match.group(at) or match.group(at + 2) for at in (1, 2))
                    return file.strip().removeprefix("at "), line
    return None


def _placed(
    resource: Resource,
    constructs: Mapping[tuple[str, str], _Construct],
    region: str | None,
    files: ProjectFiles | None,
) -> Resource:
    name = resource.address.rpartition(".")[2]
    construct = constructs.get((Path(resource.span.path).name, name))
    path = construct.path if construct is not None else _path_in(resource.attributes)
    if not path:
        return resource._replace(region=region)
    span = resource.span
    entries = {"Path": _text(path, span)}
    if construct is not None and construct.frame is not None:
        file, line = construct.frame
        entries |= {"Line": _text(line, span), **_of_program(file, span, files)}
    attributes = {
        **resource.attributes.entries,
        "Construct": Entry(span, MapValue(entries, span), "Construct"),
    }
    return resource._replace(region=region, attributes=resource.attributes._replace(entries=attributes))


def _of_program(file: str, span: Span, files: ProjectFiles | None) -> dict[str, Entry]:
    """A file of the program, at its place in the project.

    Elsewhere, as on the machine that synthesised, its path is reported as it was there.
    """
    below = shown(file)
    if not below.startswith("..") and is_file(below):
        return {"File": _text(below, span), "Found": _text("true", span)}
    found = files.ending_like(file, whole=True) if files is not None else None
    if found is not None:
        return {"File": _text(shown(found), span), "Found": _text("true", span)}
    return {"File": _text(file if below.startswith("..") else below, span)}


def _text(text: str, span: Span) -> Entry:
    return Entry(span, Scalar(text, span))


def _path_in(attributes: MapValue) -> str:
    """The construct path that a template itself contains."""
    metadata = attributes.entries.get("Metadata")
    value: Value | None = metadata.value if metadata is not None else None
    if isinstance(value, MapValue) and "aws:cdk:path" in value.entries:
        return known_text(value.entries["aws:cdk:path"].value) or ""
    return ""
