resource "aws_vpc" "network" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.network.id
  cidr_block = "10.0.0.0/24"
}

resource "aws_sagemaker_domain" "studio" {
  domain_name = "studio"
  auth_mode   = "IAM"
  vpc_id      = aws_vpc.network.id
  subnet_ids  = [aws_subnet.private.id]

  default_user_settings {
    execution_role = "arn:aws:iam::111122223333:role/studio"
  }
}
