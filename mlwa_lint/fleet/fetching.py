"""Copies a repository to this machine, unless it is local."""

from collections.abc import Callable
from pathlib import Path

from mlwa_lint.fleet import git
from mlwa_lint.fleet.archives import unpack
from mlwa_lint.fleet.extras import need
from mlwa_lint.fleet.failures import FetchError, of_os_error
from mlwa_lint.fleet.plan import Limits, Repository
from mlwa_lint.fleet.scratch import one_of
from mlwa_lint.startup.records import NamedTuple

_CHUNK = 1 << 20
_MEGABYTE = 1_000_000


class Checkout(NamedTuple):
    """A repository's folder, its commit where it is known, and the links that were left out of it."""

    folder: Path
    commit: str | None
    links: tuple[str, ...] = ()


def fetch(repository: Repository, scratch: Path, limits: Limits, begin: Callable[[], None]) -> Checkout:
    """The checkout of a repository; what is cloned or unpacked goes to a scratch folder. Raises FetchError.

    begin: called when it is this repository's turn; until then its time does not count.
    """
    if repository.kind == "folder":
        folder = Path(repository.address)
        if not folder.is_dir():
            raise FetchError("missing", "no such folder on this worker")
        return Checkout(folder, git.head_of(folder))
    if repository.kind == "git":
        folder = scratch / "clone"
        with one_of(limits.clones, "clone"):
            begin()
            commit = git.clone(repository.address, folder, limits, repository.commit)
        return Checkout(folder, commit)
    begin()
    archive = _local(repository.address, scratch, limits)
    into = scratch / "content"
    into.mkdir()
    unpacked = unpack(archive, into, limits)
    return Checkout(unpacked.folder, unpacked.commit or git.head_of(unpacked.folder), unpacked.links)


def _local(address: str, scratch: Path, limits: Limits) -> Path:
    """An archive as a file of this machine. Raises FetchError."""
    if "://" not in address:
        path = Path(address)
        if not path.is_file():
            raise FetchError("missing", "no such archive on this worker")
        return path
    path = scratch / "archive"
    left = limits.disk * _MEGABYTE
    fsspec = need("fsspec")
    try:
        with fsspec.open(address, "rb") as source, path.open("wb") as target:
            while chunk := source.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise FetchError("disk", f"the archive is larger than {limits.disk:,} MB")
                target.write(chunk)
    except FileNotFoundError:
        raise FetchError("missing", "no such archive") from None
    except OSError as error:
        failure = of_os_error(error, "archive")
        raise FetchError(failure.kind, f"the archive cannot be read: {failure.message}") from None
    except FetchError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever the client of an object store raises
        raise FetchError("archive", f"the archive cannot be read: {type(error).__name__}: {error}") from None
    return path
