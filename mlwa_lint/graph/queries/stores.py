"""Data stores: how databases, Glue and image repositories are protected."""

import fnmatch
from collections.abc import Iterator

from mlwa_lint.facts.defaults import is_encrypted_by_default, registry_scanning_types
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import NO, YES, Answer, certainly, some, undecided
from mlwa_lint.model.values import Reference

DATABASE_INSTANCE = "AWS::RDS::DBInstance"
DATABASE_CLUSTER = "AWS::RDS::DBCluster"
REDSHIFT = "AWS::Redshift::Cluster"
# The property that switches encryption at rest on.
ENCRYPTION_FLAGS = {
    "AWS::EFS::FileSystem": "Encrypted",
    REDSHIFT: "Encrypted",
    DATABASE_CLUSTER: "StorageEncrypted",
    DATABASE_INSTANCE: "StorageEncrypted",
    "AWS::Neptune::DBCluster": "StorageEncrypted",
    "AWS::DocDB::DBCluster": "StorageEncrypted",
}
# What a new database is made from, and takes its encryption from.
_ORIGINS = (
    "DBSnapshotIdentifier",
    "SnapshotIdentifier",
    "SourceDBInstanceIdentifier",
    "SourceDBClusterIdentifier",
    "SourceDBInstanceAutomatedBackupsArn",
    "SourceDbiResourceId",
    "ReplicationSourceIdentifier",
    "RestoreToPointInTime",
    "DBClusterSnapshotIdentifier",
)
# Those of them that name a database, and not a copy of one.
_REPLICATED = ("SourceDBInstanceIdentifier", "SourceDBClusterIdentifier", "ReplicationSourceIdentifier")


def is_unencrypted(store: ResourceView, flag: View) -> Answer:
    """Whether a store is not encrypted at rest, by its flag or by default."""
    if store.type == REDSHIFT:
        return flag.is_present() & ~flag.is_true()
    off = ~flag.is_true()
    if store.type == DATABASE_CLUSTER and certainly(flag.is_absent()):
        off &= ~store["Engine"].test(is_encrypted_by_default)
    if store.type == DATABASE_INSTANCE:
        off &= store["DBClusterIdentifier"].is_absent()
    if certainly(flag.is_absent()):
        off &= ~store["EngineMode"].equals("serverless")
    return off & ~some(_decides(store[each]) for each in _ORIGINS)


def _decides(origin: View) -> Answer:
    """Whether what a database is made from decides: undecided where that is not a database of the project.

    One of the project is checked itself.
    """
    if certainly(origin.is_absent()):
        return NO
    if isinstance(origin.value, Reference) and origin.path[-1].startswith(_REPLICATED):
        return YES
    return undecided(f"it takes its encryption from its {origin}")


def glue_modes(configuration: ResourceView, bookmarks: bool) -> Iterator[tuple[str, View]]:
    """What a Glue security configuration encrypts, and the property that states how."""
    encryption = configuration["EncryptionConfiguration"]
    modes = encryption["S3Encryptions"]
    listed = modes.known_items()
    if listed:
        for each in listed:
            yield "S3 data", each["S3EncryptionMode"]
    else:
        yield "S3 data", modes
    yield "logs", encryption["CloudWatchEncryption.CloudWatchEncryptionMode"]
    if bookmarks:
        yield "job bookmarks", encryption["JobBookmarksEncryption.JobBookmarksEncryptionMode"]


def is_disabled(mode: View) -> Answer:
    """Whether a mode of encryption is left out, or DISABLED."""
    return mode.is_absent() | mode.equals("DISABLED")


def registry_scans(repository: ResourceView, graph: GraphView) -> Answer:
    """Whether the registry's own settings, declared in the same project, scan a repository's images."""
    name = repository["RepositoryName"]
    return some(
        rule["RepositoryFilters"].any_item(lambda each: _covers(each["Filter"], name))
        for settings in graph.of_type(*registry_scanning_types())
        for rule in settings["Rules"].items()
    )


def _covers(pattern: View, name: View) -> Answer:
    """Whether a filter such as `*` or `prod-*` covers a name; without a wildcard it means a part of one."""

    def covers(text: str) -> Answer:
        if not text.strip("*"):
            return pattern.test(lambda _: True)
        loose = text if "*" in text else f"*{text}*"
        return name.test(lambda known: fnmatch.fnmatchcase(known, loose)) if name.text else _unnamed(name)

    return covers(pattern.text) if pattern.text is not None else pattern.is_open()


def _unnamed(name: View) -> Answer:
    return undecided("the repository's name is known only after deployment")
