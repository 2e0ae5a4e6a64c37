"""Buckets of templates and Terraform that programs for machine learning name."""

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.notebooks import ENDING
from mlwa_lint.files.texts import OF_INTEGRATION, PathSteps, is_test
from mlwa_lint.model.resources import NAMED_BY, TRAINED_BY, Project, Resource
from mlwa_lint.model.values import known_text
from mlwa_lint.startup.patterns import lazy

_BUCKET = "AWS::S3::Bucket"
_PROGRAMS = (".py", ENDING)
# What makes a program one for machine learning: the SageMaker SDK, or a client of such a service.
_ML = lazy(
    r"(?m)^[ \t]*(?:import|from) sagemaker\b"
    r"|\b(?:client|resource)\(\s*(?:service_name=)?[\"'](?:sagemaker|bedrock)"
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


def with_bucket_users(project: Project, files: ProjectFiles | None) -> Project:
    """The project with the program for machine learning noted at each bucket whose name it states."""
    if files is None or files.root is None or not any(each.type == _BUCKET for each in project.resources):
        return project
    named = files.once(_named_buckets)
    if not named:
        return project
    resources = tuple(
        _noted(each, *named[name]) if (name := _name_of(each)) in named else each
        for each in project.resources
    )
    return project._replace(resources=resources)


def _noted(bucket: Resource, program: str, trains: bool) -> Resource:
    noted = bucket.with_note(NAMED_BY, program)
    return noted.with_note(TRAINED_BY, program) if trains else noted


def _name_of(resource: Resource) -> str:
    entry = resource.properties.entries.get("BucketName") if resource.type == _BUCKET else None
    return "" if entry is None else known_text(entry.value) or ""


def _named_buckets(files: ProjectFiles) -> dict[str, tuple[str, bool]]:
    """The texts that may be names of buckets in programs for machine learning.

    For each the program, and whether it trains or hosts.
    """
    texts = files.texts() or {}
    programs = {
        steps: text
        for steps, each in sorted(texts.items())
        if steps[-1].endswith(_PROGRAMS) and not is_test(steps)
        if _ML.search(text := each.content.decode("utf-8", "replace"))
    }
    training = {
        steps for steps, text in programs.items() if "sagemaker" in text and _TRAINS.search(text) is not None
    }
    found: dict[str, tuple[str, bool]] = {}

    def add(name: str, steps: PathSteps) -> None:
        trains = steps in training
        if name not in found or (trains and not found[name][1]):
            found[name] = steps[-1], trains

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
