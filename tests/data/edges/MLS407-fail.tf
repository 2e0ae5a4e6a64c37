resource "aws_sagemaker_domain" "vision" {
  domain_name             = "vision"
  auth_mode               = "IAM"
  app_network_access_type = "VpcOnly"
  vpc_id                  = aws_vpc.main.id
  subnet_ids              = aws_subnet.studio[*].id

  default_user_settings {
    execution_role = "arn:aws:iam::111122223333:role/vision-studio"
  }
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "studio" {
  count      = 2
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.${count.index}.0/24"
}
