"""Which programs run queries in Athena."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.node_code import calls_of_inline_node
from mlwa_lint.frontends.python.athena import runs_queries
from mlwa_lint.model.spans import start_of


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ('boto3.client("athena").start_query_execution(QueryString=query)', True),
        ("import awswrangler as wr\nwr.athena.read_sql_query(query, database=name)", True),
        ("from pyathena import connect", True),
        ('# boto3.client("athena").start_query_execution(QueryString=query)', False),
        ('boto3.client("athena").get_work_group(WorkGroup="primary")', False),
        ("athena = goddess.read_sql_query(query)", False),
    ],
)
def test_a_call_that_runs_a_query_shows_it(text: str, runs: bool) -> None:
    assert runs_queries(text) is runs


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("await client.send(new StartQueryExecutionCommand({ QueryString: query }))", True),
        ("await athena.startQueryExecution({ QueryString: query }).promise()", True),
        ("// athena.startQueryExecution({ QueryString: query })", False),
        ("await client.send(new GetWorkGroupCommand({ WorkGroup: name }))", False),
    ],
)
def test_so_does_one_in_javascript(text: str, runs: bool, tmp_path: Path) -> None:
    found = calls_of_inline_node(text, "stack.yaml", start_of("stack.yaml"), {})
    assert found.queries is runs
