"""Reliability of workflows' definitions: that they can be read, and that their transitions lead to steps."""

from collections.abc import Iterator

from mlwa_lint.graph.kinds import PIPELINE, STATE_MACHINE
from mlwa_lint.graph.queries import definitions
from mlwa_lint.rule import Claim, GraphView, Remedy, ResourceView, rule


@rule(
    "MLR506",
    "definition-not-json",
    "high",
    practices=("MLREL03-BP01",),
    on=(STATE_MACHINE, PIPELINE),
    remedy=Remedy(
        "Write the definition as an object under `Definition`, or as valid JSON text.",
        "Write the definition with `jsonencode({ … })`, so that it is valid JSON.",
    ),
)
def definition_not_json(workflow: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """The definition of a workflow is not a JSON object, or names a state or step that it does not have.

    The service rejects the definition, so the deployment fails.

    The rule checks StartAt, Next, Default and the targets of Catch of state machines, and DependsOn of
    pipelines. `${…}` of DefinitionSubstitutions counts as a value.

    CreateStateMachine returns InvalidDefinition for what is not valid Amazon States Language, and requires a
    definition that "is a string in JSON format"; a pipeline definition is "the JSON pipeline definition".

    Exceptions: names and parts of a definition that are not known before deployment, and definitions in S3.

    See [CreateStateMachine](https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html)
    and [CreatePipeline](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreatePipeline.html).
    """
    place = definitions.text_of(workflow)
    readable = definitions.is_json_object(place)
    message = f"{workflow} is rejected: {place} is not a JSON object"
    yield Claim(place.is_present() & ~readable, place, message)
    for name, target in definitions.broken_links(workflow):
        noun = "step" if workflow.type == PIPELINE else "state"
        message = f"{workflow} is rejected: {name} leads to {noun} {target}, which does not exist"
        correct = f"Correct the name, or add the {noun} that it names."
        yield Claim(readable, place, message, remedy=Remedy(correct, correct))
