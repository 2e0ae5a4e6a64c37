resource "aws_security_group" "hosting" {
  name   = "hosting"
  vpc_id = "vpc-0123456789abcdef0"
}

resource "aws_vpc_security_group_ingress_rule" "everybody" {
  security_group_id = aws_security_group.hosting.id
  ip_protocol       = "-1"
  cidr_ipv6         = "::/0"
}

resource "aws_security_group_rule" "metrics" {
  type              = "ingress"
  security_group_id = aws_security_group.hosting.id
  protocol          = "tcp"
  from_port         = 9090
  to_port           = 9091
  cidr_blocks       = ["0.0.0.0/0"]
}

resource "aws_security_group_rule" "out" {
  type              = "egress"
  security_group_id = aws_security_group.hosting.id
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = ["0.0.0.0/0"]
}

resource "aws_sagemaker_model" "price" {
  execution_role_arn = "arn:aws:iam::111122223333:role/hosting"

  primary_container {
    image          = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/price:2"
    model_data_url = "s3://price-models/model.tar.gz"
  }

  vpc_config {
    subnets            = ["subnet-0123456789abcdef0"]
    security_group_ids = [aws_security_group.hosting.id]
  }
}
