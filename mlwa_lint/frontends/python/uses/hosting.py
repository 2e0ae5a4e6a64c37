"""What other files of a project do with the endpoints that a program makes: delete them, change them."""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence

from mlwa_lint.files.endings import common_start
from mlwa_lint.files.texts import PathSteps, is_test
from mlwa_lint.frontends.python.ledger import Created
from mlwa_lint.frontends.python.sameness import is_same_name
from mlwa_lint.frontends.python.uses.names import (
    ANY,
    is_whole,
    may_be,
    pattern_of_name,
    patterns_in_commands,
)
from mlwa_lint.frontends.python.uses.project import DOCUMENTS, PYTHON, Uses
from mlwa_lint.model.resources import (
    CAPTURED,
    CHANGED,
    CLEANED_UP,
    DELETED,
    REMOVED,
    SINGLE,
    TRIED,
    UNCALLED,
    USED_ONCE,
    WATCHED,
)
from mlwa_lint.model.values import Entry, Scalar, Value
from mlwa_lint.startup.records import NamedTuple

_ENDPOINT = "AWS::SageMaker::Endpoint"
_CONFIG = "AWS::SageMaker::EndpointConfig"
# A file with one of these makes endpoints itself, and what it deletes or changes is its own.
_MAKES = ("create_endpoint(", ".deploy(", "create-endpoint ")
_PARAMETERS = ("EndpointName", "endpoint_name")
_GET = "Endpoint.get"
# How programs of any language, workflows and fronts of APIs invoke an endpoint; permissions to are none.
_INVOKING = (
    *("invoke_endpoint", "invokeEndpoint", "InvokeEndpointCommand", "InvokeEndpointRequest"),
    *("invoke-endpoint", "runtime.sagemaker:path"),
)
_INVOKES = re.compile(rb"\.(?:invoke_endpoint\w*|predict)\(")


_COUNTS = ("InitialInstanceCount", "initial_instance_count")
_COUNT = re.compile(rb"\b(?:" + "|".join(_COUNTS).encode() + rb")[\"']?\]?\s*[:=]\s*([^\s,)}\]]+)")


# A program for the CDK with alarms on metrics of SageMaker: `cloudwatch.Alarm(…)`, `metric.create_alarm(…)`.
_CDK = re.compile(
    rb"(?m)^[ \t]*(?:from|import)\s+aws_cdk\b"
    rb"|\b(?:from|require\()\s*[\"'](?:aws-cdk-lib|@aws-cdk/aws-cloudwatch)"
)
_ALARMS = re.compile(rb"(?<![A-Za-z])(?:Cfn)?Alarm\(|\bcreate_?[aA]larm\(")
_METRICS = ("AWS/SageMaker", "aws/sagemaker/Endpoints")
_CDK_ENDINGS = (".py", ".ts", ".js")

# A provisioner of Terraform, by its indentation, and that it runs at `terraform destroy` alone.
_PROVISIONER = re.compile(r"^([ \t]*)provisioner\b.*\{[ \t]*$")
_AT_DESTRUCTION = re.compile(r"^[ \t]*when[ \t]*=[ \t]*\"?destroy\b")


class _Act(NamedTuple):
    """Something that programs do with an endpoint: the methods, the command, and what is noted of it.

    documents: whether a document that describes it counts as well.
    resource:  the method of what `Endpoint.get` gives.
    """

    attribute: str
    methods: tuple[str, ...]
    command: str
    phrase: str
    documents: bool = False
    resource: str = ""


_ACTS = (
    _Act(REMOVED, ("delete_endpoint",), "delete-endpoint", "{} deletes it", True, "delete"),
    _Act(CHANGED, ("update_endpoint",), "update-endpoint", "{} updates the endpoint", resource="update"),
    _Act(
        CAPTURED,
        ("enable_data_capture", "update_data_capture_config"),
        "",
        "{} changes what the endpoint captures",
    ),
)


def note_hosting(created: Sequence[Created], uses: Uses) -> None:
    """Notes of endpoints, and of their configurations, what other files of the project do with them."""
    for endpoint in created:
        if endpoint.kind != _ENDPOINT or DELETED in endpoint.attributes:
            continue
        steps = uses.steps_of(endpoint.span.path)
        if steps is None:
            continue
        if endpoint.changed_by and _is_single_everywhere(uses):
            endpoint.attributes[SINGLE] = Entry(endpoint.span, Scalar(True, endpoint.span))
        watching = _watching(uses)
        if watching is not None:
            phrase = f"{'/'.join(watching)} sets up alarms on metrics of SageMaker with the CDK"
            endpoint.attributes[WATCHED] = Entry(endpoint.span, Scalar(phrase, endpoint.span))
        for act in _ACTS:
            acting = list(_acting(act, steps, endpoint.value("EndpointName"), uses))
            # What deletes it counts for more than what describes how.
            acting.sort(key=lambda each: each[-1].endswith(DOCUMENTS))
            found = acting[0] if acting else None
            for each in (endpoint, *_configs(endpoint, created)) if found is not None else ():
                phrase = act.phrase.format("/".join(found or ()))
                if act.attribute == REMOVED and REMOVED not in each.attributes:
                    _note_deleted_elsewhere(each, found, uses)
                each.attributes.setdefault(act.attribute, Entry(each.span, Scalar(phrase, each.span)))


def _watching(uses: Uses) -> PathSteps | None:
    """A program for the CDK that sets up alarms on metrics of SageMaker; of which endpoint is not known."""
    for steps in (each for word in _METRICS for each in uses.containing(word)):
        if steps[-1].endswith(_CDK_ENDINGS) and not is_test(steps):
            content = uses.texts[steps]
            if _CDK.search(content) and _ALARMS.search(content):
                return steps
    return None


def _note_deleted_elsewhere(made: Created, deleting: PathSteps | None, uses: Uses) -> None:
    """Notes whether the file that deletes an endpoint is the one that makes use of it, or only for that."""
    content = b"" if deleting is None else uses.texts[deleting]
    tries = deleting is not None and deleting[-1].endswith(PYTHON) and _INVOKES.search(content)
    made.attributes[TRIED if tries else UNCALLED] = Entry(made.span, Scalar(True, made.span))
    if tries and deleting is not None and _only_invokes(deleting, uses):
        made.attributes[USED_ONCE] = Entry(made.span, Scalar(True, made.span))
    if deleting is not None and not deleting[-1].endswith(DOCUMENTS):
        made.attributes[CLEANED_UP] = Entry(made.span, Scalar(True, made.span))


def _only_invokes(steps: PathSteps, uses: Uses) -> bool:
    """Whether no file but one, a test or a document invokes an endpoint."""
    invoking = (each for word in _INVOKING for each in uses.containing(word))
    return all(each == steps or is_test(each) or each[-1].endswith(DOCUMENTS) for each in invoking)


def _is_single_everywhere(uses: Uses) -> bool:
    """Whether all endpoints of the programs certainly start with one instance, and nothing scales any."""
    if uses.containing("register_scalable_target") or uses.containing("ScalableTarget"):
        return False
    found: set[bytes] = set()
    for steps in {each for word in _COUNTS for each in uses.containing(word)}:
        if steps[-1].endswith(PYTHON) and not is_test(steps):
            found.update(_COUNT.findall(uses.texts[steps]))
    return found == {b"1"}


def _configs(endpoint: Created, created: Sequence[Created]) -> Iterator[Created]:
    name = endpoint.value("EndpointConfigName")
    for each in created:
        own = each.value("EndpointConfigName")
        if each.kind == _CONFIG and name is not None and own is not None and is_same_name(own, name):
            yield each


def _acting(act: _Act, maker: PathSteps, name: Value | None, uses: Uses) -> Iterator[PathSteps]:
    """The files that do something with an endpoint that is, or may be, that of another file."""
    words = [*act.methods, *filter(None, (act.command, act.resource and _GET))]
    for steps in dict.fromkeys(each for word in words for each in uses.containing(word)):
        if steps == maker or is_test(steps) or (steps[-1].endswith(DOCUMENTS) and not act.documents):
            continue
        if any(word.encode() in uses.texts[steps] for word in _MAKES) and not steps[-1].endswith(DOCUMENTS):
            continue
        for pattern in _names_in(act, steps, uses):
            if may_be(pattern, name) and (is_whole(pattern, name) or _is_nearest(steps, maker, uses)):
                yield steps
                break


def _names_in(act: _Act, steps: PathSteps, uses: Uses) -> Iterator[str]:
    """The names of the endpoints that a file does it with, as expressions for all that each may be."""
    if steps[-1].endswith(PYTHON):
        mentions = uses.mentions(steps)
        for method in act.methods:
            for call in mentions.calls_of(method):
                yield pattern_of_name(call, _PARAMETERS, mentions.constants)
        for call in mentions.calls_of(act.resource):
            # The third version of the SDK: `Endpoint.get(name).delete()`.
            owner = call.func.value if isinstance(call.func, ast.Attribute) else None
            if isinstance(owner, ast.Call) and ast.unparse(owner.func) == _GET:
                yield pattern_of_name(owner, _PARAMETERS, mentions.constants)
        return
    text = uses.texts[steps].decode("utf-8", "replace")
    if act.documents and any(f"{method}(" in text for method in act.methods):
        yield ANY
    if act.command and steps[-1].endswith(".tf"):
        # What a configuration deletes when it is destroyed itself, it keeps until then.
        text = _without_destruction(text)
    if act.command:
        yield from patterns_in_commands(text, f"sagemaker {act.command}", "--endpoint-name")


def _without_destruction(text: str) -> str:
    """A configuration of Terraform without the provisioners that run when it is destroyed."""
    kept: list[str] = []
    inside: list[str] = []
    end = ""
    for line in text.splitlines():
        opening = _PROVISIONER.match(line)
        if opening is not None and not end:
            end = opening[1] + "}"
        if not end:
            kept.append(line)
            continue
        inside.append(line)
        if line.rstrip() == end:
            kept += [] if any(map(_AT_DESTRUCTION.match, inside)) else inside
            inside, end = [], ""
    return "\n".join((*kept, *inside))


def _is_nearest(acting: PathSteps, maker: PathSteps, uses: Uses) -> bool:
    """Whether no other file that makes endpoints shares more folders with the one that names none."""
    own = common_start(acting[:-1], maker[:-1])
    return all(common_start(acting[:-1], each[:-1]) <= own for each in _makers(uses))


def _makers(uses: Uses) -> Iterable[PathSteps]:
    found = (each for word in _MAKES[:2] for each in uses.containing(word))
    return [each for each in dict.fromkeys(found) if each[-1].endswith(PYTHON) and not is_test(each)]
