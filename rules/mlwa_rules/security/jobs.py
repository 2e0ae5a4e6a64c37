"""Security of training, processing, transform and other jobs, and of HyperPod clusters."""

from collections.abc import Iterator

from mlwa_lint.graph import jobs
from mlwa_lint.graph.kinds import HYPERPOD_CLUSTER
from mlwa_lint.graph.machines.instances import has_local_storage
from mlwa_lint.graph.queries import algorithms, encryption, images, isolation, keys
from mlwa_lint.graph.queries.downloads import fetches_at_start
from mlwa_lint.model.findings import Severity
from mlwa_lint.model.resources import FETCHES
from mlwa_lint.rule import (
    NO,
    YES,
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

CLARIFY_DEFINITIONS = (
    "AWS::SageMaker::ModelBiasJobDefinition",
    "AWS::SageMaker::ModelExplainabilityJobDefinition",
)
CLARIFY_IMAGE = "sagemaker-clarify-processing"
# Kinds of jobs whose network settings are one level deeper than those of training jobs.
_NETWORK_REMEDY = Remedy(
    "Set `NetworkConfig: {EnableInterContainerTrafficEncryption: true}`.",
    "Add `network_config` with `enable_inter_container_traffic_encryption = true`.",
)
_NETWORK_REMEDIES = {"processing": _NETWORK_REMEDY, "monitoring": _NETWORK_REMEDY}
_ISOLATION_REMEDY = Remedy(
    "Set `NetworkConfig: {EnableNetworkIsolation: true}`.",
    "Add `network_config { enable_network_isolation = true }`.",
)

# The containers of AWS that monitor endpoints and batches.
_MONITORS = ("sagemaker-model-monitor-analyzer", CLARIFY_IMAGE)
_OF_AWS = "the job runs a container of AWS"
_NO_CODE = "nothing shows that the job runs an image of the project"


@rule(
    "MLS201",
    "intercontainer-traffic-unencrypted",
    "medium",
    concern="protection",
    practices=("MLSEC04-BP02",),
    on=jobs.JOB_TYPES,
    remedy=Remedy(
        "Set `EnableInterContainerTrafficEncryption: true`.",
        "Set `enable_inter_container_traffic_encryption = true`.",
    ),
    controls=(
        "SageMaker.9",
        "SageMaker.10",
        "SageMaker.13",
        "SageMaker.15",
        "SageMaker.22",
        "sagemaker_training_jobs_intercontainer_encryption_enabled",
    ),
)
def intercontainer_traffic_unencrypted(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """The traffic between the instances of a distributed job is not encrypted.

    Distributed training exchanges weights and coefficients between instances, from which anyone who can read
    the traffic can recover training data.

    Encryption makes distributed training somewhat slower. The setting is
    `EnableInterContainerTrafficEncryption`, in `NetworkConfig` for processing and monitoring jobs.

    Exceptions: Not reported for jobs on one instance, where there is no such traffic.

    See [Protect communications between ML compute instances in a distributed training
    job](https://docs.aws.amazon.com/sagemaker/latest/dg/train-encrypt.html).
    """
    for job in jobs.of(resource):
        encryption = job.traffic_encryption
        if encryption is not None:
            message = f"{job} runs on several instances but does not encrypt the traffic between them:"
            message += f" {encryption} should be true"
            unencrypted = job.runs_on_several_instances() & ~encryption.is_true()
            remedy = _NETWORK_REMEDIES.get(job.kind)
            fix = set_to(encryption, True, risk="training on several instances becomes slower")
            yield Claim(unencrypted, encryption, message, remedy=remedy, fix=fix)


@rule(
    "MLS202",
    "job-volume-unencrypted",
    "medium",
    concern="protection",
    subject="key",
    practices=("MLSEC02-BP01", "MLSEC04-BP01"),
    on=jobs.JOB_TYPES,
    remedy=Remedy(
        "Set `VolumeKmsKeyId` beside the instance type.",
        "Set `volume_kms_key_id = aws_kms_key.jobs.arn` in the cluster's configuration.",
        "Set `VolumeKmsKeyId: !GetAtt JobKey.Arn` beside the instance type.",
    ),
    controls=("sagemaker_training_jobs_volume_and_output_encryption_enabled",),
    facts=("hardware",),
)
def job_volume_unencrypted(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """The storage volumes of a job are not encrypted with a customer managed KMS key.

    Training data, intermediate results and models are stored on these volumes while the job runs; a customer
    managed KMS key lets you control who can read them and records every use in CloudTrail.

    The volumes are encrypted with a key of the service and deleted with the job, so the severity is low. It
    is medium where a customer managed key protects the input or output of the job: on the volumes that data
    is not protected by it. It is info where nothing in the repository suggests such a key, or it is one
    choice for all (see MLS401).

    Exceptions: Not reported when an instance type of the job has local NVMe storage, such as ml.g5: the
    hardware encrypts its disks, and SageMaker rejects a KMS key. Jobs without volumes (serverless training,
    compilation, labeling by people alone) are not checked either.

    See [Protect data at rest using
    encryption](https://docs.aws.amazon.com/sagemaker/latest/dg/encryption-at-rest.html).
    """
    for job in jobs.of(resource):
        for cluster in job.clusters:
            key = cluster.volume_key
            if key is not None:
                local = some(each.type.test(has_local_storage) for each in cluster.instances)
                message = f"{job} does not encrypt its volumes with a customer managed key: it sets no {key}"
                severity = _severity_beside(job, job.output_key, graph)
                missing, milder = key.is_absent() & ~local, _why_none(severity, graph)
                yield Claim(missing, key, message, severity, fix=use_key(key), milder=milder)


def _why_none(severity: Severity, graph: GraphView) -> str:
    """Why a missing key weighs less: it is one choice for all, unless other data of the job has a key."""
    return keys.why_none_suggested(graph) or (keys.why_one_choice(graph) if severity == "low" else "")


def _severity_beside(job: jobs.Job, other: View | None, graph: GraphView) -> Severity:
    """What data without a customer managed key weighs: more where one protects other data of the job.

    other: the property with the key of the job's other data.
    """
    given = [other.is_present()] if other is not None else []
    inputs = (encryption.is_in_kms_bucket(each, graph) for each in job.input_locations)
    return "medium" if any(certainly(each) for each in (*given, *inputs)) else "low"


@rule(
    "MLS203",
    "job-output-unencrypted",
    "medium",
    concern="protection",
    subject="key",
    practices=("MLSEC02-BP01",),
    on=jobs.JOB_TYPES,
    remedy=Remedy(
        "Set `KmsKeyId` in the job's output configuration.",
        "Set `kms_key_id = aws_kms_key.jobs.arn` in the job's output configuration.",
        "Set `KmsKeyId: !GetAtt JobKey.Arn` for the job's output.",
    ),
)
def job_output_unencrypted(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """The output of a job is not encrypted with a customer managed KMS key.

    Models and derived data reveal as much as the data that they were made from; without a customer managed
    KMS key, anyone who can read the bucket can read them.

    The default encryption of the bucket applies, so the severity is low, and info where the project declares
    the bucket: MLS301 or MLS302 reports it. It is info as well where a program does not name the bucket, and
    all that the repository declares encrypt with a KMS key by default. It is medium where a customer managed
    key protects the volumes or the input of the job, and info where nothing in the repository suggests such a
    key, or it is one choice for all (see MLS401).

    Exceptions: Not reported when every location that the job writes to is in a bucket of the same project
    with default encryption by a KMS key, and when a processing job writes nothing to S3.

    See [Protect data at rest using
    encryption](https://docs.aws.amazon.com/sagemaker/latest/dg/encryption-at-rest.html).
    """
    for job in jobs.of(resource):
        key = job.output_key
        if key is not None:
            places = job.output_locations
            protected = every(encryption.is_in_kms_bucket(place, graph) for place in places) if places else NO
            message = f"{job} stores its output without a KMS key: it sets no {key}"
            unencrypted = key.is_absent() & job.writes_to_s3() & ~protected
            volume = next((each.volume_key for each in job.clusters), None)
            severity = _severity_beside(job, volume, graph)
            ours = [encryption.is_in_bucket_of_project(place, graph) for place in places]
            declared = ours and all(ours) and severity == "low"
            keyed = encryption.why_keyed(places, graph)
            milder = keyed or (encryption.DEFAULT_APPLIES if declared else _why_none(severity, graph))
            severity = "info" if keyed else severity
            yield Claim(unencrypted, key, message, severity, fix=use_key(key), milder=milder)


@rule(
    "MLS204",
    "job-without-vpc",
    "medium",
    concern="protection",
    operational=True,
    practices=("MLSEC03-BP02", "MLSEC04-BP01"),
    on=jobs.JOB_TYPES,
    remedy=Remedy(
        "Set `VpcConfig` with `Subnets` and `SecurityGroupIds`.",
        "Add `vpc_config` with `subnets = [...]` and `security_group_ids = [...]`.",
        "Set `VpcConfig: {Subnets: [...], SecurityGroupIds: [...]}`.",
    ),
    controls=("sagemaker_training_jobs_vpc_settings_configured",),
)
def job_without_vpc(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A job does not run in a VPC of the account.

    Its containers then read training data and write models over the internet, where your security groups,
    flow logs and endpoint policies do not apply. The severity is low for monitoring jobs that run AWS's
    container. In programs and examples it is info where the project has no VPC for such work: where none of
    its programs and configurations mentions one but the default VPC, which a Studio domain needs anyway, that
    of EC2 instances or of tasks of ECS, a placeholder, or an argument that is `None` unless a caller gives
    it. Documents do not count. In other templates and configurations without a VPC for such work it is info
    where nothing shows that the project is operated.

    Exceptions: A transform job has no network settings: it uses those of its model. The same applies to
    labeling without automated data labeling.

    See [Give SageMaker training jobs access to resources in your
    VPC](https://docs.aws.amazon.com/sagemaker/latest/dg/train-vpc.html).
    """
    for job in jobs.of(resource):
        vpc = job.vpc
        if vpc is not None:
            message = f"{job} does not run in a VPC: it sets no {vpc}"
            milder = isolation.why_no_network(resource, graph) or (_OF_AWS if _runs_monitor(job) else "")
            fix = set_to(vpc, IN_VPC, risk=VPC_RISK)
            practice = isolation.is_practice(graph)
            yield Claim(vpc.is_absent(), vpc, message, fix=fix, milder=milder, operational=practice)


@rule(
    "MLS205",
    "job-without-network-isolation",
    "low",
    concern="protection",
    operational=True,
    practices=("MLSEC04-BP01",),
    on=jobs.JOB_TYPES,
    remedy=Remedy("Set `EnableNetworkIsolation: true`.", "Set `enable_network_isolation = true`."),
    controls=(
        "SageMaker.11",
        "SageMaker.12",
        "SageMaker.14",
        "SageMaker.20",
        "SageMaker.25",
        "sagemaker_training_jobs_network_isolation_enabled",
    ),
)
def job_without_network_isolation(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A job's containers can open network connections.

    A malicious or vulnerable dependency of the training code can then send the training data anywhere;
    isolated containers receive their data from SageMaker and cannot make outbound calls.

    Instances of one training job can still communicate with each other. The severity is info for monitoring
    jobs that run AWS's container, and for training that is not known to run an image of the project: the
    built-in algorithms of SageMaker run none of its code, and AWS's containers of frameworks download the
    script when they start.

    Exceptions: Not reported for jobs of SageMaker Clarify, which request predictions from a model and must
    not be isolated, for jobs whose environment or hyperparameters name what they download (a model of the
    Hugging Face Hub or a token for it, a web address, a place in S3), and for kinds of jobs without this
    setting (transform, AutoML, compilation, labeling). Nor where code of the project that a program hands to
    the SageMaker SDK needs the network: a requirements.txt, which is installed at start, or a script that
    calls AWS or loads a model from a hub; likewise the code that the Dockerfile of the project starts in an
    image of the account's own. It is undecided where names in the environment or the hyperparameters are not
    known (`HyperParameters.$` of a state).

    See [Run training containers in internet-free
    mode](https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html).
    """
    for job in jobs.of(resource):
        isolation = job.network_isolation
        # Settings that are not known matter only to jobs that are not isolated.
        if isolation is None or not possibly(connects := ~isolation.is_true()):
            continue
        message = f"{job} can open network connections: {isolation} should be true"
        remedy = _ISOLATION_REMEDY if job.kind in _NETWORK_REMEDIES else None
        fix = set_to(isolation, True, risk=ISOLATION_RISK)
        fetches = fetches_at_start(job.settings)
        found = connects & ~(_uses_clarify(job) | fetches | job[FETCHES].is_present())
        milder = _OF_AWS if _runs_monitor(job) or algorithms.runs_built_in(job) else ""
        if not milder and job.is_training and not _runs_own_image(job, graph):
            milder = _NO_CODE
        # To state the default is no more a choice than to leave it out.
        yield Claim(found, isolation, message, remedy=remedy, fix=fix, milder=milder, required=True)


def _runs_own_image(job: jobs.Job, graph: GraphView) -> bool:
    """Whether it certainly runs an image of the project: AWS's download the script of a training job."""
    return certainly(some(images.is_own(image, graph) for image in job.images))


def _runs_monitor(job: jobs.Job) -> bool:
    """Whether it monitors with the container of SageMaker Model Monitor or Clarify, AWS's own."""
    images = [image.tail("/", lambda name: name.startswith(_MONITORS)) for image in job.images]
    return job.kind == "monitoring" and bool(images) and all(map(certainly, images))


def _uses_clarify(job: jobs.Job) -> Answer:
    """Whether it is a job of SageMaker Clarify: bias and explainability."""
    if job.type in CLARIFY_DEFINITIONS:
        return YES
    if job.is_training:
        return NO
    return some(image.tail("/", lambda name: name.startswith(CLARIFY_IMAGE)) for image in job.images)


@rule(
    "MLS206",
    "cluster-without-vpc",
    "medium",
    concern="protection",
    operational=True,
    practices=("MLSEC04-BP01",),
    on=(HYPERPOD_CLUSTER,),
    remedy=Remedy(
        "Set `VpcConfig: {Subnets: [...], SecurityGroupIds: [...]}`.",
        "Set `vpc_config = { subnets = [...], security_group_ids = [...] }`.",
    ),
)
def cluster_without_vpc(cluster: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A HyperPod cluster does not run in a VPC of the account.

    Long training runs on such clusters hold data and models for weeks; without a VPC, your security groups
    and flow logs do not cover the traffic between nodes and to storage.

    In Terraform, the awscc provider has such clusters.

    Exceptions: Not reported when every instance group has its own VPC (`OverrideVpcConfig`).

    See [Setting up SageMaker HyperPod with a custom Amazon
    VPC](https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-prerequisites.html).
    """
    vpc = cluster["VpcConfig"]
    groups = [cluster["InstanceGroups"], cluster["RestrictedInstanceGroups"]]
    stated = some(group.is_present() for group in groups)
    own = every(group.every_item(lambda each: each["OverrideVpcConfig"].is_present()) for group in groups)
    message = f"{cluster} does not run in a VPC: it sets no {vpc}, and some instance groups set none either"
    fix = set_to(vpc, IN_VPC, risk=VPC_RISK)
    practice = isolation.is_practice(graph)
    yield Claim(vpc.is_absent() & ~(stated & own), vpc, message, fix=fix, operational=practice)
