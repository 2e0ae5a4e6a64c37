"""Writes what documentation says of commands, options and configuration keys, from the program itself.

    python scripts/build_reference.py [--check]

`docs/commands.md` as a whole, and in `docs/configuration.md` the tables below `<!-- keys: … -->`; with
--check it only tells whether they are as they should be.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "rules")]

from mlwa_lint.cli.app import app  # noqa: E402 - the path is set above
from mlwa_lint.config.schema import KEYS  # noqa: E402

COMMANDS = ROOT / "docs" / "commands.md"
CONFIGURATION = ROOT / "docs" / "configuration.md"
INTRODUCTION = """# Commands and options

`mlwa-lint COMMAND --help` says the same in the terminal. Exit codes: 0 nothing was found at or above
`--fail-on`, 1 findings, 2 something could not be read or was asked for wrongly, 3 a bug in mlwa-lint.
"""


def main(arguments: list[str]) -> int:
    """Writes, or with --check compares."""
    wanted = {COMMANDS: commands(), CONFIGURATION: with_keys(CONFIGURATION.read_text("utf-8"))}
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text]
    if "--check" in arguments:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is stale: run scripts/build_reference.py", file=sys.stderr)
        return 1 if stale else 0
    for path in stale:
        path.write_text(wanted[path], "utf-8")
    return 0


# -- commands


def commands() -> str:
    """The page of all commands."""
    parts = [INTRODUCTION]
    for path, command in _commands(app, ()):
        parts.append("\n".join(_section(path, command)))
    return "\n".join(parts)


def _commands(group: click.Command, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    with click.Context(group) as context:
        if not isinstance(group, click.Group):
            yield path, group
            return
        for name in sorted(group.list_commands(context)):
            command = group.get_command(context, name)
            if command is not None and not command.hidden:
                yield from _commands(command, (*path, name))


def _section(path: tuple[str, ...], command: click.Command) -> Iterator[str]:
    name = " ".join(("mlwa-lint", *path))
    with click.Context(command, info_name=name) as context:
        usage = " ".join(command.collect_usage_pieces(context))
        yield f"## {name}\n"
        yield f"    {name} {usage}\n"
        yield f"{_prose(command.help or '')}\n"
        rows = [record for each in command.get_params(context) if (record := each.get_help_record(context))]
        yield "| option | meaning |"
        yield "|---|---|"
        for option, meaning in rows:
            yield f"| `{_cell(option)}` | {_cell(meaning)} |"
        yield ""


def _prose(text: str) -> str:
    paragraphs = [" ".join(each.split()) for each in text.split("\n\n")]
    return "\n\n".join(each for each in paragraphs if each and each != "\b")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


# -- configuration


def with_keys(text: str) -> str:
    """A page with its tables of keys as the program knows them."""
    pieces = text.split("<!-- keys: ")
    for position, piece in enumerate(pieces[1:], start=1):
        part, _, rest = piece.partition(" -->\n\n")
        _, _, after = rest.partition("\n\n")
        pieces[position] = f"{part} -->\n\n{_table(part)}\n\n{after}"
    return "<!-- keys: ".join(pieces)


def _table(part: str) -> str:
    rows = [
        f"| `{key}` | {_cell(each.meaning)} | {_cell(each.default)} |"
        for key, each in KEYS.items()
        if each.part == part
    ]
    return "\n".join(["| key | meaning | default |", "|---|---|---|", *rows])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
