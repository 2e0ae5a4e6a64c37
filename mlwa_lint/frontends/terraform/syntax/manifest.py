"""Where `terraform init` has put the modules of other sources."""

import json
from collections.abc import Mapping
from pathlib import Path

from mlwa_lint.files.paths import inside
from mlwa_lint.files.reading import read_text

_SIZE_LIMIT = 5_000_000


def installed(folder: Path, root: Path) -> Mapping[str, str]:
    """Folder by module key ("vpc", "network.vpc"), relative to the root module."""
    path = folder / ".terraform" / "modules" / "modules.json"
    try:
        if inside(path, root) is None:
            return {}
        data = json.loads(read_text(path, _SIZE_LIMIT))
    except (OSError, ValueError, RecursionError):
        return {}
    listed = data.get("Modules") if isinstance(data, dict) else None
    found: dict[str, str] = {}
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, dict) and isinstance(each.get("Key"), str) and isinstance(each.get("Dir"), str):
            found[each["Key"]] = each["Dir"]
    return found
