"""Groups of targets that are linted together, joined pair by pair."""


def join(groups: dict[str, list[str]], one: str, other: str, limit: int | None = None) -> None:
    """Makes one group of those that two paths are in, unless it would be larger than a limit."""
    left, right = groups.setdefault(one, [one]), groups.setdefault(other, [other])
    if left is not right and (limit is None or len(left) + len(right) <= limit):
        left.extend(right)
        for member in right:
            groups[member] = left
