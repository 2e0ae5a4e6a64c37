"""Keys and items of lists, dictionaries, texts and handles."""

import ast
from typing import Any, cast

from mlwa_lint.frontends.python.evaluation.core import Core, reason_of
from mlwa_lint.frontends.python.evaluation.kinds import members, tuple_of
from mlwa_lint.frontends.python.evaluation.values import (
    ITEMS,
    REST,
    ClassObj,
    DictObj,
    Entries,
    External,
    FunctionObj,
    Handle,
    InstanceObj,
    Item,
    ListObj,
    Obj,
    PyValue,
    Site,
    assumptions_of,
    options,
)
from mlwa_lint.frontends.python.limits import ITEMS_A_STEP, ITEMS_LIMIT
from mlwa_lint.model.alternatives import TEXTS_LIMIT
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Absent, Assumptions, Choice, Reference, Scalar, Unknown, assume, known_text
from mlwa_lint.startup.patterns import lazy

# A longer expression names no key that anyone recognises.
_NAMED_KEY_LENGTH = 40
# Why a parameter is not known, or what it has under a key.
_OF_PARAMETER = lazy(
    r"(?:(?P<name>\w+(?:\[[^\]]*\])*) is not known, as )?(?P<given>(?P<first>\w+) is a parameter of \S+)"
)
# What services never return empty: an ARN of what they describe, the value of a parameter or a secret.
_NEVER_EMPTY = lazy(
    r"^'(?:\w*(?:Arn|ARN|(?<=')arn))' of |^'Value' of 'Parameter' of get_parameter\(\)"
    r"|^'SecretString' of get_secret_value\(\)"
)
# How the reason ends why the result of a call is not known.
_RETURNED = "() is known only when the program runs"


def unknown_key(core: Core, key: ast.AST, span: Span) -> Unknown:
    """What a dictionary has under a key that is not known, which is called as the program writes it."""
    text = ast.unparse(key) if isinstance(key, ast.Name | ast.Attribute | ast.Subscript | ast.Call) else ""
    named = f"key {text}" if text and len(text) <= _NAMED_KEY_LENGTH else "a key"
    return core.unknown(f"{named} is not known", span)


def key_text(key: PyValue) -> str | None:
    """A key as a request has it; None when it is not known."""
    if isinstance(key, Scalar):
        return str(key.data)
    if isinstance(key, (Unknown, Reference)):
        return known_text(key)
    return "None" if isinstance(key, Absent) else None


def item_of(core: Core, base: PyValue, key: PyValue, site: Site) -> PyValue:
    """The value of `base[key]`."""
    if isinstance(base, Choice):
        chosen = [base.yes, base.no]
        first, second = (item_of(core, each, key, site) for each in chosen)
        return core.split(base.condition, lambda: first, lambda: second, site.span)
    if isinstance(base, DictObj):
        return _entry(core, base, key, site)
    if isinstance(base, ListObj):
        return _element(core, base, key, site)
    if isinstance(base, Scalar) and isinstance(base.data, str):
        return _letter(core, base, base.data, key, site)
    if isinstance(base, (ClassObj, InstanceObj)):
        return _of_class(core, base, key, site)
    if isinstance(base, Handle):
        found = base.item(key, site)
        if found is not None:
            return found
    text = key_text(key)
    if isinstance(base, External):
        return core.external(f"{base.path}[]", site._replace(positional=(key,))) or _open(core, base, site)
    if isinstance(base, Unknown) and base.identity and text is not None:
        reason = _of_result(base.reason, text)
        identity = f"{base.identity}[{text}]"
        filled = _NEVER_EMPTY.search(reason) is not None
        return Unknown(reason, site.span, identity=identity, present=filled, assumed=base.assumed)
    if isinstance(base, Reference) and text is not None:
        attribute = f"{base.attribute}.{text}" if base.attribute else text
        return Reference(base.address, attribute, site.span)
    return _open(core, base, site)


def _letter(core: Core, base: Scalar, text: str, key: PyValue, site: Site) -> PyValue:
    """`line[0]`."""
    position = key.data if isinstance(key, Scalar) else None
    if isinstance(position, int) and -len(text) <= position < len(text):
        return resting_on(assume_scalar(text[position], base), key)
    return _open(core, key if isinstance(key, Unknown) else base, site)


def _of_class(core: Core, base: ClassObj | InstanceObj, key: PyValue, site: Site) -> PyValue:
    """`Stage["PROD"]` of an enum, `settings[0]` of a named tuple."""
    if isinstance(base, InstanceObj):
        getter = base.kind.found("__getitem__")
        if isinstance(getter, FunctionObj):
            return core.call_function(getter, site._replace(positional=(key,), named={}, rest=None), base)
        held = tuple_of(base)
        return _open(core, base, site) if held is None else _element(core, held, key, site)
    found = base.cells.get(key_text(key) or "") if members(base) else None
    return _open(core, base, site) if found is None else cast(PyValue, found)


def _of_result(reason: str, key: str) -> str:
    """Why the value of a key is not known, of a result or a parameter: an author looks for the key."""
    if key.lstrip("-").isdigit() or len(key) > _NAMED_KEY_LENGTH:
        return reason
    if reason.endswith(_RETURNED):
        return f"{key!r} of {reason}"
    if (held := _OF_PARAMETER.fullmatch(reason)) is not None:
        return f"{held['name'] or held['first']}[{key!r}] is not known, as {held['given']}"
    return reason


def _open(core: Core, base: PyValue, site: Site) -> PyValue:
    return core.unknown(reason_of(base), site.span)


def _entry(core: Core, base: DictObj, key: PyValue, site: Site) -> PyValue:
    text = key_text(key)
    if text is None:
        return _one_of_its_values(core, base, key, site)
    if text in base.cells and text != REST:
        item: Item = base.cells[text]
        return resting_on(item.value, base)
    if base.rest is None:
        return core.unknown(f"key {text!r} is given elsewhere", site.span)
    if base.rest.identity:
        return Unknown(base.rest.reason, site.span, identity=f"{base.rest.identity}[{text}]")
    return core.unknown(base.rest.reason, site.span)


def _one_of_its_values(
    core: Core, base: DictObj, key: PyValue, site: Site, otherwise: PyValue | None = None
) -> PyValue:
    """What a dictionary has under a key that is not known: one of its texts, if it only has texts."""
    reason = key.reason if isinstance(key, Unknown) else "a key is not known"
    found = [resting_on(item.value, base) for _, item in base.items()]
    if otherwise is not None:
        found.append(otherwise)
    texts = [known_text(each) if isinstance(each, Scalar) else None for each in found]
    known = tuple(sorted({text for text in texts if text is not None}))
    if base.rest is not None or not found or None in texts or len(known) > TEXTS_LIMIT:
        return core.unknown(reason, site.span)
    assumed = frozenset[str]().union(*(assumptions_of(each) for each in found))
    identity = core.number()
    return Unknown(reason, site.span, identity=identity, assumed=assumed, one_of=known)


def looked_up(core: Core, base: DictObj, key: PyValue, otherwise: PyValue, site: Site) -> PyValue:
    """The value of `base.get(key, otherwise)`, where the key is not known."""
    return _one_of_its_values(core, base, key, site, otherwise)


def _element(core: Core, base: ListObj, key: PyValue, site: Site) -> PyValue:
    if isinstance(key, Scalar) and isinstance(key.data, int) and not isinstance(key.data, bool):
        items = base.values
        position = key.data
        # Items that are not known come after the known ones: they were appended.
        if -len(items) <= position < len(items) and (position >= 0 or base.rest is None):
            return resting_on(items[position], base)
    open_one = key if isinstance(key, Unknown) else base.rest
    return core.unknown("the list has no such item" if open_one is None else open_one.reason, site.span)


def grow(core: Core, base: ListObj, items: tuple[PyValue, ...], span: Span) -> None:
    """Gives a list other items, in place; what is beyond the limit is not known."""
    core.step(len(items) // ITEMS_A_STEP)
    if len(items) > ITEMS_LIMIT:
        core.store(base.cells, REST, core.unknown(f"it has more than {ITEMS_LIMIT:,} items", span))
    else:
        core.store(base.cells, ITEMS, items)


def items_of(core: Core, value: PyValue, span: Span) -> tuple[list[PyValue], Unknown | None]:
    """What a loop goes through, and why there may be more."""
    if isinstance(value, Handle):
        value = value.items(span) or value
    if isinstance(value, ListObj):
        core.step(len(value.values) // ITEMS_A_STEP)
        return [resting_on(each, value) for each in value.values], value.rest
    if isinstance(value, DictObj):
        keys: list[PyValue] = [Scalar(key, item.key_span) for key, item in value.items()]
        return keys, value.rest
    if isinstance(value, Scalar) and isinstance(value.data, str):
        if len(value.data) > ITEMS_LIMIT:
            return [], core.unknown("it is too long", span)
        return [assume_scalar(letter, value) for letter in value.data], None
    if isinstance(value, Absent):
        return [], None
    if isinstance(value, Choice):
        return _items_of_choice(core, value, span)
    if isinstance(value, (ClassObj, InstanceObj)):
        held = _items_of_class(value)
        if held is not None:
            return held, None
    return [], core.unknown(reason_of(value), span)


def _items_of_class(value: ClassObj | InstanceObj) -> list[PyValue] | None:
    """The members of an enum, or the fields of a named tuple."""
    if isinstance(value, ClassObj):
        return members(value) or None
    held = tuple_of(value)
    return None if held is None else list(held.values)


def assume_scalar(data: str, like: Scalar) -> Scalar:
    """A text that rests on what another one does."""
    return Scalar(data, like.span, like.assumed)


def _items_of_choice(core: Core, value: Choice, span: Span) -> tuple[list[PyValue], Unknown | None]:
    """Items that are the same whatever holds; others may be there too."""
    found = [items_of(core, each, span) for each, _ in options(value)]
    first = found[0]
    if all(each[0] == first[0] and each[1] is None for each in found):
        return first
    return first[0], Unknown("it depends on a condition", span)


def resting_on(value: PyValue, like: PyValue) -> PyValue:
    """A value that rests on what another one does."""
    assumed = assumptions_of(like)
    if not assumed:
        return value
    if isinstance(value, (DictObj, ListObj)):
        return _object_resting_on(value, assumed)
    if isinstance(value, Obj):
        return value
    if isinstance(value, Choice):
        # Alternatives may be functions and other objects, which rest on nothing.
        yes, no = (resting_on(cast(PyValue, each), like) for each in (value.yes, value.no))
        return value._replace(yes=cast(Any, yes), no=cast(Any, no), assumed=value.assumed | assumed)
    return assume(value, assumed)


def _object_resting_on(value: DictObj | ListObj, assumed: Assumptions) -> DictObj | ListObj:
    if assumed <= value.assumed:
        return value
    union = value.assumed | assumed
    if isinstance(value, DictObj):
        return DictObj(Entries(value.cells), value.span, union)
    return ListObj(value.values, value.span, value.rest, value.kind, union)


def spread(core: Core, cells: Entries, value: PyValue, span: Span) -> None:
    """Puts a dictionary's keys into another's cells, as `**value` does."""
    if isinstance(value, Handle):
        value = value.frozen() or value
    if isinstance(value, DictObj):
        for key, item in value.cells.items():
            held = item if key == REST else item._replace(value=resting_on(item.value, value))
            core.store(cells, key, held)
        return
    chosen = options(value)
    if len(chosen) == 2 and all(isinstance(each, (DictObj, Absent)) for each, _ in chosen):
        guard = chosen[0][1][0]

        def put(held: PyValue) -> PyValue:
            spread(core, cells, held, span)
            return Absent()

        yes, no = (chosen[0][0], chosen[1][0]) if guard.holds else (chosen[1][0], chosen[0][0])
        core.split(guard.condition, lambda: put(yes), lambda: put(no), span)
        return
    if not isinstance(value, Absent):
        identity = value.identity if isinstance(value, Unknown) else ""
        core.store(cells, REST, Unknown(reason_of(value), span, identity=identity))
