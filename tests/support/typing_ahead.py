"""What a user types into a text, sense or nonsense, for tests that read it again after every edit."""

import random
import re

# What changes how all that follows is read, or how what precedes ends.
PIECES = (
    '"', "'", "{", "}", "[", "]", "|", ">", "- ", "---", "...", "#", ":", ": ", "&a", "*a", "!Ref", "!If",
    "%", "\t", " ", "  ", "    ", "?", "<<: *a", "\r", "ü", "\x85", "Outputs:", "  Other:", "Resources:", "~",
    "x: |", "  Twice:\n    Type: AWS::SNS::Topic\n  Twice:\n    Type: AWS::SNS::Topic", "\\ud83d", "\x07",
)  # fmt: skip


def typed(text: str, chance: random.Random) -> str:
    """A text after edits by a user."""
    lines = text.split("\n")
    place = chance.randrange(len(lines))
    line = lines[place]
    kind = chance.randrange(10)
    if kind == 0:
        del lines[place]
    elif kind == 1:
        lines.insert(place, lines[chance.randrange(len(lines))])
    elif kind == 2:
        lines.insert(place, chance.choice(("", "# a comment", "    # a comment")))
    elif kind == 3:
        lines[place] = re.sub(r"\d+", lambda found: str(int(found.group()[:18]) + 1), line)
    elif kind == 4:
        words = re.findall(r"[A-Za-z_:]{4,}", text)
        if words:
            lines[place] = re.sub(r"[A-Za-z_:]{4,}", lambda _: chance.choice(words), line, count=1)
    elif kind == 5:
        at = chance.randrange(len(line) + 1)
        lines[place] = line[:at] + chance.choice(PIECES) + line[at:]
    elif kind == 6:
        lines[place] = line[: chance.randrange(len(line) + 1)]
    elif kind == 7:
        lines[place] = line.removeprefix(" ") if chance.random() < 0.5 else f" {line}"
    elif kind == 8:
        end = min(place + chance.randrange(1, 12), len(lines))
        lines[place:end] = [lines[end - 1]]
    else:
        lines.insert(place, chance.choice(PIECES))
    return "\n".join(lines)
