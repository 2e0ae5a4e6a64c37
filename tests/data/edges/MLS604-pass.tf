resource "aws_kms_key" "language" {
  enable_key_rotation = true
}

resource "aws_comprehend_document_classifier" "tickets" {
  name                 = "tickets"
  language_code        = "en"
  data_access_role_arn = "arn:aws:iam::111122223333:role/tickets"
  model_kms_key_id     = aws_kms_key.language.id
  volume_kms_key_id    = aws_kms_key.language.id

  input_data_config {
    s3_uri = "s3://ticket-texts/train.csv"
  }
}

resource "aws_qbusiness_application" "assistant" {
  display_name                 = "assistant"
  iam_service_role_arn         = "arn:aws:iam::111122223333:role/assistant"
  identity_center_instance_arn = "arn:aws:sso:::instance/ssoins-0123456789abcdef"

  attachments_configuration {
    attachments_control_mode = "DISABLED"
  }

  encryption_configuration {
    kms_key_id = aws_kms_key.language.arn
  }
}
