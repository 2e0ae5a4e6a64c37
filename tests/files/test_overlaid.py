"""Contents that an editor holds are read in place of files, whatever way leads to these."""

from pathlib import Path

from mlwa_lint.files.reading import overlaid, read_bytes


def test_overlaid_contents_are_found_through_links_of_files_and_folders(tmp_path: Path) -> None:
    folder = tmp_path.resolve() / "real"
    folder.mkdir()
    for name in ("a.yaml", "b.yaml"):
        (folder / name).write_bytes(b"old")
    (tmp_path / "link.yaml").symlink_to(folder / "a.yaml")
    (tmp_path / "linked").symlink_to(folder)
    with overlaid({str(folder / "a.yaml"): b"new", str(folder / "unsaved.yaml"): b"made"}):
        for path in ("real/a.yaml", "link.yaml", "linked/a.yaml", "linked/../real/a.yaml"):
            assert read_bytes(tmp_path / path, 10) == b"new", path
        assert read_bytes(tmp_path / "linked" / "unsaved.yaml", 10) == b"made"
        assert read_bytes(tmp_path / "linked" / "b.yaml", 10) == b"old"
        (tmp_path / "linked").unlink()
        (tmp_path / "linked").symlink_to(tmp_path)
    with overlaid({str(folder / "a.yaml"): b"new"}):
        assert read_bytes(tmp_path / "linked" / "real" / "a.yaml", 10) == b"new"
    assert read_bytes(folder / "a.yaml", 10) == b"old"
