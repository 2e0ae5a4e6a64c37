"""Command lines that are read without click give what click makes of them, or are left to it."""

from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlwa_lint.cli.app import invoke
from mlwa_lint.cli.checking import check
from mlwa_lint.cli.options import CHECK, Option
from mlwa_lint.cli.quick import read

_SPELLINGS = [each for option in CHECK for each in option.spellings if each.startswith("-")]
_WORDS = [
    *_SPELLINGS,
    *(
        "--severity=low",
        "--jobs=2",
        "--jobs=",
        "--color=",
        "--fix=yes",
        "--select=",
        "--var=a=b",
        "--hel",
        "-qv",
    ),
    *("high", "info", "ml", "auto", "rule", "json:out", "template.yaml", "missing", ".", "", "-", "--", "-x"),
    *("1", "0", "+1", "1_0", "02", "9" * 30, "١", "a b", "bücher", "\udc80", "-1", "machine-learning"),
]


def by_click(arguments: list[str]) -> object:
    """The parameters that click reads; None where it prints something instead."""
    try:
        context = check.make_context("check", list(arguments))
    except (click.ClickException, click.exceptions.Exit):
        return None
    options = dict(context.params)
    return options.pop("paths"), options.pop("formats"), options


@given(st.lists(st.sampled_from(_WORDS), max_size=7))
def test_what_is_read_is_what_click_reads(words: list[str]) -> None:
    quick = read(["check", *words])
    assert quick is None or quick == by_click(words)


@pytest.mark.parametrize("option", CHECK, ids=lambda option: option.name)
def test_every_option_is_read(option: Option) -> None:
    spelling, name = option.spellings[0], option.name
    values = {"flag": (), "number": ("3",)}.get(option.kind, ("missing",))
    words = [spelling, *(option.choices[:1] or values), "folder"]
    quick = read(["check", *words])
    assert quick is not None
    assert quick == by_click(words)
    paths, formats, options = quick
    assert paths == ("folder",)
    assert formats if name == "formats" else options[name]


@pytest.mark.parametrize(
    "words",
    [
        ["rules"],
        ["check", "--help"],
        ["check", "--", "a"],
        ["check", "--select"],
        ["check", "--select", "-q"],
        ["check", "--severity", "huge"],
        ["check", "--jobs", "0"],
        ["check", "-qv"],
        ["check", "a\0b"],
        [],
    ],
)
def test_what_is_unusual_is_left_to_click(words: list[str]) -> None:
    assert read(words) is None


def test_a_path_that_cannot_be_read_is_left_to_click(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    assert read(["check", str(tmp_path)]) is None
    assert read(["check", str(tmp_path / "missing")]) is not None


def test_completion_is_left_to_click(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_MLWA_LINT_COMPLETE", "bash_complete")
    assert read(["check"]) is None


def test_both_ways_end_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    tmp_path.joinpath("t.yaml").write_text("Resources:\n  Data:\n    Type: AWS::S3::Bucket\n")
    for words in (
        ["t.yaml"],
        ["missing.yaml", "t.yaml"],
        ["t.yaml", "--select", "XYZ"],
        ["t.yaml", "--format", "none"],
        ["t.yaml", "--baseline", "missing.json"],
        ["t.yaml", "-v"],
    ):
        ends = []
        for arguments in (["check", "--no-cache", *words], ["check", "--no-cache", "--", *words]):
            if "--" in arguments:
                options = words[next((i for i, word in enumerate(words) if word[0] == "-"), len(words)) :]
                paths = words[: len(words) - len(options)]
                arguments = ["check", "--no-cache", *options, "--", *paths]
            assert (read(arguments) is None) == ("--" in arguments)
            ends.append((invoke(arguments), *capfd.readouterr()))
        assert ends[0] == ends[1]
