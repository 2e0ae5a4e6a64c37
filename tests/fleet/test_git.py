"""Clones are shallow, bounded, and run nothing of what they bring."""

import os
from pathlib import Path

import pytest

from mlwa_lint.fleet import git
from mlwa_lint.fleet.failures import FetchError
from mlwa_lint.fleet.plan import Limits
from tests.support.fleets import commit_all
from tests.support.fleets import git as run_git


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    folder = tmp_path / "origin"
    folder.mkdir()
    (folder / "t.yaml").write_text("Resources: {}\n")
    commit_all(folder)
    return folder


def _address(origin: Path) -> str:
    return f"file://{origin}"


def test_a_clone_has_the_newest_commit_alone(origin: Path, tmp_path: Path) -> None:
    (origin / "t.yaml").write_text("Resources: {A: 1}\n")
    newest = commit_all(origin)
    clone = tmp_path / "clone"
    assert git.clone(_address(origin), clone, Limits()) == newest
    assert run_git("rev-list", "--count", "HEAD", folder=clone) == "1"
    assert (clone / "t.yaml").read_text() == "Resources: {A: 1}\n"


def test_a_given_commit_is_gone_back_to(origin: Path, tmp_path: Path) -> None:
    first = git.head_of(origin)
    (origin / "t.yaml").write_text("Resources: {A: 1}\n")
    commit_all(origin)
    run_git("config", "uploadpack.allowAnySHA1InWant", "true", folder=origin)
    assert git.clone(_address(origin), tmp_path / "clone", Limits(), first) == first
    assert (tmp_path / "clone" / "t.yaml").read_text() == "Resources: {}\n"


def test_neither_hooks_nor_filters_nor_links_do_anything(
    origin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = tmp_path / "mark"
    template = tmp_path / "template" / "hooks"
    template.mkdir(parents=True)
    hook = template / "post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {mark}\n")
    hook.chmod(0o755)
    monkeypatch.setenv("GIT_TEMPLATE_DIR", str(template.parent))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "2")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.hooksPath")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(template))
    monkeypatch.setenv("GIT_CONFIG_KEY_1", "filter.lfs.smudge")
    monkeypatch.setenv("GIT_CONFIG_VALUE_1", f"touch {mark}")
    (origin / ".gitattributes").write_text("*.bin filter=lfs\n")
    (origin / "model.bin").write_text("version https://git-lfs.github.com/spec/v1\n")
    (origin / "link.yaml").symlink_to("/etc/passwd")
    (origin / ".gitmodules").write_text(f'[submodule "s"]\n\tpath = s\n\turl = {_address(origin)}\n')
    commit_all(origin)
    mark.unlink(missing_ok=True)
    clone = tmp_path / "clone"
    git.clone(_address(origin), clone, Limits())
    assert not mark.exists()
    assert not (clone / "link.yaml").is_symlink()
    assert (clone / "link.yaml").read_text() == "/etc/passwd"
    assert not (clone / "s").exists()


@pytest.mark.parametrize("address", ["ext::sh -c true", "--upload-pack=true", "fd::17", "/etc", "svn://x/y"])
def test_other_transports_are_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="not a git address"):
        git.clone(address, tmp_path / "clone", Limits())


def test_not_even_the_environment_allows_transports_that_run_commands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "ext:https")
    assert git._environment()["GIT_ALLOW_PROTOCOL"] == "https"


def test_a_repository_beyond_its_bounds_is_not_checked_out(origin: Path, tmp_path: Path) -> None:
    (origin / "big.bin").write_bytes(os.urandom(1_500_000))
    for number in range(30):
        (origin / f"{number}.yaml").write_text("")
    commit_all(origin)
    for limits, stated in ((Limits(disk=1), "more than 1 MB"), (Limits(files=30), "more than 30 files")):
        clone = tmp_path / f"clone-{limits.disk}"
        with pytest.raises(FetchError, match=stated) as caught:
            git.clone(_address(origin), clone, limits)
        assert caught.value.failure.kind == "disk"
        assert [each.name for each in clone.iterdir()] == [".git"]


def test_messages_of_git_contain_no_credentials(tmp_path: Path) -> None:
    address = "file://user:kettle42@localhost/nowhere.git"
    with pytest.raises(FetchError) as caught:
        git.clone(address, tmp_path / "clone", Limits())
    assert caught.value.failure.kind == "clone"
    assert "kettle42" not in caught.value.failure.message


def test_an_empty_repository_has_no_commit(tmp_path: Path) -> None:
    origin = tmp_path / "origin"
    origin.mkdir()
    run_git("init", "--quiet", folder=origin)
    assert git.clone(_address(origin), tmp_path / "clone", Limits()) is None


def test_a_checkouts_commit_is_read_without_git(origin: Path, tmp_path: Path) -> None:
    commit = run_git("rev-parse", "HEAD", folder=origin)
    assert git.head_of(origin) == commit
    run_git("pack-refs", "--all", folder=origin)
    assert git.head_of(origin) == commit, "also when references are packed"
    run_git("worktree", "add", "--quiet", str(tmp_path / "tree"), folder=origin)
    assert git.head_of(tmp_path / "tree") == commit
    run_git("checkout", "--quiet", "--detach", folder=origin)
    assert git.head_of(origin) == commit
    assert git.head_of(tmp_path) is None


def test_a_hostile_head_reads_nothing_else(origin: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("0" * 40)
    (origin / ".git" / "HEAD").write_text("ref: refs/../../../elsewhere\n")
    assert git.head_of(origin) is None
