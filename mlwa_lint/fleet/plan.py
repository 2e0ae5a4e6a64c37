"""What a scan is about and what all its repositories share; plain data that is sent to every worker."""

import json
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, TypeAlias

from mlwa_lint.config.lookup import text_of
from mlwa_lint.config.settings import Configuration
from mlwa_lint.errors import UserError
from mlwa_lint.files.paths import shown
from mlwa_lint.files.reading import read_text
from mlwa_lint.startup.records import NamedTuple

RepositoryKind: TypeAlias = Literal["folder", "git", "archive"]
RULES_LIMIT = 16_000_000


class Repository(NamedTuple):
    """One repository of a fleet.

    name:    what it is called in the dataset; unique in a scan.
    address: a folder, a git address, or an archive's path or URL; it may hold credentials.
    commit:  the commit to take, where not the newest.
    """

    name: str
    kind: RepositoryKind
    address: str
    owner: str | None = None
    labels: tuple[str, ...] = ()
    commit: str | None = None


class Limits(NamedTuple):
    """What one repository may take.

    seconds: for linting. fetch_seconds: for cloning, or unpacking. memory: megabytes of a process.
    disk:    megabytes that a clone or an archive may take. files: how many files it may hold.
    clones:  how many repositories a machine clones at a time.
    """

    seconds: float = 300.0
    fetch_seconds: float = 300.0
    memory: int = 2048
    disk: int = 2048
    files: int = 200_000
    clones: int = 8

    @property
    def longest(self) -> float:
        """How many seconds a repository can take in all."""
        return self.seconds + self.fetch_seconds


class RuleFile(NamedTuple):
    """A file of rules: its path below the folder of rules, and its text."""

    path: str
    text: str


class ScanPlan(NamedTuple):
    """What holds for every repository of a scan.

    configuration: the text of a file that takes the place of each repository's own; None to honour these.
    rules:         further rules: files that are sent along. modules: packages of rules, installed everywhere.
    own_rules:     whether rule files that a repository's own configuration names are run.
    identity:      version and catalogue that every worker must have.
    """

    identity: str
    limits: Limits = Limits()
    configuration: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    lenses: tuple[str, ...] = ()
    severity: str | None = None
    scope: str | None = None
    inline_suppressions: bool = True
    rules: tuple[RuleFile, ...] = ()
    modules: tuple[str, ...] = ()
    own_rules: bool = False

    def to_json(self) -> str:
        """The plan as text; `plan_of` reads it."""
        return json.dumps(self._asdict(), sort_keys=True)

    @property
    def digest(self) -> str:
        """What distinguishes this plan from others."""
        return sha256(self.to_json().encode()).hexdigest()[:16]


def plan_of(text: str) -> ScanPlan:
    """The plan in a text that `Plan.to_json` made."""
    content: dict[str, Any] = json.loads(text)
    limits = Limits(*content.pop("limits"))
    rules = tuple(RuleFile(*each) for each in content.pop("rules"))
    listed: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in content.items()
    }
    return ScanPlan(**listed, limits=limits, rules=rules)


def repository_of(values: list[Any]) -> Repository:
    """A repository from the plain values of its record."""
    made = Repository(*values)
    return made._replace(labels=tuple(made.labels))


def configuration_text(path: Path) -> str:
    """The text of a fleet's configuration. Raises UserError, also where it names files: workers have none."""
    from mlwa_lint.config.file import parse

    def extended(other: Path) -> str:
        if is_installed(other):
            return text_of(other)
        raise UserError(
            f"{shown(path)}: extends a file, which workers do not have", "extend an installed package"
        )

    text = text_of(path)
    found = parse(path, text, extended)
    if found is None:
        raise UserError(f"{shown(path)}: has no [tool.mlwa-lint] table", "`mlwa-lint init` writes one")
    named = files_named_by(found)
    if named:
        raise UserError(
            f"{shown(path)}: {', '.join(named)} cannot be used for a fleet: workers do not have these files",
            "give --rules on the command line; leave values to each repository's own configuration",
        )
    return text


def files_named_by(found: Configuration) -> list[str]:
    """The keys of a configuration that name files."""
    of_run = {"rules": found.rules, "baseline": found.baseline, "root": found.root}
    keys = [key for key, value in of_run.items() if value]
    overrides = found.overrides
    if found.settings.parameters or any(each.parameters for each in overrides):
        keys.append("parameters")
    if found.settings.var_files or any(each.var_files for each in overrides):
        keys.append("var-files")
    return keys


def is_installed(path: Path) -> bool:
    """Whether a file is where modules are installed."""
    real = path.resolve()
    return any(part in ("site-packages", "dist-packages") for part in real.parts) and any(
        real.is_relative_to(Path(each).resolve()) for each in sys.path if each
    )


def rule_sources(given: tuple[str, ...]) -> tuple[tuple[RuleFile, ...], tuple[str, ...]]:
    """Rules that a command line names: files with their texts, and modules. Raises UserError."""
    files: list[RuleFile] = []
    modules: list[str] = []
    for number, name in enumerate(given):
        path = Path(name)
        if not path.exists():
            modules.append(name)
            continue
        found = sorted(path.rglob("*.py")) if path.is_dir() else [path]
        base = path if path.is_dir() else path.parent
        for each in found:
            try:
                text = read_text(each, RULES_LIMIT)
            except (OSError, UnicodeDecodeError) as error:
                raise UserError(f"--rules {name}: {each.name} cannot be read: {error}") from None
            files.append(RuleFile(f"{number}/{each.relative_to(base).as_posix()}", text))
    return tuple(files), tuple(modules)
