"""Edits of texts that are written in other ways: other parsers read the old content, and what was wanted."""

import json
import random
import re
import shutil
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml.error import YAMLError

from mlwa_lint.fixes import Fix, by_path, edited
from mlwa_lint.fixes.propose import choices_of, propose
from mlwa_lint.run.pipeline import lint
from mlwa_lint.run.session import Session
from tests.support.fixing import CONFIGURATION, session_of, with_changes
from tests.support.oracles import differences, read
from tests.support.rewriting import BY_ENDING, rewritten
from tests.support.rule_examples import Example

SEEDS = range(8)
# So many rewritten examples have a fix for each seed, which takes every second one; 1,000 in all.
AT_LEAST = 130
# The values of the configuration, by the names that fixes use: a `subnet` is one of its `subnets`.
GIVEN = {each.removesuffix("s"): value for each, value in tomllib.loads(CONFIGURATION)["fix"].items()}


def rewritable() -> list[Example]:
    """The examples with something to fix that are a single file."""
    return [each for each in with_changes() if each.path.suffix in BY_ENDING and each.path.is_file()]


def wanted_names(wanted: Any) -> Iterator[str]:
    if isinstance(wanted, dict):
        for key, value in wanted.items():
            yield key
            yield from wanted_names(value)
    elif isinstance(wanted, list):
        for each in wanted:
            yield from wanted_names(each)


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for each in value.values():
            yield from leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each)
    else:
        yield value


def plain(value: Any) -> str:
    """A value as text, however a parser keeps quotes and truth values."""
    return str(value).strip("\"'").lower()


def expect_only_what_was_wanted(fix: Fix, old: Any, new: Any) -> None:
    intent = fix.finding.fix
    assert intent is not None
    wanted = json.loads(intent.wanted)
    names = set(wanted_names(wanted)) | {"Properties"}
    names |= {f'"{each}"' for each in names}
    found = list(differences(old, new))
    assert found, "nothing changed"
    if intent.kind == "add":
        assert all("Bucket" in str(path) or "bucket" in str(path) or "+" in path for path, _, _ in found)
        return
    values = {plain(each) for each in leaves(wanted)}
    configured = re.findall(r"\$\{([\w-]+)\}", intent.wanted)
    values |= {plain(each) for name in configured for each in leaves(GIVEN[name.removesuffix("s")])}
    for path, before, after in found:
        if isinstance(after, str) and "jsonencode(" in after:
            new_words = Counter(re.findall(r"[\w.:/-]+", after)) - Counter(re.findall(r"[\w.:/-]+", before))
            assert {plain(each) for each in new_words} <= values | {each.lower() for each in names}
            continue
        is_sibling = any(str(each).strip('"').startswith("aws_") for each in names)
        assert names & {str(each) for each in path} or (
            isinstance(after, dict) and (is_sibling or set(after) & names)
        ), (path, before, after)
        if intent.kind != "remove" and not configured and not is_sibling:
            assert {plain(each) for each in leaves(after)} <= values | {plain(before)}, (path, after)


@pytest.mark.parametrize("seed", SEEDS)
def test_only_what_was_wanted_changes(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    examples = rewritable()[seed % 2 :: 2]
    chance.shuffle(examples)
    sessions: dict[str, Session] = {}
    checked = 0
    for number, example in enumerate(examples):
        text = rewritten(example.path.suffix, example.path.read_text("utf-8"), chance)
        ending = ".json" if text.lstrip("\ufeff")[:1] == "{" else example.path.suffix
        folder = tmp_path / str(number)
        folder.mkdir()
        place = folder / f"example{ending}"
        place.write_bytes(text.encode("utf-8"))
        if example.code not in sessions:
            sessions[example.code] = session_of(tmp_path, example.code)
        session = sessions[example.code]
        linted = lint(session, [str(place)], "")
        fixes = [each for each in propose(linted.result.findings, choices_of(session)) if each.edits]
        try:
            old, is_read = (read(place.name, text), True) if fixes else (None, False)
        except YAMLError:
            old, is_read = None, False  # the oracle does not know all of YAML 1.1
        for fix in fixes:
            for path, edits in by_path([fix]).items():
                assert Path(path).resolve() == place
                new = edited(text, edits)
                assert text.startswith("\ufeff") == new.startswith("\ufeff")
                assert ("\r\n" in text) == ("\r\n" in new)
                if "\r\n" in text:
                    assert new.count("\n") == new.count("\r\n")
                if is_read:
                    expect_only_what_was_wanted(fix, old, read(place.name, new))
                    checked += 1
        shutil.rmtree(folder)  # the next one is linted without all before it beside it
    assert checked >= AT_LEAST


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_the_finding_is_gone_and_nothing_new_appears(seed: int, tmp_path: Path) -> None:
    from tests.support.fixing import fixed

    chance = random.Random(1000 + seed)
    examples = chance.sample(rewritable(), 70)
    made = dropped = 0
    for number, example in enumerate(examples):
        text = rewritten(example.path.suffix, example.path.read_text("utf-8"), chance)
        ending = ".json" if text.lstrip("\ufeff")[:1] == "{" else example.path.suffix
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / f"example{ending}").write_bytes(text.encode("utf-8"))
        settled = fixed(folder, example.code).settled
        made += len(settled.made)
        dropped += len(settled.dropped)
    assert made >= 40
    assert dropped <= 2
