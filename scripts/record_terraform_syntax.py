"""Records which texts of tests/data/terraform_syntax.json the real Terraform takes for valid syntax.

Add an entry with a `text`, then run this script. `lenient` is kept: we read it although Terraform refuses it.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

RECORD = Path(__file__).resolve().parent.parent / "tests" / "data" / "terraform_syntax.json"


def valid(text: str) -> bool:
    """Whether `terraform fmt` accepts a text."""
    done = subprocess.run(
        ["terraform", "fmt", "-"],
        input=text,
        capture_output=True,
        text=True,
        env={**os.environ, "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"},
        timeout=60,
        check=False,
    )
    return done.returncode == 0


def entries() -> list[dict[str, Any]]:
    """The recorded entries."""
    found: list[dict[str, Any]] = json.loads(RECORD.read_text("utf-8"))
    return found


if __name__ == "__main__":
    recorded = [{**entry, "valid": valid(entry["text"])} for entry in entries()]
    lines = ",\n".join("  " + json.dumps(entry, ensure_ascii=False) for entry in recorded)
    RECORD.write_text(f"[\n{lines}\n]\n", "utf-8")
