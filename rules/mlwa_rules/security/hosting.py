"""Security of models and endpoints: encryption and network."""

from collections.abc import Iterator

from mlwa_lint.graph.kinds import ENDPOINT_CONFIG, MODEL
from mlwa_lint.graph.machines.instances import has_local_storage
from mlwa_lint.graph.queries import encryption, hosting, images, isolation, keys, serverless
from mlwa_lint.model.findings import Severity
from mlwa_lint.model.resources import FETCHES
from mlwa_lint.rule import (
    NO,
    Answer,
    Claim,
    GraphView,
    Remedy,
    ResourceView,
    View,
    certainly,
    every,
    possibly,
    rule,
    set_to,
    some,
    use_key,
)
from mlwa_rules.changes import IN_VPC, ISOLATION_RISK, VPC_RISK

_ISOLATED_FIRST = "the project has no VPC, and containers that are isolated (MLS102) open no connections"


@rule(
    "MLS101",
    "endpoint-volume-unencrypted",
    "medium",
    concern="protection",
    subject="key",
    practices=("MLSEC02-BP01",),
    on=(ENDPOINT_CONFIG,),
    remedy=Remedy("Set `KmsKeyId: !GetAtt HostingKey.Arn`.", "Set `kms_key_arn = aws_kms_key.hosting.arn`."),
    controls=("sagemaker_endpoint_config_kms_encryption_enabled",),
    facts=("hardware",),
)
def endpoint_volume_unencrypted(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An endpoint's storage volumes are not encrypted with a customer managed KMS key.

    Models and the data that passes through them are stored on these volumes; a customer managed KMS key lets
    you control who can read them, records every use in CloudTrail, and can be disabled at once.

    AWS encrypts them with a key of its own in any case. The severity is therefore low in a project that uses
    no customer managed key at all, and medium where other data has one: there, this one is a gap. It is info
    where nothing in the repository suggests such a key (see MLS401).

    Exceptions: Not reported when every variant, shadow variants included, is serverless or runs on instance
    types with local NVMe storage, such as ml.g5: a KMS key does not reach those disks, which the hardware
    encrypts.

    See
    [CreateEndpointConfig](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html).
    """
    key = config["KmsKeyId"]
    message = f"{config} does not encrypt its storage volumes with a customer managed key: it sets no {key}"
    missing = key.is_absent() & ~_has_no_volume(config)
    milder = keys.why_no_key(graph)
    yield Claim(missing, key, message, fix=use_key(key), milder=milder)


def _has_no_volume(config: ResourceView) -> Answer:
    """Whether no variant has a storage volume that a KMS key could encrypt."""
    shadow = config["ShadowProductionVariants"].every_item(
        lambda view: _is_without_volume(hosting.Variant(config, view, shadow=True))
    )
    return hosting.every_variant(config, _is_without_volume) & shadow


def _is_without_volume(variant: hosting.Variant) -> Answer:
    types = hosting.instance_types(variant)
    return variant.is_serverless() | every(each.test(has_local_storage) for each in types)


@rule(
    "MLS102",
    "model-without-network-isolation",
    "medium",
    concern="protection",
    practices=("MLSEC03-BP02", "MLSEC04-BP01"),
    on=(MODEL,),
    remedy=Remedy("Set `EnableNetworkIsolation: true`.", "Set `enable_network_isolation = true`."),
    controls=("SageMaker.5", "sagemaker_models_network_isolation_enabled"),
)
def model_without_network_isolation(model: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A model's containers can open network connections.

    A container with a malicious or vulnerable dependency can then send requests and model data anywhere;
    isolated containers cannot make outbound calls and receive no AWS credentials.

    A container that must call other services at run time cannot be isolated: suppress the finding there and
    run the model in a VPC.

    In a script, the severity is low where nothing in the project shows that anything depends on the endpoint.

    Exceptions: Not reported when an endpoint configuration that hosts the model enables isolation, and when
    only serverless variants host it, because they do not support isolation. Nor when a container's
    environment names what it downloads at start, which isolation would prevent: a model of the Hugging Face
    Hub (`HF_MODEL_ID: org/name`, also inside of JSON) or a token for it (`HF_TOKEN`), a web address, a place
    in S3, also that of the code (`SAGEMAKER_SUBMIT_DIRECTORY: s3://...`), which the SDK packs into the
    archive of the model instead. Other variables of the containers' own toolkits, such as
    `SAGEMAKER_REGION`, do not count. Nor where the code that a program hands to the SageMaker SDK
    (`source_dir`, `entry_point`) lies in the project and needs the network: a requirements.txt, which is
    installed at start, as are the `dependencies` of a `ModelBuilder`, or a script that calls AWS or loads a
    model from a hub; likewise the code that the Dockerfile of the project starts in an image of the
    account's own. Where the program looks the image up in ECR, where its `source_dir` is missing from the
    project, where names of the environment's variables are not known (`Environment.$` of a state), or where
    a function's code may host the model on serverless variants, it is undecided; and where a program or
    template names an archive for an image of AWS, which may need the network: a script of the project packs
    a requirements.txt, or a folder with one, into an archive, the script that `SAGEMAKER_PROGRAM` names uses
    the network or lies beside one, or a program of the project trains an adapter (LoRA) and saves it without
    the model that it adapts. Where the one file of the project that packs archives of that name puts a
    requirements.txt of the project into `code/`, the container certainly installs it: not reported.

    See [Run inference containers in internet-free
    mode](https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html).
    """
    isolation = model["EnableNetworkIsolation"]
    message = f"{model} can open network connections: {isolation} should be true"
    fix = set_to(isolation, True, risk=ISOLATION_RISK)
    yield Claim(_lacks_isolation(model, graph), isolation, message, fix=fix, in_use=True)


def _lacks_isolation(model: ResourceView, graph: GraphView) -> Answer:
    """Whether a model can open network connections that it need not open."""
    # An environment that is not known matters only to models that are not isolated.
    if not possibly(connects := ~model["EnableNetworkIsolation"].is_true()):
        return NO
    by_config = hosting.configs_serving(model, graph).any(
        lambda config: config["EnableNetworkIsolation"].is_true()
    )
    exempt = by_config | serverless.is_hosted_serverless_only(model, graph) | images.downloads_model(model)
    exempt |= model[FETCHES].is_present()
    exempt |= some(each[FETCHES].is_present() for each in images.containers_of(model))
    return connects & ~exempt


@rule(
    "MLS103",
    "model-without-vpc",
    "medium",
    concern="protection",
    operational=True,
    subject="network",
    practices=("MLSEC03-BP02", "MLSEC04-BP01"),
    on=(MODEL,),
    remedy=Remedy(
        "Set `VpcConfig: {Subnets: [...], SecurityGroupIds: [...]}`.",
        "Add `vpc_config` with `subnets = [...]` and `security_group_ids = [...]`.",
    ),
    controls=("sagemaker_models_vpc_settings_configured",),
)
def model_without_vpc(model: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A model's containers do not run in a VPC of the account.

    They then download models and reach AWS services over the internet, where your security groups, flow logs
    and endpoint policies do not apply.

    In a script, the severity is low where nothing in the project shows that anything depends on the endpoint.
    Where the project has no VPC for such work, it is info in programs and examples, and low in a template or
    configuration if nothing shows that it is operated (see MLS204), or the model is not isolated (MLS102):
    containers that are isolated open no connections at all.

    Exceptions: Not reported when an endpoint configuration that hosts the model has a VPC configuration
    itself (as those for inference components do), and when only serverless variants host the model, because
    they do not support a VPC.

    See [Give hosted endpoints access to resources in your
    VPC](https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html).
    """
    vpc = model["VpcConfig"]
    by_config = hosting.configs_serving(model, graph).any(lambda config: config["VpcConfig"].is_present())
    exempt = by_config | serverless.is_hosted_serverless_only(model, graph)
    message = f"{model} does not run in a VPC: it sets no {vpc}"
    fix = set_to(vpc, IN_VPC, risk=VPC_RISK)
    milder = isolation.why_no_network(model, graph)
    if not milder and graph.graph.project.needs_no_network and certainly(_lacks_isolation(model, graph)):
        milder = _ISOLATED_FIRST
    practice = isolation.is_practice(graph)
    found = vpc.is_absent() & ~exempt
    yield Claim(found, vpc, message, fix=fix, milder=milder, in_use=True, operational=practice)


@rule(
    "MLS104",
    "data-capture-unencrypted",
    "medium",
    concern="protection",
    subject="key",
    practices=("MLSEC02-BP01", "MLSEC03-BP03"),
    on=(ENDPOINT_CONFIG,),
    remedy=Remedy(
        "Set `DataCaptureConfig.KmsKeyId: !GetAtt CaptureKey.Arn`.",
        "Set `kms_key_id = aws_kms_key.capture.arn` in `data_capture_config`.",
    ),
)
def data_capture_unencrypted(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Captured requests and responses are not encrypted with a customer managed KMS key.

    The requests that clients send to a model, and its conclusions about them, are often the most sensitive
    data of a workload; without a KMS key, anyone who can read the bucket can read them.

    Capture counts as enabled unless it is switched off: in CloudFormation `EnableCapture` is true by default,
    in Terraform `enable_capture` is false. The severity is low in a project that uses no customer managed key
    at all, as S3 encrypts what is captured with keys of its own, and where the project declares the bucket,
    which MLS301 or MLS302 reports. It is info where nothing in the repository suggests such a key (see
    MLS401), and where a program does not name the bucket, and all that the repository declares encrypt with a
    KMS key by default.

    Exceptions: Not reported when the destination bucket is declared in the same project and encrypts with a
    KMS key by default.

    See [Capture data from a real-time
    endpoint](https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html).
    """
    capture = config["DataCaptureConfig"]
    captured = f"{config} captures requests and responses"
    yield _without_key(
        hosting.captures_data(config), captured, capture["KmsKeyId"], capture["DestinationS3Uri"], graph
    )


@rule(
    "MLS105",
    "async-output-unencrypted",
    "medium",
    concern="protection",
    subject="key",
    practices=("MLSEC02-BP01",),
    on=(ENDPOINT_CONFIG,),
    remedy=Remedy(
        "Set `AsyncInferenceConfig.OutputConfig.KmsKeyId: !GetAtt OutputKey.Arn`.",
        "Set `kms_key_id = aws_kms_key.output.arn` in `async_inference_config.output_config`.",
    ),
)
def async_output_unencrypted(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """The responses of an asynchronous endpoint are not encrypted with a customer managed KMS key.

    Asynchronous inference writes every response to S3, where it stays until it is deleted; a customer managed
    KMS key lets you control, and CloudTrail record, who reads it.

    The severity is low in a project that uses no customer managed key at all, as S3 encrypts responses with
    keys of its own, and where the project declares the bucket, which MLS301 or MLS302 reports. It is info
    where nothing in the repository suggests such a key (see MLS401), and where a program does not name the
    bucket, and all that the repository declares encrypt with a KMS key by default.

    Exceptions: Not reported when the output bucket is declared in the same project and encrypts with a KMS
    key by default.

    See [Create an asynchronous inference
    endpoint](https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-create-endpoint.html).
    """
    output = config["AsyncInferenceConfig.OutputConfig"]
    stored = f"{config} stores asynchronous responses"
    yield _without_key(
        hosting.is_asynchronous(config), stored, output["KmsKeyId"], output["S3OutputPath"], graph
    )


def _without_key(stores: Answer, what: str, key: View, place: View, graph: GraphView) -> Claim:
    """That what an endpoint stores at a place in S3 is encrypted with no customer managed key."""
    protected = encryption.is_in_kms_bucket(place, graph)
    declared = encryption.is_in_bucket_of_project(place, graph)
    keyed = encryption.why_keyed([place], graph)
    milder = keyed or keys.why_none_suggested(graph)
    milder = milder or (encryption.DEFAULT_APPLIES if declared else keys.why_none_in_use(graph))
    message = f"{what} without a KMS key: it sets no {key}"
    severity: Severity = "info" if keyed else "medium"
    unencrypted = stores & key.is_absent() & ~protected
    return Claim(unencrypted, key, message, severity, fix=use_key(key), milder=milder)
