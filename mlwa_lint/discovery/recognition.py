"""Recognises from a file's content whether it is an input, quickly and without parsing it."""

from typing import Literal

from mlwa_lint.files.texts import PROGRAM_MARKS
from mlwa_lint.frontends.cloudformation.syntax.recognise import declares_resources, is_app_spec, is_template
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_BINARY_HEAD = 8192
_PARSED = 1_000_000
# One that the user names may also use other services only.
_NAMED_MARK = b"boto3"
_MARKS = (b"AWS::", b"Resources", b"AWSTemplateFormatVersion", b"planned_values", b"resource_changes")

# Each begins with letters, which are found many times as fast as alternatives are.
_PACKAGED = (
    lazy(r"""Bucket(?:(?<=\bBucket)|(?<=\bS3Bucket))["']?\s*:"""),
    *(
        lazy(rf"""{key}["']?\s*:\s*["']?(?:s3:|https:|\d{{12}}\.dkr)""")
        for key in ("Uri", "URL", "Url", "Location")
    ),
)
_SYNTHESIZED = (b"aws:cdk:path", b"AWS::CDK::Metadata", b"BootstrapVersion")


class Recognised(NamedTuple):
    """The kind of a file; `complaint` is why it cannot be linted.

    A `fatal` complaint is about a file that is surely meant for us. It is always reported, as one that
    is `reported`; the others only when the user names the file.
    """

    kind: Literal["cloudformation", "plan", "python"] | None
    complaint: str = ""
    fatal: bool = False
    line: int = 1
    reported: bool = False


_OTHER = Recognised(None, "is not a CloudFormation template and not a Terraform plan")
_STATE = "is a Terraform state file; give the configuration, or `terraform show -json` of a plan"


def python_kind(content: bytes, named: bool) -> Recognised:
    """Whether a Python file or notebook mentions what rules are about."""
    if any(mark in content for mark in PROGRAM_MARKS) or (named and _NAMED_MARK in content):
        return Recognised("python")
    return Recognised(None, "uses neither SageMaker nor Bedrock: there is nothing to check")


def kind_of(content: bytes, named: bool) -> Recognised:
    """A template, a Terraform plan, or neither; a file that the user names is examined more closely."""
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    marked = any(mark in content for mark in _MARKS)
    if b"\0" in content[:_BINARY_HEAD] and not wide:
        complaint = "is a binary file, not a template or a plan"
        return Recognised(None, complaint, fatal=named or marked, reported=True)
    if not content.strip():
        return Recognised(None, "is empty: there is nothing to check")
    if wide:
        fatal = is_template(content.decode("utf-16", errors="replace"))
        return Recognised(None, "is UTF-16 text; CloudFormation reads UTF-8: save it as UTF-8", fatal)
    if not marked and not named:
        return _OTHER
    text = content.decode("utf-8-sig", errors="replace")
    if is_template(text):
        return Recognised("cloudformation")
    if b'"lineage"' in content and b'"terraform_version"' in content:
        return Recognised(None, _STATE, fatal=True)
    if '"format_version"' in text or '"terraform_version"' in text:
        from mlwa_lint.frontends.terraform.plan.plan import is_plan

        if is_plan(text):
            return Recognised("plan")
    if is_app_spec(text) or not (named or declares_resources(text)):
        return _OTHER
    return _parsed(text)


def may_be_generated(content: bytes) -> bool:
    """Whether a template may be what packaging or synthesizing gave."""
    if any(mark in content for mark in _SYNTHESIZED):
        return True
    text = content.decode("latin-1")  # the patterns are of ASCII
    return any(pattern.search(text) for pattern in _PACKAGED)


def _parsed(text: str) -> Recognised:
    """What a text is that does not look like a template at first sight.

    A complaint where it is neither YAML nor JSON; templates of other tools are left alone.
    """
    if len(text) > _PARSED or "{{" in text or "{%" in text:
        return _OTHER
    from mlwa_lint.frontends.cloudformation.syntax.nodes import TemplateSyntaxError
    from mlwa_lint.frontends.cloudformation.syntax.parsing import parse
    from mlwa_lint.frontends.cloudformation.syntax.shapes import is_template_tree

    try:
        root = parse(text, "", repeated=[])
    except TemplateSyntaxError as error:
        return Recognised(None, error.message, fatal=True, line=error.line)
    return Recognised("cloudformation") if is_template_tree(root) else _OTHER
