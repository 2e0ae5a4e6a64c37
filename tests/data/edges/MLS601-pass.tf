resource "aws_bedrock_guardrail" "claims" {
  name                      = "claims"
  blocked_input_messaging   = "I cannot help with that."
  blocked_outputs_messaging = "I cannot answer that."
  kms_key_arn               = "arn:aws:kms:eu-west-1:111122223333:key/0f8fad5b-d9cb-469f-a165-70867728950e"

  content_policy_config {
    filters_config {
      type            = "PROMPT_ATTACK"
      input_strength  = "HIGH"
      output_strength = "NONE"
    }
  }
}

resource "aws_bedrock_guardrail_version" "claims" {
  guardrail_arn = aws_bedrock_guardrail.claims.guardrail_arn
}

resource "aws_bedrockagent_agent" "claims" {
  agent_name                  = "claims"
  foundation_model            = "anthropic.claude-3-5-sonnet-20241022-v2:0"
  agent_resource_role_arn     = "arn:aws:iam::111122223333:role/claims-agent"
  customer_encryption_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/0f8fad5b-d9cb-469f-a165-70867728950e"

  guardrail_configuration {
    guardrail_identifier = aws_bedrock_guardrail.claims.guardrail_id
    guardrail_version    = aws_bedrock_guardrail_version.claims.version
  }
}
