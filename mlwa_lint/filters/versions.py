"""Findings about versions of one template or program: `stack-v1.yaml`, `packaged.yaml`, `deploy_v2.py`."""

import re
from collections.abc import Callable, Hashable

from mlwa_lint.files import PROGRAMS
from mlwa_lint.files.put_aside import original_of
from mlwa_lint.model.findings import Finding

# Copies of one template beside one another: `stack-v1.yaml`, `stack_v2.yaml`, `stack.old.yaml`.
_COPY = re.compile(r"(?i)[-_.](?:v\d+(?:[-_.]\d+)*|old|bak|backup|copy|orig)(?=\.(?:ya?ml|json|template)$)")
_TEMPLATES = (".yaml", ".yml", ".json", ".template")
# Copies of a program or notebook, as Jupyter and file managers call them, and translations of one.
_PROGRAM_COPY = re.compile(
    r"(?i)(?:[-_. ](?:v\d+(?:[-_.]\d+)*|old|bak|backup|orig|copy[-_ ]?\d*"
    r"|en|eng|ja|jp|jpn|ko|kor|kr|zh|cn)| ?\(\d+\))(?=\.(?:py|ipynb)$)"
)


def joined_versions(
    groups: list[list[Finding]],
    content: Callable[[Finding], tuple[Hashable, ...]],
    packaged: "re.Pattern[str]",
) -> list[list[Finding]]:
    """The groups, those joined that versions of one template or program have of one resource.

    What `sam package` makes of a template is a version of it. What one has twice of a resource stays two.

    content:  what a finding is about, wherever its file and line are.
    packaged: what a template is called that was packaged.
    """
    if not any(_version_of(group[0].span.path, packaged) != group[0].span.path for group in groups):
        return groups
    versions: dict[tuple[Hashable, ...], dict[str, list[list[Finding]]]] = {}
    for group in groups:
        path = group[0].span.path
        if path.endswith((*_TEMPLATES, *PROGRAMS)):
            key = (_version_of(path, packaged).replace(".yml", ".yaml"), *content(group[0]))
            versions.setdefault(key, {}).setdefault(path, []).append(group)
    gone: set[int] = set()
    for first, *others in (list(each.values()) for each in versions.values() if len(each) > 1):
        for position, group in enumerate(first):
            for again in (each[position] for each in others if position < len(each)):
                group += again
                gone.add(id(again))
    return [each for each in groups if id(each) not in gone] if gone else groups


def _version_of(path: str, packaged: "re.Pattern[str]") -> str:
    """The path of the file that one is a version, a copy or a package of, by its name; else its own."""
    if path.endswith(PROGRAMS):
        return _original_of(_PROGRAM_COPY.sub("", path))
    if not path.endswith(_TEMPLATES):
        return path
    if not packaged.search(path):
        return _original_of(_COPY.sub("", path))
    source = packaged.sub("", path)
    folder, _, name = source.rpartition("/")
    return source if not name.startswith(".") else f"{folder}/template{name}".removeprefix("/")


def _original_of(path: str) -> str:
    """The path of the file of which one is called a copy, `Copy of stack.yaml`; else its own."""
    folder, slash, name = path.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    original = original_of(stem)
    return f"{folder}{slash}{original}{dot}{ending}" if original else path
