"""Limits of the Well-Architected Tool: lengths and numbers, from its API model and its lens format.

The lens format (schemaVersion 2021-11-01) is documented in the tool's user guide:
https://docs.aws.amazon.com/wellarchitected/latest/userguide/lenses-format-specification.html
The API model is botocore's, wellarchitected 2020-03-31. Both were compared on 2026-11-28. Where they differ,
the lesser holds: what the format takes and the API does not hand out could not be read back.

| what                                | format       | API model                       |
|-------------------------------------|--------------|---------------------------------|
| name of a lens                      | 128          | LensName 128                    |
| description of a lens               | 2048         | LensDescription 1024            |
| size of a file                      | not stated   | LensJSON 500000 (ImportLens: 500 KB) |
| pillars of a lens                   | 10           | not stated                      |
| questions of a pillar               | 20           | not stated                      |
| choices of a question               | 15           | not stated                      |
| risk rules of a question            | 3            | not stated                      |
| id (letters, digits, underscores)   | 3 to 128     | PillarId, ChoiceId 64           |
| title of a question, of a choice    | 128          | 512                             |
| name of a pillar                    | 128          | PillarName 128                  |
| display text of help or improvement | 2048         | ChoiceContentDisplayText 1024   |
| address of help or improvement      | not stated   | ChoiceContentUrl 1024           |
"""

# Of the API (lengths of notes, names of milestones, how many milestones a workload may have).
NOTES = 2084
CHOICE_NOTES = 250
MILESTONE_NAME = range(3, 101)
MILESTONES = 100
PAGE = 50

# Of the lens.
LENS_NAME = 128
LENS_DESCRIPTION = 1024
LENS_BYTES = 500_000
PILLARS = 10
QUESTIONS = 20
CHOICES = 15
ID = range(3, 65)
TITLE = 128
DISPLAY_TEXT = 1024
ADDRESS = 1024

_CUT = " … (shortened)"


def length(text: str) -> int:
    """How long a text is for the service: in UTF-16, where an emoji counts twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    """A text within a limit; one that is too long ends with a word that shows it."""
    if length(text) <= limit:
        return text
    room = limit - length(_CUT)
    while length(text) > room:
        # Each character is one or two units long, so that this many can be dropped at once.
        text = text[: -max((length(text) - room) // 2, 1)]
    return text.rstrip() + _CUT
