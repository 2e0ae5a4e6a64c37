"""How far sources may look: the project's folder where no configuration sets it."""

from pathlib import Path

import pytest

from mlwa_lint.files.paths import Folders


def project_folder(folder: str, *named: str, configured: Path | None = None) -> Path:
    return Folders().project(folder, named, configured)


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def make(*names: str) -> None:
    for name in names:
        Path(name).mkdir(parents=True)


def test_a_repository_is_one_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make("repository/envs/dev", "repository/.git")
    assert project_folder("repository/envs/dev") == tmp_path / "repository"
    monkeypatch.chdir("repository/envs/dev")
    assert project_folder(".") == tmp_path / "repository"


def test_without_a_repository_the_working_folder_is_the_project(tmp_path: Path) -> None:
    make("envs/dev")
    assert project_folder("envs/dev") == tmp_path


def test_what_lies_elsewhere_is_a_project_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert project_folder(str(elsewhere)) == elsewhere


def test_a_named_folder_is_the_project_of_what_lies_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make("elsewhere/envs/dev", "here")
    monkeypatch.chdir("here")
    elsewhere = tmp_path / "elsewhere"
    named = str(elsewhere)
    assert project_folder(f"{named}/envs/dev", named) == elsewhere
    assert project_folder(f"{named}/envs/dev", f"{named}/envs", named) == elsewhere
    assert project_folder(f"{named}/envs/dev", f"{named}/envs") == elsewhere / "envs"
    monkeypatch.chdir(elsewhere / "envs/dev")
    assert project_folder(".", "../..") == elsewhere
    monkeypatch.chdir(tmp_path)
    assert project_folder("elsewhere/envs/dev", "elsewhere") == tmp_path


def test_a_named_file_does_not_widen_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make("elsewhere/envs/dev", "here")
    Path("elsewhere/envs/dev/main.tf").touch()
    monkeypatch.chdir("here")
    named = str(tmp_path / "elsewhere/envs/dev")
    assert project_folder(named, f"{named}/main.tf") == Path(named)
    assert (
        project_folder(named, f"{named}/main.tf", configured=tmp_path / "elsewhere") == tmp_path / "elsewhere"
    )
    assert project_folder(named, named, configured=tmp_path / "elsewhere") == Path(named)
    assert project_folder(named, configured=tmp_path / "here") == Path(named)


def test_a_link_that_is_named_stands_for_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make("elsewhere/envs/dev", "here")
    Path("here/link").symlink_to("../elsewhere")
    monkeypatch.chdir("here")
    assert project_folder("link/envs/dev", "link") == tmp_path / "elsewhere"


def test_neither_a_home_folder_nor_the_top_is_a_project_though_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make("home/downloads/stack", "here")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.chdir("here")
    stack = tmp_path / "home/downloads/stack"
    assert project_folder(str(stack), str(tmp_path / "home")) == stack
    assert project_folder(str(stack), tmp_path.anchor) == stack
    assert project_folder(str(stack), configured=tmp_path / "home") == stack


def test_a_home_folder_is_no_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    make("downloads")
    assert project_folder("downloads") == tmp_path / "downloads"


def test_links_are_followed_wherever_they_are(tmp_path: Path) -> None:
    make("real/a/b", "other")
    Path("link").symlink_to("real/a")
    Path("real/a/up").symlink_to("../../other")
    folders = Folders()
    assert folders.real("link/b") == str(tmp_path / "real/a/b")
    assert folders.real("link") == str(tmp_path / "real/a")
    assert folders.real("link/up") == str(tmp_path / "other")
    assert folders.real("real/a/../a/b") == str(tmp_path / "real/a/b")
    assert folders.real(".") == str(tmp_path)
