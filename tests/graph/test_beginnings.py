"""Values by how their texts begin: what is left out certainly differs, and only that is left out."""

from itertools import product

from mlwa_lint.graph.beginnings import Beginnings
from mlwa_lint.model.partial_texts import certainly_differ
from mlwa_lint.model.values import Reference, Scalar, TextPart, Unknown, Value
from tests.support.small_values import HERE

ACCOUNT, REGION, NAMELESS = (Unknown("open", HERE, (), identity) for identity in ("account", "Region", ""))
ROLE = Reference("R", "Arn", HERE)
PARTS: tuple[TextPart, ...] = ("a", "ab", "b", ACCOUNT, REGION, NAMELESS, ROLE)


def values() -> list[Value]:
    """Texts of up to three parts, known or not."""
    found: list[Value] = [Scalar(text, HERE) for text in ("a", "ab", "b", "")]
    for length in (1, 2, 3):
        found += [Unknown("open", HERE, parts) for parts in product(PARTS, repeat=length)]
    return found


def test_what_is_left_out_certainly_differs() -> None:
    listed = values()
    index = Beginnings[int]()
    for number, value in enumerate(listed):
        index.add(value, number)
    left_out = 0
    for number, value in enumerate(listed):
        found = list(index.like(value))
        assert number in found
        assert len(set(found)) == len(found)
        others = set(range(len(listed))) - set(found)
        assert all(certainly_differ(value, listed[each]) for each in others)
        left_out += len(others)
    assert left_out > 10_000


def test_long_texts_differ_by_their_beginnings() -> None:
    index = Beginnings[str]()
    for name in ("one", "two"):
        index.add(Unknown("open", HERE, (ACCOUNT, f"/{name}", "x" * 10_000)), name)
    assert list(index.like(Unknown("open", HERE, (ACCOUNT, "/two", "x" * 10_000)))) == ["two"]
