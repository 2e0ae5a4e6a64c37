resource "aws_bedrock_guardrail" "chat" {
  name                      = "chat"
  blocked_input_messaging   = "I cannot help with that."
  blocked_outputs_messaging = "I cannot answer that."
  kms_key_arn               = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d"

  content_policy_config {
    filters_config {
      type            = "HATE"
      input_strength  = "HIGH"
      output_strength = "HIGH"
    }

    filters_config {
      type            = "INSULTS"
      input_strength  = "HIGH"
      output_strength = "HIGH"
    }

    filters_config {
      type            = "SEXUAL"
      input_strength  = "HIGH"
      output_strength = "HIGH"
    }

    filters_config {
      type            = "VIOLENCE"
      input_strength  = "HIGH"
      output_strength = "HIGH"
    }

    filters_config {
      type            = "MISCONDUCT"
      input_strength  = "HIGH"
      output_strength = "HIGH"
    }

    filters_config {
      type            = "PROMPT_ATTACK"
      input_strength  = "HIGH"
      output_strength = "NONE"
    }
  }

  sensitive_information_policy_config {
    pii_entities_config {
      type   = "EMAIL"
      action = "ANONYMIZE"
    }
  }
}

resource "aws_bedrock_guardrail_version" "released" {
  guardrail_arn = aws_bedrock_guardrail.chat.guardrail_arn
}

resource "aws_bedrockagent_agent" "help" {
  agent_name                  = "help"
  foundation_model            = "amazon.nova-pro-v1:0"
  agent_resource_role_arn     = "arn:aws:iam::111122223333:role/help-agent"
  customer_encryption_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d"

  guardrail_configuration {
    guardrail_identifier = aws_bedrock_guardrail.chat.guardrail_id
    guardrail_version    = aws_bedrock_guardrail_version.released.version
  }
}
