"""Data stores and vector stores: the results of their settings and policies, by tables."""

import json
from pathlib import Path
from typing import Any

import pytest

from mlwa_lint.facts.defaults import registry_scanning_types
from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.graph.queries import glue, stores, vectors
from mlwa_lint.graph.queries.ties import is_tied_to_ml
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.model.answers import NO, YES, Answer, undecided
from tests.support.graphs import linked

UNDECIDED = undecided("why")
OPEN = {"Ref": "P"}


def graph_of(**resources: tuple[str, dict[str, Any]]) -> GraphView:
    template = {
        "Parameters": {"P": {"Type": "String"}},
        "Resources": {name: {"Type": kind, "Properties": given} for name, (kind, given) in resources.items()},
    }
    project = load(Path("t.json"), LoadOptions(), json.dumps(template))
    return linked(project)


def is_unencrypted(kind: str, **properties: Any) -> Answer:
    store = graph_of(S=(kind, properties)).resource("S")
    return stores.is_unencrypted(store, store[stores.ENCRYPTION_FLAGS[kind]])


@pytest.mark.parametrize(("kind", "flag"), stores.ENCRYPTION_FLAGS.items())
def test_the_flag_of_each_store_shows_whether_it_is_encrypted(kind: str, flag: str) -> None:
    assert is_unencrypted(kind, **{flag: True}) == NO
    assert is_unencrypted(kind, **{flag: False}) == YES
    assert is_unencrypted(kind, **{flag: OPEN}) == UNDECIDED
    assert is_unencrypted(kind) == (NO if kind == stores.REDSHIFT else YES)


@pytest.mark.parametrize("origin", stores._ORIGINS)
def test_a_store_takes_its_encryption_from_its_origin(origin: str) -> None:
    for kind in (stores.DATABASE_INSTANCE, stores.DATABASE_CLUSTER, "AWS::Neptune::DBCluster"):
        assert is_unencrypted(kind, **{origin: "x"}) == UNDECIDED
        assert is_unencrypted(kind, **{origin: {"Ref": "AWS::NoValue"}}) == YES
    found = is_unencrypted(stores.DATABASE_INSTANCE, **{origin: "x"})
    assert found.reasons == (f"it takes its encryption from its {origin}",)


@pytest.mark.parametrize(
    ("kind", "properties", "expected"),
    [
        (stores.DATABASE_INSTANCE, {"DBClusterIdentifier": "c"}, NO),
        (stores.DATABASE_INSTANCE, {"DBClusterIdentifier": OPEN}, UNDECIDED),
        (stores.DATABASE_CLUSTER, {"EngineMode": "serverless"}, NO),
        (stores.DATABASE_CLUSTER, {"EngineMode": "serverless", "StorageEncrypted": False}, YES),
        (stores.DATABASE_CLUSTER, {"EngineMode": "provisioned"}, YES),
    ],
)
def test_other_settings_that_decide(kind: str, properties: dict[str, Any], expected: Answer) -> None:
    assert is_unencrypted(kind, **properties) == expected


@pytest.mark.parametrize(
    ("mode", "expected"),
    [(None, YES), ("DISABLED", YES), ("SSE-KMS", NO), (OPEN, UNDECIDED)],
)
def test_a_mode_of_glue_is_disabled(mode: Any, expected: Answer) -> None:
    logs = {} if mode is None else {"CloudWatchEncryptionMode": mode}
    encryption = {"CloudWatchEncryption": logs, "S3Encryptions": [{"S3EncryptionMode": "SSE-S3"}]}
    configuration = graph_of(
        C=("AWS::Glue::SecurityConfiguration", {"EncryptionConfiguration": encryption})
    ).resource("C")
    (s3, logged) = stores.glue_modes(configuration, bookmarks=False)
    assert (s3[0], s3[1].text) == ("S3 data", "SSE-S3")
    assert (logged[0], stores.is_disabled(logged[1])) == ("logs", expected)


def test_modes_of_bookmarks_and_of_data_that_is_not_listed() -> None:
    configuration = graph_of(C=("AWS::Glue::SecurityConfiguration", {})).resource("C")
    found = list(stores.glue_modes(configuration, bookmarks=True))
    assert [name for name, _ in found] == ["S3 data", "logs", "job bookmarks"]
    assert [stores.is_disabled(mode) for _, mode in found] == [YES, YES, YES]


SCANNING = "AWS::ECR::RegistryScanningConfiguration"


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("*", "prod-a", YES),
        ("**", None, YES),
        ("prod-*", "prod-a", YES),
        ("prod-*", "my-prod-a", NO),
        ("prod", "my-prod-a", YES),
        ("dev", "prod-a", NO),
        ("prod-*", None, UNDECIDED),
        (OPEN, "prod-a", UNDECIDED),
        ("prod", OPEN, UNDECIDED),
    ],
)
def test_a_registry_scans_the_repositories_that_its_filters_cover(
    pattern: Any, name: Any, expected: Answer
) -> None:
    rules = [{"RepositoryFilters": [{"Filter": pattern, "FilterType": "WILDCARD"}]}]
    (kind, *_) = registry_scanning_types()
    graph = graph_of(
        S=(kind, {"Rules": rules}),
        R=("AWS::ECR::Repository", {} if name is None else {"RepositoryName": name}),
    )
    assert stores.registry_scans(graph.resource("R"), graph) == expected


def test_no_registry_scans_nothing() -> None:
    graph = graph_of(R=("AWS::ECR::Repository", {}))
    assert stores.registry_scans(graph.resource("R"), graph) == NO


# -- vector stores


def base(used: bool = True) -> dict[str, tuple[str, dict[str, Any]]]:
    found: dict[str, tuple[str, dict[str, Any]]] = {"C": (vectors.COLLECTION, {"Name": "docs"})}
    if used:
        storage = {"OpensearchServerlessConfiguration": {"CollectionArn": {"Fn::GetAtt": ["C", "Arn"]}}}
        found["K"] = (vectors.KNOWLEDGE_BASE, {"StorageConfiguration": storage})
    return found


def rules(*resources: Any, kind: Any = "collection") -> dict[str, Any]:
    return {"Rules": [{"Resource": list(resources), **({} if kind is None else {"ResourceType": kind})}]}


@pytest.mark.parametrize(
    ("document", "used", "expected"),
    [
        (rules("collection/docs"), True, YES),
        (rules("collection/docs", kind=None), True, YES),
        (rules("collection/docs", kind="index"), True, NO),
        (rules("collection/docs", kind=OPEN), True, UNDECIDED),
        (rules("collection/d*"), True, YES),
        (rules("collection/*"), True, YES),
        (rules("*"), True, NO),
        (rules("collection/other"), True, NO),
        (rules("collection/other", "collection/docs"), True, YES),
        (rules(OPEN), True, UNDECIDED),
        (rules("collection/docs"), False, NO),
    ],
)
def test_a_policy_covers_the_collection_of_a_knowledge_base(
    document: dict[str, Any], used: bool, expected: Answer
) -> None:
    policy = (vectors.SECURITY_POLICY, {"Policy": document})
    graph = graph_of(P1=policy, **base(used))
    (one,) = vectors.documents_of(graph.resource("P1"))
    assert vectors.covers_knowledge_base(one, graph) == expected


def test_a_policy_in_text_is_read_and_one_that_is_not_json_leaves_it_undecided() -> None:
    text = json.dumps([rules("collection/docs"), rules("collection/x")])
    graph = graph_of(P1=(vectors.SECURITY_POLICY, {"Policy": text}), **base())
    found = list(vectors.documents_of(graph.resource("P1")))
    assert [vectors.covers_knowledge_base(each, graph) for each in found] == [YES, NO]
    for policy, reason in (("{", "no JSON"), (OPEN, "parameter P has no default")):
        graph = graph_of(P1=(vectors.SECURITY_POLICY, {"Policy": policy}))
        assert list(vectors.documents_of(graph.resource("P1"))) == []
        assert graph.world.undecided == [reason]


@pytest.mark.parametrize(
    ("principals", "expected"),
    [
        (["arn:aws:iam::111122223333:role/search"], True),
        (["arn:aws:iam::111122223333:root"], False),
        (["arn:aws:iam::111122223333:role/*"], False),
        (["arn:aws:iam::111122223333:user:*"], False),
        (["*"], False),
        ([OPEN], True),
        (None, False),
    ],
)
def test_data_access_policies_name_who_has_access(principals: Any, expected: bool) -> None:
    if principals is None:
        assert vectors.why_few_have_access(graph_of(**base())) == ""
        return
    document = (
        json.dumps([{"Principal": principals}]) if OPEN not in principals else [{"Principal": principals}]
    )
    graph = graph_of(P1=(vectors.ACCESS_POLICY, {"Policy": document}))
    assert bool(vectors.why_few_have_access(graph)) is expected


@pytest.mark.parametrize(
    ("version", "expected"),
    [(None, YES), ("auto", YES), ("AUTO", YES), ("4.0", YES), ("5.0", YES), ("3.0", NO), (OPEN, UNDECIDED)],
)
def test_versions_of_glue(version: Any, expected: Answer) -> None:
    job = graph_of(J=("AWS::Glue::Job", {} if version is None else {"GlueVersion": version})).resource("J")
    assert glue.is_current(job, 4.0) == expected


@pytest.mark.parametrize(
    ("name", "expected"), [("glueetl", YES), ("gluestreaming", YES), ("pythonshell", NO), (OPEN, UNDECIDED)]
)
def test_jobs_on_spark(name: Any, expected: Answer) -> None:
    job = graph_of(J=("AWS::Glue::Job", {"Command": {"Name": name}})).resource("J")
    assert glue.is_spark(job) == expected


def test_a_store_is_used_by_what_uses_its_cluster_or_a_proxy() -> None:
    def ties(environment: Any, **cluster: Any) -> list[bool]:
        graph = graph_of(
            Instance=("AWS::RDS::DBInstance", {"DBClusterIdentifier": {"Ref": "Cluster"}}),
            Cluster=("AWS::RDS::DBCluster", cluster),
            Proxy=("AWS::RDS::DBProxy", {"DBProxyName": "orders"}),
            Targets=(
                "AWS::RDS::DBProxyTargetGroup",
                {"DBProxyName": {"Ref": "Proxy"}, "DBClusterIdentifiers": [{"Ref": "Cluster"}]},
            ),
            Model=("AWS::SageMaker::Model", {"PrimaryContainer": {"Environment": {"ORDERS": environment}}}),
        )
        stores_there = map(graph.resource, ("Instance", "Cluster", "Proxy"))
        return [is_tied_to_ml(each, graph) == YES for each in stores_there]

    assert ties({"Fn::GetAtt": ["Proxy", "Endpoint"]}) == [True, True, True]
    assert ties({"Fn::GetAtt": ["Cluster", "Endpoint.Address"]}) == [True, True, False]
    # Nothing leads to the proxy, which its own target group names; a cluster may even name itself.
    assert ties("orders") == [False, False, False]
    assert ties("orders", DBClusterIdentifier={"Ref": "Cluster"}) == [False, False, False]
