"""What saves a cold start how many milliseconds of CPU: mlwa_lint/startup/, the index, tables, click.

python benchmarks/startup.py [--repeats 15]

Each figure is the difference of two processes' smallest CPU times: with what the module replaces, and with
the module.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
CLASSES = 100
_FIELDS = "; ".join(f"f{number}: int = {number}" for number in range(5))
_RECORDS = f"""
from {{module}} import NamedTuple
for number in range({CLASSES}):
    class Record(NamedTuple):
        {_FIELDS}
"""
_PATTERNS = """
import re
from mlwa_lint.startup.patterns import lazy
make = {make}
for number in range(40):
    make(r"(?:#|//|/[*])[ ]*mlwa:[ ]*ignore(?P<file>-file)?[ ]*(?:<(?P<rules>[^>]*)>)?" + str(number))
"""
_POINTS = """
from mlwa_lint.startup.entry_points import entry_points
entry_points("mlwa_lint.rules")
"""
_METADATA = """
from importlib.metadata import entry_points
list(entry_points(group="mlwa_lint.rules"))
"""
_INDEX = "import mlwa_lint.rule, mlwa_lint.catalogue.registry as r; r.{load}"
_TABLES = """
import datetime, mlwa_lint.startup.records
from mlwa_lint.facts.tables import table
for name in ("hardware", "metrics", "models", "services"):
    table(name)
"""
_TOML = """
import datetime, tomllib, mlwa_lint.startup.records
for name in ("hardware", "metrics", "models", "services"):
    with open(f"{root}/mlwa_lint/facts/{name}.toml", "rb") as file:
        tomllib.load(file)
"""
_COMMAND = "import yaml, pathlib, mlwa_lint.cli.options; "
_COMMANDS = (
    "mlwa_lint.cli.check, mlwa_lint.cli.commands, mlwa_lint.cli.checking",
    "mlwa_lint.cli.check, mlwa_lint.cli.quick",
)
PAIRS = {
    f"records: {CLASSES} classes": (
        _RECORDS.format(module="typing"),
        "import typing" + _RECORDS.format(module="mlwa_lint.startup.records"),
    ),
    "patterns: 40 expressions": (_PATTERNS.format(make="re.compile"), _PATTERNS.format(make="lazy")),
    "PyYAML: its expressions": ("import re, typing, yaml", "import re, typing, mlwa_lint.startup.libyaml"),
    "entry_points": (_METADATA, _POINTS),
    "tables of facts: 4 of them": (_TOML.replace("{root}", str(ROOT)), _TABLES),
    "command line: click": tuple(f"{_COMMAND}import {each}" for each in _COMMANDS),
    "index of the rules": (
        _INDEX.format(load="rules_in(__import__('mlwa_rules'))"),
        _INDEX.format(load="_indexed('mlwa_rules')"),
    ),
}


def milliseconds(program: str, repeats: int) -> float:
    """The smallest CPU time of a program."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'rules'}"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    found = []
    for _ in range(repeats):
        process = subprocess.Popen([sys.executable, "-c", program], env=environment)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = status
        if status:
            raise SystemExit(f"failed: {program}")
        found.append(1000 * (used.ru_utime + used.ru_stime))
    return min(found)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeats", type=int, default=15)
    repeats = parser.parse_args().repeats
    print(f"import click, yaml: {milliseconds('import click, yaml', repeats):.1f} ms")
    for name, (before, after) in PAIRS.items():
        one, other = milliseconds(before, repeats), milliseconds(after, repeats)
        print(f"{name}: {one - other:.1f} ms ({one:.1f} - {other:.1f})")


if __name__ == "__main__":
    main()
