"""Compares our evaluation of regular expressions with RE2's own, over generated patterns.

    python scripts/compare_re2.py [COUNT [SEED]]         prints what differs
    python scripts/compare_re2.py --record               writes a sample for the tests

Needs google-re2 (`pip install google-re2`), which nothing else does. Terraform's functions use RE2's syntax
in the Go version; what only the C++ version has (`\\C`) is not generated.
"""

import importlib
import json
import random
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from mlwa_lint.frontends.re2.machine import Machine, TooMuchError
from mlwa_lint.frontends.re2.program import read_pattern
from mlwa_lint.frontends.re2.syntax import PatternError

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "tests" / "data" / "re2.json"
COUNT, RECORDED, SEED = 20_000, 400, 17
TEXTS = ("", "a", "abc", "ABC", "aab-12 b_c\nx", "éÉß k\u212a ſs", "a\tb\n\nc", "[a]{2}*", "aaaa", "0.5/x:y")
_ATOMS = (
    *"abAk.-/:_ 1é",
    r"\d", r"\D", r"\w", r"\W", r"\s", r"\S", r"\b", r"\B", "^", "$", r"\A", r"\z", r"\.", r"\x41", r"\n",
    r"\t",
    "[abc]", "[^abc]", "[a-c]", "[^a-cé]", r"[\d_]", r"[^\d]", r"[^\D]", r"[\W]", r"[^\W_]", "[[:alpha:]]",
    "[[:^alpha:]]", "[^[:upper:]]", r"[^\S]", "[]a]", "[^]a]", "[a-]", r"[\]]", "[k-s]", "[^k]", "[^S-s]",
    r"\pL", r"\PL", r"\p{Lu}", r"\P{Lu}", r"[^\p{Lu}]", r"[\P{Lu}]", r"\p{^Lu}", r"\Qa.b\E", "[^\\n]",
)  # fmt: skip
_REPEATS = ("*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,}", "{2,3}?", "{,2}", "**")
_GROUPS = (
    "(%s)",
    "(?:%s)",
    "(?i)%s",
    "(?i:%s)",
    "(?P<n%d>%s)",
    "(?s:%s)",
    "(?m)%s",
    "(?-i:%s)",
    "(?U)%s",
    "(?sm:%s)",
)

re2: Any = importlib.import_module("re2")
Outcome = list[list[int]] | str | None


def pattern(chance: random.Random, depth: int = 0) -> str:
    """A pattern at random; some are not valid."""
    kind = chance.random()
    if depth > 3 or kind < 0.35:
        return str(chance.choice(_ATOMS))
    if kind < 0.6:
        return "".join(pattern(chance, depth + 1) for _ in range(chance.randint(2, 3)))
    if kind < 0.75:
        return pattern(chance, depth + 1) + chance.choice(_REPEATS)
    if kind < 0.85:
        return f"{pattern(chance, depth + 1)}|{pattern(chance, depth + 1)}"
    # Names are distinguished: the C++ version takes one twice, the Go version does not.
    group = chance.choice(_GROUPS).replace("%d", str(chance.randrange(10**9)))
    return group % pattern(chance, depth + 1)


def ours(source: str, text: str) -> Outcome:
    """The places of the first match and its groups; None for no match, "invalid" for no pattern."""
    try:
        slots = Machine(read_pattern(source), text).search(0)
    except PatternError:
        return "invalid"
    except TooMuchError:
        return "too much"
    return None if slots is None else [list(slots[at : at + 2]) for at in range(0, len(slots), 2)]


def theirs(source: str, text: str) -> Outcome:
    """The same from RE2."""
    try:
        compiled = re2.compile(source, options())
    except re2.error:
        return "invalid"
    match = compiled.search(text)
    return None if match is None else [list(match.span(group)) for group in range(compiled.groups + 1)]


def options() -> Any:
    """RE2 as Go has it, without messages about patterns that are not valid."""
    made = re2.Options()
    made.log_errors = False
    return made


def main(arguments: list[str]) -> int:
    record = arguments[:1] == ["--record"]
    numbers = [] if record else [int(each) for each in arguments]
    count, seed = [*numbers, *(COUNT, SEED)[len(numbers) :]]
    chance = random.Random(seed)
    differences = 0
    sample = []
    for number in range(count):
        source, text = pattern(chance), chance.choice(TEXTS)
        expected, found = theirs(source, text), ours(source, text)
        if found not in (expected, "too much"):
            differences += 1
            print(f"{source!r} in {text!r}: {found} instead of {expected}")
        if number % (COUNT // RECORDED) == 0:
            sample.append([source, text, expected])
    print(f"{differences} differences")
    if record:
        SAMPLE.write_text(json.dumps(sample, ensure_ascii=True, indent=0) + "\n", "utf-8")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
