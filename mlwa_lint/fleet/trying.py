"""Runs a rule, before it is enabled, over the repositories of a scan."""

from collections.abc import Sequence

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.errors import UserError
from mlwa_lint.fleet.dataset import Dataset
from mlwa_lint.fleet.plan import Repository
from mlwa_lint.fleet.queries import Database, QueryResult
from mlwa_lint.startup.records import NamedTuple

_SOURCES = """
SELECT repository, kind, source, owner, labels, commit FROM repositories
WHERE scan = $scan ORDER BY repository
"""
SUMMARY = """
SELECT code, any_value(name) AS name, any_value(severity) AS severity, count(*) AS findings,
       count(DISTINCT repository) AS repositories
FROM findings WHERE scan = $scan AND status = 'open' GROUP BY code ORDER BY code
"""


class Candidates(NamedTuple):
    """The rules to try: their codes, and where they come from (nothing for rules that are built in)."""

    codes: tuple[str, ...]
    sources: tuple[str, ...]


def candidates(given: Sequence[str]) -> Candidates:
    """The rules that a command line names: files, folders, modules; or codes and names of known rules.

    Raises UserError, RuleSourceError, UnknownRuleError.
    """
    known = load_rules()
    selectors = tuple(each for each in given if known.fits(each))
    sources = tuple(each for each in given if not known.fits(each))
    codes = [rule.code for rule in known.select(selectors)] if selectors else []
    if sources:
        before = {rule.code for rule in known.rules}
        codes += [rule.code for rule in load_rules(sources).rules if rule.code not in before]
    if not codes:
        raise UserError(f"{' '.join(given)}: no rules in there")
    return Candidates(tuple(sorted(set(codes))), sources)


def scanned(dataset: Dataset, scan: str | None) -> list[Repository]:
    """The repositories of a scan, to be fetched again: at the same commit, where a server has it still."""
    database = Database(dataset)
    try:
        rows = database.query(_SOURCES, {"scan": dataset.wanted(scan)}).rows
    finally:
        database.close()
    return [
        Repository(name, kind, source, owner, tuple(labels), commit if kind == "git" else None)
        for name, kind, source, owner, labels, commit in rows
    ]


def tried(dataset: Dataset, sql: str) -> QueryResult:
    """The result of a query about the latest scan in a dataset."""
    database = Database(dataset)
    try:
        return database.query(sql, {"scan": dataset.wanted(None)})
    finally:
        database.close()


def moved_on(before: Dataset, scan: str | None, after: Dataset) -> int:
    """How many repositories are at another commit than when they were scanned."""
    commits: list[dict[str, str | None]] = []
    for dataset, wanted in ((before, scan), (after, None)):
        database = Database(dataset)
        sql = "SELECT repository, commit FROM repositories WHERE scan = $scan AND status <> 'failed'"
        commits.append(dict(database.query(sql, {"scan": dataset.wanted(wanted)}).rows))
        database.close()
    old, new = commits
    return sum(name in old and old[name] != commit for name, commit in new.items())
