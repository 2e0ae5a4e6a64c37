"""The one door through which linted files are read, so that a run knows what its result rests on."""

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from mlwa_lint.files import NOTEBOOK
from mlwa_lint.files.below import files_below
from mlwa_lint.files.keeping import made_of
from mlwa_lint.files.texts import PathSteps, ProjectText, as_text, is_rule, state_of, texts_in

AnyPath: TypeAlias = "Path | str"
# What was looked up (which question, which path), and the answer in short.
Probes: TypeAlias = dict[tuple[str, str], str]

_TREE = "tree"
_TEXTS = "texts"
_recorder: Probes | None = None
# What is read in place of files, by their real paths.
_overlay: Mapping[str, bytes] = {}
# Where the folders really are in which overlaid contents are looked for.
_folders: dict[str, str] = {}


class TooLargeError(OSError):
    """A file is larger than its reader allows."""


@contextmanager
def recording() -> Iterator[Probes]:
    """Notes every file that is read, every folder listed and every question whether something exists."""
    global _recorder
    before, _recorder = _recorder, {}
    try:
        yield _recorder
    finally:
        _recorder = before


@contextmanager
def overlaid(contents: Mapping[str, bytes]) -> Iterator[None]:
    """Puts contents in place of files: what an editor holds and has not saved, by real path.

    Every read, listing or test through this door sees them, whether or not the files exist on disk, beside
    those that are overlaid already.
    """
    global _overlay, _folders
    before, _overlay, _folders = (_overlay, _folders), {**_overlay, **contents}, {}
    try:
        yield
    finally:
        _overlay, _folders = before


def unchanged(probes: Probes, known: dict[str, str] | None = None) -> bool:
    """Whether every question would be answered as it was.

    known: answers of this run about whole trees of folders, which many targets need.
    """
    for (question, path), answer in probes.items():
        if question in (_TREE, _TEXTS) and known is not None:
            key = f"{question} {path}"
            if key not in known:
                known[key] = _QUESTIONS[question](path)
            now = known[key]
        else:
            now = _QUESTIONS[question](path)
        if not answer or now != answer:
            return False
    return True


def read_bytes(path: AnyPath, limit: int) -> bytes:
    """A file's content. Raises OSError, also for what is not a regular file or path, and TooLargeError."""
    if _recorder is None:
        return _content(path, limit)
    key = (f"read {limit}", os.fspath(path))
    try:
        content = _content(path, limit)
    except OSError as error:
        _recorder[key] = _failure(error)
        raise
    _recorder[key] = digest(content)
    return content


def read_text(path: AnyPath, limit: int, errors: str = "strict") -> str:
    """A file's text in UTF-8, without a byte order mark and with line feeds as line ends."""
    text = read_bytes(path, limit).decode("utf-8-sig", errors)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def read_own(path: AnyPath, limit: int) -> bytes:
    """The content of a file that only this program writes. The read is not recorded."""
    return _content(path, limit, own=True)


def is_file(path: AnyPath) -> bool:
    """Whether a path is a file, followed through links."""
    return _answered("file", path, _is_file(path))


def is_folder(path: AnyPath) -> bool:
    """Whether a path is a folder, followed through links."""
    return _answered("folder", path, os.path.isdir(path))


def names_in(folder: AnyPath) -> list[str]:
    """The names in a folder, sorted. Raises OSError."""
    try:
        names = _listed(folder)
    except OSError as error:
        if _recorder is not None:
            _recorder["names", os.fspath(folder)] = _failure(error)
        raise
    if _recorder is not None:
        _recorder["names", os.fspath(folder)] = _digest_of_names(names)
    return names


def names_if_listed(folder: AnyPath) -> list[str]:
    """The names in a folder, sorted; none where it cannot be listed."""
    try:
        return names_in(folder)
    except OSError:
        return []


def text_if_readable(path: AnyPath, limit: int) -> str:
    """The text of a file; empty where it cannot be read, is no text or is larger than `limit` bytes."""
    try:
        return read_text(path, limit)
    except (OSError, UnicodeDecodeError):
        return ""


def is_path(path: AnyPath) -> bool:
    """Whether the system takes a text for a path: one with a NUL or a lone surrogate it does not."""
    try:
        return b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        return False


def note(probes: Probes) -> None:
    """Records what was looked up before, and is used again now."""
    if _recorder is not None:
        _recorder.update(probes)


def size_of(path: AnyPath) -> int:
    """The size of a file in bytes; zero where it cannot be examined."""
    size = _size_of(path)
    if _recorder is not None:
        _recorder["size", os.fspath(path)] = str(size)
    return size


def tree(root: AnyPath) -> tuple[list[tuple[str, ...]] | None, Probes]:
    """The steps to each file below a folder, None where there are too many; and what to note for that."""
    path = os.fspath(root)
    found = _below(path)
    return found, {(_TREE, path): _digest_of_tree(found)}


def texts(root: AnyPath) -> tuple[dict[PathSteps, ProjectText] | None, Probes]:
    """The contents of a project's texts, None where they are too large; and what to note for that."""
    path = os.fspath(root)
    found = texts_in(path, _below(path), _text)
    states = None if found is None else {steps: text.state for steps, text in found.items()}
    own = (
        None if found is None else {steps: text for steps, text in found.items() if not is_rule(text.content)}
    )
    return own, {(_TEXTS, path): state_of(states, digest)}


def _below(root: str) -> list[tuple[str, ...]] | None:
    """The steps to each file below a folder, with those that are overlaid alone; None for too many."""
    found = files_below(root)
    if found is None or not _overlay:
        return found
    inside = os.path.join(_real(root), "")
    overlaid = (path.removeprefix(inside).split(os.sep) for path in _overlay if path.startswith(inside))
    return sorted({*found, *map(tuple, overlaid)})


def real_path(path: AnyPath) -> str:
    """The path with all links followed; for what can be no path, itself."""
    real = _real(path)
    if _recorder is not None:
        _recorder["real", os.fspath(path)] = real
    return real


def without_links(folder: AnyPath, names: Iterable[str]) -> set[str]:
    """The names in a folder that are not links: they are inside it, so its real path is resolved once."""
    plain = {name for name in names if not os.path.islink(os.path.join(folder, name))}
    if _recorder is not None:
        base = _real(folder)
        for name in plain:
            _recorder["real", os.path.join(folder, name)] = os.path.join(base, name)
    return plain


def digest(content: bytes) -> str:
    """A short name for a content."""
    try:
        # The module behind hashlib, which would load OpenSSL.
        from _blake2 import blake2b
    except ImportError:
        from hashlib import blake2b
    return blake2b(content, digest_size=16).hexdigest()


def _content(path: AnyPath, limit: int, own: bool = False) -> bytes:
    if _overlay and not own and (content := _overlaid_at(path)) is not None:
        if len(content) > limit:
            raise TooLargeError(errno.EFBIG, "it is too large", os.fspath(path))
        return content
    try:
        status = os.lstat(path) if own else os.stat(path)
    except ValueError:  # a NUL in it, or what the file system's encoding does not know
        raise OSError(errno.EINVAL, "it is not a path", os.fspath(path)) from None
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(path))
    if not stat.S_ISREG(status.st_mode):  # reading a pipe or a terminal would block indefinitely
        raise OSError(errno.EINVAL, "it is not a regular file", os.fspath(path))
    if status.st_size > limit:
        raise TooLargeError(errno.EFBIG, "it is too large", os.fspath(path))
    pieces = []
    left = limit + 1
    # Not to block indefinitely, should a pipe have come into its place.
    with open(path, "rb", buffering=0, opener=_without_waiting) as file:
        opened = os.fstat(file.fileno())
        if not stat.S_ISREG(opened.st_mode):
            raise OSError(errno.EINVAL, "it is not a regular file", os.fspath(path))
        if own and hasattr(os, "geteuid") and opened.st_uid != os.geteuid():
            raise OSError(errno.EACCES, "it belongs to another user", os.fspath(path))
        size = status.st_size + 1
        while left > 0 and (piece := file.read(min(size, left))):
            pieces.append(piece)
            left -= len(piece)
    if left <= 0:  # it has grown since
        raise TooLargeError(errno.EFBIG, "it is too large", os.fspath(path))
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _text(path: str, limit: int) -> ProjectText:
    content = _content(path, limit)
    state = digest(content)
    if not path.endswith(NOTEBOOK):
        return as_text(path, content, state)
    # In an editor all are read after each keystroke. What the cells of most hold is known by then.
    return made_of("text", path, state.encode(), lambda: as_text(path, content, state))


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _size_of(path: AnyPath) -> int:
    if _overlay and (content := _overlaid_at(path)) is not None:
        return len(content)
    try:
        return os.stat(path).st_size
    except (OSError, ValueError):
        return 0


def _is_file(path: AnyPath) -> bool:
    return os.path.isfile(path) or (bool(_overlay) and _real(path) in _overlay)


def _overlaid_at(path: AnyPath) -> bytes | None:
    """The content that is overlaid at a path. Links of files are followed; each folder is resolved once."""
    folder, name = os.path.split(path)
    if name in ("", os.curdir, os.pardir) or os.name == "nt" or os.path.islink(path):
        return _overlay.get(_real(path))
    if folder not in _folders:
        _folders[folder] = _real(folder)
    return _overlay.get(os.path.join(_folders[folder], name))


def _overlaid_in(folder: AnyPath) -> list[str]:
    """The names of overlaid files that lie right in a folder."""
    if not _overlay:
        return []
    real = _real(folder)
    return [os.path.basename(path) for path in _overlay if os.path.dirname(path) == real]


def _listed(folder: AnyPath) -> list[str]:
    overlaid = _overlaid_in(folder)
    try:
        return sorted({*os.listdir(folder), *overlaid} if overlaid else os.listdir(folder))
    except FileNotFoundError:
        if not overlaid:
            raise
        return sorted(overlaid)
    except ValueError:
        raise OSError(errno.EINVAL, "it is not a path", os.fspath(folder)) from None


def _real(path: AnyPath) -> str:
    try:
        return os.path.realpath(path)
    except ValueError:
        return os.fspath(path)


def _answered(question: str, path: AnyPath, answer: bool) -> bool:
    if _recorder is not None:
        _recorder[question, os.fspath(path)] = str(answer)
    return answer


def _failure(error: OSError) -> str:
    return f"! {error.errno}"


def _digest_of_names(names: list[str]) -> str:
    return digest("\0".join(names).encode("utf-8", "surrogatepass"))


def _digest_of_tree(found: list[tuple[str, ...]] | None) -> str:
    return "too many" if found is None else _digest_of_names(sorted("/".join(steps) for steps in found))


def _state_of_tree(path: str) -> str:
    return _digest_of_tree(_below(path))


def _state_of_texts(path: str) -> str:
    # The states alone: finding the content of a notebook's cells takes longer than reading it.
    return state_of(texts_in(path, _below(path), lambda *file: digest(_content(*file))), digest)


def _state_of_content(limit: int) -> Callable[[str], str]:
    def state(path: str) -> str:
        try:
            return digest(_content(path, limit))
        except OSError as error:
            return _failure(error)

    return state


def _state_of_names(path: str) -> str:
    try:
        return _digest_of_names(_listed(path))
    except OSError as error:
        return _failure(error)


class _Questions(dict[str, Callable[[str], str]]):
    def __missing__(self, question: str) -> Callable[[str], str]:
        kind, _, limit = question.partition(" ")
        if kind != "read" or not limit.isdigit():
            return lambda _: ""  # no answer is empty: an unknown question makes the entry invalid
        self[question] = _state_of_content(int(limit))
        return self[question]


_QUESTIONS = _Questions(
    file=lambda path: str(_is_file(path)),
    folder=lambda path: str(os.path.isdir(path)),
    names=_state_of_names,
    size=lambda path: str(_size_of(path)),
    tree=_state_of_tree,
    texts=_state_of_texts,
    real=_real,
)
