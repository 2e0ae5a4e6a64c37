"""Files are written completely or not at all, and never over later changes of others."""

import os
import stat
from pathlib import Path

import pytest

from mlwa_lint.fixes.apply import Unwritten, write


def put(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))
    return str(path)


def test_a_file_is_replaced_with_its_mode(tmp_path: Path) -> None:
    path = put(tmp_path, "a.yaml", "old\r\n")
    Path(path).chmod(0o640)
    assert write({path: "néw\r\n"}, {path: "old\r\n"}, {path: tmp_path}) == ()
    assert Path(path).read_bytes() == "néw\r\n".encode()
    assert stat.S_IMODE(Path(path).stat().st_mode) == 0o640
    assert [each.name for each in tmp_path.iterdir()] == ["a.yaml"]


def test_a_file_that_has_changed_since_is_left_alone(tmp_path: Path) -> None:
    path = put(tmp_path, "a.yaml", "someone else's")
    (left,) = write({path: "new"}, {path: "old"}, {path: tmp_path})
    assert left == Unwritten(path, "it has changed since it was read")
    assert Path(path).read_text("utf-8") == "someone else's"


def test_a_read_only_file_is_left_alone(tmp_path: Path) -> None:
    path = put(tmp_path, "a.yaml", "old")
    Path(path).chmod(0o444)
    assert write({path: "new"}, {path: "old"}, {path: tmp_path}) == (Unwritten(path, "it is read-only"),)
    assert Path(path).read_text("utf-8") == "old"


def test_a_file_that_is_gone_is_not_made_again(tmp_path: Path) -> None:
    path = str(tmp_path / "a.yaml")
    (left,) = write({path: "new"}, {path: "old"}, {path: tmp_path})
    assert left.reason == "No such file or directory"
    assert not Path(path).exists()


def test_a_link_out_of_the_project_is_not_followed(tmp_path: Path) -> None:
    outside = put(tmp_path / "outside", "a.yaml", "old")
    root = tmp_path / "project"
    root.mkdir()
    link = root / "a.yaml"
    link.symlink_to(outside)
    (left,) = write({str(link): "new"}, {str(link): "old"}, {str(link): root})
    assert left.reason == "it is outside the project"
    assert Path(outside).read_text("utf-8") == "old"


def test_a_link_inside_the_project_stays_a_link(tmp_path: Path) -> None:
    path = put(tmp_path, "real/a.yaml", "old")
    link = tmp_path / "a.yaml"
    link.symlink_to(path)
    assert write({str(link): "new"}, {str(link): "old"}, {str(link): tmp_path}) == ()
    assert link.is_symlink()
    assert Path(path).read_text("utf-8") == "new"


@pytest.mark.parametrize("ignored", ["a.yaml", "made/", "*.yaml", "/made/a.yaml"])
def test_what_git_ignores_is_left_alone(tmp_path: Path, ignored: str) -> None:
    (tmp_path / ".git").mkdir()
    put(tmp_path, ".gitignore", f"{ignored}\n")
    path = put(tmp_path, "made/a.yaml", "old")
    assert write({path: "new"}, {path: "old"}, {path: tmp_path}) == (Unwritten(path, "git ignores it"),)
    put(tmp_path, ".gitignore", "other\n")
    assert write({path: "new"}, {path: "old"}, {path: tmp_path}) == ()


def test_a_failure_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path, "a.yaml", "old")

    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    (left,) = write({path: "new"}, {path: "old"}, {path: tmp_path})
    assert left.reason == "No space left on device"
    assert Path(path).read_text("utf-8") == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.yaml"]
