"""Variables that the command line gives and that nothing in the run declares: most likely a typing error."""

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from mlwa_lint.discovery.modules import is_terraform
from mlwa_lint.discovery.target import SIZE_LIMIT, Target
from mlwa_lint.files.reading import names_if_listed, read_text
from mlwa_lint.model.resources import Problem, notice

_DECLARED = re.compile(
    r"""\bvariable"?\s*(?::\s*)?(?:\{\s*)?"?([\w-]+)"?\s*(?::\s*)?\{|"([\w-]+)"\s*:\s*\{"""
)


def undeclared(targets: Iterable[Target], names: Collection[str]) -> Iterator[Problem]:
    """A notice for the names that no configuration among some targets declares."""
    folders = [
        each for target in targets if target.kind == "terraform" for each in (target.path, *target.linked)
    ]
    left = set(names)
    for folder in folders:
        if not left:
            return
        left -= set(_declared(folder))
    if left and folders:
        given = ", ".join(f"--var {name}" for name in sorted(left))
        yield notice("<command line>", 0, f"no configuration declares what is given: {given}")


def _declared(folder: str) -> Iterator[str]:
    for name in filter(is_terraform, names_if_listed(folder)):
        try:
            text = read_text(Path(folder) / name, SIZE_LIMIT, "replace")
        except OSError:
            continue
        for match in _DECLARED.finditer(text):
            yield match.group(1) or match.group(2)
