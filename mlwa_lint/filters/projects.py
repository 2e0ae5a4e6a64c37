"""What programs and stacks of one repository lack alike as a whole: tags, a budget."""

from collections.abc import Callable, Sequence

from mlwa_lint.files import PROGRAMS
from mlwa_lint.model.findings import Finding


def joined_programs(
    groups: Sequence[list[Finding]],
    is_about_project: Callable[[Finding], bool],
    repository_of: Callable[[str], str],
) -> list[list[Finding]]:
    """The groups, those about the programs of a project with the first one about its stacks, if there is one.

    is_about_project: whether a finding of a program is about the project as a whole.
    """

    def key_of(group: list[Finding]) -> tuple[str, str, str | None]:
        first = group[0]
        return first.code, repository_of(first.span.path), first.suppressed

    programs = [each for each in groups if _is_of_program(each[0]) and is_about_project(each[0])]
    codes = {each[0].code for each in programs}
    declared: dict[tuple[str, str, str | None], list[Finding]] = {}
    for group in groups:
        if group[0].code in codes and not _is_of_program(group[0]):
            declared.setdefault(key_of(group), group)
    moved = {id(group): into for group in programs if (into := declared.get(key_of(group))) is not None}
    for group in programs:
        if id(group) in moved:
            moved[id(group)] += group
    return [group for group in groups if id(group) not in moved]


def _is_of_program(finding: Finding) -> bool:
    return finding.root.endswith(PROGRAMS)
