"""What a fix does, in one line, and how it looks."""

import difflib
import json
from collections.abc import Iterator
from typing import Any

from mlwa_lint.fixes.edits import Edit, edited
from mlwa_lint.model.intents import Intent

_NAMED = 3
_LONGEST = 60


def description_of(intent: Intent) -> str:
    """What an intent would change: "Set EnableNetworkIsolation to true"."""
    wanted = json.loads(intent.wanted)
    if intent.kind == "add":
        return f"Declare {wanted['type']}"
    leaves = list(_leaves(wanted, ()))
    if intent.kind == "remove":
        return f"Remove {' and '.join('.'.join(path) for path, _ in leaves)}"
    if intent.kind == "append":
        path, items = leaves[0]
        return f"Add {', '.join(map(_shown, items))} to {'.'.join(path)}"
    if len(leaves) > _NAMED:
        return f"Set {'.'.join(_common([path for path, _ in leaves])) or 'its properties'}"
    return "Set " + " and ".join(f"{'.'.join(path)} to {_shown(value)}" for path, value in leaves)


def preview(text: str, edits: list[Edit]) -> list[str]:
    """The lines of a text that some edits take away (`-`) and bring (`+`)."""
    old, new = text.splitlines(), edited(text, edits).splitlines()
    lines = list(difflib.unified_diff(old, new, n=0))[2:]
    return [line for line in lines if not line.startswith("@@")]


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    else:
        yield path, value


def _common(paths: list[tuple[str, ...]]) -> tuple[str, ...]:
    """What all paths begin with."""
    first = paths[0]
    length = 0
    while length < len(first) and all(path[: length + 1] == first[: length + 1] for path in paths):
        length += 1
    return first[:length]


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f"the configured {value[2:-1]}" if value.startswith("${") else value
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
