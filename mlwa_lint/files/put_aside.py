"""Names of folders and files that hold what is no longer in use: archives, old versions, copies."""

import re

# The words in the name of such a folder; the second ones mean nothing alone.
_WITH = frozenset({"code", "copies", "files", "scripts", "versions"})
_ASIDE = _WITH | {
    *("archive", "archived", "archives", "attic", "backup", "backups", "bak", "bkp", "deprecated"),
    *("obsolete", "old", "stale", "unused"),
}
# Of a folder called so, what it holds may be in use: only what has its like elsewhere is put aside.
_PERHAPS = frozenset({"legacy", "outdated", "previous", "scratch", "dump"})
# So it is where the name of something begins or ends so: `old_infra`, `terraform-backup`.
_BEFORE = frozenset({"archived", "deprecated", "obsolete", "old", "stale", "unused"}) | _PERHAPS - {
    "scratch",
    "dump",
}
_AFTER = frozenset(
    {"archive", "archived", "backup", "backups", "bak", "bkp", "deprecated", "legacy", "old", "unused"}
)
_BETWEEN = re.compile(r"[^a-z]+")
# How a copy is called beside its original: `deploy copy.py`, `stack_old.yaml`, `Copy of stack.yaml`.
_SUFFIX = re.compile(
    r"(?:[ ._-]+(?:copy|old|orig|bak|bkp|bck|backup)(?:[ ._-]?\d+|[ ._-]?\(\d+\))?| ?\(\d+\))$", re.IGNORECASE
)
_PREFIX = re.compile(r"^(?:copy[ _-]of|copy|old|bak|backup|orig)[ ._-]+", re.IGNORECASE)


def is_put_aside(folder: str, perhaps: bool = False) -> bool:
    """Whether a folder by its name holds what is no longer in use: `archive`, `stale-copies`.

    perhaps: whether names count too of which that is not certain: `legacy`, `infra-backup`.
    """
    words = [each for each in _BETWEEN.split(folder.lower()) if each]
    if perhaps and words and (words[0] in _BEFORE or words[-1] in _AFTER):
        return True
    known = _ASIDE | _PERHAPS if perhaps else _ASIDE
    return bool(words) and all(each in known for each in words) and not _WITH.issuperset(words)


def looks_put_aside(path: str) -> bool:
    """Whether a file is a draft or an old version, by its name or a folder: `Untitled.ipynb`, `old/a.py`."""
    *folders, name = path.split("/")
    drafted = name.lower().startswith("untitled") or original_of(name.rpartition(".")[0]) != ""
    return drafted or any(is_put_aside(each, perhaps=True) for each in folders)


def original_of(stem: str) -> str:
    """What the original of a file that is called a copy is called, both without an ending; else nothing."""
    for pattern in (_SUFFIX, _PREFIX):
        original = pattern.sub("", stem)
        if original and original != stem:
            return original
    return ""
