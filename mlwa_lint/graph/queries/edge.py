"""Models on devices: what a Greengrass component brings there, and for which machine it was compiled."""

from collections.abc import Iterator
from typing import Any

from mlwa_lint.graph.jobs import COMPILATION
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import NO, YES, Answer, undecided
from mlwa_lint.model.partial_json import parts_of
from mlwa_lint.model.values import ListValue, MapValue, Reference, Scalar, TextPart, Unknown, Value
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

COMPONENT = "AWS::GreengrassV2::ComponentVersion"

# Formats that a training framework writes; what is compiled or converted has others (.so, .onnx, .tflite).
_TRAINED = (
    ".caffemodel",
    ".ckpt",
    ".h5",
    ".hdf5",
    ".joblib",
    ".keras",
    ".params",
    ".pb",
    ".pickle",
    ".pkl",
    ".pt",
    ".pth",
    ".safetensors",
)
# The name that a training job gives its model; compilation puts the target's name into it.
_TRAINING_OUTPUT = "model.tar.gz"
_ARCHIVES = (".zip", ".tar.gz", ".tgz", ".tar")
# Runtimes that are made for devices: whoever uses one has converted the model for it.
_RUNTIMES = lazy(
    r"(?i)onnx|tf-?lite|tensorflow-?lite|litert|tensorrt|openvino|executorch|(?<![a-z])(dlr|ncnn|coreml)(?![a-z])"
)
# Greengrass's words for the processors that SageMaker compiles for.
_ARCHITECTURES = {
    "ARM64": ("aarch64", "arm64"),
    "ARM_EABI": ("arm",),
    "ARM_EABIHF": ("arm",),
    "X86": ("x86",),
    "X86_64": ("amd64", "x86_64"),
}
# Surround a part of a text that is not known; YAML reads them as letters.
_OPEN, _CLOSE = "\ue000", "\ue001"
_LARGEST = 100_000


class Artifact(NamedTuple):
    """A file that a component brings, and the processor of the devices that get it ("" where not stated)."""

    uri: str
    architecture: str

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.uri.rsplit("/", 1)[-1]

    def is_trained_model(self) -> Answer:
        """Whether it is a model as the training framework wrote it."""
        if _OPEN in self.name:
            return undecided("the name of an artifact is known only after deployment")
        name = self.name.lower()
        if name == _TRAINING_OUTPUT or name.endswith(_TRAINED):
            return YES
        if "model" in name and name.endswith(_ARCHIVES):
            return undecided(f"what {self.name} holds is not in the configuration")
        return NO


class Recipe(NamedTuple):
    """The content of a component's recipe."""

    text: str
    artifacts: tuple[Artifact, ...]

    def has_device_runtime(self) -> Answer:
        """Whether it uses a runtime that is made for devices, such as ONNX Runtime."""
        if _RUNTIMES.search(self.text):
            return YES
        return undecided("parts of the recipe are known only after deployment") if self._is_open else NO

    @property
    def _is_open(self) -> bool:
        """Whether something that is not known could be more than a place of a file."""
        rest = self.text
        for artifact in self.artifacts:
            rest = rest.replace(artifact.uri, "")
        return _OPEN in rest


class CompilationTarget(NamedTuple):
    """Where a compilation job writes, and for which processor, with the job."""

    location: str
    architecture: str
    job: ResourceView

    def fits(self, architecture: str) -> bool:
        """Whether a device with this processor, in Greengrass's words, can run what was compiled."""
        return architecture in _ARCHITECTURES.get(self.architecture, (architecture,))


def recipe_of(component: ResourceView) -> Recipe | None:
    """The recipe of a component, None where it is not known or cannot be read."""
    value = component["InlineRecipe"].value
    if isinstance(value, (MapValue, ListValue)):  # encoded by a function
        from json import dumps

        data = _plain(value)
        text = dumps(data, ensure_ascii=False)  # the marks stay as they are
    elif isinstance(value, (Scalar, Unknown, Reference)):
        text = spelled(value)
        data = _read(text)
    else:
        return None
    return Recipe(text, tuple(_artifacts(data))) if isinstance(data, dict) else None


def _read(text: str) -> Any:
    """The content of a recipe's text, in YAML or JSON; None where it cannot be read."""
    if not text or len(text) > _LARGEST:
        return None
    import yaml

    try:
        return yaml.safe_load(text)
    except Exception:  # noqa: BLE001 - also what tags let it do: `!!bool x` is a KeyError
        return None


def _plain(value: Value) -> Any:
    """A structure as plain data, in which what is not known is placed between two marks."""
    if isinstance(value, MapValue):
        return {key: _plain(entry.value) for key, entry in value.entries.items()}
    if isinstance(value, ListValue):
        rest = [] if value.rest is None else [_plain(value.rest)]
        return [*map(_plain, value.items), *rest]
    if isinstance(value, Scalar):
        return value.data
    return (spelled(value) if isinstance(value, (Unknown, Reference)) else "") or f"{_OPEN}?{_CLOSE}"


def targets(graph: GraphView) -> Iterator[CompilationTarget]:
    """What the compilation jobs of a project compile for, where that and the place are known."""
    for job in graph.of_type(COMPILATION):
        output = job["OutputConfig"]
        value = output["S3OutputLocation"].value
        location = spelled(value) if isinstance(value, (Scalar, Unknown, Reference)) else ""
        architecture = output["TargetPlatform.Arch"].text
        if location and f"{_OPEN}?" not in location and architecture:
            yield CompilationTarget(location.rstrip("/") + "/", architecture, job)


def is_compiled(graph: GraphView) -> Answer:
    """Whether the project compiles models."""
    return graph.declared(COMPILATION).exist()


def spelled(value: Value) -> str:
    """A text in which what is not known is placed between two marks; "" where nothing of it is known."""
    parts = parts_of(value)
    return "" if parts is None else "".join(map(_spelled_part, parts))


def _spelled_part(part: TextPart) -> str:
    if isinstance(part, str):
        return part
    known = f"{part.address}.{part.attribute}" if isinstance(part, Reference) else part.identity or "?"
    return f"{_OPEN}{known}{_CLOSE}"


def _artifacts(recipe: dict[Any, Any]) -> Iterator[Artifact]:
    for manifest in _listed(_of(recipe, "manifests")):
        platform = _of(manifest, "platform")
        architecture = _of(platform, "architecture")
        for artifact in _listed(_of(manifest, "artifacts")):
            uri = _of(artifact, "uri")
            if isinstance(uri, str):
                yield Artifact(uri, architecture.lower() if isinstance(architecture, str) else "")


def _of(data: Any, key: str) -> Any:
    """A key of a recipe, in any case: Greengrass reads both `Manifests` and `manifests`."""
    if not isinstance(data, dict):
        return None
    return next((value for name, value in data.items() if str(name).lower() == key), None)


def _listed(data: Any) -> list[Any]:
    return data if isinstance(data, list) else []
