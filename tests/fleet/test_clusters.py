"""Dask and Ray give the same bytes as this machine's processes, also when a worker is killed."""

import warnings
from pathlib import Path

import pytest

from mlwa_lint.errors import UserError
from mlwa_lint.fleet.engines import engine
from mlwa_lint.fleet.working import WorkerLostError
from tests.support.fleets import content, make_fleet, misbehaving, plan, query, run

NAMES = ["assassin", *(f"r{number}" for number in range(6))]


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The tables of the same fleet where no worker is killed."""
    folder = tmp_path_factory.mktemp("expected")
    (folder / "mark").touch()
    make_fleet(folder / "fleet", NAMES)
    run(folder / "fleet", folder / "ds", plan(misbehaving(folder / "mark")))
    return content(folder / "ds")


@pytest.mark.parametrize(("name", "package"), [("dask", "distributed"), ("ray", "ray")])
@pytest.mark.filterwarnings("ignore")  # of the clusters' own shutting down
def test_a_cluster_finds_the_same_though_a_worker_is_killed(
    name: str, package: str, tmp_path: Path, expected: dict[str, bytes]
) -> None:
    pytest.importorskip(package)
    fleet = make_fleet(tmp_path / "fleet", NAMES)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        used = engine(name, 2)
        try:
            with pytest.raises(UserError, match=r"runs mlwa-lint .*, this is 9\.9\.9"):
                used.check("9.9.9/0123456789abcdef")
            assert used.is_lost(WorkerLostError("it is gone"))
            assert not used.is_lost(ValueError("it is there"))
            done = run(fleet, tmp_path / "ds", plan(misbehaving(tmp_path / "mark")), used=used)
        finally:
            used.close()
    assert (tmp_path / "mark").exists(), "a worker was killed"
    assert (done.repositories, done.failed) == (7, {})
    assert query(tmp_path / "ds", "SELECT count(*), count(DISTINCT repository) FROM findings") == [(7, 7)]
    found = content(tmp_path / "ds")
    assert found["findings"] == expected["findings"]
    assert found["resources"] == expected["resources"]
    assert found["undecided"] == expected["undecided"]


@pytest.mark.filterwarnings("ignore")
def test_a_scheduler_without_workers_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr("mlwa_lint.fleet.engines.dask._CONNECT_SECONDS", 1)
    with distributed.LocalCluster(n_workers=0, dashboard_address=None) as cluster:
        used = engine("dask", address=cluster.scheduler_address)
        try:
            with pytest.raises(UserError, match="no Dask worker has joined the scheduler within 1 seconds"):
                used.check("1/0123456789abcdef")
        finally:
            used.close()
