resource "aws_vpc" "ml" {
  cidr_block = "10.40.0.0/16"
}

resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.ml.id
  cidr_block = "10.40.1.0/24"
}

resource "aws_internet_gateway" "way" {
  vpc_id = aws_vpc.ml.id
}

resource "aws_sagemaker_notebook_instance" "research" {
  name            = "research"
  instance_type   = "ml.t3.medium"
  role_arn        = "arn:aws:iam::111122223333:role/notebook"
  subnet_id       = aws_subnet.private.id
  security_groups = ["sg-0123456789abcdef0"]
}
