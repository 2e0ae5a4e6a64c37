"""The fuzzer itself: that it tries all kinds, reports what it finds, and finds nothing in a moment."""

import os
import random
import subprocess
import sys
from pathlib import Path

from fuzz.mutate import mutated_text, mutated_tree

ROOT = Path(__file__).parent.parent.parent


def test_mutants_of_one_seed_are_the_same_and_those_of_another_are_others() -> None:
    trees = [{"Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "x"}}}}]
    text = 'resource "aws_s3_bucket" "b" {\n  bucket = "x"\n}\n'
    made = [mutated_tree(trees[0], trees, random.Random(seed)) for seed in (1, 1, 2)]
    assert made[0] == made[1] != made[2]
    assert trees == [{"Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "x"}}}}]
    texts = [mutated_text(text, [text], random.Random(seed)) for seed in (1, 1, 3)]
    assert texts[0] == texts[1] != texts[2]


def test_it_tries_all_kinds_and_finds_nothing_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "fuzz/mutate.py", "--seconds", "1", "--seed", "1", "--finds", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("seed 1: ")
    assert " 0 finds" in done.stdout


def test_runs_with_the_same_seed_report_the_same(tmp_path: Path) -> None:
    """Whatever the order of sets: inputs made of the files of another folder as well."""
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "main.tf").write_text('resource "aws_s3_bucket" "extra" {}\n', "utf-8")
    (folder / "notes.json").write_text('{"notes": [1]}', "utf-8")
    found = []
    for number in ("1", "2"):
        reports = tmp_path / number
        command = [sys.executable, "fuzz/mutate.py", "--seconds", "1", "--seed", "7", "--files", str(folder)]
        command += ["--finds", str(tmp_path / "finds"), "--reports", str(reports), "module", "template"]
        environment = {**os.environ, "PYTHONHASHSEED": number}
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, timeout=300)
        found.append(reports.read_text("utf-8").splitlines())
    several = min(map(len, found))
    assert several > 0
    assert found[0][:several] == found[1][:several]
    assert not (tmp_path / "finds").exists()
