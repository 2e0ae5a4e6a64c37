"""What custom resources of the CDK create by a call of the SDK: `AwsCustomResource`, the type `Custom::AWS`.

`Create` holds the call as a text of JSON, `{"service": "BedrockAgent", "action": "createAgent", …}`. Such a
resource is taken for what it creates, so that what refers to it refers to that.
"""

from mlwa_lint.frontends.documents.places import DocumentSources
from mlwa_lint.frontends.documents.steps import DocumentVocabulary
from mlwa_lint.frontends.documents.text import read
from mlwa_lint.model.resources import Project, Resource
from mlwa_lint.model.values import Entry, MapValue, known_text

CALL = "Custom::AWS"
_CLIENT = "@aws-sdk/client-"
# The services whose resources are made by a call because CloudFormation lacks, or lacked, a type.
_SERVICES = (
    "bedrock",
    "bedrock-agent",
    "bedrock-agentcore-control",
    "comprehend",
    "kendra",
    "opensearchserverless",
    "personalize",
    "s3vectors",
    "sagemaker",
)
_TOKEN = "ServiceToken"


def with_sdk_calls(project: Project) -> Project:
    """The project with what its custom resources create in place of those, where their calls are known."""
    if not any(each.type == CALL for each in project.resources):
        return project
    sources = DocumentSources()
    resources = tuple(_created(each, sources) if each.type == CALL else each for each in project.resources)
    return project._replace(resources=resources)


def _created(custom: Resource, sources: DocumentSources) -> Resource:
    from mlwa_lint.frontends.python.boto3.operations import OPERATIONS
    from mlwa_lint.frontends.python.boto3.parameters import canonical

    stated = custom.properties.value("Create")
    call = read(stated, {}, sources)
    if not isinstance(call, MapValue):
        return custom
    service = (known_text(call.value("service")) or "").removeprefix(_CLIENT)
    action = (known_text(call.value("action")) or "").removesuffix("Command").lower()
    parameters = call.value("parameters")
    client = next((each for each in _SERVICES if _plain(each) == _plain(service)), "")
    methods = OPERATIONS.get(client, {})
    found = next((methods[each] for each in methods if each.replace("_", "") == action), None)
    if found is None or not isinstance(parameters, MapValue) or not action.startswith("create"):
        return custom
    kind, maps = found
    entries = canonical(kind, dict(parameters.entries), maps)
    token = custom.properties.entries.get(_TOKEN)
    if token is not None:
        entries[_TOKEN] = Entry(token.key_span, token.value, _TOKEN)
    return custom._replace(
        type=kind,
        properties=custom.properties._replace(entries=entries),
        vocabulary=DocumentVocabulary(custom.vocabulary.language),
    )


def _plain(service: str) -> str:
    return service.replace("-", "").lower()
