import sagemaker
from sagemaker.async_inference import AsyncInferenceConfig
from sagemaker.automl.automl import AutoML
from sagemaker.estimator import Estimator
from sagemaker.feature_store.feature_group import FeatureGroup
from sagemaker.inputs import TrainingInput
from sagemaker.model import Model
from sagemaker.model_monitor import DataCaptureConfig, DefaultModelMonitor
from sagemaker.network import NetworkConfig
from sagemaker.processing import ProcessingInput, ScriptProcessor
from sagemaker.pytorch import PyTorch
from sagemaker.serverless import ServerlessInferenceConfig
from sagemaker.transformer import Transformer
from sagemaker.tuner import HyperparameterTuner

ROLE = "arn:aws:iam::111122223333:role/ml"
IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:latest"
estimator = Estimator(
    image_uri=IMAGE,
    role=ROLE,
    instance_count=2,
    instance_type="ml.p3.8xlarge",
    environment={"DB_PASSWORD": "S3cr3t-Pa55word-91x"},
    use_spot_instances=True,
)
estimator.fit({"train": TrainingInput("s3://acme-data/train")})
framework = PyTorch(
    "train.py",
    role=ROLE,
    instance_count=1,
    instance_type="ml.m4.xlarge",
    framework_version="2.1",
    py_version="py310",
    max_run=900000,
)
framework.fit()
processor = ScriptProcessor(
    image_uri=IMAGE, command=["python3"], role=ROLE, instance_count=2, instance_type="ml.m4.xlarge"
)
processor.run(
    code="clean.py",
    inputs=[ProcessingInput(source="s3://acme-data/raw", destination="/opt/ml/processing/in")],
)
isolated = ScriptProcessor(
    image_uri=IMAGE,
    command=["python3"],
    role=ROLE,
    instance_count=2,
    instance_type="ml.m5.xlarge",
    network_config=NetworkConfig(enable_network_isolation=False),
)
isolated.run(code="clean.py")
transformer = Transformer(
    model_name="churn", instance_count=2, instance_type="ml.m4.xlarge", output_path="s3://acme-data/out"
)
transformer.transform("s3://acme-data/in")
tuner = HyperparameterTuner(estimator, "loss", {}, max_jobs=20, max_parallel_jobs=2, strategy="Random")
tuner.fit({"train": "s3://acme-data/train"})
automl = AutoML(role=ROLE, target_attribute_name="y", output_path="s3://acme-data/automl")
automl.fit("s3://acme-data/train")
model = Model(
    image_uri=IMAGE,
    role=ROLE,
    model_data="s3://acme-data/model.tar.gz",
    env={"API_KEY": "S3cr3t-Pa55word-91x"},
    name="churn",
    vpc_config={"Subnets": ["subnet-0123456789abcdef0"], "SecurityGroupIds": ["sg-0123456789abcdef0"]},
)
predictor = model.deploy(
    initial_instance_count=1,
    instance_type="ml.m4.xlarge",
    endpoint_name="churn",
    data_capture_config=DataCaptureConfig(
        enable_capture=True, sampling_percentage=2, capture_options=["REQUEST"]
    ),
)
other = Model(image_uri=IMAGE, role=ROLE, model_data="s3://acme-data/model.tar.gz", name="later")
other.deploy(
    initial_instance_count=1,
    instance_type="ml.m5.large",
    endpoint_name="later",
    async_inference_config=AsyncInferenceConfig(output_path="s3://acme-data/async"),
)
third = Model(image_uri=IMAGE, role=ROLE, model_data="s3://acme-data/model.tar.gz", name="third")
third.deploy(
    serverless_inference_config=ServerlessInferenceConfig(memory_size_in_mb=1536, max_concurrency=5),
    endpoint_name="third",
)
monitor = DefaultModelMonitor(role=ROLE, instance_count=2, instance_type="ml.m4.xlarge")
monitor.create_monitoring_schedule(
    endpoint_input="churn",
    output_s3_uri="s3://acme-data/monitor",
    schedule_cron_expression="cron(0 * ? * * *)",
)
group = FeatureGroup("customers", sagemaker_session=sagemaker.Session())
group.create(
    s3_uri=False,
    record_identifier_name="id",
    event_time_feature_name="at",
    role_arn=ROLE,
    enable_online_store=True,
)
