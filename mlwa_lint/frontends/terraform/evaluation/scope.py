"""What expressions of a module may name, and what operators, functions and loops make of it."""

from collections.abc import Mapping, Sequence

from mlwa_lint.frontends.choices import over_alternatives
from mlwa_lint.frontends.evaluator import evaluate, member
from mlwa_lint.frontends.expressions import Call, Conditional, Expr, For, Index, Lookup, OperatorExpression
from mlwa_lint.frontends.failures import failure, is_failure, reason_of
from mlwa_lint.frontends.terraform.evaluation.limits import STEPS_LIMIT
from mlwa_lint.frontends.terraform.evaluation.names import ModuleNames
from mlwa_lint.frontends.terraform.evaluation.open_conditions import tested
from mlwa_lint.frontends.terraform.syntax.blocks import JOINED
from mlwa_lint.frontends.texts import text_of
from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Absent,
    Assumptions,
    Choice,
    Entry,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    assume,
    known_text,
)

_SETS = frozenset({"toset", "setintersection", "setproduct", "setsubtract", "setunion", "fileset"})
_TRYING = frozenset({"try", "can"})
_CHAIN_LIMIT = 20


class TerraformFrame:
    """A scope: a module's names and, before them, those bound by loops, `each`, `count`, `self`."""

    def __init__(
        self,
        module: ModuleNames,
        names: Mapping[str, Value] | None = None,
        runs: int = 1,
        cautious: bool = False,
    ) -> None:
        self.module = module
        self._runs = runs
        self._cautious = cautious
        self.names: Mapping[str, Value] = names or {}

    def bound(self, names: Mapping[str, Value], times: int = 1) -> "TerraformFrame":
        """The scope inside a loop that runs so many times."""
        return TerraformFrame(
            self.module, {**self.names, **names}, self._runs * max(times, 1), self._cautious
        )

    def within(self, call: Call) -> "TerraformFrame":
        """The scope of a function's arguments: `try` and `can` catch what would be an error."""
        if call.function not in _TRYING or self._cautious:
            return self
        return TerraformFrame(self.module, self.names, self._runs, cautious=True)

    def pick(self, base: Value, key: Value, expression: Index) -> Value | None:
        """One of a known collection's values, where only the key is not known; an item of an output."""
        if not isinstance(key, (Unknown, Reference)):
            return None if self._cautious else _of_output(base, key, expression)
        from mlwa_lint.frontends.terraform.evaluation.lookups import picked

        return picked(base, key, expression, self.module, cautious=self._cautious)

    def admits(self, times: int) -> bool:
        """Whether a loop may run so many times, within all loops around it."""
        return self._runs * times <= STEPS_LIMIT

    def lookup(self, path: tuple[str, ...], span: Span) -> tuple[Value, int]:
        """A bound name, or one of the module's; all its steps are followed here."""
        if path[0] in self.names:
            value, used = self.names[path[0]], 1
        else:
            try:
                value, used = self.module.named(path, span)
            except RecursionError:
                return Unknown("it depends on too long a chain of values", span), len(path)
        for step in path[used:]:
            value = member(value, step, span)
        if isinstance(value, Scalar) or (isinstance(value, Unknown) and value.parts):
            return value._replace(span=span, origin=value.origin or value.span), len(path)
        return value._replace(span=span), len(path)

    def condition(self, expression: Expr, value: Unknown) -> Guard | Choice:
        """The conditions behind an open truth value, where the author wrote them."""
        return tested(expression, value, self)

    def call(self, call: Call, arguments: list[Value]) -> Value:
        """A function's result, for every combination of its arguments' alternatives."""
        if call.expand and arguments:
            return over_alternatives(
                [arguments[-1]], lambda last: self._expanded(call, arguments[:-1], last[0]), call.span
            )
        return self._called(call, arguments)

    def _expanded(self, call: Call, arguments: list[Value], last: Value) -> Value:
        if not isinstance(last, ListValue) or last.rest is not None:
            return Unknown(reason_of(last, "the expanded list is not known"), call.span)
        return self._called(call, [*arguments, *last.items])

    def _called(self, call: Call, arguments: list[Value]) -> Value:
        span = call.span
        if not any(isinstance(argument, Choice) for argument in arguments):
            return self._applied(call, arguments)
        return over_alternatives(arguments, lambda values: self._applied(call, values), span)

    def _applied(self, call: Call, arguments: Sequence[Value]) -> Value:
        if call.function in ("lookup", "element") and len(arguments) in (2, 3):
            from mlwa_lint.frontends.terraform.evaluation.lookups import picked

            default = arguments[2] if len(arguments) == 3 else None
            cautious = self._cautious and default is None and call.function == "lookup"
            found = picked(arguments[0], arguments[1], call, self.module, default, cautious)
            if found is not None:
                return found
        result = self.module.function(call.function, arguments, call.span)
        if call.function == "element" and not self._cautious and _is_list_from_outside(call.arguments[0]):
            return _given(result)
        return result

    def operate(self, operation: OperatorExpression) -> Value:
        """An operator's result."""
        from mlwa_lint.frontends.terraform.evaluation.operators import operate

        if operation.operator == JOINED:
            return self._text_of_loop(operation)
        values = [evaluate(operand, self) for operand in operation.operands]
        span, operator = operation.span, operation.operator
        return over_alternatives(values, lambda given: operate(operator, given, span), span)

    def _text_of_loop(self, operation: OperatorExpression) -> Value:
        def joined(values: Sequence[Value]) -> Value:
            items = values[0]
            if isinstance(items, ListValue) and items.rest is None:
                return assume(
                    text_of(items.items or [Scalar("", operation.span)], operation.span), items.assumed
                )
            reason = items.rest.reason if isinstance(items, ListValue) and items.rest else ""
            return Unknown(reason or reason_of(items, "a loop over it is not known"), operation.span)

        return over_alternatives([evaluate(operation.operands[0], self)], joined, operation.span)

    # -- for expressions

    def comprehend(self, loop: For) -> Value:
        """A for expression's result, for every alternative of its collection."""
        collection = evaluate(loop.collection, self)
        return over_alternatives([collection], lambda values: self._comprehended(loop, values[0]), loop.span)

    def _comprehended(self, loop: For, collection: Value) -> Value:
        span = loop.span
        pairs = None if isinstance(collection, Absent) else items_of(collection)
        if pairs is None:
            if isinstance(collection, (Unknown, Reference)):
                reason = reason_of(collection, "")
                more = Unknown(reason, span, secret=isinstance(collection, Unknown) and collection.secret)
                return ListValue((), span, more) if loop.key is None else MapValue({}, span, more)
            return failure("a for expression needs a list or a map", span)
        if not self.admits(len(pairs)):
            return Unknown(f"a loop would run more than {STEPS_LIMIT:,} times", span)
        rest = collection.rest if isinstance(collection, (ListValue, MapValue)) else None
        kept: list[tuple[TerraformFrame, Value]] = []
        assumed = collection.assumed
        keyless = len(loop.names) > 1 and is_set(loop.collection, self.module)
        for key, value in pairs:
            if keyless:
                key = value
            names = (
                {loop.names[-1]: value}
                if len(loop.names) == 1
                else {loop.names[0]: key, loop.names[1]: value}
            )
            frame = self.bound(names, len(pairs))
            holds: Value | None = None
            if loop.filter is not None:
                holds = evaluate(loop.filter, frame)
                text = known_text(holds)
                assumed |= holds.assumed
                if text == "false":
                    continue
                if text != "true":
                    rest = rest or Unknown(reason_of(holds, "a filter is not known"), span)
                    continue
            kept.append((frame, value))
        if loop.key is None:
            items = tuple(evaluate(loop.result, frame) for frame, _ in kept)
            return ListValue(items, span, rest, assumed)
        return self._keyed(loop, loop.key, kept, rest, assumed)

    def _keyed(
        self,
        loop: For,
        key_expression: Expr,
        kept: list[tuple["TerraformFrame", Value]],
        rest: Unknown | None,
        assumed: Assumptions,
    ) -> Value:
        entries: dict[str, Entry] = {}
        groups: dict[str, list[Value]] = {}
        for frame, _ in kept:
            key = evaluate(key_expression, frame)
            text = known_text(key)
            result = evaluate(loop.result, frame)
            if text is None:
                rest = rest or Unknown(reason_of(key, "a key is not known"), loop.span)
            elif loop.grouping:
                groups.setdefault(text, []).append(result)
            elif text in entries:
                return failure(f"two items have the key {text!r}", loop.span)
            else:
                entries[text] = Entry(result.span or loop.span, result, text)
        for text, items in groups.items():
            entries[text] = Entry(loop.span, ListValue(tuple(items), loop.span, rest), text)
        # Terraform's objects and maps are ordered by key.
        return MapValue(dict(sorted(entries.items())), loop.span, rest, assumed)


def is_set(expression: Expr, module: ModuleNames, depth: int = 0) -> bool:
    """Whether an expression makes a set, whose keys are its items. Values do not show it: sets are lists."""
    if isinstance(expression, Call):
        return expression.function in _SETS
    if isinstance(expression, Conditional):
        return is_set(expression.yes, module, depth) or is_set(expression.no, module, depth)
    if isinstance(expression, Lookup) and len(expression.path) == 2 and depth < _CHAIN_LIMIT:
        head, name = expression.path
        if head == "local":
            definition = module.expression_of_local(name)
            return definition is not None and is_set(definition, module, depth + 1)
        if head == "var":
            return is_set_type(module.type_of_variable(name))
    return False


def is_set_type(constraint: Expr | None) -> bool:
    """Whether a type constraint is one for sets."""
    return isinstance(constraint, Call) and constraint.function == "set"


def items_of(collection: Value) -> list[tuple[Value, Value]] | None:
    """Keys and values of a list, set or map; None when it is none."""
    if isinstance(collection, ListValue):
        assumed = collection.assumed
        return [
            (Scalar(index, item.span or collection.span, assumed), assume(item, assumed))
            for index, item in enumerate(collection.items)
        ]
    if isinstance(collection, MapValue):
        assumed = collection.assumed
        return [
            (Scalar(key, entry.key_span, assumed), assume(entry.value, assumed))
            for key, entry in sorted(collection.entries.items())
        ]
    if isinstance(collection, Absent):
        return []
    return None


def pair(key: Value, value: Value, span: Span) -> MapValue:
    """`each`, or a dynamic block's iterator."""
    return MapValue({"key": Entry(span, key), "value": Entry(span, value)}, span)


# What keeps the items of a list.
_KEEPING_ITEMS = ("reverse", "sort", "tolist")


def _of_output(base: Value, key: Value, expression: Index) -> Value | None:
    """An item of an output, or of what a data source finds: `module.network.subnets[0]`, `data.….ids[0]`.

    Whatever the module is, it is an item of its list, or an error of the plan.
    """
    if not isinstance(base, Unknown) or not _is_list_from_outside(expression.base):
        return None
    if not isinstance(key, Scalar) or not isinstance(key.data, int):
        return None
    return _given(member(base, str(key.data), expression.span))


def _is_list_from_outside(expression: Expr) -> bool:
    """Whether an expression is a list that a module gives, or that a data source finds."""
    while isinstance(expression, Call) and expression.function in _KEEPING_ITEMS and expression.arguments:
        expression = expression.arguments[0]
    if not isinstance(expression, Lookup):
        return False
    # `data.aws_subnets.private` alone may be one of several instances.
    least = {"module": 3, "data": 4}.get(expression.path[0])
    return least is not None and len(expression.path) >= least


def _given(found: Value) -> Value:
    return found._replace(present=True) if isinstance(found, Unknown) and not is_failure(found) else found
