"""Performance on devices: how models are prepared for them."""

from collections.abc import Iterator

from mlwa_lint.graph.queries import edge
from mlwa_lint.rule import NO, YES, Claim, GraphView, Remedy, ResourceView, rule, some, undecided


@rule(
    "MLP601",
    "edge-model-not-compiled",
    "info",
    practices=("MLPERF05-BP01", "MLSUS05-BP03"),
    on=(edge.COMPONENT,),
    remedy=Remedy(
        "Compile the model for the device with a SageMaker compilation job, or convert it to ONNX.",
        "Compile the model for the device with a SageMaker compilation job, or convert it to ONNX.",
    ),
)
def edge_model_not_compiled(component: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A Greengrass component brings a model to devices that was not prepared for them.

    A model as the training framework writes it needs the whole framework on the device, several times the
    memory, and responds more slowly than one that was compiled for the processor.

    The rule reports artifacts in the formats of training frameworks (`.pt`, `.h5`, `.pkl`, SageMaker's
    `model.tar.gz` …) in a project without a compilation job, and models that were compiled for another
    processor than that of the manifest which brings them.

    Exceptions: Not reported for components that use a runtime made for devices: ONNX Runtime, TensorFlow
    Lite, TensorRT, OpenVINO, DLR and the like, in the recipe or among its dependencies.

    See [Compilation jobs with SageMaker Neo](https://docs.aws.amazon.com/sagemaker/latest/dg/neo.html) and
    [Greengrass component recipes](https://docs.aws.amazon.com/greengrass/v2/developerguide/component-recipe-reference.html).
    """
    stated = component["InlineRecipe"]
    recipe = edge.recipe_of(component)
    if recipe is None:
        reason = "its recipe is not known or cannot be read"
        yield Claim(stated.is_present() & undecided(reason), stated, "")
        return
    known = stated.test(lambda text: True) if stated.text is not None else YES
    prepared = some((recipe.has_device_runtime(), edge.is_compiled(graph)))
    targets = list(edge.targets(graph))
    for artifact in recipe.artifacts:
        message = f"{component} brings {artifact.name} to devices as it came from training: compile it for "
        yield Claim(
            known & artifact.is_trained_model() & ~prepared, stated, f"{message}them, or convert it to ONNX"
        )
        here = [each for each in targets if artifact.uri.startswith(each.location)]
        misfit = bool(here and artifact.architecture) and not any(
            each.fits(artifact.architecture) for each in here
        )
        if misfit:
            target = here[0]
            built = target.job["OutputConfig.TargetPlatform.Arch"]
            yield Claim(
                known,
                stated,
                f"{component} brings {artifact.name} to {artifact.architecture} devices, "
                f"but it is compiled for {target.architecture}",
                related=((built, "what it is compiled for"),),
            )
    yield Claim(NO, stated, "")
