"""Which notebook instance or Studio domain of a project its notebooks run on: with that one's role."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from mlwa_lint.files.notebooks import ENDING
from mlwa_lint.files.texts import PathSteps, is_test
from mlwa_lint.frontends.python.examples import is_example
from mlwa_lint.frontends.python.ledger import Created
from mlwa_lint.frontends.python.uses.project import Uses
from mlwa_lint.model.resources import MAY_RUN_ON, RUNNING_ROLE, RUNS_ON
from mlwa_lint.model.values import Entry, Scalar, Unknown
from mlwa_lint.startup.records import NamedTuple

_MODEL, _ROLE = "AWS::SageMaker::Model", "ExecutionRoleArn"
_TEMPLATES = (".yaml", ".yml", ".json")
_IN_TERRAFORM = re.compile(
    r"^resource[ \t]+\"(?P<address>(?:aws|awscc)_sagemaker_(?P<kind>notebook_instance|domain))\"[ \t]+"
    r"\"(?P<name>[\w-]+)\"",
    re.MULTILINE,
)
_IN_TEMPLATE = re.compile(
    r"^[ \t]*\"?Type\"?:[ \t]*[\"']?AWS::SageMaker::(?P<kind>NotebookInstance|Domain)[\"']?[ \t]*,?[ \t]*$",
    re.MULTILINE,
)
_KEY = re.compile(r"^[ \t]*[\"']?(?P<name>[A-Za-z0-9]+)[\"']?:[ \t]*\{?[ \t]*$")
_IN_PROGRAM = re.compile(
    r"\bcreate_(?P<method>notebook_instance|domain)\(|\bCfn(?P<construct>NotebookInstance|Domain)\("
)
_NOUNS = {"notebook_instance": "NotebookInstance", "domain": "Domain"}
_MARKS = (
    *("sagemaker_notebook_instance", "sagemaker_domain"),
    *("SageMaker::NotebookInstance", "SageMaker::Domain"),
    *("create_notebook_instance(", "create_domain(", "CfnNotebookInstance(", "CfnDomain("),
)
# With so many, it does not matter how many there are.
_SEVERAL = 5


class Development(NamedTuple):
    """A notebook instance or a Studio domain: what it is called, and where it is declared."""

    noun: str
    name: str
    steps: PathSteps
    line: int

    def __str__(self) -> str:
        return f"{self.noun} {self.name} ({'/'.join(self.steps)}:{self.line})"


def note_development(created: Sequence[Created], uses: Uses, program: str) -> None:
    """Notes of models with the role that runs the program whose role that is.

    A notebook runs where people of the project develop: with one such place declared, it has that one's role.
    """
    models = [each for each in created if each.kind == _MODEL and _has_running_role(each)]
    if not models:
        return
    found = uses.once(developments_in)
    if not found:
        return
    if len(found) == 1 and program.endswith(ENDING):
        attribute, text = RUNS_ON, str(found[0])
    else:
        where = str(found[0]) if len(found) == 1 else f"{found[0]} or another one"
        attribute, text = MAY_RUN_ON, f"whether the program runs on {where} is not known"
    for each in models:
        each.attributes[attribute] = Entry(each.span, Scalar(text, each.span), attribute)


def _has_running_role(model: Created) -> bool:
    role = model.value(_ROLE)
    return isinstance(role, Unknown) and role.reason.startswith(RUNNING_ROLE)


def developments_in(uses: Uses) -> tuple[Development, ...]:
    """The notebook instances and Studio domains that the files of a project declare, apart from examples."""
    return tuple(islice(_developments(uses), _SEVERAL))


def _developments(uses: Uses) -> Iterator[Development]:
    naming = dict.fromkeys(each for mark in _MARKS for each in uses.containing(mark))
    for steps in sorted(naming):
        if is_test(steps) or is_example(steps[:-1]):
            continue
        text = uses.texts[steps].decode("utf-8", "replace")
        if steps[-1].endswith(".tf"):
            for match in _IN_TERRAFORM.finditer(text):
                name = f"{match['address']}.{match['name']}"
                yield Development(_NOUNS[match["kind"]], name, steps, _line(text, match))
        elif steps[-1].endswith(_TEMPLATES):
            for match in _IN_TEMPLATE.finditer(text):
                yield Development(match["kind"], _logical_id(text, match.start()), steps, _line(text, match))
        elif steps[-1].endswith(".py"):
            for match in _IN_PROGRAM.finditer(text):
                noun = match["construct"] or _NOUNS[match["method"]]
                yield Development(noun, f"of {steps[-1]}", steps, _line(text, match))


def _line(text: str, match: re.Match[str]) -> int:
    return text.count("\n", 0, match.start()) + 1


def _logical_id(text: str, end: int) -> str:
    """The name of a resource of a template whose type is at a position."""
    for line in reversed(text[max(0, end - 2000) : end].rstrip("\n").split("\n")):
        key = _KEY.match(line)
        if key is not None:
            return key["name"]
    return "of the template"
