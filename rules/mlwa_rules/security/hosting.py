"""Security of models and endpoints: encryption and network."""

from collections.abc import Iterator

from mlwa_lint.graph.kinds import ENDPOINT_CONFIG, MODEL
from mlwa_lint.graph.queries import data, hosting
from mlwa_lint.rule import Claim, GraphView, Remedy, ResourceView, rule


@rule(
    "MLS101",
    "endpoint-volume-unencrypted",
    "high",
    practices=("MLSEC02-BP01",),
    on=(ENDPOINT_CONFIG,),
    remedy=Remedy("Set `KmsKeyId: !GetAtt HostingKey.Arn`.", "Set `kms_key_arn = aws_kms_key.hosting.arn`."),
)
def endpoint_volume_unencrypted(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An endpoint's storage volumes are not encrypted with a key of yours.

    Models and the data that passes through them lie on these volumes; with a key of your own you decide
    who may read them, see every use in CloudTrail, and can withdraw access at once.

    Silent when every variant is serverless, which has no volume of yours, and when any variant (also a
    shadow variant or an instance pool) uses an instance type with local NVMe storage, such as ml.g5: its
    disks are encrypted by the hardware, and CreateEndpointConfig refuses a key.

    See [CreateEndpointConfig](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html).
    """
    key = config["KmsKeyId"]
    exempt = hosting.is_serverless(config) | hosting.uses_local_storage(config)
    message = f"{config} sets no {key}, so the volumes of its instances are not encrypted with a key of yours"
    yield Claim(key.is_absent() & ~exempt, key, message)


@rule(
    "MLS102",
    "model-without-network-isolation",
    "medium",
    practices=("MLSEC03-BP02", "MLSEC04-BP01"),
    on=(MODEL,),
    remedy=Remedy("Set `EnableNetworkIsolation: true`.", "Set `enable_network_isolation = true`."),
)
def model_without_network_isolation(model: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A model's containers may open network connections.

    A container with a malicious or vulnerable dependency can then send requests and model data anywhere;
    isolated containers cannot make any outbound call, and get no AWS credentials either.

    Silent when an endpoint configuration that the model runs under isolates it, and when only serverless
    variants host it, where isolation is not supported. A container that must call other services at run
    time cannot be isolated: suppress the finding there and place the model in a VPC.

    See [Run inference containers in internet-free
    mode](https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html).
    """
    isolation = model["EnableNetworkIsolation"]
    by_config = hosting.configs_serving(model, graph).any(
        lambda config: config["EnableNetworkIsolation"].is_true()
    )
    exempt = by_config | hosting.is_hosted_serverless_only(model, graph)
    message = f"{model} is not isolated from the network: {isolation} should be true"
    yield Claim(~isolation.is_true() & ~exempt, isolation, message)


@rule(
    "MLS103",
    "model-without-vpc",
    "medium",
    practices=("MLSEC03-BP02", "MLSEC04-BP01"),
    on=(MODEL,),
    remedy=Remedy(
        "Set `VpcConfig: {Subnets: [...], SecurityGroupIds: [...]}`.",
        "Add `vpc_config` with `subnets = [...]` and `security_group_ids = [...]`.",
    ),
)
def model_without_vpc(model: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A model's containers do not run in a VPC of yours.

    Without one they fetch models and reach AWS services over the internet, out of reach of your security
    groups, flow logs and endpoint policies.

    Silent when an endpoint configuration that the model runs under has a VPC configuration itself (as
    those for inference components do), and when only serverless variants host it, where a VPC is not
    supported.

    See [Give hosted endpoints access to resources in your
    VPC](https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html).
    """
    vpc = model["VpcConfig"]
    by_config = hosting.configs_serving(model, graph).any(lambda config: config["VpcConfig"].is_present())
    exempt = by_config | hosting.is_hosted_serverless_only(model, graph)
    message = f"{model} runs outside of your VPC: it sets no {vpc} with subnets and security groups"
    yield Claim(vpc.is_absent() & ~exempt, vpc, message)


@rule(
    "MLS104",
    "data-capture-unencrypted",
    "high",
    practices=("MLSEC02-BP01", "MLSEC03-BP03"),
    on=(ENDPOINT_CONFIG,),
    remedy=Remedy(
        "Set `DataCaptureConfig.KmsKeyId: !GetAtt CaptureKey.Arn`.",
        "Set `kms_key_id = aws_kms_key.capture.arn` in `data_capture_config`.",
    ),
)
def data_capture_unencrypted(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Captured requests and answers are stored without a key of yours.

    What clients send to a model, and what it concludes about them, is often the most sensitive data of
    the whole workload; here it is written to S3 for everybody who may read the bucket.

    Capture counts as enabled unless it is switched off: in CloudFormation `EnableCapture` is true by
    default, in Terraform `enable_capture` is false. Silent when the destination bucket is declared in the
    same project and encrypts with a KMS key by default.

    See [Capture data from a real-time
    endpoint](https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html).
    """
    capture = config["DataCaptureConfig"]
    key = capture["KmsKeyId"]
    unencrypted = hosting.captures_data(config) & key.is_absent()
    message = f"{config} captures inference data without a key: it sets no {key}"
    yield Claim(unencrypted & ~data.is_in_kms_bucket(capture["DestinationS3Uri"], graph), key, message)


@rule(
    "MLS105",
    "async-output-unencrypted",
    "medium",
    practices=("MLSEC02-BP01",),
    on=(ENDPOINT_CONFIG,),
    remedy=Remedy(
        "Set `AsyncInferenceConfig.OutputConfig.KmsKeyId: !GetAtt OutputKey.Arn`.",
        "Set `kms_key_id = aws_kms_key.output.arn` in `async_inference_config.output_config`.",
    ),
)
def async_output_unencrypted(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An asynchronous endpoint stores its answers without a key of yours.

    Asynchronous inference writes every answer to S3, where it stays until somebody deletes it; only a key
    of your own lets you control and see who reads it.

    Silent when the output bucket is declared in the same project and encrypts with a KMS key by default.

    See [Create an asynchronous inference
    endpoint](https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-create-endpoint.html).
    """
    output = config["AsyncInferenceConfig.OutputConfig"]
    key = output["KmsKeyId"]
    unencrypted = hosting.is_asynchronous(config) & key.is_absent()
    message = f"{config} stores the answers of asynchronous inference without a key: it sets no {key}"
    yield Claim(unencrypted & ~data.is_in_kms_bucket(output["S3OutputPath"], graph), key, message)
