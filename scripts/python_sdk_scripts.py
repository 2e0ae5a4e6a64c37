# ruff: noqa: E501 - one script per line, as it is run
"""Scripts that use AWS's Python SDKs, made at random from a fixed seed."""

import random
from collections.abc import Callable

ROLE = "arn:aws:iam::111122223333:role/service"
IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/model:1.0"
Make = Callable[[random.Random], str]


def some(choose: random.Random, options: dict[str, str], least: int = 0) -> str:
    """Some of the options, as keyword arguments."""
    names = choose.sample(sorted(options), choose.randint(least, len(options)))
    return "".join(f"    {name}={options[name]},\n" for name in names)


def number(choose: random.Random) -> int:
    return choose.randint(1, 4)


def machine(choose: random.Random) -> str:
    return choose.choice(["ml.m5.large", "ml.m5.xlarge", "ml.c5.2xlarge", "ml.g5.xlarge"])


# -- boto3

_BOTO = 'import boto3\nsm = boto3.client("sagemaker")\n'


def model(choose: random.Random) -> str:
    extra = some(
        choose,
        {
            "EnableNetworkIsolation": choose.choice(["True", "False"]),
            "VpcConfig": '{"Subnets": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]}',
            "Tags": '[{"Key": "Team", "Value": "a"}]',
        },
    )
    style = choose.randrange(3)
    if style == 0:
        return f'{_BOTO}sm.create_model(\n    ModelName="m",\n    ExecutionRoleArn="{ROLE}",\n    PrimaryContainer={{"Image": "{IMAGE}", "ModelDataUrl": "s3://b/m.tar.gz"}},\n{extra})\n'
    if style == 1:
        return f'{_BOTO}name = f"m-{{{number(choose)}:03d}}"\ncontainer = {{"Image": "{IMAGE}"}}\ncontainer["ModelDataUrl"] = "s3://%s/%s" % ("b", "m.tar.gz")\ncontainer.update(Environment={{"A": str({number(choose)})}})\nsm.create_model(\n    ModelName=name,\n    ExecutionRoleArn="{ROLE}",\n    PrimaryContainer=container,\n{extra})\n'
    return f'{_BOTO}def make(name, image="{IMAGE}", **more):\n    return sm.create_model(ModelName=name, ExecutionRoleArn="{ROLE}", Containers=[{{"Image": image, "ContainerHostname": h}} for h in ("a", "b")], **more)\nmake(\n    "m",\n{extra})\n'


def endpoint_config(choose: random.Random) -> str:
    extra = some(
        choose,
        {
            "KmsKeyId": '"alias/key"',
            "Tags": '[{"Key": k, "Value": v} for k, v in {"a": "1", "b": "2"}.items()]',
            "DataCaptureConfig": '{"EnableCapture": True, "InitialSamplingPercentage": 50, "DestinationS3Uri": "s3://b/c", "CaptureOptions": [{"CaptureMode": m} for m in ["Input", "Output"]]}',
        },
    )
    weights = [round(choose.random(), 2) for _ in range(number(choose))]
    return f'{_BOTO}variants = []\nfor n, weight in enumerate({weights}):\n    variant = {{"VariantName": f"v{{n}}", "ModelName": "m" + str(n), "InitialInstanceCount": {number(choose)}, "InstanceType": "{machine(choose)}"}}\n    variant["InitialVariantWeight"] = weight\n    variants.append(variant)\nsm.create_endpoint_config(\n    EndpointConfigName="c",\n    ProductionVariants=variants,\n{extra})\nsm.create_endpoint(EndpointName="e", EndpointConfigName="c")\n'


def training_job(choose: random.Random) -> str:
    extra = some(
        choose,
        {
            "EnableNetworkIsolation": "True",
            "EnableManagedSpotTraining": "not False",
            "EnableInterContainerTrafficEncryption": "bool(1)",
            "HyperParameters": '{"depth": str(3), "eta": "0.1"}',
            "VpcConfig": 'dict(Subnets=["subnet-1"], SecurityGroupIds=["sg-1"])',
            "CheckpointConfig": '{"S3Uri": "/".join(["s3:/", "b", "ckpt"])}',
        },
    )
    return f'{_BOTO}class Settings:\n    size = {number(choose)} * 10\n    hours = {number(choose)}\n\n    def __init__(self, kind):\n        self.kind = kind\n\n    @property\n    def seconds(self):\n        return self.hours * 60 * 60\n\ns = Settings("{machine(choose)}")\nsm.create_training_job(\n    TrainingJobName="t",\n    AlgorithmSpecification={{"TrainingImage": "{IMAGE}", "TrainingInputMode": "File"}},\n    RoleArn="{ROLE}",\n    OutputDataConfig={{"S3OutputPath": "s3://b/out"}},\n    ResourceConfig={{"InstanceType": s.kind, "InstanceCount": {number(choose)}, "VolumeSizeInGB": s.size}},\n    StoppingCondition={{"MaxRuntimeInSeconds": s.seconds}},\n{extra})\n'


def scaling(choose: random.Random) -> str:
    low, high = sorted((number(choose), number(choose) + 4))
    return f'import boto3\nname, variant = ("e", "v")\nclient = boto3.client("application-autoscaling")\nshared = dict(ServiceNamespace="sagemaker", ResourceId=f"endpoint/{{name}}/variant/{{variant}}", ScalableDimension="sagemaker:variant:DesiredInstanceCount")\nclient.register_scalable_target(MinCapacity={low}, MaxCapacity={high}, **shared)\nclient.put_scaling_policy(PolicyName="p", PolicyType="TargetTrackingScaling", TargetTrackingScalingPolicyConfiguration={{"TargetValue": {number(choose)} / 2 * 100, "PredefinedMetricSpecification": {{"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}}}}, **shared)\nboto3.client("cloudwatch").put_metric_alarm(AlarmName="a", MetricName="ModelLatency", Namespace="AWS/SageMaker", Dimensions=[{{"Name": k, "Value": v}} for k, v in [("EndpointName", name), ("VariantName", variant)]], EvaluationPeriods=1, Period=60, Threshold={number(choose)} ** 2, ComparisonOperator="GreaterThanThreshold", Statistic="Sum")\n'


def notebook(choose: random.Random) -> str:
    extra = some(
        choose,
        {
            "DirectInternetAccess": '"Disabled"',
            "SubnetId": '"subnet-1"',
            "SecurityGroupIds": '["sg-1"]',
            "KmsKeyId": '"alias/k"',
            "RootAccess": '"Disabled" if 1 < 2 else "Enabled"',
        },
    )
    return f'{_BOTO}sm.create_notebook_instance(\n    NotebookInstanceName="-".join("n b".split()),\n    InstanceType="{choose.choice(["ml.t3.medium", "ml.m5.xlarge"])}",\n    RoleArn="{ROLE}",\n{extra})\n'


def others(choose: random.Random) -> str:
    return choose.choice(
        [
            'import boto3\nboto3.client("bedrock").create_guardrail(name="g", blockedInputMessaging="no", blockedOutputsMessaging="no", kmsKeyId="alias/k", contentPolicyConfig={"filtersConfig": [{"type": t, "inputStrength": "HIGH", "outputStrength": "NONE"} for t in ["HATE", "PROMPT_ATTACK"]]})\n',
            f'import boto3\nboto3.client("glue").create_job(Name="j", Role="{ROLE}", Command={{"Name": "glueetl", "ScriptLocation": "s3://b/" + "x.py"}}, GlueVersion=str(float({number(choose)})), SecurityConfiguration="s")\n',
            f'import boto3, json\niam = boto3.client("iam")\niam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps({{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {{"Service": "sagemaker.amazonaws.com"}}}}]}}))\niam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=json.dumps({{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": ["s3:Get*"][:{number(choose)}], "Resource": "*"}}]}}))\n',
            f'import boto3\nboto3.client("lambda").create_function(FunctionName="f", Role="{ROLE}", Runtime="python3.12", Handler="a.b", Code={{"S3Bucket": "bucket", "S3Key": "k"}}, MemorySize=128 * {number(choose)}, Architectures=["arm64"])\n',
            f'{_BOTO}sm.create_feature_group(FeatureGroupName="f", RecordIdentifierFeatureName="id", EventTimeFeatureName="at", FeatureDefinitions=[dict(FeatureName=n, FeatureType="String") for n in ("id", "at")], OnlineStoreConfig={{"EnableOnlineStore": True}}, RoleArn="{ROLE}")\n',
            f'{_BOTO}sm.create_domain(DomainName="d", AuthMode="IAM", DefaultUserSettings={{"ExecutionRole": "{ROLE}"}}, SubnetIds=["subnet-" + c for c in "ab"], VpcId="vpc-1", AppNetworkAccessType="VpcOnly")\n',
            f'{_BOTO}sm.create_transform_job(TransformJobName="t", ModelName="m", TransformInput={{"DataSource": {{"S3DataSource": {{"S3DataType": "S3Prefix", "S3Uri": "s3://b/i"}}}}}}, TransformOutput={{"S3OutputPath": "s3://b/o"}}, TransformResources={{"InstanceType": "{machine(choose)}", "InstanceCount": {number(choose)}}})\n',
        ]
    )


# -- version 2

_V2 = "import sagemaker\n"
_SHARED = {
    "volume_size": "50",
    "volume_kms_key": '"alias/v"',
    "output_kms_key": '"alias/o"',
    "max_run": "2 * 60 * 60",
    "enable_network_isolation": "True",
    "encrypt_inter_container_traffic": "True",
    "checkpoint_s3_uri": '"s3://b/ckpt"',
    "output_path": '"s3://b/out"',
    "hyperparameters": '{"depth": 3}',
    "tags": '[{"Key": "Team", "Value": "a"}]',
    "environment": '{"A": "b"}',
}


def network(choose: random.Random) -> dict[str, str]:
    return choose.choice([{}, {"subnets": '["subnet-1"]', "security_group_ids": '["sg-1"]'}])


def given(values: dict[str, str]) -> str:
    return "".join(f"    {name}={value},\n" for name, value in values.items())


def estimator(choose: random.Random) -> str:
    spot = choose.choice(["", "    use_spot_instances=True,\n    max_run=3600,\n    max_wait=7200,\n"])
    options = {name: value for name, value in _SHARED.items() if not (spot and name == "max_run")}
    inputs = choose.choice(
        [
            '{"train": "s3://b/t"}',
            '"s3://b/t"',
            '{"train": sagemaker.inputs.TrainingInput("s3://b/t", content_type="text/csv"), "validation": "s3://b/v"}',
        ]
    )
    return f'{_V2}from sagemaker.estimator import Estimator\ne = Estimator(\n    "{IMAGE}",\n    "{ROLE}",\n    {number(choose)},\n    "{machine(choose)}",\n{spot}{some(choose, options)}{given(network(choose))})\ne.fit({inputs}, wait=False, logs=False)\n'


def framework(choose: random.Random) -> str:
    module, name, versions = choose.choice(
        [
            ("xgboost", "XGBoost", 'framework_version="1.7-1"'),
            ("sklearn", "SKLearn", 'framework_version="1.2-1"'),
            ("pytorch", "PyTorch", 'framework_version="2.1", py_version="py310"'),
            ("tensorflow", "TensorFlow", 'framework_version="2.13", py_version="py310"'),
        ]
    )
    count = 1 if name == "SKLearn" else number(choose)
    options = {k: v for k, v in _SHARED.items() if k != "environment"}
    return f'{_V2}from sagemaker.{module} import {name}\ne = {name}(entry_point="train.py", {versions}, role="{ROLE}", instance_count={count}, instance_type="{choose.choice(["ml.m5.large", "ml.m5.xlarge"])}",\n{some(choose, options)}{given(network(choose))})\ne.fit("s3://b/t", wait=False, logs=False)\n'


def hosted(choose: random.Random) -> str:
    options = some(
        choose,
        {
            "env": '{"A": "b"}',
            "vpc_config": '{"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}',
            "enable_network_isolation": "True",
            "name": '"m"',
        },
    )
    further = some(
        choose,
        {
            "kms_key": '"alias/k"',
            "endpoint_name": '"e"',
            "tags": '[{"Key": "Team", "Value": "a"}]',
            "volume_size": "30",
            "data_capture_config": 'DataCaptureConfig(enable_capture=True, destination_s3_uri="s3://b/c", kms_key_id="alias/c")',
            "async_inference_config": 'AsyncInferenceConfig(output_path="s3://b/a", max_concurrent_invocations_per_instance=4)',
        },
    )
    size = choose.choice(
        [
            f'    {number(choose)},\n    "{machine(choose)}",\n',
            "    serverless_inference_config=ServerlessInferenceConfig(memory_size_in_mb=4096, max_concurrency=10),\n",
        ]
    )
    if "serverless" in size:
        further = "".join(
            line + "\n"
            for line in further.splitlines()
            if not line.strip().startswith(("async", "volume", "kms", "data"))
        )
    return f'{_V2}from sagemaker.model import Model\nfrom sagemaker.model_monitor import DataCaptureConfig\nfrom sagemaker.async_inference import AsyncInferenceConfig\nfrom sagemaker.serverless import ServerlessInferenceConfig\nm = Model(\n    "{IMAGE}",\n    "s3://b/m.tar.gz",\n    "{ROLE}",\n{options})\nm.deploy(\n{size}{further}    wait=False,\n)\n'


def deployed_estimator(choose: random.Random) -> str:
    return (
        estimator(choose)
        + f'e.latest_training_job = sagemaker.estimator._TrainingJob(e.sagemaker_session, "t")\ne.deploy({number(choose)}, "{machine(choose)}", wait=False, endpoint_name="e")\n'
    )


def processor(choose: random.Random) -> str:
    options = some(
        choose,
        {
            "volume_size_in_gb": "40",
            "volume_kms_key": '"alias/v"',
            "output_kms_key": '"alias/o"',
            "max_runtime_in_seconds": "3600",
            "env": '{"A": "b"}',
            "tags": '[{"Key": "Team", "Value": "a"}]',
            "network_config": 'NetworkConfig(enable_network_isolation=True, subnets=["subnet-1"], security_group_ids=["sg-1"])',
        },
    )
    return f'{_V2}from sagemaker.network import NetworkConfig\nfrom sagemaker.processing import Processor, ProcessingInput, ProcessingOutput\np = Processor(\n    "{ROLE}",\n    "{IMAGE}",\n    {number(choose)},\n    "{machine(choose)}",\n{options})\np.run(inputs=[ProcessingInput(source="s3://b/i", destination="/opt/ml/processing/i", input_name="i")], outputs=[ProcessingOutput(source="/opt/ml/processing/o", destination="s3://b/o", output_name="o")], wait=False, logs=False)\n'


def transformer(choose: random.Random) -> str:
    options = some(
        choose,
        {
            "output_path": '"s3://b/o"',
            "output_kms_key": '"alias/o"',
            "volume_kms_key": '"alias/v"',
            "strategy": '"MultiRecord"',
            "tags": '[{"Key": "Team", "Value": "a"}]',
            "max_payload": "6",
        },
    )
    return f'{_V2}from sagemaker.transformer import Transformer\nt = Transformer(\n    "m",\n    {number(choose)},\n    "{machine(choose)}",\n{options})\nt.transform("s3://b/i", content_type="text/csv", wait=False, logs=False)\n'


def tuner(choose: random.Random) -> str:
    options = some(
        choose,
        {
            "max_jobs": "20",
            "max_parallel_jobs": "4",
            "strategy": '"Random"',
            "early_stopping_type": '"Auto"',
            "objective_type": '"Minimize"',
        },
        1,
    )
    text = estimator(choose).split("e.fit(")[0]
    return f'{text}from sagemaker.tuner import HyperparameterTuner, IntegerParameter\nt = HyperparameterTuner(\n    e,\n    "loss",\n    {{"depth": IntegerParameter(1, 9)}},\n    metric_definitions=[{{"Name": "loss", "Regex": "loss=(.*)"}}],\n{options})\nt.fit({{"train": "s3://b/t"}}, wait=False)\n'


def monitor(choose: random.Random) -> str:
    options = some(
        choose,
        {
            "instance_count": "1",
            "instance_type": '"ml.m5.large"',
            "volume_size_in_gb": "40",
            "volume_kms_key": '"alias/v"',
            "output_kms_key": '"alias/o"',
            "max_runtime_in_seconds": "1800",
        },
    )
    return f'{_V2}from sagemaker.model_monitor import DefaultModelMonitor, CronExpressionGenerator\nm = DefaultModelMonitor(\n    role="{ROLE}",\n{options})\nm.create_monitoring_schedule(endpoint_input="e", output_s3_uri="s3://b/r", monitor_schedule_name="s", schedule_cron_expression="cron(0 * ? * * *)")\n'


def feature_group(choose: random.Random) -> str:
    options = some(
        choose, {"enable_online_store": "True", "offline_store_kms_key_id": '"alias/k"', "description": '"d"'}
    )
    return f'{_V2}from sagemaker.feature_store.feature_group import FeatureGroup\nfrom sagemaker.feature_store.feature_definition import StringFeatureDefinition\ng = FeatureGroup("f", sagemaker_session=sagemaker.Session(), feature_definitions=[StringFeatureDefinition("id"), StringFeatureDefinition("at")])\ng.create(\n    "s3://b/f",\n    "id",\n    "at",\n    "{ROLE}",\n{options})\n'


def variants(choose: random.Random) -> str:
    return f'{_V2}from sagemaker.session import production_variant\nsession = sagemaker.Session()\na = production_variant(model_name="m", instance_type="{machine(choose)}", initial_instance_count={number(choose)}, variant_name="A", initial_weight=1)\nb = production_variant("n", "{machine(choose)}", {number(choose)}, "B", {number(choose)})\nsession.endpoint_from_production_variants(name="e", production_variants=[a, b], wait=False)\n'


# -- version 3

_V3 = """from sagemaker.core.resources import Endpoint, EndpointConfig, Model, TrainingJob
from sagemaker.core.shapes import AlgorithmSpecification, CaptureOption, ContainerDefinition, DataCaptureConfig
from sagemaker.core.shapes import OutputDataConfig, ProductionVariant, ResourceConfig, StoppingCondition, Tag
from sagemaker.core.shapes import VpcConfig
"""


def trainer(choose: random.Random) -> str:
    compute = (
        some(
            choose,
            {
                "volume_kms_key_id": '"alias/v"',
                "volume_size_in_gb": "60",
                "enable_managed_spot_training": "True",
            },
        )
        .replace("\n", "")
        .replace("    ", " ")
    )
    spot = "enable_managed" in compute
    stopping = (
        "    stopping_condition=StoppingCondition(max_runtime_in_seconds=3600, max_wait_time_in_seconds=7200),\n"
        if spot
        else choose.choice(["", "    stopping_condition=StoppingCondition(max_runtime_in_seconds=7200),\n"])
    )
    options = some(
        choose,
        {
            "networking": 'Networking(subnets=["subnet-1"], security_group_ids=["sg-1"], enable_network_isolation=True, enable_inter_container_traffic_encryption=True)',
            "output_data_config": 'OutputDataConfig(s3_output_path="s3://b/o", kms_key_id="alias/o")',
            "hyperparameters": '{"depth": 3}',
            "environment": '{"A": "b"}',
        },
    )
    return f'from sagemaker.train import ModelTrainer\nfrom sagemaker.train.configs import Compute, InputData, Networking, OutputDataConfig, StoppingCondition\nt = ModelTrainer(\n    training_image="{IMAGE}",\n    role="{ROLE}",\n    compute=Compute(instance_type="{machine(choose)}", instance_count={number(choose)},{compute}),\n{stopping}{options})\nt.train(input_data_config=[InputData(channel_name="train", data_source="s3://b/t")], wait=False, logs=False)\n'


def core_model(choose: random.Random) -> str:
    options = some(
        choose,
        {
            "enable_network_isolation": "True",
            "vpc_config": 'VpcConfig(subnets=["subnet-1"], security_group_ids=["sg-1"])',
            "tags": '[Tag(key="Team", value="a")]',
        },
    )
    return f'{_V3}Model.create(\n    model_name="m",\n    execution_role_arn="{ROLE}",\n    primary_container=ContainerDefinition(image="{IMAGE}", model_data_url="s3://b/m"),\n{options})\n'


def core_endpoint(choose: random.Random) -> str:
    options = some(
        choose,
        {
            "kms_key_id": '"alias/k"',
            "data_capture_config": 'DataCaptureConfig(enable_capture=True, initial_sampling_percentage=10, destination_s3_uri="s3://b/c", capture_options=[CaptureOption(capture_mode="Input")])',
        },
    )
    return f'{_V3}EndpointConfig.create(\n    endpoint_config_name="c",\n    production_variants=[ProductionVariant(variant_name="v", model_name="m", initial_instance_count={number(choose)}, instance_type="{machine(choose)}", initial_variant_weight=0.5)],\n{options})\nEndpoint.create(endpoint_name="e", endpoint_config_name="c")\n'


def core_job(choose: random.Random) -> str:
    return f'{_V3}TrainingJob.create(training_job_name="t", algorithm_specification=AlgorithmSpecification(training_image="{IMAGE}", training_input_mode="File"), role_arn="{ROLE}", output_data_config=OutputDataConfig(s3_output_path="s3://b/o"), resource_config=ResourceConfig(instance_type="{machine(choose)}", instance_count={number(choose)}, volume_size_in_gb=30), stopping_condition=StoppingCondition(max_runtime_in_seconds={number(choose)} * 3600), enable_network_isolation={choose.choice(["True", "False"])})\n'


SETS: dict[str, list[tuple[Make, int]]] = {
    "boto3": [
        (model, 15),
        (endpoint_config, 15),
        (training_job, 15),
        (scaling, 8),
        (notebook, 10),
        (others, 17),
    ],
    "v2": [
        (estimator, 18),
        (framework, 14),
        (hosted, 24),
        (deployed_estimator, 8),
        (processor, 10),
        (transformer, 8),
        (tuner, 8),
        (monitor, 6),
        (feature_group, 6),
        (variants, 4),
    ],
    "v3": [(trainer, 16), (core_model, 8), (core_endpoint, 10), (core_job, 6)],
}


def scripts(name: str) -> list[dict[str, str]]:
    """The scripts of one SDK, the same ones each time."""
    choose = random.Random(f"mlwa {name}")
    return [
        {"name": f"{make.__name__}-{number}", "source": make(choose)}
        for make, count in SETS[name]
        for number in range(count)
    ]
