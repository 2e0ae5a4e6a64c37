"""Reports how much of the program the tests run, and fails below the floors.

    coverage run -m pytest -n auto; coverage combine; python scripts/check_coverage.py

coverage's own `fail_under` knows one figure, of lines and branches together.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

LINES, BRANCHES = 95.0, 90.0


def shares(totals: Mapping[str, int]) -> tuple[float, float]:
    """The percentages of lines and of branches that were run."""
    lines = 100 * totals["covered_lines"] / totals["num_statements"]
    branches = 100 * totals["covered_branches"] / totals["num_branches"]
    return lines, branches


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        command = [sys.executable, "-m", "coverage", "json", "--quiet", "-o", str(report)]
        subprocess.run(command, check=True)
        lines, branches = shares(json.loads(report.read_text("utf-8"))["totals"])
    print(f"{lines:.2f} percent of lines (at least {LINES:g}), {branches:.2f} of branches ({BRANCHES:g})")
    return int(lines < LINES or branches < BRANCHES)


if __name__ == "__main__":
    sys.exit(main())
