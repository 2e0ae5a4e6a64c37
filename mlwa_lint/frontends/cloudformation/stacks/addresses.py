"""Where the template of a nested stack may lie."""

from pathlib import Path

from mlwa_lint.files.reading import read_text
from mlwa_lint.frontends.cloudformation.syntax.files import FILE_LIMIT
from mlwa_lint.frontends.cloudformation.syntax.nodes import MapNode
from mlwa_lint.frontends.cloudformation.syntax.shapes import text_of_key
from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.values import Scalar, Unknown, Value, alternatives


def addresses(value: Value, guards: tuple[Guard, ...]) -> list[Value]:
    """The addresses that a `TemplateURL` may have: those of its alternatives, and of a map's entries.

    guards: the conditions under which the stack is made.
    """
    found: list[Value] = []
    for alternative in alternatives(value, guards):
        each = alternative.value
        if isinstance(each, Unknown) and each.one_of:
            found += [Scalar(text, each.span) for text in each.one_of]
        else:
            found.append(each)
    return found


def published_files(template: Path) -> dict[str, str]:
    """The names under which a CDK assembly publishes files of a stack."""
    if not template.name.endswith(".template.json"):
        return {}
    path = template.with_name(template.name.removesuffix(".template.json") + ".assets.json")
    try:
        import json

        files = json.loads(read_text(path, FILE_LIMIT))["files"]
        return {
            destination["objectKey"].rpartition("/")[2]: file["source"]["path"]
            for file in files.values()
            if isinstance(file["source"]["path"], str)
            for destination in file["destinations"].values()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}  # not as the CDK writes it: then nothing is known


def asset_of(body: MapNode) -> str | None:
    """The file that the CDK declares that it uploads for a nested stack."""
    metadata = body.get("Metadata")
    if isinstance(metadata, MapNode) and text_of_key(metadata, "aws:asset:property") == "TemplateURL":
        return text_of_key(metadata, "aws:asset:path") or None
    return None
