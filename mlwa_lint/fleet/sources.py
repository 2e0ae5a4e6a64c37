"""From what a command line names to the repositories of a fleet.

A source is a folder of checkouts, an archive, a git address, or a file that lists paths and addresses, one a
line, with an owner and labels as further columns of CSV.
"""

import csv
import io
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from mlwa_lint.errors import UserError
from mlwa_lint.files.reading import read_text
from mlwa_lint.fleet import git
from mlwa_lint.fleet.archives import is_archive, stem
from mlwa_lint.fleet.extras import need
from mlwa_lint.fleet.plan import Repository
from mlwa_lint.fleet.rows import shown_address
from mlwa_lint.model.secrets import without_formats

LIST_LIMIT = 64_000_000
# Checkouts lie in folders of teams or organisations, and not deeper than that.
_DEPTH = 4
_ADDRESS = ("address", "repository", "url", "path", "source")
_KNOWN = ("address", "owner", "labels", "name")


def repositories(sources: Iterable[str]) -> list[Repository]:
    """The repositories that some sources name, each once, sorted by name. Raises UserError."""
    by_address: dict[tuple[str, str], Repository] = {}
    for source in sources:
        repositories_of_source = list(_of(source))
        if not repositories_of_source:
            # Others may have some: a report that lacks this one's would look complete.
            raise UserError(
                f"{shown_address(source)}: no repositories found",
                "name a folder of checkouts, archives, or a list of addresses",
            )
        for found in repositories_of_source:
            by_address.setdefault((found.kind, found.address), found)
    return _with_names(by_address.values())


def _of(source: str) -> Iterator[Repository]:
    """The repositories of one source."""
    if source.startswith("-"):
        raise UserError(f"{source}: not a source")
    if git.is_address(source) and not is_archive(source):
        yield Repository(git.name_of(source), "git", source)
    elif "://" in source:
        yield from _remote(source)
    elif is_archive(source):
        if not Path(source).is_file():
            raise UserError(f"{source}: no such archive")
        yield _archive(source)
    elif Path(source).is_dir():
        yield from _checkouts(Path(source))
    elif Path(source).is_file():
        yield from _listed(_text(source), Path(source))
    else:
        raise UserError(f"{source}: no such folder, archive or list of repositories")


def _archive(address: str, name: str | None = None) -> Repository:
    absolute = address if "://" in address else os.path.abspath(address)  # noqa: PTH100 - no links are followed
    return Repository(
        without_formats(stem(name or Path(address.partition("?")[0]).name)), "archive", absolute
    )


def _remote(source: str) -> Iterator[Repository]:
    """Archives of an object store, or a list there; `*` matches names."""
    core = need("fsspec.core")
    if is_archive(source.partition("?")[0]) and "*" not in source:
        yield _archive(source)
        return
    try:
        system, path = core.url_to_fs(source)
        if "*" in path:
            names = [str(name) for name in system.glob(path) if is_archive(str(name))]
        elif system.isdir(path):
            names = [name for name in system.ls(path, detail=False) if is_archive(name)]
        else:
            yield from _listed(system.cat_file(path).decode("utf-8-sig"), None)
            return
    except (OSError, ImportError, ValueError) as error:
        hint = "for s3://, `pip install s3fs`" if source.startswith("s3:") else ""
        raise UserError(f"{source}: {error}", hint) from None
    base = path.partition("*")[0].rpartition("/")[0] if "*" in path else path.rstrip("/")
    for name in sorted(names):
        below = name.removeprefix(f"{base}/")
        yield _archive(system.unstrip_protocol(name), below)


def _checkouts(folder: Path) -> Iterator[Repository]:
    """The checkouts below a folder: the folders that hold `.git`; where none does, each folder in it."""
    base = folder.resolve()
    if (base / ".git").exists():
        yield _folder(base, base.name)
        return
    found = list(_with_git(base, _DEPTH))
    if not found:
        found = [each for each in _folders(base) if not each.name.startswith(".") and not _is_dataset(each)]
    for path in found:
        yield _folder(path, path.relative_to(base).as_posix())
    for path in sorted(base.iterdir()):
        if path.is_file() and is_archive(path.name):
            yield _archive(str(path))


def _folder(path: Path, name: str) -> Repository:
    return Repository(name, "folder", str(path))


def _with_git(folder: Path, depth: int) -> Iterator[Path]:
    for path in _folders(folder):
        if (path / ".git").exists():
            yield path
        elif depth > 1 and not path.name.startswith("."):
            yield from _with_git(path, depth - 1)


def _is_dataset(folder: Path) -> bool:
    """Whether a folder is where scans go, which by default is beside the checkouts."""
    return (
        all((folder / name).is_dir() for name in ("scans", "findings")) or (folder / "_unfinished").is_dir()
    )


def _folders(folder: Path) -> list[Path]:
    """The folders in a folder, links left out."""
    try:
        return sorted(each for each in folder.iterdir() if each.is_dir() and not each.is_symlink())
    except OSError:
        return []


def _text(path: str) -> str:
    try:
        return read_text(path, LIST_LIMIT)
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None


def _listed(text: str, path: Path | None) -> Iterator[Repository]:
    """The repositories of a list; its relative paths start from its own folder."""
    name = "list" if path is None else str(path)
    columns: list[str] | None = None
    rows = csv.reader(io.StringIO(text))
    try:
        for row in rows:
            cells = [cell.strip() for cell in row]
            if not any(cells) or cells[0].startswith("#"):
                continue
            if columns is None:
                columns = _columns(cells)
                if columns is not None:
                    continue
                columns = []
            values = _values(cells, columns)
            try:
                yield _entry(values, path)
            except UserError as error:
                raise UserError(f"{name}:{rows.line_num}: {error.message}", error.hint) from None
    except csv.Error as error:
        raise UserError(f"{name}:{rows.line_num}: not CSV: {error}") from None


def _columns(cells: list[str]) -> list[str] | None:
    """The columns that a heading names; None where the first line is not a heading."""
    names = [cell.lower() for cell in cells]
    if names[0] not in _ADDRESS:
        return None
    return ["address", *("labels" if name == "label" else name for name in names[1:])]


def _values(cells: list[str], columns: list[str]) -> Mapping[str, list[str]]:
    """Cells by column; without a heading: address, owner, and a label in each further cell."""
    found: dict[str, list[str]] = {name: [] for name in _KNOWN}
    names = columns or ["address", "owner"]
    for number, cell in enumerate(cells):
        name = names[number] if number < len(names) else "labels"
        if not cell:
            continue
        if name in _KNOWN:
            found[name] += [part.strip() for part in cell.split(";")] if name == "labels" else [cell]
        else:
            found["labels"].append(f"{name}={cell}")
    return found


def _entry(values: Mapping[str, list[str]], path: Path | None) -> Repository:
    address = "".join(values["address"][:1])
    if not address or address.startswith("-"):
        raise UserError(f"{address or 'an empty cell'}: neither a path nor a git address")
    made = _repository(address, path)
    owner = values["owner"][0] if values["owner"] else None
    labels = tuple(sorted({label for label in values["labels"] if label}))
    return made._replace(name="".join(values["name"][:1]) or made.name, owner=owner, labels=labels)


def _repository(address: str, path: Path | None) -> Repository:
    if git.is_address(address) and not is_archive(address):
        return Repository(git.name_of(address), "git", address)
    if "://" in address:
        if is_archive(address.partition("?")[0]):
            return _archive(address)
        scheme = address.partition("://")[0]
        raise UserError(f"{scheme}:// is neither a git address that is cloned nor an archive")
    if "::" in address:
        raise UserError(
            f"{address}: not a git address that is cloned", "use https://, ssh:// or user@host:path"
        )
    place = Path(address) if path is None else path.resolve().parent / address
    # A name that stays, whatever else is listed: the path as it is written.
    name = os.path.normpath(address).replace(os.sep, "/").lstrip("/.")
    if is_archive(address):
        return _archive(str(place), name)
    return _folder(Path(os.path.abspath(place)), name or Path(os.path.abspath(place)).name)  # noqa: PTH100


def _with_names(found: Iterable[Repository]) -> list[Repository]:
    """The repositories with names of their own: those called alike get a number, by their address."""
    made: dict[str, Repository] = {}
    for each in sorted(found, key=lambda each: (each.name, each.address)):
        # Names of folders need not be UTF-8.
        name, number = each.name.encode("utf-8", "backslashreplace").decode(), 2
        while name in made:
            name, number = f"{each.name}#{number}", number + 1
        made[name] = each._replace(name=name)
    return [made[name] for name in sorted(made)]
