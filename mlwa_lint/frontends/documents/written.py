"""What states write into the input of later ones: results that are stated, and requests that are echoed."""

import json
from collections.abc import Iterator, Mapping, Sequence

from mlwa_lint.frontends.documents import calls
from mlwa_lint.frontends.documents.origins import Origins
from mlwa_lint.frontends.documents.steps import DocumentNames, text
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Entry, ListValue, MapValue, Reference, Scalar, Unknown, Value, known_text
from mlwa_lint.startup.patterns import lazy

_DEPTH = 8
# No list has an index of more.
_INDEX_DIGITS = 9
# Expressions of one definition that are evaluated, and characters of each and of what it gives.
EVALUATIONS_LIMIT = 50_000
WRITTEN_LENGTH_LIMIT = 10_000
_STEP = lazy(r"\.([A-Za-z_][\w-]*)|\[([0-9]+)\]")
_QUOTED = lazy(r"'([^'\\]*)'|\"([^\"\\]*)\"")
_INTRINSIC = lazy(r"States\.(\w+)\((.*)\)\s*")
_ARGUMENT = lazy(r"(\s*'[^'\\]*'\s*|\s*States\.\w+\((?:[^()']|'[^'\\]*')*\)\s*|[^,()']+)(,|$)")
_PLAIN = lazy(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?|true|false")
_OPERAND = lazy(r"\s*+((?:'[^'\\]*'|\"[^\"\\]*\"|[^'\"&])++)(&|$)")
_INPUT = "$states.input"
_FUNCTION = "AWS::Lambda::Function"
# What waits for these jobs gets their description, in which the request is repeated.
_DESCRIBED = frozenset(
    f"sagemaker:create{job}".lower() for job in ("TrainingJob", "ProcessingJob", "TransformJob")
)
_TRAINING = "sagemaker:createtrainingjob"
_ARTEFACT = ".ModelArtifacts.S3ModelArtifacts"


# A longer path identifies nothing more precisely.
NAMED_LENGTH = 80


class WrittenByStates:
    """The values of expressions that states read, where the definition gives them."""

    def __init__(
        self,
        states: Mapping[str, MapValue],
        origins: Origins,
        language: str,
        variables: Mapping[str, Value | None],
        names: DocumentNames,
    ) -> None:
        self._names = names
        self._states = states
        self._origins = origins
        self._language = language
        self._variables = variables
        self._left = EVALUATIONS_LIMIT

    def value(self, state: str, expression: str, span: Span, depth: int = 0) -> Value | None:
        """The value of an expression in a state; None where only the execution gives it."""
        self._left -= 1
        if depth > _DEPTH or self._left < 0 or len(expression) > WRITTEN_LENGTH_LIMIT:
            return None
        if (match := _INTRINSIC.fullmatch(expression)) is not None:
            arguments = [self.value(state, each, span, depth + 1) for each in _listed(match[2])]
            return _computed(match[1], arguments, span)
        if (match := _QUOTED.fullmatch(expression)) is not None:
            return Scalar(match[1] if match[1] is not None else match[2], span)
        if _PLAIN.fullmatch(expression):
            return Scalar(_plain(expression), span)
        if "&" in expression:
            return self._joined(state, expression, span, depth)
        if expression.startswith(_INPUT):
            return self._read(state, f"${expression.removeprefix(_INPUT)}", span, depth)
        name, _, rest = expression.removeprefix("$").partition(".")
        if name in self._variables and expression.startswith("$"):
            held = self._variables[name]
            return None if held is None else self._below(held, f".{rest}" if rest else "", state, span, depth)
        return self._read(state, expression, span, depth)

    def _joined(self, state: str, expression: str, span: Span, depth: int) -> Value | None:
        """Texts that JSONata puts together with `&`."""
        parts: list[str | Unknown | Reference] = []
        for operand in _operands(expression):
            found = self.value(state, operand, span, depth + 1)
            known = None if found is None else known_text(found)
            if known is not None:
                parts.append(known)
            elif isinstance(found, (Unknown, Reference)):
                parts.append(found)
            else:
                reason = f"{operand} is worked out when the state runs"
                identity = self._origins.identity(state, operand)
                parts.append(Unknown(reason, span, identity=identity, present=True))
        texts = [part for part in parts if isinstance(part, str)]
        if not texts:
            return None
        if sum(map(len, texts)) > WRITTEN_LENGTH_LIMIT:
            return None
        if len(texts) == len(parts):
            return Scalar("".join(texts), span)
        reasons = [part.reason for part in parts if isinstance(part, Unknown)]
        reason = reasons[0] if reasons else "it is worked out when the state runs"
        return Unknown(reason, span, tuple(parts), present=True)

    def _open(self, state: str, expression: str, span: Span) -> Unknown | None:
        """What an earlier state hands on and only the execution gives; None where that is a text it makes."""
        if not expression.startswith("$") or len(expression) > NAMED_LENGTH:
            return None
        place = self._origins.place(state, expression)
        identity = self._origins.identity(state, expression)
        return Unknown(f"it comes from {place}", span, identity=identity, present=True)

    def _read(self, state: str, path: str, span: Span, depth: int) -> Value | None:
        found = self._origins.written_by(state, path)
        if found is None:
            return None
        writer, rest = found
        body = self._states.get(writer)
        if body is None:
            return None
        result = self._result(body)
        if result is None:
            return None
        if rest == _ARTEFACT:
            return self._artefact(result, body, writer, span, depth)
        return self._below(result, rest, writer, span, depth)

    def _artefact(self, request: Value, body: MapValue, state: str, span: Span, depth: int) -> Value | None:
        """Where a training job that is waited for leaves its model: below what its request names."""
        if (calls.action_of(text(body, "Resource")) or "").lower() != _TRAINING:
            return self._below(request, _ARTEFACT, state, span, depth)
        folder = self._below(request, ".OutputDataConfig.S3OutputPath", state, span, depth)
        known = None if folder is None else known_text(folder)
        if known is not None:
            start: tuple[str | Unknown | Reference, ...] = (f"{known.rstrip('/')}/",)
        elif isinstance(folder, Unknown) and folder.parts:
            start = (*folder.parts, "/")
        else:
            return None
        reason = f"it comes from {_ARTEFACT[1:]} of state {state}"
        job = Unknown(reason, span, present=True)
        return Unknown(reason, span, (*start, job, "/output/model.tar.gz"), present=True)

    def _result(self, body: MapValue) -> Value | None:
        """What a state gives, as far as its definition states it."""
        language = text(body, "QueryLanguage") or self._language
        if language == "JSONata":
            output = body.value("Output")
            return output if isinstance(output, MapValue) else None
        kind = text(body, "Type")
        if kind == "Pass":
            found = body.value("Result" if "Result" in body.entries else "Parameters")
            return found if isinstance(found, (MapValue, Scalar, Reference)) else None
        request = body.value("Parameters")
        resource = text(body, "Resource")
        waited = (
            calls.pattern_of(resource) == "sync" and (calls.action_of(resource) or "").lower() in _DESCRIBED
        )
        if kind == "Task" and "ResultSelector" not in body.entries and not waited:
            return self._returned(body)
        if kind != "Task" or "ResultSelector" in body.entries:
            return None
        return request if isinstance(request, MapValue) else None

    def _returned(self, body: MapValue) -> Value | None:
        """What the function of a task returns, as far as its program writes it out."""
        called = body.value("Resource")
        request = body.value("Parameters")
        invokes = (calls.action_of(known_text(called) or "") or "").lower() == "lambda:invoke"
        is_service = invokes and ":states:" in (known_text(called) or "")
        if is_service and isinstance(request, MapValue):
            called = request.value("FunctionName")
        if called.span is None:
            return None
        found = self._names.target(called, _FUNCTION, called.span)
        result = self._names.returned.get(found.address) if isinstance(found, Reference) else None
        if result is None or not is_service:
            return result
        return MapValue({"Payload": Entry(called.span, result, "Payload")}, called.span)

    def _below(self, value: Value, rest: str, state: str, span: Span, depth: int) -> Value | None:
        """The value at a path below one that a state states."""
        for name, number in _STEP.findall(rest):
            if number:
                items = value.items if isinstance(value, ListValue) else ()
                if len(number) > _INDEX_DIGITS or int(number) >= len(items):
                    return None
                value = items[int(number)]
                continue
            if not isinstance(value, MapValue):
                return None
            if f"{name}.$" in value.entries:
                expression = known_text(value.entries[f"{name}.$"].value) or ""
                if name != _last(rest) or not expression:
                    return None
                return self.value(state, expression, span, depth + 1) or self._open(state, expression, span)
            if name not in value.entries:
                return None
            value = value.entries[name].value
        if isinstance(value, Scalar) and isinstance(value.data, str) and value.data.startswith("{%"):
            return self.value(state, value.data[2:].removesuffix("%}").strip(), span, depth + 1)
        if isinstance(value, Scalar):
            return value._replace(span=span, origin=value.origin or value.span)
        return value._replace(span=span) if isinstance(value, (Reference, Unknown)) else None


def _last(path: str) -> str:
    return path.rpartition(".")[2]


def _listed(arguments: str) -> list[str]:
    """The arguments of an intrinsic function; one that nothing matches where they cannot be told apart."""
    found: list[str] = []
    end = 0
    while end < len(arguments):
        match = _ARGUMENT.match(arguments, end)
        if match is None:
            return [""]
        found.append(match[1].strip())
        end = match.end()
    return found


def _computed(name: str, arguments: Sequence[Value | None], span: Span) -> Value | None:
    """What an intrinsic function gives; None where that depends on the execution."""
    known = [each for each in arguments if isinstance(each, Scalar)]
    if len(known) < len(arguments) or not known:
        return None
    assumed = frozenset[str]().union(*(each.assumed for each in known))
    data = [each.data for each in known]
    if name == "Array":
        return ListValue(tuple(known), span)
    if name == "StringToJson" and len(data) == 1 and isinstance(data[0], str):
        read = _parsed(data[0])
        return None if read is None else Scalar(read, span, assumed)
    if name == "MathAdd" and len(data) == 2:
        numbers = [each for each in data if isinstance(each, int) and not isinstance(each, bool)]
        return Scalar(sum(numbers), span, assumed) if len(numbers) == 2 else None
    if name == "Format" and isinstance(data[0], str) and data[0].count("{}") == len(data) - 1:
        texts = [each if isinstance(each, str) else json.dumps(each) for each in data[1:]]
        first, *others = data[0].split("{}")
        made = first + "".join(map("".join, zip(texts, others, strict=True)))
        return Scalar(made, span, assumed) if len(made) <= WRITTEN_LENGTH_LIMIT else None
    return None


def _parsed(text_of_it: str) -> str | int | float | bool | None:
    """A text, number or truth value that a text of JSON holds."""
    try:
        found = json.loads(text_of_it)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, (str, int, float, bool)) else None


def _plain(text_of_it: str) -> str | int | float | bool:
    if text_of_it in ("true", "false"):
        return text_of_it == "true"
    return float(text_of_it) if "." in text_of_it else int(text_of_it)


def _operands(expression: str) -> Iterator[str]:
    end = 0
    while end < len(expression):
        match = _OPERAND.match(expression, end)
        if match is None:
            return
        yield match[1].strip()
        end = match.end()
