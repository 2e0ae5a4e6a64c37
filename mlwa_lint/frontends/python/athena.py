"""Whether a program runs queries in Athena: with boto3, with the AWS SDK for pandas, or with PyAthena."""

from mlwa_lint.startup.patterns import lazy

# Only Athena has this method; what precedes it on its line is no comment.
_QUERIES = lazy(
    r"(?m)^[^#\n]*(?:\.start_query_execution\(|\bathena\.(?:create_ctas_table|read_sql_\w+|unload)\()"
    r"|^[ \t]*(?:from|import) pyathena\b"
)


def runs_queries(text: str) -> bool:
    """Whether a program's text has a call that runs a query."""
    return "athena" in text and _QUERIES.search(text) is not None
