"""Tells a CloudFormation template from other YAML and JSON, without parsing it."""

import re

_VERSION = re.compile(r"""^[ \t]*["']?AWSTemplateFormatVersion["']?[ \t]*:""", re.MULTILINE)
_VERSION_IN_FLOW = re.compile(r"""[{,]\s*["']AWSTemplateFormatVersion["']\s*:""")
_TRANSFORM = re.compile(r"""^["']?Transform["']?\s*:[\s\-\["']*AWS::""", re.MULTILINE)
_RESOURCES = re.compile(r"""(^|[{,]\s*)["']?Resources["']?[ \t]*:""", re.MULTILINE)
_TYPE = re.compile(
    r"""["']?Type["']?[ \t]*:\s*["']?(AWS::[A-Za-z0-9]+::[A-Za-z0-9]+|Custom::\w|Alexa::ASK)"""
)
_TERRAFORM_JSON = re.compile(r"""["'](terraform_version|format_version|planned_values)["']\s*:""")
_HEAD = 4096


def is_template(text: str) -> bool:
    """Whether a text is meant as a CloudFormation template, even if it is broken."""
    if "AWS::" not in text and "Resources" not in text and "AWSTemplateFormatVersion" not in text:
        return False
    head = text[:_HEAD]
    if _VERSION.search(text) or _VERSION_IN_FLOW.search(text):
        return True
    if _TERRAFORM_JSON.search(head):
        return False
    if _TRANSFORM.search(text):
        return True
    resources = _RESOURCES.search(text)
    return resources is not None and _TYPE.search(text, resources.start()) is not None
