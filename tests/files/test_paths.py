"""How far sources may look: what the project's folder is where no configuration says so."""

from pathlib import Path

import pytest

from mlwa_lint.files.paths import Folders


def project_folder(folder: str) -> Path:
    return Folders().project(folder)


def make(*names: str) -> None:
    for name in names:
        Path(name).mkdir(parents=True)


def test_a_repository_is_one_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    make("repository/envs/dev", "repository/.git")
    assert project_folder("repository/envs/dev") == tmp_path / "repository"
    monkeypatch.chdir("repository/envs/dev")
    assert project_folder(".") == tmp_path / "repository"


def test_without_a_repository_the_working_folder_is_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    make("envs/dev")
    assert project_folder("envs/dev") == tmp_path


def test_what_lies_elsewhere_is_a_project_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert project_folder(str(elsewhere)) == elsewhere


def test_a_home_folder_is_no_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    make("downloads")
    assert project_folder("downloads") == tmp_path / "downloads"


def test_links_are_followed_wherever_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    make("real/a/b", "other")
    Path("link").symlink_to("real/a")
    Path("real/a/up").symlink_to("../../other")
    folders = Folders()
    assert folders.real("link/b") == str(tmp_path / "real/a/b")
    assert folders.real("link") == str(tmp_path / "real/a")
    assert folders.real("link/up") == str(tmp_path / "other")
    assert folders.real("real/a/../a/b") == str(tmp_path / "real/a/b")
    assert folders.real(".") == str(tmp_path)
