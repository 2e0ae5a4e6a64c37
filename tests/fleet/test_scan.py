"""Scans of whole fleets by the local engine."""

import json
import tarfile
from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from mlwa_lint.errors import UserError
from mlwa_lint.fleet.dataset import Dataset
from mlwa_lint.fleet.schema import TABLES, schema
from tests.support.fleets import NOTEBOOK, commit_all, make_fleet, misbehaving, plan, query, run

SECRET = "kettle-4242-teapot-4242"
WITH_SECRETS = f"""\
Resources:
  Model:
    Type: AWS::SageMaker::Model
    Properties:
      ExecutionRoleArn: arn:aws:iam::111122223333:role/model
      PrimaryContainer:
        Image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/x:1
        Environment:
          DB_PASSWORD: {SECRET}
          URL: postgres://user:{SECRET}@db.example.com/ml
  {"AKIA" + "IOSFODNN7EXAMPLE"}:
    Type: AWS::SageMaker::NotebookInstance
    Properties:
      RootAccess: Enabled
      InstanceType: ml.t3.medium
"""


def test_every_repository_has_its_rows_with_commit_owner_and_labels(tmp_path: Path) -> None:
    fleet = make_fleet(tmp_path / "fleet", ["api", "web"])
    commit = commit_all(fleet / "api")
    (fleet / "old").mkdir()
    (fleet / "old" / "template.yaml").write_text(NOTEBOOK.format(name="Old", access="Enabled"))
    with tarfile.open(tmp_path / "old.tar.gz", "w:gz") as archive:
        archive.add(fleet / "old", "old-1")
    (tmp_path / "list.csv").write_text(
        f"file://{fleet}/api,vision,gold,eu\nfleet/web,data\nold.tar.gz\nfleet/nowhere,data\n"
    )
    done = run(tmp_path / "list.csv", tmp_path / "ds")
    assert (done.repositories, list(done.failed)) == (4, ["fleet/nowhere"])
    findings = (
        "SELECT repository, commit, owner, labels, code, path, line, address FROM findings ORDER BY ALL"
    )
    name = f"{fleet}/api".lstrip("/")
    assert query(tmp_path / "ds", findings) == sorted(
        [
            (name, commit, "vision", ["eu", "gold"], "MLS402", "template.yaml", 7, "Api"),
            ("fleet/web", None, "data", [], "MLS402", "template.yaml", 7, "Web"),
            ("old", None, None, [], "MLS402", "template.yaml", 7, "Old"),
        ]
    )
    sql = "SELECT repository, kind, status, failure FROM repositories ORDER BY 1"
    assert query(tmp_path / "ds", sql) == [
        ("fleet/nowhere", "folder", "failed", "missing"),
        ("fleet/web", "folder", "ok", None),
        ("old", "archive", "ok", None),
        (name, "git", "ok", None),
    ]
    sql = "SELECT repository, type, address, language FROM resources ORDER BY 1"
    assert query(tmp_path / "ds", sql)[1] == (
        "old",
        "AWS::SageMaker::NotebookInstance",
        "Old",
        "cloudformation",
    )


def test_secrets_are_in_no_file_of_the_dataset(tmp_path: Path) -> None:
    fleet = make_fleet(tmp_path / "fleet", ["api"])
    (fleet / "api" / "secrets.yaml").write_text(WITH_SECRETS)
    (fleet / "api" / ".mlwa-lint.toml").write_text(f'vars = {{ db_password = "{SECRET}" }}\n')
    (fleet / "web").mkdir()
    (fleet / "web" / ".mlwa-lint.toml").write_text(f'[vars]\npassword = "{SECRET}\n')
    (tmp_path / "list.csv").write_text(
        f"fleet/api\nfleet/web\nfile://user:{SECRET}@localhost/nowhere.git\nhttp://{SECRET}@localhost:1/x.git\n"
    )
    run(tmp_path / "list.csv", tmp_path / "ds", plan(select=()))
    run(f"http://{SECRET}@localhost:1/x.git", tmp_path / "ds", plan(select=()))
    codes = query(tmp_path / "ds", "SELECT DISTINCT code FROM findings WHERE path = 'secrets.yaml'")
    assert ("MLS106",) in codes, "the secret was seen"
    everything = ""
    for table in TABLES:
        for path in (tmp_path / "ds" / table).glob("*/*.parquet"):
            everything += json.dumps(parquet.read_table(path).to_pylist(), default=str)
    assert "postgres" in everything or "DB_PASSWORD" in everything
    assert SECRET not in everything
    assert SECRET[:20] not in everything
    assert "IOSFODNN7" not in everything


def test_a_repositorys_own_configuration_is_honoured_within_it(tmp_path: Path) -> None:
    fleet = make_fleet(tmp_path / "fleet", ["api", "web", "own"])
    (tmp_path / "fleet" / ".mlwa-lint.toml").write_text('select = ["MLS401"]\n')
    (fleet / "api" / ".mlwa-lint.toml").write_text('ignore = ["MLS402"]\n')
    mark = tmp_path / "mark"
    (fleet / "own" / "evil.py").write_text(f"import pathlib\npathlib.Path({str(mark)!r}).touch()\n")
    (tmp_path / "values.json").write_text("{}")
    (fleet / "own" / ".mlwa-lint.toml").write_text(
        'rules = ["evil.py"]\nselect = ["ACME", "MLS402"]\nparameters = ["../../values.json"]\n'
        'root = ".."\nenvironment-variables = true\nbaseline = "../../baseline.json"\noperated = true\n'
    )
    run(fleet, tmp_path / "ds", plan(select=()))
    sql = "SELECT repository, bool_or(code = 'MLS402') FROM findings GROUP BY 1 ORDER BY 1"
    assert query(tmp_path / "ds", sql) == [("api", False), ("own", True), ("web", True)]
    assert not mark.exists(), "rule files of a stranger are programs"
    ((problems,),) = query(tmp_path / "ds", "SELECT problems FROM repositories WHERE repository = 'own'")
    stated = " ".join(each["message"] for each in problems)
    for word in (
        "own rules were not run",
        "parameters names files",
        "environment-variables",
        "baseline leads",
    ):
        assert word in stated


def test_rules_of_a_repository_are_run_where_that_is_allowed(tmp_path: Path) -> None:
    fleet = make_fleet(tmp_path / "fleet", ["broken", "own"])
    for name, text in (("own", misbehaving(tmp_path / "mark")), ("broken", "import nowhere")):
        (fleet / name / "own.py").write_text(text)
        (fleet / name / ".mlwa-lint.toml").write_text('rules = ["own.py"]\nselect = ["TSS901"]\n')
    done = run(fleet, tmp_path / "ds", plan(select=(), own_rules=True))
    assert query(tmp_path / "ds", "SELECT repository, code FROM findings") == [("own", "TSS901")]
    assert [(name, each.kind) for name, each in done.failed.items()] == [("broken", "configuration")]


@pytest.mark.parametrize("how", ["extend", "link"])
def test_configurations_outside_of_a_repository_are_not_read(how: str, tmp_path: Path) -> None:
    fleet = make_fleet(tmp_path / "fleet", ["api"])
    (tmp_path / "secret.toml").write_text('severity = "kettle42"\n')
    own = fleet / "api" / ".mlwa-lint.toml"
    if how == "link":
        own.symlink_to(tmp_path / "secret.toml")
    else:
        own.write_text('extend = "../../secret.toml"\n')
    done = run(fleet, tmp_path / "ds")
    (failure,) = done.failed.values()
    assert failure.kind == "configuration"
    assert "leads out of the repository" in failure.message
    assert "kettle42" not in failure.message


def test_the_fleets_configuration_takes_the_place_of_each_ones_own(tmp_path: Path) -> None:
    fleet = make_fleet(tmp_path / "fleet", ["api"])
    (fleet / "api" / ".mlwa-lint.toml").write_text('ignore = ["MLS402"]\n')
    text = 'select = ["MLS402"]\n[[overrides]]\npaths = ["other/**"]\nignore = ["MLS402"]\n'
    (fleet / "api" / "other").mkdir()
    (fleet / "api" / "other" / "t.yaml").write_text(NOTEBOOK.format(name="Other", access="Enabled"))
    run(fleet, tmp_path / "ds", plan(select=(), configuration=text))
    assert query(tmp_path / "ds", "SELECT path FROM findings") == [("template.yaml",)]


def test_links_out_of_a_checkout_are_not_read(tmp_path: Path) -> None:
    fleet = make_fleet(tmp_path / "fleet", ["api"])
    (tmp_path / "outside.yaml").write_text(NOTEBOOK.format(name="Outside", access="Enabled"))
    (fleet / "api" / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    run(fleet, tmp_path / "ds")
    assert query(tmp_path / "ds", "SELECT address FROM findings") == [("Api",)]


def test_suppressed_findings_are_marked_rows(tmp_path: Path) -> None:
    fleet = make_fleet(tmp_path / "fleet", ["api"])
    path = fleet / "api" / "template.yaml"
    path.write_text(path.read_text().replace("Enabled", "Enabled # mlwa: ignore[MLS402] -- a sandbox"))
    run(fleet, tmp_path / "ds")
    assert query(tmp_path / "ds", "SELECT status, reason FROM findings") == [("suppressed", "a sandbox")]
    assert query(tmp_path / "ds", "SELECT findings, suppressed FROM repositories") == [(0, 1)]


def test_a_dataset_can_lie_in_an_object_store(tmp_path: Path) -> None:
    fleet = make_fleet(tmp_path / "fleet", ["api", "web"])
    address = f"memory://{tmp_path.name}/ds"
    done = run(fleet, address)
    assert query(address, "SELECT count(*) FROM findings") == [(2,)]
    assert Dataset(address).scans == [done.id]
    assert Dataset(address).storage.names("_unfinished") == []


def test_tables_have_the_documented_columns_and_version(tmp_path: Path) -> None:
    run(make_fleet(tmp_path / "fleet", ["api"]), tmp_path / "ds")
    for table in TABLES:
        (path,) = (tmp_path / "ds" / table).glob("scan=*/part-0.parquet")
        found = parquet.read_schema(path)
        assert found.equals(schema(table)), table
        assert found.metadata[b"mlwa-lint.fleet.version"] == b"1"


def test_a_dataset_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    run(make_fleet(tmp_path / "fleet", ["api"]), tmp_path / "ds")
    (path,) = (tmp_path / "ds" / "findings").glob("*/*.parquet")
    table = parquet.read_table(path, partitioning=None)
    parquet.write_table(table.replace_schema_metadata({b"mlwa-lint.fleet.version": b"9"}), path)
    with pytest.raises(UserError, match="schema version 9"):
        query(tmp_path / "ds", "SELECT 1 FROM findings")


def test_names_that_are_no_utf8_are_rows_like_others(tmp_path: Path) -> None:
    name = b"caf\xe9".decode("utf-8", "surrogateescape")
    fleet = make_fleet(tmp_path / "fleet", ["web"])
    for folder, resource in ((fleet / name, "Outer"), (fleet / name / name, "Inner")):
        folder.mkdir()
        (folder / "template.yaml").write_text(NOTEBOOK.format(name=resource, access="Enabled"))
    done = run(fleet, tmp_path / "ds")
    assert done.failed == {}
    assert query(tmp_path / "ds", "SELECT repository, count(*) FROM findings GROUP BY 1 ORDER BY 1") == [
        ("caf\\udce9", 2),
        ("web", 1),
    ]
