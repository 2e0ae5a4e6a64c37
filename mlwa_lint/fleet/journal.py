"""What a scan has done so far, kept beside the dataset, so that an interrupted scan can be resumed.

Every few repositories, or seconds, a file of results is added, whole. What was not yet written when a scan is
killed is scanned again: nothing is lost, and, since each file names its repositories, nothing counts twice.
"""

import json
import tempfile
import time
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from mlwa_lint.errors import UserError
from mlwa_lint.fleet.extras import need
from mlwa_lint.fleet.schema import OF_REPOSITORIES
from mlwa_lint.fleet.storage import Storage, copied
from mlwa_lint.fleet.working import Scanned
from mlwa_lint.startup.records import NamedTuple

if TYPE_CHECKING:
    import pyarrow

FOLDER = "_unfinished"
_HEAD = "scan.json"
_ENDING = ".arrow"
# How much is kept back before it is written: on this machine, and in an object store, where files cost more.
_LOCAL = (16, 1.0)
_REMOTE = (256, 15.0)
# How many files of a journal are open at a time.
_OPEN = 32


class Attempt(NamedTuple):
    """One try at scanning a repository."""

    repository: str
    attempt: int
    worker: str
    outcome: str
    seconds: float | None
    memory: float | None


class Journal:
    """The journal of one scan."""

    def __init__(self, storage: Storage, scan: str, head: dict[str, Any]) -> None:
        """head: what is known when the scan begins; a scan that goes on takes it from the journal."""
        self._storage = storage
        self.scan = scan
        self.head = head
        self._number = 0
        self._waiting: list[tuple[Scanned, tuple[Attempt, ...]]] = []
        self._written = time.monotonic()
        self._many, self._seconds = _LOCAL if storage.is_local else _REMOTE

    def begin(self) -> None:
        """Writes the head. Raises UserError."""
        self._storage.write(json.dumps(self.head, indent=1).encode(), FOLDER, self.scan, _HEAD)

    def add(self, scanned: Scanned, attempts: tuple[Attempt, ...]) -> None:
        """Keeps what a repository came to. Raises UserError when it cannot be written."""
        self._waiting.append((scanned, attempts))
        if len(self._waiting) >= self._many:
            self.flush()

    def tick(self) -> None:
        """Writes what has been kept back for long. Raises UserError."""
        if time.monotonic() - self._written > self._seconds:
            self.flush()

    def flush(self) -> None:
        """Writes what is kept back. Raises UserError."""
        self._written = time.monotonic()
        if not self._waiting:
            return
        pa = need("pyarrow")
        ipc = need("pyarrow.ipc")
        content: dict[str, list[Any]] = {"repository": [each.name for each, _ in self._waiting]}
        content["attempts"] = [json.dumps(attempts) for _, attempts in self._waiting]
        columns: dict[str, Any] = {name: pa.array(values) for name, values in content.items()}
        for table in OF_REPOSITORIES:
            values = [each.tables[table] for each, _ in self._waiting]
            columns[table] = pa.array(values, pa.large_binary())
        batch = pa.table(columns)
        with (
            self._storage.new_file(FOLDER, self.scan, f"{self._number:06d}{_ENDING}") as path,
            ipc.new_file(str(path), batch.schema) as writer,
        ):
            writer.write_table(batch, 1)  # a repository a batch: read one by one
        self._number += 1
        self._waiting.clear()

    def resume(self) -> set[str]:
        """The repositories that are done already."""
        with self.opened() as done:
            self._number = done.next_number
            return set(done.names)

    def opened(self) -> "Done":
        """What has been written, to be read repository by repository."""
        return Done(self._storage, self.scan)

    def delete(self) -> None:
        """Deletes the journal, once the scan is in the dataset."""
        self._storage.delete(FOLDER, self.scan)
        if not self._storage.names(FOLDER):
            self._storage.delete(FOLDER)


class Done:
    """The results in a journal, in the order of repositories' names; only one is in memory at a time."""

    def __init__(self, storage: Storage, scan: str) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="mlwa-fleet-journal-")
        paths = copied(storage, Path(self._temporary.name), _is_result, FOLDER, scan)
        self._places: dict[str, tuple[Path, int]] = {}
        self._open: OrderedDict[Path, Any] = OrderedDict()
        self.next_number = 1 + max((int(path.stem) for path in paths), default=-1)
        for path in paths:
            self._read(path)

    def _read(self, path: Path) -> None:
        reader = self._reader(path)
        for number in range(reader.num_record_batches):
            name = reader.get_batch(number).column("repository")[0].as_py()
            self._places.setdefault(name, (path, number))

    def _reader(self, path: Path) -> Any:
        """A file, opened; names are mostly in the order of files, so that a few of them suffice."""
        if path in self._open:
            self._open.move_to_end(path)
            return self._open[path]
        pa = need("pyarrow")
        ipc = need("pyarrow.ipc")
        try:
            reader = ipc.open_file(pa.memory_map(str(path)))
        except (OSError, pa.ArrowInvalid) as error:
            raise UserError(f"{path}: not a whole file of a journal: {error}", "delete it") from None
        self._open[path] = reader
        if len(self._open) > _OPEN:
            self._open.popitem(last=False)
        return reader

    def _cell(self, name: str, column: str) -> Any:
        path, number = self._places[name]
        return self._reader(path).get_batch(number).column(column)[0]

    @property
    def names(self) -> list[str]:
        """The repositories, sorted."""
        return sorted(self._places)

    def tables(self, table: str) -> Iterator["pyarrow.Table"]:
        """The rows of each repository in one of the tables, in the order of their names."""
        from mlwa_lint.fleet.schema import unpacked

        for name in self.names:
            yield unpacked(self._cell(name, table).as_buffer())

    def attempts(self) -> Iterator[Attempt]:
        """All attempts, in the same order."""
        for name in self.names:
            for each in json.loads(self._cell(name, "attempts").as_py()):
                yield Attempt(*each)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._places.clear()
        self._open.clear()
        self._temporary.cleanup()


def _is_result(name: str) -> bool:
    return name.endswith(_ENDING) and name.removesuffix(_ENDING).isdigit()


def unfinished(storage: Storage) -> list[str]:
    """The scans that were begun and not finished, oldest first."""
    return [name for name in storage.names(FOLDER) if storage.exists(FOLDER, name, _HEAD)]


def head_of(storage: Storage, scan: str) -> dict[str, Any]:
    """What was known when a scan began."""
    head: dict[str, Any] = json.loads(storage.read(FOLDER, scan, _HEAD))
    return head
