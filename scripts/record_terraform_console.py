"""Records what the real `terraform console` makes of the expressions in tests/data/terraform_console/*.json.

Add an entry with an `expression` to one of the files, then run this script: it fills in `value` (the result
as JSON) or `error`. `open` is kept: why mlwa-lint leaves the result undecided although Terraform knows it.
"""

import base64
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

RECORDS = Path(__file__).resolve().parent.parent / "tests" / "data" / "terraform_console"
FILES = RECORDS / "files"
# The console reads no longer lines than 64 KiB.
_BATCH = 200


class Outcome(NamedTuple):
    """What Terraform makes of an expression: an error, or a value as JSON."""

    error: bool
    value: Any = None


def console(expressions: Sequence[str], folder: Path) -> list[Outcome]:
    """Evaluates all expressions in one console, with `folder` as the working folder."""
    pairs = ",".join(f"[can({text}), try(jsonencode({text}), null)]" for text in expressions)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TF_")}
    done = subprocess.run(
        ["terraform", "console"],
        input=f"base64encode(jsonencode([{pairs}]))\n",
        capture_output=True,
        text=True,
        cwd=folder,
        env={**environment, "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"},
        timeout=120,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    found = json.loads(base64.b64decode(done.stdout.strip().strip('"')))
    # An infinite number works, but has no JSON.
    return [Outcome(False, json.loads(text or "null")) if works else Outcome(True) for works, text in found]


def evaluated(expressions: Sequence[str]) -> list[Outcome]:
    """Evaluates expressions beside a copy of the recorded files, for the console leaves files behind."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "files"
        shutil.copytree(FILES, folder)
        return [
            outcome
            for start in range(0, len(expressions), _BATCH)
            for outcome in console(expressions[start : start + _BATCH], folder)
        ]


def records() -> dict[str, list[dict[str, Any]]]:
    """The entries of every record file, by the file's name."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(RECORDS.glob("*.json"))}


def main() -> None:
    for name, entries in records().items():
        outcomes = evaluated([entry["expression"] for entry in entries])
        for entry, outcome in zip(entries, outcomes, strict=True):
            entry.pop("value", None)
            entry.pop("error", None)
            if outcome.error:
                entry["error"] = True
            else:
                entry["value"] = outcome.value
        lines = ",\n".join("  " + json.dumps(entry, ensure_ascii=False) for entry in entries)
        (RECORDS / f"{name}.json").write_text(f"[\n{lines}\n]\n", "utf-8")


if __name__ == "__main__":
    main()
