"""What command lines and lists name becomes repositories with names of their own."""

from pathlib import Path

import fsspec
import pytest

from mlwa_lint.errors import UserError
from mlwa_lint.fleet.git import without_credentials
from mlwa_lint.fleet.sources import repositories


def _names(*sources: str) -> list[str]:
    return [each.name for each in repositories(sources)]


def test_checkouts_are_the_folders_with_git(tmp_path: Path) -> None:
    for name in ("org/api/.git", "org/web/.git", "org/web/nested/.git", "notes"):
        (tmp_path / name).mkdir(parents=True)
    assert _names(str(tmp_path)) == ["org/api", "org/web"]


def test_without_git_each_folder_is_a_checkout(tmp_path: Path) -> None:
    for name in ("api/src", "web", ".cache"):
        (tmp_path / name).mkdir(parents=True)
    assert _names(str(tmp_path)) == ["api", "web"]


def test_a_dataset_beside_the_checkouts_is_none_of_them(tmp_path: Path) -> None:
    for name in ("api", "fleet/scans", "fleet/findings", "begun/_unfinished"):
        (tmp_path / name).mkdir(parents=True)
    assert _names(str(tmp_path)) == ["api"]


def test_a_checkout_that_is_named_itself_is_one_repository(tmp_path: Path) -> None:
    (tmp_path / "api" / ".git").mkdir(parents=True)
    assert _names(str(tmp_path / "api")) == ["api"]


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "here" / "api").mkdir(parents=True)
    (tmp_path / "here" / "link").symlink_to(tmp_path)
    assert _names(str(tmp_path / "here")) == ["api"]


def test_a_list_has_addresses_owners_and_labels(tmp_path: Path) -> None:
    (tmp_path / "fleet.csv").write_text(
        "# our repositories\n"
        "https://token:x@github.com/acme/api.git,vision,gold,eu\n"
        "git@github.com:acme/web.git\n"
        "\n"
        "checkouts/notes,data\n"
        "dumps/old.tar.gz,,archived\n"
    )
    found = repositories([str(tmp_path / "fleet.csv")])
    assert [(each.name, each.kind, each.owner, each.labels) for each in found] == [
        ("checkouts/notes", "folder", "data", ()),
        ("dumps/old", "archive", None, ("archived",)),
        ("github.com/acme/api", "git", "vision", ("eu", "gold")),
        ("github.com/acme/web", "git", None, ()),
    ]
    assert found[0].address == str(tmp_path / "checkouts" / "notes"), "paths start from the list's folder"


def test_a_heading_names_the_columns(tmp_path: Path) -> None:
    (tmp_path / "fleet.csv").write_text("path,tier,owner,name,labels\napi,gold,vision,the-api,a;b\n")
    (found,) = repositories([str(tmp_path / "fleet.csv")])
    assert (found.name, found.owner, found.labels) == ("the-api", "vision", ("a", "b", "tier=gold"))


def test_a_repository_that_is_named_twice_is_one(tmp_path: Path) -> None:
    (tmp_path / "api").mkdir()
    (tmp_path / "fleet.csv").write_text("api\napi,again\n")
    assert _names(str(tmp_path / "fleet.csv")) == ["api"]


def test_different_repositories_of_one_name_are_distinguished(tmp_path: Path) -> None:
    for name in ("a/api", "b/api"):
        (tmp_path / name).mkdir(parents=True)
    assert _names(str(tmp_path / "a"), str(tmp_path / "b")) == ["api", "api#2"]


@pytest.mark.parametrize(
    ("line", "stated"),
    [
        ("ext::sh -c touch% /tmp/x", "not a git address that is cloned"),
        ("--upload-pack=touch /tmp/x", "neither a path nor a git address"),
        ("svn://example.com/x", "neither a git address that is cloned nor an archive"),
        (",owner", "neither a path nor a git address"),
    ],
)
def test_what_would_run_something_is_refused_with_its_line(line: str, stated: str, tmp_path: Path) -> None:
    (tmp_path / "fleet.csv").write_text(f"api\n{line}\n")
    with pytest.raises(UserError) as caught:
        repositories([str(tmp_path / "fleet.csv")])
    assert stated in caught.value.message
    assert "fleet.csv:2" in caught.value.message


def test_an_empty_source_is_reported(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no repositories"):
        repositories([str(tmp_path)])
    with pytest.raises(UserError, match="no such folder"):
        repositories([str(tmp_path / "gone")])
    (tmp_path / "checkouts" / "one").mkdir(parents=True)
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match="empty: no repositories"):
        repositories([str(tmp_path / "checkouts"), str(tmp_path / "empty")])


def test_archives_of_an_object_store_are_found() -> None:
    system = fsspec.filesystem("memory")
    for name in ("dumps/b/web.zip", "dumps/a/web.tar.gz", "dumps/readme.md"):
        system.pipe_file(f"/{name}", b"x")
    found = repositories(["memory://dumps/*/*"])
    assert [(each.name, each.address) for each in found] == [
        ("a/web", "memory:///dumps/a/web.tar.gz"),
        ("b/web", "memory:///dumps/b/web.zip"),
    ]


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://user:s3cr3t@example.com/a.git?x=1", "https://example.com/a.git"),
        ("https://token@example.com/a.git", "https://example.com/a.git"),
        ("ssh://git:s3cr3t@example.com/a.git", "ssh://git@example.com/a.git"),
        ("git@example.com:a.git", "git@example.com:a.git"),
    ],
)
def test_addresses_are_shown_without_credentials(address: str, shown: str) -> None:
    assert without_credentials(address) == shown
