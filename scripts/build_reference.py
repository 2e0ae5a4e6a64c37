"""Writes the reference of commands, options, configuration keys and queries, from the program itself.

    python scripts/build_reference.py [--check]

`docs/commands.md` as a whole; in `docs/configuration.md` the tables below `<!-- keys: … -->`; in
`docs/writing-rules.md` what the shared queries return, from their docstrings; and the JSON Schema of the
configuration, as the package ships it and as SchemaStore takes it. With --check it only reports stale files.
"""

import importlib
import inspect
import json
import re
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "rules")]

from mlwa_lint.cli.commands import app  # noqa: E402 - the path is set above
from mlwa_lint.config.schema import KEYS, schema  # noqa: E402
from scripts.generated_files import write_or_check  # noqa: E402

COMMANDS = ROOT / "docs" / "commands.md"
CONFIGURATION = ROOT / "docs" / "configuration.md"
QUERIES = ROOT / "docs" / "writing-rules.md"
SCHEMA = ROOT / "mlwa_lint" / "schema" / "configuration-1.schema.json"
STORED = ROOT / "packaging" / "schemastore" / "mlwa-lint.json"
INTRODUCTION = """# Commands and options

`mlwa-lint COMMAND --help` shows the same in the terminal. Exit codes: 0 no findings at or above `--fail-on`,
1 findings, 2 wrong usage or an input that could not be read, 3 a bug in mlwa-lint or in a rule.
"""


def main(arguments: list[str]) -> int:
    """Writes, or with --check compares."""
    wanted = {
        COMMANDS: commands(),
        CONFIGURATION: with_keys(CONFIGURATION.read_text("utf-8")),
        QUERIES: with_results(QUERIES.read_text("utf-8")),
        SCHEMA: _json(schema()),
        STORED: _json(stored_schema()),
    }
    return write_or_check(wanted, arguments, __file__)


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
            if meaning:  # arguments have none: the text above describes them
                yield f"| {_code(option)} | {_cell(meaning)} |"
        yield ""


def _prose(text: str) -> str:
    paragraphs = [" ".join(each.split()) for each in text.split("\n\n")]
    return "\n\n".join(each for each in paragraphs if each and each != "\b")


def _code(text: str) -> str:
    """Code in a cell, where an entity replaces a bar: a code span would show a backslash before it.

    Behind a bar the line may break, as it does between the choices of `--lens` on a small screen.
    """
    return f"<code>{escape(' '.join(text.split())).replace('|', '&#124;<wbr>')}</code>"


def _cell(text: str) -> str:
    text = " ".join(text.split()).replace("|", "\\|")
    return text.removesuffix("[x>=1]").rstrip()  # at least one job, one kilobyte: that needs no mention


# -- configuration


def stored_schema() -> dict[str, Any]:
    """The schema as SchemaStore wants it: draft 7, whose words are the same for what we use."""
    address = "https://www.schemastore.org/mlwa-lint.json"
    return {**schema(), "$schema": "http://json-schema.org/draft-07/schema#", "$id": address}


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2) + "\n"


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


# -- queries


def with_results(text: str) -> str:
    """A page with the results of queries from their docstrings; the examples are written by hand."""
    page, heading, listed = text.partition("\n## Shared queries\n")
    packages: dict[str, str] = {}
    for package, modules in re.findall(r"^from ([\w.]+) import (.+)$", listed, re.MULTILINE):
        packages.update(dict.fromkeys(modules.split(", "), package))

    def row(match: re.Match[str]) -> str:
        module, _, name = match[1].partition(".")
        query = getattr(importlib.import_module(f"{packages[module]}.{module}"), name)
        result = (inspect.getdoc(query) or "").partition("\n")[0].rstrip(".")
        return f"| `{match[1]}` | {_cell(result)} | {match[2]} |"

    return page + heading + re.sub(r"^\| `(\w+\.\w+)` \| .+? \| (`.+`) \|$", row, listed, flags=re.MULTILINE)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
