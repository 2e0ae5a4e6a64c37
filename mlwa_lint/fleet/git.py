"""Clones repositories without trusting what is in them, and reads a checkout's commit.

Credentials are git's own matter (credential helpers, SSH agents). Nothing that a repository holds is run: no
hooks, no submodules, no LFS, no links; and no transport but those that move data.
"""

import os
import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from mlwa_lint.fleet.failures import FailureKind, FetchError
from mlwa_lint.fleet.plan import Limits
from mlwa_lint.model.secrets import without_formats

PROTOCOLS = ("file", "git", "http", "https", "ssh")
_MEGABYTE = 1_000_000
_MESSAGE_LENGTH = 300
_SCP = re.compile(r"[A-Za-z0-9_.-]+@[A-Za-z0-9_.-]+:(?!/{2}).+")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
# Set where git itself has called us: they would lead to another repository.
_OF_ANOTHER = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX"})
_HARDENED = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.symlinks=false",  # links become plain files that name their targets
    "submodule.recurse=false",
    "filter.lfs.smudge=",
    "filter.lfs.process=",
    "filter.lfs.required=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "advice.detachedHead=false",
)


def is_address(text: str) -> bool:
    """Whether a text is a git address: a URL with a known scheme, or `user@host:path`."""
    scheme, separator, _ = text.partition("://")
    return (bool(separator) and scheme.lower() in PROTOCOLS) or bool(_SCP.fullmatch(text))


def without_credentials(address: str) -> str:
    """An address without password and token; the user of SSH is not a secret and stays."""
    if "://" not in address:
        return without_formats(address)
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    if parts.scheme == "ssh":
        user = parts.netloc.rpartition("@")[0].partition(":")[0]
        host = f"{user}@{host}" if user else host
    return without_formats(urlunsplit((parts.scheme, host, parts.path, "", "")))


def name_of(address: str) -> str:
    """What a repository is called: `github.com/acme/api`."""
    if "://" in address:
        parts = urlsplit(address)
        host, path = (parts.hostname or ""), parts.path
    else:
        host, _, path = address.rpartition("@")[2].partition(":")
    path = path.strip("/").removesuffix(".git")
    return without_formats(f"{host}/{path}" if host else path)


def clone(address: str, folder: Path, limits: Limits, commit: str | None = None) -> str | None:
    """Clones the newest commit (or the given one, where the server hands it out); returns which it is.

    Raises FetchError.
    """
    if address.startswith("-") or not is_address(address):
        raise FetchError("clone", "this is not a git address that can be cloned")
    options = ("--depth", "1", "--no-tags", "--single-branch", "--no-checkout", "--template=")
    _git(("clone", "--quiet", *options, "--no-recurse-submodules", "--", address, str(folder)), limits)
    if commit is not None and _COMMIT.fullmatch(commit) and head_of(folder) != commit:
        _fetch(folder, commit, limits)
    if head_of(folder) is None:
        return None  # an empty repository
    _bounded(folder, limits)
    _git(("-C", str(folder), "checkout", "--quiet", "--force", "HEAD"), limits)
    return head_of(folder)


def _fetch(folder: Path, commit: str, limits: Limits) -> None:
    """Goes to a commit, where the server still hands it out; else the newest one has to do."""
    fetch = ("-C", str(folder), "fetch", "--quiet", "--depth", "1", "--no-tags", "origin", commit)
    try:
        _git(fetch, limits)
        _git(("-C", str(folder), "update-ref", "--no-deref", "HEAD", commit), limits)
    except FetchError:
        return


def _bounded(folder: Path, limits: Limits) -> None:
    """Adds up what a checkout will write, before it does. Raises FetchError."""
    command = _command(("-C", str(folder), "ls-tree", "-r", "-l", "-z", "HEAD"))
    files, size = 0, 0
    with subprocess.Popen(
        command,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        rest = b""
        while chunk := process.stdout.read(1 << 16):
            *entries, rest = (rest + chunk).split(b"\0")
            files += len(entries)
            size += sum(_size(entry) for entry in entries)
            if files > limits.files or size > limits.disk * _MEGABYTE:
                process.kill()
                what = f"{limits.files:,} files" if files > limits.files else f"{limits.disk:,} MB"
                raise FetchError("disk", f"the repository holds more than {what}")


def _size(entry: bytes) -> int:
    """The size in a line of `git ls-tree -l`: mode, type, object, size, a tab, the path."""
    words = entry.partition(b"\t")[0].split()
    return int(words[3]) if len(words) > 3 and words[3].isdigit() else 0


def _command(arguments: tuple[str, ...]) -> list[str]:
    settings = [word for setting in _HARDENED for word in ("-c", setting)]
    return ["git", *settings, *arguments]


def _environment() -> dict[str, str]:
    """The caller's, since credentials are git's matter; it never prompts for any, and runs nothing else."""
    kept = {key: value for key, value in os.environ.items() if key not in _OF_ANOTHER}
    stated = os.environ.get("GIT_ALLOW_PROTOCOL", "").split(":")
    allowed = [each for each in stated if each in PROTOCOLS] or PROTOCOLS
    return kept | {
        "GIT_ALLOW_PROTOCOL": ":".join(allowed),
        "GIT_PROTOCOL_FROM_USER": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "GIT_SSH_COMMAND": os.environ.get("GIT_SSH_COMMAND", "ssh -oBatchMode=yes"),
        "GIT_OPTIONAL_LOCKS": "0",
        "LC_ALL": "C",
    }


def _git(arguments: tuple[str, ...], limits: Limits) -> None:
    """Runs git. Raises FetchError with its message, without credentials."""
    try:
        done = subprocess.run(
            _command(arguments),
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=limits.fetch_seconds,
            check=False,
        )
    except FileNotFoundError:
        raise FetchError("clone", "git is not installed on this worker") from None
    except subprocess.TimeoutExpired:
        raise FetchError("time", f"git took more than {limits.fetch_seconds:.0f} seconds") from None
    if done.returncode:
        output = _summary(done.stderr.decode("utf-8", "replace"), arguments)
        raise FetchError(_kind(output, done.returncode), output or f"git ended with code {done.returncode}")


def _kind(output: str, code: int) -> FailureKind:
    full = "No space left" in output or "File too large" in output or "file size limit" in output.lower()
    return "disk" if full or code == -25 else "clone"  # SIGXFSZ: a file beyond its bound


def _summary(text: str, arguments: tuple[str, ...]) -> str:
    """The last lines of git's output, with no credentials of the address in them."""
    for argument in arguments:
        if is_address(argument):
            text = text.replace(argument, without_credentials(argument))
            for word in urlsplit(argument).netloc.rpartition("@")[0].split(":") if "://" in argument else ():
                text = text.replace(word, "***") if len(word) > 3 else text
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return without_formats("; ".join(lines[-2:]))[:_MESSAGE_LENGTH]


def head_of(folder: Path) -> str | None:
    """The commit of a checkout, read from its files: git itself would heed its configuration."""
    git = folder / ".git"
    try:
        if git.is_file():  # a work tree, or a submodule
            named = git.read_text("utf-8")[:4096].partition("gitdir:")[2].strip()
            git = (folder / named).resolve()
        head = _line(git / "HEAD")
        if not head.startswith("ref:"):
            return head if _COMMIT.fullmatch(head) else None
        return _resolved(git, head.removeprefix("ref:").strip())
    except (OSError, UnicodeError, ValueError):
        return None


def _resolved(git: Path, reference: str) -> str | None:
    if not re.fullmatch(r"refs/[\w./+@-]+", reference) or ".." in reference:
        return None
    common = git / "commondir"
    for base in (git, (git / _line(common)).resolve()) if common.is_file() else (git,):
        loose = base / reference
        if loose.is_file():
            found = _line(loose)
            return found if _COMMIT.fullmatch(found) else None
        packed = base / "packed-refs"
        if packed.is_file():
            for line in packed.read_text("utf-8", "replace").splitlines():
                commit, _, name = line.partition(" ")
                if name == reference and _COMMIT.fullmatch(commit):
                    return commit
    return None


def _line(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        return file.readline(4096).strip()
