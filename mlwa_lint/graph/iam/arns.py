"""Names of resources in ARNs, and texts of the project with their references resolved."""

from mlwa_lint.graph import patterns
from mlwa_lint.graph.iam.statements import Statement
from mlwa_lint.graph.linking.naming import NAME_PROPERTIES
from mlwa_lint.graph.patterns import ACCOUNT, REGION, Hole, PatternText
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View, why_unknown
from mlwa_lint.model.answers import NO, YES, Answer, possibly, some, undecided
from mlwa_lint.model.values import Absent, Reference, Scalar, Unknown, known_text, plain_text
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_DEPTH_LIMIT = 8
_BEFORE_MODELS = ":foundation-model/"
_ACCOUNT = lazy(
    r"AWS::AccountId$|the caller's Account$|(?:.*\.)?data\.aws_caller_identity\.[^.]+\.(?:account_id|id)$"
)
_REGION = lazy(r"AWS::Region$|(?:.*\.)?data\.aws_region\.[^.]+\.(?:name|id|region)$")
_PARTITION = lazy(r"AWS::Partition$|(?:.*\.)?data\.aws_partition\.[^.]+\.(?:partition|id)$")


class _Form(NamedTuple):
    """How the ARNs of a type are made.

    service, start: `arn:aws:SERVICE:REGION:ACCOUNT:START` and then the name.
    places:         whether it contains Region and account.
    named:          whether its last part is the name that the template gives; else an id of AWS's.
    by_ref:         whether `Ref` gives the ARN.
    """

    service: str
    start: str
    places: tuple[bool, bool] = (True, True)
    named: bool = True
    by_ref: bool = False


_FORMS = {
    "AWS::Bedrock::Agent": _Form("bedrock", "agent/", named=False),
    "AWS::Bedrock::ApplicationInferenceProfile": _Form(
        "bedrock", "application-inference-profile/", named=False
    ),
    "AWS::Bedrock::Guardrail": _Form("bedrock", "guardrail/", named=False),
    "AWS::Bedrock::KnowledgeBase": _Form("bedrock", "knowledge-base/", named=False),
    "AWS::DynamoDB::Table": _Form("dynamodb", "table/"),
    "AWS::ECR::Repository": _Form("ecr", "repository/"),
    "AWS::IAM::ManagedPolicy": _Form("iam", "policy", (False, True), by_ref=True),
    "AWS::IAM::Role": _Form("iam", "role", (False, True)),
    "AWS::KMS::Key": _Form("kms", "key/", named=False),
    "AWS::Kinesis::Stream": _Form("kinesis", "stream/"),
    "AWS::Lambda::Function": _Form("lambda", "function:"),
    "AWS::Logs::LogGroup": _Form("logs", "log-group:"),
    "AWS::OpenSearchServerless::Collection": _Form("aoss", "collection/", named=False),
    "AWS::S3::Bucket": _Form("s3", "", (False, False)),
    "AWS::SNS::Topic": _Form("sns", "", by_ref=True),
    "AWS::SQS::Queue": _Form("sqs", ""),
    "AWS::SageMaker::Endpoint": _Form("sagemaker", "endpoint/", by_ref=True),
    "AWS::SageMaker::EndpointConfig": _Form("sagemaker", "endpoint-config/", by_ref=True),
    "AWS::SageMaker::Model": _Form("sagemaker", "model/", by_ref=True),
    "AWS::SageMaker::Pipeline": _Form("sagemaker", "pipeline/"),
    "AWS::SecretsManager::Secret": _Form("secretsmanager", "secret:", named=False, by_ref=True),
    "AWS::StepFunctions::StateMachine": _Form("states", "stateMachine:", by_ref=True),
}
_PATHS = ("AWS::IAM::Role", "AWS::IAM::ManagedPolicy")


def of_resource(resource: ResourceView, graph: GraphView) -> PatternText:
    """The ARN of a resource, with unknown parts where they are not known."""
    return patterns.arn(patterns.text(*_arn(resource, graph, 0)))


def of_objects(bucket: ResourceView, graph: GraphView, key: "tuple[str | Hole, ...]") -> PatternText:
    """The ARN of an object in a bucket, or of many: `(patterns.ANYTHING,)` for every one."""
    return patterns.arn(patterns.text(*_arn(bucket, graph, 0), "/", *key))


def text_of(view: View, graph: GraphView) -> PatternText:
    """The text of a property, with references resolved; no sign of it is a wildcard."""
    return patterns.arn(patterns.text(*_pieces(view.value, graph, 0)))


def pattern_of(view: View, graph: GraphView) -> PatternText:
    """A pattern of a policy, with references resolved."""
    return patterns.arn(patterns.pattern(*_pieces(view.value, graph, 0)))


def _pieces(value: object, graph: GraphView, depth: int) -> "list[str | Hole]":
    if isinstance(value, Scalar):
        return [plain_text(value.data)]
    if depth > _DEPTH_LIMIT or isinstance(value, Absent):
        return [patterns.ANYTHING]
    if isinstance(value, Reference):
        return _referenced(value, graph, depth)
    if not isinstance(value, Unknown):
        return [patterns.ANYTHING]
    if not value.parts:
        return [_unknown(value)]
    found: list[str | Hole] = []
    for part in value.parts:
        found += [part] if isinstance(part, str) else _pieces(part, graph, depth + 1)
    return found


def _unknown(value: Unknown) -> Hole:
    identity = value.identity
    if _ACCOUNT.match(identity):
        return ACCOUNT
    if _REGION.match(identity):
        return REGION
    if _PARTITION.match(identity):
        return Hole("partition", False)
    return Hole(identity, True, value.reason)


def _referenced(reference: Reference, graph: GraphView, depth: int) -> "list[str | Hole]":
    known = known_text(reference)
    if known is not None:
        return [known]
    resource = graph.graph.by_address.get(reference.address)
    form = _FORMS.get(resource.type) if resource is not None else None
    if resource is None or form is None:
        return [Hole(f"{reference.address}.{reference.attribute}", True, why_unknown(reference))]
    view = ResourceView(resource, graph.world)
    attribute = reference.attribute.lower()
    if attribute.endswith("arn") or (not attribute and form.by_ref):
        return _arn(view, graph, depth + 1)
    if attribute in ("", "id", "name", "bucket", "function_name", "repository_name", "key_id", "keyid"):
        return (
            _arn(view, graph, depth + 1) if attribute == "id" and form.by_ref else _name(view, graph, depth)
        )
    return [Hole(f"{reference.address}.{reference.attribute}", True, why_unknown(reference))]


def _arn(resource: ResourceView, graph: GraphView, depth: int) -> "list[str | Hole]":
    form = _FORMS.get(resource.type)
    if form is None:
        return [
            Hole(
                f"{resource.address}.arn",
                True,
                f"the ARN of {resource.address} is known only after deployment",
            )
        ]
    region, account = form.places
    start: list[str | Hole] = [f"arn:aws:{form.service}:"]
    start += [REGION] if region else []
    start += [":"]
    start += [ACCOUNT] if account else []
    start += [f":{form.start}", *_path(resource, graph, depth), *_name(resource, graph, depth)]
    return start


def _path(resource: ResourceView, graph: GraphView, depth: int) -> "list[str | Hole]":
    if resource.type not in _PATHS:
        return []
    value = resource["Path"].value
    return ["/"] if isinstance(value, Absent) else _pieces(value, graph, depth + 1)


def _name(resource: ResourceView, graph: GraphView, depth: int) -> "list[str | Hole]":
    """The last part of an ARN; what AWS makes up is like no other."""
    own = Hole(
        f"{resource.address}#name", False, f"the name of {resource.address} is known only after deployment"
    )
    if not _FORMS[resource.type].named:
        return [own]
    value = resource[NAME_PROPERTIES.get(resource.type, "Name")].value
    return [own] if isinstance(value, Absent) else _pieces(value, graph, depth + 1)


def is_account(value: Unknown) -> bool:
    """Whether an unknown text is the number of the account that the project is deployed to."""
    return _ACCOUNT.match(value.identity) is not None


def names_account(resource: View, graph: GraphView) -> Answer:
    """Whether a resource of a policy has an account where the ARN of a foundation model has none.

    No model is `arn:aws:bedrock:eu-west-1:111122223333:foundation-model/*`.
    """
    if resource.texts:
        return resource.test(lambda text: _has_account(patterns.pattern(text)) == YES)
    return _has_account(pattern_of(resource, graph))


def reaching(allowed: Answer, statement: Statement, graph: GraphView) -> Answer:
    """What a statement allows, unless it is only about ARNs that no model has.

    The resources of statements that allow nothing of it are not read: conditions may decide about them.
    """
    return allowed & may_reach(statement, graph) if possibly(allowed) else allowed


def may_reach(statement: Statement, graph: GraphView) -> Answer:
    """Whether a statement is about anything else than ARNs that no model has: these allow nothing."""
    if not statement.view.lacks("NotResource"):
        return YES
    found = statement.on_some_resource(lambda each: ~names_account(each, graph))
    return YES if found.reasons else found


def _has_account(arn: PatternText) -> Answer:
    start = len(_BEFORE_MODELS)
    ends = [at for at in range(len(arn)) if arn[at : at + start] == tuple(_BEFORE_MODELS)]
    if not ends:
        return NO
    before = arn[: ends[-1]]
    account = before[max((at + 1 for at, token in enumerate(before) if token == ":"), default=0) :]
    if any(token != patterns.Wild.ANY and not (isinstance(token, Hole) and token.free) for token in account):
        return YES
    return some(undecided(token.why) for token in account if isinstance(token, Hole))
