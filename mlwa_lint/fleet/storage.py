"""Files of a dataset, in a folder or in an object store: whole, or not there."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mlwa_lint.errors import UserError
from mlwa_lint.fleet.extras import need


class Storage:
    """A folder that fsspec can reach."""

    def __init__(self, address: str) -> None:
        """address: a path, or a URL such as s3://bucket/prefix. Raises UserError."""
        core = need("fsspec.core")
        self.address = address
        try:
            self.system, self.root = core.url_to_fs(address)
        except (ImportError, ValueError) as error:
            hint = "for s3://, `pip install s3fs`" if address.startswith("s3:") else ""
            raise UserError(f"{address}: {error}", hint) from None
        self.root = self.root.rstrip("/")
        self.is_local = "file" in _protocols(self.system)

    def path(self, *parts: str) -> str:
        """The path of something in the folder, as its file system has it."""
        return "/".join((self.root, *parts))

    def exists(self, *parts: str) -> bool:
        """Whether there is such a file or folder."""
        return bool(self.system.exists(self.path(*parts)))

    def names(self, *parts: str) -> list[str]:
        """The names in a folder, sorted; none where there is no such folder."""
        try:
            found = self.system.ls(self.path(*parts), detail=False)
        except (FileNotFoundError, NotADirectoryError):
            return []
        return sorted(str(each).rstrip("/").rpartition("/")[2] for each in found)

    def read(self, *parts: str) -> bytes:
        """The content of a file. Raises OSError."""
        content: bytes = self.system.cat_file(self.path(*parts))
        return content

    def delete(self, *parts: str) -> None:
        """Deletes a file or folder, if it is there."""
        if self.exists(*parts):
            self.system.rm(self.path(*parts), recursive=True)

    @contextmanager
    def new_file(self, *parts: str) -> Iterator[Path]:
        """A local file to write; it takes its place, whole, when the block ends well. Raises UserError."""
        target = self.path(*parts)
        folder = target.rpartition("/")[0]
        beside = None
        try:
            self.system.makedirs(folder, exist_ok=True)
            descriptor, name = tempfile.mkstemp(".tmp", ".", folder if self.is_local else None)
            os.close(descriptor)
            beside = Path(name)
            yield beside
            self._place(beside, target)
        except OSError as error:
            raise UserError(f"cannot write {self.address}: {error.strerror or error}") from None
        finally:
            if beside is not None:
                beside.unlink(missing_ok=True)

    def write(self, data: bytes, *parts: str) -> None:
        """Writes a whole file, or leaves things as they were. Raises UserError."""
        with self.new_file(*parts) as path:
            path.write_bytes(data)

    def _place(self, file: Path, target: str) -> None:
        if not self.is_local:
            self.system.put_file(str(file), target)
            return
        with file.open("rb") as written:
            os.fsync(written.fileno())
        file.chmod(0o666 & ~_umask())
        file.replace(target)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _protocols(system: Any) -> tuple[str, ...]:
    found = system.protocol
    return (found,) if isinstance(found, str) else tuple(found)


def copied(storage: Storage, folder: Path, wanted: Callable[[str], bool], *parts: str) -> list[Path]:
    """The files of a folder as local ones: where they are if they are local, else copies."""
    found = []
    for name in filter(wanted, storage.names(*parts)):
        path = storage.path(*parts, name)
        if storage.is_local:
            found.append(Path(path))
            continue
        local = folder / name
        with storage.system.open(path, "rb") as source, local.open("wb") as target:
            shutil.copyfileobj(source, target)
        found.append(local)
    return found
