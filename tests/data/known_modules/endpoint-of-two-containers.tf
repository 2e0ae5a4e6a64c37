module "e" {
  source = "aws-ia/sagemaker-endpoint/aws"
  containers = [{ image_uri = "a" }, { image_uri = "b", model_data_source = { s3_data_type = "S3Prefix", s3_uri = "s3://m/", compression = "None" } }]
  production_variant = { variant_name = "v", instance_type = "ml.g5.xlarge" }
  enable_network_isolation = true
  autoscaling_config = { min_capacity = 1, max_capacity = 4, target_value = 2, scale_in_cooldown = 60, scale_out_cooldown = 30 }
}
