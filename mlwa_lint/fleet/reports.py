"""Ready reports on a dataset, each a query; and the difference between two scans."""

from mlwa_lint.errors import UserError, nearest
from mlwa_lint.fleet.dataset import Dataset
from mlwa_lint.fleet.queries import Database, QueryResult

_BY_SEVERITY = """
    count(*) FILTER (WHERE severity = 'high') AS high, count(*) FILTER (WHERE severity = 'medium') AS medium,
    count(*) FILTER (WHERE severity = 'low') AS low, count(*) FILTER (WHERE severity = 'info') AS info
"""
_RANK = "CASE severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 WHEN 'low' THEN 2 ELSE 3 END"
_LISTED = "repository, owner, severity, code, path, line, address, message"
_ORDER = f"{_RANK}, repository, path, line, code, identity"

# name: what it shows, and its query; $scan is the scan that it is about.
REPORTS: dict[str, tuple[str, str]] = {
    "worst-rules": (
        "rules by how much they find",
        f"""
        SELECT code, any_value(name) AS name, severity, count(*) AS findings,
               count(DISTINCT repository) AS repositories, count(DISTINCT owner) AS owners
        FROM findings WHERE scan = $scan AND status = 'open'
        GROUP BY code, severity ORDER BY {_RANK}, findings DESC, code
        """,
    ),
    "owners": (
        "findings of each owner, worst first",
        f"""
        SELECT r.owner, count(*) AS repositories, count(*) FILTER (WHERE r.status = 'failed') AS failed,
               coalesce(sum(f.high), 0)::BIGINT AS high, coalesce(sum(f.medium), 0)::BIGINT AS medium,
               coalesce(sum(f.low), 0)::BIGINT AS low, coalesce(sum(f.info), 0)::BIGINT AS info,
               round(coalesce(sum(f.every), 0) / count(*), 1) AS per_repository
        FROM repositories r LEFT JOIN (
            SELECT repository, count(*) AS every, {_BY_SEVERITY}
            FROM findings WHERE scan = $scan AND status = 'open' GROUP BY repository
        ) f USING (repository)
        WHERE r.scan = $scan
        GROUP BY r.owner ORDER BY high DESC, medium DESC, low DESC, r.owner NULLS LAST
        """,
    ),
    "trend": (
        "findings from scan to scan",
        """
        WITH found AS (
            SELECT scan, """
        + _BY_SEVERITY
        + """ FROM findings WHERE status = 'open' GROUP BY scan
        ), changes AS (
            SELECT scan, count(*) FILTER (WHERE state = 'new') AS new,
                   count(*) FILTER (WHERE state = 'reopened') AS reopened,
                   count(*) FILTER (WHERE state = 'fixed') AS fixed
            FROM history WHERE status = 'open' GROUP BY scan
        )
        SELECT s.scan, s.repositories, s.failed, coalesce(f.high, 0) AS high, coalesce(f.medium, 0) AS medium,
               coalesce(f.low, 0) AS low, coalesce(f.info, 0) AS info, coalesce(c.new, 0) AS new,
               coalesce(c.reopened, 0) AS reopened, coalesce(c.fixed, 0) AS fixed
        FROM scans s LEFT JOIN found f USING (scan) LEFT JOIN changes c USING (scan)
        WHERE s.started <= (SELECT started FROM scans WHERE scan = $scan)
        ORDER BY s.started, s.scan
        """,
    ),
    "new": (
        "findings that were not there before, or are there again",
        f"""
        SELECT state, {_LISTED}, since
        FROM history WHERE scan = $scan AND state IN ('new', 'reopened') AND status = 'open'
        ORDER BY {_ORDER}
        """,
    ),
    "fixed": (
        "findings that are gone, and for how many days they were there",
        f"""
        SELECT {_LISTED}, since, fixed_at, days
        FROM history WHERE scan = $scan AND state = 'fixed' ORDER BY {_ORDER}
        """,
    ),
    "coverage": (
        "what was scanned, and how much of it could be decided",
        """
        WITH checks AS (
            SELECT repository, sum(each.passed) AS passed, sum(each.failed) AS failed,
                   sum(each.undecided) AS undecided
            FROM (SELECT repository, unnest(checked) AS each FROM repositories WHERE scan = $scan)
            GROUP BY repository
        )
        SELECT r.owner, count(*) AS repositories, count(*) FILTER (WHERE status = 'ok') AS whole,
               count(*) FILTER (WHERE status = 'partial') AS partial,
               count(*) FILTER (WHERE status = 'failed') AS failed,
               sum(r.files)::BIGINT AS files, sum(r.resources)::BIGINT AS resources,
               coalesce(sum(c.passed + c.failed + c.undecided), 0)::BIGINT AS checks,
               round(100 * (sum(c.passed) + sum(c.failed))
                     / nullif(sum(c.passed + c.failed + c.undecided), 0), 1) AS decided_percent
        FROM repositories r LEFT JOIN checks c USING (repository)
        WHERE r.scan = $scan
        GROUP BY r.owner ORDER BY r.owner NULLS LAST
        """,
    ),
    "failures": (
        "repositories that could not be scanned, or not wholly, and why",
        """
        SELECT repository, owner, status, failure, message FROM repositories
        WHERE scan = $scan AND status = 'failed'
        UNION ALL
        SELECT repository, owner, status, problem.path, problem.message
        FROM (SELECT repository, owner, status, unnest(problems) AS problem
              FROM repositories WHERE scan = $scan AND status = 'partial')
        WHERE problem.fatal
        ORDER BY ALL
        """,
    ),
}
_BETWEEN = f"""
WITH scanned AS (
    SELECT b.repository, b.status = 'ok' AS whole, a.rules AS rules_before, b.rules AS rules_after,
           pa.position AS at_a, pb.position AS at_b
    FROM repositories a JOIN repositories b USING (repository)
    JOIN positions pa ON pa.repository = a.repository AND pa.scan = a.scan
    JOIN positions pb ON pb.repository = b.repository AND pb.scan = b.scan
    WHERE a.scan = $a AND b.scan = $b
), rows AS (
    SELECT h.*, s.whole, s.rules_before, s.rules_after, s.at_a, s.at_b FROM history h JOIN scanned s
    USING (repository) WHERE h.state <> 'fixed' AND h.status = 'open'
), before AS (SELECT * FROM rows WHERE scan = $a), after AS (SELECT * FROM rows WHERE scan = $b)
SELECT change, {_LISTED}, since FROM (
    SELECT CASE WHEN first_seen < (SELECT started FROM scans WHERE scan = $a) THEN 'reopened' ELSE 'new' END
           AS change, *
    FROM after WHERE list_contains(rules_before, code)
      AND (repository, identity) NOT IN (SELECT (repository, identity) FROM before)
    UNION ALL BY NAME
    SELECT 'fixed' AS change, * FROM before b
    WHERE whole AND list_contains(rules_after, code) AND NOT EXISTS (
        SELECT 1 FROM history h
        WHERE h.repository = b.repository AND h.identity = b.identity AND h.scan = $b AND h.state <> 'fixed')
)
ORDER BY CASE change WHEN 'new' THEN 0 WHEN 'reopened' THEN 1 ELSE 2 END, {_ORDER}
"""
_NOT_IN_BOTH = """
SELECT count(*) FROM (
    SELECT repository FROM repositories WHERE scan IN ($a, $b)
    GROUP BY repository HAVING count(*) FILTER (WHERE status <> 'failed') < 2
)
"""


def report(dataset: Dataset, name: str, scan: str | None = None) -> QueryResult:
    """A ready report about a scan, the latest by default. Raises UserError."""
    if name not in REPORTS:
        raise UserError(f"no report is called {name!r}", nearest(name, list(REPORTS)))
    database = Database(dataset)
    try:
        return database.query(REPORTS[name][1], {"scan": dataset.wanted(scan)})
    finally:
        database.close()


def difference(dataset: Dataset, before: str, after: str) -> tuple[QueryResult, int]:
    """What is new, reopened and fixed from one scan to another, and how many repositories are not in both.

    Only repositories that both scans could read count, and rules that both have run. Raises UserError.
    """
    scans = {"a": dataset.wanted(before), "b": dataset.wanted(after)}
    if scans["a"] == scans["b"]:
        raise UserError(
            f"{before} and {after} are the same scan", "`mlwa-lint fleet report trend` lists scans"
        )
    database = Database(dataset)
    try:
        found = database.query(_BETWEEN, scans)
        ((missing,),) = database.query(_NOT_IN_BOTH, scans).rows
        return found, int(missing)
    finally:
        database.close()
