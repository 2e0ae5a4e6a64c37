"""Findings of what a tool has made of sources that are linted as well: plans, packages, assemblies.

What is certainly made of another file is left out when files are searched for (docs/decisions/0195 and 0224).
What was made of an earlier state of it is linted, and repeats most of its findings.
"""

import posixpath
from collections.abc import Callable, Hashable, Iterator
from itertools import islice

from mlwa_lint.files import ASSEMBLY, TERRAFORM
from mlwa_lint.model.findings import Finding
from mlwa_lint.startup.patterns import lazy

# What `sam package` writes beside `template.yaml`: `packaged.yaml`, `packaged-template.yaml`.
PACKAGED = lazy(r"(?i)(?:^|(?<=/)|[-_.])packaged(?:[-_.](?=[^/.]+\.\w+$)|(?=\.\w+$))")
# How else what is made is called, or the folder that it is put into: `out.yaml`, `build/template.yaml`.
_MADE = lazy(
    r"(?i)(?:^|/|[-_.])(?:compiled|exported|generated|out|output|processed|rendered|synth|synthesized|transformed)"
    r"(?:\.|[-_.][^/]*\.)(?:ya?ml|json|template)$"
    r"|(?:^|/)(?:\.aws-sam|build|compiled|dist|generated|out|output|packaged|synth)/(?:[^/]*/)*[^/]*$"
)
_PLAN = ".json"
_TEMPLATES = (".yaml", ".yml", ".json", ".template")
# So many sources with the same finding are looked at for what a tool has made of one of them.
SOURCES_LIMIT = 50


def is_made(finding: Finding) -> bool:
    """Whether a finding is in what a tool has made: a plan of Terraform, a package, an assembly."""
    path = finding.span.path
    if _is_terraform(finding):
        return finding.root == path and path.endswith(_PLAN) and not path.endswith(TERRAFORM)
    if not path.endswith(_TEMPLATES):
        return False
    return any(pattern.search(path) is not None for pattern in (PACKAGED, ASSEMBLY, _MADE))


def joined_made(groups: list[list[Finding]], content: Callable[[Finding], Hashable]) -> list[list[Finding]]:
    """The groups, those joined that what a tool has made has like its source, in a folder around it or below.

    What the source has twice of a resource stays two. content: what a finding is about, wherever its file is.
    """
    written = [(next((each for each in group if not is_made(each)), None), group) for group in groups]
    made = [group for source, group in written if source is None]
    if not made or len(made) == len(groups):
        return groups
    wanted = {content(group[0]) for group in made}
    sources: dict[Hashable, dict[str, list[list[Finding]]]] = {}
    for source, group in written:
        if source is not None and (what := content(source)) in wanted:
            sources.setdefault(what, {}).setdefault(_place(source), []).append(group)
    taken: dict[tuple[Hashable, str, str], Iterator[list[Finding]]] = {}
    gone: set[int] = set()
    for group in made:
        first = group[0]
        what, place = content(first), first.root or first.span.path
        key = what, place, first.address
        if key not in taken:
            taken[key] = iter(_nearest(sources.get(what, {}), _folder(place)))
        same = next(taken[key], None)
        if same is not None:
            same += group
            gone.add(id(group))
    return [each for each in groups if id(each) not in gone] if gone else groups


def _nearest(sources: dict[str, list[list[Finding]]], made_in: str) -> list[list[Finding]]:
    """The findings of the source whose folder is around that of what was made, or below it."""
    related = [place for place in islice(sources, SOURCES_LIMIT) if _is_related(_folder(place), made_in)]
    return sources[max(related, key=lambda place: len(_folder(place)))] if related else []


def _is_related(folder: str, other: str) -> bool:
    one, two = ("" if each == "." else f"{each}/" for each in (folder, other))
    return one.startswith(two) or two.startswith(one)


def _place(source: Finding) -> str:
    """What a source is deployed from: a template, or all files of a folder."""
    return f"{source.root or '.'}/" if _is_terraform(source) else source.span.path


def _folder(path: str) -> str:
    return posixpath.normpath(posixpath.dirname(ASSEMBLY.sub("", path)) or ".")


def _is_terraform(finding: Finding) -> bool:
    """Whether it is about a resource of Terraform: names of CloudFormation have no underscores."""
    return "_" in finding.address and "." in finding.address
