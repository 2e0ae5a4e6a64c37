"""Outputs of Terraform that a program reads: `subprocess.run(["terraform", "output", "-raw", "image"])`."""

import shlex
from collections.abc import Sequence

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.values import Handle, ListObj, PyValue, Site
from mlwa_lint.model.values import Absent, Scalar, Unknown, known_text

# How the identity of an output starts.
OUTPUT = "terraform output "
_CALLS = frozenset({"subprocess.run", "subprocess.check_output"})
_STATE = "/terraform.tfstate"
_PROGRAMS = frozenset({"terraform", "tofu"})


def outputs_table(core: Core, path: str, site: Site) -> PyValue | None:
    """The result of a call that runs `terraform output` for one output."""
    if path not in _CALLS or not site.positional:
        return None
    name = _output_in(_words(site.positional[0]))
    if name is None:
        return None
    found = _output(core, name, site)
    return found if path.endswith("check_output") else Finished(found)


def _output(core: Core, name: str, site: Site) -> PyValue:
    found = core.run_with.output(name, site)
    if found is not None:
        return found
    reason = f"the output {name} of Terraform is known only when the program runs"
    return Unknown(reason, site.span, identity=f"{OUTPUT}{name}", present=True)


def is_read_back(value: PyValue) -> bool:
    """Whether a value is an output of Terraform, of which only the end of the line is cut off."""
    return isinstance(value, Unknown) and value.identity.startswith(OUTPUT)


class Finished(Handle):
    """A process that has ended."""

    __slots__ = ("_written",)

    def __init__(self, written: PyValue) -> None:
        self._written = written

    def attribute(self, name: str, site: Site) -> PyValue | None:
        """What it wrote, and that it succeeded."""
        if name == "stdout":
            return self._written
        return Scalar(0, site.span) if name == "returncode" else None

    def call(self, name: str, site: Site) -> PyValue | None:
        """`check_returncode()`."""
        return Absent(site.span)

    def described(self) -> str:
        """Why it is not a value of a request."""
        return "what Terraform puts out is known only when the program runs"


class State(Handle):
    """The local state of Terraform, or a part of it: what leads to the value of an output."""

    __slots__ = ("_core", "_steps")

    def __init__(self, core: Core, steps: tuple[str, ...] = ()) -> None:
        self._core = core
        self._steps = steps

    def call(self, name: str, site: Site) -> PyValue | None:
        """`get`."""
        return self.item(site.positional[0], site) if name == "get" and site.positional else None

    def item(self, key: PyValue, site: Site) -> PyValue | None:
        """`outputs`, an output of these, and its `value`."""
        text = known_text(key) if isinstance(key, Scalar) else None
        steps = (*self._steps, text or "")
        if text is None or (len(steps) != 2 and steps[-1] != ("outputs", "", "value")[len(steps) - 1]):
            return None
        return _output(self._core, steps[1], site) if len(steps) == 3 else State(self._core, steps)

    def described(self) -> str:
        """Why it is not a value of a request."""
        return "Terraform's state is known only when the program runs"


class StateText(Handle):
    """The text of a file with the local state of Terraform, `terraform.tfstate`."""

    __slots__ = ("state",)

    def __init__(self, core: Core) -> None:
        self.state = State(core)

    def described(self) -> str:
        """Why it is not a value of a request."""
        return self.state.described()


def is_state(path: PyValue) -> bool:
    """Whether a path, of which the folder need not be known, is that of Terraform's local state."""
    if isinstance(path, Scalar):
        return str(path.data).endswith(_STATE)
    last = path.parts[-1] if isinstance(path, Unknown) and path.parts else None
    return isinstance(last, str) and last.endswith(_STATE)


def _words(command: PyValue) -> Sequence[str]:
    if isinstance(command, Scalar) and isinstance(command.data, str):
        try:
            return shlex.split(command.data)
        except ValueError:
            return ()
    if not isinstance(command, ListObj) or command.rest is not None:
        return ()
    words = [each.data for each in command.values if isinstance(each, Scalar)]
    texts = [each for each in words if isinstance(each, str)]
    return texts if len(texts) == len(command.values) else ()


def _output_in(words: Sequence[str]) -> str | None:
    """The output that a command names: `terraform -chdir=infra output -raw image`."""
    if not words or words[0] not in _PROGRAMS or "output" not in words or "-json" in words:
        return None
    names = [each for each in words[words.index("output") + 1 :] if not each.startswith("-")]
    return names[0] if len(names) == 1 else None
