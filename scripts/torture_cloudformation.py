"""Reads many templates and reports what became of them: no internal error, no file skipped without a notice.

    python scripts/torture_cloudformation.py [FOLDER…]

Without folders it takes the template fixtures of cfn-lint's source archive. Exits with 1 when a
template makes an internal error, or gives neither resources nor a reason.
"""

import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from mlwa_lint.discovery.recognition import kind_of
from mlwa_lint.discovery.target import Target
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.loading import load
from scripts.cfn_lint_archive import ENDINGS, templates


def main(folders: Sequence[str]) -> int:
    files = [path for folder in folders for path in _below(Path(folder))] if folders else templates()
    counts: Counter[str] = Counter()
    messages: Counter[str] = Counter()
    slowest: list[tuple[float, Path]] = []
    for path in files:
        counts["files"] += 1
        if kind_of(path.read_bytes(), named=False).kind != "cloudformation":
            counts["no templates"] += 1
            continue
        counts["templates"] += 1
        started = time.perf_counter()
        try:
            projects = load(Target("cloudformation", str(path)), LoadOptions())
        except Exception:  # noqa: BLE001 - this is what the run is for
            counts["internal errors"] += 1
            print(f"INTERNAL ERROR {path}\n{traceback.format_exc(limit=-5)}")
            continue
        slowest.append((time.perf_counter() - started, path))
        resources = sum(len(project.resources) for project in projects)
        problems = [problem for project in projects for problem in project.problems]
        gaps = sum(len(project.gaps) for project in projects)
        counts["resources"] += resources
        counts["gaps"] += gaps
        counts["with fatal problems"] += any(problem.fatal for problem in problems)
        counts["with other problems"] += bool(problems) and not any(problem.fatal for problem in problems)
        messages.update({problem.message[:70] for problem in problems})
        if not resources and not problems and not gaps:
            counts["silent"] += 1
            print(f"SILENT {path}")
    for name, count in counts.items():
        print(f"{count:8} {name}")
    for message, count in messages.most_common(30):
        print(f"{count:8} × {message}")
    for seconds, path in sorted(slowest, reverse=True)[:3]:
        print(f"{seconds:8.2f} s {path}")
    return 1 if counts["internal errors"] or counts["silent"] else 0


def _below(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.suffix in ENDINGS and path.is_file())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
