"""Security of data preparation: the Glue Data Catalog, connections, transforms and Spark clusters."""

import re
from collections.abc import Iterator

from mlwa_lint.graph.linking.naming import outline
from mlwa_lint.graph.queries.identity import has_ml
from mlwa_lint.model.partial_json import structure
from mlwa_lint.model.values import Reference, Scalar, Unknown
from mlwa_lint.rule import (
    YES,
    Answer,
    Claim,
    Data,
    EdgeKind,
    GraphView,
    Remedy,
    ResourceView,
    View,
    answer,
    certainly,
    possibly,
    rule,
    set_to,
    some,
)

CATALOG_SETTINGS = "AWS::Glue::DataCatalogEncryptionSettings"
TRANSFORM = "AWS::Glue::MLTransform"
CONNECTION = "AWS::Glue::Connection"
CLUSTER = "AWS::EMR::Cluster"
CLUSTER_CONFIGURATION = "AWS::EMR::SecurityConfiguration"
SERVERLESS = "AWS::EMRServerless::Application"
# What a security configuration of EMR encrypts.
_ENCRYPTED = {"EnableAtRestEncryption": "disks", "EnableInTransitEncryption": "traffic"}
# How a JDBC address itself requires TLS.
_TLS_IN_URL = re.compile(r"(?i)\b(?:ssl|encrypt|usessl)=true|sslmode=(?:require|verify)|\btcps\b|ssl_server")
_TRANSFORM_REMEDY = Remedy(
    "Set `TransformEncryption: {MLUserDataEncryption: {MLUserDataEncryptionMode: SSE-KMS, KmsKeyId: ...}}`.",
    "Declare the transform with `awscc_glue_ml_transform` and `transform_encryption`.",
)
_CONNECTION_REMEDY = Remedy(
    'Set `JDBC_ENFORCE_SSL: "true"` in `ConnectionProperties`.',
    'Set `JDBC_ENFORCE_SSL = "true"` in `connection_properties`.',
)
_SERVERLESS_REMEDY = Remedy(
    "Set `MonitoringConfiguration: {S3MonitoringConfiguration: {LogUri: ...}}`.",
    "Add `monitoring_configuration { s3_monitoring_configuration { log_uri = ... } }`.",
)
_KEY_RISK = "readers need permission to use the key"


@rule(
    "MLS317",
    "data-catalog-unencrypted",
    "medium",
    concern="protection",
    practices=("MLSEC02-BP01",),
    on=(CATALOG_SETTINGS, TRANSFORM, CONNECTION),
    remedy=Remedy(
        "Set `CatalogEncryptionMode: SSE-KMS` and `ReturnConnectionPasswordEncrypted: true`.",
        'Set `catalog_encryption_mode = "SSE-KMS"` and `return_connection_password_encrypted = true`.',
    ),
)
def data_catalog_unencrypted(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Metadata, connection passwords, connections or labels of AWS Glue are not encrypted.

    The Data Catalog describes all data of a workload and stores the passwords of its databases; connections
    without TLS send both data and passwords in plain text.

    The rule reports encryption settings of the Data Catalog that leave metadata or connection passwords
    unencrypted, ML transforms without encryption of their user data, and JDBC connections that do not enforce
    TLS (`JDBC_ENFORCE_SSL`).

    Exceptions: Not reported for a JDBC address that requires TLS itself (`ssl=true`, `sslmode=require`), and
    in projects without ML.

    See [Encrypting your Data
    Catalog](https://docs.aws.amazon.com/glue/latest/dg/encrypt-glue-data-catalog.html) and [AWS Glue
    connection SSL properties](https://docs.aws.amazon.com/glue/latest/dg/connection-properties.html).
    """
    tied = YES if resource.type == TRANSFORM else has_ml(graph)
    if not possibly(tied):
        return
    if resource.type == CATALOG_SETTINGS:
        claim = _of_settings(resource)
    elif resource.type == TRANSFORM:
        mode = resource["TransformEncryption.MLUserDataEncryption.MLUserDataEncryptionMode"]
        message = f"{resource} does not encrypt its user data: {mode} should be SSE-KMS"
        plain = mode.is_absent() | mode.equals("DISABLED")
        fix = set_to(mode, "SSE-KMS", risk=_KEY_RISK)
        claim = Claim(plain, mode, message, remedy=_TRANSFORM_REMEDY, fix=fix)
    else:
        claim = _of_connection(resource)
    yield claim._replace(answer=tied & claim.answer)


def _of_settings(settings: ResourceView) -> Claim:
    inner = settings["DataCatalogEncryptionSettings"]
    mode = inner["EncryptionAtRest.CatalogEncryptionMode"]
    passwords = inner["ConnectionPasswordEncryption.ReturnConnectionPasswordEncrypted"]
    faults = [
        (mode.is_absent() | mode.equals("DISABLED"), mode, f"{mode} should be SSE-KMS"),
        (~passwords.is_true(), passwords, f"{passwords} should be true"),
    ]
    found = [(view, text) for holds, view, text in faults if certainly(holds)]
    message = f"{settings} leaves the Data Catalog unencrypted: {', and '.join(text for _, text in found)}"
    related = tuple((view, text) for view, text in found[1:])
    place = found[0][0] if found else inner
    values: Data = {
        "EncryptionAtRest": {"CatalogEncryptionMode": "SSE-KMS"},
        "ConnectionPasswordEncryption": {"ReturnConnectionPasswordEncrypted": True},
    }
    fix = set_to(inner, values, risk=_KEY_RISK)
    return Claim(some(holds for holds, _, _ in faults), place, message, related=related, fix=fix)


def _requires_tls(url: View) -> Answer:
    """Whether a JDBC address requires TLS itself; the address of a database of the project does not."""
    value = url.value
    parts = value.parts if isinstance(value, Unknown) else ()
    if parts and all(isinstance(part, (str, Reference)) for part in parts):
        return answer(_TLS_IN_URL.search(outline(value)) is not None, value.assumed)
    return url.test(lambda text: _TLS_IN_URL.search(text) is not None)


def _of_connection(connection: ResourceView) -> Claim:
    kind = connection["ConnectionInput.ConnectionType"]
    properties = connection["ConnectionInput.ConnectionProperties"]
    enforced, url = properties["JDBC_ENFORCE_SSL"], properties["JDBC_CONNECTION_URL"]
    database = (kind.is_absent() | kind.equals("JDBC")) & url.is_present()
    plain = ~enforced.is_true() & ~_requires_tls(url)
    message = f"{connection} does not enforce TLS to its database: JDBC_ENFORCE_SSL should be true"
    fix = set_to(enforced, "true", risk="a database without TLS cannot be reached any more")
    return Claim(database & plain, enforced, message, remedy=_CONNECTION_REMEDY, fix=fix)


@rule(
    "MLS318",
    "spark-cluster-unprotected",
    "medium",
    concern="protection",
    practices=("MLSEC02-BP01", "MLSEC03-BP02"),
    on=(CLUSTER, SERVERLESS),
    remedy=Remedy(
        "Set `SecurityConfiguration` with encryption at rest and in transit, and `LogUri`.",
        "Set `security_configuration` with encryption at rest and in transit, and `log_uri`.",
    ),
)
def spark_cluster_unprotected(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A Spark cluster of an ML project does not encrypt its disks or traffic, or keeps no logs.

    Training data is copied to the disks of the cluster and between its nodes; without logs, what ran on it
    cannot be determined afterwards.

    For EMR clusters the rule requires a security configuration, which enables encryption at rest and in
    transit where the project declares it, and a log destination. EMR Serverless always encrypts its disks and
    keeps logs for 30 days unless that is disabled; the rule reports applications that disable it and have no
    other log destination. One finding names all that is missing.

    Exceptions: Not reported in projects without ML.

    See [Data encryption options for Amazon
    EMR](https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-data-encryption-options.html) and [EMR
    Serverless logging](https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/logging.html).
    """
    if not possibly(has_ml(graph)):
        return
    if resource.type == SERVERLESS:
        monitoring = resource["MonitoringConfiguration"]
        managed = monitoring["ManagedPersistenceMonitoringConfiguration.Enabled"]
        kept = monitoring["S3MonitoringConfiguration.LogUri"].is_present()
        kept |= monitoring["CloudWatchLoggingConfiguration.Enabled"].is_true()
        message = f"{resource} keeps no logs: {managed} is false and no other log destination is set"
        silent = has_ml(graph) & managed.is_false() & ~kept
        fix = set_to(managed, True)
        yield Claim(silent, managed, message, remedy=_SERVERLESS_REMEDY, fix=fix)
        return
    faults = list(_faults_of_cluster(resource, graph))
    found = [(view, text) for holds, view, text in faults if certainly(holds)]
    message = f"{resource} is not protected: {', and '.join(text for _, text in found)}"
    related = tuple((view, text) for view, text in found[1:])
    place = found[0][0] if found else resource["SecurityConfiguration"]
    yield Claim(has_ml(graph) & some(holds for holds, _, _ in faults), place, message, related=related)


def _faults_of_cluster(cluster: ResourceView, graph: GraphView) -> Iterator[tuple[Answer, View, str]]:
    attached, logs = cluster["SecurityConfiguration"], cluster["LogUri"]
    yield attached.is_absent(), attached, f"it sets no {attached}"
    configurations = graph.targets(cluster, EdgeKind.REFERS_TO, CLUSTER_CONFIGURATION)
    graph.leave_undecided(configurations.unknown)
    for configuration in configurations:
        encryption = _encryption_of(configuration)
        plain = {what: ~encryption[key].is_true() for key, what in _ENCRYPTED.items()}
        left = [what for what, holds in plain.items() if certainly(holds)]
        yield some(plain.values()), attached, f"{configuration} leaves {' and '.join(left)} unencrypted"
    yield logs.is_absent(), logs, f"it sets no {logs}"


def _encryption_of(configuration: ResourceView) -> View:
    view = configuration["SecurityConfiguration"]
    if not certainly(configuration["Configuration"].is_absent()):
        view = configuration["Configuration"]  # as Terraform calls it
    value = view.value
    if isinstance(value, (Scalar, Unknown)):
        parsed = structure(value)
        if parsed is not None:
            view = View(view.resource, view.world, parsed, view.path, view.span)
    return view["EncryptionConfiguration"]
