"""What is created before what: dependencies that are written down, and those that references imply."""

from collections.abc import Iterable

from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.resources import NAMED_ITSELF, Resource
from mlwa_lint.model.values import ListValue, known_text, references_in
from mlwa_lint.startup.patterns import lazy

# What lets time pass before what depends on it is created.
_PAUSE = "time_sleep."
# What takes minutes to create: a database, a collection of vectors, or a signal of what works meanwhile.
_LONG = lazy(
    r"(?:^|\.)aws(?:cc)?_(?:db_instance|docdb_cluster_instance|neptune_cluster_instance|opensearch_domain"
    r"|opensearchserverless_collection|rds_cluster_instance|rds_db_instance|redshift_cluster)\."
)
_LONG_TYPES = frozenset(
    {
        *("AWS::Neptune::DBInstance", "AWS::OpenSearchServerless::Collection"),
        *("AWS::OpenSearchService::Domain", "AWS::RDS::DBInstance", "AWS::CloudFormation::WaitCondition"),
    }
)
# As long as what takes minutes: `create_duration` of a pause.
_DURATION = lazy(r"(?P<minutes>\d{1,9}(?:\.\d{1,9})?)m|(?P<seconds>\d{1,9}(?:\.\d{1,9})?)s")
_LONG_PAUSE = 60
# What is created within seconds.
_QUICK = lazy(
    r"(?:^|\.)(?:data\.|random_|aws(?:cc)?_(?:iam|s3_bucket|s3_object|cloudwatch_log|ecr_repository"
    r"|secretsmanager_secret|ssm_parameter))"
)
_QUICK_TYPES = (
    "AWS::IAM::",
    "AWS::Logs::",
    "AWS::S3::",
    "AWS::SSM::Parameter",
    "AWS::SecretsManager::Secret",
)


def waits_for(resource: ResourceView, address: str, graph: GraphView) -> bool:
    """Whether a resource is created after what an address names, by whatever chain of dependencies."""
    return any(_is_part_of(address, each) for each in before(resource.address, graph))


def pauses_after(resource: ResourceView, address: str, graph: GraphView) -> bool:
    """Whether a pause lies between what an address names and the creation of a resource."""
    return any(_is_waited_for(address, each, graph) for each in _pauses(resource, graph))


def pauses_long_after(resource: ResourceView, addresses: Iterable[str], graph: GraphView) -> bool:
    """Whether a pause before a resource begins when all that some addresses name is there.

    It waits for all of them that take longer than seconds, and for one at least; or it waits for something
    else that takes longer, and lasts a minute, while all of them take seconds.
    """
    wanted = list(addresses)
    slow = [each for each in wanted if not _takes_seconds(each, graph)]
    return any(
        all(_is_waited_for(each, pause, graph) for each in slow)
        and (
            any(_is_waited_for(each, pause, graph) for each in wanted)
            or (not slow and _begins_late(pause, graph))
        )
        for pause in _pauses(resource, graph)
    )


def _begins_late(pause: str, graph: GraphView) -> bool:
    """Whether a pause of a minute at least begins after something that takes longer than seconds."""
    late = any(not _takes_seconds(each, graph) for each in before(pause, graph))
    return late and _takes_minutes(pause, graph)


def waits_minutes_after(resource: ResourceView, addresses: Iterable[str], graph: GraphView) -> bool:
    """Whether something that takes minutes is created before a resource, after what some addresses name.

    It need not wait for what is created within seconds.
    """
    slow = [each for each in addresses if not _takes_seconds(each, graph)]
    return any(
        _takes_minutes(each, graph) and all(_is_waited_for(one, each, graph) for one in slow)
        for each in before(resource.address, graph)
    )


def _takes_seconds(address: str, graph: GraphView) -> bool:
    resource = graph.graph.by_address.get(address)
    quick = resource is not None and resource.type.startswith(_QUICK_TYPES)
    return quick or _QUICK.search(address) is not None


def _takes_minutes(address: str, graph: GraphView) -> bool:
    if _PAUSE in address:
        instances = (address, *_by_folded_address(graph).get(address, ()))
        pauses = [graph.graph.by_address[each] for each in instances if each in graph.graph.by_address]
        return bool(pauses) and all(map(_lasts_minutes, pauses))
    resource = graph.graph.by_address.get(address)
    return _LONG.search(address) is not None or (resource is not None and resource.type in _LONG_TYPES)


def _lasts_minutes(pause: Resource) -> bool:
    """Whether a pause before what waits for it certainly lasts a minute at least."""
    entry = pause.properties.entries.get("CreateDuration")
    text = (known_text(entry.value) or "") if entry is not None else ""
    if "h" in text:
        return True
    found = list(_DURATION.finditer(text))
    return (
        sum(float(each["minutes"] or 0) * 60 + float(each["seconds"] or 0) for each in found) >= _LONG_PAUSE
    )


def _pauses(resource: ResourceView, graph: GraphView) -> list[str]:
    return [each for each in before(resource.address, graph) if _PAUSE in each]


def _is_waited_for(address: str, waiting: str, graph: GraphView) -> bool:
    return any(_is_part_of(address, other) for other in before(waiting, graph))


def _is_part_of(address: str, waited_for: str) -> bool:
    """Whether an address is one that is waited for: an instance of it, or a part of a module."""
    return address == waited_for or address.startswith((f"{waited_for}[", f"{waited_for}."))


@remembered
def before(address: str, graph: GraphView) -> frozenset[str]:
    """The addresses of all that is created before a resource."""
    found: set[str] = set()
    waiting = [address]
    by_part = _by_folded_address(graph)
    while waiting:
        current = waiting.pop()
        resource = graph.graph.by_address.get(current)
        if resource is None:
            # A dependency on a whole counts for its instances, one on a folded part for its place.
            waiting += by_part.get(current, ())
            continue
        for other in _awaited_by(resource, graph):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return frozenset(found)


@remembered
def _by_folded_address(graph: GraphView) -> dict[str, tuple[str, ...]]:
    """Instances by the address without their keys."""
    found: dict[str, tuple[str, ...]] = {}
    for address in graph.graph.by_address:
        if address.endswith("]"):
            whole = address.rpartition("[")[0]
            found[whole] = (*found.get(whole, ()), address)
    return found


def depending_on(address: str, graph: GraphView) -> list[ResourceView]:
    """The resources for which a dependency on a resource is written down, of itself or as one of several."""
    by_name = _by_stated_dependency(graph)
    found = (
        by_name.get(each, ()) for each in dict.fromkeys((address, address.rpartition("[")[0] or address))
    )
    return [
        ResourceView(resource, graph.world)
        for resources in found
        for resource in resources
        if graph.world.admits(resource.guards)
    ]


@remembered
def _by_stated_dependency(graph: GraphView) -> dict[str, tuple[Resource, ...]]:
    found: dict[str, tuple[Resource, ...]] = {}
    for resource in graph.graph.by_address.values():
        for each in _stated_by(resource):
            found[each] = (*found.get(each, ()), resource)
    return found


def _stated_by(resource: Resource) -> set[str]:
    stated = resource.attributes.entries.get("DependsOn")
    if stated is None:
        return set()
    items = stated.value.items if isinstance(stated.value, ListValue) else (stated.value,)
    # A template calls the resources of its own stack by their logical IDs alone.
    stack, dot, _ = _place_of(resource)
    return {f"{stack}{dot}{text}" for item in items if (text := known_text(item))}


def _place_of(resource: Resource) -> tuple[str, str, str]:
    """The address of the nested stack that a resource is in, and its logical ID there."""
    nested = resource.vocabulary.language == "cloudformation"
    return resource.address.rpartition(".") if nested else ("", "", resource.address)


def _awaited_by(resource: Resource, graph: GraphView) -> set[str]:
    """What a resource names, and what the nested stacks that it is in wait for as a whole."""
    found = _named_by(resource)
    stack = _place_of(resource)[0]
    while stack and (holder := graph.graph.by_address.get(stack)) is not None:
        found |= _named_by(holder)
        stack = _place_of(holder)[0]
    return found


def _named_by(resource: Resource) -> set[str]:
    own = resource.attributes.entries.get(NAMED_ITSELF)
    if own is not None and isinstance(own.value, ListValue):
        # What is folded into a resource is created after it, and waits for what it names itself.
        found = {text for item in own.value.items if (text := known_text(item))}
    else:
        found = {reference.address for reference, _ in references_in(resource.properties)}
    found |= _stated_by(resource)
    if resource.vocabulary.language == "cloudformation":
        found |= {stack for other in found if (stack := _stack_finished_before(resource.address, other))}
    return found


def _stack_finished_before(address: str, named: str) -> str | None:
    """The nested stack that is whole before a resource of another stack gets an output of it."""
    own, other = address.split(".")[:-1], named.split(".")[:-1]
    for position, stack in enumerate(other):
        if own[position : position + 1] != [stack]:
            return ".".join(other[: position + 1])
    return None
