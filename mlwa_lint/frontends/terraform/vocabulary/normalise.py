"""Terraform resources into canonical ones."""

from collections.abc import Sequence

from mlwa_lint.frontends.terraform.raw import RawResource
from mlwa_lint.frontends.terraform.vocabulary import awscc
from mlwa_lint.frontends.terraform.vocabulary.converters import tag_list
from mlwa_lint.frontends.terraform.vocabulary.folds import Draft, fold
from mlwa_lint.frontends.terraform.vocabulary.index import table_of
from mlwa_lint.frontends.terraform.vocabulary.labels import vocabulary_of
from mlwa_lint.frontends.terraform.vocabulary.spec import Fold, Table, pascal
from mlwa_lint.frontends.terraform.vocabulary.translate import put, translate
from mlwa_lint.model.resources import CODE_PATH, NAMED_ITSELF, Resource
from mlwa_lint.model.values import (
    Absent,
    Choice,
    Entry,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    known_text,
    references_in,
)
from mlwa_lint.startup.records import NamedTuple

# Arguments that state nothing about the resource itself.
_META = ("provider", "region", "tags", "tags_all", "timeouts", "id")


# Types whose own `policy` argument is a resource of its own in CloudFormation -> that type's twin, and
# the twin's argument that names the resource.
_OWN_POLICIES = {
    "aws_s3_bucket": ("aws_s3_bucket_policy", "bucket"),
    "aws_sns_topic": ("aws_sns_topic_policy", "arn"),
    "aws_sqs_queue": ("aws_sqs_queue_policy", "queue_url"),
}


def _apart(raw: RawResource) -> list[RawResource]:
    """The resource, and its own policy as the resource that CloudFormation has for it."""
    policy = raw.body.entries.get("policy")
    if policy is None or raw.type not in _OWN_POLICIES or isinstance(policy.value, Absent):
        return [raw]
    twin, argument = _OWN_POLICIES[raw.type]
    owner = Entry(policy.key_span, Reference(raw.address, "id", policy.key_span), argument)
    body = MapValue({argument: owner, "policy": policy}, policy.key_span)
    split = raw._replace(address=f"{raw.address}.policy", type=twin, body=body, span=policy.key_span)
    return [raw, split]


class _Kind(NamedTuple):
    """What a raw resource's type means."""

    table: Table
    known: bool


def normalise(raw: Sequence[RawResource]) -> list[Resource]:
    """Canonical resources; split ones are folded into the resource whose properties they state."""
    drafts = [_draft(each) for given in raw for each in _apart(given)]
    return [_resource(draft) for draft in fold(drafts)]


def _kind(raw: RawResource) -> _Kind:
    if raw.type.startswith(awscc.PREFIX):
        kind = awscc.kind_of(raw.type)
        return _Kind(Table(kind.type if kind else raw.type), known=False)
    table = table_of(raw.type)
    if table is None:
        return _Kind(Table(raw.type), known=False)
    if table.type_by is not None:
        argument, types = table.type_by
        entry = raw.body.entries.get(argument)
        chosen = types.get(known_text(entry.value) or "") if entry is not None else None
        if chosen is not None:
            return _Kind(table._replace(type=chosen), known=True)
    return _Kind(table, known=True)


def _draft(raw: RawResource) -> Draft:
    table, known = _kind(raw)
    kind = awscc.kind_of(raw.type)
    if kind is not None:
        properties = awscc.translated(raw.body, kind)
        return Draft(raw, table, dict(properties.entries), properties.rest)
    skipped = set(_META)
    if table.fold is not None:
        skipped.update(table.fold.keys)
    if table.type_by is not None:
        skipped.add(table.type_by[0])
    skipped.difference_update(table.fields)
    body = {key: entry for key, entry in raw.body.entries.items() if key not in skipped}
    properties = translate(raw.body._replace(entries=body), table.fields)
    entries = dict(properties.entries)
    if known and table.fold is None:
        for path, data in table.defaults.items():
            _default(entries, path, data, raw)
        _tag(entries, raw, table)
    elif not known and "tags" in raw.body.entries:
        _tag(entries, raw, table)
    if table.finish is not None:
        entries = table.finish(entries)
    if table.fold is not None and table.fold.under:
        return Draft(raw, table, _under(raw, table.fold, properties._replace(entries=entries)), None)
    return Draft(raw, table, entries, properties.rest)


def _under(raw: RawResource, rule: Fold, properties: MapValue) -> dict[str, Entry]:
    """All that a split resource states, below one property of the other."""
    content: Value = properties._replace(span=raw.span)
    if rule.item:
        content = ListValue((content,), raw.span)
    entries: dict[str, Entry] = {}
    put(entries, rule.under, Entry(raw.span, content, raw.type))
    return entries


def _default(entries: dict[str, Entry], path: str, data: str | int | float | bool, raw: RawResource) -> None:
    """What the provider sets itself; never over the user's values, never inside what is not known."""
    scope = entries
    *parents, last = path.split(".")
    for name in parents:
        entry = scope.get(name)
        if entry is None or isinstance(entry.value, Absent):
            break
        if not isinstance(entry.value, MapValue) or entry.value.rest is not None:
            return
        scope = dict(entry.value.entries)
    else:
        if last in scope and not isinstance(scope[last].value, Absent):
            return
        if last in scope:
            _overwrite(entries, path, Entry(scope[last].key_span, Scalar(data, raw.span)))
            return
    put(entries, path, Entry(raw.span, Scalar(data, raw.span)))


def _overwrite(entries: dict[str, Entry], path: str, entry: Entry) -> None:
    head, _, tail = path.partition(".")
    if not tail:
        entries[head] = entry
        return
    outer = entries[head]
    if isinstance(outer.value, MapValue):
        inner = dict(outer.value.entries)
        _overwrite(inner, tail, entry)
        entries[head] = outer._replace(value=outer.value._replace(entries=inner))


# -- tags


def _tag(entries: dict[str, Entry], raw: RawResource, table: Table) -> None:
    if table.tags == "none":
        return
    own = raw.body.entries.get("tags")
    defaults = raw.default_tags
    if defaults is not None and not defaults.entries and defaults.rest is None:
        defaults = None
    if own is None and defaults is None:
        return
    value: Value = own.value if own is not None else Absent()
    if defaults is not None:
        value = _over_defaults(value, defaults)
    if isinstance(value, Absent) and own is None:
        return
    if table.tags == "list":
        value = tag_list(value)
    key_span = own.key_span if own is not None else raw.span
    entries[table.tag_property] = Entry(key_span, value, "tags")


def _over_defaults(value: Value, defaults: MapValue) -> Value:
    """A resource's own tags go before the provider's default tags."""
    if isinstance(value, Choice):
        return value._replace(yes=_over_defaults(value.yes, defaults), no=_over_defaults(value.no, defaults))
    if isinstance(value, Absent):
        return defaults
    if isinstance(value, MapValue):
        both = {**defaults.entries, **value.entries}
        return MapValue(both, value.span, value.rest or defaults.rest, value.assumed | defaults.assumed)
    if isinstance(value, Unknown):
        return defaults._replace(rest=value)
    return value


# -- what is beside the properties


def _resource(draft: Draft) -> Resource:
    raw = draft.raw
    region = raw.region
    own_region = raw.body.entries.get("region")
    if own_region is not None and not isinstance(own_region.value, Absent):
        region = known_text(own_region.value)
    return Resource(
        address=raw.address,
        type=draft.table.type,
        properties=MapValue(draft.entries, raw.body.span, draft.rest, raw.body.assumed),
        span=raw.span,
        vocabulary=vocabulary_of(raw.type),
        attributes=_attributes(raw, bool(draft.folded)),
        guards=raw.guards,
        folded=tuple(draft.folded),
        region=region,
    )


def _attributes(raw: RawResource, has_folded: bool) -> MapValue:
    attributes: dict[str, Entry] = {}
    lifecycle = raw.lifecycle
    if lifecycle.entries or lifecycle.rest is not None:
        named = {pascal(key): entry for key, entry in lifecycle.entries.items()}
        attributes["Lifecycle"] = Entry(lifecycle.span, lifecycle._replace(entries=named), "lifecycle")
    if raw.depends_on:
        names = tuple(Scalar(address, raw.span) for address in raw.depends_on)
        attributes["DependsOn"] = Entry(raw.span, ListValue(names, raw.span), "depends_on")
    if has_folded:
        stated = dict.fromkeys(reference.address for reference, _ in references_in(raw.body))
        own = ListValue(tuple(Scalar(address, raw.span) for address in stated), raw.span)
        attributes[NAMED_ITSELF] = Entry(raw.span, own, NAMED_ITSELF)
    if raw.code:
        attributes[CODE_PATH] = Entry(raw.span, Scalar(raw.code, raw.span), CODE_PATH)
    return MapValue(attributes, raw.span)
