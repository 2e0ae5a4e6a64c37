"""Security of generative AI on Bedrock: guardrails and keys."""

from collections.abc import Iterator

from mlwa_lint.rule import Answer, Claim, GraphView, Remedy, ResourceView, View, rule

AGENT = "AWS::Bedrock::Agent"
GUARDRAIL = "AWS::Bedrock::Guardrail"
# The property that names the customer-managed key, by type.
KEYS = {
    AGENT: "CustomerEncryptionKeyArn",
    GUARDRAIL: "KmsKeyArn",
    "AWS::Bedrock::DataSource": "ServerSideEncryptionConfiguration.KmsKeyArn",
    "AWS::Bedrock::Flow": "CustomerEncryptionKeyArn",
    "AWS::Bedrock::Prompt": "CustomerEncryptionKeyArn",
}


@rule(
    "MLS601",
    "bedrock-agent-without-guardrail",
    "high",
    practices=("MLSEC05-BP01",),
    on=(AGENT,),
    remedy=Remedy(
        "Set `GuardrailConfiguration: {GuardrailIdentifier: !GetAtt Guardrail.GuardrailId, "
        'GuardrailVersion: "1"}`.',
        "Add `guardrail_configuration` with `guardrail_identifier = "
        "aws_bedrock_guardrail.agent.guardrail_id` and a `guardrail_version`.",
    ),
)
def bedrock_agent_without_guardrail(agent: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A Bedrock agent works without a guardrail.

    Its users, and every text that it reads, can then lead it to harmful answers, to give away sensitive data
    and to call its tools against their purpose, with nothing in between.

    See [Implement safeguards for your application by associating a guardrail with your
    agent](https://docs.aws.amazon.com/bedrock/latest/userguide/agents-guardrail.html).
    """
    guardrail = agent["GuardrailConfiguration"]
    message = f"{agent} has no guardrail: it sets no {guardrail}"
    yield Claim(guardrail.is_absent(), guardrail, message)


@rule(
    "MLS602",
    "guardrail-without-prompt-attack-filter",
    "medium",
    practices=("MLSEC05-BP01",),
    on=(GUARDRAIL,),
    remedy=Remedy(
        "Add to `FiltersConfig`: `{Type: PROMPT_ATTACK, InputStrength: HIGH, OutputStrength: NONE}`.",
        'Add `filters_config` with `type = "PROMPT_ATTACK"`, `input_strength = "HIGH"` and '
        '`output_strength = "NONE"`.',
    ),
)
def guardrail_without_prompt_attack_filter(guardrail: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A guardrail does not filter prompt attacks.

    Jailbreaks and injected instructions are how the other safeguards of a model are got around; without
    this filter a guardrail lets them through to the model.

    The filter needs an input strength other than `NONE`; one that is switched off by `InputEnabled: false`
    does not count. AWS asks for the output strength `NONE` with it, since attacks come with the input.

    See [Detect prompt attacks with Amazon Bedrock
    Guardrails](https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-prompt-attack.html).
    """
    filters = guardrail["ContentPolicyConfig.FiltersConfig"]
    message = f"{guardrail} does not filter prompt attacks: {filters} has no filter of type PROMPT_ATTACK"
    yield Claim(
        ~filters.any_item(_stops_prompt_attacks), filters, f"{message} with an input strength other than NONE"
    )


def _stops_prompt_attacks(content_filter: View) -> Answer:
    strength = content_filter["InputStrength"]
    acts = strength.is_present() & ~strength.equals("NONE") & ~content_filter["InputEnabled"].is_false()
    return content_filter["Type"].equals("PROMPT_ATTACK") & acts


@rule(
    "MLS603",
    "generative-ai-resource-without-customer-key",
    "medium",
    practices=("MLSEC02-BP01",),
    on=tuple(KEYS),
    remedy=Remedy(
        "Set `CustomerEncryptionKeyArn: !GetAtt AgentKey.Arn` (a guardrail or data source: `KmsKeyArn`).",
        "Set `customer_encryption_key_arn = aws_kms_key.agent.arn` (a guardrail or data source: "
        "`kms_key_arn`).",
    ),
)
def generative_ai_resource_without_customer_key(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A Bedrock agent, guardrail, data source, flow or prompt is not encrypted with a key of yours.

    Instructions, prompts, conversations and documents in ingestion tell how a product works and what its
    users ask; with a key of your own you decide who may read them and see every use in CloudTrail.

    The key of a data source encrypts what is stored for a short time while documents are ingested.

    See [Data encryption in Amazon
    Bedrock](https://docs.aws.amazon.com/bedrock/latest/userguide/data-encryption.html).
    """
    key = resource[KEYS[resource.type]]
    message = f"{resource} sets no {key}, so its content is not encrypted with a key of yours"
    yield Claim(key.is_absent(), key, message)
