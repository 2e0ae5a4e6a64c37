resource "aws_db_instance" "metadata" {
  identifier        = "mlflow"
  engine            = "postgres"
  instance_class    = "db.t4g.medium"
  allocated_storage = 50
}

resource "aws_rds_cluster" "features" {
  engine            = "aurora-postgresql"
  storage_encrypted = false
}

resource "aws_neptune_cluster" "knowledge" {
  cluster_identifier = "knowledge"
}

resource "aws_docdb_cluster" "documents" {
  cluster_identifier = "documents"
}

resource "aws_redshift_cluster" "warehouse" {
  cluster_identifier = "warehouse"
  node_type          = "ra3.large"
  encrypted          = false
}

resource "aws_efs_file_system" "home" {
  performance_mode = "generalPurpose"
}

resource "aws_sagemaker_model" "score" {
  execution_role_arn = "arn:aws:iam::111122223333:role/score"

  primary_container {
    image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/score:1.0"

    environment = {
      METADATA  = aws_db_instance.metadata.address
      FEATURES  = aws_rds_cluster.features.endpoint
      KNOWLEDGE = aws_neptune_cluster.knowledge.endpoint
      DOCUMENTS = aws_docdb_cluster.documents.endpoint
      WAREHOUSE = aws_redshift_cluster.warehouse.endpoint
      HOME      = aws_efs_file_system.home.id
    }
  }
}
