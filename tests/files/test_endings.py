"""Files of a project that are named by a place in S3."""

import json
from pathlib import Path

import pytest

from mlwa_lint.files import below, notebooks
from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.keeping import Kept, keeping
from mlwa_lint.files.notebooks import code_of


def project(folder: Path, *names: str) -> ProjectFiles:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return ProjectFiles(folder)


def test_the_only_file_that_ends_like_a_key_is_found(tmp_path: Path) -> None:
    files = project(tmp_path, "assets/train.json", "other.json")
    for key in ("train.json", "assets/train.json", "solution/v1.2/assets/train.json", "/else/train.json"):
        assert files.ending_like(key) == tmp_path / "assets/train.json"


def test_of_several_files_the_one_with_more_of_the_folders_is_meant(tmp_path: Path) -> None:
    files = project(tmp_path, "a/flows/x.json", "b/flows/x.json", "c/x.json")
    assert files.ending_like("bucket/b/flows/x.json") == tmp_path / "b/flows/x.json"
    assert files.ending_like("flows/x.json") is None
    assert files.ending_like("x.json") is None


def test_of_several_that_fit_as_well_the_nearest_is_meant(tmp_path: Path) -> None:
    files = project(
        tmp_path, "one/main.yaml", "one/flows/x.json", "other/flows/x.json", "y.json", "one/a/y.json"
    )
    assert files.ending_like("s3/x.json", near=tmp_path / "one") == tmp_path / "one/flows/x.json"
    assert files.ending_like("flows/x.json", near=tmp_path / "other/src") == tmp_path / "other/flows/x.json"
    assert files.ending_like("flows/x.json", near=tmp_path / "third") is None
    assert files.ending_like("a/y.json", near=tmp_path) == tmp_path / "one/a/y.json"
    assert files.ending_like("y.json", near=tmp_path / "one") == tmp_path / "one/a/y.json"
    files = project(tmp_path, "one/b/x.json")
    assert files.ending_like("x.json", near=tmp_path / "one") is None


def test_a_leading_question_is_left_out(tmp_path: Path) -> None:
    files = project(tmp_path, "t.yaml", "nested/t.yaml")
    assert files.ending_like("s3/t.yaml", [tmp_path / "t.yaml"]) == tmp_path / "nested/t.yaml"


@pytest.mark.parametrize("key", ["", "/", "..", "a/../t.yaml", "t.yaml\0", "\udce4", "no.yaml", "node.json"])
def test_keys_of_no_file(tmp_path: Path, key: str) -> None:
    files = project(tmp_path, "t.yaml", "node_modules/node.json", ".git/node.json")
    assert files.ending_like(key) is None


def test_a_project_that_is_too_large_has_no_only_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(below, "ENTRIES_LIMIT", 3)
    assert project(tmp_path / "small", "a", "b", "c").ending_like("a") == tmp_path / "small/a"
    assert project(tmp_path / "large", "a", "b", "c", "d").ending_like("a") is None


def test_links_are_not_followed(tmp_path: Path) -> None:
    files = project(tmp_path / "project", "t.yaml")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/x.json").touch()
    (tmp_path / "project/link").symlink_to(tmp_path / "outside")
    (tmp_path / "project/y.json").symlink_to(tmp_path / "outside/x.json")
    assert files.ending_like("x.json") is None
    assert files.ending_like("y.json") is None


def test_what_a_notebook_holds_is_found_out_once_while_it_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(code: str) -> None:
        cells = [{"cell_type": "code", "source": [code]}]
        (tmp_path / "a.ipynb").write_text(json.dumps({"cells": cells}))

    read: list[bytes] = []

    def noted(content: bytes) -> list[str]:
        read.append(content)
        return code_of(content)

    monkeypatch.setattr(notebooks, "code_of", noted)

    def content() -> bytes:
        found = ProjectFiles(tmp_path).texts()
        assert found is not None
        return found["a.ipynb",].content

    with keeping(Kept()):
        write("one()")
        assert [content(), content()] == [b"one()", b"one()"]
        assert len(read) == 1
        write("two()")
        assert [content(), content()] == [b"two()", b"two()"]
        assert len(read) == 2
    assert content() == b"two()"
    assert len(read) == 3
