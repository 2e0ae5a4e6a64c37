"""Methods of texts, lists and dictionaries."""

from collections.abc import Callable, Sequence

from mlwa_lint.frontends.identities import identity_of_call
from mlwa_lint.frontends.python.evaluation.core import ANSWER, Core, reason_of
from mlwa_lint.frontends.python.evaluation.operators import distributed, formatted, joined
from mlwa_lint.frontends.python.evaluation.outputs import is_read_back
from mlwa_lint.frontends.python.evaluation.subscripts import (
    grow,
    item_of,
    items_of,
    key_text,
    looked_up,
    resting_on,
    spread,
)
from mlwa_lint.frontends.python.evaluation.values import (
    ITEMS,
    REST,
    DictObj,
    Entries,
    Item,
    ListObj,
    Obj,
    PyValue,
    Site,
)
from mlwa_lint.frontends.python.limits import ITEMS_LIMIT, TEXT_LIMIT
from mlwa_lint.model.values import Absent, Choice, Scalar, Unknown
from mlwa_lint.startup.patterns import lazy

_FIELD = lazy(r"\{\{|\}\}|\{([^{}!:]*)(?:!([rsa]))?(?::([^{}]*))?\}")
_PLAIN_TEXT = frozenset(
    """lower upper title capitalize swapcase casefold strip lstrip rstrip replace removeprefix removesuffix
    startswith endswith isdigit isalpha isupper islower zfill count find rfind""".split()  # noqa: SIM905
)
# Methods of texts that give another text, and which of them only of the empty one the empty one.
_KEEPING = frozenset({"lower", "upper", "title", "capitalize", "casefold", "swapcase", "zfill"})
_PURE = _KEEPING | {"strip", "lstrip", "rstrip", "replace", "removeprefix", "removesuffix", "split", "rsplit"}
_STRIPPING = frozenset({"strip", "lstrip", "rstrip"})


def method_of(core: Core, base: PyValue, name: str, site: Site) -> PyValue | None:
    """The result of a method of a plain value; None when it is not known."""
    if isinstance(base, DictObj):
        return _of_dict(core, base, name, site)
    if isinstance(base, ListObj):
        return _of_list(core, base, name, site)
    if isinstance(base, Scalar) and isinstance(base.data, str):
        return _of_text(core, base, name, site)
    if name in ("strip", "rstrip", "decode") and is_read_back(base):
        return base
    if isinstance(base, Unknown) and name == "to_string" and base.identity:
        return base  # of a property of a pipeline's step
    if isinstance(base, Unknown) and name == "get" and site.positional and base.identity:
        return _of_unknown(core, base, site)
    if isinstance(base, Unknown) and base.parts and name in _STRIPPING and not site.positional:
        return _stripped(base, name)
    if isinstance(base, Unknown) and (name in _PURE or (base.parts and name == "format")):
        return _of_same(core, base, name, site)
    return None


def _of_same(core: Core, base: Unknown, name: str, site: Site) -> Unknown:
    """What a method makes of a text that is not known: the same of the same text, wherever it is called."""
    plain = [each for each in site.positional if not isinstance(each, Obj)]
    identity = ""
    if len(plain) == len(site.positional) and not site.named and site.rest is None:
        identity = identity_of_call(name, (base, *plain))
    present = bool(base.parts) or (base.present and name in _KEEPING)
    return Unknown(base.reason, site.span, (), identity or core.number(), present, assumed=base.assumed)


def _stripped(base: Unknown, name: str) -> Unknown:
    """A text without space around it, of which the pieces that are known are at the ends, or inside."""
    parts = list(base.parts)
    if isinstance(first := parts[0], str) and name != "rstrip":
        parts[0] = first.lstrip()
    if isinstance(last := parts[-1], str) and name != "lstrip":
        parts[-1] = last.rstrip()
    return base._replace(parts=tuple(each for each in parts if each != ""), present=True)


def _of_unknown(core: Core, base: Unknown, site: Site) -> PyValue | None:
    """`configuration.get("key", "default")`."""
    if len(site.positional) == 1:
        # Without a default it is the value of the key, or nothing.
        return item_of(core, base, site.positional[0], site)
    return None if base.identity.startswith(ANSWER) else _default_of(site)


def _default_of(site: Site) -> PyValue | None:
    """The default of a key that may be there, which its author takes for usual; not of flags and the like."""
    text, default = key_text(site.positional[0]), site.positional[1]
    if (
        text is None
        or not isinstance(default, Scalar)
        or isinstance(default.data, bool)
        or default.data == ""
    ):
        return None
    assumed = frozenset({f"the default of key {text!r}"})
    return resting_on(default, Scalar("", site.span, assumed))


# -- texts


def _of_text(core: Core, base: Scalar, name: str, site: Site) -> PyValue | None:
    text = str(base.data)
    if name == "format":
        return _format(core, base, site)
    if name == "join" and site.positional:
        return _join(core, base, site.positional[0], site)
    if name in ("encode", "decode"):
        return base
    if name in ("split", "rsplit", "splitlines", "partition", "rpartition"):
        return _split(core, base, name, site)
    if name not in _PLAIN_TEXT:
        return None
    if any(isinstance(each, Choice) for each in site.positional):
        return distributed(
            core,
            site.positional,
            lambda v: _of_text(core, base, name, site._replace(positional=tuple(v))) or Absent(),
            site.span,
        )
    given = [each for each in site.positional if isinstance(each, Scalar)]
    if len(given) < len(site.positional) or site.named or len(text) > TEXT_LIMIT:
        return core.unknown(reason_of(site.positional[0] if site.positional else base), site.span)
    if name == "zfill" and not (given and isinstance(given[0].data, int) and given[0].data < TEXT_LIMIT):
        return None
    if name == "replace" and given and len(text) * max(1, len(str(given[-1].data))) > TEXT_LIMIT:
        return None
    try:
        result = getattr(text, name)(*(each.data for each in given))
    except (TypeError, ValueError):
        return None
    assumed = base.assumed.union(*(each.assumed for each in given))
    return Scalar(result, site.span, assumed)


def _split(core: Core, base: Scalar, name: str, site: Site) -> PyValue | None:
    given = [each.data for each in site.positional if isinstance(each, Scalar)]
    if len(given) < len(site.positional) or site.named:
        return None
    try:
        found = getattr(str(base.data), name)(*given)
    except (TypeError, ValueError):
        return None
    if len(found) > ITEMS_LIMIT:
        return None
    return ListObj([Scalar(each, site.span, base.assumed) for each in found], site.span)


def _join(core: Core, separator: Scalar, value: PyValue, site: Site) -> PyValue:
    items, rest = items_of(core, value, site.span)
    if rest is not None or len(items) > ITEMS_LIMIT:
        return core.unknown(reason_of(rest) if rest is not None else "it is too long", site.span)
    pieces: list[PyValue] = []
    for each in items:
        if pieces:
            pieces.append(separator)
        pieces.append(each)
    return joined(core, pieces, site.span) if pieces else Scalar("", site.span)


def _format(core: Core, base: Scalar, site: Site) -> PyValue:
    text = str(base.data)
    pieces: list[PyValue] = []
    position = used = 0
    for match in _FIELD.finditer(text):
        pieces.append(Scalar(text[position : match.start()], site.span, base.assumed))
        position = match.end()
        if match.group() in ("{{", "}}"):
            pieces.append(Scalar(match.group()[0], site.span))
            continue
        name, conversion, form = match.groups()
        if not name:
            name, used = str(used), used + 1
        value = _field(name, site)
        if value is None:
            return core.unknown("what is put into the text is not known", site.span, present=True)
        spec = Scalar(form, site.span) if form else None
        pieces.append(formatted(core, value, spec, ord(conversion) if conversion else -1, site.span))
    pieces.append(Scalar(text[position:], site.span, base.assumed))
    return joined(core, pieces, site.span)


def _field(name: str, site: Site) -> PyValue | None:
    if name.isdigit():
        number = int(name) if len(name) < 4 else ITEMS_LIMIT
        return site.positional[number] if number < len(site.positional) else None
    argument = site.named.get(name)
    return argument.value if argument is not None else None


# -- lists


def _of_list(core: Core, base: ListObj, name: str, site: Site) -> PyValue | None:
    given = site.positional
    if name in ("append", "add", "insert") and given:
        return _append(core, base, name, given, site)
    if name in ("extend", "update") and given:
        items, rest = items_of(core, given[0], site.span)
        grow(core, base, (*base.values, *items), site.span)
        if rest is not None:
            core.store(base.cells, REST, rest)
        return Absent(site.span)
    if name == "copy":
        return ListObj(base.values, site.span, base.rest, base.kind)
    if name == "clear":
        core.store(base.cells, ITEMS, ())
        return Absent(site.span)
    if name in ("pop", "remove"):
        return _pop(core, base, name, given, site)
    if name in ("sort", "reverse"):
        if name == "reverse":
            core.store(base.cells, ITEMS, tuple(reversed(base.values)))
        return Absent(site.span)
    return None


def _append(core: Core, base: ListObj, name: str, given: Sequence[PyValue], site: Site) -> PyValue:
    items = base.values
    if name == "insert" and len(given) > 1:
        at = given[0].data if isinstance(given[0], Scalar) and isinstance(given[0].data, int) else len(items)
        grow(core, base, (*items[:at], given[1], *items[at:]), site.span)
    else:
        grow(core, base, (*items, given[0]), site.span)
    return Absent(site.span)


def _pop(core: Core, base: ListObj, name: str, given: Sequence[PyValue], site: Site) -> PyValue:
    position = given[0].data if given and isinstance(given[0], Scalar) else -1
    items = list(base.values)
    if (
        name == "pop"
        and isinstance(position, int)
        and base.rest is None
        and -len(items) <= position < len(items)
    ):
        value = items.pop(position)
        core.store(base.cells, ITEMS, tuple(items))
        return value
    reason = "which item it is is not known" if base.rest is None else base.rest.reason
    core.store(base.cells, REST, core.unknown("which item is taken out is not known", site.span))
    return core.unknown(reason, site.span)


# -- dictionaries


def _of_dict(core: Core, base: DictObj, name: str, site: Site) -> PyValue | None:
    handler = _DICT.get(name)
    return None if handler is None else handler(core, base, site)


def _update(core: Core, base: DictObj, site: Site) -> PyValue:
    for value in site.positional[:1]:
        spread(core, base.cells, value, site.span)
    for name, argument in site.named.items():
        core.store(base.cells, name, Item(argument.span, argument.value))
    if site.rest is not None:
        core.store(base.cells, REST, site.rest)
    return Absent(site.span)


def _get(core: Core, base: DictObj, site: Site) -> PyValue:
    key = site.positional[0] if site.positional else Absent()
    text = key_text(key)
    if text is None and len(site.positional) > 1:
        return looked_up(core, base, key, site.positional[1], site)
    if text is not None and base.rest is None and text not in base.cells:
        return resting_on(site.positional[1] if len(site.positional) > 1 else Absent(site.span), base)
    if text is not None and text not in base.cells and len(site.positional) > 1:
        found = _default_of(site)
        if found is not None:
            return found
        return core.unknown(f"key {text!r} may be given elsewhere", site.span)
    return item_of(core, base, key, site)


def _setdefault(core: Core, base: DictObj, site: Site) -> PyValue:
    text = key_text(site.positional[0]) if site.positional else None
    if text is None or base.rest is not None:
        return core.unknown("whether the key is there is not known", site.span)
    if text not in base.cells:
        value = site.positional[1] if len(site.positional) > 1 else Absent(site.span)
        core.store(base.cells, text, Item(site.span, value))
    item: Item = base.cells[text]
    return item.value


def _popped(core: Core, base: DictObj, site: Site) -> PyValue:
    value = _get(core, base, site)
    text = key_text(site.positional[0]) if site.positional else None
    if text is not None and text != REST:
        core.remove(base.cells, text)
    return value


def _copied(core: Core, base: DictObj, site: Site) -> PyValue:
    return DictObj(Entries(base.cells), site.span, base.assumed)


def _keys(core: Core, base: DictObj, site: Site) -> PyValue:
    keys = [Scalar(key, item.key_span) for key, item in base.items()]
    return ListObj(keys, site.span, base.rest, assumed=base.assumed)


def _values(core: Core, base: DictObj, site: Site) -> PyValue:
    values = [resting_on(item.value, base) for _, item in base.items()]
    return ListObj(values, site.span, base.rest, assumed=base.assumed)


def _pairs(core: Core, base: DictObj, site: Site) -> PyValue:
    pairs = [
        ListObj([Scalar(key, item.key_span), resting_on(item.value, base)], site.span, None, "tuple")
        for key, item in base.items()
    ]
    return ListObj(pairs, site.span, base.rest, assumed=base.assumed)


_DICT: dict[str, Callable[[Core, DictObj, Site], PyValue]] = {
    "update": _update,
    "get": _get,
    "setdefault": _setdefault,
    "pop": _popped,
    "copy": _copied,
    "keys": _keys,
    "values": _values,
    "items": _pairs,
}
DICT_METHODS = frozenset(_DICT)
