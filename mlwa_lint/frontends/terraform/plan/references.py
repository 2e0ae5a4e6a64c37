"""The references of an argument in a plan's configuration: addresses of resource instances."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mlwa_lint.frontends.terraform.vocabulary.attributes import (
    followed,
    found_by,
    names_itself,
    repeated,
    repeated_in_data,
    type_in,
)
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_DEPTH_LIMIT = 20
_KEY = r'\[(?:"(?:[^"\\]|\\.)*"|[0-9]+)\]'
_MODULE_STEP = lazy(rf"module\.([\w-]+)({_KEY})?\.?")
_RESOURCE = lazy(rf"([a-z][a-z0-9]*_\w+\.[\w-]+)({_KEY})?(?:\.([\w-]+))?")
_MODULE_OUTPUT = lazy(rf"module\.([\w-]+)({_KEY})?\.([\w-]+)")
_STEP = lazy(rf"[\w-]+(?:{_KEY})?")
# Data sources that only write down what they are given.
_DOCUMENTS = frozenset({"aws_iam_policy_document", "template_file"})
_ROOTS = frozenset({"count", "data", "each", "local", "module", "path", "self", "terraform", "var"})


class ReferencedAttribute(NamedTuple):
    """A resource instance, and the attribute that is read of it (empty for the whole)."""

    address: str
    attribute: str


class ReferenceScope(NamedTuple):
    """The place of an expression: the module instance, and the key of the resource or module there."""

    module: str
    key: str = ""
    for_each: tuple[str, ...] = ()


class ReferenceTargets(NamedTuple):
    """What references lead to.

    opaque: some lead somewhere that a plan does not contain.
    inside: the targets are somewhere inside of what is referred to, as the buckets in a policy.
    """

    targets: tuple[ReferencedAttribute, ...]
    opaque: bool
    inside: bool = False


class PlanConfiguration:
    """The `configuration` part of a plan."""

    def __init__(self, root: Any, addresses: Sequence[str]) -> None:
        self._root = mapping(mapping(root).get("root_module"))
        self.providers = mapping(mapping(root).get("provider_config"))
        self._addresses = frozenset(addresses)
        self._instances: dict[str, list[str]] = {}
        for address in addresses:
            self._instances.setdefault(base_of(address), []).append(address)
        self._modules: dict[tuple[str, ...], Mapping[str, Any]] = {}
        self._resources: dict[tuple[str, ...], dict[str, Mapping[str, Any]]] = {}

    def resource(self, module: str, kind: str, name: str) -> Mapping[str, Any] | None:
        """The configuration of a resource; None when the plan has none."""
        names = _names(module)
        if names not in self._resources:
            self._resources[names] = {
                str(each.get("address")): each for each in maps(self._module(names).get("resources"))
            }
        return self._resources[names].get(f"{kind}.{name}")

    def _module(self, names: tuple[str, ...]) -> Mapping[str, Any]:
        if names not in self._modules:
            found = self._root
            for name in names:
                found = mapping(mapping(mapping(found.get("module_calls")).get(name)).get("module"))
            self._modules[names] = found
        return self._modules[names]

    def _call(self, names: tuple[str, ...]) -> Mapping[str, Any]:
        parent = self._module(names[:-1])
        return mapping(mapping(parent.get("module_calls")).get(names[-1]))

    def scope(self, module: str, key: str, resource: Mapping[str, Any]) -> ReferenceScope:
        """The scope of a resource's own expressions."""
        return ReferenceScope(module, key, tuple(references_of(resource.get("for_each_expression"))))

    def resolve(self, references: Sequence[str], scope: ReferenceScope, depth: int = 0) -> ReferenceTargets:
        """The resource instances behind references."""
        targets: list[ReferencedAttribute] = []
        opaque = depth > _DEPTH_LIMIT
        inside = False
        for reference in () if opaque else _longest(references):
            found = self._one(reference, scope, depth)
            targets += found.targets
            opaque = opaque or found.opaque
            inside = inside or found.inside
        return ReferenceTargets(tuple(dict.fromkeys(targets)), opaque, inside)

    def _one(self, reference: str, scope: ReferenceScope, depth: int) -> ReferenceTargets:
        root, _, rest = reference.partition(".")
        if reference in ("each.key", "count.index") or root in ("path", "terraform"):
            return ReferenceTargets((), False)
        if reference.startswith("each.value"):
            return self._each(reference, scope, depth)
        if root == "var" and scope.module:
            return self._variable(rest, scope, depth)
        if root == "module":
            return self._output(reference, scope, depth)
        if root == "data":
            return self._data(reference, scope, depth)
        match = _RESOURCE.match(reference)
        if root in _ROOTS or match is None:
            return ReferenceTargets((), True)
        address = _join(scope.module, match.group(1))
        found = self._instance(address, match.group(2) or "", match.group(3) or "", scope.key)
        targets: list[ReferencedAttribute] = []
        opaque = found.opaque
        for target in found.targets:
            origin = self._origin(target, depth + 1)
            targets += origin.targets
            opaque = opaque or origin.opaque
        return ReferenceTargets(tuple(targets), opaque)

    def _origin(self, target: ReferencedAttribute, depth: int) -> ReferenceTargets:
        """What an attribute was set to; the target itself where it is computed, or its own name."""
        module, kind, name = _parts(target.address)
        configured = self.resource(module, kind, name) or {}
        expressions = mapping(configured.get("expressions"))
        scope = self.scope(module, key_of(target.address), configured)
        further = followed(kind, target.attribute)
        if further is not None:
            argument, attribute = further
            found = self.resolve(list(references_of(expressions.get(argument))), scope, depth + 1)
            if len(found.targets) == 1 and not found.opaque:
                return ReferenceTargets((ReferencedAttribute(found.targets[0].address, attribute),), False)
        argument = target.attribute if target.attribute in expressions else repeated(kind, target.attribute)
        stated = expressions.get(argument)
        if stated is None or depth > _DEPTH_LIMIT or names_itself(kind, argument):
            return ReferenceTargets((target,), False)
        return self.resolve(list(references_of(stated)), scope, depth + 1)

    def _data(self, reference: str, scope: ReferenceScope, depth: int) -> ReferenceTargets:
        """A data source that reads a resource of the plan back is that resource."""
        match = _RESOURCE.match(reference.removeprefix("data."))
        if match is None:
            return ReferenceTargets((), True)
        kind, _, name = match.group(1).partition(".")
        attribute = match.group(3) or ""
        configured = self.resource(scope.module, f"data.{kind}", name) or {}
        expressions = mapping(configured.get("expressions"))
        own = self.scope(scope.module, match.group(2) or scope.key, configured)
        if kind in _DOCUMENTS:
            found = self.resolve(list(references_of(expressions)), own, depth + 1)
            return found._replace(inside=True)
        stated = expressions.get(repeated_in_data(kind, attribute))
        for argument in found_by(kind):
            found = self.resolve(list(references_of(expressions.get(argument))), own, depth + 1)
            if found.opaque or len(found.targets) != 1:
                continue
            if type_in(found.targets[0].address) == kind and attribute not in expressions:
                return ReferenceTargets((ReferencedAttribute(found.targets[0].address, attribute),), False)
        if stated is None:
            return ReferenceTargets((), True)
        return self.resolve(list(references_of(stated)), own, depth + 1)

    def _instance(self, address: str, key: str, attribute: str, own_key: str) -> ReferenceTargets:
        for wanted in (address + key, address + own_key):
            if wanted in self._addresses:
                return ReferenceTargets((ReferencedAttribute(wanted, attribute),), False)
        known = self._instances.get(address, [])
        if len(known) == 1 and not key:
            return ReferenceTargets((ReferencedAttribute(known[0], attribute),), False)
        # Without a key all of them are meant (`aws_subnet.s[*].id`), unless something else gives the key.
        return ReferenceTargets(
            tuple(ReferencedAttribute(each, attribute) for each in known), bool(key) or not known, True
        )

    def _each(self, reference: str, scope: ReferenceScope, depth: int) -> ReferenceTargets:
        """`each.value.id`, where `for_each` is another resource: its instance of the same key."""
        attribute = reference.split(".")[2] if reference.count(".") > 1 else ""
        found = self.resolve(scope.for_each, scope._replace(for_each=()), depth + 1)
        same = [target for target in found.targets if target.address.endswith(scope.key)]
        if len(same) != 1 or found.opaque:
            return ReferenceTargets((), True)
        return ReferenceTargets((ReferencedAttribute(same[0].address, attribute),), False)

    def _variable(self, rest: str, scope: ReferenceScope, depth: int) -> ReferenceTargets:
        names = _names(scope.module)
        call = self._call(names)
        expression = mapping(call.get("expressions")).get(rest.partition(".")[0])
        if expression is None:
            return ReferenceTargets((), True)
        outer, key = _outer(scope.module)
        for_each = tuple(references_of(call.get("for_each_expression")))
        return self.resolve(list(references_of(expression)), ReferenceScope(outer, key, for_each), depth + 1)

    def _output(self, reference: str, scope: ReferenceScope, depth: int) -> ReferenceTargets:
        match = _MODULE_OUTPUT.match(reference)
        if match is None:
            return ReferenceTargets((), True)
        name, key, output = match.groups()
        inner = self._module((*_names(scope.module), name))
        expression = mapping(mapping(inner.get("outputs")).get(output)).get("expression")
        if expression is None:
            return ReferenceTargets((), True)
        module = _join(scope.module, f"module.{name}{key or ''}")
        return self.resolve(list(references_of(expression)), ReferenceScope(module), depth + 1)


def mapping(value: Any) -> Mapping[str, Any]:
    """The value if it is a JSON object, else an empty one: plans come from anywhere."""
    return value if isinstance(value, dict) else {}


def maps(value: Any) -> list[Mapping[str, Any]]:
    """The objects in a JSON list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def references_of(expression: Any, depth: int = 0) -> Iterator[str]:
    """Every reference in an expression, also in those nested in it."""
    if depth > _DEPTH_LIMIT:
        return
    if isinstance(expression, dict):
        stated = expression.get("references")
        if isinstance(stated, list):
            yield from (each for each in stated if isinstance(each, str))
            return
        for inner in expression.values():
            yield from references_of(inner, depth + 1)
    elif isinstance(expression, list):
        for inner in expression:
            yield from references_of(inner, depth + 1)


def base_of(address: str) -> str:
    """An address without its own instance key."""
    return re.sub(rf"{_KEY}$", "", address)


def key_of(address: str) -> str:
    """The instance key at an address's end, with its brackets."""
    return address[len(base_of(address)) :]


def _longest(references: Sequence[str]) -> list[str]:
    """Without those that only name the whole of what another one names a part of."""
    return [
        each
        for each in dict.fromkeys(references)
        if not any(other != each and other.startswith((f"{each}.", f"{each}[")) for other in references)
    ]


def _parts(address: str) -> tuple[str, str, str]:
    """The module, type and name in an instance's address."""
    *module, kind, name = _steps(base_of(address))
    return ".".join(module), kind, name


def _steps(address: str) -> list[str]:
    """An address at its dots, those inside of keys left out."""
    return [match.group() for match in _STEP.finditer(address)]


def _names(module: str) -> tuple[str, ...]:
    return tuple(match.group(1) for match in _MODULE_STEP.finditer(module))


def _outer(module: str) -> tuple[str, str]:
    """The address of the module around a module instance, and that instance's key."""
    steps = list(_MODULE_STEP.finditer(module))
    if not steps:
        return "", ""
    return module[: steps[-1].start()].rstrip("."), steps[-1].group(2) or ""


def _join(module: str, address: str) -> str:
    return f"{module}.{address}" if module else address
