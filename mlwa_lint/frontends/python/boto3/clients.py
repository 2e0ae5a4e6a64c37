"""boto3's clients: which calls make resources, which change them, and what their results represent."""

import re
from collections.abc import Mapping

from mlwa_lint.facts.services import ended_clients, uses_service
from mlwa_lint.frontends.python.boto3.code import UPDATES_OF_FUNCTIONS, note_code
from mlwa_lint.frontends.python.boto3.folds import ALONE, FOLDS, STARTS, STATED, FoldingCall
from mlwa_lint.frontends.python.boto3.models import (
    QUERIED,
    RUNTIMES,
    note_model_of_library,
    note_models_of_call,
)
from mlwa_lint.frontends.python.boto3.operations import OPERATIONS
from mlwa_lint.frontends.python.boto3.parameters import canonical
from mlwa_lint.frontends.python.boto3.responses import CallerIdentity, Described, Response, TrainingJob
from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.freezing import frozen
from mlwa_lint.frontends.python.evaluation.subscripts import key_text
from mlwa_lint.frontends.python.evaluation.values import Handle, Item, PyValue, Site
from mlwa_lint.frontends.python.ledger import Created, Ledger, are_apart
from mlwa_lint.frontends.python.vocabulary import CAMEL, VOCABULARY
from mlwa_lint.model.resources import UPDATED
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Absent,
    Entry,
    ListValue,
    MapValue,
    Scalar,
    Unknown,
    Value,
    known_text,
)

_CLIENTS = frozenset({"boto3.client", "boto3.resource", "boto3.DEFAULT_SESSION.client"})
_SESSIONS = frozenset(
    {
        *("boto3.Session", "boto3.session.Session", "boto3._get_default_session"),
        *("aioboto3.Session", "aioboto3.session.Session"),
        *("aiobotocore.session.get_session", "aiobotocore.session.AioSession"),
        *("botocore.session.get_session", "botocore.session.Session"),
    }
)
_ENDPOINT = "AWS::SageMaker::Endpoint"
_FUNCTION, _FUNCTION_NAME = "AWS::Lambda::Function", "FunctionName"
_PASCAL = re.compile(r"[A-Z]")
# The parameter that names what a call makes, by what it ends with: `EndpointConfigName`, `name`, `Bucket`.
_NAMED = ("Bucket", "ResourceId")
# How the calls start that show what a resource is.
_DESCRIBE = ("get_", "describe_")
# What the SDK's predictors and sessions call it.
_DELETES_ENDPOINT = ("delete_endpoint", "delete_predictor")
_TRAINING, _JOB_NAME = "AWS::SageMaker::TrainingJob", "TrainingJobName"
_DESCRIBE_JOB = ("sagemaker", "describe_training_job")
_IDENTIFY = ("sts", "get_caller_identity")


class Boto3:
    """Knows boto3's clients and writes down what is made through them."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def table(self, core: Core, path: str, site: Site) -> PyValue | None:
        """The result of a call; None when it is none of boto3's."""
        if path in _CLIENTS:
            return client_of(core, self._ledger, site, None)
        if path in _SESSIONS:
            return Boto3Session(core, self._ledger, _region(site))
        if path.startswith("?."):
            return self._of_unresolved(core, path[2:], site)
        note_model_of_library(core, self._ledger, path, site)
        return None

    def _of_unresolved(self, core: Core, method: str, site: Site) -> PyValue | None:
        """A method that only one client has, with arguments as clients take them, of something unknown."""
        if method in _DELETES_ENDPOINT and not site.named:
            self._ledger.delete_any(core, "AWS::SageMaker::Endpoint", site.span)
            return None
        if method in QUERIED:
            note_models_of_call(core, self._ledger, site, None)
            return None
        service = _SERVICE_OF.get(method)
        if service is None or site.positional or not (site.named or site.rest):
            return None
        if not all(_PASCAL.match(name) for name in site.named) and service not in _CAMEL_SERVICES:
            return None
        return Boto3Client(core, self._ledger, service, None).call(method, site)


def client_of(core: Core, ledger: Ledger, site: Site, region: str | None) -> PyValue | None:
    """`client("sagemaker", region_name=…)`."""
    given = site.value("service_name", 0)
    service = key_text(given) if given is not None else None
    if service is None:
        return None
    return Boto3Client(core, ledger, service, _region(site) or region)


def _region(site: Site) -> str | None:
    value = site.named.get("region_name")
    return known_text(value.value) if value is not None and isinstance(value.value, Scalar) else None


class Boto3Session(Handle):
    """`boto3.Session(...)`."""

    __slots__ = ("core", "ledger", "region")

    def __init__(self, core: Core, ledger: Ledger, region: str | None) -> None:
        self.core = core
        self.ledger = ledger
        self.region = region

    def attribute(self, name: str, site: Site) -> PyValue | None:
        """`region_name`."""
        if name == "region_name":
            if self.region is not None:
                return Scalar(self.region, site.span)
            return Unknown("the Region is that of the session", site.span, identity="the session's Region")
        return None

    def call(self, name: str, site: Site) -> PyValue | None:
        """`client` and `resource`; sessions of aiobotocore call it `create_client`."""
        if name in ("client", "resource", "create_client"):
            return client_of(self.core, self.ledger, site, self.region)
        return None


class Boto3Client(Handle):
    """A client of one service."""

    __slots__ = ("core", "ledger", "region", "service")

    def __init__(self, core: Core, ledger: Ledger, service: str, region: str | None) -> None:
        self.core = core
        self.ledger = ledger
        self.service = service
        self.region = region

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Boto3Client) and (other.service, other.region) == (self.service, self.region)

    def __hash__(self) -> int:
        return hash((self.service, self.region))

    def call(self, name: str, site: Site) -> PyValue | None:
        """A call of the service."""
        operation = OPERATIONS.get(self.service, {}).get(name)
        if operation is not None:
            kind, maps = operation
            return self._create(name, kind, maps, site)
        if self.service == "lambda" and name in UPDATES_OF_FUNCTIONS and _FUNCTION_NAME in site.named:
            self.ledger.expect(_FUNCTION, _FUNCTION_NAME, self._parameters(site)[_FUNCTION_NAME].value)
        if name.startswith("delete_"):
            self._delete(name, site)
            return None
        started = STARTS.get((self.service, name))
        if started is not None:
            self._start(*started, site)
            return None
        fold = FOLDS.get((self.service, name))
        if fold is not None:
            return self._change(name, fold, site)
        if (self.service, name) == _DESCRIBE_JOB:
            return TrainingJob(self._image_of_job(site))
        if (self.service, name) == _IDENTIFY:
            return CallerIdentity()
        if name in QUERIED and self.service in RUNTIMES:
            note_models_of_call(self.core, self.ledger, site, self.region)
            return None
        ended = ended_clients().get(self.service)
        if ended is not None and uses_service(name):
            self._use_ended(name, ended, site)
        return self._described(name, site) if name.startswith(_DESCRIBE) else None

    def _use_ended(self, method: str, kind: str, site: Site) -> None:
        """What a program makes or uses of a service that has ended, once for each service."""
        if not any(each.kind == kind for each in self.ledger.created):
            given = canonical(kind, self._parameters(site), ())
            self.ledger.add(self.core, kind, given, site, _name(site, method), site.rest, CAMEL)

    def _image_of_job(self, site: Site) -> Value | None:
        """The image of a training job that the program makes."""
        given = self._parameters(site).get(_JOB_NAME)
        made = None if given is None else self.ledger.named(_TRAINING, _JOB_NAME, given.value)
        held = None if made is None else made.value("AlgorithmSpecification")
        image = held.value("TrainingImage") if isinstance(held, MapValue) else None
        return None if image is None or isinstance(image, Absent) else image

    def _described(self, method: str, site: Site) -> PyValue | None:
        """`get_role(RoleName=…)`, of what the program makes itself."""
        operation = OPERATIONS.get(self.service, {}).get(f"create_{method.partition('_')[2]}")
        if operation is None or site.rest is not None:
            return None
        kind, maps = operation
        for name, entry in canonical(kind, self._parameters(site), maps).items():
            made = self.ledger.named(kind, name, entry.value)
            if made is not None:
                return Described(made.address)
        return None

    def _parameters(self, site: Site) -> dict[str, Entry]:
        return {
            name: Entry(argument.span, frozen(self.core, argument.value, site.span), name)
            for name, argument in site.named.items()
        }

    def _create(self, method: str, kind: str, maps: tuple[str, ...] | None, site: Site) -> PyValue:
        properties = canonical(kind, self._parameters(site), maps)
        vocabulary = VOCABULARY if maps is None else CAMEL
        made = self.ledger.add(self.core, kind, properties, site, _name(site, method), site.rest, vocabulary)
        made.region = made.region or self.region
        if kind == _FUNCTION:
            note_code(self.core, made, site)
            self.ledger.settle(made)
        if kind == _ENDPOINT and made.value("DeploymentConfig") is None and site.rest is None:
            # What an update would do is stated by the call that updates.
            made.attributes.setdefault(UPDATED, Entry(made.span, Scalar(False, made.span)))
        return Response(made.address)

    def _delete(self, method: str, site: Site) -> None:
        """`delete_endpoint(EndpointName=…)`, of what the program makes itself."""
        operation = OPERATIONS.get(self.service, {}).get(method.replace("delete_", "create_", 1))
        if operation is None:
            return
        kind, maps = operation
        for name, entry in canonical(kind, self._parameters(site), maps).items():
            self.ledger.delete_named(self.core, kind, name, entry.value, site.span)

    def _start(self, kind: str, parameter: str, key: str, site: Site) -> None:
        """`start_pipeline_execution(PipelineName=…)`, of what the program makes itself."""
        given = self._parameters(site).get(parameter)
        if given is not None and self.core.recording:
            self.ledger.start_named(kind, key, given.value, site.span)

    def _change(self, method: str, fold: FoldingCall, site: Site) -> PyValue:
        given = self._parameters(site)
        named = given.get(fold.key)
        target = self.ledger.named(fold.target, fold.name, named.value) if named is not None else None
        alone = (self.service, method) in ALONE and self.core.recording
        if target is None or (alone and are_apart(target.guards, self.core.guards)):
            if alone:
                return self._create_in_part(method, fold, site)
            if fold.whole:
                self._open_all(fold, site)
            return self.core.unknown(f"{method}() is known only when the program runs", site.span)
        if fold.whole and site.rest is None:
            item = MapValue(canonical("", given, ()), site.span)
            self._put(target, fold.whole, site.span, item, True)
        for parameter, (path, convert) in fold.properties.items():
            if parameter in given:
                entry = given[parameter]
                self._put(target, path, entry.key_span, convert(entry.value), fold.append)
        stated = STATED.get((self.service, method))
        if stated is not None:
            self._put(target, stated[0], site.span, Scalar(stated[1], site.span), False)
        if method == "update_endpoint" and site.rest is None and _forgets(given):
            self.core.store(target.cells, "DeploymentConfig", Item(site.span, Absent(site.span)))
        if method.startswith("update_") and self.core.recording:
            target.attributes.pop(UPDATED, None)
        if site.rest is not None:
            self._put_rest(target, fold, site)
        return Response(target.address)

    def _open_all(self, fold: FoldingCall, site: Site) -> None:
        """Leaves open whether what the program makes has what it adds to something unknown."""
        for each in self.ledger.created if self.core.recording else ():
            if each.kind == fold.target and fold.whole not in each.cells:
                reason = "which one it belongs to is known only when the program runs"
                self.core.store(each.cells, fold.whole, Item(site.span, Unknown(reason, site.span)))

    def _create_in_part(self, method: str, fold: FoldingCall, site: Site) -> PyValue:
        """A resource that is made elsewhere, with what this call shows of it."""
        properties = canonical(fold.target, self._parameters(site), None)
        rest = Unknown("it is created elsewhere", site.span)
        if site.rest is None and _forgets(properties):
            properties.setdefault("DeploymentConfig", Entry(site.span, Absent(site.span)))
        made = self.ledger.add(self.core, fold.target, properties, site, _name(site, method), rest)
        made.region = made.region or self.region
        made.changed_by = fold.name
        return Response(made.address)

    def _put(self, target: Created, path: str, span: Span, value: Value, append: bool) -> None:
        if isinstance(value, Absent):
            return
        head, _, tail = path.partition(".")
        if tail:
            value = MapValue({tail: Entry(span, value, tail)}, span)
        if append:
            before = target.value(head)
            items = before.items if isinstance(before, ListValue) else ()
            value = ListValue((*items, value), span)
        self.core.store(target.cells, head, Item(span, value))

    def _put_rest(self, target: Created, fold: FoldingCall, site: Site) -> None:
        assert site.rest is not None
        for path, _ in fold.properties.values():
            if path not in target.cells:
                self._put(target, path, site.span, site.rest, False)


def _forgets(given: Mapping[str, Entry]) -> bool:
    """Whether an update goes without a deployment configuration: by default the last one is not kept."""
    if "DeploymentConfig" in given:
        return False
    kept = given.get("RetainDeploymentConfig")
    return kept is None or (isinstance(kept.value, Scalar) and not kept.value.data)


def _name(site: Site, method: str) -> PyValue | None:
    """The argument that names what a call makes: `EndpointName` of `create_endpoint`, not the other names."""
    noun = method.partition("_")[2].replace("_", "")
    names = [name for name in site.named if name.endswith(("Name", "name"))]
    fitting = [name for name in names if noun.endswith(name[:-4].lower())]
    best = max(fitting, key=len, default=None) or next(iter(names), None)
    if best is None:
        best = next((name for name in site.named if name in _NAMED), None)
    return site.named[best].value if best is not None else None


# Others have methods of the same names: clients of vector stores (`create_index`), or SageMaker itself.
_KNOWN_BY_CLIENT = ("events", "opensearchserverless", "s3vectors", "scheduler")
_SERVICE_OF: dict[str, str] = {}
for _service, _methods in OPERATIONS.items():
    for _method in () if _service in _KNOWN_BY_CLIENT else _methods:
        # What several clients have shows nothing: only the first of those that rules are about counts.
        _SERVICE_OF[_method] = "" if _method in _SERVICE_OF else _service
for _service, _method in FOLDS:
    _SERVICE_OF.setdefault(_method, _service)
_SERVICE_OF = {method: service for method, service in _SERVICE_OF.items() if service}
_CAMEL_SERVICES = frozenset(
    service
    for service, methods in OPERATIONS.items()
    if any(maps is not None for _, maps in methods.values())
)
