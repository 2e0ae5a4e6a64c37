"""The place of a piece of source text."""

from mlwa_lint.startup.records import NamedTuple


class Span(NamedTuple):
    """A range of characters in one source file; lines and columns start at 1, the end is exclusive."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int

    def to(self, other: "Span") -> "Span":
        """The range from the start of this span to the end of another in the same file."""
        return Span(self.path, self.line, self.column, other.end_line, other.end_column)

    def within(self, other: "Span") -> bool:
        """Whether this range lies in another one, or is the same."""
        starts = (other.line, other.column) <= (self.line, self.column)
        ends = (self.end_line, self.end_column) <= (other.end_line, other.end_column)
        return self.path == other.path and starts and ends


def start_of(path: str) -> Span:
    """The first character of a file: the place of what concerns the file as a whole."""
    return Span(path, 1, 1, 1, 1)
