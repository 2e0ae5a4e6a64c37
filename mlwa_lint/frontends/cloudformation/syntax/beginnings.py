"""What precedes a mistake in a template that is not valid YAML: the resources that are complete."""

from itertools import pairwise

from mlwa_lint.frontends.cloudformation.syntax.nodes import MapNode, TemplateSyntaxError
from mlwa_lint.frontends.cloudformation.syntax.parsing import parse
from mlwa_lint.startup.patterns import lazy

# So many places before a mistake are tried as the end of what can be read.
ENDS_LIMIT = 20
_NOT_YAML = "not valid YAML"
_TYPE = "AWS::"
_NAMED = lazy(r"\bAWS::\w+::\w+")
# Nested stacks, macros, modules and what SAM makes of its types.
_EXPANDING = lazy(r"\bAWS::(?:CloudFormation|Serverless|Include)\b|::MODULE\b|\bTransform\b|\bFn::ForEach\b")
_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def never_in(rest: str) -> tuple[str, ...]:
    """How the types start that what follows a mistake cannot declare: all, where it is prose."""
    return () if any(f"{_TYPE}{each}" in rest for each in _UPPER) else (_TYPE,)


def only_in(rest: str) -> tuple[str, ...] | None:
    """The types that what follows a mistake can declare, which it names; None where it may expand to more."""
    if _EXPANDING.search(rest):
        return None
    return tuple(sorted(set(_NAMED.findall(rest))))


def beginning(text: str, error: TemplateSyntaxError) -> str | None:
    """The text up to the last resource before a mistake; None where there is none, or for another mistake."""
    if not error.message.startswith(_NOT_YAML) or text.lstrip().startswith("{"):
        return None
    lines = text.split("\n")
    depth = _depth_of_resources(lines)
    ends = [number for number in range(min(error.line, len(lines)), 0, -1) if _starts(lines, number, depth)]
    for end in ends[:ENDS_LIMIT]:
        found = "\n".join(lines[:end]) + "\n"
        try:
            root = parse(found, "", only=True, repeated=[])
        except TemplateSyntaxError:
            continue
        resources = root.get("Resources") if isinstance(root, MapNode) else None
        if isinstance(resources, MapNode) and resources.entries:
            return found
    return None


def _depth_of_resources(lines: list[str]) -> int:
    """How far the names of resources are indented."""
    for above, line in pairwise(lines):
        if above.startswith("Resources:") and line.strip():
            return len(line) - len(line.lstrip(" "))
    return 2


def _starts(lines: list[str], number: int, depth: int) -> bool:
    """Whether a line (from 0) starts something on the level of a resource, or above it."""
    if number >= len(lines) or not lines[number].strip():
        return number >= len(lines)
    return len(lines[number]) - len(lines[number].lstrip(" ")) <= depth
