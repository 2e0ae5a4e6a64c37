"""The tables of a dataset: their columns, their version, and rows as Arrow.

Version 1; docs/fleet.md describes it. Later versions add columns and take none away.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from mlwa_lint.fleet.extras import need
from mlwa_lint.fleet.rows import Row, Rows

if TYPE_CHECKING:
    import pyarrow

VERSION = 1
VERSION_KEY = b"mlwa-lint.fleet.version"
# name: (type, whether it may be null)
Columns: TypeAlias = dict[str, tuple[str, bool]]

_REPOSITORY: Columns = {
    "repository": ("text", False),
    "commit": ("text", True),
    "owner": ("text", True),
    "labels": ("texts", False),
}
_PLACE: Columns = {"path": ("text", False), "line": ("number", False), "column": ("number", False)}
TABLES: dict[str, Columns] = {
    "findings": {
        **_REPOSITORY,
        "code": ("text", False),
        "name": ("text", False),
        "severity": ("text", False),
        "pillar": ("text", False),
        "practices": ("texts", False),
        "message": ("text", False),
        **_PLACE,
        "end_line": ("number", False),
        "end_column": ("number", False),
        "address": ("text", False),
        "type": ("text", False),
        "property": ("text", True),
        "condition": ("text", True),
        "instances": ("number", False),
        "status": ("text", False),
        "reason": ("text", True),
        "controls": ("texts", False),
        "help": ("text", False),
        "fingerprint": ("text", False),
        "identity": ("text", False),
    },
    "undecided": {
        **_REPOSITORY,
        "code": ("text", False),
        "name": ("text", False),
        **_PLACE,
        "address": ("text", False),
        "reasons": ("texts", False),
    },
    "resources": {
        **_REPOSITORY,
        "type": ("text", False),
        "address": ("text", False),
        "language": ("text", False),
        "region": ("text", True),
        "root": ("text", False),
        "path": ("text", False),
        "line": ("number", False),
    },
    "repositories": {
        **_REPOSITORY,
        "source": ("text", False),
        "kind": ("text", False),
        "status": ("text", False),
        "failure": ("text", True),
        "message": ("text", True),
        "files": ("number", False),
        "resources": ("number", False),
        "findings": ("number", False),
        "undecided": ("number", False),
        "suppressed": ("number", False),
        "baselined": ("number", False),
        "rules": ("texts", False),
        "checked": ("checked", False),
        "problems": ("problems", False),
    },
    "attempts": {
        "repository": ("text", False),
        "attempt": ("number", False),
        "worker": ("text", False),
        "outcome": ("text", False),
        "seconds": ("decimal", True),
        "memory": ("decimal", True),
    },
    "scans": {
        "started": ("time", False),
        "finished": ("time", False),
        "version": ("text", False),
        "catalogue": ("text", False),
        "engine": ("text", False),
        "workers": ("number", False),
        "sources": ("texts", False),
        "options": ("text", False),
        "repositories": ("number", False),
        "failed": ("number", False),
        "partial": ("number", False),
        "findings": ("number", False),
        "undecided": ("number", False),
        "resources": ("number", False),
    },
}
# Those that a scanned repository has rows in.
OF_REPOSITORIES = ("findings", "undecided", "resources", "repositories")


def schema(table: str) -> "pyarrow.Schema":
    """The Arrow schema of a table, with the version in its metadata."""
    pa = need("pyarrow")
    fields = [
        pa.field(name, _type(pa, kind), nullable=nullable) for name, (kind, nullable) in TABLES[table].items()
    ]
    return pa.schema(fields, metadata={VERSION_KEY: str(VERSION).encode()})


def _type(pa: Any, kind: str) -> Any:
    number = pa.int32()
    if kind == "checked":
        counts = [pa.field(name, number, nullable=False) for name in ("passed", "failed", "undecided")]
        return pa.list_(pa.field("item", pa.struct([pa.field("code", pa.string(), nullable=False), *counts])))
    if kind == "problems":
        fields = (("path", pa.string()), ("line", number), ("message", pa.string()), ("fatal", pa.bool_()))
        return pa.list_(
            pa.field("item", pa.struct([pa.field(name, type_, nullable=False) for name, type_ in fields]))
        )
    return {
        "text": pa.string(),
        "texts": pa.list_(pa.field("item", pa.string(), nullable=False)),
        "number": number,
        "decimal": pa.float64(),
        "time": pa.timestamp("us", tz="UTC"),
    }[kind]


def arrow(table: str, rows: list[Row]) -> "pyarrow.Table":
    """Rows as an Arrow table; in the order of the schema's columns."""
    pa = need("pyarrow")
    return pa.Table.from_pylist([_writable(row) for row in rows], schema=schema(table))


def _writable(row: Mapping[str, Any]) -> Row:
    return {key: _whole(value) for key, value in row.items()}


def _whole(value: Any) -> Any:
    """A value whose texts UTF-8 can write: names of files need not be such texts."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, list):
        return [_whole(each) for each in value]
    if isinstance(value, dict):
        return _writable(value)
    return value


def packed(rows: Rows) -> dict[str, bytes]:
    """The rows of a repository as Arrow's stream format, table by table."""
    pa = need("pyarrow")
    ipc = need("pyarrow.ipc")
    found = {}
    for table in OF_REPOSITORIES:
        sink = pa.BufferOutputStream()
        content = arrow(table, rows[table])
        with ipc.new_stream(sink, content.schema) as writer:
            writer.write_table(content)
        found[table] = sink.getvalue().to_pybytes()
    return found


def unpacked(data: bytes) -> "pyarrow.Table":
    """The table in a stream that `packed` made."""
    ipc = need("pyarrow.ipc")
    with ipc.open_stream(data) as reader:
        return reader.read_all()
