"""Calls: functions and classes of the project are followed, everything else is looked up in tables."""

import ast
from collections.abc import Callable, Iterator

from mlwa_lint.frontends.python.evaluation.core import ANSWER, Core, reason_of
from mlwa_lint.frontends.python.evaluation.defaulted import parameter_of
from mlwa_lint.frontends.python.evaluation.fields import default_of, made_of_data
from mlwa_lint.frontends.python.evaluation.generators import begin, yielded
from mlwa_lint.frontends.python.evaluation.handed_in import handed_in
from mlwa_lint.frontends.python.evaluation.handed_on import handed_on
from mlwa_lint.frontends.python.evaluation.methods import DICT_METHODS, method_of
from mlwa_lint.frontends.python.evaluation.places import PARTS, folders_above, named_part
from mlwa_lint.frontends.python.evaluation.records import AttributesOf, instance_of, method_of_record
from mlwa_lint.frontends.python.evaluation.results import result_of
from mlwa_lint.frontends.python.evaluation.subscripts import item_of
from mlwa_lint.frontends.python.evaluation.values import (
    REST,
    BuiltinMethod,
    ClassObj,
    DictObj,
    Entries,
    External,
    Frame,
    FunctionObj,
    Handle,
    InstanceObj,
    Item,
    KeywordArgument,
    ListObj,
    Method,
    PathObj,
    PythonModule,
    PyValue,
    Site,
    Super,
)
from mlwa_lint.frontends.python.limits import BRANCH_STEPS, CALLS_LIMIT, RECURSION_LIMIT
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Absent, Choice, Reference, Scalar, Unknown

# Decorators by which `with` gives what a generator yields.
_MANAGERS = frozenset(
    f"{module}{name}" for module in ("", "contextlib.") for name in ("contextmanager", "asynccontextmanager")
)
# Attributes of attributes of an unresolved object are at some length just another unknown.
_IDENTITY = 200


def call(core: Core, callee: PyValue, site: Site) -> PyValue:
    """The result of calling something."""
    if isinstance(callee, FunctionObj):
        return call_function(core, callee, site, None)
    if isinstance(callee, Method):
        return call_function(core, callee.function, site, callee.receiver)
    if isinstance(callee, BuiltinMethod):
        return call_method(core, callee.receiver, callee.name, site)
    if isinstance(callee, External):
        found = core.external(callee.path, site) or handed_on(core, callee.path, site)
        if found is not None:
            return found
        return core.unknown(f"{callee.path}() is known only when the program runs", site.span)
    if isinstance(callee, ClassObj):
        return instantiate(core, callee, site)
    if isinstance(callee, InstanceObj):
        return call_method(core, callee, "__call__", site)
    if isinstance(callee, Handle):
        found = callee.call("__call__", site)
        if found is not None:
            return found
    if isinstance(callee, Choice):
        yes, no = callee.yes, callee.no
        if isinstance(yes, Absent) or isinstance(no, Absent):
            return call(core, no if isinstance(yes, Absent) else yes, site)
        return core.split(
            callee.condition, lambda: call(core, yes, site), lambda: call(core, no, site), site.span
        )
    return handed_on(core, "", site) or core.unknown(
        reason_of(callee, "what is called is not known"), site.span
    )


def call_method(core: Core, base: PyValue, name: str, site: Site) -> PyValue:
    """The result of a method of a value."""
    if isinstance(base, Choice):
        return _of_choice(core, base, site, lambda each: call_method(core, each, name, site))
    if isinstance(base, Handle):
        found = base.call(name, site)
        if found is not None:
            return found
        held = base.attribute(name, site)
        if isinstance(held, (ClassObj, FunctionObj, Method)):
            return call(core, held, site)  # `args.function(args)`
        reason = f"{name}() is known only when the program runs"
        return Unknown(reason, site.span, identity=f"{ANSWER}{core.number()}")
    if isinstance(base, External):
        return call(core, External(f"{base.path}.{name}"), site)
    if isinstance(base, (PythonModule, ClassObj, InstanceObj, Super)):
        if isinstance(base, InstanceObj) and name not in base.cells and base.kind.found(name) is None:
            return method_of_record(base, name, site) or _of_unresolved(core, base, name, site)
        if isinstance(base, ClassObj) and base.found(name) is None:
            made = made_of_data(core, base, name, site)
            if made is not None:
                return made
        return call(core, attribute(core, base, name, site), site)
    if isinstance(base, PathObj):
        return core.of_path(base, name, site) or core.unknown(base.described(), site.span)
    found = method_of(core, base, name, site)
    if found is not None:
        return found
    return _of_unresolved(core, base, name, site)


def _of_unresolved(core: Core, base: PyValue, name: str, site: Site) -> PyValue:
    """A method of something that is not known: the tables may know it by its name and arguments."""
    found = core.external(f"?.{name}", site) or handed_on(core, name, site)
    if found is not None:
        return found
    # What a method makes of something is not known for the reason for which that is not.
    reason = base.reason if isinstance(base, Unknown) else f"{name}() is known only when the program runs"
    return core.unknown(reason, site.span)


# -- attributes


def _of_choice(core: Core, base: Choice, site: Site, found: Callable[[PyValue], PyValue]) -> PyValue:
    """What is found of both alternatives; of one that is None, anything would be an error."""
    yes, no = base.yes, base.no
    if isinstance(yes, Absent) or isinstance(no, Absent):
        return found(no if isinstance(yes, Absent) else yes)
    return core.split(base.condition, lambda: found(yes), lambda: found(no), site.span)


def attribute(core: Core, base: PyValue, name: str, site: Site) -> PyValue:
    """The value of an attribute."""
    if isinstance(base, Choice):
        return _of_choice(core, base, site, lambda each: attribute(core, each, name, site))
    if isinstance(base, External):
        path = f"{base.path}.{name}"
        return core.external(f"={path}", site) or External(path)
    if isinstance(base, InstanceObj):
        return _of_instance(core, base, name, site)
    if isinstance(base, ClassObj):
        return _bound(core, base.found(name), base, site) or _missing(core, base, name, site)
    if isinstance(base, Super):
        for parent in base.owner.bases:
            if isinstance(parent, ClassObj):
                found = _bound(core, parent.found(name), base.receiver, site)
                if found is not None:
                    return found
        return External(f"super.{name}")
    if isinstance(base, PythonModule):
        return base.cells.get(name) or _missing(core, base, name, site)
    if isinstance(base, Handle):
        return base.attribute(name, site) or BuiltinMethod(base, name)
    return _of_value(core, base, name, site)


def _of_value(core: Core, base: PyValue, name: str, site: Site) -> PyValue:
    if isinstance(base, Reference):
        return Reference(base.address, f"{base.attribute}.{name}" if base.attribute else name, site.span)
    if isinstance(base, Unknown):
        identity = f"{base.identity}.{name}" if 0 < len(base.identity) < _IDENTITY else core.number()
        return Unknown(base.reason, site.span, identity=identity, assumed=base.assumed)
    if isinstance(base, PathObj) and name in ("parent", "parents"):
        above = folders_above(base, site.span)
        if above:
            return above[0] if name == "parent" else ListObj(above, site.span, None, "tuple")
    if isinstance(base, PathObj) and name in PARTS:
        return named_part(base, name, site.span) or BuiltinMethod(base, name)
    if isinstance(base, DictObj) and name in base.cells and name not in DICT_METHODS:
        # A dictionary has no such attribute: it stands for an object of a library that has.
        return item_of(core, base, Scalar(name, site.span), site)
    if isinstance(base, (Scalar, DictObj, ListObj)) and name == "value":
        return base  # a member of an enum
    return BuiltinMethod(base, name)


def _of_instance(core: Core, base: InstanceObj, name: str, site: Site) -> PyValue:
    if name in base.cells:
        found: PyValue = base.cells[name]
        return found
    bound = _bound(core, base.kind.found(name), base, site)
    if bound is not None:
        return bound
    if name == "__dict__":
        return AttributesOf(core, base)
    return _missing(core, base, name, site)


def _missing(core: Core, base: InstanceObj | ClassObj | PythonModule, name: str, site: Site) -> PyValue:
    getter = base.kind.found("__getattr__") if isinstance(base, InstanceObj) else None
    if isinstance(getter, FunctionObj) and not name.startswith("__"):
        given = site._replace(positional=(Scalar(name, site.span),), named={}, rest=None)
        return call_function(core, getter, given, base)
    value = core.unknown(f"{name} is not set here", site.span)
    core.store(base.cells, name, value)
    return value


def _bound(core: Core, member: PyValue | None, receiver: PyValue, site: Site) -> PyValue | None:
    if not isinstance(member, FunctionObj):
        return member
    if "staticmethod" in member.decorations:
        return member
    if "classmethod" in member.decorations:
        return Method(receiver.kind if isinstance(receiver, InstanceObj) else receiver, member)
    if isinstance(receiver, ClassObj):
        return member
    if any(each.endswith("property") for each in member.decorations):
        return call_function(core, member, site._replace(positional=(), named={}, rest=None), receiver)
    return Method(receiver, member)


# -- the project's own functions and classes


def instantiate(core: Core, kind: ClassObj, site: Site) -> PyValue:
    """A new object of a class."""
    other = instance_of(core, kind, site)
    if other is not None:
        return other
    made = InstanceObj(kind, site.span)
    initialiser = kind.found("__init__")
    if not isinstance(initialiser, FunctionObj):
        inherited = _of_library(core, kind, site)
        if inherited is not None:
            return inherited
    if isinstance(initialiser, FunctionObj):
        call_function(core, initialiser, site, made)
    elif kind.fields is not None:
        _fill(core, made, kind, kind.fields, site)
        after = kind.found("__post_init__")
        if isinstance(after, FunctionObj):
            call_function(core, after, site._replace(positional=(), named={}, rest=None), made)
    return made


def _of_library(core: Core, kind: ClassObj, site: Site) -> Handle | None:
    """The object of a table's class that a class only renames: `class Training(Estimator): pass`."""
    if any(isinstance(each, FunctionObj) for above in kind.lineage for each in above.cells.values()):
        return None
    for base in (base for above in kind.lineage for base in above.bases):
        found = core.external(base.path, site) if isinstance(base, External) else None
        if isinstance(found, Handle):
            return found
    return None


def _fill(core: Core, made: InstanceObj, kind: ClassObj, fields: tuple[str, ...], site: Site) -> None:
    """The fields of a dataclass, as given or by their defaults."""
    for position, name in enumerate(fields):
        value = site.value(name, position)
        if value is None:
            value = default_of(core, kind, name, site)
        if value is not None:
            core.store(made.cells, name, value)


def call_function(core: Core, function: FunctionObj, site: Site, receiver: PyValue | None) -> PyValue:
    """Follows a call into a function of the project, to a bounded depth."""
    node = function.node
    core.called.add(id(node))
    if _is_followed_enough(core, id(node)) or len(core.active) >= CALLS_LIMIT or core.is_deep:
        return core.unknown(f"{function.name}() is followed no further", site.span)
    core.step(BRANCH_STEPS)
    outer = function.frame
    frame = Frame(outer.source, outer.module, outer, function.name, function.owner, core.new_locals())
    for name, value in _bound_arguments(core, function, site, receiver):
        frame.cells[name] = value
    is_generator = (
        function.frame.source.may_yield and not isinstance(node, ast.Lambda) and core.is_generator(node)
    )
    if is_generator:
        begin(frame, site.span)
    core.active.append((id(node), len(core.guards)))
    try:
        if isinstance(node, ast.Lambda):
            return core.evaluate(node.body, frame)
        flow = core.run(node.body, frame)
    finally:
        core.active.pop()
    if is_generator:
        given = yielded(frame.cells, bool(function.decorations & _MANAGERS))
        if given is not None:
            return given
        return core.unknown(f"{function.name}() gives its values one by one", site.span)
    return result_of(core, flow, site.span)


def _is_followed_enough(core: Core, function: int) -> bool:
    """Whether a function is followed into itself no further: at once, where it is open whether it does."""
    depths = [guards for each, guards in core.active if each == function]
    return len(depths) >= RECURSION_LIMIT or (bool(depths) and depths[-1] != len(core.guards))


def _bound_arguments(
    core: Core, function: FunctionObj, site: Site, receiver: PyValue | None
) -> Iterator[tuple[str, PyValue]]:
    arguments = function.node.args
    given = list(site.positional) if receiver is None else [receiver, *site.positional]
    positional = [*arguments.posonlyargs, *arguments.args]
    names = [each.arg for each in (*positional, *arguments.kwonlyargs)]
    for position, parameter in enumerate(names):
        if position < len(positional) and position < len(given):
            yield parameter, given[position]
        elif parameter in site.named:
            yield parameter, site.named[parameter].value
        elif site.rest is not None:
            yield parameter, core.unknown(site.rest.reason, site.span)
        elif parameter in function.defaults:
            yield parameter, function.defaults[parameter]
        else:
            yield parameter, core.unknown(f"{parameter} is not given to {function.name}()", site.span)
    if arguments.vararg is not None:
        yield arguments.vararg.arg, ListObj(given[len(positional) :], site.span, site.rest, "tuple")
    if arguments.kwarg is not None:
        yield arguments.kwarg.arg, _further(names, site)


def _further(names: list[str], site: Site) -> DictObj:
    cells = Entries({k: Item(a.span, a.value) for k, a in site.named.items() if k not in names})
    if site.rest is not None:
        cells[REST] = site.rest
    return DictObj(cells, site.span)


def call_unasked(core: Core, function: FunctionObj, receiver: PyValue | None, span: Span) -> None:
    """Evaluates a function that nothing here calls: its parameters are not known, defaults are assumed."""
    from mlwa_lint.frontends.python.evaluation.subscripts import resting_on

    node = function.node
    arguments = node.args
    named: dict[str, KeywordArgument] = {}
    skipped = 1 if receiver is not None else 0
    positional = [*arguments.posonlyargs, *arguments.args][skipped:]
    for parameter in (*positional, *arguments.kwonlyargs):
        name = parameter.arg
        if name in function.defaults:
            what = f"the default of {name} in {function.name}()"
            assumed = core.by_default(what, function.defaults[name], parameter_of(function, name, skipped))
            value = resting_on(function.defaults[name], Scalar("", span, assumed))
        else:
            value = handed_in(core, parameter, function, span)
        named[name] = KeywordArgument(span, value)
    rest = Unknown("it is handed in from elsewhere", span) if arguments.vararg or arguments.kwarg else None
    site = Site(ast.Name(function.name, ast.Load()), span, function.frame.source, (), named, rest)
    core.entry += 1
    core.entered[core.entry] = function
    number = int(core.number().removeprefix("#"))
    core.stops.begin(core.entry, function.name, number, (each.value for each in named.values()))
    call_function(core, function, site, receiver)
