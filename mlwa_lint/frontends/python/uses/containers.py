"""The images that a project builds itself: what their code needs, and what they are built on.

docs/decisions/0236 gives the reasons.
"""

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatch
from functools import cache, partial

from mlwa_lint.facts.hardware import CONTAINERS_OF_AWS
from mlwa_lint.files.endings import common_start
from mlwa_lint.files.texts import PathSteps, is_dockerfile, is_test
from mlwa_lint.frontends.python.evaluation.values import Item
from mlwa_lint.frontends.python.ledger import Created
from mlwa_lint.frontends.python.network_use import network_need, without_comments
from mlwa_lint.frontends.python.uses.project import PYTHON, Uses, module_name
from mlwa_lint.model.resources import FETCHES, NO_GPU, OLD_CUDA, SCRIPT, Resource
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    SDK_ACCOUNT,
    Entry,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    known_text,
    references_in,
)
from mlwa_lint.startup.records import NamedTuple

_MODEL = "AWS::SageMaker::Model"
_JOBS = ("AWS::SageMaker::TrainingJob", "AWS::SageMaker::ProcessingJob")
_IMAGES = ("Image", "TrainingImage", "ImageUri")
_HOLDERS = ("PrimaryContainer", "Containers", "AlgorithmSpecification", "AppSpecification")
# The hyperparameter by which the toolkit of a container finds the script.
_PROGRAM = "sagemaker_program"
_REGISTRY = ".dkr.ecr."
# What shows that an image is made for SageMaker: where it expects the code, and how it starts it.
_FOR_SAGEMAKER = re.compile(
    rb"(?i)/opt/(?:ml|program)\b|sagemaker|[\s/\"'](?:serve|train)[\"'\]\s]*$", re.MULTILINE
)
_BUILDS = b"docker build"
# What finds the repositories of the account: the image is one of those that are built for it.
_LOOKS_UP = b"describe_repositories("
# What a Dockerfile starts: its commands, the script that SageMaker is given, and what it copies as `serve`.
_STARTS = re.compile(r"(?m)^[ \t]*(?:ENTRYPOINT|CMD|ENV\s+SAGEMAKER_PROGRAM)\b.*$")
_COPIES_AS = re.compile(r"(?m)^[ \t]*(?:COPY|ADD)\s+(?:--\S+\s+)*(\S+)\s+\S*/(serve|train)\s*$")
_COPIES = re.compile(r"(?mi)^[ \t]*(?:COPY|ADD)\s+(\S(?:.*\S)?)\s*$")
_FILES = re.compile(r"(?<![\w./-])[\w./-]+\.(?:py|sh)\b")
# The code of a server that SageMaker calls.
_SERVES = (b"/invocations", b"def model_fn(", b"def transform_fn(")
_IMPORTS = re.compile(r"(?m)^[ \t]*(?:from\s+([\w.]+)\s+import|import\s+([\w.]+))")
_APPLICATION = re.compile(r"[\"'\s]([\w.]+):\w+[\"'\s]")
# Programs that make what runs the container are not its code, though an image may copy all files.
_MAKES = re.compile(rb"\bcreate_(?:model|endpoint|training_job)\(|\.deploy\(|\bEstimator\(")
_FILES_LIMIT = 40
_OLD_BASE = re.compile(
    r"(?mi)^[ \t]*FROM\s+\S*"
    r"(?:cuda:(?:[89]|10)\.\d|tensorflow/tensorflow:1\.\d+|pytorch/pytorch:(?:0\.|1\.[0-6]\b))\S*"
)
_OLD_PACKAGE = re.compile(
    r"(?m)\b(?:tensorflow(?:[-_]gpu)?\s*==\s*(?:1\.|2\.[0-3]\b)|torch\s*==\s*(?:0\.|1\.[0-6]\b))[\d.]*"
)


# What moves models and data to a GPU; not the tag of an image, `2.0.0-gpu-py310-cu118`.
_GPU = re.compile(r"(?i)\bcuda\b|\.to\(device|num_gpus|list_physical_devices|\btrainer\(|accelerat(?:e|or)\b")
# Code that runs on the CPU where there is no GPU, and what then moves to the one or the other.
_CHOOSES = re.compile(
    r"[\"']cuda(?::\d)?[\"']\s*if\s+(?:\w+\.)*cuda\.is_available\(\)\s*else\s+[\"']cpu[\"']"
    r"|\bif\s+(?:\w+\.)*cuda\.is_available\(\)\s*:[^\n]*(?:\n(?=[^\n]*cuda)[^\n]*)?"
)
_OF_EITHER = re.compile(r"\.to\(device|\bcuda\.(?:device_count|empty_cache|is_available|manual_seed\w*)\(")
_WITHOUT_GPU = "frameworks fall back to the CPU, and nothing shows that the code of the job requires a GPU"


class _Findings(NamedTuple):
    """What an image shows: whether its code needs the network, and what is built with an old CUDA."""

    fetches: Value | None
    old: str


def _uses_gpu(program: PathSteps, uses: Uses) -> bool:
    """Whether a program, or one that it names, moves anything to a GPU."""
    content = uses.texts[program]
    named = (each for each in uses.texts if each[-1].endswith(PYTHON) and each[-1].encode() in content)
    return _needs_gpu((program, *named), uses)


def _needs_gpu(files: Iterable[PathSteps], uses: Uses) -> bool:
    return any(_GPU.search(_without_choices(without_comments(_text_of(each, uses)))) for each in files)


def _without_choices(text: str) -> str:
    """A program without what it does on a GPU where there is one."""
    chosen, choices = _CHOOSES.subn("", text)
    return _OF_EITHER.sub("", chosen) if choices else text


def note_containers(created: Sequence[Created], uses: Uses) -> None:
    """Notes of models and jobs on images that the project builds what these show."""
    uses_gpu = cache(partial(_uses_gpu, uses=uses))
    for each in created:
        if each.kind != _MODEL and each.kind not in _JOBS:
            continue
        steps = uses.steps_of(each.span.path)
        if steps is None:
            continue
        code = code_of_script(each.value, uses)
        if each.kind in _JOBS and not (_needs_gpu(code, uses) if code else uses_gpu(steps)):
            each.attributes[NO_GPU] = Entry(each.span, Scalar(_WITHOUT_GPU, each.span))
        images = tuple(images_of(each.value))
        names = [name for image in images if (name := _own_repository(image, uses)) is not None]
        looked_up = not names and _LOOKS_UP in uses.texts[steps] and any(map(_is_open, images))
        names = [""] if looked_up else names
        if not names:
            continue
        files = _dockerfiles(names, steps, uses)
        built = [_shown_by(file, each.kind, each.span, uses) for file in files]
        if not built:
            continue
        fetches = [found.fetches for found in built if found.fetches is not None]
        if fetches and FETCHES not in each.cells:
            sure = len(fetches) == len(built) and all(isinstance(found, Scalar) for found in fetches)
            sure = sure and not looked_up
            built_from = "/".join(files[0])
            reason = f"the image may be that of {built_from}, whose program may use the network"
            why: Value = fetches[0] if sure else Unknown(reason, each.span)
            each.cells[FETCHES] = Item(each.span, why)
        if all(found.old for found in built) and not looked_up:
            each.cells[OLD_CUDA] = Item(each.span, Scalar(built[0].old, each.span))


def code_of_script(value: Callable[[str], Value | None], uses: Uses) -> list[PathSteps]:
    """The script that a job runs, and what it imports of the project; empty where it is not known.

    value: gives a property of the job.
    """
    path = next((text for each in _scripts(value) if (text := known_text(each))), "").strip("\"'")
    steps = tuple(step for step in path.split("/") if step not in ("", ".", ".."))
    found = [each for each in uses.named(steps[-1]) if each[-len(steps) :] == steps] if steps else []
    return list(_reached(found, found[0][:-1], uses)) if len(found) == 1 else []


def _scripts(value: Callable[[str], Value | None]) -> Iterator[Value]:
    """What names the script of a job: the SDK's argument, or what the toolkit of the container reads."""
    stated, given = value(SCRIPT), value("HyperParameters")
    if stated is not None:
        yield stated
    if isinstance(given, MapValue) and _PROGRAM in given.entries:
        yield given.entries[_PROGRAM].value


def code_of_image(
    value: Callable[[str], Value | None], near: PathSteps | None, uses: Uses
) -> list[PathSteps]:
    """The code of the image of the project that a job certainly runs on; empty where it is not known.

    near: the file that makes the job.
    """
    names = [_own_repository(image, uses) for image in images_of(value)]
    files = _dockerfiles([names[0]], near, uses) if near is not None and len(names) == 1 and names[0] else []
    if len(files) != 1:
        return []
    return list(_code_of(files[0], without_comments(_text_of(files[0], uses)), False, uses))


def code_that_may_run(
    value: Callable[[str], Value | None], near: PathSteps | None, uses: Uses
) -> list[PathSteps]:
    """The code of the images that the project builds, where nothing shows which of them a job runs on."""
    images = list(images_of(value))
    names = ["" if _is_open(each) else _own_repository(each, uses) for each in images]
    if near is None or len(names) != 1 or names[0] is None:
        return []
    files = _dockerfiles([names[0]], near, uses)
    found = (_code_of(each, without_comments(_text_of(each, uses)), False, uses) for each in files)
    return list(dict.fromkeys(step for code in found for step in code))


def _text_of(steps: PathSteps, uses: Uses) -> str:
    return uses.texts[steps].decode("utf-8", "replace")


def _is_open(image: Value) -> bool:
    """Whether nothing shows which image it is."""
    parts = image.parts if isinstance(image, Unknown) else ("",)
    return not any(isinstance(part, str) and "/" in part for part in parts) and isinstance(image, Unknown)


def need_of_image(
    image: Value, near: PathSteps, made: Resource, repositories: Mapping[str, str], uses: Uses
) -> Value | None:
    """Why the code of the image that a template names needs the network, or may need it; None if it does not.

    Nothing is certain of an image that is a parameter of the template, or one of several Dockerfiles.
    near: the file that names it. repositories: the names of those of the project, by their addresses.
    """
    kind, span = made.type, made.span
    name = _own_repository(image, uses)
    if name is None:
        named = (repositories.get(reference.address) for reference, _ in references_in(image))
        name = next((each for each in named if each is not None), None)
    if name is None and not (isinstance(image, Reference) or _is_open(image)):
        return None
    found = [_shown_by(file, kind, span, uses).fetches for file in _dockerfiles([name or ""], near, uses)]
    needs = [each for each in found if each is not None]
    if not needs:
        return None
    sure = name is not None and len(needs) == len(found) and all(isinstance(each, Scalar) for each in needs)
    return needs[0] if sure else Unknown("the code of the container may use the network", span)


def images_of(value: Callable[[str], Value | None]) -> Iterator[Value]:
    """What a model or a job names as images, by its properties."""
    for key in _HOLDERS:
        held = value(key)
        for container in held.items if isinstance(held, ListValue) else (held,):
            for name in _IMAGES if isinstance(container, MapValue) else ():
                entry = container.entries.get(name) if isinstance(container, MapValue) else None
                if entry is not None:
                    yield entry.value


def pieces_of(image: Value) -> Sequence[str | Value]:
    """The pieces of an image's name, known and unknown; an empty text where nothing of it is known."""
    return image.parts if isinstance(image, Unknown) and image.parts else (known_text(image) or "",)


def _own_repository(image: Value, uses: Uses) -> str | None:
    """The repository of an image of the account; empty where it is not known, None for others' images.

    What begins like AWS's own (`sagemaker-training-cuda`) is the account's where the project builds it.
    """
    parts = pieces_of(image)
    if any(isinstance(part, Unknown) and part.identity == SDK_ACCOUNT for part in parts):
        return None
    text = "".join(part if isinstance(part, str) else known_text(part) or "\0" for part in parts)
    if _REGISTRY not in text:
        return None
    name = re.split(r"[:@]", text.rpartition("/")[2])[0]
    if CONTAINERS_OF_AWS.match(name):
        built = not text[:1].isdigit() and any(_builds((name,), each, uses) for each in uses.texts)
        return name if built else None
    return "" if "\0" in name else name


def _dockerfiles(names: Sequence[str], program: PathSteps, uses: Uses) -> list[PathSteps]:
    """The Dockerfiles that an image may be built from: the nearest ones that are made for SageMaker."""
    found = [
        steps
        for steps in uses.dockerfiles
        if not is_test(steps)
        and (_FOR_SAGEMAKER.search(uses.texts[steps]) is not None or _builds(names, steps, uses))
    ]
    near = {steps: common_start(steps[:-1], program[:-1]) for steps in found}
    nearest = [steps for steps in found if near[steps] == max(near.values())]
    named = [steps for steps in nearest if _builds(names, steps, uses) or set(names) & set(steps[:-1])]
    return named or nearest


def _builds(names: Sequence[str], file: PathSteps, uses: Uses) -> bool:
    """Whether a script beside a Dockerfile builds an image of one of some names.

    Or a command names both: `sh build.sh docker-train/Dockerfile churn-training`.
    """
    if not is_dockerfile(file[-1]):
        return False
    path = "/".join(file[-2:]).encode()
    return any(
        (steps[:-1] == file[:-1] and _BUILDS in uses.texts[steps] and steps != file)
        or (len(file) > 1 and _has_line(uses.texts[steps], path, name.encode()))
        for name in names
        if name
        for steps in uses.containing(name)
    )


def _has_line(content: bytes, *words: bytes) -> bool:
    """Whether one line has all words, each as a whole."""
    patterns = [re.compile(rb"(?<![\w-])" + re.escape(each) + rb"(?![\w-])") for each in words]
    return any(all(each.search(line) for each in patterns) for line in content.splitlines())


def _shown_by(file: PathSteps, kind: str, span: Span, uses: Uses) -> _Findings:
    text = without_comments(_text_of(file, uses))
    fetches: Value | None = None
    for steps in _code_of(file, text, kind == _MODEL, uses):
        fetches = _need_of(steps, uses, span) or fetches
        if isinstance(fetches, Scalar):
            break
    old = _OLD_BASE.search(text)
    requirements = uses.texts.get((*file[:-1], "requirements.txt"), b"").decode("utf-8", "replace")
    old = old or _OLD_PACKAGE.search(text) or _OLD_PACKAGE.search(without_comments(requirements))
    return _Findings(fetches, "" if old is None else old[0].strip())


def _need_of(steps: PathSteps, uses: Uses, span: Span) -> Value | None:
    need = network_need(without_comments(_text_of(steps, uses)))
    if need == "yes":
        return Scalar(f"{'/'.join(steps)} in the image uses the network", span)
    return Unknown(f"{'/'.join(steps)} may load a model from a hub", span) if need == "perhaps" else None


def _code_of(file: PathSteps, text: str, serving: bool, uses: Uses) -> Iterator[PathSteps]:
    """The Python files of an image that it starts, and those that they import or start."""
    folder, other = file[:-1], "train" if serving else "serve"
    named = [name for line in _STARTS.findall(text) for name in _FILES.findall(line)]
    named += [name for name, kind in _COPIES_AS.findall(text) if kind != other]
    waiting = [steps for name in named if (steps := _located(name, folder, folder, uses)) is not None]
    waiting = [steps for steps in waiting if module_name(steps) != other]
    if serving:
        waiting += sorted(
            each
            for word in _SERVES
            for each in uses.containing(word.decode())
            if each[: len(folder)] == folder and each[-1].endswith(".py") and not is_test(each)
            if is_copied(each, text)
        )
    yield from _reached(waiting, folder, uses)


def _reached(waiting: list[PathSteps], folder: PathSteps, uses: Uses) -> Iterator[PathSteps]:
    """The Python files among some, and those that they import or start."""
    waiting, seen = [*waiting], set[PathSteps]()
    while waiting and len(seen) < _FILES_LIMIT:
        steps = waiting.pop(0)
        if steps in seen or _MAKES.search(uses.texts[steps]) is not None:
            continue
        seen.add(steps)
        if steps[-1].endswith(".py"):
            yield steps
        waiting += _next(steps, folder, uses)


def is_copied(steps: PathSteps, text: str) -> bool:
    """Whether an image may have a file, by what its Dockerfile copies: a file, folders, patterns."""
    sources = [source for line in _COPIES.findall(text.replace("\\\n", " ")) for source in _sources(line)]
    if not sources:
        return True  # something else brings the code
    ends = ["/".join(steps[start:]) for start in range(len(steps))]
    return any(
        not source or fnmatch(end, source) or end.startswith(f"{source}/")
        for source in sources
        for end in ends
    )


def _sources(line: str) -> list[str]:
    """What a line of a Dockerfile copies, without what leads to the build context; empty for all of it."""
    words = [each.strip("\"',[]") for each in line.split()]
    given = [each for each in words if not each.startswith("--")][:-1]
    if "--from" in line:
        return []
    return ["" if "$" in each else posixpath.normpath(each).lstrip("./") for each in given]


def _next(steps: PathSteps, folder: PathSteps, uses: Uses) -> Iterator[PathSteps]:
    text = without_comments(_text_of(steps, uses))
    modules = [one or other for one, other in _IMPORTS.findall(text)] + _APPLICATION.findall(text)
    names = [f"{each.strip('.').replace('.', '/')}.py" for each in modules]
    for name in dict.fromkeys([*names, *_FILES.findall(text)]):
        found = _located(name, steps[:-1], folder, uses)
        if found is not None:
            yield found


def _located(name: str, here: PathSteps, folder: PathSteps, uses: Uses) -> PathSteps | None:
    """A file by its path in the image, from what names it, the Dockerfile or the project's folder."""
    path = tuple(step for step in name.split("/") if step not in ("", "."))
    # `/opt/program/serve.py` begins with folders that the project lacks.
    starts = range(len(path)) if name.startswith("/") else (0,)
    for above in dict.fromkeys((here, folder, ())):
        for start in starts:
            if path and (*above, *path[start:]) in uses.texts:
                return (*above, *path[start:])
    return None
