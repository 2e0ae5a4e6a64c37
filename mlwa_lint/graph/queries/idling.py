"""Single instances: whether they should rest, or have a second one beside them."""

from collections.abc import Callable, Iterable

from mlwa_lint.files import NOTEBOOK
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.kinds import ENDPOINT
from mlwa_lint.graph.machines.instances import accelerator, is_accelerated
from mlwa_lint.graph.queries import hosting, purposes
from mlwa_lint.graph.queries.hosting import Variant
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import Answer, certainly, possibly
from mlwa_lint.model.resources import ALONE, EXAMPLE, MANUAL, REMOVED, UNOPERATED
from mlwa_lint.model.values import READ_BY_PATH, Unknown

_BY_RUN = "each run of its workflow makes one of its own, in a project that only shows how"
_ANY = "the program makes any endpoint that it is given, and deletes it again"
_SHOWN = "its project only shows how, and nothing that it deploys invokes the endpoint"
_UNTENDED = "nothing in the project shows that the endpoint is operated"


def never_rests(kind: View, variant: Variant, graph: GraphView) -> Answer:
    """Whether a variant keeps its accelerated instances when nothing uses them.

    kind: one of its instance types.
    """
    fixed = hosting.endpoints_of(variant.config, graph).any(_never_shrinks(variant, graph))
    return kind.test(is_accelerated) & fixed & ~_varies(variant)


def rests_elsewhere(kind: View, variant: Variant, graph: GraphView) -> bool:
    """Whether `never_rests` holds, also where the type is unknown here and accelerated in another branch."""
    fixed = hosting.endpoints_of(variant.config, graph).all(_never_shrinks(variant, graph))
    return may_be_accelerated(kind) and certainly(fixed & ~_varies(variant))


def may_be_accelerated(kind: View) -> bool:
    """Whether an instance type has an accelerator, or is not known here and has one in another branch."""
    return any(map(is_accelerated, kind.texts or kind.texts_anywhere))


def runs_accelerated(config: ResourceView) -> bool:
    """Whether all that a configuration hosts certainly runs on accelerated instances."""
    return _runs_on(config, is_accelerated)


def runs_gpus(config: ResourceView) -> bool:
    """Whether all that a configuration hosts certainly runs on instances with GPUs."""
    return _runs_on(config, lambda name: accelerator(name) == "gpu")


def _runs_on(config: ResourceView, is_one: Callable[[str], bool]) -> bool:
    """Whether the types of all instances of a configuration are certainly of some kind."""
    types = [each for variant in hosting.variants(config) for each in hosting.instance_types(variant)]
    return bool(types) and all(certainly(each.test(is_one)) for each in types)


def _varies(variant: Variant) -> Answer:
    """Whether SageMaker manages the number of instances, or requests wait for them."""
    managed = variant["ManagedInstanceScaling.Status"].equals("ENABLED")
    return managed | hosting.is_asynchronous(variant.config)


def is_single(variant: Variant) -> bool:
    """Whether a variant certainly starts with one instance."""
    return certainly(variant["InitialInstanceCount"].less_than(2, default=1))


def may_rest(config: ResourceView, graph: GraphView) -> bool:
    """Whether nothing shows that a configuration is operated: it may rest rather than have a spare.

    Programs make what is tried out as well as what is deployed: there, something has to show it.
    """
    if not purposes.is_operated(graph) or config.span.path.endswith(NOTEBOOK):
        return True
    return config.language == "python" and any(
        certainly(config.attributes[each].is_present()) for each in (EXAMPLE, REMOVED, UNOPERATED)
    )


def why_unused(config: ResourceView) -> str:
    """Why nothing seems to depend on the endpoint that a program makes; empty elsewhere."""
    return config.attributes[ALONE].text or ""


def why_tried(endpoint: ResourceView) -> str:
    """Why an endpoint is only tried: a person runs its program, and nothing depends on it; else empty."""
    return endpoint.attributes[MANUAL].text or ""


def why_named_by_run(name: View, graph: GraphView) -> str:
    """Why an endpoint that is only shown lasts no longer than a run: that names it; empty elsewhere."""
    by_run = isinstance(name.value, Unknown) and READ_BY_PATH in name.value.reason
    return _BY_RUN if by_run and purposes.is_shown(graph) else ""


def why_any(endpoint: ResourceView) -> str:
    """Why a program makes no endpoint of its own, but any that it is given, and deletes them; else empty.

    Neither its name nor that of its configuration is known, not even in part: an alarm can name neither.
    """
    named = (endpoint["EndpointName"].value, endpoint["EndpointConfigName"].value)
    unnamed = all(isinstance(each, Unknown) and not each.parts for each in named)
    removed = certainly(endpoint.attributes[REMOVED].is_present())
    return _ANY if endpoint.language == "python" and unnamed and removed else ""


def why_untended(config: ResourceView) -> str:
    """Why production hardly depends on the endpoint of a program, though something may invoke it.

    Empty in templates, where something shows that it is operated, and where its deletion counts already.
    """
    counted = any(certainly(config.attributes[each].is_present()) for each in (EXAMPLE, REMOVED))
    return "" if counted or config.attributes[UNOPERATED].is_absent().verdict == "yes" else _UNTENDED


def why_only_shown(endpoints: Iterable[ResourceView], graph: GraphView) -> str:
    """Why no one waits for endpoints: their project only shows how, and a person deploys it; else empty.

    An endpoint counts that templates or Terraform declare on one instance, which nothing scales or invokes.
    What continuous integration deploys without being asked, or something shows to be operated, may be in use;
    what people learn with is deleted again.
    """
    project = graph.graph.project
    applied = project.applied and not project.applied_by_hand
    if not purposes.is_for_learning(graph) and (applied or project.operated or not purposes.is_shown(graph)):
        return ""
    endpoints = list(endpoints)
    tried = all(each.language != "python" and hosting.is_only_tried(each, graph) for each in endpoints)
    return _SHOWN if endpoints and tried else ""


def why_passing(config: ResourceView) -> str:
    """Why what a program makes serves no one for long: it is deleted again, or nothing depends on it.

    Empty where something shows that the endpoint is operated.
    """
    if certainly(config.attributes[UNOPERATED].is_absent()):
        return ""
    return config.attributes[REMOVED].text or config.attributes[ALONE].text or ""


def _never_shrinks(variant: Variant, graph: GraphView) -> Callable[[ResourceView], Answer]:
    """A question to an endpoint: whether nothing lowers the number of a variant's instances."""

    def is_fixed(endpoint: ResourceView) -> Answer:
        return ~hosting.targets_scaling(variant, endpoint, graph).any(hosting.lowers_capacity)

    return is_fixed


def keeps_an_instance(config: ResourceView) -> Answer:
    """Whether the variants of a configuration can only be scaled down to one instance."""
    variants = config["ProductionVariants"]
    own = variants.is_present() & variants.every_item(lambda each: each["ModelName"].is_present())
    return own & ~hosting.is_asynchronous(config)


def only_instance_of(component: ResourceView, graph: GraphView) -> Variant | None:
    """The variant with one instance, which nothing adds to, that certainly hosts a component alone."""
    configs = [
        config
        for endpoint in graph.targets(component, EdgeKind.INVOKES, ENDPOINT)
        for config in hosting.config_of(endpoint, graph)
    ]
    found = [variant for config in configs for variant in hosting.variants(config)]
    if len(found) != 1:
        return None
    managed = possibly(found[0]["ManagedInstanceScaling.Status"].equals("ENABLED"))
    kept = is_single(found[0]) and not managed and not _is_scaled(found[0].config, graph)
    return found[0] if kept else None


def _is_scaled(config: ResourceView, graph: GraphView) -> bool:
    return any(hosting.is_scaled(each, graph) for each in hosting.endpoints_of(config, graph))
