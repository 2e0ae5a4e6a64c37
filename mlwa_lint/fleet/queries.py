"""SQL over a dataset: DuckDB in memory, on Arrow's view of the Parquet files; nothing is written."""

import re
from typing import Any

from mlwa_lint.errors import UserError
from mlwa_lint.fleet.dataset import Dataset
from mlwa_lint.fleet.extras import need
from mlwa_lint.fleet.schema import TABLES
from mlwa_lint.fleet.states import add_states
from mlwa_lint.startup.records import NamedTuple

# Whatever can leave the database: other files, the network, extensions, and turning this back.
_FENCE = (
    "SET enable_external_access = false",
    "SET python_enable_replacements = false",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET TimeZone = 'UTC'",
    "SET lock_configuration = true",
)
_OF_STATES = re.compile(r"\b(states|history|positions)\b", re.IGNORECASE)


class QueryResult(NamedTuple):
    """What a query gives."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


class Database:
    """A dataset's tables, for queries in SQL. history and states are made when they are first needed."""

    def __init__(self, dataset: Dataset) -> None:
        """Raises UserError where there are no scans."""
        dataset.wanted(None)
        self._duckdb = need("duckdb")
        self._connection = self._duckdb.connect(":memory:")
        for statement in _FENCE:
            self._connection.execute(statement)
        for name in TABLES:
            self._connection.register(name, dataset.table(name))
        self._has_states = False

    def query(self, sql: str, parameters: dict[str, Any] | None = None) -> QueryResult:
        """The result of one SELECT. Raises UserError."""
        try:
            statements = self._connection.extract_statements(sql)
        except self._duckdb.Error as error:
            raise UserError(f"the query is not valid SQL: {_first_line(error)}") from None
        if len(statements) != 1 or statements[0].type != self._duckdb.StatementType.SELECT:
            raise UserError("the query is not one SELECT", "a dataset is only read")
        if not self._has_states and _OF_STATES.search(sql):
            add_states(self._connection)
            self._has_states = True
        try:
            found = self._connection.execute(sql, parameters) if parameters else self._connection.execute(sql)
            columns = tuple(each[0] for each in found.description)
            return QueryResult(columns, found.fetchall())
        except self._duckdb.Error as error:
            raise UserError(f"the query failed: {_first_line(error)}", _hint(str(error))) from None

    def close(self) -> None:
        """Forgets everything."""
        self._connection.close()


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


def _hint(text: str) -> str:
    if "Table with name" in text:
        return f"tables: {', '.join(TABLES)}, history, states"
    return ""
