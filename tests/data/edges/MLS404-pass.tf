resource "aws_vpc" "ml" {
  cidr_block = "10.20.0.0/16"
}

resource "aws_subnet" "private" {
  count      = 2
  vpc_id     = aws_vpc.ml.id
  cidr_block = cidrsubnet(aws_vpc.ml.cidr_block, 8, count.index)
}

resource "aws_security_group" "notebook" {
  name   = "notebooks"
  vpc_id = aws_vpc.ml.id
}

resource "aws_sagemaker_notebook_instance" "sales" {
  name                   = "sales"
  instance_type          = "ml.t3.medium"
  role_arn               = "arn:aws:iam::111122223333:role/sales"
  kms_key_id             = "alias/sales"
  subnet_id              = aws_subnet.private[0].id
  security_groups        = [aws_security_group.notebook.id]
  direct_internet_access = "Disabled"
  root_access            = "Disabled"

  instance_metadata_service_configuration {
    minimum_instance_metadata_service_version = "2"
  }
}
