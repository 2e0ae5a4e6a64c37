"""How fast programs of public repositories are read and evaluated, in lines a second of CPU time.

python benchmarks/programs.py FOLDER [FOLDER …] [--repeats N]

Each FOLDER is a repository; nothing is fetched. Only the front end for Python is measured, in one process,
with garbage collected as a run does, and a repository's texts, in which its programs name one another, read
once: finding the files, linking and rules take what they take for templates.
Lines of files count once each, however many programs import them; those of a notebook are the lines of its
code cells.
"""

import argparse
import gc
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from mlwa_lint.discovery.search import discover
from mlwa_lint.files.endings import sharing
from mlwa_lint.files.notebooks import ENDING, NotebookError, notebook_of
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.python.project import load
from mlwa_lint.frontends.python.syntax import reader
from mlwa_lint.run.schedule import GARBAGE_LIMIT


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    gc.disable()
    work = [
        (Path(target.path), LoadOptions(root=folder))
        for folder in arguments.folders
        for target in discover([str(folder)]).targets
        if target.kind == "python"
    ]
    rounds = [one_round(work) for _ in range(arguments.repeats)]
    files = rounds[0][1]
    total = sum(map(lines_of, files))
    found = sorted(seconds for seconds, _ in rounds)
    middle = statistics.median(found)
    print(f"{len(work)} programs, {len(files):,} files with what they import, {total:,} lines")
    print(f"seconds: {found[0]:.1f} at least, {middle:.1f} in the middle")
    print(f"lines a second: {total / found[0]:,.0f} at most, {total / middle:,.0f} in the middle")
    return 0


def one_round(work: list[tuple[Path, LoadOptions]]) -> tuple[float, list[str]]:
    """Seconds, and the files that were read."""
    reader.forget()
    files: dict[str, None] = {}
    start = time.process_time()
    with sharing():
        for path, options in work:
            files.update(dict.fromkeys(load(path, options).sources))
            if gc.get_count()[0] > GARBAGE_LIMIT:
                gc.collect()
    return time.process_time() - start, list(files)


def lines_of(path: str) -> int:
    text = Path(path).read_text("utf-8", "replace")
    if not path.endswith(ENDING):
        return text.count("\n") + 1
    try:
        return sum(len(cell.lines) for cell in notebook_of(text).cells if cell.kind == "code")
    except NotebookError:
        return 0


if __name__ == "__main__":
    sys.exit(main())
