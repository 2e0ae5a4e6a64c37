"""TOML that others may have written to do harm."""

import tomllib
from pathlib import Path

import pytest

from mlwa_lint.files.toml import loads
from tests.support.hostile import BUCKET, check, write


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"x = {'[' * 5000}{']' * 5000}", "it is nested too deeply"),
        (f"x = {'{a=' * 5000}1{'}' * 5000}", "it is nested too deeply"),
        (f"{'a.' * 200_000}a = 1", "a key has more than 200 parts"),
        (f"""[{'"a" . ' * 100_000}a]""", "a key has more than 200 parts"),
    ],
)
def test_deep_documents_and_long_keys_are_none(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError, match=message):
        loads(text)
    write(tmp_path / ".mlwa-lint.toml", text)
    write(tmp_path / "t.yaml", BUCKET)
    ended = check(tmp_path, "t.yaml")
    assert ended.code == 2
    assert ended.err == f"mlwa-lint: error: .mlwa-lint.toml: not valid TOML: {message}\n"


def test_other_documents_are_read_as_they_stand() -> None:
    text = f"a.b.c = 'x'\nlong = '{'word ' * 100_000}'\ndots = '{'.' * 1000}'\n"
    assert loads(text) == tomllib.loads(text)
