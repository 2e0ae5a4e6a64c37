"""The baseline: findings that are known and accepted for now.

A finding is recognised by its rule, its resource and what it says, not by its line; and by its file as
long as the file exists, so that a baseline survives moved lines and renamed files.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from mlwa_lint.errors import UserError
from mlwa_lint.files.paths import shown
from mlwa_lint.files.reading import read_text
from mlwa_lint.model.findings import Finding
from mlwa_lint.startup.records import NamedTuple

VERSION = 1
SIZE_LIMIT = 200_000_000


class Known(NamedTuple):
    """One finding of the past."""

    path: str
    code: str
    type: str
    address: str
    message: str


class Baseline:
    """Findings of the past; each accounts for one finding of today."""

    def __init__(self, known: Iterable[Known]) -> None:
        self.known = tuple(known)

    def split(self, findings: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
        """Today's findings: those that are new, and those that are known."""
        left = list(self.known)
        new = list(findings)
        recognised: list[Finding] = []
        gone = {path for path in {each.path for each in left} if not Path(path).exists()}
        # The same finding first; then the same rule and resource, though the words have changed; then
        # the same resource in a file that was renamed or moved.
        for key in (_exact, _resource, _anywhere):
            usable = [each for each in left if key is not _anywhere or each.path in gone]
            known = Counter(map(key, usable))
            matched: Counter[tuple[str, ...]] = Counter()
            remaining = []
            for finding in new:
                own = key(_known(finding))
                if matched[own] < known[own]:
                    matched[own] += 1
                    recognised.append(finding)
                else:
                    remaining.append(finding)
            new = remaining
            left = _without(left, usable, matched, key)
        order = {id(finding): position for position, finding in enumerate(findings)}
        return new, sorted(recognised, key=lambda finding: order[id(finding)])


def _exact(known: Known) -> tuple[str, ...]:
    return known


def _resource(known: Known) -> tuple[str, ...]:
    return known[:4]


def _anywhere(known: Known) -> tuple[str, ...]:
    return known[1:4]


def _without(
    left: list[Known],
    usable: list[Known],
    matched: Counter[tuple[str, ...]],
    key: Callable[[Known], tuple[str, ...]],
) -> list[Known]:
    """What is left of the baseline once some of its entries have accounted for a finding."""
    candidates = set(usable)
    kept = []
    for each in left:
        own = key(each)
        if each in candidates and matched[own]:
            matched[own] -= 1
        else:
            kept.append(each)
    return kept


def _known(finding: Finding) -> Known:
    return Known(finding.span.path, finding.code, finding.resource_type, finding.address, finding.message)


def read_baseline(path: Path) -> Baseline:
    """A baseline file. Raises UserError."""
    name = shown(path)
    try:
        content = json.loads(read_text(path, SIZE_LIMIT))
    except FileNotFoundError:
        hint = f"`mlwa-lint baseline --output {name}` writes it"
        raise UserError(f"{name}: there is no such baseline", hint) from None
    except OSError as error:
        raise UserError(f"{name}: cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        raise UserError(f"{name}: not valid JSON: {error}", "write the baseline anew") from None
    version = content.get("version") if isinstance(content, dict) else None
    if version != VERSION or not isinstance(content.get("findings"), list):
        raise UserError(f"{name}: is no baseline of version {VERSION}", "write the baseline anew")
    return Baseline(_entry(name, number, each) for number, each in enumerate(content["findings"], start=1))


def _entry(name: str, number: int, entry: Any) -> Known:
    if not isinstance(entry, dict) or not all(isinstance(entry.get(key), str) for key in Known._fields):
        raise UserError(f"{name}: entry {number} is no finding of a baseline", "write the baseline anew")
    return Known(*(entry[key] for key in Known._fields))


def written(findings: Iterable[Finding]) -> str:
    """The text of a baseline of these findings; sorted, so that differences can be read."""
    known = sorted(
        _known(finding._replace(address=each.address)) for finding in findings for each in finding.instances
    )
    content = {"version": VERSION, "findings": [each._asdict() for each in known]}
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
