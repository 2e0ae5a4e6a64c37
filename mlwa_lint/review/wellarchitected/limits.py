"""What the Well-Architected Tool takes: lengths and numbers, from its API model and its lens format."""

# Of the API (lengths of notes, names of milestones, how many milestones a workload may have).
NOTES = 2084
CHOICE_NOTES = 250
MILESTONE_NAME = range(3, 101)
MILESTONES = 100
PAGE = 50

# Of the lens format, schemaVersion 2021-11-01.
LENS_NAME = 128
LENS_DESCRIPTION = 2048
LENS_BYTES = 500_000
TITLE = 128
# The format allows 2048 characters of help; the API hands out 1024.
DISPLAY_TEXT = 1024

_CUT = " … (shortened)"


def length(text: str) -> int:
    """How long a text is for the service: in UTF-16, where an emoji counts twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    """A text within a limit; one that is too long ends with a word that says so."""
    if length(text) <= limit:
        return text
    room = limit - length(_CUT)
    while length(text) > room:
        # Each character is one or two units long, so that this many can be dropped at once.
        text = text[: -max((length(text) - room) // 2, 1)]
    return text.rstrip() + _CUT
