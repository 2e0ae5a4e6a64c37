"""A dataset on disk: one folder per table, in it one per scan, with Parquet files.

    findings/scan=2026-11-28T21-00-00Z/part-0.parquet

A scan is in the dataset once its file in `scans/` is there, which is written last: readers see whole scans.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from mlwa_lint.errors import UserError
from mlwa_lint.fleet.extras import need
from mlwa_lint.fleet.journal import Journal
from mlwa_lint.fleet.rows import Row
from mlwa_lint.fleet.schema import OF_REPOSITORIES, VERSION, VERSION_KEY, arrow, schema
from mlwa_lint.fleet.storage import Storage

if TYPE_CHECKING:
    import pyarrow

_PART = "part-0.parquet"
_PARTITION = "scan="
# A row group is filled to this many rows: enough to compress well, little enough for memory.
_ROWS = 65_536


class Dataset:
    """The scans in a folder."""

    def __init__(self, address: str) -> None:
        self.storage = Storage(address)

    @property
    def scans(self) -> list[str]:
        """The ids of the scans that are whole, oldest first."""
        found = [name for name in self.storage.names("scans") if name.startswith(_PARTITION)]
        return [name.removeprefix(_PARTITION) for name in found if self.storage.exists("scans", name, _PART)]

    def wanted(self, scan: str | None) -> str:
        """A scan by its id, or a prefix of one; without one, the latest. Raises UserError."""
        known = self.scans
        if not known:
            raise UserError(f"{self.storage.address}: no scans", "`mlwa-lint fleet scan` makes one")
        if scan is None:
            return known[-1]
        fitting = [each for each in known if each == scan] or [
            each for each in known if each.startswith(scan)
        ]
        if len(fitting) != 1:
            listed = ", ".join(known[-5:])
            what = "several scans begin" if fitting else "no scan begins"
            raise UserError(f"{what} with {scan}", f"the latest are {listed}")
        return fitting[0]

    def commit(self, journal: Journal, summary: Row) -> None:
        """Puts a scan's journal into the dataset. Raises UserError; then the dataset is as it was."""
        scan = journal.scan
        with journal.opened() as done:
            for table in OF_REPOSITORIES:
                self._write(table, scan, done.tables(table))
            attempts = [each._asdict() for each in done.attempts()]
            self._write("attempts", scan, [arrow("attempts", attempts)])
        self._write("scans", scan, [arrow("scans", [summary])])

    def _write(self, table: str, scan: str, parts: Iterable["pyarrow.Table"]) -> None:
        pa = need("pyarrow")
        parquet = need("pyarrow.parquet")
        with (
            self.storage.new_file(table, f"{_PARTITION}{scan}", _PART) as path,
            parquet.ParquetWriter(str(path), schema(table), compression="zstd") as writer,
        ):
            waiting: list[Any] = []
            rows = 0
            for part in parts:
                waiting.append(part)
                rows += part.num_rows
                if rows >= _ROWS:
                    writer.write_table(pa.concat_tables(waiting).combine_chunks())
                    waiting, rows = [], 0
            if waiting:
                writer.write_table(pa.concat_tables(waiting).combine_chunks())

    def table(self, name: str) -> "pyarrow.dataset.Dataset":
        """A table over all scans, with the column `scan`, to be read lazily. Raises UserError."""
        pa = need("pyarrow")
        dataset = need("pyarrow.dataset")
        partitioning = dataset.partitioning(pa.schema([pa.field("scan", pa.string())]), flavor="hive")
        paths = [self.storage.path(name, f"{_PARTITION}{scan}", _PART) for scan in self.scans]
        paths = [path for path in paths if self.storage.system.exists(path)]
        self._check(paths)
        columns = [*schema(name), pa.field("scan", pa.string())]
        return dataset.dataset(
            paths,
            schema=pa.schema(columns),
            filesystem=self.storage.system,
            format="parquet",
            partitioning=partitioning,
            partition_base_dir=self.storage.root,
        )

    def _check(self, paths: list[str]) -> None:
        """Refuses what a newer version wrote. Raises UserError."""
        if not paths:
            return
        parquet = need("pyarrow.parquet")
        with self.storage.system.open(paths[-1], "rb") as file:
            metadata = parquet.read_schema(file).metadata or {}
        found = metadata.get(VERSION_KEY, b"0").decode()
        if not found.isdigit() or int(found) > VERSION:
            hint = "use the mlwa-lint that wrote it, or a newer one"
            raise UserError(f"{self.storage.address}: schema version {found}, and not {VERSION}", hint)
