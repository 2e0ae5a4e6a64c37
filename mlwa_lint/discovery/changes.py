"""Which files have changed since a commit, according to git."""

import os
from collections.abc import Collection, Iterable

from mlwa_lint.errors import UserError

# Nothing that a repository's configuration names is run.
_GIT = ("git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")
_DIFF = ("diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-textconv")


def changed_since(reference: str) -> frozenset[str]:
    """Real paths of files that differ from where the work parted from a commit; untracked ones included.

    Raises UserError where there is no git, no repository, or no such commit.
    """
    if not reference or reference.startswith("-"):
        raise UserError(f"--since {reference}: not a commit, branch or tag")
    top = os.fsdecode(_git("rev-parse", "--show-toplevel", of=reference).rstrip(b"\n"))
    commit = _git("rev-parse", "--verify", "--quiet", f"{reference}^{{commit}}", of=reference)
    base = _base(commit.decode().strip(), reference)
    changed = _git(*_DIFF, base, "--", of=reference, folder=top).split(b"\0")
    changed += _git("ls-files", "--others", "--exclude-standard", "-z", of=reference, folder=top).split(b"\0")
    return frozenset(os.path.realpath(os.path.join(top, os.fsdecode(name))) for name in changed if name)


def _base(commit: str, reference: str) -> str:
    """Where a commit and the work at hand parted; the commit itself where they have nothing in common."""
    try:
        return _git("merge-base", commit, "HEAD", of=reference).decode().strip()
    except UserError:
        return commit


def _git(*arguments: str, of: str, folder: str = ".") -> bytes:
    import subprocess

    try:
        done = subprocess.run([*_GIT, *arguments], capture_output=True, check=False, cwd=folder)
    except OSError as error:
        raise UserError(f"--since {of}: git cannot be run: {error.strerror or error}") from None
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        why = lines[-1].removeprefix("fatal: ") if lines else "there is no such commit here"
        raise UserError(f"--since {of}: {why}")
    return done.stdout


def touches(sources: Iterable[str], changed: Collection[str]) -> bool:
    """Whether one of some sources has changed, or a file is gone from a folder of one."""
    read = {os.path.realpath(source) for source in sources}
    folders = {os.path.dirname(path) for path in read}
    return any(
        path in read or (os.path.dirname(path) in folders and not os.path.lexists(path)) for path in changed
    )
