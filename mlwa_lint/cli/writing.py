"""Writes reports to standard output, or to files that are never half written."""

import os
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from mlwa_lint.errors import UserError, nearest
from mlwa_lint.reporters import FORMATS
from mlwa_lint.startup.records import NamedTuple

STANDARD_OUTPUT = "-"


class Output(NamedTuple):
    """One report: its format, and the file it goes to (None: standard output)."""

    format: str
    target: str | None


def parse_formats(texts: tuple[str, ...], known: Mapping[str, str] = FORMATS) -> tuple[Output, ...]:
    """`sarif:out.sarif` and the like. Raises UserError."""
    outputs = []
    for text in texts or ("text",):
        name, colon, target = text.partition(":")
        if name not in known:
            hint = nearest(name, list(known)) or f"formats: {', '.join(known)}"
            raise UserError(f"--format {text}: no format is called {name!r}", hint)
        if colon and not target:
            raise UserError(f"--format {text}: the file is missing", f"write {name}:FILE, or {name} alone")
        outputs.append(Output(name, None if target in ("", STANDARD_OUTPUT) else target))
    to_stdout = [output for output in outputs if output.target is None]
    if len(to_stdout) > 1:
        names = " and ".join(output.format for output in to_stdout)
        hint = f"give all but one a file, as in {to_stdout[-1].format}:FILE"
        raise UserError(f"--format: {names} would both go to standard output", hint)
    targets = [Path(output.target).resolve() for output in outputs if output.target is not None]
    if len(set(targets)) < len(targets):
        raise UserError("--format: two reports would go to the same file", "give each a file of its own")
    return tuple(outputs)


def write_stdout(text: str | Iterable[str]) -> None:
    """Writes text, or pieces of it, as UTF-8, whatever the locale; what cannot be encoded is escaped."""
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(text if isinstance(text, str) else "".join(text))
        return
    sys.stdout.flush()
    for data in _encoded(text):
        buffer.write(data)
    buffer.flush()


def _encoded(text: str | Iterable[str]) -> Iterator[bytes]:
    for piece in (text,) if isinstance(text, str) else text:
        yield piece.encode("utf-8", "backslashreplace")


def keep_apart(path: str, sources: Iterable[str]) -> None:
    """Sees to it that a report does not replace what it is about. Raises UserError."""
    target = Path(path).resolve()
    if any(target == Path(source).resolve() for source in sources):
        raise UserError(f"{path}: is one of the files that were linted", "name another file for the report")


def write_file(path: str, text: str | Iterable[str]) -> None:
    """Writes a whole file, given whole or in pieces, or leaves the old one as it was. Raises UserError."""
    try:
        if _is_special(path):
            with Path(path).open("wb", buffering=0) as file:
                file.write(b"".join(_encoded(text)))
        else:
            _replace(Path(path).resolve(), _encoded(text))
    except OSError as error:
        reason = error.strerror or str(error)
        hint = "create the directory first" if isinstance(error, FileNotFoundError) else ""
        raise UserError(f"cannot write {path}: {reason}", hint) from None


def _is_special(path: str) -> bool:
    """A pipe, /dev/stdout and the like cannot be replaced by another file."""
    try:
        return not stat.S_ISREG(Path(path).stat().st_mode)
    except FileNotFoundError:
        return False


def _replace(path: Path, pieces: Iterable[bytes]) -> None:
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with beside.open("wb") as file:
            for data in pieces:
                file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            beside.chmod(stat.S_IMODE(path.stat().st_mode))
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def wants_color(choice: str) -> bool:
    """Colour is for terminals by default; the option takes precedence over the environment."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def terminal_width() -> int:
    """How many columns standard output has, within bounds; 80 where it is not a terminal."""
    try:
        columns = os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):
        return 80
    return max(40, min(columns, 120)) if columns else 80
