"""Values, answers and conditions for property-based tests."""

from hypothesis import strategies as st

from mlwa_lint.model.answers import Answer
from mlwa_lint.model.conditions import Condition
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Absent,
    Choice,
    Entry,
    ListValue,
    MapValue,
    Plain,
    Reference,
    Scalar,
    Unknown,
    Value,
)

HERE = Span("here.yaml", 1, 1, 1, 2)
KEYS = st.sampled_from(["A", "B", "Name", "KmsKeyId", "Enabled"])
_ASSUMPTIONS = [frozenset(each) for each in ((), ("the default of X",), ("the default of Y",))]
_ASSUMPTIONS.append(_ASSUMPTIONS[1] | _ASSUMPTIONS[2])
ASSUMPTIONS = st.sampled_from(_ASSUMPTIONS)
CONDITIONS = st.sampled_from(
    [Condition(name, "a condition", None, False) for name in ("IsProd", "UseKms", "Other")]
)
_PLAIN: list[Plain] = [False, True, *range(-5, 6), "", "true", "false", "3", "arn:aws:x", "text"]
# Made once, and picked from: to build each value from its parts took most of the tests' time.
SCALARS = st.sampled_from([Scalar(data, HERE, assumed) for data in _PLAIN for assumed in _ASSUMPTIONS])
UNKNOWNS = st.sampled_from(
    [
        Unknown(reason, HERE, identity=identity, present=present)
        for reason in ("parameter X has no default", "variable y has no default")
        for identity in ("", "parameter X", "parameter Y")
        for present in (False, True)
    ]
)
REFERENCES = st.sampled_from(
    [
        Reference(address, attribute, HERE, known)
        for address in ("Bucket", "Key")
        for attribute in ("", "Arn")
        for known in (None, "my-bucket")
    ]
)
LEAVES: st.SearchStrategy[Value] = st.one_of(SCALARS, UNKNOWNS, REFERENCES, st.just(Absent(HERE)))
_REST = st.none() | UNKNOWNS


def _larger(inner: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    """Leaves, and what holds some of the given values."""
    return st.one_of(
        LEAVES,
        st.tuples(st.dictionaries(KEYS, inner, max_size=3), _REST).map(
            lambda parts: MapValue({key: Entry(HERE, each) for key, each in parts[0].items()}, HERE, parts[1])
        ),
        st.tuples(st.lists(inner, max_size=3), _REST).map(
            lambda parts: ListValue(tuple(parts[0]), HERE, parts[1])
        ),
        st.tuples(CONDITIONS, inner, inner).map(lambda parts: Choice(*parts, HERE)),
    )


VALUES = _larger(_larger(_larger(LEAVES)))
ANSWERS = st.builds(
    Answer,
    st.sampled_from(["yes", "no", "undecided"]),
    st.sampled_from([(), ("a reason",)]),
    ASSUMPTIONS,
)
