"""Prints the Homebrew formula of a release.

    python packaging/homebrew/formula.py dist/mlwa_lint-0.1.0.tar.gz [REPORT]

REPORT is what `pip install --dry-run --ignore-installed --report FILE DIST` writes: every package that the
release needs, with its address and digest. Without it the formula has no resources.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

TEMPLATE = Path(__file__).with_name("mlwa-lint.rb.in")
ADDRESS = "https://files.pythonhosted.org/packages/source/m/mlwa-lint/{name}"


def formula(distribution: Path, report: dict[str, Any] | None = None) -> str:
    """The formula's text."""
    digest = hashlib.sha256(distribution.read_bytes()).hexdigest()
    packages = (report or {}).get("install", [])
    resources = [text for each in packages if (text := resource(each))]
    return (
        TEMPLATE.read_text(encoding="utf-8")
        .replace("@URL@", ADDRESS.format(name=distribution.name))
        .replace("@SHA256@", digest)
        .replace("@RESOURCES@", "\n\n".join(resources))
    )


def resource(package: dict[str, Any]) -> str:
    """One package that the release needs; nothing for the release itself."""
    name, download = package["metadata"]["name"], package["download_info"]
    if name == "mlwa-lint" or "archive_info" not in download:
        return ""
    digest = download["archive_info"]["hashes"]["sha256"]
    return f'  resource "{name}" do\n    url "{download["url"]}"\n    sha256 "{digest}"\n  end'


def main(arguments: list[str]) -> None:
    """Prints the formula of the distribution that the arguments name."""
    report = json.loads(Path(arguments[1]).read_text(encoding="utf-8")) if len(arguments) > 1 else None
    sys.stdout.write(formula(Path(arguments[0]), report))


if __name__ == "__main__":
    main(sys.argv[1:])
