"""What a finding weighs by the condition under which it holds: a switch, a branch, an answer, a stage."""

from mlwa_lint.model.findings import SEVERITIES, Concern, Lowered, Severity
from mlwa_lint.model.purpose import UNOPERATED
from mlwa_lint.model.weights import Weight, lowered

# What reasons that say the same have in them.
_OPERATED = "is operated"
_OFF = "it does not hold by default"
_RIGHT_BY_DEFAULT = "the default of the choice is right"
_CALLERS_CHOOSE = "who calls the module chooses"
_REQUIRED = "whoever deploys it has to choose, and the other choice is right"
_DONE_ELSEWHERE = "another branch of the program does it"
_ANSWERED = "the person who runs the program answers so"
_NOT_IN_PRODUCTION = "it does not hold in production"
_CHOSEN = "a comment states that it is on purpose, or why"


def weigh_chosen(weight: Weight, usual: Severity) -> Weight:
    """What a choice weighs that a comment states: info, so that whoever reviews the choices sees it.

    usual: what such findings weigh. The comment may not have meant one that is worse, which is low.
    """
    if weight.severity == "info":
        return weight
    severity = weight.severity if weight.lowered is None else weight.lowered.severity
    worse = SEVERITIES.index(severity) < SEVERITIES.index(usual)
    return Weight("low" if worse else "info", Lowered(severity, _CHOSEN))


def weigh_vulnerable(weight: Weight, because: str, leaks: bool) -> Weight:
    """What is insecure on purpose weighs: info; a credential that is written out may be true, and is low."""
    severity = weight.severity if weight.lowered is None else weight.lowered.severity
    least: Severity = "low" if leaks else "info"
    if SEVERITIES.index(weight.severity) >= SEVERITIES.index(least):
        return weight
    return Weight(least, Lowered(severity, because))


def weigh_unoperated(weight: Weight, as_info: bool = False) -> Weight:
    """What a practice of those who operate something weighs where nothing shows that someone does.

    What is high may harm others, whoever looks after it (docs/decisions/0620).
    as_info: whether it is info at once, rather than one less.
    """
    if weight.severity not in ("medium", "low"):
        return weight
    found: Severity = "info" if as_info else lowered(weight.severity, UNOPERATED, "info").severity
    if weight.lowered is None:
        return Weight(found, Lowered(weight.severity, UNOPERATED))
    because = weight.lowered.because
    reason = because if _OPERATED in because else f"{because}, and {UNOPERATED}"
    return Weight(found, Lowered(weight.lowered.severity, reason))


def weigh_off(weight: Weight, concern: Concern) -> Weight:
    """What a finding weighs that holds only where something is switched on that is off by default."""
    if weight.lowered is not None or (weight.severity != "high" and concern == "any"):
        return weight
    return lowered(weight.severity, _OFF, "low")


def weigh_by_choice(weight: Weight, concern: Concern) -> Weight:
    """What a finding weighs where a template chooses between two settings, and its default is the right one.

    Whoever deploys it has to select the other one (docs/decisions/0226). What is high stays low: the choice
    itself should not be offered.
    """
    off = weight.lowered is not None and weight.lowered.because == _OFF
    if weight.lowered is None or not off or concern != "protection":
        return weight
    found: Severity = "low" if weight.lowered.severity == "high" else "info"
    return Weight(found, Lowered(weight.lowered.severity, _RIGHT_BY_DEFAULT))


def weigh_by_caller(weight: Weight, concern: Concern) -> Weight:
    """The same in a module: who calls it chooses, and one that chooses what is wrong is not at hand."""
    chosen = weigh_by_choice(weight, concern)
    if chosen.lowered is None or chosen.lowered.because != _RIGHT_BY_DEFAULT:
        return chosen
    return Weight("info", chosen.lowered._replace(because=f"{_RIGHT_BY_DEFAULT}, and {_CALLERS_CHOOSE}"))


def weigh_in_branch(weight: Weight, concern: Concern) -> Weight:
    """What a finding weighs about what a program leaves out in one of its branches, not in the default one.

    Whoever runs the program chooses, and it offers what the rule requires (docs/decisions/0170).
    """
    if weight.lowered is not None or weight.severity == "high" or concern == "any":
        return weight
    return lowered(weight.severity, _DONE_ELSEWHERE, "info" if concern == "protection" else "low")


def weigh_required_choice(weight: Weight, concern: Concern) -> Weight:
    """The weight of a finding that holds for one value of a variable without a default, and for no other.

    The configuration offers what the rule requires, and whoever deploys it states the value each time.
    """
    if weight.lowered is not None or weight.severity == "high" or concern != "protection":
        return weight
    return Weight("info", Lowered(weight.severity, _REQUIRED))


def weigh_prompted(weight: Weight, concern: Concern) -> Weight:
    """What a finding weighs that holds only if a person answers a question of the program so.

    It is a decision of this person, and no omission; what is high, or always wrong, is so nevertheless.
    """
    severity = weight.severity if weight.lowered is None else weight.lowered.severity
    if severity == "high" or concern == "any" or weight.severity == "info":
        return weight
    return Weight("info", Lowered(severity, _ANSWERED))


def weigh_outside_production(weight: Weight, concern: Concern, stated: bool = False) -> Weight:
    """The weight of a finding that holds only where a condition that selects production does not.

    What is low already for a reason of its own is info, as in what is named for development.

    stated: whether the configuration states what is wrong, and something else for production, on purpose.
    """
    if concern not in ("production", "deployment") or weight.severity == "info":
        return weight
    if weight.lowered is None:
        return lowered(weight.severity, _NOT_IN_PRODUCTION, "info" if stated else "low")
    if weight.severity != "low" or weight.lowered.because in (_OFF, _DONE_ELSEWHERE):
        return weight
    return Weight(
        "info", Lowered(weight.lowered.severity, f"{weight.lowered.because}, and {_NOT_IN_PRODUCTION}")
    )
