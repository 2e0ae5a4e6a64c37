"""Small fleets, and rules that misbehave at a resource of a certain name."""

import datetime
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from mlwa_lint.fleet.dataset import Dataset
from mlwa_lint.fleet.engines import Engine, engine
from mlwa_lint.fleet.failures import Failure
from mlwa_lint.fleet.identity import identity
from mlwa_lint.fleet.journal import Attempt, Journal
from mlwa_lint.fleet.plan import Repository, RuleFile, ScanPlan
from mlwa_lint.fleet.queries import Database
from mlwa_lint.fleet.rows import rows_of_failure
from mlwa_lint.fleet.scan import Scan, scan
from mlwa_lint.fleet.schema import packed
from mlwa_lint.fleet.sources import repositories
from mlwa_lint.fleet.working import Scanned

NOTEBOOK = """\
Resources:
  {name}:
    Type: AWS::SageMaker::NotebookInstance
    Properties:
      InstanceType: ml.t3.medium
      RoleArn: arn:aws:iam::111122223333:role/notebook
      RootAccess: {access}
"""
# What each rule does when it reaches the notebook of its name; `once` leaves a mark and then does nothing.
_RULE = '''\
import os
import signal
import time
from pathlib import Path

from mlwa_lint.rule import Claim, Remedy, rule


def once():
    mark = Path({mark!r})
    if mark.exists():
        return False
    mark.touch()
    return True


def parent_of(process):
    return int(Path(f"/proc/{{process}}/stat").read_text().rpartition(")")[2].split()[1])


@rule("TSS901", "test-misbehaves", "high", practices=(), on=("AWS::SageMaker::NotebookInstance",),
      remedy=Remedy("Rename it.", "Rename it."))
def misbehaves(notebook, graph):
    """The notebook has a name.

    It does harm.
    """
    name = str(notebook)
    if "Endless" in name:
        time.sleep(3600)
    if "Hungry" in name:
        eaten = []
        while True:
            eaten.append(bytearray(8_000_000))
    if "Deadly" in name:
        os.kill(os.getpid(), signal.SIGKILL)
    if "Killer" in name and once():
        os.kill(os.getppid(), signal.SIGKILL)
    if "Assassin" in name and once():
        os.kill(parent_of(os.getppid()), signal.SIGKILL)
    access = notebook["RootAccess"]
    yield Claim(access.equals("Enabled"), access, f"{{notebook}} has a name")
'''


def misbehaving(mark: Path) -> str:
    """The text of a rule that does harm; `mark` is where it notes what it does only once."""
    return _RULE.format(mark=str(mark))


def make_fleet(folder: Path, names: Iterable[str], access: str = "Enabled") -> Path:
    """A folder of checkouts, each with a template of one notebook that is called as the checkout."""
    for name in names:
        (folder / name).mkdir(parents=True, exist_ok=True)
        text = NOTEBOOK.format(name=name.capitalize(), access=access)
        (folder / name / "template.yaml").write_text(text, "utf-8")
    return folder


def plan(rules: str | None = None, **changes: Any) -> ScanPlan:
    """A plan of one rule (MLS402, or the given one), so that scans are quick."""
    sources = () if rules is None else (RuleFile("0/rule.py", rules),)
    select = ("MLS402",) if rules is None else ("TSS901",)
    return ScanPlan(identity(), select=select, rules=sources)._replace(**changes)


def run(
    source: Path | str,
    dataset: Path | str,
    chosen: ScanPlan | None = None,
    *,
    used: Engine | None = None,
    resume: bool = False,
) -> Scan:
    """Scans a source with the local engine, two repositories at a time, or with the given one."""
    found = used or engine("local", 2)
    try:
        return scan(
            [str(source)],
            repositories([str(source)]),
            chosen or plan(),
            found,
            Dataset(str(dataset)),
            resume=resume,
        )
    finally:
        if used is None:
            found.close()


def query(dataset: Path | str, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    database = Database(Dataset(str(dataset)))
    try:
        return database.query(sql).rows
    finally:
        database.close()


def content(dataset: Path) -> dict[str, bytes]:
    """The bytes of the tables that do not depend on time and place, of the only scan of a dataset."""
    tables = ("findings", "undecided", "resources", "repositories")
    return {table: next((dataset / table).glob("*/*.parquet")).read_bytes() for table in tables}


def git(*arguments: str, folder: Path) -> str:
    """Runs git as an anonymous user."""
    settings = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main")
    done = subprocess.run(
        ["git", *settings, "-C", str(folder), *arguments], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def commit_all(folder: Path) -> str:
    """Makes a repository of a folder, or a further commit; returns it."""
    if not (folder / ".git").exists():
        git("init", "--quiet", folder=folder)
    git("add", "--all", folder=folder)
    git("commit", "--quiet", "--message", "change", folder=folder)
    return git("rev-parse", "HEAD", folder=folder)


def put_scan(
    dataset: Path,
    day: int,
    found: Mapping[str, Sequence[tuple[str, str, str]] | None],
    *,
    partial: Iterable[str] = (),
    rules: Sequence[str] = ("MLS402", "MLS401"),
) -> str:
    """Adds a scan of a day in July to a dataset without scanning anything.

    found: for each repository its findings as (code, path, address); None where it could not be scanned.
    """
    started = datetime.datetime(2026, 7, day, 12, tzinfo=datetime.UTC)
    opened = Dataset(str(dataset))
    journal = Journal(opened.storage, started.strftime("%Y-%m-%dT%H-%M-%SZ"), {"plan": "", "sources": []})
    journal.begin()
    findings = 0
    for name, of_repository in found.items():
        repository = Repository(name, "folder", f"/checkouts/{name}", f"team-{name[0]}", ("gold",))
        rows = rows_of_failure(repository, Failure("time", "linting took more than 1 seconds"))
        if of_repository is not None:
            status = "partial" if name in partial else "ok"
            rows["repositories"][0] |= {
                "status": status,
                "failure": None,
                "message": None,
                "rules": list(rules),
                "findings": len(of_repository),
            }
            head = {key: rows["repositories"][0][key] for key in ("repository", "commit", "owner", "labels")}
            rows["findings"] = [head | _finding(*each) for each in of_repository]
            rows["resources"] = [head | _resource(path, address) for _, path, address in of_repository]
            findings += len(of_repository)
        journal.add(
            Scanned(name, packed(rows), None, "here", 1.0, 50.0), (Attempt(name, 1, "here", "ok", 1.0, 50.0),)
        )
    journal.flush()
    summary: dict[str, Any] = dict.fromkeys(("failed", "partial", "undecided", "resources", "workers"), 0)
    summary["failed"] = sum(each is None for each in found.values())
    texts = {"version": "0", "catalogue": "0", "engine": "local", "options": "{}", "sources": []}
    counted = {"repositories": len(found), "findings": findings}
    opened.commit(journal, {"started": started, "finished": started, **texts, **summary, **counted})
    journal.delete()
    return journal.scan


def _finding(code: str, path: str, address: str) -> dict[str, Any]:
    return {
        "code": code,
        "name": f"rule-{code.lower()}",
        "severity": "high",
        "pillar": "security",
        "practices": ["MLSEC03-BP02"],
        "message": f"{address} is wrong",
        "path": path,
        "line": 1,
        "column": 1,
        "end_line": 1,
        "end_column": 2,
        "address": address,
        "type": "AWS::SageMaker::NotebookInstance",
        "property": "RootAccess",
        "condition": None,
        "instances": 1,
        "status": "open",
        "reason": None,
        "controls": [],
        "help": "https://example.com",
        "fingerprint": f"{code} {address}",
        "identity": f"{code} {address} {path}",
    }


def _resource(path: str, address: str) -> dict[str, Any]:
    return {
        "type": "AWS::SageMaker::NotebookInstance",
        "address": address,
        "language": "cloudformation",
        "region": None,
        "root": path,
        "path": path,
        "line": 1,
    }


def command(*arguments: str) -> list[str]:
    """A command line of this program, for a process of its own."""
    return [sys.executable, "-m", "mlwa_lint", *arguments]
