"""Reliability of hosting: names, images, subnets, and what SageMaker refuses at deployment."""

import re
from collections.abc import Iterator
from functools import partial

from mlwa_lint.graph import jobs
from mlwa_lint.graph.kinds import ENDPOINT_CONFIG, MODEL, MODEL_PACKAGE, NOTEBOOK
from mlwa_lint.graph.machines.instances import Use, has_local_storage, is_offered
from mlwa_lint.graph.queries import artefacts, hosting, images
from mlwa_lint.model.values import Scalar, Unknown, known_text
from mlwa_lint.rule import (
    NO,
    YES,
    Answer,
    Claim,
    GraphView,
    Remedy,
    ResourceView,
    View,
    rule,
    undecided,
    why_unknown,
)

# A part of a name that somebody computes from what it names: `3f9a1c07`.
_DIGEST = re.compile(r"(?<![A-Za-z0-9])(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{6,}(?![A-Za-z0-9])")
_USES: dict[jobs.JobKind, Use] = {
    "training": "training",
    "tuning": "training",
    "processing": "processing",
    "monitoring": "processing",
    "transform": "transform",
}


@rule(
    "MLR115",
    "endpoint-config-with-fixed-name",
    "medium",
    practices=("MLREL04-BP01",),
    on=(ENDPOINT_CONFIG, MODEL),
    remedy=Remedy(
        "Leave the name out, so that CloudFormation makes one.",
        'Set `name_prefix = "churn-"` and `lifecycle { create_before_destroy = true }`.',
    ),
)
def endpoint_config_with_fixed_name(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An endpoint configuration or a model, which must be replaced to change it, has a fixed name.

    Neither can be changed in place. CloudFormation creates the new one before it deletes the old one, and
    fails because the name is taken; Terraform deletes first, and the endpoint that uses it is left behind.

    A name counts as fixed when all of its text is written there. One with a parameter, a variable or the
    stack's name in it does not count, nor does one with a digest such as `3f9a1c07`, which changes with
    what it names. In Terraform the rule is silent with `create_before_destroy`; that in turn needs a
    `name_prefix`, or a name that changes with the resource. Silent for what a workflow's step creates.

    See [Update behaviors of stack
    resources](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html)
    and [CreateEndpointConfig](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html).
    """
    if artefacts.is_created_by_workflow(resource):
        return
    name = resource["ModelName" if resource.type == MODEL else "EndpointConfigName"]
    before = resource.attributes["Lifecycle.CreateBeforeDestroy"]
    is_terraform = resource.language == "terraform"
    replaced = before.is_true() if is_terraform else NO
    change = "deletes it before there is a new one" if is_terraform else "that replaces it fails"
    message = f"{resource} has the fixed name {name.text}, so the next change {change}:"
    message += f" {name} should be left out or change with it"
    yield Claim(_is_literal(name) & ~replaced, name, message)


def _is_literal(name: View) -> Answer:
    value = name.value
    if isinstance(value, Unknown) and not value.parts:
        return undecided(why_unknown(value))
    if not isinstance(value, Scalar) or value.assumed:
        return NO
    text = known_text(value) or ""
    return NO if not text or _DIGEST.search(text) else YES


@rule(
    "MLR116",
    "mutable-image-tag",
    "medium",
    practices=("MLREL05-BP02", "MLOPS03-BP02"),
    on=(MODEL, *jobs.JOB_TYPES, MODEL_PACKAGE),
    remedy=Remedy(
        "Name a version, `Image: …/churn:1.4.2`, or a digest, `Image: …/churn@sha256:…`.",
        'Name a version, `image = "…/churn:1.4.2"`, or a digest, `image = "…/churn@sha256:…"`.',
    ),
)
def mutable_image_tag(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A container image is named by the tag `latest`, or without tag and digest.

    The same configuration then runs another image tomorrow: a new instance of an endpoint differs from the
    others, results cannot be reproduced, and there is no version to return to.

    What stands before the last slash need not be known. A repository's address alone, such as
    `!GetAtt Repository.RepositoryUri`, has no tag.

    See [Image tag mutability](https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html)
    and [ContainerDefinition](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html).
    """
    for image in images.stated_in(resource):
        tagged = "has the tag latest" if images.tag_of(image) else "has no tag"
        message = f"{resource} runs whatever image its name means at the time: {image} {tagged}"
        message += " and should name a version or a digest"
        yield Claim(images.is_mutable(image, graph), image, message)


@rule(
    "MLR117",
    "model-in-one-subnet",
    "medium",
    practices=("MLREL05-BP01",),
    on=(MODEL,),
    remedy=Remedy(
        "Set `Subnets: [!Ref SubnetA, !Ref SubnetB]`, in different Availability Zones.",
        "Set `subnets = [aws_subnet.a.id, aws_subnet.b.id]`, in different Availability Zones.",
    ),
)
def model_in_one_subnet(model: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A model runs in a single subnet, and so in a single Availability Zone.

    However many instances an endpoint has, all of them then stand in that zone and go down with it.

    Two subnets are enough if they are in different zones, which the rule does not check. Silent for a
    model without VpcConfig.

    See [Give SageMaker AI hosted endpoints access to resources in your Amazon
    VPC](https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html).
    """
    subnets = model["VpcConfig.Subnets"]
    message = f"{model} runs in one subnet: {subnets} should name two or more"
    yield Claim(subnets.is_present() & ~_has_several(subnets), subnets, message)


def _has_several(listed: View) -> Answer:
    """Whether a list has two different items; what is not known counts as different."""
    known = [each.text or str(index) for index, each in enumerate(listed.known_items())]
    return YES if len(set(known)) > 1 else listed.any_item(lambda each: NO)


@rule(
    "MLR118",
    "kms-key-on-nvme-instance",
    "high",
    practices=("MLSEC02-BP01",),
    on=(ENDPOINT_CONFIG,),
    remedy=Remedy(
        "Remove `KmsKeyId`, or choose instances without local storage, such as `ml.m5.xlarge`.",
        "Remove `kms_key_arn`, or choose instances without local storage, such as `ml.m5.xlarge`.",
    ),
)
def kms_key_on_nvme_instance(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An endpoint configuration sets a key for volumes that some of its instances do not have.

    CreateEndpointConfig refuses a key as soon as one variant uses an instance type with local NVMe
    storage, so that the deployment fails.

    Such instances (ml.g4dn, ml.g5, ml.p4d, ml.m5d …) encrypt their local storage with a key of the
    hardware. Shadow variants count as well.

    See [CreateEndpointConfig](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html).
    """
    key = config["KmsKeyId"]
    local = [each for each in _instance_types(config) if has_local_storage(each.text or "")]
    which = f"{local[0].text} has" if local else "its instances have"
    message = f"{config} cannot be created: it sets {key}, but {which} local storage, which takes no key"
    related = tuple((each, f"{each.text} has local storage") for each in local)
    yield Claim(key.is_present() & hosting.uses_local_storage(config), key, message, related=related)


def _instance_types(config: ResourceView) -> list[View]:
    """The instance types of all variants, as far as they are known."""
    listed = (config["ProductionVariants"], config["ShadowProductionVariants"])
    variants = [view for each in listed for view in each.known_items()]
    pools = [pool for view in variants for pool in view["InstancePools"].known_items()]
    return [view["InstanceType"] for view in (*variants, *pools)]


@rule(
    "MLR119",
    "async-endpoint-without-error-notification",
    "low",
    practices=("MLREL04-BP02",),
    on=(ENDPOINT_CONFIG,),
    remedy=Remedy(
        "Set `NotificationConfig: {ErrorTopic: !Ref InferenceErrors}` in `OutputConfig`.",
        "Add `notification_config { error_topic = aws_sns_topic.inference_errors.arn }`.",
    ),
)
def async_endpoint_without_error_notification(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An asynchronous endpoint tells nobody about requests that failed.

    Whoever sent the request got an answer at once that said nothing of the result; without a topic or a
    path for failures, the sender waits for an output that never comes.

    Either an ErrorTopic or an S3FailurePath will do.

    See [Check prediction results of asynchronous
    inference](https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-check-predictions.html).
    """
    output = config["AsyncInferenceConfig.OutputConfig"]
    topic, path = output["NotificationConfig.ErrorTopic"], output["S3FailurePath"]
    message = f"{config} tells nobody about requests that failed: it sets neither {topic} nor {path}"
    yield Claim(
        hosting.is_asynchronous(config) & topic.is_absent() & path.is_absent(),
        topic,
        message,
    )


@rule(
    "MLR120",
    "unknown-instance-type",
    "high",
    practices=("MLPERF04-BP01",),
    on=(ENDPOINT_CONFIG, NOTEBOOK, *jobs.JOB_TYPES),
    remedy=Remedy(
        "Set a type that is offered for this use, such as `InstanceType: ml.m5.xlarge`.",
        'Set a type that is offered for this use, such as `instance_type = "ml.m5.xlarge"`.',
    ),
)
def unknown_instance_type(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An instance type is not one that SageMaker offers for this use.

    The service refuses it, so that the deployment, or the step of the workflow, fails.

    Hosting, training, processing, transform and notebooks have lists of their own; monitoring runs
    processing jobs. The lists are those of the service's API model at the release of this version; in
    some Regions fewer types are available, which the rule does not check.

    See [ProductionVariant](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html)
    and [Available instance types](https://aws.amazon.com/sagemaker/ai/pricing/).
    """
    for use, kind in _instances_by_use(resource):
        hint = f"{kind} should be one that it does"
        if kind.text is not None and is_offered(f"ml.{kind.text.lower().removeprefix('ml.')}", use):
            hint = f"{kind} should be ml.{kind.text.lower().removeprefix('ml.')}"
        message = f"{resource} asks for {kind.text}, which SageMaker does not offer for {_WORDS[use]}: {hint}"
        offered = kind.test(partial(is_offered, use=use))
        yield Claim(kind.is_present() & ~offered, kind, message)


_WORDS: dict[Use, str] = {
    "hosting": "endpoints",
    "training": "training jobs",
    "processing": "processing jobs",
    "transform": "transform jobs",
    "notebook": "notebook instances",
}


def _instances_by_use(resource: ResourceView) -> Iterator[tuple[Use, View]]:
    if resource.type == NOTEBOOK:
        yield "notebook", resource["InstanceType"]
    elif resource.type == ENDPOINT_CONFIG:
        for variant in (*hosting.variants(resource), *hosting.shadow_variants(resource)):
            yield "hosting", variant["InstanceType"]
            for pool in variant["InstancePools"].items():
                yield "hosting", pool["InstanceType"]
    else:
        for job in jobs.of(resource):
            use = _USES.get(job.kind)
            for group in job.instances if use is not None else ():
                yield use or "training", group.type
