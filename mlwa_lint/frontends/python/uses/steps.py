"""The jobs that the steps of a pipeline run, of which is noted what is noted of other jobs."""

from collections.abc import Iterator, Sequence

from mlwa_lint.frontends.python.evaluation.values import Entries, Item
from mlwa_lint.frontends.python.examples import PIPELINE
from mlwa_lint.frontends.python.ledger import Created
from mlwa_lint.model.resources import STEP_NOTES, STEP_PROPERTIES
from mlwa_lint.model.values import Entry, ListValue, MapValue, Value, alternatives, known_text
from mlwa_lint.startup.records import NamedTuple

_KINDS = {
    "Processing": "AWS::SageMaker::ProcessingJob",
    "Training": "AWS::SageMaker::TrainingJob",
    "Tuning": "AWS::SageMaker::HyperParameterTuningJob",
}
_INNER = ("IfSteps", "ElseSteps")
_DEPTH = 20


class JobOfStep(NamedTuple):
    """A step of a pipeline, and the job that it runs; `given` are the properties that it states."""

    pipeline: Created
    name: str
    job: Created
    given: frozenset[str]


def jobs_of_steps(created: Sequence[Created]) -> list[JobOfStep]:
    """The jobs that the steps of pipelines run, as if programs ran them themselves."""
    found: list[JobOfStep] = []
    for each in created:
        definition = each.value("PipelineDefinition") if each.kind == PIPELINE else None
        if isinstance(definition, MapValue):
            found += _below(each, definition.value("Steps"), 0)
    return found


def _below(pipeline: Created, steps: Value, depth: int) -> Iterator[JobOfStep]:
    items = steps.items if isinstance(steps, ListValue) and depth < _DEPTH else ()
    for body in (option.value for item in items for option in alternatives(item)):
        if not isinstance(body, MapValue) or "Name" not in body.entries:
            continue
        name, kind = known_text(body.value("Name")) or "", _KINDS.get(known_text(body.value("Type")) or "")
        arguments = body.value("Arguments")
        if not isinstance(arguments, MapValue):
            continue
        if name and kind is not None:
            cells = Entries((key, Item(at.key_span, at.value)) for key, at in arguments.entries.items())
            span = body.entries["Name"].key_span
            job = Created(name, kind, cells, span, pipeline.guards, pipeline.vocabulary)
            job.entry = pipeline.entry
            yield JobOfStep(pipeline, name, job, frozenset(cells))
        for key in _INNER:
            yield from _below(pipeline, arguments.value(key), depth + 1)


def note_steps(jobs: Sequence[JobOfStep]) -> None:
    """Notes of pipelines what was noted of the jobs of their steps."""
    noted: dict[int, dict[str, Entry]] = {}
    pipelines = {id(each.pipeline): each.pipeline for each in jobs}
    for each in jobs:
        span, entries = each.job.span, {**each.job.attributes}
        added = {k: Entry(span, item.value, k) for k, item in each.job.cells.items() if k not in each.given}
        if added:
            entries[STEP_PROPERTIES] = Entry(span, MapValue(added, span))
        if entries:
            noted.setdefault(id(each.pipeline), {})[each.name] = Entry(span, MapValue(entries, span))
    for key, steps in noted.items():
        pipeline = pipelines[key]
        pipeline.attributes[STEP_NOTES] = Entry(pipeline.span, MapValue(steps, pipeline.span))
