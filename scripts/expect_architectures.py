"""Prints the findings of all rules in the architectures and deployments; --write writes `expected.txt`.

    python scripts/expect_architectures.py [--write]

Read the difference before you commit it: it shows what the rules do, not what they should do.
"""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent.parent / "rules")]

from tests.support import architectures  # noqa: E402 - the path is set above

DEPLOYMENTS = ("standard", "blue-green", "canary", "a-b")


def main(arguments: list[str]) -> None:
    forms = [(architectures.ARCHITECTURES / name, ("careless",)) for name in architectures.NAMES]
    for base, names in [*forms, (architectures.DEPLOYMENTS, DEPLOYMENTS)]:
        paths = [base / form for name in names for form in (f"{name}.yaml", name)]
        text = "".join(f"{line}\n" for path in paths for line in architectures.findings_of(path, base))
        if "--write" in arguments:
            (base / "expected.txt").write_text(text, encoding="utf-8")
        sys.stdout.write(text)


if __name__ == "__main__":
    main(sys.argv[1:])
