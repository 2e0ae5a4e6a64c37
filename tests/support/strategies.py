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
    Reference,
    Scalar,
    Unknown,
    Value,
)

HERE = Span("here.yaml", 1, 1, 1, 2)
# A record has its own constructor from its first instance on, and hypothesis looks at constructors.
Unknown("", HERE), Reference("", "", HERE), Entry(HERE, Scalar("", HERE))
KEYS = st.sampled_from(["A", "B", "Name", "KmsKeyId", "Enabled"])
ASSUMPTIONS = st.frozensets(st.sampled_from(["the default of X", "the default of Y"]), max_size=2)
CONDITIONS = st.builds(
    Condition,
    st.sampled_from(["IsProd", "UseKms", "Other"]),
    st.just("a condition"),
    st.just(None),
    st.just(False),
)
PLAIN = st.one_of(
    st.booleans(), st.integers(-5, 5), st.sampled_from(["", "true", "false", "3", "arn:aws:x", "text"])
)
SCALARS = st.builds(Scalar, PLAIN, st.just(HERE), ASSUMPTIONS)
UNKNOWNS = st.builds(
    Unknown,
    st.sampled_from(["parameter X has no default", "variable y has no default"]),
    st.just(HERE),
    identity=st.sampled_from(["", "parameter X", "parameter Y"]),
    present=st.booleans(),
)
REFERENCES = st.builds(
    Reference,
    st.sampled_from(["Bucket", "Key"]),
    st.sampled_from(["", "Arn"]),
    st.just(HERE),
    st.sampled_from([None, "my-bucket"]),
)
LEAVES = st.one_of(SCALARS, UNKNOWNS, REFERENCES, st.just(Absent(HERE)))


def _maps(inner: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    entries = st.dictionaries(KEYS, st.builds(Entry, st.just(HERE), inner), max_size=3)
    return st.builds(MapValue, entries, st.just(HERE), st.none() | UNKNOWNS)


def _lists(inner: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    return st.builds(ListValue, st.lists(inner, max_size=3).map(tuple), st.just(HERE), st.none() | UNKNOWNS)


def _choices(inner: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    return st.builds(Choice, CONDITIONS, inner, inner, st.just(HERE))


VALUES: st.SearchStrategy[Value] = st.recursive(
    LEAVES, lambda inner: st.one_of(_maps(inner), _lists(inner), _choices(inner)), max_leaves=8
)
ANSWERS = st.builds(
    Answer,
    st.sampled_from(["yes", "no", "undecided"]),
    st.sampled_from([(), ("a reason",)]),
    ASSUMPTIONS,
)
