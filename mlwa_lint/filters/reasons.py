"""Why the instances of one finding weigh less: the reason of one need not hold for the others."""

from mlwa_lint.model.findings import Finding, Lowered

# Of the reasons for which the instances of a finding weigh less, so many are stated.
_STATED = 2
_AND = ", and "


def lowered_alike(group: list[Finding]) -> Lowered | None:
    """Why the worst of a group weigh less: what holds for one of them need not hold for the others."""
    first = group[0].lowered
    if first is None:
        return None
    alike = (each.lowered for each in group if each.severity == group[0].severity)
    reasons = list(dict.fromkeys(each.because for each in alike if each is not None))
    if len(reasons) == 1:
        return first
    # "the agent cannot act, and it is an example": what all of them have in common is stated once.
    parts = [each.split(_AND) for each in reasons]
    common = 0
    while all(len(each) > common + 1 and each[-common - 1] == parts[0][-common - 1] for each in parts):
        common += 1
    ends = [len(each) - common for each in parts]
    heads = list(dict.fromkeys(_AND.join(each[:end]) for each, end in zip(parts, ends, strict=True)))
    others = ["for other reasons"] if len(heads) > _STATED else []
    because = ", or ".join([*heads[:_STATED], *others])
    return first._replace(because=_AND.join([because, *parts[0][ends[0] :]]))
