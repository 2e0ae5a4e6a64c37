"""Whether all buckets that a repository declares encrypt with a KMS key by default (docs/decisions/0530).

What a program writes to one of which it does not state the name is encrypted so.
"""

import re
from collections.abc import Iterator

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.installed import own_texts
from mlwa_lint.files.texts import PathSteps, is_test

_TEMPLATES = (".yaml", ".yml", ".json")
_PROGRAMS = (".py", ".ts", ".js")
_BLOCK = re.compile(rb"^(?=(?:resource|data|module|variable|output|locals|provider)\b)", re.MULTILINE)
_BUCKET = re.compile(rb'^resource[ \t]+"aws_s3_bucket"[ \t]+"([\w-]+)"')
_RULE_OF_BUCKET = re.compile(rb'^resource[ \t]+"aws_s3_bucket_server_side_encryption_configuration"')
_NAMED = re.compile(rb"\baws_s3_bucket\.([\w-]+)")
# A module that makes buckets, which is not read here.
_MODULE = re.compile(rb'^module\b[^\n]*\n(?:[^\n]*\n){0,20}?\s*source\s*=\s*"[^"\n]*s3-bucket')
_ALGORITHM = re.compile(rb"sse_?algorithm[\"']?\s*[:=]\s*", re.IGNORECASE)
_KMS = re.compile(rb"[\"']?aws:kms(?::dsse)?[\"']?[ \t]*(?:[\r\n,}#]|$)")
_IN_TEMPLATE = re.compile(rb"AWS::S3::Bucket(?![\w:])")
_OF_CDK = (b"aws_s3", b"aws-s3")
_MADE_BY_CDK = re.compile(rb"\b(?:[\w.]+\.)?Bucket\(")
_KMS_OF_CDK = re.compile(rb"BucketEncryption\.(?:DSSE|KMS)\b")


def has_only_keyed_buckets(files: ProjectFiles) -> bool:
    """Whether a repository declares buckets, all of which encrypt with a KMS key by default.

    A condition or a variable that chooses the algorithm leaves it open, as do modules of others and texts
    that are too many.
    """
    return files.once(_all_keyed)


def _all_keyed(files: ProjectFiles) -> bool:
    texts = own_texts(files)
    if texts is None:
        return False
    own = {steps: text.content for steps, text in texts.items() if not is_test(steps)}
    found = [*_in_terraform(own), *_in_templates(own), *_in_programs(own)]
    return bool(found) and all(found)


def _in_terraform(own: dict[PathSteps, bytes]) -> Iterator[bool]:
    """Of each folder with buckets or modules that make them, whether all buckets are keyed."""
    folders: dict[PathSteps, list[bytes]] = {}
    for steps, content in own.items():
        if steps[-1].endswith(".tf") and b"s3" in content:
            folders.setdefault(steps[:-1], []).extend(_BLOCK.split(content))
    for blocks in folders.values():
        if any(_MODULE.match(each) for each in blocks):
            yield False
        declared, keyed = set[bytes](), set[bytes]()
        for block in blocks:
            bucket = _BUCKET.match(block)
            if bucket is not None:
                declared.add(bucket[1])
                keyed.update([bucket[1]] if _is_keyed(block) else [])
            elif _RULE_OF_BUCKET.match(block) and _is_keyed(block):
                keyed.update(_NAMED.findall(block))
        if declared:
            yield declared <= keyed


def _in_templates(own: dict[PathSteps, bytes]) -> Iterator[bool]:
    for steps, content in own.items():
        if steps[-1].endswith(_TEMPLATES):
            buckets = len(_IN_TEMPLATE.findall(content))
            if buckets:
                yield _is_keyed(content) and len(_ALGORITHM.findall(content)) >= buckets


def _in_programs(own: dict[PathSteps, bytes]) -> Iterator[bool]:
    """Of each program for the CDK that makes buckets, whether each has a key."""
    for steps, content in own.items():
        if steps[-1].endswith(_PROGRAMS) and any(each in content for each in _OF_CDK):
            buckets = len(_MADE_BY_CDK.findall(content))
            if buckets:
                yield len(_KMS_OF_CDK.findall(content)) >= buckets


def _is_keyed(text: bytes) -> bool:
    """Whether all algorithms that a text names are keys of KMS, and there is one."""
    ends = [match.end() for match in _ALGORITHM.finditer(text)]
    return bool(ends) and all(_KMS.match(text, end) is not None for end in ends)


__all__ = ["has_only_keyed_buckets"]
