"""Installed packages' entry points, read straight from their metadata.

`importlib.metadata` gives the same, for 35 ms more (benchmarks/startup.py; `import click, yaml` takes 47 on
the same machine); tests compare the two.
"""

import os
import sys
from collections.abc import Iterator
from functools import cache

_METADATA = (".dist-info", ".egg-info")


def entry_points(group: str) -> list[str]:
    """The modules that installed distributions name in an entry-point group, sorted, each once.

    An entry point that names an attribute of a module is left out: rules are offered as modules.
    """
    seen: set[str] = set()
    found: dict[str, None] = {}
    for name, path in _installed(tuple(sys.path)):
        if name not in seen:
            seen.add(name)
            found.update(dict.fromkeys(_offered(path, group)))
    return sorted(found)


def distributions() -> tuple[str, ...]:
    """The folders of all installed distributions' metadata: they show what is installed, and its version."""
    return tuple(sorted(os.path.dirname(path) for _, path in _installed(tuple(sys.path))))


@cache
def _installed(folders: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple(each for folder in folders for each in _distributions(folder or "."))


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


@cache
def _offered(path: str, group: str) -> tuple[str, ...]:
    return tuple(_modules(path, group))


def _modules(path: str, group: str) -> Iterator[str]:
    data = _read(path)
    if f"[{group}]".encode() not in data:
        return
    section = ""
    for line in data.decode("utf-8", "replace").splitlines():
        line = line.strip()
        if line.startswith("["):
            section = line.strip("[] ")
        elif section == group and "=" in line and not line.startswith(("#", ";")):
            target = line.partition("=")[2].partition("[")[0].strip()
            if ":" not in target:
                yield target


def _read(path: str) -> bytes:
    """The file's bytes, none where it is missing; not through Python's layers, for there are a hundred."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return b""
    data = b""
    try:
        while piece := os.read(descriptor, 65536):
            data += piece
    except OSError:
        return b""
    finally:
        os.close(descriptor)
    return data
