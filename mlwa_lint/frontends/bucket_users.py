"""Buckets, tables, image repositories and what queries data, as files for machine learning name them.

Those are programs of the repository, and templates and configurations that do not belong to the project.
"""

import os
from collections.abc import Iterable, Iterator, Mapping

from mlwa_lint.files import PROGRAMS
from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.texts import OF_INTEGRATION, PathSteps, is_test
from mlwa_lint.model.resources import NAMED_BY, TRAINED_BY, Project, Resource
from mlwa_lint.model.values import MapValue, Value, known_text
from mlwa_lint.startup.patterns import lazy, leading, worded
from mlwa_lint.startup.records import NamedTuple

_BUCKET, _REPOSITORY = "AWS::S3::Bucket", "AWS::ECR::Repository"
_TABLE, _WORKGROUP, _DATABASE = "AWS::DynamoDB::Table", "AWS::Athena::WorkGroup", "AWS::Glue::Database"
_NAMES = {
    _BUCKET: ("BucketName",),
    _REPOSITORY: ("RepositoryName",),
    _TABLE: ("TableName",),
    _WORKGROUP: ("Name",),
    _DATABASE: ("DatabaseInput", "Name"),
}
_CONFIGURATIONS = (".yaml", ".yml", ".json", ".tf")
# What makes a program one for machine learning: the SageMaker SDK, or a client of such a service.
_ML = worded(
    r"(?m)^[ \t]*(?:import|from) sagemaker\b"
    r"|\b(?:client|resource)\(\s*(?:service_name=)?[\"'](?:sagemaker|bedrock)",
    *("sagemaker", "bedrock"),
)
# What trains and hosts, for which a bucket holds data and models.
_TRAINS = lazy(
    r"\bcreate_(?:training|processing|transform|hyper_parameter_tuning|auto_ml)_job|\bcreate_model\b"
    r"|\b\w*(?:Estimator|Processor|Trainer|Tuner|Transformer|Model)\(|\.(?:fit|transform|upload_data)\("
)
# The names of buckets that a text may state: `"churn-data"`, `"s3://churn-data/train"`.
_LITERAL = lazy(r"[\"'](?:s3a?://)?([a-z0-9][a-z0-9.-]{2,61}[a-z0-9])(?=[\"'/])")
# Shorter ones, and those of one word, are names of other things as well.
_LEAST = 6
# What a workflow gives to what it runs: `ARTIFACT_BUCKET: churn-artifacts`.
_VARIABLE = lazy(r"(?m)^[ \t-]+([A-Z][A-Z0-9_]{3,}): *[\"']?([a-z0-9][a-z0-9.-]{4,61}[a-z0-9])[\"']?[ \t]*$")
# The same name where a program reads it.
_QUOTED_VARIABLE = lazy(r"[\"']([A-Z][A-Z0-9_]{3,})(?=[\"'])")
# Templates, Terraform and state machines with machine learning, and with training or hosting.
_ML_TYPES = leading(
    r"AWS::(?:SageMaker|Bedrock|BedrockAgentCore)::|[\"']aws(?:cc)?_(?:sagemaker|bedrock)|"
    r"states:::(?:aws-sdk:)?(?:sagemaker|bedrock)",
    *("AWS::SageMaker::", "AWS::Bedrock", '"aws', "'aws", "states:::"),
)
_TRAINING_TYPES = leading(
    r"AWS::SageMaker::(?:Model|Pipeline|\w+Job)\b|[\"']aws(?:cc)?_sagemaker_(?:model|pipeline|\w+_job)\b|"
    r"states:::(?:aws-sdk:)?sagemaker:create",
    *("AWS::SageMaker::", '"aws', "'aws", "states:::"),
)
# Where they state a bucket: `s3://churn-data/train`, or the bucket of a data source.
_PLACE = worded(r"\bs3://([a-z0-9][a-z0-9.-]{4,61}[a-z0-9])(/[^\s\"',)\]}]*)?(?=[\s\"',)\]}]|$)", "s3://")
_SOURCE = worded(
    r"(?i)\bbucket_?arn[\"']?\s*[:=]\s*[\"']?arn:aws[\w-]*:s3:::([a-z0-9][a-z0-9.-]{4,61}[a-z0-9])\b",
    ":s3:::",
)
# … and of which bucket a policy names the data, but for logs.
_GRANTED = worded(
    r"\barn:aws[\w-]*:s3:::((?![a-z0-9.-]{0,60}logs?\b)[a-z0-9][a-z0-9.-]{4,61}[a-z0-9])(?=[\s\"'/,)\]}]|$)",
    ":s3:::",
)
# What ARNs name in policies and variables: a work group, a database, a table of DynamoDB or Glue.
_IN_ARNS = {
    _WORKGROUP: worded(r"\barn:[^\s\"']{0,200}:workgroup/([\w.-]{4,})(?![\w.*$/-])", ":workgroup/"),
    _DATABASE: worded(
        r"\barn:[^\s\"']{0,200}:(?:database|table)/(\w{4,})(?![\w*$-])", *(":database/", ":table/")
    ),
    _TABLE: worded(
        r"\barn:[^\s\"']{0,20}:dynamodb:[^\s\"']{0,200}:table/([\w.-]{4,})(?![\w.*$-])", ":dynamodb:"
    ),
}
# A value that is a name of several words: `WORKGROUP: acme-analytics`; what it declares itself is not.
_VALUE = lazy(
    r"(?m)(?<![\w-])(\w+)[\"']?[ \t]{0,20}[:=][ \t]{0,20}[\"']?([A-Za-z][\w.-]{5,80})[\"']?"
    r"(?=[ \t]*(?:[,}\])#]|$))"
)
_OF_WORDS = lazy(r"\w[-_.]\w")
_DECLARING = frozenset({"BucketName", "RepositoryName", "TableName", "Name", "name", "table_name", "bucket"})
# What a program names in requests and queries of Athena and DynamoDB.
_REQUESTED = {
    _WORKGROUP: lazy(r"\b(?:WorkGroup|workgroup|work_group)[\"']?\s{0,5}[:=]\s{0,5}[\"']([\w.-]{4,})[\"']"),
    _DATABASE: lazy(r"\b(?:Database|DatabaseName|database)[\"']?\s{0,5}[:=]\s{0,5}[\"'](\w{4,})[\"']"),
    _TABLE: lazy(r"\b(?:TableName[\"']?\s{0,5}[:=]\s{0,5}|\.Table\(\s{0,5})[\"']([\w.-]{4,})[\"']"),
}
# What is no data: programs, and templates of other stacks.
_CODE = (".zip", ".py", ".whl", ".jar", ".sh", ".yaml", ".yml", ".json", ".template", "sourcedir.tar.gz")
# The repository of an image: `111122223333.dkr.ecr.us-east-1.amazonaws.com/churn:1.4`, in any form.
_IMAGE = worded(
    r"\.dkr\.ecr\.[^\s\"'/]{1,60}\.amazonaws\.com(?:\.cn)?/([a-z0-9][a-z0-9._/-]+?)(?=[:@\s\"',)\]}]|$)",
    ".dkr.ecr.",
)
# Of one name, so many of the files that state it are looked at.
_FILES_LIMIT = 20


class _User(NamedTuple):
    """A file that states the name of a bucket or repository, and whether it trains or hosts."""

    steps: PathSteps
    trains: bool


def with_bucket_users(project: Project, files: ProjectFiles | None) -> Project:
    """The project with what names each of its buckets, tables and the like for machine learning."""
    if files is None or files.root is None or not any(each.type in _NAMES for each in project.resources):
        return project
    own = {os.path.realpath(each) for each in project.sources}
    resources = tuple(_noted(each, files, own) if each.type in _NAMES else each for each in project.resources)
    return project._replace(resources=resources)


def _noted(resource: Resource, files: ProjectFiles, own: set[str]) -> Resource:
    name = _name_of(resource)
    if not name or files.root is None:
        return resource
    if resource.type == _BUCKET:
        programs, configured = files.once(_named_buckets), files.once(_configured_buckets)
        found = [_User(*programs[name])] if name in programs else []
    elif resource.type == _REPOSITORY:
        configured, found = files.once(_configured_repositories), []
    else:
        configured, found = files.once(_configured_stores)[resource.type], []
    root = files.root
    found += [
        each for each in configured.get(name, ()) if os.path.realpath(root.joinpath(*each.steps)) not in own
    ]
    if not found:
        return resource
    user = next((each for each in found if each.trains), found[0])
    noted = resource.with_note(NAMED_BY, user.steps[-1])
    trains = user.trains and resource.type in (_BUCKET, _REPOSITORY)
    return noted.with_note(TRAINED_BY, user.steps[-1]) if trains else noted


def _name_of(resource: Resource) -> str:
    value: Value = resource.properties
    for key in _NAMES[resource.type]:
        entry = value.entries.get(key) if isinstance(value, MapValue) else None
        if entry is None:
            return ""
        value = entry.value
    return known_text(value) or ""


def _configured_buckets(files: ProjectFiles) -> Mapping[str, list[_User]]:
    """The buckets that templates, Terraform and state machines for machine learning name for data."""
    found: dict[str, list[_User]] = {}
    for user, text in _configurations(files):
        places = [name for name, key in _PLACE.findall(text) if not key.endswith(_CODE)]
        _note(found, user, [*places, *_SOURCE.findall(text), *_GRANTED.findall(text)])
    return found


def _configured_stores(files: ProjectFiles) -> Mapping[str, Mapping[str, list[_User]]]:
    """The tables, databases and work groups that files for machine learning name, by their types."""
    found: dict[str, dict[str, list[_User]]] = {each: {} for each in _IN_ARNS}
    for user, text in _configurations(files):
        values = [
            name
            for key, name in _VALUE.findall(text)
            if key not in _DECLARING and _OF_WORDS.search(name) is not None
        ]
        for kind, pattern in _IN_ARNS.items():
            _note(found[kind], user, [*pattern.findall(text), *values])
    for steps, text in files.once(_programs).items():
        for kind, pattern in _REQUESTED.items():
            if kind == _TABLE or "athena" in text:
                _note(found[kind], _User(steps, False), pattern.findall(text))
    return found


def _configured_repositories(files: ProjectFiles) -> Mapping[str, list[_User]]:
    """The repositories whose images configurations and programs for machine learning name."""
    found: dict[str, list[_User]] = {}
    for user, text in _configurations(files):
        _note(found, user, _IMAGE.findall(text))
    for steps, text in files.once(_programs).items():
        _note(found, _User(steps, True), _IMAGE.findall(text))
    return found


def _configurations(files: ProjectFiles) -> Iterator[tuple[_User, str]]:
    for steps, each in sorted((files.texts() or {}).items()):
        if steps[-1].endswith(_CONFIGURATIONS) and not is_test(steps):
            text = each.content.decode("utf-8", "replace")
            if _ML_TYPES.search(text) is not None:
                yield _User(steps, _TRAINING_TYPES.search(text) is not None), text


def _note(found: dict[str, list[_User]], user: _User, names: Iterable[str]) -> None:
    for name in dict.fromkeys(names):
        users = found.setdefault(name, [])
        if len(users) < _FILES_LIMIT:
            users.append(user)


def _programs(files: ProjectFiles) -> Mapping[PathSteps, str]:
    """The programs for machine learning, but for tests."""
    return {
        steps: text
        for steps, each in sorted((files.texts() or {}).items())
        if steps[-1].endswith(PROGRAMS) and not is_test(steps)
        if _ML.search(text := each.content.decode("utf-8", "replace"))
    }


def _named_buckets(files: ProjectFiles) -> dict[str, tuple[PathSteps, bool]]:
    """The texts that may be names of buckets in programs for machine learning.

    For each the program, and whether it trains or hosts.
    """
    programs = files.once(_programs)
    training = {
        steps for steps, text in programs.items() if "sagemaker" in text and _TRAINS.search(text) is not None
    }
    found: dict[str, tuple[PathSteps, bool]] = {}

    def add(name: str, steps: PathSteps) -> None:
        trains = steps in training
        if name not in found or (trains and not found[name][1]):
            found[name] = steps, trains

    for steps, text in programs.items():
        for name in _LITERAL.findall(text):
            if len(name) >= _LEAST and ("-" in name or "." in name):
                add(name, steps)
    given = _given(files) if programs else []
    users: dict[str, PathSteps] = {}
    for steps, text in programs.items() if given else ():
        for variable in _QUOTED_VARIABLE.findall(text):
            users.setdefault(variable, steps)
    for variable, name in given:
        if variable in users:
            add(name, users[variable])
    return found


def _given(files: ProjectFiles) -> list[tuple[str, str]]:
    """The variables that configurations of continuous integration set, with their values."""
    texts = files.texts() or {}
    return [
        (variable, name)
        for steps, each in sorted(texts.items())
        if _integrates(steps)
        for variable, name in _VARIABLE.findall(each.content.decode("utf-8", "replace"))
    ]


def _integrates(steps: PathSteps) -> bool:
    return any(step in OF_INTEGRATION for step in steps)


__all__ = ["with_bucket_users"]
