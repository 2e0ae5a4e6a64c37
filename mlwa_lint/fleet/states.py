"""What has become of each finding from scan to scan: new, open, fixed or reopened, and since when.

A finding is the same while its identity is: rule, resource, property and file. Where a file is gone, and the
same resource has the same finding in another file from then on, it has moved and is still the same.

That a finding is not there means that it is fixed only where the repository was scanned without problems and
with the rule. Otherwise nothing is known, and what was known last still holds.
"""

from typing import Any

_POSITIONS = """
CREATE TEMP TABLE positions AS
SELECT r.repository, r.scan, s.started, r.status = 'ok' AS whole, r.rules,
       row_number() OVER (PARTITION BY r.repository ORDER BY s.started, r.scan) AS position
FROM repositories r JOIN scans s USING (scan)
WHERE r.status <> 'failed'
"""
_SEEN = """
CREATE TEMP TABLE seen AS
SELECT f.repository, f.identity, f.code, f.type, f.address, f.property, f.path, f.line, p.position,
       lag(p.position) OVER finding AS before, lead(p.position) OVER finding AS after
FROM findings f JOIN positions p USING (repository, scan)
WINDOW finding AS (PARTITION BY f.repository, f.identity ORDER BY p.position)
"""
# From the last time that it was seen: the first scan of which is known that it was not there.
_CLOSED = """
CREATE OR REPLACE TEMP TABLE closed AS
SELECT s.repository, s.identity, s.position, min(p.position) AS closed_at
FROM seen s JOIN positions p
  ON p.repository = s.repository AND p.position > s.position AND (s.after IS NULL OR p.position < s.after)
WHERE (s.after IS NULL OR s.after > s.position + 1) AND p.whole AND list_contains(p.rules, s.code)
GROUP BY ALL
"""
_MOVED = """
WITH gone AS (
    SELECT s.*, c.closed_at,
           row_number() OVER (PARTITION BY s.repository, c.closed_at, s.code, s.type, s.address, s.property
                              ORDER BY s.path, s.line, s.identity) AS number
    FROM seen s JOIN closed c USING (repository, identity, position)
    JOIN positions p ON p.repository = s.repository AND p.position = c.closed_at
    WHERE s.after IS NULL AND NOT EXISTS (
        SELECT 1 FROM resources r
        WHERE r.repository = s.repository AND r.scan = p.scan AND r.path = s.path)
), come AS (
    SELECT s.*,
           row_number() OVER (PARTITION BY s.repository, s.position, s.code, s.type, s.address, s.property
                              ORDER BY s.path, s.line, s.identity) AS number
    FROM seen s WHERE s.before IS NULL
)
SELECT g.repository, g.identity, c.identity
FROM gone g JOIN come c
  ON c.repository = g.repository AND c.position = g.closed_at AND c.code = g.code AND c.type = g.type
 AND c.address = g.address AND c.property IS NOT DISTINCT FROM g.property AND c.number = g.number
ORDER BY c.position
"""
_REJOINED = """
CREATE OR REPLACE TEMP TABLE seen AS
SELECT * REPLACE (
    lag(position) OVER finding AS before, lead(position) OVER finding AS after
) FROM (
    SELECT s.* REPLACE (coalesce(m.first, s.identity) AS identity), s.identity AS own
    FROM seen s LEFT JOIN moved m ON m.repository = s.repository AND m.identity = s.identity
)
WINDOW finding AS (PARTITION BY repository, identity ORDER BY position)
"""
_EVENTS = """
CREATE TEMP TABLE events AS
WITH marked AS (
    SELECT s.repository, s.identity, s.own, s.position, c.closed_at,
           CASE WHEN s.before IS NULL THEN 'new'
                WHEN lag(c.closed_at) OVER finding IS NOT NULL THEN 'reopened'
                ELSE 'open' END AS state
    FROM seen s LEFT JOIN closed c USING (repository, identity, position)
    WINDOW finding AS (PARTITION BY s.repository, s.identity ORDER BY s.position)
), runs AS (
    SELECT *, count(*) FILTER (WHERE state <> 'open') OVER (
        PARTITION BY repository, identity ORDER BY position) AS run
    FROM marked
), dated AS (
    SELECT r.*, p.scan AS seen_in, p.started,
           min(p.started) OVER (PARTITION BY r.repository, r.identity) AS first_seen,
           min(p.started) OVER (PARTITION BY r.repository, r.identity, r.run) AS since
    FROM runs r JOIN positions p USING (repository, position)
)
SELECT repository, identity, own, position, seen_in, seen_in AS scan, state, first_seen, since,
       started AS last_seen, NULL AS fixed_at, started AS until
FROM dated
UNION ALL
SELECT d.repository, d.identity, d.own, d.closed_at, d.seen_in, p.scan, 'fixed', d.first_seen, d.since,
       d.started, p.started, p.started
FROM dated d JOIN positions p ON p.repository = d.repository AND p.position = d.closed_at
WHERE d.closed_at IS NOT NULL
"""
_VIEW = """
CREATE TEMP VIEW {name} AS
SELECT e.scan, e.state, f.* EXCLUDE (scan, identity), e.identity, e.first_seen, e.since, e.last_seen,
       e.fixed_at, date_diff('day', e.since, e.until) AS days
FROM {events} e JOIN findings f
  ON f.repository = e.repository AND f.scan = e.seen_in AND f.identity = e.own
"""
_LATEST = """
CREATE TEMP VIEW latest AS SELECT * FROM events
QUALIFY row_number() OVER (PARTITION BY repository, identity ORDER BY position DESC) = 1
"""


def add_states(connection: Any) -> None:
    """Adds `history` (a row for each finding and scan) and `states` (a row for each finding: its latest)."""
    connection.execute(_POSITIONS)
    connection.execute(_SEEN)
    connection.execute(_CLOSED)
    first = _first_identities(connection.execute(_MOVED).fetchall())
    connection.execute("CREATE TEMP TABLE moved (repository VARCHAR, identity VARCHAR, first VARCHAR)")
    if first:
        rows = [(*key, value) for key, value in first.items()]
        connection.executemany("INSERT INTO moved VALUES (?, ?, ?)", rows)
    connection.execute(_REJOINED)
    connection.execute(_CLOSED)
    connection.execute(_EVENTS)
    connection.execute(_LATEST)
    connection.execute(_VIEW.format(name="history", events="events"))
    connection.execute(_VIEW.format(name="states", events="latest"))


def _first_identities(moves: list[tuple[str, str, str]]) -> dict[tuple[str, str], str]:
    """The identity that each finding that has moved, perhaps more than once, had at first."""
    first: dict[tuple[str, str], str] = {}
    for repository, before, after in moves:  # in the order of scans
        first[repository, after] = first.get((repository, before), before)
    return first
