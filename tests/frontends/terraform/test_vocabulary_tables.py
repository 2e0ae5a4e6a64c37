"""The tables against the provider's own arguments and CloudFormation's schemas."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from mlwa_lint.frontends.terraform.vocabulary.blocks import SINGLE_BLOCKS
from mlwa_lint.frontends.terraform.vocabulary.index import MODULES, table_of, tables_for, tables_in
from mlwa_lint.frontends.terraform.vocabulary.spec import Field, FieldSpec, Table, pascal, snake
from tests.support.bundles import bundled

_DATA = Path(__file__).parents[2] / "data" / "terraform_provider" / "arguments.json"
_TABLES = {name: table for module in MODULES for name, table in tables_in(module).items()}
_META = frozenset({"id", "region", "tags", "tags_all"})
# The API has them, the registry's schemas (as cfn-lint ships them) do not, or a finisher moves them.
_NOT_IN_SCHEMAS = frozenset(
    {
        ("aws_kinesis_stream", "KeyId"),
        ("aws_kinesis_firehose_delivery_stream", "Enabled"),
        ("aws_s3_bucket", "Grants"),
        ("aws_s3_bucket_acl", "AccessControlPolicy"),
        ("aws_sagemaker_model", "AdditionalModelDataSources"),
        ("aws_sagemaker_domain", "CodeRepositories"),
        ("aws_sagemaker_domain", "RetentionPolicy"),
        ("aws_sagemaker_space", "CodeRepositories"),
        ("aws_sagemaker_user_profile", "CodeRepositories"),
        ("aws_sagemaker_user_profile", "RSessionAppSettings"),
        ("aws_sagemaker_monitoring_schedule", "BaseliningJobName"),
    }
)
# Arguments of earlier versions of the provider, which people still write.
_EARLIER = frozenset(
    {
        ("aws_batch_compute_environment", "compute_environment_name"),
        ("aws_kinesis_firehose_delivery_stream", "s3_configuration"),
        ("aws_redshift_cluster", "enable"),
        ("aws_redshift_cluster", "logging"),
        ("aws_redshift_cluster", "s3_key_prefix"),
        ("aws_sagemaker_model", "name_prefix"),
    }
)


class _Place(NamedTuple):
    """A schema's part: its kind (map, list, free map, value), and the properties of it or its items."""

    kind: str
    node: Mapping[str, Any]


class _Schema:
    def __init__(self, root: Mapping[str, Any]) -> None:
        self.root = root

    def at(self, place: _Place, path: list[str]) -> _Place | None:
        for name in path:
            properties = self.properties(place.node)
            if name not in properties:
                return None
            place = self.place(properties[name])
        return place

    def place(self, node: Mapping[str, Any]) -> _Place:
        node = self._followed(node)
        if node.get("type") == "array" or "items" in node:
            return _Place("many", self._followed(node.get("items", {})))
        if self.properties(node):
            return _Place("one", node)
        kinds = node.get("type")
        return _Place("map" if kinds == "object" or (kinds and "object" in kinds) else "value", node)

    def properties(self, node: Mapping[str, Any]) -> dict[str, Any]:
        node = self._followed(node)
        found = dict(node.get("properties", {}))
        for several in ("allOf", "anyOf", "oneOf"):
            for each in node.get(several, ()):
                found.update(self.properties(each))
        return found

    def _followed(self, node: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in node:
            found: Any = self.root
            for step in node["$ref"].lstrip("#/").split("/"):
                found = found[step]
            node = found
        return node


@cache
def _arguments() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_DATA.read_text("utf-8"))["types"]
    return found


@cache
def _schema(canonical_type: str) -> _Schema | None:
    import cfnlint

    folder = Path(cfnlint.__file__).parent / "data" / "schemas"
    index = json.loads((folder / "providers" / "us-east-1.json").read_text("utf-8"))
    if canonical_type not in index:
        return None
    return _Schema(json.loads((folder / "resources" / f"{index[canonical_type]}.json").read_text("utf-8")))


def _field(name: str, fields: Mapping[str, FieldSpec]) -> Field:
    spec = fields.get(name, pascal(name))
    return spec if isinstance(spec, Field) else Field(spec)


def _inner(argument: Any) -> tuple[str, dict[str, Any]]:
    """A block's kind and content; of other arguments the kind."""
    if isinstance(argument, dict):
        return next(iter(argument.items()))
    return argument, {}


def _complaints(
    name: str, schema: _Schema, place: _Place, arguments: Mapping[str, Any], fields: Mapping[str, FieldSpec]
) -> Iterator[tuple[str, str]]:
    for argument, given in arguments.items():
        field = _field(argument, fields)
        if field.target is None:
            continue
        target = schema.at(place, field.target.split(".")) if field.target else _Place("one", place.node)
        if target is None:
            if argument in fields and (name, field.target.split(".")[-1]) not in _NOT_IN_SCHEMAS:
                yield argument, f"{argument}: the schema has no {field.target}"
            continue
        kind, content = _inner(given)
        if kind not in ("one", "many") or (field.convert is not None and field.shape == "plain"):
            continue
        if field.convert is None and field.target:
            if (field.shape == "many") != (target.kind == "many"):
                yield argument, f"{argument}: a {target.kind} in the schema, {field.shape} in the table"
            if field.shape == "plain" and argument not in SINGLE_BLOCKS and argument not in _LISTS_TOO:
                yield argument, f"{argument}: a block that would be taken for a list"
        if target.kind in ("one", "many") and field.convert is None:
            yield from _complaints(name, schema, target, content, field.fields)


# Names of blocks that elsewhere are lists.
_LISTS_TOO = frozenset({"alarms", "command", "metrics"})


def _start(table: Table, schema: _Schema) -> _Place:
    root = schema.place(schema.root)
    if table.fold is None or not table.fold.under:
        return root
    found = schema.at(root, table.fold.under.split("."))
    assert found is not None, f"the schema has no {table.fold.under}"
    return found


@bundled(sorted(_TABLES))
def test_every_stated_property_exists_and_has_the_schemas_shape(name: str) -> None:
    table = table_of(name)
    assert table is not None
    schema = _schema(table.type)
    if schema is None:
        assert table.type == name or table.type.startswith(("AWS::SageMaker::", "AWS::Comprehend::"))
        return
    skipped = {*_META, *(table.fold.keys if table.fold else ()), *(table.type_by or ())[:1]}
    arguments = {key: value for key, value in _arguments()[name].items() if key not in skipped}
    by_hand = _all_names_stated(_TABLES[name].fields)
    complaints = _complaints(name, schema, _start(table, schema), arguments, table.fields)
    assert [
        text for argument, text in complaints if argument in by_hand or "the schema has no" not in text
    ] == []


@bundled(sorted(_TABLES))
def test_tables_name_only_arguments_that_the_provider_has(name: str) -> None:
    known = _all_names(_arguments()[name])
    stated = _all_names_stated(_TABLES[name].fields)
    shared = {"AWS::SageMaker::Domain", "AWS::SageMaker::UserProfile", "AWS::SageMaker::Space"}
    top = {each for each in _TABLES[name].fields if each not in _arguments()[name]}
    assert {each for each in top if (name, each) not in _EARLIER and each not in _SHARED} == set()
    if _TABLES[name].type not in shared:
        assert {
            each for each in stated - known if (name, each) not in _EARLIER and each not in _SHARED
        } == set()


# Arguments in lists that several tables share, where not all of them have them.
_SHARED = frozenset(
    {
        "advanced_configuration",
        "advanced_security_options",
        "blocked_encryption_types",
        "buffering_interval",
        "buffering_size",
        "ca_certificate_identifier",
        "cluster_members",
        "db_cluster_parameter_group_name",
        "db_subnet_group_name",
        "enabled_cloudwatch_logs_exports",
        "force_destroy",
        "jwt_options",
        "lambda_function_arn",
        "master_password",
        "master_password_wo",
        "master_password_wo_version",
        "queue_arn",
        "restore_to_point_in_time",
        "role_arn",
        "s3_import",
        "topic_arn",
        "version_description",
    }
)


def _all_names(arguments: Mapping[str, Any]) -> set[str]:
    found: set[str] = set()
    for name, given in arguments.items():
        found |= {name, *_all_names(_inner(given)[1])}
    return found


def _all_names_stated(fields: Mapping[str, FieldSpec]) -> set[str]:
    found: set[str] = set()
    for name, spec in fields.items():
        found.add(name)
        if isinstance(spec, Field):
            found |= _all_names_stated(spec.fields)
    return found


@bundled(sorted(_TABLES))
def test_tags_are_written_as_the_schema_has_them(name: str) -> None:
    table = _TABLES[name]
    schema = _schema(table.type)
    if schema is None or table.fold is not None:
        return
    if "tags" not in _arguments()[name]:
        assert table.tags == "none"
        return
    place = schema.at(schema.place(schema.root), [table.tag_property])
    expected = {"many": "list", "map": "map", "one": "map", "value": "map"}
    assert table.tags == ("none" if place is None else expected[place.kind])


@bundled(sorted(_TABLES))
def test_the_index_finds_every_table(name: str) -> None:
    found = table_of(name)
    assert found is not None
    assert found.type == _TABLES[name].type
    assert set(found.fields) >= set(_TABLES[name].fields)
    assert name in [found for found, _ in tables_for(_TABLES[name].type)]


@bundled(sorted(name for name, table in _TABLES.items() if table.fold))
def test_folds_name_arguments_of_both_types(name: str) -> None:
    fold = _TABLES[name].fold
    assert fold is not None
    assert set(fold.keys) <= set(_arguments()[name])
    assert set(fold.keys.values()) <= {"id", *_arguments()[fold.into]}


def test_a_type_without_a_table_has_none() -> None:
    assert table_of("aws_sagemaker_nothing") is None
    assert table_of("random_string") is None
    assert tables_for("AWS::Nothing::Here") == []


def test_the_mechanical_rule_goes_both_ways() -> None:
    assert pascal("kms_key_id") == "KmsKeyId"
    assert snake("KmsKeyId") == "kms_key_id"
    assert snake("RoleARN") == "role_arn"
    assert snake("SSEAlgorithm") == "sse_algorithm"
