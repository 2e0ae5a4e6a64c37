"""Reliability of hosting: names, subnets, keys and instance types."""

import re
from collections.abc import Iterator
from functools import partial

from mlwa_lint.graph import jobs
from mlwa_lint.graph.kinds import (
    ENDPOINT,
    ENDPOINT_CONFIG,
    MODEL,
    NOTEBOOK,
)
from mlwa_lint.graph.linking.naming import NAME_PROPERTIES
from mlwa_lint.graph.machines.instances import USES_OF_JOBS, Use, has_local_storage, is_offered
from mlwa_lint.model.answers import some
from mlwa_lint.model.values import Reference, Unknown
from mlwa_lint.rule import (
    DECLARATIVE,
    NO,
    YES,
    Answer,
    Claim,
    GraphView,
    Remedy,
    ResourceView,
    View,
    remove,
    rule,
    set_to,
)
from mlwa_lint.startup.patterns import lazy

# A part of a name that is computed from what it names: `3f9a1c07`.
_DIGEST = lazy(r"(?<![A-Za-z0-9])(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{6,}(?![A-Za-z0-9])")
# Parameters and variables whose own names show that they change with the content.
_CHANGING = lazy(
    r"version|release|revision|tag|digest|hash|sha\b|sha\d|commit|build|suffix|unique|time|date|random"
    r"|(?<![a-z])(?:id|run|git)(?![a-z])",
    re.IGNORECASE,
)


_GENERATED = Remedy("Leave the name out, so that CloudFormation generates one.", "Leave `name` out.")
_CREATED_FIRST = Remedy(
    _GENERATED.cloudformation,
    'Replace `name` with `name_prefix = "churn-"`, and add `lifecycle { create_before_destroy = true }`.',
)


@rule(
    "MLR115",
    "endpoint-config-with-fixed-name",
    "medium",
    practices=("MLREL04-BP01",),
    on=(ENDPOINT_CONFIG, MODEL, ENDPOINT),
    remedy=_GENERATED,
    languages=DECLARATIVE,
)
def endpoint_config_with_fixed_name(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A resource of hosting that must be replaced to change it has a fixed name.

    Endpoint configurations and models cannot be changed in place. CloudFormation, and Terraform under
    `create_before_destroy`, create the new one before they delete the old one, and creation fails because
    the name is taken. Terraform does so as well with what a resource with `create_before_destroy` depends on.

    A name is fixed if all of its text is known, also where it comes from the default of a parameter, from a
    variable or from the argument of a module. In Terraform without `create_before_destroy`, the old one is
    deleted first, and only the update of the endpoint that uses it fails: severity low. An endpoint counts
    in Terraform where `create_before_destroy` or `replace_triggered_by` has it replaced.

    Exceptions: names with a digest such as `3f9a1c07` in them, or with a parameter or variable whose own name
    shows that it changes with the content (`Release`, `image_tag`, `model_version`); and what a step of a
    workflow creates.

    See [Update behaviors of stack
    resources](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html)
    and [CreateEndpointConfig](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html).
    """
    from mlwa_lint.graph.queries import artefacts

    if artefacts.is_created_by_workflow(resource):
        return
    name = resource[NAME_PROPERTIES[resource.type]]
    fixed = _is_fixed(name)
    if resource.language != "terraform":
        if resource.type != ENDPOINT:
            message = f"{resource} has the fixed name {name.words}, so an update that replaces it fails:"
            message = f"{message} {name} should be left out or change with the content"
            yield Claim(fixed, name, message, fix=remove(name))
        return
    before = _is_created_first(resource, graph)
    remedy = _CREATED_FIRST if resource.type == ENDPOINT_CONFIG else _GENERATED
    message = (
        f"{resource} has the fixed name {name.words} under create_before_destroy, so its replacement fails"
    )
    message += f" because the name is taken: {name} should be left out or change with the content"
    yield Claim(fixed & before, name, message, remedy=remedy, fix=remove(name))
    replaced: Answer = YES
    message = f"{resource} has the fixed name {name.words}, so it is deleted before its replacement exists"
    if resource.type == ENDPOINT:
        replaced = resource.attributes["Lifecycle.ReplaceTriggeredBy"].is_present()
    else:
        message += " and an endpoint that uses it cannot be updated"
    message += f": {name} should be left out or change with the content"
    yield Claim(fixed & ~before & replaced, name, message, "low", remedy=remedy, fix=remove(name))


def _is_created_first(resource: ResourceView, graph: GraphView) -> Answer:
    """Whether Terraform creates a replacement first: it does so with all that such a resource depends on."""
    found = {resource.address: resource}
    for each in (pending := [resource]):
        for edge in graph.graph.edges_into(each.address):
            if edge.source not in found and graph.world.admits(edge.guards):
                found[edge.source] = graph.resource(edge.source)
                pending.append(found[edge.source])
    return some(each.attributes["Lifecycle.CreateBeforeDestroy"].is_true() for each in found.values())


def _is_fixed(name: View) -> Answer:
    """Whether a name is a text that stays the same when what it names changes."""
    value = name.value
    if isinstance(value, Unknown) and not name.texts:
        return NO if value.parts else name.is_open()
    reason = value.reason if isinstance(value, Unknown) else ""
    if isinstance(value, Reference) or any(map(_CHANGING.search, (reason, *value.assumed))):
        return NO
    return name.test(lambda text: text != "" and not _DIGEST.search(text))


@rule(
    "MLR117",
    "model-in-one-subnet",
    "medium",
    concern="production",
    operational=True,
    practices=("MLREL05-BP01",),
    on=(MODEL,),
    remedy=Remedy(
        "Set `Subnets: [!Ref SubnetA, !Ref SubnetB]`, in different Availability Zones.",
        "Set `subnets = [aws_subnet.a.id, aws_subnet.b.id]`, in different Availability Zones.",
        "Set `VpcConfig: {Subnets: [!Ref SubnetA, !Ref SubnetB], ...}`, in different Availability Zones.",
    ),
)
def model_in_one_subnet(model: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A model runs in a single subnet, and therefore in a single Availability Zone.

    However many instances an endpoint has, all of them are in that zone and go down with it.

    Two subnets are enough if they are in different zones, which the rule does not check.

    Exceptions: models without VpcConfig.

    See [Give SageMaker AI hosted endpoints access to resources in your Amazon
    VPC](https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html).
    """
    subnets = model["VpcConfig.Subnets"]
    message = f"{model} runs in one subnet: {subnets} should name two or more"
    fix = set_to(subnets, "${subnets}", risk="the subnets have to lead to what the model needs")
    yield Claim(subnets.is_present() & ~_has_several(subnets), subnets, message, fix=fix)


def _has_several(listed: View) -> Answer:
    """Whether a list has two different items; what is not known counts as different."""
    known = [each.text or str(index) for index, each in enumerate(listed.known_items())]
    return YES if len(set(known)) > 1 else listed.any_item(lambda each: NO)


@rule(
    "MLR118",
    "kms-key-on-nvme-instance",
    "info",
    practices=("MLSEC02-BP01",),
    on=(ENDPOINT_CONFIG,),
    remedy=Remedy(
        "Where the key matters, choose instances without local storage, such as `ml.m6i.xlarge`.",
        "Where the key matters, choose instances without local storage, such as `ml.m6i.xlarge`.",
    ),
    facts=("hardware",),
)
def kms_key_on_nvme_instance(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An endpoint configuration sets a KMS key that does not encrypt the disks of some of its instances.

    The key protects less than the configuration suggests: instances with local NVMe storage encrypt those
    disks with a hardware key, which cannot be revoked or audited.

    The families with local storage are ml.g4dn, ml.g5, ml.p4d, ml.m5d and others. Shadow variants count as
    well. Until 2026, CreateEndpointConfig refused such a key.

    The service model documents that KmsKeyId, where a model uses Nitro-based instances with local storage,
    "does not encrypt instance local storage".

    See [CreateEndpointConfig](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html).
    """
    from mlwa_lint.graph.queries import hosting

    key = config["KmsKeyId"]
    local = [each for each in _instance_types(config) if any(map(has_local_storage, each.texts))]
    which = f"of {local[0].words}" if local else "of its instances"
    message = f"{config} sets {key}, which does not encrypt the local storage {which}"
    related = tuple((each, f"{each.words} has local storage") for each in local)
    yield Claim(key.is_present() & hosting.uses_local_storage(config), key, message, related=related)


def _instance_types(config: ResourceView) -> list[View]:
    """The known instance types of all variants."""
    listed = (config["ProductionVariants"], config["ShadowProductionVariants"])
    variants = [view for each in listed for view in each.known_items()]
    pools = [pool for view in variants for pool in view["InstancePools"].known_items()]
    return [view["InstanceType"] for view in (*variants, *pools)]


@rule(
    "MLR119",
    "async-endpoint-without-error-notification",
    "low",
    concern="production",
    practices=("MLREL04-BP02",),
    on=(ENDPOINT_CONFIG,),
    remedy=Remedy(
        "Set `NotificationConfig: {ErrorTopic: !Ref InferenceErrors}` in `OutputConfig`.",
        "Add `notification_config { error_topic = aws_sns_topic.inference_errors.arn }`.",
    ),
)
def async_endpoint_without_error_notification(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An asynchronous endpoint notifies no topic of requests that failed.

    An asynchronous request is accepted before the result is known. Without a topic or a path for failures,
    its sender waits for an output that never appears.

    Either an ErrorTopic or an S3FailurePath is enough.

    See [Check prediction results of asynchronous
    inference](https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-check-predictions.html).
    """
    from mlwa_lint.graph.queries import hosting

    output = config["AsyncInferenceConfig.OutputConfig"]
    topic, path = output["NotificationConfig.ErrorTopic"], output["S3FailurePath"]
    message = f"{config} reports failed requests nowhere: it sets neither {topic} nor {path}"
    yield Claim(
        hosting.is_asynchronous(config) & topic.is_absent() & path.is_absent(),
        topic,
        message,
        fix=set_to(topic, "${topic}", risk="the role of the model needs permission to publish"),
    )


@rule(
    "MLR120",
    "unknown-instance-type",
    "high",
    literal=True,
    practices=("MLPERF04-BP01",),
    on=(ENDPOINT_CONFIG, NOTEBOOK, *jobs.JOB_TYPES),
    remedy=Remedy(
        "Set a type that is offered for this use, such as `InstanceType: ml.m5.xlarge`.",
        'Set a type that is offered for this use, such as `instance_type = "ml.m5.xlarge"`.',
    ),
)
def unknown_instance_type(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An instance type is not offered by SageMaker for this use.

    The service rejects it, so the deployment, or the step of the workflow, fails.

    Hosting, training, processing, transform and notebooks have separate lists; monitoring runs processing
    jobs. The lists are the enumerations of the service's API model at the release of this version. Some
    Regions offer fewer types, which the rule does not check.

    See [ProductionVariant](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html)
    and [Available instance types](https://aws.amazon.com/sagemaker/ai/pricing/).
    """
    for use, kind in _instances_by_use(resource):
        hint, fix = f"{kind} should be a type that it offers", None
        text = kind.texts[0] if len(kind.texts) == 1 else ""
        meant = f"ml.{text.lower().removeprefix('ml.')}"
        if is_offered(meant, use):
            hint, fix = f"{kind} should be {meant}", set_to(kind, meant)
        # A word that does not look like a type, such as none, is in quotes.
        words = [text if "." in text else f'"{text}"' for text in kind.texts]
        named = kind.words if words == list(kind.texts) else " or ".join(words)
        message = f"{resource} requests {named}, which SageMaker does not offer for {_WORDS[use]}: {hint}"
        offered = kind.test(partial(is_offered, use=use))
        yield Claim(kind.is_present() & ~offered, kind, message, fix=fix)


_WORDS: dict[Use, str] = {
    "hosting": "endpoints",
    "training": "training jobs",
    "processing": "processing jobs",
    "transform": "transform jobs",
    "notebook": "notebook instances",
}


def _instances_by_use(resource: ResourceView) -> Iterator[tuple[Use, View]]:
    from mlwa_lint.graph.queries import hosting

    if resource.type == NOTEBOOK:
        yield "notebook", resource["InstanceType"]
    elif resource.type == ENDPOINT_CONFIG:
        for variant in (*hosting.variants(resource), *hosting.shadow_variants(resource)):
            yield "hosting", variant["InstanceType"]
            for pool in variant["InstancePools"].items():
                yield "hosting", pool["InstanceType"]
    else:
        for job in jobs.of(resource):
            use = USES_OF_JOBS.get(job.kind)
            for group in job.instances if use is not None else ():
                yield use or "training", group.type
