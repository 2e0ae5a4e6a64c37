resource "aws_opensearch_domain" "vectors" {
  domain_name = "vectors"

  encrypt_at_rest {
    enabled = true
  }

  node_to_node_encryption {
    enabled = true
  }
}

resource "aws_db_instance" "metadata" {
  identifier        = "mlflow"
  engine            = "postgres"
  instance_class    = "db.t4g.medium"
  allocated_storage = 50
  storage_encrypted = true
}

resource "aws_efs_file_system" "home" {
  encrypted = true
}

resource "aws_sagemaker_model" "score" {
  execution_role_arn = "arn:aws:iam::111122223333:role/score"

  primary_container {
    image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/score:1.0"

    environment = {
      VECTORS  = aws_opensearch_domain.vectors.endpoint
      METADATA = aws_db_instance.metadata.address
      HOME     = aws_efs_file_system.home.id
    }
  }
}
