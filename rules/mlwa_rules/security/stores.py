"""Security of data stores: feature groups, Athena, Glue, databases, search, files, images."""

from collections.abc import Iterator

from mlwa_lint.facts.hardware import search_without_encryption
from mlwa_lint.graph.kinds import GLUE_CRAWLER, GLUE_JOB
from mlwa_lint.graph.queries import encryption, glue, keys, stores
from mlwa_lint.graph.queries.identity import has_ml
from mlwa_lint.model.findings import Severity
from mlwa_lint.rule import (
    NO,
    Change,
    Claim,
    EdgeKind,
    GraphView,
    Remedy,
    ResourceView,
    View,
    certainly,
    possibly,
    rule,
    set_to,
    some,
    use_key,
)

SECURITY_CONFIGURATION = "AWS::Glue::SecurityConfiguration"
DOMAIN = "AWS::OpenSearchService::Domain"
_PLAIN_REMEDY = Remedy("Set `Encrypted: true`.", "Set `encrypted = true`.")
_REST_REMEDY = Remedy(
    "Set `EncryptionAtRestOptions: {Enabled: true}`.", "Add `encrypt_at_rest { enabled = true }`."
)
_TYPE_REMEDY = Remedy(
    "Set `EncryptionAtRestOptions: {Enabled: true}`, with an `InstanceType` that can be encrypted.",
    "Add `encrypt_at_rest { enabled = true }`, with an `instance_type` that can be encrypted.",
)
_NODES_REMEDY = Remedy(
    "Set `NodeToNodeEncryptionOptions: {Enabled: true}`.",
    "Add `node_to_node_encryption { enabled = true }`.",
)


@rule(
    "MLS307",
    "feature-store-unencrypted",
    "medium",
    concern="protection",
    subject="key",
    practices=("MLSEC02-BP01",),
    on=("AWS::SageMaker::FeatureGroup",),
    remedy=Remedy(
        "Set `KmsKeyId` in `OnlineStoreConfig.SecurityConfig` and `OfflineStoreConfig.S3StorageConfig`.",
        "Set `kms_key_id` in `security_config` of the online and `s3_storage_config` of the offline store.",
        "Set `OnlineStoreConfig.SecurityConfig.KmsKeyId: !GetAtt FeatureKey.Arn` and "
        "`OfflineStoreConfig.S3StorageConfig.KmsKeyId: !GetAtt FeatureKey.Arn`.",
    ),
    controls=("SageMaker.17", "SageMaker.18"),
)
def feature_store_unencrypted(group: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A feature group's store is not encrypted with a customer managed KMS key.

    Features are made from the data that models learn from, often about people; a customer managed KMS key
    lets you control who can read them, records every use in CloudTrail, and can be disabled at once.

    The online store is checked only where it is enabled (it is disabled by default); the offline store
    wherever it is configured. Where neither has a key, one finding names both. They are encrypted with keys
    of AWS in any case, so the severity is low in a project that uses no customer managed key at all, and info
    where nothing in the repository suggests one (see MLS401).

    See [Security and access control of Feature
    Store](https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-security.html).
    """
    online, offline = group["OnlineStoreConfig"], group["OfflineStoreConfig"]
    key, other = online["SecurityConfig.KmsKeyId"], offline["S3StorageConfig.KmsKeyId"]
    milder = keys.why_no_key(graph)
    missing = online["EnableOnlineStore"].is_true() & key.is_absent()
    without = offline.is_present() & other.is_absent()
    if certainly(missing & without):
        # One choice for both stores.
        message = f"{group} encrypts neither its online nor its offline store with a customer managed key:"
        message += f" it sets no {key} and no {other}"
        related = ((other, "the offline store has no key either"),)
        # No fix: with a key for one of them alone, a finding about the other would be left.
        yield Claim(missing & without, key, message, related=related, milder=milder)
        return
    message = f"{group} does not encrypt its online store with a customer managed key: it sets no {key}"
    yield Claim(missing, key, message, fix=use_key(key), milder=milder)
    message = f"{group} does not encrypt its offline store with a customer managed key: it sets no {other}"
    yield Claim(without, other, message, fix=use_key(other), milder=milder)


@rule(
    "MLS308",
    "athena-results-unencrypted",
    "medium",
    concern="protection",
    practices=("MLSEC02-BP01",),
    on=("AWS::Athena::WorkGroup",),
    remedy=Remedy(
        "Set `EncryptionConfiguration: {EncryptionOption: SSE_KMS, KmsKey: alias/results}` and "
        "`EnforceWorkGroupConfiguration: true`.",
        "Add `encryption_configuration` with `SSE_KMS` and a key to the results; set "
        "`enforce_workgroup_configuration = true`.",
    ),
    controls=("athena_workgroup_encryption", "athena_workgroup_enforce_configuration"),
)
def athena_results_unencrypted(group: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An Athena workgroup does not enforce the encryption of query results with a key.

    Results contain whatever was selected, and stay in S3 until they are deleted, beside the carefully
    protected data that they were taken from.

    The rule reports results that are configured without encryption, and workgroups whose settings clients can
    override (`EnforceWorkGroupConfiguration` is false; it is true by default), so that they need not use the
    key; one finding for a workgroup. S3 encrypts every new object with keys of its own, so the severity is
    low in a project that uses no customer managed key at all, and info where nothing in the repository
    suggests one (see MLS401), or where the workgroup itself names no key that clients could leave out.

    A workgroup counts where its project has ML, and where another folder of the repository declares who works
    with SageMaker and may query (`athena:*`, `AmazonSageMakerFullAccess`).

    Exceptions: Not reported for results that Athena manages, which it always encrypts, for Spark
    workgroups, where there is nothing to enforce, and for results without encryption of their own in a bucket
    of the project that encrypts with a KMS key by default.

    See [Encrypt Athena query results stored in Amazon
    S3](https://docs.aws.amazon.com/athena/latest/ug/encrypting-query-results-stored-in-s3.html).
    """
    configuration = group["WorkGroupConfiguration"]
    managed = configuration["ManagedQueryResultsConfiguration.Enabled"].is_true()
    results = configuration["ResultConfiguration"]
    protection = results["EncryptionConfiguration"]
    milder = keys.why_no_key(graph)
    message = f"{group} leaves the encryption of query results to their bucket: it sets no {protection}"
    unset = results.is_present() & protection.is_absent() & ~managed
    covered = encryption.is_in_kms_bucket(results["OutputLocation"], graph)
    yield Claim(unset & ~covered, protection, message, milder=milder)
    enforced = configuration["EnforceWorkGroupConfiguration"]
    spark = configuration["EngineVersion.SelectedEngineVersion"].test(lambda text: text.startswith("PySpark"))
    message = (
        f"{group} lets clients write query results without its key: {enforced} is false and should be true"
    )
    fix = set_to(enforced, True, risk="settings of clients do not count any more")
    free = enforced.is_false() & ~unset & ~managed & ~spark
    keyless = certainly(protection["EncryptionOption"].equals("SSE_S3"))
    yield Claim(free, enforced, message, "info" if keyless else None, fix=fix, milder=milder)


@rule(
    "MLS309",
    "glue-without-security-configuration",
    "low",
    concern="protection",
    practices=("MLSEC02-BP01", "MLSEC03-BP02"),
    on=("AWS::Glue::Job", GLUE_CRAWLER, "AWS::Glue::DevEndpoint"),
    remedy=Remedy(
        "Set `SecurityConfiguration: !Ref GlueSecurity` (crawlers: `CrawlerSecurityConfiguration`).",
        "Set `security_configuration = aws_glue_security_configuration.glue.name`.",
    ),
    controls=(
        "glue_etl_jobs_amazon_s3_encryption_enabled",
        "glue_etl_jobs_cloudwatch_logs_encryption_enabled",
        "glue_etl_jobs_job_bookmark_encryption_enabled",
    ),
)
def glue_without_security_configuration(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A Glue job, crawler or development endpoint does not encrypt what it writes with a KMS key.

    Data preparation copies raw data into S3, into logs and into job bookmarks; without a security
    configuration these copies are less protected than their source.

    The rule reports resources without a security configuration, and those whose security configuration is
    declared in the same project and leaves S3 data, CloudWatch logs or job bookmarks unencrypted. Job
    bookmarks do not count for crawlers, which have none; a crawler without a security configuration is of
    severity info, because it writes metadata and logs only. Where every bucket that a job uses is declared in
    the project and encrypts with a KMS key by default, only its continuous logs and its job bookmarks are
    checked, if they are enabled. A missing security configuration is of severity info in a project that uses
    no customer managed key at all.

    Exceptions: Not reported in projects without ML.

    See [Encrypting data written by AWS
    Glue](https://docs.aws.amazon.com/glue/latest/dg/encryption-security-configuration.html).
    """
    if not possibly(has_ml(graph)):
        return
    attached = resource[
        "CrawlerSecurityConfiguration" if resource.type == GLUE_CRAWLER else "SecurityConfiguration"
    ]
    covered = glue.writes_to_kms_buckets(resource, graph) if resource.type == GLUE_JOB else NO
    what = glue.kept_beside_s3(resource) if certainly(covered) else "what it writes"
    left_open = ~covered | glue.keeps_data_beside_s3(resource)
    message = f"{resource} does not encrypt {what} with a KMS key: it sets no {attached}"
    severity: Severity | None = "info" if resource.type == GLUE_CRAWLER else None
    milder = keys.why_no_key(graph)
    unset = has_ml(graph) & attached.is_absent() & left_open
    yield Claim(unset, attached, message, severity, milder=milder)
    for configuration in graph.targets(resource, EdgeKind.CONFIGURES, SECURITY_CONFIGURATION):
        modes = list(stores.glue_modes(configuration, bookmarks=resource.type != GLUE_CRAWLER))
        disabled = [(what, mode) for what, mode in modes if certainly(stores.is_disabled(mode))]
        named = " and ".join(dict.fromkeys(what for what, _ in disabled))
        message = f"{resource} does not encrypt {named}: encryption is disabled in {configuration}"
        related = tuple((mode, f"encryption of {what} is disabled here") for what, mode in disabled)
        unencrypted = has_ml(graph) & some(stores.is_disabled(mode) for _, mode in modes)
        yield Claim(unencrypted, attached, message, related=related)


@rule(
    "MLS313",
    "data-store-unencrypted",
    "high",
    subject="key",
    practices=("MLSEC02-BP01",),
    on=(DOMAIN, *stores.ENCRYPTION_FLAGS),
    remedy=Remedy(
        "Set `StorageEncrypted: true` (EFS, Redshift: `Encrypted`; OpenSearch: `EncryptionAtRestOptions`).",
        "Set `storage_encrypted = true` (EFS, Redshift: `encrypted`; OpenSearch: `encrypt_at_rest`).",
    ),
    controls=(
        "DocumentDB.1",
        "EFS.1",
        "Neptune.1",
        "Opensearch.1",
        "Opensearch.3",
        "RDS.3",
        "RDS.27",
        "Redshift.10",
        "documentdb_cluster_storage_encrypted",
        "efs_encryption_at_rest_enabled",
        "neptune_cluster_storage_encrypted",
        "opensearch_service_domains_encryption_at_rest_enabled",
        "opensearch_service_domains_node_to_node_encryption_enabled",
        "rds_cluster_storage_encrypted",
        "rds_instance_storage_encrypted",
        "redshift_cluster_encrypted_at_rest",
    ),
    facts=("hardware",),
)
def data_store_unencrypted(store: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A database, search domain or file system does not encrypt its data at rest.

    Encryption at rest protects disks, snapshots and backups from anyone who obtains them without permission
    to use the key; most stores cannot be encrypted later without being replaced.

    For OpenSearch, traffic between nodes counts as well, unless the domain has a single node. Instance types
    of the families M3, R3 and T2 cannot be encrypted at rest: the finding names another one. Instances of a
    database cluster take the encryption of the cluster, and replicas that of the database of the project that
    they replicate. The rule cannot decide about what is restored from a snapshot or replicates a database of
    another project: it takes its encryption from there, whatever its own configuration states.

    Each finding weighs medium: the data is not open to anyone by it, and AWS Security Hub weighs the same
    controls so.

    Exceptions: Not reported for stores that no ML resource of the project uses. Redshift has encrypted every
    new cluster since January 2025 and Aurora since February 2026, so only an explicit `false` is reported
    there; Aurora Serverless v1 is always encrypted.

    See [Encrypting Amazon RDS
    resources](https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html) and
    [Encryption of data at rest for Amazon OpenSearch
    Service](https://docs.aws.amazon.com/opensearch-service/latest/developerguide/encryption-at-rest.html).
    """
    if store.type == DOMAIN:
        yield from _of_domain(store)
        return
    flag = store[stores.ENCRYPTION_FLAGS[store.type]]
    message = f"{store} is not encrypted at rest: {flag} should be true"
    remedy = _PLAIN_REMEDY if flag.path[-1:] == ("Encrypted",) else None
    unencrypted = stores.is_unencrypted(store, flag)
    yield Claim(unencrypted, flag, message, "medium", remedy=remedy, fix=_encrypted(flag))


def _of_domain(domain: ResourceView) -> Iterator[Claim]:
    """What a search domain does not encrypt; one that has a single node has no traffic between nodes."""
    rest, between = domain["EncryptionAtRestOptions.Enabled"], domain["NodeToNodeEncryptionOptions.Enabled"]
    cluster = domain["ClusterConfig"]
    if certainly(cluster.is_absent()):
        cluster = domain["ElasticsearchClusterConfig"]
    message = f"{domain} is not encrypted at rest: {rest} should be true"
    fix: Change | None = _encrypted(rest)
    remedy, related = _REST_REMEDY, []
    for kind in (cluster["InstanceType"], cluster["DedicatedMasterType"]):
        others = {search_without_encryption().get(text.partition(".")[0]) for text in kind.texts}
        if others and None not in others:
            better = " or ".join(sorted(each for each in others if each is not None))
            message += (
                f", and {kind} of a family that can be encrypted, such as {better}: {kind.words} cannot"
            )
            fix, remedy = None, _TYPE_REMEDY
            related.append((kind, "cannot be encrypted at rest"))
    yield Claim(~rest.is_true(), rest, message, "medium", tuple(related), remedy, fix=fix)
    more = (cluster[each].is_true() for each in ("DedicatedMasterEnabled", "WarmEnabled"))
    single = cluster["InstanceCount"].less_than(2, default=1) & ~some(more)
    message = f"{domain} does not encrypt traffic between its nodes: {between} should be true"
    fix = _encrypted(between)
    yield Claim(~between.is_true() & ~single, between, message, "medium", remedy=_NODES_REMEDY, fix=fix)


def _encrypted(flag: View) -> Change:
    return set_to(flag, True, risk="most stores are replaced, or updated for hours")


@rule(
    "MLS314",
    "image-repository-without-scanning",
    "low",
    concern="production",
    operational=True,
    practices=("MLSEC04-BP01", "MLOPS04-BP02"),
    on=("AWS::ECR::Repository",),
    remedy=Remedy(
        "Declare an `AWS::ECR::RegistryScanningConfiguration` with a `SCAN_ON_PUSH` rule for the registry.",
        "Declare an `aws_ecr_registry_scanning_configuration` with a `SCAN_ON_PUSH` rule for the registry.",
    ),
    controls=("ECR.1",),
)
def image_repository_without_scanning(repository: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Images in a repository are not scanned for vulnerabilities when they are pushed.

    Training and inference images contain hundreds of packages; a scan reports the vulnerable ones before a
    job or an endpoint runs them next to your data.

    Scanning is configured for the whole registry (`AWS::ECR::RegistryScanningConfiguration`); the setting of
    a single repository (`ScanOnPush`) is deprecated, but still counts.

    Exceptions: Not reported when the same project configures scanning for the registry with a filter that
    covers the repository, and for repositories that no ML resource of the project uses.

    See [Scan images for software vulnerabilities in Amazon
    ECR](https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html).
    """
    scan = repository["ImageScanningConfiguration.ScanOnPush"]
    covered = stores.registry_scans(repository, graph)
    message = f"{repository} does not scan pushed images for vulnerabilities: neither the registry's scanning"
    message += f" configuration nor {scan} requests it"
    yield Claim(~scan.is_true() & ~covered, scan, message, fix=set_to(scan, True))
