"""Buckets in which programs of the repository always write the same objects: nothing accumulates there.

Each run puts its data in place of the last one's, at keys that are written out. A rule that deletes or moves
old objects has nothing to do.
"""

import re
from collections.abc import Sequence

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.installed import own_texts
from mlwa_lint.files.texts import is_test
from mlwa_lint.model.resources import FIXED_OBJECTS, Project, Resource
from mlwa_lint.model.values import known_text

_BUCKET = "AWS::S3::Bucket"
# Shorter names are words of other things as well.
_LEAST = 8
# Of all programs together, which are searched for the name of each bucket.
WRITERS_SIZE_LIMIT = 2_000_000
_PYTHON = ".py"
_DOCUMENTS = (".md", ".rst", ".txt")
# What declares the bucket, and lists no objects.
_DECLARING = (".tf", ".tfvars", ".tfstate", ".yaml", ".yml", ".json", ".toml", ".hcl")
_WRITES = re.compile(
    rb"\.(?:put_object|upload_file|upload_fileobj|copy_object|copy|write_text|write_bytes)\("
    rb"|\.to_(?:csv|parquet|json|pickle)\(|\bs3fs\b|\bawswrangler\b|\baws s3 (?:cp|sync|mv)\b|\bupload_data\("
)
_PUTS = re.compile(rb"\.(?:put_object|upload_file|upload_fileobj)\(([^()]{0,500})")
_KEY = re.compile(rb"\bKey\s*=\s*(?P<key>[A-Za-z_]\w*|[\"'][^\"'{}\n]{1,300}[\"'])\s*(?:,|$)")
# How often a name is given a value, and how often a text without parts that vary.
_GIVEN = r"(?m)^[ \t]*{0}[ \t]*(?::[^=\n]{{1,40}})?=(?!=)"
_WRITTEN = (
    r"(?m)^[ \t]*{0}[ \t]*(?::[^=\n]{{1,40}})?=[ \t]*[\"'][^\"'{{}}\n]{{1,300}}[\"'][ \t]*(?:#[^\n]*)?$"
)


def with_fixed_objects(project: Project, files: ProjectFiles | None) -> Project:
    """The project with which program always writes the same objects to each of its buckets."""
    writing = () if files is None else files.once(_writing)
    if not writing:
        return project
    return project._replace(
        resources=tuple(_noted(each, writing) if each.type == _BUCKET else each for each in project.resources)
    )


def _noted(bucket: Resource, writing: Sequence[tuple[str, bytes]]) -> Resource:
    """A bucket with the first program that names it and writes to it, if all of those have fixed keys."""
    name = (known_text(bucket.properties.value("BucketName")) or "").encode()
    writers = [each for each in writing if len(name) >= _LEAST and name in each[1]]
    if not writers or not all(path.endswith(_PYTHON) and _writes_fixed_keys(text) for path, text in writers):
        return bucket
    return bucket.with_note(FIXED_OBJECTS, f"{writers[0][0]} always writes the same objects")


def _writing(files: ProjectFiles) -> tuple[tuple[str, bytes], ...]:
    """The programs of a repository that write to S3, by their paths; none where they are too many."""
    found = [
        ("/".join(steps), text.content)
        for steps, text in sorted((own_texts(files) or {}).items())
        if not steps[-1].endswith((*_DOCUMENTS, *_DECLARING))
        and not is_test(steps)
        and _WRITES.search(text.content) is not None
    ]
    return tuple(found) if sum(len(content) for _, content in found) <= WRITERS_SIZE_LIMIT else ()


def _writes_fixed_keys(content: bytes) -> bool:
    """Whether all that a program writes to S3 is at keys that are written out."""
    puts = _PUTS.findall(content)
    if not puts or len(puts) < len(_WRITES.findall(content)):
        return False
    keys = [_KEY.search(each) for each in puts]
    return all(each is not None and _is_written_out(each["key"].decode(), content) for each in keys)


def _is_written_out(key: str, content: bytes) -> bool:
    if key[0] in "\"'":
        return True
    text, name = content.decode("utf-8", "replace"), re.escape(key)
    given = len(re.findall(_GIVEN.format(name), text))
    return given > 0 and given == len(re.findall(_WRITTEN.format(name), text))


__all__ = ["with_fixed_objects"]
