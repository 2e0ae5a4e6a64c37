"""Diagnostics while a user types are those of a server that has just been started."""

import os
import random
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from mlwa_lint.config.command_line import CommandLine
from mlwa_lint.engine.moves import Moves
from mlwa_lint.files.reading import overlaid
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.server.folders import WorkspaceFolder
from tests.support.typing_ahead import typed

ROOT = Path(__file__).parent.parent.parent
EDITS = 8
PROJECTS = sorted(
    path
    for folder in ("architectures", "deployments")
    for path in (ROOT / "fixtures" / folder).glob("*")
    if path.is_dir()
)
ENDINGS = (".yaml", ".yml", ".json", ".tf", ".py")


@pytest.fixture(autouse=True)
def _from_here_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)  # folders change it


def updated(folder: WorkspaceFolder, texts: Mapping[str, str]) -> WorkspaceFolder:
    """A folder that has evaluated open documents, all of which have changed."""
    with overlaid({path: text.encode("utf-8", "surrogatepass") for path, text in texts.items()}):
        folder.changed(texts)
        folder.update(texts, lambda: None)
    return folder


def graphs(folder: WorkspaceFolder) -> list[ResourceGraph]:
    return [graph for evaluated in folder.evaluated() for graph in evaluated.graphs]


def expect_the_same(one: WorkspaceFolder, other: WorkspaceFolder) -> None:
    assert one.result._replace(rules=()) == other.result._replace(rules=())
    assert len(graphs(one)) == len(graphs(other))
    for graph, fresh in zip(graphs(one), graphs(other), strict=True):
        for mine, its in (
            (graph.project.resources, fresh.project.resources),
            (graph.edges, fresh.edges),
            (graph.open_ends, fresh.open_ends),
        ):
            assert Moves({}).same(tuple(mine), tuple(its))


def test_the_same_as_afresh(tmp_path: Path) -> None:
    for project in PROJECTS:
        root = tmp_path.resolve() / project.name
        shutil.copytree(project, root)
        chance = random.Random(project.name)
        paths = sorted(str(path) for path in root.rglob("*") if path.suffix in ENDINGS)
        saved = {path: Path(path).read_text("utf-8") for path in paths}
        opened = {path: saved[path] for path in chance.sample(paths, min(3, len(paths)))}
        folder = WorkspaceFolder(str(root), CommandLine())
        for _ in range(EDITS):
            expect_the_same(
                updated(folder, opened), updated(WorkspaceFolder(str(root), CommandLine()), opened)
            )
            name = chance.choice(list(opened))
            opened[name] = saved[name] if chance.random() < 0.2 else typed(opened[name], chance)
        os.chdir(tmp_path)


def test_a_long_template(tmp_path: Path) -> None:
    from benchmarks.generators import template

    root = tmp_path.resolve() / "long"
    root.mkdir()
    path = str(root / "template.yaml")
    text = template(1, resources=60) + template(2, resources=60, ordinary=True).partition("Resources:")[
        2
    ].replace("System", "Other").replace("system", "other")
    Path(path).write_text(text, "utf-8")
    chance = random.Random(19)
    folder = WorkspaceFolder(str(root), CommandLine())
    now = text
    for _ in range(25):
        opened = {path: now}
        expect_the_same(updated(folder, opened), updated(WorkspaceFolder(str(root), CommandLine()), opened))
        now = text if chance.random() < 0.2 else typed(now, chance)
