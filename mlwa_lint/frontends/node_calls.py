"""The calls of AWS in a text of JavaScript or TypeScript, by the clients that it makes."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from mlwa_lint.facts.ai_services import ai_services
from mlwa_lint.facts.services import ended_clients
from mlwa_lint.frontends.python.service_calls import ServiceCall
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Scalar, Value
from mlwa_lint.startup.patterns import lazy

_CLIENT = lazy(r"""["']@aws-sdk/client-([a-z0-9-]+)["']""")
_COMMAND = lazy(r"\bnew\s+(?:[\w$]+\.)?([A-Z]\w*)Command\s*\(")
_IMPORTED = lazy(
    r"""\{([^{}]*)\}\s*(?:from\b|=\s*(?:await\s+import|require)\s*\()\s*["']@aws-sdk/client-([a-z0-9-]+)["']"""
)
# Version 2 of the SDK: `const runtime = new AWS.SageMakerRuntime()`.
_SERVICES = {
    "BedrockAgentRuntime": "bedrock-agent-runtime",
    "BedrockRuntime": "bedrock-runtime",
    "Comprehend": "comprehend",
    "ForecastQueryService": "forecastquery",
    "FraudDetector": "frauddetector",
    "Kendra": "kendra",
    "LexModelBuildingService": "lex-models",
    "LexRuntime": "lex-runtime",
    "LexRuntimeV2": "lexv2-runtime",
    "LookoutEquipment": "lookoutequipment",
    "LookoutMetrics": "lookoutmetrics",
    "LookoutVision": "lookoutvision",
    "Panorama": "panorama",
    "PersonalizeRuntime": "personalize-runtime",
    "Polly": "polly",
    "Rekognition": "rekognition",
    "SageMakerRuntime": "sagemaker-runtime",
    "Textract": "textract",
    "TranscribeService": "transcribe",
    "Translate": "translate",
}
# Clients that boto3 calls otherwise.
_OLD_NAMES = {"lex-model-building-service": "lex-models", "lex-runtime-service": "lex-runtime"}
_SERVICE = lazy(rf"(?<![\w$])([\w$]+)\s*=\s*new\s+(?:[\w$]+\.)?({'|'.join(_SERVICES)})\s*[(,;\n)]")
# The commands that invoke models, by the client that has them.
_INVOKING = {
    "sagemaker-runtime": frozenset(
        {"InvokeEndpoint", "InvokeEndpointAsync", "InvokeEndpointWithResponseStream"}
    ),
    "bedrock-runtime": frozenset(
        {"InvokeModel", "InvokeModelWithResponseStream", "Converse", "ConverseStream", "StartAsyncInvoke"}
    ),
    "bedrock-agent-runtime": frozenset({"InvokeAgent", "InvokeFlow", "Retrieve", "RetrieveAndGenerate"}),
}
# … and those of AI services whose actions are named.
_INVOKING |= {
    client: frozenset(each.infers)
    for each in ai_services()
    if each.infers and each.prefix not in ("sagemaker", "bedrock")
    for client in each.clients or (each.prefix,)
}
# AI services of which all that neither administers nor lists invokes a model.
_ANY_ACTION = frozenset(
    client
    for each in ai_services()
    if not each.infers
    for client in each.clients or (each.prefix,)
    if client in _SERVICES.values()
)
INVOKED_BY = {
    name: None if client in _ANY_ACTION else _INVOKING[client]
    for name, client in _SERVICES.items()
    if client in _ANY_ACTION or client in _INVOKING
}
_NAME = r"(?<![\w$.])[\"']?{name}[\"']?\s*:\s*"
_LITERAL = lazy(r"\"([^\"\\\n]*)\"|'([^'\\\n]*)'|`([^`\\$]*)`")
_VARIABLE = lazy(r"process\.env(?:\.(\w+)|\[[\"'](\w+)[\"']\])!?(?=\s*[,;)}\n]|\s*$)")
_IDENTIFIER = lazy(r"([A-Za-z_$][\w$]*)\s*(?=[,)};\n]|$)")
_WORD = lazy(r"\w+")
# What names are given: `const input: Input = {`, `name = "scoring"`.
_OBJECT = lazy(r"(?:const|let|var)\s+([A-Za-z_$][\w$]*)\s*(?::[^=\n]{0,200})?=\s*(?=\{)")
_GIVEN = lazy(r"(?<![\w$.])([A-Za-z_$][\w$]*)(?=(\s*(?::[^=\n]{0,200})?=(?!=)\s*))")
_METHOD = lazy(r"(?<![\w$])([\w$]+)\s*\.\s*(\w+)\s*\(")
_ARGUMENTS = (
    "EndpointName",
    "agentId",
    "foundationModel",
    "guardrailId",
    "guardrailIdentifier",
    "guardrailVersion",
    "modelArn",
    "modelId",
)
_OPENING, _CLOSING = "([{", ")]}"
_LENGTH = 20_000
_DEPTH = 4


def calls_in(path: str, text: str, variables: Mapping[str, Value], at: Span | None) -> Iterator[ServiceCall]:
    """The calls in a program that invoke models.

    at: the text in a template that the program is; None where it is the file at the path.
    """
    return _Text(path, text, variables, at).calls()


def _places(matches: Iterable[re.Match[str]], group: int) -> dict[str, list[int]]:
    """Where what matches ends, by the name in it; group: what ends there."""
    found: dict[str, list[int]] = {}
    for match in matches:
        found.setdefault(match[1], []).append(match.end(group))
    return found


def _counts(client: str) -> bool:
    """Whether every command of a client counts, and not those alone that invoke models."""
    return client in _ANY_ACTION or client in ended_clients()


class _Text:
    """A text of a program, in which calls are looked for."""

    def __init__(self, path: str, text: str, variables: Mapping[str, Value], at: Span | None) -> None:
        self._path = path
        self._text = text
        self._variables = variables
        self._at = at

    def calls(self) -> Iterator[ServiceCall]:
        """The calls that invoke models."""
        clients = {_OLD_NAMES.get(each, each) for each in _CLIENT.findall(self._text)}
        importing: dict[str, dict[str, None]] = {}
        for names, given in _IMPORTED.findall(self._text):
            client = _OLD_NAMES.get(given, given)
            for name in _WORD.findall(names) if _counts(client) else ():
                importing.setdefault(name, {})[client] = None
        for match in _COMMAND.finditer(self._text):
            for service in sorted(clients & _INVOKING.keys()):
                if match[1] in _INVOKING[service]:
                    yield self._call(service, match[1], match.end())
            for service in importing.get(f"{match[1]}Command", ()):
                yield self._call(service, match[1], match.end())
        services: dict[str, dict[str, None]] = {}
        for variable, kind in _SERVICE.findall(self._text):
            services.setdefault(variable, {})[_SERVICES[kind]] = None
        for match in _METHOD.finditer(self._text) if services else ():
            name = match[2][:1].upper() + match[2][1:]
            for service in services.get(match[1], ()):
                if _counts(service) or name in _INVOKING.get(service, ()):
                    yield self._call(service, name, match.end())

    @cached_property
    def _objects(self) -> dict[str, list[int]]:
        """Where the object literals begin that variables are."""
        return _places(_OBJECT.finditer(self._text), 0)

    @cached_property
    def _given_names(self) -> dict[str, list[int]]:
        """Where what is given to names begins."""
        return _places(_GIVEN.finditer(self._text), 2)

    def _call(self, service: str, command: str, start: int) -> ServiceCall:
        place = self._span(start)
        given = self._given(start)
        arguments: dict[str, tuple[Span, Value]] = {}
        for name in _ARGUMENTS:
            found = None if given is None else self._argument(given, name, place)
            if found is not None:
                arguments[name] = place, found
        method = re.sub(r"(?<!^)(?=[A-Z])", "_", command).lower()
        return ServiceCall(service, method, arguments, place)

    def _given(self, start: int) -> str | None:
        """The argument of a call: an object literal, or the one that a name refers to."""
        rest = self._balanced(start - 1)
        name = _IDENTIFIER.match(rest.strip()) if rest is not None else None
        if rest is None or name is None:
            return rest
        found = self._objects.get(name[1], [])
        return self._balanced(found[0]) if len(found) == 1 else None

    def _balanced(self, start: int) -> str | None:
        """The text between a bracket and the one that closes it."""
        depth = 0
        for position in range(start, min(len(self._text), start + _LENGTH)):
            letter = self._text[position]
            if letter in _OPENING:
                depth += 1
            elif letter in _CLOSING:
                depth -= 1
                if depth == 0:
                    return self._text[start + 1 : position]
        return None

    def _argument(self, given: str, name: str, span: Span) -> Value | None:
        found = [*re.finditer(_NAME.format(name=name), given)]
        if len(found) != 1:
            return None
        return self._value(given[found[0].end() :], span, 0)

    def _value(self, text: str, span: Span, depth: int) -> Value | None:
        """The literal, or the environment variable, that an expression is."""
        if (match := _LITERAL.match(text)) is not None and re.match(r"\s*[,;)}\n]|\s*$", text[match.end() :]):
            return Scalar(next(each for each in match.groups() if each is not None), span)
        if (match := _VARIABLE.match(text)) is not None:
            return self._variables.get(match[1] or match[2])
        name = _IDENTIFIER.match(text)
        if name is None or depth > _DEPTH:
            return None
        found = self._given_names.get(name[1], [])
        if len(found) != 1:
            return None
        return self._value(self._text[found[0] : found[0] + _LENGTH], span, depth + 1)

    def _span(self, position: int) -> Span:
        line = self._text.count("\n", 0, position) + 1
        if self._at is None:
            start = position - self._text.rfind("\n", 0, position)
            return Span(self._path, line, start, line, start + 1)
        first = self._at.line + line
        # A block begins on the line after its mark.
        return Span(self._at.path, first, 1, first, 2) if self._at.end_line > first else self._at
