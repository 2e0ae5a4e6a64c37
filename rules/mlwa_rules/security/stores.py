"""Security of data stores: feature groups, Athena, Glue, databases, search, files, images."""

from collections.abc import Iterator

from mlwa_lint.graph.queries import stores
from mlwa_lint.rule import Claim, EdgeKind, GraphView, Remedy, ResourceView, rule

SECURITY_CONFIGURATION = "AWS::Glue::SecurityConfiguration"
CRAWLER = "AWS::Glue::Crawler"
DOMAIN = "AWS::OpenSearchService::Domain"


@rule(
    "MLS307",
    "feature-store-unencrypted",
    "high",
    practices=("MLSEC02-BP01",),
    on=("AWS::SageMaker::FeatureGroup",),
    remedy=Remedy(
        "Set `KmsKeyId` in `OnlineStoreConfig.SecurityConfig` and `OfflineStoreConfig.S3StorageConfig`.",
        "Set `kms_key_id` in `security_config` of the online and `s3_storage_config` of the offline store.",
    ),
)
def feature_store_unencrypted(group: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A feature group keeps features without a key of yours.

    Features are made of the data that models learn from, often about people; with a key of your own you
    decide who may read them, see every use in CloudTrail, and can withdraw access at once.

    The online store counts only where it is switched on (it is off by default); the offline store counts
    wherever it is configured.

    See [Security and access control of Feature
    Store](https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-security.html).
    """
    online, offline = group["OnlineStoreConfig"], group["OfflineStoreConfig"]
    key = online["SecurityConfig.KmsKeyId"]
    message = f"{group} keeps its online store without a key of yours: it sets no {key}"
    yield Claim(online["EnableOnlineStore"].is_true() & key.is_absent(), key, message)
    key = offline["S3StorageConfig.KmsKeyId"]
    message = f"{group} keeps its offline store without a key of yours: it sets no {key}"
    yield Claim(offline.is_present() & key.is_absent(), key, message)


@rule(
    "MLS308",
    "athena-results-unencrypted",
    "medium",
    practices=("MLSEC02-BP01",),
    on=("AWS::Athena::WorkGroup",),
    remedy=Remedy(
        "Set `ResultConfiguration.EncryptionConfiguration` and `EnforceWorkGroupConfiguration: true`.",
        "Add `encryption_configuration` to the results; set `enforce_workgroup_configuration = true`.",
    ),
)
def athena_results_unencrypted(group: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An Athena workgroup does not make sure that query results are encrypted.

    Results hold whatever was selected, and stay in S3 until somebody deletes them, next to the carefully
    protected data that they were taken from.

    Reported when results are configured without encryption, and when clients may override the workgroup's
    settings (`EnforceWorkGroupConfiguration` is false; it is true by default), so that they need not
    encrypt. Silent for results that Athena manages, which it always encrypts, and for Spark workgroups,
    where there is nothing to enforce.

    See [Encrypt Athena query results stored in Amazon
    S3](https://docs.aws.amazon.com/athena/latest/ug/encrypting-query-results-stored-in-s3.html).
    """
    configuration = group["WorkGroupConfiguration"]
    managed = configuration["ManagedQueryResultsConfiguration.Enabled"].is_true()
    results = configuration["ResultConfiguration"]
    encryption = results["EncryptionConfiguration"]
    message = f"{group} writes query results without encryption: it sets no {encryption}"
    yield Claim(results.is_present() & encryption.is_absent() & ~managed, encryption, message)
    enforced = configuration["EnforceWorkGroupConfiguration"]
    spark = configuration["EngineVersion.SelectedEngineVersion"].test(lambda text: text.startswith("PySpark"))
    message = f"{group} lets clients write query results unencrypted: {enforced} is false and should be true"
    yield Claim(enforced.is_false() & ~managed & ~spark, enforced, message)


@rule(
    "MLS309",
    "glue-without-security-configuration",
    "medium",
    practices=("MLSEC02-BP01", "MLSEC03-BP02"),
    on=("AWS::Glue::Job", CRAWLER, "AWS::Glue::DevEndpoint"),
    remedy=Remedy(
        "Set `SecurityConfiguration: !Ref GlueSecurity` (crawlers: `CrawlerSecurityConfiguration`).",
        "Set `security_configuration = aws_glue_security_configuration.glue.name`.",
    ),
)
def glue_without_security_configuration(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A Glue job, crawler or development endpoint does not encrypt what it writes.

    Data preparation copies raw data into S3, into logs and into bookmarks; without a security
    configuration these copies are protected less than their source.

    Reported when no security configuration is attached, and when the attached one is declared in the same
    project and leaves S3 data, CloudWatch logs or job bookmarks unencrypted. Bookmarks do not count for
    crawlers, which have none.

    See [Encrypting data written by AWS
    Glue](https://docs.aws.amazon.com/glue/latest/dg/encryption-security-configuration.html).
    """
    attached = resource[
        "CrawlerSecurityConfiguration" if resource.type == CRAWLER else "SecurityConfiguration"
    ]
    message = f"{resource} does not encrypt what it writes: it sets no {attached}"
    yield Claim(attached.is_absent(), attached, message)
    for configuration in graph.targets(resource, EdgeKind.CONFIGURES, SECURITY_CONFIGURATION):
        for what, mode in stores.glue_modes(configuration, bookmarks=resource.type != CRAWLER):
            message = f"{resource} does not encrypt {what}: {configuration} leaves {mode} disabled"
            yield Claim(stores.is_disabled(mode), attached, message, related=((mode, "is disabled here"),))


@rule(
    "MLS313",
    "data-store-unencrypted",
    "high",
    practices=("MLSEC02-BP01",),
    on=(DOMAIN, *stores.ENCRYPTION_FLAGS),
    remedy=Remedy(
        "Set `StorageEncrypted: true` (EFS, Redshift: `Encrypted`; OpenSearch: `EncryptionAtRestOptions`).",
        "Set `storage_encrypted = true` (EFS, Redshift: `encrypted`; OpenSearch: `encrypt_at_rest`).",
    ),
)
def data_store_unencrypted(store: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A database, search domain or file system keeps its data unencrypted.

    Encryption at rest protects disks, snapshots and backups against everybody who gets hold of them
    without permission to use the key; most stores cannot be encrypted later without being replaced.

    For OpenSearch, traffic between nodes counts as well. Instances of a database cluster are left to the
    cluster; what is restored from a snapshot or replicates another database takes its encryption from
    there, whatever its own configuration says, so that the rule cannot decide. Redshift has encrypted every
    new cluster since January 2025, so there only an explicit `false` is reported, and Aurora Serverless v1 is
    always encrypted.

    See [Encrypting Amazon RDS
    resources](https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html) and
    [Encryption of data at rest for Amazon OpenSearch
    Service](https://docs.aws.amazon.com/opensearch-service/latest/developerguide/encryption-at-rest.html).
    """
    if store.type == DOMAIN:
        rest, between = store["EncryptionAtRestOptions.Enabled"], store["NodeToNodeEncryptionOptions.Enabled"]
        yield Claim(~rest.is_true(), rest, f"{store} is not encrypted at rest: {rest} should be true")
        message = f"{store} does not encrypt traffic between its nodes: {between} should be true"
        yield Claim(~between.is_true(), between, message)
        return
    flag = store[stores.ENCRYPTION_FLAGS[store.type]]
    message = f"{store} is not encrypted at rest: {flag} should be true"
    yield Claim(stores.is_unencrypted(store, flag), flag, message)


@rule(
    "MLS314",
    "image-repository-without-scanning",
    "medium",
    practices=("MLSEC04-BP01", "MLOPS04-BP02"),
    on=("AWS::ECR::Repository",),
    remedy=Remedy(
        "Set `ImageScanningConfiguration: {ScanOnPush: true}`.",
        "Add `image_scanning_configuration { scan_on_push = true }`.",
    ),
)
def image_repository_without_scanning(repository: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Images in a repository are not scanned for vulnerabilities when they are pushed.

    Training and inference containers bring hundreds of packages along; a scan names the vulnerable ones
    before a job or an endpoint runs them next to your data.

    Silent when the same project configures scanning for the registry with a filter that covers the
    repository (`AWS::ECR::RegistryScanningConfiguration`), which goes before the repository's own setting.

    See [Scan images for software vulnerabilities in Amazon
    ECR](https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html).
    """
    scan = repository["ImageScanningConfiguration.ScanOnPush"]
    covered = stores.registry_scans(repository, graph)
    message = f"{repository} does not scan pushed images for vulnerabilities: {scan} should be true"
    yield Claim(~scan.is_true() & ~covered, scan, message)
