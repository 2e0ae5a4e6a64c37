"""Every kind of job answers the same questions."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.cloudformation.stacks.project import VOCABULARY, load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.graph import jobs
from mlwa_lint.graph.jobs import JOB_TYPES, Job
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import NO, YES
from mlwa_lint.model.resources import NO_TYPE
from tests.support.graphs import linked


def graph_of(resources: str) -> GraphView:
    """The graph of a template; CloudFormation has no types for most jobs, which only SDKs create."""
    text = f"Parameters: {{P: {{Type: String}}}}\nResources:\n{resources}"
    project = load(Path("t.yaml"), LoadOptions(), text)
    assert all("is not one of CloudFormation's" in each.message for each in project.problems)
    as_created = (each._replace(type=each.type.removesuffix(NO_TYPE)) for each in project.resources)
    return linked(project._replace(resources=tuple(as_created)))


def jobs_of(kind: str, properties: str) -> list[Job]:
    graph = graph_of(f"  Job:\n    Type: AWS::SageMaker::{kind}\n    Properties: {properties}\n")
    return jobs.of(graph.resource("Job"))


def job_of(kind: str, properties: str) -> Job:
    (job,) = jobs_of(kind, properties)
    return job


def texts(views: list[View]) -> list[str | None]:
    return [view.text for view in views]


def text(view: View | None) -> str | None:
    assert view is not None
    return view.text


NETWORK = (
    "{EnableNetworkIsolation: true, EnableInterContainerTrafficEncryption: true, VpcConfig: {Subnets: [s]}}"
)
CLUSTER = "{InstanceType: ml.m5.large, InstanceCount: 2, VolumeSizeInGB: 30, VolumeKmsKeyId: volume}"


def test_training_job() -> None:
    job = job_of(
        "TrainingJob",
        f"""{{AlgorithmSpecification: {{TrainingImage: image}}, RoleArn: role, ResourceConfig: {CLUSTER},
        InputDataConfig: [{{DataSource: {{S3DataSource: {{S3Uri: s3://in/}}}}}}], HyperParameters: {{a: b}},
        OutputDataConfig: {{S3OutputPath: s3://out/, KmsKeyId: key}}, VpcConfig: {{Subnets: [s]}},
        EnableNetworkIsolation: true, EnableInterContainerTrafficEncryption: false, Environment: {{c: d}},
        StoppingCondition: {{MaxRuntimeInSeconds: 60}}, EnableManagedSpotTraining: true,
        CheckpointConfig: {{S3Uri: s3://c/}}, ExperimentConfig: {{ExperimentName: e}}}}""",
    )
    assert job.is_training
    assert [(each.type.text, each.number.number) for each in job.instances] == [("ml.m5.large", 2)]
    assert texts([job.clusters[0].volume_key or job.request]) == ["volume"]
    assert (text(job.output_key), text(job.role), text(job.max_runtime)) == ("key", "role", "60")
    assert texts(job.images) == ["image"]
    assert texts(job.input_locations) == ["s3://in/"]
    assert texts(job.output_locations) == ["s3://out/"]
    assert [view.path[-1] for view in job.settings] == ["Environment", "HyperParameters"]
    assert (text(job.network_isolation), text(job.traffic_encryption)) == ("true", "false")
    assert text(job.spot) == "true"
    assert job.vpc is not None
    assert job.vpc.is_present() == YES
    assert job.checkpoint is not None
    assert job.checkpoint.is_present() == YES
    assert job.experiment is not None
    assert job.experiment.is_present() == YES
    assert job.runs_on_several_instances() == YES


def test_instance_groups_make_one_cluster_with_the_keys_of_the_whole() -> None:
    job = job_of(
        "TrainingJob",
        """{ResourceConfig: {VolumeKmsKeyId: k, InstanceGroups: [
        {InstanceType: a, InstanceCount: 1}, {InstanceType: b, InstanceCount: 1}]}}""",
    )
    assert [each.type.text for each in job.instances] == ["a", "b"]
    assert len(job.clusters) == 1
    assert job.runs_on_several_instances() == YES


def test_instances_that_replace_each_other_are_not_counted_together() -> None:
    job = job_of(
        "HyperParameterTuningJob",
        """{TrainingJobDefinition: {HyperParameterTuningResourceConfig: {InstanceConfigs: [
        {InstanceType: a, InstanceCount: 1}, {InstanceType: b, InstanceCount: 1}]}}}""",
    )
    assert [each.type.text for each in job.instances] == ["a", "b"]
    assert job.runs_on_several_instances() == NO


def test_an_unknown_instance_count_is_undecided() -> None:
    job = job_of("TrainingJob", "{ResourceConfig: {InstanceType: a, InstanceCount: !Ref P}}")
    assert job.runs_on_several_instances().verdict == "undecided"


def test_serverless_training_has_no_machines() -> None:
    assert job_of("TrainingJob", "{ServerlessJobConfig: {JobType: FineTuning}}").clusters == []


def test_processing_job() -> None:
    job = job_of(
        "ProcessingJob",
        f"""{{AppSpecification: {{ImageUri: image}}, NetworkConfig: {NETWORK}, Environment: {{a: b}},
        ProcessingResources: {{ClusterConfig: {CLUSTER}}},
        ProcessingInputs: [{{S3Input: {{S3Uri: s3://in/}}}}],
        ProcessingOutputConfig: {{KmsKeyId: key, Outputs: [{{S3Output: {{S3Uri: s3://out/}}}}]}}}}""",
    )
    assert not job.is_training
    assert [each.type.text for each in job.instances] == ["ml.m5.large"]
    assert text(job.output_key) == "key"
    assert texts(job.output_locations) == ["s3://out/"]
    assert texts(job.input_locations) == ["s3://in/"]
    assert texts(job.images) == ["image"]
    assert (text(job.network_isolation), text(job.traffic_encryption)) == ("true", "true")
    assert job.spot is None
    assert job.checkpoint is None


def test_a_processing_job_without_outputs_needs_no_output_key() -> None:
    assert job_of("ProcessingJob", "{RoleArn: r}").output_key is None


def test_transform_job_has_no_network_and_no_role_of_its_own() -> None:
    job = job_of(
        "TransformJob",
        f"""{{ModelName: m, TransformOutput: {{S3OutputPath: s3://out/, KmsKeyId: key}},
        TransformInput: {{DataSource: {{S3DataSource: {{S3Uri: s3://in/}}}}}},
        TransformResources: {CLUSTER}}}""",
    )
    assert (job.vpc, job.network_isolation, job.traffic_encryption, job.role) == (None, None, None, None)
    assert (job.stopping, job.max_runtime) == (None, None)
    assert text(job.output_key) == "key"
    assert texts(job.input_locations) == ["s3://in/"]
    assert [each.type.text for each in job.instances] == ["ml.m5.large"]
    assert job.clusters[0].volume_size is None
    assert text(job.model) == "m"


def test_a_tuning_job_is_one_job_per_training_definition() -> None:
    found = jobs_of(
        "HyperParameterTuningJob",
        "{TrainingJobDefinitions: [{RoleArn: a}, {RoleArn: b, StaticHyperParameters: {x: y}}]}",
    )
    assert [text(job.role) for job in found] == ["a", "b"]
    assert [len(job.settings) for job in found] == [0, 1]


def test_unknown_training_definitions_give_no_job_and_leave_it_undecided() -> None:
    graph = graph_of(
        "  Job:\n    Type: AWS::SageMaker::HyperParameterTuningJob\n"
        "    Properties: {TrainingJobDefinitions: !Ref P}\n"
    )
    assert jobs.of(graph.resource("Job")) == []
    assert graph.world.undecided == ["parameter P has no default"]


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        (
            "AutoMLJob",
            """{AutoMLJobConfig: {CompletionCriteria: {MaxAutoMLJobRuntimeInSeconds: 9}, SecurityConfig:
            {VolumeKmsKeyId: v, EnableInterContainerTrafficEncryption: true, VpcConfig: {Subnets: [s]}}}}""",
        ),
        (
            "AutoMLJobV2",
            """{SecurityConfig:
            {VolumeKmsKeyId: v, EnableInterContainerTrafficEncryption: true, VpcConfig: {Subnets: [s]}},
            AutoMLProblemTypeConfig: {TextClassificationJobConfig:
            {CompletionCriteria: {MaxAutoMLJobRuntimeInSeconds: 9}}}}""",
        ),
    ],
)
def test_both_versions_of_automl_jobs(kind: str, properties: str) -> None:
    job = job_of(kind, properties)
    assert text(job.clusters[0].volume_key) == "v"
    assert text(job.traffic_encryption) == "true"
    assert text(job.max_runtime) == "9"
    assert job.vpc is not None
    assert job.vpc.is_present() == YES
    assert job.network_isolation is None
    assert job.instances == []


@pytest.mark.parametrize("kind", ["DataQuality", "ModelQuality", "ModelBias", "ModelExplainability"])
def test_monitoring_job_definitions(kind: str) -> None:
    job = job_of(
        f"{kind}JobDefinition",
        f"""{{{kind}AppSpecification: {{ImageUri: image, Environment: {{a: b}}}}, NetworkConfig: {NETWORK},
        JobResources: {{ClusterConfig: {CLUSTER}}}, RoleArn: role,
        {kind}BaselineConfig: {{ConstraintsResource: {{S3Uri: s3://b/}}}},
        {kind}JobOutputConfig:
          {{KmsKeyId: key, MonitoringOutputs: [{{S3Output: {{S3Uri: s3://out/}}}}]}}}}""",
    )
    assert text(job.output_key) == "key"
    assert texts(job.images) == ["image"]
    assert texts(job.output_locations) == ["s3://out/"]
    assert text(job.network_isolation) == "true"
    assert [each.type.text for each in job.instances] == ["ml.m5.large"]
    assert len(job.settings) == 1
    assert job.baseline is not None
    assert job.baseline.is_present() == YES


def test_a_schedule_with_an_inline_definition_is_a_job() -> None:
    job = job_of(
        "MonitoringSchedule",
        f"""{{MonitoringScheduleConfig: {{MonitoringJobDefinition: {{
        MonitoringResources: {{ClusterConfig: {CLUSTER}}}, MonitoringOutputConfig: {{KmsKeyId: key}}}}}}}}""",
    )
    assert text(job.output_key) == "key"
    assert [each.type.text for each in job.instances] == ["ml.m5.large"]


def test_a_schedule_that_names_its_definition_is_no_job() -> None:
    named = "{MonitoringScheduleConfig: {MonitoringJobDefinitionName: d}}"
    assert jobs_of("MonitoringSchedule", named) == []


def test_compilation_and_labeling_jobs() -> None:
    compilation = job_of("CompilationJob", "{OutputConfig: {S3OutputLocation: s3://o/, KmsKeyId: k}}")
    assert (text(compilation.output_key), texts(compilation.output_locations)) == ("k", ["s3://o/"])
    assert compilation.clusters == []
    labeling = job_of("LabelingJob", "{OutputConfig: {S3OutputPath: s3://o/}}")
    assert texts(labeling.output_locations) == ["s3://o/"]
    assert (labeling.clusters, labeling.vpc, labeling.max_runtime) == ([], None, None)


def test_other_resources_are_no_jobs() -> None:
    assert jobs_of("Endpoint", "{}") == []


@pytest.mark.parametrize("kind", JOB_TYPES)
def test_every_query_accepts_an_empty_job_of_every_kind(kind: str) -> None:
    graph = graph_of(f"  Job:\n    Type: {kind}\n    Properties: {{}}\n")
    resource = ResourceView(graph.resource("Job").resource, graph.world)
    requested = [name for name, what in vars(Job).items() if isinstance(what, property)]
    for job in [*jobs.of(resource), Job(resource, "training", resource)]:
        for name in requested:
            getattr(job, name)
        assert job.channels == []
        assert job.settings == []
    assert resource.resource.vocabulary is VOCABULARY
