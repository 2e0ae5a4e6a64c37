resource "aws_vpc" "network" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_security_group" "apps" {
  vpc_id = aws_vpc.network.id

  ingress {
    from_port = 0
    to_port   = 0
    protocol  = "-1"
    self      = true
  }
}

resource "aws_vpc_endpoint" "api" {
  vpc_id            = aws_vpc.network.id
  vpc_endpoint_type = "Interface"
  service_name      = "com.amazonaws.eu-west-1.sagemaker.api"
}

resource "aws_sagemaker_domain" "studio" {
  domain_name             = "studio"
  auth_mode               = "IAM"
  vpc_id                  = aws_vpc.network.id
  subnet_ids              = ["subnet-11111111"]
  app_network_access_type = "VpcOnly"

  retention_policy {
    home_efs_file_system = "Delete"
  }

  default_user_settings {
    execution_role  = "arn:aws:iam::111122223333:role/studio"
    security_groups = [aws_security_group.apps.id]
  }
}
