"""A language server for the tests of one module."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.language_client import LanguageClient


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A workspace folder, by its real path."""
    folder = tmp_path.resolve() / "project"
    folder.mkdir()
    return folder


@pytest.fixture
def client(project: Path) -> Iterator[LanguageClient]:
    """A client whose server works in the project."""
    client = LanguageClient(folder=project)
    client.initialize(project)
    yield client
    client.end()
