"""Cost of agents: bounds on their work, and memories that are kept too long."""

from collections.abc import Iterator

from mlwa_lint.graph.kinds import AGENTCORE_MEMORY, AGENTCORE_RUNTIME
from mlwa_lint.rule import Claim, Data, GraphView, Remedy, ResourceView, every, rule, set_to

HARNESS = "AWS::BedrockAgentCore::Harness"
_BOUNDS = ("MaxIterations", "MaxTokens", "TimeoutSeconds")
_LONG = 90
# Seconds without a request; the default is 900.
_LONG_IDLE = 3600
_IDLE_REMEDY = Remedy(
    "Set `IdleRuntimeSessionTimeout: 900`, or leave it out.",
    "Set `idle_runtime_session_timeout = 900`, or leave it out.",
)


@rule(
    "MLC601",
    "agent-without-limits",
    "medium",
    concern="production",
    practices=("GENCOST05-BP01", "GENREL03-BP02", "AGENTCOST07-BP01"),
    on=(HARNESS, AGENTCORE_RUNTIME),
    remedy=Remedy(
        "Set `LifecycleConfiguration: {IdleRuntimeSessionTimeout: 900, MaxLifetime: 3600}`.",
        "Add `lifecycle_configuration` with `idle_runtime_session_timeout = 900` and `max_lifetime = 3600`.",
    ),
)
def agent_without_limits(agent: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Nothing bounds the work of an agent.

    An agent that calls its tools in a loop runs, and invokes models, for as long as its session lives.

    A harness should set a bound on iterations, tokens or time. The sessions of a runtime end after 15 minutes
    without a request and after eight hours at the latest, unless its LifecycleConfiguration has other
    times. The rule reports an idle timeout of more than an hour with severity low: the memory of a session is
    paid for until it ends. A runtime without a LifecycleConfiguration is info, for a request in a loop can
    last eight hours.

    See [Configure lifecycle
    settings](https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/runtime-lifecycle-settings.html).
    """
    if agent.type == HARNESS:
        first = agent[_BOUNDS[0]]
        message = f"nothing bounds the work of {agent}: {first} should limit its iterations"
        remedy = Remedy("Set `MaxIterations: 20`.", "Set `max_iterations = 20`.")
        unbounded = every(agent[each].is_absent() for each in _BOUNDS)
        fix = set_to(first, 20, risk="work that takes more iterations is stopped")
        yield Claim(unbounded, first, message, remedy=remedy, fix=fix)
        return
    lifecycle = agent["LifecycleConfiguration"]
    message = f"sessions of {agent} end after 15 idle minutes, but a request in a loop runs for eight hours,"
    message += f" the default: {lifecycle} should set a shorter lifetime"
    limits: Data = {"IdleRuntimeSessionTimeout": 900, "MaxLifetime": 3600}
    fix = set_to(lifecycle, limits, risk="sessions that last longer than an hour are ended")
    yield Claim(lifecycle.is_absent(), lifecycle, message, "info", fix=fix)
    idle = lifecycle["IdleRuntimeSessionTimeout"]
    message = f"{agent} keeps an idle session for {idle.words} seconds, and its memory is paid for:"
    message += f" {idle} should be 900, the default"
    fix = set_to(idle, 900, risk="sessions that users return to later are lost")
    yield Claim(idle.more_than(_LONG_IDLE), idle, message, "low", remedy=_IDLE_REMEDY, fix=fix)


@rule(
    "MLC602",
    "memory-kept-for-a-year",
    "low",
    practices=("AGENTCOST03-BP03", "MLSEC03-BP05"),
    on=(AGENTCORE_MEMORY,),
    remedy=Remedy("Set `EventExpiryDuration: 30`.", "Set `event_expiry_duration = 30`."),
)
def memory_kept_for_a_year(memory: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A memory of agents keeps raw conversations for more than 90 days.

    Events are stored and paid for, and personal data in them is kept longer than needed: long-term memories
    are extracted from events when they arrive.

    See [CreateMemory](https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateMemory.html).
    """
    expiry = memory["EventExpiryDuration"]
    message = f"{memory} keeps events for {expiry.words} days: {expiry} should be {_LONG} or less"
    yield Claim(
        expiry.more_than(_LONG), expiry, message, fix=set_to(expiry, _LONG, risk="events are deleted")
    )
