"""The baseline: findings that are known and accepted for now.

A finding is recognised by its rule, its resource and its property, not by its line or words; and by its
file as long as the file exists, so that a baseline survives moved lines and renamed files.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from mlwa_lint.errors import UserError
from mlwa_lint.files.paths import shown
from mlwa_lint.files.reading import read_text
from mlwa_lint.model.findings import Finding
from mlwa_lint.startup.records import NamedTuple

VERSION = 1
_Key: TypeAlias = tuple[str | None, ...]
SIZE_LIMIT = 200_000_000


class BaselineEntry(NamedTuple):
    """One finding of the past.

    property: None in baselines that were written before properties were. message: for whoever reads the file.
    """

    path: str
    code: str
    type: str
    address: str
    property: str | None = None
    message: str = ""


class BaselineSplit(NamedTuple):
    """Today's findings: those that are new, those that are known; and what is known and not found today."""

    new: list[Finding]
    recognised: list[Finding]
    left: list[BaselineEntry]


class Baseline:
    """Findings of the past; each accounts for one finding of today."""

    def __init__(self, known: Iterable[BaselineEntry] = ()) -> None:
        self.known = tuple(known)

    def split(self, findings: Sequence[Finding]) -> BaselineSplit:
        """Which findings of today are known.

        The same property of the same resource first; then, where a baseline names no properties, the
        same resource; then the same in a file that was renamed or moved.
        """
        left = list(self.known)
        new = list(findings)
        recognised: list[Finding] = []
        gone = {path for path in {each.path for each in left} if not Path(path).exists()}
        for key, of_property, moved in (
            (_exact, True, False),
            (_resource, False, False),
            (_moved, True, True),
            (_moved_resource, False, True),
        ):
            waiting: dict[_Key, list[BaselineEntry]] = {}
            for known in left:
                if (known.property is not None) is of_property and (not moved or known.path in gone):
                    waiting.setdefault(key(known), []).append(known)
            used: set[int] = set()
            remaining = []
            for finding in new:
                fitting = waiting.get(key(known_of(finding)))
                if fitting:
                    used.add(id(fitting.pop(0)))
                    recognised.append(finding)
                else:
                    remaining.append(finding)
            new = remaining
            left = [known for known in left if id(known) not in used]
        order = {id(finding): position for position, finding in enumerate(findings)}
        return BaselineSplit(new, sorted(recognised, key=lambda finding: order[id(finding)]), left)


def _exact(known: BaselineEntry) -> _Key:
    return known[:5]


def _resource(known: BaselineEntry) -> _Key:
    return known[:4]


def _moved(known: BaselineEntry) -> _Key:
    return known[1:5]


def _moved_resource(known: BaselineEntry) -> _Key:
    return known[1:4]


def known_of(finding: Finding) -> BaselineEntry:
    """A finding as a baseline remembers it."""
    return BaselineEntry(
        finding.span.path,
        finding.code,
        finding.resource_type,
        finding.address,
        finding.property,
        finding.message,
    )


def read_baseline(path: Path) -> Baseline:
    """A baseline file. Raises UserError."""
    name = shown(path)
    again = f"regenerate it with `mlwa-lint baseline --output {name}`, once the file is gone"
    import json

    try:
        content = json.loads(read_text(path, SIZE_LIMIT))
    except FileNotFoundError:
        hint = f"`mlwa-lint baseline --output {name}` writes it"
        raise UserError(f"{name}: no such baseline", hint) from None
    except OSError as error:
        raise UserError(f"{name}: cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        raise UserError(f"{name}: not valid JSON: {error}", again) from None
    version = content.get("version") if isinstance(content, dict) else None
    if version != VERSION or not isinstance(content.get("findings"), list):
        raise UserError(f"{name}: not a baseline of version {VERSION}", again)
    entries = content["findings"]
    return Baseline(_entry(name, number, each, again) for number, each in enumerate(entries, start=1))


def _entry(name: str, number: int, entry: Any, again: str) -> BaselineEntry:
    fields: dict[str, Any] = (
        {key: entry.get(key) for key in BaselineEntry._fields} if isinstance(entry, dict) else {}
    )
    fields["message"] = fields.get("message") or ""
    stated = {key: value for key, value in fields.items() if key != "property" or value is not None}
    if len(fields) < len(BaselineEntry._fields) or not all(isinstance(each, str) for each in stated.values()):
        raise UserError(f"{name}: entry {number} is not one of a baseline", again)
    return BaselineEntry(**stated)


def written(known: Iterable[BaselineEntry]) -> str:
    """The text of a baseline; sorted, so that differences can be read."""
    entries = sorted(known, key=lambda each: (*each[:4], each.property or "", each.message))
    content = {
        "version": VERSION,
        "findings": [
            {key: value for key, value in each._asdict().items() if value is not None} for each in entries
        ],
    }
    import json

    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
