"""One view of every kind of job, wherever it is declared: training, processing, transform, tuning …

Rules read the same properties of all kinds; what a kind of job does not have is None or empty, so
that the rule reports nothing about it:

    for job in jobs.of(resource):
        for cluster in job.clusters:
            if cluster.volume_key is not None:
                yield Claim(cluster.volume_key.is_absent(), cluster.volume_key, …)
"""

from collections.abc import Callable, Iterable
from typing import Literal, TypeAlias

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.kinds import JOB_DEFINITIONS, MONITORING_SCHEDULE, PIPELINE, WORKFLOW_TYPES
from mlwa_lint.graph.machines.clusters import Cluster, Instances, instances_of
from mlwa_lint.graph.relations import GraphView, Links
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import YES, Answer, certainly, some, undecided

TRAINING = "AWS::SageMaker::TrainingJob"
PROCESSING = "AWS::SageMaker::ProcessingJob"
TRANSFORM = "AWS::SageMaker::TransformJob"
TUNING = "AWS::SageMaker::HyperParameterTuningJob"
AUTOML = "AWS::SageMaker::AutoMLJob"
AUTOML_V2 = "AWS::SageMaker::AutoMLJobV2"
COMPILATION = "AWS::SageMaker::CompilationJob"
LABELING = "AWS::SageMaker::LabelingJob"

TRAINING_TYPES = (TRAINING, TUNING, AUTOML, AUTOML_V2)
JOB_TYPES: tuple[str, ...] = (
    TRAINING,
    PROCESSING,
    TRANSFORM,
    TUNING,
    AUTOML,
    AUTOML_V2,
    COMPILATION,
    LABELING,
    *JOB_DEFINITIONS,
    MONITORING_SCHEDULE,
)

JobKind: TypeAlias = Literal[
    "training", "processing", "transform", "tuning", "automl", "compilation", "labeling", "monitoring"
]
_KINDS: dict[str, JobKind] = {
    TRAINING: "training",
    PROCESSING: "processing",
    TRANSFORM: "transform",
    TUNING: "tuning",
    AUTOML: "automl",
    AUTOML_V2: "automl",
    COMPILATION: "compilation",
    LABELING: "labeling",
    MONITORING_SCHEDULE: "monitoring",
    **dict.fromkeys(JOB_DEFINITIONS, "monitoring"),
}
_TRAINS = ("training", "tuning")


class Job:
    """One job as its request describes it: `request` is the map with its properties.

    A tuning job is one `Job` per training job definition. `kind` distinguishes the sorts of jobs.
    """

    __slots__ = ("kind", "request", "resource")

    def __init__(self, resource: ResourceView, kind: JobKind, request: View) -> None:
        self.resource = resource
        self.kind = kind
        self.request = request

    def __str__(self) -> str:
        return str(self.resource)

    def __getitem__(self, path: str) -> View:
        return self.request[path]

    @property
    def type(self) -> str:
        """The canonical type of the resource that declares it."""
        return self.resource.type

    @property
    def is_training(self) -> bool:
        """Whether it trains a model with training jobs of its own: training and tuning."""
        return self.kind in _TRAINS

    @property
    def _prefix(self) -> str:
        """`DataQuality` in DataQualityJobDefinition, whose properties repeat it."""
        return self.resource.type.rsplit("::", 1)[-1].removesuffix("JobDefinition")

    @property
    def _is_definition(self) -> bool:
        return self.type in JOB_DEFINITIONS

    # -- machines

    @property
    def clusters(self) -> list[Cluster]:
        """The job's machines; none when it runs without any (serverless training, compilation)."""
        if self.is_training:
            return self._training_clusters()
        if self.kind == "automl":
            return [Cluster(self._security, (), self._security["VolumeKmsKeyId"], None)]
        if self.kind == "labeling":
            return self._labeling_clusters()
        paths = {
            "processing": "ProcessingResources.ClusterConfig",
            "transform": "TransformResources",
            "monitoring": "JobResources.ClusterConfig"
            if self._is_definition
            else "MonitoringResources.ClusterConfig",
        }
        path = paths.get(self.kind)
        if path is None:
            return []
        config = self[path]
        size = None if self.kind == "transform" else config["VolumeSizeInGB"]
        return [Cluster(config, instances_of(config), config["VolumeKmsKeyId"], size)]

    def _training_clusters(self) -> list[Cluster]:
        if certainly(self["ServerlessJobConfig"].is_present()):
            return []
        tuned = self["HyperParameterTuningResourceConfig"]
        use_tuned = self.kind == "tuning" and certainly(tuned.is_present())
        config = tuned if use_tuned else self["ResourceConfig"]
        return [Cluster(config, instances_of(config), config["VolumeKmsKeyId"], config["VolumeSizeInGB"])]

    def _labeling_clusters(self) -> list[Cluster]:
        algorithms = self["LabelingJobAlgorithmsConfig"]
        if not certainly(algorithms.is_present()):
            return []  # people alone label, no machine has a volume
        config = algorithms["LabelingJobResourceConfig"]
        return [Cluster(config, (), config["VolumeKmsKeyId"], None)]

    @property
    def instances(self) -> list[Instances]:
        """All groups of instances."""
        return [each for cluster in self.clusters for each in cluster.instances]

    def runs_on_several_instances(self) -> Answer:
        """Whether the job is spread over more than one machine."""
        groups = self.instances
        together = [each for each in groups if not each.alternative]
        answers = [each.number.at_least(2, default=1) for each in groups]
        if len(together) > 1:
            # Two groups that have at least one instance each make a cluster of two.
            filled = [each.number.at_least(1, default=1) for each in together]
            sure = sum(1 for each in filled if each.verdict == "yes")
            answers.append(undecided("a count is not known") if sure < 2 else filled[0] & filled[1])
        return some(answers)

    # -- protection

    @property
    def _security(self) -> View:
        return self["SecurityConfig"] if self.type == AUTOML_V2 else self["AutoMLJobConfig.SecurityConfig"]

    @property
    def network(self) -> View | None:
        """The map that holds its network settings; None where the job has none of its own (transform)."""
        if self.kind in ("processing", "monitoring"):
            return self["NetworkConfig"]
        if self.kind == "automl":
            return self._security
        if self.kind == "labeling":
            return self["LabelingJobAlgorithmsConfig.LabelingJobResourceConfig"]
        return None if self.kind == "transform" else self.request

    @property
    def vpc(self) -> View | None:
        """VpcConfig."""
        if self.kind == "labeling" and not self.clusters:
            return None
        network = self.network
        return None if network is None else network["VpcConfig"]

    @property
    def network_isolation(self) -> View | None:
        """EnableNetworkIsolation."""
        if self.is_training or self.kind in ("processing", "monitoring"):
            network = self.network
            return None if network is None else network["EnableNetworkIsolation"]
        return None

    @property
    def traffic_encryption(self) -> View | None:
        """EnableInterContainerTrafficEncryption."""
        if self.is_training or self.kind in ("processing", "monitoring", "automl"):
            network = self.network
            return None if network is None else network["EnableInterContainerTrafficEncryption"]
        return None

    @property
    def role(self) -> View | None:
        """The execution role; a transform job uses its model's."""
        return None if self.kind == "transform" else self["RoleArn"]

    # -- output and input

    @property
    def output(self) -> View:
        """The map that states where the job writes and with which key."""
        if self.kind == "transform":
            return self["TransformOutput"]
        if self.kind == "processing":
            return self["ProcessingOutputConfig"]
        if self.kind in ("compilation", "labeling"):
            return self["OutputConfig"]
        if self.kind == "monitoring":
            name = f"{self._prefix}JobOutputConfig" if self._is_definition else "MonitoringOutputConfig"
            return self[name]
        return self["OutputDataConfig"]

    @property
    def output_key(self) -> View | None:
        """The key that encrypts the output; None when a processing job declares no output at all."""
        if self.kind == "processing" and certainly(self["ProcessingOutputConfig"].is_absent()):
            return None
        return self.output["KmsKeyId"]

    @property
    def output_locations(self) -> list[View]:
        """S3 URIs that the job writes its results to."""
        output = self.output
        if self.kind == "processing":
            return _present(each["S3Output.S3Uri"] for each in output["Outputs"].known_items())
        if self.kind == "monitoring":
            return _present(each["S3Output.S3Uri"] for each in output["MonitoringOutputs"].known_items())
        if self.kind == "compilation":
            return _present([output["S3OutputLocation"]])
        return _present([output["S3OutputPath"]])

    def writes_to_s3(self) -> Answer:
        """Whether it writes to S3 at all: the outputs of a processing job may all be feature groups."""
        if self.kind != "processing":
            return YES
        outputs = self.output["Outputs"]
        return outputs.is_absent() | outputs.any_item(lambda each: each["FeatureStoreOutput"].is_absent())

    @property
    def channels(self) -> list[View]:
        """What the job reads: training channels, processing inputs, the transform input."""
        if self.is_training:
            return self["InputDataConfig"].known_items()
        if self.kind == "processing":
            return self["ProcessingInputs"].known_items()
        if self.kind == "transform":
            return _present([self["TransformInput"]])
        if self.type == AUTOML_V2:
            return self["AutoMLJobInputDataConfig"].known_items()
        if self.kind == "automl":
            return self["InputDataConfig"].known_items()
        if self.kind == "monitoring":
            if self._is_definition:
                return _present([self[f"{self._prefix}JobInput"]])
            return self["MonitoringInputs"].known_items()
        return _present([self["InputConfig"]])

    @property
    def input_locations(self) -> list[View]:
        """S3 URIs that the job reads from."""
        return _present(each[path] for each in self.channels for path in _INPUT_PATHS[self.kind])

    @property
    def baseline(self) -> View | None:
        """What a monitoring job compares with; None for other kinds."""
        if self.kind != "monitoring":
            return None
        return self[f"{self._prefix}BaselineConfig" if self._is_definition else "BaselineConfig"]

    # -- what runs

    @property
    def _application(self) -> View:
        if self._is_definition:
            return self[f"{self._prefix}AppSpecification"]
        return self["MonitoringAppSpecification" if self.kind == "monitoring" else "AppSpecification"]

    @property
    def images(self) -> list[View]:
        """Container images that the job states."""
        if self.is_training:
            return _present([self["AlgorithmSpecification.TrainingImage"]])
        if self.kind in ("processing", "monitoring"):
            return _present([self._application["ImageUri"]])
        return []

    @property
    def settings(self) -> list[View]:
        """Maps of free text that the job hands to its containers: environment and hyperparameters."""
        environment = self._application["Environment"] if self._is_definition else self["Environment"]
        found = [environment]
        if self.kind == "training":
            found.append(self["HyperParameters"])
        if self.kind == "tuning":
            found.append(self["StaticHyperParameters"])
        return _present(found)

    # -- cost and tracking

    @property
    def stopping(self) -> View | None:
        """The map that limits the job's time; None where the kind has no such limit (transform, labeling)."""
        if self.kind in ("transform", "labeling"):
            return None
        if self.kind != "automl":
            return self["StoppingCondition"]
        if self.type == AUTOML:
            return self["AutoMLJobConfig.CompletionCriteria"]
        problem = self["AutoMLProblemTypeConfig"]
        kinds = [each for _, each in problem.entries()]
        return kinds[0]["CompletionCriteria"] if kinds else problem["TabularJobConfig.CompletionCriteria"]

    @property
    def max_runtime(self) -> View | None:
        """The longest time that it may run, in seconds."""
        stopping = self.stopping
        if stopping is None:
            return None
        return stopping["MaxAutoMLJobRuntimeInSeconds" if self.kind == "automl" else "MaxRuntimeInSeconds"]

    @property
    def spot(self) -> View | None:
        """EnableManagedSpotTraining."""
        return self["EnableManagedSpotTraining"] if self.is_training else None

    @property
    def checkpoint(self) -> View | None:
        """CheckpointConfig."""
        return self["CheckpointConfig"] if self.is_training else None

    @property
    def experiment(self) -> View | None:
        """ExperimentConfig."""
        return self["ExperimentConfig"] if self.kind in ("training", "processing", "transform") else None

    @property
    def model(self) -> View | None:
        """The name of the model that a transform job applies."""
        return self["ModelName"] if self.kind == "transform" else None


_INPUT_PATHS: dict[JobKind, tuple[str, ...]] = {
    "training": ("DataSource.S3DataSource.S3Uri",),
    "tuning": ("DataSource.S3DataSource.S3Uri",),
    "automl": ("DataSource.S3DataSource.S3Uri",),
    "processing": ("S3Input.S3Uri",),
    "transform": ("DataSource.S3DataSource.S3Uri",),
    "compilation": ("S3Uri",),
    "labeling": ("DataSource.S3DataSource.ManifestS3Uri",),
    "monitoring": ("BatchTransformInput.DataCapturedDestinationS3Uri", "GroundTruthS3Input.S3Uri"),
}


def of(resource: ResourceView) -> list[Job]:
    """The jobs that a resource declares: none, one, or a tuning job's several."""
    kind = _KINDS.get(resource.type)
    if kind is None:
        return []
    if kind == "tuning":
        several, single = resource["TrainingJobDefinitions"], resource["TrainingJobDefinition"]
        requests = several.items()
        if certainly(several.is_absent()) or certainly(single.is_present()):
            requests.insert(0, single)
        return [Job(resource, kind, request) for request in requests]
    if resource.type == MONITORING_SCHEDULE:
        inline = resource["MonitoringScheduleConfig.MonitoringJobDefinition"]
        return [Job(resource, kind, inline)] if certainly(inline.is_present()) else []
    return [Job(resource, kind, resource)]


def workflows_of(job: ResourceView, graph: GraphView) -> Links:
    """The state machines and pipelines that run a job."""
    return graph.sources(job, EdgeKind.RUNS, *sorted(WORKFLOW_TYPES))


def in_pipeline(job: ResourceView, graph: GraphView) -> bool:
    """Whether the job is a step of a SageMaker Pipeline, which records experiments and lineage itself."""
    return any(each.type == PIPELINE for each in workflows_of(job, graph))


def every_job(graph: GraphView, question: Callable[[Job], bool] = lambda job: True) -> list[Job]:
    """All jobs of the graph for which a question is answered yes."""
    return [job for resource in graph.of_type(*JOB_TYPES) for job in of(resource) if question(job)]


def _present(views: Iterable[View]) -> list[View]:
    return [view for view in views if not certainly(view.is_absent())]
