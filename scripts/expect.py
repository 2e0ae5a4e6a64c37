"""Writes the findings of rules in their examples to `expected.txt`, `expected-python.txt`, and prints them.

    python scripts/expect.py MLS101 [--print]

With --print, nothing is written. Lines that begin with `also` are kept.

Read the result before you commit it: it shows what the rule does, not what it should do.
"""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent.parent / "rules")]

from tests.support import rule_examples as harness  # noqa: E402 - the path is set above


def main(arguments: list[str]) -> None:
    for code in (argument for argument in arguments if not argument.startswith("-")):
        for name in harness.EXPECTATIONS:
            programs = "python" in name
            examples = [each for each in harness.examples(code) if (each.language == "python") == programs]
            names = {each.path.name for each in examples}
            lines = [line for example in examples for line in harness.reported_lines(example)]
            lines += [
                line
                for line in harness.expected(code)
                if line.startswith("also ") and line.split()[1] in names
            ]
            text = "".join(f"{line}\n" for line in lines)
            if "--print" not in arguments and (text or (harness.EXAMPLES / code / name).exists()):
                (harness.EXAMPLES / code / name).write_text(text, encoding="utf-8")
            sys.stdout.write(text)


if __name__ == "__main__":
    main(sys.argv[1:])
