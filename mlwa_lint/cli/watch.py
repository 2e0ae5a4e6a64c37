"""`--watch`: lints again whenever a file changes."""

import gc
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from mlwa_lint.discovery.modules import is_terraform

INTERVAL = 0.5
_ENDINGS = (".yaml", ".yml", ".json", ".template", ".tfvars", ".toml")


def watch(
    lint: Callable[[], tuple[int, tuple[str, ...]]],
    paths: Sequence[str],
    rest: Callable[[], None] = lambda: time.sleep(INTERVAL),
) -> int:
    """Lints until interrupted; the exit code is the last run's."""
    code = 0
    gc.enable()  # a run leaves that off, but this one does not end soon
    try:
        while True:
            before = snapshot(paths, ())
            if os.isatty(1):
                click.clear()
            code, sources = lint()
            click.echo("watching for changes; Ctrl-C ends", err=True)
            seen = snapshot(paths, sources)
            if not before.items() <= seen.items():
                continue  # something changed while it was being linted
            while snapshot(paths, sources) == seen:
                rest()
    except KeyboardInterrupt:
        return code


def snapshot(paths: Sequence[str], sources: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Time and size of every file that could matter below some paths, and of the sources of the last run."""
    found: dict[str, tuple[int, int]] = {}
    for path in (*paths, *sources):
        if Path(path).is_dir():
            for folder, folders, names in os.walk(path):
                folders[:] = [each for each in folders if not each.startswith(".") and each != "node_modules"]
                for name in names:
                    if is_terraform(name) or name.endswith(_ENDINGS):
                        _note(f"{folder}/{name}", found)
        else:
            _note(path, found)
    return found


def _note(path: str, found: dict[str, tuple[int, int]]) -> None:
    try:
        status = Path(path).stat()
    except OSError:
        return
    found[path] = (status.st_mtime_ns, status.st_size)
