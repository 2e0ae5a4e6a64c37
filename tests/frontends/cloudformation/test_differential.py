"""Against cfn-lint's decoder: the same resources, literal properties and lines, over its own fixtures."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.cloudformation.syntax.files import tree
from mlwa_lint.frontends.cloudformation.vocabulary import canonical
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.values import Absent, Entry, ListValue, MapValue, Scalar, Value, plain_text
from scripts.cfn_lint_archive import UnavailableError, templates

OWN = Path(__file__).parents[3] / "fixtures"
STEP = 3  # every third of some 230 templates: enough kinds, and fast


@pytest.fixture(scope="module")
def archive() -> list[Path]:
    try:
        return templates()[::STEP]
    except UnavailableError as error:
        pytest.skip(str(error))


def decoded(path: Path) -> dict[str, Any] | None:
    """What cfn-lint makes of a template; None when it does not accept it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from cfnlint.decode import decode

        template, matches = decode(str(path))
    return None if matches or not isinstance(template, dict) else template


def is_function(node: Any) -> bool:
    return (
        isinstance(node, dict)
        and len(node) == 1
        and str(next(iter(node))).startswith(("Fn::", "Ref", "Condition"))
    )


def differences(theirs: Any, ours: Value, where: str) -> Iterator[str]:
    """Where two readings of a property differ; what a function makes of it is not compared."""
    if is_function(theirs) or (isinstance(theirs, str) and "{{resolve:" in theirs):
        return
    if isinstance(theirs, dict):
        literal = {str(key): value for key, value in theirs.items() if not str(key).startswith("Fn::")}
        if not isinstance(ours, MapValue) or set(literal) != set(ours.entries):
            yield f"{where}: the keys {sorted(literal)} became {ours}"
            return
        for key, value in theirs.items():
            if str(key) in literal:
                yield from entry_differences(key, value, ours.entries[str(key)], f"{where}.{key}")
    elif isinstance(theirs, list):
        if not isinstance(ours, ListValue) or len(theirs) != len(ours.items):
            yield f"{where}: a list of {len(theirs)} became {ours}"
            return
        for position, (value, item) in enumerate(zip(theirs, ours.items, strict=True)):
            yield from differences(value, item, f"{where}[{position}]")
    elif theirs is None:
        if not isinstance(ours, Absent):
            yield f"{where}: null became {ours}"
    elif not isinstance(ours, Scalar) or not same(theirs, ours):
        yield f"{where}: {theirs!r} became {ours}"


def entry_differences(key: Any, value: Any, entry: Entry, where: str) -> Iterator[str]:
    mark = getattr(key, "start_mark", None)
    if mark is not None and (mark.line + 1, mark.column + 1) != (entry.key_span.line, entry.key_span.column):
        yield f"{where}: stands at {mark.line + 1}:{mark.column + 1}, not {entry.key_span}"
    yield from differences(value, entry.value, where)


def same(theirs: Any, ours: Scalar) -> bool:
    if isinstance(theirs, float):  # we keep numbers with a point as they are written
        return float(theirs) == float(plain_text(ours.data))
    return plain_text(theirs) == plain_text(ours.data)


def compare(path: Path) -> tuple[int, list[str]]:
    """How many resources of a template were compared, and what differs."""
    template = decoded(path)
    if template is None or not isinstance(template.get("Resources"), dict):
        return 0, []
    if "Serverless" in str(template.get("Transform")) or "Fn::ForEach" in str(template):
        return 0, []
    tree(path, str(path))  # what cfn-lint accepts is accepted
    project = load(path, LoadOptions())
    ours = {resource.address: resource for resource in project.resources}
    found: list[str] = []
    count = 0
    for name, body in template["Resources"].items():
        if not isinstance(body, dict) or not isinstance(body.get("Type"), str):
            continue
        resource = ours.get(str(name))
        if resource is None:
            if "Condition" not in body:
                found.append(f"{name} is missing")
            continue
        count += 1
        mark = getattr(name, "start_mark", None)
        if resource.type != canonical(body["Type"]) or (
            mark is not None and mark.line + 1 != resource.span.line
        ):
            found.append(f"{name} is {resource.type} at {resource.span}")
        properties = body.get("Properties")
        if isinstance(properties, dict) and not is_function(properties):
            found += differences(properties, resource.properties, str(name))
    return count, found


def test_cfn_lint_s_own_fixtures_are_read_as_it_reads_them(archive: list[Path]) -> None:
    count, found = 0, []
    for path in archive:
        compared, different = compare(path)
        count += compared
        found += [f"{path.name}: {each}" for each in different]
    assert found == []
    assert count > 150


def test_our_own_fixtures_are_read_as_cfn_lint_reads_them() -> None:
    paths = [path for path in sorted(OWN.rglob("*")) if path.suffix in (".yaml", ".yml", ".json")]
    count, found = 0, []
    for path in paths:
        compared, different = compare(path)
        count += compared
        found += [f"{path}: {each}" for each in different]
    assert found == []
    assert count > 10
