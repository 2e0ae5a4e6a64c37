"""Airflow's operators and hooks: what they make is made by calls of boto3."""

from mlwa_lint.frontends.python.airflow.operators import (
    APPROVALS,
    HOOK_METHODS,
    HOOKS,
    OPERATORS,
    UPDATED_IF_FOUND,
    UPDATES,
    AssembledCall,
    ConfiguredCall,
    OperatorCall,
)
from mlwa_lint.frontends.python.airflow.requests import nested, parts_of
from mlwa_lint.frontends.python.airflow.sdk_configs import PACKAGE as SDK_CONFIGURATIONS
from mlwa_lint.frontends.python.airflow.sdk_configs import ConfiguredBySdk, configured
from mlwa_lint.frontends.python.airflow.templates import RETURNED, Templates, variable
from mlwa_lint.frontends.python.boto3.clients import Boto3Client, Boto3Session
from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.freezing import frozen
from mlwa_lint.frontends.python.evaluation.handed_on import Later, handed_on
from mlwa_lint.frontends.python.evaluation.subscripts import items_of, key_text, resting_on
from mlwa_lint.frontends.python.evaluation.values import (
    DictObj,
    Handle,
    KeywordArgument,
    PyValue,
    Site,
)
from mlwa_lint.frontends.python.ledger import Ledger
from mlwa_lint.frontends.texts import text_of
from mlwa_lint.model.resources import BY_DAG, UPDATED
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Absent,
    Choice,
    Entry,
    MapValue,
    Scalar,
    Unknown,
    Value,
)

_PACKAGE = "airflow."
_DAGS = ("DAG", "dag")
_SCHEDULES = ("schedule", "schedule_interval", "timetable")
_CALLABLE = "python_callable"
_PUSH, _PULL = "?.xcom_push", "?.xcom_pull"


class Airflow:
    """Knows Airflow's operators and hooks, and writes down what is made through them."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._templates = Templates()
        # Whether the program defines a DAG, and whether one has a schedule.
        self._is_dag = self._is_scheduled = False

    def table(self, core: Core, path: str, site: Site) -> PyValue | None:
        """The result of a call; None when it is none of Airflow's."""
        if path.startswith(_PACKAGE):
            return self._of_airflow(core, path, site)
        if path.startswith(SDK_CONFIGURATIONS):
            return configured(core, path, site)
        if path == _PUSH and "value" in site.named:
            key = key_text(site.value("key", 0) or Absent(site.span))
            if key is not None:
                self._templates.push(core, key, site.named["value"].value)
            return Absent(site.span)
        if path == _PULL:
            return self._templates.pulled_by(core, site)
        if path.startswith(f"={_PACKAGE}") and ".ApprovalStatus." in path:
            known = APPROVALS.get(path.rpartition(".")[2])
            return None if known is None else Scalar(known, site.span)
        return None

    def _of_airflow(self, core: Core, path: str, site: Site) -> PyValue | None:
        owner, _, name = path.rpartition(".")
        if name in _DAGS:
            self._is_dag = True
            given = (site.named[each].value for each in _SCHEDULES if each in site.named)
            self._is_scheduled |= any(not isinstance(each, Absent) for each in given)
            return None
        if name == "partial" and owner.rpartition(".")[2] in OPERATORS:
            return PartialOperator(self, core, owner.rpartition(".")[2], site)
        if name == "get" and owner.endswith(".Variable"):
            return _variable(site)
        if name in HOOKS:
            return AirflowHook(self, core, name, site)
        if _CALLABLE in site.named:
            return self._of_callable(core, path, site)
        return self.operator(core, name, site) if name in OPERATORS else None

    def _of_callable(self, core: Core, path: str, site: Site) -> PyValue | None:
        """`PythonOperator(task_id=…, python_callable=…)`, of which other tasks pull what it returns."""
        templates = self._templates
        before, templates.task = templates.task, _task_id(site)
        try:
            called = handed_on(core, path, site)
            if not isinstance(called, Later):
                return called
            templates.push(core, RETURNED, called.value)
            return OperatorTask(called.value)
        finally:
            templates.task = before

    def finish(self) -> None:
        """Notes of what the program makes that a DAG does."""
        for each in self.ledger.created if self._is_dag else ():
            each.attributes[BY_DAG] = Entry(each.span, Scalar(self._is_scheduled, each.span))

    def operator(self, core: Core, name: str, site: Site) -> PyValue:
        """What an operator does when its task runs."""
        task = _task_id(site)
        own = site._replace(target=task or site.target)
        operation = site.named.get("operation")
        calls = OPERATORS[name]
        if operation is not None and key_text(operation.value) == "update":
            calls = UPDATES.get(name, calls)
        for each in calls:
            self.make(core, each, own)
        found = self._templates.pulled(core, task, RETURNED, site.span)
        return OperatorTask(found if task else core.unknown("a task returns it when the DAG runs", site.span))

    def make(self, core: Core, call: OperatorCall, site: Site) -> PyValue | None:
        """Makes a call of boto3 with the request that an operator or hook makes of its parameters."""
        if isinstance(call, AssembledCall):
            return self._sent(core, call, self._assembled(core, call, site), site)
        given = site.value(call.parameter, 0)
        if isinstance(given, ConfiguredBySdk):
            if call.whole:  # once, of all calls of the operator
                given.make()
            return None
        if given is None:
            return None
        held = self._templates.rendered(core, frozen(core, given, site.span), site)
        return self._configured(core, call, held, site)

    def _configured(self, core: Core, call: ConfiguredCall, held: Value, site: Site) -> PyValue | None:
        if isinstance(held, Choice):
            yes, no = held.yes, held.no
            return core.split(
                held.condition,
                lambda: self._configured(core, call, yes, site) or Absent(site.span),
                lambda: self._configured(core, call, no, site) or Absent(site.span),
                site.span,
            )
        if isinstance(held, MapValue) and call.part in held.entries:
            part = held.entries[call.part].value
            return self._configured(core, call._replace(part=""), part, site)
        # What is not known may be a request alone: whether it has one for another call is open.
        return self._sent(core, call, held, site) if call.whole or not call.part else None

    def _sent(self, core: Core, call: OperatorCall, request: Value, site: Site) -> PyValue | None:
        if isinstance(request, Absent):
            return None
        entries, rest = parts_of(request, site.span)
        named = {key: KeywordArgument(entry.key_span, entry.value) for key, entry in entries.items()}
        client = Boto3Client(core, self.ledger, call.service, _region(site))
        result = client.call(call.method, site._replace(positional=(), named=named, rest=rest))
        method, kind, key = UPDATED_IF_FOUND
        if call.method == method and key in entries:
            made = self.ledger.named(kind, key, entries[key].value)
            if made is not None:
                made.attributes.pop(UPDATED, None)
        return result

    def _assembled(self, core: Core, call: AssembledCall, site: Site) -> Value:
        """The request that a call puts together."""
        leaves: dict[str, Entry] = {
            path: Entry(site.span, Scalar(text, site.span)) for path, text in call.usual.items()
        }
        for position, (parameter, path) in enumerate(call.parameters.items()):
            given = site.value(parameter, position)
            if given is None:
                continue
            span = site.named[parameter].span if parameter in site.named else site.span
            value = self._templates.rendered(core, frozen(core, given, span), site)
            prefix = call.prefixes.get(parameter)
            if prefix is not None:
                value = text_of([Scalar(prefix, span), value], span)
            if not isinstance(value, Absent):
                leaves[path] = Entry(span, value, parameter)
        request = nested(leaves, site.span)
        further = site.named.get(call.further)
        if further is None:
            return request
        more = self._templates.rendered(core, frozen(core, further.value, further.span), site)
        entries, rest = parts_of(more, site.span)
        return MapValue({**request.entries, **entries}, site.span, rest)


class AirflowHook(Handle):
    """A hook: its client, and methods that make calls of it."""

    __slots__ = ("airflow", "core", "service", "site")

    def __init__(self, airflow: Airflow, core: Core, name: str, site: Site) -> None:
        self.airflow = airflow
        self.core = core
        self.site = site
        given = site.named.get("client_type") or site.named.get("resource_type")
        self.service = HOOKS[name] or (key_text(given.value) if given is not None else None)

    def attribute(self, name: str, site: Site) -> PyValue | None:
        """`conn`."""
        return self._client(self.service) if name == "conn" else None

    def call(self, name: str, site: Site) -> PyValue | None:
        """`get_conn`, `get_client_type`, and what makes a call."""
        if name == "get_conn":
            return self._client(self.service)
        if name in ("get_client_type", "get_resource_type"):
            given = site.value("client_type", 0)
            return self._client(key_text(given) if given is not None else self.service)
        if name == "get_session":
            return Boto3Session(self.core, self.airflow.ledger, _region(self.site))
        made = HOOK_METHODS.get(name) if self.service == "sagemaker" else None
        return None if made is None else self.airflow.make(self.core, made, site)

    def _client(self, service: str | None) -> PyValue | None:
        if service is None:
            return None
        return Boto3Client(self.core, self.airflow.ledger, service, _region(self.site))


class PartialOperator(Handle):
    """`Operator.partial(…)`, of which `expand` makes a task for each item."""

    __slots__ = ("airflow", "core", "name", "site")

    def __init__(self, airflow: Airflow, core: Core, name: str, site: Site) -> None:
        self.airflow = airflow
        self.core = core
        self.name = name
        self.site = site

    def call(self, name: str, site: Site) -> PyValue | None:
        """`expand(config=[…])`, `expand_kwargs([…])`."""
        if name == "expand":
            turns = self._turns(site)
        elif name == "expand_kwargs" and site.positional:
            turns = self._of_items(site.positional[0], site.span)
        else:
            return None
        for each in turns:
            self.airflow.operator(self.core, self.name, self.site._replace(named={**self.site.named, **each}))
        return OperatorTask(self.core.unknown("tasks return it when the DAG runs", site.span))

    def _turns(self, site: Site) -> list[dict[str, KeywordArgument]]:
        """The arguments of each task; of several parameters, the items of the first one stand for all."""
        turns: list[dict[str, KeywordArgument]] = [{}]
        for name, argument in site.named.items():
            items, rest = items_of(self.core, argument.value, site.span)
            if rest is not None or not items:
                items = [*items, rest or Unknown("it is given when the DAG runs", site.span)]
            several = len(items) > 1 and len(turns) == 1
            chosen = items if several else items[:1]
            turns = [
                {**turn, name: KeywordArgument(argument.span, item)} for turn in turns for item in chosen
            ]
        return turns

    def _of_items(self, value: PyValue, span: Span) -> list[dict[str, KeywordArgument]]:
        items, _ = items_of(self.core, value, span)
        return [
            {key: KeywordArgument(item.key_span, item.value) for key, item in each.items()}
            for each in items
            if isinstance(each, DictObj)
        ]


class OperatorTask(Handle):
    """A task; `output` is what it returns."""

    __slots__ = ("value",)

    def __init__(self, value: PyValue) -> None:
        self.value = value

    def described(self) -> str:
        """Why it is not known."""
        return "it is a task of a DAG"

    def attribute(self, name: str, site: Site) -> PyValue | None:
        """`output`."""
        return self.value if name == "output" else None


def _task_id(site: Site) -> str:
    given = site.named.get("task_id")
    return (key_text(given.value) if given is not None else None) or ""


def _region(site: Site) -> str | None:
    given = site.named.get("region_name") or site.named.get("region")
    return key_text(given.value) if given is not None and isinstance(given.value, Scalar) else None


def _variable(site: Site) -> PyValue | None:
    """`Variable.get("bucket", default_var="data")`."""
    name = key_text(site.positional[0]) if site.positional else None
    if name is None:
        return None
    default = next((site.named[each] for each in ("default_var", "default") if each in site.named), None)
    usual = default.value if default is not None else None
    if len(site.positional) > 1:
        usual = site.positional[1]
    if usual is None or isinstance(usual, Absent):
        return variable(name, site.span)
    assumed = frozenset({f"the default of variable {name} of Airflow"})
    return resting_on(usual, Scalar("", site.span, assumed))
