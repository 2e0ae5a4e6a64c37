"""Whether a bucket's policy denies unencrypted HTTP, and which statement nearly does."""

from collections.abc import Iterator

from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.iam.policies import Statement
from mlwa_lint.graph.queries.buckets import flattened
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import NO, YES, Answer, every, some, undecided
from mlwa_lint.model.values import Reference, Unknown

_OF_TLS = ("aws:securetransport", "s3:tlsversion")


def denies_plain_http(bucket: ResourceView, graph: GraphView) -> Answer:
    """Whether a policy of the bucket denies requests that do not use TLS."""
    return policies.of_bucket(bucket, graph).any(_denies_plain_http)


def nearest_denial(bucket: ResourceView, graph: GraphView) -> str:
    """The statement about TLS that lacks least, and what it lacks; empty where none is about TLS."""
    near: list[tuple[int, str]] = []
    for statement in policies.of_bucket(bucket, graph).known:
        if any(key.lower() in _OF_TLS for _, key, _ in statement.conditions()):
            lacking = [lack for answered, lack in _needs(statement) if answered.verdict == "no"]
            near += [(len(lacking), f"{statement} {lacking[0]}")] if lacking else []
    return min(near, key=lambda each: each[0])[1] if near else ""


def _denies_plain_http(statement: Statement) -> Answer:
    return every(answered for answered, _ in _needs(statement))


def _needs(statement: Statement) -> Iterator[tuple[Answer, str]]:
    """What a statement has to fulfil to deny all plain requests, and what is wrong where it does not."""
    yield statement.denies(), "allows requests over TLS, which denies no others"
    yield statement.any_principal(), "denies it to some principals only"
    yield _mentions_transport(statement), "is about s3:TlsVersion, which unencrypted requests do not have"
    yield _requires_plain_http(statement), _wrong_condition(statement)
    reads, writes = statement.covers_action("s3:GetObject"), statement.covers_action("s3:PutObject")
    yield reads | writes, "denies other actions than s3:GetObject and s3:PutObject"
    yield reads, "leaves out s3:GetObject"
    yield writes, "leaves out s3:PutObject"
    yield statement.on_some_resource(_covers_objects), "does not cover all objects of the bucket (`/*`)"


def _mentions_transport(statement: Statement) -> Answer:
    """Whether a condition is about the transport, where the conditions are known."""
    if isinstance(statement["Condition"].value, (Unknown, Reference)):
        return YES
    keys = [key.lower() for _, key, _ in statement.conditions()]
    return NO if _OF_TLS[0] not in keys and _OF_TLS[1] in keys else YES


def _wrong_condition(statement: Statement) -> str:
    others = (
        key
        for operator, key, _ in statement.conditions()
        if key.lower() != _OF_TLS[0] and not _exempts(_base_of(operator), key.lower())
    )
    other = next(others, "")
    return f"has a further condition, on {other}" if other else "denies requests where it is true"


def _requires_plain_http(statement: Statement) -> Answer:
    """Whether the conditions hold for every plain request, but for those of exempted principals."""
    view = statement["Condition"]
    if isinstance(view.value, (Unknown, Reference)):
        return undecided(view.value.reason if isinstance(view.value, Unknown) else "it is not known")
    required: list[Answer] = []
    limited: list[Answer] = []
    for operator, key, wanted in statement.conditions():
        base = _base_of(operator)
        if key.lower() == "aws:securetransport":
            required.append(_means_plain_http(base, wanted))
        elif not _exempts(base, key.lower()):
            limited.append(NO)
    return every([some(required), *limited])


def _base_of(operator: str) -> str:
    return operator.rpartition(":")[2].lower().removesuffix("ifexists")


def _means_plain_http(operator: str, wanted: View) -> Answer:
    """`Bool: false`, the same as text, or `not true`."""
    if operator in ("bool", "stringequals", "stringequalsignorecase", "stringlike"):
        return wanted.any_item(lambda item: item.is_false())
    if operator in ("stringnotequals", "stringnotequalsignorecase", "stringnotlike"):
        return wanted.any_item(lambda item: item.is_true())
    return NO


def _exempts(operator: str, key: str) -> bool:
    """Whether a condition only leaves out some principals or AWS services, which always use TLS."""
    if key in ("aws:principalisawsservice", "aws:viaawsservice"):
        return operator == "bool"
    return key.startswith(("aws:principal", "aws:userid", "aws:calledvia")) and "not" in operator


def _covers_objects(view: View) -> Answer:
    """Whether a resource of a bucket's policy means all its objects: `*`, `arn:aws:s3:::name/*`, `name*`."""
    text = flattened(view.value)
    if text is None:
        return view.is_open()
    bucket, slash, key = text.partition("/")
    if key.endswith("\0") or (not slash and bucket.endswith("\0") and not isinstance(view.value, Reference)):
        # What comes last is not known, and may be `/*`.
        return _unless_reference(view)
    return YES if (key == "*" if slash else bucket.endswith("*")) else NO


def _unless_reference(view: View) -> Answer:
    value = view.value
    last = value.parts[-1] if isinstance(value, Unknown) and value.parts else value
    return NO if isinstance(last, Reference) else undecided("a resource of its policy is not known")
