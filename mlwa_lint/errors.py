"""A mistake of the user, with a message that shows how to fix it."""


class UserError(Exception):
    """Wrong usage or configuration: what, where, and what to do about it. Ends the run with exit code 2."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def nearest(word: str, known: "list[str] | tuple[str, ...]") -> str:
    """`did you mean …?` for a misspelt word, or nothing."""
    from difflib import get_close_matches

    near = get_close_matches(word, known, 1, 0.6)
    return f"did you mean {near[0]!r}?" if near else ""
