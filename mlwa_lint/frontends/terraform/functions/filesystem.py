"""Functions on paths and files; nothing outside the project is read."""

import base64
import posixpath
from pathlib import Path

from mlwa_lint.files.paths import inside, shown
from mlwa_lint.files.reading import TooLargeError, is_file, is_folder, read_bytes
from mlwa_lint.frontends.failures import reason_of
from mlwa_lint.frontends.secret_texts import note_text
from mlwa_lint.frontends.terraform.functions.data import CannotError, text_data, undecided
from mlwa_lint.frontends.terraform.functions.kinds import Function, FunctionCall, PlainFunction, Structural
from mlwa_lint.frontends.terraform.functions.shapes import as_map
from mlwa_lint.model.secrets import names_secret, secrets
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import ListValue, MapValue, Reference, Scalar, Unknown, Value

_BYTES_LIMIT = 1_000_000
# What is made before Terraform runs, and no repository keeps.
_BUILT = frozenset({".gz", ".jar", ".tgz", ".whl", ".zip"})
_FILES_LIMIT = 10_000


def _located(call: FunctionCall, path: str) -> Path:
    """The real place of a path, relative to the module's folder; only inside the project."""
    if path.startswith("~"):
        raise undecided("a home directory is not read")
    try:
        found = inside(call.context.module_dir / path, call.context.root)
    except (OSError, ValueError):
        raise CannotError("take this as a path") from None
    if found is None:
        raise undecided("a file outside the project is not read")
    return found


def _file_of(call: FunctionCall) -> Path:
    """The file that a call reads; for one that does not exist, the only one that can be meant."""
    path = _located(call, text_data(call.arguments[0]))
    try:
        exists = is_file(path)
    except (OSError, ValueError):
        raise CannotError(f"read the file {path.name}") from None
    if exists:
        return path
    meant = call.context.meant_by(path, call.span) if call.context.meant_by is not None else None
    if meant is None:
        raise CannotError(f"find the file {path.name}")
    return meant


def _bytes(call: FunctionCall) -> bytes:
    path = _file_of(call)
    try:
        return read_bytes(path, _BYTES_LIMIT)
    except TooLargeError:
        raise undecided(f"the file {path.name} is larger than {_BYTES_LIMIT} bytes") from None
    except (OSError, ValueError):
        raise CannotError(f"read the file {path.name}") from None


def _text(call: FunctionCall) -> str:
    try:
        return _bytes(call).decode()
    except UnicodeDecodeError:
        raise CannotError("read as text what is not UTF-8") from None


def _file(call: FunctionCall) -> Value:
    text = _text(call)
    _note_secret(call, text)
    return Scalar(text, call.span, origin=_whole(call, text))


def _whole(call: FunctionCall, text: str) -> Span:
    """All of the file that a call reads."""
    path = _file_of(call)
    lines = text.split("\n")
    return Span(shown(path), 1, 1, len(lines), len(lines[-1]) + 1)


def _note_secret(call: FunctionCall, text: str) -> None:
    """A file called `db-password.txt` holds a secret, wherever it is used."""
    name = posixpath.basename(text_data(call.arguments[0]))
    if names_secret(name.partition(".")[0]) or name.endswith((".pem", ".key", ".p12")):
        own = secrets()
        own.found = True
        own.certain(text)
    else:
        note_text(text)


def _filebase64(call: FunctionCall) -> Value:
    return Scalar(base64.b64encode(_bytes(call)).decode(), call.span)


def _filehash(call: FunctionCall) -> Value:
    from mlwa_lint.frontends.terraform.functions.hashes import digest

    return Scalar(digest(call.name.removeprefix("file"), _bytes(call)), call.span)


def _fileexists(call: FunctionCall) -> Value:
    path = _located(call, text_data(call.arguments[0]))
    if is_folder(path):
        raise CannotError("read a directory as a file")
    found = is_file(path)
    if not found and path.suffix in _BUILT:
        return Unknown(f"whether {path.name} exists is known only after it is built", call.span, present=True)
    return Scalar(found, call.span)


def _fileset(call: FunctionCall) -> Value:
    from mlwa_lint.frontends.terraform.functions.globs import matching

    base, pattern = (text_data(argument) for argument in call.arguments)
    folder = _located(call, base)
    root = _located(call, str(call.context.root.absolute()))
    found = [path for path in matching(folder, pattern, _FILES_LIMIT) if inside(folder / path, root)]
    return ListValue(tuple(Scalar(path, call.span) for path in sorted(found)), call.span)


def _templatefile(call: FunctionCall) -> Value:
    text = _text(call)
    return _rendered(call, text, _whole(call, text))


def _templatestring(call: FunctionCall) -> Value:
    template = call.arguments[0]
    # What `file` read is a template file, whatever evaluates it (`data.template_file`).
    origin = template.origin if isinstance(template, Scalar) else None
    return _rendered(call, text_data(template), origin if origin and origin[1:3] == (1, 1) else None)


def _rendered(call: FunctionCall, template: str, file: Span | None = None) -> Value:
    names = call.arguments[1]
    if isinstance(names, (Unknown, Reference)):
        names = MapValue({}, call.span, Unknown(reason_of(names, ""), call.span))
    if call.context.evaluate_template is None:
        raise undecided(f"{call.name} is not evaluated here")
    found = call.context.evaluate_template(template, as_map(names), file)
    if file is None or not isinstance(found, (Scalar, Unknown)):
        return found
    return found._replace(span=call.span, origin=file)


def _abspath(call: FunctionCall) -> Value:
    path = text_data(call.arguments[0])
    return Scalar(posixpath.normpath((call.context.module_dir.absolute() / path).as_posix()), call.span)


def _pathexpand(path: str) -> str:
    if path.startswith("~"):
        raise undecided("a home directory is not read")
    return path


def _dirname(path: str) -> str:
    return posixpath.normpath(path.rpartition("/")[0] or ("/" if path.startswith("/") else "."))


def _basename(path: str) -> str:
    stripped = path.rstrip("/")
    return stripped.rpartition("/")[2] or ("/" if path else ".")


FUNCTIONS: dict[str, Function] = {
    "abspath": Structural(_abspath, 1, 1),
    "basename": PlainFunction("s", _basename, text=True),
    "dirname": PlainFunction("s", _dirname, text=True),
    "file": Structural(_file, 1, 1),
    "filebase64": Structural(_filebase64, 1, 1),
    "filebase64sha256": Structural(_filehash, 1, 1),
    "filebase64sha512": Structural(_filehash, 1, 1),
    "fileexists": Structural(_fileexists, 1, 1),
    "filemd5": Structural(_filehash, 1, 1),
    "fileset": Structural(_fileset, 2, 2),
    "filesha1": Structural(_filehash, 1, 1),
    "filesha256": Structural(_filehash, 1, 1),
    "filesha512": Structural(_filehash, 1, 1),
    "pathexpand": PlainFunction("s", _pathexpand, filled="like", text=True),
    "templatefile": Structural(_templatefile, 2, 2),
    "templatestring": Structural(_templatestring, 2, 2),
}
