from sagemaker.core.resources import Endpoint, EndpointConfig, Model
from sagemaker.core.shapes import ContainerDefinition, ProductionVariant
from sagemaker.train import ModelTrainer
from sagemaker.train.configs import Compute, InputData

ROLE = "arn:aws:iam::111122223333:role/ml"
trainer = ModelTrainer(
    training_image="111122223333.dkr.ecr.eu-west-1.amazonaws.com/train:latest",
    role=ROLE,
    compute=Compute(instance_type="ml.p3.8xlarge", instance_count=2, enable_managed_spot_training=True),
)
trainer.train(input_data_config=[InputData(channel_name="train", data_source="s3://acme-data/train")])
model = Model.create(
    model_name="churn",
    execution_role_arn=ROLE,
    primary_container=ContainerDefinition(
        image="111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:latest",
        model_data_url="s3://acme-data/m.tar.gz",
    ),
)
config = EndpointConfig.create(
    endpoint_config_name="churn",
    production_variants=[
        ProductionVariant(
            variant_name="main", model_name="churn", instance_type="ml.m4.xlarge", initial_instance_count=1
        )
    ],
)
Endpoint.create(endpoint_name="churn", endpoint_config_name="churn")
