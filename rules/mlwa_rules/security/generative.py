"""Encryption of generative AI resources: Bedrock, AgentCore, vector stores, HyperPod."""

from collections.abc import Iterator

from mlwa_lint.graph.kinds import AGENT, GUARDRAIL, HYPERPOD_CLUSTER
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries import keys, vectors
from mlwa_lint.model.findings import Severity
from mlwa_lint.model.purpose import MODULES
from mlwa_lint.model.values import Absent
from mlwa_lint.rule import (
    Answer,
    Claim,
    GraphView,
    Remedy,
    ResourceView,
    View,
    answer,
    certainly,
    possibly,
    rule,
    some,
    use_key,
)

# The property that names the customer managed key, by type.
KEYS = {
    AGENT: "CustomerEncryptionKeyArn",
    GUARDRAIL: "KmsKeyArn",
    "AWS::Bedrock::DataSource": "ServerSideEncryptionConfiguration.KmsKeyArn",
    "AWS::Bedrock::Flow": "CustomerEncryptionKeyArn",
    "AWS::Bedrock::Prompt": "CustomerEncryptionKeyArn",
    "AWS::Bedrock::DataAutomationProject": "KmsKeyId",
    "AWS::BedrockAgentCore::Memory": "EncryptionKeyArn",
    "AWS::BedrockAgentCore::Gateway": "KmsKeyArn",
    "AWS::BedrockAgentCore::PolicyEngine": "EncryptionKeyArn",
    "AWS::S3Vectors::VectorBucket": "EncryptionConfiguration.KmsKeyArn",
}
# Types that keep what users said and what was learned from documents; the others keep definitions, which
# AWS encrypts as well, and for a short time what is ingested.
_KEEPING_DATA = ("AWS::BedrockAgentCore::Memory", "AWS::S3Vectors::VectorBucket")
# … and what keeps none of users: rules for responses, temporary data while documents are read, names of
# tools, texts of the repository.
_WITHOUT_DATA = (
    "AWS::Bedrock::DataSource",
    "AWS::Bedrock::Guardrail",
    "AWS::Bedrock::Prompt",
    "AWS::BedrockAgentCore::Gateway",
)
_OFFERED = "the module has a variable for the key, and nothing but examples calls it"
_OF_AGENTS = "it keeps no data of users, and an agent of the project, which does, has no key either"
# Their remedies, where the rule's own does not fit.
_REMEDIES = {
    "KmsKeyArn": Remedy(
        "Set `KmsKeyArn: !GetAtt AgentKey.Arn`.", "Set `kms_key_arn = aws_kms_key.agent.arn`."
    ),
    "ServerSideEncryptionConfiguration.KmsKeyArn": Remedy(
        "Set `ServerSideEncryptionConfiguration: {KmsKeyArn: !GetAtt AgentKey.Arn}`.",
        "Add `server_side_encryption_configuration { kms_key_arn = aws_kms_key.agent.arn }`.",
    ),
    "KmsKeyId": Remedy(
        "Set `KmsKeyId: !GetAtt AgentKey.Arn`.", "Set `kms_key_id = awscc_kms_key.agent.arn`."
    ),
    "EncryptionKeyArn": Remedy(
        "Set `EncryptionKeyArn: !GetAtt AgentKey.Arn`.", "Set `encryption_key_arn = aws_kms_key.agent.arn`."
    ),
    "EncryptionConfiguration.KmsKeyArn": Remedy(
        "Set `EncryptionConfiguration: {SseType: aws:kms, KmsKeyArn: !GetAtt VectorKey.Arn}`.",
        'Add `encryption_configuration` with `sse_type = "aws:kms"` and a `kms_key_arn`.',
    ),
}
_POLICY_REMEDY = Remedy(
    'Set `"AWSOwnedKey": false` and `"KmsARN"` in the encryption policy.',
    "Set `AWSOwnedKey = false` and `KmsARN = aws_kms_key.vectors.arn` in the encryption policy.",
)
_VOLUME_KEY = "EbsVolumeConfig.VolumeKmsKeyId"
_CLUSTER_KEY = f"InstanceStorageConfigs.{_VOLUME_KEY}"
_CLUSTER_REMEDY = Remedy(
    "Add `InstanceStorageConfigs: [{EbsVolumeConfig: {RootVolume: true, VolumeKmsKeyId: ...}}]`.",
    "Set `volume_kms_key_id` in `instance_storage_configs` of `awscc_sagemaker_cluster`.",
)


@rule(
    "MLS603",
    "generative-ai-resource-without-customer-key",
    "medium",
    concern="protection",
    subject="key",
    practices=("MLSEC02-BP01",),
    on=(*KEYS, vectors.SECURITY_POLICY, HYPERPOD_CLUSTER),
    remedy=Remedy(
        "Set `CustomerEncryptionKeyArn: !GetAtt AgentKey.Arn`.",
        "Set `customer_encryption_key_arn = aws_kms_key.agent.arn`.",
    ),
    controls=(
        "Bedrock.1",
        "BedrockAgentCore.3",
        "BedrockAgentCore.4",
        "bedrock_knowledge_base_encrypted_with_cmk",
        "bedrock_prompt_encrypted_with_cmk",
    ),
)
def generative_ai_resource_without_customer_key(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A generative AI resource is not encrypted with a customer managed KMS key.

    Instructions, prompts, conversations, memories and documents reveal how a product works and what its users
    ask; a customer managed KMS key lets you control who can read them and records every use in CloudTrail.

    The rule checks Bedrock agents, guardrails, data sources, flows, prompts and data automation projects,
    AgentCore memories, gateways and policy engines, S3 vector buckets, HyperPod clusters (the volumes of
    their instance groups), and encryption policies of OpenSearch Serverless that use an AWS owned key for a
    collection of a knowledge base, or for one of the type VECTORSEARCH that no knowledge base of a project
    with ML uses (low). The severity is medium for what keeps data: memories, vectors and volumes.
    It is low for agents, guardrails, flows, prompts, gateways and projects, which keep definitions, and for
    data sources, whose key encrypts what is stored temporarily while documents are ingested. AWS encrypts all
    of it in any case: in a project that uses no customer managed key at all, the severity is low, and info
    for guardrails, data sources, gateways and prompts, which keep no data of users, and for all of them where
    nothing in the repository suggests such a key (see MLS401). It is info as well for a guardrail beside an
    agent without a key, where that is reported. So it is where a module has a variable for the key whose
    default is null, and nothing but examples calls it: who calls it decides.

    See [Data encryption in Amazon
    Bedrock](https://docs.aws.amazon.com/bedrock/latest/userguide/data-encryption.html) and [Encryption in
    Amazon OpenSearch
    Serverless](https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-encryption.html).
    """
    if resource.type == vectors.SECURITY_POLICY:
        yield from _of_policy(resource, graph)
    elif resource.type == HYPERPOD_CLUSTER:
        yield _of_cluster(resource)._replace(milder=keys.why_no_key(graph))
    else:
        path = KEYS[resource.type]
        key = resource[path]
        message = f"{resource} is not encrypted with a customer managed key: it sets no {key}"
        severity: Severity | None = None if resource.type in _KEEPING_DATA else "low"
        milder = _why_milder(resource.type, graph) or _why_one_gap(resource.type, graph)
        milder = milder or _why_offered(resource, key, graph)
        remedy, fix = _REMEDIES.get(path), use_key(key)
        yield Claim(key.is_absent(), key, message, severity, remedy=remedy, fix=fix, milder=milder)


def _why_offered(resource: ResourceView, key: View, graph: GraphView) -> str:
    """Why a key is left to who calls a module that waits for callers: a variable for it is null by default.

    Where an example calls it, that is so for every protection (see `weighing`).
    """
    value = key.value
    if resource.language != "terraform" or not isinstance(value, Absent) or value.span is None:
        return ""
    by_default = bool(value.assumed) and graph.graph.project.purpose in MODULES
    return _OFFERED if by_default else ""


def _why_milder(kind: str, graph: GraphView) -> str:
    """Why a missing key weighs less: what keeps definitions alone is low whatever keys a project uses."""
    keeps = kind in (*_KEEPING_DATA, *_WITHOUT_DATA)
    return keys.why_no_key(graph) if keeps else keys.why_none_suggested(graph)


def _why_one_gap(kind: str, graph: GraphView) -> str:
    """Why a guardrail, which keeps no data, needs no key before the agents of its project have one."""
    if kind != GUARDRAIL:
        return ""
    return _OF_AGENTS if _an_agent_is_plain(graph) else ""


@remembered
def _an_agent_is_plain(graph: GraphView) -> bool:
    return any(certainly(each[KEYS[AGENT]].is_absent()) for each in graph.of_type(AGENT))


def _of_policy(policy: ResourceView, graph: GraphView) -> Iterator[Claim]:
    for document in vectors.documents_of(policy):
        owned = document["AWSOwnedKey"]
        used = vectors.covers_knowledge_base(document, graph)
        message = f"{policy} encrypts the collection of a knowledge base with an AWS owned key:"
        message += " AWSOwnedKey should be false, with a KmsARN"
        chosen = policy["Type"].equals("encryption") & owned.is_true()
        milder = keys.why_no_key(graph)
        # An encryption policy has to name a key: to name this one is not a choice of its own.
        claim = Claim(chosen & used, owned, message, remedy=_POLICY_REMEDY, milder=milder, required=True)
        of_others = chosen & vectors.covers_vectors(document, graph)
        if not certainly(used) and possibly(of_others):
            # A program searches them, or a knowledge base that is declared elsewhere.
            message = message.replace("the collection of a knowledge base", "a collection of vectors")
            claim = claim._replace(answer=chosen & (used | of_others), message=message, severity="low")
        yield claim


def _of_cluster(cluster: ResourceView) -> Claim:
    lists = [cluster["InstanceGroups"], cluster["RestrictedInstanceGroups"]]
    groups = [group for each in lists for group in each.items()]
    plain = some(~group["InstanceStorageConfigs"].any_item(_has_key) for group in groups)
    message = f"{cluster} does not encrypt the volumes of every instance group with a customer managed key:"
    first = groups[0][_CLUSTER_KEY].label if groups else _CLUSTER_KEY
    message += f" {lists[0]} should set {first.rpartition(f'{lists[0]}.')[2]}"
    return Claim(plain & answer(bool(groups)), lists[0], message, remedy=_CLUSTER_REMEDY)


def _has_key(storage: View) -> Answer:
    return storage[_VOLUME_KEY].is_present()
