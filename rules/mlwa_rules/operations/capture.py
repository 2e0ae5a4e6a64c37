"""Capture of the requests and responses of endpoints."""

from collections.abc import Iterator

from mlwa_lint.graph.kinds import ENDPOINT_CONFIG
from mlwa_lint.graph.linking.naming import NAME_PROPERTIES, outline
from mlwa_lint.graph.queries import hosting, idling, purposes, recorded
from mlwa_lint.model.resources import REMOVED, UNOPERATED, USED_ONCE
from mlwa_lint.model.values import SDK_NAME, Unknown
from mlwa_lint.rule import (
    Answer,
    Claim,
    GraphView,
    Remedy,
    ResourceView,
    View,
    append_to,
    certainly,
    rule,
    set_to,
)
from mlwa_lint.startup.patterns import lazy

_LEAST_SAMPLE = 5
# Names of models that hear or speak: recordings are about people, and no monitor compares them.
_SOUND = lazy(
    r"(?i)(?<![a-z])(?:whisper|wav2vec2?|speech|voices?|audio|asr|tts)(?![a-z])|transcri(?:be|ption)"
)
_RECORDINGS = "its name shows that it gets recordings, which Model Monitor does not read"
_UNSTRUCTURED = (
    "its accelerated instances suggest images, sound or texts, which Model Monitor does not compare"
)
_SHOWN = "its project is an example, and nothing shows that the endpoint is operated"
_IN_OTHER_BRANCH = "in its other branch, the program captures them"
_CAPTURE_RISK = "what is captured costs storage"


@rule(
    "MLO107",
    "endpoint-without-data-capture",
    "medium",
    concern="production",
    operational="info",
    practices=("MLPERF06-BP03", "MLOPS06-BP02"),
    on=(ENDPOINT_CONFIG,),
    remedy=Remedy(
        "Set `DataCaptureConfig` with `EnableCapture: true`, `DestinationS3Uri` and `CaptureOptions`.",
        "Add `data_capture_config` with `enable_capture = true`, `destination_s3_uri`, `capture_options`.",
        'Set `DataCaptureConfig: {EnableCapture: true, DestinationS3Uri: "s3://BUCKET/captured/", ...}`.',
    ),
)
def endpoint_without_data_capture(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An endpoint does not capture its requests and responses.

    Without captured data, drift goes unnoticed, complaints cannot be investigated, and there is no
    production data to train the next model on.

    Capture is on unless EnableCapture is false (in Terraform, `enable_capture` is false unless it is set).
    The severity is low for endpoints whose names, or those of their models, show that they get recordings
    (`whisper`, `speech`): these are about people, and Model Monitor reads tables and JSON alone. It is low on
    accelerated instances as well, which mostly host models of images, sound and texts: what is captured
    serves investigations, and no monitor compares it; and info there, where a program makes the endpoint and
    nothing in the project shows that anything depends on it. It is info as well where a person runs such a
    program and the SDK makes the endpoint's name, which nothing else can hold, where the only program that
    invokes the endpoint deletes it then, or where the project deletes
    the endpoint again or is an example; nothing shows there that the endpoint is operated. So it is in
    examples of templates and Terraform that a person deploys, where nothing invokes the endpoint or scales
    its one instance. Where that is all
    that is known, it is low; so it is where a program captures in another branch. It is info too where all
    that invokes the endpoint are functions whose code does, and which put items into a table of the project:
    they keep records of what they send and get.

    Exceptions: endpoints all of whose variants are serverless, and asynchronous endpoints: data capture
    supports neither. The input and output of asynchronous inference are in S3 anyway. Undecided where
    another program of the project updates the endpoint, or changes what it captures.

    See [Data capture](https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture.html).
    """
    capture = config["DataCaptureConfig"]
    enabled = capture["EnableCapture"]
    captures = hosting.captures_data(config) | hosting.may_capture_later(config)
    removed = certainly(config.attributes[REMOVED].is_present())
    accelerated = not removed and idling.runs_accelerated(config)
    unused = idling.why_unused(config) if accelerated else ""
    unused = unused or _why_unnamed(config) or _why_short_lived(config, graph)
    unused = unused or recorded.why_recorded(config, graph)
    unused = unused or idling.why_only_shown(hosting.endpoints_of(config, graph), graph)
    milder = _RECORDINGS if _gets_sound(config, graph) else _UNSTRUCTURED if accelerated else ""
    milder = milder or _why_untended(config)
    yield Claim(
        ~captures & ~hosting.is_serverless(config) & ~hosting.is_asynchronous(config),
        enabled,
        f"{config} does not capture requests and responses: {enabled} should be true",
        fix=set_to(enabled, True, risk=_CAPTURE_RISK) if certainly(capture.is_present()) else None,
        severity="info" if unused else None,
        milder=unused or milder,
    )


def _why_short_lived(config: ResourceView, graph: GraphView) -> str:
    """Why what a program makes and nothing operates is not there for long: it is deleted, or an example.

    Where the one program that invokes it deletes it then, it serves no one else.
    """
    if certainly(config.attributes[USED_ONCE].is_present()):
        return config.attributes[REMOVED].text or ""
    if certainly(config.attributes[UNOPERATED].is_absent()):
        return ""
    return config.attributes[REMOVED].text or (_SHOWN if purposes.is_shown(graph) else "")


def _why_untended(config: ResourceView) -> str:
    """Why hardly anyone looks at what would be captured; empty where something is known to be operated."""
    capture = config["DataCaptureConfig"]
    if config.language != "python":
        return ""
    if capture.is_given_anywhere and certainly(capture.is_absent()):
        return _IN_OTHER_BRANCH
    return "" if idling.why_unused(config) else idling.why_untended(config)


def _why_unnamed(config: ResourceView) -> str:
    """Why what a person tries has no name by which others could find it; empty elsewhere."""
    name = config["EndpointConfigName"].value
    return idling.why_tried(config) if isinstance(name, Unknown) and name.reason == SDK_NAME else ""


def _gets_sound(config: ResourceView, graph: GraphView) -> bool:
    """Whether the names of a configuration, its models or its endpoints mention sound."""
    named = [config, *hosting.models_of(config, graph), *hosting.endpoints_of(config, graph)]
    models = [variant["ModelName"] for variant in hosting.variants(config)]
    names = [each[NAME_PROPERTIES[each.type]] for each in named] + models
    texts = [each.address.rpartition(".")[2] for each in named] + [outline(each.value) for each in names]
    return any(_SOUND.search(text.replace("_", "-")) for text in texts)


@rule(
    "MLO108",
    "data-capture-incomplete",
    "low",
    concern="production",
    operational=True,
    practices=("MLPERF06-BP03",),
    on=(ENDPOINT_CONFIG,),
    remedy=Remedy(
        "Set `CaptureOptions: [{CaptureMode: Input}, {CaptureMode: Output}]` and a sample of 5 or more.",
        "Add `capture_options` blocks for `Input` and `Output`, and set a sample of 5 or more.",
        "Name requests and responses in `CaptureOptions`, and set a sample of 5 or more.",
    ),
)
def data_capture_incomplete(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Data capture leaves out requests, responses, or nearly all of both.

    Monitoring needs each request together with its response. A sample below 5 percent contains hardly any
    rare requests.

    See [Capture data from real-time
    endpoint](https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html).
    """
    on = hosting.captures_data(config)
    options = config["DataCaptureConfig.CaptureOptions"]
    sample = config["DataCaptureConfig.InitialSamplingPercentage"]
    for mode, what in (("Input", "requests"), ("Output", "responses")):
        yield Claim(
            on & ~_captures(options, mode),
            options,
            f"{config} does not capture {what}: {options} should have an item for {mode}",
            fix=append_to(options, {"CaptureMode": mode}, risk=_CAPTURE_RISK),
        )
    yield Claim(
        on & sample.less_than(_LEAST_SAMPLE),
        sample,
        f"{config} captures {sample.words} percent of the requests: {sample} should be 5 or more",
        fix=set_to(sample, _LEAST_SAMPLE, risk=_CAPTURE_RISK),
    )


def _captures(options: View, mode: str) -> Answer:
    """Whether one side of the exchange is captured, alone or with the other."""
    return options.any_item(lambda option: option["CaptureMode"].one_of((mode, "InputAndOutput")))
