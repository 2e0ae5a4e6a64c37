"""The server reports on every rule's examples what a run over the files does, also while they change."""

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mlwa_lint.config.command_line import CommandLine
from mlwa_lint.model.findings import Finding
from mlwa_lint.run.pipeline import lint
from mlwa_lint.run.session import Session
from tests.support.language_client import LanguageClient, applied, edits_of
from tests.support.rule_examples import Example, examples

Places = list[tuple[str, int]]
# So many documents are opened, changed and closed at a time.
BATCH = 60


def one_failing_of_each() -> list[Example]:
    """The first failing example of each rule in each language, where it is a single file."""
    found: dict[tuple[str, str], Example] = {}
    for example in examples():
        if example.kind == "fail" and example.path.is_file():
            found.setdefault((example.code, example.language), example)
    return list(found.values())


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, str]:
    """The examples by path, each in a folder of its own, with its text."""
    root = tmp_path_factory.mktemp("workspace").resolve()
    found = {}
    for example in one_failing_of_each():
        path = root / example.code / example.language / example.path.name
        path.parent.mkdir(parents=True)
        shutil.copy(example.path, path)
        found[path] = path.read_text("utf-8")
    return found


@pytest.fixture(scope="module")
def expected(workspace: dict[Path, str]) -> dict[Path, Places]:
    """The findings of a run in each of the files."""
    root = next(iter(workspace)).parents[2]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        # An editor evaluates each target separately, whatever others of the folder may declare.
        patch.setattr("mlwa_lint.run.pipeline.left_open", lambda reports, _: list(reports))
        patch.setattr("mlwa_lint.filters.policy.Policy.project_of", lambda policy, finding: None)
        patch.setattr("mlwa_lint.filters.grouping._subject_key", lambda finding: None)
        patch.setattr("mlwa_lint.filters.habits.omission_key", lambda finding, **_: None)
        patch.setattr("mlwa_lint.filters.copies.joined_copies", lambda groups, *_: groups)
        patch.setattr("mlwa_lint.filters.copies.joined_parts", lambda groups, *_: groups)
        result = lint(Session(CommandLine(cache=False)), ["."], "").result
    found: dict[Path, list[Finding]] = {path: [] for path in workspace}
    for finding in result.findings:
        found[root / finding.span.path].append(finding)
    return {path: sorted((each.code, each.span.line - 1) for each in found[path]) for path in found}


@pytest.fixture(scope="module")
def session(workspace: dict[Path, str]) -> Iterator[LanguageClient]:
    client = LanguageClient()
    client.initialize(next(iter(workspace)).parents[2])
    yield client
    assert client.shut_down() == 0
    client.end()


def batches(paths: list[Path]) -> Iterator[list[Path]]:
    for start in range(0, len(paths), BATCH):
        yield paths[start : start + BATCH]


def places(diagnostics: list[dict[str, Any]]) -> Places:
    return sorted((each["code"], each["range"]["start"]["line"]) for each in diagnostics if "code" in each)


def codes(found: Places) -> Counter[str]:
    return Counter(code for code, _ in found)


def published(client: LanguageClient, paths: list[Path], version: int | None) -> dict[Path, Places]:
    """The diagnostics of some documents at a version, as soon as all have theirs."""
    wanted = {path.as_uri(): path for path in paths}

    def complete(_: Any) -> bool:
        return all(
            uri in client.diagnostics and client.diagnostics[uri].get("version") == version for uri in wanted
        )

    if not complete(None):
        client.wait(complete)
    return {path: places(client.diagnostics[uri]["diagnostics"]) for uri, path in wanted.items()}


def test_every_example_opened_changed_and_closed(
    session: LanguageClient, workspace: dict[Path, str], expected: dict[Path, Places]
) -> None:
    assert len(workspace) > 400
    seen: set[str] = set()
    for paths in batches(list(workspace)):
        for path in paths:
            session.open(path, workspace[path])
        assert published(session, paths, 1) == {path: expected[path] for path in paths}
        fixed = [path for path in paths if (edit := fix_all(session, path)) and change(session, path, edit)]
        seen |= {path.suffix for path in fixed}
        after = published(session, fixed, 2)
        # A bucket that is no longer disposable may lack what only lasting ones need.
        assert all(codes(expected[path]) - codes(after[path]) for path in fixed)
        assert [path for path in fixed if fix_all(session, path)] == []
        for path in paths:  # a line more at the top, where the language has comments
            line = "\n" if path.suffix == ".json" else "# edited\n"
            session.change(path, 3, {"text": line + workspace[path]})
        moved = {path: [(code, line + 1) for code, line in expected[path]] for path in paths}
        assert published(session, paths, 3) == moved
        for path in paths:
            session.change(path, 4, {"text": ""})
        assert published(session, paths, 4) == {path: [] for path in paths}
        for path in paths:
            session.close(path)
        assert published(session, paths, None) == {path: [] for path in paths}
    assert seen >= {".yaml", ".tf", ".py"}


def fix_all(client: LanguageClient, path: Path) -> str | None:
    """The text of a document with all its safe fixes made; None where there are none."""
    context = {"diagnostics": [], "only": ["source.fixAll.mlwa-lint"]}
    requested = {"textDocument": {"uri": path.as_uri()}, "range": span(0, 0), "context": context}
    found = client.request("textDocument/codeAction", requested)
    return applied(path.read_text("utf-8"), edits_of(found[0]["edit"], path)) if found else None


def change(client: LanguageClient, path: Path, text: str) -> bool:
    client.change(path, 2, {"text": text})
    return True


def span(line: int, character: int) -> dict[str, Any]:
    place = {"line": line, "character": character}
    return {"start": place, "end": place}
