"""Records what the real Terraform makes of the module in tests/data/terraform_module: its output `all`."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

MODULE = Path(__file__).resolve().parent.parent / "tests" / "data" / "terraform_module"
RECORD = MODULE / "expected.json"


def recorded() -> Any:
    """The output as JSON."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "module"
        shutil.copytree(MODULE, folder)
        terraform(folder, "init", "-backend=false")
        terraform(folder, "apply", "-auto-approve")
        return json.loads(terraform(folder, "output", "-json", "all"))


def terraform(folder: Path, *arguments: str) -> str:
    """Runs Terraform in a folder and gives what it prints."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TF_")}
    done = subprocess.run(
        ["terraform", *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**environment, "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"},
        timeout=120,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return done.stdout


if __name__ == "__main__":
    RECORD.write_text(json.dumps(recorded(), indent=2, ensure_ascii=False) + "\n", "utf-8")
