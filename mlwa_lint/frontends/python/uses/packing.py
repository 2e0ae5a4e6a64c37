"""What programs and scripts of a project put into the archives of models, and what is missing there.

A container of AWS installs `code/requirements.txt` of a model's archive when it starts, and fetches the model
that an adapter in it belongs to. A template, or a program that creates a model with boto3, names the archive
alone; another program packs it.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from mlwa_lint.facts.hardware import CONTAINERS_OF_AWS
from mlwa_lint.files.texts import PathSteps, is_test
from mlwa_lint.frontends.python.evaluation.values import Item
from mlwa_lint.frontends.python.ledger import Created
from mlwa_lint.frontends.python.network_use import network_need, without_comments
from mlwa_lint.frontends.python.uses.adapters import may_load_adapter, saving_adapter
from mlwa_lint.frontends.python.uses.containers import images_of, pieces_of
from mlwa_lint.frontends.python.uses.project import PYTHON, SHELL, Uses
from mlwa_lint.model.alternatives import consists_of
from mlwa_lint.model.resources import FETCHES
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    SDK_ACCOUNT,
    ListValue,
    MapValue,
    Scalar,
    Unknown,
    Value,
    alternatives,
    known_text,
    tail_of,
)

_MODEL = "AWS::SageMaker::Model"
_PROGRAM = "SAGEMAKER_PROGRAM"
# A built-in algorithm whose container runs scripts of its users as well.
_WITH_SCRIPTS = "xgboost:"
_PACKS = re.compile(rb"\btar -?[a-zA-Z]*c|\btarfile\.open\([^\n]{0,500}[\"']w|\bmake_archive\(")
_HOLDS_CODE = re.compile(rb"\binference\.py\b|\bcode/")
# A requirements.txt that is copied or added, wherever to.
_REQUIREMENTS = re.compile(
    rb"(?i)(?:\bcp |copy\w*\(|\.add\(|\.write\()[^\n]{0,500}(?:requirements\.txt|\breq\w*_(?:file|path)\b)"
)
# … one that is certainly put where the container looks for it: a file of the project, or a cell's own text.
_ADDED = re.compile(
    rb"(?:\bcp |copy\w*\(|\.add\()[ \\\"']{0,4}([\w./-]{0,100}requirements\.txt)[\\\"', ]{1,6}"
    rb"[^\n]{0,80}?\bcode/"
)
_CELL = re.compile(rb"%%writefile +[\w./-]*\bcode/requirements\.txt(?:\\n\",)?\s+\"?[A-Za-z]")
_NEEDS = re.compile(rb"(?m)^[ \t]*[A-Za-z]")
_DATA = frozenset({"ModelDataUrl", "ModelDataSource"})
# The folder that a script packs: `tar czf model.tar.gz -C code_${NAME} .`, `tar czf model.tar.gz code/`.
_FOLDER = re.compile(
    rb"\btar -?[a-zA-Z]*c[a-zA-Z]* +[^\n;|&]{0,500}?\.t(?:ar\.)?gz +(?:-C +|--directory[ =])?([^\s;|&]+)"
)
_VARIABLE = re.compile(r"\$\{[^{}]*\}|\$\w+")
_BETWEEN = re.compile(r"[^a-z]+")
# What names of such files have in common, whatever the model.
_GENERAL = frozenset(
    {"archive", "build", "create", "deploy", "endpoint", "job", "model", "pack", "package", "py", "run", "sh"}
)


def note_packing(created: Sequence[Created], uses: Uses) -> None:
    """Notes of models on images of AWS that what is in their archives may need the network."""
    for each in created:
        if each.kind != _MODEL or FETCHES in each.cells:
            continue
        steps = uses.steps_of(each.span.path)
        why = None if steps is None else need_of_archive(each.value, each.span, steps, uses)
        if why is not None:
            each.cells[FETCHES] = Item(each.span, why)


def need_of_archive(
    value: Callable[[str], Value | None], span: Span, near: PathSteps, uses: Uses
) -> Unknown | Scalar | None:
    """Why the archive of a model on an image of AWS needs the network, or may; None if nothing shows it.

    value: its properties. near: the file that declares or makes it.
    """
    containers = [*_containers(value("PrimaryContainer")), *_containers(value("Containers"))]
    held = [each for each in containers if isinstance(each, MapValue) and not _DATA.isdisjoint(each.entries)]
    given = [option.value for image in images_of(value) for option in alternatives(image)]
    images = [image for image in given if _is_of_aws(image)]
    if not held or not images:
        return None
    adapter = saving_adapter(uses)
    if adapter is not None and any(may_load_adapter(_name_of(image)) for image in images):
        return Unknown(f"{'/'.join(adapter)} saves an adapter, whose model the container may fetch", span)
    packer = uses.once(_certain_requirements)
    if packer and any(_archive_of(each) in uses.texts[packer] for each in held):
        return Scalar(f"{'/'.join(packer)} packs requirements that its container installs", span)
    for file in _packers(near, uses):
        if _REQUIREMENTS.search(uses.texts[file]):
            return Unknown(f"{'/'.join(file)} may pack requirements that its container installs", span)
    packed = uses.once(_packed_requirements)
    if packed is not None:
        return Unknown(f"{'/'.join(packed)} may be in the archive, and the container installs it", span)
    program = next((name for each in held if (name := _program_of(each))), "")
    files = [steps for steps in uses.named(program) if not is_test(steps)] if program else []
    if len(files) != 1:
        return None
    file = files[0]
    if network_need(without_comments(uses.texts[file].decode("utf-8", "replace"))) == "yes":
        return Unknown(f"{'/'.join(file)}, which the container runs, may use the network", span)
    beside = (*file[:-1], "requirements.txt")
    if beside in uses.texts:
        return Unknown(f"{'/'.join(beside)} may be in the archive, and the container installs it", span)
    return None


def _certain_requirements(uses: Uses) -> PathSteps:
    """The one file that packs archives of models, if it puts requirements into them; else empty."""
    packing = uses.once(_packing)
    if len(packing) != 1:
        return ()
    text = uses.texts[packing[0]]
    added = _ADDED.search(text)
    named = [] if added is None else [steps for steps in uses.named("requirements.txt") if not is_test(steps)]
    ending = () if added is None else tuple(added[1].decode("utf-8", "replace").removeprefix("./").split("/"))
    meant = [steps for steps in named if steps[-len(ending) :] == ending and _NEEDS.search(uses.texts[steps])]
    if _CELL.search(text) is None and len(meant) != 1:
        return ()
    return packing[0]


def _archive_of(container: MapValue) -> bytes:
    """The name of the archive of a model; where it is not known, what no text has."""
    archive = tail_of(container.value("ModelDataUrl")).rpartition("/")[2]
    return archive.encode() or b"\0"


def _packed_requirements(uses: Uses) -> PathSteps | None:
    """A requirements.txt in a folder that a shell script packs; a variable is anything in its name."""
    return next(_in_packed_folders(uses), None)


def _in_packed_folders(uses: Uses) -> Iterator[PathSteps]:
    for steps, text in uses.texts.items():
        if not steps[-1].endswith(SHELL) or is_test(steps):
            continue
        for folder in _FOLDER.findall(text):
            name = _VARIABLE.sub("\0", folder.decode("utf-8", "replace")).strip("\"'").rstrip("/")
            last = name.rpartition("/")[2]
            if not last.replace("\0", "").strip("."):
                continue  # nothing is known of its name
            pieces = last.split("\0")
            for file in uses.named("requirements.txt"):
                above = file[:-1][-2:] if file[-2:-1] == ("code",) else file[:-1][-1:]
                if any(consists_of(pieces, each, least=1) for each in above):
                    yield file


def _program_of(container: MapValue) -> str:
    """The script in the archive that a container runs, by its environment; empty where none is named."""
    entry = container.entries.get("Environment")
    variables = entry.value.entries if entry is not None and isinstance(entry.value, MapValue) else {}
    given = variables.get(_PROGRAM)
    return "" if given is None else (known_text(given.value) or "").rpartition("/")[2]


def _containers(held: Value | None) -> Sequence[Value | None]:
    return held.items if isinstance(held, ListValue) else (held,)


def _is_of_aws(image: Value) -> bool:
    """Whether an image is, or may be, one that AWS publishes."""
    parts = pieces_of(image)
    if any(isinstance(part, Unknown) and part.identity == SDK_ACCOUNT for part in parts):
        return True
    name = _name_of(image)
    if CONTAINERS_OF_AWS.match(name) is not None or name.startswith(_WITH_SCRIPTS):
        return True
    return isinstance(image, Unknown) and not any(isinstance(part, str) and "/" in part for part in parts)


def _name_of(image: Value) -> str:
    """The known end of an image, after its registry."""
    shown = "".join(part if isinstance(part, str) else "\0" for part in pieces_of(image))
    return shown.rpartition("/")[2]


def _packing(uses: Uses) -> list[PathSteps]:
    """The files of a project that pack archives with code."""
    return [steps for steps, text in uses.texts.items() if _packs(steps, text)]


def _packers(maker: PathSteps, uses: Uses) -> list[PathSteps]:
    """The files that pack archives with code, of them those that are called most like the maker."""
    words = _words(maker)
    alike = {steps: len(words & _words(steps)) for steps in uses.once(_packing)}
    most = max(alike.values(), default=0)
    return [steps for steps, common in alike.items() if common == most]


def _packs(steps: PathSteps, text: bytes) -> bool:
    code = steps[-1].endswith((*PYTHON, *SHELL)) and not is_test(steps)
    return code and _PACKS.search(text) is not None and _HOLDS_CODE.search(text) is not None


def _words(steps: PathSteps) -> frozenset[str]:
    """The words of a file's name; none of what is declared in no text of the project."""
    return frozenset(_BETWEEN.split("".join(steps[-1:]).lower())) - _GENERAL - {""}
