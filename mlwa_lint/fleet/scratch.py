"""Folders for clones and unpacked archives; what a killed worker leaves behind, the next one deletes."""

import fcntl
import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = "mlwa-fleet-"
_LOCK = "lock"
_WAIT = 0.05


class Scratch:
    """A process's folder for scratch files; locked as long as the process lives."""

    def __init__(self, base: str | None = None) -> None:
        _sweep(Path(base or tempfile.gettempdir()))
        # It gets the name that others look for when it is locked, so that none takes it for left behind.
        made = Path(tempfile.mkdtemp(prefix=f".{_PREFIX}", dir=base))
        self._lock = (made / _LOCK).open("wb")
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self.folder = made.rename(made.with_name(made.name.removeprefix(".")))

    def new(self) -> Path:
        """An empty folder."""
        return Path(tempfile.mkdtemp(dir=self.folder))

    def close(self) -> None:
        """Deletes everything."""
        delete(self.folder)
        self._lock.close()


def delete(folder: Path) -> None:
    """Deletes a folder and what is in it; also where its content forbids that."""

    def allow(function: object, path: str, _: object) -> None:
        try:
            os.chmod(os.path.dirname(path), 0o700)  # noqa: PTH101, PTH120 - what shutil hands over
            os.unlink(path) if not os.path.isdir(path) else os.rmdir(path)  # noqa: PTH106, PTH108, PTH112
        except OSError:
            return

    if sys.version_info >= (3, 12):
        shutil.rmtree(folder, onexc=allow)
    else:
        shutil.rmtree(folder, onerror=allow)


def _sweep(base: Path) -> None:
    """Deletes the folders of processes that are gone."""
    for folder in base.glob(f"{_PREFIX}*"):
        lock = folder / _LOCK
        try:
            if folder.stat().st_uid != os.getuid() or folder.is_symlink() or not lock.is_file():
                continue
            with lock.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                delete(folder)
        except OSError:
            continue  # in use, or not ours


@contextmanager
def one_of(number: int, name: str) -> Iterator[None]:
    """Lets so many processes of this machine and user into its block at a time."""
    folder = Path(tempfile.gettempdir()) / f"mlwa-fleet-slots-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if status.st_uid != os.getuid() or not stat.S_ISDIR(status.st_mode):
        raise PermissionError(f"{folder} belongs to another user")
    files = [(folder / f"{name}-{each}").open("wb") for each in range(number)]
    try:
        while not any(_locked(file.fileno()) for file in files):
            time.sleep(_WAIT)
        yield
    finally:
        for file in files:
            file.close()


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
