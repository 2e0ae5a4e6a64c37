"""Files, names and outputs that are not as they should be."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.hostile import BUCKET, POSIX, check, check_apart, write

# -- files


def test_files_that_are_too_large(tmp_path: Path) -> None:
    write(tmp_path / "large.yaml", BUCKET + f"# {'x' * 98}\n" * 250_000)
    with tmp_path.joinpath("huge.yaml").open("wb") as file:
        file.write(BUCKET.encode())
        file.truncate(120_000_000)
    write(tmp_path / "good.yaml", BUCKET)
    ended = check(tmp_path, ".", "-q")
    assert ended.err.splitlines() == [
        "huge.yaml: error: is larger than 100 MB and was not read",
        "large.yaml:1: error: is larger than 20 MB; split it into nested stacks",
    ]
    assert ended.code == 2
    assert "good.yaml:2:3" in ended.out


@POSIX
def test_links_in_circles(tmp_path: Path) -> None:
    work = tmp_path / "work"
    write(work / "inner" / "t.yaml", BUCKET)
    write(tmp_path / "outside.yaml", BUCKET.replace("B:", "Outside:"))
    work.joinpath("up").symlink_to("..")
    work.joinpath("self").symlink_to(".")
    work.joinpath("again").symlink_to("inner")
    work.joinpath("x.yaml").symlink_to("x.yaml")
    work.joinpath("nowhere.yaml").symlink_to("missing")
    work.joinpath("out.yaml").symlink_to("../outside.yaml")
    ended = check(work, ".", "-q")
    assert sorted(ended.err.splitlines()) == [
        "nowhere.yaml: error: cannot be read: No such file or directory",
        "out.yaml: warning: is a link to outside the directory and was not read; name it to lint it",
        "x.yaml: error: cannot be read: Too many levels of symbolic links",
    ]
    assert {line.partition(":")[0] for line in ended.out.splitlines()} == {"inner/t.yaml"}
    assert "Outside" in check(work, "out.yaml", "-q").out


@POSIX
def test_pipes_and_devices_are_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    os.mkfifo(tmp_path / "main.tf")
    os.mkfifo(tmp_path / ".gitignore")
    write(tmp_path / "good.yaml", BUCKET)
    ended = check(tmp_path, ".", "-q")
    assert ended.err.splitlines() == ["main.tf: error: cannot be read: it is not a regular file"]
    assert "good.yaml:2:3" in ended.out
    ended = check(tmp_path, "pipe.yaml")
    assert ended.err.splitlines() == ["pipe.yaml: error: is neither a file nor a folder"]


@POSIX
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="nothing is unreadable to root")
def test_unreadable_files_and_folders(tmp_path: Path) -> None:
    write(tmp_path / "t.yaml", BUCKET)
    write(tmp_path / "locked" / "u.yaml", BUCKET)
    write(tmp_path / "good.yaml", BUCKET)
    tmp_path.joinpath("t.yaml").chmod(0)
    tmp_path.joinpath("locked").chmod(0)
    ended = check(tmp_path, ".", "-q")
    tmp_path.joinpath("locked").chmod(0o700)
    assert ended.err.splitlines() == [
        "locked: error: cannot be read: Permission denied",
        "t.yaml: error: cannot be read: Permission denied",
    ]
    assert ended.code == 2
    assert "good.yaml:2:3" in ended.out


@POSIX
@pytest.mark.parametrize("form", ["text", "json", "sarif", "junit", "github", "gitlab", "markdown", "csv"])
def test_names_of_all_kinds(tmp_path: Path, form: str) -> None:
    names = ["a b\nc.yaml", "caf\udce9.yaml", "\x1b[31mred.yaml", "-q.yaml", "%0A::error.yaml"]
    for name in names:
        write(tmp_path / name, BUCKET)
    ended = check(tmp_path, ".", "--format", form)
    assert (ended.code, ended.err) == (1, "")
    assert "\x1b" not in ended.out
    assert ended.out.encode("utf-8")  # nothing in it is outside of Unicode
    if form == "json":
        paths = {finding["path"] for finding in json.loads(ended.out)["findings"]}
        assert len(paths) == len(names)


@POSIX
def test_a_file_that_changes_while_it_is_read(tmp_path: Path) -> None:
    """It is read as it was or as it is, or reported as broken; never half with half."""
    path = tmp_path / "t.yaml"
    write(path, BUCKET)
    program = f"""
import time
end = time.time() + 2
while time.time() < end:
    open({str(path)!r}, "w").write({BUCKET!r})
    open({str(path)!r}, "w").write({BUCKET!r} + "#" * 100_000)
"""
    writer = subprocess.Popen([sys.executable, "-c", program])
    try:
        for _ in range(6):
            assert check(tmp_path, ".", "-q").code in (0, 1, 2)
    finally:
        writer.kill()
        writer.wait()


@POSIX
@pytest.mark.parametrize("name", [".mlwa-lint.toml", "pyproject.toml", ".gitignore"])
@pytest.mark.parametrize("kind", ["terabyte", "pipe", "device", "folder", "binary"])
def test_configuration_that_is_no_configuration(tmp_path: Path, name: str, kind: str) -> None:
    write(tmp_path / "t.yaml", BUCKET)
    path = tmp_path / name
    if kind == "terabyte":
        path.touch()
        os.truncate(path, 1 << 40)
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "folder":
        path.mkdir()
    else:
        path.write_bytes(b"\xff\x00mlwa-lint\x00")
    ended = check(tmp_path, ".", "-q")
    ours = name == ".mlwa-lint.toml" or (name == "pyproject.toml" and kind == "binary")
    refused = ours and kind in ("terabyte", "binary")
    assert ended.code == (2 if refused else 1)
    assert len(ended.err.splitlines()) == (1 if refused else 0)
    for option in ("--config", "--baseline", "--parameters"):
        if name != ".gitignore":
            assert check(tmp_path, "t.yaml", option, name).code == 2


@POSIX
def test_folders_a_thousand_deep(tmp_path: Path) -> None:
    """More of them than paths may be long are reported as unreadable; the others are linted."""
    here = os.open(tmp_path, os.O_RDONLY)
    template = tmp_path / "t.yaml"
    write(template, BUCKET)
    for _ in range(2000):
        os.mkdir("a", dir_fd=here)
        below = os.open("a", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    try:
        write(tmp_path.joinpath(*["a"] * 900) / "t.yaml", f"{BUCKET}# Another template.\n")
        ended = check(tmp_path, ".", "-q")
        assert ended.code in (1, 2)
        assert sum(line.count("bucket-public-access") for line in ended.out.splitlines()) == 2
        assert len(ended.err.splitlines()) <= 1
    finally:
        subprocess.run(["rm", "-rf", "a"], cwd=tmp_path, check=True)  # shutil walks with recursion


MANY = 10_000


def test_tens_of_thousands_of_suppression_comments(tmp_path: Path) -> None:
    resources = "".join(f"  B{n}:\n    Type: AWS::S3::Bucket\n" for n in range(500))
    repeated = "# mlwa: ignore[MLS301] -- why\n" * MANY
    write(tmp_path / "top.yaml", f"Resources:\n{repeated}{resources}")
    each = "".join(
        f"  # mlwa: ignore[MLS301]\n  B{n}:\n    Type: AWS::S3::Bucket # mlwa: ignore[MLS303]\n"
        for n in range(2000)
    )
    write(tmp_path / "each.yaml", f"Resources:\n{each}")
    blocks = "".join(
        f"# mlwa: ignore[MLS301]\nlocals {{\n  a{n} = 1 # mlwa: ignore\n}}\n" for n in range(5000)
    )
    write(tmp_path / "main.tf", blocks + 'resource "aws_s3_bucket" "b" {}\n')
    assert check(tmp_path, ".", "-q").code == 1


def test_tens_of_thousands_of_selectors(tmp_path: Path) -> None:
    named = ",".join(f"MLS{n:05}" for n in range(MANY))
    write(tmp_path / "t.yaml", f"# mlwa: ignore-file[{named}]\n{BUCKET}")
    ended = check(tmp_path, "t.yaml", "--severity", "info", "-q")
    assert ended.out.count("MLO901") == MANY
    many = [argument for n in range(3000) for argument in ("--ignore", f"MLS{101 + n % 3}")]
    assert check(tmp_path, "t.yaml", "-q", *many).code == 1


HOSTILE_NAMES = ["a\0b", "\ud800", "x" * 5000, "\udcff/\udc00", "/dev/zero", "/dev/kmsg", "/proc/self/mem"]


@POSIX
@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_paths_in_sources_that_are_no_paths(tmp_path: Path, name: str) -> None:
    quoted = json.dumps(name)
    write(
        tmp_path / "t.json",
        json.dumps(
            {
                "Resources": {
                    "S": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": name}},
                    "M": {
                        "Type": "AWS::StepFunctions::StateMachine",
                        "Properties": {"DefinitionUri": name, "DefinitionS3Location": name, "RoleArn": "x"},
                    },
                }
            }
        ),
    )
    write(
        tmp_path / "m" / "main.tf",
        f"""\
module "a" {{
  source = {quoted}
}}
locals {{
  a = file({quoted})
  b = fileset({quoted}, {quoted})
  c = templatefile({quoted}, {{}})
  d = fileexists({quoted})
  e = filebase64sha256({quoted})
}}
resource "aws_s3_bucket" "b" {{
  bucket = "${{local.a}}${{local.c}}${{local.d}}${{local.e}}"
  tags   = {{ for f in local.b : f => f }}
}}
""",
    )
    manifest = {"Modules": [{"Key": "a", "Source": name, "Dir": name}, {"Key": 5, "Dir": []}, None, "x"]}
    write(tmp_path / "m" / ".terraform" / "modules" / "modules.json", json.dumps(manifest))
    artifacts = {
        "S": {"type": "aws:cloudformation:stack", "properties": {"templateFile": name}},
        "A": {"type": "cdk:asset-manifest", "properties": {"file": name}},
        "B": None,
        "C": {"type": 5},
    }
    write(tmp_path / "cdk.out" / "manifest.json", json.dumps({"version": "36.0.0", "artifacts": artifacts}))
    ended = check(tmp_path, ".", "--show-undecided")
    assert ended.code in (0, 1, 2)


def test_files_that_vanish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import mlwa_lint.run.pipeline
    from mlwa_lint.discovery.search import discover
    from mlwa_lint.discovery.target import Target
    from mlwa_lint.frontends.options import LoadOptions
    from mlwa_lint.run.pipeline import lint_target
    from mlwa_lint.run.settings import RunSettings

    monkeypatch.chdir(tmp_path)
    write(tmp_path / "t.yaml", BUCKET)
    write(
        tmp_path / "plan.json", '{"format_version": "1.0", "terraform_version": "1.0", "planned_values": {}}'
    )
    write(tmp_path / "m" / "main.tf", "locals {}\n")
    targets = discover(["."]).targets
    assert {target.kind for target in targets} == {"cloudformation", "plan", "terraform"}
    for path in ("t.yaml", "plan.json", "m/main.tf"):
        tmp_path.joinpath(path).unlink()
    tmp_path.joinpath("m").rmdir()
    for target in (*targets, Target("cdk", "gone")):
        report = lint_target(target, RunSettings((), LoadOptions()))
        assert not report.errors
        assert ["cannot be read" in problem.message for problem in report.problems] == [True]
    assert mlwa_lint.run.pipeline.lint_paths([], lambda _: RunSettings((), LoadOptions())).problems == ()


# -- outputs


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_full_disk(tmp_path: Path, form: str) -> None:
    write(tmp_path / "t.yaml", BUCKET)
    with Path("/dev/full").open("wb") as full:
        ended = check_apart(tmp_path, "t.yaml", "--format", form, stdout=full)
    assert ended.code == 2
    assert ended.err.splitlines() == ["mlwa-lint: error: cannot write the output: No space left on device"]
    ended = check(tmp_path, "t.yaml", "--format", f"{form}:/dev/full", "--format", "json")
    assert ended.code == 2
    assert "cannot write /dev/full: No space left on device" in ended.err


@POSIX
def test_a_closed_pipe(tmp_path: Path) -> None:
    write(
        tmp_path / "t.yaml",
        "Resources:\n" + "".join(f"  B{n}:\n    Type: AWS::S3::Bucket\n" for n in range(300)),
    )
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as pipe:
        ended = check_apart(tmp_path, "t.yaml", stdout=pipe)
    assert (ended.code, ended.err) == (1, "")
