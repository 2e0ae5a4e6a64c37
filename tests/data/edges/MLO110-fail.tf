resource "aws_sagemaker_endpoint_configuration" "basket" {
  production_variants {
    variant_name           = "basket"
    model_name             = "basket-4"
    instance_type          = "ml.m5.large"
    initial_instance_count = 2
  }
}

resource "aws_sagemaker_endpoint" "basket" {
  name                 = "basket"
  endpoint_config_name = aws_sagemaker_endpoint_configuration.basket.name
}

resource "aws_sagemaker_data_quality_job_definition" "basket" {
  role_arn = "arn:aws:iam::111122223333:role/monitoring"

  data_quality_app_specification {
    image_uri = "468650794304.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-model-monitor-analyzer"
  }

  data_quality_job_input {
    endpoint_input {
      endpoint_name = aws_sagemaker_endpoint.basket.name
    }
  }

  data_quality_job_output_config {
    monitoring_outputs {
      s3_output {
        s3_uri = "s3://basket-monitoring/reports"
      }
    }
  }

  job_resources {
    cluster_config {
      instance_count    = 1
      instance_type     = "ml.m5.large"
      volume_size_in_gb = 20
    }
  }

  data_quality_baseline_config {
    constraints_resource {
      s3_uri = "s3://basket-monitoring/baseline/constraints.json"
    }
  }
}

resource "aws_sagemaker_monitoring_schedule" "basket" {
  name = "basket-quality"

  monitoring_schedule_config {
    monitoring_job_definition_name = aws_sagemaker_data_quality_job_definition.basket.name
    monitoring_type                = "DataQuality"

    schedule_config {
      schedule_expression = "cron(0 * ? * * *)"
    }
  }
}
