"""Findings about one call of a program that is the code of a function as well: the mistake is one."""

from mlwa_lint.files import PROGRAMS
from mlwa_lint.model.findings import Finding
from mlwa_lint.model.resources import MODEL_CALL

_RUNNING = (
    "AWS::AppRunner::Service",
    "AWS::BedrockAgentCore::Runtime",
    "AWS::ECS::TaskDefinition",
    "AWS::Lambda::Function",
)


def joined_calls(groups: list[list[Finding]]) -> list[list[Finding]]:
    """The groups, what a function's code does joined with what a program at the same place makes."""
    made: dict[tuple[object, ...], list[Finding]] = {}
    in_code: set[tuple[object, ...]] = set()
    of_functions: list[list[Finding]] = []
    for group in groups:
        if _is_in_code(group[0]):
            in_code.add(_line_of(group[0]))
            of_functions.append(group)
        elif group[0].span.path.endswith(PROGRAMS) and group[0].resource_type != MODEL_CALL:
            made.setdefault(_call_of(group[0]), group)
    gone: set[int] = set()
    for group in of_functions:
        program = made.get(_call_of(group[0]))
        if program is not None:
            program += group
            gone.add(id(group))
    # A model that a program names is that of the function or the container that runs it.
    gone.update(
        id(group)
        for group in groups
        if group[0].resource_type == MODEL_CALL and _line_of(group[0]) in in_code
    )
    return [each for each in groups if id(each) not in gone] if gone else groups


def _is_in_code(finding: Finding) -> bool:
    """Whether a finding about a function of a template or configuration is in its code."""
    in_code = finding.span.path.endswith(PROGRAMS) and not finding.resource_span.path.endswith(PROGRAMS)
    return in_code and finding.resource_type in _RUNNING


def _line_of(finding: Finding) -> tuple[object, ...]:
    return finding.code, finding.span.path, finding.span.line, finding.suppressed


def _call_of(finding: Finding) -> tuple[object, ...]:
    """The rule and where the call begins: its end is that of its arguments, or of what it calls."""
    span = finding.span
    return finding.code, span.path, span.line, span.column, finding.suppressed
