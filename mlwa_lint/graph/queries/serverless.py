"""Models that run without instances."""

from collections.abc import Mapping

from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries.hosting import (
    Variant,
    any_variant,
    configs_hosting,
    model_of,
    shadow_variants,
    variants,
)
from mlwa_lint.graph.queries.requests import may_host_serverless
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import Answer, every, undecided


def is_hosted_serverless_only(model: ResourceView, graph: GraphView) -> Answer:
    """Whether a model is hosted, and only by serverless variants; undecided where a function may do so."""
    configs = configs_hosting(model, graph)
    if not configs.related:
        return configs.any(_hosts_serverless_only) | may_host_serverless(graph)
    answers = [*map(undecided, configs.unknown)]
    for config in configs:
        answers += _serverless_by_model(config, graph).get(model.address, ())
    return every(answers)


@remembered
def _serverless_by_model(config: ResourceView, graph: GraphView) -> Mapping[str, tuple[Answer, ...]]:
    """Whether the variants of a configuration are serverless, by the addresses of their models."""
    found: dict[str, list[Answer]] = {}
    for variant in (*variants(config), *shadow_variants(config)):
        for address in dict.fromkeys(model.address for model in model_of(variant, graph)):
            found.setdefault(address, []).append(variant.is_serverless())
    return {address: tuple(answers) for address, answers in found.items()}


def _hosts_serverless_only(config: ResourceView) -> Answer:
    """Whether a serverless variant has a model that no variant with instances beside it has."""

    def has_twin(one: Variant) -> Answer:
        model = one["ModelName"]
        return any_variant(config, lambda other: other.is_provisioned() & other["ModelName"].same_as(model))

    return any_variant(config, lambda one: one.is_serverless() & ~has_twin(one))
