"""Unpacks untrusted archives: nothing leaves the folder, and nothing grows without end.

Folders and plain files are unpacked. Links are left out and reported, since ordinary repositories hold some;
an archive with a path that leads out of it, or with a device, was made to do harm and is refused.
"""

import lzma
import os
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from mlwa_lint.fleet.failures import FetchError, of_os_error
from mlwa_lint.fleet.plan import Limits
from mlwa_lint.startup.records import NamedTuple

ENDINGS = (".tar.gz", ".tgz", ".tar", ".zip")
_CHUNK = 1 << 20
_MEGABYTE = 1_000_000
_LONGEST_PATH = 1_000
_DEEPEST = 64
_COMMIT_LENGTHS = (40, 64)
_BROKEN = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    UnicodeError,
    ValueError,
    NotImplementedError,
    RuntimeError,  # zipfile raises it for encrypted members
)


class Unpacked(NamedTuple):
    """The folder of an archive's content, the commit that it was made of, and its links' names."""

    folder: Path
    commit: str | None
    links: tuple[str, ...]


class _Member(NamedTuple):
    name: str
    kind: str  # file, folder, link, or what else it is
    content: IO[bytes] | None


def is_archive(address: str) -> bool:
    """Whether a path or URL ends as the archives do that can be unpacked."""
    return address.lower().endswith(ENDINGS)


def stem(name: str) -> str:
    """An archive's name, or path, without its ending."""
    ending = next((each for each in ENDINGS if name.lower().endswith(each)), "")
    return name[: len(name) - len(ending)] or name


def unpack(archive: Path, folder: Path, limits: Limits) -> Unpacked:
    """Unpacks an archive into an empty folder. Raises FetchError."""
    writer = _Writer(folder, limits)
    try:
        zipped = zipfile.is_zipfile(archive) and not tarfile.is_tarfile(archive)
        commit = _unzip(archive, writer) if zipped else _untar(archive, writer)
    except FetchError:
        raise
    except _BROKEN as error:
        raise FetchError("archive", f"the archive is broken: {str(error) or type(error).__name__}") from None
    except OSError as error:
        failure = of_os_error(error, "archive")
        raise FetchError(failure.kind, f"the archive cannot be unpacked: {failure.message}") from None
    return Unpacked(_only_folder(folder), commit, tuple(writer.links))


def _untar(archive: Path, writer: "_Writer") -> str | None:
    with tarfile.open(archive, "r:*") as opened:
        for member in _members_of_tar(opened):
            writer.write(member)
        return _commit(opened.pax_headers.get("comment", ""))


def _members_of_tar(opened: tarfile.TarFile) -> Iterator[_Member]:
    while (each := opened.next()) is not None:
        opened.members.clear()  # type: ignore[attr-defined]  # else it keeps a record of every member
        if each.isreg():
            yield _Member(each.name, "file", opened.extractfile(each))
        elif each.isdir():
            yield _Member(each.name, "folder", None)
        elif each.issym() or each.islnk():
            yield _Member(each.name, "link", None)
        else:
            yield _Member(each.name, "a device", None)


def _unzip(archive: Path, writer: "_Writer") -> str | None:
    with zipfile.ZipFile(archive) as opened:
        for each in opened.infolist():
            mode = each.external_attr >> 16
            if each.is_dir():
                writer.write(_Member(each.filename, "folder", None))
            elif stat.S_ISLNK(mode):
                writer.write(_Member(each.filename, "link", None))
            elif mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
                writer.write(_Member(each.filename, "a device", None))
            else:
                with opened.open(each) as content:
                    writer.write(_Member(each.filename, "file", content))
        return _commit(opened.comment.decode("ascii", "replace"))


class _Writer:
    """Writes members below a folder, within bounds."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder = folder
        self._files = limits.files
        self._bytes = limits.disk * _MEGABYTE
        self._limits = limits
        self.links: list[str] = []

    def write(self, member: _Member) -> None:
        """Writes one member. Raises FetchError for what is beyond the bounds or leads out."""
        self._files -= 1
        if self._files < 0:
            raise FetchError("disk", f"the archive holds more than {self._limits.files:,} files")
        parts = _inside(member.name)
        if member.kind == "link":
            self.links.append("/".join(parts))
            return
        path = self._folder.joinpath(*parts)
        if member.kind == "folder":
            path.mkdir(parents=True, exist_ok=True)
        elif member.kind == "file" and member.content is not None and parts:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._copy(member.content, path)
        else:
            raise FetchError("archive", f"the archive holds {member.kind}, {_quoted(member.name)}")

    def _copy(self, content: IO[bytes], path: Path) -> None:
        # No link is ever made below the folder; the flag ensures it again.
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
        with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
            while chunk := content.read(_CHUNK):
                self._bytes -= len(chunk)
                if self._bytes < 0:
                    raise FetchError("disk", f"the archive unpacks to more than {self._limits.disk:,} MB")
                file.write(chunk)


def _inside(name: str) -> tuple[str, ...]:
    """The steps of a member's path. Raises FetchError where they lead out of the archive."""
    text = name.replace("\\", "/")
    parts = tuple(part for part in PurePosixPath(text).parts if part != ".")
    leads_out = text.startswith("/") or ".." in parts or ":" in (parts[0] if parts else "")[1:2]
    if leads_out or "\0" in text:
        raise FetchError("archive", f"the archive holds a path that leads out of it, {_quoted(name)}")
    if len(text) > _LONGEST_PATH or len(parts) > _DEEPEST:
        raise FetchError("archive", f"the archive holds a path that is too long, {_quoted(name)}")
    return parts


def _quoted(name: str) -> str:
    return repr(name if len(name) <= 80 else f"{name[:80]}…")


def _commit(comment: str) -> str | None:
    """The commit that `git archive` notes in what it makes."""
    text = comment.strip()
    hexadecimal = all(letter in "0123456789abcdef" for letter in text)
    return text if len(text) in _COMMIT_LENGTHS and hexadecimal else None


def _only_folder(folder: Path) -> Path:
    """The folder that is the repository: archives of forges hold one folder with everything in it."""
    entries = list(folder.iterdir())
    return entries[0] if len(entries) == 1 and entries[0].is_dir() else folder
