"""The text of a handler in an archive of the repository, without the code that it was packed from."""

import io
import struct
import zipfile
import zlib
from functools import partial
from pathlib import Path

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.paths import inside
from mlwa_lint.files.reading import read_bytes

ARCHIVE_SIZE_LIMIT = 5_000_000
PROGRAM_SIZE_LIMIT = 1_000_000
# Of the list of an archive's members: some ten thousand of them.
LIST_SIZE_LIMIT = 1_000_000
_END, _END_SIZE, _LONG_END = b"PK\x05\x06", 22, b"PK\x06\x07"
_LONGEST_COMMENT = 65_535
_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# NotImplementedError and what is encrypted are among the errors of run time.
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError)


def program_in(archive: Path, name: str, files: ProjectFiles | None) -> str | None:
    """The text of a member of an archive below the root of a repository; None where it cannot be read."""
    if files is None or files.root is None or archive.suffix != ".zip" or inside(archive, files.root) is None:
        return None
    return files.kept((program_in, archive, name), partial(_read, archive, name))


def _read(archive: Path, name: str) -> str | None:
    try:
        content = read_bytes(archive, ARCHIVE_SIZE_LIMIT)
        if not _has_short_list(content):
            return None
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            member = opened.getinfo(name)
            if member.compress_type not in _READABLE or member.file_size > PROGRAM_SIZE_LIMIT:
                return None
            with opened.open(member) as stream:
                held = stream.read(PROGRAM_SIZE_LIMIT + 1)
        return held.decode("utf-8-sig").replace("\r\n", "\n") if len(held) <= PROGRAM_SIZE_LIMIT else None
    except (*_BROKEN, KeyError):
        return None


def _has_short_list(content: bytes) -> bool:
    """Whether the list of an archive's members is short enough to be read: each of them takes memory."""
    at = content.rfind(_END, max(0, len(content) - _LONGEST_COMMENT - _END_SIZE))
    if at < 0 or _LONG_END in content[max(0, at - _END_SIZE) : at]:
        return False
    return int.from_bytes(content[at + 12 : at + 16], "little") <= LIST_SIZE_LIMIT


__all__ = ["program_in"]
