"""A module's folder: its files read and put together, overrides applied."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from mlwa_lint.files import TERRAFORM
from mlwa_lint.files.keeping import made_of
from mlwa_lint.files.paths import inside, shown
from mlwa_lint.files.reading import TooLargeError, names_in, read_bytes, without_links
from mlwa_lint.frontends.expressions import Expr, Literal, Lookup, MapExpr
from mlwa_lint.frontends.terraform.syntax.blocks import Argument, Block, File
from mlwa_lint.frontends.terraform.syntax.reader import read
from mlwa_lint.frontends.terraform.syntax.secrets import note_secrets
from mlwa_lint.model.resources import Problem
from mlwa_lint.startup.records import NamedTuple

FILE_LIMIT = 20_000_000
_ALIASES = "configuration_aliases"
Key = TypeVar("Key")


# Folders of modules.
MODULE_FOLDERS = frozenset({"module", "modules", "terraform-modules"})


class ModuleDeclarations(NamedTuple):
    """What a module declares."""

    path: Path
    variables: dict[str, Block]
    locals: dict[str, Argument]
    resources: dict[tuple[str, str], Block]
    data: dict[tuple[str, str], Block]
    modules: dict[str, Block]
    outputs: dict[str, Block]
    providers: tuple[Block, ...]
    problems: tuple[Problem, ...]
    sources: tuple[str, ...]
    unread: Mapping[Path, str | None]  # those of which not all is read, and the text of what is not
    backend: Block | None = None
    # Whether it requires providers of its callers (`configuration_aliases`), as no root can.
    has_aliases: bool = False

    def may_declare(self, name: str) -> bool:
        """Whether what is not read of its files may declare something: `variable x`, `aws_x.y`."""
        own = name.replace(" ", ".").rpartition(".")[2]
        return any(lost is None or own in lost for lost in self.unread.values())


def files_of(folder: Path) -> list[Path]:
    """The configuration files of a folder, in Terraform's order; a .tofu file replaces its .tf namesake."""
    found = [folder / name for name in names_in(folder) if name.endswith(TERRAFORM) and not _ignored(name)]
    tofu = {path.name for path in found if path.name.endswith((".tofu", ".tofu.json"))}
    return sorted(
        path for path in found if path.name.replace(".tf", ".tofu") not in tofu or path.name in tofu
    )


def _ignored(name: str) -> bool:
    return name.startswith((".", "#")) or name.endswith("~")


def _overrides(path: Path) -> bool:
    stem = path.name.split(".")[0]
    return stem == "override" or stem.endswith("_override")


def read_folder(folder: Path, root: Path, files: Sequence[Path] | None = None) -> ModuleDeclarations:
    """Reads a folder's files, or just the given ones."""
    problems: list[Problem] = []
    try:
        paths = files_of(folder) if files is None else list(files)
    except OSError as error:
        problems.append(Problem(shown(folder), 0, f"cannot be read: {error.strerror or error}"))
        paths = []
    plain: set[str] = set()
    if files is None and paths and inside(folder, root) is not None:
        plain = without_links(folder, [path.name for path in paths])
    read_files = [(path, read_file(path, None if path.name in plain else root)) for path in paths]
    merged = _Merger(problems)
    for path, file in read_files:
        if not _overrides(path):
            merged.add(file)
    for path, file in read_files:
        if _overrides(path):
            merged.override(file)
    unread = {path: file.lost for path, file in read_files if file.partial}
    if not paths and problems:
        unread = {folder: None}
    return ModuleDeclarations(
        folder,
        merged.variables,
        merged.locals,
        merged.resources,
        merged.data,
        merged.modules,
        merged.outputs,
        tuple(merged.providers),
        tuple(problems),
        tuple(file.path for _, file in read_files),
        unread,
        merged.backend,
        merged.has_aliases,
    )


def read_file(path: Path, root: Path | None) -> File:
    """One file; what cannot be read becomes its problem.

    root: out of which it must not lead, where that is not known yet.
    """
    name = shown(path)
    if root is not None and inside(path, root) is None:
        return _broken(name, "leads out of the project and is not read")
    try:
        data = read_bytes(path, FILE_LIMIT)
    except TooLargeError:
        return _broken(name, f"is larger than {FILE_LIMIT:,} bytes")
    except OSError as error:
        return _broken(name, f"cannot be read: {error.strerror or error}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return _broken(name, "is not UTF-8 text", line)
    file = made_of("terraform", name, data, lambda: _parsed(text, name))
    note_secrets(file, text)
    return file


def _parsed(text: str, name: str) -> File:
    if not name.endswith(".json"):
        return read(text, name)
    from mlwa_lint.frontends.terraform.syntax.json_reader import read_json

    return read_json(text, name)


def _broken(name: str, message: str, line: int = 0) -> File:
    return File(name, {}, (), (Problem(name, line, message),), partial=True)


class _Merger:
    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        self.variables: dict[str, Block] = {}
        self.locals: dict[str, Argument] = {}
        self.resources: dict[tuple[str, str], Block] = {}
        self.data: dict[tuple[str, str], Block] = {}
        self.modules: dict[str, Block] = {}
        self.outputs: dict[str, Block] = {}
        self.providers: list[Block] = []
        self.backend: Block | None = None
        self.has_aliases = False

    def add(self, file: File) -> None:
        """Takes a file's blocks in; what is declared twice keeps its first declaration."""
        self.problems += file.problems
        for block in file.blocks:
            self._place(block, override=False)

    def override(self, file: File) -> None:
        """Lays an override file's arguments and blocks over what is declared."""
        self.problems += file.problems
        for block in file.blocks:
            self._place(block, override=True)

    def _place(self, block: Block, override: bool) -> None:
        kind, labels = block.type, block.labels
        if kind == "locals":
            for name, argument in block.arguments.items():
                if override or name not in self.locals:
                    self.locals[name] = argument
                else:
                    self._twice(block, f"local.{name}")
        elif kind == "provider" and len(labels) == 1:
            self.providers.append(block)
        elif kind == "terraform":
            for each in block.blocks:
                # Any of them shows that the state is elsewhere than by default.
                if each.type in ("backend", "cloud"):
                    self.backend = each
                elif each.type == "required_providers":
                    self.has_aliases |= any(map(_has_aliases, each.arguments.values()))
        elif kind in ("resource", "data", "ephemeral") and len(labels) == 2:
            table = self.resources if kind == "resource" else self.data
            self._put(table, (labels[0], labels[1]), block, override)
        elif kind in ("variable", "module", "output") and len(labels) == 1:
            tables = {"variable": self.variables, "module": self.modules, "output": self.outputs}
            self._put(tables[kind], labels[0], block, override)

    def _put(self, table: dict[Key, Block], key: Key, block: Block, override: bool) -> None:
        if key not in table:
            table[key] = block
        elif override:
            table[key] = overridden(table[key], block)
        else:
            self._twice(block, ".".join(block.labels))

    def _twice(self, block: Block, name: str) -> None:
        message = f"{block.type} {name} is declared twice; the first declaration counts"
        self.problems.append(Problem(block.span.path, block.span.line, message, fatal=False))


def _has_aliases(provider: Argument) -> bool:
    """Whether what is required of a provider includes names that callers have to pass it under."""
    entries = provider.value.entries if isinstance(provider.value, MapExpr) else ()
    return any(_ALIASES in (each.label, *_text_of(each.key)) for each in entries)


def _text_of(key: Expr) -> tuple[str, ...]:
    """The name that a key is written as."""
    if isinstance(key, Lookup):
        return key.path[:1]
    return (key.data,) if isinstance(key, Literal) and isinstance(key.data, str) else ()


def overridden(base: Block, over: Block) -> Block:
    """A block with another laid over it: arguments one by one, nested blocks by type."""
    replaced = {
        block.labels[0] if block.type == "dynamic" and block.labels else block.type for block in over.blocks
    }
    kept = _kept(base.blocks, replaced - {"lifecycle"})
    lifecycle = next((block for block in over.blocks if block.type == "lifecycle"), None)
    blocks: list[Block] = []
    for block in kept:
        if block.type == "lifecycle" and lifecycle is not None:
            block = overridden(block, lifecycle)
            lifecycle = None
        blocks.append(block)
    blocks += [b for b in over.blocks if b.type != "lifecycle" or b is lifecycle]
    return base._replace(arguments={**base.arguments, **over.arguments}, blocks=tuple(blocks))


def _kept(blocks: Iterable[Block], replaced: set[str]) -> list[Block]:
    return [
        block
        for block in blocks
        if (block.labels[0] if block.type == "dynamic" and block.labels else block.type) not in replaced
    ]
