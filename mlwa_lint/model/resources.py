"""Resources in the canonical vocabulary: what the front ends make and the graph links."""

from collections.abc import Collection, Mapping
from typing import Literal, Protocol, TypeAlias

from mlwa_lint.model.conditions import Guard, Scenarios
from mlwa_lint.model.purpose import SHOWN_PURPOSES, Purpose, is_place_for_learning, purpose_of
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Entry, MapValue, Scalar, Value
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

# Among a resource's attributes: the program that makes it also deletes it.
DELETED = "Deleted"
# Among them too, as phrases: what else may delete it; what else of the project changes it, or what it
# captures.
REMOVED = "Removed"
# Among them too: nothing that runs anyway deletes it, but a function that nothing calls, another file.
UNCALLED = "Uncalled"
# Among them too: another program of the project invokes it and deletes it.
TRIED = "Tried"
# … and no other one invokes it.
USED_ONCE = "UsedOnce"
# … or a script or a program of the project is there to delete it.
CLEANED_UP = "CleanedUp"
CHANGED = "Changed"
CAPTURED = "Captured"
# Among them too: all endpoints that programs of the project make start with one instance.
SINGLE = "Single"
# Among them too: the program for the CDK that sets up alarms on metrics of SageMaker, as a phrase.
WATCHED = "Watched"
# Among the properties of what programs request: why the code in the container needs the network.
FETCHES = "CodeFetches"
# Among them too: the script that a job runs, with its folder.
SCRIPT = "CodeScript"
# Why the role is not known with which a program runs: `get_execution_role()`.
RUNNING_ROLE = "the role that runs the program is known only there"
# Among the attributes of a model with it: the notebook instance or Studio domain that runs the program, or
# why that is not known.
RUNS_ON = "RunsOn"
MAY_RUN_ON = "MayRunOn"
# Among the attributes of a function beside a state machine: what its handler returns, as far as known.
RETURNS = "Returns"
# Among them too: what shows that the project builds the image with a CUDA before 11.
OLD_CUDA = "ImageBeforeCuda11"
# Among the attributes too: that nothing shows that the code of a job uses a GPU, as a phrase.
NO_GPU = "NoGpu"
# … and that the code of a training job fits its model in one call, which leaves nothing to resume from.
FITS_AT_ONCE = "FitsAtOnce"
# Among those of a pipeline: by the names of its steps, what is noted of the jobs that they run: their
# attributes, and under a key of their own what is among their properties.
STEP_NOTES = "StepNotes"
STEP_PROPERTIES = "StepProperties"
# Among the attributes too: the path of the program shows that it is an example.
EXAMPLE = "Example"
# Among them too: why nothing in the project uses what makes it, as a phrase.
UNUSED = "Unused"
# Among them too: why production does not seem to depend on it, as a phrase.
ALONE = "Alone"
# Among them too: nothing shows that production depends on an endpoint, though something may invoke it.
UNOPERATED = "Unoperated"
# … why training uses no spot capacity, as a phrase; that a configuration of the repository has default tags.
SPOT_ASIDE = "SpotAside"
TAGS_BY_DEFAULT = "TagsByDefault"
# Among those of a tuning job: its training reports metrics only once, when it has ended.
REPORTED_ONCE = "ReportedOnce"
# Among those of a model: which program takes a model from a hub, where none trains one, as a phrase.
TAKEN = "TakenFromHub"
# Among them too: why what makes it certainly is not run, as a phrase.
IDLE = "Idle"
# Among them too: the assumptions that nothing is given for what whoever calls or runs the program may give.
OFFERED = "Offered"
# Among them too: the assumptions that parameters of a package, which others install, keep their defaults.
OPEN = "Open"
# Among them too: the assumptions that options of the command line keep their defaults.
USUAL = "Usual"
# Among them too: the program that makes it builds container images and pushes them.
BUILDS = "Builds"
# Among those of a call of a model, also in the code of a function: where it fails, another one is made.
TRIED = "Tried"
# Among them too: the program deletes what has its name before it makes it anew.
REPLACED = "Replaced"
# Among them too: whether the program updates it. False where what makes it contains no updates.
UPDATED = "Updated"
# Among them too: the program that makes a workflow starts it, or another one of the project does. True where
# continuous integration runs that.
STARTED = "Started"
# Among them too: a DAG of Airflow runs what makes it. True where the DAG has a schedule.
BY_DAG = "ByDag"
# Among those of a state machine: its comment states that its definition is a placeholder.
PLACEHOLDER = "Placeholder"
# Beside `STARTED`: the file that starts the workflow, where that is another one.
STARTER = "Starter"
# Among them too, as a phrase: a person runs what starts a workflow, and nothing else in the project does; or
# what makes an endpoint on which nothing depends.
MANUAL = "Manual"
# Among them too: the project has what records the runs of its training jobs.
RECORDED = "Recorded"
# Beside it: that programs write down themselves what each run was made with, as a phrase.
NOTED_DOWN = "NotedDown"
# … or that the program of a job takes no options, so that all its runs are alike, as a phrase.
ONE_WAY = "OneWay"
# Among those of a resource into which others were folded: the addresses that it names itself, without theirs.
NAMED_ITSELF = "NamedItself"
# Among those of a Studio domain: the file beside its own that declares a variant with `VpcOnly`.
VPC_ONLY_VARIANT = "VpcOnlyVariant"
# Among those of an endpoint: the program in another language than Python that invokes endpoints, or the
# template, configuration or code of a function in another stack that states its name.
INVOKED = "InvokedBy"
# Among those of a bucket or an image repository: the program, or the configuration of another project, for
# machine learning that states its name.
NAMED_BY = "NamedBy"
# … that trains or hosts with the SageMaker SDK or a client of SageMaker.
TRAINED_BY = "TrainedBy"
# … and which other file makes it, where a program only does so if it does not exist, as a phrase.
MADE_ELSEWHERE = "MadeElsewhere"
# … and which program always writes the same objects to it, as a phrase.
FIXED_OBJECTS = "FixedObjects"
# … and the file that states the address of a page in it.
PAGE_OF = "PageOf"
# Among those of an alarm without actions: the other file of the repository that reacts to its states; of an
# endpoint: the file with the body of a dashboard on metrics of endpoints, which a program puts.
REACTED = "ReactedBy"
SHOWN = "ShownBy"
# … unknown where another file makes a schedule of Model Monitor that may watch it.
WATCHED = "WatchedBy"
# Among those of a workflow: the file of a role with which continuous integration may start it.
LETS_START = "LetsStart"
# Among those of a bucket: what descriptions of outputs and parameters state of its content.
DESCRIBED = "DescribedAs"
# Among those of a crawler: the program of the repository that starts it; unknown where it may be that.
CRAWLED = "CrawledBy"
# Among those of a knowledge base: whether programs of the repository send prompts to models, as one of these.
PROMPTS = "Prompts"
NO_PROMPTS = "none"
BY_HAND = "by hand"
SERVED = "served"
# Among those of a gateway: the file of the repository that sets up a policy engine; of a runtime: the one
# that shows that programs export spans; of a data access policy: the accounts of resources that files name;
# of a network policy of collections: the program that creates their indexes where it runs.
SETS_UP_POLICY = "SetsUpPolicy"
EXPORTS_SPANS = "ExportsSpans"
NAMED_ACCOUNTS = "NamedAccounts"
MAKES_INDEXES = "MakesIndexes"
# … and of a runtime: the file that keeps prompts and responses out of what programs record.
CONTENT_OFF = "ContentOff"
# The subjects of the choices that comments beside a resource state, in one text.
STATED_REASON = "StatedReason"
# Why what is insecure is so on purpose, as a phrase: its names, its tags or its repository state it.
VULNERABLE = "VulnerableOnPurpose"
# Which document states that something is left out on purpose, as a phrase.
CHOSEN = "LeftOutOnPurpose"
# Which document states what the instances of an endpoint cost, as a phrase.
PRICED = "Priced"
# … and of a guardrail: the one side that programs apply guardrails to, `INPUT` or `OUTPUT`.
APPLIED_TO = "AppliedTo"
# Among those of a model: what records models elsewhere than in the registry of SageMaker, as a phrase.
REGISTERED_BY = "RegisteredBy"
# Among those of an API: the file that states that it is open on purpose.
OPEN_BY = "OpenBy"
# The settings of a deployment by SAM, which are those of one stack; a script can deploy several.
STACK_SETTINGS = "samconfig.toml"
# What is noted of a file that could show something, where files are too many or too large to be read.
NOT_KNOWN = "?"
# Among those of a function: where its code is, what it calls in AWS, whether it certainly invokes no model,
# and what else it certainly does not call: `INFERENCE`, `BEDROCK`, `PROMPTING`, `JOBS`, `WORK`, `UPLOADS`.
CODE_PATH = "CodePath"
REQUESTS = "Requests"
COMPLETE = "RequestsAreComplete"
SILENT = "NeverRequested"
# … the keys that its code reads, where it deletes all objects of a bucket when what calls it is deleted,
EMPTIES = "EmptiesBuckets"
# … that its code runs queries in Athena (also of what a program makes that does),
QUERIES = "RunsQueries"
# … and the environment variables that its code names, where all of it is known.
READ_VARIABLES = "ReadVariables"
# … and those by which its code names stored secrets, or keys in them.
NAMES_SECRETS = "NamesSecrets"
# … and whether its code reads what callers present in a header and verifies it, where all of it is known.
CHECKS_CALLERS = "ChecksCallers"
# … and whether its code certainly verifies how the service that calls it signs its requests.
VERIFIES_SIGNATURES = "VerifiesSignatures"
# … and whether its code fails at once at an event without records, such as a request of an API.
NEEDS_RECORDS = "NeedsRecords"
# … and whether its code catches every exception, so that no event counts as failed.
CATCHES_ALL = "CatchesAll"
# How the arguments of Bedrock's operations call a model, somewhere inside of them.
MODEL_ARGUMENTS = (
    "baseModelIdentifier",
    "embeddingModelArn",
    "foundationModel",
    "modelArn",
    "modelId",
    "modelIdentifier",
    "teacherModelIdentifier",
)
# As which a program counts that asks a model of Bedrock: no resource of AWS.
MODEL_CALL = "Bedrock::Runtime::Call"
INFERENCE, BEDROCK, JOBS, WORK = "inference", "bedrock", "jobs", "work"
# … what sends prompts to models of Bedrock: retrieving from a knowledge base and guardrails alone do not,
PROMPTING = "prompting"
# … what analyses the pictures, documents, recordings and texts of people,
UPLOADS = "uploads"
# … that it passes nothing on by which something else may invoke a model,
ONWARD = "onward"
# … or by nothing but what it keeps in tables and buckets,
BEYOND_STORES = "beyond-stores"
# … that nothing in it may judge how good a model is,
JUDGING = "judging"
# … and what invokes an endpoint, or asks anything else of SageMaker.
ENDPOINTS = "endpoints"
# The properties that hold the document of a policy, and the list of policies that are inline.
POLICY_DOCUMENTS = ("AssumeRolePolicyDocument", "KeyPolicy", "PolicyDocument", "RepositoryPolicyText")
INLINE_POLICIES = "Policies"
# The keys of the tags that SAM sets itself, which show nothing of who pays.
FUNCTION_OF_SAM, MACHINE_OF_SAM = "lambda:createdBy", "stateMachine:createdBy"
SET_BY_SAM = (FUNCTION_OF_SAM, MACHINE_OF_SAM, "httpapi:createdBy")
Language: TypeAlias = Literal["cloudformation", "terraform", "python"]


_CAPITAL = lazy(r"(?<=[a-z0-9])(?=[A-Z])")


# What the type of a resource ends with where CloudFormation does not have it: no rule is about it.
NO_TYPE = " (unknown)"


def noun_of(resource_type: str) -> str:
    """What distinguishes programs' resources by their type: `churn/training_job` beside `churn`."""
    return _CAPITAL.sub("_", resource_type.rsplit("::", 1)[-1]).lower()


class Vocabulary(Protocol):
    """How the user's language calls a canonical type's properties."""

    @property
    def language(self) -> Language:
        """The language that the user writes."""
        ...

    def label(self, resource_type: str, path: tuple[str, ...]) -> str:
        """The user's name of a property.

        ("DataCaptureConfig", "KmsKeyId") is `data_capture_config.kms_key_id` in Terraform.
        Indexes into lists are left out of `path`.
        """
        ...


class Resource(NamedTuple):
    """One resource, with what is known of it before deployment.

    address:    how the user names it: a logical id, `aws_x.y["k"]`, `module.m.aws_x.y`.
    type:       canonical type (CloudFormation's), `AWS::SageMaker::EndpointConfig`. A Terraform
                type without a CloudFormation counterpart keeps its own name.
    span:       where it is declared: the logical id's key, the block's header.
    attributes: what is beside the properties: CloudFormation's DeletionPolicy,
                UpdateReplacePolicy, DependsOn, Metadata; Terraform's `lifecycle` as Lifecycle
                (PreventDestroy, CreateBeforeDestroy), `depends_on` as DependsOn, `force_destroy`
                stays a property (ForceDestroy); of a program, that it deletes the resource (Deleted), that
                it is an example (Example) or builds images (Builds), why it is not used (Unused), and
                whether it updates the resource (Updated).
    guards:     the conditions under which it exists.
    folded:     addresses of resources whose content was folded into this one (Terraform's
                split S3 resources), so that references to them lead here.
    region:     the AWS Region that the configuration pins for it, if any.
    """

    address: str
    type: str
    properties: MapValue
    span: Span
    vocabulary: Vocabulary
    attributes: MapValue
    guards: tuple[Guard, ...] = ()
    folded: tuple[str, ...] = ()
    region: str | None = None

    def with_note(self, name: str, text: str) -> "Resource":
        """The resource with a text as a further attribute: what other files show of it."""
        entry = Entry(self.span, Scalar(text, self.span), name)
        return self._replace(
            attributes=self.attributes._replace(entries={**self.attributes.entries, name: entry})
        )


class Gap(NamedTuple):
    """A part of a project that could not be analysed, and so may declare anything.

    `what` names it for the user: "module vpc (registry source)", "macro MyMacro". `inputs` are the
    values handed to it, when it can touch other resources only through these (a module); None when
    it can touch anything (a macro). `never` lists canonical type prefixes that it certainly does
    not declare; `only` is all that it can declare, where its text shows that. `owner` is the resource that it
    is a part of, and `why` the reason why it is not known.
    `broken`: whether it is what makes the project partial.
    """

    what: str
    span: Span
    inputs: tuple[Value, ...] | None = None
    never: tuple[str, ...] = ()
    owner: str = ""
    why: str = ""
    broken: bool = False
    only: tuple[str, ...] | None = None


class Problem(NamedTuple):
    """An input that could not be read or understood: what, where, and what to do.

    `fatal` problems make the run exit 2. Others are notices: what was passed over, or read in another way
    than its author may expect. They are on standard error, in every report and in the summary. A `quiet` one
    is informational and needs no action (where a file was found): only `--verbose` shows it. `whole`: whether
    all of the file is read nevertheless. The line is 0 where there is none: what cannot be read, or is not
    there, has no lines. `refuses`: why nothing can be deployed as it is, where that is certain.
    """

    path: str
    line: int
    message: str
    fatal: bool = True
    quiet: bool = False
    whole: bool = False
    refuses: str = ""

    @property
    def place(self) -> str:
        """The file, with the line if there is one."""
        return f"{self.path}:{self.line}" if self.line else self.path

    @property
    def first_line(self) -> int:
        """A line for formats that must have one."""
        return max(self.line, 1)


def notice(path: str, line: int, message: str, whole: bool = False) -> Problem:
    """What the user should know of an input though it stops nothing: nothing is skipped silently.

    whole: whether all of the file is read nevertheless.
    """
    return Problem(path, line, message, fatal=False, whole=whole)


class Project(NamedTuple):
    """What is deployed together: a template, a Terraform root module, a plan, a CDK assembly.

    exports:  what other CloudFormation stacks can import of it, by name.
    reusable: whether it is a Terraform module that waits for callers, of which none was read.
    roots:    where several were put together, the root of each resource by its address.
    teaches:  whether the repository's README states that it is for learning or trying.
    taught:   whether that, a name of a resource or a notebook shows that people learn with it, and that it is
              deleted again.
    description: what a template states of itself.
    tries:    whether it tries something out, and nothing in the repository shows that it is operated.
    needs_no_key: whether nothing in the repository mentions a customer managed key or suggests one.
    needs_no_network: whether nothing in the repository has a VPC that jobs and models could run in.
    keyed_buckets: whether all buckets that the repository declares encrypt with a KMS key by default.
    operated: whether something shows that it is operated, or nothing is known.
    names_keys: whether texts of the repository mention such keys, and nothing that its data needs one.
    tagged:   the templates whose stacks are or may be tagged as a whole at deployment, and how, as a phrase.
    place:    where its root is below the repository, if that does not show in `root`.
    credentials: what is equal to a credential that a provider is configured with, by its identity.
    left_out: which default of a variable leaves a resource out, as a phrase, by the type of the resource.
    given:    the variables that scripts of the repository give other values than their defaults, and the
              name of the script; `*` in a variable's name stands for anything.
    applied:  the configuration of continuous integration that deploys it; empty where none is known.
    applied_by_hand: whether that one waits for a person who starts it.
    uncalled: whether the repository deploys configurations that call other modules than this one.
    called_for_ml: whether configurations that call it, and do not expand it, declare something of ML.
    queried_for_ml: whether ML that is deployed apart from it, in the same repository, may query its data.
    set_by_callers: the variables of a module that is checked alone which each of its callers sets.
    """

    root: str
    resources: tuple[Resource, ...]
    scenarios: Scenarios
    gaps: tuple[Gap, ...] = ()
    problems: tuple[Problem, ...] = ()
    sources: tuple[str, ...] = ()
    partial: bool = False
    exports: Mapping[str, Value] = {}
    reusable: bool = False
    roots: Mapping[str, str] = {}
    teaches: bool = False
    taught: bool = False
    description: str = ""
    tries: bool = False
    needs_no_key: bool = False
    needs_no_network: bool = False
    keyed_buckets: bool = False
    operated: bool = True
    names_keys: bool = False
    tagged: Mapping[str, str] = {}
    place: str = ""
    credentials: frozenset[str] = frozenset()
    left_out: Mapping[str, str] = {}
    given: Mapping[str, str] = {}
    applied: str = ""
    applied_by_hand: bool = False
    uncalled: bool = False
    called_for_ml: bool = False
    queried_for_ml: bool = False
    set_by_callers: frozenset[str] = frozenset()

    def with_notes(self, types: Collection[str], name: str, text: str) -> "Project":
        """The project with a text as a further attribute of each resource of some types."""
        noted = (each.with_note(name, text) if each.type in types else each for each in self.resources)
        return self._replace(resources=tuple(noted))

    @property
    def refused(self) -> str:
        """Why nothing of it can be deployed as it is, by a mistake of syntax or a name; empty where it can.

        The line is in the error itself: findings are remembered, and lines move.
        """
        broken = (each for each in self.problems if each.fatal and each.message.startswith("not valid "))
        first = next(broken, None)
        if first is not None:
            return f"{first.path} is not valid, and nothing can be deployed until it is"
        return next((each.refuses for each in self.problems if each.refuses), "")

    @property
    def purpose(self) -> Purpose:
        """What it is for: to be deployed, as an example, or by callers."""
        place = self.place or self.root
        purpose = purpose_of(place, self.reusable, self.teaches or self.tries)
        if purpose in SHOWN_PURPOSES and (self.taught or is_place_for_learning(place)):
            return "lesson"
        return "uncalled" if purpose == "module" and self.uncalled else purpose
