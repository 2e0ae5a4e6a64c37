"""Untrusted archives: what leads out is refused, links are left out, nothing grows without end."""

import io
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from mlwa_lint.fleet.archives import unpack
from mlwa_lint.fleet.failures import FetchError
from mlwa_lint.fleet.plan import Limits

LIMITS = Limits(disk=2, files=50)


def tar(path: Path, *members: tuple[str, bytes | str, bytes], **options: str) -> Path:
    """An archive of members: name, content (or where a link leads), type."""
    with tarfile.open(path, "w:gz", format=tarfile.PAX_FORMAT, **options) as archive:  # type: ignore[call-overload]
        for name, content, kind in members:
            member = tarfile.TarInfo(name)
            member.type = kind
            if isinstance(content, str):
                member.linkname = content
                archive.addfile(member)
            else:
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
    return path


def refused(archive: Path, into: Path) -> tuple[str, str]:
    into.mkdir()
    with pytest.raises(FetchError) as caught:
        unpack(archive, into, LIMITS)
    return caught.value.failure


def outside(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()} - {"a.tar.gz", "a.zip", "into"}


def test_files_and_folders_are_unpacked(tmp_path: Path) -> None:
    archive = tar(tmp_path / "a.tar.gz", ("api-1/deep/t.yaml", b"x: 1", tarfile.REGTYPE))
    (tmp_path / "into").mkdir()
    found = unpack(archive, tmp_path / "into", LIMITS)
    assert found.folder == tmp_path / "into" / "api-1", "a folder around everything is no part of it"
    assert (found.folder / "deep" / "t.yaml").read_bytes() == b"x: 1"


def test_the_commit_that_git_notes_is_known(tmp_path: Path) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    archive = tmp_path / "a.tar.gz"
    with tarfile.open(archive, "w:gz", pax_headers={"comment": commit}) as opened:
        opened.addfile(tarfile.TarInfo("t.yaml"))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as zipped:
        zipped.writestr("t.yaml", "x")
        zipped.comment = commit.encode()
    for number, path in enumerate((archive, tmp_path / "a.zip")):
        into = tmp_path / f"into{number}"
        into.mkdir()
        assert unpack(path, into, LIMITS).commit == commit


@pytest.mark.parametrize(
    "name", ["../out.yaml", "a/../../out.yaml", "/out.yaml", "a\\..\\..\\out.yaml", "C:/out.yaml"]
)
def test_paths_that_lead_out_are_refused(name: str, tmp_path: Path) -> None:
    archive = tar(tmp_path / "a.tar.gz", (name, b"x", tarfile.REGTYPE))
    kind, message = refused(archive, tmp_path / "into")
    assert (kind, "leads out" in message) == ("archive", True)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as zipped:
        zipped.writestr(name, "x")
    kind, message = refused(tmp_path / "a.zip", tmp_path / "into2")
    assert (kind, "leads out" in message) == ("archive", True)
    assert outside(tmp_path) == {"into2"}


def test_links_are_left_out_so_that_nothing_is_written_through_them(tmp_path: Path) -> None:
    archive = tar(
        tmp_path / "a.tar.gz",
        ("way", "..", tarfile.SYMTYPE),
        ("hard", "/etc/passwd", tarfile.LNKTYPE),
        ("way/out.yaml", b"x", tarfile.REGTYPE),
    )
    into = tmp_path / "into"
    into.mkdir()
    found = unpack(archive, into, LIMITS)
    assert found.links == ("way", "hard")
    assert (into / "way" / "out.yaml").read_bytes() == b"x"
    assert outside(tmp_path) == set()


def test_links_in_zip_files_are_left_out(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as zipped:
        link = zipfile.ZipInfo("way")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        zipped.writestr(link, "/etc/passwd")
    (tmp_path / "into").mkdir()
    assert unpack(tmp_path / "a.zip", tmp_path / "into", LIMITS).links == ("way",)
    assert list((tmp_path / "into").iterdir()) == []


@pytest.mark.parametrize("kind", [tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_devices_are_refused(kind: bytes, tmp_path: Path) -> None:
    archive = tar(tmp_path / "a.tar.gz", ("null", b"", kind))
    assert refused(archive, tmp_path / "into")[0] == "archive"


def _bomb(path: Path) -> None:
    tar(path, ("big.yaml", bytes(3_000_000), tarfile.REGTYPE))


def _many(path: Path) -> None:
    tar(path, *((f"{number}.yaml", b"", tarfile.REGTYPE) for number in range(51)))


@pytest.mark.parametrize(("make", "limit"), [(_bomb, "more than 2 MB"), (_many, "more than 50 files")])
def test_bombs_are_refused(make: Callable[[Path], None], limit: str, tmp_path: Path) -> None:
    make(tmp_path / "a.tar.gz")
    assert refused(tmp_path / "a.tar.gz", tmp_path / "into") == (
        "disk",
        f"the archive {_verb(limit)} {limit}",
    )


def _verb(stated: str) -> str:
    return "holds" if "files" in stated else "unpacks to"


@pytest.mark.parametrize("content", [b"", b"no archive", b"\x1f\x8b" + bytes(40), b"PK\x03\x04" + bytes(40)])
def test_what_is_no_archive_is_broken(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.tar.gz").write_bytes(content)
    kind, message = refused(tmp_path / "a.tar.gz", tmp_path / "into")
    assert kind == "archive"
    assert "broken" in message


def test_an_archive_that_ends_early_is_broken(tmp_path: Path) -> None:
    archive = tar(tmp_path / "a.tar.gz", ("t.yaml", bytes(range(256)) * 4000, tarfile.REGTYPE))
    archive.write_bytes(archive.read_bytes()[:-500])
    assert refused(archive, tmp_path / "into")[0] == "archive"
