"""Installed packages' entry points, read straight from their metadata.

`importlib.metadata` gives the same, but its import alone takes a third of the time that a small run may
cost; tests compare the two.
"""

import os
import sys
from collections.abc import Iterator

_METADATA = (".dist-info", ".egg-info")


def entry_points(group: str) -> list[str]:
    """The modules that installed distributions name in an entry-point group, sorted, each once.

    An entry point that names an attribute of a module is left out: rules are offered as modules.
    """
    seen: set[str] = set()
    found: dict[str, None] = {}
    for folder in sys.path:
        for name, path in _distributions(folder or "."):
            if name not in seen:
                seen.add(name)
                found.update(dict.fromkeys(_modules(path, group)))
    return sorted(found)


def _distributions(folder: str) -> Iterator[tuple[str, str]]:
    """The normalised name and the entry-point file of each distribution in a folder of the search path."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.name.endswith(_METADATA):
            name = entry.name.rsplit(".", 1)[0].split("-")[0].lower().replace("_", "-")
            yield name, f"{entry.path}/entry_points.txt"


def _modules(path: str, group: str) -> Iterator[str]:
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except OSError:
        return
    if f"[{group}]" not in text:
        return
    section = ""
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("["):
            section = line.strip("[] ")
        elif section == group and "=" in line and not line.startswith(("#", ";")):
            target = line.partition("=")[2].partition("[")[0].strip()
            if ":" not in target:
                yield target
