"""The references of a text to other files: where they change, the targets have to be searched for again."""

import re

_LINE = re.compile(
    r"^.*(?:TemplateURL|Location|ImportValue|\bExport\b|AWSTemplateFormatVersion"
    r"|\bResources\b|\bsource\b|sagemaker|bedrock).*$",
    re.MULTILINE,
)
LINES_LIMIT = 1_000


def relating(text: str) -> tuple[str, ...]:
    """The lines that may name other files, or show what kind of file this is, without their indentation."""
    found = (
        match.group().strip() for match, _ in zip(_LINE.finditer(text), range(LINES_LIMIT), strict=False)
    )
    return tuple(dict.fromkeys(found))
