"""Results of earlier runs, valid as long as everything that they depend on is unchanged.

An entry's name contains what it depends on: version, environment, rules, configuration, target. Its content
lists what was read and looked up while the target was loaded, and what was found; it holds as long as every
one of those look-ups has the same answer. Whatever else is found in an entry's place, or in an entry, is not
an entry: it is never run, and never read without bounds.
"""

import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from mlwa_lint import __version__
from mlwa_lint.catalogue.registry import ENTRY_POINT_GROUP
from mlwa_lint.discovery.target import Target
from mlwa_lint.files.reading import Probes, digest, read_own, unchanged
from mlwa_lint.model.report import Report
from mlwa_lint.run.packing import restored, stored
from mlwa_lint.run.settings import RunSettings
from mlwa_lint.startup.entry_points import distributions, entry_points

FOLDER_VARIABLE = "MLWA_LINT_CACHE_DIR"
SIZE_LIMIT = 100_000_000
ENTRY_LIMIT = 64_000_000
_NAME = "mlwa-lint"
_FORMAT = 4
_DIGEST = 32
_SHARDS = 256
_STALE_SECONDS = 3600
_TAG = "CACHEDIR.TAG"
_TAG_TEXT = """Signature: 8a477f597d28d172789f06886806bc55
# Results of mlwa-lint; `mlwa-lint cache clear` deletes them.
"""
_PROGRAM = os.path.dirname(os.path.dirname(__file__))
_INSTALLED = ("site-packages", "dist-packages")


def cache_folder() -> str | None:
    """Where results are kept; None when there is no such place."""
    given = os.environ.get(FOLDER_VARIABLE)
    if given:
        return given
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, _NAME) if os.path.isabs(base) else None


class Cache:
    """The kept results that hold for one set of rules, here and now."""

    def __init__(self, folder: str, rule_sources: Sequence[str], size: int = SIZE_LIMIT) -> None:
        """rule_sources: folders, files and modules of rules that the user names. size: in bytes, of all."""
        self._folder = folder
        self._size = size
        self._failed = False
        self._trees: dict[str, str] = {}
        conditions = (
            _FORMAT,
            __version__,
            sys.version,
            os.getcwd(),
            distributions(),
            [_once(folder) for folder in (_PROGRAM, *_folders(entry_points(ENTRY_POINT_GROUP)))],
            [list(_files(folder)) for folder in _folders(rule_sources)],
            [list(_files(source)) for source in rule_sources],
        )
        self._conditions = repr(conditions)

    def key(self, target: Target, settings: RunSettings) -> str:
        """The name of the entry about a target under some settings."""
        load = settings.load
        environment = (
            sorted(item for item in os.environ.items() if item[0].startswith("TF_VAR_"))
            if load.environment_variables
            else None
        )
        codes = ",".join([rule.code for rule in settings.rules])
        judged = (settings.required_tags, settings.scope, settings.validate, settings.outlines)
        inputs = (tuple(target), codes, tuple(load), environment, *judged)
        return digest(f"{self._conditions}{inputs!r}".encode("utf-8", "surrogatepass"))

    def find(self, key: str) -> Report | None:
        """The kept result, if it still holds."""
        path = self._path(key)
        try:
            content = read_own(path, ENTRY_LIMIT)
            head, data = content[:_DIGEST], content[_DIGEST:]
            if head != digest(data).encode():
                return None
            report, probes = restored(data)
            if not unchanged(probes, self._trees):
                return None
            os.utime(path)  # what was used lately is deleted last
        except (OSError, ValueError):
            return None
        return report

    def keep(self, key: str, report: Report, probes: Probes) -> None:
        """Keeps a result, unless a rule failed or was stopped; a cache that cannot be written is none."""
        if report.errors or not report.lasting or self._failed:
            return
        data = stored(report, probes)
        if len(data) > ENTRY_LIMIT - _DIGEST:
            return
        path = self._path(key)
        beside = f"{path}.{os.getpid()}.tmp"
        try:
            self._make_folder(os.path.dirname(path))
            with open(beside, "wb") as file:
                file.write(digest(data).encode() + data)
            os.replace(beside, path)
        except OSError:
            self._failed = True
            _delete(beside)

    def tidy(self, keys: Iterable[str]) -> None:
        """Deletes what was not used for longest where there is too much beside what was just kept.

        Every folder of entries has its share of the size, so that only those that grew are checked.
        """
        for shard in sorted({key[:2] for key in keys}):
            tidy(os.path.join(self._folder, shard), self._size // _SHARDS)

    def _path(self, key: str) -> str:
        return os.path.join(self._folder, key[:2], key)

    def _make_folder(self, folder: str) -> None:
        if os.path.isdir(folder):
            return
        os.makedirs(folder, mode=0o700, exist_ok=True)
        tag = os.path.join(self._folder, _TAG)
        if not os.path.exists(tag):
            with open(tag, "w", encoding="ascii") as file:
                file.write(_TAG_TEXT)


def tidy(shard: str, limit: int) -> None:
    """Deletes the entries of one folder that were not used for longest until the rest fits.

    The one that was used last stays, whatever its size.
    """
    now = time.time()
    size = 0
    for position, (used, entry_size, path) in enumerate(sorted(_entries_in(shard), reverse=True)):
        size += entry_size
        half_written = path.endswith(".tmp")
        if (size > limit and position and not half_written) or (half_written and now - used > _STALE_SECONDS):
            _delete(path)


def clear(folder: str) -> int:
    """Deletes all entries; how many there were. Nothing else in the folder is touched."""
    number = 0
    for _, _, path in list(_entries(folder)):
        number += _delete(path)
    _delete(os.path.join(folder, _TAG))
    for shard in (*_shards(folder), folder):
        try:
            os.rmdir(shard)
        except OSError:
            continue  # it holds something that is not ours
    return number


def _shards(folder: str) -> list[str]:
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    return [os.path.join(folder, name) for name in names if len(name) == 2 and _is_hexadecimal(name)]


def _entries(folder: str) -> Iterator[tuple[float, int, str]]:
    """When each entry was last used, its size, its path."""
    for shard in _shards(folder):
        yield from _entries_in(shard)


def _entries_in(shard: str) -> Iterator[tuple[float, int, str]]:
    try:
        with os.scandir(shard) as listed:
            found = list(listed)
    except OSError:
        return
    for entry in found:
        name = entry.name.partition(".")[0]
        try:
            if len(name) == _DIGEST and _is_hexadecimal(name) and entry.is_file(follow_symlinks=False):
                status = entry.stat(follow_symlinks=False)
                yield status.st_mtime, status.st_size, entry.path
        except OSError:
            continue


def _is_hexadecimal(name: str) -> bool:
    return all(letter in "0123456789abcdef" for letter in name)


def _delete(path: str) -> bool:
    try:
        os.unlink(path)
    except OSError:
        return False
    return True


def _folders(modules: Iterable[str]) -> list[str]:
    """Where the modules lie that are loaded."""
    found = []
    for name in modules:
        module = sys.modules.get(name)
        found += list(getattr(module, "__path__", ())) or [getattr(module, "__file__", None) or ""]
    return found


@cache
def _once(folder: str) -> tuple[tuple[str, int, int], ...]:
    """The files of this program, or of installed rules, as they were when the process first used them.

    Those of an installed package are left out, which has a version.
    """
    return () if any(part in folder for part in _INSTALLED) else tuple(_files(folder))


def _files(source: str) -> Iterator[tuple[str, int, int]]:
    """Path, time and size of the Python files of a folder, or of one file."""
    try:
        entries = sorted(os.scandir(source), key=lambda entry: entry.name)
    except NotADirectoryError:
        status = os.stat(source)
        yield source, status.st_mtime_ns, status.st_size
        return
    except OSError:
        return
    for entry in entries:
        if entry.name.endswith(".py"):
            status = entry.stat()
            yield entry.path, status.st_mtime_ns, status.st_size
        elif "." not in entry.name and entry.name != "__pycache__" and entry.is_dir():
            yield from _files(entry.path)
