"""Objects of the SageMaker SDK: a class, the arguments that it was made with, and its defaults."""

import ast
from functools import cache
from typing import Any

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.values import (
    Handle,
    KeywordArgument,
    Names,
    Obj,
    PyValue,
    Site,
    options,
)
from mlwa_lint.frontends.python.ledger import Created
from mlwa_lint.frontends.python.sdk.signatures import SIGNATURES
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Absent, Choice, Scalar, Unknown, Value

_OPEN = "…"
# Parameters of the SDK's first version, which notebooks still use, and what they are called since.
FIRST_VERSION = {
    "image_name": "image_uri",
    "train_instance_count": "instance_count",
    "train_instance_type": "instance_type",
    "train_max_run": "max_run",
    "train_max_wait": "max_wait",
    "train_use_spot_instances": "use_spot_instances",
    "train_volume_kms_key": "volume_kms_key",
    "train_volume_size": "volume_size",
}
_IMAGE = "image"
# How long, and how alike a parameter, a keyword is that is meant as the other.
_LEAST, _NEARLY = 6, 0.92
_NEEDED = frozenset({"image_uri", "initial_instance_count", "instance_count", "instance_type"})
_METHODS = frozenset(method for methods in SIGNATURES.values() for method in methods) | {
    *(
        "delete",
        "delete_endpoint",
        "delete_model",
        "delete_monitoring_schedule",
        "put_triggers",
        "start",
        "update",
        "upsert",
    ),
}
# Local mode runs the container on the machine at hand, and creates nothing in the account.
_LOCAL_TYPES = frozenset({"local", "local_gpu"})


@cache
def parameters(name: str, method: str) -> tuple[tuple[str, str | None], ...]:
    """The parameters of a method in their order, each with its default as it is written."""
    text = SIGNATURES.get(name, {}).get(method, "")
    pairs = (each.partition("=") for each in text.split(",") if each)
    return tuple((parameter, default if found else None) for parameter, found, default in pairs)


def is_local_type(value: PyValue) -> bool:
    """Whether an instance type means the machine at hand, in every case."""
    return all(isinstance(each, Scalar) and each.data in _LOCAL_TYPES for each, _ in options(value))


def written(site: Site, parameter: str) -> str:
    """A call's argument for a parameter by its name, as it is written; empty where it has none."""
    given = site.node.keywords if isinstance(site.node, ast.Call) else []
    return next((ast.unparse(each.value) for each in given if each.arg == parameter), "")


@cache  # of the tables, which are few
def _literal(text: str) -> Any:
    return ast.literal_eval(text)


def in_account(value: PyValue) -> PyValue:
    """An instance type without the cases in which nothing is created; all of it where there is no other."""
    if not isinstance(value, Choice):
        return value
    if is_local_type(value.yes):
        return in_account(value.no)
    if is_local_type(value.no):
        return in_account(value.yes)
    yes, no = in_account(value.yes), in_account(value.no)
    return value._replace(yes=yes, no=no)  # type: ignore[arg-type] # objects are used as values


class Arguments:
    """The arguments of a call by the names of its parameters."""

    def __init__(self, owner: str, method: str, site: Site) -> None:
        self.span = site.span
        self.rest = site.rest
        self._title = f"{owner}.{method}" if method != "__init__" else owner
        known = parameters(owner, method)
        self._defaults = {name: default for name, default in known if default is not None}
        self.given = Names(site.named)
        for (parameter, _), value in zip(known, site.positional, strict=False):
            span = getattr(value, "span", None)
            place = span if isinstance(span, Span) else site.span
            self.given.setdefault(parameter, KeywordArgument(place, value))
        for before, parameter in FIRST_VERSION.items():
            if before in self.given and parameter not in self.given:
                self.given[parameter] = self.given[before]
        self._leave_open_what_is_misspelt(owner, {name for name, _ in known})
        # Of models of that version; classes of others have an `image` of their own.
        if _IMAGE in self.given and any(name == "image_uri" for name, _ in known):
            self.given.setdefault("image_uri", self.given[_IMAGE])
        held = self.given.get("instance_type")
        if held is not None:
            self.given["instance_type"] = held._replace(value=in_account(held.value))

    def _leave_open_what_is_misspelt(self, owner: str, known: set[str]) -> None:
        """Parameters that a keyword which the method does not have nearly equals are not known.

        The SDK drops such keywords silently, or the call fails. Those that every call needs are as meant.
        """
        others = [name for name in self.given if known and len(name) > _LEAST and name not in known]
        for name in others:
            if name in FIRST_VERSION:
                continue
            from difflib import get_close_matches  # only where there is a keyword of this kind

            near = get_close_matches(name, known - self.given.keys(), n=1, cutoff=_NEARLY)
            if near:
                span = self.given[name].span
                if near[0] in _NEEDED:
                    # Without it the call fails: what is deployed one day has the value that is meant.
                    self.given[near[0]] = self.given[name]
                    continue
                reason = f"{name} is no parameter of {owner}, and {near[0]} may be meant"
                self.given[near[0]] = KeywordArgument(span, Unknown(reason, span))

    def get(self, *names: str) -> KeywordArgument | None:
        """An argument by the first of some names that is given; else the default of one; else None.

        None means not given, `Unknown` that `**arguments` may give it.
        """
        for name in names:
            held = self.given.get(name)
            if held is not None:
                return None if isinstance(held.value, Absent) else held
        if self.rest is not None:
            return KeywordArgument(self.span, self.rest)
        for name in names:
            default = self._default(name)
            if default is not None:
                return KeywordArgument(self.span, default)
        return None

    def value(self, *names: str) -> PyValue | None:
        """The value of an argument."""
        found = self.get(*names)
        return None if found is None else found.value

    def _default(self, name: str) -> PyValue | None:
        text = self._defaults.get(name)
        if text is None or text == _OPEN:
            return None
        data = _literal(text)
        if data is None or data is False:
            return None
        source = frozenset({f"the SDK's default, {name}={text}"})
        return Scalar(data, self.span, source)


class SdkObject(Handle):
    """An object of the SDK. `kind` is its class's name, `title` what the program calls it."""

    __slots__ = ("arguments", "consumed", "core", "entry", "guards", "kind", "model", "site", "title")

    def __init__(self, core: Core, kind: str, site: Site) -> None:
        self.core = core
        self.kind = kind
        self.site = site
        self.title = site.target
        self.arguments = Arguments(kind, "__init__", site)
        self.guards = core.guards
        self.entry = core.entry
        self.consumed = False
        # The model that it has made, and the value of its name.
        self.model: tuple[Created, Value] | None = None

    def attribute(self, name: str, site: Site) -> PyValue | None:
        """An argument that it was made with; what only running gives is not known."""
        held = self.arguments.get(name)
        if held is not None:
            return held.value
        if name in _METHODS:
            return None
        identity = f"{id(self)}.{name}"
        reason = f"{self.title or self.kind}.{name} is known only after it ran"
        # Where an estimator has put its model.
        return Unknown(reason, site.span, identity=identity, present=name == "model_data")

    def assign(self, name: str, value: PyValue, site: Site) -> None:
        """`object.name = value`."""
        self.core.store(self.arguments.given, name, KeywordArgument(site.span, value))

    def described(self) -> str:
        """Why it is not a value of a request."""
        return f"{self.kind} is an object of the SageMaker SDK"


def sdk_objects(value: PyValue) -> list[SdkObject]:
    """The objects among a value's alternatives."""
    return [each for each, _ in options(value) if isinstance(each, SdkObject)]


def is_given(value: PyValue | None) -> bool:
    """Whether something certainly is handed over."""
    return value is not None and (isinstance(value, Obj) or not isinstance(value, (Absent, Unknown)))
