"""What shows that production depends on the endpoints and pipelines of a program (docs/decisions/0234)."""

import re
from collections.abc import Iterable, Iterator, Sequence

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.notebooks import ENDING
from mlwa_lint.files.texts import PathSteps, is_described, is_test
from mlwa_lint.frontends.callers import invoking_programs
from mlwa_lint.frontends.probes import is_probe, is_scheduled
from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.library import MADE_BY_RUN
from mlwa_lint.frontends.python.examples import PIPELINE
from mlwa_lint.frontends.python.ledger import Created
from mlwa_lint.frontends.python.uses.integration import configurations, runs
from mlwa_lint.frontends.python.uses.names import ANY, may_be, pattern_of_name
from mlwa_lint.frontends.python.uses.project import (
    DOCUMENTS,
    PACKAGING,
    PYTHON,
    SHELL,
    Uses,
    module_name,
)
from mlwa_lint.frontends.python.uses.running import AUTOMATED, BY_HAND, how_started
from mlwa_lint.model.resources import ALONE, MANUAL, UNOPERATED
from mlwa_lint.model.values import Entry, ListValue, MapValue, Scalar, Unknown, Value, known_text

_OF_RUN = "each run names an endpoint of its own, and hands its name to nothing else"
_NOTHING_DEPENDS = "nothing in the project shows that anything depends on it"
_BY_HAND = "a person runs the program, and nothing in the project shows that anything depends on it"
_ENDPOINT = "AWS::SageMaker::Endpoint"
_SERVING = frozenset({_ENDPOINT, "AWS::SageMaker::EndpointConfig", "AWS::SageMaker::Model"})
# Calls that invoke an endpoint, and the classes of the SDK that do.
_CALLS = (
    *("invoke_endpoint", "invoke_endpoint_async", "invoke_endpoint_with_response_stream"),
    *("Predictor", "AsyncPredictor", "HuggingFacePredictor", "MXNetPredictor", "PyTorchPredictor"),
    *("RealTimePredictor", "SKLearnPredictor", "TensorFlowPredictor", "XGBoostPredictor"),
)
_INVOKING = ("invoke_endpoint", "Predictor(")
# A permission to invoke endpoints, an integration of an API, a state of a workflow.
_ALLOWED = ("InvokeEndpoint", "invokeEndpoint")
_MAKING = (b"create_endpoint(", b".deploy(")
# Applications, beside what `AUTOMATED` finds.
_APPLICATION = re.compile(
    rb"^[ \t]*(?:from|import)[ \t]+(?:aiohttp|bentoml|celery|chainlit|dash|discord|django|fastapi|flask"
    rb"|gradio|kafka|quart|sanic|slack_bolt|streamlit|telegram|tornado)\b",
    re.MULTILINE,
)
# A loop without a condition, with what is inside. Waiting until an endpoint is ready, reading a file and
# asking a person end at some point; a worker takes messages, and may end as well.
_LOOP = re.compile(rb"^([ \t]*)while (?:True|1):(.*(?:\n(?:\1[ \t].*|[ \t]*(?=\n|$)))*)", re.MULTILINE)
_ENDS = re.compile(rb"\b(?:break|return|sys\.exit|exit)\b")
_TAKES = re.compile(rb"\b(?:receive_messages?|get_records|poll|consume|blpop|brpop)\(")
# What a script does at its top level; modules use the first ones to prepare themselves.
_TOP_LEVEL = re.compile(
    rb"^(?!logging\.|warnings\.|load_dotenv|sys\.)[\w.]+\(|^(?:for|while|with) "
    rb"|^[\w.]+[ \t]*=[^\n]*(?:\.predict|\binvoke_endpoint\w*)\(",
    re.MULTILINE,
)
# A short text that names production: a name, a tag, a choice of an option; also in a usage text,
# `--endpoint-name churn-production`.
_PRODUCTION = re.compile(
    rb"[\"'](?:[\w./-]*[^A-Za-z\"'])?(?:prod|prd|production)(?:[^A-Za-z\"'][\w./-]*)?[\"']"
    rb"|--[\w-]{0,60}(?:env|environment|name|stage)[= ](?:[\w./-]{0,200}[^A-Za-z\s])?"
    rb"(?:prod|prd|production)(?![A-Za-z])",
    re.IGNORECASE,
)
# Buckets of AWS, whose names show nothing of the project: `jumpstart-cache-prod-eu-west-1`.
_OF_AWS = re.compile(rb"(?<![\w-])(?:jumpstart(?:-private)?-cache|sagemaker-example-files)-prod(?![A-Za-z])")
_IN_NAME = re.compile(r"(?<![a-z])(?:beta|live|prd|prod|production)(?![a-z])", re.IGNORECASE)
# Continuous integration that deploys to stages, or to production: a deployment alone shows no users.
_STAGES = re.compile(
    rb"(?<![A-Za-z])(?:live|prd|preprod|prod|production|stag|staging)(?![A-Za-z])", re.IGNORECASE
)
# An object that Terraform uploads; what it does not refer to elsewhere runs nothing.
_UPLOAD = re.compile(
    rb"^resource[ \t]+\"(aws_s3(?:_bucket)?_object)\"[ \t]+\"([\w-]+)\"[ \t]*\{.*?^\}",
    re.MULTILINE | re.DOTALL,
)
_COMMENT = re.compile(rb"^[ \t]*(?:#|//).*", re.MULTILINE)
# What gives a program other settings in each run: options, files, variables, a person, an event.
_INPUT = re.compile(
    rb"\b(?:argparse|click|configparser|docopt|environ|fire|getenv|hydra|optparse|sys\.argv|typer)\b"
    rb"|\byaml\.(?!(?:safe_)?dump)\w|\bfrom[ \t]+yaml\b|\bimport[ \t]+yaml[ \t]+as\b|\bjson\.load\("
    rb"|\btoml(?:lib)?\.load|\binput\(|\bhandler\b|\bevent\["
)
# As whom and where a program acts, which makes no other model.
_IDENTITY = re.compile(
    rb"\b(?:getenv\(|environ(?:\.get\(|\[))[ \t]*"
    rb"[\"']\w*(?:ROLE|REGION|PROFILE|ACCOUNT)(?:_(?:ARN|ID|NAME))?[\"']",
    re.IGNORECASE,
)
# What stores a name where others find it, or hands it to what runs on: also a file, or the caller.
_HANDING_ON = re.compile(
    rb"\b(?:put_parameter|put_item|put_object|update_item|update_function_configuration|update_secret|put_secret_value"
    rb"|publish|send_message|write|write_text|writelines|dump|safe_dump|set_key)\(|\bGITHUB_(?:ENV|OUTPUT)\b"
    rb"|\benviron\[[^\]\n]{1,80}\][ \t]*="
)
# Alarms, scaling and monitors: someone operates it.
_OPERATING = ("register_scalable_target(", "put_metric_alarm(", "create_monitoring_schedule(")


def note_dependants(
    created: Sequence[Created], core: Core, uses: Uses, files: ProjectFiles, program: str
) -> None:
    """Notes of endpoints, what they host and pipelines that nothing shows anything to depend on them."""
    judged = [each for each in created if each.kind in _SERVING or each.kind == PIPELINE]
    own = {uses.steps_of(path) for path in (program, *(each.span.path for each in judged))}
    found = {each for each in own if each is not None}
    if not judged or len(found) < len(own) or program.endswith(ENDING):
        return
    if any(_names_production(uses.texts[each]) for each in found) or any(map(_is_named_so, judged)):
        return
    if any(is_run(each, uses) for each in found):
        return
    serving = [each for each in judged if each.kind in _SERVING]
    if not _is_operated(serving, uses):
        for each in serving:
            each.attributes[UNOPERATED] = Entry(each.span, Scalar(True, each.span))
        of_run = _is_of_run(judged, found, uses)
        if of_run or not _is_served(judged, found, uses, files):
            _note(serving, _OF_RUN if of_run else _NOTHING_DEPENDS)
            # Of a program with nothing around it, how it is run is not known.
            if is_described(uses.texts.keys() - found) and not any(
                _is_integrated(each, uses) for each in found
            ):
                for each in serving:
                    each.attributes[MANUAL] = Entry(each.span, Scalar(_BY_HAND, each.span))
    _note(each for each in judged if each.kind == PIPELINE and _is_by_hand(each, core, uses))


def _names_production(content: bytes) -> bool:
    return _PRODUCTION.search(_OF_AWS.sub(b"", content)) is not None


def takes_no_input(path: str, program: str, uses: Uses) -> bool:
    """Whether a program does the same each time: it takes no options or settings, and no event runs it.

    A person does, or continuous integration, for each change of the code.
    """
    steps = {uses.steps_of(each) for each in (path, program)}
    found = {each for each in steps if each is not None}
    if len(found) < len(steps) or any(_has_input(uses.texts[each]) for each in found):
        return False
    if any(_is_code(each) for one in found for each in uses.all_importers(one) if each not in found):
        return False
    return not any(is_run(each, uses, integrated=False) for each in found)


def _has_input(content: bytes) -> bool:
    return _INPUT.search(_IDENTITY.sub(b"", content)) is not None


def _is_integrated(steps: PathSteps, uses: Uses) -> bool:
    """Whether continuous integration runs a program, or what imports it."""
    users = {steps, *filter(_is_code, uses.all_importers(steps))}
    return any(any(runs(each, configurations(uses), uses)) for each in users)


def _note(alone: Iterable[Created], because: str = _NOTHING_DEPENDS) -> None:
    for each in alone:
        each.attributes[ALONE] = Entry(each.span, Scalar(because, each.span))


def _is_of_run(judged: Sequence[Created], own: set[PathSteps], uses: Uses) -> bool:
    """Whether each run names an endpoint of its own, from the time or at random, and hands it to nothing."""
    names = [each.value("EndpointName") for each in judged if each.kind == _ENDPOINT]
    if not names or not all(isinstance(each, Unknown) and each.reason in MADE_BY_RUN for each in names):
        return False
    if any(_HANDING_ON.search(uses.texts[each]) for each in own):
        return False
    importers = (other for each in own for other in uses.all_importers(each) if other not in own)
    return not any(_is_code(each) for each in importers)


def _is_named_so(made: Created) -> bool:
    return any(
        _IN_NAME.search(part) for key in made.cells if key.endswith("Name") for part in _parts(made, key)
    )


def _parts(made: Created, key: str) -> Iterator[str]:
    """The parts of a name that are known."""
    value = made.value(key)
    if isinstance(value, Unknown):
        yield from (part for part in value.parts if isinstance(part, str))
    elif value is not None:
        yield known_text(value) or ""


def _is_by_hand(pipeline: Created, core: Core, uses: Uses) -> bool:
    """Whether a person starts a pipeline; where nothing does, who starts it is not known."""
    function = core.entered.get(pipeline.entry)
    maker = "" if function is None else function.name
    start = how_started(pipeline.span.path, maker, pipeline.value("PipelineName"), uses)
    return start is not None and start.how == BY_HAND


# No count has more.
_DIGITS = 9


def _has_several(made: Created) -> bool:
    """Whether a configuration states more than one instance."""
    variants = made.value("ProductionVariants")
    for each in variants.items if isinstance(variants, ListValue) else ():
        count = each.entries.get("InitialInstanceCount") if isinstance(each, MapValue) else None
        text = None if count is None or count.value.assumed else known_text(count.value)
        if text is not None and text.isdecimal() and len(text) <= _DIGITS and int(text) > 1:
            return True
    return False


def is_run(steps: PathSteps, uses: Uses, integrated: bool = True) -> bool:
    """Whether something else than a person runs a program, or what imports it.

    integrated: whether continuous integration counts that deploys to stages or production.
    """
    users = {steps, *(each for each in uses.all_importers(steps) if _is_code(each))}
    return any(_is_set_going(each, uses, integrated) for each in users)


def _is_set_going(steps: PathSteps, uses: Uses, integrated: bool = True) -> bool:
    """Whether an event, a service, continuous integration or another configuration runs a program."""
    content = uses.texts[steps]
    if AUTOMATED.search(content) is not None or _APPLICATION.search(content) is not None:
        return True
    if any(_works_on(each[2]) for each in _LOOP.finditer(content)):
        return True
    integration = configurations(uses)
    others = (each for each in _configuring(steps, uses) if each not in integration)
    if any(runs(steps, (each for each in others if not _only_uploads(each, steps, uses)), uses)):
        return True
    if not integrated:
        return False
    return any(_STAGES.search(uses.texts[each]) for each in integration) and any(
        runs(steps, integration, uses)
    )


def _works_on(loop: bytes) -> bool:
    """Whether a loop is that of a worker: it goes on, or takes what others send."""
    return _ENDS.search(loop) is None or _TAKES.search(loop) is not None


def _configuring(program: PathSteps, uses: Uses) -> list[PathSteps]:
    """The files that may configure that a program is run: neither programs, nor scripts, nor documents."""
    beside = (*PYTHON, *SHELL, *DOCUMENTS, *PACKAGING)
    return [each for each in uses.containing(module_name(program)) if not each[-1].endswith(beside)]


def _only_uploads(configuring: PathSteps, program: PathSteps, uses: Uses) -> bool:
    """Whether a Terraform file names a program only as an object of S3 that nothing refers to."""
    text = uses.texts[configuring]
    if not configuring[-1].endswith(".tf"):
        return False
    for each in _UPLOAD.finditer(text):
        if not uses.containing(f"{each[1].decode()}.{each[2].decode()}"):
            text = text.replace(each[0], b"")
    return module_name(program).encode() not in _COMMENT.sub(b"", text)


def _is_operated(serving: Sequence[Created], uses: Uses) -> bool:
    """Whether something shows that an endpoint is operated: several instances, alarms, scaling, monitors."""
    return any(map(_has_several, serving)) or _mention(_OPERATING, uses)


def _mention(words: Sequence[str], uses: Uses) -> bool:
    """Whether a file that is neither a document, a notebook nor a test has one of some words."""
    found = (each for word in words for each in uses.containing(word))
    kept = (each for each in found if not each[-1].endswith((ENDING, *DOCUMENTS)) and not is_test(each))
    return any(not _only_tries(each, uses) for each in kept)


def _is_served(judged: Sequence[Created], own: set[PathSteps], uses: Uses, files: ProjectFiles) -> bool:
    """Whether something of the project invokes one of the endpoints, or may do so."""
    if files.once(invoking_programs) or _mention(_ALLOWED, uses):
        return True
    names = [each.value("EndpointName") for each in judged if each.kind == _ENDPOINT]
    callers = {each for word in _INVOKING for each in uses.containing(word)} - own
    return any(
        _is_dependant(each, names, uses)
        for each in sorted(callers)
        if _is_code(each) and not _only_tries(each, uses)
    )


def _only_tries(caller: PathSteps, uses: Uses) -> bool:
    """Whether a program is a load test, a canary or the like that nothing schedules."""
    if not caller[-1].endswith((*PYTHON, ".js", ".ts", ".mjs", ".tsx")):
        return False
    content = uses.texts[caller]
    if not is_probe(caller, content.decode("utf-8", "replace")) or AUTOMATED.search(content) is not None:
        return False
    return not is_scheduled(caller, uses.texts.items())


def _is_dependant(caller: PathSteps, names: Sequence[Value | None], uses: Uses) -> bool:
    """Whether a program that may invoke an endpoint is more than a client that a person runs."""
    mentions = uses.mentions(caller)
    makes = any(word in uses.texts[caller] for word in _MAKING)
    for call in (each for name in _CALLS for each in mentions.calls_of(name)):
        pattern = pattern_of_name(call, ("EndpointName", "endpoint_name", "endpoint"), mentions.constants)
        if makes and ANY in pattern:
            continue  # it tries what it has made itself
        if any(may_be(pattern, name) for name in names or (None,)):
            return not _is_client(caller, uses)
    return False


def _is_client(caller: PathSteps, uses: Uses) -> bool:
    """Whether a person runs a program, and all that imports it: they do something by themselves."""
    using = {caller, *filter(_is_code, uses.all_importers(caller))}
    if any(_is_set_going(each, uses) for each in using):
        return False
    ends = (each for each in using if not any(map(_is_code, uses.importers(each))))
    return all(
        uses.mentions(each).has_main or _TOP_LEVEL.search(uses.texts[each]) is not None for each in ends
    )


def _is_code(steps: PathSteps) -> bool:
    return steps[-1].endswith(".py") and not is_test(steps)
