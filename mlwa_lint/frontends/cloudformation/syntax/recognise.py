"""Distinguishes a CloudFormation template from other YAML and JSON, without parsing it."""

import re

from mlwa_lint.startup.patterns import lazy

_VERSION = lazy(r"""^[ \t]*["']?AWSTemplateFormatVersion["']?[ \t]*:""", re.MULTILINE)
# A number is no version: the vocabularies of tokenizers number their words.
_VERSION_IN_FLOW = lazy(r"""[{,]\s*["']AWSTemplateFormatVersion["']\s*:(?!\s*[0-9]+\s*[,}])""")
_TRANSFORM = lazy(r"""^["']?Transform["']?\s*:[\s\-\["']*AWS::""", re.MULTILINE)
_RESOURCES = lazy(r"""(^|[{,]\s*)["']?Resources["']?[ \t]*:""", re.MULTILINE)
_TYPE = lazy(r"""["']?Type["']?[ \t]*:\s*["']?(AWS::[A-Za-z0-9]+::[A-Za-z0-9]+|Custom::\w|Alexa::ASK)""")
_TERRAFORM_JSON = lazy(r"""["'](terraform_version|format_version|planned_values)["']\s*:""")
_HEAD = 4096
# The file by which CodeDeploy moves a service or function to another version names these by the same types.
_APP_SPEC = lazy(r"""(?:^|[{,]\s*)["']?version["']?[ \t]*:[ \t]*["']?0\.0(?![\w.])""", re.MULTILINE)


def is_template(text: str) -> bool:
    """Whether a text is meant as a CloudFormation template, even if it is broken."""
    if "AWS::" not in text and "Resources" not in text and "AWSTemplateFormatVersion" not in text:
        return False
    head = text[:_HEAD]
    if "AWSTemplateFormatVersion" in text and (_VERSION.search(text) or _VERSION_IN_FLOW.search(text)):
        return True
    if _TERRAFORM_JSON.search(head):
        return False
    if "Transform" in text and _TRANSFORM.search(text):
        return True
    if is_app_spec(text):
        return False
    resources = _RESOURCES.search(text)
    return resources is not None and _TYPE.search(text, resources.start()) is not None


def declares_resources(text: str) -> bool:
    """Whether a text has a key `Resources`, as templates do, and few other files."""
    return _RESOURCES.search(text) is not None


def is_app_spec(text: str) -> bool:
    """Whether a text is CodeDeploy's: it lists what moves to another version, with types of AWS."""
    head = text[:_HEAD]
    return "0.0" in head and _APP_SPEC.search(head) is not None and "AWSTemplateFormatVersion" not in text
